//! The operator decides a claim that the two parties did not settle.

use domain::booking::Command;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::intervening::{Intervened, intervene, reason};
use crate::ownership::BookingPath;

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

impl Operation for DecideClaim {
    const NAME: &'static str = "decide-claim";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/bookings/{booking}/claim/decision";
    const SUMMARY: &'static str = "Decide a claim in the parties' place.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = BookingPath;
    type Input = ClaimDecision;
    type Output = Intervened;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Intervened>, Problem> {
        let asked = Command::DecideClaim {
            percent: call.input.percent,
            reason: reason(&call.input.reason)?,
        };
        intervene(desk, call, &asked).await
    }
}
