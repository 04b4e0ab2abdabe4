//! Bookings as their two parties reach them. Somebody else's answers 404.

use adapters::store::{Changes, Key, Store, Versioned};
use domain::booking::{Actor, Booking, Command, Decision, decide};
use domain::ids::BookingId;
use http_function::{Call, Client, Desk, Operation, Problem, Professional};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use adapters::agenda::give_agents_back;

/// The route's booking.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct BookingPath {
    /// The booking's identifier.
    pub booking: BookingId,
}

/// Somebody who may be party to a booking.
pub(crate) trait Party {
    /// On which side.
    const ACTOR: Actor;
    /// Whether this booking is theirs.
    fn owns(&self, booking: &Booking) -> bool;
}

impl Party for Client {
    const ACTOR: Actor = Actor::Client;
    fn owns(&self, booking: &Booking) -> bool {
        booking.client == self.account
    }
}

impl Party for Professional {
    const ACTOR: Actor = Actor::Professional;
    /// A request that was not paid for does not exist for the professional.
    fn owns(&self, booking: &Booking) -> bool {
        booking.professional == self.professional && booking.requested_at.is_some()
    }
}

/// Reads a booking that is the caller's.
pub(crate) async fn own_booking(
    store: &Store,
    party: &impl Party,
    id: &BookingId,
) -> Result<Versioned<Booking>, Problem> {
    let read = store.get::<Booking>(Key::booking(id)).await?;
    read.filter(|read| party.owns(&read.record))
        .ok_or_else(Problem::not_found)
}

/// Decides a party's command on their booking, and everything that is written with it.
pub(crate) async fn command<O, P>(
    desk: &Desk<P>,
    call: &Call<O>,
    booking: &BookingId,
    command: &Command,
) -> Result<(Booking, Changes), Problem>
where
    O: Operation,
    O::Who: Party,
{
    let read = own_booking(&desk.store, &call.who, booking).await?;
    let decision = decide(
        &read.record,
        O::Who::ACTOR,
        command,
        call.now,
        &desk.settings.delays,
    )?;
    let booking = decision.booking.clone();
    let changes = write(&desk.store, &read, decision, call.changes()).await?;
    Ok((booking, changes.activity(O::NAME, read.record.id.as_str())))
}

/// What a decision writes: the booking, its events, and the agenda when agents are given back.
pub(crate) async fn write(
    store: &Store,
    read: &Versioned<Booking>,
    decision: Decision,
    changes: Changes,
) -> Result<Changes, Problem> {
    let changes = changes
        .replace(read, &decision.booking)
        .events(decision.events);
    let freed = read.record.state.holds_agents() && !decision.booking.state.holds_agents();
    if freed {
        Ok(give_agents_back(store, &read.record, changes).await?)
    } else {
        Ok(changes)
    }
}
