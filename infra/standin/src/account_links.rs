//! Links to the pages on which a connected account answers questions: each serves once, for minutes.

use serde_json::{Value, json};

use crate::accounts;
use crate::api::Call;
use crate::errors::Fault;
use crate::ids;
use crate::store::Work;
use crate::wire::{address, only, required, text};

const LIFE_SECONDS: i64 = 5 * 60;

const PARAMS: [&str; 5] = [
    "account",
    "use_case[account_onboarding][configurations][]",
    "use_case[account_onboarding][refresh_url]",
    "use_case[account_onboarding][return_url]",
    "use_case[type]",
];

pub(crate) fn create(work: &Work<'_>, call: &Call<'_>) -> Result<Value, Fault> {
    let params = &call.params;
    only(params, &PARAMS)?;
    let account = required(params, "account")?;
    accounts::read_v2(work, account, &json!({}))?;
    let asked = &params["use_case"];
    if text(asked, "type") != Some("account_onboarding") {
        let message = "This stand-in serves the use case account_onboarding only.";
        return Err(Fault::parameter("use_case.type", message));
    }
    let onboarding = &asked["account_onboarding"];
    let missing = |name: &str| Fault::missing(&format!("use_case.account_onboarding.{name}"));
    address(onboarding, "refresh_url")?.ok_or_else(|| missing("refresh_url"))?;
    address(onboarding, "return_url")?.ok_or_else(|| missing("return_url"))?;
    let id = ids::fresh("acctlink");
    let moment = |second: i64| {
        jiff::Timestamp::from_second(second)
            .map(|moment| format!("{moment:.3}"))
            .unwrap_or_default()
    };
    let kept = json!({
        "id": id,
        "object": "_account_link",
        "account": account,
        "expires": work.now + LIFE_SECONDS,
        "refresh_url": onboarding["refresh_url"],
        "return_url": onboarding["return_url"],
        "used": false,
    });
    work.write("account_link", &kept)?;
    Ok(json!({
        "object": "v2.core.account_link",
        "account": account,
        "created": moment(work.now),
        "expires_at": moment(work.now + LIFE_SECONDS),
        "livemode": false,
        "url": format!("{}/local/stripe/onboarding/{id}", call.public_url),
        "use_case": asked,
    }))
}

/// A link that is opened: the account and where to go afterwards, or where to ask for a new link.
pub(crate) fn opened(work: &Work<'_>, id: &str) -> Result<Result<(Value, String), String>, Fault> {
    let link = work
        .read(id)?
        .filter(|found| found["object"] == "_account_link")
        .ok_or_else(|| Fault::no_such("account_link", id))?;
    let url = |name: &str| link[name].as_str().unwrap_or("/").to_owned();
    let over = link["used"] == true || link["expires"].as_i64().unwrap_or(0) <= work.now;
    if over {
        return Ok(Err(url("refresh_url")));
    }
    let account = link["account"].as_str().unwrap_or_default();
    let account = work.read(account)?.unwrap_or_default();
    Ok(Ok((account, url("return_url"))))
}

/// Every question is answered: the account may receive transfers.
pub(crate) fn answered(work: &Work<'_>, id: &str) -> Result<String, Fault> {
    match opened(work, id)? {
        Err(again) => Ok(again),
        Ok((account, back)) => {
            let account = account["id"].as_str().unwrap_or_default();
            accounts::set_transfers(work, account, accounts::ACTIVE)?;
            let mut link = work.read(id)?.unwrap_or_default();
            link["used"] = json!(true);
            work.write("account_link", &link)?;
            Ok(back)
        }
    }
}
