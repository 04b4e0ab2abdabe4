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
use crate::who::Eyes;

/// The settings that every function shares.
#[derive(Clone)]
pub struct Settings {
    /// Where people see the site, without a slash at the end.
    pub site: String,
    /// Sign and read session cookies: none in a function that does not ask who calls.
    pub session_keys: KeySet,
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
    fn read<E: Eyes>(environment: &Environment) -> Self {
        Self {
            site: environment
                .required("PUBLIC_URL")
                .trim_end_matches('/')
                .to_owned(),
            session_keys: E::open(environment).keys(),
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
        Self::seeing::<()>(environment, Store::open(environment))
    }

    /// The same for a function that people call, with the eyes for who they are.
    pub(crate) fn seeing<E: Eyes>(environment: &Environment, store: Store) -> Self {
        Self {
            store,
            clock: environment.clock.clone(),
            settings: Settings::read::<E>(environment),
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
