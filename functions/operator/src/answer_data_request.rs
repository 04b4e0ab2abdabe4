//! Requests about data: entered by the operator where they came by letter, mail or telephone, given more
//! time, and answered. Forms of the dashboard.

use adapters::ids::fresh;
use adapters::store::{Changes, Key, Versioned};
use domain::account::{Account, ChosenBy, Role};
use domain::data_request::{Channel, DataRequest, DataRequestRefused, DataRight, Outcome};
use domain::event::{DataStep, Event};
use domain::identifiers::Email;
use domain::ids::DataRequestId;
use domain::operator::Duty;
use domain::retention::{RetentionFile, Subject};
use domain::time::paris;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// The request named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct DataRequestPath {
    /// Which.
    pub request: DataRequestId,
}

/// Enter a request.
pub struct EnterDataRequest;

/// What came.
#[derive(Deserialize, JsonSchema)]
pub struct EnteredRequest {
    right: DataRight,
    channel: Channel,
    #[serde(default)]
    #[schemars(length(max = 120))]
    name: String,
    email: Email,
    /// The day on which it came.
    received_on: Date,
    #[serde(default)]
    #[schemars(length(max = 4000))]
    text: String,
}

impl Operation for EnterDataRequest {
    const NAME: &'static str = "enter-data-request";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/demandes";
    const SUMMARY: &'static str = "Enter a request that came by letter, mail or telephone.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = EnteredRequest;
    type Output = Nothing;

    async fn run(_: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let input = &call.input;
        let received_at = paris::day_start(input.received_on);
        if received_at > call.now {
            return Err(DataRequestRefused::NotYet.into());
        }
        let request = DataRequest {
            id: fresh(call.now),
            right: input.right,
            text: input.text.clone(),
            name: input.name.clone(),
            email: input.email.clone(),
            account: None,
            channel: input.channel,
            entered_by: Some(call.who.account.clone()),
            received_at,
            proved_at: Some(received_at),
            lengthening: None,
            answer: None,
        };
        let request = request.taken()?;
        let changes = call.changes().create(&request, "data request");
        Ok(Reply::ok(Nothing {}).changing(told(changes, &request, DataStep::Received, Self::NAME)))
    }
}

fn told(changes: Changes, request: &DataRequest, step: DataStep, action: &str) -> Changes {
    changes
        .event(Event::DataRequestMoved {
            request: request.id.clone(),
            step,
        })
        .activity(action, request.id.as_str())
}

async fn read(desk: &Desk<()>, path: &DataRequestPath) -> Result<Versioned<DataRequest>, Problem> {
    let read = desk.store.get(Key::data_request(&path.request)).await?;
    read.ok_or_else(Problem::not_found)
}

/// Take more time.
pub struct LengthenDataRequest;

/// Why.
#[derive(Deserialize, JsonSchema)]
pub struct MoreTime {
    #[serde(default)]
    #[schemars(length(max = 1000))]
    reason: String,
}

impl Operation for LengthenDataRequest {
    const NAME: &'static str = "lengthen-data-request";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/demandes/{request}/prolonger";
    const SUMMARY: &'static str =
        "Two more months for a request, once, with a reason that the person is told.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = DataRequestPath;
    type Input = MoreTime;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = read(desk, &call.path).await?;
        let mut request = read.record.clone();
        request.lengthen(&call.input.reason, &call.who.account, call.now)?;
        let changes = call.changes().replace(&read, &request);
        let changes = told(changes, &request, DataStep::Lengthened, Self::NAME);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// Answer a request.
pub struct AnswerDataRequest;

/// The answer.
#[derive(Deserialize, JsonSchema)]
pub struct GivenAnswer {
    outcome: Outcome,
    #[serde(default)]
    #[schemars(length(max = 4000))]
    text: String,
    #[serde(default)]
    #[schemars(length(max = 1000))]
    proof: String,
}

impl Operation for AnswerDataRequest {
    const NAME: &'static str = "answer-data-request";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/demandes/{request}/repondre";
    const SUMMARY: &'static str = "Answer a request, with the proof of what was done: an opposition ends the newsletter, an erasure of a closed account is done at once.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = DataRequestPath;
    type Input = GivenAnswer;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = read(desk, &call.path).await?;
        let mut request = read.record.clone();
        let GivenAnswer {
            outcome,
            text,
            proof,
        } = &call.input;
        request.answer(*outcome, text, proof, &call.who.account, call.now)?;
        let changes = call.changes().replace(&read, &request);
        let changes = followed(desk, call, changes, &request).await?;
        let changes = told(changes, &request, DataStep::Answered, Self::NAME);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// What an answer does by itself to the account that asked.
async fn followed(
    desk: &Desk<()>,
    call: &Call<AnswerDataRequest>,
    changes: Changes,
    request: &DataRequest,
) -> Result<Changes, Problem> {
    let Some(id) = &request.account else {
        return Ok(changes);
    };
    let Some(read) = desk.store.get::<Account>(Key::account(id)).await? else {
        return Ok(changes);
    };
    if request.ends_prospecting() {
        let mut account = read.record.clone();
        let now = call.now;
        return Ok(
            match account.choose_newsletter(false, ChosenBy::Opposition, now) {
                Ok(true) => changes.replace(&read, &account),
                Ok(false) | Err(_) => changes,
            },
        );
    }
    let closed = read.record.role == Role::Client && read.record.closed_at.is_some();
    if !request.hastens_erasure() || !closed {
        return Ok(changes);
    }
    let subject = Subject::Client(id.clone());
    let known: Option<Versioned<RetentionFile>> =
        desk.store.get(Key::retention_file(&subject)).await?;
    let stored = known.as_ref().map(|read| read.record.clone());
    let mut file = stored.unwrap_or_else(|| RetentionFile::of(subject));
    file.hastened_at.get_or_insert(call.now);
    Ok(changes.upsert(known.as_ref(), &file))
}
