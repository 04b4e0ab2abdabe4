//! Anybody asks what a mission would cost, and what ordering it will ask of them.

use domain::identifiers::Siren;
use domain::ids::{DocumentId, ProfessionalId};
use domain::money::Euros;
use domain::offer::CancellationPolicy;
use domain::pricing::PriceBreakdown;
use domain::professional::{
    Address, Document, DocumentDetails, DocumentKind, Holder, NO_PUBLIC_POWER,
};
use domain::time::zone::{Zone, ZoneView};
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, Visitor};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::eligibility::{self, AskedMission, Eligible};

/// A quote.
pub struct QuoteMission;

/// What the mission costs and what an order of it needs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Quote {
    /// With whom the contract would be made.
    pub professional: ProfessionalId,
    /// Its name.
    pub professional_name: String,
    /// Its SIREN.
    pub professional_siren: Option<Siren>,
    /// Where it is established.
    pub professional_address: Option<Address>,
    /// Its authorisation to exercise.
    pub authorisation_number: Option<String>,
    /// The sentence that goes with it.
    pub authorisation_notice: &'static str,
    /// When it would begin.
    pub start: Timestamp,
    /// When it would end.
    pub end: Timestamp,
    /// Whose clocks say what is night, Sunday and holiday: those of its place.
    pub zone: ZoneView,
    /// The price in full.
    pub price: PriceBreakdown,
    /// What is paid, commission and VAT included.
    pub total: Euros,
    /// The line on the former CNAPS tax (terms, article 2.2).
    pub cnaps_tax_notice: String,
    /// The professional would have to answer before this, were it ordered now.
    pub respond_by: Timestamp,
    /// The conditions of sale to accept.
    pub conditions_of_sale: DocumentId,
    /// How the professional names their version.
    pub conditions_of_sale_version: Option<String>,
    /// Their version's SHA-256.
    pub conditions_of_sale_sha256: String,
    /// What a cancellation would cost.
    pub cancellation: CancellationPolicy,
    /// Whether a consumer must ask for a start before the withdrawal delay ends.
    pub needs_early_start_request: bool,
    /// Where the money stays until the client validates.
    pub payment_notice: &'static str,
}

impl From<&Eligible> for Quote {
    fn from(eligible: &Eligible) -> Self {
        let zone = Zone::of(&eligible.department);
        let day = zone.local_date(eligible.interval.start());
        let authorisation =
            (eligible.professional).in_force(DocumentKind::Authorisation, Holder::Company, day);
        Self {
            professional: eligible.professional.id.clone(),
            professional_name: eligible.professional.name().to_owned(),
            professional_siren: eligible.professional.profile.siren.clone(),
            professional_address: eligible.professional.profile.establishment.clone(),
            authorisation_number: authorisation
                .and_then(|document| document.title())
                .map(|(_, number)| number.as_str().to_owned()),
            authorisation_notice: NO_PUBLIC_POWER,
            start: eligible.interval.start(),
            end: eligible.interval.end(),
            zone: Zone::of(&eligible.department).view(),
            total: eligible.price.total,
            price: eligible.price.clone(),
            cnaps_tax_notice: eligible.price.cnaps_tax_sentence(),
            respond_by: eligible.respond_by,
            conditions_of_sale: eligible.conditions_of_sale.id.clone(),
            conditions_of_sale_version: version_of(&eligible.conditions_of_sale),
            conditions_of_sale_sha256: eligible.conditions_of_sale.file.sha256.clone(),
            cancellation: eligible.offer.terms.cancellation,
            needs_early_start_request: eligible.needs_early_start_request(),
            payment_notice: "Votre carte est autorisée à la commande et débitée seulement si le professionnel accepte. La somme est ensuite conservée par Stripe, établissement de monnaie électronique, jusqu’à votre validation\u{a0}; elle ne constitue pas un dépôt bancaire et ne produit pas d’intérêts.",
        }
    }
}

fn version_of(conditions: &Document) -> Option<String> {
    if let DocumentDetails::ConditionsOfSale { version, .. } = &conditions.details {
        return Some(version.clone());
    }
    None
}

impl Operation for QuoteMission {
    const NAME: &'static str = "quote-mission";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/quotes";
    const SUMMARY: &'static str =
        "The exact price of a mission under an offer, and what ordering it needs. Holds nothing.";
    type Outside = ();
    type Who = Visitor;
    type Path = Nothing;
    type Input = AskedMission;
    type Output = Quote;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Quote>, Problem> {
        let eligible = eligibility::check(desk, &call.input, call.now).await?;
        Ok(Reply::ok(Quote::from(&eligible)))
    }
}
