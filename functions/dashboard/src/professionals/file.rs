//! Everything that is known of one professional, and what the operator may decide.

use adapters::store::{Key, Question, UniqueClaim};
use askama::Template;
use domain::account::{Acceptance, Account};
use domain::ids::{DocumentId, OfferId, ProfessionalId};
use domain::offer::{Offer, OfferStatus};
use domain::professional::{
    Document, DocumentDetails, DocumentStatus, Ground, Missing, Professional, ProfessionalStatus,
    Receipt, ShownDetails, Standing,
};
use domain::time::paris;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use super::lists::hints;
use super::measure::code;
use crate::frame::{Frame, Section, moment, shown};
use crate::words;

/// One professional.
pub(crate) struct ProfessionalPage;

/// Which.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ProfessionalPath {
    pub(super) professional: ProfessionalId,
}

struct Fact {
    label: &'static str,
    value: String,
}

struct DocumentLine {
    id: DocumentId,
    label: String,
    whose: String,
    facts: String,
    state: &'static str,
    tone: &'static str,
    verified: String,
    warnings: Vec<String>,
    deposited: bool,
    examined: bool,
    rejection: Option<String>,
}

struct OfferLine {
    id: OfferId,
    title: String,
    state: &'static str,
}

struct Accepted {
    document: String,
    version: String,
    at: String,
    ip: String,
}

/// Where one of two delays that run from a mail's reception stands.
struct ReceiptLine {
    /// What the form names: `measure` or `notice`.
    what: &'static str,
    state: &'static str,
    tone: &'static str,
    explained: String,
    awaited: bool,
    sent_on: String,
}

#[derive(Template)]
#[template(path = "professional.html")]
struct ProfessionalTemplate {
    frame: Frame,
    id: ProfessionalId,
    name: String,
    status: &'static str,
    decidable: bool,
    facts: Vec<Fact>,
    description: String,
    people: Vec<String>,
    documents: Vec<DocumentLine>,
    missing: Vec<Missing>,
    warnings: Vec<String>,
    acceptances: Vec<Accepted>,
    offers: Vec<OfferLine>,
    internal_reason: Option<String>,
    complements: Option<String>,
    account: Option<String>,
    open: bool,
    measure_receipt: Option<ReceiptLine>,
    notice_receipt: Option<ReceiptLine>,
    today: String,
    typed_how: String,
    standing: Standing,
    grounds: Vec<(String, &'static str)>,
    now: jiff::Timestamp,
    typed_text: String,
    typed_method: String,
    typed_message: String,
    typed_reason: String,
}

impl Operation for ProfessionalPage {
    const NAME: &'static str = "show-professional-file";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/professionnels/{professional}";
    const SUMMARY: &'static str = "A professional's file: checklist, documents, decisions.";
    type Outside = ();
    type Who = Admin;
    type Path = ProfessionalPath;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let id = &call.path.professional;
        let read = desk
            .store
            .get::<Professional>(Key::professional(id))
            .await?;
        let professional = read.ok_or_else(Problem::not_found)?.record;
        let offers = desk.store.ask_all::<Offer>(Question::offers_of(id)).await?;
        let section = match professional.status {
            ProfessionalStatus::Accepted => Section::Professionals,
            _ => Section::Registrations,
        };
        shown(&ProfessionalTemplate {
            frame: Frame::of(section, &call.notice),
            id: id.clone(),
            name: professional.name().to_owned(),
            status: words::status(professional.status),
            decidable: professional.status == ProfessionalStatus::Submitted,
            facts: facts(&professional),
            description: professional.profile.description.clone().unwrap_or_default(),
            people: people(&professional),
            documents: professional
                .documents
                .iter()
                .map(|document| document_line(&professional, document))
                .collect(),
            missing: professional.missing(),
            warnings: warnings(desk, &professional).await?,
            acceptances: acceptances(desk, &professional).await?,
            offers: offers
                .into_iter()
                .map(|read| offer_line(read.record))
                .collect(),
            internal_reason: professional.internal_reason.clone(),
            complements: professional.complements.clone(),
            open: professional.status == ProfessionalStatus::Accepted,
            grounds: grounds()?,
            now: call.now,
            measure_receipt: professional.standing.measure.as_ref().and_then(|measure| {
                let needed = measure.needs_delivery(call.now);
                receipt(
                    "measure",
                    measure.receipt.as_ref(),
                    measure.announced_at,
                    needed,
                )
            }),
            notice_receipt: professional.standing.notice.as_ref().and_then(|notice| {
                let needed = notice.needs_delivery(call.now);
                receipt("notice", notice.receipt.as_ref(), notice.given_at, needed)
            }),
            today: paris::local_date(call.now).to_string(),
            typed_how: call.notice.typed("how").to_owned(),
            typed_text: call.notice.typed("text").to_owned(),
            account: professional.account.as_ref().map(ToString::to_string),
            typed_method: call.notice.typed("review_method").to_owned(),
            typed_message: call.notice.typed("message").to_owned(),
            typed_reason: call.notice.typed("internal_reason").to_owned(),
            standing: professional.standing,
        })
    }
}

/// When a notification was received, or why that is not known.
fn receipt(
    what: &'static str,
    receipt: Option<&Receipt>,
    sent_at: Timestamp,
    needs_delivery: bool,
) -> Option<ReceiptLine> {
    let receipt = receipt?;
    let (state, tone, explained) = match (&receipt.received, receipt.lost_at) {
        (Some(received), _) => match &received.by_hand {
            None => ("reçu", "good", format!("Courriel remis le {}.", moment(&received.at))),
            Some(hand) => (
                "reçu",
                "good",
                format!(
                    "Reçu le {} : {}. Inscrit le {} par {}.",
                    paris::short_date(paris::local_date(received.at)),
                    hand.how.trim_end_matches('.'),
                    moment(&hand.recorded_at),
                    hand.by
                ),
            ),
        },
        (None, Some(lost)) => (
            "à remettre autrement",
            "bad",
            format!("Le courriel est revenu le {}. Le délai ne court pas encore.", moment(&lost)),
        ),
        (None, None) if needs_delivery => (
            "à remettre autrement",
            "bad",
            "Rien ne dit, après 24 heures, que le courriel est arrivé. Le délai ne court pas encore.".to_owned(),
        ),
        (None, None) => (
            "en attente de réception",
            "warn",
            "Le délai court dès que le courriel est remis : la date est provisoire.".to_owned(),
        ),
    };
    Some(ReceiptLine {
        what,
        state,
        tone,
        explained,
        awaited: receipt.received.is_none(),
        sent_on: paris::local_date(sent_at).to_string(),
    })
}

/// Every text accepted, oldest first: with the registration, and by the account since. The account
/// began with those of the registration.
async fn acceptances(
    desk: &Desk<()>,
    professional: &Professional,
) -> Result<Vec<Accepted>, Problem> {
    let mut all: Vec<Acceptance> = professional.acceptances.clone();
    if let Some(id) = &professional.account {
        let account = desk.store.get::<Account>(Key::account(id)).await?;
        let since = account
            .map(|read| read.record.acceptances)
            .unwrap_or_default();
        let new: Vec<Acceptance> = since.into_iter().filter(|one| !all.contains(one)).collect();
        all.extend(new);
    }
    all.sort_by_key(|accepted| accepted.at);
    let line = |accepted: Acceptance| Accepted {
        document: accepted.document,
        version: accepted.version,
        at: moment(&accepted.at),
        ip: accepted.ip,
    };
    Ok(all.into_iter().map(line).collect())
}

/// The grounds of a hiding: one of those that need no notice.
fn grounds() -> Result<Vec<(String, &'static str)>, Problem> {
    let grounds = Ground::ALL.into_iter().filter(|one| *one != Ground::Other);
    grounds.map(|one| Ok((code(one)?, one.label()))).collect()
}

fn facts(professional: &Professional) -> Vec<Fact> {
    let profile = &professional.profile;
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
    let address = |address: &domain::professional::Address| {
        format!(
            "{}, {} {}",
            address.street,
            address.postal_code.as_str(),
            address.town
        )
    };
    let list = [
        ("Nature", words::kind(profile.kind).to_owned()),
        ("Forme juridique", or_dash(profile.legal_form.clone())),
        (
            "SIREN",
            or_dash(profile.siren.as_ref().map(|it| it.as_str().to_owned())),
        ),
        (
            "SIRET",
            or_dash(profile.siret.as_ref().map(|it| it.as_str().to_owned())),
        ),
        (
            "TVA",
            or_dash(profile.vat_number.as_ref().map(|it| it.as_str().to_owned())),
        ),
        (
            "Établissement",
            or_dash(profile.establishment.as_ref().map(address)),
        ),
        ("Siège", or_dash(profile.head_office.as_ref().map(address))),
        (
            "Téléphone",
            or_dash(profile.phone.as_ref().map(|it| it.as_str().to_owned())),
        ),
        (
            "Adresse électronique",
            format!(
                "{} ({})",
                professional.email.as_str(),
                if professional.email_verified_at.is_some() {
                    "vérifiée"
                } else {
                    "non vérifiée"
                }
            ),
        ),
        (
            "Médiateur",
            or_dash(profile.mediator.as_ref().map(|it| it.name.clone())),
        ),
        (
            "Transmise le",
            or_dash(professional.submitted_at.as_ref().map(moment)),
        ),
        (
            "Décidée le",
            or_dash(professional.decided_at.as_ref().map(moment)),
        ),
    ];
    list.into_iter()
        .map(|(label, value)| Fact { label, value })
        .collect()
}

fn people(professional: &Professional) -> Vec<String> {
    let managers = professional.profile.managers.iter();
    let agents = professional.profile.agents.iter();
    managers
        .map(|manager| format!("{}, dirigeant", manager.name))
        .chain(agents.map(|agent| format!("{} {}, agent", agent.first_name, agent.last_name)))
        .collect()
}

fn document_line(professional: &Professional, document: &Document) -> DocumentLine {
    let shown = document.shown();
    let profile = &professional.profile;
    let manager = document
        .manager()
        .and_then(|id| profile.managers.iter().find(|one| one.id == *id))
        .map(|one| one.name.clone());
    let agent = document
        .agent()
        .and_then(|id| profile.agents.iter().find(|one| one.id == *id))
        .map(|one| format!("{} {}", one.first_name, one.last_name));
    DocumentLine {
        id: document.id.clone(),
        label: shown.label,
        whose: manager.or(agent).unwrap_or_default(),
        facts: says(&shown.details),
        state: words::document(document.status),
        tone: words::document_tone(document.status),
        verified: match (&document.reviewed_at, &document.review_method) {
            (Some(at), Some(method)) => format!("{} — {method}", moment(at)),
            (Some(at), None) => moment(at),
            (None, _) => String::new(),
        },
        warnings: shown.warnings,
        deposited: document.is_deposited(),
        examined: document.status == DocumentStatus::Deposited
            && matches!(
                professional.status,
                ProfessionalStatus::Submitted | ProfessionalStatus::Accepted
            ),
        rejection: document.rejection.clone(),
    }
}

/// What a document says, in a line.
fn says(details: &ShownDetails) -> String {
    match details {
        ShownDetails::ManagerApproval {
            number, expires_on, ..
        }
        | ShownDetails::Authorisation { number, expires_on }
        | ShownDetails::ProfessionalCard {
            number, expires_on, ..
        } => format!(
            "{}, jusqu’au {}",
            number.as_str(),
            paris::short_date(*expires_on)
        ),
        ShownDetails::Insurance {
            insurer,
            policy_number,
            coverage,
            valid_from,
            expires_on,
            ..
        } => format!(
            "{insurer}, police {policy_number}, {coverage}, du {} au {}",
            paris::short_date(*valid_from),
            paris::short_date(*expires_on)
        ),
        ShownDetails::BankDetails {
            holder,
            masked_iban,
        } => format!("{masked_iban}, titulaire {holder}"),
        ShownDetails::ConditionsOfSale { version, contents } => format!(
            "version {version}, {}",
            if contents.complete() {
                "les quatre mentions sont déclarées"
            } else {
                "mentions incomplètes"
            }
        ),
        ShownDetails::Photo => String::new(),
    }
}

/// What should be looked at twice before accepting.
async fn warnings(desk: &Desk<()>, professional: &Professional) -> Result<Vec<String>, Problem> {
    let mut list = Vec::new();
    if let Some(siren) = &professional.profile.siren {
        let ours = UniqueClaim::siren(siren, &professional.id);
        let claim = desk
            .store
            .get::<UniqueClaim>(Key::unique(&ours.what))
            .await?;
        if claim.is_some_and(|claim| claim.record.owner != ours.owner) {
            list.push("Ce SIREN est déjà celui d’un autre professionnel.".to_owned());
        }
    }
    let name = professional.name().to_lowercase();
    for document in &professional.documents {
        if let DocumentDetails::BankDetails { holder, .. } = &document.details
            && holder.trim().to_lowercase() != name.trim()
        {
            list.push(format!(
                "Le titulaire du RIB ({holder}) n’est pas la dénomination ({}).",
                professional.name()
            ));
        }
    }
    let accepted = Question::professionals_in_status("accepted");
    let waiting = Question::professionals_in_status("submitted");
    let accepted = desk.store.ask_all::<Professional>(accepted).await?;
    let waiting = desk.store.ask_all::<Professional>(waiting).await?;
    let others: Vec<&Professional> = accepted
        .iter()
        .chain(&waiting)
        .map(|read| &read.record)
        .collect();
    list.extend(
        hints(professional, &others)
            .into_iter()
            .map(|hint| format!("Doublon possible : {hint}.")),
    );
    Ok(list)
}

fn offer_line(offer: Offer) -> OfferLine {
    OfferLine {
        id: offer.id,
        title: offer.terms.title,
        state: match offer.status {
            OfferStatus::Draft => "Brouillon",
            OfferStatus::Published => "Publiée",
            OfferStatus::Withdrawn => "Retirée",
        },
    }
}
