//! The queue of what could not be delivered after every retry of Lambda's and of the bus's (SQS): it
//! is emptied into the marketplace's own records, which give it again and show it.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use jiff::Timestamp;
use serde_json::Value;
use thiserror::Error;

use crate::environment::{Environment, Outside};

/// How many messages SQS gives at once.
const MOST: i32 = 10;
/// For how many seconds a message that was taken is hidden from others: to write it down takes less.
const HIDDEN: i32 = 120;

/// The queue did not answer.
#[derive(Debug, Error)]
#[error("the queue did not answer: {0}")]
pub struct QueueError(pub String);

/// What a message of the queue is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// An event that a function did not take.
    Event {
        /// The function, without its stage.
        function: String,
        /// The event's type.
        what: String,
        /// What the function was given, as JSON.
        payload: String,
    },
    /// A call by the clock: the next one does what this one did not.
    Tick {
        /// The function, without its stage.
        function: String,
    },
    /// A piece of a stream: only shard and numbers are told, not what was in it.
    Records {
        /// The function, without its stage.
        function: String,
        /// The message.
        message: String,
    },
    /// Nothing that Lambda or the bus leaves here.
    Unreadable {
        /// The message.
        message: String,
    },
}

/// A message of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its name in the queue.
    pub id: String,
    /// What forgets it.
    pub receipt: String,
    /// What it is about.
    pub letter: Letter,
    /// Why it was given up, as far as that is told.
    pub error: String,
    /// How often it was tried.
    pub tries: u32,
    /// Since when it waits here.
    pub since: Option<Timestamp>,
}

/// The queue.
#[derive(Clone, Debug)]
pub struct UndeliveredQueue {
    client: Client,
    queue: String,
}

impl Outside for UndeliveredQueue {
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

impl UndeliveredQueue {
    /// How many messages nobody has taken yet, as SQS counts them: approximately.
    ///
    /// # Errors
    /// When SQS does not answer.
    pub async fn count(&self) -> Result<u64, QueueError> {
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
        Ok(counted(QueueAttributeName::ApproximateNumberOfMessages)
            + counted(QueueAttributeName::ApproximateNumberOfMessagesNotVisible))
    }

    /// Takes some messages, ten at most: hidden from others for two minutes, and there again after
    /// that unless they are forgotten.
    ///
    /// # Errors
    /// When SQS does not answer.
    pub async fn take(&self) -> Result<Vec<DeadLetter>, QueueError> {
        let received = self
            .client
            .receive_message()
            .queue_url(&self.queue)
            .max_number_of_messages(MOST)
            .visibility_timeout(HIDDEN)
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .send()
            .await
            .map_err(|error| QueueError(DisplayErrorContext(&error).to_string()))?;
        Ok(received.messages().iter().map(read).collect())
    }

    /// Forgets a message that was written down elsewhere.
    ///
    /// # Errors
    /// When SQS does not answer.
    pub async fn forget(&self, letter: &DeadLetter) -> Result<(), QueueError> {
        self.client
            .delete_message()
            .queue_url(&self.queue)
            .receipt_handle(&letter.receipt)
            .send()
            .await
            .map(|_| ())
            .map_err(|error| QueueError(DisplayErrorContext(&error).to_string()))
    }
}

fn read(message: &Message) -> DeadLetter {
    let sent = message
        .attributes()
        .and_then(|all| all.get(&MessageSystemAttributeName::SentTimestamp))
        .and_then(|millis| millis.parse().ok())
        .and_then(|millis| Timestamp::from_millisecond(millis).ok());
    let said = |name: &str| -> Option<&str> {
        let attribute = message.message_attributes()?.get(name)?;
        attribute.string_value()
    };
    let text = message.body().unwrap_or_default();
    let body = serde_json::from_str(text).unwrap_or_default();
    let told = Told::of(&body, said("TARGET_ARN"), said("ERROR_MESSAGE"));
    DeadLetter {
        id: message.message_id().unwrap_or_default().to_owned(),
        receipt: message.receipt_handle().unwrap_or_default().to_owned(),
        letter: told.letter(text),
        error: told.error,
        tries: told.tries,
        since: sent,
    }
}

/// What a message says. Lambda puts what it gave up into an envelope; a rule of the bus leaves the
/// event as it is, and says beside it for whom it was.
struct Told<'a> {
    function: Option<String>,
    event: &'a Value,
    of_stream: bool,
    error: String,
    tries: u32,
}

impl<'a> Told<'a> {
    fn of(body: &'a Value, target: Option<&str>, error: Option<&str>) -> Self {
        let context = &body["requestContext"];
        let enveloped = &body["requestPayload"];
        let said = body["responsePayload"]["errorMessage"].as_str();
        let condition = context["condition"].as_str();
        let tries = context["approximateInvokeCount"].as_u64().unwrap_or(0);
        Self {
            function: context["functionArn"].as_str().or(target).and_then(named),
            event: if enveloped.is_object() {
                enveloped
            } else {
                body
            },
            of_stream: body["DDBStreamBatchInfo"].is_object(),
            error: said.or(error).or(condition).unwrap_or_default().to_owned(),
            tries: u32::try_from(tries).unwrap_or(u32::MAX),
        }
    }

    fn letter(&self, message: &str) -> Letter {
        let message = message.to_owned();
        let Some(function) = self.function.clone() else {
            return Letter::Unreadable { message };
        };
        if self.of_stream {
            return Letter::Records { function, message };
        }
        match self.event["detail-type"].as_str() {
            Some("Scheduled Event") => Letter::Tick { function },
            Some(what) => Letter::Event {
                function,
                what: what.to_owned(),
                payload: self.event.to_string(),
            },
            None => Letter::Unreadable { message },
        }
    }
}

/// `send-mail` of `arn:aws:lambda:eu-west-3:…:function:prod-send-mail:$LATEST`.
fn named(arn: &str) -> Option<String> {
    let name = arn.split(':').nth(6)?;
    let without_stage = name.split_once('-').map_or(name, |(_, rest)| rest);
    Some(without_stage.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ARN: &str = "arn:aws:lambda:eu-west-3:000000000000:function:prod-send-mail";

    fn letter(body: &Value, target: Option<&str>) -> Letter {
        Told::of(body, target, None).letter(&body.to_string())
    }

    #[test]
    fn each_kind_of_message_is_understood() {
        let function = "send-mail".to_owned();
        let from = json!({ "functionArn": format!("{ARN}:$LATEST"), "condition": "RetriesExhausted", "approximateInvokeCount": 3 });
        let event = json!({ "detail-type": "BookingAccepted", "detail": { "id": "evt_1" } });
        let accepted = Letter::Event {
            function: function.clone(),
            what: "BookingAccepted".to_owned(),
            payload: event.to_string(),
        };
        // Lambda's envelope, and what a rule of the bus leaves.
        let given_up = json!({ "requestContext": from, "requestPayload": event, "responsePayload": { "errorMessage": "unavailable" } });
        assert_eq!(letter(&given_up, None), accepted);
        assert_eq!(letter(&event, Some(ARN)), accepted);
        let told = Told::of(&given_up, None, None);
        assert_eq!((told.error.as_str(), told.tries), ("unavailable", 3));

        let tick = json!({ "requestContext": from, "requestPayload": { "detail-type": "Scheduled Event" } });
        assert_eq!(
            letter(&tick, None),
            Letter::Tick {
                function: function.clone()
            }
        );
        let piece = json!({ "requestContext": from, "DDBStreamBatchInfo": { "shardId": "1" } });
        let message = piece.to_string();
        assert_eq!(letter(&piece, None), Letter::Records { function, message });
        for unreadable in [
            json!("x"),
            event,
            json!({ "requestContext": { "functionArn": "arn" } }),
        ] {
            let message = unreadable.to_string();
            assert_eq!(letter(&unreadable, None), Letter::Unreadable { message });
        }
    }
}
