//! Requests as they come: nested forms (`a[b][0][c]=d`), and what may be asked of each parameter.

use serde_json::{Map, Value, json};

use crate::errors::Fault;

/// Deeper than anything Stripe takes.
const DEEPEST: usize = 10;
/// Stripe's limits for metadata.
const METADATA_KEYS: usize = 50;
const METADATA_KEY_LENGTH: usize = 40;
const METADATA_VALUE_LENGTH: usize = 500;

/// Reads a form or a query: every value is text, `a[]` and `a[0]` are arrays. A name given twice
/// keeps its last value, except where names are repeated to make an array (`/v2`).
pub(crate) fn decode(form: &[u8], repeated_makes_array: bool) -> Result<Value, Fault> {
    let mut root = Map::new();
    for (name, value) in url::form_urlencoded::parse(form) {
        let path = segments(&name)?;
        insert(&mut root, &path, &value, repeated_makes_array)
            .ok_or_else(|| Fault::parameter(&name, format!("Invalid hash or array: {name}")))?;
    }
    Ok(Value::Object(
        root.into_iter()
            .map(|(name, value)| arrays(name, value))
            .collect(),
    ))
}

/// `a[b][]` is `a`, `b` and an empty name.
fn segments(name: &str) -> Result<Vec<String>, Fault> {
    let malformed = || Fault::parameter(name, format!("Invalid parameter name: {name}"));
    let (first, mut rest) = match name.find('[') {
        Some(at) => name.split_at(at),
        None => (name, ""),
    };
    if first.is_empty() {
        return Err(malformed());
    }
    let mut path = vec![first.to_owned()];
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[').ok_or_else(malformed)?;
        let (segment, after) = inner.split_once(']').ok_or_else(malformed)?;
        path.push(segment.to_owned());
        rest = after;
    }
    if path.len() > DEEPEST {
        Err(malformed())
    } else {
        Ok(path)
    }
}

fn insert(
    object: &mut Map<String, Value>,
    path: &[String],
    value: &str,
    repeated: bool,
) -> Option<()> {
    let (name, rest) = path.split_first()?;
    match rest {
        [] if repeated && object.contains_key(name) => {
            let first = object.remove(name)?;
            let mut list = if let Value::Array(list) = first {
                list
            } else {
                vec![first]
            };
            list.push(json!(value));
            object.insert(name.clone(), Value::Array(list));
        }
        [] => {
            object.insert(name.clone(), json!(value));
        }
        [last] if last.is_empty() => {
            let list = object.entry(name.clone()).or_insert_with(|| json!([]));
            list.as_array_mut()?.push(json!(value));
        }
        _ => {
            let inner = object.entry(name.clone()).or_insert_with(|| json!({}));
            insert(inner.as_object_mut()?, rest, value, repeated)?;
        }
    }
    Some(())
}

/// Objects whose names are all numbers are arrays, in the order of the numbers.
fn arrays(name: String, value: Value) -> (String, Value) {
    let Value::Object(object) = value else {
        return (name, value);
    };
    let numbered: Option<Vec<u32>> = object.keys().map(|key| key.parse().ok()).collect();
    let inner = object.into_iter().map(|(key, value)| arrays(key, value));
    let value = match numbered {
        Some(numbers) if !numbers.is_empty() && name != "metadata" => {
            let mut items: Vec<_> = numbers.into_iter().zip(inner).collect();
            items.sort_by_key(|(number, _)| *number);
            Value::Array(items.into_iter().map(|(_, (_, value))| value).collect())
        }
        _ => Value::Object(inner.collect()),
    };
    (name, value)
}

/// Refuses parameters that are not in `known`, which is written as `a[b]`, `a[][b]` or `a[*]`.
pub(crate) fn only(params: &Value, known: &[&str]) -> Result<(), Fault> {
    check_known(params, "", "", known)
}

fn check_known(value: &Value, pattern: &str, shown: &str, known: &[&str]) -> Result<(), Fault> {
    let below = |name: &str| {
        if pattern.is_empty() {
            name.to_owned()
        } else {
            format!("{pattern}[{name}]")
        }
    };
    match value {
        Value::Object(fields) if !fields.is_empty() || pattern.is_empty() => {
            if known.contains(&below("*").as_str()) {
                return Ok(());
            }
            fields.iter().try_for_each(|(name, inner)| {
                let shown = if shown.is_empty() {
                    name.clone()
                } else {
                    format!("{shown}[{name}]")
                };
                check_known(inner, &below(name), &shown, known)
            })
        }
        Value::Array(items) => items.iter().enumerate().try_for_each(|(place, inner)| {
            check_known(
                inner,
                &format!("{pattern}[]"),
                &format!("{shown}[{place}]"),
                known,
            )
        }),
        _ if known.contains(&pattern) || pattern == "expand[]" => Ok(()),
        // An empty text or object says "nothing" of something that is known.
        _ if known
            .iter()
            .any(|name| name.starts_with(&format!("{pattern}["))) =>
        {
            Ok(())
        }
        _ => Err(Fault::unknown_parameter(shown)),
    }
}

/// A parameter that is text. Empty text says "nothing".
pub(crate) fn text<'a>(params: &'a Value, name: &str) -> Option<&'a str> {
    params[name].as_str().filter(|text| !text.is_empty())
}

/// A parameter that must be given.
pub(crate) fn required<'a>(params: &'a Value, name: &str) -> Result<&'a str, Fault> {
    text(params, name).ok_or_else(|| Fault::missing(name))
}

/// A whole number, which a form sends as text; `shown` is its name in errors.
pub(crate) fn integer(params: &Value, name: &str, shown: &str) -> Result<Option<i64>, Fault> {
    match &params[name] {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        value => {
            let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
            let invalid = || {
                Fault::invalid(
                    Some("parameter_invalid_integer"),
                    format!("Invalid integer: {value}"),
                )
            };
            number.map(Some).ok_or_else(|| invalid().on(shown))
        }
    }
}

/// An amount in cents, above zero.
pub(crate) fn amount(params: &Value, name: &str, shown: &str) -> Result<Option<i64>, Fault> {
    let number = integer(params, name, shown)?;
    if number.is_some_and(|number| number < 1) {
        let fault = Fault::invalid(
            Some("parameter_invalid_integer"),
            "This value must be greater than or equal to 1.",
        );
        return Err(fault.on(shown));
    }
    Ok(number)
}

/// Euros are all that is served.
pub(crate) fn euros(params: &Value, shown: &str) -> Result<(), Fault> {
    match text(params, "currency") {
        Some(currency) if currency.eq_ignore_ascii_case("eur") => Ok(()),
        Some(other) => Err(Fault::parameter(
            shown,
            format!("Invalid currency: {other}. This stand-in serves eur only."),
        )),
        None => Err(Fault::missing(shown)),
    }
}

/// An address that a browser can be sent to.
pub(crate) fn address<'a>(params: &'a Value, name: &str) -> Result<Option<&'a str>, Fault> {
    let Some(given) = text(params, name) else {
        return Ok(None);
    };
    let readable = url::Url::parse(&given.replace("{CHECKOUT_SESSION_ID}", "cs_test"));
    if readable.is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Ok(Some(given));
    }
    Err(Fault::invalid(Some("url_invalid"), "Not a valid URL").on(name))
}

/// Metadata, within Stripe's limits.
pub(crate) fn metadata(params: &Value, shown: &str) -> Result<Value, Fault> {
    let invalid = |message: String| Err(Fault::parameter(shown, message));
    let Value::Object(entries) = &params["metadata"] else {
        return match &params["metadata"] {
            Value::Null => Ok(json!({})),
            Value::String(empty) if empty.is_empty() => Ok(json!({})),
            _ => invalid("Invalid object".to_owned()),
        };
    };
    if entries.len() > METADATA_KEYS {
        return invalid(format!("You can have up to {METADATA_KEYS} metadata keys."));
    }
    for (key, value) in entries {
        let Some(value) = value.as_str() else {
            return invalid(format!(
                "Metadata values must be strings, but for key `{key}` you passed in something else."
            ));
        };
        if key.chars().count() > METADATA_KEY_LENGTH
            || value.chars().count() > METADATA_VALUE_LENGTH
        {
            return invalid(format!(
                "Metadata keys can have up to {METADATA_KEY_LENGTH} characters and values up to {METADATA_VALUE_LENGTH}: {key}."
            ));
        }
    }
    let kept = entries.iter().filter(|(_, value)| *value != "");
    Ok(Value::Object(
        kept.map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{decode, metadata, only};

    #[test]
    fn forms_are_nested_whether_brackets_are_encoded_or_not() {
        let plain = "line_items[1][quantity]=2&line_items[0][price_data][product_data][name]=Agent+de+s%C3%BBret%C3%A9&expand[]=a&expand[]=b&metadata[0]=x";
        let expected = json!({
            "line_items": [{ "price_data": { "product_data": { "name": "Agent de sûreté" } } }, { "quantity": "2" }],
            "expand": ["a", "b"],
            "metadata": { "0": "x" },
        });
        assert_eq!(decode(plain.as_bytes(), false).unwrap(), expected);
        let encoded = plain.replace('[', "%5B").replace(']', "%5D");
        assert_eq!(decode(encoded.as_bytes(), false).unwrap(), expected);
    }

    #[test]
    fn a_name_that_is_repeated_makes_an_array_only_in_v2() {
        let query = b"include=identity&include=defaults";
        assert_eq!(
            decode(query, true).unwrap(),
            json!({ "include": ["identity", "defaults"] })
        );
        assert_eq!(
            decode(query, false).unwrap(),
            json!({ "include": "defaults" })
        );
    }

    #[test]
    fn forms_that_contradict_themselves_are_refused() {
        for form in ["a=1&a[b]=2", "a[b]=1&a[]=2", "a[b=1", "[a]=1", "a[b]c=1"] {
            assert!(decode(form.as_bytes(), false).is_err(), "{form}");
        }
        assert!(decode(format!("a{}=1", "[b]".repeat(2000)).as_bytes(), false).is_err());
    }

    #[test]
    fn what_is_not_known_is_refused_by_its_name() {
        let known = ["mode", "line_items[][quantity]", "metadata[*]"];
        let params = json!({ "mode": "payment", "line_items": [{ "quantity": "1" }], "metadata": { "a": "b" }, "expand": ["x"] });
        assert!(only(&params, &known).is_ok());
        assert!(only(&json!({ "metadata": "" }), &known).is_ok());
        let fault = only(&json!({ "line_items": [{}, { "price": "p" }] }), &known).unwrap_err();
        assert_eq!(fault.body("")["error"]["param"], "line_items[1][price]");
        assert_eq!(fault.body("")["error"]["code"], "parameter_unknown");
    }

    #[test]
    fn metadata_keeps_to_the_limits() {
        assert_eq!(
            metadata(&json!({ "metadata": { "a": "b", "c": "" } }), "metadata").unwrap(),
            json!({ "a": "b" })
        );
        assert!(metadata(&json!({ "metadata": { "a": "b".repeat(501) } }), "metadata").is_err());
        assert!(metadata(&json!({ "metadata": "text" }), "metadata").is_err());
    }
}
