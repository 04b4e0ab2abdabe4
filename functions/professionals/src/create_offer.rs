//! A professional writes a new offer, that nobody finds yet.

use adapters::ids::fresh;
use adapters::store::Question;
use domain::event::Event;
use domain::offer::Offer;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::own::{OfferInput, check_public_texts, own};
use crate::view::{OfferView, offer};

/// Write a new offer.
pub struct CreateOffer;

/// How many offers a professional may have: they are read together.
const MOST_OFFERS: usize = 40;

impl Operation for CreateOffer {
    const NAME: &'static str = "create-offer";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/offers";
    const SUMMARY: &'static str = "Write a new offer; it is not published yet.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = OfferInput;
    type Output = OfferView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OfferView>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let terms = call.input.terms.clone();
        check_public_texts(&terms)?;
        if desk
            .store
            .ask_all::<Offer>(Question::offers_of(&professional.id))
            .await?
            .len()
            >= MOST_OFFERS
        {
            return Err(Problem::new(
                422,
                "too_many_offers",
                "Vous avez déjà 40 offres : modifiez l’une d’elles.",
            ));
        }
        let draft = Offer::draft(fresh(call.now), professional.id.clone(), terms, call.now)?;
        let changes = call
            .changes()
            .create(&draft, "offer")
            .activity_of_change(Self::NAME, draft.id.as_str(), &(), &draft.terms)
            .event(Event::OfferChanged {
                professional: professional.id.clone(),
                offer: draft.id.clone(),
            });
        Ok(Reply::created(offer(&draft, &professional)).changing(changes))
    }
}
