//! Reviews to moderate.

use adapters::store::{Key, Question, review_queue_code};
use askama::Template;
use domain::booking::Booking;
use domain::ids::ReviewId;
use domain::professional::Professional;
use domain::review::{Review, ReviewQueue, ReviewStatus};
use domain::typography::of;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, moment, shown, since};
use crate::queue::{Shown, next};
use crate::words;

/// The reviews.
pub(crate) struct ReviewsPage;

/// Which ones.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ReviewsQuery {
    etat: Option<ReviewQueue>,
    apres: Option<String>,
}

/// The lists that there are: doubted reviews are published ones that wait for an answer.
const QUEUES: [ReviewQueue; 4] = [
    ReviewQueue::Pending,
    ReviewQueue::Doubted,
    ReviewQueue::Published,
    ReviewQueue::Rejected,
];

fn label(queue: ReviewQueue) -> &'static str {
    match queue {
        ReviewQueue::Pending => words::review(ReviewStatus::Pending),
        ReviewQueue::Doubted => "Doute signalé",
        ReviewQueue::Published => words::review(ReviewStatus::Published),
        ReviewQueue::Rejected => words::review(ReviewStatus::Rejected),
    }
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
        let asked = call.input.etat.unwrap_or(ReviewQueue::Pending);
        let question = Question::reviews_in(asked).after(call.input.apres.clone());
        let page = desk.store.ask::<Review>(question).await?;
        shown(&ReviewsTemplate {
            frame: Frame::of(Section::Reviews, &call.notice),
            tabs: QUEUES
                .into_iter()
                .map(|queue| ReviewTab {
                    label: label(queue),
                    code: review_queue_code(queue),
                    current: queue == asked,
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
                    review_queue_code(asked)
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
    correcting: bool,
    /// What the booking and the professional are called.
    reference: String,
    professional: String,
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
        let booking = desk.store.get::<Booking>(Key::booking(&review.booking));
        let key = Key::professional(&review.professional);
        let professional = desk.store.get::<Professional>(key);
        let (booking, professional) = tokio::try_join!(booking, professional)?;
        let mut frame = Frame::of(Section::Reviews, &call.notice);
        let waits = review.status == ReviewStatus::Pending;
        let queue = Question::reviews_in(ReviewQueue::Pending);
        let coming = |one: &Review| Shown {
            address: format!("/admin/avis/{}", one.id),
            label: format!("avis {}", of(one.author.as_str())),
            since: one.submitted_at,
        };
        frame.next = next(desk, queue, &review, waits, &call.notice, call.now, coming).await?;
        shown(&ReviewTemplate {
            frame,
            status: words::review(review.status),
            pending: review.status == ReviewStatus::Pending,
            published: review.status == ReviewStatus::Published,
            correcting: !call.notice.typed("comment").is_empty(),
            reference: booking
                .map_or_else(|| review.booking.to_string(), |read| read.record.reference),
            professional: professional.map_or_else(
                || review.professional.to_string(),
                |read| read.record.name().to_owned(),
            ),
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
