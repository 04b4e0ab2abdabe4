//! A professional makes an offer found.

use domain::event::Event;
use domain::professional::StandingRefused;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::own::{OfferPath, check_public_texts, other_published, own, own_offer};
use crate::view::{OfferView, offer};

/// Publish an offer.
pub struct PublishOffer;

impl Operation for PublishOffer {
    const NAME: &'static str = "publish-offer";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/offers/{offer}/publish";
    const SUMMARY: &'static str = "Publish an offer; the answer says what should be thought about.";
    type Outside = ();
    type Who = Professional;
    type Path = OfferPath;
    type Input = Nothing;
    type Output = OfferView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OfferView>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let read = own_offer(desk, &professional.id, &call.path.offer).await?;
        professional.check_may_publish()?;
        if professional.standing.hides(&read.record.id) {
            return Err(StandingRefused::OfferHidden.into());
        }
        check_public_texts(&read.record.terms)?;
        let others = other_published(desk, &professional.id, &read.record.id).await?;
        let mut published = read.record.clone();
        published.publish(others, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &published)
            .activity(Self::NAME, published.id.as_str())
            .event(Event::OfferChanged {
                professional: professional.id.clone(),
                offer: published.id.clone(),
            });
        Ok(Reply::ok(offer(&published, &professional)).changing(changes))
    }
}
