//! The operator reads what professionals said of a client: for a stated reason, which is written down
//! with the reading. Nobody else does (terms, article 2.2).

use adapters::store::Question;
use domain::ids::{BookingId, EvaluationId, ProfessionalId};
use domain::operator::Duty;
use domain::review::{Evaluation, EvaluationText};
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::consult::CaseAsked;
use crate::view::ClientPath;

/// List the evaluations of a client.
pub struct ListEvaluations;

/// Why, and where the list goes on.
#[derive(Deserialize, JsonSchema)]
pub struct EvaluationsAsked {
    /// Why they are read.
    #[serde(flatten)]
    case: CaseAsked,
    /// The `next` of the page before.
    after: Option<String>,
}

/// A page of evaluations, newest first.
#[derive(Serialize, JsonSchema)]
pub struct EvaluationPage {
    /// The evaluations.
    evaluations: Vec<EvaluationView>,
    /// How to ask for the next page.
    next: Option<String>,
}

/// A private evaluation.
#[derive(Serialize, JsonSchema)]
pub(crate) struct EvaluationView {
    /// Its identifier.
    id: EvaluationId,
    /// Of which booking.
    booking: BookingId,
    /// By whom.
    professional: ProfessionalId,
    /// What was written.
    text: EvaluationText,
    /// When.
    submitted_at: Timestamp,
}

impl Operation for ListEvaluations {
    const NAME: &'static str = "list-evaluations";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/clients/{account}/evaluations";
    const SUMMARY: &'static str =
        "Private evaluations of a client, newest first, for a reason that is written down.";
    // An answer that was kept would be read again without a reason.
    const SECRET: bool = true;
    const DUTY: Duty = Duty::Decide;
    type Outside = ();
    type Who = Admin;
    type Path = ClientPath;
    type Input = EvaluationsAsked;
    type Output = EvaluationPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<EvaluationPage>, Problem> {
        let client = &call.path.account;
        let EvaluationsAsked { case, after } = &call.input;
        let reason = case.reason()?;
        let question = Question::evaluations_of(client).after(after.clone());
        let page = desk.store.ask::<Evaluation>(question).await?;
        let records = page.records.into_iter().map(|read| read.record);
        let changes = call
            .changes()
            .activity_because(Self::NAME, client.as_str(), &reason);
        Ok(Reply::ok(EvaluationPage {
            evaluations: records.map(view).collect(),
            next: page.next,
        })
        .changing(changes))
    }
}

fn view(evaluation: Evaluation) -> EvaluationView {
    EvaluationView {
        id: evaluation.id,
        booking: evaluation.booking,
        professional: evaluation.professional,
        text: evaluation.text,
        submitted_at: evaluation.submitted_at,
    }
}
