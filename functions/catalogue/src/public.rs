//! What the public may see of whom, and the sentences that go with it.

use adapters::experience::with_experience;
use adapters::store::{Key, Portrait, Question, Store};
use domain::ids::ProfessionalId;
use domain::offer::{Activity, Offer, OfferStatus};
use domain::places::{Position, together};
use domain::pricing::VatStatus;
use domain::professional::{
    DocumentDetails, DocumentKind, Holder, Professional, ProfessionalStatus, of_slug,
};
use domain::ranking::RatingSummary;
use domain::time::paris;
use http_function::Problem;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What every list of offers says of itself (terms, article 3.3; C. conso., D111-11).
pub(crate) const NOT_EXHAUSTIVE: &str = "Les résultats ne présentent que les professionnels référencés sur le site\u{a0}: ils ne sont pas exhaustifs de l’ensemble des offres disponibles. Les prix et caractéristiques sont fournis par les professionnels. La comparaison est gratuite.";

/// The consumer's right of withdrawal (C. conso., L221-18 and following).
pub(crate) const WITHDRAWAL: &str = "Le client consommateur dispose de 14\u{a0}jours à compter de la conclusion du contrat pour se rétracter, sans motif. Si la mission commence avant la fin de ce délai, il en demande expressément l’exécution et paie ce qui a été exécuté s’il se rétracte\u{a0}; le droit est perdu une fois la mission pleinement exécutée.";

/// The route's professional: a readable address that ends with its identifier.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ProfessionalPath {
    /// Such as `bastion-sud-pro_01J…`.
    pub slug: String,
}

impl ProfessionalPath {
    /// The professional named, if the public may see it.
    pub(crate) async fn read(&self, store: &Store) -> Result<Professional, Problem> {
        let id = of_slug(&self.slug).map_err(|_| Problem::not_found())?;
        public_professional(store, &id).await
    }

    /// Whether the professional named was shown once, and is offline with their account.
    pub async fn is_gone(&self, store: &Store) -> Result<bool, Problem> {
        let Ok(id) = of_slug(&self.slug) else {
            return Ok(false);
        };
        let read = store.get::<Professional>(Key::professional(&id)).await?;
        Ok(read.is_some_and(|read| read.record.is_gone()))
    }
}

/// A professional with all experience, if the public may see it.
pub(crate) async fn public_professional(
    store: &Store,
    id: &ProfessionalId,
) -> Result<Professional, Problem> {
    let read = store.get::<Professional>(Key::professional(id)).await?;
    let professional = read
        .map(|read| read.record)
        .filter(Professional::is_before_the_public)
        .ok_or_else(Problem::not_found)?;
    Ok(with_experience(store, professional).await?)
}

/// The ends of the addresses of every professional's page that the public may see.
pub async fn public_slugs(store: &Store) -> Result<Vec<String>, Problem> {
    let question = Question::professionals_in_status(ProfessionalStatus::Accepted).limit(100);
    let all = store.ask_all::<Professional>(question).await?;
    let all = all.into_iter().map(|read| read.record);
    Ok(all
        .filter(Professional::is_before_the_public)
        .map(|one| one.slug())
        .collect())
}

/// Where the photo or logo of a professional is, if there is one.
pub(crate) fn portrait_address(slug: &str) -> String {
    format!("/professionnels/{slug}/portrait")
}

/// The photo or logo of the professional whom an address names, if the public may see it.
pub async fn portrait_of(
    store: &Store,
    path: &ProfessionalPath,
) -> Result<Option<Portrait>, Problem> {
    let id = of_slug(&path.slug).map_err(|_| Problem::not_found())?;
    let read = store.get::<Professional>(Key::professional(&id)).await?;
    let public = read.filter(|read| read.record.is_before_the_public());
    let document = public.as_ref().and_then(|read| read.record.portrait());
    let Some(document) = document else {
        return Ok(None);
    };
    let portrait = store
        .get::<Portrait>(Key::portrait(&id, &document.id))
        .await?;
    Ok(portrait.map(|read| read.record))
}

/// Whether an offer is published.
pub(crate) fn is_published(offer: &Offer) -> bool {
    offer.status == OfferStatus::Published
}

/// What clients think of a professional.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RatingView {
    /// Mean in tenths: 46 is 4.6 out of 5.
    pub average_tenths: u32,
    /// How many ratings.
    pub count: u32,
}

impl RatingView {
    /// `None` before the first rating: the page says "Nouveau".
    pub(crate) fn of(summary: RatingSummary) -> Option<Self> {
        (summary.count > 0).then_some(Self {
            average_tenths: summary.average_tenths,
            count: summary.count,
        })
    }
}

/// `4,6/5 (12 avis)`, or `Nouveau`.
pub(crate) fn rating_label(rating: Option<&RatingView>) -> String {
    match rating {
        None => "Nouveau".to_owned(),
        Some(rating) => format!(
            "{},{}/5 ({} avis)",
            rating.average_tenths / 10,
            rating.average_tenths % 10,
            rating.count
        ),
    }
}

/// How VAT is charged, in words.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VatView {
    /// Registered or under the exemption.
    pub status: VatStatus,
    /// The individual number, when registered.
    pub number: Option<String>,
    /// For people.
    pub mention: &'static str,
}

impl VatView {
    pub(crate) fn of(professional: &Professional) -> Self {
        let status = vat_status(professional);
        let number = professional
            .profile
            .vat_number
            .as_ref()
            .filter(|_| status == VatStatus::Registered);
        Self {
            status,
            number: number.map(|number| number.as_str().to_owned()),
            mention: status
                .mention()
                .unwrap_or("TVA du lieu de la mission comprise dans les prix affichés"),
        }
    }
}

/// The VAT status; without one, VAT is charged.
pub(crate) fn vat_status(professional: &Professional) -> VatStatus {
    professional
        .profile
        .vat_status
        .unwrap_or(VatStatus::Registered)
}

/// A verified title: its number, never its file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TitleView {
    /// What it is.
    pub label: &'static str,
    /// Its number.
    pub number: String,
    /// Its last day.
    pub valid_until: Option<Date>,
    /// When the operator verified it.
    pub verified_on: Option<Date>,
    /// Whether it is valid today.
    pub valid: bool,
}

/// The verified titles of one kind that are shown to anybody.
pub(crate) fn titles(
    professional: &Professional,
    kind: DocumentKind,
    now: Timestamp,
) -> Vec<TitleView> {
    let today = paris::local_date(now);
    let view = |document: &domain::professional::Document| {
        let (_, number) = document.title()?;
        Some(TitleView {
            label: kind.label(),
            number: number.as_str().to_owned(),
            valid_until: document.expires_on(),
            verified_on: document.reviewed_at.map(paris::local_date),
            valid: document.is_in_force(today),
        })
    };
    let verified = professional.verified(kind);
    let listed = verified.filter(|document| professional.lists(document.holder()));
    listed.filter_map(view).collect()
}

/// The liability insurance (terms, article 2.2).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InsuranceView {
    /// The insurer.
    pub insurer: String,
    /// How to reach the insurer.
    pub insurer_contact: String,
    /// The policy.
    pub policy_number: String,
    /// Where it covers.
    pub coverage: String,
    /// Its first day.
    pub valid_from: Date,
    /// Its last day.
    pub valid_until: Date,
    /// When the operator verified it.
    pub verified_on: Option<Date>,
}

/// The insurance in force today.
pub(crate) fn insurance(professional: &Professional, now: Timestamp) -> Option<InsuranceView> {
    let today = paris::local_date(now);
    let document = professional.in_force(DocumentKind::Insurance, Holder::Company, today)?;
    let last = document.expires_on()?;
    match &document.details {
        DocumentDetails::Insurance {
            insurer,
            insurer_contact,
            policy_number,
            coverage,
            valid_from,
            ..
        } => Some(InsuranceView {
            insurer: insurer.clone(),
            insurer_contact: insurer_contact.clone(),
            policy_number: policy_number.clone(),
            coverage: coverage.clone(),
            valid_from: *valid_from,
            valid_until: last,
            verified_on: document.reviewed_at.map(paris::local_date),
        }),
        _ => None,
    }
}

/// The number of the authorisation to exercise in force today.
pub(crate) fn authorisation_number(professional: &Professional, now: Timestamp) -> Option<String> {
    let today = paris::local_date(now);
    let document = professional.in_force(DocumentKind::Authorisation, Holder::Company, today)?;
    document
        .title()
        .map(|(_, number)| number.as_str().to_owned())
}

/// How many agents hold a verified card that is valid today.
pub(crate) fn agents_with_valid_cards(professional: &Professional, now: Timestamp) -> usize {
    let today = paris::local_date(now);
    let agents = professional.profile.agents.iter();
    let carded = agents.filter(|agent| professional.card_in_force(&agent.id, today).is_some());
    carded.count()
}

/// How many agents hold what an activity asks of them, verified and valid today.
pub(crate) fn agents_for(professional: &Professional, activity: Activity, now: Timestamp) -> usize {
    let today = paris::local_date(now);
    let agents = professional.profile.agents.iter();
    let titled = agents.filter(|agent| {
        professional
            .credential(&agent.id, activity, today)
            .is_some()
    });
    titled.count()
}

/// The town of the establishment.
pub(crate) fn town(professional: &Professional) -> String {
    professional
        .profile
        .establishment
        .as_ref()
        .map(|address| address.town.clone())
        .unwrap_or_default()
}

/// Where the establishment is.
pub(crate) fn position(professional: &Professional) -> Option<Position> {
    let address = professional.profile.establishment.as_ref()?;
    together(&address.postal_code, &address.town).ok()?.position
}

/// Why none of these offers can be ordered today; nothing when one can.
pub(crate) fn not_bookable(
    professional: &Professional,
    offers: &[Offer],
    now: Timestamp,
) -> Option<WhyNot> {
    let sold = offers
        .iter()
        .map(|offer| professional.sells(offer.terms.activity, now).map(|_| ()));
    let sold = sold.reduce(|one, other| one.or(other));
    let refused = sold
        .unwrap_or_else(|| professional.is_open_for_missions())
        .err()?;
    Some(WhyNot {
        code: refused.code(),
        sentence: refused.to_string(),
    })
}

/// Why something cannot be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WhyNot {
    /// Stable code.
    pub code: &'static str,
    /// For people.
    pub sentence: String,
}
