//! What visitors report, and what was made of it.

use adapters::store::{Key, Question, report_state_code};
use askama::Template;
use domain::ids::{ProfessionalId, ReportId};
use domain::professional::Professional;
use domain::report::{Report, ReportState};
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, moment, shown, since};
use crate::queue::{Shown, next};

/// The reports.
pub(crate) struct ReportsPage;

/// Which ones.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ReportsQuery {
    etat: Option<ReportState>,
    apres: Option<String>,
}

struct ReportLine {
    id: ReportId,
    reason: &'static str,
    excerpt: String,
    reported: String,
    age: String,
}

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportsTemplate {
    frame: Frame,
    open: bool,
    lines: Vec<ReportLine>,
    next: Option<String>,
}

impl Operation for ReportsPage {
    const NAME: &'static str = "show-reports";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/signalements";
    const SUMMARY: &'static str = "Reports of contents, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ReportsQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let asked = call.input.etat.unwrap_or(ReportState::Open);
        let question = Question::reports_in_state(asked).after(call.input.apres.clone());
        let page = desk.store.ask::<Report>(question).await?;
        let lines = page.records.into_iter().map(|read| read.record);
        shown(&ReportsTemplate {
            frame: Frame::of(Section::Reviews, &call.notice),
            open: asked == ReportState::Open,
            lines: lines
                .map(|report| ReportLine {
                    reason: report.reason.label(),
                    excerpt: report.text.chars().take(140).collect(),
                    reported: moment(&report.reported_at),
                    age: since(&report.reported_at, &call.now),
                    id: report.id,
                })
                .collect(),
            next: page.next.map(|next| {
                format!(
                    "{}?etat={}&apres={next}",
                    Self::PATH,
                    report_state_code(asked)
                )
            }),
        })
    }
}

/// One report.
pub(crate) struct ReportPage;

/// Which.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ReportPath {
    report: ReportId,
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportTemplate {
    frame: Frame,
    report: Report,
    professional: Option<(ProfessionalId, String)>,
    typed_decision: String,
}

impl Operation for ReportPage {
    const NAME: &'static str = "show-report";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/signalements/{report}";
    const SUMMARY: &'static str = "A report, and what was made of it.";
    type Outside = ();
    type Who = Admin;
    type Path = ReportPath;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let key = Key::report(&call.path.report);
        let read = desk.store.get::<Report>(key).await?;
        let report = read.ok_or_else(Problem::not_found)?.record;
        let professional = match &report.professional {
            None => None,
            Some(id) => {
                let read = desk
                    .store
                    .get::<Professional>(Key::professional(id))
                    .await?;
                let name =
                    read.map_or_else(|| id.to_string(), |read| read.record.name().to_owned());
                Some((id.clone(), name))
            }
        };
        let mut frame = Frame::of(Section::Reviews, &call.notice);
        let waits = report.state() == ReportState::Open;
        let queue = Question::reports_in_state(ReportState::Open);
        let coming = |one: &Report| Shown {
            address: format!("/admin/signalements/{}", one.id),
            label: one.reason.label().to_owned(),
            since: one.reported_at,
        };
        frame.next = next(desk, queue, &report, waits, &call.notice, call.now, coming).await?;
        shown(&ReportTemplate {
            frame,
            typed_decision: call.notice.typed("decision").to_owned(),
            professional,
            report,
        })
    }
}
