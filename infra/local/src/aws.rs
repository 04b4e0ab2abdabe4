//! The internal listener: what functions call on AWS and a browser never does. SES v2 speaks REST,
//! EventBridge the AWS JSON protocol, so one port tells them apart.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use http::{Method, Request, Response, StatusCode};

use crate::mail::aws_error;
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
    match (&parts.method, parts.uri.path(), target) {
        (&Method::POST, "/v2/email/outbound-emails", _) => world.mail.send(&body),
        (&Method::POST, "/", Some(target)) => world.events.serve(target, &body),
        (method, path, _) => aws_error(
            StatusCode::NOT_FOUND,
            "UnknownOperationException",
            &format!("{method} {path} is not served on this machine"),
        ),
    }
}
