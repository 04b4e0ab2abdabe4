//! A stand-in for Stripe on one machine: the part of its HTTP API that the marketplace uses, the
//! pages that people see, signed webhooks, and levers to make things go wrong.
//!
//! Requests, answers, errors, idempotency and events have the shapes of the real ones. State is on
//! disk: one SQLite transaction holds an API call's objects, its events and its idempotency record.

mod accounts;
mod api;
mod balance;
mod cards;
mod checkout_sessions;
mod errors;
mod events;
mod levers;
mod pages;
mod payment_intents;
mod store;
mod transfers;
mod webhooks;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::Notify;

use crate::levers::Levers;
use crate::store::Store;

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
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Mutex<Store>,
    pub(crate) levers: Mutex<Levers>,
    pub(crate) wake: Notify,
    pub(crate) client: webhooks::Client,
    pub(crate) delivering: tokio::sync::Mutex<()>,
}

/// The stand-in.
#[derive(Clone)]
pub struct StripeStandin(pub(crate) Arc<Inner>);

impl StripeStandin {
    /// Opens it on its file.
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
            wake: Notify::new(),
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

    /// Expires what has lapsed and delivers the events that are due. Says how many were delivered.
    pub async fn run_due(&self) -> usize {
        self.expire_lapsed();
        self.deliver_due().await
    }

    /// Whether no delivery is due now.
    pub fn idle(&self) -> bool {
        let now = self.now();
        self.levers(|levers| levers.paused)
            || self.store(|store| Ok(!store.has_due(now)?)).unwrap_or(true)
    }

    /// Waits for something to deliver.
    pub async fn woken(&self) {
        self.0.wake.notified().await;
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn reset(&self) -> Result<(), StandinError> {
        self.levers(|levers| *levers = Levers::default());
        Ok(self.store(Store::clear)?)
    }

    pub(crate) fn now(&self) -> i64 {
        self.0.clock.now().as_second()
    }

    /// Works on the store. A poisoned lock means that a transaction was left open: it was rolled back.
    pub(crate) fn store<T>(
        &self,
        work: impl FnOnce(&mut Store) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        work(
            &mut self
                .0
                .store
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    pub(crate) fn levers<T>(&self, work: impl FnOnce(&mut Levers) -> T) -> T {
        work(
            &mut self
                .0
                .levers
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }
}
