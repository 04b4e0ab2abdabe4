//! A professional looks at their offers.

use adapters::store::Question;
use domain::offer::Offer;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::own::own;
use crate::view::{OfferView, offer};

/// List one's own offers.
pub struct ListOffers;

/// The caller's offers.
#[derive(Serialize, JsonSchema)]
pub struct OwnOffers {
    /// Oldest first.
    offers: Vec<OfferView>,
}

impl Operation for ListOffers {
    const NAME: &'static str = "list-offers";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/offers";
    const SUMMARY: &'static str = "The caller's own offers, whatever their status.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = Nothing;
    type Output = OwnOffers;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OwnOffers>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let offers = desk
            .store
            .ask_all::<Offer>(Question::offers_of(&professional.id))
            .await?;
        Ok(Reply::ok(OwnOffers {
            offers: offers
                .iter()
                .map(|read| offer(&read.record, &professional))
                .collect(),
        }))
    }
}
