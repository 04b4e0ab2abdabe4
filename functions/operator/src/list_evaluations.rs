//! The operator reads what professionals said of a client; nobody else does (terms, article 2.2).

use adapters::store::Question;
use domain::ids::{BookingId, EvaluationId, ProfessionalId};
use domain::review::{Evaluation, EvaluationText};
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::view::{ClientPath, PageQuery};

/// List the evaluations of a client.
pub struct ListEvaluations;

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
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/admin/clients/{account}/evaluations";
    const SUMMARY: &'static str =
        "Private evaluations of a client, newest first; the access is written down.";
    type Outside = ();
    type Who = Admin;
    type Path = ClientPath;
    type Input = PageQuery;
    type Output = EvaluationPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<EvaluationPage>, Problem> {
        let client = &call.path.account;
        let question = Question::evaluations_of(client).after(call.input.after.clone());
        let page = desk.store.ask::<Evaluation>(question).await?;
        let evaluations = page
            .records
            .into_iter()
            .map(|read| view(read.record))
            .collect();
        let changes = call.changes().activity(Self::NAME, client.as_str());
        Ok(Reply::ok(EvaluationPage {
            evaluations,
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
