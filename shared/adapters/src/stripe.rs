//! Stripe, over its HTTP protocol: form-encoded v1, JSON v2, a stable idempotency key on every write.

mod webhook;

use domain::booking::Booking;
use domain::ids::{BookingId, ProfessionalId};
use domain::money::Euros;
use http::{Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use thiserror::Error;

pub use webhook::{SignatureRefused, WebhookEvent, verify_signature};

use crate::environment::{Environment, Outside};

/// The version of Stripe's API that these requests are written for.
const API_VERSION: &str = "2026-04-22.dahlia";

/// What can go wrong with a call.
#[derive(Debug, Error)]
pub enum StripeError {
    /// Stripe refused, for a reason with a code.
    #[error("Stripe refused ({status}, {code})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Stripe's code, such as `resource_missing`.
        code: String,
    },
    /// No usable answer: nothing is known of what was done. Repeat with the same key.
    #[error("Stripe did not answer: {0}")]
    NoAnswer(String),
}

impl StripeError {
    /// Whether Stripe says that the object is in another state: what was asked may be done already.
    pub fn is_unexpected_state(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "payment_intent_unexpected_state")
    }

    /// Whether repeating the same call may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::NoAnswer(_) => true,
            Self::Refused { status, .. } => *status == 409 || *status == 429 || *status >= 500,
        }
    }
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

/// A payment intent.
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
    pub latest_charge: Option<String>,
    /// What we noted on it.
    #[serde(default)]
    pub metadata: std::collections::BTreeMap<String, String>,
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Transfer {
    /// Its identifier.
    pub id: String,
    /// Cents.
    pub amount: i64,
    /// `eur`.
    pub currency: String,
}

#[derive(Deserialize)]
struct Identified {
    id: String,
}

#[derive(Deserialize)]
struct Envelope {
    error: EnvelopeError,
}

#[derive(Deserialize)]
struct EnvelopeError {
    code: Option<String>,
    r#type: Option<String>,
}

/// The payment provider.
#[derive(Clone)]
pub struct Stripe {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    base: String,
    key: String,
}

impl std::fmt::Debug for Stripe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stripe")
    }
}

impl Outside for Stripe {
    fn open(environment: &Environment) -> Self {
        let builder = hyper_rustls::HttpsConnectorBuilder::new();
        let connector = builder
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            base: environment
                .optional("STRIPE_ENDPOINT")
                .unwrap_or_else(|| "https://api.stripe.com".to_owned()),
            key: environment.required("STRIPE_SECRET_KEY"),
        }
    }
}

/// The body of a call.
enum Body {
    None,
    Form(String),
    Json(String),
}

impl Stripe {
    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Body,
        idempotency_key: Option<&str>,
    ) -> Result<T, StripeError> {
        let mut last = None;
        for attempt in 0..3_u32 {
            if attempt > 0 {
                tokio::time::sleep(std::time::Duration::from_millis(200 << attempt)).await;
            }
            match self.attempt(&method, path, &body, idempotency_key).await {
                Ok(answer) => return Ok(answer),
                Err(error) if error.is_passing() => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(last.unwrap_or_else(|| StripeError::NoAnswer("no attempt was made".to_owned())))
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        body: &Body,
        idempotency_key: Option<&str>,
    ) -> Result<T, StripeError> {
        let no_answer = |error: &dyn std::fmt::Display| StripeError::NoAnswer(error.to_string());
        let (content_type, bytes) = match body {
            Body::None => (None, Bytes::new()),
            Body::Form(form) => (
                Some("application/x-www-form-urlencoded"),
                Bytes::from(form.clone()),
            ),
            Body::Json(json) => (Some("application/json"), Bytes::from(json.clone())),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.key))
            .header("stripe-version", API_VERSION);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if let Some(key) = idempotency_key {
            request = request.header("idempotency-key", key);
        }
        let request = request
            .body(Full::new(bytes))
            .map_err(|error| no_answer(&error))?;
        let exchange = async {
            let answer = self
                .client
                .request(request)
                .await
                .map_err(|error| no_answer(&error))?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), 1 << 20)
                .collect()
                .await
                .map_err(|error| no_answer(&error))?;
            Ok::<_, StripeError>((status, body.to_bytes()))
        };
        let (status, bytes) = tokio::time::timeout(std::time::Duration::from_secs(8), exchange)
            .await
            .map_err(|error| no_answer(&error))??;
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(|error| no_answer(&error));
        }
        let code = serde_json::from_slice::<Envelope>(&bytes)
            .ok()
            .and_then(|envelope| envelope.error.code.or(envelope.error.r#type))
            .unwrap_or_else(|| "unknown".to_owned());
        Err(StripeError::Refused {
            status: status.as_u16(),
            code,
        })
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &impl Serialize,
        key: &str,
    ) -> Result<T, StripeError> {
        let form =
            serde_qs::to_string(form).map_err(|error| StripeError::NoAnswer(error.to_string()))?;
        self.call(Method::POST, path, Body::Form(form), Some(key))
            .await
    }

    /// A write that takes no parameter: an empty body, which is not what an empty form encodes to.
    async fn command<T: DeserializeOwned>(&self, path: &str, key: &str) -> Result<T, StripeError> {
        self.call(Method::POST, path, Body::Form(String::new()), Some(key))
            .await
    }

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
        self.post(
            "/v1/checkout/sessions",
            &form,
            &key(&booking.id, "checkout"),
        )
        .await
    }

    /// Closes a Checkout page that is still open.
    pub async fn expire_checkout(
        &self,
        booking: &BookingId,
        session: &str,
    ) -> Result<CheckoutSession, StripeError> {
        self.command(
            &format!("/v1/checkout/sessions/{session}/expire"),
            &key(booking, "expire-checkout"),
        )
        .await
    }

    /// Reads a Checkout session.
    pub async fn checkout(&self, session: &str) -> Result<CheckoutSession, StripeError> {
        self.call(
            Method::GET,
            &format!("/v1/checkout/sessions/{session}"),
            Body::None,
            None,
        )
        .await
    }

    /// Reads a payment intent.
    pub async fn intent(&self, intent: &str) -> Result<PaymentIntent, StripeError> {
        self.call(
            Method::GET,
            &format!("/v1/payment_intents/{intent}"),
            Body::None,
            None,
        )
        .await
    }

    /// Debits an authorised card. One that was debited already is success.
    pub async fn capture(
        &self,
        booking: &BookingId,
        intent: &str,
    ) -> Result<PaymentIntent, StripeError> {
        let asked = self
            .command(
                &format!("/v1/payment_intents/{intent}/capture"),
                &key(booking, "capture"),
            )
            .await;
        self.unless_already(asked, intent, "succeeded").await
    }

    /// Gives an authorisation back. One that was given back already is success.
    pub async fn release(
        &self,
        booking: &BookingId,
        intent: &str,
    ) -> Result<PaymentIntent, StripeError> {
        let asked = self
            .command(
                &format!("/v1/payment_intents/{intent}/cancel"),
                &key(booking, "cancel"),
            )
            .await;
        self.unless_already(asked, intent, "canceled").await
    }

    async fn unless_already(
        &self,
        asked: Result<PaymentIntent, StripeError>,
        intent: &str,
        wanted: &str,
    ) -> Result<PaymentIntent, StripeError> {
        match asked {
            Err(error) if error.is_unexpected_state() => {
                let now = self.intent(intent).await?;
                if now.status == wanted {
                    Ok(now)
                } else {
                    Err(error)
                }
            }
            other => other,
        }
    }

    /// Pays the professional's part out of the captured charge. What remains is the commission.
    pub async fn transfer(
        &self,
        booking: &Booking,
        charge: &str,
        account: &str,
    ) -> Result<Transfer, StripeError> {
        let id = booking.id.as_str();
        let form = json!({
            "amount": booking.price.professional_total.cents(),
            "currency": "eur",
            "destination": account,
            "source_transaction": charge,
            "transfer_group": id,
            "metadata": { "booking": id },
        });
        self.post("/v1/transfers", &form, &key(&booking.id, "transfer"))
            .await
    }

    /// Opens the Connect account that a professional is paid on.
    pub async fn open_payout_account(
        &self,
        professional: &ProfessionalId,
        name: &str,
        email: &str,
    ) -> Result<String, StripeError> {
        let body = json!({
            "contact_email": email,
            "display_name": name,
            "identity": { "country": "fr" },
            "configuration": {
                "recipient": { "capabilities": { "stripe_balance": { "stripe_transfers": { "requested": true } } } }
            },
            "defaults": { "responsibilities": { "fees_collector": "application", "losses_collector": "application" } },
            "dashboard": "express",
            "metadata": { "professional": professional.as_str() },
        });
        let key = format!("{professional}:payout-account:1");
        let account: Identified = self
            .call(
                Method::POST,
                "/v2/core/accounts",
                Body::Json(body.to_string()),
                Some(&key),
            )
            .await?;
        Ok(account.id)
    }
}

/// The key under which Stripe does an operation on a booking once, however often it is asked.
fn key(booking: &BookingId, operation: &str) -> String {
    format!("{booking}:{operation}:1")
}

/// The amount of an intent, when it is in euros.
pub fn euros(amount: i64, currency: &str) -> Option<Euros> {
    (currency == "eur").then(|| Euros::from_cents(amount))
}
