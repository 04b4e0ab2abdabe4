//! What a handler works with.

use adapters::clock::Clock;
use adapters::environment::{Environment, Outside};
use adapters::keys::KeySet;
use adapters::store::{Key as StoreKey, Store};
use domain::booking::Delays;
use domain::configuration::{Configuration, InForce};

use crate::origin::OriginProofs;
use crate::problem::Problem;
use crate::throttle::Counts;

/// The settings that every function shares.
#[derive(Clone)]
pub struct Settings {
    /// Where people see the site, without a slash at the end.
    pub site: String,
    /// Sign session cookies.
    pub session_keys: KeySet,
    /// Derive one-time tokens, so that a mail prepared twice carries the same one.
    pub link_keys: KeySet,
    /// The delays that are not configured: how soon and how far ahead a mission may be.
    pub delays: Delays,
    /// What proves that a request came through CloudFront.
    pub(crate) origin: OriginProofs,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Settings({})", self.site)
    }
}

impl Settings {
    fn read(environment: &Environment) -> Self {
        let secret = environment.required("SESSION_SECRET");
        Self {
            site: environment
                .required("PUBLIC_URL")
                .trim_end_matches('/')
                .to_owned(),
            session_keys: KeySet::of(&secret, "session cookies"),
            link_keys: KeySet::of(&secret, "one-time tokens"),
            delays: Delays::default(),
            origin: OriginProofs::read(environment),
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
    /// What the request at hand has counted already.
    pub(crate) counts: Counts,
}

impl<O> Desk<O> {
    /// What a mission that is priced or ordered now gets: read each time, since a price shown must be
    /// the price asked.
    pub async fn in_force(&self) -> Result<InForce, Problem> {
        let read = self
            .store
            .get::<Configuration>(StoreKey::configuration())
            .await?;
        let configuration = read.map(|read| read.record).unwrap_or_default();
        Ok(configuration.in_force_at(self.clock.now()))
    }
}

impl<O: Outside> Desk<O> {
    /// Opens everything, without I/O. `Environment::check` then tells what was missing.
    pub fn open(environment: &Environment) -> Self {
        Self {
            store: Store::open(environment),
            clock: environment.clock.clone(),
            settings: Settings::read(environment),
            outside: O::open(environment),
            counts: Counts::default(),
        }
    }

    /// The same for one request, which counts its tries once.
    pub(crate) fn for_one_request(&self) -> Self {
        Self {
            counts: Counts::default(),
            ..self.clone()
        }
    }
}
