//! A stand-in for Stripe on one machine: the part of its HTTP API that the marketplace uses, the
//! pages that people see, signed webhooks, and levers to make things go wrong.
//!
//! Requests, answers, errors, idempotency and events have the shapes of the real ones. State is on
//! disk: one SQLite transaction holds an API call's objects, its events and its idempotency record.
//!
//! A new resource is a file with a function per operation, which reads its parameters with `wire`,
//! its objects with `store::Work`, and a line per operation in `api::dispatch`.

// A session has more fields than `json!` takes by default.
#![recursion_limit = "256"]

mod account_links;
mod accounts;
mod api;
mod balance;
mod cards;
mod charges;
mod checkout_sessions;
mod disputes;
mod errors;
mod events;
mod exchanges;
mod expand;
mod idempotency;
mod ids;
mod levers;
mod lists;
mod pages;
mod paying;
mod payment_intents;
mod refunds;
mod reversals;
mod store;
mod transfers;
mod webhooks;
mod wire;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::Notify;

use crate::errors::Fault;
use crate::exchanges::Exchanges;
use crate::idempotency::InFlight;
use crate::levers::Levers;
use crate::store::{Origin, Store, Work};

/// How the stand-in is reached, and whom it calls.
#[derive(Clone)]
pub struct Settings {
    /// Its SQLite file.
    pub database: PathBuf,
    /// Where its pages are, such as `http://127.0.0.1:8080`.
    pub public_url: String,
    /// Where events are sent.
    pub webhook_url: String,
    /// Signs events.
    pub webhook_secret: String,
    /// The secret key that API calls must carry.
    pub secret_key: String,
}

/// What time it is.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The stand-in cannot use its file.
#[derive(Debug, Error)]
#[error("the Stripe stand-in cannot use its file: {0}")]
pub struct StandinError(#[from] rusqlite::Error);

pub(crate) struct Inner {
    pub(crate) settings: Settings,
    clock: Arc<dyn Clock>,
    store: Mutex<Store>,
    levers: Mutex<Levers>,
    exchanges: Mutex<Exchanges>,
    wake: Notify,
    pub(crate) in_flight: InFlight,
    pub(crate) client: webhooks::Client,
    pub(crate) delivering: tokio::sync::Mutex<()>,
}

/// The stand-in. Clones share everything.
#[derive(Clone)]
pub struct StripeStandin(pub(crate) Arc<Inner>);

impl StripeStandin {
    /// Opens it on its file, which is made if it is not there.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn open(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, StandinError> {
        let store = Store::open(&settings.database)?;
        Ok(Self(Arc::new(Inner {
            settings,
            clock,
            store: Mutex::new(store),
            levers: Mutex::default(),
            exchanges: Mutex::default(),
            wake: Notify::new(),
            in_flight: InFlight::default(),
            client: webhooks::client(),
            delivering: tokio::sync::Mutex::new(()),
        })))
    }

    /// `/v1`, `/v2` and `/local/stripe`.
    pub fn router(&self) -> Router {
        api::router(self)
            .merge(pages::router(self))
            .merge(levers::router(self))
    }

    /// Ends what has lapsed and delivers the events that are due, until none is. Says how many were
    /// delivered. A failed delivery is due again later, by the clock.
    pub async fn run_due(&self) -> usize {
        self.end_lapsed();
        self.deliver_due().await
    }

    /// Whether no delivery is due now. Paused, nothing is.
    pub fn idle(&self) -> bool {
        let now = self.now();
        self.levers(|levers| levers.paused)
            || self.store(|store| Ok(!store.has_due(now)?)).unwrap_or(true)
    }

    /// Waits until there is something to deliver.
    pub async fn woken(&self) {
        self.0.wake.notified().await;
    }

    /// Forgets everything, levers included.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn reset(&self) -> Result<(), StandinError> {
        self.levers(|levers| *levers = Levers::default());
        self.exchanges(|exchanges| *exchanges = Exchanges::default());
        Ok(self.store(Store::clear)?)
    }

    pub(crate) fn wake(&self) {
        self.0.wake.notify_one();
    }

    pub(crate) fn now(&self) -> i64 {
        self.0.clock.now().as_second()
    }

    /// Works on the store. A poisoned lock means that a transaction was left open: it was rolled back.
    pub(crate) fn store<T>(
        &self,
        work: impl FnOnce(&mut Store) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        work(&mut self.0.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn exchanges<T>(&self, work: impl FnOnce(&mut Exchanges) -> T) -> T {
        let kept = self.0.exchanges.lock();
        work(&mut kept.unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn levers<T>(&self, work: impl FnOnce(&mut Levers) -> T) -> T {
        work(&mut self.0.levers.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Does what a page or a lever asks, all or nothing, and wakes the deliveries.
    pub(crate) fn act<T>(
        &self,
        act: impl FnOnce(&Work<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.end_lapsed();
        let now = self.now();
        let done = self.store(|store| {
            let work = store.work(now, Origin::default())?;
            let outcome = act(&work);
            let told = if outcome.is_ok() { work.keep()? } else { false };
            Ok((outcome, told))
        });
        let (outcome, told) = done?;
        if told {
            self.wake();
        }
        outcome
    }

    /// Sessions that nobody paid and authorisations that nobody captured end by themselves. Every
    /// call begins with it, so that none sees what has lapsed by the clock.
    pub(crate) fn end_lapsed(&self) {
        let now = self.now();
        let done = self.store(|store| {
            let (sessions, intents) = store.lapsed(now)?;
            if sessions.is_empty() && intents.is_empty() {
                return Ok(Ok(false));
            }
            let work = store.work(now, Origin::default())?;
            let mut ended = sessions
                .into_iter()
                .map(|session| checkout_sessions::close(&work, session).map(drop));
            let mut lapsed = intents
                .into_iter()
                .map(|intent| payment_intents::lapse(&work, intent).map(drop));
            match ended
                .try_for_each(|each| each)
                .and_then(|()| lapsed.try_for_each(|each| each))
            {
                Ok(()) => work.keep().map(Ok),
                Err(fault) => Ok(Err(fault)),
            }
        });
        match done {
            Ok(Ok(true)) => self.wake(),
            Ok(Ok(false)) => {}
            Ok(Err(fault)) => tracing::error!(?fault, "what lapsed could not be ended"),
            Err(error) => tracing::error!(%error, "what lapsed could not be ended"),
        }
    }
}
