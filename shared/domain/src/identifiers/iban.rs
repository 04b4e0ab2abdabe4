//! IBANs of the single euro payments area, with the French bank's own key.

use ::iban::IbanLike;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{compact, digits_modulo, hides_in_debug, travels_as_text};

/// Why a text is not an IBAN that can be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IbanRefused {
    /// The length or the characters are not those of the country.
    #[error("Cet IBAN n’a pas la forme attendue pour son pays (27 caractères pour la France).")]
    Malformed,
    /// The check digits are wrong.
    #[error("Cet IBAN n’existe pas : vérifiez ses chiffres.")]
    Checksum,
    /// The French key is wrong.
    #[error("La clé RIB de cet IBAN est fausse : vérifiez ses chiffres.")]
    RibKey,
    /// The country is outside the single euro payments area.
    #[error(
        "Cet IBAN est d’un pays hors de la zone SEPA : il ne peut pas recevoir de virement en euros."
    )]
    OutsideSepa,
}

impl IbanRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "iban_malformed",
            Self::Checksum => "iban_checksum",
            Self::RibKey => "iban_rib_key",
            Self::OutsideSepa => "iban_outside_sepa",
        }
    }
}

/// Countries of the single euro payments area; French overseas accounts begin with FR.
const SEPA: [&str; 42] = [
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI",
    "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL",
    "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA",
];

/// An account that a professional is paid on; `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Iban(String);

travels_as_text!(Iban, IbanRefused);
hides_in_debug!(Iban);

impl Iban {
    /// Reads an IBAN, spaces and the word itself before it allowed: ISO 13616 check digits, the country's length and characters,
    /// and the RIB key of French and Monegasque accounts.
    pub fn parse(text: &str) -> Result<Self, IbanRefused> {
        let typed = compact(text);
        let number = typed.strip_prefix("IBAN").unwrap_or(&typed);
        let number = number.trim_start_matches(':').to_owned();
        // The check digits of a shortened number are wrong too, and say less than its length.
        if matches!(number.get(..2), Some("FR" | "MC")) && number.len() != 27 {
            return Err(IbanRefused::Malformed);
        }
        let iban: ::iban::Iban = number.parse().map_err(|refused| match refused {
            ::iban::ParseIbanError::InvalidBaseIban {
                source: ::iban::ParseBaseIbanError::InvalidChecksum,
            } => IbanRefused::Checksum,
            _ => IbanRefused::Malformed,
        })?;
        if !SEPA.contains(&iban.country_code()) {
            return Err(IbanRefused::OutsideSepa);
        }
        if matches!(iban.country_code(), "FR" | "MC") && !rib_key_fits(iban.bban()) {
            return Err(IbanRefused::RibKey);
        }
        Ok(Self(number))
    }

    /// The two letters of the country.
    pub fn country(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }

    /// The last four characters.
    pub fn end(&self) -> &str {
        let last = self.0.len().saturating_sub(4);
        self.0.get(last..).unwrap_or_default()
    }

    /// What may be shown of it, such as `FR76 •••• 0189`.
    pub fn masked(&self) -> String {
        let first = self.0.get(..4).unwrap_or_default();
        format!("{first} •••• {}", self.end())
    }
}

/// 89 × bank + 15 × branch + 3 × account + key is a multiple of 97, letters being worth 1 to 9.
fn rib_key_fits(bban: &str) -> bool {
    let digits: String = bban.chars().map(rib_digit).collect();
    let part = |from: usize, to: usize| digits_modulo(digits.get(from..to).unwrap_or_default(), 97);
    (89 * part(0, 5) + 15 * part(5, 10) + 3 * part(10, 21) + part(21, 23)) % 97 == 0
}

/// The digit that a character of a French account stands for.
fn rib_digit(character: char) -> char {
    match character {
        'A' | 'J' => '1',
        'B' | 'K' | 'S' => '2',
        'C' | 'L' | 'T' => '3',
        'D' | 'M' | 'U' => '4',
        'E' | 'N' | 'V' => '5',
        'F' | 'O' | 'W' => '6',
        'G' | 'P' | 'X' => '7',
        'H' | 'Q' | 'Y' => '8',
        'I' | 'R' | 'Z' => '9',
        digit => digit,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_numbers_are_accepted() {
        let iban = Iban::parse("FR14 2004 1010 0505 0001 3M02 606").unwrap();
        assert_eq!(iban.as_str(), "FR1420041010050500013M02606");
        let iban = Iban::parse("fr76 3000 6000 0112 3456 7890 189").unwrap();
        assert_eq!(
            (iban.country(), iban.masked().as_str()),
            ("FR", "FR76 •••• 0189")
        );
        for foreign in [
            "DE44 5001 0517 5407 3249 31",
            "BE68539007547034",
            "IT60X0542811101000000123456",
        ] {
            assert!(Iban::parse(foreign).is_ok(), "{foreign}");
        }
    }

    #[test]
    fn wrong_numbers_are_refused() {
        for (text, refused) in [
            ("FR76 3000 6000 0112 3456 7890 188", IbanRefused::Checksum),
            ("FR76 3000 6000 0112 3456 7890 18", IbanRefused::Malformed),
            ("", IbanRefused::Malformed),
            ("bonjour", IbanRefused::Malformed),
            // Turkey: a valid IBAN that no euro transfer reaches.
            ("TR330006100519786457841326", IbanRefused::OutsideSepa),
        ] {
            assert_eq!(Iban::parse(text), Err(refused), "{text}");
        }
    }

    #[test]
    fn a_wrong_rib_key_is_noticed_under_right_check_digits() {
        let bban = "30006000011234567890188";
        let with_check = |check: u32| format!("FR{check:02}{bban}");
        let found: Vec<_> = (2..=98)
            .map(|check| Iban::parse(&with_check(check)))
            .collect();
        assert!(found.contains(&Err(IbanRefused::RibKey)));
        assert!(found.iter().all(Result::is_err));
    }

    #[test]
    fn it_hides_in_debug_and_travels_as_text() {
        let iban: Iban = serde_json::from_str("\"FR76 3000 6000 0112 3456 7890 189\"").unwrap();
        assert_eq!(format!("{iban:?}"), "Iban(…)");
        assert_eq!(
            serde_json::to_string(&iban).unwrap(),
            "\"FR7630006000011234567890189\""
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "(FR[0-9]{2})?.{0,30}") {
            let _ = Iban::parse(&text);
        }
    }
}
