//! Bookings as their two parties reach them. Somebody else's answers 404.

use adapters::bookings;
use adapters::store::{Changes, Key, Store, Versioned};
use domain::account::Role;
use domain::booking::{Actor, Booking, BookingParty, Command, decide};
use domain::ids::BookingId;
use http_function::{Call, Client, Desk, Operation, Problem, Professional, SignedIn, Who};
use jiff::Timestamp;

pub(crate) use http_function::BookingPath;

use crate::view::{BookingView, for_client, for_professional};

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
    fn owns(&self, booking: &Booking) -> bool {
        booking.reached(&self.professional)
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
    decided(desk, call, &read, O::Who::ACTOR, command).await
}

/// The same for a command that both parties have; answers the booking as the caller may see it.
pub(crate) async fn command_of_either<O>(
    desk: &Desk<()>,
    call: &Call<O>,
    command: &Command,
) -> Result<(BookingView, Changes), Problem>
where
    O: Operation<Path = BookingPath, Who = SignedIn>,
{
    let (read, party) = booking_of_either(&desk.store, &call.who, &call.path.booking).await?;
    let (booking, changes) = decided(desk, call, &read, party.into(), command).await?;
    Ok((seen_by(party, &booking, call.now), changes))
}

/// Reads a booking that is the caller's, and says on which side of it they are.
pub(crate) async fn booking_of_either(
    store: &Store,
    who: &SignedIn,
    id: &BookingId,
) -> Result<(Versioned<Booking>, BookingParty), Problem> {
    let session = Some(who.0.clone());
    match who.0.role {
        Role::Client => {
            let read = own_booking(store, &Client::admit(session)?, id).await?;
            Ok((read, BookingParty::Client))
        }
        Role::Professional | Role::Manager => {
            let read = own_booking(store, &Professional::admit(session)?, id).await?;
            Ok((read, BookingParty::Professional))
        }
        Role::Agent | Role::Admin | Role::Applicant => Err(Problem::not_found()),
    }
}

/// A booking as one of its parties may see it.
pub(crate) fn seen_by(party: BookingParty, booking: &Booking, now: Timestamp) -> BookingView {
    match party {
        BookingParty::Client => for_client(booking, None, now),
        BookingParty::Professional => for_professional(booking, now),
    }
}

async fn decided<O: Operation, P>(
    desk: &Desk<P>,
    call: &Call<O>,
    read: &Versioned<Booking>,
    actor: Actor,
    command: &Command,
) -> Result<(Booking, Changes), Problem> {
    let decision = decide(&read.record, actor, command, call.now)?;
    let booking = decision.booking.clone();
    let changes = bookings::write(&desk.store, read, decision, call.changes()).await?;
    Ok((booking, changes.activity(O::NAME, read.record.id.as_str())))
}
