//! The route's booking. Somebody else's answers 404.

use adapters::store::{Key, Store, Versioned};
use domain::booking::Booking;
use domain::ids::{BookingId, ProfessionalId, ReviewId};
use domain::review::Review;
use http_function::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use http_function::{BookingPath, ReviewPath};

/// Reads a booking of which `owns` says that it is the caller's.
pub(crate) async fn own_booking(
    store: &Store,
    id: &BookingId,
    owns: impl Fn(&Booking) -> bool,
) -> Result<Versioned<Booking>, Problem> {
    let read = store.get::<Booking>(Key::booking(id)).await?;
    read.filter(|read| owns(&read.record))
        .ok_or_else(Problem::not_found)
}

/// What a professional says of a review.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ReviewWords {
    /// In the professional's words.
    #[schemars(length(min = 10, max = 1000))]
    pub text: String,
}

/// A review, as the professional it is about sees what they said of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AnsweredReview {
    /// The review.
    pub id: ReviewId,
    /// The public answer.
    pub reply: Option<String>,
    /// Whether a doubt waits for the operator.
    pub doubted: bool,
}

impl AnsweredReview {
    pub(crate) fn of(review: &Review) -> Self {
        Self {
            id: review.id.clone(),
            reply: review.reply.as_ref().map(|reply| reply.text.clone()),
            doubted: review.is_doubted(),
        }
    }
}

/// A review about the caller; anything else answers as if it did not exist.
pub(crate) async fn own_review(
    store: &Store,
    id: &ReviewId,
    professional: &ProfessionalId,
) -> Result<Versioned<Review>, Problem> {
    let read = store.get::<Review>(Key::review(id)).await?;
    let read = read.filter(|read| read.record.professional == *professional);
    read.ok_or_else(Problem::not_found)
}
