//! What belongs to the caller: anything else answers as if it did not exist.

use adapters::store::{Key, Question, Versioned};
use domain::ids::{OfferId, ProfessionalId};
use domain::offer::{Activity, Offer, OfferStatus, OfferTerms};
use domain::professional::{Professional, RegistrationRefused, check_description};
use http_function::{Desk, Problem};
use schemars::JsonSchema;
use serde::Deserialize;

/// The document named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct DocumentPath {
    /// The document.
    pub(crate) document: domain::ids::DocumentId,
}

/// The offer named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct OfferPath {
    /// The offer.
    pub(crate) offer: OfferId,
}

/// What a professional writes of an offer.
#[derive(Deserialize, JsonSchema)]
pub struct OfferInput {
    /// What is offered.
    pub(crate) terms: OfferTerms,
}

/// The professional, or the registration, of the caller.
pub(crate) async fn own<O>(
    desk: &Desk<O>,
    id: &ProfessionalId,
) -> Result<Versioned<Professional>, Problem> {
    desk.store
        .get::<Professional>(Key::professional(id))
        .await?
        .ok_or_else(Problem::not_found)
}

/// An offer of the caller.
pub(crate) async fn own_offer(
    desk: &Desk<()>,
    owner: &ProfessionalId,
    id: &OfferId,
) -> Result<Versioned<Offer>, Problem> {
    let read = desk.store.get::<Offer>(Key::offer(id)).await?;
    read.filter(|read| read.record.professional == *owner)
        .ok_or_else(Problem::not_found)
}

/// The activities of the caller's published offers but one.
pub(crate) async fn other_published(
    desk: &Desk<()>,
    owner: &ProfessionalId,
    but: &OfferId,
) -> Result<Vec<Activity>, Problem> {
    let offers = desk
        .store
        .ask_all::<Offer>(Question::offers_of(owner))
        .await?
        .into_iter()
        .map(|read| read.record);
    let published =
        offers.filter(|offer| offer.id != *but && offer.status == OfferStatus::Published);
    Ok(published.map(|offer| offer.terms.activity).collect())
}

/// What the public reads of an offer follows the rules of every public text.
pub(crate) fn check_public_texts(terms: &OfferTerms) -> Result<(), RegistrationRefused> {
    [&terms.title, &terms.description]
        .into_iter()
        .chain(&terms.modalities)
        .try_for_each(|text| check_description(text))
}
