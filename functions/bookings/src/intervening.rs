//! What the operator decides of one booking, and everything that is written with it.

use adapters::bookings;
use adapters::store::Key;
use domain::booking::{Actor, Booking, BookingState, Command, MoneyPosition, decide};
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ownership::BookingPath;
use crate::words::words;

/// The booking after the operator decided.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Intervened {
    /// Where it stands.
    state: BookingState,
    /// Where the money is before anything moves.
    money: MoneyPosition,
}

/// Why the operator decides something of a booking, as both parties will read it.
///
/// # Errors
/// `text_length_invalid` for less than 20 characters or more than 2 000.
pub fn reason(text: &str) -> Result<String, Problem> {
    words("reason", text, 20, 2000)
}

/// Decides the operator's command on a booking.
pub(crate) async fn intervene<O>(
    desk: &Desk<()>,
    call: &Call<O>,
    asked: &Command,
) -> Result<Reply<Intervened>, Problem>
where
    O: Operation<Path = BookingPath, Who = Admin, Output = Intervened>,
{
    let read = desk
        .store
        .get::<Booking>(Key::booking(&call.path.booking))
        .await?
        .ok_or_else(Problem::not_found)?;
    let decision = decide(&read.record, Actor::Admin, asked, call.now)?;
    let decided = Intervened {
        state: decision.booking.state,
        money: decision.booking.money(),
    };
    let changes = bookings::write(&desk.store, &read, decision, call.changes()).await?;
    Ok(Reply::ok(decided).changing(changes.activity(O::NAME, read.record.id.as_str())))
}
