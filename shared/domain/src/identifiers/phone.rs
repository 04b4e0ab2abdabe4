//! Phone numbers, kept in E.164 and shown the French way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{hides_in_debug, is_digits, travels_as_text};

/// Why a text is not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhoneRefused {
    /// Characters or length that no phone number has.
    #[error(
        "Ce numéro de téléphone n’est pas valide : par exemple 06 12 34 56 78 ou +32 470 12 34 56."
    )]
    Malformed,
}

impl PhoneRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "phone_malformed",
        }
    }
}

/// A phone number in E.164, such as `+33612345678`; `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Phone(String);

travels_as_text!(Phone, PhoneRefused);
hides_in_debug!(Phone);

/// Overseas numbers look national (`0690 …`) and have a country code of their own, and nine digits after
/// it or after the zero, of which the first are one of these.
const OVERSEAS: [(&str, &[&str]); 4] = [
    ("590", &["590", "690", "691"]),
    ("594", &["594", "694"]),
    ("596", &["596", "696", "697"]),
    ("262", &["262", "263", "269", "639", "692", "693"]),
];

impl Phone {
    /// Reads `06 12 34 56 78`, `+33 6 12 34 56 78`, `0033 …` or another country's `+…`.
    pub fn parse(text: &str) -> Result<Self, PhoneRefused> {
        let separator =
            |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '/' | '(' | ')' | '\u{2011}');
        // The zero of `+33 (0)6 …` is dialled within the country alone, whichever it is.
        let text = match text.split_once('(').zip(text.split_once(')')) {
            Some(((before, _), (opened, after)))
                if before.trim_start().starts_with(['+', '0'])
                    && opened.rsplit('(').next().map(str::trim) == Some("0") =>
            {
                format!("{before}{after}")
            }
            Some(_) | None => text.to_owned(),
        };
        let number: String = text.chars().filter(|c| !separator(*c)).collect();
        let e164 =
            if let Some(international) = number.strip_prefix('+').or(number.strip_prefix("00")) {
                of_international(international)
            } else {
                number.strip_prefix('0').and_then(of_national)
            };
        e164.map(Self).ok_or(PhoneRefused::Malformed)
    }

    /// The number as people in France write it: `06 12 34 56 78`, `0690 12 34 56`, `+32470123456`.
    pub fn display(&self) -> String {
        let national = self.0.strip_prefix("+33").or_else(|| {
            OVERSEAS
                .iter()
                .find_map(|(country, _)| self.0.strip_prefix('+')?.strip_prefix(country))
        });
        match national {
            Some(national) => in_pairs(&format!("0{national}")),
            None => self.0.clone(),
        }
    }
}

/// Nine digits after the leading zero.
fn of_national(digits: &str) -> Option<String> {
    if !is_digits(digits, 9) || digits.starts_with('0') {
        return None;
    }
    let country = OVERSEAS
        .iter()
        .find(|(_, prefixes)| prefixes.iter().any(|prefix| digits.starts_with(prefix)))
        .map_or("33", |(country, _)| country);
    Some(format!("+{country}{digits}"))
}

/// What follows the `+`. A French number is checked as one, written with its zero or without.
fn of_international(digits: &str) -> Option<String> {
    let french = ["33"]
        .into_iter()
        .chain(OVERSEAS.map(|(country, _)| country));
    for country in french {
        let Some(national) = digits.strip_prefix(country) else {
            continue;
        };
        let e164 = of_national(national.strip_prefix('0').unwrap_or(national))?;
        // `+262 6 12 …` is the number of nobody: that one is of the mainland.
        let is_its_own = e164.strip_prefix('+')?.starts_with(country) || country == "33";
        return is_its_own.then_some(e164);
    }
    let well_formed = (8..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    well_formed.then(|| format!("+{digits}"))
}

/// Ten digits two by two.
fn in_pairs(digits: &str) -> String {
    let mut grouped = String::with_capacity(14);
    for (rank, digit) in digits.chars().enumerate() {
        if rank > 0 && rank % 2 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_kept_in_one_form() {
        for (text, e164, shown) in [
            ("06 12 34 56 78", "+33612345678", "06 12 34 56 78"),
            ("06.12.34.56.78", "+33612345678", "06 12 34 56 78"),
            ("+33 6 12 34 56 78", "+33612345678", "06 12 34 56 78"),
            ("+33 (0)6 12 34 56 78", "+33612345678", "06 12 34 56 78"),
            ("0033612345678", "+33612345678", "06 12 34 56 78"),
            (
                "01\u{a0}44\u{a0}00\u{a0}00\u{a0}00",
                "+33144000000",
                "01 44 00 00 00",
            ),
            ("0690 12 34 56", "+590690123456", "06 90 12 34 56"),
            ("+590 690 12 34 56", "+590690123456", "06 90 12 34 56"),
            ("0692 12 34 56", "+262692123456", "06 92 12 34 56"),
            ("+32 470 12 34 56", "+32470123456", "+32470123456"),
        ] {
            let phone = Phone::parse(text).unwrap();
            assert_eq!(
                (phone.as_str(), phone.display().as_str()),
                (e164, shown),
                "{text}"
            );
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "+",
            "0",
            "06 12 34 56 7",
            "06 12 34 56 789",
            "00 12",
            "+0123456789",
            "+33 0012345678",
            "+1234567",
            "+1234567890123456",
            "six",
            "+33 6 12 34 56 7a",
            "612345678",
        ] {
            assert_eq!(Phone::parse(text), Err(PhoneRefused::Malformed), "{text}");
        }
    }

    #[test]
    fn it_hides_in_debug() {
        assert_eq!(
            format!("{:?}", Phone::parse("0612345678").unwrap()),
            "Phone(…)"
        );
    }

    proptest! {
        #[test]
        fn what_is_kept_and_what_is_shown_parse_to_the_same(digits in "[1-9][0-9]{8}") {
            let phone = Phone::parse(&format!("0{digits}")).unwrap();
            prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
            prop_assert_eq!(Phone::parse(&phone.display()), Ok(phone));
        }

        #[test]
        fn no_text_breaks_it(text in "[+0]?.{0,20}") {
            let _ = Phone::parse(&text);
        }
    }
}
