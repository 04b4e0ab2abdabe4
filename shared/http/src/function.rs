//! A function as the binary runs it on Lambda, and as one process runs them all.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use adapters::deadline::within;
use adapters::environment::{Environment, Outside};
use adapters::store::Store;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use lambda_http::request::LambdaRequest;
use lambda_http::{
    Adapter, Body, LambdaEvent, Request, RequestExt as _, Response, Service as _, service_fn,
};
use lambda_runtime::Context;
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use crate::answer::answer;
use crate::background::{
    Chore, Feed, Listener, Named, Observer, Ours, do_chore, feed, listen, observe,
};
use crate::call::Operation;
use crate::desk::Desk;
use crate::limits::{Every, Limits, Stream};
use crate::openapi::OperationSchema;
use crate::pages::{Dressing, Page, Site, unlock};
use crate::who::{Access, Eyes, Who};

/// A function in process: takes the payload that AWS gives and returns what Lambda returns.
pub type Invoke = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;

/// A route of the HTTP API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// Such as `/api/bookings/{booking}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
}

/// What calls a function.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// The gateway.
    Http(Route),
    /// The bus, for these events.
    Listener(&'static [&'static str]),
    /// The account's own bus, for these events of a service of AWS.
    Observer {
        /// The service, such as `aws.ses`.
        source: &'static str,
        /// The kinds of its events.
        events: &'static [&'static str],
        /// How they say that they are about this stage.
        ours: Ours,
    },
    /// A schedule.
    Chore(Every),
    /// A stream.
    Feed(Stream),
    /// The gateway, for every address under a prefix.
    Pages(Pages),
}

/// A function that answers every address under a prefix with pages.
#[derive(Clone, Copy)]
pub struct Pages {
    /// The name of the binary and of the Lambda.
    pub name: &'static str,
    /// What it does, in a sentence: the Lambda's description.
    pub summary: &'static str,
    /// Such as `/admin`.
    pub prefix: &'static str,
    /// The pages.
    pub list: fn() -> Vec<Page>,
    /// What they have in common.
    pub dressing: Dressing,
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pages({})", self.prefix)
    }
}

/// The source of our own events on our own bus.
const SOURCE: &str = "monagentdesecu";

/// What a bus gives to a function.
#[derive(Debug, Clone)]
pub struct BusRule {
    /// The bus; `None` is the account's own.
    pub bus: Option<String>,
    /// What an event looks like.
    pub pattern: Value,
}

/// A function: its name, what calls it, what it may take, and how to open it in process.
#[derive(Clone)]
pub struct Function {
    /// The name of the binary and of the Lambda.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// What calls it.
    pub kind: Kind,
    /// What it may take.
    pub limits: Limits,
    /// What the API's documentation says of it.
    pub(crate) schema: Option<fn(&mut schemars::SchemaGenerator) -> OperationSchema>,
    open: Open,
}

/// How a function is opened in process.
type Open = Arc<dyn Fn(&Environment) -> Invoke + Send + Sync>;

impl Function {
    /// A function over HTTP.
    pub fn operation<O: Operation<Output: JsonSchema>>() -> Self {
        Self {
            schema: Some(OperationSchema::of::<O>),
            ..Self::document::<O>()
        }
    }

    /// A function over HTTP that answers a document for people: no part of the API.
    pub fn document<O: Operation>() -> Self {
        let route = Route {
            method: O::METHOD,
            path: O::PATH,
            access: O::Who::ACCESS,
        };
        Self::new(O::NAME, O::SUMMARY, Kind::Http(route), open_operation::<O>)
    }

    /// A function that listens to the bus.
    pub fn listener<L: Listener>() -> Self {
        Self::new(
            L::NAME,
            L::SUMMARY,
            Kind::Listener(L::EVENTS),
            open_listener::<L>,
        )
    }

    /// A function that observes a service of AWS.
    pub fn observer<O: Observer>() -> Self {
        let kind = Kind::Observer {
            source: O::SOURCE,
            events: O::EVENTS,
            ours: O::OURS,
        };
        Self::new(O::NAME, O::SUMMARY, kind, open_observer::<O>)
    }

    /// A function that follows a schedule.
    pub fn chore<C: Chore>() -> Self {
        let kind = Kind::Chore(C::EVERY);
        Self::new(C::NAME, C::SUMMARY, kind, open_chore::<C>)
    }

    /// A function that feeds on a stream.
    pub fn feed<F: Feed>(stream: Stream) -> Self {
        Self::new(F::NAME, F::SUMMARY, Kind::Feed(stream), open_feed::<F>)
    }

    /// A function that answers with pages.
    pub fn pages(pages: Pages) -> Self {
        let open = move |environment: &Environment| open_pages(environment, pages);
        Self::new(pages.name, pages.summary, Kind::Pages(pages), open)
    }

    fn new(
        name: &'static str,
        summary: &'static str,
        kind: Kind,
        open: impl Fn(&Environment) -> Invoke + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            summary,
            kind,
            limits: Limits::ORDINARY,
            schema: None,
            open: Arc::new(open),
        }
    }

    /// With so many seconds for a call, 900 at most. The gateway waits 30.
    pub fn timeout(mut self, seconds: u32) -> Self {
        self.limits.timeout = seconds;
        self
    }

    /// With so much memory, in MB, and CPU in proportion.
    pub fn memory(mut self, megabytes: u32) -> Self {
        self.limits.memory = megabytes;
        self
    }

    /// One call at a time. What is reserved is taken from what the account may run at once.
    pub fn alone(mut self) -> Self {
        self.limits.at_once = Some(1);
        self
    }

    /// Given an event again so often when it fails, two times at most.
    pub fn retries(mut self, times: u32) -> Self {
        self.limits.retries = times;
        self
    }

    /// The methods (or `ANY`) and paths that the gateway gives to it.
    pub fn routes(&self) -> Vec<(&'static str, String)> {
        match self.kind {
            Kind::Http(route) => vec![(route.method, route.path.to_owned())],
            // A greedy parameter takes a segment at least.
            Kind::Pages(pages) => vec![
                ("ANY", format!("{}/{{proxy+}}", pages.prefix)),
                ("GET", pages.prefix.to_owned()),
            ],
            Kind::Listener(_) | Kind::Observer { .. } | Kind::Chore(_) | Kind::Feed(_) => {
                Vec::new()
            }
        }
    }

    /// What a bus gives to it in a stage.
    pub fn rule(&self, stage: &str) -> Option<BusRule> {
        match self.kind {
            Kind::Listener(events) => Some(BusRule {
                bus: Some(format!("{stage}-events")),
                pattern: json!({ "source": [SOURCE], "detail-type": events }),
            }),
            Kind::Observer {
                source,
                events,
                ours,
            } => {
                let name = match ours.name {
                    Named::Exactly(name) => json!([format!("{stage}-{name}")]),
                    Named::Beginning(name) => json!([{ "prefix": format!("{stage}-{name}") }]),
                };
                let detail = ours.at.iter().rev().fold(name, |inner, field| {
                    Value::Object(Map::from_iter([((*field).to_owned(), inner)]))
                });
                Some(BusRule {
                    bus: None,
                    pattern: json!({ "source": [source], "detail-type": events, "detail": detail }),
                })
            }
            Kind::Http(_) | Kind::Pages(_) | Kind::Chore(_) | Kind::Feed(_) => None,
        }
    }

    /// Opens it in this process.
    pub fn open(&self, environment: &Environment) -> Invoke {
        (self.open)(environment)
    }
}

fn open_operation<O: Operation>(environment: &Environment) -> Invoke {
    let store = Store::open(environment);
    let desk = Desk::<O::Outside>::seeing::<<O::Who as Who>::Eyes>(environment, store);
    let desk = Arc::new(desk);
    over_http(move |request| {
        let desk = Arc::clone(&desk);
        async move { answer::<O>(&desk, request).await }.boxed()
    })
}

fn open_pages(environment: &Environment, pages: Pages) -> Invoke {
    let store = Store::open(environment);
    let site = Site::open(environment, store, (pages.list)(), pages.dressing).map(Arc::new);
    let site = site.map_err(|error| error.to_string());
    over_http(move |request| {
        let site = site.clone();
        async move {
            match site {
                Ok(site) => site.answer(request).await,
                Err(error) => lambda_http::Response::new(error.into()),
            }
        }
        .boxed()
    })
}

/// Speaks the gateway's format around something that answers requests.
fn over_http(
    answer: impl Fn(Request) -> BoxFuture<'static, Response<Body>> + Send + Sync + 'static,
) -> Invoke {
    let answer = Arc::new(answer);
    Arc::new(move |payload| {
        let answer = Arc::clone(&answer);
        async move {
            let request: LambdaRequest =
                serde_json::from_value(payload).map_err(|error| error.to_string())?;
            let handler = service_fn(move |request| {
                let answer = Arc::clone(&answer);
                async move { Ok::<_, std::convert::Infallible>(answer(request).await) }
            });
            let mut adapter = Adapter::from(handler);
            let response = adapter
                .call(LambdaEvent::new(request, Context::default()))
                .await;
            let response = response.map_err(|error| error.to_string())?;
            serde_json::to_value(response).map_err(|error| error.to_string())
        }
        .boxed()
    })
}

macro_rules! opener {
    ($name:ident, $kind:ident, $run:expr) => {
        fn $name<T: $kind>(environment: &Environment) -> Invoke {
            let desk = Arc::new(Desk::<T::Outside>::open(environment));
            Arc::new(move |payload| {
                let desk = Arc::clone(&desk);
                async move { $run(&*desk, payload).await }.boxed()
            })
        }
    };
}
opener!(open_listener, Listener, listen::<T>);
opener!(open_observer, Observer, observe::<T>);
opener!(open_feed, Feed, feed::<T>);

fn open_chore<C: Chore>(environment: &Environment) -> Invoke {
    let desk = Arc::new(Desk::<C::Outside>::open(environment));
    Arc::new(move |payload| {
        let desk = Arc::clone(&desk);
        async move {
            let request = payload["id"].as_str().unwrap_or_default().to_owned();
            do_chore::<C>(&desk, payload, &request).await
        }
        .boxed()
    })
}

/// How long Lambda still gives to this call.
#[expect(
    clippy::disallowed_methods,
    reason = "Lambda's deadline is in the machine's time, which no lever moves"
)]
fn time_of(context: Option<&Context>) -> Duration {
    let left = context.map(|context| context.deadline().duration_since(SystemTime::now()));
    left.and_then(Result::ok).unwrap_or_default()
}

type Started = Result<(), lambda_runtime::Error>;

/// Logs in JSON.
fn log_in_json() {
    tracing_subscriber::fmt()
        .json()
        .with_target(false)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("LOG_LEVEL")
                .unwrap_or_else(|_| "info".into()),
        )
        .init();
}

/// Opens the desk with the process's variables, logs in JSON, and connects before the first call. The
/// secrets that its types name are read while the table is opened.
async fn open_desk<E: Eyes, O: Outside>() -> Result<Desk<O>, lambda_runtime::Error> {
    log_in_json();
    let environment = Environment::of_process();
    let store = Store::open(&environment);
    let ((), unlocked) = tokio::join!(store.warm_up(), <(E, O)>::unlock(&environment));
    let environment = environment.with(unlocked?);
    let desk = Desk::seeing::<E>(&environment, store);
    environment.check()?;
    Ok(desk)
}

/// Runs an operation on Lambda, until the environment ends.
///
/// # Errors
/// When a variable is missing, or the runtime API ends the function.
pub async fn start_operation<O: Operation>() -> Started {
    let desk = open_desk::<<O::Who as Who>::Eyes, O::Outside>().await?;
    let desk = &desk;
    lambda_http::run(service_fn(move |request: Request| async move {
        let time = time_of(request.lambda_context_ref());
        Ok::<_, std::convert::Infallible>(within(time, answer::<O>(desk, request)).await)
    }))
    .await
}

/// Runs a set of pages on Lambda.
///
/// # Errors
/// When a variable is missing, two pages have one address, or the runtime API ends the function.
pub async fn start_pages(pages: Pages) -> Started {
    log_in_json();
    let environment = Environment::of_process();
    let store = Store::open(&environment);
    let list = (pages.list)();
    let ((), unlocked) = tokio::join!(store.warm_up(), unlock(&list, environment));
    let environment = unlocked?;
    let site = Site::open(&environment, store, list, pages.dressing)?;
    environment.check()?;
    let site = &site;
    lambda_http::run(service_fn(move |request: Request| async move {
        let time = time_of(request.lambda_context_ref());
        Ok::<_, std::convert::Infallible>(within(time, site.answer(request)).await)
    }))
    .await
}

/// Runs a listener on Lambda.
///
/// # Errors
/// When a variable is missing, or the runtime API ends the function.
pub async fn start_listener<L: Listener>() -> Started {
    let desk = open_desk::<(), L::Outside>().await?;
    let desk = &desk;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let time = time_of(Some(&event.context));
        within(time, listen::<L>(desk, event.payload))
            .await
            .map_err(lambda_runtime::Error::from)
    }))
    .await
}

/// Runs an observer on Lambda.
///
/// # Errors
/// When a variable is missing, or the runtime API ends the function.
pub async fn start_observer<O: Observer>() -> Started {
    let desk = open_desk::<(), O::Outside>().await?;
    let desk = &desk;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let time = time_of(Some(&event.context));
        within(time, observe::<O>(desk, event.payload))
            .await
            .map_err(lambda_runtime::Error::from)
    }))
    .await
}

/// Runs a chore on Lambda.
///
/// # Errors
/// When a variable is missing, or the runtime API ends the function.
pub async fn start_chore<C: Chore>() -> Started {
    let desk = open_desk::<(), C::Outside>().await?;
    let desk = &desk;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let time = time_of(Some(&event.context));
        let request = event.context.request_id.clone();
        within(time, do_chore::<C>(desk, event.payload, &request))
            .await
            .map_err(lambda_runtime::Error::from)
    }))
    .await
}

/// Runs a feed on Lambda.
///
/// # Errors
/// When a variable is missing, or the runtime API ends the function.
pub async fn start_feed<F: Feed>() -> Started {
    let desk = open_desk::<(), F::Outside>().await?;
    let desk = &desk;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let time = time_of(Some(&event.context));
        within(time, feed::<F>(desk, event.payload))
            .await
            .map_err(lambda_runtime::Error::from)
    }))
    .await
}
