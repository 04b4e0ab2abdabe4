//! What the platform holds: captured less refunded less transferred. Stripe takes no fee here, and
//! captured money is available at once.

use serde_json::{Value, json};

use crate::disputes;
use crate::errors::Fault;
use crate::store::Work;

pub(crate) fn read(work: &Work<'_>) -> Result<Value, Fault> {
    let held = held(work)?;
    Ok(json!({
        "object": "balance",
        "available": [{ "amount": held, "currency": "eur", "source_types": { "card": held } }],
        "livemode": false,
        "pending": [{ "amount": 0, "currency": "eur", "source_types": { "card": 0 } }],
    }))
}

/// Cents that a transfer without a source can use.
pub(crate) fn held(work: &Work<'_>) -> Result<i64, Fault> {
    // The part of an authorisation that was not captured counts as refunded, and was never held.
    let kept = "json_extract(body, '$.amount') - json_extract(body, '$.amount_refunded')";
    let kept = work.sum("charge", kept, "json_extract(body, '$.captured') = 1")?;
    let gone = "json_extract(body, '$.amount') - json_extract(body, '$.amount_reversed')";
    Ok(kept - work.sum("transfer", gone, "1 = 1")? - disputes::withdrawn(work)?)
}
