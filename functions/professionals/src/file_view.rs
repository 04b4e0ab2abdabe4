//! What a professional sees of the file: what is in force, what waits, and every version.

use adapters::store::{AgendaDay, Question, Versioned};
use domain::identifiers::{Email, VatNumber};
use domain::ids::{AgentId, BookingId, EstablishmentId, FileChangeId, ManagerId, ProfessionalId};
use domain::pricing::VatStatus;
use domain::professional::{
    AnnouncedCard, ChangeState, Difference, Document, FileChange, Holder, Professional as Record,
    Profile, Proposal, Proposed, ShownDocument,
};
use domain::time::paris;
use http_function::{Desk, Problem};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use schemars::JsonSchema;
use serde::Serialize;

/// Missions are ordered at most so many days ahead.
const MISSIONS_WITHIN_DAYS: i64 = 80;

/// The file as its professional sees it.
#[derive(Serialize, JsonSchema)]
pub struct FileView {
    /// The address that signs in: it is changed in the account.
    email: Email,
    /// What is in force.
    profile: Profile,
    /// A change of VAT that takes effect on a day to come.
    vat_to_come: Option<VatToCome>,
    /// The documents, IBAN masked.
    documents: Vec<ShownDocument>,
    /// Who waits for the operator.
    proposed: Proposed,
    /// What waits, the longest first.
    waiting: Vec<ChangeView>,
    /// What was decided or needed no decision, newest first.
    history: Vec<ChangeView>,
    /// Shifts of agents who left, nearest first.
    to_give: Vec<ShiftToGive>,
}

/// A change of VAT that was accepted.
#[derive(Serialize, JsonSchema)]
struct VatToCome {
    /// From which day on.
    from: Date,
    /// What.
    status: VatStatus,
    /// Under which number.
    number: Option<VatNumber>,
}

/// Something said about a change.
#[derive(Serialize, JsonSchema)]
struct RemarkView {
    /// Whether the operator said it.
    by_operator: bool,
    /// When.
    at: Timestamp,
    /// What.
    text: String,
}

/// A change of the file.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ChangeView {
    /// Its identifier.
    id: FileChangeId,
    /// What is changed, such as `identity` or `agent_joins`.
    what: &'static str,
    /// The same in words.
    title: String,
    /// Where it stands.
    state: ChangeState,
    /// Field by field.
    differences: Vec<Difference>,
    /// The manager to come.
    manager: Option<ManagerId>,
    /// The agent to come.
    agent: Option<AgentId>,
    /// What was announced of the card of the agent to come.
    card: Option<AnnouncedCard>,
    /// The establishment to come.
    establishment: Option<EstablishmentId>,
    /// When it was asked for.
    asked_at: Timestamp,
    /// From which address.
    ip: String,
    /// With which browser.
    browser: String,
    /// What was asked and answered.
    remarks: Vec<RemarkView>,
    /// When it was decided.
    decided_at: Option<Timestamp>,
    /// Why it was turned down.
    reason: Option<String>,
}

/// A shift of somebody who left.
#[derive(Serialize, JsonSchema)]
struct ShiftToGive {
    /// Of which booking.
    booking: BookingId,
    /// Who was to do it.
    name: String,
    /// Its start.
    start: Timestamp,
    /// Its end.
    end: Timestamp,
}

/// Every change of a file, newest first.
pub(crate) async fn changes_of<O>(
    desk: &Desk<O>,
    professional: &ProfessionalId,
) -> Result<Vec<Versioned<FileChange>>, Problem> {
    let question = Question::file_changes_of(professional);
    Ok(desk.store.ask_all::<FileChange>(question).await?)
}

/// The file with its changes as they are, or as they are about to be.
pub(crate) async fn view<O>(
    desk: &Desk<O>,
    professional: &Record,
    changes: Vec<FileChange>,
    now: Timestamp,
) -> Result<FileView, Problem> {
    let (mut waiting, history): (Vec<_>, Vec<_>) = changes
        .into_iter()
        .partition(|change| change.state.is_open());
    waiting.sort_by_key(|change| change.asked_at);
    let next = professional.vat_history.next.as_ref();
    Ok(FileView {
        email: professional.email.clone(),
        profile: professional.profile.clone(),
        vat_to_come: next.map(|next| VatToCome {
            from: next.from,
            status: next.vat.status,
            number: next.vat.number.clone(),
        }),
        documents: professional.documents.iter().map(Document::shown).collect(),
        proposed: professional.proposed.clone(),
        waiting: waiting.into_iter().map(change).collect(),
        history: history.into_iter().map(change).collect(),
        to_give: to_give(desk, professional, now).await?,
    })
}

fn change(change: FileChange) -> ChangeView {
    let differences = change.differences();
    let (mut manager, mut agent, mut establishment) = (None, None, None);
    match change.proposal.holder() {
        Some(Holder::Manager(id)) => manager = Some(id.clone()),
        Some(Holder::Agent(id)) => agent = Some(id.clone()),
        Some(Holder::Establishment(id)) => establishment = Some(id.clone()),
        Some(Holder::Company) | None => {}
    }
    let card = match &change.proposal {
        Proposal::AgentJoins { card, .. } => card.clone(),
        _ => None,
    };
    let asked_by = change.asked_by;
    let remarks = change.remarks.into_iter().map(|remark| RemarkView {
        by_operator: remark.by != asked_by,
        at: remark.at,
        text: remark.text,
    });
    ChangeView {
        id: change.id,
        what: change.proposal.code(),
        title: change.proposal.title(),
        state: change.state,
        differences,
        manager,
        agent,
        card,
        establishment,
        asked_at: change.asked_at,
        ip: change.ip,
        browser: change.browser,
        remarks: remarks.collect(),
        decided_at: change.decision.as_ref().map(|decision| decision.at),
        reason: change.decision.and_then(|decision| decision.reason),
    }
}

/// What agents who left were to do, from now on.
async fn to_give<O>(
    desk: &Desk<O>,
    professional: &Record,
    now: Timestamp,
) -> Result<Vec<ShiftToGive>, Problem> {
    if professional.departed.is_empty() {
        return Ok(Vec::new());
    }
    let today = paris::local_date(now);
    let (first, last) = (
        today.saturating_sub(1.day()),
        today.saturating_add(MISSIONS_WITHIN_DAYS.days()),
    );
    let question = Question::agenda(&professional.id, first, last);
    let days = desk.store.ask_all::<AgendaDay>(question).await?;
    let busy = days.into_iter().flat_map(|day| day.record.occupations);
    let mut list: Vec<ShiftToGive> = Vec::new();
    for one in busy.filter(|one| one.held_until.is_none() && one.interval.end() > now) {
        let mut departed = professional.departed.iter();
        let who = departed.find(|agent| agent.id.as_str() == one.agent);
        let (Some(who), Ok(booking)) = (who, BookingId::parse(&one.booking)) else {
            continue;
        };
        // A night is in the agenda of both of its days.
        let start = one.interval.start();
        let known = |shift: &ShiftToGive| shift.booking == booking && shift.name == who.name();
        if !list.iter().any(known) {
            list.push(ShiftToGive {
                name: who.name(),
                booking,
                start,
                end: one.interval.end(),
            });
        }
    }
    list.sort_by_key(|shift| shift.start);
    Ok(list)
}
