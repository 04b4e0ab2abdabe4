//! An agent writes something down; of an incident the company is told at once.

use domain::event::Event;
use domain::shift::{EntryKind, PhoneTimes};
use http_function::{Agent, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::BookingPath;
use crate::shifts::{OwnShift, Writing};

/// An agent writes something down.
pub struct WriteLogEntry;

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct NewEntry {
    /// When it happened and when it is sent, by the phone's clock.
    times: PhoneTimes,
    /// What it is about.
    kind: EntryKind,
    /// In the agent's words.
    #[schemars(length(min = 1, max = 2000))]
    text: String,
}

impl Operation for WriteLogEntry {
    const NAME: &'static str = "write-log-entry";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/agent/shifts/{booking}/log";
    const SUMMARY: &'static str =
        "Write into the log book of one's own shift; the company is told of an incident at once.";
    type Outside = ();
    type Who = Agent;
    type Path = BookingPath;
    type Input = NewEntry;
    type Output = OwnShift;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OwnShift>, Problem> {
        let mut own = Writing::of(&desk.store, &call.who, &call.path.booking).await?;
        let NewEntry { times, kind, text } = &call.input;
        let moment = times.received(call.now);
        own.shift.note(&own.booking, moment, *kind, text)?;
        let told = kind.is_incident().then(|| Event::IncidentNoted {
            booking: own.booking.id.clone(),
            agent: own.shift.agent.clone(),
            entry: own.shift.log.len().saturating_sub(1),
        });
        own.reply(call, told)
    }
}
