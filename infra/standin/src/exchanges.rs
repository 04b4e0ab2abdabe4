//! What was asked and answered, for the conformance tests: kept in memory, without headers, and so
//! without keys.

use std::collections::VecDeque;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::StripeStandin;

/// How many are kept.
const KEPT: usize = 2_000;

/// The last calls and their answers.
#[derive(Debug, Default)]
pub(crate) struct Exchanges {
    count: u64,
    kept: VecDeque<Value>,
}

impl Exchanges {
    /// Keeps a call: `asked` is its query or its body, as it was understood.
    pub(crate) fn keep(&mut self, method: &str, path: &str, asked: Value, status: u16, body: &str) {
        self.count += 1;
        let answer: Value = serde_json::from_str(body).unwrap_or_default();
        self.kept.push_back(json!({
            "n": self.count,
            "method": method,
            "path": path,
            "asked": asked,
            "status": status,
            "answer": answer,
        }));
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Since {
    #[serde(default)]
    after: u64,
}

/// `GET /local/stripe/exchanges?after=12`: oldest first.
pub(crate) async fn list(
    State(standin): State<StripeStandin>,
    Query(since): Query<Since>,
) -> Json<Value> {
    let later = |exchange: &&Value| exchange["n"].as_u64().is_some_and(|n| n > since.after);
    let exchanges = standin.exchanges(|exchanges| {
        let later = exchanges.kept.iter().filter(later).cloned();
        later.collect::<Vec<Value>>()
    });
    Json(Value::Array(exchanges))
}
