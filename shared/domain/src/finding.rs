//! What the operator's one search box understands, and by which words and numbers things are found.
//!
//! Names are found by the beginnings of their words, accents and capitals apart. A store that only finds by
//! exact keys is asked for a word's *bucket*: its first letters. Numbers are found whole, without their
//! spaces and signs.

use crate::identifiers::{Email, Phone, Siren, Siret, VatNumber};
use crate::typography::folded;

/// How many letters begin a bucket: whoever types fewer letters than the longer one is looked for in the
/// shorter.
const BUCKETS: [usize; 2] = [3, 6];

/// The most words of one thing that are kept, and that are looked for.
pub const MOST_WORDS: usize = 12;

/// The shortest number that is looked for as one.
const SHORTEST_NUMBER: usize = 5;

/// The words of a name: folded, each once, in their order.
pub fn words(text: &str) -> Vec<String> {
    let folded = folded(text);
    let mut words: Vec<String> = Vec::new();
    let parts = folded.split(|sign: char| !sign.is_ascii_alphanumeric());
    for word in parts.filter(|word| !word.is_empty()) {
        if words.len() < MOST_WORDS && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// The buckets in which a word is found: its first letters, of each length that it has; a shorter word is
/// one by itself.
pub fn buckets(word: &str) -> Vec<&str> {
    let mut buckets: Vec<&str> = Vec::new();
    for length in BUCKETS {
        let bucket = word.get(..length).unwrap_or(word);
        if !buckets.contains(&bucket) && (bucket.len() == length || buckets.is_empty()) {
            buckets.push(bucket);
        }
    }
    buckets
}

/// The one bucket to look for words in: that of the longest, which has the fewest others in it.
pub fn bucket_of(words: &[String]) -> Option<&str> {
    let longest = words.iter().max_by_key(|word| word.len())?;
    buckets(longest).last().copied()
}

/// Whether each word asked for begins a word of the name.
pub fn matches(name: &[String], asked: &[String]) -> bool {
    asked
        .iter()
        .all(|asked| name.iter().any(|word| word.starts_with(asked)))
}

/// A number or a reference as it is compared: capitals and digits, without spaces nor signs.
pub fn code(text: &str) -> String {
    let text = deunicode::deunicode(text);
    let signs = text.chars().filter(char::is_ascii_alphanumeric);
    signs.map(|sign| sign.to_ascii_uppercase()).collect()
}

/// One way in which what was typed can be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The reference of a booking.
    Reference(String),
    /// An e-mail.
    Email(Email),
    /// A telephone.
    Phone(Phone),
    /// A SIREN.
    Siren(Siren),
    /// A SIRET.
    Siret(Siret),
    /// A VAT number.
    Vat(VatNumber),
    /// The number of a title, a card or an invoice.
    Number(String),
    /// The words of a name.
    Name(Vec<String>),
}

impl Reading {
    /// The code that what is meant is found by; names are found by buckets.
    pub fn code(&self) -> Option<String> {
        match self {
            Self::Reference(code) | Self::Number(code) => Some(code.clone()),
            Self::Email(email) => Some(email.as_str().to_lowercase()),
            Self::Phone(phone) => Some(code(phone.as_str())),
            Self::Siren(siren) => Some(code(siren.as_str())),
            Self::Siret(siret) => Some(code(siret.as_str())),
            Self::Vat(number) => Some(code(number.as_str())),
            Self::Name(_) => None,
        }
    }

    /// What was understood, for people.
    pub fn said(&self) -> String {
        match self {
            Self::Reference(code) => format!("la réservation {}", reference(code)),
            Self::Email(email) => format!("l’adresse électronique {}", email.as_str()),
            Self::Phone(phone) => format!("le téléphone {}", phone.display()),
            Self::Siren(siren) => format!("le SIREN {}", siren.as_str()),
            Self::Siret(siret) => format!("le SIRET {}", siret.as_str()),
            Self::Vat(number) => format!("le numéro de TVA {}", number.as_str()),
            Self::Number(code) => format!("le numéro de titre, de carte ou de facture {code}"),
            Self::Name(words) => {
                format!("un nom dont les mots commencent par {}", words.join(", "))
            }
        }
    }
}

/// `MAS-2026-7K3F9Q2A` from its code.
fn reference(code: &str) -> String {
    match (code.get(..3), code.get(3..7), code.get(7..)) {
        (Some(mas), Some(year), Some(rest)) => format!("{mas}-{year}-{rest}"),
        _ => code.to_owned(),
    }
}

/// The code of a booking's reference, however it was typed: spaces and dashes of any kind, small letters,
/// and the letters that are read for digits (the identifier's alphabet has no I, L nor O).
fn reference_code(code: &str) -> Option<String> {
    let rest = code.strip_prefix("MAS")?;
    let digits = |text: &str| -> String {
        let read = |sign| match sign {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        text.chars().map(read).collect()
    };
    let rest = digits(rest);
    let year = rest.get(..4)?;
    (rest.len() == 12 && year.bytes().all(|sign| sign.is_ascii_digit()))
        .then(|| format!("MAS{rest}"))
}

/// Every way in which what was typed can be meant, the surest first.
pub fn understood(typed: &str) -> Vec<Reading> {
    let typed = typed.trim();
    let mut readings = Vec::new();
    if let Ok(email) = Email::parse(typed) {
        return vec![Reading::Email(email)];
    }
    let code = code(typed);
    readings.extend(reference_code(&code).map(Reading::Reference));
    readings.extend(VatNumber::parse(typed).ok().map(Reading::Vat));
    readings.extend(Siret::parse(typed).ok().map(Reading::Siret));
    readings.extend(Siren::parse(typed).ok().map(Reading::Siren));
    readings.extend(Phone::parse(typed).ok().map(Reading::Phone));
    let numbered = code.len() >= SHORTEST_NUMBER && code.bytes().any(|sign| sign.is_ascii_digit());
    if readings.is_empty() && numbered {
        readings.push(Reading::Number(code.clone()));
    }
    let words = words(typed);
    let named = typed.chars().any(char::is_alphabetic) || readings.is_empty();
    if named && !words.is_empty() && !matches!(readings.first(), Some(Reading::Reference(_))) {
        readings.push(Reading::Name(words));
    }
    readings
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(typed: &str) -> Vec<String> {
        understood(typed).iter().map(Reading::said).collect()
    }

    #[test]
    fn a_reference_is_understood_however_it_was_typed() {
        for typed in [
            "MAS-2026-7K3F9Q2A",
            "mas 2026 7k3f9q2a",
            "MAS–2026—7K3F9Q2A",
            " mas20267k3f9q2a ",
            "MAS\u{2011}2026\u{a0}7K3F 9Q2A",
        ] {
            assert_eq!(said(typed), ["la réservation MAS-2026-7K3F9Q2A"], "{typed}");
        }
        assert_eq!(
            said("MAS-2O26-O1LI9Q2A"),
            ["la réservation MAS-2026-01119Q2A"]
        );
    }

    #[test]
    fn numbers_are_told_apart() {
        for (typed, first) in [
            ("834 875 593", "le SIREN 834875593"),
            ("FR 73 834875593", "le numéro de TVA FR73834875593"),
            ("06 12 34 56 78", "le téléphone 06 12 34 56 78"),
            (
                "Marie.Curie@exemple.fr",
                "l’adresse électronique marie.curie@exemple.fr",
            ),
            (
                "CAR-075-2029-05-12-20240512345",
                "le numéro de titre, de carte ou de facture CAR07520290512",
            ),
        ] {
            let said = said(typed);
            let begins = said.first().is_some_and(|said| {
                said.replace('\u{a0}', " ")
                    .starts_with(&first.replace('\u{a0}', " "))
            });
            assert!(begins, "{typed}: {said:?}");
        }
    }

    #[test]
    fn a_name_is_found_by_the_beginnings_of_its_words_whatever_the_accents() {
        let name = words("Éric Lefèvre-Dupont");
        assert_eq!(name, ["eric", "lefevre", "dupont"]);
        for (asked, found) in [
            ("lefevre", true),
            ("LEFÈVRE Éric", true),
            ("dup er", true),
            ("fevre", false),
            ("eric martin", false),
        ] {
            assert_eq!(matches(&name, &words(asked)), found, "{asked}");
        }
    }

    #[test]
    fn nothing_typed_is_nothing_understood() {
        assert_eq!(understood("  "), []);
        assert_eq!(understood("--"), []);
    }

    proptest! {
        /// Whatever beginning of a word is typed from three letters on, the bucket that is looked into is one
        /// of those that the word is in.
        #[test]
        fn who_begins_a_word_looks_where_it_is(word in "[a-z0-9]{3,14}", length in 3_usize..14) {
            let typed = word.get(..length.min(word.len())).unwrap_or_default().to_owned();
            let asked = [typed];
            let bucket = bucket_of(&asked).unwrap_or_default();
            prop_assert!(buckets(&word).contains(&bucket), "{bucket} of {asked:?}");
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(typed in "\\PC{0,40}") {
            let _read = understood(&typed);
        }
    }
}
