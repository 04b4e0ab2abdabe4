//! A client as the operator sees them, and what professionals said of them: for a stated reason alone
//! (terms, articles 2.2 and 5).

use std::collections::BTreeMap;

use adapters::store::{Key, Question};
use askama::Template;
use domain::account::{Account, ClientKind, Role};
use domain::booking::Booking;
use domain::ids::{AccountId, BookingId};
use domain::operator::Duty;
use domain::professional::Professional;
use domain::review::Evaluation;
use http_function::{Admin, Call, Desk, Html, Notice, Operation, Problem, Reply};
use operator::{CaseAsked, ListEvaluations};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::case::CaseForm;
use crate::frame::{Frame, Section, moment, shown};
use crate::notes::{Notes, notes};

/// One client.
pub(crate) struct ClientPage;

/// Which.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ClientPath {
    pub(crate) account: AccountId,
}

/// Where the list of bookings goes on.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ClientQuery {
    apres: Option<String>,
}

struct Line {
    id: BookingId,
    reference: String,
    professional: String,
    state: &'static str,
    starts: String,
}

#[derive(Template)]
#[template(path = "client.html")]
struct ClientTemplate {
    frame: Frame,
    id: AccountId,
    name: String,
    kind: String,
    phone: String,
    account: Account,
    bookings: Vec<Line>,
    next: Option<String>,
    case: CaseForm,
    notes: Notes,
    open: bool,
    typed_email: String,
    typed_proof: String,
}

impl Operation for ClientPage {
    const NAME: &'static str = "show-client";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/clients/{account}";
    const SUMMARY: &'static str = "A client: account, last bookings, and the way to evaluations.";
    type Outside = ();
    type Who = Admin;
    type Path = ClientPath;
    type Input = ClientQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let id = &call.path.account;
        let account = client(desk, id).await?;
        let question = Question::bookings_of_client(id)
            .limit(20)
            .after(call.input.apres.clone());
        let page = desk.store.ask::<Booking>(question).await?;
        let next = page
            .next
            .map(|next| format!("/admin/clients/{id}?apres={next}"));
        let bookings = page.records.into_iter().map(|read| read.record);
        shown(&ClientTemplate {
            frame: Frame::of(Section::Clients, &call.notice),
            id: id.clone(),
            notes: notes(
                desk,
                id.as_str(),
                &format!("/admin/clients/{id}"),
                &call.notice,
            )
            .await?,
            next,
            open: account.closed_at.is_none(),
            typed_email: call.notice.typed("email").to_owned(),
            typed_proof: call.notice.typed("proof").to_owned(),
            name: name(&account),
            kind: kind(&account),
            phone: account
                .client
                .as_ref()
                .map_or_else(|| "—".to_owned(), |profile| profile.phone.display()),
            account,
            bookings: bookings.map(booking_line).collect(),
            case: case(id, &call.notice),
        })
    }
}

fn booking_line(booking: Booking) -> Line {
    Line {
        id: booking.id,
        reference: booking.reference,
        professional: booking.professional_name,
        state: booking.state.label(),
        starts: moment(&booking.mission.interval.start()),
    }
}

fn case(id: &AccountId, notice: &Notice) -> CaseForm {
    let address = format!("/admin/clients/{id}/evaluations");
    CaseForm::new(address, "Lire les évaluations", notice)
}

async fn client(desk: &Desk<()>, id: &AccountId) -> Result<Account, Problem> {
    let read = desk.store.get::<Account>(Key::account(id)).await?;
    read.map(|read| read.record)
        .filter(|account| account.role == Role::Client)
        .ok_or_else(Problem::not_found)
}

fn name(account: &Account) -> String {
    let profile = account.client.as_ref();
    profile.map_or_else(
        || account.id.to_string(),
        |profile| format!("{} {}", profile.first_name, profile.last_name),
    )
}

fn kind(account: &Account) -> String {
    match account.client.as_ref().map(|profile| &profile.kind) {
        Some(ClientKind::Business { company, .. }) => format!("Entreprise : {company}"),
        Some(ClientKind::Consumer) => "Consommateur".to_owned(),
        None => "—".to_owned(),
    }
}

/// The private evaluations of a client, shown once in the answer to a stated reason.
pub(crate) struct ShowEvaluations;

struct EvaluationLine {
    booking: BookingId,
    professional: String,
    when: String,
    rating: u8,
    clarity: u8,
    welcome: u8,
    safety: u8,
    comment: String,
}

#[derive(Template)]
#[template(path = "evaluations.html")]
struct EvaluationsTemplate {
    frame: Frame,
    id: AccountId,
    name: String,
    reason: String,
    lines: Vec<EvaluationLine>,
}

impl Operation for ShowEvaluations {
    const NAME: &'static str = ListEvaluations::NAME;
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/clients/{account}/evaluations";
    const SUMMARY: &'static str =
        "What professionals said of a client, for a reason that is written down.";
    const SECRET: bool = true;
    const DUTY: Duty = Duty::Decide;
    type Outside = ();
    type Who = Admin;
    type Path = ClientPath;
    type Input = CaseAsked;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let id = &call.path.account;
        let reason = call.input.reason()?;
        let account = client(desk, id).await?;
        let question = Question::evaluations_of(id);
        let read = desk.store.ask_all::<Evaluation>(question).await?;
        let evaluations: Vec<Evaluation> = read.into_iter().map(|read| read.record).collect();
        let names = names(desk, &evaluations).await?;
        let changes = call
            .changes()
            .activity_because(Self::NAME, id.as_str(), &reason);
        let page = EvaluationsTemplate {
            frame: Frame::of(Section::Clients, &call.notice),
            id: id.clone(),
            name: name(&account),
            reason,
            lines: evaluations
                .into_iter()
                .map(|evaluation| line(evaluation, &names))
                .collect(),
        };
        Ok(shown(&page)?.changing(changes))
    }
}

/// The names of those who wrote.
async fn names(
    desk: &Desk<()>,
    evaluations: &[Evaluation],
) -> Result<BTreeMap<String, String>, Problem> {
    let mut names = BTreeMap::new();
    for id in evaluations.iter().map(|one| &one.professional) {
        if names.contains_key(id.as_str()) {
            continue;
        }
        let read = desk
            .store
            .get::<Professional>(Key::professional(id))
            .await?;
        let name = read.map_or_else(|| id.to_string(), |read| read.record.name().to_owned());
        names.insert(id.to_string(), name);
    }
    Ok(names)
}

fn line(evaluation: Evaluation, names: &BTreeMap<String, String>) -> EvaluationLine {
    let name = names.get(evaluation.professional.as_str());
    EvaluationLine {
        professional: name.cloned().unwrap_or_default(),
        booking: evaluation.booking,
        when: moment(&evaluation.submitted_at),
        rating: evaluation.text.rating.value(),
        clarity: evaluation.text.clarity.value(),
        welcome: evaluation.text.welcome.value(),
        safety: evaluation.text.safety.value(),
        comment: evaluation.text.comment,
    }
}
