//! Refunds of captured money: they succeed at once, and a bank may send one back later.

use serde_json::{Value, json};

use crate::errors::Fault;
use crate::ids;
use crate::lists::Listing;
use crate::store::Work;
use crate::wire::{amount, metadata, only, text};

const LISTING: Listing = Listing {
    kind: "refund",
    address: "/v1/refunds",
    filters: &["charge", "payment_intent"],
};

const REASONS: [&str; 3] = ["duplicate", "fraudulent", "requested_by_customer"];

pub(crate) fn create(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    only(
        params,
        &[
            "amount",
            "charge",
            "metadata[*]",
            "payment_intent",
            "reason",
        ],
    )?;
    let asked = amount(params, "amount", "amount")?;
    let metadata = metadata(params, "metadata")?;
    let reason = text(params, "reason");
    if reason.is_some_and(|reason| !REASONS.contains(&reason)) {
        let message = format!("Invalid reason: must be one of {}", REASONS.join(", "));
        return Err(Fault::parameter("reason", message));
    }
    let mut charge = charge_of(work, params)?;
    let cents = |field: &str| charge[field].as_i64().unwrap_or(0);
    let left = cents("amount") - cents("amount_refunded");
    let id = charge["id"].as_str().unwrap_or_default().to_owned();
    if charge["captured"] != true {
        let message = format!("Charge {id} has not been captured.");
        return Err(Fault::refused(Some("charge_not_refundable"), message));
    }
    if charge["disputed"] == true {
        let message = format!("Charge {id} has been charged back; cannot issue a refund.");
        return Err(Fault::refused(Some("charge_disputed"), message));
    }
    if left == 0 {
        let message = format!("Charge {id} has already been refunded.");
        return Err(Fault::refused(Some("charge_already_refunded"), message));
    }
    let amount = asked.unwrap_or(left);
    if amount > left {
        let message = format!(
            "Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        );
        return Err(Fault::refused(Some("amount_too_large"), message).on("amount"));
    }
    let refund = json!({
        "id": ids::fresh("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": null,
        "charge": id,
        "created": work.now,
        "currency": "eur",
        "destination_details": { "card": { "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund" }, "type": "card" },
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": "succeeded",
        "transfer_reversal": null,
    });
    charge["amount_refunded"] = json!(cents("amount_refunded") + amount);
    charge["refunded"] = json!(amount == left);
    work.write("charge", &charge)?;
    work.write("refund", &refund)?;
    work.event("refund.created", &refund)?;
    work.event("charge.refunded", &charge)?;
    Ok(refund)
}

fn charge_of(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    match (text(params, "charge"), text(params, "payment_intent")) {
        (Some(id), _) => {
            let found = work.read(id)?.filter(|found| found["object"] == "charge");
            found.ok_or_else(|| Fault::no_such_in("charge", "charge", id))
        }
        (None, Some(id)) => {
            let found = work
                .read(id)?
                .filter(|found| found["object"] == "payment_intent");
            let intent =
                found.ok_or_else(|| Fault::no_such_in("payment_intent", "payment_intent", id))?;
            match intent["latest_charge"].as_str() {
                Some(charge) if intent["status"] == "succeeded" => work.found("charge", charge),
                _ => {
                    let message = format!(
                        "This PaymentIntent ({id}) does not have a successful charge to refund."
                    );
                    Err(Fault::refused(None, message).on("payment_intent"))
                }
            }
        }
        (None, None) => Err(Fault::invalid(
            Some("parameter_missing"),
            "One of the following params should be provided for this request: payment_intent or charge.",
        )),
    }
}

pub(crate) fn read(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &[])?;
    work.found("refund", id)
}

pub(crate) fn list(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    LISTING.page(work, params)
}

/// The lever: the client's bank sends the money back.
pub(crate) fn fail(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let mut refund = work.found("refund", id)?;
    if refund["status"] == "failed" {
        return Ok(refund);
    }
    refund["status"] = json!("failed");
    refund["failure_reason"] = json!("lost_or_stolen_card");
    refund["failure_balance_transaction"] = Value::Null;
    let mut charge = work.found("charge", refund["charge"].as_str().unwrap_or_default())?;
    let refunded = charge["amount_refunded"].as_i64().unwrap_or(0);
    charge["amount_refunded"] = json!(refunded - refund["amount"].as_i64().unwrap_or(0));
    charge["refunded"] = json!(false);
    work.write("charge", &charge)?;
    work.write("refund", &refund)?;
    work.event("refund.updated", &refund)?;
    work.event("refund.failed", &refund)?;
    Ok(refund)
}
