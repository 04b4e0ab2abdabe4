//! Another agent goes: a sick agent never ends a mission by itself.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Booking, BookingRefused, BookingState, Decision};
use crate::event::Event;
use crate::ids::AgentId;
use crate::time::interval::Interval;

/// How often a mission changes hands: far more than anybody needs, and few enough to be told each time.
const MOST_REPLACEMENTS: usize = 40;

/// Somebody who went, or goes, in the place of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replacement {
    /// Who does not come, or not any more.
    pub left: AgentId,
    /// Who comes.
    pub came: AgentId,
    /// When it was decided: during the mission, also the moment from which the other one is there.
    pub at: Timestamp,
}

impl Booking {
    /// What a newcomer would do of the mission at `now`: all of it before it begins, then what is left.
    pub fn left_to_do(&self, now: Timestamp) -> Result<Interval, BookingRefused> {
        let mission = self.mission.interval;
        Interval::new(mission.start().max(now), mission.end())
            .map_err(|_| BookingRefused::MissionOver)
    }

    /// The booking with other agents than those who were held for it.
    pub fn with_agents(&self, agents: Vec<AgentId>) -> Self {
        Self {
            agents,
            ..self.clone()
        }
    }

    /// Whether the last change was this one: a request that comes twice changes nothing.
    pub fn was_just_replaced(&self, left: &AgentId, came: &AgentId) -> bool {
        let last = self.replacements.last();
        last.is_some_and(|last| last.left == *left && last.came == *came)
            && self.agents.contains(came)
    }

    /// Sends somebody in the place of somebody else, until the mission ends. Whether they may go is asked
    /// of `staffing`.
    pub fn replace_agent(
        &self,
        left: &AgentId,
        came: &AgentId,
        now: Timestamp,
    ) -> Result<Decision, BookingRefused> {
        if self.state != BookingState::Accepted {
            return Err(BookingRefused::WrongState);
        }
        self.left_to_do(now)?;
        if !self.agents.contains(left) || self.agents.contains(came) {
            return Err(BookingRefused::AgentsChanged);
        }
        if self.replacements.len() >= MOST_REPLACEMENTS {
            return Err(BookingRefused::TooManyReplacements);
        }
        let agents = self.agents.iter();
        let agents = agents.map(|agent| if agent == left { came } else { agent });
        let mut booking = self.with_agents(agents.cloned().collect());
        booking.replacements.push(Replacement {
            left: left.clone(),
            came: came.clone(),
            at: now,
        });
        let event = Event::AgentReplaced {
            booking: self.id.clone(),
            left: left.clone(),
            came: came.clone(),
        };
        Ok(Decision {
            events: vec![event],
            ..Decision::silent(booking)
        })
    }
}
