//! Payment intents: authorised, then captured or given back.

use serde_json::{Value, json};

use crate::cards::{Card, Decline, NOT_AUTHENTICATED};
use crate::checkout_sessions::{self, shown};
use crate::errors::Fault;
use crate::lists::Listing;
use crate::store::Work;
use crate::wire::{amount, only, text};
use crate::{charges, ids};

const LISTING: Listing = Listing {
    kind: "payment_intent",
    address: "/v1/payment_intents",
    filters: &["transfer_group"],
};

/// The intent of a session: made when somebody first tries to pay.
pub(crate) fn of_session(work: &Work<'_>, session: &mut Value) -> Result<Value, Fault> {
    if let Some(id) = session["payment_intent"].as_str() {
        return work.found("payment_intent", id);
    }
    let asked = &session["_intent"];
    let id = ids::fresh("pi");
    let intent = json!({
        "id": id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": { "tip": {} },
        "amount_received": 0,
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": null,
        "canceled_at": null,
        "cancellation_reason": null,
        "capture_method": text(asked, "capture_method").unwrap_or("automatic_async"),
        "client_secret": format!("{id}_secret_{}", ids::letters(25)),
        "confirmation_method": "automatic",
        "created": work.now,
        "currency": session["currency"],
        "customer": null,
        "description": asked["description"],
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": false,
        "metadata": asked.get("metadata").cloned().unwrap_or_else(|| json!({})),
        "next_action": null,
        "on_behalf_of": asked["on_behalf_of"],
        "payment_method": null,
        "payment_method_options": { "card": { "installments": null, "mandate_options": null, "network": null, "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card"],
        "processing": null,
        "receipt_email": asked["receipt_email"],
        "review": null,
        "setup_future_usage": null,
        "shipping": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": asked["statement_descriptor_suffix"],
        "status": "requires_payment_method",
        "transfer_data": null,
        "transfer_group": asked["transfer_group"],
    });
    session["payment_intent"] = intent["id"].clone();
    work.write("payment_intent", &intent)?;
    work.write("checkout.session", session)?;
    work.event("payment_intent.created", &intent)?;
    Ok(intent)
}

/// The bank said yes: the session is complete. The money is held for a week when it is captured by
/// hand, else taken at once.
pub(crate) fn authorise(work: &Work<'_>, mut session: Value, card: &Card) -> Result<Value, Fault> {
    let mut intent = of_session(work, &mut session)?;
    let charge = charges::attempt(work, &intent, card, &session["customer_email"], None);
    work.write("charge", &charge)?;
    intent["latest_charge"] = charge["id"].clone();
    intent["last_payment_error"] = Value::Null;
    intent["next_action"] = Value::Null;
    checkout_sessions::complete(&mut session, card);
    if intent["capture_method"] == "manual" {
        intent["amount_capturable"] = intent["amount"].clone();
        intent["status"] = json!("requires_capture");
        work.event("charge.succeeded", &charge)?;
        work.event("payment_intent.amount_capturable_updated", &intent)?;
    } else {
        let total = intent["amount"].as_i64().unwrap_or(0);
        let charge = charges::capture(work, charge["id"].as_str().unwrap_or_default(), total)?;
        intent["amount_received"] = json!(total);
        intent["status"] = json!("succeeded");
        session["payment_status"] = json!("paid");
        work.event("charge.succeeded", &charge)?;
        work.event("payment_intent.succeeded", &intent)?;
    }
    work.write("payment_intent", &intent)?;
    work.write("checkout.session", &session)?;
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
    let secret = intent["client_secret"].clone();
    intent["next_action"] = json!({ "type": "use_stripe_sdk", "use_stripe_sdk": { "type": "three_d_secure_redirect", "source": secret } });
    intent["status"] = json!("requires_action");
    session["_card"] = card.kept();
    work.write("payment_intent", &intent)?;
    work.write("checkout.session", &session)?;
    Ok(work.event("payment_intent.requires_action", &intent)?)
}

/// The bank said no, or the holder did not authenticate: another card may be tried.
pub(crate) fn decline(
    work: &Work<'_>,
    mut session: Value,
    card: &Card,
    decline: Decline,
) -> Result<(), Fault> {
    let mut intent = of_session(work, &mut session)?;
    let mut error =
        json!({ "type": "card_error", "code": decline.code, "message": decline.english });
    error["doc_url"] = json!(format!(
        "https://stripe.com/docs/error-codes/{}",
        decline.code.replace('_', "-")
    ));
    if let Some(reason) = decline.reason {
        error["decline_code"] = json!(reason);
    }
    // An authentication that fails never reaches the bank's authorisation: there is no charge.
    if decline.code == NOT_AUTHENTICATED.code {
        error["type"] = json!("invalid_request_error");
    } else {
        let charge = charges::attempt(
            work,
            &intent,
            card,
            &session["customer_email"],
            Some(decline),
        );
        work.write("charge", &charge)?;
        work.event("charge.failed", &charge)?;
        error["charge"] = charge["id"].clone();
        intent["latest_charge"] = charge["id"].clone();
    }
    intent["last_payment_error"] = error;
    intent["next_action"] = Value::Null;
    intent["status"] = json!("requires_payment_method");
    if let Some(fields) = session.as_object_mut() {
        fields.remove("_card");
    }
    work.write("payment_intent", &intent)?;
    work.write("checkout.session", &session)?;
    Ok(work.event("payment_intent.payment_failed", &intent)?)
}

pub(crate) fn read(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &["client_secret"])?;
    work.found("payment_intent", id)
}

pub(crate) fn list(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    LISTING.page(work, params)
}

pub(crate) fn capture(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &["amount_to_capture"])?;
    let asked = amount(params, "amount_to_capture", "amount_to_capture")?;
    let mut intent = work.found("payment_intent", id)?;
    if intent["status"] != "requires_capture" {
        return Err(Fault::unexpected_state(
            &intent,
            "captured",
            "requires_capture",
        ));
    }
    let capturable = intent["amount_capturable"].as_i64().unwrap_or(0);
    let amount = asked.unwrap_or(capturable);
    if amount > capturable {
        let message = "The amount to capture is greater than the amount that can be captured.";
        return Err(Fault::refused(Some("amount_too_large"), message).on("amount_to_capture"));
    }
    let charge = charges::capture(
        work,
        intent["latest_charge"].as_str().unwrap_or_default(),
        amount,
    )?;
    intent["amount_capturable"] = json!(0);
    intent["amount_received"] = json!(amount);
    intent["status"] = json!("succeeded");
    work.write("payment_intent", &intent)?;
    checkout_sessions::paid(work, id)?;
    work.event("charge.captured", &charge)?;
    work.event("payment_intent.succeeded", &intent)?;
    Ok(intent)
}

pub(crate) fn cancel(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &["cancellation_reason"])?;
    let reason = text(params, "cancellation_reason");
    let reasons = [
        "duplicate",
        "fraudulent",
        "requested_by_customer",
        "abandoned",
    ];
    if reason.is_some_and(|reason| !reasons.contains(&reason)) {
        let message = format!(
            "Invalid cancellation_reason: must be one of {}",
            reasons.join(", ")
        );
        return Err(Fault::parameter("cancellation_reason", message));
    }
    let intent = work.found("payment_intent", id)?;
    match intent["status"].as_str() {
        Some("requires_capture") => end(work, intent, reason, "charge.refunded"),
        Some("succeeded" | "canceled") => {
            let allowed = "requires_payment_method, requires_capture, requires_confirmation, requires_action, processing";
            Err(Fault::unexpected_state(&intent, "canceled", allowed))
        }
        // Every intent here is a session's.
        _ => Err(Fault::refused(
            None,
            "You cannot cancel the PaymentIntent of a Checkout Session before it was authorized. Expire the Checkout Session instead.",
        )),
    }
}

/// An authorisation that was not captured in time.
pub(crate) fn lapse(work: &Work<'_>, intent: Value) -> Result<Value, Fault> {
    end(work, intent, Some("automatic"), "charge.expired")
}

/// Ends the intent of a session that expires: nothing was authorised.
pub(crate) fn abandon(work: &Work<'_>, id: &str) -> Result<(), Fault> {
    // A declined charge stays as it is: only an authorisation is given back.
    let intent = mark_ended(work, work.found("payment_intent", id)?, Some("automatic"));
    work.write("payment_intent", &intent)?;
    Ok(work.event("payment_intent.canceled", &intent)?)
}

fn end(work: &Work<'_>, intent: Value, reason: Option<&str>, told: &str) -> Result<Value, Fault> {
    if let Some(charge) = intent["latest_charge"].as_str() {
        charges::give_back(work, charge, told)?;
    }
    let intent = mark_ended(work, intent, reason);
    work.write("payment_intent", &intent)?;
    work.event("payment_intent.canceled", &intent)?;
    Ok(intent)
}

fn mark_ended(work: &Work<'_>, mut intent: Value, reason: Option<&str>) -> Value {
    intent["amount_capturable"] = json!(0);
    intent["canceled_at"] = json!(work.now);
    intent["cancellation_reason"] = json!(reason);
    intent["next_action"] = Value::Null;
    intent["status"] = json!("canceled");
    intent
}
