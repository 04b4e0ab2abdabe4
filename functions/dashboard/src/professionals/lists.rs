//! The queue of registrations, and the list of professionals.

use adapters::store::{Question, status_code};
use askama::Template;
use domain::ids::ProfessionalId;
use domain::professional::{DuplicateHint, Professional, ProfessionalStatus, Resemblance};
use domain::typography::than;
use futures::future::try_join_all;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, moment, shown, since};
use crate::words;

/// Registrations that wait.
pub(crate) struct RegistrationsPage;

/// Which ones.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct RegistrationsQuery {
    etat: Option<ProfessionalStatus>,
    apres: Option<String>,
}

struct Line {
    id: ProfessionalId,
    name: String,
    kind: &'static str,
    siren: String,
    since: Timestamp,
    age: String,
    late: bool,
    hints: Vec<Hint>,
}

struct Hint {
    words: String,
    open: bool,
}

struct Tab {
    label: &'static str,
    address: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "registrations.html")]
struct RegistrationsTemplate {
    frame: Frame,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    next: Option<String>,
}

/// The operator answers within this many hours, or the queue says so.
const LATE_HOURS: i64 = 72;

impl Operation for RegistrationsPage {
    const NAME: &'static str = "show-registrations";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/inscriptions";
    const SUMMARY: &'static str = "Registrations in one status, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = RegistrationsQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let asked = call.input.etat.unwrap_or(ProfessionalStatus::Submitted);
        let tabs = [
            ProfessionalStatus::Submitted,
            ProfessionalStatus::ComplementsRequested,
            ProfessionalStatus::Draft,
            ProfessionalStatus::Refused,
        ];
        let question = Question::professionals_in_status(asked).after(call.input.apres.clone());
        let page = desk.store.ask::<Professional>(question).await?;
        let records = page.records.into_iter().map(|read| read.record);
        let lines = records.map(|one| line(desk, one, call.now));
        let lines = try_join_all(lines).await?;
        shown(&RegistrationsTemplate {
            frame: Frame::of(Section::Registrations, &call.notice),
            tabs: tabs
                .into_iter()
                .map(|status| Tab {
                    label: words::status(status),
                    address: format!("{}?etat={}", Self::PATH, status_code(status)),
                    current: status == asked,
                })
                .collect(),
            lines,
            next: page
                .next
                .map(|next| format!("{}?etat={}&apres={next}", Self::PATH, status_code(asked))),
        })
    }
}

async fn line(
    desk: &Desk<()>,
    professional: Professional,
    now: Timestamp,
) -> Result<Line, Problem> {
    let hints = operator::duplicate_hints(&desk.store, &professional).await?;
    let since_when = professional.submitted_at.unwrap_or(professional.created_at);
    Ok(Line {
        id: professional.id.clone(),
        name: professional.name().to_owned(),
        kind: words::kind(professional.profile.kind),
        siren: professional
            .profile
            .siren
            .as_ref()
            .map_or("—".to_owned(), |siren| siren.as_str().to_owned()),
        since: since_when,
        age: since(&since_when, &now),
        late: professional.status == ProfessionalStatus::Submitted
            && now.duration_since(since_when).as_hours() >= LATE_HOURS,
        hints: hints.iter().map(hint).collect(),
    })
}

/// What a professional has in common with another, and whether it waits for a decision.
fn hint(hint: &DuplicateHint) -> Hint {
    Hint {
        words: format!("{} {}", shared(&hint.same), than(&hint.name)),
        open: !hint.to_decide.is_empty(),
    }
}

/// `même IBAN, même téléphone`.
pub(super) fn shared(same: &[Resemblance]) -> String {
    let same: Vec<&str> = same.iter().map(|same| words::resemblance(*same)).collect();
    same.join(", ")
}

/// Accepted professionals; the box of every page finds anybody.
pub(crate) struct ProfessionalsPage;

/// Where the list goes on.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ProfessionalsQuery {
    apres: Option<String>,
}

#[derive(Template)]
#[template(path = "professionals.html")]
struct ProfessionalsTemplate {
    frame: Frame,
    lines: Vec<AcceptedLine>,
    next: Option<String>,
}

struct AcceptedLine {
    id: ProfessionalId,
    name: String,
    siren: String,
    state: &'static str,
    tone: &'static str,
    titles_until: String,
    rating: String,
}

impl Operation for ProfessionalsPage {
    const NAME: &'static str = "show-professionals";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/professionnels";
    const SUMMARY: &'static str = "Accepted professionals.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ProfessionalsQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let question = Question::professionals_in_status(ProfessionalStatus::Accepted)
            .after(call.input.apres.clone());
        let page = desk.store.ask::<Professional>(question).await?;
        let today = domain::time::paris::local_date(call.now);
        let lines: Vec<AcceptedLine> = page
            .records
            .iter()
            .map(|read| accepted_line(&read.record, today))
            .collect();
        shown(&ProfessionalsTemplate {
            frame: Frame::of(Section::Professionals, &call.notice),
            lines,
            next: page.next.map(|next| format!("{}?apres={next}", Self::PATH)),
        })
    }
}

fn accepted_line(one: &Professional, today: Date) -> AcceptedLine {
    let in_force = one.standing.bars_sign_in().is_some();
    let (state, tone) = if one.status != ProfessionalStatus::Accepted {
        (words::status(one.status), "")
    } else if in_force {
        ("Suspendu", "bad")
    } else if one.hidden_at.is_some() {
        ("Masqué", "bad")
    } else if one.standing.measure.is_some() {
        ("Mesure annoncée", "warn")
    } else if !one.is_payable() {
        ("Versements inactifs", "warn")
    } else {
        ("En ligne", "good")
    };
    AcceptedLine {
        id: one.id.clone(),
        name: one.name().to_owned(),
        siren: one
            .profile
            .siren
            .as_ref()
            .map_or("—".to_owned(), |siren| siren.as_str().to_owned()),
        state,
        tone,
        titles_until: one
            .titles_valid_until(today)
            .map_or("—".to_owned(), domain::time::paris::short_date),
        rating: match one.record.ratings_count {
            0 => "Nouveau".to_owned(),
            count => format!(
                "{}/5 ({count})",
                (f64::from(one.record.ratings_sum) / f64::from(count) * 10.0).round() / 10.0
            )
            .replace('.', ","),
        },
    }
}
