//! Events, as the API lists them.

use serde_json::{Value, json};

use crate::errors::Fault;
use crate::store::Work;

pub(crate) fn list(work: &Work<'_>) -> Result<Value, Fault> {
    Ok(
        json!({ "object": "list", "data": work.list("event")?, "has_more": false, "url": "/v1/events" }),
    )
}
