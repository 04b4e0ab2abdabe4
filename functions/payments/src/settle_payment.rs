//! A booking or an order moved: its money follows.

use adapters::store::{Changes, OutboxItem, Trace};
use adapters::stripe::Stripe;
use domain::booking::Booking;
use domain::event::Event;
use domain::money::Euros;
use domain::order::Order;
use http_function::{Desk, Listener, Problem};

use crate::settle::{Look, settle};
use crate::settle_order::{settle_missions, settle_order};

/// Settling after a decision on a booking.
pub struct SettlePayment;

impl Listener for SettlePayment {
    const NAME: &'static str = "settle-payment";
    const SUMMARY: &'static str = "A booking or an order moved: its money follows.";
    const EVENTS: &'static [&'static str] = &[
        "BookingAccepted",
        "BookingModified",
        "BookingRefused",
        "BookingExpired",
        "BookingAbandoned",
        "BookingCancelled",
        "BookingCancelledByProfessional",
        "BookingCalledOff",
        "BookingRefundDecided",
        "BookingWithdrawn",
        "BookingPaymentFailed",
        "BookingValidated",
        "ClaimSettled",
        "OrderAnswered",
        "OrderRefused",
        "OrderExpired",
        "OrderAbandoned",
        "OrderCancelled",
        "OrderPaymentFailed",
        "OrderCaptured",
        "OrderContested",
    ];
    type Outside = Stripe;

    async fn on(
        desk: &Desk<Stripe>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let trace = Trace::system(&happened.request);
        if Box::pin(settle_what_an_order_moved(desk, &trace, &happened.event)).await? {
            return Ok(changes);
        }
        let (Event::BookingAccepted { booking }
        | Event::BookingModified { booking }
        | Event::BookingRefused { booking }
        | Event::BookingExpired { booking }
        | Event::BookingAbandoned { booking }
        | Event::BookingCancelled { booking }
        | Event::BookingCancelledByProfessional { booking }
        | Event::BookingCalledOff { booking }
        | Event::BookingRefundDecided { booking }
        | Event::BookingWithdrawn { booking }
        | Event::BookingPaymentFailed { booking }
        | Event::BookingValidated { booking }
        | Event::ClaimSettled { booking }) = &happened.event
        else {
            return Ok(changes);
        };
        settle(desk, &trace, booking, Look::WhenNeeded).await?;
        Ok(changes)
    }
}

/// Settles the card of an order that moved, or its missions. Answers whether it was about an order.
async fn settle_what_an_order_moved(
    desk: &Desk<Stripe>,
    trace: &Trace,
    event: &Event,
) -> Result<bool, Problem> {
    match event {
        Event::OrderAnswered { order }
        | Event::OrderRefused { order }
        | Event::OrderExpired { order }
        | Event::OrderAbandoned { order }
        | Event::OrderCancelled { order } => {
            Box::pin(settle_order(desk, trace, order, Look::WhenNeeded)).await?;
        }
        Event::OrderPaymentFailed { order } => {
            Box::pin(settle_order(desk, trace, order, Look::WhenNeeded)).await?;
            Box::pin(settle_missions(
                desk,
                trace,
                order,
                |_, _| true,
                Look::WhenNeeded,
            ))
            .await?;
        }
        Event::OrderCaptured { order } => {
            Box::pin(settle_missions(
                desk,
                trace,
                order,
                |_, _| true,
                Look::WhenNeeded,
            ))
            .await?;
        }
        Event::OrderContested { order } => {
            let bears =
                |order: &Order, booking: &Booking| order.borne_by(&booking.id) > Euros::ZERO;
            Box::pin(settle_missions(desk, trace, order, bears, Look::First)).await?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}
