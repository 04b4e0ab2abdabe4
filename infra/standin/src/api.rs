//! The HTTP API: who calls, with which key, for the first time or again.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::errors::Fault;
use crate::store::Work;
use crate::{
    StripeStandin, accounts, balance, checkout_sessions, events, payment_intents, transfers,
};

/// The version of Stripe's API that is imitated.
pub(crate) const API_VERSION: &str = "2026-04-22.dahlia";
/// Keys are remembered for a day.
const KEY_LIFE_SECONDS: i64 = 24 * 3600;

pub(crate) fn router(standin: &StripeStandin) -> Router {
    Router::new()
        .route("/v1/{*rest}", any(call))
        .route("/v2/{*rest}", any(call))
        .with_state(standin.clone())
}

/// A call, taken apart.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: Vec<&'a str>,
    pub(crate) params: Value,
    pub(crate) public_url: &'a str,
}

async fn call(
    State(standin): State<StripeStandin>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (status, body, replayed) = match answer(&standin, &method, &uri, &headers, &body) {
        Ok((status, body, replayed)) => (status, body, replayed),
        Err(fault) => (fault.status, fault.body().to_string(), false),
    };
    standin.0.wake.notify_one();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let request = crate::store::fresh_id("req");
    let mut response = (status, [("content-type", "application/json")], body).into_response();
    if let Ok(request) = request.parse() {
        response.headers_mut().insert("request-id", request);
    }
    if replayed {
        response.headers_mut().insert(
            "idempotent-replayed",
            axum::http::HeaderValue::from_static("true"),
        );
    }
    response
}

type Said = (u16, String, bool);

fn answer(
    standin: &StripeStandin,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Said, Fault> {
    check_key(standin, headers)?;
    let path: Vec<&str> = uri
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let text = if *method == Method::GET {
        uri.query().unwrap_or_default().as_bytes()
    } else {
        body
    };
    let params = if path.first() == Some(&"v2") && *method != Method::GET {
        json_body(text)?
    } else {
        form(text)?
    };
    let call = Call {
        method: method.as_str(),
        path,
        params,
        public_url: &standin.0.settings.public_url,
    };
    let failing = standin.levers(|levers| levers.fail_next.take());
    if failing == Some(crate::levers::Fail::Before) {
        return Err(Fault::broken("asked to fail before taking effect"));
    }
    let key = headers
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok())
        .filter(|_| *method == Method::POST);
    let said = executed(standin, &call, uri, key)?;
    if failing == Some(crate::levers::Fail::After) {
        return Err(Fault::broken("asked to fail after taking effect"));
    }
    Ok(said)
}

fn executed(
    standin: &StripeStandin,
    call: &Call<'_>,
    uri: &Uri,
    key: Option<&str>,
) -> Result<Said, Fault> {
    let now = standin.now();
    let request = crate::webhooks::hexadecimal(&Sha256::digest(format!(
        "{} {uri} {}",
        call.method, call.params
    )));
    standin
        .store(|store| {
            if let Some(key) = key
                && let Some((first, status, body)) = store.answer(key, now - KEY_LIFE_SECONDS)?
            {
                let same = first == request;
                let other = "Keys for idempotent requests can only be used with the same parameters they were first used with.";
                return Ok(if same { Ok((status, body, true)) } else { Err(Fault::idempotency(other, 400)) });
            }
            let work = store.work(now)?;
            match dispatch(&work, call) {
                Ok(object) => {
                    let body = object.to_string();
                    if let Some(key) = key {
                        work.answered(key, &request, 200, &body)?;
                    }
                    work.keep()?;
                    Ok(Ok((200, body, false)))
                }
                Err(fault) => Ok(Err(fault)),
            }
        })
        .map_err(Fault::from)?
}

fn dispatch(work: &Work<'_>, call: &Call<'_>) -> Result<Value, Fault> {
    match (call.method, call.path.as_slice()) {
        ("POST", ["v1", "checkout", "sessions"]) => checkout_sessions::create(work, call),
        ("GET", ["v1", "checkout", "sessions", id]) => checkout_sessions::read(work, id),
        ("POST", ["v1", "checkout", "sessions", id, "expire"]) => {
            checkout_sessions::expire(work, id)
        }
        ("GET", ["v1", "payment_intents", id]) => payment_intents::read(work, id, &call.params),
        ("POST", ["v1", "payment_intents", id, "capture"]) => {
            payment_intents::capture(work, id, &call.params)
        }
        ("POST", ["v1", "payment_intents", id, "cancel"]) => {
            payment_intents::cancel(work, id, &call.params)
        }
        ("GET", ["v1", "charges", id]) => found(work, "charge", id),
        ("POST", ["v1", "transfers"]) => transfers::create(work, &call.params),
        ("GET", ["v1", "transfers"]) => transfers::list(work, &call.params),
        ("GET", ["v1", "transfers", id]) => found(work, "transfer", id),
        ("GET", ["v1", "balance"]) => balance::read(work),
        ("GET", ["v1", "events"]) => events::list(work),
        ("GET", ["v1", "events", id]) => found(work, "event", id),
        ("POST", ["v2", "core", "accounts"]) => accounts::create(work, &call.params),
        ("GET", ["v2", "core", "accounts", id]) => accounts::read_v2(work, id),
        ("GET", ["v1", "accounts", id]) => accounts::read_v1(work, id),
        _ => {
            let message = format!(
                "Unrecognized request URL ({}: /{}).",
                call.method,
                call.path.join("/")
            );
            Err(Fault {
                status: 404,
                ..Fault::invalid(None, message)
            })
        }
    }
}

/// An object that must be there, and of this kind.
pub(crate) fn found(work: &Work<'_>, kind: &str, id: &str) -> Result<Value, Fault> {
    let object = work.read(id)?.filter(|object| object["object"] == kind);
    object.ok_or_else(|| Fault::no_such(kind, id))
}

fn check_key(standin: &StripeStandin, headers: &HeaderMap) -> Result<(), Fault> {
    let given = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    let Some(given) = given.and_then(|value| value.strip_prefix("Bearer ")) else {
        return Err(Fault::key("You did not provide an API key."));
    };
    if given == standin.0.settings.secret_key {
        Ok(())
    } else {
        Err(Fault::key("Invalid API Key provided."))
    }
}

fn form(bytes: &[u8]) -> Result<Value, Fault> {
    let parsed = serde_qs::Config::new()
        .max_depth(8)
        .deserialize_bytes::<Map<String, Value>>(bytes);
    parsed
        .map(Value::Object)
        .map_err(|error| Fault::invalid(None, format!("Invalid form: {error}")))
}

fn json_body(bytes: &[u8]) -> Result<Value, Fault> {
    serde_json::from_slice(bytes)
        .map_err(|error| Fault::invalid(None, format!("Invalid JSON: {error}")))
}

/// A parameter that is text.
pub(crate) fn text<'a>(params: &'a Value, name: &str) -> Option<&'a str> {
    params[name].as_str().filter(|text| !text.is_empty())
}

/// A parameter that is a whole number, which a form sends as text.
pub(crate) fn number(params: &Value, name: &str) -> Option<i64> {
    params[name]
        .as_i64()
        .or_else(|| params[name].as_str()?.parse().ok())
}
