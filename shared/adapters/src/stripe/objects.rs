//! The fields of Stripe's objects that are read. Amounts are cents, moments are seconds.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    /// Whether there are others after it.
    #[serde(default)]
    pub(super) has_more: bool,
}

/// Something that a list can go on after.
pub(super) trait Listed {
    /// Its identifier.
    fn id(&self) -> &str;
}

impl Listed for Refund {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Listed for Transfer {
    fn id(&self) -> &str {
        &self.id
    }
}

/// An event, as a list of them names it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StripeEvent {
    /// Its identifier.
    pub id: String,
    /// Such as `charge.dispute.created`.
    pub r#type: String,
    /// When it happened.
    pub created: i64,
}

/// A Checkout session.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CheckoutSession {
    /// Its identifier.
    pub id: String,
    /// `open`, `complete` or `expired`.
    pub status: Option<String>,
    /// Where the client pays.
    pub url: Option<String>,
    /// The payment intent, once the client has begun to pay.
    pub payment_intent: Option<String>,
    /// Our booking.
    pub client_reference_id: Option<String>,
}

/// A payment intent, read with its last charge.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaymentIntent {
    /// Its identifier.
    pub id: String,
    /// `requires_payment_method`, `requires_capture`, `succeeded`, `canceled` …
    pub status: String,
    /// Cents.
    pub amount: i64,
    /// Cents that can still be captured.
    #[serde(default)]
    pub amount_capturable: i64,
    /// Cents that were captured.
    #[serde(default)]
    pub amount_received: i64,
    /// `eur`.
    pub currency: String,
    /// The last charge.
    pub latest_charge: Option<Charge>,
    /// What we noted on it.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

/// A charge.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Charge {
    /// Its identifier.
    pub id: String,
    /// How it was paid.
    pub payment_method_details: Option<PaymentMethodDetails>,
}

impl Charge {
    /// The last second at which the card can be debited.
    pub fn capture_before(&self) -> Option<i64> {
        self.payment_method_details
            .as_ref()?
            .card
            .as_ref()?
            .capture_before
    }
}

/// How a charge was paid.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaymentMethodDetails {
    /// With which card.
    pub card: Option<CardDetails>,
}

/// With which card a charge was paid.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CardDetails {
    /// The last second at which it can be debited.
    pub capture_before: Option<i64>,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// Its identifier.
    pub id: String,
    /// Cents.
    pub amount: i64,
    /// `eur`.
    pub currency: String,
    /// `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
    pub status: Option<String>,
    /// What we noted on it.
    #[serde(default)]
    pub metadata: Option<BTreeMap<String, String>>,
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Transfer {
    /// Its identifier.
    pub id: String,
    /// Cents.
    pub amount: i64,
    /// Cents that were taken back.
    pub amount_reversed: i64,
    /// `eur`.
    pub currency: String,
    /// What we noted on it.
    #[serde(default)]
    pub metadata: Option<BTreeMap<String, String>>,
}

/// A reversal of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Reversal {
    /// Its identifier.
    pub id: String,
}

/// A dispute.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dispute {
    /// Its identifier.
    pub id: String,
    /// Cents.
    pub amount: i64,
    /// `eur`.
    pub currency: String,
    /// `needs_response`, `under_review`, `won`, `lost`, `warning_closed` …
    pub status: String,
}

/// A Connect account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Account {
    /// Its identifier.
    pub id: String,
    configuration: Option<Configuration>,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Configuration {
    recipient: Option<Recipient>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Recipient {
    capabilities: Option<Capabilities>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Capabilities {
    stripe_balance: Option<StripeBalance>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct StripeBalance {
    stripe_transfers: Option<Capability>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Capability {
    status: String,
}

impl Account {
    /// Whether it may receive transfers.
    pub fn receives_transfers(&self) -> bool {
        let capability = || {
            let recipient = self.configuration.as_ref()?.recipient.as_ref()?;
            let balance = recipient.capabilities.as_ref()?.stripe_balance.as_ref()?;
            balance.stripe_transfers.as_ref()
        };
        capability().is_some_and(|capability| capability.status == "active")
    }

    /// The professional for whom we opened it.
    pub fn professional(&self) -> Option<&str> {
        self.metadata
            .as_ref()?
            .get("professional")
            .map(String::as_str)
    }
}
