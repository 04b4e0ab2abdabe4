//! What a running marketplace stores, held to the files of `shared/adapters/stored`, and how a new
//! version of one of them is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use adapters::store::stored::{KINDS, Kind};
use serde_json::{Map, Value, json};

use crate::world::{World, root};

/// Fields that say which of several things something is: each of their values is a shape of its own.
const DISTINGUISHING: [&str; 12] = [
    "state", "status", "card", "kind", "type", "role", "reason", "step", "waiting", "ground",
    "outcome", "purpose",
];

/// How a running marketplace writes one kind of record.
type Marks = BTreeSet<String>;

fn folder() -> PathBuf {
    root().join("shared/adapters/stored")
}

/// An item of DynamoDB's JSON as the files hold it.
fn readable(item: &Map<String, Value>) -> Value {
    let plain = |(name, value): (&String, &Value)| (name.clone(), plain(value));
    Value::Object(item.iter().map(plain).collect())
}

fn plain(typed: &Value) -> Value {
    let Some((kind, value)) = typed.as_object().and_then(|typed| typed.iter().next()) else {
        return Value::Null;
    };
    match (kind.as_str(), value) {
        ("N", Value::String(digits)) => serde_json::from_str(digits).unwrap(),
        ("B", Value::String(bytes)) => json!(format!("base64:{bytes}")),
        ("L", Value::Array(list)) => Value::from_iter(list.iter().map(plain)),
        ("M", Value::Object(map)) => readable(map),
        ("S" | "BOOL", value) => value.clone(),
        (other, value) => panic!("{other} {value} is stored by no record"),
    }
}

/// Where something is in a record, and what distinguishes it: what reading it depends on.
fn marks(value: &Value, path: &str, marks: &mut Marks) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                if let Some(word) = value
                    .as_str()
                    .filter(|_| DISTINGUISHING.contains(&name.as_str()))
                {
                    let is_word = word
                        .chars()
                        .all(|letter| letter.is_ascii_alphabetic() || letter == '_');
                    if is_word {
                        marks.insert(format!("{path} = {word}"));
                    }
                }
                self::marks(value, &path, marks);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| self::marks(item, &format!("{path}[]"), marks)),
        _ => {
            marks.insert(path.to_owned());
        }
    }
}

fn marks_of(item: &Value) -> Marks {
    let mut found = Marks::new();
    marks(&item["body"], "", &mut found);
    found
}

/// What the files of a record hold, and how many there are.
fn pinned(kind: &Kind) -> (usize, Marks) {
    let mut found = Marks::new();
    let versions = (1..).map_while(|version| {
        let path = folder().join(format!("{}.v{version}.json", kind.file_name()));
        std::fs::read_to_string(path).ok()
    });
    let count = versions
        .map(|text| {
            let items: Vec<Value> = serde_json::from_str(&text).unwrap();
            items.iter().for_each(|item| found.extend(marks_of(item)));
        })
        .count();
    (count, found)
}

/// Which record an item is: the one that reads it and writes it back under the same key.
fn kind_of(table: &str, item: &Value) -> &'static Kind {
    let same = |kind: &&Kind| {
        table.ends_with(&format!("-{}", kind.table.name()))
            && kind
                .written_again(item)
                .is_ok_and(|again| again["pk"] == item["pk"] && again["sk"] == item["sk"])
    };
    let kinds: Vec<&Kind> = KINDS.iter().filter(same).collect();
    match kinds.as_slice() {
        [kind] => kind,
        [] => panic!("no record reads what {table} holds: {item}"),
        several => panic!(
            "{:?} read {item}",
            several.iter().map(|kind| kind.name).collect::<Vec<_>>()
        ),
    }
}

/// Holds everything that `world` has stored to the files of stored shapes.
///
/// With `WRITE_STORED` set, items that hold what no file has are written into a new version.
///
/// # Panics
/// When something was stored that no file has.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told what to do by its environment"
)]
pub async fn hold_to_stored_shapes(world: &World) {
    let mut by_kind: BTreeMap<&str, (&Kind, Vec<Value>)> = BTreeMap::new();
    for (table, item) in world.everything_stored().await {
        let mut item = readable(&item);
        // Counters are numbers alone.
        if item.get("body").is_none() {
            continue;
        }
        let kind = kind_of(&table, &item);
        if let Some(attributes) = item.as_object_mut() {
            attributes.remove("version");
        }
        by_kind
            .entry(kind.name)
            .or_insert_with(|| (kind, Vec::new()))
            .1
            .push(item);
    }
    let mut missing = Vec::new();
    for (kind, items) in by_kind.into_values() {
        let (versions, mut known) = pinned(kind);
        let mut chosen = Vec::new();
        loop {
            // The item with most of what no file has, again and again until nothing is left.
            let news = |item: &Value| marks_of(item).difference(&known).count();
            let Some(richest) = items
                .iter()
                .max_by_key(|item| news(item))
                .filter(|item| news(item) > 0)
            else {
                break;
            };
            let found = marks_of(richest);
            let new: Vec<&String> = found.difference(&known).collect();
            missing.push(format!("{}: {new:?}", kind.name));
            known.extend(found);
            chosen.push(richest);
        }
        if !chosen.is_empty() && std::env::var_os("WRITE_STORED").is_some() {
            let name = format!("{}.v{}.json", kind.file_name(), versions + 1);
            let text = serde_json::to_string_pretty(&chosen).unwrap() + "\n";
            std::fs::write(folder().join(&name), &text).unwrap();
            let sums = folder().join("SHA256SUMS");
            let mut listed = std::fs::read_to_string(&sums).unwrap_or_default();
            listed.push_str(&format!(
                "{}  {name}\n",
                adapters::secrets::sha256(text.as_bytes())
            ));
            std::fs::write(sums, listed).unwrap();
            missing.clear();
        }
    }
    assert!(
        missing.is_empty(),
        "stored, and in no file of shared/adapters/stored (docs/stored-shapes.md says what to do):\n{}",
        missing.join("\n")
    );
}
