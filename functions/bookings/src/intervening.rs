//! What the operator decides of one booking, and everything that is written with it.

use adapters::bookings;
use adapters::store::Key;
use domain::booking::{Actor, Booking, BookingState, Calling, Command, MoneyPosition, decide};
use domain::money::Euros;
use domain::operator::{FourEyes, ProposedDecision, ProposedKind, four_eyes};
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
    /// Whether it waits for a second operator: nothing is decided yet then.
    proposed: bool,
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
    let id = &call.path.booking;
    let read = desk
        .store
        .get::<Booking>(Key::booking(id))
        .await?
        .ok_or_else(Problem::not_found)?;
    let decision = decide(&read.record, Actor::Admin, asked, call.now)?;
    let known = desk
        .store
        .get::<ProposedDecision>(Key::proposed_decision(id))
        .await?;
    let proposed = proposal(&read.record, &decision.booking, asked, call)?;
    let outcome = match proposed {
        Some(proposed) => four_eyes(known.as_ref().map(|read| &read.record), proposed)?,
        None => FourEyes::Alone,
    };
    let changes = match &outcome {
        FourEyes::Alone => call.changes(),
        FourEyes::Proposed(other) | FourEyes::Together(other) => {
            call.changes().upsert(known.as_ref(), other)
        }
    };
    if let FourEyes::Proposed(_) = outcome {
        let waits = Intervened {
            state: read.record.state,
            money: read.record.money(),
            proposed: true,
        };
        let changes = changes.activity(PROPOSED, id.as_str());
        return Ok(Reply::accepted(waits).changing(changes));
    }
    let decided = Intervened {
        state: decision.booking.state,
        money: decision.booking.money(),
        proposed: false,
    };
    let changes = bookings::write(&desk.store, &read, decision, changes).await?;
    Ok(Reply::ok(decided).changing(changes.activity(O::NAME, id.as_str())))
}

/// How the activity log calls a decision that waits for a second operator.
const PROPOSED: &str = "propose-decision";

/// What is asked, as it would wait for a second operator; nothing of a command that is not the operator's.
fn proposal<O>(
    before: &Booking,
    after: &Booking,
    asked: &Command,
    call: &Call<O>,
) -> Result<Option<ProposedDecision>, Problem>
where
    O: Operation<Path = BookingPath, Who = Admin>,
{
    let (kind, percent, reason) = match asked {
        Command::CallOff {
            calling: Calling::Operator { reason },
        } => (ProposedKind::CallOff, None, reason),
        Command::RefundInPart { percent, reason } => (ProposedKind::Refund, Some(*percent), reason),
        Command::DecideClaim { percent, reason } => (ProposedKind::Claim, Some(*percent), reason),
        _ => return Ok(None),
    };
    Ok(Some(ProposedDecision {
        booking: before.id.clone(),
        kind,
        percent,
        reason: reason.clone(),
        amount: at_stake(before, after, kind)?,
        by: call.who.account.clone(),
        at: call.now,
        ended: None,
    }))
}

/// How much a decision moves: what is given back, or all that a claim settles. Nothing moves of what was
/// never debited.
pub fn at_stake(before: &Booking, after: &Booking, kind: ProposedKind) -> Result<Euros, Problem> {
    let Some(due) = after.due.filter(|_| before.is_debited()) else {
        return Ok(Euros::ZERO);
    };
    match kind {
        ProposedKind::CallOff | ProposedKind::Refund => Ok(due.client),
        ProposedKind::Claim => Euros::try_sum([due.client, due.professional, due.commission])
            .map_err(Problem::internal),
    }
}
