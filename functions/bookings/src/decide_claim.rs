//! The operator decides a claim that the two parties did not settle.

use adapters::bookings;
use adapters::store::Key;
use domain::booking::{Actor, Booking, BookingState, Command, MoneyPosition, decide};
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::BookingPath;
use crate::words::words;

/// Deciding a claim.
pub struct DecideClaim;

/// What is decided.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ClaimDecision {
    /// How much of the price is given back, service fees included.
    #[schemars(range(min = 0, max = 100))]
    pub percent: u8,
    /// Why, for both parties.
    #[schemars(length(min = 20, max = 2000))]
    pub reason: String,
}

/// The booking afterwards.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DecidedClaim {
    /// Where it stands.
    state: BookingState,
    /// Where the money is before anything moves.
    money: MoneyPosition,
}

impl Operation for DecideClaim {
    const NAME: &'static str = "decide-claim";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/bookings/{booking}/claim/decision";
    const SUMMARY: &'static str = "Decide a claim in the parties' place.";
    type Outside = ();
    type Who = Admin;
    type Path = BookingPath;
    type Input = ClaimDecision;
    type Output = DecidedClaim;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<DecidedClaim>, Problem> {
        let read = desk
            .store
            .get::<Booking>(Key::booking(&call.path.booking))
            .await?
            .ok_or_else(Problem::not_found)?;
        let asked = Command::DecideClaim {
            percent: call.input.percent,
            reason: words("reason", &call.input.reason, 20, 2000)?,
        };
        let decision = decide(&read.record, Actor::Admin, &asked, call.now)?;
        let decided = DecidedClaim {
            state: decision.booking.state,
            money: decision.booking.money(),
        };
        let changes = bookings::write(&desk.store, &read, decision, call.changes()).await?;
        Ok(Reply::ok(decided).changing(changes.activity(Self::NAME, read.record.id.as_str())))
    }
}
