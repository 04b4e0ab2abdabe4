//! Checkout sessions: the page on which a card is authorised.

use serde_json::{Value, json};

use crate::api::Call;
use crate::cards::Card;
use crate::errors::Fault;
use crate::expand::empty_list;
use crate::lists::Listing;
use crate::store::{Selection, Work};
use crate::wire::{address, amount, euros, integer, metadata, only, required, text};
use crate::{ids, payment_intents};

/// Stripe's bounds: a session stays open from 30 minutes to 24 hours.
const SHORTEST_SECONDS: i64 = 30 * 60;
const LONGEST_SECONDS: i64 = 24 * 3600;
/// Cents: Stripe's bounds for a payment in euros.
const SMALLEST: i64 = 50;
const LARGEST: i64 = 99_999_999;

const LISTING: Listing = Listing {
    kind: "checkout.session",
    address: "/v1/checkout/sessions",
    filters: &["payment_intent", "status"],
};

const PARAMS: [&str; 27] = [
    "mode",
    "locale",
    "ui_mode",
    "submit_type",
    "payment_method_types[]",
    "customer_email",
    "client_reference_id",
    "metadata[*]",
    "success_url",
    "cancel_url",
    "expires_at",
    "line_items[][quantity]",
    "line_items[][price_data][currency]",
    "line_items[][price_data][unit_amount]",
    "line_items[][price_data][product_data][name]",
    "line_items[][price_data][product_data][description]",
    "line_items[][price_data][product_data][metadata][*]",
    "payment_intent_data[capture_method]",
    "payment_intent_data[transfer_group]",
    "payment_intent_data[on_behalf_of]",
    "payment_intent_data[metadata][*]",
    "payment_intent_data[description]",
    "payment_intent_data[receipt_email]",
    "payment_intent_data[statement_descriptor_suffix]",
    "billing_address_collection",
    "phone_number_collection[enabled]",
    "payment_method_options[card][request_three_d_secure]",
];

pub(crate) fn create(work: &Work<'_>, call: &Call<'_>) -> Result<Value, Fault> {
    let params = &call.params;
    only(params, &PARAMS)?;
    check_choices(params)?;
    let success_url =
        address(params, "success_url")?.ok_or_else(|| Fault::missing("success_url"))?;
    let cancel_url = address(params, "cancel_url")?;
    let expires_at = expiry(work, params)?;
    let id = ids::fresh("cs_test");
    let items = items(params, &id)?;
    let total = total(&items)?;
    let intent = intent_data(work, params)?;
    let session = json!({
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": { "enabled": false },
        "after_expiration": null,
        "allow_promotion_codes": null,
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "billing_address_collection": params["billing_address_collection"],
        "cancel_url": cancel_url,
        "client_reference_id": text(params, "client_reference_id"),
        "client_secret": null,
        "collected_information": null,
        "consent": null,
        "consent_collection": null,
        "created": work.now,
        "currency": "eur",
        "currency_conversion": null,
        "custom_fields": [],
        "custom_text": { "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null },
        "customer": null,
        "customer_creation": "if_required",
        "customer_details": null,
        "customer_email": text(params, "customer_email"),
        "discounts": [],
        "expires_at": expires_at,
        "invoice": null,
        "invoice_creation": null,
        "livemode": false,
        "locale": text(params, "locale"),
        "metadata": metadata(params, "metadata")?,
        "mode": "payment",
        "origin_context": null,
        "payment_intent": null,
        "payment_link": null,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": null,
        "payment_method_options": { "card": { "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "permissions": null,
        "phone_number_collection": { "enabled": false },
        "recovered_from": null,
        "saved_payment_method_options": null,
        "setup_intent": null,
        "shipping_address_collection": null,
        "shipping_cost": null,
        "shipping_options": [],
        "status": "open",
        "submit_type": text(params, "submit_type"),
        "subscription": null,
        "success_url": success_url,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page",
        "url": format!("{}/local/stripe/checkout/{id}", call.public_url),
        "wallet_options": null,
    });
    // What Stripe keeps to itself until somebody pays.
    let mut kept = session.clone();
    kept["_intent"] = intent;
    kept["_line_items"] = Value::Array(items);
    work.write("checkout.session", &kept)?;
    Ok(session)
}

/// Parameters that have one value here.
fn check_choices(params: &Value) -> Result<(), Fault> {
    if required(params, "mode")? != "payment" {
        return Err(Fault::parameter(
            "mode",
            "Invalid mode: this stand-in serves `payment` sessions only.",
        ));
    }
    if text(params, "ui_mode").is_some_and(|mode| !matches!(mode, "hosted" | "hosted_page")) {
        return Err(Fault::parameter(
            "ui_mode",
            "Invalid ui_mode: this stand-in serves hosted pages only.",
        ));
    }
    let types = params["payment_method_types"].as_array();
    if types.is_some_and(|types| types.iter().any(|kind| kind != "card")) {
        return Err(Fault::parameter(
            "payment_method_types",
            "Invalid payment_method_types: this stand-in serves `card` only.",
        ));
    }
    if text(params, "customer_email").is_some_and(|email| !email.contains('@')) {
        let email = text(params, "customer_email").unwrap_or_default();
        return Err(Fault::invalid(
            Some("email_invalid"),
            format!("Invalid email address: {email}"),
        )
        .on("customer_email"));
    }
    if text(params, "client_reference_id").is_some_and(|id| id.chars().count() > 200) {
        return Err(Fault::parameter(
            "client_reference_id",
            "Invalid string: must be at most 200 characters.",
        ));
    }
    Ok(())
}

fn expiry(work: &Work<'_>, params: &Value) -> Result<i64, Fault> {
    let asked = integer(params, "expires_at", "expires_at")?.unwrap_or(work.now + LONGEST_SECONDS);
    let refused = |bound: &str| {
        let message =
            format!("The `expires_at` timestamp must be {bound} from Checkout Session creation.");
        Err(Fault::parameter("expires_at", message))
    };
    match asked - work.now {
        ..SHORTEST_SECONDS => refused("at least 30 minutes"),
        SHORTEST_SECONDS..=LONGEST_SECONDS => Ok(asked),
        _ => refused("less than 24 hours"),
    }
}

fn items(params: &Value, session: &str) -> Result<Vec<Value>, Fault> {
    let asked = params["line_items"]
        .as_array()
        .filter(|items| !items.is_empty())
        .ok_or_else(|| Fault::missing("line_items"))?;
    let item = |(place, item): (usize, &Value)| {
        let shown = |name: &str| format!("line_items[{place}]{name}");
        let price = &item["price_data"];
        euros(price, &shown("[price_data][currency]"))?;
        let unit = shown("[price_data][unit_amount]");
        let unit_amount =
            amount(price, "unit_amount", &unit)?.ok_or_else(|| Fault::missing(&unit))?;
        let name = shown("[price_data][product_data][name]");
        let name = text(&price["product_data"], "name").ok_or_else(|| Fault::missing(&name))?;
        let quantity = amount(item, "quantity", &shown("[quantity]"))?.unwrap_or(1);
        let too_large =
            || Fault::invalid(Some("amount_too_large"), "Amount is too large.").on(unit.clone());
        let total = unit_amount.checked_mul(quantity).ok_or_else(too_large)?;
        Ok(json!({
            "id": format!("li_{}_{place}", session.trim_start_matches("cs_test_")),
            "object": "item",
            "adjustable_quantity": null,
            "amount_discount": 0,
            "amount_subtotal": total,
            "amount_tax": 0,
            "amount_total": total,
            "currency": "eur",
            "description": name,
            "metadata": {},
            "price": null,
            "quantity": quantity,
        }))
    };
    asked.iter().enumerate().map(item).collect()
}

fn total(items: &[Value]) -> Result<i64, Fault> {
    let mut amounts = items
        .iter()
        .map(|item| item["amount_total"].as_i64().unwrap_or(0));
    let total = amounts.try_fold(0_i64, i64::checked_add);
    match total {
        Some(..SMALLEST) => Err(Fault::invalid(
            Some("amount_too_small"),
            "The Checkout Session's total amount must be at least €0.50 eur.",
        )),
        Some(total @ SMALLEST..=LARGEST) => Ok(total),
        _ => Err(Fault::invalid(
            Some("amount_too_large"),
            "The Checkout Session's total amount must be no more than €999,999.99 eur.",
        )),
    }
}

/// What the intent will be made with.
fn intent_data(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    let mut data = params["payment_intent_data"].clone();
    if !data.is_object() {
        data = json!({});
    }
    data["metadata"] = metadata(&data, "payment_intent_data[metadata]")?;
    if text(&data, "capture_method")
        .is_some_and(|method| !matches!(method, "automatic" | "automatic_async" | "manual"))
    {
        let shown = "payment_intent_data[capture_method]";
        return Err(Fault::parameter(
            shown,
            "Invalid capture_method: must be one of automatic, automatic_async, or manual",
        ));
    }
    if let Some(account) = text(&data, "on_behalf_of")
        && work
            .read(account)?
            .is_none_or(|found| found["object"] != "v2.core.account")
    {
        return Err(Fault::no_such_in(
            "payment_intent_data[on_behalf_of]",
            "account",
            account,
        ));
    }
    Ok(data)
}

/// What the API shows of a session.
pub(crate) fn shown(mut session: Value) -> Value {
    if let Some(fields) = session.as_object_mut() {
        fields.retain(|name, _| !name.starts_with('_'));
    }
    session
}

pub(crate) fn read(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &[])?;
    work.found("checkout.session", id).map(shown)
}

pub(crate) fn list(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    let mut page = LISTING.page(work, params)?;
    for session in page["data"].as_array_mut().into_iter().flatten() {
        *session = shown(session.take());
    }
    Ok(page)
}

/// What is bought: a list.
pub(crate) fn line_items(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let session = work.found("checkout.session", id)?;
    let mut list = empty_list(&format!("/v1/checkout/sessions/{id}/line_items"));
    list["data"] = session
        .get("_line_items")
        .cloned()
        .unwrap_or_else(|| json!([]));
    Ok(list)
}

/// What is bought, in a few words.
pub(crate) fn description(session: &Value) -> String {
    let items = session["_line_items"].as_array().into_iter().flatten();
    let names: Vec<String> = items
        .map(|item| {
            match (
                item["description"].as_str().unwrap_or_default(),
                item["quantity"].as_i64(),
            ) {
                (name, Some(quantity)) if quantity > 1 => format!("{name} × {quantity}"),
                (name, _) => name.to_owned(),
            }
        })
        .collect();
    names.join(", ")
}

pub(crate) fn expire(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &[])?;
    let session = work.found("checkout.session", id)?;
    if session["status"] != "open" {
        let status = session["status"].as_str().unwrap_or_default();
        let message = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `{status}`."
        );
        return Err(Fault::refused(None, message));
    }
    close(work, session)
}

/// Ends an open session without a payment, and the intent that somebody may have tried to pay.
pub(crate) fn close(work: &Work<'_>, mut session: Value) -> Result<Value, Fault> {
    session["status"] = json!("expired");
    session["url"] = Value::Null;
    work.write("checkout.session", &session)?;
    if let Some(intent) = session["payment_intent"].as_str() {
        payment_intents::abandon(work, intent)?;
    }
    let session = shown(session);
    work.event("checkout.session.expired", &session)?;
    Ok(session)
}

/// Marks a session as paid for, or authorised.
pub(crate) fn complete(session: &mut Value, card: &Card) {
    session["customer_details"] = json!({
        "address": null, "business_name": null, "email": session["customer_email"], "individual_name": null,
        "name": card.name, "phone": null, "tax_exempt": "none", "tax_ids": [],
    });
    session["status"] = json!("complete");
    session["url"] = Value::Null;
}

/// The money of an intent was taken: its session is paid.
pub(crate) fn paid(work: &Work<'_>, intent: &str) -> Result<(), Fault> {
    let of_intent = (
        "json_extract(body, '$.payment_intent') = ?".to_owned(),
        intent.to_owned().into(),
    );
    let selection = Selection {
        conditions: vec![of_intent],
        limit: 1,
        ..Selection::default()
    };
    for mut session in work.select("checkout.session", selection)? {
        session["payment_status"] = json!("paid");
        work.write("checkout.session", &session)?;
    }
    Ok(())
}
