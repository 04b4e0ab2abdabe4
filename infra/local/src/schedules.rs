//! Schedules on the product's clock. When each last ran is kept on disk, so a machine that slept
//! catches up with one run, and a schedule is never forgotten by a restart.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::MovedClock;
use crate::declared::Declared;
use crate::deliveries::{self, Deliveries, Delivery};
use crate::disk::Disk;
use crate::template::{ACCOUNT, REGION, STAGE};

struct Planned {
    function: String,
    every: SignedDuration,
}

pub(crate) struct Schedules {
    planned: Vec<Planned>,
    disk: Arc<Disk>,
    deliveries: Arc<Deliveries>,
    clock: MovedClock,
    one_at_a_time: Mutex<()>,
}

impl Schedules {
    pub(crate) fn new(
        declared: &[Declared],
        disk: Arc<Disk>,
        deliveries: Arc<Deliveries>,
        clock: MovedClock,
    ) -> Self {
        let planned = declared.iter().filter_map(|function| {
            Some(Planned {
                function: function.name.clone(),
                every: function.every?,
            })
        });
        let planned = planned.collect();
        Self {
            planned,
            disk,
            deliveries,
            clock,
            one_at_a_time: Mutex::new(()),
        }
    }

    /// Writes down a call for every schedule that fell due, once each however late; returns how
    /// many. A schedule seen for the first time starts counting now.
    pub(crate) async fn run_due(&self) -> Result<usize, rusqlite::Error> {
        let _one = self.one_at_a_time.lock().await;
        let now = self.clock.now();
        let mut ran = 0;
        for planned in &self.planned {
            let last = self.last_run(&planned.function)?;
            let Some(last) = last else {
                self.disk
                    .with(|connection| keep(connection, &planned.function, now))?;
                continue;
            };
            let Some(due) = planned.next_after(last).filter(|due| *due <= now) else {
                continue;
            };
            // A run a little late keeps the rhythm; a run later than a period starts a new one.
            let kept = match planned.next_after(due) {
                Some(following) if following > now => due,
                _ => now,
            };
            let delivery = Delivery {
                function: planned.function.clone(),
                what: planned.function.clone(),
                payload: planned.payload(kept),
            };
            // One transaction: the run is never lost between the two, nor made twice.
            self.disk.with(|connection| {
                let transaction = connection.transaction()?;
                keep(&transaction, &planned.function, kept)?;
                deliveries::insert(&transaction, &delivery, now)?;
                transaction.commit()
            })?;
            ran += 1;
        }
        if ran > 0 {
            self.deliveries.written.notify_one();
        }
        Ok(ran)
    }

    fn last_run(&self, name: &str) -> Result<Option<Timestamp>, rusqlite::Error> {
        let kept: Option<String> = self.disk.with(|connection| {
            connection
                .query_row(
                    "SELECT last_run FROM schedules WHERE name = ?1",
                    [name],
                    |row| row.get(0),
                )
                .optional()
        })?;
        Ok(kept.and_then(|kept| kept.parse().ok()))
    }
}

fn keep(
    connection: &rusqlite::Connection,
    name: &str,
    last_run: Timestamp,
) -> Result<(), rusqlite::Error> {
    connection.execute(
        "INSERT INTO schedules (name, last_run) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET last_run = excluded.last_run",
        params![name, last_run.to_string()],
    )?;
    Ok(())
}

impl Planned {
    fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        moment.checked_add(self.every).ok()
    }

    fn payload(&self, due: Timestamp) -> Value {
        let rule = &self.function;
        json!({
            "version": "0",
            "id": crate::ids::uuid(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": ACCOUNT,
            "time": whole_seconds(due),
            "region": REGION,
            "resources": [format!("arn:aws:events:{REGION}:{ACCOUNT}:rule/{STAGE}-{rule}")],
            "detail": {},
        })
    }
}

/// EventBridge writes times to the second.
pub(crate) fn whole_seconds(moment: Timestamp) -> String {
    Timestamp::from_second(moment.as_second())
        .unwrap_or(moment)
        .to_string()
}
