//! Numbers without gaps: one series for each seller, kind of document and year (CGI, annex II,
//! article 242 nonies A, I-7°).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::InvoiceRefused;
use crate::identifiers::Siren;
use crate::time::paris;

/// The last rank that six digits write.
const LAST_RANK: u32 = 999_999;

/// What every number of a series begins with: it names the seller and tells invoices from credit notes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeriesKey(String);

impl SeriesKey {
    /// Invoices in a professional's name: `123456782`.
    pub fn of_professional(siren: &Siren) -> Self {
        Self(siren.to_string())
    }

    /// The platform's own invoices: `MADS`.
    pub fn of_platform() -> Self {
        Self("MADS".to_owned())
    }

    /// The credit notes of the same seller: `123456782-A`, `MADS-A`.
    pub fn credit_notes(&self) -> Self {
        Self(format!("{}-A", self.0))
    }

    /// The key as it is stored and printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SeriesKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number as printed: `123456782-2026-000001`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InvoiceNumber(String);

impl InvoiceNumber {
    /// Reads a number: a series, a year of four digits and a rank of six, from 000001.
    pub fn parse(text: &str) -> Result<Self, InvoiceRefused> {
        let digits =
            |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        let mut parts = text.rsplitn(3, '-');
        let (rank, year, key) = (parts.next(), parts.next(), parts.next());
        let known = |key: &str| {
            let seller = key.strip_suffix("-A").unwrap_or(key);
            seller == "MADS" || digits(seller, 9)
        };
        let well_formed = rank.is_some_and(|rank| digits(rank, 6) && rank != "000000")
            && year.is_some_and(|year| digits(year, 4))
            && key.is_some_and(known);
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvoiceRefused::NumberMalformed)
        }
    }

    /// The number as printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it was taken from this series in this year.
    pub fn belongs_to(&self, key: &SeriesKey, year: i16) -> bool {
        self.0
            .rsplit_once('-')
            .is_some_and(|(series, _)| series == format!("{key}-{year:04}"))
    }
}

impl std::fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for InvoiceNumber {
    type Error = InvoiceRefused;
    fn try_from(text: String) -> Result<Self, InvoiceRefused> {
        Self::parse(&text)
    }
}

impl From<InvoiceNumber> for String {
    fn from(number: InvoiceNumber) -> Self {
        number.0
    }
}

/// Where a series stands. It is written back in the same transaction as the document that took a
/// number, so that a number is never lost and never given twice.
///
/// ```
/// use domain::invoice::{Series, SeriesKey};
/// let now = "2026-11-14T19:00:00Z".parse().unwrap();
/// let (first, series) = Series::begin(SeriesKey::of_platform(), now).take().unwrap();
/// assert_eq!(first.as_str(), "MADS-2026-000001");
/// assert_eq!(series.next, 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Whose documents, and which.
    pub key: SeriesKey,
    /// The year of issue in Paris.
    pub year: i16,
    /// The rank of the next document, from 1.
    pub next: u32,
}

impl Series {
    /// The series of the year in which `now` falls in Paris, before its first document.
    pub fn begin(key: SeriesKey, now: Timestamp) -> Self {
        Self {
            key,
            year: paris::local_date(now).year(),
            next: 1,
        }
    }

    /// The name under which it is kept: `123456782-2026`.
    pub fn name(&self) -> String {
        format!("{}-{:04}", self.key, self.year)
    }

    /// The number of the next document, and the series after it.
    pub fn take(&self) -> Result<(InvoiceNumber, Self), InvoiceRefused> {
        if !(1..=LAST_RANK).contains(&self.next) {
            return Err(InvoiceRefused::SeriesExhausted);
        }
        let number = InvoiceNumber(format!("{}-{:04}-{:06}", self.key, self.year, self.next));
        let after = Self {
            next: self.next + 1,
            ..self.clone()
        };
        Ok((number, after))
    }
}
