//! A booking ended before it was accepted: the card's authorisation is given back, and a payment
//! page that is still open is closed.

use adapters::store::{Changes, OutboxItem};
use adapters::stripe::{Stripe, StripeError};
use domain::booking::{Booking, PaymentStatus};
use domain::event::Event;
use http_function::{Desk, Listener, Problem};

use crate::stored;

/// Giving an authorisation back.
pub struct ReleasePayment;

impl Listener for ReleasePayment {
    const NAME: &'static str = "release-payment";
    const EVENTS: &'static [&'static str] = &[
        "BookingRefused",
        "BookingExpired",
        "BookingCancelled",
        "BookingAbandoned",
    ];
    type Outside = Stripe;

    async fn on(
        desk: &Desk<Stripe>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let (Event::BookingRefused { booking }
        | Event::BookingExpired { booking }
        | Event::BookingCancelled { booking }
        | Event::BookingAbandoned { booking }) = &happened.event
        else {
            return Ok(changes);
        };
        let read = stored::booking(&desk.store, booking).await?;
        let mut booking = read.record.clone();
        let intent = match &booking.payment.intent {
            Some(intent) => Some(intent.clone()),
            None => close_page(&desk.outside, &booking).await?,
        };
        let undecided = matches!(
            booking.payment.status,
            PaymentStatus::Unpaid | PaymentStatus::Authorised
        );
        let Some(intent) = intent.filter(|_| undecided) else {
            return Ok(changes);
        };
        desk.outside.release(&booking.id, &intent).await?;
        booking.payment.intent = Some(intent);
        booking.payment.status = PaymentStatus::Released;
        Ok(changes
            .replace(&read, &booking)
            .activity(Self::NAME, booking.id.as_str()))
    }
}

/// Closes the payment page. When the client paid at that very moment, answers the intent to release.
async fn close_page(stripe: &Stripe, booking: &Booking) -> Result<Option<String>, Problem> {
    let Some(session) = &booking.payment.session else {
        return Ok(None);
    };
    match stripe.expire_checkout(&booking.id, session).await {
        Ok(_) => Ok(None),
        Err(StripeError::Refused { status: 400, .. }) => {
            let session = stripe.checkout(session).await?;
            Ok(session
                .payment_intent
                .filter(|_| session.status.as_deref() == Some("complete")))
        }
        Err(error) => Err(error.into()),
    }
}
