//! Who did what, when and from where (terms, article 5).

use adapters::store::{ActivityLine, Page, Question};
use askama::Template;
use http_function::{Admin, Answer, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, moment, shown};

/// The log.
pub(crate) struct ActivityPage;

/// Whose actions, or on what.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ActivityQuery {
    /// What this account, or `system`, did.
    who: Option<String>,
    /// What was done to this, an identifier.
    subject: Option<String>,
    /// Only this action.
    action: Option<String>,
    apres: Option<String>,
}

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityTemplate {
    frame: Frame,
    who: String,
    subject: String,
    action: String,
    asked: bool,
    lines: Vec<ActivityLine>,
    csv: String,
    next: Option<String>,
}

impl Operation for ActivityPage {
    const NAME: &'static str = "show-activity";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/activite";
    const SUMMARY: &'static str = "Who did what, by account or by what it was done to.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ActivityQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let asked = &call.input;
        let page = read(desk, asked).await?;
        let query = |after: Option<&str>| {
            let given = [
                ("who", asked.who.as_deref()),
                ("subject", asked.subject.as_deref()),
                ("action", asked.action.as_deref()),
                ("apres", after),
            ];
            let given = given
                .into_iter()
                .filter_map(|(name, value)| Some(format!("{name}={}", value?)));
            given.collect::<Vec<_>>().join("&")
        };
        shown(&ActivityTemplate {
            frame: Frame::of(Section::Activity, &call.notice),
            who: asked.who.clone().unwrap_or_default(),
            subject: asked.subject.clone().unwrap_or_default(),
            action: asked.action.clone().unwrap_or_default(),
            asked: question(asked).is_some(),
            csv: format!("{}?{}", DownloadActivity::PATH, query(None)),
            next: page
                .next
                .as_deref()
                .map(|next| format!("{}?{}", Self::PATH, query(Some(next)))),
            lines: page.records,
        })
    }
}

struct Lines {
    records: Vec<ActivityLine>,
    next: Option<String>,
}

async fn read(desk: &Desk<()>, asked: &ActivityQuery) -> Result<Lines, Problem> {
    let Some(question) = question(asked) else {
        return Ok(Lines {
            records: Vec::new(),
            next: None,
        });
    };
    let question = question.limit(100).after(asked.apres.clone());
    let page: Page<ActivityLine> = desk.store.ask::<ActivityLine>(question).await?;
    let wanted = |line: &ActivityLine| {
        asked
            .action
            .as_deref()
            .is_none_or(|action| line.action.contains(action))
    };
    Ok(Lines {
        records: page
            .records
            .into_iter()
            .map(|read| read.record)
            .filter(wanted)
            .collect(),
        next: page.next,
    })
}

fn question(asked: &ActivityQuery) -> Option<Question> {
    match (asked.who.as_deref(), asked.subject.as_deref()) {
        (Some(who), _) => Some(Question::activity_of(who)),
        (None, Some(subject)) => Some(Question::activity_on(subject)),
        (None, None) => None,
    }
}

/// The same as a file for a spreadsheet.
pub(crate) struct DownloadActivity;

/// A file of values separated by semicolons, as French spreadsheets read them.
pub(crate) struct Csv(String);

impl Answer for Csv {
    const MEDIA_TYPE: &'static str = "text/csv; charset=utf-8";
    fn body(&self) -> Result<String, Problem> {
        Ok(self.0.clone())
    }
}

impl Operation for DownloadActivity {
    const NAME: &'static str = "download-activity";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/activite.csv";
    const SUMMARY: &'static str = "The last lines of the log, for a spreadsheet.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ActivityQuery;
    type Output = Csv;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Csv>, Problem> {
        let Some(question) = question(&call.input) else {
            return Err(Problem::not_found());
        };
        let lines = desk.store.ask_all::<ActivityLine>(question).await?;
        let mut csv = csv::WriterBuilder::new()
            .delimiter(b';')
            .from_writer(Vec::new());
        let head = [
            "quand",
            "qui",
            "action",
            "sur",
            "motif",
            "adresse IP",
            "navigateur",
            "requête",
        ];
        csv.write_record(head).map_err(Problem::internal)?;
        for line in lines.into_iter().map(|read| read.record) {
            let cells = [
                line.at.to_string(),
                line.who,
                line.action,
                line.subject,
                line.note.unwrap_or_default(),
                line.ip,
                line.browser,
                line.request,
            ];
            csv.write_record(cells.map(harmless))
                .map_err(Problem::internal)?;
        }
        let bytes = csv.into_inner().map_err(Problem::internal)?;
        let text = String::from_utf8(bytes).map_err(Problem::internal)?;
        Ok(Reply::ok(Csv(text)))
    }
}

/// A cell that a spreadsheet does not take for a formula: browsers choose their own names.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(harmless("=HYPERLINK(1)".to_owned()), "'=HYPERLINK(1)");
        assert_eq!(harmless("Mozilla/5.0".to_owned()), "Mozilla/5.0");
    }
}
