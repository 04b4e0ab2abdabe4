//! Documents that professionals deposited after acceptance, and that wait for a decision.

use adapters::store::{DocumentsRow, Question};
use askama::Template;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};

use crate::frame::{Frame, Section, moment, shown, since};

/// How many a page shows: those behind them come once they are dealt with.
const MOST: i32 = 50;

/// Those who wait.
pub(crate) struct DocumentsPage;

struct Waiting {
    address: String,
    name: String,
    documents: String,
    deposited: String,
    age: String,
}

#[derive(Template)]
#[template(path = "documents.html")]
struct DocumentsTemplate {
    frame: Frame,
    waiting: Vec<Waiting>,
}

impl Operation for DocumentsPage {
    const NAME: &'static str = "show-documents-waiting";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/pieces";
    const SUMMARY: &'static str =
        "Documents of accepted professionals that wait for a decision, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let question = Question::documents_waiting().limit(MOST);
        let page = desk.store.ask::<DocumentsRow>(question).await?;
        let rows = page.records.into_iter().map(|read| read.record);
        let waiting = rows.map(|row| {
            let kinds: Vec<&str> = row.kinds.iter().map(|kind| kind.label()).collect();
            Waiting {
                address: address(&row),
                name: row.name,
                documents: kinds.join(", "),
                deposited: moment(&row.since),
                age: since(&row.since, &call.now),
            }
        });
        shown(&DocumentsTemplate {
            frame: Frame::of(Section::Professionals, &call.notice),
            waiting: waiting.collect(),
        })
    }
}

/// Where they are decided.
pub(crate) fn address(row: &DocumentsRow) -> String {
    format!("/admin/professionnels/{}#controle", row.professional)
}
