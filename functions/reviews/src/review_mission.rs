//! A client reviews a mission, once it is validated. The operator reads it before the public does.

use adapters::ids::fresh;
use adapters::store::{Key, Store};
use domain::account::{Account, ClientProfile};
use domain::booking::Booking;
use domain::event::Event;
use domain::ids::{AccountId, ReviewId};
use domain::review::{Review, ReviewStatus, ReviewText, check_review};
use http_function::{Call, Client, Desk, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::ownership::{BookingPath, own_booking};

/// A client reviews a mission.
pub struct ReviewMission;

/// A review that waits for the operator.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SubmittedReview {
    /// Its identifier.
    pub id: ReviewId,
    /// Under which name it will be read.
    pub author: String,
    /// Whether it can be read.
    pub status: ReviewStatus,
    /// When it was written.
    pub submitted_at: Timestamp,
    /// What happens next (C. conso., L111-7-2).
    pub notice: &'static str,
}

impl Operation for ReviewMission {
    const NAME: &'static str = "review-mission";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/review";
    const SUMMARY: &'static str =
        "Review a validated mission, once and within 30 days. Published after moderation.";
    type Outside = ();
    type Who = Client;
    type Path = BookingPath;
    type Input = ReviewText;
    type Output = SubmittedReview;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SubmittedReview>, Problem> {
        let client = &call.who.account;
        let read = own_booking(&desk.store, &call.path.booking, |booking| {
            booking.client == *client
        })
        .await?;
        check_review(&read.record, call.now)?;
        call.input.check()?;
        let author = public_name(&desk.store, client).await?;
        let review = write(&read.record, author, &call.input, fresh(call.now), call.now);
        let booking = Booking {
            review: Some(review.id.clone()),
            ..read.record.clone()
        };
        let changes = call
            .changes()
            .replace(&read, &booking)
            .create(&review, "review")
            .event(Event::ReviewSubmitted {
                review: review.id.clone(),
                professional: review.professional.clone(),
            })
            .activity(Self::NAME, review.id.as_str());
        Ok(Reply::created(view(&review)).changing(changes))
    }
}

async fn public_name(store: &Store, client: &AccountId) -> Result<String, Problem> {
    let account = store.get::<Account>(Key::account(client)).await?;
    let profile = account
        .and_then(|read| read.record.client)
        .ok_or_else(Problem::not_found)?;
    Ok(ClientProfile::public_name(&profile))
}

fn write(
    booking: &Booking,
    author: String,
    text: &ReviewText,
    id: ReviewId,
    now: Timestamp,
) -> Review {
    Review {
        id,
        booking: booking.id.clone(),
        professional: booking.professional.clone(),
        client: booking.client.clone(),
        author,
        text: ReviewText {
            comment: text.comment.trim().to_owned(),
            ..text.clone()
        },
        status: ReviewStatus::Pending,
        rejection: None,
        experienced_at: booking.mission.interval.end(),
        submitted_at: now,
        published_at: None,
        normalised: None,
        reply: None,
        doubt: None,
    }
}

fn view(review: &Review) -> SubmittedReview {
    SubmittedReview {
        id: review.id.clone(),
        author: review.author.clone(),
        status: review.status,
        submitted_at: review.submitted_at,
        notice: "Merci. Votre avis sera lu par notre équipe avant sa publication ; s’il n’est pas publié, nous vous dirons pourquoi.",
    }
}
