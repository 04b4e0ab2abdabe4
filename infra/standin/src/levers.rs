//! Levers for scripts and tests: pay without a browser, and make things go wrong.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::found;
use crate::cards::{Card, Outcome, look_at};
use crate::errors::Fault;
use crate::payment_intents::{authorise, decline, give_back, require_action};
use crate::store::Work;
use crate::{StripeStandin, accounts};

/// When the next API call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fail {
    Before,
    After,
}

/// What was asked to go wrong. Forgotten by a restart.
#[derive(Debug, Default)]
pub(crate) struct Levers {
    pub(crate) paused: bool,
    pub(crate) fail_next: Option<Fail>,
}

pub(crate) fn router(standin: &StripeStandin) -> Router {
    Router::new()
        .route("/local/stripe/pay", post(pay))
        .route("/local/stripe/authenticate", post(authenticate))
        .route("/local/stripe/accounts/{id}", post(account))
        .route("/local/stripe/authorisations/{id}/lapse", post(lapse))
        .route("/local/stripe/webhooks/repeat", post(repeat))
        .route("/local/stripe/webhooks/pause", post(pause))
        .route("/local/stripe/webhooks/resume", post(resume))
        .route("/local/stripe/fail-next", post(fail_next))
        .route("/local/stripe/objects", get(objects))
        .with_state(standin.clone())
}

type Said = Result<Json<Value>, Refused>;

struct Refused(Fault);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST),
            Json(self.0.body()),
        )
            .into_response()
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

/// What came of an attempt to pay.
pub(crate) enum Paid {
    Done {
        redirect: String,
    },
    NeedsAuthentication,
    Declined {
        code: &'static str,
        message: &'static str,
    },
}

/// A session that can still be paid.
pub(crate) fn open_session(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let session = found(work, "checkout.session", id)?;
    let open = session["status"] == "open"
        && session["expires_at"]
            .as_i64()
            .is_some_and(|at| at > work.now);
    if open {
        Ok(session)
    } else {
        Err(Fault::invalid(
            Some("session_closed"),
            "This Checkout Session is not open any more.",
        ))
    }
}

/// Tries a card on a session.
pub(crate) fn try_card(work: &Work<'_>, id: &str, card: &Card) -> Result<Paid, Fault> {
    let session = open_session(work, id)?;
    match card.outcome {
        Outcome::Authorised => authorise(work, session, card).map(|session| Paid::Done {
            redirect: redirect(&session),
        }),
        Outcome::NeedsAuthentication => {
            require_action(work, session, card).map(|()| Paid::NeedsAuthentication)
        }
        Outcome::Declined { code, message } => {
            decline(work, session, card, code, message).map(|()| Paid::Declined { code, message })
        }
    }
}

/// The bank's answer to a 3-D Secure authentication.
pub(crate) fn finish_authentication(
    work: &Work<'_>,
    id: &str,
    success: bool,
) -> Result<Paid, Fault> {
    let session = open_session(work, id)?;
    let last4 = session["_last4"]
        .as_str()
        .ok_or_else(|| Fault::invalid(None, "No authentication is under way."))?;
    let card = Card {
        last4: last4.to_owned(),
        outcome: Outcome::NeedsAuthentication,
    };
    if success {
        return authorise(work, session, &card).map(|session| Paid::Done {
            redirect: redirect(&session),
        });
    }
    let (code, message) = (
        "authentication_required",
        "L’authentification a échoué. Essayez de nouveau ou utilisez une autre carte.",
    );
    decline(work, session, &card, code, message).map(|()| Paid::Declined { code, message })
}

fn redirect(session: &Value) -> String {
    let id = session["id"].as_str().unwrap_or_default();
    session["success_url"]
        .as_str()
        .unwrap_or_default()
        .replace("{CHECKOUT_SESSION_ID}", id)
}

fn told(paid: &Paid) -> Value {
    match paid {
        Paid::Done { redirect } => json!({ "status": "complete", "redirect": redirect }),
        Paid::NeedsAuthentication => json!({ "status": "requires_action" }),
        Paid::Declined { code, message } => {
            json!({ "status": "declined", "decline_code": code, "message": message })
        }
    }
}

#[derive(Deserialize)]
struct Payment {
    session: String,
    card: String,
}

async fn pay(State(standin): State<StripeStandin>, Json(asked): Json<Payment>) -> Said {
    let card = look_at(&asked.card)
        .map_err(|message| Fault::invalid(Some("incorrect_number"), message))?;
    Ok(Json(told(
        &standin.act(|work| try_card(work, &asked.session, &card))?,
    )))
}

#[derive(Deserialize)]
struct Authentication {
    session: String,
    outcome: String,
}

async fn authenticate(
    State(standin): State<StripeStandin>,
    Json(asked): Json<Authentication>,
) -> Said {
    let success = asked.outcome == "success";
    Ok(Json(told(&standin.act(|work| {
        finish_authentication(work, &asked.session, success)
    })?)))
}

#[derive(Deserialize)]
struct AccountLever {
    transfers: String,
}

async fn account(
    State(standin): State<StripeStandin>,
    Path(id): Path<String>,
    Json(asked): Json<AccountLever>,
) -> Said {
    if !matches!(asked.transfers.as_str(), "active" | "restricted") {
        return Err(Fault::parameter("transfers", "Say `active` or `restricted`.").into());
    }
    Ok(Json(standin.act(|work| {
        accounts::set_transfers(work, &id, &asked.transfers)
    })?))
}

async fn lapse(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Said {
    let lapsed = standin.act(|work| {
        let intent = found(work, "payment_intent", &id)?;
        if intent["status"] != "requires_capture" {
            return Err(Fault::unexpected_state(&intent, "lapsed"));
        }
        give_back(work, intent, "automatic")
    });
    Ok(Json(lapsed?))
}

#[derive(Deserialize)]
struct Repetition {
    event: String,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

async fn repeat(State(standin): State<StripeStandin>, Json(asked): Json<Repetition>) -> Said {
    let now = standin.now();
    let repeated = standin.store(|store| {
        let events = if asked.event == "last" {
            store.list("event", 1)?
        } else {
            store.read(&asked.event)?.into_iter().collect()
        };
        for event in events.iter().filter_map(|event| event["id"].as_str()) {
            for _ in 0..asked.times.min(100) {
                store.repeat(event, now)?;
            }
        }
        Ok(events.len())
    });
    standin.0.wake.notify_one();
    match repeated.map_err(Fault::from)? {
        0 => Err(Fault::no_such("event", &asked.event).into()),
        _ => Ok(Json(json!({ "repeated": asked.times.min(100) }))),
    }
}

async fn pause(State(standin): State<StripeStandin>) -> Said {
    standin.levers(|levers| levers.paused = true);
    Ok(Json(json!({ "paused": true })))
}

async fn resume(State(standin): State<StripeStandin>) -> Said {
    standin.levers(|levers| levers.paused = false);
    standin.0.wake.notify_one();
    Ok(Json(json!({ "paused": false })))
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    before: bool,
    #[serde(default)]
    after: bool,
}

async fn fail_next(State(standin): State<StripeStandin>, Json(asked): Json<Failure>) -> Said {
    let fail = if asked.before {
        Some(Fail::Before)
    } else {
        asked.after.then_some(Fail::After)
    };
    standin.levers(|levers| levers.fail_next = fail);
    Ok(Json(
        json!({ "before": asked.before, "after": asked.after }),
    ))
}

#[derive(Deserialize)]
struct Listing {
    kind: String,
}

/// `GET /local/stripe/objects?kind=transfer`: newest first, as a plain array.
async fn objects(State(standin): State<StripeStandin>, Query(asked): Query<Listing>) -> Said {
    let listed = standin
        .store(|store| store.list(&asked.kind, 1000))
        .map_err(Fault::from)?;
    Ok(Json(Value::Array(listed)))
}
