//! Events: what happened, with the object as it was then.

use rusqlite::types::Value as Sql;
use serde_json::Value;

use crate::errors::Fault;
use crate::lists::Listing;
use crate::store::{DELIVERED, Work};
use crate::wire::{only, text};

const LISTING: Listing = Listing {
    kind: "event",
    address: "/v1/events",
    filters: &[],
};

pub(crate) fn read(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &[])?;
    work.found("event", id)
}

/// `type=payment_intent.*` or `types[]=…`; `delivery_success=false` for what no webhook brought yet.
pub(crate) fn list(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    let mut conditions = Vec::new();
    if let Some(kind) = text(params, "type") {
        conditions.push((
            "json_extract(body, '$.type') GLOB ?".to_owned(),
            Sql::from(kind.to_owned()),
        ));
    }
    if let Some(kinds) = params["types"].as_array() {
        let kinds = Value::from(kinds.clone()).to_string();
        let within = "json_extract(body, '$.type') IN (SELECT value FROM json_each(?))";
        conditions.push((within.to_owned(), Sql::from(kinds)));
    }
    if let Some(success) = text(params, "delivery_success") {
        let not = if success == "true" { "" } else { "NOT " };
        let brought = "EXISTS (SELECT 1 FROM deliveries WHERE event = objects.id AND done = ?)";
        conditions.push((format!("{not}{brought}"), Sql::from(DELIVERED)));
    }
    let own = ["type", "types[]", "delivery_success"];
    LISTING.page_of(work, params, &own, conditions)
}
