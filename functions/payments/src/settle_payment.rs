//! A booking moved: its money follows.

use adapters::store::{Changes, OutboxItem, Trace};
use adapters::stripe::Stripe;
use domain::event::Event;
use http_function::{Desk, Listener, Problem};

use crate::settle::{Look, settle};

/// Settling after a decision on a booking.
pub struct SettlePayment;

impl Listener for SettlePayment {
    const NAME: &'static str = "settle-payment";
    const SUMMARY: &'static str = "A booking moved: its money follows.";
    const EVENTS: &'static [&'static str] = &[
        "BookingAccepted",
        "BookingRefused",
        "BookingExpired",
        "BookingAbandoned",
        "BookingCancelled",
        "BookingCancelledByProfessional",
        "BookingWithdrawn",
        "BookingPaymentFailed",
        "BookingValidated",
        "ClaimSettled",
    ];
    type Outside = Stripe;

    async fn on(
        desk: &Desk<Stripe>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let (Event::BookingAccepted { booking }
        | Event::BookingRefused { booking }
        | Event::BookingExpired { booking }
        | Event::BookingAbandoned { booking }
        | Event::BookingCancelled { booking }
        | Event::BookingCancelledByProfessional { booking }
        | Event::BookingWithdrawn { booking }
        | Event::BookingPaymentFailed { booking }
        | Event::BookingValidated { booking }
        | Event::ClaimSettled { booking }) = &happened.event
        else {
            return Ok(changes);
        };
        let trace = Trace::system(&happened.request);
        settle(desk, &trace, booking, Look::WhenNeeded).await?;
        Ok(changes)
    }
}
