//! French invoices, complete and frozen: all that is printed is in the value, nothing is looked up
//! when it is set or read again (CGI, article 289; annex II, article 242 nonies A).
//!
//! The professional sells the mission and the platform its service: each has its own invoice, in its
//! own series. Amounts are cents and never negative; a credit note is a kind, not a sign.
//!
//! ```
//! # use domain::{booking::Booking, ids::InvoiceId, invoice::*, platform::Platform};
//! # use domain::professional::Professional;
//! # use jiff::Timestamp;
//! /// The mission's invoice, and the series to write back in the same transaction.
//! fn issue_mission(
//!     booking: &Booking,
//!     professional: &Professional,
//!     buyer: &Buyer,
//!     platform: &Platform,
//!     series: &Series,
//!     id: InvoiceId,
//!     now: Timestamp,
//! ) -> Result<(Invoice, Series), InvoiceRefused> {
//!     let (number, after) = series.take()?;
//!     let issue = Issue { id, number, at: now };
//!     let due = booking.price.professional_total;
//!     let invoice = mission_invoice(booking, professional, buyer, platform, &issue, due)?;
//!     Ok((invoice, after))
//! }
//! ```

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{BookingId, InvoiceId};
use crate::money::{BasisPoints, Euros, MoneyRefused};
use crate::places::PostalCode;
use crate::platform::Platform;
use crate::time::interval::Interval;
use crate::time::paris;
use crate::time::zone::Zone;

mod build;
mod mentions;
mod owed;
mod party;
mod series;
mod vat;

pub use build::{Credit, Kept, commission_invoice, credit_note, indemnity, mission_invoice};
pub use mentions::{Mention, MentionKind};
pub use owed::{Bill, OwedDocument, owed_documents};
pub use party::{Buyer, BuyerKind, Seller};
pub use series::{InvoiceNumber, Series, SeriesKey};
pub use vat::{Vat, VatTreatment};

/// Why an invoice cannot be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvoiceRefused {
    /// The seller's name, SIREN, legal form, register, address or authorisation number is missing.
    #[error("L’identité du vendeur est incomplète : la facture ne peut pas être établie.")]
    SellerIncomplete,
    /// VAT was charged and the seller has no VAT number.
    #[error("Le numéro de TVA du vendeur manque : la facture ne peut pas être établie.")]
    VatNumberMissing,
    /// The number belongs to another seller, another kind of document or another year.
    #[error("Ce numéro n’appartient pas à la série de ce vendeur et de cette année.")]
    WrongSeries,
    /// A number that is not of the form `SERIES-YEAR-000001`.
    #[error("Ce numéro de facture n’est pas valide.")]
    NumberMalformed,
    /// 999 999 documents in one year.
    #[error("La série de l’année est épuisée.")]
    SeriesExhausted,
    /// The professional's document is not that of the booking.
    #[error("Ce professionnel n’est pas celui de la réservation.")]
    AnotherProfessional,
    /// Nothing is due, or more than was ordered, or more than is left to credit.
    #[error("Le montant doit être positif et ne pas dépasser celui qui est dû.")]
    Amount,
    /// A credit note corrects an invoice, never another credit note.
    #[error("Un avoir ne peut pas corriger un autre avoir.")]
    CreditOfCredit,
    /// An amount that does not fit.
    #[error("Le montant de cette facture est trop élevé.")]
    TooLarge,
}

impl InvoiceRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::SellerIncomplete => "invoice_seller_incomplete",
            Self::VatNumberMissing => "invoice_vat_number_missing",
            Self::WrongSeries => "invoice_wrong_series",
            Self::NumberMalformed => "invoice_number_malformed",
            Self::SeriesExhausted => "invoice_series_exhausted",
            Self::AnotherProfessional => "invoice_another_professional",
            Self::Amount => "invoice_amount",
            Self::CreditOfCredit => "invoice_credit_of_credit",
            Self::TooLarge => "invoice_too_large",
        }
    }
}

impl From<MoneyRefused> for InvoiceRefused {
    fn from(_: MoneyRefused) -> Self {
        Self::TooLarge
    }
}

/// What a document is, and so who sells and which series numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceKind {
    /// The mission, in the professional's name under the billing mandate (CGI, 289 I-2).
    Mission,
    /// The platform's service to the client.
    Commission,
    /// What the professional keeps of a cancelled mission under the offer's policy.
    Indemnity,
    /// Gives back all or part of an invoice.
    CreditNote,
}

impl InvoiceKind {
    /// Every kind, for tables and tests.
    pub const ALL: [Self; 4] = [
        Self::Mission,
        Self::Commission,
        Self::Indemnity,
        Self::CreditNote,
    ];

    /// The word at the head of the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mission | Self::Commission | Self::Indemnity => "Facture",
            Self::CreditNote => "Avoir",
        }
    }
}

/// The identity of a document about to be issued: the number comes from [`Series::take`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its identifier.
    pub id: InvoiceId,
    /// Its number.
    pub number: InvoiceNumber,
    /// When it is issued; the day and the year are those of Paris.
    pub at: Timestamp,
}

impl Issue {
    /// The day of issue.
    pub fn date(&self) -> Date {
        paris::local_date(self.at)
    }
}

/// How much of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "unit", rename_all = "snake_case")]
pub enum Quantity {
    /// Time of work, all agents together, priced by the hour.
    Time {
        /// Minutes of each agent times agents.
        agent_minutes: i64,
    },
    /// One, at a flat price.
    Flat,
}

/// One line. Amounts exclude VAT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// What is sold.
    pub label: String,
    /// What there is to know of it, under the label.
    pub detail: Option<String>,
    /// How much.
    pub quantity: Quantity,
    /// Per hour, or flat.
    pub unit_price: Euros,
    /// The line's amount.
    pub amount: Euros,
}

/// What is taken off the sum of the lines, excluding VAT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// Why.
    pub label: String,
    /// How much, positive.
    pub amount: Euros,
}

/// The sums of a document. `lines − discount = net`, `net + vat = gross`, `gross − paid = left_to_pay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceTotals {
    /// All lines, excluding VAT, before any discount.
    pub lines: Euros,
    /// Excluding VAT.
    pub net: Euros,
    /// VAT.
    pub vat: Euros,
    /// Including VAT.
    pub gross: Euros,
    /// Already paid by card; on a credit note, given back to the card.
    pub paid: Euros,
    /// Nothing: missions are paid for on order.
    pub left_to_pay: Euros,
}

/// What the document is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicedMission {
    /// The booking.
    pub booking: BookingId,
    /// The reference that people quote.
    pub reference: String,
    /// The offer's title when it was ordered.
    pub title: String,
    /// The activity, in words.
    pub activity: String,
    /// When the service took place.
    pub interval: Interval,
    /// Agents.
    pub agents: u16,
    /// Street and number.
    pub address: String,
    /// Five digits.
    pub postal_code: String,
    /// The town.
    pub town: String,
}

impl InvoicedMission {
    /// The zone of its place, by whose clocks its hours are told.
    pub fn zone(&self) -> Zone {
        PostalCode::parse(&self.postal_code).map_or(Zone::Paris, |code| Zone::of_postal_code(&code))
    }
}

/// The invoice that a credit note corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// What it was.
    pub kind: InvoiceKind,
    /// Its number.
    pub number: InvoiceNumber,
    /// Its day of issue.
    pub issued_on: Date,
    /// Why it is corrected.
    pub reason: String,
}

/// An invoice or a credit note, as issued. Nothing of it changes afterwards.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Its identifier.
    pub id: InvoiceId,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its number, unique and without gaps in its series.
    pub number: InvoiceNumber,
    /// The day of issue in Paris, on which it is also due: it was paid for on order.
    pub issued_on: Date,
    /// When the card was debited, or given back to.
    pub paid_on: Date,
    /// Who sells.
    pub seller: Seller,
    /// Who buys.
    pub buyer: Buyer,
    /// What it is about.
    pub mission: InvoicedMission,
    /// What is sold, in order; never empty.
    pub lines: Vec<InvoiceLine>,
    /// What is taken off, if anything.
    pub discount: Option<Discount>,
    /// How VAT applies to all of it.
    pub vat: Vat,
    /// The sums.
    pub totals: InvoiceTotals,
    /// Every sentence that the law asks for, in the order of print.
    pub mentions: Vec<Mention>,
    /// The invoice corrected, on a credit note.
    pub corrects: Option<Corrected>,
}

impl std::fmt::Debug for Invoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Invoice({})", self.number)
    }
}

impl Invoice {
    /// The document's title: `Facture 123456782-2026-000001`.
    pub fn title(&self) -> String {
        format!("{} {}", self.kind.label(), self.number)
    }

    /// The rate of VAT.
    pub fn vat_rate(&self) -> BasisPoints {
        self.vat.rate
    }

    /// The sentence of one kind, where the document has it.
    pub fn mention(&self, kind: MentionKind) -> Option<&str> {
        self.mentions
            .iter()
            .find(|mention| mention.kind == kind)
            .map(|mention| mention.text.as_str())
    }
}

/// `14 novembre 2026`: a date as invoices write it.
pub fn long_date(day: Date) -> String {
    let with_weekday = paris::french_date(day);
    match with_weekday.split_once(' ') {
        Some((_, date)) => date.to_owned(),
        None => with_weekday,
    }
}
