//! Requests about data: the queue, longest waiting first, the register, and one request with its answer.

use adapters::store::{Key, Question};
use askama::Template;
use domain::data_request::{Channel, DataRequest, DataRequestState, DataRight, Outcome};
use domain::ids::AccountId;
use domain::time::paris;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::{SignedDuration, Timestamp};
use operator::DataRequestPath;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, Sent, moment, shown, since};

/// From so long before its last day on, a request is urgent.
const SOON: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The requests.
pub(crate) struct DataRequestsPage;

/// Which ones.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct DataRequestsQuery {
    /// `repondues` for the register of those that were answered.
    etat: Option<String>,
    apres: Option<String>,
}

struct Line {
    request: DataRequest,
    age: String,
    due: String,
    urgent: bool,
}

#[derive(Template)]
#[template(path = "data_requests.html")]
struct DataRequestsTemplate {
    frame: Frame,
    open: bool,
    lines: Vec<Line>,
    next: Option<String>,
    today: String,
    sent: Sent,
}

impl Operation for DataRequestsPage {
    const NAME: &'static str = "show-data-requests";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/demandes";
    const SUMMARY: &'static str = "Requests about data: those to answer, the first due first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = DataRequestsQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let answered = call.input.etat.as_deref() == Some("repondues");
        let question = if answered {
            Question::data_requests_answered()
        } else {
            Question::data_requests_open()
        };
        let question = question.after(call.input.apres.clone());
        let page = desk.store.ask::<DataRequest>(question).await?;
        let lines = page.records.into_iter().map(|read| read.record);
        let state = if answered { "repondues" } else { "ouvertes" };
        shown(&DataRequestsTemplate {
            frame: Frame::of(Section::Data, &call.notice),
            open: !answered,
            lines: lines.map(|request| line(request, call.now)).collect(),
            next: page
                .next
                .map(|next| format!("{}?etat={state}&apres={next}", Self::PATH)),
            today: paris::local_date(call.now).to_string(),
            sent: Sent::new(&call.notice),
        })
    }
}

fn line(request: DataRequest, now: Timestamp) -> Line {
    Line {
        age: since(&request.received_at, &now),
        due: moment(&request.due_at()),
        urgent: now + SOON >= request.due_at(),
        request,
    }
}

/// One request.
pub(crate) struct DataRequestPage;

#[derive(Template)]
#[template(path = "data_request.html")]
struct DataRequestTemplate {
    frame: Frame,
    line: Line,
    account: Option<AccountId>,
    open: bool,
    sent: Sent,
}

impl Operation for DataRequestPage {
    const NAME: &'static str = "show-data-request";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/demandes/{request}";
    const SUMMARY: &'static str = "A request about data, and its answer.";
    type Outside = ();
    type Who = Admin;
    type Path = DataRequestPath;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let key = Key::data_request(&call.path.request);
        let read = desk.store.get::<DataRequest>(key).await?;
        let request = read.ok_or_else(Problem::not_found)?.record;
        shown(&DataRequestTemplate {
            frame: Frame::of(Section::Data, &call.notice),
            account: request.account.clone(),
            open: request.state() == DataRequestState::Open,
            line: line(request, call.now),
            sent: Sent::new(&call.notice),
        })
    }
}
