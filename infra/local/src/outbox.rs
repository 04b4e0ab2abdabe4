//! The stand-in for the DynamoDB stream of an outbox table: what lies in the table is handed to
//! the stream's function in key order, and deleted once accepted. On AWS a time to live deletes.
//! At least once: a crash between the two hands the same records over again.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::MovedClock;
use crate::declared::{Declared, Stream};
use crate::deliveries::{self, Deliveries, Delivery};
use crate::lambdas::Lambdas;
use crate::tables::{Item, TableError, Tables};
use crate::template::REGION;

/// One table's stream and its only reader.
struct Outbox {
    function: String,
    stream: Stream,
    key_names: Vec<String>,
    arn: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Of every record seen and not yet accepted.
    seen: HashMap<String, Seen>,
    /// After a failure nothing more is handed over before this moment.
    not_before: Option<Timestamp>,
    last_sequence: u64,
}

#[derive(Clone, Copy, Default)]
struct Seen {
    sequence: u64,
    tries: u32,
}

/// A record waiting in the table.
struct Waiting {
    id: String,
    key: Item,
    image: Item,
}

/// All outboxes that a function reads.
pub(crate) struct Outboxes {
    outboxes: Vec<Outbox>,
    tables: Tables,
    lambdas: Arc<Lambdas>,
    deliveries: Arc<Deliveries>,
    clock: MovedClock,
}

impl Outboxes {
    pub(crate) fn new(
        declared: &[Declared],
        tables: Tables,
        lambdas: Arc<Lambdas>,
        deliveries: Arc<Deliveries>,
        clock: MovedClock,
    ) -> Self {
        let mut outboxes = Vec::new();
        for function in declared {
            if let Some(stream) = function.stream.clone() {
                let (key_names, arn) = tables
                    .declared(&stream.table)
                    .map(|table| (table.key_names(), table.stream_arn.clone()))
                    .unwrap_or_default();
                outboxes.push(Outbox {
                    function: function.name.clone(),
                    key_names,
                    arn,
                    state: Mutex::default(),
                    stream,
                });
            }
        }
        Self {
            outboxes,
            tables,
            lambdas,
            deliveries,
            clock,
        }
    }

    /// Hands over everything that waits; returns how many records left the tables.
    pub(crate) async fn drain(&self) -> Result<usize, TableError> {
        let mut left = 0;
        for outbox in &self.outboxes {
            // One reader at a time, as a shard has: order is kept and nothing goes out twice.
            let mut state = outbox.state.lock().await;
            left += self.drain_one(outbox, &mut state).await?;
        }
        Ok(left)
    }

    async fn drain_one(&self, outbox: &Outbox, state: &mut State) -> Result<usize, TableError> {
        let mut left = 0;
        if state
            .not_before
            .is_some_and(|moment| moment > self.clock.now())
        {
            return Ok(0);
        }
        loop {
            let waiting = outbox.waiting(&self.tables).await?;
            if waiting.is_empty() {
                state.seen.clear();
                return Ok(left);
            }
            for batch in waiting.chunks(outbox.stream.batch) {
                let accepted = self.hand_over(outbox, state, batch).await;
                let done = batch.get(..accepted).unwrap_or(batch);
                let keys = done.iter().map(|record| record.key.clone()).collect();
                self.tables
                    .delete(outbox.stream.table.clone(), keys)
                    .await?;
                for record in done {
                    state.seen.remove(&record.id);
                }
                left += accepted;
                if accepted < batch.len() {
                    if state.not_before.is_some() {
                        return Ok(left);
                    }
                    break;
                }
            }
        }
    }

    /// One call of the function; returns how many records from the front are done with.
    async fn hand_over(&self, outbox: &Outbox, state: &mut State, batch: &[Waiting]) -> usize {
        let records: Vec<Value> = batch
            .iter()
            .map(|waiting| outbox.record(waiting, state, self.clock.now()))
            .collect();
        let answer = self
            .lambdas
            .call(&outbox.function, json!({"Records": records}))
            .await;
        let (failed_at, error) = match answer {
            Err(error) => (0, error),
            Ok(answer) => match outbox.first_failure(&answer, &records) {
                None => {
                    state.not_before = None;
                    return batch.len();
                }
                Some(position) => (position, "reported in batchItemFailures".to_owned()),
            },
        };
        self.failed(outbox, state, &records, batch, failed_at, &error)
    }

    /// The record at `failed_at` holds up the rest until it is accepted or has used its tries.
    fn failed(
        &self,
        outbox: &Outbox,
        state: &mut State,
        records: &[Value],
        batch: &[Waiting],
        failed_at: usize,
        error: &str,
    ) -> usize {
        let (Some(failed), Some(record)) = (batch.get(failed_at), records.get(failed_at)) else {
            return 0;
        };
        let seen = state.seen.entry(failed.id.clone()).or_default();
        seen.tries = seen.tries.saturating_add(1);
        let tries = seen.tries;
        tracing::warn!(
            function = outbox.function,
            table = outbox.stream.table,
            tries,
            error,
            "a stream batch failed"
        );
        if tries < outbox.stream.tries {
            let pause =
                deliveries::pause_after(tries).unwrap_or(jiff::SignedDuration::from_hours(1));
            state.not_before = Some(deliveries::later(self.clock.now(), pause));
            return failed_at;
        }
        let delivery = Delivery {
            function: outbox.function.clone(),
            what: format!("flux de {}", outbox.stream.table),
            payload: json!({"Records": [record]}),
        };
        state.not_before = None;
        match self.deliveries.park(&delivery, tries, error) {
            Ok(()) => failed_at + 1,
            Err(error) => {
                tracing::error!(%error, "could not park a stream record");
                state.not_before = Some(deliveries::later(
                    self.clock.now(),
                    jiff::SignedDuration::from_secs(1),
                ));
                failed_at
            }
        }
    }

    /// Nothing waits, or what waits has to wait longer.
    pub(crate) async fn idle(&self) -> Result<bool, TableError> {
        for outbox in &self.outboxes {
            let state = outbox.state.lock().await;
            if state
                .not_before
                .is_some_and(|moment| moment > self.clock.now())
            {
                continue;
            }
            if !outbox.waiting(&self.tables).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Runs `work` while no record is under way, then forgets what was known of them.
    pub(crate) async fn while_still<T>(&self, work: impl Future<Output = T>) -> T {
        let mut states = Vec::with_capacity(self.outboxes.len());
        for outbox in &self.outboxes {
            states.push(outbox.state.lock().await);
        }
        let done = work.await;
        for state in &mut states {
            **state = State::default();
        }
        done
    }
}

impl Outbox {
    async fn waiting(&self, tables: &Tables) -> Result<Vec<Waiting>, TableError> {
        let mut waiting: Vec<Waiting> = tables
            .all(self.stream.table.clone())
            .await?
            .into_iter()
            .map(|image| {
                let key: Item = self
                    .key_names
                    .iter()
                    .filter_map(|name| Some((name.clone(), image.get(name)?.clone())))
                    .collect();
                let id = self
                    .key_names
                    .iter()
                    .map(|name| scalar(key.get(name)))
                    .collect::<Vec<_>>()
                    .join("\u{0}");
                Waiting { id, key, image }
            })
            .collect();
        waiting.sort_by(|left, right| left.id.cmp(&right.id));
        Ok(waiting)
    }

    /// A DynamoDB Streams record. Its identifiers stay the same when it is handed over again.
    fn record(&self, waiting: &Waiting, state: &mut State, now: Timestamp) -> Value {
        let next = state.last_sequence.saturating_add(1);
        let seen = state.seen.entry(waiting.id.clone()).or_insert(Seen {
            sequence: next,
            tries: 0,
        });
        state.last_sequence = state.last_sequence.max(seen.sequence);
        json!({
            "eventID": event_id(&waiting.id),
            "eventName": "INSERT",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "dynamodb": {
                "ApproximateCreationDateTime": now.as_second(),
                "Keys": waiting.key,
                "NewImage": waiting.image,
                "SequenceNumber": format!("{:021}", seen.sequence),
                "SizeBytes": Value::Object(waiting.image.clone()).to_string().len(),
                "StreamViewType": "NEW_IMAGE",
            },
            "eventSourceARN": self.arn,
        })
    }

    /// Where the batch has to be taken up again: the lowest failure reported. An identifier that
    /// is not in the batch fails the whole of it, as Lambda does.
    fn first_failure(&self, answer: &Value, records: &[Value]) -> Option<usize> {
        let failures = answer.get("batchItemFailures")?.as_array()?;
        failures
            .iter()
            .map(|failure| {
                let identifier = &failure["itemIdentifier"];
                records
                    .iter()
                    .position(|record| &record["dynamodb"]["SequenceNumber"] == identifier)
                    .unwrap_or(0)
            })
            .min()
    }
}

/// The text by which a key attribute is ordered.
fn scalar(value: Option<&Value>) -> String {
    let text = |kind: &str| {
        value
            .and_then(|value| value.get(kind))
            .and_then(Value::as_str)
    };
    match (text("S").or_else(|| text("B")), text("N")) {
        (Some(text), _) => text.to_owned(),
        (None, Some(number)) => format!("{number:0>40}"),
        (None, None) => String::new(),
    }
}

/// Thirty-two hexadecimal digits drawn from the key: the same record, the same identifier.
fn event_id(key: &str) -> String {
    let half = |seed: u64| {
        // FNV-1a: stable across versions and runs, which the standard hasher does not promise.
        key.bytes().fold(seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    };
    format!(
        "{:016x}{:016x}",
        half(0xcbf2_9ce4_8422_2325),
        half(0x6c62_272e_07bb_0142)
    )
}
