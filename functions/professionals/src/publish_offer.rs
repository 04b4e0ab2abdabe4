//! A professional makes an offer found.

use domain::event::Event;
use domain::professional::StandingRefused;
use domain::time::paris;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::own::{OfferPath, beside, check_public_texts, own, own_offer, told_if_held};
use crate::view::{OfferView, offer};

/// Publish an offer.
pub struct PublishOffer;

impl Operation for PublishOffer {
    const NAME: &'static str = "publish-offer";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/offers/{offer}/publish";
    const SUMMARY: &'static str =
        "Publish an offer, or have it wait for the operator while one of its activity is hidden.";
    type Outside = ();
    type Who = Professional;
    type Path = OfferPath;
    type Input = Nothing;
    type Output = OfferView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OfferView>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let read = own_offer(desk, &professional.id, &call.path.offer).await?;
        let today = paris::local_date(call.now);
        professional.check_may_publish(read.record.terms.activity, today)?;
        if professional.standing.hides(&read.record.id) {
            return Err(StandingRefused::OfferHidden.into());
        }
        check_public_texts(&read.record.terms)?;
        let beside = beside(desk, &professional, &read.record.id).await?;
        let mut published = read.record.clone();
        published.ask_to_publish(beside.published, &beside.hidden, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &published)
            .activity(Self::NAME, published.id.as_str())
            .event(Event::OfferChanged {
                professional: professional.id.clone(),
                offer: published.id.clone(),
            });
        let changes = told_if_held(changes, &read.record, &published);
        Ok(Reply::ok(offer(&published, &professional)).changing(changes))
    }
}
