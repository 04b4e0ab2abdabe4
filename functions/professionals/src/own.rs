//! What belongs to the caller: anything else answers as if it did not exist.

use adapters::store::{Changes, Key, Question, Versioned};
use domain::event::Event;
use domain::ids::{OfferId, ProfessionalId};
use domain::offer::{Activity, Offer, OfferStatus, OfferTerms};
use domain::professional::{
    Professional, RegistrationRefused, StandingStep, Weapons, check_public_text,
};
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

/// What else the caller sells: what decides whether an offer may be published beside it.
pub(crate) struct Beside {
    /// The activities of the other published offers.
    pub(crate) published: Vec<Activity>,
    /// Those of the offers that the operator hides.
    pub(crate) hidden: Vec<Activity>,
}

/// Everything of the caller's beside one offer.
pub(crate) async fn beside(
    desk: &Desk<()>,
    owner: &Professional,
    but: &OfferId,
) -> Result<Beside, Problem> {
    let question = Question::offers_of(&owner.id);
    let offers = desk.store.ask_all::<Offer>(question).await?;
    let offers: Vec<Offer> = offers.into_iter().map(|read| read.record).collect();
    let others = offers.iter().filter(|offer| offer.id != *but);
    let published = others.filter(|offer| offer.status == OfferStatus::Published);
    Ok(Beside {
        published: published.map(|offer| offer.terms.activity).collect(),
        hidden: owner.standing.hidden_activities(&offers),
    })
}

/// What is told when an offer has to wait for the operator.
pub(crate) fn told_if_held(changes: Changes, before: &Offer, after: &Offer) -> Changes {
    if after.status != OfferStatus::Held || before.status == OfferStatus::Held {
        return changes;
    }
    changes.event(Event::StandingChanged {
        professional: after.professional.clone(),
        step: StandingStep::OfferHeld,
    })
}

/// What the public reads of an offer follows the rules of every public text.
pub(crate) fn check_public_texts(terms: &OfferTerms) -> Result<(), RegistrationRefused> {
    let weapons = Weapons::of(terms.activity);
    [&terms.title, &terms.description]
        .into_iter()
        .chain(&terms.modalities)
        .try_for_each(|text| check_public_text(text, weapons))
}
