//! The internal listener: what functions call on AWS and a browser never does. SES v2 speaks REST,
//! EventBridge and SQS the AWS JSON protocol, so one port tells them apart.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use http::{Method, Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use crate::mail::aws_error;
use crate::meter::Meter;
use crate::permissions::{Permission, Permissions, of_bus, of_mail, of_tables, signer};
use crate::queues;
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

fn denied(why: &str) -> Response<Body> {
    tracing::error!(why, "refused by its policy");
    aws_error(StatusCode::FORBIDDEN, "AccessDeniedException", why)
}

/// Before DynamoDB: what the caller's policy does not allow goes no further.
pub(crate) struct TablesDoor {
    permissions: Permissions,
    /// The tables themselves, as `127.0.0.1:port`.
    tables: String,
    client: Client<HttpConnector, Body>,
    meter: Arc<Meter>,
}

impl TablesDoor {
    pub(crate) fn router(permissions: Permissions, tables: String, meter: Arc<Meter>) -> Router {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let door = Self {
            permissions,
            tables,
            client,
            meter,
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
    let metered = door.meter.runs();
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
