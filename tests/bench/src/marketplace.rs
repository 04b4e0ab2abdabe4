//! The marketplace that the measurements run against: in this process, with the demonstration.

use adapters::environment::{Environment, Outside as _};
use adapters::store::Store;
use jiff::Timestamp;
use journeys::{Browser, root};
use local::{Platform, Surroundings};
use serde_json::json;
use tempfile::TempDir;

use crate::Failure;

/// A running marketplace; it ends when dropped.
pub(crate) struct Marketplace {
    platform: Platform,
    _data: TempDir,
}

impl Marketplace {
    /// Starts one with the demonstration's people and offers.
    pub(crate) async fn start() -> Result<Self, Failure> {
        let data = tempfile::tempdir()?;
        let settings = local::settings(0, data.path().to_owned(), &root());
        let platform = local::start(settings, local::functions::all).await?;
        let started = Self {
            platform,
            _data: data,
        };
        started.browser().post("/local/demo", json!({})).await.ok();
        started.platform.settle().await?;
        Ok(started)
    }

    pub(crate) fn surroundings(&self) -> &Surroundings {
        self.platform.surroundings()
    }

    /// A browser at its door.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.surroundings().public_url)
    }

    /// A browser that is signed in.
    pub(crate) async fn signed_in(&self, email: &str, password: &str) -> Browser {
        let browser = self.browser();
        let credentials = json!({ "email": email, "password": password });
        browser.post("/api/session", credentials).await.ok();
        browser
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.surroundings().clock.now()
    }

    /// What the functions are told.
    pub(crate) fn environment(&self) -> Environment {
        local::functions::environment(self.surroundings())
    }

    /// The store under the functions.
    pub(crate) fn store(&self) -> Store {
        Store::open(&self.environment())
    }
}
