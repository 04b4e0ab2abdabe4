//! Asynchronous calls of functions, at least once: written down before anyone is told they will
//! happen, erased once the function has succeeded, tried again as often as Lambda does, and parked in
//! the queue of what could not be delivered. Rules and schedules both deliver through here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

use crate::MovedClock;
use crate::disk::Disk;
use crate::lambdas::Lambdas;

/// Seconds to wait before the second try and the third: what Lambda does with a call that nobody waits
/// for, and no more.
const PAUSES: [i64; 2] = [60, 120];
/// Deliveries under way at once; more would only queue for two cores.
const AT_ONCE: usize = 32;

/// How long to wait after the `tries`th try failed; `None` when that was the last.
fn pause_after(tries: u32) -> Option<SignedDuration> {
    let position = usize::try_from(tries.checked_sub(1)?).ok()?;
    PAUSES.get(position).copied().map(SignedDuration::from_secs)
}

/// A call to make.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) function: String,
    /// For people: the event's type, the schedule's name.
    pub(crate) what: String,
    pub(crate) payload: Value,
}

/// A call that was given up.
#[derive(Debug, Serialize)]
pub(crate) struct DeadLetter {
    pub(crate) id: i64,
    pub(crate) function: String,
    pub(crate) what: String,
    pub(crate) parked_at: String,
    pub(crate) error: String,
    pub(crate) tries: u32,
    pub(crate) payload: Value,
}

struct Due {
    function: String,
    what: String,
    payload: String,
    tries: u32,
}

pub(crate) struct Deliveries {
    disk: Arc<Disk>,
    lambdas: Arc<Lambdas>,
    clock: MovedClock,
    in_flight: Mutex<BTreeSet<i64>>,
    /// Dead letters that somebody took from the queue, and until when nobody else sees them. A restart
    /// shows them again.
    hidden: Mutex<BTreeMap<i64, Timestamp>>,
    tasks: Mutex<JoinSet<()>>,
    slots: Semaphore,
    /// Something was written down: the loop should look.
    pub(crate) written: Notify,
    landed: Notify,
}

impl Deliveries {
    pub(crate) fn new(disk: Arc<Disk>, lambdas: Arc<Lambdas>, clock: MovedClock) -> Self {
        Self {
            disk,
            lambdas,
            clock,
            in_flight: Mutex::default(),
            hidden: Mutex::default(),
            tasks: Mutex::default(),
            slots: Semaphore::new(AT_ONCE),
            written: Notify::new(),
            landed: Notify::new(),
        }
    }

    /// Writes calls down, due at once.
    pub(crate) fn write(&self, deliveries: &[Delivery]) -> Result<(), rusqlite::Error> {
        let now = self.clock.now();
        self.disk.with(|connection| {
            let transaction = connection.transaction()?;
            for delivery in deliveries {
                insert(&transaction, delivery, now)?;
            }
            transaction.commit()
        })?;
        self.written.notify_one();
        Ok(())
    }

    /// Parks a call at once: a stream record nobody could take.
    pub(crate) fn park(
        &self,
        delivery: &Delivery,
        tries: u32,
        error: &str,
    ) -> Result<(), rusqlite::Error> {
        let now = self.clock.now();
        self.disk.with(|connection| {
            connection.execute(
                "INSERT INTO deliveries (function, what, payload, tries, due_at, parked_at, error)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    delivery.function,
                    delivery.what,
                    delivery.payload.to_string(),
                    tries,
                    now.as_millisecond(),
                    now.to_string(),
                    error,
                ],
            )
        })?;
        Ok(())
    }

    /// Starts every call that is due and not under way; returns how many.
    pub(crate) fn start_due(self: &Arc<Self>) -> Result<usize, rusqlite::Error> {
        let now = self.clock.now().as_millisecond();
        // The set stays locked from the look to the claim: two callers never claim the same row,
        // and a row erased by its landing is never read before and claimed after.
        let mut in_flight = self
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let due = self.disk.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id FROM deliveries
                 WHERE parked_at IS NULL AND due_at <= ?1 ORDER BY due_at, id LIMIT 500",
            )?;
            let ids = query.query_map([now], |row| row.get::<_, i64>(0))?;
            ids.collect::<Result<Vec<_>, _>>()
        })?;
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        let mut started = 0;
        for id in due {
            if in_flight.insert(id) {
                started += 1;
                let deliveries = Arc::clone(self);
                tasks.spawn(async move { deliveries.deliver(id).await });
            }
        }
        Ok(started)
    }

    async fn deliver(&self, id: i64) {
        let _landing = Landing {
            deliveries: self,
            id,
        };
        let Ok(_slot) = self.slots.acquire().await else {
            return;
        };
        // Read only now: a reset may have erased it while it waited for its turn.
        let kept = match self.read(id) {
            Ok(Some(due)) => match self.call(&due).await {
                Ok(_) => self.disk.with(|connection| {
                    connection.execute("DELETE FROM deliveries WHERE id = ?1", [id])
                }),
                Err(error) => self.failed(id, &due, &error),
            },
            Ok(None) => Ok(0),
            Err(error) => Err(error),
        };
        if let Err(error) = kept {
            // The row is as before: it will be delivered again, which is what at least once means.
            tracing::error!(%error, "could not record the outcome of a delivery");
        }
    }

    fn read(&self, id: i64) -> Result<Option<Due>, rusqlite::Error> {
        self.disk.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT function, what, payload, tries FROM deliveries WHERE id = ?1",
                )?
                .query_row([id], |row| {
                    Ok(Due {
                        function: row.get(0)?,
                        what: row.get(1)?,
                        payload: row.get(2)?,
                        tries: row.get(3)?,
                    })
                })
                .optional()
        })
    }

    async fn call(&self, due: &Due) -> Result<Value, String> {
        let payload = serde_json::from_str(&due.payload)
            .map_err(|cause| format!("unreadable payload: {cause}"))?;
        self.lambdas.call(&due.function, payload).await
    }

    fn failed(&self, id: i64, due: &Due, error: &str) -> Result<usize, rusqlite::Error> {
        let tries = due.tries.saturating_add(1);
        let now = self.clock.now();
        tracing::warn!(
            function = due.function,
            what = due.what,
            tries,
            error,
            "a delivery failed"
        );
        self.disk.with(|connection| match pause_after(tries) {
            Some(pause) => connection.execute(
                "UPDATE deliveries SET tries = ?2, error = ?3, due_at = ?4 WHERE id = ?1",
                params![id, tries, error, later(now, pause).as_millisecond()],
            ),
            None => connection.execute(
                "UPDATE deliveries SET tries = ?2, error = ?3, parked_at = ?4 WHERE id = ?1",
                params![id, tries, error, now.to_string()],
            ),
        })
    }

    /// Starts what is due and waits until nothing is under way; returns how many calls it started.
    pub(crate) async fn run_due(self: &Arc<Self>) -> Result<usize, rusqlite::Error> {
        let started = self.start_due()?;
        self.all_landed().await;
        Ok(started)
    }

    /// Waits until nothing is under way.
    pub(crate) async fn all_landed(&self) {
        loop {
            let landed = self.landed.notified();
            tokio::pin!(landed);
            // Listening before looking: a landing in between is not missed.
            landed.as_mut().enable();
            if self.grounded() {
                return;
            }
            landed.await;
        }
    }

    /// Lets go of what is under way; it stays written down and will be delivered after a restart.
    pub(crate) fn abandon(&self) {
        self.tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .abort_all();
    }

    fn grounded(&self) -> bool {
        self.in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// Nothing under way, nothing due now. A retry whose time has not come does not count.
    pub(crate) fn idle(&self) -> Result<bool, rusqlite::Error> {
        let now = self.clock.now().as_millisecond();
        let due: i64 = self.disk.with(|connection| {
            connection.query_row(
                "SELECT count(*) FROM deliveries WHERE parked_at IS NULL AND due_at <= ?1",
                [now],
                |row| row.get(0),
            )
        })?;
        Ok(due == 0 && self.grounded())
    }

    pub(crate) fn dead_letters(&self) -> Result<Vec<DeadLetter>, rusqlite::Error> {
        self.disk.with(|connection| {
            let mut query = connection.prepare(
                "SELECT id, function, what, parked_at, coalesce(error, ''), tries, payload
                 FROM deliveries WHERE parked_at IS NOT NULL ORDER BY id",
            )?;
            let rows = query.query_map([], |row| {
                let payload: String = row.get(6)?;
                Ok(DeadLetter {
                    id: row.get(0)?,
                    function: row.get(1)?,
                    what: row.get(2)?,
                    parked_at: row.get(3)?,
                    error: row.get(4)?,
                    tries: row.get(5)?,
                    payload: serde_json::from_str(&payload).unwrap_or(Value::String(payload)),
                })
            })?;
            rows.collect()
        })
    }

    /// Whether somebody took this letter from the queue moments ago.
    pub(crate) fn hides(&self, id: i64) -> bool {
        let hidden = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        hidden.get(&id).is_some_and(|until| *until > now)
    }

    /// Takes dead letters from the queue, oldest first, and hides them from others for a while.
    pub(crate) fn take_letters(
        &self,
        most: usize,
        hidden: SignedDuration,
    ) -> Result<Vec<DeadLetter>, rusqlite::Error> {
        let mut letters = self.dead_letters()?;
        letters.retain(|letter| !self.hides(letter.id));
        letters.truncate(most);
        let until = later(self.clock.now(), hidden);
        let mut all = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(letters.iter().map(|letter| (letter.id, until)));
        Ok(letters)
    }

    /// Forgets a dead letter.
    pub(crate) fn forget_letter(&self, id: i64) -> Result<(), rusqlite::Error> {
        self.disk.with(|connection| {
            connection.execute(
                "DELETE FROM deliveries WHERE id = ?1 AND parked_at IS NOT NULL",
                [id],
            )
        })?;
        let mut hidden = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        hidden.remove(&id);
        Ok(())
    }

    /// Shows every dead letter again: numbers begin anew after a reset.
    pub(crate) fn hide_nothing(&self) {
        let mut hidden = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        hidden.clear();
    }

    /// Gives every dead letter its tries again.
    pub(crate) fn try_again(&self) -> Result<usize, rusqlite::Error> {
        self.hide_nothing();
        let now = self.clock.now().as_millisecond();
        let revived = self.disk.with(|connection| {
            connection.execute(
                "UPDATE deliveries SET parked_at = NULL, tries = 0, due_at = ?1
                 WHERE parked_at IS NOT NULL",
                [now],
            )
        })?;
        self.written.notify_one();
        Ok(revived)
    }

    /// Holds every new call back, and waits for those under way, while `work` runs.
    pub(crate) async fn while_grounded<T>(&self, work: impl Future<Output = T>) -> T {
        let all = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
        let _slots = self.slots.acquire_many(all).await;
        work.await
    }
}

/// Writes one call down inside a transaction of the caller.
pub(crate) fn insert(
    connection: &Connection,
    delivery: &Delivery,
    due_at: Timestamp,
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "INSERT INTO deliveries (function, what, payload, due_at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            delivery.function,
            delivery.what,
            delivery.payload.to_string(),
            due_at.as_millisecond(),
        ])?;
    Ok(())
}

pub(crate) fn later(moment: Timestamp, pause: SignedDuration) -> Timestamp {
    moment.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

/// Takes the delivery out of the air however its task ends.
struct Landing<'a> {
    deliveries: &'a Deliveries,
    id: i64,
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        self.deliveries
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.id);
        self.deliveries.landed.notify_waiters();
    }
}
