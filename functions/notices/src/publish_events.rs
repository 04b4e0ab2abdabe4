//! What was written to the outbox goes to the bus, in the order of the stream.

use adapters::bus::Bus;
use adapters::store::OutboxItem;
use http_function::{Desk, Feed, Problem};
use serde::Deserialize;
use serde_json::{Value, json};

/// The most events that the bus takes in one call.
const MOST_AT_ONCE: usize = 10;

/// Publishes the outbox. Delivers at least once: what follows a failure in the stream comes again,
/// even where the bus had taken it.
pub struct PublishEvents;

impl Feed for PublishEvents {
    const NAME: &'static str = "publish-events";
    const SUMMARY: &'static str =
        "What was written to the outbox goes to the bus, in the order of the stream.";
    type Outside = Bus;

    async fn run(desk: &Desk<Bus>, batch: Value) -> Result<Value, Problem> {
        let batch: Batch = serde_json::from_value(batch).map_err(Problem::internal)?;
        let first_failed = publish(&desk.outside, &batch.records).await;
        Ok(failures(&batch.records, first_failed))
    }
}

#[derive(Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Change>,
}

/// One change of the outbox table.
#[derive(Deserialize)]
struct Change {
    #[serde(rename = "eventName")]
    name: String,
    dynamodb: Images,
}

#[derive(Deserialize)]
struct Images {
    /// Kept as it came: one unreadable image must not hide the others.
    #[serde(rename = "NewImage", default)]
    new: Value,
    #[serde(rename = "SequenceNumber", default)]
    sequence_number: String,
}

#[derive(Deserialize)]
struct StoredItem {
    body: serde_dynamo::AttributeValue,
}

impl Change {
    /// The event that was written, or `None` for one that was forgotten after its time.
    fn event(&self) -> Option<Result<OutboxItem, String>> {
        if self.name == "REMOVE" {
            return None;
        }
        let stored = StoredItem::deserialize(&self.dynamodb.new).map_err(|error| error.to_string());
        let event = stored.and_then(|item| {
            serde_dynamo::from_attribute_value(item.body).map_err(|error| error.to_string())
        });
        Some(event)
    }
}

/// Publishes in order and stops at the first failure: says which record that was.
async fn publish(bus: &Bus, records: &[Change]) -> Option<usize> {
    let mut items = Vec::with_capacity(records.len());
    let mut positions = Vec::with_capacity(records.len());
    let mut unreadable = None;
    for (position, record) in records.iter().enumerate() {
        match record.event() {
            None => {}
            Some(Ok(item)) => {
                items.push(item);
                positions.push(position);
            }
            Some(Err(cause)) => {
                let sequence_number = &record.dynamodb.sequence_number;
                tracing::error!(sequence_number, cause, "an outbox record cannot be read");
                unreadable = Some(position);
                break;
            }
        }
    }
    for (items, positions) in items
        .chunks(MOST_AT_ONCE)
        .zip(positions.chunks(MOST_AT_ONCE))
    {
        if let Some(refused) = first_refused(bus, items).await {
            return positions.get(refused).copied();
        }
    }
    unreadable
}

/// The first of these events that the bus did not take.
async fn first_refused(bus: &Bus, items: &[OutboxItem]) -> Option<usize> {
    let answers = match bus.publish(items).await {
        Ok(answers) => answers,
        Err(error) => {
            tracing::error!(cause = %error, events = items.len(), "events were not published");
            return Some(0);
        }
    };
    let mut answers = answers.into_iter();
    items.iter().position(|item| match answers.next() {
        Some(Ok(())) => false,
        Some(Err(error)) => {
            tracing::error!(cause = %error, event = item.id, "an event was not published");
            true
        }
        None => {
            tracing::error!(event = item.id, "the bus said nothing of an event");
            true
        }
    })
}

/// A stream starts again at the first failure, so everything after it is to come again.
fn failures(records: &[Change], first_failed: Option<usize>) -> Value {
    let again = first_failed
        .and_then(|position| records.get(position..))
        .unwrap_or_default();
    let items: Vec<Value> = again
        .iter()
        .map(|record| json!({ "itemIdentifier": record.dynamodb.sequence_number }))
        .collect();
    json!({ "batchItemFailures": items })
}

#[cfg(test)]
mod tests {
    use adapters::environment::Outside as _;

    use super::*;
    use crate::stand_in;

    fn record(number: u32, image: Value) -> Value {
        json!({
            "eventID": format!("stream-{number}"),
            "eventName": "INSERT",
            "dynamodb": { "NewImage": image, "SequenceNumber": number.to_string() },
        })
    }

    fn written(number: u32) -> Value {
        record(
            number,
            json!({
                "pk": { "S": format!("evt_{number}") },
                "sk": { "S": "event" },
                "version": { "N": "1" },
                "expires": { "N": "1790000000" },
                "body": { "M": {
                    "id": { "S": format!("evt_{number}") },
                    "at": { "S": "2026-11-10T09:00:00Z" },
                    "request": { "S": "req-1" },
                    "event": { "M": {
                        "type": { "S": "ReminderDue" },
                        "booking": { "S": "bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB" },
                        "reminder": { "S": "answer_first" },
                    } },
                } },
            }),
        )
    }

    fn removed(number: u32) -> Value {
        json!({ "eventName": "REMOVE", "dynamodb": { "SequenceNumber": number.to_string() } })
    }

    fn batch(records: Vec<Value>) -> Batch {
        serde_json::from_value(json!({ "Records": records })).unwrap()
    }

    fn reported(answer: &Value) -> Vec<&str> {
        answer["batchItemFailures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["itemIdentifier"].as_str().unwrap())
            .collect()
    }

    /// A bus that takes every event but those named, and the events that it was given.
    fn bus(refuses: &'static [&'static str]) -> (Bus, std::sync::mpsc::Receiver<String>) {
        let (given, taken) = std::sync::mpsc::channel();
        let environment = stand_in::listen(move |_, body| {
            let mut entries = Vec::new();
            for entry in body["Entries"].as_array().unwrap() {
                let detail: OutboxItem =
                    serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
                let refused = refuses.contains(&detail.id.as_str());
                entries.push(if refused {
                    json!({ "ErrorCode": "ThrottlingException" })
                } else {
                    json!({ "EventId": "1" })
                });
                given.send(detail.id).unwrap();
            }
            let failed = entries
                .iter()
                .filter(|entry| entry.get("ErrorCode").is_some())
                .count();
            (
                200,
                json!({ "FailedEntryCount": failed, "Entries": entries }),
            )
        });
        (Bus::open(&environment), taken)
    }

    async fn publish_all(bus: &Bus, records: Vec<Value>) -> Value {
        let batch = batch(records);
        let first_failed = publish(bus, &batch.records).await;
        failures(&batch.records, first_failed)
    }

    #[test]
    fn an_event_is_read_from_the_image_of_its_item() {
        let batch = batch(vec![written(7)]);
        let item = batch.records[0].event().unwrap().unwrap();
        assert_eq!(item.id, "evt_7");
        assert_eq!(item.event.name(), "ReminderDue");
    }

    #[tokio::test]
    async fn every_event_is_published_ten_at_a_time_and_removals_are_not() {
        let (bus, taken) = bus(&[]);
        let mut records: Vec<Value> = (1..=23).map(written).collect();
        records.insert(4, removed(100));
        let answer = publish_all(&bus, records).await;
        assert!(reported(&answer).is_empty());
        let expected: Vec<String> = (1..=23).map(|number| format!("evt_{number}")).collect();
        assert_eq!(taken.try_iter().collect::<Vec<_>>(), expected);
    }

    #[tokio::test]
    async fn the_first_refused_event_and_all_that_follow_come_again() {
        let (bus, taken) = bus(&["evt_3"]);
        let answer = publish_all(&bus, (1..=14).map(written).collect()).await;
        let expected: Vec<String> = (3..=14).map(|number: u32| number.to_string()).collect();
        assert_eq!(reported(&answer), expected);
        assert_eq!(
            taken.try_iter().count(),
            10,
            "nothing is published after the call that failed"
        );
    }

    #[tokio::test]
    async fn an_unreadable_record_stops_the_stream_after_those_before_it() {
        let (bus, taken) = bus(&[]);
        let unreadable = record(
            2,
            json!({ "pk": { "S": "evt_2" }, "body": { "M": { "id": { "S": "evt_2" } } } }),
        );
        let answer = publish_all(&bus, vec![written(1), unreadable, written(3)]).await;
        assert_eq!(reported(&answer), ["2", "3"]);
        assert_eq!(taken.try_iter().collect::<Vec<_>>(), ["evt_1"]);
    }
}
