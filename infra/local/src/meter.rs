//! What a life here would cost on AWS: read and write units as DynamoDB reports them, calls of
//! functions, bytes. Off unless somebody wants to know: it makes every answer be read once more.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::Value;

/// What was spent since the meter was read last.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spent {
    /// Read units.
    pub read_units: f64,
    /// Write units, secondary indexes and transactions included.
    pub write_units: f64,
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
        Spent {
            read_units: units(taken(&self.reads)),
            write_units: units(taken(&self.writes)),
            bytes: taken(&self.bytes),
            calls: 0,
        }
    }

    /// Counts an answer of DynamoDB's to an operation.
    pub(crate) fn count(&self, operation: &str, sent: usize, answer: &[u8]) {
        let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
        let capacity = &answer["ConsumedCapacity"];
        let one = |capacity: &Value| capacity["CapacityUnits"].as_f64().unwrap_or(0.0);
        let total = match capacity.as_array() {
            Some(tables) => tables.iter().map(one).sum(),
            None => one(capacity),
        };
        let reads = matches!(operation, "GetItem" | "Query" | "TransactGetItems");
        let count = if reads { &self.reads } else { &self.writes };
        count.fetch_add(tenths(total), Ordering::Relaxed);
        let sent = u64::try_from(sent).unwrap_or(u64::MAX);
        self.bytes.fetch_add(sent, Ordering::Relaxed);
    }
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
