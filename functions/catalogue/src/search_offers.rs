//! Anybody searches: who can take this mission, at what exact price, in the order they choose.
//!
//! The shelf of an activity in a department is read page by page in the order asked for; what cannot
//! take the mission is left out, and the rest is priced to the cent.

mod finding;
mod otherwise;

use adapters::store::{Index, price_index};
use domain::ids::{OfferId, ProfessionalId};
use domain::money::Euros;
use domain::offer::{Activity, CancellationPolicy};
use domain::places::Position;
use domain::pricing::{PriceBreakdown, PriceProfile, dominant_class};
use domain::professional::slug;
use domain::ranking::{TrackRecord, WEIGHTS};
use domain::time::moment::Moment;
use domain::typography::unbroken;
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, Visitor};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::finding::{Found, Shelf, Wanted, find};
use self::otherwise::{FEW, Otherwise, otherwise};
use crate::asked::{AskedMission, MissionView, one, whole_number};
use crate::public::{NOT_EXHAUSTIVE, RatingView, portrait_address, rating_label};

/// Searches offers.
pub struct SearchOffers;

/// The most results of one page.
const MOST_RESULTS: u16 = 20;

/// The order of results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Advised: by the published score.
    #[default]
    Conseilles,
    /// Cheapest first.
    Prix,
    /// Soonest first.
    Delai,
    /// Best rated first.
    Note,
}

impl Sort {
    fn label(self) -> &'static str {
        match self {
            Self::Conseilles => "Conseillés",
            Self::Prix => "Prix croissant",
            Self::Delai => "Délai le plus court",
            Self::Note => "Mieux notés",
        }
    }

    /// The main criteria and their order of importance (C. conso., D111-7).
    fn explanation(self, profile: PriceProfile) -> String {
        match self {
            Self::Conseilles => {
                let weights: Vec<String> = WEIGHTS.iter().map(|(what, percent)| format!("{} ({percent} %)", what.label().to_lowercase())).collect();
                unbroken(&format!("Classement automatique, que personne ne peut acheter. Par ordre d’importance : {}.", weights.join(", ")))
            }
            Self::Prix => format!(
                "Du prix horaire {} le plus bas au plus élevé, TVA du lieu de la mission et frais de service compris\u{a0}; sur chaque page, par total exact de votre mission.",
                match profile {
                    PriceProfile::Day => "de jour",
                    PriceProfile::Night => "de nuit",
                    PriceProfile::Sunday => "du dimanche",
                }
            ),
            Self::Delai => "Du premier début de mission possible au plus lointain, d’après le préavis demandé et les agents disponibles.".to_owned(),
            Self::Note => "De la note moyenne la plus haute à la plus basse, puis par nombre d’avis\u{a0}; les nouveaux professionnels viennent à la fin.".to_owned(),
        }
    }

    fn index(self, profile: PriceProfile) -> Index {
        match self {
            Self::Conseilles => Index::ListingsByScore,
            Self::Prix => price_index(profile),
            Self::Delai => Index::ListingsByFirstFree,
            Self::Note => Index::ListingsByRating,
        }
    }
}

/// What is searched.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Search {
    /// The activity.
    pub activity: Activity,
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
    /// The order of results.
    #[serde(default)]
    pub sort: Sort,
    /// What the page before gave as `next`.
    #[serde(default)]
    pub after: Option<String>,
    /// How many results: 20 at most.
    #[serde(default = "twenty", deserialize_with = "whole_number")]
    #[schemars(range(min = 1, max = 20))]
    pub limit: u16,
}

fn twenty() -> u16 {
    MOST_RESULTS
}

/// A professional who can take the mission.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SearchResult {
    /// The offer.
    pub offer: OfferId,
    /// Its title.
    pub title: String,
    /// Whose.
    pub professional: ProfessionalId,
    /// The address of the page.
    pub slug: String,
    /// The name.
    pub name: String,
    /// Where the photo or logo is, if there is one.
    pub portrait: Option<String>,
    /// The town of the establishment.
    pub town: String,
    /// `null` before the first rating.
    pub rating: Option<RatingView>,
    /// For people: `4,6/5 (12 avis)` or `Nouveau`.
    pub rating_label: String,
    /// What the client pays for this mission, VAT and commission included.
    pub total: Euros,
    /// The same in full.
    pub price: PriceBreakdown,
    /// The line on the former CNAPS tax.
    pub cnaps_tax: String,
    /// What must be said when no VAT is charged.
    pub vat_mention: Option<&'static str>,
    /// The first moment at which an agent is free for the shortest mission, notice included.
    pub first_free: Option<Timestamp>,
    /// The first moment at which a mission ordered now could start.
    pub first_possible_start: Option<Timestamp>,
    /// Mean time of an answer, minutes; `null` before the first.
    pub answer_minutes: Option<u32>,
    /// Missions that clients validated.
    pub validated_missions: u32,
    /// Where the establishment is, if that is known.
    pub at: Option<Position>,
    /// How far it is from the commune of the mission, in kilometres as the crow flies.
    pub distance_km: Option<u32>,
    /// Least notice, hours.
    pub notice_hours: u16,
    /// Whether missions that start within 12 h are taken.
    pub takes_urgent: bool,
    /// Shortest mission, hours.
    pub minimum_hours: u16,
    /// What a cancellation gives back.
    pub cancellation: CancellationPolicy,
    /// The same in French.
    pub cancellation_label: &'static str,
    /// The last day on which every title and the insurance are valid.
    pub titles_valid_until: Date,
}

/// A page of results.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SearchResults {
    /// The order.
    pub sort: Sort,
    /// The same in French.
    pub sorted_by: &'static str,
    /// What the order is made of.
    pub sort_explanation: String,
    /// The activity.
    pub activity: Activity,
    /// The same in French.
    pub activity_label: &'static str,
    /// The mission as it was understood.
    pub mission: MissionView,
    /// Who can take it.
    pub results: Vec<SearchResult>,
    /// How to ask for the next page: there may be more even when this one is short.
    pub next: Option<String>,
    /// When there are few: what else can be asked for.
    pub otherwise: Otherwise,
    /// What the results are not.
    pub notice: &'static str,
}

impl Operation for SearchOffers {
    const NAME: &'static str = "search-offers";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/search";
    const SUMMARY: &'static str =
        "Offers that can take a mission, with its exact price, in the order asked for.";
    type Outside = ();
    type Who = Visitor;
    type Path = Nothing;
    type Input = Search;
    type Output = SearchResults;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SearchResults>, Problem> {
        let search = &call.input;
        let settings = &desk.settings;
        let mission = AskedMission::read(
            &search.place,
            search.start,
            search.end,
            search.agents,
            call.now,
            &settings.delays,
        )?;
        let pricing = desk.in_force().await?.pricing;
        let profile = dominant_class(&mission.priced(), &pricing.hours);
        let wanted = Wanted {
            mission: &mission,
            delays: &settings.delays,
            pricing: &pricing,
            now: call.now,
        };
        let shelf = Shelf {
            activity: search.activity,
            department: mission.place.department,
            index: search.sort.index(profile),
        };
        let most = usize::from(search.limit.clamp(1, MOST_RESULTS));
        let (mut found, next) =
            find(&desk.store, &shelf, &wanted, most, search.after.clone()).await?;
        put_in_order(&mut found, search.sort);
        let few = found.len() < FEW && search.after.is_none() && next.is_none();
        let otherwise = if few {
            otherwise(&desk.store, &shelf, &wanted).await?
        } else {
            Otherwise::default()
        };
        Ok(Reply::ok(SearchResults {
            sort: search.sort,
            sorted_by: search.sort.label(),
            sort_explanation: search.sort.explanation(profile),
            activity: search.activity,
            activity_label: search.activity.label(),
            mission: MissionView::from(&mission),
            results: found
                .into_iter()
                .map(|found| SearchResult::of(found, mission.place.position))
                .collect(),
            next,
            otherwise,
            notice: NOT_EXHAUSTIVE,
        }))
    }
}

/// Whether somebody can take a mission now.
pub(crate) async fn is_anybody_free(
    desk: &Desk<()>,
    activity: Activity,
    mission: &AskedMission,
) -> Result<bool, Problem> {
    let pricing = desk.in_force().await?.pricing;
    let wanted = Wanted {
        mission,
        delays: &desk.settings.delays,
        pricing: &pricing,
        now: desk.clock.now(),
    };
    let shelf = Shelf {
        activity,
        department: mission.place.department,
        index: Sort::Conseilles.index(PriceProfile::Day),
    };
    let (found, _) = find(&desk.store, &shelf, &wanted, 1, None).await?;
    Ok(!found.is_empty())
}

/// Within a page, results come by what this mission costs and when it could start, which the shelf
/// knows only roughly. Equals stay in the shelf's order.
fn put_in_order(found: &mut [Found], sort: Sort) {
    match sort {
        Sort::Conseilles | Sort::Note => {}
        Sort::Prix => found.sort_by_key(|found| found.price.total),
        Sort::Delai => {
            found.sort_by_key(|found| found.first_possible_start.unwrap_or(Timestamp::MAX))
        }
    }
}

impl SearchResult {
    fn of(found: Found, mission: Option<Position>) -> Self {
        let Found {
            listing,
            price,
            first_possible_start,
        } = found;
        let ratings = TrackRecord {
            ratings_sum: listing.ratings_sum,
            ratings_count: listing.ratings_count,
            ..TrackRecord::default()
        };
        let rating = RatingView::of(ratings.rating_summary());
        let slug = slug(&listing.name, &listing.professional);
        Self {
            portrait: listing.portrait.then(|| portrait_address(&slug)),
            slug,
            offer: listing.offer,
            title: listing.title,
            professional: listing.professional,
            name: listing.name,
            town: listing.town,
            rating_label: rating_label(rating.as_ref()),
            rating,
            total: price.total,
            cnaps_tax: price.cnaps_tax_sentence(),
            price,
            vat_mention: listing.vat.mention(),
            first_free: first_possible_start,
            first_possible_start,
            answer_minutes: listing.answer_minutes,
            validated_missions: listing.validated_missions,
            at: listing.at,
            distance_km: mission
                .zip(listing.at)
                .map(|(here, there)| here.kilometres_to(there)),
            notice_hours: listing.notice_hours,
            takes_urgent: listing.takes_urgent,
            minimum_hours: listing.minimum_hours,
            cancellation: listing.cancellation,
            cancellation_label: listing.cancellation.sentence(),
            titles_valid_until: listing.titles_valid_until,
        }
    }
}

#[cfg(test)]
mod tests;
