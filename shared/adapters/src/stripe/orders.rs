//! The card of an order of several missions: one page, one authorisation, one debit of what was accepted.

use domain::booking::Attempt;
use domain::order::Order;
use serde_json::json;

use super::{CheckoutSession, PaymentIntent, Stripe, StripeError};

/// The key under which Stripe does what an attempt asks once, however often it is sent.
fn key(order: &Order, attempt: &Attempt) -> String {
    format!(
        "{}:{}:{}",
        order.id,
        attempt.step.operation(),
        attempt.number
    )
}

impl Stripe {
    /// Opens the page on which the client pays for an order: card only, authorised and not debited.
    ///
    /// # Errors
    /// When Stripe refuses or does not answer.
    pub async fn open_order_checkout(
        &self,
        order: &Order,
        email: &str,
        site: &str,
    ) -> Result<CheckoutSession, StripeError> {
        let id = order.id.as_str();
        let expires_at = order.created_at.as_second() + 31 * 60;
        let dates = order.missions.len();
        let name = format!(
            "{} — {}, {dates} dates",
            order.offer_title, order.professional_name
        );
        let form = json!({
            "mode": "payment",
            "locale": "fr",
            "payment_method_types": ["card"],
            "customer_email": email,
            "client_reference_id": id,
            "metadata": { "order": id },
            "success_url": format!("{site}/commandes/{id}?paiement=ok"),
            "cancel_url": format!("{site}/commandes/{id}?paiement=abandon"),
            "expires_at": expires_at,
            "line_items": [{
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": order.total().cents(),
                    "product_data": { "name": name },
                },
            }],
            "payment_intent_data": {
                "capture_method": "manual",
                "transfer_group": id,
                "description": format!("Commande {}", order.reference),
                "metadata": { "order": id },
            },
        });
        self.post("/v1/checkout/sessions", &form, &format!("{id}:checkout:1"))
            .await
    }

    /// Closes the payment page of an order that is still open.
    ///
    /// # Errors
    /// When Stripe refuses or does not answer.
    pub async fn expire_order_checkout(
        &self,
        order: &Order,
        attempt: &Attempt,
        session: &str,
    ) -> Result<CheckoutSession, StripeError> {
        let path = format!("/v1/checkout/sessions/{session}/expire");
        self.command(&path, &key(order, attempt)).await
    }

    /// Debits an order's card for the missions that were accepted. Stripe gives the rest of the
    /// authorisation back.
    ///
    /// # Errors
    /// When Stripe refuses or does not answer.
    pub async fn capture_order(
        &self,
        order: &Order,
        attempt: &Attempt,
        intent: &str,
    ) -> Result<PaymentIntent, StripeError> {
        let form = json!({
            "amount_to_capture": order.accepted_total().cents(),
            "expand": ["latest_charge"],
        });
        let path = format!("/v1/payment_intents/{intent}/capture");
        self.post(&path, &form, &key(order, attempt)).await
    }

    /// Gives an order's authorisation back.
    ///
    /// # Errors
    /// When Stripe refuses or does not answer.
    pub async fn release_order(
        &self,
        order: &Order,
        attempt: &Attempt,
        intent: &str,
    ) -> Result<PaymentIntent, StripeError> {
        let form = json!({ "expand": ["latest_charge"] });
        let path = format!("/v1/payment_intents/{intent}/cancel");
        self.post(&path, &form, &key(order, attempt)).await
    }
}
