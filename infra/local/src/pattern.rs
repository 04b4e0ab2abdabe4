//! EventBridge event patterns, as rules and stream filters use them.

use serde_json::Value;

/// What an event must look like.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Vec<(String, Node)>);

#[derive(Debug, Clone)]
enum Node {
    Fields(Pattern),
    OneOf(Vec<Test>),
}

#[derive(Debug, Clone)]
enum Test {
    Is(Value),
    Prefix(String),
    Suffix(String),
    EqualsIgnoringCase(String),
    AnythingBut(Vec<Value>),
    NotPrefix(String),
    Exists(bool),
    Numeric(Vec<(Comparison, f64)>),
}

#[derive(Debug, Clone, Copy)]
enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Pattern {
    /// Reads a pattern; an operator that is not served here is an error, or rules would match
    /// differently from AWS.
    pub(crate) fn parse(pattern: &Value) -> Result<Self, String> {
        let fields = pattern
            .as_object()
            .ok_or("un motif est un objet dont les valeurs sont des listes")?;
        fields
            .iter()
            .map(|(name, node)| match node {
                Value::Object(_) => Ok((name.clone(), Node::Fields(Self::parse(node)?))),
                Value::Array(tests) if !name.starts_with('$') => {
                    let tests = tests.iter().map(Test::parse).collect::<Result<_, _>>()?;
                    Ok((name.clone(), Node::OneOf(tests)))
                }
                _ => Err(format!("motif non servi ici : {name}")),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether the event matches.
    pub(crate) fn matches(&self, event: &Value) -> bool {
        self.0.iter().all(|(name, node)| {
            let value = event.get(name);
            match node {
                Node::Fields(fields) => match value {
                    Some(Value::Array(items)) => items.iter().any(|item| fields.matches(item)),
                    Some(value) => fields.matches(value),
                    None => fields.matches(&Value::Null),
                },
                Node::OneOf(tests) => tests.iter().any(|test| test.holds(value)),
            }
        })
    }
}

impl Test {
    fn parse(test: &Value) -> Result<Self, String> {
        let Value::Object(operator) = test else {
            return Ok(Self::Is(test.clone()));
        };
        let unknown = || format!("opérateur non servi ici : {test}");
        let mut operators = operator.iter();
        let (Some((name, argument)), None) = (operators.next(), operators.next()) else {
            return Err(unknown());
        };
        let text = || argument.as_str().map(str::to_owned).ok_or_else(unknown);
        match (name.as_str(), argument) {
            ("prefix", _) => Ok(Self::Prefix(text()?)),
            ("suffix", _) => Ok(Self::Suffix(text()?)),
            ("equals-ignore-case", _) => Ok(Self::EqualsIgnoringCase(text()?.to_lowercase())),
            ("exists", Value::Bool(exists)) => Ok(Self::Exists(*exists)),
            ("anything-but", Value::Array(values)) => Ok(Self::AnythingBut(values.clone())),
            ("anything-but", Value::Object(inner)) => match (inner.len(), inner.get("prefix")) {
                (1, Some(Value::String(prefix))) => Ok(Self::NotPrefix(prefix.clone())),
                _ => Err(unknown()),
            },
            ("anything-but", value) => Ok(Self::AnythingBut(vec![value.clone()])),
            ("numeric", Value::Array(parts)) => parts
                .chunks(2)
                .map(|pair| match pair {
                    [Value::String(comparison), Value::Number(number)] => {
                        let comparison = match comparison.as_str() {
                            "=" => Comparison::Equal,
                            "<" => Comparison::Less,
                            "<=" => Comparison::LessOrEqual,
                            ">" => Comparison::Greater,
                            ">=" => Comparison::GreaterOrEqual,
                            _ => return Err(unknown()),
                        };
                        Ok((comparison, number.as_f64().ok_or_else(unknown)?))
                    }
                    _ => Err(unknown()),
                })
                .collect::<Result<_, _>>()
                .map(Self::Numeric),
            _ => Err(unknown()),
        }
    }

    /// An array in the event matches when one of its elements does.
    fn holds(&self, value: Option<&Value>) -> bool {
        if let Self::Exists(exists) = self {
            return value.is_some_and(|it| !it.is_object()) == *exists;
        }
        match value {
            Some(Value::Array(items)) => items.iter().any(|item| self.holds_for(item)),
            Some(value) => self.holds_for(value),
            None => false,
        }
    }

    fn holds_for(&self, value: &Value) -> bool {
        let text = value.as_str();
        match self {
            Self::Is(expected) => value == expected,
            Self::Prefix(prefix) => text.is_some_and(|it| it.starts_with(prefix)),
            Self::Suffix(suffix) => text.is_some_and(|it| it.ends_with(suffix)),
            Self::EqualsIgnoringCase(expected) => {
                text.is_some_and(|it| it.to_lowercase() == *expected)
            }
            Self::AnythingBut(values) => !values.contains(value),
            Self::NotPrefix(prefix) => text.is_some_and(|it| !it.starts_with(prefix)),
            Self::Exists(exists) => *exists,
            Self::Numeric(comparisons) => value.as_f64().is_some_and(|it| {
                comparisons
                    .iter()
                    .all(|(comparison, bound)| match comparison {
                        Comparison::Equal => (it - bound).abs() < f64::EPSILON,
                        Comparison::Less => it < *bound,
                        Comparison::LessOrEqual => it <= *bound,
                        Comparison::Greater => it > *bound,
                        Comparison::GreaterOrEqual => it >= *bound,
                    })
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_match_as_on_aws() {
        let event = json!({
            "source": "bookings",
            "detail-type": "BookingAccepted",
            "detail": {"total": 150, "tags": ["vip", "nuit"], "place": {"department": "75"}}
        });
        for (pattern, expected) in [
            (json!({"source": ["bookings"]}), true),
            (
                json!({"source": ["payments", "bookings"], "detail-type": ["BookingAccepted"]}),
                true,
            ),
            (json!({"source": ["payments"]}), false),
            (json!({"source": [{"prefix": "book"}]}), true),
            (json!({"detail-type": [{"suffix": "Accepted"}]}), true),
            (json!({"source": [{"anything-but": ["bookings"]}]}), false),
            (json!({"source": [{"anything-but": "payments"}]}), true),
            (
                json!({"source": [{"anything-but": {"prefix": "pay"}}]}),
                true,
            ),
            (
                json!({"detail": {"place": {"department": ["75", "92"]}}}),
                true,
            ),
            (json!({"detail": {"place": {"department": ["13"]}}}), false),
            (json!({"detail": {"tags": ["nuit"]}}), true),
            (
                json!({"detail": {"total": [{"numeric": [">", 100, "<=", 150]}]}}),
                true,
            ),
            (
                json!({"detail": {"total": [{"numeric": ["<", 150]}]}}),
                false,
            ),
            (json!({"detail": {"missing": [{"exists": false}]}}), true),
            (json!({"detail": {"missing": {"deeper": ["x"]}}}), false),
            (json!({"detail": {"total": [{"exists": true}]}}), true),
            (
                json!({"source": [{"equals-ignore-case": "BOOKINGS"}]}),
                true,
            ),
        ] {
            assert_eq!(
                Pattern::parse(&pattern).unwrap().matches(&event),
                expected,
                "{pattern}"
            );
        }
    }

    #[test]
    fn an_operator_that_is_not_served_is_refused() {
        for pattern in [
            json!({"source": "bookings"}),
            json!({"source": [{"cidr": "10.0.0.0/8"}]}),
            json!({"$or": [{"source": ["a"]}]}),
            json!([]),
        ] {
            assert!(Pattern::parse(&pattern).is_err(), "{pattern}");
        }
    }
}
