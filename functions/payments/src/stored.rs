//! Reading what an event is about.

use adapters::store::{Key, Store, Versioned};
use domain::booking::Booking;
use domain::ids::{BookingId, OrderId, ProfessionalId};
use domain::order::Order;
use domain::professional::Professional;
use futures::future::try_join_all;
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

/// The order of an event.
pub(crate) async fn order(store: &Store, id: &OrderId) -> Result<Versioned<Order>, Problem> {
    let read = find_order(store, id).await?;
    read.ok_or_else(|| Problem::internal(format!("no order {id}")))
}

/// The order of that name, if there is one.
pub(crate) async fn find_order(
    store: &Store,
    id: &OrderId,
) -> Result<Option<Versioned<Order>>, Problem> {
    Ok(store.get::<Order>(Key::order(id)).await?)
}

/// The order that a booking is a mission of.
pub(crate) async fn order_of(store: &Store, booking: &Booking) -> Result<Option<Order>, Problem> {
    match &booking.order {
        Some(id) => Ok(Some(order(store, id).await?.record)),
        None => Ok(None),
    }
}

/// The bookings that an order's accepted missions have become so far.
pub(crate) async fn bookings_of(store: &Store, order: &Order) -> Result<Vec<Booking>, Problem> {
    let keys = order.accepted().map(|one| Key::booking(&one.booking));
    let read = try_join_all(keys.map(|key| store.get::<Booking>(key))).await?;
    Ok(read.into_iter().flatten().map(|read| read.record).collect())
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
