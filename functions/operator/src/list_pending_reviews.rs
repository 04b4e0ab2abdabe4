//! The operator looks at the reviews that wait for moderation.

use adapters::store::Question;
use domain::ids::{BookingId, ProfessionalId, ReviewId};
use domain::review::{Review, ReviewQueue, ReviewText};
use http_function::{Admin, Call, Desk, Nothing, Operation, PageAsked, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// List the reviews that wait.
pub struct ListPendingReviews;

/// A page of reviews, longest waiting first.
#[derive(Serialize, JsonSchema)]
pub struct PendingReviews {
    /// The reviews.
    reviews: Vec<PendingReview>,
    /// How to ask for the next page.
    next: Option<String>,
}

/// A review that waits.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PendingReview {
    /// Its identifier.
    id: ReviewId,
    /// Of which booking.
    booking: BookingId,
    /// Of whom.
    professional: ProfessionalId,
    /// First name and initial.
    author: String,
    /// What was written.
    text: ReviewText,
    /// Date of the experience.
    experienced_at: Timestamp,
    /// When it was written.
    submitted_at: Timestamp,
}

impl Operation for ListPendingReviews {
    const NAME: &'static str = "list-pending-reviews";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/admin/reviews";
    const SUMMARY: &'static str = "Reviews that wait for moderation, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = PageAsked;
    type Output = PendingReviews;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<PendingReviews>, Problem> {
        let question = Question::reviews_in(ReviewQueue::Pending).after(call.input.after.clone());
        let page = desk.store.ask::<Review>(question).await?;
        let reviews = page
            .records
            .into_iter()
            .map(|read| view(read.record))
            .collect();
        Ok(Reply::ok(PendingReviews {
            reviews,
            next: page.next,
        }))
    }
}

fn view(review: Review) -> PendingReview {
    PendingReview {
        id: review.id,
        booking: review.booking,
        professional: review.professional,
        author: review.author,
        text: review.text,
        experienced_at: review.experienced_at,
        submitted_at: review.submitted_at,
    }
}
