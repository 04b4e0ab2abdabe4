//! Telling the marketplace: signed, at least once, again and again until it answers 2xx.

use std::time::Duration;

use axum::http::{Method, Request};
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use sha2::Sha256;

use crate::StripeStandin;

pub(crate) type Client = hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>;

/// Seconds until the next attempt, after each failed one. Stripe gives up after three days, too.
const BACKOFF_SECONDS: [i64; 9] = [
    5,
    30,
    120,
    600,
    3600,
    4 * 3600,
    12 * 3600,
    24 * 3600,
    24 * 3600,
];

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn client() -> Client {
    hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http()
}

impl StripeStandin {
    /// Sends every event that is due, oldest first.
    pub(crate) async fn deliver_due(&self) -> usize {
        let _one_at_a_time = self.0.delivering.lock().await;
        let mut count = 0;
        while !self.levers(|levers| levers.paused) {
            let now = self.now();
            let delivery = match self.store(|store| store.next_due(now)) {
                Ok(Some(delivery)) => delivery,
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(%error, "deliveries cannot be read");
                    break;
                }
            };
            let outcome = self.send(&delivery.event.to_string(), now).await;
            let delivered = outcome.is_ok_and(|status| (200..300).contains(&status));
            let place = usize::try_from(delivery.attempts).unwrap_or(usize::MAX);
            let again = BACKOFF_SECONDS
                .get(place)
                .filter(|_| !delivered)
                .map(|wait| now + wait);
            let told = outcome.map_or_else(str::to_owned, |status| status.to_string());
            if let Err(error) =
                self.store(|store| store.tried(&delivery, now, &told, delivered, again))
            {
                tracing::error!(%error, "a delivery could not be noted");
                break;
            }
            count += usize::from(delivered);
        }
        count
    }

    /// The status of the answer, or why there is none.
    async fn send(&self, body: &str, now: i64) -> Result<u16, &'static str> {
        let settings = &self.0.settings;
        let request = Request::builder()
            .method(Method::POST)
            .uri(&settings.webhook_url)
            .header("content-type", "application/json; charset=utf-8")
            .header("user-agent", "Stripe/1.0 (stand-in)")
            .header(
                "stripe-signature",
                signature(&settings.webhook_secret, now, body),
            )
            .body(Full::new(Bytes::from(body.to_owned())))
            .map_err(|_| "unusable address")?;
        let answer = tokio::time::timeout(PATIENCE, self.0.client.request(request)).await;
        let answer = answer
            .map_err(|_| "no answer in time")?
            .map_err(|_| "no connection")?;
        Ok(answer.status().as_u16())
    }
}

/// `t=…,v1=…` over `{t}.{body}`.
fn signature(secret: &str, now: i64, body: &str) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key length");
    mac.update(format!("{now}.{body}").as_bytes());
    format!("t={now},v1={}", hexadecimal(&mac.finalize().into_bytes()))
}

/// Lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
