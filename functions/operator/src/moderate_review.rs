//! The operator corrects the form of a review, or takes a published one down: forms of the dashboard.

use domain::event::Event;
use domain::operator::Duty;
use domain::review::RejectionReason;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{ReviewPath, professional, review};

/// Correct the form of a review: what was written is kept, the mark is not touched.
pub struct NormaliseReview;

/// The comment without what must not be read.
#[derive(Deserialize, JsonSchema)]
pub struct Normalised {
    #[schemars(length(min = 10, max = 2000))]
    comment: String,
}

impl Operation for NormaliseReview {
    const NAME: &'static str = "normalise-review";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/avis/{review}/normaliser";
    const SUMMARY: &'static str = "Correct the form of a review; its author is told.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = ReviewPath;
    type Input = Normalised;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = review(desk, &call.path.review).await?;
        let mut corrected = read.record.clone();
        corrected.normalise(&call.input.comment, &call.who.account, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &corrected)
            .activity(Self::NAME, corrected.id.as_str())
            .event(Event::ReviewNormalised {
                review: corrected.id.clone(),
                professional: corrected.professional.clone(),
            });
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// Take a published review down: its mark counts no more.
pub struct RemoveReview;

/// Why.
#[derive(Deserialize, JsonSchema)]
pub struct Removal {
    /// The only reasons there are (C. conso., L111-7-2).
    reason: RejectionReason,
}

impl Operation for RemoveReview {
    const NAME: &'static str = "remove-review";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/avis/{review}/retirer";
    const SUMMARY: &'static str = "Take a published review down; its author is told why.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = ReviewPath;
    type Input = Removal;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = review(desk, &call.path.review).await?;
        let mut removed = read.record.clone();
        removed.remove(call.input.reason)?;
        let of = professional(desk, &removed.professional).await?;
        let mut rated = of.record.clone();
        rated.record.remove_rating(removed.text.rating);
        let changes = call
            .changes()
            .replace(&read, &removed)
            .replace(&of, &rated)
            .activity_because(Self::NAME, removed.id.as_str(), call.input.reason.label())
            .event(Event::ReviewRejected {
                review: removed.id.clone(),
                professional: rated.id.clone(),
            })
            .event(Event::ProfessionalChanged {
                professional: rated.id.clone(),
            });
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// Answer a professional's doubt: the review stays.
pub struct KeepReview;

impl Operation for KeepReview {
    const NAME: &'static str = "keep-review";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/avis/{review}/maintenir";
    const SUMMARY: &'static str = "A doubt was examined and the review stays.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = ReviewPath;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = review(desk, &call.path.review).await?;
        let mut kept = read.record.clone();
        kept.keep(call.now)?;
        let changes = call
            .changes()
            .replace(&read, &kept)
            .activity(Self::NAME, kept.id.as_str());
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
