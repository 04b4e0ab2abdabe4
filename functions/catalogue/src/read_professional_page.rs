//! The page of a professional: everything that the terms make public (article 2.2), and nothing
//! else. Phone and e-mail are shown on request; bank details, file keys and birth dates never.

use adapters::store::{Question, Store};
use domain::account::Role;
use domain::ids::ProfessionalId;
use domain::offer::Offer;
use domain::professional::{
    Address, DocumentDetails, DocumentKind, Mediator, NO_PUBLIC_POWER, PersonKind, Professional,
    Registry, Subcontractor,
};
use domain::statistics::is_robot;
use domain::time::paris;
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::public::{
    InsuranceView, ProfessionalPath, RatingView, TitleView, VatView, WITHDRAWAL, WhyNot,
    agents_with_valid_cards, insurance, is_published, not_bookable, portrait_address, rating_label,
    titles, town, vat_status,
};
use crate::read_offer::OfferView;

/// Reads a professional's page.
pub struct ReadProfessionalPage;

/// Who the professional is in law.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LegalIdentity {
    /// Natural person or company.
    pub kind: Option<PersonKind>,
    /// EI, SAS, SARL …
    pub legal_form: Option<String>,
    /// Name or corporate name.
    pub denomination: String,
    /// SIREN.
    pub siren: Option<String>,
    /// SIRET of the establishment.
    pub siret: Option<String>,
    /// Such as `RCS Lyon 910 000 017`, or the RNE, which took the place of the trades register.
    pub registration: Option<String>,
    /// VAT number or exemption.
    pub vat: VatView,
    /// Address of the establishment.
    pub establishment: Option<Address>,
    /// Head office, where it is another place.
    pub head_office: Option<Address>,
    /// Establishments beside the main one.
    pub further_establishments: Vec<FurtherEstablishment>,
    /// Who may perform services in its place, if anybody.
    pub subcontractors: Vec<SubcontractorView>,
    /// How to see the phone number and the e-mail.
    pub coordinates_notice: &'static str,
}

/// An establishment beside the main one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FurtherEstablishment {
    /// SIRET.
    pub siret: String,
    /// Where it is.
    pub address: Address,
}

/// A subcontractor whom the operator verified (terms, article 2.2).
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SubcontractorView {
    /// Corporate name.
    pub denomination: String,
    /// SIREN.
    pub siren: String,
    /// Its authorisation to exercise.
    pub authorisation: String,
    /// The last day of the authorisation.
    pub valid_until: Date,
    /// What the authorisation carries.
    pub activities: Vec<&'static str>,
    /// 1, or 2 for a subcontractor of a subcontractor.
    pub rank: u8,
}

impl SubcontractorView {
    fn of(one: &Subcontractor) -> Self {
        Self {
            denomination: one.denomination.clone(),
            siren: one.siren.as_str().to_owned(),
            authorisation: one.authorisation.as_str().to_owned(),
            valid_until: one.expires_on,
            activities: one.activities.iter().map(|one| one.label()).collect(),
            rank: one.rank,
        }
    }
}

/// Verified titles.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TitlesView {
    /// Authorisations to exercise.
    pub authorisations: Vec<TitleView>,
    /// Approvals of the managers.
    pub manager_approvals: Vec<TitleView>,
    /// How many agents hold a verified card that is valid today.
    pub agents_with_valid_cards: usize,
    /// The sentence that goes with them (CSI, L612-14).
    pub notice: &'static str,
    /// The last day on which authorisation, approvals and insurance are all valid.
    pub valid_until: Option<Date>,
}

/// The rules of conduct followed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EthicsView {
    /// What they are.
    pub label: &'static str,
    /// Where they are.
    pub url: &'static str,
}

/// The professional's own conditions of sale.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConditionsView {
    /// Their version.
    pub version: String,
    /// When the operator verified them.
    pub verified_on: Option<Date>,
    /// Opens them.
    pub link: String,
}

/// What the professional has done on the platform.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecordView {
    /// `null` before the first rating.
    pub rating: Option<RatingView>,
    /// For people: `4,6/5 (12 avis)` or `Nouveau`.
    pub rating_label: String,
    /// Missions validated.
    pub validated_missions: u32,
    /// Mean time of an answer, minutes; `null` before the first.
    pub answer_minutes: Option<u32>,
}

/// A professional's page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProfessionalPage {
    /// Its identifier.
    pub id: ProfessionalId,
    /// The address of the page.
    pub slug: String,
    /// The name.
    pub name: String,
    /// Where the photo or logo is, if there is one.
    pub portrait: Option<String>,
    /// The town of the establishment.
    pub town: String,
    /// A line under the name.
    pub headline: String,
    /// Presentation, plain text.
    pub presentation: String,
    /// Skills and experience.
    pub description: Option<String>,
    /// Specialities.
    pub specialities: Vec<String>,
    /// Languages spoken.
    pub languages: Vec<String>,
    /// Who it is in law.
    pub legal: LegalIdentity,
    /// Titles.
    pub titles: TitlesView,
    /// Liability insurance.
    pub insurance: Option<InsuranceView>,
    /// Rules of conduct.
    pub ethics: EthicsView,
    /// Mediator for consumers.
    pub mediator: Option<Mediator>,
    /// Conditions of sale.
    pub conditions_of_sale: Option<ConditionsView>,
    /// The consumer's right of withdrawal.
    pub withdrawal: &'static str,
    /// What is offered.
    pub offers: Vec<OfferView>,
    /// What was done so far.
    pub record: RecordView,
    /// Why nothing can be ordered today, if nothing can.
    pub not_bookable: Option<WhyNot>,
    /// Who says all this (terms, article 3.3).
    pub source: &'static str,
}

impl Operation for ReadProfessionalPage {
    const NAME: &'static str = "read-professional-page";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professionals/{slug}";
    const SUMMARY: &'static str = "Everything that is public of a professional.";
    type Outside = ();
    type Who = Anyone;
    type Path = ProfessionalPath;
    type Input = Nothing;
    type Output = ProfessionalPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ProfessionalPage>, Problem> {
        let page = public_page(desk, &call.path, call.now).await?;
        // An order's document asks under another address than the page's own: nobody opened the page.
        if call.path.slug == page.slug {
            count_view(&desk.store, &page, call).await;
        }
        Ok(Reply::ok(page))
    }
}

/// Counts that somebody opened the page: one more for the day, and nothing about who it was. Programs
/// that say what they are, the operator and the professional are no visitors. A page is shown even
/// where it cannot be counted.
pub async fn count_view<O: Operation<Who = Anyone>>(
    store: &Store,
    page: &ProfessionalPage,
    call: &Call<O>,
) {
    let visitor = call.who.0.as_ref().is_none_or(|session| {
        session.role != Role::Admin && session.professional.as_ref() != Some(&page.id)
    });
    if !visitor || is_robot(&call.trace.browser) {
        return;
    }
    let day = paris::local_date(call.now);
    if let Err(error) = store.count_view(&page.id, day, call.now).await {
        tracing::error!(%error, "a view of a page was not counted");
    }
}

/// A professional's page, if the public may see it.
pub async fn public_page<O>(
    desk: &Desk<O>,
    path: &ProfessionalPath,
    now: Timestamp,
) -> Result<ProfessionalPage, Problem> {
    let professional = path.read(&desk.store).await?;
    let offers = published_offers(&desk.store, &professional.id).await?;
    let pricing = desk.in_force().await?.pricing;
    let cnaps_tax = pricing.cnaps_tax_notice(paris::local_date(now));
    Ok(view(&professional, &offers, &cnaps_tax, now))
}

async fn published_offers(
    store: &Store,
    professional: &ProfessionalId,
) -> Result<Vec<Offer>, Problem> {
    let offers = store
        .ask_all::<Offer>(Question::offers_of(professional))
        .await?;
    Ok(offers
        .into_iter()
        .map(|read| read.record)
        .filter(is_published)
        .collect())
}

fn view(
    professional: &Professional,
    offers: &[Offer],
    cnaps_tax: &str,
    now: Timestamp,
) -> ProfessionalPage {
    let page = professional.page.as_ref();
    let rating = RatingView::of(professional.record.rating_summary());
    ProfessionalPage {
        id: professional.id.clone(),
        slug: professional.slug(),
        name: professional.name().to_owned(),
        portrait: (professional.portrait()).map(|_| portrait_address(&professional.slug())),
        town: town(professional),
        headline: page.map(|page| page.headline.clone()).unwrap_or_default(),
        presentation: page
            .map(|page| page.presentation.clone())
            .unwrap_or_default(),
        description: professional.profile.description.clone(),
        specialities: page
            .map(|page| page.specialities.clone())
            .unwrap_or_default(),
        languages: page.map(|page| page.languages.clone()).unwrap_or_default(),
        legal: legal(professional),
        titles: TitlesView {
            authorisations: titles(professional, DocumentKind::Authorisation, now),
            manager_approvals: titles(professional, DocumentKind::ManagerApproval, now),
            agents_with_valid_cards: agents_with_valid_cards(professional, now),
            notice: NO_PUBLIC_POWER,
            valid_until: professional.titles_valid_until(paris::local_date(now)),
        },
        insurance: insurance(professional, now),
        ethics: EthicsView {
            label: "Code de déontologie des personnes physiques ou morales exerçant des activités privées de sécurité (CSI, art. R631-1 et suivants)",
            url: "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000025503132/",
        },
        mediator: professional.profile.mediator.clone(),
        conditions_of_sale: conditions(professional),
        withdrawal: WITHDRAWAL,
        offers: offers
            .iter()
            .map(|offer| OfferView::of(offer, vat_status(professional), cnaps_tax))
            .collect(),
        record: RecordView {
            rating_label: rating_label(rating.as_ref()),
            rating,
            validated_missions: professional.record.validated_missions,
            answer_minutes: professional.record.average_answer_minutes(),
        },
        not_bookable: not_bookable(professional, offers, now),
        source: "Informations fournies par le professionnel. Les titres et l’assurance portent la date à laquelle nous les avons vérifiés.",
    }
}

fn legal(professional: &Professional) -> LegalIdentity {
    let profile = &professional.profile;
    LegalIdentity {
        kind: profile.kind,
        legal_form: profile.legal_form.clone(),
        denomination: professional.name().to_owned(),
        siren: profile
            .siren
            .as_ref()
            .map(|siren| siren.as_str().to_owned()),
        siret: profile
            .siret
            .as_ref()
            .map(|siret| siret.as_str().to_owned()),
        registration: registration(professional),
        vat: VatView::of(professional),
        establishment: profile.establishment.clone(),
        head_office: profile.head_office.clone(),
        further_establishments: (profile.establishments.iter())
            .map(|one| FurtherEstablishment {
                siret: one.siret.as_str().to_owned(),
                address: one.address.clone(),
            })
            .collect(),
        subcontractors: (profile.subcontractors.iter())
            .map(SubcontractorView::of)
            .collect(),
        coordinates_notice: "Le numéro de téléphone et l’adresse électronique s’affichent sur demande.",
    }
}

fn registration(professional: &Professional) -> Option<String> {
    let siren = professional.profile.siren.as_ref()?.as_str();
    Some(match professional.profile.registry.as_ref()? {
        Registry::Rcs { town } => format!("RCS {town} {siren}"),
        Registry::Rne => format!("RNE (ex-répertoire des métiers) {siren}"),
    })
}

fn conditions(professional: &Professional) -> Option<ConditionsView> {
    let document = professional.conditions_of_sale()?;
    match &document.details {
        DocumentDetails::ConditionsOfSale { version, .. } => Some(ConditionsView {
            version: version.clone(),
            verified_on: document.reviewed_at.map(paris::local_date),
            link: format!("/api/professionals/{}/conditions", professional.slug()),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_page_shows_titles_and_no_secret() {
        let professional = samples::professional();
        let page = view(&professional, &[samples::offer()], "", samples::now());
        let json = serde_json::to_string(&page).unwrap();
        for shown in [
            "AUT-069-2031-06-19-20250183149",
            "AGD-069-2031-06-19-20250183150",
            "RCS Marseille 910000025",
            "prérogative",
            "Assureur du Port",
        ] {
            assert!(json.contains(shown), "{shown} is missing");
        }
        for hidden in [
            "FR7630006000011234567890189",
            "documents/",
            "sha256",
            "+33491000000",
            "bastion@",
            "CAR-",
            "Durand",
            "acct_",
        ] {
            assert!(!json.contains(hidden), "{hidden} is shown");
        }
        assert_eq!(page.titles.agents_with_valid_cards, 2);
        assert_eq!(page.record.rating_label, "4,6/5 (12 avis)");
        assert_eq!(page.not_bookable, None);
    }
}
