//! Anybody reads an offer in full: what is done, where, how soon and at what price.

use adapters::store::{Key, Store};
use domain::ids::{OfferId, ProfessionalId};
use domain::money::Euros;
use domain::offer::{Activity, CancellationPolicy, LONGEST_MISSION_MINUTES, Offer};
use domain::places::Department;
use domain::pricing::{HourlyPrices, HourlyRates, VatStatus, hourly_prices};
use domain::professional::{NO_PUBLIC_POWER, Professional};
use domain::time::paris;
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, Visitor};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::public::{
    RatingView, VatView, WITHDRAWAL, WhyNot, authorisation_number, is_published, not_bookable,
    public_professional, rating_label, town, vat_status,
};

/// Reads an offer.
pub struct ReadOffer;

/// The route's offer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OfferPath {
    /// The offer's identifier.
    pub offer: OfferId,
}

/// A department served.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DepartmentView {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// What an offer is, wherever it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OfferView {
    /// Its identifier.
    pub id: OfferId,
    /// Its title.
    pub title: String,
    /// The activity.
    pub activity: Activity,
    /// The same in French.
    pub activity_label: &'static str,
    /// What is done and how.
    pub description: String,
    /// Modes of intervention.
    pub modalities: Vec<String>,
    /// Departments served.
    pub departments: Vec<DepartmentView>,
    /// Shortest mission, hours.
    pub minimum_hours: u16,
    /// Longest mission, hours.
    pub maximum_hours: i64,
    /// Least notice, hours.
    pub notice_hours: u16,
    /// Whether missions that start within 12 h are taken.
    pub takes_urgent: bool,
    /// Most agents in one mission.
    pub maximum_agents: u16,
    /// Prices per agent and hour, excluding VAT, in cents.
    pub rates: HourlyRates,
    /// The same for each class of hours, with the VAT of the departments served.
    pub hourly_prices: Vec<HourlyPrices>,
    /// Flat travel cost per mission, excluding VAT, in cents.
    pub travel: Euros,
    /// The line on the CNAPS tax, as it is today.
    pub cnaps_tax: String,
    /// What the prices do not contain.
    pub price_notice: String,
    /// What a cancellation gives back.
    pub cancellation: CancellationPolicy,
    /// The same in French.
    pub cancellation_label: &'static str,
    /// When the professional last changed it.
    pub updated_at: Timestamp,
}

impl OfferView {
    /// An offer, and what its hours cost by the VAT that its professional charges; `cnaps_tax` is the line
    /// on that tax.
    pub(crate) fn of(offer: &Offer, vat: VatStatus, cnaps_tax: &str) -> Self {
        let terms = &offer.terms;
        let served: Vec<Department> = terms.departments.iter().copied().collect();
        let hourly_prices = hourly_prices(&terms.rates, terms.travel, vat, &served);
        let department = |department: &Department| DepartmentView {
            code: department.code(),
            name: department.name(),
        };
        Self {
            id: offer.id.clone(),
            title: terms.title.clone(),
            activity: terms.activity,
            activity_label: terms.activity.label(),
            description: terms.description.clone(),
            modalities: terms.modalities.clone(),
            departments: terms.departments.iter().map(department).collect(),
            minimum_hours: terms.minimum_hours,
            maximum_hours: LONGEST_MISSION_MINUTES / 60,
            notice_hours: terms.notice_hours,
            takes_urgent: terms.takes_urgent,
            maximum_agents: terms.maximum_agents,
            rates: terms.rates,
            hourly_prices: hourly_prices.unwrap_or_default(),
            travel: terms.travel,
            cnaps_tax: cnaps_tax.to_owned(),
            price_notice: format!(
                "Tarifs par agent et par heure, {}, hors frais de service. Le total d’une mission, frais de service compris, est affiché avant toute commande.",
                match vat {
                    VatStatus::Registered => "TVA du lieu de la mission comprise",
                    VatStatus::Franchise => "sans TVA (art. 293 B du CGI)",
                }
            ),
            cancellation: terms.cancellation,
            cancellation_label: terms.cancellation.sentence(),
            updated_at: offer.updated_at,
        }
    }
}

/// The page of an offer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OfferPage {
    /// The offer.
    pub offer: OfferView,
    /// Whose.
    pub professional: ProfessionalId,
    /// The address of the professional's page.
    pub slug: String,
    /// The name.
    pub name: String,
    /// The town of the establishment.
    pub town: String,
    /// `null` before the first rating.
    pub rating: Option<RatingView>,
    /// For people: `4,6/5 (12 avis)` or `Nouveau`.
    pub rating_label: String,
    /// Mean time of an answer, minutes; `null` before the first.
    pub answer_minutes: Option<u32>,
    /// How VAT is charged.
    pub vat: VatView,
    /// The authorisation to exercise.
    pub authorisation_number: Option<String>,
    /// The sentence that goes with it.
    pub authorisation_notice: &'static str,
    /// Where the conditions of sale are.
    pub conditions_of_sale: String,
    /// The consumer's right of withdrawal.
    pub withdrawal: &'static str,
    /// Why it cannot be ordered today, if it cannot.
    pub not_bookable: Option<WhyNot>,
}

impl Operation for ReadOffer {
    const NAME: &'static str = "read-offer";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/offers/{offer}";
    const SUMMARY: &'static str = "A published offer in full.";
    type Outside = ();
    type Who = Visitor;
    type Path = OfferPath;
    type Input = Nothing;
    type Output = OfferPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OfferPage>, Problem> {
        let offer = published(&desk.store, &call.path.offer).await?;
        let professional = public_professional(&desk.store, &offer.professional).await?;
        let pricing = desk.in_force().await?.pricing;
        let cnaps_tax = pricing.cnaps_tax_notice(paris::local_date(call.now));
        Ok(Reply::ok(view(&offer, &professional, &cnaps_tax, call.now)))
    }
}

async fn published(store: &Store, id: &OfferId) -> Result<Offer, Problem> {
    let read = store.get::<Offer>(Key::offer(id)).await?;
    read.map(|read| read.record)
        .filter(is_published)
        .ok_or_else(Problem::not_found)
}

fn view(offer: &Offer, professional: &Professional, cnaps_tax: &str, now: Timestamp) -> OfferPage {
    let rating = RatingView::of(professional.record.rating_summary());
    OfferPage {
        offer: OfferView::of(offer, vat_status(professional), cnaps_tax),
        professional: professional.id.clone(),
        slug: professional.slug(),
        name: professional.name().to_owned(),
        town: town(professional),
        rating_label: rating_label(rating.as_ref()),
        rating,
        answer_minutes: professional.record.average_answer_minutes(),
        vat: VatView::of(professional),
        authorisation_number: authorisation_number(professional, now),
        authorisation_notice: NO_PUBLIC_POWER,
        conditions_of_sale: format!("/api/professionals/{}/conditions", professional.slug()),
        withdrawal: WITHDRAWAL,
        not_bookable: not_bookable(professional, std::slice::from_ref(offer), now),
    }
}
