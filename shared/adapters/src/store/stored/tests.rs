//! `stored/` holds items as releases wrote them, a file for each kind of record and each of its shapes.
//! This release has to read them all, and to write them back without losing anything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::de::{Deserializer, Error as _, Visitor};
use serde_json::json;

use super::*;

/// What to do, for whoever finds one of these tests red.
const HOW: &str = "docs/stored-shapes.md says what to do when a shape changes";

/// The file of one version of one record, and its items.
struct StoredFile {
    record: String,
    version: u32,
    items: Vec<Value>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("stored")
}

fn paths() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths
}

/// Every file, the older versions of a record first.
fn files() -> Vec<StoredFile> {
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (record, version) = name.split_once(".v").unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        StoredFile {
            record: record.to_owned(),
            version: version.parse().unwrap(),
            items: serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")),
        }
    };
    let mut files: Vec<StoredFile> = paths().iter().map(read).collect();
    files.sort_by_key(|file| (file.record.clone(), file.version));
    files
}

fn kind_of(file: &StoredFile) -> &'static Kind {
    let kind = KINDS.iter().find(|kind| kind.file_name() == file.record);
    kind.unwrap_or_else(|| panic!("no kind of record is stored as {}", file.record))
}

fn shape_of(item: &Value) -> u64 {
    item["shape"].as_u64().unwrap_or(1)
}

/// What of `stored` is not in `written`, by its path: a field may have come, none may have gone.
fn lost(stored: &Value, written: &Value, path: &str) -> Vec<String> {
    match (stored, written) {
        (Value::Object(stored), Value::Object(written)) => stored
            .iter()
            .flat_map(|(name, value)| {
                let path = format!("{path}.{name}");
                match written.get(name) {
                    Some(written) => lost(value, written, &path),
                    None => vec![path],
                }
            })
            .collect(),
        (Value::Array(stored), Value::Array(written)) if stored.len() == written.len() => stored
            .iter()
            .zip(written)
            .flat_map(|(stored, written)| lost(stored, written, &format!("{path}[]")))
            .collect(),
        _ if stored == written => Vec::new(),
        _ => vec![path.to_owned()],
    }
}

/// What a release has to find again: the key and what the record says, and under the same name whatever
/// index it still is in. In which it is, and in what order, may change with the rules.
fn kept(stored: &Value, written: &Value) -> Value {
    let mut kept = stored.clone();
    if let Some(attributes) = kept.as_object_mut() {
        attributes.retain(|name, _| match name.as_str() {
            "pk" | "sk" | "body" => true,
            "expires" | "shape" => false,
            index => !index.ends_with("_order") && written.get(index).is_some(),
        });
    }
    kept
}

#[test]
fn what_any_release_stored_is_read_and_written_back_whole() {
    let files = files();
    let mut wrong = Vec::new();
    for file in &files {
        let kind = kind_of(file);
        let name = format!("{}.v{}", file.record, file.version);
        for (position, item) in file.items.iter().enumerate() {
            let mut stored = item.clone();
            stored["version"] = Value::from(1);
            let written = kind.written_again(&stored);
            let written = match written {
                Ok(written) => written,
                Err(error) => {
                    wrong.push(format!("{name}.json, item {position}: {error}"));
                    continue;
                }
            };
            // What had another shape is held to what its first file in today's shape says of it.
            let of_today = |later: &&StoredFile| {
                let first = later.items.first().map(shape_of);
                later.record == file.record && first == Some(u64::from(kind.shape))
            };
            let expected = if shape_of(item) == u64::from(kind.shape) {
                Some(item)
            } else {
                let first = files.iter().find(of_today);
                first.and_then(|later| later.items.get(position))
            };
            let expected = expected.unwrap_or_else(|| {
                panic!(
                    "{name}.json, item {position} has no place in a file of shape {}. {HOW}",
                    kind.shape
                )
            });
            let lost = lost(&kept(expected, &written), &written, "");
            if !lost.is_empty() {
                wrong.push(format!("{name}.json, item {position} loses {lost:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}. {HOW}");
}

#[test]
fn every_record_has_files_from_its_first_shape_to_its_last() {
    let mut versions: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut shapes: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for file in files() {
        assert!(
            !file.items.is_empty(),
            "{}.v{} is empty",
            file.record,
            file.version
        );
        shapes
            .entry(file.record.clone())
            .or_default()
            .extend(file.items.iter().map(shape_of));
        versions.entry(file.record).or_default().push(file.version);
    }
    for kind in KINDS {
        let found = versions.get(&kind.file_name());
        let found = found
            .unwrap_or_else(|| panic!("stored/{}.v1.json is missing. {HOW}", kind.file_name()));
        let expected: Vec<u32> = (1..).take(found.len()).collect();
        assert_eq!(*found, expected, "versions of {}", kind.name);
        let found = &shapes[&kind.file_name()];
        let expected: BTreeSet<u64> = (1..=u64::from(kind.shape)).collect();
        assert_eq!(*found, expected, "shapes of {}. {HOW}", kind.name);
    }
}

/// The fields that a record has, as its derived code asks for them.
pub(super) fn fields_of<R: Record>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    let _nothing_is_read = R::deserialize(Asked(&mut fields));
    fields
}

/// Hears which fields are asked for, and gives none.
struct Asked<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("nothing is read"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[test]
fn every_field_that_is_stored_is_in_a_file() {
    let mut missing = Vec::new();
    for kind in KINDS {
        let of_kind = files()
            .into_iter()
            .filter(|file| file.record == kind.file_name());
        let known: BTreeSet<String> = of_kind
            .flat_map(|file| file.items)
            .flat_map(|item| item["body"].as_object().cloned().unwrap_or_default())
            .map(|(name, _)| name)
            .collect();
        let fields = (kind.fields)();
        assert!(!fields.is_empty(), "no field of {} was heard of", kind.name);
        let unknown = fields.iter().filter(|field| !known.contains(**field));
        missing.extend(unknown.map(|field| format!("{field} of {}", kind.name)));
    }
    assert!(
        missing.is_empty(),
        "in no file of its record: {missing:#?}. Write an item that has it into a new version: {HOW}"
    );
}

#[test]
fn what_was_stored_never_changes() {
    let sums = std::fs::read_to_string(folder().join("SHA256SUMS")).unwrap();
    let listed: BTreeMap<&str, &str> = sums
        .lines()
        .map(|line| line.split_once("  ").unwrap())
        .map(|(sum, name)| (name, sum))
        .collect();
    let mut found = 0;
    for path in paths() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let sum = crate::secrets::sha256(&std::fs::read(&path).unwrap());
        assert_eq!(
            listed.get(name),
            Some(&sum.as_str()),
            "{name} was changed, or is not listed in SHA256SUMS. {HOW}"
        );
        found += 1;
    }
    assert_eq!(found, listed.len(), "a file of SHA256SUMS is gone. {HOW}");
}

/// A record that nobody lists would be pinned by nothing.
#[test]
fn every_record_of_the_sources_is_listed() {
    let listed: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(listed.len(), KINDS.len());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = BTreeSet::new();
    let mut folders = vec![
        root.join("shared"),
        root.join("functions"),
        root.join("infra"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let named = text.lines().filter_map(|line| {
                    let name = line.strip_prefix("impl Record for ")?;
                    Some(name.trim_end_matches(" {").to_owned())
                });
                found.extend(named);
            }
        }
    }
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, listed, "store/stored.rs lists every record");
}

/// A record of which one field was renamed, and one that was given a shape of its own.
mod renamed {
    use super::*;
    use serde::Deserialize;

    #[derive(Serialize, Deserialize)]
    pub(super) struct Renamed {
        hash: String,
        until: Option<Timestamp>,
    }

    impl Record for Renamed {
        const TABLE: Table = Table::Tokens;
        fn key(&self) -> Key {
            Key::token(&self.hash)
        }
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    pub(super) struct Second {
        pub(super) hash: String,
        pub(super) whole_hours: u32,
    }

    impl Record for Second {
        const TABLE: Table = Table::Tokens;
        const SHAPE: u32 = 2;
        fn key(&self) -> Key {
            Key::token(&self.hash)
        }
        fn from_older(_: u32, mut body: Value) -> Value {
            let minutes = body["minutes"].as_u64().unwrap_or_default();
            body["whole_hours"] = Value::from(minutes / 60);
            body
        }
    }
}

#[test]
fn a_renamed_field_is_seen() {
    let stored = json!({
        "pk": "1", "sk": "token", "version": 1,
        "body": { "hash": "1", "expires_at": "2026-12-01T00:00:00Z" },
    });
    let written = written_again::<renamed::Renamed>(item_from(&stored)).unwrap();
    let written = readable(&written);
    let lost = lost(&kept(&stored, &written), &written, "");
    assert_eq!(lost, [".body.expires_at"]);
}

#[test]
fn an_older_shape_is_brought_up_to_date_and_a_later_one_is_refused() {
    let read = |shape: Option<u32>, body: Value| {
        let mut item = json!({ "pk": "1", "sk": "token", "version": 1, "body": body });
        if let Some(shape) = shape {
            item["shape"] = json!(shape);
        }
        read_item::<renamed::Second>(item_from(&item))
    };
    let today = renamed::Second {
        hash: "1".to_owned(),
        whole_hours: 2,
    };
    let first = read(None, json!({ "hash": "1", "minutes": 150 })).unwrap();
    assert_eq!(first.record, today);
    let second = read(Some(2), json!({ "hash": "1", "whole_hours": 2 })).unwrap();
    assert_eq!(second.record, today);
    assert!(matches!(
        read(Some(3), json!({ "hash": "1", "whole_hours": 2 })),
        Err(StoreError::Shape(_))
    ));
    let written = item_of(&today, 7).unwrap();
    assert_eq!(written["shape"], AttributeValue::N("2".to_owned()));
}
