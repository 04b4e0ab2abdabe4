//! What clients say of a professional: published reviews, newest first (C. conso., L111-7-2).

use adapters::store::{Question, Store};
use domain::ids::{ProfessionalId, ReviewId};
use domain::review::{Mark, Review};
use http_function::{Anyone, Call, Desk, Operation, PageAsked, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::public::{ProfessionalPath, RatingView, rating_label};

/// Lists a professional's reviews.
pub struct ListReviews;

/// A published review. It never names the mission, the client's address or their last name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReviewView {
    /// Its identifier.
    pub id: ReviewId,
    /// First name and initial.
    pub author: String,
    /// The overall mark.
    pub rating: Mark,
    /// Were the agents on time? `null` where only the overall mark was given.
    pub punctuality: Option<Mark>,
    /// Were they professional?
    pub professionalism: Option<Mark>,
    /// Was it easy to agree?
    pub communication: Option<Mark>,
    /// These marks in words: `Ponctualité 5/5, communication 4/5`.
    pub marks: Option<String>,
    /// In the client's words.
    pub comment: String,
    /// Date of the experience: the mission's end.
    pub experienced_at: Timestamp,
    /// When it became public.
    pub published_at: Timestamp,
    /// Whether its form was corrected: the mark never is.
    pub moderated: bool,
    /// The professional's answer.
    pub reply: Option<ReplyView>,
    /// Whether a doubt about it was told to the operator: for the professional alone.
    pub doubted: Option<bool>,
}

/// A professional's answer to a review.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReplyView {
    /// In the professional's words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// A page of reviews.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Reviews {
    /// `null` before the first rating.
    pub rating: Option<RatingView>,
    /// For people: `4,6/5 (12 avis)` or `Nouveau`.
    pub rating_label: String,
    /// In which order they come.
    pub ordered_by: &'static str,
    /// How they are controlled.
    pub control: &'static str,
    /// Newest first.
    pub reviews: Vec<ReviewView>,
    /// How to ask for the next page.
    pub next: Option<String>,
}

impl Operation for ListReviews {
    const NAME: &'static str = "list-reviews";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professionals/{slug}/reviews";
    const SUMMARY: &'static str = "Published reviews of a professional, newest first.";
    type Outside = ();
    type Who = Anyone;
    type Path = ProfessionalPath;
    type Input = PageAsked;
    type Output = Reviews;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Reviews>, Problem> {
        let professional = call.path.read(&desk.store).await?;
        let caller = call.who.0.as_ref();
        let caller = caller.and_then(|session| session.professional.as_ref());
        let (reviews, next) = published_reviews(
            &desk.store,
            &professional.id,
            call.input.after.clone(),
            caller,
        )
        .await?;
        let rating = RatingView::of(professional.record.rating_summary());
        Ok(Reply::ok(Reviews {
            rating_label: rating_label(rating.as_ref()),
            rating,
            ordered_by: "Avis classés par date de publication, du plus récent au plus ancien.",
            control: "Seul le client d’une mission validée peut donner un avis. Chaque avis est contrôlé avant sa publication, sans contrepartie.",
            reviews,
            next,
        }))
    }
}

/// A page of a professional's published reviews as `caller` may see them, newest first, and how to
/// ask for the next.
pub async fn published_reviews(
    store: &Store,
    professional: &ProfessionalId,
    after: Option<String>,
    caller: Option<&ProfessionalId>,
) -> Result<(Vec<ReviewView>, Option<String>), Problem> {
    let question = Question::published_reviews_of(professional)
        .limit(20)
        .after(after);
    let page = store.ask::<Review>(question).await?;
    let own = caller == Some(professional);
    let shown = page
        .records
        .iter()
        .filter_map(|read| view(&read.record, own));
    Ok((shown.collect(), page.next))
}

fn view(review: &Review, own: bool) -> Option<ReviewView> {
    Some(ReviewView {
        id: review.id.clone(),
        author: review.author.clone(),
        rating: review.text.rating,
        punctuality: review.text.punctuality,
        professionalism: review.text.professionalism,
        communication: review.text.communication,
        marks: review.text.marks_in_words(),
        comment: review.text.comment.clone(),
        experienced_at: review.experienced_at,
        published_at: review.published_at?,
        moderated: review.normalised.is_some(),
        reply: review.reply.as_ref().map(|reply| ReplyView {
            text: reply.text.clone(),
            at: reply.at,
        }),
        doubted: own.then(|| review.doubt.is_some()),
    })
}
