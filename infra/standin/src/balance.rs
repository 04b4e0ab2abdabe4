//! What the platform holds: captured less refunded less transferred.

use serde_json::{Value, json};

use crate::errors::Fault;
use crate::store::Work;

pub(crate) fn read(work: &Work<'_>) -> Result<Value, Fault> {
    let total = |kind: &str, field: &str| -> Result<i64, Fault> {
        let objects = work.list(kind)?;
        let counted = objects
            .iter()
            .filter(|object| kind != "charge" || object["captured"] == true);
        Ok(counted.filter_map(|object| object[field].as_i64()).sum())
    };
    let held = total("charge", "amount_captured")?
        - total("charge", "amount_refunded")?
        - total("transfer", "amount")?;
    let amounts = json!([{ "amount": held, "currency": "eur", "source_types": { "card": held } }]);
    Ok(
        json!({ "object": "balance", "available": amounts, "pending": [{ "amount": 0, "currency": "eur" }], "livemode": false }),
    )
}
