//! Checkout sessions: the page on which a card is authorised.

use serde_json::{Value, json};

use crate::api::{Call, found, number, text};
use crate::errors::Fault;
use crate::store::Work;

pub(crate) fn create(work: &Work<'_>, call: &Call<'_>) -> Result<Value, Fault> {
    let params = &call.params;
    if text(params, "mode") != Some("payment") {
        return Err(Fault::parameter(
            "mode",
            "This stand-in serves `payment` sessions only.",
        ));
    }
    let success_url = text(params, "success_url").ok_or_else(|| Fault::missing("success_url"))?;
    let expires_at = number(params, "expires_at").unwrap_or(work.now + 24 * 3600);
    // Stripe's bounds: 30 minutes to 24 hours after the creation.
    if expires_at < work.now + 30 * 60 || expires_at > work.now + 24 * 3600 {
        return Err(Fault::parameter(
            "expires_at",
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
        ));
    }
    let (amount, description) = line_items(params)?;
    let id = work.id("cs_test");
    let session = json!({
        "id": id,
        "object": "checkout.session",
        "amount_subtotal": amount,
        "amount_total": amount,
        "cancel_url": params["cancel_url"],
        "client_reference_id": params["client_reference_id"],
        "created": work.now,
        "currency": "eur",
        "customer_email": params["customer_email"],
        "expires_at": expires_at,
        "livemode": false,
        "locale": params["locale"],
        "metadata": params.get("metadata").cloned().unwrap_or_else(|| json!({})),
        "mode": "payment",
        "payment_intent": null,
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "status": "open",
        "success_url": success_url,
        "url": format!("{}/local/stripe/checkout/{id}", call.public_url),
    });
    // What Stripe keeps to itself until somebody pays.
    let mut kept = session.clone();
    kept["_intent"] = params
        .get("payment_intent_data")
        .cloned()
        .unwrap_or_else(|| json!({}));
    kept["_description"] = json!(description);
    work.write("checkout.session", &kept)?;
    Ok(session)
}

fn line_items(params: &Value) -> Result<(i64, String), Fault> {
    let items = params["line_items"]
        .as_array()
        .filter(|items| !items.is_empty())
        .ok_or_else(|| Fault::missing("line_items"))?;
    let mut total = 0_i64;
    let mut names = Vec::new();
    for item in items {
        let price = &item["price_data"];
        if text(price, "currency") != Some("eur") {
            return Err(Fault::parameter(
                "line_items[0][price_data][currency]",
                "Only eur is served.",
            ));
        }
        let amount = number(price, "unit_amount").filter(|amount| *amount > 0);
        let amount = amount.ok_or_else(|| {
            Fault::parameter(
                "line_items[0][price_data][unit_amount]",
                "Invalid positive integer",
            )
        })?;
        let quantity = number(item, "quantity").unwrap_or(1);
        total = amount
            .checked_mul(quantity)
            .and_then(|sum| sum.checked_add(total))
            .ok_or_else(|| Fault::invalid(None, "Amount too large"))?;
        names.extend(text(&price["product_data"], "name").map(str::to_owned));
    }
    Ok((total, names.join(", ")))
}

/// What the API shows of a session.
pub(crate) fn shown(mut session: Value) -> Value {
    if let Some(fields) = session.as_object_mut() {
        fields.retain(|name, _| !name.starts_with('_'));
    }
    session
}

pub(crate) fn read(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    found(work, "checkout.session", id).map(shown)
}

pub(crate) fn expire(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let session = found(work, "checkout.session", id)?;
    if session["status"] != "open" {
        let status = session["status"].as_str().unwrap_or_default();
        return Err(Fault::invalid(
            None,
            format!(
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `{status}`."
            ),
        ));
    }
    close(work, session)
}

/// Ends an open session without a payment.
pub(crate) fn close(work: &Work<'_>, mut session: Value) -> Result<Value, Fault> {
    session["status"] = json!("expired");
    session["url"] = Value::Null;
    work.write("checkout.session", &session)?;
    let session = shown(session);
    work.event("checkout.session.expired", &session)?;
    Ok(session)
}
