//! A professional takes an offer back. Bookings made stay.

use domain::event::Event;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::own::{OfferPath, own, own_offer};
use crate::view::{OfferView, offer};

/// Take an offer back.
pub struct WithdrawOffer;

impl Operation for WithdrawOffer {
    const NAME: &'static str = "withdraw-offer";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/offers/{offer}/withdraw";
    const SUMMARY: &'static str = "Take a published offer back.";
    type Outside = ();
    type Who = Professional;
    type Path = OfferPath;
    type Input = Nothing;
    type Output = OfferView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OfferView>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let read = own_offer(desk, &professional.id, &call.path.offer).await?;
        let mut withdrawn = read.record.clone();
        withdrawn.withdraw(call.now)?;
        let changes = call
            .changes()
            .replace(&read, &withdrawn)
            .activity(Self::NAME, withdrawn.id.as_str())
            .event(Event::OfferChanged {
                professional: professional.id.clone(),
                offer: withdrawn.id.clone(),
            });
        Ok(Reply::ok(offer(&withdrawn, &professional)).changing(changes))
    }
}
