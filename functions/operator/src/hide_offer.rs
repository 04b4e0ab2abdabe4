//! One offer is hidden at once, and shown again (terms, article 11; Digital Services Act, article 17).
//! The professional reads why, keeps the others, and may contest.

use adapters::store::{Changes, Key, Question, Versioned};
use domain::event::Event;
use domain::ids::{OfferId, ProfessionalId};
use domain::offer::{Activity, Offer, OfferStatus};
use domain::operator::Duty;
use domain::professional::{Professional, StandingStep};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::standing::{Explained, LONGEST, Said};
use crate::view::{professional, written};

/// The offer named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct OfferPath {
    /// Whose.
    pub(crate) professional: ProfessionalId,
    /// Which.
    pub(crate) offer: OfferId,
}

/// Hide one offer.
pub struct HideOffer;

impl Operation for HideOffer {
    const NAME: &'static str = "hide-offer";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/professionnels/{professional}/offres/{offer}/masquer";
    const SUMMARY: &'static str =
        "Hide one offer at once, or one that waits to be published; the others go on.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = OfferPath;
    type Input = Explained;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let reasons = call.input.reasons()?;
        let of = professional(desk, &call.path.professional).await?;
        let read = offer(desk, &call.path).await?;
        let mut hidden = of.record.clone();
        hidden.hide_offer(&read.record, reasons, &call.who.account, call.now)?;
        let mut withdrawn = read.record.clone();
        withdrawn.withdraw(call.now)?;
        let changes = told(call, &hidden, StandingStep::OfferHidden, &call.input.text)
            .replace(&of, &hidden)
            .replace(&read, &withdrawn);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// End the hiding of one offer.
pub struct ShowOfferAgain;

impl Operation for ShowOfferAgain {
    const NAME: &'static str = "show-offer-again";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/professionnels/{professional}/offres/{offer}/retablir";
    const SUMMARY: &'static str =
        "Publish an offer again that was hidden, or one that waits for a decision.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = OfferPath;
    type Input = Said;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let reason = written(&call.input.text, "text", LONGEST)?;
        let of = professional(desk, &call.path.professional).await?;
        let read = offer(desk, &call.path).await?;
        let mut published = read.record.clone();
        published.publish(others(desk, &read.record).await?, call.now)?;
        if read.record.status == OfferStatus::Held {
            let changes = told(call, &of.record, StandingStep::OfferAllowed, reason)
                .replace(&read, &published);
            return Ok(Reply::ok(Nothing {}).changing(changes));
        }
        let mut shown = of.record.clone();
        shown.show_offer_again(&read.record.id, call.now)?;
        let changes = told(call, &shown, StandingStep::OfferShownAgain, reason)
            .replace(&of, &shown)
            .replace(&read, &published);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

async fn offer(desk: &Desk<()>, path: &OfferPath) -> Result<Versioned<Offer>, Problem> {
    let read = desk.store.get::<Offer>(Key::offer(&path.offer)).await?;
    read.filter(|read| read.record.professional == path.professional)
        .ok_or_else(Problem::not_found)
}

/// The activities of the professional's other published offers.
async fn others(desk: &Desk<()>, but: &Offer) -> Result<Vec<Activity>, Problem> {
    let question = Question::offers_of(&but.professional);
    let offers = desk.store.ask_all::<Offer>(question).await?;
    let offers = offers.into_iter().map(|read| read.record);
    let published = offers.filter(|one| one.id != but.id && one.status == OfferStatus::Published);
    Ok(published.map(|one| one.terms.activity).collect())
}

/// The log's lines, the mail, and the shelves that follow.
fn told<O: Operation<Path = OfferPath>>(
    call: &Call<O>,
    decided: &Professional,
    step: StandingStep,
    reason: &str,
) -> Changes {
    let professional = decided.id.clone();
    let offer = call.path.offer.clone();
    call.changes()
        .activity_because(O::NAME, offer.as_str(), reason)
        .activity_because(O::NAME, professional.as_str(), reason)
        .event(Event::OfferChanged {
            professional: professional.clone(),
            offer,
        })
        .event(Event::StandingChanged { professional, step })
}
