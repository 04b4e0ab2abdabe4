//! What DynamoDB refuses because others write the same items at the same moment, or because too much
//! is asked of it. The tables here write one transaction after the other and never refuse one.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use http::{Response, StatusCode};
use serde_json::{Value, json};

/// The items that are being written, and how many transactions are still to be throttled.
#[derive(Default)]
pub(crate) struct Conflicts {
    written: Mutex<BTreeSet<String>>,
    throttled: AtomicU32,
}

/// Items that a call writes, until it is answered.
pub(crate) struct Writing<'a> {
    conflicts: &'a Conflicts,
    items: Vec<String>,
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if let Ok(mut written) = self.conflicts.written.lock() {
            for item in &self.items {
                written.remove(item);
            }
        }
    }
}

impl Conflicts {
    /// The next `count` transactions are refused as throttled.
    pub(crate) fn throttle(&self, count: u32) {
        self.throttled.store(count, Ordering::Relaxed);
    }

    /// Takes the items that a call writes, or answers as DynamoDB does when it cannot have them.
    pub(crate) fn begin(&self, operation: &str, asked: &Value) -> Result<Writing<'_>, Refusal> {
        let items = written_by(operation, asked);
        let transaction = operation == "TransactWriteItems";
        if transaction && !items.is_empty() && self.is_throttled() {
            return Err(Refusal::cancelled(
                items.iter().map(|_| Some("ThrottlingError")),
            ));
        }
        let Ok(mut written) = self.written.lock() else {
            return Ok(self.nothing());
        };
        let taken: Vec<bool> = items.iter().map(|item| written.contains(item)).collect();
        if taken.contains(&true) {
            return Err(if transaction {
                let reasons = taken
                    .iter()
                    .map(|taken| taken.then_some("TransactionConflict"));
                Refusal::cancelled(reasons)
            } else {
                Refusal::conflict()
            });
        }
        // One write alone makes no other wait.
        if !transaction {
            return Ok(self.nothing());
        }
        written.extend(items.iter().cloned());
        Ok(Writing {
            conflicts: self,
            items,
        })
    }

    fn nothing(&self) -> Writing<'_> {
        Writing {
            conflicts: self,
            items: Vec::new(),
        }
    }

    fn is_throttled(&self) -> bool {
        let less = |left: u32| left.checked_sub(1);
        let (set, fetch) = (Ordering::Relaxed, Ordering::Relaxed);
        self.throttled.fetch_update(set, fetch, less).is_ok()
    }
}

/// Why a call is not passed on.
pub(crate) struct Refusal(Value);

impl Refusal {
    fn cancelled<'a>(codes: impl Iterator<Item = Option<&'a str>>) -> Self {
        let reasons: Vec<Value> = codes
            .map(|code| json!({ "Code": code.unwrap_or("None") }))
            .collect();
        Self(json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
            "CancellationReasons": reasons,
        }))
    }

    fn conflict() -> Self {
        Self(json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
            "message": "Transaction is ongoing for the item",
        }))
    }

    pub(crate) fn answer(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.0.to_string()));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        let json = http::HeaderValue::from_static("application/x-amz-json-1.0");
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, json);
        response
    }
}

/// The items that a call writes or makes conditions on: the table and the key.
fn written_by(operation: &str, asked: &Value) -> Vec<String> {
    let item = |write: &Value| {
        let key = if write["Item"].is_object() {
            &write["Item"]
        } else {
            &write["Key"]
        };
        let part = |name: &str| key[name]["S"].as_str().unwrap_or_default().to_owned();
        let table = write["TableName"].as_str().unwrap_or_default();
        [table, &part("pk"), &part("sk")].join("\n")
    };
    match operation {
        "PutItem" | "UpdateItem" | "DeleteItem" => vec![item(asked)],
        "TransactWriteItems" => {
            let writes = asked["TransactItems"].as_array().into_iter().flatten();
            let writes = writes
                .filter_map(Value::as_object)
                .flat_map(|kinds| kinds.values());
            writes.map(item).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transaction(keys: &[&str]) -> Value {
        let write = |key: &&str| json!({ "Put": { "TableName": "t", "Item": { "pk": { "S": key }, "sk": { "S": "-" } } } });
        json!({ "TransactItems": keys.iter().map(write).collect::<Vec<_>>() })
    }

    fn codes(refusal: &Refusal) -> Vec<&str> {
        let reasons = refusal.0["CancellationReasons"].as_array().unwrap();
        reasons
            .iter()
            .map(|reason| reason["Code"].as_str().unwrap())
            .collect()
    }

    #[test]
    fn two_transactions_at_once_never_write_one_item() {
        let conflicts = Conflicts::default();
        let begin = |keys: &[&str]| conflicts.begin("TransactWriteItems", &transaction(keys));
        let first = begin(&["a", "b"]).ok().unwrap();
        let refused = begin(&["c", "b"]).err().unwrap();
        assert_eq!(codes(&refused), ["None", "TransactionConflict"]);
        assert!(begin(&["c"]).is_ok());
        let alone = json!({ "TableName": "t", "Key": { "pk": { "S": "a" }, "sk": { "S": "-" } } });
        assert!(conflicts.begin("UpdateItem", &alone).is_err());
        assert!(conflicts.begin("GetItem", &alone).is_ok());
        drop(first);
        assert!(begin(&["c", "b"]).is_ok());
        assert!(conflicts.begin("UpdateItem", &alone).is_ok());
    }

    #[test]
    fn as_many_transactions_are_throttled_as_was_asked() {
        let conflicts = Conflicts::default();
        conflicts.throttle(1);
        let begin = || conflicts.begin("TransactWriteItems", &transaction(&["a"]));
        let refused = begin().err().unwrap();
        assert_eq!(codes(&refused), ["ThrottlingError"]);
        assert!(begin().is_ok());
    }
}
