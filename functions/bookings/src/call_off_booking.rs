//! The operator calls one booking off in its parties' place: everything is given back to the client.

use domain::booking::{Calling, Command};
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::intervening::{Intervened, intervene, reason};
use crate::ownership::BookingPath;

/// Calling a booking off.
pub struct CallOffBooking;

/// Why.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CallingOff {
    /// Why, for both parties.
    #[schemars(length(min = 20, max = 2000))]
    pub reason: String,
}

impl Operation for CallOffBooking {
    const NAME: &'static str = "call-off-booking";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/bookings/{booking}/cancel";
    const SUMMARY: &'static str =
        "Call a booking off in the parties' place: everything is given back.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = BookingPath;
    type Input = CallingOff;
    type Output = Intervened;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Intervened>, Problem> {
        let calling = Calling::Operator {
            reason: reason(&call.input.reason)?,
        };
        intervene(desk, call, &Command::CallOff { calling }).await
    }
}
