//! What Lambda gave up, wherever it is by now: a message of the queue, or a record of what the
//! marketplace gives again. Read for `/local/dead-letters`, whatever the product does about it.

use serde::Serialize;
use serde_json::Value;

use crate::tables::Item;
use crate::world::{LeverError, World};

/// The variable with which the names of the product's tables begin.
const PREFIX: &str = "TABLE_PREFIX";
/// The sort key of such a record.
const RECORD: &str = "undelivered";

/// A call that no try of Lambda's made succeed.
#[derive(Debug, Serialize)]
pub(crate) struct Letter {
    pub(crate) id: String,
    pub(crate) function: String,
    pub(crate) what: String,
    pub(crate) parked_at: String,
    pub(crate) error: String,
    pub(crate) tries: u32,
    /// When it is given again by itself; nothing while it waits in the queue, or for the operator.
    pub(crate) next_try: Option<String>,
    pub(crate) payload: Value,
}

/// Everything that was given up and not taken since, in the queue first.
pub(crate) async fn all(world: &World) -> Result<Vec<Letter>, LeverError> {
    let parked = world.deliveries.dead_letters()?.into_iter();
    let mut letters: Vec<Letter> = parked
        .map(|parked| Letter {
            id: parked.id.to_string(),
            function: parked.function,
            what: parked.what,
            parked_at: parked.parked_at,
            error: parked.error,
            tries: parked.tries,
            next_try: None,
            payload: parked.payload,
        })
        .collect();
    letters.extend(records(world).await?.iter().map(letter));
    Ok(letters)
}

/// Gives everything once more, now: the queue's messages from their first try on, and each record to its
/// function.
pub(crate) async fn try_again(world: &World) -> Result<(), LeverError> {
    world.deliveries.try_again()?;
    let Some(table) = table(world) else {
        return Ok(());
    };
    for record in records(world).await? {
        let letter = letter(&record);
        let taken = world.lambdas.call(&letter.function, letter.payload).await;
        if taken.is_ok() {
            let names = ["pk", "sk"].into_iter();
            let key = names.filter_map(|name| Some((name.to_owned(), record.get(name)?.clone())));
            let keys = vec![key.collect()];
            world.tables.delete(table.clone(), keys).await?;
        }
    }
    Ok(())
}

/// The table of these records, where the product has one.
fn table(world: &World) -> Option<String> {
    let prefix = world.surroundings.environment.get(PREFIX)?;
    Some(format!("{prefix}requests"))
}

async fn records(world: &World) -> Result<Vec<Item>, LeverError> {
    let Some(table) = table(world) else {
        return Ok(Vec::new());
    };
    let mut items = world.tables.all(table).await?;
    items.retain(|item| item.get("sk").is_some_and(|sk| sk["S"] == RECORD));
    Ok(items)
}

fn letter(item: &Item) -> Letter {
    let body = item.get("body").map_or(&Value::Null, |body| &body["M"]);
    let text = |name: &str| body[name]["S"].as_str().unwrap_or_default().to_owned();
    let payload = text("payload");
    Letter {
        id: text("id"),
        function: text("function"),
        what: text("what"),
        parked_at: text("since"),
        error: text("error"),
        tries: body["tries"]["N"]
            .as_str()
            .and_then(|tries| tries.parse().ok())
            .unwrap_or_default(),
        next_try: body["next_at"]["S"].as_str().map(str::to_owned),
        payload: serde_json::from_str(&payload).unwrap_or(Value::String(payload)),
    }
}
