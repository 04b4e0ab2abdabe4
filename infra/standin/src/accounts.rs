//! Connected accounts that receive transfers, once the questions behind an account link are answered.
//! A lever can make new ones active at once.

use serde_json::{Value, json};

use crate::api::Call;
use crate::errors::Fault;
use crate::ids;
use crate::store::Work;
use crate::wire::{metadata, only, required, text};

/// What an account shows only if `include` asks for it.
const INCLUDABLE: [&str; 7] = [
    "configuration.customer",
    "configuration.merchant",
    "configuration.recipient",
    "defaults",
    "future_requirements",
    "identity",
    "requirements",
];

const PARAMS: [&str; 18] = [
    "configuration[recipient][capabilities][stripe_balance][payouts][requested]",
    "configuration[recipient][capabilities][stripe_balance][stripe_transfers][requested]",
    "contact_email",
    "contact_phone",
    "dashboard",
    "defaults[currency]",
    "defaults[locales][]",
    "defaults[profile][*]",
    "defaults[responsibilities][fees_collector]",
    "defaults[responsibilities][losses_collector]",
    "display_name",
    "identity[business_details][*]",
    "identity[country]",
    "identity[entity_type]",
    "identity[individual][*]",
    "include[]",
    "metadata[*]",
    "account_token",
];

/// The states of the transfers capability that the levers can set.
pub(crate) const ACTIVE: &str = "active";
pub(crate) const PENDING: &str = "pending";
pub(crate) const STATES: [&str; 3] = [ACTIVE, PENDING, "restricted"];

pub(crate) fn create(work: &Work<'_>, call: &Call<'_>) -> Result<Value, Fault> {
    let params = &call.params;
    only(params, &PARAMS)?;
    required(params, "contact_email")?;
    let include = included(params)?;
    let requested = &params["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"]
        ["requested"];
    let country =
        text(&params["identity"], "country").ok_or_else(|| Fault::missing("identity.country"))?;
    let mut identity = params["identity"].clone();
    identity["country"] = json!(country.to_lowercase());
    let mut account = json!({
        "id": ids::fresh("acct"),
        "object": "v2.core.account",
        "applied_configurations": if params["configuration"]["recipient"].is_object() { json!(["recipient"]) } else { json!([]) },
        "closed": false,
        "configuration": { "customer": null, "merchant": null, "recipient": null },
        "contact_email": params["contact_email"],
        "contact_phone": params["contact_phone"],
        "created": moment(work.now),
        "dashboard": params["dashboard"],
        "defaults": params["defaults"],
        "display_name": params["display_name"],
        "future_requirements": null,
        "identity": identity,
        "livemode": false,
        "metadata": metadata(params, "metadata")?,
        "requirements": { "entries": [] },
    });
    if *requested == json!(true) {
        account["configuration"]["recipient"] = json!({ "applied": true, "capabilities": {
            "stripe_balance": { "stripe_transfers": { "requested": true } } } });
        mark(&mut account, call.new_accounts);
    }
    work.write("account", &account)?;
    tell(work, &account)?;
    Ok(with(account, &include))
}

/// Seconds as `/v2` writes moments.
fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map(|moment| format!("{moment:.3}"))
        .unwrap_or_default()
}

fn account(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let found = work
        .read(id)?
        .filter(|object| object["object"] == "v2.core.account");
    found.ok_or_else(|| Fault::no_such("account", id))
}

pub(crate) fn read_v2(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &["include", "include[]"])?;
    let include = included(params)?;
    Ok(with(account(work, id)?, &include))
}

fn included(params: &Value) -> Result<Vec<String>, Fault> {
    let asked = match &params["include"] {
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Value::String(one) => vec![one.clone()],
        _ => Vec::new(),
    };
    match asked
        .iter()
        .find(|name| !INCLUDABLE.contains(&name.as_str()))
    {
        Some(unknown) => Err(Fault::parameter(
            "include",
            format!("Invalid value for include: {unknown}."),
        )),
        None => Ok(asked),
    }
}

/// Hides what was not asked for.
fn with(mut account: Value, include: &[String]) -> Value {
    if let Some(fields) = account.as_object_mut() {
        fields.retain(|name, _| !name.starts_with('_'));
    }
    let asked = |name: &str| include.iter().any(|asked| asked == name);
    for name in [
        "defaults",
        "future_requirements",
        "identity",
        "requirements",
    ] {
        if !asked(name) {
            account[name] = Value::Null;
        }
    }
    if include
        .iter()
        .any(|name| name.starts_with("configuration."))
    {
        for name in ["customer", "merchant", "recipient"] {
            if !asked(&format!("configuration.{name}")) {
                account["configuration"][name] = Value::Null;
            }
        }
    } else {
        account["configuration"] = Value::Null;
    }
    account
}

pub(crate) fn read_v1(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &[])?;
    account(work, id).map(|account| as_v1(&account))
}

/// Whether transfers reach the account.
pub(crate) fn receives_transfers(account: &Value) -> bool {
    transfers(account)["status"] == ACTIVE
}

/// The capability, as kept.
pub(crate) fn transfers(account: &Value) -> &Value {
    &account["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"]
}

/// The account as `/v1` shows it.
pub(crate) fn as_v1(account: &Value) -> Value {
    let status = transfers(account)["status"].as_str();
    let capability = match status {
        Some("restricted") => Some("inactive"),
        other => other,
    };
    let active = receives_transfers(account);
    let missing = if active {
        json!([])
    } else {
        json!(["external_account"])
    };
    let requirements = json!({
        "alternatives": [], "current_deadline": null, "currently_due": missing, "disabled_reason": if active { Value::Null } else { json!("requirements.past_due") },
        "errors": [], "eventually_due": missing, "past_due": missing, "pending_verification": [],
    });
    let created = account["created"]
        .as_str()
        .and_then(|moment| moment.parse::<jiff::Timestamp>().ok());
    let created = created
        .map(jiff::Timestamp::as_second)
        .or_else(|| account["created"].as_i64());
    let country = account["identity"]["country"]
        .as_str()
        .unwrap_or_default()
        .to_uppercase();
    let mut shown = json!({
        "id": account["id"],
        "object": "account",
        "capabilities": {},
        "charges_enabled": false,
        "controller": { "type": "application", "is_controller": true },
        "country": country,
        "created": created,
        "default_currency": "eur",
        "details_submitted": active,
        "email": account["contact_email"],
        "metadata": account["metadata"],
        "payouts_enabled": active,
        "requirements": requirements,
        "type": "none",
    });
    if let Some(capability) = capability {
        shown["capabilities"]["transfers"] = json!(capability);
    }
    shown
}

const BANK_ACCOUNT_PARAMS: [&str; 7] = [
    "default_for_currency",
    "external_account[account_holder_name]",
    "external_account[account_holder_type]",
    "external_account[account_number]",
    "external_account[country]",
    "external_account[currency]",
    "external_account[object]",
];

/// The bank account that an account is paid out to.
pub(crate) fn add_bank_account(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &BANK_ACCOUNT_PARAMS)?;
    let mut account = account(work, id)?;
    let asked = &params["external_account"];
    if text(asked, "object") != Some("bank_account") {
        return Err(Fault::missing("external_account[object]"));
    }
    let number = text(asked, "account_number")
        .ok_or_else(|| Fault::missing("external_account[account_number]"))?;
    let country =
        text(asked, "country").ok_or_else(|| Fault::missing("external_account[country]"))?;
    crate::wire::euros(asked, "external_account[currency]")?;
    if !(15..=34).contains(&number.len()) || !number.starts_with(&country.to_uppercase()) {
        let message = "You must use a valid IBAN for bank accounts in this country.";
        return Err(Fault::refused(Some("account_number_invalid"), message)
            .on("external_account[account_number]"));
    }
    let bank = json!({
        "id": ids::fresh("ba"),
        "object": "bank_account",
        "account": id,
        "account_holder_name": asked["account_holder_name"],
        "account_holder_type": asked["account_holder_type"],
        "account_type": null,
        "available_payout_methods": ["standard"],
        "bank_name": "BANQUE DE TEST",
        "country": country.to_uppercase(),
        "currency": "eur",
        "default_for_currency": true,
        "fingerprint": ids::letters(16),
        "future_requirements": null,
        "last4": number.get(number.len() - 4..),
        "metadata": {},
        "requirements": null,
        "routing_number": null,
        "status": "new",
    });
    account["_bank"] = bank.clone();
    work.write("account", &account)?;
    work.event_of("account.external_account.created", &bank, Some(id))?;
    Ok(bank)
}

/// Cents that an account received and did not pay out to its bank.
pub(crate) fn balance(work: &Work<'_>, id: &str) -> Result<i64, Fault> {
    let account = account(work, id)?;
    let received = work.received(id)?;
    Ok(received - account["_paid_out"].as_i64().unwrap_or(0))
}

/// The lever: everything that an account has goes to its bank.
pub(crate) fn pay_out(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let left = balance(work, id)?;
    let mut account = account(work, id)?;
    account["_paid_out"] = json!(account["_paid_out"].as_i64().unwrap_or(0) + left);
    work.write("account", &account)?;
    Ok(json!({ "account": id, "paid_out": left }))
}

/// The lever: lets transfers through, or not.
pub(crate) fn set_transfers(work: &Work<'_>, id: &str, status: &str) -> Result<Value, Fault> {
    let mut account = account(work, id)?;
    mark(&mut account, status);
    work.write("account", &account)?;
    tell(work, &account)?;
    Ok(account)
}

fn mark(account: &mut Value, status: &str) {
    let details = match status {
        "restricted" => json!([{ "code": "requirements_past_due", "resolution": "provide_info" }]),
        "pending" => {
            json!([{ "code": "requirements_pending_verification", "resolution": "no_resolution" }])
        }
        _ => json!([]),
    };
    let capability = &mut account["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"];
    capability["requested"] = json!(true);
    capability["status"] = json!(status);
    capability["status_details"] = details;
}

fn tell(work: &Work<'_>, account: &Value) -> Result<(), Fault> {
    let id = account["id"].as_str().unwrap_or_default();
    work.event_of("account.updated", &as_v1(account), Some(id))?;
    let kind = "v2.core.account[configuration.recipient].capability_status_updated";
    Ok(work.notify(
        kind,
        "v2.core.account",
        id,
        &format!("/v2/core/accounts/{id}"),
    )?)
}
