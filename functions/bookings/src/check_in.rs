//! An agent is there.

use domain::shift::{PhoneTimes, Whereabouts};
use http_function::{Agent, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::BookingPath;
use crate::shifts::{OwnShift, Writing};

/// An agent is there.
pub struct CheckIn;

/// When an agent came or left, as the phone tells it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PresenceTold {
    /// When it happened and when it is sent, by the phone's clock.
    pub times: PhoneTimes,
    /// Where, when the agent agrees to say it.
    #[serde(default)]
    pub position: Option<Whereabouts>,
}

impl Operation for CheckIn {
    const NAME: &'static str = "check-in";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/agent/shifts/{booking}/arrival";
    const SUMMARY: &'static str = "Tell that one is there, from 30 minutes before the start on; perhaps later, when the \
        phone was without network.";
    type Outside = ();
    type Who = Agent;
    type Path = BookingPath;
    type Input = PresenceTold;
    type Output = OwnShift;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OwnShift>, Problem> {
        let mut own = Writing::of(&desk.store, &call.who, &call.path.booking).await?;
        let moment = call.input.times.received(call.now);
        own.shift
            .arrive(&own.booking, moment, call.input.position)?;
        own.reply(call, None)
    }
}
