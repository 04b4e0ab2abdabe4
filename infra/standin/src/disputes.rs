//! Disputes: the holder of the card contests a debit, the bank takes the money back, and decides.

use serde_json::{Value, json};

use crate::errors::Fault;
use crate::ids;
use crate::lists::Listing;
use crate::store::Work;
use crate::wire::only;

const LISTING: Listing = Listing {
    kind: "dispute",
    address: "/v1/disputes",
    filters: &["charge", "payment_intent"],
};

/// What Stripe takes for a dispute, in cents.
pub(crate) const FEE: i64 = 2_000;

/// How long one may answer.
const EVIDENCE_SECONDS: i64 = 9 * 24 * 3600;

pub(crate) fn read(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &[])?;
    work.found("dispute", id)
}

pub(crate) fn list(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    LISTING.page(work, params)
}

/// The lever: the holder contests a charge, or the charge of a payment intent.
pub(crate) fn open(work: &Work<'_>, id: &str, reason: &str) -> Result<Value, Fault> {
    let charge = match work.read(id)? {
        Some(intent) if intent["object"] == "payment_intent" => {
            intent["latest_charge"].as_str().unwrap_or(id).to_owned()
        }
        _ => id.to_owned(),
    };
    let mut charge = work.found("charge", &charge)?;
    let cents = |field: &str| charge[field].as_i64().unwrap_or(0);
    let amount = cents("amount") - cents("amount_refunded");
    if charge["captured"] != true || charge["disputed"] == true || amount == 0 {
        return Err(Fault::refused(None, "This charge cannot be disputed."));
    }
    charge["disputed"] = json!(true);
    let dispute = json!({
        "id": ids::fresh("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [movement(work, -amount, FEE, "adjustment", "Chargeback withdrawal")],
        "charge": charge["id"],
        "created": work.now,
        "currency": "eur",
        "enhanced_eligibility_types": [],
        "evidence": { "enhanced_evidence": {} },
        "evidence_details": { "due_by": work.now + EVIDENCE_SECONDS, "enhanced_eligibility": {}, "has_evidence": false, "past_due": false, "submission_count": 0 },
        "is_charge_refundable": false,
        "livemode": false,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": { "card": { "brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4" }, "type": "card" },
        "reason": reason,
        "status": "needs_response",
    });
    work.write("charge", &charge)?;
    work.write("dispute", &dispute)?;
    work.event("charge.dispute.created", &dispute)?;
    work.event("charge.dispute.funds_withdrawn", &dispute)?;
    Ok(dispute)
}

fn movement(work: &Work<'_>, amount: i64, fee: i64, kind: &str, description: &str) -> Value {
    json!({
        "id": ids::fresh("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": work.now,
        "balance_type": "payments",
        "created": work.now,
        "currency": "eur",
        "description": description,
        "exchange_rate": null,
        "fee": fee,
        "fee_details": if fee == 0 { json!([]) } else { json!([{ "amount": fee, "application": null, "currency": "eur", "description": "Dispute fee", "type": "stripe_fee" }]) },
        "net": amount - fee,
        "reporting_category": "dispute",
        "source": null,
        "status": "available",
        "type": kind,
    })
}

/// The lever: the bank decides.
pub(crate) fn close(work: &Work<'_>, id: &str, won: bool) -> Result<Value, Fault> {
    let mut dispute = work.found("dispute", id)?;
    if dispute["status"] == "won" || dispute["status"] == "lost" {
        return Err(Fault::refused(None, "This dispute is already closed."));
    }
    dispute["status"] = json!(if won { "won" } else { "lost" });
    if won {
        let amount = dispute["amount"].as_i64().unwrap_or(0);
        let back = movement(work, amount, 0, "adjustment", "Chargeback reversal");
        if let Some(movements) = dispute["balance_transactions"].as_array_mut() {
            movements.push(back);
        }
        // A charge whose dispute was won can be refunded again.
        let charge = dispute["charge"].as_str().unwrap_or_default();
        let mut charge = work.found("charge", charge)?;
        charge["disputed"] = json!(false);
        work.write("charge", &charge)?;
    }
    work.write("dispute", &dispute)?;
    work.event("charge.dispute.closed", &dispute)?;
    if won {
        work.event("charge.dispute.funds_reinstated", &dispute)?;
    }
    Ok(dispute)
}
