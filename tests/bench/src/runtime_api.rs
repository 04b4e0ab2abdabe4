//! The runtime API that Lambda gives a function, with one invocation to hand out, and a watch.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What the function did, and when.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    /// It asked for its first invocation.
    pub(crate) first_poll: Option<Instant>,
    /// It gave its first answer.
    pub(crate) first_answer: Option<Instant>,
    /// The answer, or the error.
    pub(crate) answer: String,
    /// Whether it answered instead of failing.
    pub(crate) succeeded: bool,
}

struct Shared {
    seen: Mutex<Seen>,
    done: Notify,
    event: String,
    deadline: String,
}

/// One runtime API for one process.
pub(crate) struct RuntimeApi {
    /// As `AWS_LAMBDA_RUNTIME_API` has it.
    pub(crate) address: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl RuntimeApi {
    /// Listens on a free port. Whoever polls first gets `event`; `now` is in milliseconds.
    pub(crate) async fn start(event: &Value, now: i64) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            seen: Mutex::default(),
            done: Notify::new(),
            event: event.to_string(),
            deadline: (now + 60_000).to_string(),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(response),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let server = tokio::spawn(async move {
            let _ends_when_dropped = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            shared,
            server,
        })
    }

    /// Waits for the first answer, and says what was seen.
    pub(crate) async fn answered(&self) -> Seen {
        self.shared.done.notified().await;
        self.shared
            .seen
            .lock()
            .map(|seen| seen.clone())
            .unwrap_or_default()
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let at = Instant::now();
    let first = shared.seen.lock().is_ok_and(|mut seen| {
        let first = seen.first_poll.is_none();
        seen.first_poll.get_or_insert(at);
        first
    });
    if !first {
        std::future::pending::<()>().await;
    }
    let headers = [
        ("lambda-runtime-aws-request-id", "bench"),
        ("lambda-runtime-deadline-ms", shared.deadline.as_str()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-3:000000000000:function:bench",
        ),
        ("lambda-runtime-trace-id", "Root=1-0-0"),
        ("content-type", "application/json"),
    ];
    (headers, shared.event.clone()).into_response()
}

fn end(shared: &Shared, succeeded: bool, body: &Bytes) -> StatusCode {
    let at = Instant::now();
    if let Ok(mut seen) = shared.seen.lock() {
        seen.first_answer = Some(at);
        seen.succeeded = succeeded;
        seen.answer = String::from_utf8_lossy(body).into_owned();
    }
    shared.done.notify_one();
    StatusCode::ACCEPTED
}

async fn response(
    State(shared): State<Arc<Shared>>,
    Path(_): Path<String>,
    body: Bytes,
) -> StatusCode {
    end(&shared, true, &body)
}

async fn error(
    State(shared): State<Arc<Shared>>,
    Path(_): Path<String>,
    body: Bytes,
) -> StatusCode {
    end(&shared, false, &body)
}

async fn init_error(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    end(&shared, false, &body)
}
