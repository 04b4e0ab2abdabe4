//! Refunds: captured money that goes back to the card.

use serde_json::{Value, json};

use crate::errors::Fault;
use crate::lists::Listing;
use crate::store::Work;
use crate::wire::{amount, metadata, only, text};
use crate::{balance, ids};

const LISTING: Listing = Listing {
    kind: "refund",
    address: "/v1/refunds",
    filters: &["charge", "payment_intent"],
};

const PARAMS: [&str; 5] = [
    "amount",
    "charge",
    "metadata[*]",
    "payment_intent",
    "reason",
];

const REASONS: [&str; 3] = ["duplicate", "fraudulent", "requested_by_customer"];

/// Gives back what is asked, or all that is left. When the platform does not hold that much, the
/// refund is accepted and waits.
pub(crate) fn create(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    only(params, &PARAMS)?;
    let asked = amount(params, "amount", "amount")?;
    let metadata = metadata(params, "metadata")?;
    let reason = text(params, "reason");
    if reason.is_some_and(|reason| !REASONS.contains(&reason)) {
        let message = format!("Invalid reason: must be one of {}", REASONS.join(", "));
        return Err(Fault::parameter("reason", message));
    }
    let mut charge = charge_of(work, params)?;
    let left = refundable(&charge)?;
    let amount = asked.unwrap_or(left);
    if amount > left {
        let message = format!(
            "Refund amount ({}) is greater than unrefunded amount on charge ({})",
            shown(amount),
            shown(left)
        );
        return Err(Fault::refused(None, message).on("amount"));
    }
    let status = if amount > balance::held(work)? {
        "pending"
    } else {
        "succeeded"
    };
    let refund = json!({
        "id": ids::fresh("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": null,
        "charge": charge["id"],
        "created": work.now,
        "currency": charge["currency"],
        "destination_details": {
            "card": { "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund" },
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": status,
        "transfer_reversal": null,
    });
    work.write("refund", &refund)?;
    change_refunded(work, &mut charge, amount)?;
    work.event("refund.created", &refund)?;
    work.event("charge.refunded", &charge)?;
    Ok(refund)
}

fn charge_of(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    let find = |kind: &str, param: &str, id: &str| {
        let found = work.read(id)?.filter(|found| found["object"] == kind);
        found.ok_or_else(|| Fault::no_such_in(param, kind, id))
    };
    match (text(params, "charge"), text(params, "payment_intent")) {
        (Some(id), None) => find("charge", "charge", id),
        (None, Some(id)) => {
            let intent = find("payment_intent", "payment_intent", id)?;
            let charge = intent["latest_charge"]
                .as_str()
                .filter(|_| intent["status"] == "succeeded")
                .ok_or_else(|| {
                    let message = format!(
                        "This PaymentIntent ({id}) does not have a successful charge to refund."
                    );
                    Fault::refused(None, message).on("payment_intent")
                })?;
            work.found("charge", charge)
        }
        (None, None) => Err(Fault::invalid(
            Some("parameter_missing"),
            "One of the following params should be provided for this request: payment_intent or charge.",
        )),
        (Some(_), Some(_)) => Err(Fault::invalid(
            None,
            "You may only specify one of these parameters: charge, payment_intent.",
        )),
    }
}

/// Cents that can still be given back.
fn refundable(charge: &Value) -> Result<i64, Fault> {
    let id = charge["id"].as_str().unwrap_or_default();
    if charge["disputed"] == true {
        let message = format!("Charge {id} has been charged back; cannot issue a refund.");
        return Err(Fault::refused(Some("charge_disputed"), message));
    }
    if charge["captured"] != true {
        let message = format!("Charge {id} was not captured; cannot issue a refund.");
        return Err(Fault::refused(Some("charge_not_refundable"), message));
    }
    let cents = |field: &str| charge[field].as_i64().unwrap_or(0);
    match cents("amount") - cents("amount_refunded") {
        left if left > 0 => Ok(left),
        _ => {
            let message = format!("Charge {id} has already been refunded.");
            Err(Fault::refused(Some("charge_already_refunded"), message))
        }
    }
}

/// Cents as Stripe writes them in messages.
pub(crate) fn shown(cents: i64) -> String {
    format!("€{}.{:02}", cents / 100, cents % 100)
}

fn change_refunded(work: &Work<'_>, charge: &mut Value, cents: i64) -> Result<(), Fault> {
    let refunded = charge["amount_refunded"].as_i64().unwrap_or(0) + cents;
    charge["refunded"] = json!(charge["amount"] == refunded);
    charge["amount_refunded"] = json!(refunded);
    Ok(work.write("charge", charge)?)
}

pub(crate) fn read(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &[])?;
    work.found("refund", id)
}

pub(crate) fn list(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    LISTING.page(work, params)
}

/// The lever: the card's bank sends the money back. It is the platform's again, and the charge's to
/// refund.
pub(crate) fn fail(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let mut refund = work.found("refund", id)?;
    if refund["status"] == "failed" {
        return Err(Fault::refused(None, "This refund has failed already."));
    }
    refund["status"] = json!("failed");
    refund["failure_balance_transaction"] = Value::Null;
    refund["failure_reason"] = json!("lost_or_stolen_card");
    work.write("refund", &refund)?;
    let mut charge = work.found("charge", refund["charge"].as_str().unwrap_or_default())?;
    change_refunded(work, &mut charge, -refund["amount"].as_i64().unwrap_or(0))?;
    work.event("refund.updated", &refund)?;
    work.event("charge.refund.updated", &refund)?;
    work.event("refund.failed", &refund)?;
    Ok(refund)
}

/// The lever: a refund that waited for money is paid.
pub(crate) fn settle(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let mut refund = work.found("refund", id)?;
    if refund["status"] != "pending" {
        return Err(Fault::refused(None, "This refund is not pending."));
    }
    refund["status"] = json!("succeeded");
    work.write("refund", &refund)?;
    work.event("refund.updated", &refund)?;
    work.event("charge.refund.updated", &refund)?;
    Ok(refund)
}
