//! Writing what was decided on a booking, with everything that must be written in the same
//! transaction: its events, the movements of its money, and its professional's agenda.

use domain::booking::{AgentsThen, Decision};

use crate::agenda::{confirm_hold, give_agents_back};
use crate::store::{Changes, Store, StoreError, Versioned};

/// Adds a decision on the booking that was `read` to `changes`.
pub async fn write(
    store: &Store,
    read: &Versioned<domain::booking::Booking>,
    decision: Decision,
    changes: Changes,
) -> Result<Changes, StoreError> {
    let before = &read.record;
    let after = decision.booking.with_next_call(changes.now());
    let changes = changes.replace(read, &after).events(decision.events);
    let changes = decision
        .movements
        .iter()
        .fold(changes, |changes, movement| {
            changes.create(movement, "movement")
        });
    match decision.agents {
        AgentsThen::Busy => confirm_hold(store, before, changes).await,
        AgentsThen::GivenBack => give_agents_back(store, before, changes).await,
        AgentsThen::Stay => Ok(changes),
    }
}
