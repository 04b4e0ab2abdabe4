//! Who runs the marketplace: one identity, for its pages, its mails and the invoices that it writes.

use serde::{Deserialize, Serialize};

use crate::identifiers::{Email, Phone, Siren, Siret, VatNumber};
use crate::invoice::SeriesKey;
use crate::money::{BasisPoints, Euros};
use crate::places::PostalCode;
use crate::professional::Address;

/// The operator of the marketplace (LCEN, article 6 III; terms, preamble).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// Corporate name.
    pub name: String,
    /// The marketplace's name, which clients know.
    pub brand: String,
    /// Legal form.
    pub legal_form: String,
    /// Share capital.
    pub capital: Option<Euros>,
    /// SIREN.
    pub siren: Siren,
    /// SIRET of the seat.
    pub siret: Option<Siret>,
    /// `RCS Versailles`.
    pub registry: String,
    /// VAT number.
    pub vat_number: VatNumber,
    /// The seat.
    pub address: Address,
    /// Where one writes to.
    pub email: Email,
    /// Where one calls.
    pub phone: Option<Phone>,
    /// Who answers for what is published.
    pub publication_director: Option<String>,
    /// The VAT within the commission.
    pub commission_vat: BasisPoints,
    /// Whether the platform chose to pay VAT on debits (CGI, article 269, 2-c).
    pub vat_on_debits: bool,
}

impl Platform {
    /// AUXILYO, as the terms name it (preamble, article 22). A stage that is a trial is configured with
    /// another identity. `None` only if the constants written here were wrong.
    pub fn auxilyo() -> Option<Self> {
        let siren = Siren::parse("834875593").ok()?;
        Some(Self {
            name: "AUXILYO".to_owned(),
            brand: "MonAgentDeSecu".to_owned(),
            legal_form: "SAS".to_owned(),
            capital: Some(Euros::from_cents(1_400_000)),
            siret: None,
            registry: "RCS Versailles".to_owned(),
            vat_number: VatNumber::parse("FR73834875593").ok()?,
            siren,
            address: Address {
                street: "23 avenue de l’Europe".to_owned(),
                postal_code: PostalCode::parse("78400").ok()?,
                town: "Chatou".to_owned(),
            },
            email: Email::parse("contact@monagentdesecu.com").ok()?,
            phone: Phone::parse("01 75 00 17 47").ok(),
            publication_director: Some("Marc Fesler".to_owned()),
            commission_vat: BasisPoints::constant(2_000),
            vat_on_debits: false,
        })
    }

    /// The series of the platform's own invoices.
    pub fn series(&self) -> SeriesKey {
        SeriesKey::of_platform()
    }
}
