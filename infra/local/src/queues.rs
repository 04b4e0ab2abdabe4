//! SQS for one queue, the one of what could not be delivered: what `/local/dead-letters` keeps, as
//! messages in the envelope in which Lambda leaves what it gave up.

use axum::body::Body;
use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::answers::json_answer;
use crate::deliveries::{DeadLetter, Deliveries};
use crate::mail::aws_error;
use crate::permissions::Permission;
use crate::template::{ACCOUNT, REGION};

/// What begins the name of each operation in the AWS JSON protocol.
pub(crate) const PROTOCOL: &str = "AmazonSQS.";

/// What SQS gives at once.
const MOST: usize = 10;

/// What a request asks for.
pub(crate) fn asked(operation: &str, body: &Value) -> Vec<Permission> {
    let url = body["QueueUrl"].as_str().unwrap_or_default();
    let name = url.rsplit('/').next().unwrap_or_default();
    let arn = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}");
    vec![(format!("sqs:{operation}"), arn)]
}

pub(crate) fn serve(operation: &str, body: &Value, deliveries: &Deliveries) -> Response<Body> {
    let letters = match deliveries.dead_letters() {
        Ok(letters) => letters,
        Err(error) => {
            tracing::error!(%error, "could not read the dead letters");
            return aws_error(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "disk");
        }
    };
    match operation {
        "GetQueueAttributes" => {
            let counts = json!({
                "ApproximateNumberOfMessages": letters.len().to_string(),
                "ApproximateNumberOfMessagesNotVisible": "0",
            });
            json_answer(StatusCode::OK, &json!({ "Attributes": counts }))
        }
        "ReceiveMessage" => {
            let most = body["MaxNumberOfMessages"].as_u64().unwrap_or(1);
            let most = usize::try_from(most).unwrap_or(MOST).min(MOST);
            let messages: Vec<Value> = letters.iter().take(most).map(message).collect();
            json_answer(StatusCode::OK, &json!({ "Messages": messages }))
        }
        other => aws_error(
            StatusCode::BAD_REQUEST,
            "UnknownOperationException",
            &format!("{other} is not served on this machine"),
        ),
    }
}

fn message(letter: &DeadLetter) -> Value {
    let parked: Timestamp = letter.parked_at.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let arn = format!(
        "arn:aws:lambda:{REGION}:{ACCOUNT}:function:local-{}:$LATEST",
        letter.function
    );
    let body = json!({
        "version": "1.0",
        "timestamp": letter.parked_at,
        "requestContext": {
            "functionArn": arn,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": letter.tries,
        },
        "requestPayload": letter.payload,
        "responsePayload": { "errorMessage": letter.error },
    });
    json!({
        "MessageId": format!("local-{}", letter.id),
        "ReceiptHandle": format!("local-{}", letter.id),
        "Body": body.to_string(),
        "Attributes": { "SentTimestamp": parked.as_millisecond().to_string() },
    })
}
