//! How VAT applies to a document.

use serde::{Deserialize, Serialize};

use crate::money::{BasisPoints, Euros};
use crate::places::Department;
use crate::pricing::VatStatus;

/// Why VAT is charged, or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatTreatment {
    /// Charged at the rate of the place.
    Charged,
    /// The seller is below the threshold (CGI, article 293 B).
    Franchise,
    /// Guyane and Mayotte (CGI, article 294).
    GuyaneMayotte,
    /// An overseas collectivity, outside the territory of French VAT.
    OutsideTerritory,
    /// An indemnity repairs a loss and pays for no service (CGI, article 256).
    Indemnity,
}

impl VatTreatment {
    /// Every treatment, for tables and tests.
    pub const ALL: [Self; 5] = [
        Self::Charged,
        Self::Franchise,
        Self::GuyaneMayotte,
        Self::OutsideTerritory,
        Self::Indemnity,
    ];

    /// The treatment of a frozen price. The rate decides, since it was agreed on; where there is none
    /// and the place does not explain it, the seller was under the exemption when it was ordered.
    pub(super) fn of_price(
        rate: BasisPoints,
        department: &Department,
        status: Option<VatStatus>,
    ) -> Self {
        match (rate, status, department.code()) {
            (rate, _, _) if rate > BasisPoints::ZERO => Self::Charged,
            (_, Some(VatStatus::Franchise), _) => Self::Franchise,
            (_, _, "973" | "976") => Self::GuyaneMayotte,
            (_, _, "975" | "977" | "978" | "984" | "986" | "987" | "988") => Self::OutsideTerritory,
            _ => Self::Franchise,
        }
    }

    /// What the document must say when no VAT is charged.
    pub fn mention(self) -> Option<&'static str> {
        match self {
            Self::Charged => None,
            Self::Franchise => VatStatus::Franchise.mention(),
            Self::GuyaneMayotte => Some("TVA non applicable, art. 294 du CGI"),
            Self::OutsideTerritory => Some(
                "TVA non applicable : prestation située hors du territoire d’application de la TVA française",
            ),
            Self::Indemnity => Some(
                "Indemnité hors du champ d’application de la TVA (art. 256 du CGI) : elle répare un préjudice et ne rémunère aucune prestation",
            ),
        }
    }
}

/// VAT of a document: one rate for all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vat {
    /// Charged, or why not.
    pub treatment: VatTreatment,
    /// The rate; zero unless charged.
    pub rate: BasisPoints,
    /// Excluding VAT.
    pub base: Euros,
    /// VAT.
    pub amount: Euros,
}
