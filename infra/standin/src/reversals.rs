//! Transfers taken back from connected accounts, and what those accounts hold.

use serde_json::{Value, json};

use crate::errors::Fault;
use crate::ids;
use crate::lists::Listing;
use crate::refunds::shown;
use crate::store::Work;
use crate::wire::{amount, metadata, only};

const LISTING: Listing = Listing {
    kind: "transfer_reversal",
    address: "/v1/transfers",
    filters: &[],
};

/// How many reversals a transfer shows of itself.
const SHOWN: usize = 10;

/// Takes back what is asked, or all that is left, as far as the account still holds it.
pub(crate) fn create(work: &Work<'_>, transfer: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &["amount", "description", "metadata[*]"])?;
    let asked = amount(params, "amount", "amount")?;
    let metadata = metadata(params, "metadata")?;
    let mut transfer = work.found("transfer", transfer)?;
    let cents = |field: &str| transfer[field].as_i64().unwrap_or(0);
    let (whole, reversed) = (cents("amount"), cents("amount_reversed"));
    let left = whole - reversed;
    if left == 0 {
        let message = "This transfer has already been fully reversed.";
        return Err(Fault::refused(None, message));
    }
    let amount = asked.unwrap_or(left);
    if amount > left {
        let message = format!(
            "Transfer reversal amount ({}) is greater than unreversed amount on transfer ({})",
            shown(amount),
            shown(left)
        );
        return Err(Fault::refused(None, message).on("amount"));
    }
    if amount > held_by(work, transfer["destination"].as_str().unwrap_or_default())? {
        let message =
            "The connected account does not have a sufficient balance to reverse this transfer.";
        return Err(Fault::refused(Some("balance_insufficient"), message));
    }
    let reversal = json!({
        "id": ids::fresh("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": null,
        "created": work.now,
        "currency": transfer["currency"],
        "destination_payment_refund": null,
        "metadata": metadata,
        "source_refund": null,
        "transfer": transfer["id"],
    });
    transfer["amount_reversed"] = json!(reversed + amount);
    transfer["reversed"] = json!(amount == left);
    if let Some(listed) = transfer["reversals"]["data"].as_array_mut() {
        listed.insert(0, reversal.clone());
        let more = listed.len() > SHOWN;
        listed.truncate(SHOWN);
        if more {
            transfer["reversals"]["has_more"] = json!(true);
        }
    }
    work.write("transfer_reversal", &reversal)?;
    work.write("transfer", &transfer)?;
    work.event("transfer.reversed", &transfer)?;
    Ok(reversal)
}

/// Cents that a connected account received and still has.
fn held_by(work: &Work<'_>, account: &str) -> Result<i64, Fault> {
    let received = work.sum_of(
        "transfer",
        "json_extract(body, '$.amount') - json_extract(body, '$.amount_reversed')",
        "destination",
        account,
    )?;
    let paid_out = work.sum_of(
        "payout",
        "json_extract(body, '$.amount')",
        "_account",
        account,
    )?;
    Ok(received - paid_out)
}

/// The lever: all that a connected account holds goes to its bank.
pub(crate) fn pay_out(work: &Work<'_>, account: &str) -> Result<Value, Fault> {
    work.found("v2.core.account", account)?;
    let payout = json!({
        "id": ids::fresh("po"),
        "object": "payout",
        "_account": account,
        "amount": held_by(work, account)?,
        "created": work.now,
        "currency": "eur",
        "livemode": false,
        "status": "paid",
    });
    work.write("payout", &payout)?;
    Ok(payout)
}

pub(crate) fn read(work: &Work<'_>, transfer: &str, id: &str) -> Result<Value, Fault> {
    let reversal = work.found("transfer_reversal", id)?;
    if reversal["transfer"] == transfer {
        Ok(reversal)
    } else {
        Err(Fault::no_such("transfer_reversal", id))
    }
}

pub(crate) fn list(work: &Work<'_>, transfer: &str, params: &Value) -> Result<Value, Fault> {
    work.found("transfer", transfer)?;
    let of_transfer = (
        "json_extract(body, '$.transfer') = ?".to_owned(),
        transfer.to_owned().into(),
    );
    let mut page = LISTING.page_of(work, params, &[], vec![of_transfer])?;
    page["url"] = json!(format!("/v1/transfers/{transfer}/reversals"));
    Ok(page)
}
