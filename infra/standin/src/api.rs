//! The HTTP API: who calls, with which key, for the first time or again.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use base64::Engine;
use serde_json::{Value, json};

use crate::errors::Fault;
use crate::idempotency::{KEY_LIFE_SECONDS, Keyed};
use crate::levers::Fail;
use crate::store::{Origin, Work};
use crate::{
    StripeStandin, account_links, accounts, balance, charges, checkout_sessions, disputes, events,
    expand, ids, payment_intents, refunds, reversals, transfers, wire,
};

/// The version of Stripe's API that is imitated. Another one may be asked for: it changes nothing.
pub(crate) const API_VERSION: &str = "2026-04-22.dahlia";

pub(crate) fn router(standin: &StripeStandin) -> Router {
    Router::new()
        .route("/v1/{*rest}", any(call))
        .route("/v2/{*rest}", any(call))
        .with_state(standin.clone())
}

/// A call, taken apart.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) params: Value,
    pub(crate) public_url: &'a str,
    /// What accounts are made with, as the lever says.
    pub(crate) new_accounts: &'static str,
}

/// An answer, and the request that it was first made for when it is given again.
struct Said {
    status: u16,
    body: String,
    first_request: Option<String>,
}

async fn call(
    State(standin): State<StripeStandin>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = ids::fresh("req");
    let said = answer(&standin, &method, &uri, &headers, &body, &request).await;
    let said = said.unwrap_or_else(|fault| Said {
        status: fault.status,
        body: fault.body(&standin.0.settings.public_url).to_string(),
        first_request: None,
    });
    let second = uri.path().starts_with("/v2/");
    let asked = params(&method, &uri, &body, second).unwrap_or_default();
    standin.exchanges(|exchanges| {
        exchanges.keep(method.as_str(), uri.path(), asked, said.status, &said.body);
    });
    let status = StatusCode::from_u16(said.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        said.body,
    )
        .into_response();
    let mut tell = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    };
    tell("request-id", &request);
    tell(
        "stripe-version",
        given(&headers, "stripe-version").unwrap_or(API_VERSION),
    );
    if let Some(key) = given(&headers, "idempotency-key") {
        tell("idempotency-key", key);
    }
    if let Some(first) = &said.first_request {
        tell("idempotent-replayed", "true");
        tell("original-request", first);
    }
    if status == StatusCode::CONFLICT || status.is_server_error() {
        tell("stripe-should-retry", "true");
    }
    response
}

fn given<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

async fn answer(
    standin: &StripeStandin,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    request: &str,
) -> Result<Said, Fault> {
    check_key(
        &standin.0.settings.secret_key,
        given(headers, "authorization"),
    )?;
    let path = uri.path();
    let second = path.starts_with("/v2/");
    check_version(given(headers, "stripe-version"), second)?;
    let call = Call {
        method: method.as_str(),
        path,
        params: params(method, uri, body, second)?,
        public_url: &standin.0.settings.public_url,
        new_accounts: standin.levers(|levers| levers.new_accounts),
    };
    let keyed = given(headers, "idempotency-key").filter(|_| *method == Method::POST);
    let keyed = keyed
        .map(|key| Keyed::parse(key, format!("{method} {path}"), &call.params))
        .transpose()?;
    let _until_answered = keyed
        .as_ref()
        .map(|keyed| standin.0.in_flight.begin(&keyed.key))
        .transpose()?;
    let (fail, wait) =
        standin.levers(|levers| (levers.take_failure(path), levers.slow_next.take()));
    if let Some(wait) = wait {
        tokio::time::sleep(wait).await;
    }
    if fail == Some(Fail::Before) {
        return Err(Fault::broken(
            "Failed before taking effect, as the lever asked.",
        ));
    }
    standin.end_lapsed();
    let origin = Origin {
        request: Some(request.to_owned()),
        key: keyed.as_ref().map(|keyed| keyed.key.clone()),
    };
    let said = carried_out(standin, &call, keyed.as_ref(), origin)?;
    if fail == Some(Fail::After) {
        return Err(Fault::broken(
            "Failed after taking effect, as the lever asked.",
        ));
    }
    Ok(said)
}

/// Objects, events and the key's answer are written together, or not at all.
fn carried_out(
    standin: &StripeStandin,
    call: &Call<'_>,
    keyed: Option<&Keyed>,
    origin: Origin,
) -> Result<Said, Fault> {
    let now = standin.now();
    let public_url = call.public_url;
    let done = standin.store(|store| {
        if let Some(keyed) = keyed
            && let Some(first) = store.kept(&keyed.key, now - KEY_LIFE_SECONDS)?
        {
            let same = keyed.check_same(&first);
            return Ok(same.map(|()| {
                (
                    Said {
                        status: first.status,
                        body: first.body,
                        first_request: Some(first.request),
                    },
                    false,
                )
            }));
        }
        let work = store.work(now, origin.clone())?;
        let (status, body, work) = match dispatch(&work, call)
            .and_then(|object| expand::expand(&work, object, &call.params))
        {
            Ok(object) => (200, object.to_string(), work),
            Err(fault) if fault.executed => {
                // What was begun is undone; that it was refused is remembered.
                drop(work);
                (
                    fault.status,
                    fault.body(public_url).to_string(),
                    store.work(now, origin)?,
                )
            }
            Err(fault) => return Ok(Err(fault)),
        };
        if let Some(keyed) = keyed {
            work.answered(keyed, status, &body)?;
        }
        let told = work.keep()?;
        Ok(Ok((
            Said {
                status,
                body,
                first_request: None,
            },
            told,
        )))
    });
    let (said, told) = done??;
    if told {
        standin.wake();
    }
    Ok(said)
}

fn dispatch(work: &Work<'_>, call: &Call<'_>) -> Result<Value, Fault> {
    let path: Vec<&str> = call
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let params = &call.params;
    match (call.method, path.as_slice()) {
        ("POST", ["v1", "checkout", "sessions"]) => checkout_sessions::create(work, call),
        ("GET", ["v1", "checkout", "sessions"]) => checkout_sessions::list(work, params),
        ("GET", ["v1", "checkout", "sessions", id]) => checkout_sessions::read(work, id, params),
        ("POST", ["v1", "checkout", "sessions", id, "expire"]) => {
            checkout_sessions::expire(work, id, params)
        }
        ("GET", ["v1", "checkout", "sessions", id, "line_items"]) => {
            checkout_sessions::line_items(work, id)
        }
        ("GET", ["v1", "payment_intents"]) => payment_intents::list(work, params),
        ("GET", ["v1", "payment_intents", id]) => payment_intents::read(work, id, params),
        ("POST", ["v1", "payment_intents", id, "capture"]) => {
            payment_intents::capture(work, id, params)
        }
        ("POST", ["v1", "payment_intents", id, "cancel"]) => {
            payment_intents::cancel(work, id, params)
        }
        ("GET", ["v1", "charges"]) => charges::list(work, params),
        ("GET", ["v1", "charges", id]) => charges::read(work, id, params),
        ("POST", ["v1", "transfers"]) => transfers::create(work, params),
        ("GET", ["v1", "transfers"]) => transfers::list(work, params),
        ("GET", ["v1", "transfers", id]) => transfers::read(work, id, params),
        ("POST", ["v1", "transfers", id, "reversals"]) => reversals::create(work, id, params),
        ("GET", ["v1", "transfers", id, "reversals"]) => reversals::list(work, id, params),
        ("GET", ["v1", "transfers", transfer, "reversals", id]) => {
            reversals::read(work, transfer, id)
        }
        ("POST", ["v1", "accounts", id, "external_accounts"]) => {
            accounts::add_bank_account(work, id, params)
        }
        ("POST", ["v2", "core", "account_links"]) => account_links::create(work, call),
        ("POST", ["v1", "refunds"]) => refunds::create(work, params),
        ("GET", ["v1", "refunds"]) => refunds::list(work, params),
        ("GET", ["v1", "refunds", id]) => refunds::read(work, id, params),
        ("GET", ["v1", "disputes"]) => disputes::list(work, params),
        ("GET", ["v1", "disputes", id]) => disputes::read(work, id, params),
        ("GET", ["v1", "balance"]) => balance::read(work),
        ("GET", ["v1", "events"]) => events::list(work, params),
        ("GET", ["v1", "events", id]) => events::read(work, id, params),
        ("GET", ["v1", "accounts", id]) => accounts::read_v1(work, id, params),
        ("POST", ["v2", "core", "accounts"]) => accounts::create(work, call),
        ("GET", ["v2", "core", "accounts", id]) => accounts::read_v2(work, id, params),
        _ => Err(Fault::unknown_address(call.method, call.path)),
    }
}

fn params(method: &Method, uri: &Uri, body: &[u8], second: bool) -> Result<Value, Fault> {
    if *method == Method::GET || *method == Method::DELETE {
        return wire::decode(uri.query().unwrap_or_default().as_bytes(), second);
    }
    if !second {
        return wire::decode(body, false);
    }
    if body.is_empty() {
        return Ok(json!({}));
    }
    let read = serde_json::from_slice::<Value>(body)
        .ok()
        .filter(Value::is_object);
    read.ok_or_else(|| {
        Fault::invalid(
            Some("invalid_json"),
            "The request body is not a JSON object.",
        )
    })
}

/// The secret key comes as a bearer token, or as the name of Basic authentication.
fn check_key(expected: &str, authorization: Option<&str>) -> Result<(), Fault> {
    let missing = || {
        Fault::unauthorised(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )
    };
    let (scheme, token) = authorization
        .and_then(|value| value.split_once(' '))
        .ok_or_else(missing)?;
    let key = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => token.trim().to_owned(),
        "basic" => {
            let decoded = base64::engine::general_purpose::STANDARD
                .decode(token.trim())
                .map_err(|_| missing())?;
            let decoded = String::from_utf8(decoded).map_err(|_| missing())?;
            decoded.split(':').next().unwrap_or_default().to_owned()
        }
        _ => return Err(missing()),
    };
    if key.is_empty() {
        return Err(missing());
    }
    if key == expected {
        return Ok(());
    }
    let shown: String = key.chars().take(8).collect();
    Err(Fault::unauthorised(format!(
        "Invalid API Key provided: {shown}****"
    )))
}

/// `2026-04-22.dahlia`, or a date alone. `/v2` does not work without one.
fn check_version(version: Option<&str>, second: bool) -> Result<(), Fault> {
    let Some(version) = version else {
        let message = "Please provide a Stripe-Version header: requests to /v2 endpoints need one.";
        return if second {
            Err(Fault::invalid(None, message))
        } else {
            Ok(())
        };
    };
    let (date, name) = version.split_once('.').unwrap_or((version, "none"));
    let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if named && date.parse::<jiff::civil::Date>().is_ok() {
        return Ok(());
    }
    Err(Fault::invalid(
        None,
        format!("Invalid Stripe API version: {version}."),
    ))
}
