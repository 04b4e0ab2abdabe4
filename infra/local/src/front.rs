//! The public origin: who may speak to it, and which part answers.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use tower::ServiceExt;

use crate::answers::problem;
use crate::edge;
use crate::gateway::{self, Found, Match};
use crate::levers;
use crate::site;
use crate::stripe::Stripe;
use crate::world::World;

pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new().fallback(serve).with_state(world)
}

async fn serve(State(world): State<Arc<World>>, request: Request<Body>) -> Response<Body> {
    if let Some(refusal) = refusal(&world, &request) {
        return refusal;
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = std::time::Instant::now();
    let response = answer(&world, request).await;
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, path, status = response.status().as_u16(), milliseconds, "request");
    response
}

/// The gateway at its own address, without CloudFront before it.
pub(crate) fn gateway_router(world: Arc<World>) -> Router {
    Router::new().fallback(unguarded).with_state(world)
}

async fn unguarded(State(world): State<Arc<World>>, request: Request<Body>) -> Response<Body> {
    match world.gateway.find(request.method(), request.uri().path()) {
        Match::Function(found) => world.gateway.serve(found, request).await,
        Match::OtherMethod => gateway::other_method(),
        Match::Unknown | Match::Elsewhere => gateway::unknown(),
    }
}

async fn answer(world: &Arc<World>, request: Request<Body>) -> Response<Body> {
    let path = request.uri().path();
    if Stripe::own(path) {
        return match world.stripe.router().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
    }
    if levers::own(path) {
        return levers::serve(world, request).await;
    }
    if world.buckets.own(path) {
        return world.buckets.serve(request, &world.events).await;
    }
    // CloudFront looks for it in the site's bucket too.
    if path == site::DESCRIPTION {
        return world.site.describe().await;
    }
    match world.gateway.find(request.method(), path) {
        Match::Function(found) if found.is_page() => {
            world.site.publish().await;
            let page = world.passed_on(found, request).await;
            world.site.with_headers(dated(world, page))
        }
        Match::Function(found) => dated(world, world.passed_on(found, request).await),
        Match::OtherMethod => gateway::other_method(),
        Match::Unknown => gateway::unknown(),
        Match::Elsewhere => world.site.serve(request).await,
    }
}

impl World {
    /// By CloudFront to the gateway.
    async fn passed_on(&self, found: Found<'_>, mut request: Request<Body>) -> Response<Body> {
        edge::pass_on(&mut request, &self.origin_proof);
        self.gateway.serve(found, request).await
    }
}

/// Says when it was answered by the product's clock: screens count from it.
fn dated(world: &World, mut response: Response<Body>) -> Response<Body> {
    let now = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&world.clock.now())
        .ok()
        .and_then(|now| HeaderValue::try_from(now).ok());
    if let Some(now) = now {
        response.headers_mut().insert(header::DATE, now);
    }
    response
}

/// A page elsewhere must not reach this machine: neither by a name that resolves to it (the Host
/// header tells), nor by posting to the levers from another site (the Origin header tells).
fn refusal(world: &World, request: &Request<Body>) -> Option<Response<Body>> {
    let headers = request.headers();
    let host = text(headers, &header::HOST)
        .or_else(|| request.uri().authority().map(http::uri::Authority::as_str))
        .unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => (name, Some(port)),
        _ => (host, None),
    };
    if !matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
        return Some(problem(
            StatusCode::MISDIRECTED_REQUEST,
            "unknown_host",
            "Ce serveur ne répond qu'à 127.0.0.1 et à localhost.",
        ));
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && request.uri().path().starts_with("/local") && !same_site(headers, world.port) {
        return Some(problem(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "Les leviers ne répondent pas aux pages d'un autre site.",
        ));
    }
    // One origin for cookies and presigned URLs: whoever typed localhost goes where they are valid.
    if reads && name == "localhost" && port == Some(world.port.to_string().as_str()) {
        return redirect(world, request);
    }
    None
}

fn same_site(headers: &HeaderMap, port: u16) -> bool {
    if text(headers, "sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return false;
    }
    text(headers, &header::ORIGIN).is_none_or(|origin| {
        ["127.0.0.1", "localhost"]
            .iter()
            .any(|name| origin == format!("http://{name}:{port}"))
    })
}

fn redirect(world: &World, request: &Request<Body>) -> Option<Response<Body>> {
    let path = request.uri().path_and_query()?.as_str();
    let location = format!("{}{path}", world.surroundings.public_url);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response
        .headers_mut()
        .insert(header::LOCATION, HeaderValue::from_str(&location).ok()?);
    Some(response)
}

fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
