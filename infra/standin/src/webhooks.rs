//! Telling the marketplace: signed, at least once, again and again until it answers 2xx.

use axum::http::{Method, Request};
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use sha2::Sha256;

use crate::checkout_sessions::close;
use crate::payment_intents::give_back;
use crate::{StripeStandin, errors::Fault};

pub(crate) type Client = hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>;

/// Seconds until the next attempt, after each failed one.
const BACKOFF_SECONDS: [i64; 8] = [5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600];

pub(crate) fn client() -> Client {
    hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http()
}

impl StripeStandin {
    /// Sessions that nobody paid and authorisations that nobody captured end by themselves.
    pub(crate) fn expire_lapsed(&self) {
        let now = self.now();
        let done = self.store(|store| {
            let work = store.work(now)?;
            for session in work.list("checkout.session")? {
                if session["status"] == "open"
                    && session["expires_at"].as_i64().is_some_and(|at| at <= now)
                {
                    let _told_by_its_event = close(&work, session);
                }
            }
            for intent in work.list("payment_intent")? {
                let charge = intent["latest_charge"]
                    .as_str()
                    .map(|id| work.read(id))
                    .transpose()?
                    .flatten();
                let lapses = charge.and_then(|charge| {
                    charge["payment_method_details"]["card"]["capture_before"].as_i64()
                });
                if intent["status"] == "requires_capture" && lapses.is_some_and(|at| at <= now) {
                    let _told_by_its_event = give_back(&work, intent, "automatic");
                }
            }
            work.keep()
        });
        if let Err(error) = done {
            tracing::error!(%error, "what lapsed could not be ended");
        }
    }

    /// Sends every event that is due, oldest first.
    pub(crate) async fn deliver_due(&self) -> usize {
        let _one_at_a_time = self.0.delivering.lock().await;
        let mut delivered = 0;
        while !self.levers(|levers| levers.paused) {
            let now = self.now();
            let Ok(Some(delivery)) = self.store(|store| store.next_due(now)) else {
                break;
            };
            let taken = self.send(&delivery.event.to_string(), now).await;
            let noted = if taken {
                delivered += 1;
                self.store(|store| store.delivered(delivery.number))
            } else {
                let place = usize::try_from(delivery.attempts).unwrap_or(0);
                match BACKOFF_SECONDS.get(place) {
                    Some(wait) => {
                        self.store(|store| store.deliver_again(delivery.number, now + wait))
                    }
                    None => self.store(|store| store.delivered(delivery.number)),
                }
            };
            if let Err(error) = noted {
                tracing::error!(%error, "a delivery could not be noted");
                break;
            }
        }
        delivered
    }

    async fn send(&self, body: &str, now: i64) -> bool {
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
            .body(Full::new(Bytes::from(body.to_owned())));
        let Ok(request) = request else { return false };
        let sent = tokio::time::timeout(
            std::time::Duration::from_secs(20),
            self.0.client.request(request),
        )
        .await;
        matches!(sent, Ok(Ok(answer)) if answer.status().is_success())
    }

    /// Does work for a page or a lever, and wakes the deliveries.
    pub(crate) fn act<T>(
        &self,
        act: impl FnOnce(&crate::store::Work<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let now = self.now();
        let done = self.store(|store| {
            let work = store.work(now)?;
            let outcome = act(&work);
            if outcome.is_ok() {
                work.keep()?;
            }
            Ok(outcome)
        });
        self.0.wake.notify_one();
        done.map_err(Fault::from)?
    }
}

/// `t=…,v1=…` over `{t}.{body}`.
pub(crate) fn signature(secret: &str, now: i64, body: &str) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key length");
    mac.update(format!("{now}.{body}").as_bytes());
    format!("t={now},v1={}", hexadecimal(&mac.finalize().into_bytes()))
}

/// Lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
