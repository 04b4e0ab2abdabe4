//! The queue of what could not be delivered after every retry (SQS): looked at, never emptied.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use jiff::Timestamp;
use serde_json::Value;
use thiserror::Error;

use crate::environment::{Environment, Outside};

/// How many messages one look shows: what SQS gives at once.
const MOST: i32 = 10;

/// The queue did not answer.
#[derive(Debug, Error)]
#[error("the queue did not answer: {0}")]
pub struct QueueError(pub String);

/// What waits in the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many messages, as SQS counts them: approximately.
    pub count: u64,
    /// Some of them, ten at most, oldest first.
    pub letters: Vec<DeadLetter>,
}

/// Something that could not be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Which function did not take it, where that can be read.
    pub function: Option<String>,
    /// What it is: an event's type, or a schedule.
    pub what: Option<String>,
    /// Since when it waits here.
    pub since: Option<Timestamp>,
}

/// The queue.
#[derive(Clone, Debug)]
pub struct Undelivered {
    client: Client,
    queue: String,
}

impl Outside for Undelivered {
    fn open(environment: &Environment) -> Self {
        Self {
            client: Client::new(&crate::aws::configuration(
                environment,
                "SQS_ENDPOINT",
                &crate::aws::SERVICE,
            )),
            queue: environment.required("UNDELIVERED_QUEUE"),
        }
    }
}

impl Undelivered {
    /// How many messages wait, and some of them. They stay where they are: looking hides none.
    ///
    /// # Errors
    /// When SQS does not answer.
    pub async fn look(&self) -> Result<Waiting, QueueError> {
        let attributes = self
            .client
            .get_queue_attributes()
            .queue_url(&self.queue)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
            .send()
            .await
            .map_err(|error| QueueError(DisplayErrorContext(&error).to_string()))?;
        let counted = |name: QueueAttributeName| -> u64 {
            let attributes = attributes.attributes();
            let text = attributes.and_then(|all| all.get(&name));
            text.and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        let count = counted(QueueAttributeName::ApproximateNumberOfMessages)
            + counted(QueueAttributeName::ApproximateNumberOfMessagesNotVisible);
        if count == 0 {
            return Ok(Waiting::default());
        }
        // Waiting a second asks every server of the queue; visible again at once, nothing is taken.
        let received = self
            .client
            .receive_message()
            .queue_url(&self.queue)
            .max_number_of_messages(MOST)
            .visibility_timeout(0)
            .wait_time_seconds(1)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .send()
            .await
            .map_err(|error| QueueError(DisplayErrorContext(&error).to_string()))?;
        let mut letters: Vec<DeadLetter> = received.messages().iter().map(letter).collect();
        letters.sort_by_key(|letter| letter.since.unwrap_or(Timestamp::MAX));
        Ok(Waiting { count, letters })
    }
}

fn letter(message: &Message) -> DeadLetter {
    let sent = message
        .attributes()
        .and_then(|all| all.get(&MessageSystemAttributeName::SentTimestamp))
        .and_then(|millis| millis.parse().ok())
        .and_then(|millis| Timestamp::from_millisecond(millis).ok());
    let body = serde_json::from_str(message.body().unwrap_or_default()).unwrap_or_default();
    let (function, what) = named(&body);
    DeadLetter {
        function,
        what,
        since: sent,
    }
}

/// Who did not take it and what it is. Lambda puts what it gave up into an envelope; a rule of the bus
/// leaves the event as it is, and says elsewhere for whom it was.
fn named(body: &Value) -> (Option<String>, Option<String>) {
    let function = body["requestContext"]["functionArn"]
        .as_str()
        .and_then(|arn| {
            let name = arn.split(':').nth(6)?;
            // Named `{stage}-{function}`.
            Some(
                name.split_once('-')
                    .map_or(name, |(_, rest)| rest)
                    .to_owned(),
            )
        });
    let enveloped = &body["requestPayload"];
    let event = if enveloped.is_object() {
        enveloped
    } else {
        body
    };
    let what = match event["detail-type"].as_str() {
        Some(what) => Some(what.to_owned()),
        None if body["DDBStreamBatchInfo"].is_object() => {
            Some("enregistrements du flux".to_owned())
        }
        None => None,
    };
    (function, what)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_of_dead_letter_is_named() {
        let arn = "arn:aws:lambda:eu-west-3:000000000000:function:prod-send-mail:$LATEST";
        let from = json!({ "functionArn": arn, "condition": "RetriesExhausted" });
        for (body, function, what) in [
            (
                json!({ "requestContext": from, "requestPayload": { "detail-type": "BookingAccepted" } }),
                Some("send-mail"),
                Some("BookingAccepted"),
            ),
            (
                json!({ "requestContext": from, "DDBStreamBatchInfo": { "shardId": "1" } }),
                Some("send-mail"),
                Some("enregistrements du flux"),
            ),
            (
                json!({ "detail-type": "BookingAccepted", "detail": {} }),
                None,
                Some("BookingAccepted"),
            ),
            (json!("x"), None, None),
            (
                json!({ "requestContext": { "functionArn": "arn" } }),
                None,
                None,
            ),
        ] {
            let named = named(&body);
            assert_eq!(
                (named.0.as_deref(), named.1.as_deref()),
                (function, what),
                "{body}"
            );
        }
    }
}
