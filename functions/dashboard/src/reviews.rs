//! Reviews to moderate.

use adapters::store::{Key, Question, review_status_code};
use askama::Template;
use domain::ids::ReviewId;
use domain::review::{Review, ReviewStatus};
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, moment, shown, since};
use crate::words;

/// The reviews.
pub(crate) struct ReviewsPage;

/// Which ones.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ReviewsQuery {
    etat: Option<ReviewStatus>,
    apres: Option<String>,
}

struct ReviewTab {
    label: &'static str,
    code: &'static str,
    current: bool,
}

struct ReviewLine {
    id: ReviewId,
    author: String,
    rating: u8,
    excerpt: String,
    submitted: String,
    age: String,
    doubted: bool,
}

#[derive(Template)]
#[template(path = "reviews.html")]
struct ReviewsTemplate {
    frame: Frame,
    tabs: Vec<ReviewTab>,
    lines: Vec<ReviewLine>,
    next: Option<String>,
}

impl Operation for ReviewsPage {
    const NAME: &'static str = "show-reviews";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/avis";
    const SUMMARY: &'static str = "Reviews in one status, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = ReviewsQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let asked = call.input.etat.unwrap_or(ReviewStatus::Pending);
        let question = Question::reviews_in_status(asked).after(call.input.apres.clone());
        let page = desk.store.ask::<Review>(question).await?;
        let statuses = [
            ReviewStatus::Pending,
            ReviewStatus::Published,
            ReviewStatus::Rejected,
        ];
        shown(&ReviewsTemplate {
            frame: Frame::of(Section::Reviews, &call.notice),
            tabs: statuses
                .into_iter()
                .map(|status| ReviewTab {
                    label: words::review(status),
                    code: review_status_code(status),
                    current: status == asked,
                })
                .collect(),
            lines: page
                .records
                .into_iter()
                .map(|read| read.record)
                .map(|review| ReviewLine {
                    doubted: review.is_doubted(),
                    author: review.author,
                    rating: review.text.rating.value(),
                    excerpt: review.text.comment.chars().take(140).collect(),
                    submitted: moment(&review.submitted_at),
                    age: since(&review.submitted_at, &call.now),
                    id: review.id,
                })
                .collect(),
            next: page.next.map(|next| {
                format!(
                    "{}?etat={}&apres={next}",
                    Self::PATH,
                    review_status_code(asked)
                )
            }),
        })
    }
}

/// One review.
pub(crate) struct ReviewPage;

/// Which.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ReviewPath {
    review: ReviewId,
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewTemplate {
    frame: Frame,
    review: Review,
    status: &'static str,
    pending: bool,
    published: bool,
    typed_comment: String,
    submitted: String,
    experienced: String,
    rejection: Option<&'static str>,
}

impl Operation for ReviewPage {
    const NAME: &'static str = "show-review";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/avis/{review}";
    const SUMMARY: &'static str = "A review, and what the operator may decide.";
    type Outside = ();
    type Who = Admin;
    type Path = ReviewPath;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let key = Key::review(&call.path.review);
        let read = desk.store.get::<Review>(key).await?;
        let review = read.ok_or_else(Problem::not_found)?.record;
        shown(&ReviewTemplate {
            frame: Frame::of(Section::Reviews, &call.notice),
            status: words::review(review.status),
            pending: review.status == ReviewStatus::Pending,
            published: review.status == ReviewStatus::Published,
            typed_comment: match call.notice.typed("comment") {
                "" => review.text.comment.clone(),
                typed => typed.to_owned(),
            },
            submitted: moment(&review.submitted_at),
            experienced: moment(&review.experienced_at),
            rejection: review.rejection.map(domain::review::RejectionReason::label),
            review,
        })
    }
}
