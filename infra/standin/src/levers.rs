//! Levers for scripts and tests: pay without a browser, and make things go wrong.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cards::Card;
use crate::errors::Fault;
use crate::paying::{Paid, authenticated, not_authenticated, try_card};
use crate::{StripeStandin, accounts, disputes, exchanges, payment_intents, refunds, reversals};

/// When an API call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fail {
    /// Nothing was done.
    Before,
    /// Everything was done, and the answer was lost.
    After,
}

/// How the next API calls fail.
#[derive(Debug)]
struct Failing {
    fail: Fail,
    /// How many calls still fail.
    left: u32,
    /// How the path of those calls begins: other calls succeed. Empty, all fail.
    path: String,
}

/// What was asked to go wrong. Forgotten by a restart.
#[derive(Debug)]
pub(crate) struct Levers {
    /// No event is sent.
    pub(crate) paused: bool,
    /// How the next API calls fail, and how many of them.
    failing: Option<Failing>,
    /// How long the next API call takes.
    pub(crate) slow_next: Option<Duration>,
    /// The transfers capability of accounts to come.
    pub(crate) new_accounts: &'static str,
}

impl Default for Levers {
    fn default() -> Self {
        Self {
            paused: false,
            failing: None,
            slow_next: None,
            new_accounts: accounts::PENDING,
        }
    }
}

impl Levers {
    /// How the API call to this path fails, if it does.
    pub(crate) fn take_failure(&mut self, path: &str) -> Option<Fail> {
        let failing = self
            .failing
            .as_mut()
            .filter(|failing| path.starts_with(&failing.path))?;
        let fail = failing.fail;
        failing.left -= 1;
        if failing.left == 0 {
            self.failing = None;
        }
        Some(fail)
    }
}

pub(crate) fn router(standin: &StripeStandin) -> Router {
    Router::new()
        .route("/local/stripe/pay", post(pay))
        .route("/local/stripe/authenticate", post(authenticate))
        .route("/local/stripe/accounts", post(new_accounts))
        .route("/local/stripe/accounts/{id}", post(account))
        .route("/local/stripe/accounts/{id}/payout", post(pay_out))
        .route("/local/stripe/authorisations/{id}/lapse", post(lapse))
        .route("/local/stripe/charges/{id}/dispute", post(dispute))
        .route("/local/stripe/disputes/{id}/close", post(close_dispute))
        .route("/local/stripe/refunds/{id}/fail", post(fail_refund))
        .route("/local/stripe/refunds/{id}/settle", post(settle_refund))
        .route("/local/stripe/webhooks/repeat", post(repeat))
        .route("/local/stripe/webhooks/pause", post(pause))
        .route("/local/stripe/webhooks/resume", post(resume))
        .route("/local/stripe/webhooks/lose", post(lose))
        .route("/local/stripe/fail-next", post(fail_next))
        .route("/local/stripe/slow-next", post(slow_next))
        .route("/local/stripe/objects", get(objects))
        .route("/local/stripe/exchanges", get(exchanges::list))
        .with_state(standin.clone())
}

type Said = Result<Json<Value>, Refused>;

struct Refused(Fault);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, Json(self.0.body(""))).into_response()
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

fn told(paid: &Paid) -> Value {
    match paid {
        Paid::Done { redirect } => json!({ "status": "complete", "redirect": redirect }),
        Paid::NeedsAuthentication => json!({ "status": "requires_action" }),
        Paid::Declined(decline) => {
            json!({ "status": "declined", "code": decline.code, "decline_code": decline.reason, "message": decline.french })
        }
    }
}

#[derive(Deserialize)]
struct Payment {
    session: String,
    card: String,
}

async fn pay(State(standin): State<StripeStandin>, Json(asked): Json<Payment>) -> Said {
    let (brand, last4, outcome) = Card::parse(&asked.card)
        .map_err(|message| Fault::invalid(Some("incorrect_number"), message).on("card"))?;
    let today = jiff::Timestamp::from_second(standin.now())
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC);
    let card = Card {
        brand: brand.to_owned(),
        last4,
        exp_month: 12,
        exp_year: i64::from(today.year()) + 4,
        name: None,
        outcome,
    };
    Ok(Json(told(
        &standin.act(|work| try_card(work, &asked.session, &card))?,
    )))
}

#[derive(Deserialize)]
struct Authentication {
    session: String,
    outcome: Authenticated,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Authenticated {
    Success,
    Failure,
}

async fn authenticate(
    State(standin): State<StripeStandin>,
    Json(asked): Json<Authentication>,
) -> Said {
    let paid = standin.act(|work| match asked.outcome {
        Authenticated::Success => authenticated(work, &asked.session),
        Authenticated::Failure => not_authenticated(work, &asked.session),
    });
    Ok(Json(told(&paid?)))
}

#[derive(Deserialize)]
struct AccountLever {
    transfers: String,
}

impl AccountLever {
    fn state(&self) -> Result<&'static str, Fault> {
        let known = accounts::STATES
            .into_iter()
            .find(|state| *state == self.transfers);
        known.ok_or_else(|| {
            Fault::parameter("transfers", "Say `active`, `pending` or `restricted`.")
        })
    }
}

async fn new_accounts(
    State(standin): State<StripeStandin>,
    Json(asked): Json<AccountLever>,
) -> Said {
    let state = asked.state()?;
    standin.levers(|levers| levers.new_accounts = state);
    Ok(Json(json!({ "transfers": state })))
}

async fn account(
    State(standin): State<StripeStandin>,
    Path(id): Path<String>,
    Json(asked): Json<AccountLever>,
) -> Said {
    let state = asked.state()?;
    Ok(Json(
        standin.act(|work| accounts::set_transfers(work, &id, state))?,
    ))
}

async fn lapse(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Said {
    let lapsed = standin.act(|work| {
        let intent = work.found("payment_intent", &id)?;
        if intent["status"] != "requires_capture" {
            return Err(Fault::unexpected_state(
                &intent,
                "lapsed",
                "requires_capture",
            ));
        }
        payment_intents::lapse(work, intent)
    });
    Ok(Json(lapsed?))
}

async fn pay_out(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Said {
    Ok(Json(standin.act(|work| reversals::pay_out(work, &id))?))
}

#[derive(Deserialize)]
struct Disputed {
    reason: String,
}

async fn dispute(
    State(standin): State<StripeStandin>,
    Path(id): Path<String>,
    Json(asked): Json<Disputed>,
) -> Said {
    Ok(Json(
        standin.act(|work| disputes::open(work, &id, &asked.reason))?,
    ))
}

#[derive(Deserialize)]
struct Decision {
    outcome: Decided,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decided {
    Won,
    Lost,
}

async fn close_dispute(
    State(standin): State<StripeStandin>,
    Path(id): Path<String>,
    Json(asked): Json<Decision>,
) -> Said {
    let won = asked.outcome == Decided::Won;
    Ok(Json(standin.act(|work| disputes::close(work, &id, won))?))
}

async fn fail_refund(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Said {
    Ok(Json(standin.act(|work| refunds::fail(work, &id))?))
}

async fn settle_refund(State(standin): State<StripeStandin>, Path(id): Path<String>) -> Said {
    Ok(Json(standin.act(|work| refunds::settle(work, &id))?))
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
    let times = asked.times.min(100);
    let repeated = standin.store(|store| {
        let newest = if asked.event == "last" {
            store.newest("event", 1)?.pop()
        } else {
            store.read(&asked.event)?
        };
        let Some(event) = newest
            .filter(|found| matches!(found["object"].as_str(), Some("event" | "v2.core.event")))
        else {
            return Ok(None);
        };
        let id = event["id"].as_str().unwrap_or_default().to_owned();
        for _ in 0..times {
            store.repeat(&id, now)?;
        }
        Ok(Some(id))
    });
    standin.wake();
    let event = repeated
        .map_err(Fault::from)?
        .ok_or_else(|| Fault::no_such("event", &asked.event))?;
    Ok(Json(json!({ "event": event, "repeated": times })))
}

async fn pause(State(standin): State<StripeStandin>) -> Said {
    standin.levers(|levers| levers.paused = true);
    Ok(Json(json!({ "paused": true })))
}

async fn resume(State(standin): State<StripeStandin>) -> Said {
    standin.levers(|levers| levers.paused = false);
    standin.wake();
    Ok(Json(json!({ "paused": false })))
}

/// What was not delivered yet never will be: Stripe gave it up.
async fn lose(State(standin): State<StripeStandin>) -> Said {
    let lost = standin.store(|store| store.lose_waiting());
    Ok(Json(json!({ "lost": lost.map_err(Fault::from)? })))
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    before: bool,
    #[serde(default)]
    after: bool,
    #[serde(default = "once")]
    times: u32,
    /// `/v1/refunds` makes only calls to refunds fail.
    #[serde(default)]
    path: String,
}

async fn fail_next(State(standin): State<StripeStandin>, Json(asked): Json<Failure>) -> Said {
    let fail = if asked.before {
        Some(Fail::Before)
    } else {
        asked.after.then_some(Fail::After)
    };
    standin.levers(|levers| {
        levers.failing = fail.filter(|_| asked.times > 0).map(|fail| Failing {
            fail,
            left: asked.times,
            path: asked.path.clone(),
        })
    });
    Ok(Json(
        json!({ "before": asked.before, "after": asked.after, "times": asked.times, "path": asked.path }),
    ))
}

#[derive(Deserialize)]
struct Slowness {
    milliseconds: u64,
}

/// The next API call takes this long: its key is in use meanwhile.
async fn slow_next(State(standin): State<StripeStandin>, Json(asked): Json<Slowness>) -> Said {
    let wait = Duration::from_millis(asked.milliseconds.min(60_000));
    standin.levers(|levers| levers.slow_next = Some(wait));
    Ok(Json(json!({ "milliseconds": wait.as_millis() })))
}

#[derive(Deserialize)]
struct Question {
    kind: String,
}

/// `GET /local/stripe/objects?kind=transfer`, or `kind=delivery`: newest first, as a plain array.
async fn objects(State(standin): State<StripeStandin>, Query(asked): Query<Question>) -> Said {
    let listed = standin.store(|store| match asked.kind.as_str() {
        "delivery" => store.deliveries(1000),
        kind => store.newest(kind, 1000),
    });
    Ok(Json(Value::Array(listed.map_err(Fault::from)?)))
}
