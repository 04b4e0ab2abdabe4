//! The mission was validated: the professional's part is transferred, the commission stays.

use adapters::store::{Changes, OutboxItem};
use adapters::stripe::{Stripe, euros};
use domain::booking::PaymentStatus;
use domain::event::Event;
use http_function::{Desk, Listener, Problem};

use crate::stored;

/// Paying the professional.
pub struct TransferPayment;

impl Listener for TransferPayment {
    const NAME: &'static str = "transfer-payment";
    const EVENTS: &'static [&'static str] = &["BookingValidated"];
    type Outside = Stripe;

    async fn on(
        desk: &Desk<Stripe>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let Event::BookingValidated { booking } = &happened.event else {
            return Ok(changes);
        };
        let read = stored::booking(&desk.store, booking).await?;
        let mut booking = read.record.clone();
        if booking.payment.status == PaymentStatus::Transferred {
            return Ok(changes);
        }
        let (PaymentStatus::Captured, Some(charge)) =
            (booking.payment.status, booking.payment.charge.clone())
        else {
            return Err(Problem::unavailable(format!(
                "{} is validated and not captured yet",
                booking.id
            )));
        };
        let professional = stored::professional(&desk.store, &booking.professional)
            .await?
            .record;
        let account = professional
            .payout_account
            .ok_or_else(|| Problem::internal(format!("{} cannot be paid", professional.id)))?;
        let transfer = desk.outside.transfer(&booking, &charge, &account).await?;
        if euros(transfer.amount, &transfer.currency) != Some(booking.price.professional_total) {
            return Err(Problem::internal(format!(
                "{} was transferred with another amount",
                booking.id
            )));
        }
        booking.payment.transfer = Some(transfer.id);
        booking.payment.status = PaymentStatus::Transferred;
        let paid = Event::BookingPaidOut {
            booking: booking.id.clone(),
        };
        Ok(changes
            .replace(&read, &booking)
            .event(paid)
            .activity(Self::NAME, booking.id.as_str()))
    }
}
