//! A professional says how a mission went with its client: for the operator alone (terms, article 2.2).

use adapters::ids::fresh;
use domain::booking::Booking;
use domain::event::Event;
use domain::ids::EvaluationId;
use domain::review::{Evaluation, EvaluationText, ReviewRefused, check_evaluation};
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::ownership::{BookingPath, own_booking};

/// A professional evaluates the client of a mission.
pub struct EvaluateClient;

/// An evaluation that was taken in.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TakenEvaluation {
    /// Its identifier.
    pub id: EvaluationId,
    /// When.
    pub submitted_at: Timestamp,
    /// Who reads it.
    pub notice: &'static str,
}

impl Operation for EvaluateClient {
    const NAME: &'static str = "evaluate-client";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/evaluation";
    const SUMMARY: &'static str =
        "Evaluate the client of a mission that is done, once. Read by the operator alone.";
    type Outside = ();
    type Who = Professional;
    type Path = BookingPath;
    type Input = EvaluationText;
    type Output = TakenEvaluation;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TakenEvaluation>, Problem> {
        let owns = |booking: &Booking| booking.reached(&call.who.professional);
        let read = own_booking(&desk.store, &call.path.booking, owns).await?;
        check_evaluation(&read.record)?;
        check_comment(&call.input.comment)?;
        let evaluation = write(&read.record, &call.input, fresh(call.now), call.now);
        let booking = Booking {
            evaluation: Some(evaluation.id.clone()),
            ..read.record.clone()
        };
        let changes = call
            .changes()
            .replace(&read, &booking)
            .create(&evaluation, "evaluation")
            .event(Event::ClientEvaluated {
                evaluation: evaluation.id.clone(),
            })
            .activity(Self::NAME, evaluation.id.as_str());
        Ok(Reply::created(view(&evaluation)).changing(changes))
    }
}

/// The comment may be empty, unlike that of a review.
fn check_comment(comment: &str) -> Result<(), Problem> {
    if comment.trim().chars().count() <= 2000 {
        return Ok(());
    }
    let detail = "Le commentaire doit compter 2 000 caractères au plus.";
    Err(Problem::new(422, ReviewRefused::Comment.code(), detail).about("comment"))
}

fn write(booking: &Booking, text: &EvaluationText, id: EvaluationId, now: Timestamp) -> Evaluation {
    Evaluation {
        id,
        booking: booking.id.clone(),
        professional: booking.professional.clone(),
        client: booking.client.clone(),
        text: EvaluationText {
            comment: text.comment.trim().to_owned(),
            ..text.clone()
        },
        submitted_at: now,
    }
}

fn view(evaluation: &Evaluation) -> TakenEvaluation {
    TakenEvaluation {
        id: evaluation.id.clone(),
        submitted_at: evaluation.submitted_at,
        notice: "Merci. Cette évaluation n’est lue que par notre équipe ; ni le client ni le public ne la voient.",
    }
}
