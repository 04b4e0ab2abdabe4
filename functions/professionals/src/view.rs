//! What an applicant or a professional sees of their own things.

use domain::identifiers::Email;
use domain::ids::{OfferId, ProfessionalId};
use domain::offer::{Offer, OfferStatus, OfferTerms, OfferWarning};
use domain::professional::{Missing, Professional, ProfessionalStatus, Profile, ShownDocument};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A registration as its applicant sees it.
#[derive(Serialize, JsonSchema)]
pub struct RegistrationView {
    /// Its identifier.
    id: ProfessionalId,
    /// Where it stands.
    status: ProfessionalStatus,
    /// The e-mail that will sign in.
    email: Email,
    /// Whether it was proved.
    email_verified: bool,
    /// What was written so far.
    profile: Profile,
    /// The documents, IBAN masked.
    documents: Vec<ShownDocument>,
    /// What is left to give before it can be submitted.
    missing: Vec<Missing>,
    /// What the operator asked to complete.
    complements: Option<String>,
    /// When it was last submitted.
    submitted_at: Option<Timestamp>,
}

/// What the applicant may see: not the operator's reasons.
pub(crate) fn registration(professional: &Professional) -> RegistrationView {
    RegistrationView {
        id: professional.id.clone(),
        status: professional.status,
        email: professional.email.clone(),
        email_verified: professional.email_verified_at.is_some(),
        profile: professional.profile.clone(),
        documents: professional
            .documents
            .iter()
            .map(domain::professional::Document::shown)
            .collect(),
        missing: professional.missing(),
        complements: professional.complements.clone(),
        submitted_at: professional.submitted_at,
    }
}

/// Something to think about.
#[derive(Serialize, JsonSchema)]
pub(crate) struct WarningView {
    /// Stable code.
    code: OfferWarning,
    /// For people.
    label: &'static str,
}

/// An offer as its professional sees it.
#[derive(Serialize, JsonSchema)]
pub struct OfferView {
    /// Its identifier.
    id: OfferId,
    /// What is offered.
    terms: OfferTerms,
    /// Whether it can be found.
    status: OfferStatus,
    /// When it was first published.
    published_at: Option<Timestamp>,
    /// When it was last changed.
    updated_at: Timestamp,
    /// What is allowed and should be thought about.
    warnings: Vec<WarningView>,
}

/// An offer, with what its professional should think about.
pub(crate) fn offer(offer: &Offer, professional: &Professional) -> OfferView {
    let not_payable = (!professional.is_payable()).then_some(OfferWarning::NotPayable);
    let warnings = offer.terms.warnings().into_iter().chain(not_payable);
    OfferView {
        id: offer.id.clone(),
        terms: offer.terms.clone(),
        status: offer.status,
        published_at: offer.published_at,
        updated_at: offer.updated_at,
        warnings: warnings
            .map(|code| WarningView {
                code,
                label: code.label(),
            })
            .collect(),
    }
}
