//! A client describes one mission and asks up to five professionals what they would take it for.

use adapters::ids::fresh;
use adapters::store::QuoteAsked;
use domain::booking::{BookedMission, MissionContext, MissionPlace};
use domain::ids::OfferId;
use domain::offer::Activity;
use domain::places::{Place, PostalCode};
use domain::quotes::{AskedProfessional, MOST_ASKED, QuoteRefused, QuoteReply, QuoteRequest};
use domain::time::moment::Moment;
use http_function::{Call, Client, DAY, Desk, Nothing, Operation, Problem, Reply, throttle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::eligibility::{AskedMission, Eligible, Notice, check_with};
use crate::ordering::{Details, ordering_client};
use crate::quote_view::QuoteRequestView;

/// How many requests for quotes a client may make in a day: each writes to five people.
const MOST_A_DAY: u64 = 10;

/// Asking for quotes.
pub struct AskForQuotes;

/// What a quote is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct QuotesAsked {
    /// One to five offers, of different professionals, all of one activity.
    #[schemars(length(min = 1, max = 5))]
    pub offers: Vec<OfferId>,
    /// Start: `2026-11-28T20:00`, as clocks show it at the place, or RFC 3339.
    pub start: Moment,
    /// End.
    pub end: Moment,
    /// How many agents.
    #[schemars(range(min = 1, max = 20))]
    pub agents: u16,
    /// Where: five digits.
    pub postal_code: PostalCode,
    /// Street and number: told once a contract is concluded.
    #[schemars(length(min = 3, max = 120))]
    pub address: String,
    /// The town.
    #[schemars(length(min = 1, max = 80))]
    pub town: String,
    /// What professionals must know.
    pub context: MissionContext,
}

impl QuotesAsked {
    fn under(&self, offer: &OfferId) -> AskedMission {
        AskedMission {
            offer: offer.clone(),
            start: self.start,
            end: self.end,
            agents: self.agents,
            postal_code: self.postal_code.clone(),
        }
    }

    /// The mission, once it is known that somebody can take it.
    fn mission(&self, of: &Eligible, town: &Place) -> BookedMission {
        BookedMission {
            activity: of.offer.terms.activity,
            interval: of.interval,
            agents: self.agents,
            place: MissionPlace {
                address: self.address.trim().to_owned(),
                postal_code: self.postal_code.clone(),
                town: town.town.to_owned(),
                department: of.department,
            },
            context: self.context.clone(),
        }
    }
}

impl Operation for AskForQuotes {
    const NAME: &'static str = "ask-for-quotes";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/quote-requests";
    const SUMMARY: &'static str =
        "Ask up to five professionals for a quote for one mission. Holds and debits nothing.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = QuotesAsked;
    type Output = QuoteRequestView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<QuoteRequestView>, Problem> {
        let wanted = &call.input;
        let client = &call.who.account;
        ordering_client(desk, &call.who).await?;
        let details = Details {
            address: &wanted.address,
            town: &wanted.town,
            postal_code: &wanted.postal_code,
            billing_address: None,
            context: &wanted.context,
        };
        let town = details.check()?;
        let found = Box::pin(eligible_ones(desk, call)).await?;
        let first = found.first().ok_or(QuoteRefused::NumberAsked)?;
        let mission = wanted.mission(first, &town);
        let asked = found.iter().map(asked).collect();
        let (id, delays) = (fresh(call.now), &first.delays);
        let moved = QuoteRequest::ask(id, client.clone(), mission, asked, delays, call.now)?;
        let counted = format!("{}#{client}", Self::NAME);
        throttle(desk, &counted, MOST_A_DAY, DAY).await?;
        let request = moved.request;
        let changes = call.changes().create(&request, "quote request");
        let pointers = request.asked.iter().map(|one| QuoteAsked {
            request: request.id.clone(),
            professional: one.professional.clone(),
            at: call.now,
        });
        let changes = pointers
            .fold(changes, |changes, one| changes.create(&one, "quote asked"))
            .events(moved.events)
            .activity(Self::NAME, request.id.as_str());
        Ok(Reply::created(QuoteRequestView::of(&request, call.now)).changing(changes))
    }
}

/// Each of those who are asked, all of whom can be booked for the mission, and for one activity.
async fn eligible_ones(
    desk: &Desk<()>,
    call: &Call<AskForQuotes>,
) -> Result<Vec<Eligible>, Problem> {
    let offers = &call.input.offers;
    if !(1..=MOST_ASKED).contains(&offers.len()) {
        return Err(QuoteRefused::NumberAsked.into());
    }
    let mut found: Vec<Eligible> = Vec::with_capacity(offers.len());
    for offer in offers {
        let mission = call.input.under(offer);
        // On the heap: a mission with all that it was decided on is large.
        let checked = check_with(desk, &mission, Notice::OfTheOffer, call.now);
        let one = Box::pin(checked).await?;
        let activity: Option<Activity> = found.first().map(|first| first.offer.terms.activity);
        if activity.is_some_and(|activity| activity != one.offer.terms.activity) {
            return Err(Problem::new(
                422,
                "quote_activities_differ",
                "Comparez des offres d’une même activité.",
            )
            .about("offers"));
        }
        found.push(one);
    }
    Ok(found)
}

fn asked(eligible: &Eligible) -> AskedProfessional {
    AskedProfessional {
        professional: eligible.professional.id.clone(),
        name: eligible.professional.name().to_owned(),
        offer: eligible.offer.id.clone(),
        offer_title: eligible.offer.terms.title.clone(),
        reply: QuoteReply::Awaited,
    }
}
