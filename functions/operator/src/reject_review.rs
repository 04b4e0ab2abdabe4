//! The operator turns a review down, for one of the reasons that its author is told.

use domain::event::Event;
use domain::operator::Duty;
use domain::review::RejectionReason;
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{Moderated, ReviewPath, review};

/// Turn a review down.
pub struct RejectReview;

/// Why.
#[derive(Deserialize, JsonSchema)]
pub struct Rejection {
    /// The only reasons there are (C. conso., L111-7-2).
    reason: RejectionReason,
}

impl Operation for RejectReview {
    const NAME: &'static str = "reject-review";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/reviews/{review}/reject";
    const SUMMARY: &'static str = "Turn a review down; its author is told why.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = ReviewPath;
    type Input = Rejection;
    type Output = Moderated;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Moderated>, Problem> {
        let read = review(desk, &call.path.review).await?;
        let mut rejected = read.record.clone();
        rejected.reject(call.input.reason)?;
        let changes = call
            .changes()
            .replace(&read, &rejected)
            .activity(Self::NAME, rejected.id.as_str())
            .event(Event::ReviewRejected {
                review: rejected.id.clone(),
                professional: rejected.professional.clone(),
            });
        Ok(Reply::ok(Moderated::of(&rejected)).changing(changes))
    }
}
