//! Pages of HTML behind one function: the operator's dashboard.
//!
//! A page is an [`Operation`] whose answer is [`Html`]; a form is any operation, sent by a browser
//! without scripts. When a form is done, its page says so; when it is refused, its page is shown
//! again with the reason and what had been typed.

use std::collections::HashMap;
use std::sync::Arc;

use adapters::environment::{Environment, Outside as _};
use adapters::store::{Changes, Store, Trace};
use adapters::vault::{Variables, VaultError};
use domain::ids::AccountId;
use domain::operator::Duty;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::{HeaderValue, StatusCode, header};
use lambda_http::{Body, Request, RequestExt, Response};
use matchit::Router;

use crate::answer::{
    Answer, Reading, base, log_problem, read_cookies, request_id, respond, serve, typed,
};
use crate::call::{Notice, Operation};
use crate::desk::Desk;
use crate::function::Route;
use crate::origin::Provenance;
use crate::problem::Problem;
use crate::sessions::{self, Session};
use crate::who::{Access, Admin, Who};

/// A page.
pub struct Html(pub String);

impl Answer for Html {
    const MEDIA_TYPE: &'static str = "text/html; charset=utf-8";
    fn body(&self) -> Result<String, Problem> {
        Ok(self.0.clone())
    }
}

/// A document of XML.
pub struct Xml(pub String);

impl Answer for Xml {
    const MEDIA_TYPE: &'static str = "application/xml; charset=utf-8";
    fn body(&self) -> Result<String, Problem> {
        Ok(self.0.clone())
    }
}

/// A drawing.
pub struct Svg(pub String);

impl Answer for Svg {
    const MEDIA_TYPE: &'static str = "image/svg+xml";
    fn body(&self) -> Result<String, Problem> {
        Ok(self.0.clone())
    }
}

/// A calendar for calendar applications (RFC 5545).
pub struct Calendar(pub String);

impl Answer for Calendar {
    const MEDIA_TYPE: &'static str = "text/calendar; charset=utf-8";
    fn body(&self) -> Result<String, Problem> {
        Ok(self.0.clone())
    }
}

/// Something that could not be shown or done and that no page can tell.
pub struct Unserved<'a> {
    /// Why.
    pub problem: &'a Problem,
    /// The address that was asked for.
    pub address: &'a str,
    /// What a form held: it can be sent again.
    pub typed: Vec<(String, String)>,
}

/// What a set of pages has in common.
#[derive(Clone, Copy)]
pub struct Dressing {
    /// Where one signs in.
    pub sign_in: &'static str,
    /// Tells what no page can tell.
    pub unserved: fn(&Unserved<'_>) -> Html,
    /// The content security policy, given the address of the bucket that documents come from.
    pub policy: &'static str,
}

type Serve = Arc<dyn Fn(Arc<Request>) -> BoxFuture<'static, Response<Body>> + Send + Sync>;

/// One address of a set of pages.
#[derive(Clone)]
pub struct Page {
    /// The operation.
    pub name: &'static str,
    /// Its address, and who may ask for it.
    pub route: Route,
    /// What it asks of an operator.
    pub duty: Duty,
    unlock: Unlock,
    open: fn(&Environment, &Desk<()>, Dressing) -> Serve,
}

type Unlock = for<'a> fn(&'a Environment) -> BoxFuture<'a, Result<Variables, VaultError>>;

/// The environment with the secrets that pages need, beside those of the operator's session. One
/// after the other: what several need is read once.
pub(crate) async fn unlock(
    pages: &[Page],
    environment: Environment,
) -> Result<Environment, VaultError> {
    let variables = <Admin as Who>::Eyes::unlock(&environment).await?;
    let mut environment = environment.with(variables);
    for page in pages {
        let variables = (page.unlock)(&environment).await?;
        environment = environment.with(variables);
    }
    Ok(environment)
}

impl Page {
    /// A page to look at. Each look of the operator is written down.
    pub fn shown<S: Operation<Output = Html>>() -> Self {
        Self {
            name: S::NAME,
            route: route::<S>(),
            duty: S::DUTY,
            unlock: |environment| S::Outside::unlock(environment).boxed(),
            open: |environment, shared, dressing| {
                let desk = Arc::new(desk_of::<S>(environment, shared));
                Arc::new(move |request| {
                    let desk = Arc::clone(&desk);
                    async move { show::<S>(&desk, &request, dressing).await }.boxed()
                })
            },
        }
    }

    /// A form of the page `S`, whose address has the same parameters.
    pub fn form<F: Operation, S: Operation<Output = Html>>() -> Self {
        Self {
            name: F::NAME,
            route: route::<F>(),
            duty: F::DUTY,
            unlock: |environment| <(F::Outside, S::Outside)>::unlock(environment).boxed(),
            open: |environment, shared, dressing| {
                let desk = Arc::new((
                    desk_of::<F>(environment, shared),
                    desk_of::<S>(environment, shared),
                ));
                Arc::new(move |request| {
                    let desk = Arc::clone(&desk);
                    async move { send::<F, S>(&desk.0, &desk.1, &request, dressing).await }.boxed()
                })
            },
        }
    }

    /// Anything else that has an address: a style sheet, a download, a document.
    pub fn served<O: Operation>() -> Self {
        Self {
            name: O::NAME,
            route: route::<O>(),
            duty: O::DUTY,
            unlock: |environment| O::Outside::unlock(environment).boxed(),
            open: |environment, shared, dressing| {
                let desk = Arc::new(desk_of::<O>(environment, shared));
                Arc::new(move |request| {
                    let desk = Arc::clone(&desk);
                    async move {
                        match serve::<O>(&desk, &request, Reading::Page(Notice::default())).await {
                            Ok(said) => respond(&said, &request_id(&request)),
                            Err(problem) => unserved(O::NAME, &request, dressing, &problem),
                        }
                    }
                    .boxed()
                })
            },
        }
    }
}

/// Where an operation of the API is reached as a form: the API's address without `/api`.
fn route<O: Operation>() -> Route {
    Route {
        method: O::METHOD,
        path: O::PATH.strip_prefix("/api").unwrap_or(O::PATH),
        access: O::Who::ACCESS,
    }
}

fn desk_of<O: Operation>(environment: &Environment, shared: &Desk<()>) -> Desk<O::Outside> {
    Desk {
        store: shared.store.clone(),
        clock: shared.clock.clone(),
        settings: shared.settings.clone(),
        outside: adapters::environment::Outside::open(environment),
        counts: shared.counts.clone(),
    }
}

/// A set of pages, opened.
pub(crate) struct Site {
    by_method: HashMap<&'static str, Router<usize>>,
    pages: Vec<(Page, Serve)>,
    desk: Desk<()>,
    dressing: Dressing,
}

impl Site {
    /// # Errors
    /// When two pages have one address.
    pub(crate) fn open(
        environment: &Environment,
        store: Store,
        pages: Vec<Page>,
        dressing: Dressing,
    ) -> Result<Self, matchit::InsertError> {
        let desk = Desk::<()>::seeing::<<Admin as Who>::Eyes>(environment, store);
        let mut by_method: HashMap<&'static str, Router<usize>> = HashMap::new();
        let mut opened = Vec::with_capacity(pages.len());
        for page in pages {
            let router = by_method.entry(page.route.method).or_default();
            router.insert(page.route.path, opened.len())?;
            let serve = (page.open)(environment, &desk, dressing);
            opened.push((page, serve));
        }
        Ok(Self {
            by_method,
            pages: opened,
            desk,
            dressing,
        })
    }

    pub(crate) async fn answer(&self, mut request: Request) -> Response<Body> {
        let admitted = self.desk.settings.origin.admit(&mut request, false);
        let mut response = match admitted {
            Ok(()) => self.route(request).await,
            Err(problem) => unserved("pages", &request, self.dressing, &problem),
        };
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_SECURITY_POLICY, self.dressing.policy),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "same-origin"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }

    async fn route(&self, request: Request) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let found = self
            .by_method
            .get(request.method().as_str())
            .and_then(|router| router.at(path.trim_end_matches('/')).ok())
            // Between two slashes nothing is named.
            .filter(|found| found.params.iter().all(|(_, value)| !value.is_empty()));
        let Some(found) = found else {
            return unserved("pages", &request, self.dressing, &Problem::not_found());
        };
        let parameters: HashMap<String, Vec<String>> = found
            .params
            .iter()
            .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
            .collect();
        let Some((page, serve)) = self.pages.get(*found.value) else {
            return unserved("pages", &request, self.dressing, &Problem::not_found());
        };
        let request = Arc::new(request.with_path_parameters(parameters));
        if page.route.access != Access::Admin {
            return serve(request).await;
        }
        match self.admit(page, &request).await {
            Ok(session) => {
                let mut response = serve(request).await;
                self.prolong(&session, &mut response);
                response
            }
            Err(problem) => unserved(page.name, &request, self.dressing, &problem),
        }
    }

    /// An operator whose account still is one; what they ask for is written down first.
    async fn admit(&self, page: &Page, request: &Request) -> Result<Session, Problem> {
        let now = self.desk.clock.now();
        let cookies = read_cookies(request.headers());
        let session: Option<Session> = sessions::read_signed(&self.desk.settings, &cookies, now);
        let who = Admin::admit(session.clone())?;
        let session = session.ok_or_else(Problem::not_found)?;
        let who = who.confirm(&self.desk.store).await?;
        who.may(page.duty)?;
        if page.route.method == "GET" {
            self.write_down(page, request, &who.account).await?;
        }
        Ok(session)
    }

    async fn write_down(
        &self,
        page: &Page,
        request: &Request,
        who: &AccountId,
    ) -> Result<(), Problem> {
        let Provenance {
            ip,
            country,
            request: id,
        } = Provenance::on(request);
        let trace = Trace {
            who: who.to_string(),
            ip,
            country,
            browser: request
                .headers()
                .get(header::USER_AGENT)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .chars()
                .take(300)
                .collect(),
            request: id,
        };
        let subject = request
            .path_parameters()
            .iter()
            .next()
            .map_or(page.route.path.to_owned(), |(_, value)| value.to_owned());
        let line = Changes::by(&trace, self.desk.clock.now()).activity(page.name, &subject);
        Ok(self.desk.store.commit(line).await?)
    }

    fn prolong(&self, session: &Session, response: &mut Response<Body>) {
        // A page that sets or removes the session itself has the last word.
        if response.headers().contains_key(header::SET_COOKIE) {
            return;
        }
        let now = self.desk.clock.now();
        let cookie = sessions::prolong_operator(&self.desk.settings, session, now);
        if let Ok(value) = cookie.to_string().parse() {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}

async fn show<S: Operation<Output = Html>>(
    desk: &Desk<S::Outside>,
    request: &Request,
    dressing: Dressing,
) -> Response<Body> {
    let notice = Notice {
        done: request
            .query_string_parameters()
            .first("fait")
            .map(str::to_owned),
        ..Notice::default()
    };
    match serve::<S>(desk, request, Reading::Page(notice)).await {
        Ok(said) => respond(&said, &request_id(request)),
        Err(problem) => unserved(S::NAME, request, dressing, &problem),
    }
}

async fn send<F: Operation, S: Operation<Output = Html>>(
    form: &Desk<F::Outside>,
    page: &Desk<S::Outside>,
    request: &Request,
    dressing: Dressing,
) -> Response<Body> {
    let problem = match serve::<F>(form, request, Reading::Form).await {
        // A form may answer with a page of its own: what is shown once.
        Ok(said) if said.media_type == Html::MEDIA_TYPE => {
            return respond(&said, &request_id(request));
        }
        Ok(mut said) => {
            // What was only taken in, and waits for somebody else, is told as such.
            let waits = if said.status == 202 { "-propose" } else { "" };
            let here = || format!("{}?fait={}{waits}", address::<S>(request), F::NAME);
            said.status = 303;
            said.location = Some(said.location.unwrap_or_else(here));
            return respond(&said, &request_id(request));
        }
        Err(problem) => problem,
    };
    // Not a wrong password, which its own page tells.
    if matches!(problem.code, "sign_in_required" | "sign_in_again") {
        return unserved(F::NAME, request, dressing, &problem);
    }
    log_problem(F::NAME, &request_id(request), &problem);
    let status = problem.status;
    let notice = Notice {
        done: None,
        refused: Some(problem),
        sent_to: request.uri().path().to_owned(),
        typed: typed(request),
    };
    match serve::<S>(page, request, Reading::Page(notice)).await {
        Ok(mut said) => {
            said.status = status;
            respond(&said, &request_id(request))
        }
        Err(problem) => unserved(S::NAME, request, dressing, &problem),
    }
}

/// The address of the page `S` with this request's parameters.
fn address<S: Operation>(request: &Request) -> String {
    let parameters = request.path_parameters();
    let parts = S::PATH.split('/').map(|part| {
        let name = part
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        name.and_then(|name| parameters.first(name)).unwrap_or(part)
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The longest address that somebody is led back to, in bytes: a header has its limits, and a page that
/// people open is far from this.
const LONGEST_WAY_BACK: usize = 1024;

/// Where one signs in, and where that leads back to.
fn way_back(sign_in: &str, address: &str) -> String {
    if address.len() > LONGEST_WAY_BACK {
        return sign_in.to_owned();
    }
    let back = url::form_urlencoded::byte_serialize(address.as_bytes());
    format!("{sign_in}?retour={}", back.collect::<String>())
}

/// Who is not signed in is led to where one signs in, and back; a form keeps what it held.
fn unserved(
    name: &'static str,
    request: &Request,
    dressing: Dressing,
    problem: &Problem,
) -> Response<Body> {
    let trace_id = request_id(request);
    log_problem(name, &trace_id, problem);
    let address = request
        .uri()
        .path_and_query()
        .map_or("/", |address| address.as_str());
    if problem.status == 401 && request.method() == http::Method::GET {
        let mut response = base(StatusCode::SEE_OTHER.as_u16(), Html::MEDIA_TYPE, &trace_id);
        let to = way_back(dressing.sign_in, address);
        if let Ok(to) = to.parse() {
            response.headers_mut().insert(header::LOCATION, to);
        }
        return response;
    }
    let html = (dressing.unserved)(&Unserved {
        problem,
        address,
        typed: typed(request)
            .into_iter()
            .flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value)))
            .collect(),
    });
    let mut response = base(problem.status, Html::MEDIA_TYPE, &trace_id);
    *response.body_mut() = Body::Text(html.0);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_back_to_addresses_that_a_header_holds() {
        let back = way_back("/admin/connexion", "/admin?a=1");
        assert_eq!(back, "/admin/connexion?retour=%2Fadmin%3Fa%3D1");
        let long = format!("/admin?q={}", "é".repeat(1024));
        assert_eq!(way_back("/admin/connexion", &long), "/admin/connexion");
    }
}
