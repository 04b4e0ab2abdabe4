//! Everything that is known of one professional, and what the operator may decide.

use adapters::likenesses;
use adapters::store::{ActivityLine, DocumentsRow, Key, Question, UniqueClaim};
use askama::Template;
use domain::account::{Acceptance, Account};
use domain::booking::Booking;
use domain::ids::{DocumentId, OfferId, ProfessionalId};
use domain::members::{Member, Members};
use domain::offer::{Activity, Offer, OfferStatus};
use domain::professional::{
    Address, Check, CheckState, Checked, Complaints, Document, DocumentStatus, DuplicateHint,
    Ground, Missing, Professional, ProfessionalStatus, Receipt, ShownDetails, Standing,
};
use domain::time::paris;
use domain::typography::of;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use super::lists::shared;
use super::measure::code;
use crate::changes::{self, ChangeLine};
use crate::documents;
use crate::frame::{Frame, Section, Sent, moment, shown};
use crate::notes::{Notes, notes};
use crate::queue::{Next, Shown, next};
use crate::titles::{self, TitleLine};
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
    rejection: Option<String>,
    ended: Option<String>,
    may_end: bool,
}

/// A line of the checklist.
struct CheckLine {
    label: String,
    detail: String,
    state: &'static str,
    tone: &'static str,
    how: String,
    contradictions: Vec<String>,
    /// Where the document beside it is opened.
    document: Option<DocumentId>,
    /// Where the register says it.
    register: Option<String>,
    /// What the operator decides here, where something is open.
    form: Option<Form>,
}

/// A decision that a point of the checklist waits for.
enum Form {
    /// Verify a document, or turn it down.
    Document(DocumentId),
    /// Say how something was looked up.
    ByHand(String),
}

/// Somebody who may be the same professional.
struct HintLine {
    other: ProfessionalId,
    name: String,
    status: &'static str,
    same: String,
    open: bool,
    exemptions: Vec<String>,
    /// What the file keeps when the registration is refused as a duplicate.
    refusal: String,
}

/// Somebody who tried to register the same SIREN.
struct Attempt {
    who: String,
    when: String,
    ip: String,
}

struct OfferLine {
    id: OfferId,
    title: String,
    description: String,
    state: &'static str,
    published: bool,
    held: bool,
    /// Since when and why the operator hides it.
    hidden: Option<String>,
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
    members: Vec<MemberLine>,
    documents: Vec<DocumentLine>,
    missing: Vec<Missing>,
    checks: Vec<CheckLine>,
    left: usize,
    acceptable: bool,
    hints: Vec<HintLine>,
    undecided: bool,
    attempts: Vec<Attempt>,
    titles: Vec<TitleLine>,
    changes: Vec<ChangeLine>,
    versions: Vec<ChangeLine>,
    acceptances: Vec<Accepted>,
    offers: Vec<OfferLine>,
    internal_reason: Option<String>,
    complements: Option<String>,
    account: Option<String>,
    open: bool,
    measure_receipt: Option<ReceiptLine>,
    notice_receipt: Option<ReceiptLine>,
    today: String,
    standing: Standing,
    grounds: Vec<(String, &'static str)>,
    now: jiff::Timestamp,
    sent: Sent,
    notes: Notes,
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
        let offered = offered(&offers);
        let others = likenesses::alike(&desk.store, &professional).await?;
        let today = paris::local_date(call.now);
        let checks = professional.checklist(&offered, &others, today);
        let hints = professional.duplicate_hints(&others);
        let (changes, versions) = changes::of_file(desk, &professional).await?;
        let section = match professional.status {
            ProfessionalStatus::Accepted => Section::Professionals,
            _ => Section::Registrations,
        };
        let mut frame = Frame::of(section, &call.notice);
        frame.next = next_of(desk, &professional, section, call).await?;
        let key = Key::complaints(id);
        let complaints = desk.store.get::<Complaints>(key).await?;
        let complaints = complaints.map_or(0, |read| read.record.lately(call.now));
        let page = format!("/admin/professionnels/{id}");
        shown(&ProfessionalTemplate {
            frame,
            notes: notes(desk, id.as_str(), &page, &call.notice).await?,
            id: id.clone(),
            name: professional.name().to_owned(),
            status: words::status(professional.status),
            decidable: professional.status == ProfessionalStatus::Submitted,
            facts: facts(&professional, complaints.to_string()),
            description: professional.profile.description.clone().unwrap_or_default(),
            people: people(&professional),
            members: members(desk, id).await?,
            documents: document_lines(&professional),
            missing: professional.missing(),
            acceptances: acceptances(desk, &professional).await?,
            left: checks
                .iter()
                .filter(|one| one.state != CheckState::Done)
                .count(),
            checks: checks
                .into_iter()
                .map(|one| check_line(one, &professional))
                .collect(),
            acceptable: professional.undecided(&others, today).is_empty()
                && professional.check_duplicates(&others).is_ok(),
            undecided: hints.iter().any(|hint| !hint.to_decide.is_empty()),
            hints: hints.into_iter().map(hint_line).collect(),
            attempts: attempts(desk, &professional).await?,
            titles: missions(desk, &professional).await?,
            changes,
            versions,
            offers: offers
                .into_iter()
                .map(|read| offer_line(read.record, &professional.standing))
                .collect(),
            internal_reason: professional.internal_reason.clone(),
            complements: professional.complements.clone(),
            open: professional.status == ProfessionalStatus::Accepted,
            grounds: grounds()?,
            now: call.now,
            measure_receipt: measure_receipt(&professional.standing, call.now),
            notice_receipt: notice_receipt(&professional.standing, call.now),
            today: paris::local_date(call.now).to_string(),
            sent: Sent::new(&call.notice),
            account: professional.account.as_ref().map(ToString::to_string),
            standing: professional.standing,
        })
    }
}

/// The next registration, or the next documents of somebody accepted. Who was accepted just now leads on in
/// the queue of registrations.
async fn next_of(
    desk: &Desk<()>,
    professional: &Professional,
    section: Section,
    call: &Call<ProfessionalPage>,
) -> Result<Option<Next>, Problem> {
    let accepted_now = call.notice.done.as_deref() == Some("accept-professional");
    if section == Section::Registrations || accepted_now {
        next_registration(desk, professional, call).await
    } else {
        next_documents(desk, professional, call).await
    }
}

/// Whose documents wait longest behind this one's.
async fn next_documents(
    desk: &Desk<()>,
    professional: &Professional,
    call: &Call<ProfessionalPage>,
) -> Result<Option<Next>, Problem> {
    let decided = matches!(
        call.notice.done.as_deref(),
        Some("verify-document" | "reject-document")
    );
    // The row as it stands in the list, which may be some moments behind.
    let key = Key::documents_row(professional.id.as_str());
    let listed = desk.store.get::<DocumentsRow>(key).await?;
    let row = listed.as_ref().map(|read| read.record.clone());
    let Some(row) = row.or_else(|| decided.then(|| nothing_waits(professional, call.now))) else {
        return Ok(None);
    };
    let shown = |one: &DocumentsRow| Shown {
        address: documents::address(one),
        label: format!("pièces : {}", one.name),
        since: one.since,
    };
    let queue = Question::documents_waiting();
    let waits = listed.is_some();
    next(desk, queue, &row, waits, &call.notice, call.now, shown).await
}

/// Stands for a professional who left the list.
fn nothing_waits(professional: &Professional, now: Timestamp) -> DocumentsRow {
    DocumentsRow {
        professional: professional.id.clone(),
        name: professional.name().to_owned(),
        kinds: Vec::new(),
        since: now,
    }
}

/// The registration that waits longest behind this one.
async fn next_registration(
    desk: &Desk<()>,
    professional: &Professional,
    call: &Call<ProfessionalPage>,
) -> Result<Option<Next>, Problem> {
    let waits = professional.status == ProfessionalStatus::Submitted;
    let decided = matches!(
        call.notice.done.as_deref(),
        Some("accept-professional" | "refuse-professional" | "ask-for-complements")
    );
    if !waits && !decided {
        return Ok(None);
    }
    let queue = Question::professionals_in_status(ProfessionalStatus::Submitted);
    let shown = |one: &Professional| Shown {
        address: format!("/admin/professionnels/{}", one.id),
        label: one.name().to_owned(),
        since: one.submitted_at.unwrap_or(one.created_at),
    };
    next(
        desk,
        queue,
        professional,
        waits,
        &call.notice,
        call.now,
        shown,
    )
    .await
}

/// When the mail of a measure was received.
fn measure_receipt(standing: &Standing, now: Timestamp) -> Option<ReceiptLine> {
    let measure = standing.measure.as_ref()?;
    let needed = measure.needs_delivery(now);
    receipt(
        "measure",
        measure.receipt.as_ref(),
        measure.announced_at,
        needed,
    )
}

/// When the mail of a formal notice was received.
fn notice_receipt(standing: &Standing, now: Timestamp) -> Option<ReceiptLine> {
    let notice = standing.notice.as_ref()?;
    let needed = notice.needs_delivery(now);
    receipt("notice", notice.receipt.as_ref(), notice.given_at, needed)
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

fn facts(professional: &Professional, complaints: String) -> Vec<Fact> {
    let profile = &professional.profile;
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
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
            or_dash(profile.establishment.as_ref().map(Address::to_string)),
        ),
        (
            "Siège",
            or_dash(profile.head_office.as_ref().map(Address::to_string)),
        ),
        (
            "Téléphone",
            or_dash(profile.phone.as_ref().map(|it| it.display())),
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
        ("Réclamations en 90 jours", complaints),
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

/// Somebody who signs in for the professional, or did.
struct MemberLine {
    name: String,
    email: String,
    role: &'static str,
    since: String,
    left: Option<String>,
    /// What they did, in the log.
    activity: String,
}

async fn members(desk: &Desk<()>, id: &ProfessionalId) -> Result<Vec<MemberLine>, Problem> {
    let read = desk.store.get::<Members>(Key::members(id)).await?;
    let all = read.map(|read| read.record.members).unwrap_or_default();
    let line = |member: Member| MemberLine {
        name: member.name(),
        role: words::member(&member.role),
        since: moment(&member.since),
        left: member.left_at.as_ref().map(moment),
        activity: format!("/admin/activite?who={}", member.account),
        email: member.email.as_str().to_owned(),
    };
    Ok(all.into_iter().map(line).collect())
}

fn people(professional: &Professional) -> Vec<String> {
    let managers = professional.profile.managers.iter();
    let agents = professional.profile.agents.iter();
    managers
        .map(|manager| format!("{}, dirigeant", manager.name))
        .chain(agents.map(|agent| format!("{} {}, agent", agent.first_name, agent.last_name)))
        .collect()
}

fn document_lines(professional: &Professional) -> Vec<DocumentLine> {
    let documents = professional.documents.iter();
    documents
        .map(|document| document_line(professional, document))
        .collect()
}

fn document_line(professional: &Professional, document: &Document) -> DocumentLine {
    let shown = document.shown();
    DocumentLine {
        id: document.id.clone(),
        label: shown.label,
        whose: professional.whose(document).unwrap_or_default(),
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
        rejection: document.rejection.clone(),
        ended: document.ended_early.as_ref().map(|end| {
            let on = paris::short_date(end.on);
            format!("Prend fin le {on} : {}", end.reason)
        }),
        may_end: document.status == DocumentStatus::Verified
            && document.expires_on().is_some()
            && professional.status == ProfessionalStatus::Accepted,
    }
}

/// What a document says, in a line.
fn says(details: &ShownDetails) -> String {
    match details {
        ShownDetails::ManagerApproval {
            number, expires_on, ..
        }
        | ShownDetails::Authorisation {
            number, expires_on, ..
        }
        | ShownDetails::ProfessionalCard {
            number, expires_on, ..
        } => format!(
            "{}, jusqu’au {}",
            number.as_str(),
            paris::short_date(*expires_on)
        ),
        ShownDetails::FireSafetyDiploma {
            number, expires_on, ..
        } => format!("{number}, jusqu’au {}", paris::short_date(*expires_on)),
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

/// The activities that are sold, or about to be.
fn offered(offers: &[adapters::store::Versioned<Offer>]) -> Vec<Activity> {
    let offers = offers.iter().map(|read| &read.record);
    let live = offers.filter(|offer| offer.status != OfferStatus::Withdrawn);
    let mut activities: Vec<Activity> = live.map(|offer| offer.terms.activity).collect();
    activities.sort_unstable();
    activities.dedup();
    activities
}

fn check_line(check: Check, professional: &Professional) -> CheckLine {
    let (state, tone) = words::check(check.state);
    let open = professional.is_examined() && check.is_open();
    let form = match (check.by_hand, &check.document) {
        (Some(what), _) => Some(Form::ByHand(what.code())),
        (None, Some(document)) => Some(Form::Document(document.clone())),
        (None, None) => None,
    };
    let decided = match (check.method, check.at) {
        (Some(method), Some(at)) => format!("{method}, le {}", moment(&at)),
        (Some(method), None) => method,
        (None, Some(at)) => format!("le {}", moment(&at)),
        (None, None) => String::new(),
    };
    CheckLine {
        register: check.by_hand.and_then(|what| register(what, professional)),
        label: check.label,
        detail: check.detail,
        state,
        tone,
        how: match check.reason {
            Some(reason) => format!("{decided}. Retenu malgré la contradiction : {reason}"),
            None => decided,
        },
        contradictions: check.contradictions,
        document: check.document,
        form: form.filter(|_| open),
    }
}

/// Where the public register of companies tells what is looked up.
fn register(what: Checked, professional: &Professional) -> Option<String> {
    let siren = professional.profile.siren.as_ref()?;
    match what {
        Checked::Identity | Checked::Siren | Checked::Siret | Checked::Managers => Some(format!(
            "https://annuaire-entreprises.data.gouv.fr/entreprise/{}",
            siren.as_str()
        )),
        Checked::Vat | Checked::BankHolder | Checked::Mediator | Checked::Activity(_) => None,
    }
}

fn hint_line(hint: DuplicateHint) -> HintLine {
    let same = shared(&hint.same);
    let exemption = |one: &domain::professional::DuplicateExemption| {
        format!(
            "Exemption pour {} le {}, par {} : {}",
            shared(&one.same),
            moment(&one.at),
            one.by,
            one.reason
        )
    };
    HintLine {
        refusal: format!("Doublon {} ({}) : {same}.", of(&hint.name), hint.other),
        status: words::status(hint.status),
        open: !hint.to_decide.is_empty(),
        exemptions: hint.exemptions.iter().map(exemption).collect(),
        other: hint.other,
        name: hint.name,
        same,
    }
}

/// Registrations that were refused at once because this professional has their SIREN.
async fn attempts(desk: &Desk<()>, professional: &Professional) -> Result<Vec<Attempt>, Problem> {
    let Some(siren) = &professional.profile.siren else {
        return Ok(Vec::new());
    };
    let claim = UniqueClaim::siren(siren, &professional.id).what;
    let question = Question::activity_on(&claim).limit(20);
    let lines = desk.store.ask::<ActivityLine>(question).await?;
    let lines = lines.records.into_iter().map(|read| read.record);
    let others = lines.filter(|line| line.who != professional.id.as_str());
    Ok(others
        .map(|line| Attempt {
            when: moment(&line.at),
            who: line.who,
            ip: line.ip,
        })
        .collect())
}

/// Accepted missions that lack one of this professional's titles.
async fn missions(desk: &Desk<()>, professional: &Professional) -> Result<Vec<TitleLine>, Problem> {
    let question = Question::missions_without_title();
    let bookings = desk.store.ask_all::<Booking>(question).await?;
    let bookings = bookings.into_iter().map(|read| read.record);
    let ours = bookings.filter(|booking| booking.professional == professional.id);
    Ok(ours
        .flat_map(|booking| titles::lines(&booking, Some(professional)))
        .collect())
}

fn offer_line(offer: Offer, standing: &Standing) -> OfferLine {
    let hidden = standing.hidden_offers.iter();
    let mut hidden = hidden.filter(|one| one.offer == offer.id).map(|one| {
        format!(
            "Masquée depuis le {} : {}. {}",
            moment(&one.at),
            one.reasons.ground.label(),
            one.reasons.text
        )
    });
    OfferLine {
        published: offer.status == OfferStatus::Published,
        held: offer.status == OfferStatus::Held,
        hidden: hidden.next(),
        id: offer.id,
        title: offer.terms.title,
        description: offer.terms.description,
        state: match offer.status {
            OfferStatus::Draft => "Brouillon",
            OfferStatus::Held => "À décider",
            OfferStatus::Published => "Publiée",
            OfferStatus::Withdrawn => "Retirée",
        },
    }
}
