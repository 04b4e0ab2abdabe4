//! What a life here would cost on AWS: read and write units as DynamoDB reports them, calls of
//! functions, bytes. Off unless somebody wants to know: it makes every answer be read once more.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::Value;

/// What was spent since the meter was read last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spent {
    /// Read units.
    pub read_units: f64,
    /// Write units, secondary indexes and transactions included.
    pub write_units: f64,
    /// The same by what was written: `local-bookings`, or `local-bookings/by-client` for an index.
    pub written: BTreeMap<String, f64>,
    /// Bytes that DynamoDB was sent.
    pub bytes: u64,
    /// Calls of functions.
    pub calls: u64,
}

/// Counts in tenths of a unit: half units exist.
#[derive(Default)]
pub(crate) struct Meter {
    running: AtomicBool,
    reads: AtomicU64,
    writes: AtomicU64,
    written: Mutex<BTreeMap<String, u64>>,
    bytes: AtomicU64,
}

impl Meter {
    pub(crate) fn runs(&self) -> bool {
        self.running.load(Ordering::Relaxed)
    }

    /// What was spent, and from now on counts again from nothing. The first reading starts it.
    pub(crate) fn read(&self) -> Spent {
        self.running.store(true, Ordering::Relaxed);
        let taken = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
        let written = self.written.lock().map(|mut all| std::mem::take(&mut *all));
        let written = written.unwrap_or_default().into_iter();
        Spent {
            read_units: units(taken(&self.reads)),
            write_units: units(taken(&self.writes)),
            written: written.map(|(what, count)| (what, units(count))).collect(),
            bytes: taken(&self.bytes),
            calls: 0,
        }
    }

    /// Counts an answer of DynamoDB's to an operation.
    pub(crate) fn count(&self, operation: &str, sent: usize, answer: &[u8]) {
        let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
        let capacity = &answer["ConsumedCapacity"];
        let tables = match capacity.as_array() {
            Some(tables) => tables.as_slice(),
            None => std::slice::from_ref(capacity),
        };
        let total = tables.iter().map(consumed).sum();
        if matches!(
            operation,
            "GetItem" | "BatchGetItem" | "Query" | "TransactGetItems"
        ) {
            self.reads.fetch_add(tenths(total), Ordering::Relaxed);
        } else {
            self.writes.fetch_add(tenths(total), Ordering::Relaxed);
            tables.iter().for_each(|table| self.count_written(table));
        }
        let sent = u64::try_from(sent).unwrap_or(u64::MAX);
        self.bytes.fetch_add(sent, Ordering::Relaxed);
    }

    fn count_written(&self, capacity: &Value) {
        let table = capacity["TableName"].as_str().unwrap_or_default();
        let indexes = capacity["GlobalSecondaryIndexes"].as_object();
        let indexes = indexes.into_iter().flatten();
        let indexes = indexes.map(|(index, units)| (format!("{table}/{index}"), units));
        if let Ok(mut written) = self.written.lock() {
            for (what, units) in indexes.chain([(table.to_owned(), &capacity["Table"])]) {
                *written.entry(what).or_default() += tenths(consumed(units));
            }
        }
    }
}

fn consumed(capacity: &Value) -> f64 {
    capacity["CapacityUnits"].as_f64().unwrap_or(0.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "capacity is small and never negative"
)]
fn tenths(units: f64) -> u64 {
    (units * 10.0).round() as u64
}

#[expect(clippy::cast_precision_loss, reason = "counts of one measurement")]
fn units(tenths: u64) -> f64 {
    tenths as f64 / 10.0
}
