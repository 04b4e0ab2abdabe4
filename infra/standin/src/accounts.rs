//! Connected accounts that receive transfers. Here their capability is active at once, unless the
//! lever says otherwise: hosted onboarding, which the real ones ask for, is not served yet.

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
pub(crate) const STATES: [&str; 3] = [ACTIVE, "pending", "restricted"];

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
    Ok(work.event_of("account.updated", &as_v1(account), account["id"].as_str())?)
}
