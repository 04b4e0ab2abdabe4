//! What Stripe's objects say of a booking, read from Stripe.

use adapters::stripe::{Dispute, PaymentIntent, Refund, Stripe, StripeError, Transfer};
use domain::booking::{Booking, CardStatus, DisputeStage, RefundStatus, Seen};
use domain::money::Euros;
use jiff::Timestamp;

/// Everything that Stripe's objects say of a booking now.
pub(crate) async fn picture(stripe: &Stripe, booking: &Booking) -> Result<Vec<Seen>, StripeError> {
    let Some(intent) = intent_of(stripe, booking).await? else {
        return Ok(Vec::new());
    };
    let intent = stripe.intent(&intent).await?;
    let mut sights: Vec<Seen> = of_intent(&intent).into_iter().collect();
    let debited = intent.status == "succeeded" || booking.payment.card == CardStatus::Captured;
    if debited {
        let (refunds, transfers, disputes) = tokio::try_join!(
            stripe.refunds(&intent.id),
            stripe.transfers(booking),
            stripe.disputes(&intent.id),
        )?;
        sights.extend(refunds.iter().rev().map(of_refund));
        sights.extend(transfers.iter().rev().map(of_transfer));
        sights.extend(disputes.iter().rev().map(of_dispute));
    }
    Ok(sights)
}

/// The payment intent that we know of, or the one of a payment page that was paid on.
async fn intent_of(stripe: &Stripe, booking: &Booking) -> Result<Option<String>, StripeError> {
    match (&booking.payment.intent, &booking.payment.session) {
        (Some(intent), _) => Ok(Some(intent.clone())),
        (None, Some(session)) => stripe.intent_of_session(session).await,
        (None, None) => Ok(None),
    }
}

/// What an intent says: nothing while the client has not authorised it.
pub(crate) fn of_intent(intent: &PaymentIntent) -> Option<Seen> {
    let charge = intent.latest_charge.as_ref();
    match intent.status.as_str() {
        "requires_capture" => Some(Seen::Authorised {
            intent: intent.id.clone(),
            amount: in_euros(intent.amount_capturable, &intent.currency),
            capture_before: charge
                .and_then(|charge| charge.capture_before())
                .and_then(|second| Timestamp::from_second(second).ok()),
        }),
        "succeeded" => charge.map(|charge| Seen::Captured {
            charge: charge.id.clone(),
        }),
        "canceled" => Some(Seen::Canceled),
        _ => None,
    }
}

/// What a refund says; one that Stripe canceled never was.
pub(crate) fn of_refund(refund: &Refund) -> Seen {
    let status = match refund.status.as_deref() {
        Some("succeeded") => RefundStatus::Succeeded,
        Some("failed" | "canceled") => RefundStatus::Failed,
        _ => RefundStatus::Pending,
    };
    let noted = refund
        .metadata
        .as_ref()
        .and_then(|notes| notes.get("attempt"));
    Seen::Refund {
        id: refund.id.clone(),
        amount: in_euros(refund.amount, &refund.currency),
        status,
        attempt: noted.and_then(|number| number.parse().ok()),
    }
}

/// What a transfer says.
pub(crate) fn of_transfer(transfer: &Transfer) -> Seen {
    Seen::Transfer {
        id: transfer.id.clone(),
        amount: in_euros(transfer.amount, &transfer.currency),
        reversed: in_euros(transfer.amount_reversed, &transfer.currency),
    }
}

/// What a dispute says. An inquiry that was closed took nothing.
fn of_dispute(dispute: &Dispute) -> Seen {
    let stage = match dispute.status.as_str() {
        "won" | "warning_closed" | "prevented" => DisputeStage::Won,
        "lost" => DisputeStage::Lost,
        _ => DisputeStage::Open,
    };
    Seen::Dispute {
        id: dispute.id.clone(),
        amount: in_euros(dispute.amount, &dispute.currency),
        stage,
    }
}

/// Everything here is in euros. Another currency counts as nothing, and so differs from what was asked.
fn in_euros(amount: i64, currency: &str) -> Euros {
    adapters::stripe::euros(amount, currency).unwrap_or(Euros::ZERO)
}
