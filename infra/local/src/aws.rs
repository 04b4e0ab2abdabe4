//! The internal listener: what functions call on AWS and a browser never does. SES v2 speaks REST,
//! EventBridge the AWS JSON protocol, so one port tells them apart.

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
use crate::permissions::{Permission, Permissions, of_bus, of_mail, of_tables, signer};
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
    match (&parts.method, parts.uri.path(), target) {
        (&Method::POST, "/v2/email/outbound-emails", _) => match allowed(of_mail) {
            Ok(()) => world.mail.send(&body),
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
}

impl TablesDoor {
    pub(crate) fn router(permissions: Permissions, tables: String) -> Router {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let door = Self {
            permissions,
            tables,
            client,
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
    let asked = serde_json::from_slice(&body).unwrap_or_default();
    let asked = of_tables(operation, &asked);
    if let Err(why) = door.permissions.check(signer.as_deref(), &asked) {
        return denied(&why);
    }
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
        Ok(response) => response.map(Body::new),
        Err(error) => aws_error(
            StatusCode::BAD_GATEWAY,
            "InternalServerError",
            &error.to_string(),
        ),
    }
}
