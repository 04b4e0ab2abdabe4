//! Orders as their two parties reach them. Somebody else's answers 404.

use adapters::store::{Key, Store, Versioned};
use domain::booking::Booking;
use domain::ids::OrderId;
use domain::order::Order;
use futures::future::try_join_all;
use http_function::{Client, Problem, Professional};

/// Somebody who may be party to an order.
pub(crate) trait OrderParty {
    /// Whether this order is theirs.
    fn owns(&self, order: &Order) -> bool;
}

impl OrderParty for Client {
    fn owns(&self, order: &Order) -> bool {
        order.client == self.account
    }
}

impl OrderParty for Professional {
    fn owns(&self, order: &Order) -> bool {
        order.reached(&self.professional)
    }
}

/// Reads an order that is the caller's.
pub(crate) async fn own_order(
    store: &Store,
    party: &impl OrderParty,
    id: &OrderId,
) -> Result<Versioned<Order>, Problem> {
    let read = store.get::<Order>(Key::order(id)).await?;
    read.filter(|read| party.owns(&read.record))
        .ok_or_else(Problem::not_found)
}

/// The bookings that an order's accepted missions have become so far.
pub(crate) async fn bookings_of(store: &Store, order: &Order) -> Result<Vec<Booking>, Problem> {
    let keys = order.accepted().map(|one| Key::booking(&one.booking));
    let read = try_join_all(keys.map(|key| store.get::<Booking>(key))).await?;
    Ok(read.into_iter().flatten().map(|read| read.record).collect())
}
