//! SIRET: the number of one establishment of an enterprise.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Siren, compact, is_digits, passes_luhn, travels_as_text};

/// Why a text is not a SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SiretRefused {
    /// Not fourteen digits.
    #[error("Un numéro SIRET compte 14 chiffres.")]
    Malformed,
    /// A check digit is wrong.
    #[error("Ce numéro SIRET n’existe pas : vérifiez ses chiffres.")]
    Checksum,
}

impl SiretRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "siret_malformed",
            Self::Checksum => "siret_checksum",
        }
    }
}

/// La Poste has more establishments than Luhn's check leaves room for: theirs are valid when their
/// digits add up to a multiple of five.
const LA_POSTE: &str = "356000000";

/// The fourteen digits of an establishment: a SIREN and five digits, with a valid check.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Siret(String);

travels_as_text!(Siret, SiretRefused);

impl Siret {
    /// Reads a SIRET, spaces allowed.
    pub fn parse(text: &str) -> Result<Self, SiretRefused> {
        let digits = compact(text);
        if !is_digits(&digits, 14) {
            return Err(SiretRefused::Malformed);
        }
        let siret = Self(digits);
        Siren::parse(siret.siren_digits()).map_err(|_| SiretRefused::Checksum)?;
        let sum: u32 = siret
            .0
            .bytes()
            .map(|byte| u32::from(byte.wrapping_sub(b'0')))
            .sum();
        let of_la_poste = siret.siren_digits() == LA_POSTE && sum.is_multiple_of(5);
        if passes_luhn(&siret.0) || of_la_poste {
            Ok(siret)
        } else {
            Err(SiretRefused::Checksum)
        }
    }

    /// The SIREN of the enterprise.
    pub fn siren(&self) -> Siren {
        Siren(self.siren_digits().to_owned())
    }

    /// Whether the establishment is one of this enterprise.
    pub fn belongs_to(&self, siren: &Siren) -> bool {
        self.siren_digits() == siren.as_str()
    }

    fn siren_digits(&self) -> &str {
        self.0.get(..9).unwrap_or_default()
    }
}

impl std::fmt::Display for Siret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_are_accepted() {
        for known in [
            "73282932000074",
            "35600000000048",
            "91000001700012",
            "91000001700020",
            "91000002500015",
            "91000003300019",
            "91000004100012",
            "91000005800016",
        ] {
            assert_eq!(Siret::parse(known).unwrap().as_str(), known);
        }
        assert_eq!(
            Siret::parse("732 829 320 00074").unwrap().as_str(),
            "73282932000074"
        );
    }

    #[test]
    fn la_poste_has_its_own_check() {
        assert!(!passes_luhn("35600000049837"));
        assert!(Siret::parse("35600000049837").is_ok());
        assert_eq!(Siret::parse("35600000049838"), Err(SiretRefused::Checksum));
        // The same digits' sum is no excuse for anyone else.
        assert_eq!(Siret::parse("73282932000047"), Err(SiretRefused::Checksum));
    }

    #[test]
    fn other_texts_are_refused() {
        assert_eq!(Siret::parse("732829320"), Err(SiretRefused::Malformed));
        assert_eq!(Siret::parse("7328293200007X"), Err(SiretRefused::Malformed));
        assert_eq!(Siret::parse("73282932000075"), Err(SiretRefused::Checksum));
        // Luhn's check over the fourteen digits does not do for the SIREN.
        let wrong_siren = (0..10)
            .map(|check| format!("7328293210007{check}"))
            .find(|text| passes_luhn(text))
            .unwrap();
        assert_eq!(Siret::parse(&wrong_siren), Err(SiretRefused::Checksum));
    }

    #[test]
    fn an_establishment_belongs_to_its_enterprise() {
        let siret = Siret::parse("91000001700020").unwrap();
        assert!(siret.belongs_to(&Siren::parse("910000017").unwrap()));
        assert!(!siret.belongs_to(&Siren::parse("910000025").unwrap()));
        assert_eq!(siret.siren().as_str(), "910000017");
    }
}
