//! Everything that runs, in one place: what follows from a request until nothing is left to do,
//! the clock's journeys, and the way back to an empty machine.

use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, watch};

use crate::conflicts::Conflicts;
use crate::deliveries::Deliveries;
use crate::disk::Disk;
use crate::events::Events;
use crate::gateway::Gateway;
use crate::lambdas::Lambdas;
use crate::mail::Outbox;
use crate::meter::Meter;
use crate::outbox::Outboxes;
use crate::permissions::Permissions;
use crate::s3::Buckets;
use crate::schedules::Schedules;
use crate::site::Site;
use crate::stripe::Stripe;
use crate::tables::{TableError, Tables};
use crate::{ClockRefused, Demo, MovedClock, Surroundings};

/// How often to look even though nothing was announced.
const GLANCE: Duration = Duration::from_millis(200);
/// How long a lever waits for things to calm down.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a lever did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LeverError {
    /// The clock refused.
    #[error(transparent)]
    Clock(#[from] ClockRefused),
    /// The local file refused.
    #[error("{0}")]
    Disk(#[from] rusqlite::Error),
    /// A table refused.
    #[error("{0}")]
    Table(#[from] TableError),
    /// The folder of documents refused.
    #[error("{0}")]
    Documents(#[from] std::io::Error),
    /// The Stripe stand-in refused.
    #[error("{0}")]
    Stripe(String),
    /// What a machine begins with could not be written.
    #[error("les données de départ : {0}")]
    Beginning(String),
    /// Work keeps coming: some function wakes itself for ever.
    #[error("tout n'est pas retombé au calme en une minute")]
    Restless,
}

pub(crate) struct World {
    pub(crate) surroundings: Surroundings,
    pub(crate) port: u16,
    /// What CloudFront adds to a request, to prove that it passed there.
    pub(crate) origin_proof: String,
    pub(crate) clock: MovedClock,
    pub(crate) disk: Arc<Disk>,
    pub(crate) tables: Tables,
    pub(crate) buckets: Buckets,
    pub(crate) permissions: Permissions,
    pub(crate) meter: Arc<Meter>,
    pub(crate) conflicts: Arc<Conflicts>,
    pub(crate) lambdas: Arc<Lambdas>,
    pub(crate) gateway: Gateway,
    pub(crate) site: Site,
    pub(crate) mail: Outbox,
    pub(crate) events: Events,
    pub(crate) deliveries: Arc<Deliveries>,
    pub(crate) outboxes: Outboxes,
    pub(crate) schedules: Schedules,
    pub(crate) stripe: Stripe,
    pub(crate) demo: Option<Demo>,
    pub(crate) beginning: Option<Demo>,
    /// The demonstration moves the clock itself, so it has its own lock.
    pub(crate) demonstrating: Mutex<()>,
    /// One journey or reset at a time.
    pub(crate) moving: Mutex<()>,
    /// Held as long as the data folder is ours.
    pub(crate) _lock: File,
}

impl World {
    /// Waits until nothing follows any more: outbox, deliveries, webhooks and calls under way.
    pub(crate) async fn settle(&self) -> Result<(), LeverError> {
        let patience = Instant::now();
        loop {
            let before = self.lambdas.activity();
            let mut done = self.outboxes.drain().await?;
            done += self.deliveries.run_due().await?;
            done += self.stripe.run_due().await;
            let after = self.lambdas.activity();
            // No call began or was under way meanwhile, so what was looked at first is still empty.
            let still = before == after && !after.in_progress;
            if done == 0
                && still
                && self.stripe.idle()
                && self.deliveries.idle()?
                && self.outboxes.idle().await?
                && self.lambdas.activity() == after
            {
                return Ok(());
            }
            if patience.elapsed() > PATIENCE {
                return Err(LeverError::Restless);
            }
            if done == 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
    }

    /// Moves the clock to `asked` in steps, living through what falls due at each of them.
    pub(crate) async fn travel(&self, asked: Timestamp) -> Result<Timestamp, LeverError> {
        let step = step_of(asked.duration_since(self.clock.now()));
        self.live_through(asked, step).await
    }

    /// Moves the clock to `asked` by strides of `stride`: years pass in seconds, and what falls due within a
    /// stride is lived through at its end. What may be forgotten by then is.
    pub(crate) async fn stride(
        &self,
        asked: Timestamp,
        stride: SignedDuration,
    ) -> Result<Timestamp, LeverError> {
        let now = self.live_through(asked, stride).await?;
        self.tables.forget(now).await?;
        Ok(now)
    }

    async fn live_through(
        &self,
        asked: Timestamp,
        step: SignedDuration,
    ) -> Result<Timestamp, LeverError> {
        let _moving = self.moving.lock().await;
        let start = self.clock.now();
        if asked < start {
            return Err(ClockRefused::Backwards { now: start, asked }.into());
        }
        // What was due before the journey belongs to the moment it starts from.
        self.schedules.run_due().await?;
        self.settle().await?;
        loop {
            let now = self.clock.now();
            if now >= asked {
                break;
            }
            let next = now.checked_add(step).unwrap_or(asked).min(asked);
            self.clock.set(next)?;
            self.schedules.run_due().await?;
            self.settle().await?;
        }
        Ok(self.clock.now())
    }

    /// Moves the clock by `seconds`.
    pub(crate) async fn travel_by(&self, seconds: i64) -> Result<Timestamp, LeverError> {
        let now = self.clock.now();
        let asked = now
            .checked_add(SignedDuration::from_secs(seconds))
            .map_err(|_| ClockRefused::OutOfRange)?;
        if seconds < 0 {
            return Err(ClockRefused::Backwards { now, asked }.into());
        }
        self.travel(asked).await
    }

    /// Back to an empty machine in real time.
    pub(crate) async fn reset(&self) -> Result<(), LeverError> {
        let _moving = self.moving.lock().await;
        let wipe = async {
            self.tables.wipe().await?;
            self.buckets.wipe()?;
            self.stripe.wipe().map_err(LeverError::Stripe)?;
            self.disk.wipe()?;
            self.deliveries.hide_nothing();
            self.clock.back_to_real_time()?;
            Ok::<(), LeverError>(())
        };
        self.outboxes
            .while_still(self.deliveries.while_grounded(wipe))
            .await?;
        self.begin().await
    }

    /// Puts there what a machine begins with.
    pub(crate) async fn begin(&self) -> Result<(), LeverError> {
        self.schedules.run_due().await?;
        match &self.beginning {
            Some(beginning) => {
                let begun = beginning(self.surroundings.clone()).await;
                begun.map(|_| ()).map_err(LeverError::Beginning)
            }
            None => Ok(()),
        }
    }

    /// What runs besides requests, until `stopped`.
    pub(crate) fn background(
        self: &Arc<Self>,
        stopped: &watch::Receiver<bool>,
    ) -> Vec<tokio::task::JoinHandle<()>> {
        let spawn = |work: Work| {
            let world = Arc::clone(self);
            let mut stopped = stopped.clone();
            tokio::spawn(async move {
                loop {
                    tokio::select! {
                        _ = stopped.wait_for(|stopped| *stopped) => return,
                        () = world.something_for(work) => {}
                    }
                    if let Err(error) = world.glance_at(work).await {
                        tracing::error!(%error, ?work, "background work failed");
                        tokio::time::sleep(GLANCE).await;
                    }
                }
            })
        };
        vec![
            spawn(Work::Outbox),
            spawn(Work::Deliveries),
            spawn(Work::Stripe),
            spawn(Work::Schedules),
            spawn(Work::Expiry),
        ]
    }

    async fn something_for(&self, work: Work) {
        let announced = async {
            match work {
                Work::Outbox => self.lambdas.wrote.notified().await,
                Work::Deliveries => self.deliveries.written.notified().await,
                Work::Stripe => self.stripe.woken().await,
                Work::Schedules | Work::Expiry => std::future::pending().await,
            }
        };
        let at_the_latest = match work {
            Work::Outbox | Work::Deliveries | Work::Stripe => GLANCE,
            Work::Schedules => Duration::from_secs(1),
            Work::Expiry => Duration::from_secs(60),
        };
        // Running into the limit is the ordinary case and not an error.
        let _ = tokio::time::timeout(at_the_latest, announced).await;
    }

    async fn glance_at(&self, work: Work) -> Result<(), LeverError> {
        match work {
            Work::Outbox => self.outboxes.drain().await?,
            Work::Deliveries => self.deliveries.start_due()?,
            Work::Stripe => self.stripe.run_due().await,
            Work::Schedules => self.schedules.run_due().await?,
            Work::Expiry => self.tables.sweep().await?,
        };
        Ok(())
    }
}

/// How far the clock moves at once on a journey of this length. Never more than three hours: the shortest
/// time between two things that fall due on one booking is four, and they must be lived through one after
/// the other. A short journey has steps of its own, so that what follows after minutes does.
fn step_of(journey: SignedDuration) -> SignedDuration {
    let step = journey.as_secs() / 24;
    SignedDuration::from_secs(step.clamp(60, 3 * 3_600))
}

#[derive(Clone, Copy, Debug)]
enum Work {
    Outbox,
    Deliveries,
    Stripe,
    Schedules,
    Expiry,
}
