//! Reading what an event is about.

use adapters::store::{Key, Store, Versioned};
use domain::booking::Booking;
use domain::ids::BookingId;
use domain::ids::ProfessionalId;
use domain::professional::Professional;
use http_function::Problem;

/// The booking of an event. An event always follows its booking, so an absent one is our fault.
pub(crate) async fn booking(store: &Store, id: &BookingId) -> Result<Versioned<Booking>, Problem> {
    let read = store.get::<Booking>(Key::booking(id)).await?;
    read.ok_or_else(|| Problem::internal(format!("no booking {id}")))
}

/// The professional of an event.
pub(crate) async fn professional(
    store: &Store,
    id: &ProfessionalId,
) -> Result<Versioned<Professional>, Problem> {
    let read = store.get::<Professional>(Key::professional(id)).await?;
    read.ok_or_else(|| Problem::internal(format!("no professional {id}")))
}
