//! The operator says what was made of a report: a form of the dashboard.

use adapters::store::Key;
use domain::event::Event;
use domain::ids::ReportId;
use domain::operator::Duty;
use domain::report::Report;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

/// Close a report with its decision; whoever made it is told, if they wanted to be.
pub struct DecideReport;

/// The report named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct ReportPath {
    /// The report.
    pub(crate) report: ReportId,
}

/// What was decided.
#[derive(Deserialize, JsonSchema)]
pub struct ReportDecided {
    /// What was decided and why, for whoever reported.
    #[schemars(length(min = 20, max = 2000))]
    decision: String,
}

impl Operation for DecideReport {
    const NAME: &'static str = "decide-report";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/signalements/{report}";
    const SUMMARY: &'static str = "Say what was made of a report; its author is told.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = ReportPath;
    type Input = ReportDecided;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let key = Key::report(&call.path.report);
        let read = desk.store.get::<Report>(key).await?;
        let read = read.ok_or_else(Problem::not_found)?;
        let mut report = read.record.clone();
        report.decide(&call.input.decision, &call.who.account, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &report)
            .event(Event::ReportDecided {
                report: report.id.clone(),
            })
            .activity(Self::NAME, report.id.as_str());
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
