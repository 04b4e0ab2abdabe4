//! One to four offers side by side, for one and the same mission. What cannot be ordered says why
//! instead of leaving the table.

use adapters::agenda;
use adapters::experience::with_experience;
use adapters::store::{Key, Listing, Store};
use domain::booking::{Delays, check_start, earliest_start};
use domain::ids::{OfferId, ProfessionalId};
use domain::money::Euros;
use domain::offer::{Activity, CancellationPolicy, Offer, OfferRefused};
use domain::pricing::{PriceBreakdown, PricingTerms, price};
use domain::professional::{NO_PUBLIC_POWER, Professional, ProfessionalRefused};
use domain::time::moment::Moment;
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, Visitor};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asked::{AskedMission, MissionView, one, whole_number};
use crate::public::{
    InsuranceView, NOT_EXHAUSTIVE, RatingView, WhyNot, agents_for, authorisation_number, insurance,
    is_published, rating_label, town, vat_status,
};

/// Compares offers.
pub struct CompareOffers;

/// What is compared.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// One to four offers, separated by commas.
    pub offers: String,
    /// A postal code, a town, `Town (69)`, or a department's code or name.
    pub place: String,
    /// Start: `2026-11-28T20:00`, as clocks show it at the place, or RFC 3339.
    pub start: Moment,
    /// End.
    pub end: Moment,
    /// How many agents; one when it is not said.
    #[serde(default = "one", deserialize_with = "whole_number")]
    #[schemars(range(min = 1, max = 20))]
    pub agents: u16,
}

impl Comparison {
    fn offers(&self) -> Result<Vec<OfferId>, Problem> {
        let wrong = |detail: &str| {
            Problem::new(422, "compare_one_to_four", detail.to_owned()).about("offers")
        };
        let mut offers: Vec<OfferId> = Vec::new();
        for text in self
            .offers
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            let offer = OfferId::parse(text).map_err(|refused| wrong(&refused.to_string()))?;
            if !offers.contains(&offer) {
                offers.push(offer);
            }
        }
        if (1..=4).contains(&offers.len()) {
            Ok(offers)
        } else {
            Err(wrong("Choisissez de 1 à 4 offres à comparer."))
        }
    }
}

/// What is known of an offer and its professional.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ComparedDetails {
    /// The offer's title.
    pub title: String,
    /// Its activity.
    pub activity: Activity,
    /// The same in French.
    pub activity_label: &'static str,
    /// Whose.
    pub professional: ProfessionalId,
    /// The address of the page.
    pub slug: String,
    /// The name.
    pub name: String,
    /// The town of the establishment.
    pub town: String,
    /// `null` before the first rating.
    pub rating: Option<RatingView>,
    /// For people: `4,6/5 (12 avis)` or `Nouveau`.
    pub rating_label: String,
    /// What the client would pay, VAT and commission included.
    pub total: Option<Euros>,
    /// The same in full.
    pub price: Option<PriceBreakdown>,
    /// The line on the former CNAPS tax.
    pub cnaps_tax: Option<String>,
    /// What must be said when no VAT is charged.
    pub vat_mention: Option<&'static str>,
    /// The first moment at which a mission ordered now could start.
    pub first_possible_start: Option<Timestamp>,
    /// Mean time of an answer, minutes; `null` before the first.
    pub answer_minutes: Option<u32>,
    /// Least notice, hours.
    pub notice_hours: u16,
    /// Shortest mission, hours.
    pub minimum_hours: u16,
    /// Most agents in one mission.
    pub maximum_agents: u16,
    /// How many agents hold a verified card.
    pub agents_with_valid_cards: usize,
    /// Modes of intervention.
    pub modalities: Vec<String>,
    /// What a cancellation gives back.
    pub cancellation: CancellationPolicy,
    /// The same in French.
    pub cancellation_label: &'static str,
    /// The liability insurance.
    pub insurance: Option<InsuranceView>,
    /// The authorisation to exercise.
    pub authorisation_number: Option<String>,
    /// The sentence that goes with it.
    pub authorisation_notice: &'static str,
    /// The last day on which every title and the insurance are valid.
    pub titles_valid_until: Option<Date>,
}

/// One column of the table.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ComparedOffer {
    /// The offer asked for.
    pub offer: OfferId,
    /// Whether it can be ordered for this mission now.
    pub available: bool,
    /// If not, why not.
    pub unavailable: Option<WhyNot>,
    /// `null` when the offer is not public.
    pub details: Option<ComparedDetails>,
}

/// Offers side by side.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ComparedOffers {
    /// The mission as it was understood.
    pub mission: MissionView,
    /// In the order asked for.
    pub offers: Vec<ComparedOffer>,
    /// What the comparison is not.
    pub notice: &'static str,
}

impl Operation for CompareOffers {
    const NAME: &'static str = "compare-offers";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/compare";
    const SUMMARY: &'static str =
        "One to four offers side by side for the same mission, with the price of each in full.";
    type Outside = ();
    type Who = Visitor;
    type Path = Nothing;
    type Input = Comparison;
    type Output = ComparedOffers;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ComparedOffers>, Problem> {
        let asked = &call.input;
        let ids = asked.offers()?;
        let mission = AskedMission::read(
            &asked.place,
            asked.start,
            asked.end,
            asked.agents,
            call.now,
            &desk.settings.delays,
        )?;
        let mut offers = Vec::with_capacity(ids.len());
        for id in ids {
            offers.push(compared(desk, id, &mission, call.now).await?);
        }
        Ok(Reply::ok(ComparedOffers {
            mission: MissionView::from(&mission),
            offers,
            notice: NOT_EXHAUSTIVE,
        }))
    }
}

async fn compared(
    desk: &Desk<()>,
    id: OfferId,
    mission: &AskedMission,
    now: Timestamp,
) -> Result<ComparedOffer, Problem> {
    let Some((offer, professional)) = read_public(&desk.store, &id).await? else {
        let unavailable = Some(why(
            OfferRefused::NotPublished.code(),
            &OfferRefused::NotPublished,
        ));
        return Ok(ComparedOffer {
            offer: id,
            available: false,
            unavailable,
            details: None,
        });
    };
    let agenda = agenda::read(&desk.store, &professional.id, mission.interval).await?;
    let activity = offer.terms.activity;
    let zone = mission.zone();
    let team = agenda.team(&professional, activity, mission.interval, zone, None, now);
    let free = team.who_may_go().count();
    let unavailable = obstacle(
        &offer,
        &professional,
        free,
        mission,
        now,
        &desk.settings.delays,
    );
    let listing = Key::listing(offer.terms.activity, &mission.place.department, &offer.id);
    let listing = desk.store.get::<Listing>(listing).await?;
    let pricing = desk.in_force().await?.pricing;
    let details = details(
        desk,
        &pricing,
        &offer,
        &professional,
        mission,
        listing.as_ref().map(|read| &read.record),
        now,
    );
    Ok(ComparedOffer {
        offer: id,
        available: unavailable.is_none(),
        unavailable,
        details: Some(details),
    })
}

/// An offer that the public may see, and its professional.
async fn read_public(
    store: &Store,
    id: &OfferId,
) -> Result<Option<(Offer, Professional)>, Problem> {
    let Some(offer) = store
        .get::<Offer>(Key::offer(id))
        .await?
        .map(|read| read.record)
        .filter(is_published)
    else {
        return Ok(None);
    };
    let professional = store
        .get::<Professional>(Key::professional(&offer.professional))
        .await?;
    let shown = professional
        .map(|read| read.record)
        .filter(Professional::is_before_the_public);
    Ok(match shown {
        Some(professional) => Some((offer, with_experience(store, professional).await?)),
        None => None,
    })
}

fn why(code: &'static str, sentence: &impl ToString) -> WhyNot {
    WhyNot {
        code,
        sentence: sentence.to_string(),
    }
}

/// The first reason for which the mission cannot be ordered, in the order in which an order checks.
fn obstacle(
    offer: &Offer,
    professional: &Professional,
    free_agents: usize,
    mission: &AskedMission,
    now: Timestamp,
    delays: &Delays,
) -> Option<WhyNot> {
    let (terms, interval) = (&offer.terms, mission.interval);
    if let Err(refused) = terms.covers(
        interval.minutes(),
        mission.agents,
        &mission.place.department,
    ) {
        return Some(why(refused.code(), &refused));
    }
    if let Err(refused) = check_start(
        interval,
        terms.notice_hours,
        terms.takes_urgent,
        now,
        delays,
    ) {
        return Some(why(refused.code(), &refused));
    }
    let possible = professional
        .may_perform(terms.activity, interval, mission.zone())
        .and_then(|()| {
            if professional.conditions_of_sale().is_none() {
                return Err(ProfessionalRefused::NotAvailable);
            }
            let enough = professional.calendar.covers(interval, mission.zone())
                && free_agents >= usize::from(mission.agents);
            if enough {
                Ok(())
            } else {
                Err(ProfessionalRefused::AgentsUnavailable)
            }
        });
    possible.err().map(|refused| why(refused.code(), &refused))
}

fn details(
    desk: &Desk<()>,
    pricing: &PricingTerms,
    offer: &Offer,
    professional: &Professional,
    mission: &AskedMission,
    listing: Option<&Listing>,
    now: Timestamp,
) -> ComparedDetails {
    let terms = &offer.terms;
    let vat = vat_status(professional);
    let price = price(&mission.priced(), &terms.rates, terms.travel, vat, pricing).ok();
    let earliest = earliest_start(
        terms.notice_hours,
        terms.takes_urgent,
        now,
        &desk.settings.delays,
    );
    let rating = RatingView::of(professional.record.rating_summary());
    ComparedDetails {
        title: terms.title.clone(),
        activity: terms.activity,
        activity_label: terms.activity.label(),
        professional: professional.id.clone(),
        slug: professional.slug(),
        name: professional.name().to_owned(),
        town: town(professional),
        rating_label: rating_label(rating.as_ref()),
        rating,
        total: price.as_ref().map(|price| price.total),
        cnaps_tax: price.as_ref().map(PriceBreakdown::cnaps_tax_sentence),
        price,
        vat_mention: vat.mention(),
        first_possible_start: listing.and_then(|listing| listing.first_possible_start(earliest)),
        answer_minutes: professional.record.average_answer_minutes(),
        notice_hours: terms.notice_hours,
        minimum_hours: terms.minimum_hours,
        maximum_agents: terms.maximum_agents,
        agents_with_valid_cards: agents_for(professional, terms.activity, now),
        modalities: terms.modalities.clone(),
        cancellation: terms.cancellation,
        cancellation_label: terms.cancellation.sentence(),
        insurance: insurance(professional, now),
        authorisation_number: authorisation_number(professional, now),
        authorisation_notice: NO_PUBLIC_POWER,
        titles_valid_until: professional
            .covered_until(terms.activity, domain::time::paris::local_date(now)),
    }
}
