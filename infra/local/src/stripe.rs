//! The Stripe stand-in, on the product's clock.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use jiff::Timestamp;
use stripe_standin::StripeStandin;

use crate::MovedClock;

impl stripe_standin::Clock for MovedClock {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }
}

pub(crate) struct Stripe {
    standin: StripeStandin,
    router: Router,
}

pub(crate) struct Settings {
    pub(crate) database: PathBuf,
    pub(crate) public_url: String,
    pub(crate) webhook_secret: String,
    pub(crate) secret_key: String,
}

impl Stripe {
    pub(crate) fn open(settings: Settings, clock: MovedClock) -> Result<Self, String> {
        let webhook_url = format!("{}/webhooks/stripe", settings.public_url);
        let standin = StripeStandin::open(
            stripe_standin::Settings {
                database: settings.database,
                public_url: settings.public_url,
                webhook_url,
                webhook_secret: settings.webhook_secret,
                secret_key: settings.secret_key,
            },
            Arc::new(clock),
        )
        .map_err(|error| error.to_string())?;
        Ok(Self {
            router: standin.router(),
            standin,
        })
    }

    /// Whether the path is Stripe's: its API, its hosted pages, its levers.
    pub(crate) fn own(path: &str) -> bool {
        ["/v1", "/v2", "/local/stripe"].iter().any(|prefix| {
            path.strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Sends the webhooks that are due and lets authorisations expire; returns how much it did.
    pub(crate) async fn run_due(&self) -> usize {
        self.standin.run_due().await
    }

    pub(crate) fn idle(&self) -> bool {
        self.standin.idle()
    }

    pub(crate) async fn woken(&self) {
        self.standin.woken().await;
    }

    pub(crate) fn wipe(&self) -> Result<(), String> {
        self.standin.reset().map_err(|error| error.to_string())
    }
}
