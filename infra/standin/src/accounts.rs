//! Connected accounts that receive transfers. Here they are active at once: hosted onboarding, which
//! the real ones ask for, comes with the payout work.

use serde_json::{Value, json};

use crate::api::text;
use crate::errors::Fault;
use crate::store::Work;

pub(crate) fn create(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    if text(params, "contact_email").is_none() {
        return Err(Fault::missing("contact_email"));
    }
    let requested = &params["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"]
        ["requested"];
    let status = if *requested == json!(true) {
        "active"
    } else {
        "unrequested"
    };
    let account = json!({
        "id": work.id("acct"),
        "object": "v2.core.account",
        "applied_configurations": ["recipient"],
        "configuration": {
            "recipient": { "capabilities": { "stripe_balance": { "stripe_transfers": { "status": status, "status_details": [] } } } },
        },
        "contact_email": params["contact_email"],
        "created": work.now,
        "dashboard": params["dashboard"],
        "defaults": params["defaults"],
        "display_name": params["display_name"],
        "identity": params["identity"],
        "livemode": false,
        "metadata": params.get("metadata").cloned().unwrap_or_else(|| json!({})),
    });
    work.write("account", &account)?;
    work.event("account.updated", &as_v1(&account))?;
    Ok(account)
}

fn account(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    let found = work
        .read(id)?
        .filter(|object| object["object"] == "v2.core.account");
    found.ok_or_else(|| Fault::no_such("account", id))
}

pub(crate) fn read_v2(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    account(work, id)
}

pub(crate) fn read_v1(work: &Work<'_>, id: &str) -> Result<Value, Fault> {
    account(work, id).map(|account| as_v1(&account))
}

/// Whether transfers reach the account.
pub(crate) fn receives_transfers(account: &Value) -> bool {
    transfers_status(account) == "active"
}

fn transfers_status(account: &Value) -> &str {
    account["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"]["status"].as_str().unwrap_or_default()
}

fn as_v1(account: &Value) -> Value {
    let active = receives_transfers(account);
    json!({
        "id": account["id"], "object": "account", "type": "none", "country": "FR", "default_currency": "eur",
        "email": account["contact_email"], "capabilities": { "transfers": if active { "active" } else { "inactive" } },
        "charges_enabled": false, "payouts_enabled": active, "details_submitted": true, "metadata": account["metadata"],
    })
}

/// The lever: lets transfers through, or not.
pub(crate) fn set_transfers(work: &Work<'_>, id: &str, status: &str) -> Result<Value, Fault> {
    let mut account = account(work, id)?;
    account["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"]["status"] =
        json!(status);
    work.write("account", &account)?;
    work.event("account.updated", &as_v1(&account))?;
    Ok(account)
}
