//! The internal listener: what functions call on AWS and a browser never does. SES v2 and Lambda speak
//! REST, EventBridge and SQS the AWS JSON protocol, so one port tells them apart.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use dynoxide::Database;
use dynoxide::errors::DynoxideError;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::answers::json_answer;
use crate::conflicts::Conflicts;
use crate::mail::aws_error;
use crate::meter::Meter;
use crate::permissions::{Permission, Permissions, of_bus, of_mail, of_tables, signer};
use crate::queues;
use crate::template::{ACCOUNT, REGION};
use crate::world::World;

/// What SES takes in one message, attachments included.
const MOST_BYTES: usize = 40 * 1024 * 1024;

pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new().fallback(serve).with_state(world)
}

async fn serve(State(world): State<Arc<World>>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST_BYTES).await else {
        return aws_error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "ValidationException",
            "too large",
        );
    };
    let target = parts
        .headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    let signer = signer(&parts.headers, &parts.uri);
    let allowed = |of: fn(&Value) -> Vec<Permission>| {
        let asked = of(&serde_json::from_slice(&body).unwrap_or_default());
        world.permissions.check(signer.as_deref(), &asked)
    };
    if let Some(operation) = target.and_then(|target| target.strip_prefix(queues::PROTOCOL)) {
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let asked = queues::asked(operation, &body);
        return match world.permissions.check(signer.as_deref(), &asked) {
            Ok(()) => queues::serve(operation, &body, &world.deliveries),
            Err(why) => denied(&why),
        };
    }
    if let Some(function) = invoked(&parts.uri) {
        let asked = of_function(function);
        return match world.permissions.check(signer.as_deref(), &asked) {
            Ok(()) => invoke(&world, function, &body).await,
            Err(why) => denied(&why),
        };
    }
    match (&parts.method, parts.uri.path(), target) {
        (&Method::POST, "/v2/email/outbound-emails", _) => match allowed(of_mail) {
            Ok(()) => world.mail.send(&body, &world.events),
            Err(why) => denied(&why),
        },
        (&Method::POST, "/", Some(target)) => match allowed(of_bus) {
            Ok(()) => world.events.serve(target, &body),
            Err(why) => denied(&why),
        },
        (method, path, _) => aws_error(
            StatusCode::NOT_FOUND,
            "UnknownOperationException",
            &format!("{method} {path} is not served on this machine"),
        ),
    }
}

/// The function that an address of Lambda's invokes, with its stage.
fn invoked(uri: &Uri) -> Option<&str> {
    let rest = uri.path().strip_prefix("/2015-03-31/functions/")?;
    rest.strip_suffix("/invocations")
}

fn of_function(name: &str) -> Vec<Permission> {
    let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}");
    vec![("lambda:InvokeFunction".to_owned(), arn)]
}

/// Lambda's synchronous call: what the function answers, or what it said when it failed.
async fn invoke(world: &World, function: &str, payload: &[u8]) -> Response<Body> {
    let name = function.split_once('-').map_or(function, |(_, name)| name);
    let payload = serde_json::from_slice(payload).unwrap_or_default();
    match world.lambdas.call(name, payload).await {
        Ok(answer) => json_answer(StatusCode::OK, &answer),
        Err(error) => {
            let said = json!({ "errorMessage": error, "errorType": "Error" });
            let mut response = json_answer(StatusCode::OK, &said);
            let unhandled = HeaderValue::from_static("Unhandled");
            let headers = response.headers_mut();
            headers.insert("x-amz-function-error", unhandled);
            response
        }
    }
}

fn denied(why: &str) -> Response<Body> {
    tracing::error!(why, "refused by its policy");
    aws_error(StatusCode::FORBIDDEN, "AccessDeniedException", why)
}

/// Before DynamoDB: what the caller's policy does not allow goes no further.
pub(crate) struct TablesDoor {
    permissions: Permissions,
    database: Database,
    /// The tables themselves, as `127.0.0.1:port`.
    tables: String,
    client: Client<HttpConnector, Body>,
    meter: Arc<Meter>,
    conflicts: Arc<Conflicts>,
}

impl TablesDoor {
    pub(crate) fn router(
        permissions: Permissions,
        database: Database,
        tables: String,
        meter: Arc<Meter>,
        conflicts: Arc<Conflicts>,
    ) -> Router {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let door = Self {
            permissions,
            database,
            tables,
            client,
            meter,
            conflicts,
        };
        Router::new().fallback(pass).with_state(Arc::new(door))
    }
}

async fn pass(State(door): State<Arc<TablesDoor>>, request: Request<Body>) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST_BYTES).await else {
        return aws_error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "ValidationException",
            "too large",
        );
    };
    let operation = parts
        .headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok()?.split('.').nth(1))
        .unwrap_or_default();
    let signer = signer(&parts.headers, &parts.uri);
    let mut asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let wanted = of_tables(operation, &asked);
    if let Err(why) = door.permissions.check(signer.as_deref(), &wanted) {
        return denied(&why);
    }
    let _writing = match door.conflicts.begin(operation, &asked) {
        Ok(writing) => writing,
        Err(refusal) => return refusal.answer(),
    };
    let metered = door.meter.runs();
    if !metered && let Some(answer) = read_at_once(&door.database, operation, &asked) {
        return answer;
    }
    let operation = operation.to_owned();
    let sent = body.len();
    let body = if metered {
        asked["ReturnConsumedCapacity"] = "INDEXES".into();
        parts.headers.remove(http::header::CONTENT_LENGTH);
        asked.to_string().into()
    } else {
        body
    };
    let Ok(uri) = format!("http://{}/", door.tables).parse() else {
        return aws_error(
            StatusCode::BAD_GATEWAY,
            "InternalServerError",
            "no such address",
        );
    };
    parts.uri = uri;
    let request = Request::from_parts(parts, Body::from(body));
    match door.client.request(request).await {
        Ok(response) if metered => {
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(Body::new(body), MOST_BYTES).await;
            let body = body.unwrap_or_default();
            door.meter.count(&operation, sent, &body);
            Response::from_parts(parts, Body::from(body))
        }
        Ok(response) => response.map(Body::new),
        Err(error) => aws_error(
            StatusCode::BAD_GATEWAY,
            "InternalServerError",
            &error.to_string(),
        ),
    }
}

/// What is read is read here: most of what is asked, while the clock is moved by weeks, are questions of
/// sweeps that find nothing. What is refused, or written, goes on to the server of the tables, which says
/// it in DynamoDB's words.
fn read_at_once(database: &Database, operation: &str, asked: &Value) -> Option<Response<Body>> {
    fn read<Q: DeserializeOwned, A: Serialize>(
        asked: &Value,
        ask: impl FnOnce(Q) -> Result<A, DynoxideError>,
    ) -> Option<String> {
        let request = Q::deserialize(asked).ok()?;
        serde_json::to_string(&ask(request).ok()?).ok()
    }
    let body = match operation {
        "GetItem" => read(asked, |request| database.get_item(request))?,
        "Query" => read(asked, |request| database.query(request))?,
        "BatchGetItem" => read(asked, |request| database.batch_get_item(request))?,
        _ => return None,
    };
    let answer = Response::builder().header(header::CONTENT_TYPE, "application/x-amz-json-1.0");
    answer.body(Body::from(body)).ok()
}
