//! What changed between two versions of something, in a few words: the activity log keeps it, so that
//! what was published and set up can be followed (terms, article 5).

use serde_json::Value;

/// The longest text that is told of one field, in characters.
const LONGEST_FIELD: usize = 120;
/// The longest text that is told of one change.
const LONGEST: usize = 1500;

/// Which fields differ, by their path; with what they said before and say now when `values` is set.
/// `None` when nothing does.
pub(super) fn differences(before: &Value, after: &Value, values: bool) -> Option<String> {
    let mut found = Vec::new();
    compare("", before, after, &mut |path, before, after| {
        found.push(if values {
            format!("{path} : {} → {}", said(before), said(after))
        } else {
            path.to_owned()
        });
    });
    let separator = if values { " ; " } else { ", " };
    let text = found.join(separator);
    (!text.is_empty()).then(|| shortened(&text, LONGEST))
}

fn compare(path: &str, before: &Value, after: &Value, tell: &mut impl FnMut(&str, &Value, &Value)) {
    if before == after {
        return;
    }
    let nothing = serde_json::Map::new();
    let fields = |value: &Value| match value {
        Value::Object(fields) => Some(fields.clone()),
        Value::Null => Some(nothing.clone()),
        _ => None,
    };
    match (fields(before), fields(after)) {
        (Some(old), Some(new)) => {
            let added = new.keys().filter(|name| !old.contains_key(*name));
            for name in old.keys().chain(added) {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                let of = |fields: &serde_json::Map<String, Value>| {
                    fields.get(name).cloned().unwrap_or(Value::Null)
                };
                compare(&path, &of(&old), &of(&new), tell);
            }
        }
        _ => tell(path, before, after),
    }
}

/// A value in a few words.
fn said(value: &Value) -> String {
    let text = match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => format!("« {text} »"),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let words = items.iter().filter_map(Value::as_str);
            format!("[{}]", words.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    };
    shortened(&text, LONGEST_FIELD)
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_told_field_by_field() {
        let before = json!({ "title": "Gardiennage", "rates": { "day": 2600, "night": 2860 }, "modalities": ["Rondes"] });
        let after = json!({ "title": "Gardiennage", "rates": { "day": 2700, "night": 2860 }, "modalities": ["Rondes", "Poste fixe"], "travel": 0 });
        assert_eq!(
            differences(&before, &after, true).as_deref(),
            Some(
                "modalities : [Rondes] → [Rondes, Poste fixe] ; rates.day : 2600 → 2700 ; travel : — → 0"
            )
        );
        assert_eq!(
            differences(&before, &after, false).as_deref(),
            Some("modalities, rates.day, travel")
        );
        assert_eq!(differences(&after, &after, true), None);
    }

    #[test]
    fn a_first_version_differs_from_nothing_and_long_texts_are_cut() {
        let page = json!({ "headline": "é".repeat(400), "published": true });
        let told = differences(&Value::Null, &page, true).unwrap_or_default();
        assert!(told.starts_with("headline : — → « ééé") && told.ends_with("published : — → true"));
        assert!(told.chars().count() < 200, "{told}");
        let many: serde_json::Map<String, Value> = (0..100)
            .map(|n| (format!("field{n}"), json!("x".repeat(100))))
            .collect();
        let told = differences(&Value::Null, &Value::Object(many), true).unwrap_or_default();
        assert_eq!(told.chars().count(), LONGEST);
    }
}
