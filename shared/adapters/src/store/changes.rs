//! What a command changes: written all at once or not at all, each write conditioned on what was read.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use domain::event::Event;
use jiff::Timestamp;
use serde::Serialize;

use super::differences::differences;
use super::{ActivityLine, Key, OutboxItem, Record, StoreError, Table, UniqueClaim, Versioned};
use crate::ids::fresh_ulid;

/// Who did something, from where, as the activity log keeps it (terms, article 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The account, or `system`.
    pub who: String,
    /// The address.
    pub ip: String,
    /// The country of the address, two letters (ISO 3166-1), where CloudFront said it.
    pub country: Option<String>,
    /// The browser.
    pub browser: String,
    /// The request, to follow it through the logs.
    pub request: String,
}

impl Trace {
    /// The platform itself, in the invocation `request`.
    pub fn system(request: &str) -> Self {
        Self {
            who: "system".to_owned(),
            ip: String::new(),
            country: None,
            browser: String::new(),
            request: request.to_owned(),
        }
    }
}

#[derive(Clone)]
enum Condition {
    New,
    Version(u64),
    None,
}

#[derive(Clone)]
enum Write {
    Put {
        item: HashMap<String, AttributeValue>,
        condition: Condition,
    },
    Delete {
        key: Key,
        condition: Condition,
    },
}

/// Changes that belong together.
#[derive(Clone)]
pub struct Changes {
    trace: Trace,
    now: Timestamp,
    writes: Vec<(Table, Write, Option<&'static str>)>,
    broken: Option<String>,
}

impl Changes {
    /// No change yet, by whom `trace` tells, at `now`.
    pub fn by(trace: &Trace, now: Timestamp) -> Self {
        Self {
            trace: trace.clone(),
            now,
            writes: Vec::new(),
            broken: None,
        }
    }

    /// When these changes are made.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// With which browser they are asked for.
    pub fn browser(&self) -> &str {
        &self.trace.browser
    }

    /// From which country they are asked for.
    pub fn country(&self) -> Option<&str> {
        self.trace.country.as_deref()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.broken.is_none()
    }

    /// Whether one record alone is written or removed, which is a whole by itself.
    pub(super) fn is_one_write(&self) -> bool {
        self.writes.len() == 1
    }

    /// How many items are written: at most 100 go in one transaction.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    fn put<R: Record>(
        &mut self,
        record: &R,
        version: u64,
        condition: Condition,
        label: Option<&'static str>,
    ) {
        match item_of(record, version) {
            Ok(item) => self
                .writes
                .push((R::TABLE, Write::Put { item, condition }, label)),
            Err(error) => self.broken = Some(error.to_string()),
        }
    }

    /// Writes a record that must not exist. `label` names it in `StoreError::Taken`.
    pub fn create<R: Record>(mut self, record: &R, label: &'static str) -> Self {
        self.put(record, 1, Condition::New, Some(label));
        self
    }

    /// Writes a record that may have been written since nobody looked: for copies and caches.
    pub fn overwrite<R: Record>(mut self, record: &R) -> Self {
        self.put(record, 1, Condition::None, None);
        self
    }

    /// Writes a record in the place of the one that was read; fails if somebody wrote in between.
    pub fn replace<R: Record>(mut self, read: &Versioned<R>, record: &R) -> Self {
        self.put(
            record,
            read.version + 1,
            Condition::Version(read.version),
            None,
        );
        self
    }

    /// Writes a record over the one that was read, or as a new one when none was: fails if somebody
    /// wrote in between.
    pub fn upsert<R: Record>(mut self, read: Option<&Versioned<R>>, record: &R) -> Self {
        match read {
            Some(read) => self.put(
                record,
                read.version + 1,
                Condition::Version(read.version),
                None,
            ),
            None => self.put(record, 1, Condition::New, None),
        }
        self
    }

    /// Removes the record that was read; fails if somebody wrote in between.
    pub fn delete<R: Record>(mut self, read: &Versioned<R>) -> Self {
        let write = Write::Delete {
            key: read.record.key(),
            condition: Condition::Version(read.version),
        };
        self.writes.push((R::TABLE, write, None));
        self
    }

    /// Removes whatever is under `key`.
    pub fn forget<R: Record>(mut self, key: Key) -> Self {
        self.writes.push((
            R::TABLE,
            Write::Delete {
                key,
                condition: Condition::None,
            },
            None,
        ));
        self
    }

    /// Claims something of which there is one: an e-mail, a SIREN.
    pub fn claim(self, claim: UniqueClaim, label: &'static str) -> Self {
        self.create(&claim, label)
    }

    /// Publishes an event once the changes are written.
    pub fn event(self, event: Event) -> Self {
        let id = self.fresh_event();
        self.event_named(id, event)
    }

    /// A name for an event to come, for what has to be stored beside it.
    pub fn fresh_event(&self) -> String {
        format!("evt_{}", fresh_ulid(self.now))
    }

    /// Publishes an event under a name of `fresh_event`.
    pub fn event_named(self, id: String, event: Event) -> Self {
        let item = OutboxItem {
            id,
            at: self.now,
            request: self.trace.request.clone(),
            event,
        };
        self.create(&item, "event")
    }

    /// Publishes several events.
    pub fn events(self, events: impl IntoIterator<Item = Event>) -> Self {
        events.into_iter().fold(self, Self::event)
    }

    /// Writes a line of the activity log: `action` on `subject`, an identifier.
    pub fn activity(self, action: &str, subject: &str) -> Self {
        self.line(action, subject, None)
    }

    /// The same, with the reason that was given for it.
    pub fn activity_because(self, action: &str, subject: &str, reason: &str) -> Self {
        self.line(action, subject, Some(reason.to_owned()))
    }

    /// The same, with what a change of something published or set up changed: each field, before and
    /// after.
    pub fn activity_of_change(
        self,
        action: &str,
        subject: &str,
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> Self {
        let note = differ(before, after, true);
        self.line(action, subject, note)
    }

    /// The same of what is not public: the names of the fields that changed, not what they say.
    pub fn activity_of_fields(
        self,
        action: &str,
        subject: &str,
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> Self {
        let note = differ(before, after, false);
        self.line(action, subject, note)
    }

    fn line(self, action: &str, subject: &str, note: Option<String>) -> Self {
        let line = ActivityLine {
            id: fresh_ulid(self.now),
            who: self.trace.who.clone(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            at: self.now,
            ip: self.trace.ip.clone(),
            browser: self.trace.browser.clone(),
            request: self.trace.request.clone(),
            note,
        };
        self.create(&line, "activity")
    }

    /// Adds everything of `other`.
    pub fn and(mut self, other: Self) -> Self {
        self.writes.extend(other.writes);
        self.broken = self.broken.or(other.broken);
        self
    }

    /// The transaction, and the label of each of its writes.
    pub(super) fn into_writes(
        self,
        name: impl Fn(Table) -> String,
    ) -> Result<(Vec<TransactWriteItem>, Vec<Option<&'static str>>), StoreError> {
        if let Some(broken) = self.broken {
            return Err(StoreError::Shape(broken));
        }
        let mut writes = Vec::with_capacity(self.writes.len());
        let mut labels = Vec::with_capacity(self.writes.len());
        for (table, write, label) in self.writes {
            labels.push(label);
            writes.push(match write {
                Write::Put { item, condition } => {
                    let put = Put::builder().table_name(name(table)).set_item(Some(item));
                    let put = match condition {
                        Condition::New => put.condition_expression("attribute_not_exists(pk)"),
                        Condition::Version(read) => put
                            .condition_expression("#v = :v")
                            .expression_attribute_names("#v", "version")
                            .expression_attribute_values(":v", AttributeValue::N(read.to_string())),
                        Condition::None => put,
                    };
                    let put = put
                        .build()
                        .map_err(|error| StoreError::Shape(error.to_string()))?;
                    TransactWriteItem::builder().put(put).build()
                }
                Write::Delete { key, condition } => {
                    let delete = Delete::builder()
                        .table_name(name(table))
                        .key("pk", AttributeValue::S(key.partition))
                        .key("sk", AttributeValue::S(key.sort));
                    let delete = match condition {
                        Condition::Version(read) => delete
                            .condition_expression("#v = :v")
                            .expression_attribute_names("#v", "version")
                            .expression_attribute_values(":v", AttributeValue::N(read.to_string())),
                        Condition::New | Condition::None => delete,
                    };
                    let delete = delete
                        .build()
                        .map_err(|error| StoreError::Shape(error.to_string()))?;
                    TransactWriteItem::builder().delete(delete).build()
                }
            });
        }
        Ok((writes, labels))
    }
}

/// What differs between two versions, as far as both can be written as JSON.
fn differ(before: &impl Serialize, after: &impl Serialize, values: bool) -> Option<String> {
    let before = serde_json::to_value(before).ok()?;
    let after = serde_json::to_value(after).ok()?;
    differences(&before, &after, values)
}

pub(super) fn item_of<R: Record>(
    record: &R,
    version: u64,
) -> Result<HashMap<String, AttributeValue>, serde_dynamo::Error> {
    let key = record.key();
    let mut item = HashMap::from([
        ("pk".to_owned(), AttributeValue::S(key.partition)),
        ("sk".to_owned(), AttributeValue::S(key.sort)),
        ("version".to_owned(), AttributeValue::N(version.to_string())),
        (
            "body".to_owned(),
            without_nothing(serde_dynamo::to_attribute_value(record)?),
        ),
    ]);
    for (index, partition, order) in record.indexes() {
        item.insert(index.partition().to_owned(), AttributeValue::S(partition));
        item.insert(index.order().to_owned(), AttributeValue::S(order));
    }
    // Most records are stored in their first shape: an attribute less to pay for.
    if R::SHAPE > 1 {
        item.insert("shape".to_owned(), AttributeValue::N(R::SHAPE.to_string()));
    }
    if let Some(at) = record.expires_at() {
        item.insert(
            "expires".to_owned(),
            AttributeValue::N(at.as_second().to_string()),
        );
    }
    Ok(item)
}

/// A field that holds nothing is left out: its name would be paid for in every write.
fn without_nothing(value: AttributeValue) -> AttributeValue {
    match value {
        AttributeValue::M(map) => {
            let held = map
                .into_iter()
                .filter(|(_, value)| !matches!(value, AttributeValue::Null(_)));
            AttributeValue::M(
                held.map(|(name, value)| (name, without_nothing(value)))
                    .collect(),
            )
        }
        AttributeValue::L(list) => {
            AttributeValue::L(list.into_iter().map(without_nothing).collect())
        }
        other => other,
    }
}

/// How many bytes DynamoDB counts for a record, for tests and measurements: names and texts by their
/// length, numbers by two digits to a byte, three bytes for each map or list and one for each entry.
pub fn item_size<R: Record>(record: &R) -> Result<usize, StoreError> {
    let item = item_of(record, 1).map_err(|error| StoreError::Shape(error.to_string()))?;
    Ok(item
        .iter()
        .map(|(name, value)| name.len() + value_size(value))
        .sum())
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::L(list) => {
            3 + list
                .iter()
                .map(|value| 1 + value_size(value))
                .sum::<usize>()
        }
        AttributeValue::M(map) => {
            3 + map
                .iter()
                .map(|(name, value)| 1 + name.len() + value_size(value))
                .sum::<usize>()
        }
        AttributeValue::Ss(texts) | AttributeValue::Ns(texts) => {
            3 + texts.iter().map(|text| 1 + text.len()).sum::<usize>()
        }
        AttributeValue::Bs(all) => {
            3 + all
                .iter()
                .map(|bytes| 1 + bytes.as_ref().len())
                .sum::<usize>()
        }
        _ => 1,
    }
}
