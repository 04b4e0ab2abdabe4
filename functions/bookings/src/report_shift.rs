//! An agent says how the shift went: the client and the company read it.

use domain::event::Event;
use domain::shift::{ContactAtEnd, PhoneTimes};
use http_function::{Agent, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::BookingPath;
use crate::shifts::{OwnShift, Writing};

/// An agent says how the shift went.
pub struct ReportShift;

/// How it went.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct NewReport {
    /// When it was written and when it is sent, by the phone's clock.
    times: PhoneTimes,
    /// In the agent's words.
    #[schemars(length(min = 1, max = 2000))]
    text: String,
    /// Whether the client's contact was there.
    contact: ContactAtEnd,
}

impl Operation for ReportShift {
    const NAME: &'static str = "report-shift";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/agent/shifts/{booking}/report";
    const SUMMARY: &'static str =
        "Say how one's own shift went, once: its client and its company read it.";
    type Outside = ();
    type Who = Agent;
    type Path = BookingPath;
    type Input = NewReport;
    type Output = OwnShift;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OwnShift>, Problem> {
        let mut own = Writing::of(&desk.store, &call.who, &call.path.booking).await?;
        let NewReport {
            times,
            text,
            contact,
        } = &call.input;
        let moment = times.received(call.now);
        own.shift.end_with(&own.booking, moment, text, *contact)?;
        let told = Event::ShiftReported {
            booking: own.booking.id.clone(),
            agent: own.shift.agent.clone(),
        };
        own.reply(call, Some(told))
    }
}
