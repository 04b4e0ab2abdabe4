//! Stripe, over its HTTP protocol: form-encoded v1, JSON v2, a stable idempotency key on every write.

mod events;
mod objects;
mod orders;
mod payments;
mod payouts;
mod webhook;

use std::time::Duration;

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
use thiserror::Error;

pub use objects::{
    Account, Charge, CheckoutSession, Dispute, PaymentIntent, Refund, Reversal, StripeEvent,
    Transfer,
};
use objects::{List, Listed};
pub use webhook::{Notification, SignatureRefused, verify_signature};

use crate::deadline;
use crate::environment::{Environment, Outside};
use crate::vault::{self, StripeSecret, Variables, VaultError};

/// The version of Stripe's API that these requests are written for.
const API_VERSION: &str = "2026-04-22.dahlia";

/// How long one attempt may take, where the function has the time.
const ATTEMPT: Duration = Duration::from_secs(8);
/// How often a call is made that may succeed when it is repeated.
const ATTEMPTS: u32 = 3;
/// Stripe asks for longer pauses than the tables: they begin where those have grown to.
const PAUSES_FROM: u32 = 4;

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
    /// Stripe's code, when it refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            Self::NoAnswer(_) => None,
        }
    }

    /// Whether repeating the same call may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::NoAnswer(_) => true,
            Self::Refused { status, .. } => *status == 409 || *status == 429 || *status >= 500,
        }
    }
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
    async fn unlock(environment: &Environment) -> Result<Variables, VaultError> {
        vault::read::<StripeSecret>(environment).await
    }
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
        let mut attempt = 1;
        loop {
            let time = deadline::left().min(ATTEMPT);
            if time.is_zero() {
                return Err(StripeError::NoAnswer("no time is left to ask".to_owned()));
            }
            let sent = self.attempt(&method, path, &body, idempotency_key);
            let answer = tokio::time::timeout(time, sent)
                .await
                .unwrap_or_else(|late| Err(StripeError::NoAnswer(late.to_string())));
            match answer {
                Err(error) if error.is_passing() && attempt < ATTEMPTS => {
                    let Some(pause) = deadline::pause(PAUSES_FROM + attempt) else {
                        return Err(error);
                    };
                    tokio::time::sleep(pause).await;
                    attempt += 1;
                }
                answer => return answer,
            }
        }
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
        let bytes = body.to_bytes();
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

    async fn post_json<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
        key: &str,
    ) -> Result<T, StripeError> {
        self.call(Method::POST, path, Body::Json(body.to_string()), Some(key))
            .await
    }

    async fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T, StripeError> {
        self.call(Method::GET, path, Body::None, None).await
    }

    /// Every page of a list whose address ends with its parameters.
    async fn whole_list<T: DeserializeOwned + Listed>(
        &self,
        address: &str,
    ) -> Result<Vec<T>, StripeError> {
        let mut all: Vec<T> = Vec::new();
        loop {
            let after = all
                .last()
                .map(|last| format!("&starting_after={}", last.id()));
            let page = format!("{address}{}", after.unwrap_or_default());
            let list: List<T> = self.read(&page).await?;
            let more = list.has_more && !list.data.is_empty();
            all.extend(list.data);
            if !more {
                return Ok(all);
            }
        }
    }
}

/// The amount of an object, when it is in euros.
pub fn euros(amount: i64, currency: &str) -> Option<Euros> {
    (currency == "eur").then(|| Euros::from_cents(amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn stripe_is_not_asked_when_the_function_has_no_time_to_hear_the_answer() {
        let variables = [
            ("STRIPE_ENDPOINT", "http://127.0.0.1:9"),
            ("STRIPE_SECRET_KEY", "sk_test"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let environment = Environment::given(variables.into(), Clock::system());
        let stripe = Stripe::open(&environment);
        let asked = async { stripe.read::<serde_json::Value>("/v1/balance").await };
        let refused = deadline::within(Duration::from_secs(3), asked).await;
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("no time is left"), "{error}");
    }
}
