//! French intra-community VAT numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Siren, compact, digits_modulo, is_digits, travels_as_text};

/// Why a text is not a French VAT number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VatNumberRefused {
    /// Not `FR`, two characters and nine digits.
    #[error(
        "Un numéro de TVA français s’écrit FR, deux caractères de clé, puis les 9 chiffres du SIREN."
    )]
    Malformed,
    /// The key or the SIREN is wrong.
    #[error("Ce numéro de TVA n’existe pas : vérifiez sa clé et le SIREN.")]
    Checksum,
}

impl VatNumberRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "vat_number_malformed",
            Self::Checksum => "vat_number_checksum",
        }
    }
}

/// `FR`, a key of two characters and a SIREN (CGI, annex II, article 286 ter A).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct VatNumber(String);

travels_as_text!(VatNumber, VatNumberRefused);

/// The characters of a key, in the order that gives each its value: I and O are not used.
const KEY_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

impl VatNumber {
    /// Reads a VAT number, spaces allowed; its key is checked whether it is of digits or of letters.
    pub fn parse(text: &str) -> Result<Self, VatNumberRefused> {
        let number = compact(text);
        let (key, siren) = split(&number).ok_or(VatNumberRefused::Malformed)?;
        let value = |rank: usize| {
            let character = key.chars().nth(rank)?;
            KEY_ALPHABET.chars().position(|known| known == character)
        };
        let (Some(first), Some(second)) = (value(0), value(1)) else {
            return Err(VatNumberRefused::Malformed);
        };
        // Monaco's numbers carry 000… in place of a SIREN; a number of zeros names nobody.
        if siren == "000000000" || !siren.starts_with("000") && Siren::parse(siren).is_err() {
            return Err(VatNumberRefused::Checksum);
        }
        let key_fits = if first < 10 && second < 10 {
            key == numeric_key(siren)
        } else {
            alphanumeric_key_fits(first, second, siren)
        };
        if key_fits {
            Ok(Self(number))
        } else {
            Err(VatNumberRefused::Checksum)
        }
    }

    /// The number with a key of digits that the tax authority gives to a SIREN.
    pub fn of(siren: &Siren) -> Self {
        Self(format!(
            "FR{}{}",
            numeric_key(siren.as_str()),
            siren.as_str()
        ))
    }

    /// Whether the number is that of this enterprise.
    pub fn matches(&self, siren: &Siren) -> bool {
        split(&self.0).is_some_and(|(_, own)| own == siren.as_str())
    }
}

/// The key and the nine digits.
fn split(number: &str) -> Option<(&str, &str)> {
    let (key, siren) = number.strip_prefix("FR")?.split_at_checked(2)?;
    is_digits(siren, 9).then_some((key, siren))
}

/// (12 + 3 × (SIREN mod 97)) mod 97, on two digits.
fn numeric_key(siren: &str) -> String {
    format!("{:02}", (12 + 3 * digits_modulo(siren, 97)) % 97)
}

/// The check of keys that hold a letter, in use when digits have run out.
fn alphanumeric_key_fits(first: usize, second: usize, siren: &str) -> bool {
    let (factor, offset) = if first < 10 { (24, 10) } else { (34, 100) };
    let Some(check) = (first * factor + second).checked_sub(offset) else {
        return false;
    };
    let siren = digits_modulo(siren, 11) as usize;
    (siren + 1 + check / 11) % 11 == check % 11
}

impl std::fmt::Display for VatNumber {
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
        for (siren, number) in [
            ("834875593", "FR73834875593"),
            ("732829320", "FR44732829320"),
            ("910000017", "FR53910000017"),
            ("910000025", "FR77910000025"),
            ("910000033", "FR04910000033"),
            ("910000041", "FR28910000041"),
            ("910000058", "FR79910000058"),
        ] {
            let siren = Siren::parse(siren).unwrap();
            assert_eq!(VatNumber::of(&siren).as_str(), number);
            assert!(VatNumber::parse(number).unwrap().matches(&siren));
        }
        assert_eq!(
            VatNumber::parse("fr 40 303 265 045").unwrap().as_str(),
            "FR40303265045"
        );
        assert_eq!(
            VatNumber::parse("FR23334175221").unwrap().as_str(),
            "FR23334175221"
        );
    }

    #[test]
    fn keys_with_letters_are_checked_too() {
        assert!(VatNumber::parse("FRK7399859412").is_ok());
        assert!(VatNumber::parse("FR4Z123456782").is_ok());
        assert_eq!(
            VatNumber::parse("FR5Z123456782"),
            Err(VatNumberRefused::Checksum)
        );
        assert_eq!(
            VatNumber::parse("FRI7399859412"),
            Err(VatNumberRefused::Malformed)
        );
        assert_eq!(
            VatNumber::parse("FRO7399859412"),
            Err(VatNumberRefused::Malformed)
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "FR",
            "73834875593",
            "FR7383487559",
            "DE123456789",
            "FRéé834875593",
            "FR738348755931",
        ] {
            assert_eq!(
                VatNumber::parse(text),
                Err(VatNumberRefused::Malformed),
                "{text}"
            );
        }
        assert_eq!(
            VatNumber::parse("FR74834875593"),
            Err(VatNumberRefused::Checksum)
        );
        assert_eq!(
            VatNumber::parse("FR84323140391"),
            Err(VatNumberRefused::Checksum)
        );
    }

    #[test]
    fn a_number_is_not_that_of_another_enterprise() {
        let number = VatNumber::parse("FR53910000017").unwrap();
        assert!(!number.matches(&Siren::parse("910000025").unwrap()));
    }

    proptest! {
        #[test]
        fn of_every_siren_there_is_a_number_that_parses(body in 1_000_000_u32..100_000_000) {
            let siren = (0..10).find_map(|check| Siren::parse(&format!("{body:08}{check}")).ok()).unwrap();
            let number = VatNumber::of(&siren);
            prop_assert_eq!(VatNumber::parse(number.as_str()), Ok(number.clone()));
            prop_assert!(number.matches(&siren));
        }

        #[test]
        fn no_text_breaks_it(text in "(FR)?.{0,12}") {
            let _ = VatNumber::parse(&text);
        }
    }
}
