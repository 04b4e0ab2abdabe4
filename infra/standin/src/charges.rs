//! Charges: one per attempt on a card.

use serde_json::{Value, json};

use crate::cards::{Card, Decline};
use crate::errors::Fault;
use crate::ids;
use crate::lists::Listing;
use crate::store::Work;
use crate::wire::only;

/// An authorisation lasts a week.
const AUTHORISATION_SECONDS: i64 = 7 * 24 * 3600;

const LISTING: Listing = Listing {
    kind: "charge",
    address: "/v1/charges",
    filters: &["payment_intent", "transfer_group"],
};

pub(crate) fn read(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &[])?;
    work.found("charge", id)
}

pub(crate) fn list(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    LISTING.page(work, params)
}

/// An attempt on a card, which the bank declined or not. `email` is the session's.
pub(crate) fn attempt(
    work: &Work<'_>,
    intent: &Value,
    card: &Card,
    email: &Value,
    decline: Option<Decline>,
) -> Value {
    let status = if decline.is_some() {
        "failed"
    } else {
        "succeeded"
    };
    let reason = decline.map(|decline| decline.reason.unwrap_or(decline.code));
    let authenticated = card.outcome == crate::cards::Outcome::NeedsAuthentication;
    let mut details = json!({
        "amount_authorized": if decline.is_some() { Value::Null } else { intent["amount"].clone() },
        "brand": card.brand,
        "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass" },
        "country": "FR",
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "funding": "credit",
        "installments": null,
        "last4": card.last4,
        "mandate": null,
        "network": card.brand,
        "three_d_secure": null,
        "wallet": null,
    });
    if authenticated {
        details["three_d_secure"] = json!({
            "authentication_flow": "challenge", "result": "authenticated", "result_reason": null, "version": "2.2.0",
            "electronic_commerce_indicator": "05", "exemption_indicator": null, "transaction_id": null,
        });
    }
    if decline.is_none() && intent["capture_method"] == "manual" {
        details["capture_before"] = json!(work.now + AUTHORISATION_SECONDS);
    }
    json!({
        "id": ids::fresh("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": null,
        "application_fee": null,
        "application_fee_amount": null,
        "balance_transaction": null,
        "billing_details": { "address": null, "email": email, "name": card.name, "phone": null, "tax_id": null },
        "calculated_statement_descriptor": "MONAGENTDESECU",
        "captured": false,
        "created": work.now,
        "currency": intent["currency"],
        "customer": null,
        "description": intent["description"],
        "disputed": false,
        "failure_balance_transaction": null,
        "failure_code": decline.map(|decline| decline.code),
        "failure_message": decline.map(|decline| decline.english),
        "fraud_details": {},
        "livemode": false,
        "metadata": intent["metadata"],
        "on_behalf_of": intent["on_behalf_of"],
        "outcome": {
            "advice_code": null,
            "network_advice_code": null,
            "network_decline_code": null,
            "network_status": if decline.is_some() { "declined_by_network" } else { "approved_by_network" },
            "reason": reason,
            "risk_level": "normal",
            "seller_message": if decline.is_some() { "The bank did not approve the payment." } else { "Payment complete." },
            "type": if decline.is_some() { "issuer_declined" } else { "authorized" },
        },
        "paid": decline.is_none(),
        "payment_intent": intent["id"],
        "payment_method": null,
        "payment_method_details": { "type": "card", "card": details },
        "receipt_email": null,
        "receipt_number": null,
        "receipt_url": null,
        "refunded": false,
        "review": null,
        "shipping": null,
        "source_transfer": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": status,
        "transfer_data": null,
        "transfer_group": intent["transfer_group"],
    })
}

/// Takes the money, or a part of it: the rest goes back to the card.
pub(crate) fn capture(work: &Work<'_>, id: &str, amount: i64) -> Result<Value, Fault> {
    let mut charge = work.found("charge", id)?;
    let authorised = charge["amount"].as_i64().unwrap_or(0);
    charge["amount_captured"] = json!(amount);
    charge["amount_refunded"] = json!(authorised - amount);
    charge["captured"] = json!(true);
    work.write("charge", &charge)?;
    Ok(charge)
}

/// Gives an authorisation back, untouched.
pub(crate) fn give_back(work: &Work<'_>, id: &str, event: &str) -> Result<(), Fault> {
    let mut charge = work.found("charge", id)?;
    charge["amount_refunded"] = charge["amount"].clone();
    charge["refunded"] = json!(true);
    work.write("charge", &charge)?;
    Ok(work.event(event, &charge)?)
}

/// Cents of a captured charge that were neither refunded nor transferred.
pub(crate) fn transferable(work: &Work<'_>, charge: &Value) -> Result<i64, Fault> {
    let amount = |field: &str| charge[field].as_i64().unwrap_or(0);
    let id = charge["id"].as_str().unwrap_or_default();
    Ok(amount("amount") - amount("amount_refunded") - work.transferred_from(id)?)
}
