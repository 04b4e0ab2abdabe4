//! A professional rewrites an offer. Bookings made keep what was agreed.

use domain::event::Event;
use domain::offer::OfferStatus;
use domain::time::paris;
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};

use crate::own::{OfferInput, OfferPath, beside, check_public_texts, own, own_offer, told_if_held};
use crate::view::{OfferView, offer};

/// Rewrite an offer.
pub struct ChangeOffer;

impl Operation for ChangeOffer {
    const NAME: &'static str = "change-offer";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/professional/offers/{offer}";
    const SUMMARY: &'static str = "Rewrite an offer; a published one stays published.";
    type Outside = ();
    type Who = Professional;
    type Path = OfferPath;
    type Input = OfferInput;
    type Output = OfferView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OfferView>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let read = own_offer(desk, &professional.id, &call.path.offer).await?;
        check_public_texts(&call.input.terms)?;
        let activity = call.input.terms.activity;
        if read.record.status == OfferStatus::Published && activity != read.record.terms.activity {
            professional.check_may_publish(activity, paris::local_date(call.now))?;
        }
        let beside = beside(desk, &professional, &read.record.id).await?;
        let mut changed = read.record.clone();
        changed.rewrite(
            call.input.terms.clone(),
            beside.published,
            &beside.hidden,
            call.now,
        )?;
        let changes = call
            .changes()
            .replace(&read, &changed)
            .activity_of_change(
                Self::NAME,
                changed.id.as_str(),
                &read.record.terms,
                &changed.terms,
            )
            .event(Event::OfferChanged {
                professional: professional.id.clone(),
                offer: changed.id.clone(),
            });
        let changes = told_if_held(changes, &read.record, &changed);
        Ok(Reply::ok(offer(&changed, &professional)).changing(changes))
    }
}
