//! An agent leaves.

use http_function::{Agent, Call, Desk, Operation, Problem, Reply};

use crate::check_in::PresenceTold;
use crate::ownership::BookingPath;
use crate::shifts::{OwnShift, Writing};

/// An agent leaves.
pub struct CheckOut;

impl Operation for CheckOut {
    const NAME: &'static str = "check-out";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/agent/shifts/{booking}/departure";
    const SUMMARY: &'static str = "Tell that one leaves, once one has arrived.";
    type Outside = ();
    type Who = Agent;
    type Path = BookingPath;
    type Input = PresenceTold;
    type Output = OwnShift;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OwnShift>, Problem> {
        let mut own = Writing::of(&desk.store, &call.who, &call.path.booking).await?;
        let moment = call.input.times.received(call.now);
        own.shift.leave(&own.booking, moment, call.input.position)?;
        own.reply(call, None)
    }
}
