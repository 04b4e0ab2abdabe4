//! What a handler works with.

use adapters::clock::Clock;
use adapters::environment::{Environment, Outside};
use adapters::secrets::hmac_sha256;
use adapters::store::Store;
use cookie::Key;
use domain::booking::Delays;
use domain::money::{BasisPoints, Euros};
use domain::pricing::CommissionTerms;

/// The settings that every function shares.
#[derive(Clone)]
pub struct Settings {
    /// Where people see the site, without a slash at the end.
    pub site: String,
    /// Signs session cookies.
    pub session_key: Key,
    /// Derives one-time tokens, so that a mail prepared twice carries the same one.
    pub token_key: String,
    /// Every delay of the booking process.
    pub delays: Delays,
    /// The commission in force.
    pub commission: CommissionTerms,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Settings({})", self.site)
    }
}

impl Settings {
    fn read(environment: &Environment) -> Self {
        let secret = environment.required("SESSION_SECRET");
        let mut commission = CommissionTerms::default();
        let rate = environment
            .optional("COMMISSION_BASIS_POINTS")
            .and_then(|text| text.parse().ok());
        if let Some(rate) = rate.and_then(|points| BasisPoints::new(points).ok()) {
            commission.rate = rate;
        }
        if let Some(minimum) = environment
            .optional("COMMISSION_MINIMUM_CENTS")
            .and_then(|text| text.parse().ok())
        {
            commission.minimum = Euros::from_cents(minimum);
        }
        Self {
            site: environment
                .required("PUBLIC_URL")
                .trim_end_matches('/')
                .to_owned(),
            session_key: Key::derive_from(&hmac_sha256(secret.as_bytes(), b"session cookies")),
            token_key: adapters::secrets::hexadecimal(&hmac_sha256(
                secret.as_bytes(),
                b"one-time tokens",
            )),
            delays: Delays::default(),
            commission,
        }
    }

    /// Whether cookies must travel over TLS only.
    pub fn secure_cookies(&self) -> bool {
        self.site.starts_with("https://")
    }
}

/// Everything a handler may touch: the store, the time, the settings, and what it declared as `Outside`.
#[derive(Clone, Debug)]
pub struct Desk<O> {
    /// The store.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Settings.
    pub settings: Settings,
    /// What else this function was declared to need.
    pub outside: O,
}

impl<O: Outside> Desk<O> {
    /// Opens everything, without I/O. `Environment::check` then tells what was missing.
    pub fn open(environment: &Environment) -> Self {
        Self {
            store: Store::open(environment),
            clock: environment.clock.clone(),
            settings: Settings::read(environment),
            outside: O::open(environment),
        }
    }
}
