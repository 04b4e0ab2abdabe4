//! A professional answers a published review, once, in public.

use domain::event::Event;
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};

use crate::ownership::{AnsweredReview, ReviewPath, ReviewWords, own_review};

/// A professional answers a review.
pub struct ReplyToReview;

impl Operation for ReplyToReview {
    const NAME: &'static str = "reply-to-review";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/reviews/{review}/reply";
    const SUMMARY: &'static str = "Answer a published review, once; the answer is public.";
    type Outside = ();
    type Who = Professional;
    type Path = ReviewPath;
    type Input = ReviewWords;
    type Output = AnsweredReview;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<AnsweredReview>, Problem> {
        let read = own_review(&desk.store, &call.path.review, &call.who.professional).await?;
        let mut answered = read.record.clone();
        answered.reply(&call.input.text, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &answered)
            .activity(Self::NAME, answered.id.as_str());
        Ok(Reply::ok(AnsweredReview::of(&answered)).changing(changes))
    }
}

/// A professional doubts that a review is authentic (C. conso., L111-7-2).
pub struct DoubtReview;

impl Operation for DoubtReview {
    const NAME: &'static str = "doubt-review";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/reviews/{review}/doubt";
    const SUMMARY: &'static str =
        "Tell the operator, with reasons, that a review may not be authentic.";
    type Outside = ();
    type Who = Professional;
    type Path = ReviewPath;
    type Input = ReviewWords;
    type Output = AnsweredReview;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<AnsweredReview>, Problem> {
        let read = own_review(&desk.store, &call.path.review, &call.who.professional).await?;
        let mut doubted = read.record.clone();
        doubted.doubt(&call.input.text, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &doubted)
            .activity(Self::NAME, doubted.id.as_str())
            .event(Event::ReviewDoubted {
                review: doubted.id.clone(),
                professional: doubted.professional.clone(),
            });
        Ok(Reply::ok(AnsweredReview::of(&doubted)).changing(changes))
    }
}
