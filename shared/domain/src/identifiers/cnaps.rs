//! Titles delivered by the CNAPS: authorisations, managers' approvals, professional cards.
//!
//! No official grammar of their numbers is published, so that one of an unknown form is a warning to
//! the operator, never a refusal.

use std::fmt;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::is_digits;
use crate::places::Department;

/// Which title (CSI, articles L612-6, L612-9 and L612-20).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CnapsKind {
    /// Authorisation to exercise, of one establishment.
    Aut,
    /// Approval of a manager.
    Agd,
    /// Professional card of an agent.
    Car,
}

impl CnapsKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Aut, Self::Agd, Self::Car];

    /// The three letters that numbers begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Aut => "AUT",
            Self::Agd => "AGD",
            Self::Car => "CAR",
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Aut => "autorisation d’exercice",
            Self::Agd => "agrément dirigeant",
            Self::Car => "carte professionnelle",
        }
    }
}

/// Why a text cannot be the number of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CnapsRefused {
    /// Shorter than 5 or longer than 40 characters.
    #[error("Un numéro de titre CNAPS compte de 5 à 40 caractères.")]
    Length,
    /// Something else than letters, digits, hyphens, slashes and dots.
    #[error("Un numéro de titre CNAPS ne contient que des lettres, des chiffres et des tirets.")]
    Characters,
    /// Not of the form that is usually seen.
    #[error("Ce numéro n’a pas la forme habituelle, par exemple CAR-092-2030-06-19-20250183149.")]
    FormatUnknown,
}

impl CnapsRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Length => "cnaps_number_length",
            Self::Characters => "cnaps_number_characters",
            Self::FormatUnknown => "cnaps_number_format_unknown",
        }
    }
}

/// What the usual form of a number says: `CAR-092-2030-06-19-20250183149` is a card of the
/// Hauts-de-Seine that expires on 19 June 2030, the 183 149th of 2025.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct CnapsTitle {
    /// Which title.
    pub kind: CnapsKind,
    /// Where it was delivered.
    pub department: Department,
    /// Its last day.
    pub expires_on: Date,
    /// The year of its request.
    pub issued_year: i16,
    /// Seven digits that name the person or the company in that year.
    pub sequence: String,
}

impl CnapsTitle {
    /// Reads a number of the usual form, whatever its case, spaces and hyphens.
    pub fn parse(text: &str) -> Result<Self, CnapsRefused> {
        Self::of_compact(&normalise(text).replace('-', "")).ok_or(CnapsRefused::FormatUnknown)
    }

    /// Type, department on two or three characters, expiry on eight digits, year on four, sequence on
    /// seven: the places are known from both ends once hyphens are gone.
    fn of_compact(text: &str) -> Option<Self> {
        let (prefix, rest) = text.split_at_checked(3)?;
        let kind = CnapsKind::ALL
            .into_iter()
            .find(|kind| kind.prefix() == prefix)?;
        let (place, digits) = rest.split_at_checked(rest.len().checked_sub(19)?)?;
        if !is_digits(digits, 19) || !(2..=3).contains(&place.len()) {
            return None;
        }
        let department = match place.strip_prefix('0') {
            Some(short) if place.len() == 3 => Department::parse(short),
            Some(_) | None => Department::parse(place),
        };
        let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
        let month = i8::try_from(number(4, 6)?).ok()?;
        let day = i8::try_from(number(6, 8)?).ok()?;
        Some(Self {
            kind,
            department: department.ok()?,
            expires_on: Date::new(number(0, 4)?, month, day).ok()?,
            issued_year: number(8, 12)?,
            sequence: digits.get(12..)?.to_owned(),
        })
    }
}

impl fmt::Display for CnapsTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            department,
            expires_on,
            issued_year,
            sequence,
        } = self;
        write!(
            f,
            "{}-{:0>3}-{expires_on}-{issued_year:04}{sequence}",
            kind.prefix(),
            department.code()
        )
    }
}

impl TryFrom<String> for CnapsTitle {
    type Error = CnapsRefused;
    fn try_from(text: String) -> Result<Self, CnapsRefused> {
        Self::parse(&text)
    }
}

impl From<CnapsTitle> for String {
    fn from(title: CnapsTitle) -> Self {
        title.to_string()
    }
}

/// Something about a number that the operator should look at twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CnapsWarning {
    /// The form is not one that is usually seen.
    #[error("Le numéro n’a pas la forme habituelle des titres CNAPS.")]
    FormatUnknown,
    /// The number is of another kind of title.
    #[error("Le numéro est celui d’un autre titre ({}) que celui attendu ({}).", found.label(), expected.label())]
    KindDiffers {
        /// What the number says.
        found: CnapsKind,
        /// What the document should be.
        expected: CnapsKind,
    },
    /// The number says another last day than the one typed.
    #[error("Le numéro indique une fin de validité au {} et non au {}.", in_number.strftime("%d/%m/%Y"), typed.strftime("%d/%m/%Y"))]
    ExpiryDiffers {
        /// What the number says.
        in_number: Date,
        /// What was typed.
        typed: Date,
    },
}

impl CnapsWarning {
    /// The stable code of the warning.
    pub fn code(self) -> &'static str {
        match self {
            Self::FormatUnknown => "cnaps_format_unknown",
            Self::KindDiffers { .. } => "cnaps_kind_differs",
            Self::ExpiryDiffers { .. } => "cnaps_expiry_differs",
        }
    }
}

/// The number of a title as its holder typed it, in capitals and without spaces, and what it says
/// when it is of the usual form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct CnapsNumber {
    text: String,
    parsed: Option<CnapsTitle>,
}

impl CnapsNumber {
    /// Reads a number of 5 to 40 characters; the form is not required to be known.
    pub fn parse(text: &str) -> Result<Self, CnapsRefused> {
        let normalised = normalise(text);
        if !(5..=40).contains(&normalised.chars().count()) {
            return Err(CnapsRefused::Length);
        }
        if !normalised
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.'))
        {
            return Err(CnapsRefused::Characters);
        }
        let parsed = CnapsTitle::parse(&normalised).ok();
        let text = parsed.as_ref().map_or(normalised, CnapsTitle::to_string);
        Ok(Self { text, parsed })
    }

    /// The normalised number.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the number says, when its form is known.
    pub fn parsed(&self) -> Option<&CnapsTitle> {
        self.parsed.as_ref()
    }

    /// What differs from the kind expected and the last day typed.
    pub fn warnings(&self, expected: CnapsKind, typed_expiry: Date) -> Vec<CnapsWarning> {
        let Some(title) = &self.parsed else {
            return vec![CnapsWarning::FormatUnknown];
        };
        let mut warnings = Vec::new();
        if title.kind != expected {
            warnings.push(CnapsWarning::KindDiffers {
                found: title.kind,
                expected,
            });
        }
        if title.expires_on != typed_expiry {
            warnings.push(CnapsWarning::ExpiryDiffers {
                in_number: title.expires_on,
                typed: typed_expiry,
            });
        }
        warnings
    }
}

impl fmt::Display for CnapsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for CnapsNumber {
    type Error = CnapsRefused;
    fn try_from(text: String) -> Result<Self, CnapsRefused> {
        Self::parse(&text)
    }
}

impl From<CnapsNumber> for String {
    fn from(number: CnapsNumber) -> Self {
        number.text
    }
}

/// Capitals, no spaces, and one hyphen for all the dashes that keyboards and documents produce.
fn normalise(text: &str) -> String {
    super::compact(text)
        .chars()
        .map(|c| {
            if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '_') {
                '-'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const CARD: &str = "CAR-092-2030-06-19-20250183149";

    #[test]
    fn usual_numbers_are_read() {
        for (text, kind, department, expires_on, issued_year, sequence) in [
            (
                "AUT-059-2123-12-09-20240960800",
                CnapsKind::Aut,
                "59",
                date(2123, 12, 9),
                2024,
                "0960800",
            ),
            (
                "AGD-092-2030-06-12-2025-0183149",
                CnapsKind::Agd,
                "92",
                date(2030, 6, 12),
                2025,
                "0183149",
            ),
            (
                "CAR-092-2030-06-19-2025-0183149",
                CnapsKind::Car,
                "92",
                date(2030, 6, 19),
                2025,
                "0183149",
            ),
            (
                "car 02a 2030 06 19 2025 0183149",
                CnapsKind::Car,
                "2A",
                date(2030, 6, 19),
                2025,
                "0183149",
            ),
            (
                "CAR–2B–2030–06–19–20250183149",
                CnapsKind::Car,
                "2B",
                date(2030, 6, 19),
                2025,
                "0183149",
            ),
            (
                "CAR-69-2030-06-19-20250183149",
                CnapsKind::Car,
                "69",
                date(2030, 6, 19),
                2025,
                "0183149",
            ),
            (
                "AUT-974-2123-12-09-20240960800",
                CnapsKind::Aut,
                "974",
                date(2123, 12, 9),
                2024,
                "0960800",
            ),
        ] {
            let title = CnapsTitle::parse(text).unwrap();
            assert_eq!(
                (title.kind, title.department.code(), title.expires_on),
                (kind, department, expires_on),
                "{text}"
            );
            assert_eq!(
                (title.issued_year, title.sequence.as_str()),
                (issued_year, sequence),
                "{text}"
            );
        }
    }

    #[test]
    fn a_number_is_written_in_one_form() {
        for text in [
            "car 092 2030 06 19 2025 0183149",
            "CAR-092-2030-06-19-2025-0183149",
            "CAR-92-2030-06-19-20250183149",
        ] {
            assert_eq!(CnapsNumber::parse(text).unwrap().as_str(), CARD);
        }
        let corsica = CnapsTitle::parse("CAR-2A-2030-06-19-20250183149").unwrap();
        assert_eq!(corsica.to_string(), "CAR-02A-2030-06-19-20250183149");
    }

    #[test]
    fn a_number_of_unknown_form_is_kept_with_a_warning() {
        for text in [
            "CAR-092-2030-02-30-20250183149",
            "XYZ-092-2030-06-19-20250183149",
            "CAR-099-2030-06-19-20250183149",
            "12345",
        ] {
            assert_eq!(CnapsTitle::parse(text), Err(CnapsRefused::FormatUnknown));
            let number = CnapsNumber::parse(text).unwrap();
            assert_eq!(number.as_str(), text);
            assert_eq!(
                number.warnings(CnapsKind::Car, date(2030, 6, 19)),
                vec![CnapsWarning::FormatUnknown]
            );
        }
    }

    #[test]
    fn what_no_number_can_be_is_refused() {
        assert_eq!(CnapsNumber::parse("  "), Err(CnapsRefused::Length));
        assert_eq!(CnapsNumber::parse("CAR1"), Err(CnapsRefused::Length));
        assert_eq!(
            CnapsNumber::parse(&"1".repeat(41)),
            Err(CnapsRefused::Length)
        );
        assert_eq!(
            CnapsNumber::parse("CAR<092>"),
            Err(CnapsRefused::Characters)
        );
    }

    #[test]
    fn differences_with_the_document_are_warnings() {
        let number = CnapsNumber::parse(CARD).unwrap();
        assert!(
            number
                .warnings(CnapsKind::Car, date(2030, 6, 19))
                .is_empty()
        );
        let warnings = number.warnings(CnapsKind::Aut, date(2030, 6, 20));
        let codes: Vec<_> = warnings.iter().map(|warning| warning.code()).collect();
        assert_eq!(codes, ["cnaps_kind_differs", "cnaps_expiry_differs"]);
        assert_eq!(
            warnings[1].to_string(),
            "Le numéro indique une fin de validité au 19/06/2030 et non au 20/06/2030."
        );
        assert_eq!(
            warnings[0].to_string(),
            "Le numéro est celui d’un autre titre (carte professionnelle) que celui attendu (autorisation d’exercice)."
        );
    }

    #[test]
    fn it_travels_as_text() {
        let number: CnapsNumber =
            serde_json::from_str("\"car-092-2030-06-19-2025-0183149\"").unwrap();
        assert_eq!(
            serde_json::to_string(&number).unwrap(),
            format!("\"{CARD}\"")
        );
        assert!(number.parsed().is_some());
    }

    proptest! {
        #[test]
        fn a_canonical_number_parses_to_itself(
            kind in prop::sample::select(CnapsKind::ALL.to_vec()),
            year in 1_i16..=9999, month in 1_i8..=12, day in 1_i8..=28,
            issued_year in 0_i16..=9999, sequence in "[0-9]{7}",
        ) {
            let title = CnapsTitle {
                kind, department: Department::parse("69").unwrap(), expires_on: date(year, month, day), issued_year, sequence,
            };
            prop_assert_eq!(CnapsTitle::parse(&title.to_string()), Ok(title));
        }

        #[test]
        fn no_text_breaks_it(text in "(CAR|AUT)?.{0,30}") {
            let _ = CnapsNumber::parse(&text);
            let _ = CnapsTitle::parse(&text);
        }
    }
}
