//! A function as the binary runs it on Lambda, and as one process runs them all.

use std::sync::Arc;

use adapters::environment::Environment;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, LambdaEvent, Service as _, service_fn};
use lambda_runtime::Context;
use serde_json::Value;

use crate::answer::answer;
use crate::background::{Chore, Feed, Listener, do_chore, feed, listen};
use crate::call::Operation;
use crate::desk::Desk;
use crate::openapi::OperationSchema;
use crate::who::{Access, Who as _};

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

impl Route {
    /// Whether programs call it; the others answer pages.
    pub fn is_api(&self) -> bool {
        ["/api/", "/webhooks/"]
            .iter()
            .any(|prefix| self.path.starts_with(prefix))
    }
}

/// What calls a function.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// The gateway.
    Http(Route),
    /// The bus, for these events.
    Listener(&'static [&'static str]),
    /// A schedule.
    Chore,
    /// A stream.
    Feed,
}

/// A function: its name, what calls it, and how to open it in process.
#[derive(Clone)]
pub struct Function {
    /// The name of the binary and of the Lambda.
    pub name: &'static str,
    /// What calls it.
    pub kind: Kind,
    /// What the API's documentation says of it.
    pub(crate) schema: Option<fn(&mut schemars::SchemaGenerator) -> OperationSchema>,
    open: fn(&Environment) -> Invoke,
}

impl Function {
    /// A function over HTTP.
    pub fn operation<O: Operation>() -> Self {
        let route = Route {
            method: O::METHOD,
            path: O::PATH,
            access: O::Who::ACCESS,
        };
        Self {
            name: O::NAME,
            kind: Kind::Http(route),
            schema: Some(OperationSchema::of::<O>),
            open: open_operation::<O>,
        }
    }

    /// A function that listens to the bus.
    pub fn listener<L: Listener>() -> Self {
        Self {
            name: L::NAME,
            kind: Kind::Listener(L::EVENTS),
            schema: None,
            open: open_listener::<L>,
        }
    }

    /// A function that follows a schedule.
    pub fn chore<C: Chore>() -> Self {
        Self {
            name: C::NAME,
            kind: Kind::Chore,
            schema: None,
            open: open_chore::<C>,
        }
    }

    /// A function that feeds on a stream.
    pub fn feed<F: Feed>() -> Self {
        Self {
            name: F::NAME,
            kind: Kind::Feed,
            schema: None,
            open: open_feed::<F>,
        }
    }

    /// Opens it in this process.
    pub fn open(&self, environment: &Environment) -> Invoke {
        (self.open)(environment)
    }
}

fn open_operation<O: Operation>(environment: &Environment) -> Invoke {
    let desk = Arc::new(Desk::<O::Outside>::open(environment));
    Arc::new(move |payload| {
        let desk = Arc::clone(&desk);
        async move {
            let request: LambdaRequest =
                serde_json::from_value(payload).map_err(|error| error.to_string())?;
            let handler = service_fn(move |request| {
                let desk = Arc::clone(&desk);
                async move { Ok::<_, std::convert::Infallible>(answer::<O>(&desk, request).await) }
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
opener!(open_feed, Feed, feed::<T>);

fn open_chore<C: Chore>(environment: &Environment) -> Invoke {
    let desk = Arc::new(Desk::<C::Outside>::open(environment));
    Arc::new(move |payload| {
        let desk = Arc::clone(&desk);
        async move { do_chore::<C>(&desk, payload["id"].as_str().unwrap_or_default()).await }
            .boxed()
    })
}

type Started = Result<(), lambda_runtime::Error>;

/// Opens the desk with the process's variables, logs in JSON, and connects before the first call.
async fn open_desk<O: adapters::environment::Outside>() -> Result<Desk<O>, lambda_runtime::Error> {
    tracing_subscriber::fmt()
        .json()
        .with_target(false)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("LOG_LEVEL")
                .unwrap_or_else(|_| "info".into()),
        )
        .init();
    let environment = Environment::of_process();
    let desk = Desk::<O>::open(&environment);
    environment.check()?;
    desk.store.warm_up().await;
    Ok(desk)
}

/// Runs an operation on Lambda, until the environment ends.
///
/// # Errors
/// When a variable is missing, or the runtime API ends the function.
pub async fn start_operation<O: Operation>() -> Started {
    let desk = open_desk::<O::Outside>().await?;
    let desk = &desk;
    lambda_http::run(service_fn(move |request| async move {
        Ok::<_, std::convert::Infallible>(answer::<O>(desk, request).await)
    }))
    .await
}

/// Runs a listener on Lambda.
///
/// # Errors
/// When a variable is missing, or the runtime API ends the function.
pub async fn start_listener<L: Listener>() -> Started {
    let desk = open_desk::<L::Outside>().await?;
    let desk = &desk;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        listen::<L>(desk, event.payload)
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
    let desk = open_desk::<C::Outside>().await?;
    let desk = &desk;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        do_chore::<C>(desk, &event.context.request_id)
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
    let desk = open_desk::<F::Outside>().await?;
    let desk = &desk;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        feed::<F>(desk, event.payload)
            .await
            .map_err(lambda_runtime::Error::from)
    }))
    .await
}
