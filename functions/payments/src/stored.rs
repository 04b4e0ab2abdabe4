//! Reading what an event is about.

use adapters::store::{Key, Store, Versioned};
use domain::booking::Booking;
use domain::ids::{BookingId, ProfessionalId};
use domain::professional::Professional;
use http_function::Problem;

/// The booking of an event. An event always follows its booking, so an absent one is our fault.
pub(crate) async fn booking(store: &Store, id: &BookingId) -> Result<Versioned<Booking>, Problem> {
    let read = find_booking(store, id).await?;
    read.ok_or_else(|| Problem::internal(format!("no booking {id}")))
}

/// The booking of that name, if there is one.
pub(crate) async fn find_booking(
    store: &Store,
    id: &BookingId,
) -> Result<Option<Versioned<Booking>>, Problem> {
    Ok(store.get::<Booking>(Key::booking(id)).await?)
}

/// The professional of an event.
pub(crate) async fn professional(
    store: &Store,
    id: &ProfessionalId,
) -> Result<Versioned<Professional>, Problem> {
    let read = find_professional(store, id).await?;
    read.ok_or_else(|| Problem::internal(format!("no professional {id}")))
}

/// The professional of that name, if there is one.
pub(crate) async fn find_professional(
    store: &Store,
    id: &ProfessionalId,
) -> Result<Option<Versioned<Professional>>, Problem> {
    Ok(store.get::<Professional>(Key::professional(id)).await?)
}
