//! Payment intents: authorised, captured or given back; and the charges that carry them.

use serde_json::{Value, json};

use crate::api::{found, number, text};
use crate::cards::Card;
use crate::checkout_sessions::shown;
use crate::errors::Fault;
use crate::store::Work;

/// An authorisation lasts a week.
const AUTHORISATION_SECONDS: i64 = 7 * 24 * 3600;

/// The intent of a session: made when somebody first tries to pay.
pub(crate) fn of_session(work: &Work<'_>, session: &mut Value) -> Result<Value, Fault> {
    if let Some(id) = session["payment_intent"].as_str() {
        return found(work, "payment_intent", id);
    }
    let asked = &session["_intent"];
    let intent = json!({
        "id": work.id("pi"),
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "cancellation_reason": null,
        "canceled_at": null,
        "capture_method": text(asked, "capture_method").unwrap_or("automatic"),
        "created": work.now,
        "currency": "eur",
        "description": asked["description"],
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": false,
        "metadata": asked.get("metadata").cloned().unwrap_or_else(|| json!({})),
        "on_behalf_of": asked["on_behalf_of"],
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "transfer_group": asked["transfer_group"],
    });
    session["payment_intent"] = intent["id"].clone();
    work.write("payment_intent", &intent)?;
    work.write("checkout.session", session)?;
    work.event("payment_intent.created", &intent)?;
    Ok(intent)
}

fn charge(
    work: &Work<'_>,
    intent: &Value,
    card: &Card,
    status: &str,
    failure: Option<&str>,
) -> Value {
    json!({
        "id": work.id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "captured": false,
        "created": work.now,
        "currency": "eur",
        "failure_code": failure,
        "livemode": false,
        "metadata": intent["metadata"],
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "payment_method_details": {
            "type": "card",
            "card": { "brand": "visa", "country": "FR", "last4": card.last4, "capture_before": work.now + AUTHORISATION_SECONDS },
        },
        "refunded": false,
        "status": status,
        "transfer_group": intent["transfer_group"],
    })
}

/// The bank said yes: the session is complete, the money can be captured for a week.
pub(crate) fn authorise(work: &Work<'_>, mut session: Value, card: &Card) -> Result<Value, Fault> {
    let mut intent = of_session(work, &mut session)?;
    let charge = charge(work, &intent, card, "succeeded", None);
    intent["latest_charge"] = charge["id"].clone();
    intent["amount_capturable"] = intent["amount"].clone();
    intent["status"] = json!("requires_capture");
    intent["last_payment_error"] = Value::Null;
    session["status"] = json!("complete");
    session["url"] = Value::Null;
    work.write("charge", &charge)?;
    work.write("payment_intent", &intent)?;
    work.write("checkout.session", &session)?;
    work.event("charge.succeeded", &charge)?;
    work.event("payment_intent.amount_capturable_updated", &intent)?;
    work.event("checkout.session.completed", &shown(session.clone()))?;
    Ok(session)
}

/// The bank asks to see who pays.
pub(crate) fn require_action(
    work: &Work<'_>,
    mut session: Value,
    card: &Card,
) -> Result<(), Fault> {
    let mut intent = of_session(work, &mut session)?;
    intent["status"] = json!("requires_action");
    session["_last4"] = json!(card.last4);
    work.write("payment_intent", &intent)?;
    work.write("checkout.session", &session)?;
    Ok(work.event("payment_intent.requires_action", &intent)?)
}

/// The bank said no: another card may be tried.
pub(crate) fn decline(
    work: &Work<'_>,
    mut session: Value,
    card: &Card,
    code: &str,
    message: &str,
) -> Result<(), Fault> {
    let mut intent = of_session(work, &mut session)?;
    let charge = charge(work, &intent, card, "failed", Some(code));
    intent["status"] = json!("requires_payment_method");
    intent["latest_charge"] = charge["id"].clone();
    intent["last_payment_error"] = json!({ "type": "card_error", "code": "card_declined", "decline_code": code, "message": message });
    work.write("charge", &charge)?;
    work.write("payment_intent", &intent)?;
    work.event("charge.failed", &charge)?;
    Ok(work.event("payment_intent.payment_failed", &intent)?)
}

pub(crate) fn read(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    let mut intent = found(work, "payment_intent", id)?;
    let expands = params["expand"]
        .as_array()
        .is_some_and(|list| list.iter().any(|name| name == "latest_charge"));
    if let (true, Some(charge)) = (expands, intent["latest_charge"].as_str()) {
        intent["latest_charge"] = found(work, "charge", charge)?;
    }
    Ok(intent)
}

pub(crate) fn capture(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    let mut intent = found(work, "payment_intent", id)?;
    if intent["status"] != "requires_capture" {
        return Err(Fault::unexpected_state(&intent, "captured"));
    }
    let capturable = intent["amount_capturable"].as_i64().unwrap_or(0);
    let amount = number(params, "amount_to_capture").unwrap_or(capturable);
    if amount < 1 || amount > capturable {
        return Err(Fault {
            param: Some("amount_to_capture".to_owned()),
            ..Fault::invalid(
                Some("amount_too_large"),
                "The amount to capture is greater than the amount that can be captured.",
            )
        });
    }
    let mut charge = found(
        work,
        "charge",
        intent["latest_charge"].as_str().unwrap_or_default(),
    )?;
    charge["captured"] = json!(true);
    charge["amount_captured"] = json!(amount);
    intent["amount_capturable"] = json!(0);
    intent["amount_received"] = json!(amount);
    intent["status"] = json!("succeeded");
    work.write("charge", &charge)?;
    work.write("payment_intent", &intent)?;
    work.event("charge.captured", &charge)?;
    work.event("payment_intent.succeeded", &intent)?;
    Ok(intent)
}

pub(crate) fn cancel(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    let intent = found(work, "payment_intent", id)?;
    if matches!(intent["status"].as_str(), Some("succeeded" | "canceled")) {
        return Err(Fault::unexpected_state(&intent, "canceled"));
    }
    give_back(
        work,
        intent,
        text(params, "cancellation_reason").unwrap_or("requested_by_customer"),
    )
}

/// Cancels an intent; an authorised charge is given back.
pub(crate) fn give_back(work: &Work<'_>, mut intent: Value, reason: &str) -> Result<Value, Fault> {
    if let Some(id) = intent["latest_charge"].as_str() {
        let mut charge = found(work, "charge", id)?;
        charge["refunded"] = json!(true);
        charge["amount_refunded"] = charge["amount"].clone();
        work.write("charge", &charge)?;
    }
    intent["amount_capturable"] = json!(0);
    intent["canceled_at"] = json!(work.now);
    intent["cancellation_reason"] = json!(reason);
    intent["status"] = json!("canceled");
    work.write("payment_intent", &intent)?;
    work.event("payment_intent.canceled", &intent)?;
    Ok(intent)
}
