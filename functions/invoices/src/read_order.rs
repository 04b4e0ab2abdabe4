//! A party downloads the order.

use adapters::invoices::{Invoices, LINK_SECONDS};
use adapters::store::{Key, PrintedOrder};
use domain::booking::Booking;
use domain::ids::BookingId;
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, Session, SignedIn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::print_order::kept_under;
use crate::read_invoice::InvoiceLink;

/// Downloading an order.
pub struct ReadOrder;

/// The route's booking.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OrderPath {
    /// The booking's identifier.
    pub(crate) booking: BookingId,
}

impl Operation for ReadOrder {
    const NAME: &'static str = "read-order";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/bookings/{booking}/order";
    const SUMMARY: &'static str = "A link to the order as both parties keep it, a PDF.";
    type Outside = Invoices;
    type Who = SignedIn;
    type Path = OrderPath;
    type Input = Nothing;
    type Output = InvoiceLink;

    async fn run(desk: &Desk<Invoices>, call: &Call<Self>) -> Result<Reply<InvoiceLink>, Problem> {
        let id = &call.path.booking;
        let booking = desk.store.get::<Booking>(Key::booking(id)).await?;
        let booking = booking
            .map(|read| read.record)
            .filter(|booking| is_party(&call.who.0, booking))
            .ok_or_else(Problem::not_found)?;
        let key = Key::printed_order(&kept_under(&desk.store, &booking).await?);
        let order = desk.store.get::<PrintedOrder>(key).await?;
        let order = order.map(|read| read.record).ok_or_else(|| {
            Problem::new(
                409,
                "order_not_ready",
                "La commande est imprimée une fois la mission acceptée et la carte débitée : réessayez dans un instant.",
            )
        })?;
        let link = desk.outside.link(&order.pdf, &order.name).await;
        Ok(Reply::ok(InvoiceLink {
            url: link.map_err(Problem::unavailable)?,
            expires_in: LINK_SECONDS,
            sha256: order.sha256,
        }))
    }
}

pub(crate) fn is_party(session: &Session, booking: &Booking) -> bool {
    let professional = session.professional.as_ref();
    session.subject == booking.client.as_str()
        || professional.is_some_and(|professional| booking.reached(professional))
}
