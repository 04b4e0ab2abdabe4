//! From a gateway request to an answer: parse, admit, run, write, say.

use std::collections::BTreeMap;

use adapters::deadline::Tries;
use adapters::secrets::sha256;
use adapters::store::{Answered, Changes, Key, Trace};
use cookie::Cookie;
use http::{HeaderMap, StatusCode, header};
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::{Call, Notice, Operation};
use crate::desk::Desk;
use crate::origin::Provenance;
use crate::problem::Problem;
use crate::sessions::{self, Session};
use crate::who::Who;

/// The largest body of a request. Files go straight to S3.
const LARGEST_BODY: usize = 256 * 1024;
/// What can be answered: anything that is JSON, or a page.
pub trait Answer: Send {
    /// What it is.
    const MEDIA_TYPE: &'static str;
    /// As text.
    fn body(&self) -> Result<String, Problem>;
    /// Under which name a browser keeps it, in letters of ASCII, where it is a file to be kept.
    fn file_name(&self) -> Option<String> {
        None
    }
}

impl<T: Serialize + Send> Answer for T {
    const MEDIA_TYPE: &'static str = "application/json";
    fn body(&self) -> Result<String, Problem> {
        serde_json::to_string(self).map_err(Problem::internal)
    }
}

/// What a handler answers, and what is written before it is said.
pub struct Reply<T> {
    output: T,
    status: u16,
    changes: Option<Changes>,
    cookies: Vec<Cookie<'static>>,
    location: Option<String>,
    kept_seconds: u32,
}

impl<T> Reply<T> {
    /// Here it is.
    pub fn ok(output: T) -> Self {
        Self {
            output,
            status: 200,
            changes: None,
            cookies: Vec::new(),
            location: None,
            kept_seconds: 0,
        }
    }

    /// It was made.
    pub fn created(output: T) -> Self {
        Self {
            status: 201,
            ..Self::ok(output)
        }
    }

    /// It was received; what follows is told otherwise.
    pub fn accepted(output: T) -> Self {
        Self {
            status: 202,
            ..Self::ok(output)
        }
    }

    /// Written in one transaction before the answer is given.
    pub fn changing(self, changes: Changes) -> Self {
        Self {
            changes: Some(changes),
            ..self
        }
    }

    /// Cookies to set.
    pub fn cookies(self, cookies: Vec<Cookie<'static>>) -> Self {
        Self { cookies, ..self }
    }

    /// One more cookie to set.
    pub fn cookie(mut self, cookie: Cookie<'static>) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// The same answer, under another status.
    pub fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The same for everybody: anybody may keep it for so many seconds.
    pub fn kept_for(self, seconds: u32) -> Self {
        Self {
            kept_seconds: seconds,
            ..self
        }
    }

    /// It is at another address, for good.
    pub fn moved(self, location: String) -> Self {
        Self {
            status: 301,
            location: Some(location),
            ..self
        }
    }

    /// Sends a browser elsewhere.
    pub fn redirect(self, location: String) -> Self {
        Self {
            status: 303,
            location: Some(location),
            ..self
        }
    }
}

/// An answer, ready to be sent.
pub(crate) struct Said {
    pub(crate) status: u16,
    body: String,
    pub(crate) media_type: &'static str,
    pub(crate) cookies: Vec<Cookie<'static>>,
    pub(crate) location: Option<String>,
    file_name: Option<String>,
    kept_seconds: u32,
    replayed: bool,
}

/// How a request is read: as the API's JSON, as the address of a page, or as a form of one.
pub(crate) enum Reading {
    /// A query for `GET`, JSON for the rest.
    Api,
    /// The query, whatever the method: a page, shown as it is or again because a form was refused.
    Page(Notice),
    /// What a form sent.
    Form,
}

/// Answers a request of the API.
pub(crate) async fn answer<O: Operation>(
    desk: &Desk<O::Outside>,
    mut request: Request,
) -> Response<Body> {
    let admitted = desk.settings.origin.admit(&mut request, O::OPEN_ORIGIN);
    let trace_id = request_id(&request);
    let served = match admitted {
        Ok(()) => serve::<O>(desk, &request, Reading::Api).await,
        Err(problem) => Err(problem),
    };
    match served {
        Ok(said) => respond(&said, &trace_id),
        Err(problem) => {
            log_problem(O::NAME, &trace_id, &problem);
            refuse(&problem, &trace_id)
        }
    }
}

/// Failures and refusals are logged here, once.
pub(crate) fn log_problem(operation: &'static str, trace_id: &str, problem: &Problem) {
    if problem.status >= 500 {
        tracing::error!(
            operation,
            request = trace_id,
            code = problem.code,
            cause = problem.cause,
            "request failed"
        );
    } else {
        tracing::info!(
            operation,
            request = trace_id,
            status = problem.status,
            code = problem.code,
            "request refused"
        );
    }
}

/// Parses, admits, runs, writes.
pub(crate) async fn serve<O: Operation>(
    desk: &Desk<O::Outside>,
    request: &Request,
    reading: Reading,
) -> Result<Said, Problem> {
    let headers = request.headers();
    let unsafe_method = O::METHOD != "GET";
    if unsafe_method && !O::RAW_BODY {
        check_origin(headers, &desk.settings.site)?;
    }
    let cookies = read_cookies(headers);
    let session: Option<Session> =
        sessions::read_signed(&desk.settings, &cookies, desk.clock.now());
    if let Some(session) = &session
        && session.must_change_password
        && !O::BEFORE_PASSWORD_CHANGE
        && O::Who::ACCESS != crate::who::Access::Anyone
    {
        return Err(sessions::password_change_required());
    }
    if let Some(session) = &session
        && session.terms_to_accept
        && !O::BEFORE_TERMS
        && O::Who::ACCESS != crate::who::Access::Anyone
    {
        return Err(sessions::terms_not_accepted());
    }
    if let Some(session) = &session
        && let Some(kind) = session.barred
        && !O::WHILE_BARRED
        && O::Who::ACCESS != crate::who::Access::Anyone
    {
        return Err(crate::door::barred(kind));
    }
    let signed_in = session.is_some();
    let mut who = O::Who::admit(session)?;
    // Pages asked for the same before.
    let looked_up = O::CHANGES || who.confirms_reading();
    if looked_up && matches!(reading, Reading::Api) {
        who = confirmed::<O>(who, &desk.store).await?;
    }
    let (input, fingerprint) = read::<O>(request, &reading)?;
    let path = request
        .path_parameters()
        .iter()
        .map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())))
        .collect();
    let Provenance {
        ip,
        country,
        request: id,
    } = Provenance::on(request);
    let browser = header_text(headers, header::USER_AGENT)
        .chars()
        .take(300)
        .collect();
    let trace = Trace {
        who: who.name(),
        ip,
        country,
        browser,
        request: id,
    };
    let key = idempotency_key(headers)?.filter(|_| unsafe_method && !O::SECRET);
    let once = key.map(|key| Once {
        owner: owner_of_keys(&trace, signed_in),
        key,
        request_sha256: sha256(
            format!("{} {} {fingerprint}", O::METHOD, request.uri().path()).as_bytes(),
        ),
    });
    let call = Call::<O> {
        who,
        path: clean(Value::Object(path), "")
            .and_then(parse)
            .map_err(|_| Problem::not_found())?,
        input,
        now: desk.clock.now(),
        trace,
        cookies,
        notice: match reading {
            Reading::Page(notice) => notice,
            Reading::Api | Reading::Form => Notice::default(),
        },
    };
    decide(desk, call, once.as_ref()).await
}

/// The caller, who is still signed in and may do this.
async fn confirmed<O: Operation>(
    who: O::Who,
    store: &adapters::store::Store,
) -> Result<O::Who, Problem> {
    let who = who.confirm(store).await?;
    who.may(O::DUTY)?;
    Ok(who)
}

/// A request that is done once, however often it is sent.
struct Once {
    /// Whose key it is.
    owner: String,
    key: String,
    /// So that the key cannot be used for another request.
    request_sha256: String,
}

/// Visitors have no name: they are told apart by where they come from and with what, so that nobody
/// is answered with what another was.
fn owner_of_keys(trace: &Trace, signed_in: bool) -> String {
    if signed_in {
        return trace.who.clone();
    }
    let visitor = format!("{} {}", trace.ip, trace.browser);
    format!("{}#{}", trace.who, sha256(visitor.as_bytes()))
}

/// The input, and a text that is the same for the same input.
fn read<O: Operation>(request: &Request, reading: &Reading) -> Result<(O::Input, String), Problem> {
    match reading {
        Reading::Api => {
            let input = if O::RAW_BODY {
                raw_input(request)?
            } else {
                read_input::<O>(request)?
            };
            let fingerprint = input.to_string();
            let input = if O::RAW_BODY {
                input
            } else {
                clean(input, "")?
            };
            Ok((parse(input)?, fingerprint))
        }
        Reading::Page(notice) if notice.refused.is_some() => Ok((parse_form("")?, String::new())),
        Reading::Page(_) => {
            let query = request.uri().query().unwrap_or_default();
            Ok((parse_form(query)?, query.to_owned()))
        }
        Reading::Form => {
            let text = body_text(request)?;
            Ok((parse_form(&text)?, text))
        }
    }
}

/// Runs the operation and writes what it changes; again when what it read changed meanwhile, for as
/// long as there is time.
async fn decide<O: Operation>(
    desk: &Desk<O::Outside>,
    mut call: Call<O>,
    once: Option<&Once>,
) -> Result<Said, Problem> {
    let desk = &desk.for_one_request();
    let mut tries = Tries::begin();
    loop {
        if let Some(once) = once
            && let Some(said) = already_answered::<O>(desk, once).await?
        {
            return Ok(said);
        }
        let problem = match attempt(desk, &call, once).await {
            Ok(said) => return Ok(said),
            Err(problem) => problem,
        };
        if !(problem.stale && tries.again().await) {
            // The same request may have been done meanwhile, by its twin: its answer is ours too.
            let twin = match once {
                Some(once) => already_answered::<O>(desk, once).await?,
                None => None,
            };
            return twin.ok_or(problem);
        }
        call.now = desk.clock.now();
    }
}

async fn attempt<O: Operation>(
    desk: &Desk<O::Outside>,
    call: &Call<O>,
    once: Option<&Once>,
) -> Result<Said, Problem> {
    // On the heap: what a page asks is more than a thread's stack holds in a development build.
    let reply = Box::pin(O::run(desk, call)).await?;
    let body = reply.output.body()?;
    if let Some(changes) = reply.changes.filter(|changes| !changes.is_empty()) {
        let changes = match once {
            Some(once) => changes.create(
                &Answered {
                    who: once.owner.clone(),
                    operation: O::NAME.to_owned(),
                    key: once.key.clone(),
                    request_sha256: once.request_sha256.clone(),
                    status: reply.status,
                    body: body.clone(),
                    at: call.now,
                },
                "answer",
            ),
            None => changes,
        };
        desk.store.commit(changes).await?;
    }
    Ok(Said {
        status: reply.status,
        body,
        media_type: O::Output::MEDIA_TYPE,
        cookies: reply.cookies,
        location: reply.location,
        file_name: reply.output.file_name(),
        kept_seconds: reply.kept_seconds,
        replayed: false,
    })
}

async fn already_answered<O: Operation>(
    desk: &Desk<O::Outside>,
    once: &Once,
) -> Result<Option<Said>, Problem> {
    let known = desk
        .store
        .get::<Answered>(Key::answered(&once.owner, O::NAME, &once.key))
        .await?;
    let Some(known) = known else { return Ok(None) };
    if known.record.request_sha256 != once.request_sha256 {
        return Err(Problem::new(
            422,
            "idempotency_key_reused",
            "Cette clé d’idempotence a déjà servi pour une autre demande.",
        ));
    }
    Ok(Some(Said {
        status: known.record.status,
        body: known.record.body,
        media_type: O::Output::MEDIA_TYPE,
        cookies: Vec::new(),
        location: None,
        file_name: None,
        kept_seconds: 0,
        replayed: true,
    }))
}

/// Another site may not act in a signed-in person's name: browsers say where a request comes from.
fn check_origin(headers: &HeaderMap, site: &str) -> Result<(), Problem> {
    let foreign = || {
        Problem::new(
            403,
            "foreign_origin",
            "Cette demande ne vient pas de notre site.",
        )
    };
    if let Some(origin) = headers.get(header::ORIGIN) {
        return if origin.as_bytes() == site.as_bytes() {
            Ok(())
        } else {
            Err(foreign())
        };
    }
    match headers
        .get("sec-fetch-site")
        .map(http::HeaderValue::as_bytes)
    {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(foreign()),
    }
}

pub(crate) fn read_cookies(headers: &HeaderMap) -> Vec<Cookie<'static>> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| {
            Cookie::split_parse(text.to_owned())
                .filter_map(Result::ok)
                .collect::<Vec<_>>()
        })
        .map(Cookie::into_owned)
        .collect()
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if (1..=100).contains(&key.len()) => Ok(Some(key.to_owned())),
        Ok(_) | Err(_) => Err(Problem::new(
            400,
            "idempotency_key_invalid",
            "La clé d’idempotence doit compter de 1 à 100 caractères.",
        )),
    }
}

fn raw_input(request: &Request) -> Result<Value, Problem> {
    let body = body_text(request)?;
    Ok(
        serde_json::json!({ "body": body, "signature": header_text(request.headers(), "stripe-signature") }),
    )
}

fn read_input<O: Operation>(request: &Request) -> Result<Value, Problem> {
    if O::METHOD == "GET" {
        let query = request.uri().query().unwrap_or_default();
        return serde_qs::from_str::<serde_json::Map<String, Value>>(query)
            .map(Value::Object)
            .map_err(|_| {
                Problem::new(
                    400,
                    "query_invalid",
                    "Les paramètres de l’adresse ne sont pas valides.",
                )
            });
    }
    let text = body_text(request)?;
    if text.trim().is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let content_type = header_text(request.headers(), header::CONTENT_TYPE);
    let media_type = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if media_type != "application/json" {
        return Err(Problem::new(
            415,
            "json_required",
            "La requête doit être au format JSON (Content-Type: application/json).",
        ));
    }
    let value: Value = serde_json::from_str(&text).map_err(|_| {
        Problem::new(
            400,
            "json_invalid",
            "Le corps de la requête n’est pas un JSON valide.",
        )
    })?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(Problem::new(
            400,
            "json_invalid",
            "Le corps de la requête doit être un objet JSON.",
        ))
    }
}

fn body_text(request: &Request) -> Result<String, Problem> {
    let bytes: &[u8] = request.body().as_ref();
    if bytes.len() > LARGEST_BODY {
        return Err(Problem::new(
            413,
            "body_too_large",
            "La requête est trop volumineuse (256 ko au plus).",
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(Problem::new(
            400,
            "text_invalid",
            "La requête n’est pas un texte UTF-8 valide.",
        )),
    }
}

/// Every text as it is kept, wherever it stands: [`domain::text::cleaned`].
fn clean(value: Value, field: &str) -> Result<Value, Problem> {
    let inside = |name: &str| {
        if field.is_empty() {
            name.to_owned()
        } else {
            format!("{field}.{name}")
        }
    };
    Ok(match value {
        Value::String(text) => Value::String(clean_text(&text, field)?),
        Value::Array(values) => {
            let cleaned = values.into_iter().enumerate();
            let cleaned = cleaned.map(|(at, value)| clean(value, &format!("{field}[{at}]")));
            Value::Array(cleaned.collect::<Result<_, _>>()?)
        }
        Value::Object(fields) => {
            let cleaned = fields.into_iter().map(|(name, value)| {
                let value = clean(value, &inside(&name))?;
                Ok::<_, Problem>((name, value))
            });
            Value::Object(cleaned.collect::<Result<_, _>>()?)
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    })
}

fn clean_text(text: &str, field: &str) -> Result<String, Problem> {
    let cleaned = domain::text::cleaned(text);
    cleaned
        .map(std::borrow::Cow::into_owned)
        .map_err(|refused| Problem::from(refused).about(field))
}

/// Parses at the edge, once: what is wrong is named by its path, in French.
fn parse<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    parse_from(value)
}

/// The same, of a form or a query: a field left empty is a field that is not there.
fn parse_form<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let mut written = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if !value.trim().is_empty() {
            written.append_pair(&name, &clean_text(&value, &name)?);
        }
    }
    let written = written.finish();
    parse_from(serde_html_form::Deserializer::from_bytes(
        written.as_bytes(),
    ))
}

/// What a form held, for the page that shows it again: each value of each field, never a secret.
pub(crate) fn typed(request: &Request) -> BTreeMap<String, Vec<String>> {
    let text = body_text(request).unwrap_or_default();
    let mut typed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if !matches!(name.as_ref(), "password" | "code") {
            let values = typed.entry(name.into_owned()).or_default();
            values.push(value.into_owned());
        }
    }
    typed
}

fn parse_from<'de, T: DeserializeOwned, D>(from: D) -> Result<T, Problem>
where
    D: serde::Deserializer<'de>,
    D::Error: std::fmt::Display,
{
    serde_path_to_error::deserialize(from).map_err(|error| {
        let field = error.path().to_string();
        let message = error.inner().to_string();
        let detail = match message
            .strip_prefix("missing field `")
            .and_then(|rest| rest.split_once('`'))
        {
            Some((name, _)) => format!("Le champ « {name} » est obligatoire."),
            None if is_french(&message) => message,
            None => format!("Le champ « {field} » n’est pas valide."),
        };
        Problem::new(400, "field_invalid", detail).about(field)
    })
}

/// Our own refusals are French sentences; those of the parser are English fragments.
fn is_french(message: &str) -> bool {
    message.ends_with('.') && message.chars().next().is_some_and(char::is_uppercase)
}

fn header_text(headers: &HeaderMap, name: impl header::AsHeaderName) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// See [`Provenance`].
pub(crate) fn request_id(request: &Request) -> String {
    Provenance::on(request).request
}

pub(crate) fn respond(said: &Said, trace_id: &str) -> Response<Body> {
    let mut response = base(said.status, said.media_type, trace_id);
    let headers = response.headers_mut();
    for cookie in &said.cookies {
        if let Ok(value) = cookie.to_string().parse() {
            headers.append(header::SET_COOKIE, value);
        }
    }
    if let Some(location) = said
        .location
        .as_ref()
        .and_then(|location| location.parse().ok())
    {
        headers.insert(header::LOCATION, location);
    }
    if let Some(name) = &said.file_name
        && let Ok(kept) = format!("attachment; filename=\"{name}\"").parse()
    {
        headers.insert(header::CONTENT_DISPOSITION, kept);
    }
    if said.replayed {
        headers.insert(
            "idempotent-replayed",
            http::HeaderValue::from_static("true"),
        );
    }
    if said.kept_seconds > 0
        && let Ok(kept) = format!("public, max-age={}", said.kept_seconds).parse()
    {
        headers.insert(header::CACHE_CONTROL, kept);
    }
    *response.body_mut() = Body::Text(said.body.clone());
    response
}

fn refuse(problem: &Problem, trace_id: &str) -> Response<Body> {
    let mut response = base(problem.status, "application/problem+json", trace_id);
    if let Some(seconds) = problem
        .retry_after
        .and_then(|seconds| seconds.to_string().parse().ok())
    {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    *response.body_mut() = Body::Text(problem.body());
    response
}

pub(crate) fn base(status: u16, content_type: &'static str, trace_id: &str) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        http::HeaderValue::from_static(content_type),
    );
    headers.insert(
        header::CACHE_CONTROL,
        http::HeaderValue::from_static("no-store"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        http::HeaderValue::from_static("nosniff"),
    );
    if let Ok(id) = trace_id.parse() {
        headers.insert("x-request-id", id);
    }
    response
}
