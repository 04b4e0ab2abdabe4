//! A company sends another agent, until the mission ends: the client is told.

use adapters::bookings;
use domain::ids::AgentId;
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, own_booking};
use crate::staffing::{Staffing, StaffingView};

/// A company sends another agent.
pub struct ReplaceAgent;

/// Who goes in whose place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AskedReplacement {
    /// Who does not come, or not any more.
    pub left: AgentId,
    /// Who comes.
    pub came: AgentId,
}

impl Operation for ReplaceAgent {
    const NAME: &'static str = "replace-agent";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/replacements";
    const SUMMARY: &'static str = "Send another agent on an accepted mission, before it or for what is left of it. The \
        client is told who comes.";
    type Outside = ();
    type Who = Professional;
    type Path = BookingPath;
    type Input = AskedReplacement;
    type Output = StaffingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<StaffingView>, Problem> {
        let (left, came) = (&call.input.left, &call.input.came);
        let read = own_booking(&desk.store, &call.who, &call.path.booking).await?;
        let before = &read.record;
        let shift = before.left_to_do(call.now)?;
        let staffing = Staffing::read(desk, before, shift, call.now).await?;
        if before.was_just_replaced(left, came) {
            return Ok(Reply::ok(staffing.view(before, shift)));
        }
        let decision = before.replace_agent(left, came, call.now)?;
        let after = decision.booking.clone();
        let named = [after.agents.as_slice(), std::slice::from_ref(left)].concat();
        staffing
            .team
            .check_newcomer(&staffing.professional, came, &named)?;
        let changes = bookings::write(&desk.store, &read, decision, call.changes()).await?;
        let changes = staffing
            .agenda
            .hand_over(before, &after, call.now, changes)
            .activity(Self::NAME, before.id.as_str());
        Ok(Reply::ok(staffing.view(&after, shift)).changing(changes))
    }
}
