//! Transfers of captured money to connected accounts.

use serde_json::{Value, json};

use crate::errors::Fault;
use crate::expand::empty_list;
use crate::lists::Listing;
use crate::store::Work;
use crate::wire::{amount, euros, metadata, only, required, text};
use crate::{accounts, balance, charges, ids};

const LISTING: Listing = Listing {
    kind: "transfer",
    address: "/v1/transfers",
    filters: &["transfer_group", "destination"],
};

const PARAMS: [&str; 8] = [
    "amount",
    "currency",
    "destination",
    "description",
    "metadata[*]",
    "source_transaction",
    "source_type",
    "transfer_group",
];

pub(crate) fn create(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    only(params, &PARAMS)?;
    let amount = amount(params, "amount", "amount")?.ok_or_else(|| Fault::missing("amount"))?;
    euros(params, "currency")?;
    let destination = required(params, "destination")?;
    let metadata = metadata(params, "metadata")?;
    check_destination(work, destination)?;
    let source = text(params, "source_transaction")
        .map(|source| check_source(work, source, amount))
        .transpose()?;
    if source.is_none() && amount > balance::held(work)? {
        return Err(insufficient(
            "You have insufficient funds in your Stripe account for this transfer.",
        ));
    }
    // A transfer belongs to the group of the charge that it comes from.
    let group =
        text(params, "transfer_group").or_else(|| source.as_ref()?["transfer_group"].as_str());
    let id = ids::fresh("tr");
    let transfer = json!({
        "id": id,
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "balance_transaction": null,
        "created": work.now,
        "currency": "eur",
        "description": text(params, "description"),
        "destination": destination,
        "livemode": false,
        "metadata": metadata,
        "reversals": empty_list(&format!("/v1/transfers/{id}/reversals")),
        "reversed": false,
        "source_transaction": text(params, "source_transaction"),
        "source_type": "card",
        "transfer_group": group,
    });
    work.write("transfer", &transfer)?;
    work.event("transfer.created", &transfer)?;
    Ok(transfer)
}

fn insufficient(message: impl Into<String>) -> Fault {
    Fault::refused(Some("balance_insufficient"), message)
}

fn check_destination(work: &Work<'_>, id: &str) -> Result<(), Fault> {
    let account = work
        .read(id)?
        .filter(|found| found["object"] == "v2.core.account");
    let account = account.ok_or_else(|| Fault::no_such_in("destination", "destination", id))?;
    if accounts::receives_transfers(&account) {
        return Ok(());
    }
    let message = "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments";
    Err(Fault::refused(
        Some("insufficient_capabilities_for_transfer"),
        message,
    ))
}

/// Money can leave a charge only once captured, and never more than was captured.
fn check_source(work: &Work<'_>, id: &str, amount: i64) -> Result<Value, Fault> {
    let charge = work.read(id)?.filter(|found| found["object"] == "charge");
    let charge = charge.ok_or_else(|| Fault::no_such_in("source_transaction", "charge", id))?;
    if charge["captured"] != true {
        let message = "You cannot use an uncaptured charge as the source of a transfer.";
        return Err(Fault::refused(None, message).on("source_transaction"));
    }
    let left = charges::transferable(work, &charge)?;
    if amount > left {
        let message = format!(
            "Transfers using this transaction as a source must not exceed the source amount. {left} cents are left, {amount} were asked for."
        );
        return Err(insufficient(message).on("amount"));
    }
    Ok(charge)
}

/// Takes a part of a transfer back, as far as the account still has it.
pub(crate) fn reverse(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &["amount", "description", "metadata[*]"])?;
    let asked = amount(params, "amount", "amount")?;
    let metadata = metadata(params, "metadata")?;
    let mut transfer = work.found("transfer", id)?;
    let cents = |field: &str| transfer[field].as_i64().unwrap_or(0);
    let (whole, reversed) = (cents("amount"), cents("amount_reversed"));
    let left = whole - reversed;
    let amount = asked.unwrap_or(left);
    if left == 0 {
        return Err(Fault::refused(
            None,
            format!("Transfer {id} is already fully reversed."),
        ));
    }
    if amount > left {
        let message = format!(
            "Reversal amount ({amount}) is greater than unreversed amount on transfer ({left})"
        );
        return Err(Fault::refused(None, message).on("amount"));
    }
    let destination = transfer["destination"].as_str().unwrap_or_default();
    if amount > accounts::balance(work, destination)? {
        return Err(insufficient(
            "Insufficient funds in the connected account to reverse this transfer.",
        ));
    }
    let reversal = json!({
        "id": ids::fresh("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": null,
        "created": work.now,
        "currency": "eur",
        "destination_payment_refund": null,
        "metadata": metadata,
        "source_refund": null,
        "transfer": id,
    });
    transfer["amount_reversed"] = json!(reversed + amount);
    transfer["reversed"] = json!(amount == left);
    work.write("transfer", &transfer)?;
    work.write("transfer_reversal", &reversal)?;
    work.event("transfer.reversed", &transfer)?;
    Ok(reversal)
}

/// The reversals of a transfer.
pub(crate) fn reversals(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    work.found("transfer", id)?;
    let listing = Listing {
        kind: "transfer_reversal",
        address: "/v1/transfers/reversals",
        filters: &[],
    };
    let of_transfer = (
        "json_extract(body, '$.transfer') = ?".to_owned(),
        id.to_owned().into(),
    );
    listing.page_of(work, params, &[], vec![of_transfer])
}

pub(crate) fn read(work: &Work<'_>, id: &str, params: &Value) -> Result<Value, Fault> {
    only(params, &[])?;
    work.found("transfer", id)
}

pub(crate) fn list(work: &Work<'_>, params: &Value) -> Result<Value, Fault> {
    LISTING.page(work, params)
}
