//! Writing what was decided on an order, with everything that must be written in the same transaction: its
//! events, and its professional's agenda.

use domain::order::{AgendaThen, Order, OrderDecision, OrderState};

use crate::agenda;
use crate::store::{Changes, Store, StoreError, Versioned};

/// Adds a decision on the order that was `read` to `changes`.
///
/// # Errors
/// When the agenda cannot be read, or what was held is not held any more.
pub async fn write(
    store: &Store,
    read: &Versioned<Order>,
    decision: OrderDecision,
    changes: Changes,
) -> Result<Changes, StoreError> {
    let now = changes.now();
    let after = decision.order.with_next_call(now);
    let changes = changes.replace(read, &after).events(decision.events);
    match decision.agenda {
        AgendaThen::Stay | AgendaThen::LeftToBookings => Ok(changes),
        AgendaThen::Rewritten => {
            let Some(span) = after.span() else {
                return Ok(changes);
            };
            let agenda = agenda::read(store, &after.professional, span).await?;
            let paid = after.state == OrderState::Requested && read.record.state != after.state;
            if paid {
                agenda.check_held(&read.record)?;
            }
            Ok(agenda.write_order(&after, now, changes))
        }
    }
}
