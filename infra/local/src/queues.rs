//! SQS for one queue, the one of what could not be delivered: what Lambda gave up on this machine, as
//! messages in the envelope in which Lambda leaves it.

use axum::body::Body;
use http::{Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::answers::json_answer;
use crate::deliveries::{DeadLetter, Deliveries};
use crate::mail::aws_error;
use crate::permissions::Permission;
use crate::template::{ACCOUNT, REGION};

/// What begins the name of each operation in the AWS JSON protocol.
pub(crate) const PROTOCOL: &str = "AmazonSQS.";

/// What SQS gives at once.
const MOST: u64 = 10;
/// For how many seconds SQS hides what it gave, unless it is told otherwise.
const HIDDEN: i64 = 30;
/// What begins the names of messages.
const NAMED: &str = "local-";

/// What a request asks for.
pub(crate) fn asked(operation: &str, body: &Value) -> Vec<Permission> {
    let url = body["QueueUrl"].as_str().unwrap_or_default();
    let name = url.rsplit('/').next().unwrap_or_default();
    let arn = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}");
    vec![(format!("sqs:{operation}"), arn)]
}

pub(crate) fn serve(operation: &str, body: &Value, deliveries: &Deliveries) -> Response<Body> {
    let answer = match operation {
        "GetQueueAttributes" => attributes(deliveries),
        "ReceiveMessage" => receive(body, deliveries),
        "DeleteMessage" => delete(body, deliveries),
        other => {
            return aws_error(
                StatusCode::BAD_REQUEST,
                "UnknownOperationException",
                &format!("{other} is not served on this machine"),
            );
        }
    };
    match answer {
        Ok(answer) => json_answer(StatusCode::OK, &answer),
        Err(error) => {
            tracing::error!(%error, "could not read the dead letters");
            aws_error(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "disk")
        }
    }
}

fn attributes(deliveries: &Deliveries) -> Result<Value, rusqlite::Error> {
    let letters = deliveries.dead_letters()?;
    let hidden = letters.iter().filter(|letter| deliveries.hides(letter.id));
    let hidden = hidden.count();
    let counts = json!({
        "ApproximateNumberOfMessages": (letters.len() - hidden).to_string(),
        "ApproximateNumberOfMessagesNotVisible": hidden.to_string(),
    });
    Ok(json!({ "Attributes": counts }))
}

fn receive(body: &Value, deliveries: &Deliveries) -> Result<Value, rusqlite::Error> {
    let most = body["MaxNumberOfMessages"].as_u64().unwrap_or(1).min(MOST);
    let hidden = body["VisibilityTimeout"].as_i64().unwrap_or(HIDDEN);
    let hidden = SignedDuration::from_secs(hidden);
    let letters = deliveries.take_letters(usize::try_from(most).unwrap_or(1), hidden)?;
    let messages: Vec<Value> = letters.iter().map(message).collect();
    Ok(json!({ "Messages": messages }))
}

fn delete(body: &Value, deliveries: &Deliveries) -> Result<Value, rusqlite::Error> {
    let receipt = body["ReceiptHandle"].as_str().unwrap_or_default();
    let id = receipt.strip_prefix(NAMED).and_then(|id| id.parse().ok());
    if let Some(id) = id {
        deliveries.forget_letter(id)?;
    }
    Ok(json!({}))
}

fn message(letter: &DeadLetter) -> Value {
    let parked: Timestamp = letter.parked_at.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let arn = format!(
        "arn:aws:lambda:{REGION}:{ACCOUNT}:function:local-{}:$LATEST",
        letter.function
    );
    let mut body = json!({
        "version": "1.0",
        "timestamp": letter.parked_at,
        "requestContext": {
            "functionArn": arn,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": letter.tries,
        },
        "responsePayload": { "errorMessage": letter.error },
    });
    // Of a stream, AWS says where the records are and not what they say.
    if letter.payload["Records"].is_array() {
        let number = &letter.payload["Records"][0]["dynamodb"]["SequenceNumber"];
        body["DDBStreamBatchInfo"] = json!({ "shardId": "local", "startSequenceNumber": number });
    } else {
        body["requestPayload"] = letter.payload.clone();
    }
    // A row's number comes again after a reset; with its moment it is a name.
    let name = format!("{NAMED}{}-{}", letter.id, parked.as_millisecond());
    json!({
        "MessageId": name,
        "ReceiptHandle": format!("{NAMED}{}", letter.id),
        "Body": body.to_string(),
        "Attributes": { "SentTimestamp": parked.as_millisecond().to_string() },
    })
}
