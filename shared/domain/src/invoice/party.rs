//! Who sells and who buys, as printed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{InvoiceRefused, Platform};
use crate::account::{ClientKind, ClientProfile};
use crate::identifiers::{Email, Siren, Siret, VatNumber};
use crate::money::Euros;
use crate::professional::{Address, DocumentDetails, DocumentKind, Holder, Professional, Registry};

/// A seller, as on the day of issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    /// Name or corporate name.
    pub name: String,
    /// EI, SAS, SARL …
    pub legal_form: String,
    /// The share capital, where it is known.
    pub capital: Option<Euros>,
    /// SIREN.
    pub siren: Siren,
    /// SIRET of the establishment.
    pub siret: Option<Siret>,
    /// `RCS Lyon` or `RNE`.
    pub registry: String,
    /// VAT number, for a seller who charges VAT.
    pub vat_number: Option<VatNumber>,
    /// The establishment.
    pub address: Address,
    /// The head office, where it is another place.
    pub head_office: Option<Address>,
    /// Number of the authorisation to exercise, for a security company (CSI, L612-14).
    pub authorisation: Option<String>,
}

impl Seller {
    /// The professional as registered now, with the authorisation that was in force on the first day of
    /// the mission; or else the last that was verified.
    pub(super) fn professional(
        professional: &Professional,
        mission_day: Date,
    ) -> Result<Self, InvoiceRefused> {
        let missing = InvoiceRefused::SellerIncomplete;
        let profile = &professional.profile;
        let kind = DocumentKind::Authorisation;
        let authorisation = professional
            .in_force(kind, Holder::Company, mission_day)
            .or_else(|| {
                let mut verified = professional.verified(kind);
                verified.rfind(|document| document.holder() == Holder::Company)
            });
        let authorisation = match authorisation.map(|document| &document.details) {
            Some(DocumentDetails::Authorisation { number, .. }) => number.to_string(),
            Some(_) | None => return Err(missing),
        };
        let registry = match profile.registry.as_ref().ok_or(missing)? {
            Registry::Rcs { town } => format!("RCS {town}"),
            Registry::Rne => "RNE".to_owned(),
        };
        Ok(Self {
            name: profile.denomination.clone().ok_or(missing)?,
            legal_form: profile.legal_form.clone().ok_or(missing)?,
            capital: None,
            siren: profile.siren.clone().ok_or(missing)?,
            siret: profile.siret.clone(),
            registry,
            vat_number: professional.vat_on(mission_day).and_then(|vat| vat.number),
            address: profile.establishment.clone().ok_or(missing)?,
            head_office: profile.head_office.clone(),
            authorisation: Some(authorisation),
        })
    }

    /// The platform, for its commission.
    pub(super) fn platform(platform: &Platform) -> Self {
        Self {
            name: platform.name.clone(),
            legal_form: platform.legal_form.clone(),
            capital: platform.capital,
            siren: platform.siren.clone(),
            siret: platform.siret.clone(),
            registry: platform.registry.clone(),
            vat_number: Some(platform.vat_number.clone()),
            address: platform.address.clone(),
            head_office: None,
            authorisation: None,
        }
    }
}

/// Whether the buyer is protected as a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BuyerKind {
    /// A natural person acting outside a trade.
    Consumer,
    /// A company, an association, a public body: its SIREN is on the invoice.
    Business {
        /// SIREN.
        siren: Siren,
        /// VAT number, where it has one and gave it.
        vat_number: Option<VatNumber>,
    },
}

/// A buyer, as on the day of issue.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// First and last name, or corporate name.
    pub name: String,
    /// Consumer or business.
    pub kind: BuyerKind,
    /// Where the buyer lives or has its seat (CGI, annex II, article 242 nonies A, I-1°).
    pub address: Address,
    /// Where the invoice is sent.
    pub email: Option<Email>,
}

impl std::fmt::Debug for Buyer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Buyer(…)")
    }
}

impl Buyer {
    /// The client of a booking, at a billing address.
    pub fn of_client(client: &ClientProfile, address: Address, email: Option<Email>) -> Self {
        let (name, kind) = match &client.kind {
            ClientKind::Consumer => (
                format!("{} {}", client.first_name, client.last_name),
                BuyerKind::Consumer,
            ),
            ClientKind::Business { company, siren } => (
                company.clone(),
                BuyerKind::Business {
                    siren: siren.clone(),
                    vat_number: None,
                },
            ),
        };
        Self {
            name,
            kind,
            address,
            email,
        }
    }

    /// Whether the rules between traders apply: penalties and recovery costs (C. com., L441-10).
    pub fn is_business(&self) -> bool {
        matches!(self.kind, BuyerKind::Business { .. })
    }
}
