//! What Stripe's objects say of a booking, read from Stripe.

use std::collections::BTreeMap;

use adapters::stripe::{Dispute, PaymentIntent, Refund, Stripe, StripeError, Transfer};
use domain::booking::{Booking, CardStatus, DisputeStage, Payment, RefundStatus, Seen};
use domain::money::Euros;
use domain::order::Order;
use jiff::Timestamp;

/// Everything that Stripe's objects say of a booking that is paid for by itself.
async fn alone(stripe: &Stripe, booking: &Booking) -> Result<Vec<Seen>, StripeError> {
    let Some(intent) = intent_of(stripe, &booking.payment).await? else {
        return Ok(Vec::new());
    };
    let intent = stripe.intent(&intent).await?;
    let mut sights: Vec<Seen> = of_intent(&intent).into_iter().collect();
    let debited = intent.status == "succeeded" || booking.payment.card == CardStatus::Captured;
    if debited {
        let lists = Lists::read(stripe, &intent.id, booking.id.as_str()).await?;
        sights.extend(lists.refunds.iter().rev().map(of_refund));
        sights.extend(lists.transfers.iter().rev().map(of_transfer));
        sights.extend(lists.disputes.iter().rev().map(of_dispute));
    }
    Ok(sights)
}

/// Everything that Stripe's objects say of a booking now. Of a mission of an order, `order` says what
/// became of the card and what it bears of disputes; Stripe what carries its name.
pub(crate) async fn picture(
    stripe: &Stripe,
    booking: &Booking,
    order: Option<&Order>,
) -> Result<Vec<Seen>, StripeError> {
    let Some(order) = order else {
        return alone(stripe, booking).await;
    };
    let lists = match (&order.payment.intent, order.payment.card) {
        (Some(intent), CardStatus::Captured) => {
            Lists::read(stripe, intent, order.id.as_str()).await?
        }
        _ => Lists::default(),
    };
    Ok(of_mission(order, booking, &lists))
}

/// What was done with a captured payment.
#[derive(Default)]
pub(crate) struct Lists {
    pub(crate) refunds: Vec<Refund>,
    pub(crate) transfers: Vec<Transfer>,
    pub(crate) disputes: Vec<Dispute>,
}

impl Lists {
    /// Reads what was done with an intent, whose transfers are of `group`.
    pub(crate) async fn read(
        stripe: &Stripe,
        intent: &str,
        group: &str,
    ) -> Result<Self, StripeError> {
        let (refunds, transfers, disputes) = tokio::try_join!(
            stripe.refunds(intent),
            stripe.transfers(group),
            stripe.disputes(intent),
        )?;
        Ok(Self {
            refunds,
            transfers,
            disputes,
        })
    }
}

impl Lists {
    /// Whether a refund or a transfer of an order's payment names none of its missions.
    pub(crate) fn name_no_mission_of(&self, order: &Order) -> bool {
        let unknown = |notes: Option<&BTreeMap<String, String>>| {
            let named = notes.and_then(|notes| notes.get("booking"));
            let is_named = |name: &String| {
                let mut missions = order.missions.iter();
                missions.any(|one| one.booking.as_str() == name)
            };
            !named.is_some_and(is_named)
        };
        // What was authorised and not debited may be written as given back.
        let never = order.total().cents() - order.accepted_total().cents();
        let refund = |one: &Refund| unknown(one.metadata.as_ref()) && one.amount != never;
        self.refunds.iter().any(refund)
            || self
                .transfers
                .iter()
                .any(|one| unknown(one.metadata.as_ref()))
    }
}

/// What a mission of an order sees.
pub(crate) fn of_mission(order: &Order, booking: &Booking, lists: &Lists) -> Vec<Seen> {
    let names = |notes: Option<&BTreeMap<String, String>>| {
        let named = notes.and_then(|notes| notes.get("booking"));
        named.is_some_and(|name| name == booking.id.as_str())
    };
    let refunds = lists.refunds.iter().rev();
    let refunds = refunds
        .filter(|one| names(one.metadata.as_ref()))
        .map(of_refund);
    let transfers = lists.transfers.iter().rev();
    let transfers = transfers
        .filter(|one| names(one.metadata.as_ref()))
        .map(of_transfer);
    let card = order.card_told().into_iter();
    card.chain(refunds)
        .chain(transfers)
        .chain(order.disputes_told(&booking.id))
        .collect()
}

/// The payment intent that we know of, or the one of a payment page that was paid on.
pub(crate) async fn intent_of(
    stripe: &Stripe,
    payment: &Payment,
) -> Result<Option<String>, StripeError> {
    match (&payment.intent, &payment.session) {
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
pub(crate) fn of_dispute(dispute: &Dispute) -> Seen {
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
