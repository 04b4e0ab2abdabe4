//! The operator publishes a review: from then on it counts (terms, article 3).

use domain::event::Event;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};

use crate::view::{Moderated, ReviewPath, professional, review};

/// Publish a review.
pub struct PublishReview;

impl Operation for PublishReview {
    const NAME: &'static str = "publish-review";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/reviews/{review}/publish";
    const SUMMARY: &'static str = "Publish a review, and count its mark.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = ReviewPath;
    type Input = Nothing;
    type Output = Moderated;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Moderated>, Problem> {
        let read = review(desk, &call.path.review).await?;
        let mut published = read.record.clone();
        published.publish(call.now)?;
        let of = professional(desk, &published.professional).await?;
        let mut rated = of.record.clone();
        rated.record.add_rating(published.text.rating);
        let changes = call
            .changes()
            .replace(&read, &published)
            .replace(&of, &rated)
            .activity(Self::NAME, published.id.as_str())
            .event(Event::ReviewPublished {
                review: published.id.clone(),
                professional: rated.id.clone(),
            });
        Ok(Reply::ok(Moderated::of(&published)).changing(changes))
    }
}
