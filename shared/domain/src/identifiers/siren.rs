//! SIREN: the number of an enterprise in the national register.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{compact, is_digits, passes_luhn, travels_as_text};

/// Why a text is not a SIREN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SirenRefused {
    /// Not nine digits.
    #[error("Un numéro SIREN compte 9 chiffres.")]
    Malformed,
    /// The check digit is wrong.
    #[error("Ce numéro SIREN n’existe pas : vérifiez ses chiffres.")]
    Checksum,
}

impl SirenRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "siren_malformed",
            Self::Checksum => "siren_checksum",
        }
    }
}

/// The nine digits of an enterprise, with a valid Luhn check.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Siren(pub(super) String);

travels_as_text!(Siren, SirenRefused);

impl Siren {
    /// Reads a SIREN, spaces allowed.
    pub fn parse(text: &str) -> Result<Self, SirenRefused> {
        let digits = compact(text);
        if !is_digits(&digits, 9) {
            return Err(SirenRefused::Malformed);
        }
        // A number of zeros passes Luhn's check and names nobody.
        if !passes_luhn(&digits) || digits.bytes().all(|byte| byte == b'0') {
            return Err(SirenRefused::Checksum);
        }
        Ok(Self(digits))
    }
}

impl std::fmt::Display for Siren {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_numbers_are_accepted() {
        for known in [
            "834875593",
            "732829320",
            "356000000",
            "910000017",
            "910000025",
            "910000033",
            "910000041",
            "910000058",
        ] {
            assert_eq!(Siren::parse(known).unwrap().as_str(), known);
        }
        assert_eq!(
            Siren::parse(" 834 875\u{a0}593 ").unwrap().as_str(),
            "834875593"
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "83487559", "8348755930", "83487559A", "٨٣٤٨٧٥٥٩٣"] {
            assert_eq!(Siren::parse(text), Err(SirenRefused::Malformed), "{text}");
        }
        for text in ["834875594", "000000000"] {
            assert_eq!(Siren::parse(text), Err(SirenRefused::Checksum), "{text}");
        }
    }

    #[test]
    fn it_travels_as_text_and_is_checked_on_the_way_in() {
        let siren: Siren = serde_json::from_str("\"910 000 017\"").unwrap();
        assert_eq!(serde_json::to_string(&siren).unwrap(), "\"910000017\"");
        assert!(serde_json::from_str::<Siren>("\"910000018\"").is_err());
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(number in 1_u32..100_000_000, rank in 0_usize..9, by in 1_u8..10) {
            let body = format!("{number:08}");
            let siren = (0..10).map(|check| format!("{body}{check}")).find(|text| Siren::parse(text).is_ok()).unwrap();
            let mut bytes = siren.into_bytes();
            bytes[rank] = b'0' + (bytes[rank] - b'0' + by) % 10;
            prop_assert_eq!(Siren::parse(std::str::from_utf8(&bytes).unwrap()), Err(SirenRefused::Checksum));
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,30}") {
            let _ = Siren::parse(&text);
        }
    }
}
