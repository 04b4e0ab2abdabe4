//! `expand[]=payment_intent.latest_charge`: objects in place of their identifiers.

use serde_json::{Value, json};

use crate::errors::Fault;
use crate::store::Work;
use crate::{accounts, checkout_sessions};

/// Stripe's limit.
const DEEPEST: usize = 4;

/// What stands for an identifier.
const EXPANDABLE: [(&str, &str); 9] = [
    ("checkout.session", "payment_intent"),
    ("checkout.session", "line_items"),
    ("payment_intent", "latest_charge"),
    ("charge", "payment_intent"),
    ("transfer", "destination"),
    ("transfer", "source_transaction"),
    ("refund", "charge"),
    ("refund", "payment_intent"),
    ("transfer_reversal", "transfer"),
];

pub(crate) fn expand(work: &Work<'_>, mut object: Value, params: &Value) -> Result<Value, Fault> {
    for path in params["expand"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        let steps: Vec<&str> = path.split('.').collect();
        if steps.len() > DEEPEST {
            let message =
                format!("You cannot expand more than {DEEPEST} levels of a property: {path}.");
            return Err(Fault::parameter("expand", message));
        }
        walk(work, &mut object, &steps, path)?;
    }
    Ok(object)
}

fn walk(work: &Work<'_>, object: &mut Value, steps: &[&str], path: &str) -> Result<(), Fault> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(());
    };
    if object["object"] == "list" && *step == "data" {
        let items = object["data"].as_array_mut().into_iter().flatten();
        return items
            .into_iter()
            .try_for_each(|item| walk(work, item, rest, path));
    }
    let kind = object["object"].as_str().unwrap_or_default();
    if !EXPANDABLE.contains(&(kind, *step)) {
        let message = format!("This property cannot be expanded ({path}).");
        return Err(Fault::parameter("expand", message));
    }
    if *step == "line_items" {
        let id = object["id"].as_str().unwrap_or_default().to_owned();
        object["line_items"] = checkout_sessions::line_items(work, &id)?;
        return Ok(());
    }
    if let Some(id) = object[*step].as_str()
        && let Some(found) = work.read(id)?
    {
        object[*step] = shown(found);
    }
    if object[*step].is_object() {
        walk(work, &mut object[*step], rest, path)
    } else {
        Ok(())
    }
}

fn shown(object: Value) -> Value {
    match object["object"].as_str() {
        Some("v2.core.account") => accounts::as_v1(&object),
        Some("checkout.session") => checkout_sessions::shown(object),
        _ => object,
    }
}

/// An empty list of a sub-resource.
pub(crate) fn empty_list(address: &str) -> Value {
    json!({ "object": "list", "data": [], "has_more": false, "url": address })
}
