//! The client's card: payment page, authorisation, debit, refunds, disputes.

use domain::booking::{Attempt, Booking};
use domain::money::Euros;
use serde_json::{Value, json};

use super::objects::List;
use super::{CheckoutSession, Dispute, PaymentIntent, Refund, Stripe, StripeError};

/// The key under which Stripe does what an attempt asks once, however often it is sent.
pub(super) fn key(booking: &Booking, attempt: &Attempt) -> String {
    format!(
        "{}:{}:{}",
        booking.id,
        attempt.step.operation(),
        attempt.number
    )
}

/// What is noted on an object that an attempt makes, to know it again.
pub(super) fn mark(booking: &Booking, attempt: &Attempt) -> Value {
    let mut mark = json!({ "booking": booking.id.as_str(), "attempt": attempt.number.to_string() });
    if let Some(order) = &booking.order {
        mark["order"] = json!(order.as_str());
    }
    mark
}

impl Stripe {
    /// Opens the page on which the client pays: card only, authorised and not debited, in French.
    /// The session stays open for the 30 minutes that Stripe asks for at least.
    pub async fn open_checkout(
        &self,
        booking: &Booking,
        email: &str,
        site: &str,
    ) -> Result<CheckoutSession, StripeError> {
        let id = booking.id.as_str();
        let expires_at = booking.created_at.as_second() + 31 * 60;
        let form = json!({
            "mode": "payment",
            "locale": "fr",
            "payment_method_types": ["card"],
            "customer_email": email,
            "client_reference_id": id,
            "metadata": { "booking": id },
            "success_url": format!("{site}/reservations/{id}?paiement=ok"),
            "cancel_url": format!("{site}/reservations/{id}?paiement=abandon"),
            "expires_at": expires_at,
            "line_items": [{
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": booking.price.total.cents(),
                    "product_data": { "name": format!("{} — {}", booking.offer_title, booking.professional_name) },
                },
            }],
            "payment_intent_data": {
                "capture_method": "manual",
                "transfer_group": id,
                "description": format!("Réservation {}", booking.reference),
                "metadata": { "booking": id },
            },
        });
        self.post("/v1/checkout/sessions", &form, &format!("{id}:checkout:1"))
            .await
    }

    /// Closes a Checkout page that is still open.
    pub async fn expire_checkout(
        &self,
        booking: &Booking,
        attempt: &Attempt,
        session: &str,
    ) -> Result<CheckoutSession, StripeError> {
        self.command(
            &format!("/v1/checkout/sessions/{session}/expire"),
            &key(booking, attempt),
        )
        .await
    }

    /// Reads a Checkout session.
    pub async fn checkout(&self, session: &str) -> Result<CheckoutSession, StripeError> {
        self.read(&format!("/v1/checkout/sessions/{session}")).await
    }

    /// Reads a payment intent, with its charge.
    pub async fn intent(&self, intent: &str) -> Result<PaymentIntent, StripeError> {
        self.read(&format!(
            "/v1/payment_intents/{intent}?expand[0]=latest_charge"
        ))
        .await
    }

    /// Debits an authorised card.
    pub async fn capture(
        &self,
        booking: &Booking,
        attempt: &Attempt,
        intent: &str,
    ) -> Result<PaymentIntent, StripeError> {
        self.post(
            &format!("/v1/payment_intents/{intent}/capture"),
            &json!({ "expand": ["latest_charge"] }),
            &key(booking, attempt),
        )
        .await
    }

    /// Gives an authorisation back.
    pub async fn release(
        &self,
        booking: &Booking,
        attempt: &Attempt,
        intent: &str,
    ) -> Result<PaymentIntent, StripeError> {
        self.post(
            &format!("/v1/payment_intents/{intent}/cancel"),
            &json!({ "expand": ["latest_charge"] }),
            &key(booking, attempt),
        )
        .await
    }

    /// Gives a part of a debit back to the card.
    pub async fn refund(
        &self,
        booking: &Booking,
        attempt: &Attempt,
        intent: &str,
        amount: Euros,
    ) -> Result<Refund, StripeError> {
        let form = json!({
            "payment_intent": intent,
            "amount": amount.cents(),
            "reason": "requested_by_customer",
            "metadata": mark(booking, attempt),
        });
        self.post("/v1/refunds", &form, &key(booking, attempt))
            .await
    }

    /// Every refund of a payment.
    pub async fn refunds(&self, intent: &str) -> Result<Vec<Refund>, StripeError> {
        self.whole_list(&format!("/v1/refunds?payment_intent={intent}&limit=100"))
            .await
    }

    /// Every chargeback of a payment.
    pub async fn disputes(&self, intent: &str) -> Result<Vec<Dispute>, StripeError> {
        let list: List<Dispute> = self
            .read(&format!("/v1/disputes?payment_intent={intent}&limit=100"))
            .await?;
        Ok(list.data)
    }

    /// The payment intent of a payment page that was paid on.
    pub async fn intent_of_session(&self, session: &str) -> Result<Option<String>, StripeError> {
        let session = self.checkout(session).await?;
        let paid = session.status.as_deref() == Some("complete");
        Ok(session.payment_intent.filter(|_| paid))
    }
}
