//! The route's booking. Somebody else's answers 404.

use adapters::store::{Key, Store, Versioned};
use domain::booking::Booking;
use domain::ids::BookingId;
use http_function::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The route's booking.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct BookingPath {
    /// The booking's identifier.
    pub booking: BookingId,
}

/// Reads a booking of which `owns` says that it is the caller's.
pub(crate) async fn own_booking(
    store: &Store,
    id: &BookingId,
    owns: impl Fn(&Booking) -> bool,
) -> Result<Versioned<Booking>, Problem> {
    let read = store.get::<Booking>(Key::booking(id)).await?;
    read.filter(|read| owns(&read.record))
        .ok_or_else(Problem::not_found)
}
