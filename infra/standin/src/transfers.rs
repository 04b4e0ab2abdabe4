//! Transfers of captured money to connected accounts.

use serde_json::{Value, json};

use crate::accounts;
use crate::api::{found, number, text};
use crate::errors::Fault;
use crate::store::Work;

pub(crate) fn create(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    let amount = number(params, "amount")
        .filter(|amount| *amount > 0)
        .ok_or_else(|| Fault::missing("amount"))?;
    if text(params, "currency") != Some("eur") {
        return Err(Fault::parameter("currency", "Only eur is served."));
    }
    let destination = text(params, "destination").ok_or_else(|| Fault::missing("destination"))?;
    let account = work.read(destination)?.ok_or_else(|| {
        Fault::parameter(
            "destination",
            format!("No such destination: '{destination}'"),
        )
    })?;
    if !accounts::receives_transfers(&account) {
        return Err(Fault::invalid(
            Some("insufficient_capabilities_for_transfer"),
            "Your destination account needs to have at least one of the following capabilities enabled: transfers.",
        ));
    }
    if let Some(source) = text(params, "source_transaction") {
        check_source(work, source, amount)?;
    }
    let transfer = json!({
        "id": work.id("tr"),
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "created": work.now,
        "currency": "eur",
        "destination": destination,
        "livemode": false,
        "metadata": params.get("metadata").cloned().unwrap_or_else(|| json!({})),
        "reversed": false,
        "source_transaction": params["source_transaction"],
        "transfer_group": params["transfer_group"],
    });
    work.write("transfer", &transfer)?;
    work.event("transfer.created", &transfer)?;
    Ok(transfer)
}

/// Money can leave a charge only once captured, and never more than was captured.
fn check_source(work: &Work<'_>, source: &str, amount: i64) -> Result<(), Fault> {
    let charge = found(work, "charge", source)?;
    if charge["captured"] != true {
        return Err(Fault::parameter(
            "source_transaction",
            "The source charge has not been captured.",
        ));
    }
    let transfers = work.list("transfer")?;
    let gone: i64 = transfers
        .iter()
        .filter(|transfer| transfer["source_transaction"] == source)
        .filter_map(|transfer| transfer["amount"].as_i64())
        .sum();
    let available = charge["amount_captured"].as_i64().unwrap_or(0)
        - charge["amount_refunded"].as_i64().unwrap_or(0)
        - gone;
    if amount > available {
        return Err(Fault::invalid(
            Some("balance_insufficient"),
            "The transfer amount is greater than what the source charge has left.",
        ));
    }
    Ok(())
}

pub(crate) fn list(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    let group = text(params, "transfer_group");
    let all = work
        .list("transfer")?
        .into_iter()
        .filter(|transfer| group.is_none_or(|group| transfer["transfer_group"] == group));
    Ok(
        json!({ "object": "list", "data": all.collect::<Vec<_>>(), "has_more": false, "url": "/v1/transfers" }),
    )
}
