//! The professional accepted: the authorised card is debited.

use adapters::store::{Changes, OutboxItem};
use adapters::stripe::Stripe;
use domain::booking::PaymentStatus;
use domain::event::Event;
use http_function::{Desk, Listener, Problem};

use crate::stored;

/// Debiting.
pub struct CapturePayment;

impl Listener for CapturePayment {
    const NAME: &'static str = "capture-payment";
    const EVENTS: &'static [&'static str] = &["BookingAccepted"];
    type Outside = Stripe;

    async fn on(
        desk: &Desk<Stripe>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let Event::BookingAccepted { booking } = &happened.event else {
            return Ok(changes);
        };
        let read = stored::booking(&desk.store, booking).await?;
        let mut booking = read.record.clone();
        let (PaymentStatus::Authorised, Some(intent)) =
            (booking.payment.status, booking.payment.intent.clone())
        else {
            return Ok(changes);
        };
        let captured = desk.outside.capture(&booking.id, &intent).await?;
        if captured.currency != "eur" || captured.amount_received != booking.price.total.cents() {
            return Err(Problem::internal(format!(
                "{} was captured with another amount",
                booking.id
            )));
        }
        booking.payment.charge = captured.latest_charge;
        booking.payment.status = PaymentStatus::Captured;
        Ok(changes
            .replace(&read, &booking)
            .activity(Self::NAME, booking.id.as_str()))
    }
}
