//! Every kind of record there is, and how an item of it is read and written again: for the tests that
//! hold what releases stored to what this one reads (decision 0062).

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::account::Account;
use domain::account::proof::AddressProof;
use domain::account::sites::{Favourites, SavedSites};
use domain::alerts::Alert;
use domain::booking::{Booking, OpenOrders};
use domain::configuration::Configuration;
use domain::conversation::{AttachmentDraft, Conversation, Message};
use domain::data_request::DataRequest;
use domain::invoice::Series;
use domain::ledger::Movement;
use domain::members::Members;
use domain::offer::Offer;
use domain::operator::{Operator, ProposedDecision};
use domain::order::Order;
use domain::professional::{Complaints, FileChange, Professional};
use domain::quotes::QuoteRequest;
use domain::report::Report;
use domain::retention::{DiscardedFile, PlannedErasure, RetentionFile, RetentionReport};
use domain::review::{Evaluation, Review};
use domain::shift::Shift;
use domain::terms::TermsRegister;
use serde_json::Value;

use super::changes::item_of;
use super::*;

/// A kind of record.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The type, as the code calls it.
    pub name: &'static str,
    /// Where its items are.
    pub table: Table,
    /// The shape that this release writes.
    pub shape: u32,
    again: fn(Item) -> Result<Item, StoreError>,
    #[cfg(test)]
    fields: fn() -> &'static [&'static str],
}

macro_rules! kinds {
    ($($record:ident)*) => {
        /// Every kind of record.
        pub const KINDS: &[Kind] = &[$(Kind {
            name: stringify!($record),
            table: <$record as Record>::TABLE,
            shape: <$record as Record>::SHAPE,
            again: written_again::<$record>,
            #[cfg(test)]
            fields: tests::fields_of::<$record>,
        }),*];
    };
}

kinds! {
    Account ActivityLine AddressProof AgendaDay Alert Answered AttachmentDraft Bills Booking BookingRow ClientRow Complaints Configuration Conversation DataRequest Devices DiscardedFile DocumentsRow DoneOnce Evaluation Experience Favourites FileChange FoundPlaces FoundUnder InternalNote LikenessMark Listing Members Message Movement Offer OpenOrders Operator Order OutboxItem Patron PlannedErasure Portrait Postponed PrintedOrder Professional ProposedDecision QuoteAsked QuoteRequest Report RetentionFile RetentionReport Review SavedSites ScannedFile SentMail Series Shift
    SignedInDevice StoredInvoice Tally TermsRegister TermsText Token TourPlace UndeliveredEvent
    UniqueClaim
}

fn written_again<R: Record>(item: Item) -> Result<Item, StoreError> {
    let read = read_item::<R>(item)?;
    item_of(&read.record, read.version).map_err(|error| StoreError::Shape(error.to_string()))
}

impl Kind {
    /// How its files are called: `booking` for `booking.v1.json`.
    pub fn file_name(&self) -> String {
        let mut name = String::new();
        for letter in self.name.chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.extend(letter.to_lowercase());
        }
        name
    }

    /// The item as this release would write it after it has read it.
    ///
    /// # Errors
    /// When this release cannot read it.
    pub fn written_again(&self, stored: &Value) -> Result<Value, StoreError> {
        (self.again)(item_from(stored)).map(|item| readable(&item))
    }
}

/// An item in plain JSON, as the files of `stored` hold it: bytes are a text that begins with `base64:`.
fn readable(item: &Item) -> Value {
    let attributes = item
        .iter()
        .map(|(name, value)| (name.clone(), plain(value)));
    Value::Object(attributes.collect())
}

fn plain(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => Value::from(text.as_str()),
        AttributeValue::N(digits) => serde_json::from_str(digits).unwrap_or_default(),
        AttributeValue::Bool(whether) => Value::from(*whether),
        AttributeValue::B(bytes) => Value::from(format!("base64:{}", STANDARD.encode(bytes))),
        AttributeValue::L(list) => Value::from_iter(list.iter().map(plain)),
        AttributeValue::M(map) => readable(map),
        _ => Value::Null,
    }
}

fn item_from(readable: &Value) -> Item {
    let attributes = readable.as_object().into_iter().flatten();
    let attribute = |(name, value): (&String, &Value)| (name.clone(), attribute_from(value));
    attributes.map(attribute).collect()
}

fn attribute_from(value: &Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(whether) => AttributeValue::Bool(*whether),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => match text
            .strip_prefix("base64:")
            .map(|bytes| STANDARD.decode(bytes))
        {
            Some(Ok(bytes)) => AttributeValue::B(Blob::new(bytes)),
            Some(Err(_)) | None => AttributeValue::S(text.clone()),
        },
        Value::Array(list) => AttributeValue::L(list.iter().map(attribute_from).collect()),
        Value::Object(_) => AttributeValue::M(item_from(value)),
    }
}

#[cfg(test)]
mod tests;
