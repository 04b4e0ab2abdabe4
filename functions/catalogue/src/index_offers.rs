//! Keeps the shelves of search: something happened to a professional, an offer, an agenda or a
//! record, and the listings concerned are rebuilt from what is stored now.

use adapters::store::{Changes, Key, OutboxItem, Store, StoreError, Trace};
use domain::booking::Booking;
use domain::event::Event;
use domain::ids::{OfferId, ProfessionalId};
use domain::order::Order;
use http_function::{Desk, Listener, Problem};

use crate::shelves::{self, Worth};

/// Keeps the shelves of search. Only what changes who may be ordered, when and at what price is put on
/// them at once, and what clients say; the rest of the score follows in the day's round.
pub struct IndexOffers;

impl Listener for IndexOffers {
    const NAME: &'static str = "index-offers";
    const SUMMARY: &'static str = "Keeps the shelves of search: something happened to a professional, an offer, an \
        agenda or a record, and the listings concerned are rebuilt from what is stored now.";
    const EVENTS: &'static [&'static str] = &[
        "ProfessionalChanged",
        "ProfessionalAccepted",
        "OfferChanged",
        "BookingRequested",
        "BookingAccepted",
        "AgentReplaced",
        "BookingModified",
        "BookingRefused",
        "BookingCancelled",
        "BookingCancelledByProfessional",
        "BookingCalledOff",
        "BookingWithdrawn",
        "BookingPaymentFailed",
        "BookingExpired",
        "OrderRequested",
        "OrderAnswered",
        "OrderRefused",
        "OrderExpired",
        "OrderCancelled",
        "OrderPaymentFailed",
        "ReviewPublished",
    ];
    type Outside = ();

    /// Writes offer by offer, since a professional may have more listings than one transaction takes.
    async fn on(
        desk: &Desk<()>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        if let Some((professional, offer)) = concerned(&desk.store, &happened.event).await? {
            shelves::rebuild(
                desk,
                &professional,
                offer.as_ref(),
                Worth::MoreThanRecord,
                &Trace::system(&happened.request),
            )
            .await?;
        }
        Ok(changes)
    }
}

/// Whose listings an event concerns, and which offer's when it is one only.
async fn concerned(
    store: &Store,
    event: &Event,
) -> Result<Option<(ProfessionalId, Option<OfferId>)>, StoreError> {
    match event {
        Event::OfferChanged {
            professional,
            offer,
        } => Ok(Some((professional.clone(), Some(offer.clone())))),
        Event::ProfessionalChanged { professional }
        | Event::ProfessionalAccepted { professional }
        | Event::ReviewPublished { professional, .. } => Ok(Some((professional.clone(), None))),
        Event::BookingRequested { booking }
        | Event::BookingAccepted { booking }
        | Event::AgentReplaced { booking, .. }
        | Event::BookingModified { booking }
        | Event::BookingRefused { booking }
        | Event::BookingCancelled { booking }
        | Event::BookingCancelledByProfessional { booking }
        | Event::BookingCalledOff { booking }
        | Event::BookingWithdrawn { booking }
        | Event::BookingPaymentFailed { booking }
        | Event::BookingExpired { booking } => {
            let booking = store.get::<Booking>(Key::booking(booking)).await?;
            // The answer for an order was told once, and nothing is left to do for each of its missions.
            let opened = matches!(event, Event::BookingAccepted { .. });
            let told = booking.filter(|read| !(opened && read.record.order.is_some()));
            Ok(told.map(|read| (read.record.professional, None)))
        }
        Event::OrderRequested { order }
        | Event::OrderAnswered { order }
        | Event::OrderRefused { order }
        | Event::OrderExpired { order }
        | Event::OrderCancelled { order }
        | Event::OrderPaymentFailed { order } => {
            let order = store.get::<Order>(Key::order(order)).await?;
            Ok(order.map(|read| (read.record.professional, None)))
        }
        _ => Ok(None),
    }
}
