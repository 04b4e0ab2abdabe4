//! The operator gives all or part of a mission's price back: after a complaint, or because the mission
//! took place without a title that it needed.

use domain::booking::Command;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::intervening::{Intervened, intervene, reason};
use crate::ownership::BookingPath;

/// Refunding a booking.
pub struct RefundBooking;

/// How much, and why.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PartialRefund {
    /// How much of the price is given back, service fees included. At 0 the professional is paid whole.
    #[schemars(range(min = 0, max = 100))]
    pub percent: u8,
    /// Why, for both parties.
    #[schemars(length(min = 20, max = 2000))]
    pub reason: String,
}

impl Operation for RefundBooking {
    const NAME: &'static str = "refund-booking";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/bookings/{booking}/refund";
    const SUMMARY: &'static str =
        "Give all or part of the price of a mission that is over back, in the parties' place.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = BookingPath;
    type Input = PartialRefund;
    type Output = Intervened;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Intervened>, Problem> {
        let asked = Command::RefundInPart {
            percent: call.input.percent,
            reason: reason(&call.input.reason)?,
        };
        intervene(desk, call, &asked).await
    }
}
