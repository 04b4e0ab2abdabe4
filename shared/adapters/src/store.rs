//! What the marketplace remembers, in DynamoDB.
//!
//! Every item has the same shape: `pk`, `sk`, a `version` that each write conditions on, the record
//! itself as `body`, and the attributes of the indexes that the record is found by.

mod changes;
mod differences;
mod finding;
mod listings;
mod older;
mod operators;
mod patterns;
mod records;
pub mod stored;
mod views;

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata as _};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, KeysAndAttributes, Put, ReturnConsumedCapacity,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

pub use changes::{Changes, Trace, item_size};
pub use finding::*;
pub use listings::{Listing, price_index};
pub use operators::InternalNote;
pub use patterns::{
    AccessPattern, Index, Key, Listed, PATTERNS, Question, Table, patterns_page, shelf, sortable,
};
pub use records::*;

use crate::deadline::Tries;
use crate::environment::{Environment, Outside};

/// Why a transaction did not happen that may happen in a moment: as the reason of a cancelled one, or
/// as the error itself.
const PASSING: [&str; 8] = [
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "TransactionInProgressException",
    "TransactionConflictException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
];

/// A thing that is stored.
pub trait Record: Serialize + DeserializeOwned {
    /// Where.
    const TABLE: Table;
    /// The shape that is written: one more each time that what is stored moves or changes its meaning. A
    /// field that may be missing needs none (decision 0062).
    const SHAPE: u32 = 1;
    /// Brings a body that was stored in the older shape `shape` to today's.
    fn from_older(shape: u32, body: serde_json::Value) -> serde_json::Value {
        let _one_shape_only = shape;
        body
    }
    /// Under which key.
    fn key(&self) -> Key;
    /// By which indexes it is found: the index, its partition and its order in it.
    fn indexes(&self) -> Vec<(Index, String, String)> {
        Vec::new()
    }
    /// When it may be forgotten.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }
}

/// A record as it was read: writing it back fails if somebody wrote it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<R> {
    /// The record.
    pub record: R,
    /// How many times it was written.
    pub version: u64,
}

/// One page of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<R> {
    /// The records, in the question's order.
    pub records: Vec<Versioned<R>>,
    /// How to ask for the next page.
    pub next: Option<String>,
    /// Read units consumed, times ten (half units exist).
    pub read_units_tenths: u32,
}

/// What can go wrong with the store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Somebody wrote one of the records in between: read again and decide again.
    #[error("a record was written by somebody else in between")]
    Stale,
    /// Others write the same records all the time, or too much is asked of the tables: nothing was
    /// written, in spite of some seconds of trying.
    #[error("the store is busy with others: {0}")]
    Busy(String),
    /// Something that must be unique exists: the label given with the change.
    #[error("{0} exists already")]
    Taken(&'static str),
    /// The cursor does not belong to this question.
    #[error("the cursor does not belong to this question")]
    Cursor,
    /// DynamoDB did not do it; the text is for the log.
    #[error("the store did not answer: {0}")]
    Outside(String),
    /// A stored item is not what this version of the code writes.
    #[error("a stored item cannot be read: {0}")]
    Shape(String),
}

/// The most items that DynamoDB reads by their keys at once.
const MOST_IN_A_BATCH: usize = 100;

/// The tables.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    names: HashMap<Table, String>,
}

impl Outside for Store {
    fn open(environment: &Environment) -> Self {
        let client = Client::new(&crate::aws::configuration(
            environment,
            "DYNAMODB_ENDPOINT",
            &crate::aws::TABLE,
        ));
        let prefix = environment.required("TABLE_PREFIX");
        let names = Table::ALL
            .iter()
            .map(|table| (*table, format!("{prefix}{}", table.name())))
            .collect();
        Self { client, names }
    }
}

impl Store {
    fn name(&self, table: Table) -> &str {
        self.names.get(&table).map_or("", String::as_str)
    }

    /// Reads one record, always the latest.
    pub async fn get<R: Record>(&self, key: Key) -> Result<Option<Versioned<R>>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(self.name(R::TABLE))
            .key("pk", AttributeValue::S(key.partition))
            .key("sk", AttributeValue::S(key.sort))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreError::Outside(DisplayErrorContext(&error).to_string()))?;
        answer.item.map(read_item).transpose()
    }

    /// Reads a page of records. Indexes may lag behind writes by moments.
    pub async fn ask<R: Record>(&self, question: Question) -> Result<Page<R>, StoreError> {
        let (partition_name, order_name) = question
            .index
            .map_or(("pk", "sk"), |index| (index.partition(), index.order()));
        let mut query = self
            .client
            .query()
            .table_name(self.name(R::TABLE))
            .set_index_name(question.index.map(|index| index.name().to_owned()))
            .expression_attribute_names("#p", partition_name)
            .expression_attribute_values(":p", AttributeValue::S(question.partition.clone()))
            .scan_index_forward(question.ascending)
            .consistent_read(question.index.is_none() && !question.behind)
            .limit(question.limit)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let mut condition = "#p = :p".to_owned();
        if let Some((low, high)) = question.between {
            condition.push_str(" AND #o BETWEEN :low AND :high");
            query = query
                .expression_attribute_names("#o", order_name)
                .expression_attribute_values(":low", AttributeValue::S(low))
                .expression_attribute_values(":high", AttributeValue::S(high));
        }
        if let Some(cursor) = question.after {
            query = query.set_exclusive_start_key(Some(read_cursor(
                &cursor,
                partition_name,
                &question.partition,
            )?));
        }
        let answer = query
            .key_condition_expression(condition)
            .send()
            .await
            .map_err(|error| StoreError::Outside(DisplayErrorContext(&error).to_string()))?;
        let units = answer
            .consumed_capacity
            .and_then(|capacity| capacity.capacity_units)
            .unwrap_or(0.0);
        let items = answer.items.unwrap_or_default();
        let records = match question.index.filter(|index| index.holds_keys_only()) {
            Some(index) => self.read_found(index, &question.partition, items).await?,
            None => items.into_iter().map(read_item).collect::<Result<_, _>>()?,
        };
        Ok(Page {
            records,
            next: answer.last_evaluated_key.map(|key| write_cursor(&key)),
            read_units_tenths: tenths(units),
        })
    }

    /// Reads records by their keys, always the latest, in no order; what is not there is left out.
    pub async fn get_many<R: Record>(
        &self,
        keys: Vec<Key>,
    ) -> Result<Vec<Versioned<R>>, StoreError> {
        let mut read = Vec::with_capacity(keys.len());
        for some in keys.chunks(MOST_IN_A_BATCH) {
            let some = some.iter().map(|key| {
                let pairs = [("pk", &key.partition), ("sk", &key.sort)];
                let pairs =
                    pairs.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.clone())));
                Item::from(pairs)
            });
            read.extend(self.batch(R::TABLE, some.collect()).await?);
        }
        read.into_iter().map(read_item).collect()
    }

    /// The items of these keys, at most 100, in no order.
    async fn batch(&self, table: Table, keys: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        let mut read: Vec<Item> = Vec::with_capacity(keys.len());
        let mut wanted = keys;
        while !wanted.is_empty() {
            let wants = KeysAndAttributes::builder()
                .set_keys(Some(wanted))
                .consistent_read(true)
                .build()
                .map_err(|error| StoreError::Shape(error.to_string()))?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(self.name(table), wants)
                .send()
                .await
                .map_err(|error| StoreError::Outside(DisplayErrorContext(&error).to_string()))?;
            let tables = answer.responses.unwrap_or_default();
            read.extend(tables.into_values().flatten());
            // What was too much for one answer is asked for again.
            let left = answer.unprocessed_keys.unwrap_or_default();
            wanted = left.into_values().flat_map(|left| left.keys).collect();
        }
        Ok(read)
    }

    /// The records that an index of keys found, in its order and as they are now: what has left that
    /// part of the index since is left out.
    async fn read_found<R: Record>(
        &self,
        index: Index,
        partition: &str,
        found: Vec<Item>,
    ) -> Result<Vec<Versioned<R>>, StoreError> {
        let keys: Vec<Item> = found.into_iter().map(key_of).collect();
        let read = self.batch(R::TABLE, keys.clone()).await?;
        let mut by_key: HashMap<(String, String), Item> = HashMap::with_capacity(read.len());
        by_key.extend(
            read.into_iter()
                .filter_map(|item| Some((names(&item)?, item))),
        );
        let records = keys.iter().filter_map(|key| by_key.remove(&names(key)?));
        let mut records: Vec<Versioned<R>> = records.map(read_item).collect::<Result<_, _>>()?;
        records.retain(|read| {
            let indexes = read.record.indexes();
            let mut indexes = indexes.iter();
            indexes.any(|(known, of, _)| *known == index && of == partition)
        });
        Ok(records)
    }

    /// Reads every page of an answer that is known to be short.
    pub async fn ask_all<R: Record>(
        &self,
        question: Question,
    ) -> Result<Vec<Versioned<R>>, StoreError> {
        let mut all = Vec::new();
        let mut next = question.clone();
        loop {
            let page = self.ask::<R>(next).await?;
            all.extend(page.records);
            match page.next {
                Some(cursor) => {
                    next = Question {
                        after: Some(cursor),
                        ..question.clone()
                    }
                }
                None => return Ok(all),
            }
        }
    }

    /// How to go on after `record` in the order of `index`: for a page of which only a part was used.
    pub fn cursor_after<R: Record>(record: &R, index: Index) -> Option<String> {
        let (_, partition, order) = record
            .indexes()
            .into_iter()
            .find(|(known, _, _)| *known == index)?;
        let key = record.key();
        let pairs = [
            ("pk", key.partition),
            ("sk", key.sort),
            (index.partition(), partition),
            (index.order(), order),
        ];
        Some(write_cursor(
            &pairs
                .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
                .into(),
        ))
    }

    /// Writes all the changes, or none of them. Where others are in the way, or the tables are busy, the
    /// same is written again for some seconds.
    ///
    /// # Errors
    /// `StoreError::Stale` when somebody wrote what was read, `StoreError::Taken` when what was to be new
    /// is there, `StoreError::Busy` when others stay in the way.
    pub async fn commit(&self, changes: Changes) -> Result<(), StoreError> {
        // One write is a whole by itself, at half the price of a transaction.
        if changes.is_one_write() {
            return self.commit_apart(changes).await;
        }
        let (writes, labels) = changes.into_writes(|table| self.name(table).to_owned())?;
        if writes.is_empty() {
            return Ok(());
        }
        past_others(|| self.transact(writes.clone(), &labels)).await
    }

    async fn transact(
        &self,
        writes: Vec<TransactWriteItem>,
        labels: &[Option<&'static str>],
    ) -> Result<(), StoreError> {
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
            error.as_service_error()
        {
            let codes = || {
                cancelled
                    .cancellation_reasons()
                    .iter()
                    .map(|reason| reason.code().unwrap_or("None"))
            };
            let taken = codes()
                .zip(labels)
                .find_map(|(code, label)| label.filter(|_| code == "ConditionalCheckFailed"));
            if let Some(label) = taken {
                return Err(StoreError::Taken(label));
            }
            if codes().any(|code| code == "ConditionalCheckFailed") {
                return Err(StoreError::Stale);
            }
            if let Some(code) = codes().find(|code| PASSING.contains(code)) {
                return Err(StoreError::Busy(code.to_owned()));
            }
        }
        Err(not_written(error.code(), &DisplayErrorContext(&error)))
    }

    /// Writes each change by itself, at half the price of a transaction: for copies that are made again
    /// from the truth whenever something fails in between.
    ///
    /// # Errors
    /// `StoreError::Stale` at the first record that somebody wrote since it was read, `StoreError::Taken`
    /// at the first that was to be new; what came before is written.
    pub async fn commit_apart(&self, changes: Changes) -> Result<(), StoreError> {
        let (writes, labels) = changes.into_writes(|table| self.name(table).to_owned())?;
        for (write, label) in writes.into_iter().zip(labels) {
            if let Some(put) = write.put {
                past_others(|| self.put_alone(put.clone(), label)).await?;
            } else if let Some(delete) = write.delete {
                past_others(|| self.delete_alone(delete.clone())).await?;
            }
        }
        Ok(())
    }

    async fn put_alone(&self, put: Put, label: Option<&'static str>) -> Result<(), StoreError> {
        let item = put.item.clone();
        let sent = self
            .client
            .put_item()
            .table_name(put.table_name)
            .set_item(Some(put.item))
            .set_condition_expression(put.condition_expression)
            .set_expression_attribute_names(put.expression_attribute_names)
            .set_expression_attribute_values(put.expression_attribute_values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.as_service_error() {
            // The client asks again when an answer is lost: then the first time is in the way. Every
            // record says when it was written, so nobody else's is the same.
            Some(PutItemError::ConditionalCheckFailedException(failed))
                if failed.item.as_ref() == Some(&item) =>
            {
                Ok(())
            }
            Some(PutItemError::ConditionalCheckFailedException(_)) => {
                Err(label.map_or(StoreError::Stale, StoreError::Taken))
            }
            _ => Err(not_written(error.code(), &DisplayErrorContext(&error))),
        }
    }

    async fn delete_alone(&self, delete: Delete) -> Result<(), StoreError> {
        let sent = self
            .client
            .delete_item()
            .table_name(delete.table_name)
            .set_key(Some(delete.key))
            .set_condition_expression(delete.condition_expression)
            .set_expression_attribute_names(delete.expression_attribute_names)
            .set_expression_attribute_values(delete.expression_attribute_values)
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.as_service_error() {
            Some(DeleteItemError::ConditionalCheckFailedException(_)) => Err(StoreError::Stale),
            _ => Err(not_written(error.code(), &DisplayErrorContext(&error))),
        }
    }

    /// Counts one more of `what` and says how many there were in the last `period_seconds`. The period
    /// slides by an eighth of itself; what is older is forgotten.
    pub async fn count(
        &self,
        what: &str,
        period_seconds: i64,
        now: Timestamp,
    ) -> Result<Counted, StoreError> {
        self.add_to_count(what, 1, period_seconds, now).await
    }

    /// Takes one back from a count.
    pub async fn uncount(
        &self,
        what: &str,
        period_seconds: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.add_to_count(what, -1, period_seconds, now)
            .await
            .map(|_| ())
    }

    /// One item for a counter, one number in it for each eighth of its period: a single write counts,
    /// reads, and drops the numbers that are too old.
    async fn add_to_count(
        &self,
        what: &str,
        step: i64,
        period_seconds: i64,
        now: Timestamp,
    ) -> Result<Counted, StoreError> {
        let slice = (period_seconds / SLICES).max(1);
        let current = now.as_second().div_euclid(slice);
        let key = Key::count(what, period_seconds);
        let forgotten_at = (current + 2 * SLICES).saturating_mul(slice);
        let old: Vec<String> = (0..SLICES).map(|at| format!("#o{at}")).collect();
        let mut update = self
            .client
            .update_item()
            .table_name(self.name(Table::Requests))
            .key("pk", AttributeValue::S(key.partition))
            .key("sk", AttributeValue::S(key.sort))
            .update_expression(format!(
                "ADD #n :step SET #e = :e REMOVE {}",
                old.join(", ")
            ))
            .expression_attribute_names("#n", slice_name(current))
            .expression_attribute_names("#e", "expires")
            .expression_attribute_values(":step", AttributeValue::N(step.to_string()))
            .expression_attribute_values(":e", AttributeValue::N(forgotten_at.to_string()))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew);
        for (at, name) in (0..SLICES).zip(&old) {
            update = update.expression_attribute_names(name, slice_name(current - SLICES - at));
        }
        let answer = update
            .send()
            .await
            .map_err(|error| StoreError::Outside(DisplayErrorContext(&error).to_string()))?;
        let item = answer.attributes.unwrap_or_default();
        let numbers: Vec<(i64, i64)> = (current - SLICES + 1..=current)
            .filter_map(|at| Some((at, item.get(&slice_name(at))?.as_n().ok()?.parse().ok()?)))
            .collect();
        if numbers.is_empty() {
            return Err(StoreError::Shape("a counter without a count".to_owned()));
        }
        let oldest = numbers.iter().find(|(_, number)| *number > 0);
        let oldest = oldest.map_or(current, |(at, _)| *at);
        Ok(Counted {
            count: u64::try_from(numbers.iter().map(|(_, number)| number).sum::<i64>())
                .unwrap_or(0),
            eases_in: (oldest + SLICES) * slice - now.as_second(),
        })
    }

    /// One cheap call, so that the first request does not pay for the first connection.
    pub async fn warm_up(&self) {
        let _unimportant = self
            .client
            .get_item()
            .table_name(self.name(Table::Uniques))
            .key("pk", AttributeValue::S("warm-up".to_owned()))
            .key("sk", AttributeValue::S("-".to_owned()))
            .send()
            .await;
    }

    /// Whether the store answers.
    pub async fn is_reachable(&self) -> bool {
        self.get::<UniqueClaim>(Key {
            partition: "health".to_owned(),
            sort: "-".to_owned(),
        })
        .await
        .is_ok()
    }
}

/// How many there were of something within a period that slides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How many, the latest one included.
    pub count: u64,
    /// In how many seconds the oldest of them are forgotten.
    pub eases_in: i64,
}

/// In how many parts a counter's period slides on.
const SLICES: i64 = 8;

fn slice_name(slice: i64) -> String {
    format!("n{slice}")
}

/// How long the same write is tried that others are in the way of: as long as one operation may take.
const OTHERS_IN_THE_WAY: Duration = Duration::from_secs(6);

/// Writes again, after a pause, what others were in the way of: nothing was written. That is all the
/// retrying there is below whoever decides: when the others have written, deciding is what is needed.
async fn past_others<F: Future<Output = Result<(), StoreError>>>(
    write: impl Fn() -> F,
) -> Result<(), StoreError> {
    let mut tries = Tries::for_at_most(OTHERS_IN_THE_WAY);
    loop {
        match write().await {
            Err(StoreError::Busy(_)) if tries.again().await => {}
            outcome => return outcome,
        }
    }
}

/// Why a write was not made: in passing, or for good.
fn not_written(code: Option<&str>, cause: &dyn std::fmt::Display) -> StoreError {
    match code.filter(|code| PASSING.contains(code)) {
        Some(code) => StoreError::Busy(code.to_owned()),
        None => StoreError::Outside(cause.to_string()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "capacity is small and never negative"
)]
fn tenths(units: f64) -> u32 {
    (units * 10.0).round() as u32
}

type Item = HashMap<String, AttributeValue>;

/// What an item is read by.
fn key_of(mut item: Item) -> Item {
    item.retain(|name, _| name == "pk" || name == "sk");
    item
}

fn names(item: &Item) -> Option<(String, String)> {
    let text = |name| item.get(name)?.as_s().ok().cloned();
    Some((text("pk")?, text("sk")?))
}

fn read_item<R: Record>(mut item: Item) -> Result<Versioned<R>, StoreError> {
    let number = |name| item.get(name)?.as_n().ok()?.parse().ok();
    let version = number("version")
        .ok_or_else(|| StoreError::Shape("an item without a version".to_owned()))?;
    let shape = number("shape").unwrap_or(1);
    let body = item
        .remove("body")
        .ok_or_else(|| StoreError::Shape("an item without a body".to_owned()))?;
    let record = read_body(body, shape)?;
    Ok(Versioned { record, version })
}

/// Reads a body that was stored in a shape of this release or of one before.
fn read_body<R: Record>(body: AttributeValue, shape: u64) -> Result<R, StoreError> {
    let shape = u32::try_from(shape).unwrap_or(u32::MAX);
    let refused = |error: &dyn std::fmt::Display| StoreError::Shape(error.to_string());
    if shape == R::SHAPE {
        return serde_dynamo::from_attribute_value(body).map_err(|error| refused(&error));
    }
    if shape > R::SHAPE {
        let later = format!("it was stored in shape {shape} by a later release");
        return Err(StoreError::Shape(later));
    }
    let body = serde_dynamo::from_attribute_value(body).map_err(|error| refused(&error))?;
    serde_json::from_value(R::from_older(shape, body)).map_err(|error| refused(&error))
}

/// A cursor is the last key of a page: names and strings only, opaque to whoever carries it.
fn write_cursor(key: &Item) -> String {
    let mut pairs: Vec<(&str, &str)> = key
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.as_s().ok()?.as_str())))
        .collect();
    pairs.sort_unstable();
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&pairs).unwrap_or_default())
}

/// Reads a cursor back, and makes sure that it stays within the partition that is asked for.
fn read_cursor(cursor: &str, partition_name: &str, partition: &str) -> Result<Item, StoreError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(cursor)
        .map_err(|_| StoreError::Cursor)?;
    let pairs: Vec<(String, String)> =
        serde_json::from_slice(&bytes).map_err(|_| StoreError::Cursor)?;
    if !pairs
        .iter()
        .any(|(name, value)| name == partition_name && value == partition)
    {
        return Err(StoreError::Cursor);
    }
    Ok(pairs
        .into_iter()
        .map(|(name, value)| (name, AttributeValue::S(value)))
        .collect())
}
