//! What clients say in public, and what professionals say to the operator alone.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::booking::{Booking, BookingState};
use crate::ids::{AccountId, BookingId, EvaluationId, ProfessionalId, ReviewId};
use crate::ranking::TrackRecord;

/// A mark from 1 to 5.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "u8", into = "u8")]
#[schemars(with = "u8", extend("minimum" = 1, "maximum" = 5))]
pub struct Mark(u8);

impl Mark {
    /// The mark as a number.
    pub fn value(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Mark {
    type Error = ReviewRefused;
    fn try_from(value: u8) -> Result<Self, ReviewRefused> {
        if (1..=5).contains(&value) {
            Ok(Self(value))
        } else {
            Err(ReviewRefused::Mark)
        }
    }
}

impl From<Mark> for u8 {
    fn from(mark: Mark) -> u8 {
        mark.0
    }
}

/// What a client writes of a mission (terms, article 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewText {
    /// The overall mark, the one that counts.
    pub rating: Mark,
    /// Were the agents on time? Only the overall mark has to be given.
    #[serde(default)]
    pub punctuality: Option<Mark>,
    /// Were they professional?
    #[serde(default)]
    pub professionalism: Option<Mark>,
    /// Was it easy to agree?
    #[serde(default)]
    pub communication: Option<Mark>,
    /// In the client's words.
    #[schemars(length(min = 10, max = 2000))]
    pub comment: String,
}

/// The marks that were given beside the overall one, in words: `Ponctualité 5/5, communication 4/5`; nothing
/// when none was.
pub fn marks_in_words(
    punctuality: Option<Mark>,
    professionalism: Option<Mark>,
    communication: Option<Mark>,
) -> Option<String> {
    let said: Vec<String> = [
        ("ponctualité", punctuality),
        ("professionnalisme", professionalism),
        ("communication", communication),
    ]
    .into_iter()
    .filter_map(|(what, mark)| Some(format!("{what} {}/5", mark?.value())))
    .collect();
    let text = said.join(", ");
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
}

impl ReviewText {
    /// The marks beside the overall one, in words.
    pub fn marks_in_words(&self) -> Option<String> {
        marks_in_words(self.punctuality, self.professionalism, self.communication)
    }
}

/// Whether a review can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStatus {
    /// Waits for the operator.
    Pending,
    /// Public.
    Published,
    /// Turned down.
    Rejected,
}

/// Where the operator finds a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewQueue {
    /// Waits for the operator.
    Pending,
    /// Public, and doubted by the professional: waits for the operator too.
    Doubted,
    /// Public.
    Published,
    /// Turned down.
    Rejected,
}

/// The only reasons for which a review is turned down (C. conso., L111-7-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectionReason {
    /// Insults, threats, discrimination.
    Insulting,
    /// Somebody's personal data.
    PersonalData,
    /// Nothing to do with the mission.
    OffTopic,
    /// The author did not have this mission.
    NoExperience,
    /// The author is linked to the professional or to a competitor.
    ConflictOfInterest,
    /// Against the law.
    Illegal,
}

impl RejectionReason {
    /// What the author is told.
    pub fn label(self) -> &'static str {
        match self {
            Self::Insulting => "propos injurieux ou discriminatoires",
            Self::PersonalData => "données personnelles d’un tiers",
            Self::OffTopic => "contenu sans rapport avec la mission",
            Self::NoExperience => "absence d’expérience réelle de la mission",
            Self::ConflictOfInterest => "conflit d’intérêts",
            Self::Illegal => "contenu contraire à la loi",
        }
    }
}

/// What the operator corrected in the form of a review; the mark is never touched (C. conso.,
/// D111-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Normalisation {
    /// What the client had written.
    pub original: String,
    /// Who corrected it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// What somebody said of a review, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// In their words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// A professional's doubt about a review (C. conso., L111-7-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Why.
    pub remark: Remark,
    /// When the operator had examined it.
    pub examined_at: Option<Timestamp>,
}

/// A client's review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Its identifier.
    pub id: ReviewId,
    /// Of which booking.
    pub booking: BookingId,
    /// Of whom.
    pub professional: ProfessionalId,
    /// By whom.
    pub client: AccountId,
    /// First name and initial.
    pub author: String,
    /// What was written.
    pub text: ReviewText,
    /// Whether it can be read.
    pub status: ReviewStatus,
    /// Why it was turned down.
    pub rejection: Option<RejectionReason>,
    /// Date of the experience: the mission's end.
    pub experienced_at: Timestamp,
    /// When it was written.
    pub submitted_at: Timestamp,
    /// When it became public.
    pub published_at: Option<Timestamp>,
    /// What was corrected in its form.
    #[serde(default)]
    pub normalised: Option<Normalisation>,
    /// The professional's public answer.
    #[serde(default)]
    pub reply: Option<Remark>,
    /// The professional's doubt, for the operator.
    #[serde(default)]
    pub doubt: Option<Doubt>,
}

/// What a professional says of a client: for the operator alone (terms, article 2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvaluationText {
    /// The overall mark.
    pub rating: Mark,
    /// Were instructions clear?
    pub clarity: Mark,
    /// Were the agents well received?
    pub welcome: Mark,
    /// Was the place safe to work in?
    pub safety: Mark,
    /// In the professional's words.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    pub comment: String,
}

/// A professional's private evaluation of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Its identifier.
    pub id: EvaluationId,
    /// Of which booking.
    pub booking: BookingId,
    /// By whom.
    pub professional: ProfessionalId,
    /// Of whom.
    pub client: AccountId,
    /// What was written.
    pub text: EvaluationText,
    /// When.
    pub submitted_at: Timestamp,
}

/// Why a review or an evaluation is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReviewRefused {
    /// A mark outside 1 to 5.
    #[error("Une note va de 1 à 5.")]
    Mark,
    /// A comment too short or too long.
    #[error("Le commentaire doit compter de 10 à 2 000 caractères.")]
    Comment,
    /// The booking is not validated.
    #[error("Un avis ne peut être déposé qu’après la validation de la mission.")]
    NotValidated,
    /// One review for each booking.
    #[error("Vous avez déjà donné votre avis sur cette mission.")]
    AlreadyReviewed,
    /// The 30 days are over.
    #[error("Le délai de 30 jours pour donner un avis est dépassé.")]
    WindowClosed,
    /// Moderated already.
    #[error("Cet avis a déjà été traité.")]
    AlreadyModerated,
    /// Not public.
    #[error("Cet avis n’est pas publié.")]
    NotPublished,
    /// An answer too short or too long.
    #[error("Ce texte doit compter de 10 à 1 000 caractères.")]
    Remark,
    /// One answer for each review.
    #[error("Vous avez déjà répondu à cet avis.")]
    AlreadyAnswered,
    /// One doubt for each review.
    #[error("Un doute a déjà été signalé sur cet avis.")]
    AlreadyDoubted,
    /// No doubt to examine.
    #[error("Aucun doute n’attend d’examen sur cet avis.")]
    NotDoubted,
    /// The mission is not over.
    #[error("Le client ne peut être évalué qu’une fois la mission terminée.")]
    MissionNotOver,
    /// One evaluation for each booking.
    #[error("Vous avez déjà évalué ce client pour cette mission.")]
    AlreadyEvaluated,
}

impl ReviewRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mark => "mark_invalid",
            Self::Comment => "comment_invalid",
            Self::NotValidated => "review_not_validated",
            Self::AlreadyReviewed => "review_exists",
            Self::WindowClosed => "review_window_closed",
            Self::AlreadyModerated => "review_already_moderated",
            Self::NotPublished => "review_not_published",
            Self::Remark => "remark_invalid",
            Self::AlreadyAnswered => "review_already_answered",
            Self::AlreadyDoubted => "review_already_doubted",
            Self::NotDoubted => "review_not_doubted",
            Self::MissionNotOver => "evaluation_mission_not_over",
            Self::AlreadyEvaluated => "evaluation_exists",
        }
    }
}

/// Whether the client of `booking` may review it now: once, when validated, within 30 days.
pub fn check_review(booking: &Booking, now: Timestamp) -> Result<(), ReviewRefused> {
    if !matches!(
        booking.state,
        BookingState::Validated | BookingState::Settled
    ) {
        return Err(ReviewRefused::NotValidated);
    }
    if booking.review.is_some() {
        return Err(ReviewRefused::AlreadyReviewed);
    }
    match booking.review_until() {
        Some(limit) if now < limit => Ok(()),
        Some(_) | None => Err(ReviewRefused::WindowClosed),
    }
}

/// Whether the professional of `booking` may evaluate its client now: once, when the mission is done.
pub fn check_evaluation(booking: &Booking) -> Result<(), ReviewRefused> {
    if !matches!(
        booking.state,
        BookingState::Completed
            | BookingState::UnderClaim
            | BookingState::Validated
            | BookingState::Settled
    ) {
        return Err(ReviewRefused::MissionNotOver);
    }
    if booking.evaluation.is_some() {
        return Err(ReviewRefused::AlreadyEvaluated);
    }
    Ok(())
}

impl ReviewText {
    /// Checks what the client wrote.
    pub fn check(&self) -> Result<(), ReviewRefused> {
        let length = self.comment.trim().chars().count();
        if (10..=2000).contains(&length) {
            Ok(())
        } else {
            Err(ReviewRefused::Comment)
        }
    }
}

impl Review {
    /// The operator publishes it.
    pub fn publish(&mut self, now: Timestamp) -> Result<(), ReviewRefused> {
        self.check_pending()?;
        self.status = ReviewStatus::Published;
        self.published_at = Some(now);
        Ok(())
    }

    /// The operator turns it down.
    pub fn reject(&mut self, reason: RejectionReason) -> Result<(), ReviewRefused> {
        self.check_pending()?;
        self.status = ReviewStatus::Rejected;
        self.rejection = Some(reason);
        Ok(())
    }

    /// The operator takes a published review down.
    pub fn remove(&mut self, reason: RejectionReason) -> Result<(), ReviewRefused> {
        self.check_published()?;
        self.status = ReviewStatus::Rejected;
        self.rejection = Some(reason);
        Ok(())
    }

    /// The operator corrects the form: what the client wrote first is kept, the marks stay.
    pub fn normalise(
        &mut self,
        comment: &str,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), ReviewRefused> {
        if self.status == ReviewStatus::Rejected {
            return Err(ReviewRefused::AlreadyModerated);
        }
        let corrected = ReviewText {
            comment: comment.trim().to_owned(),
            ..self.text.clone()
        };
        corrected.check()?;
        let before = std::mem::replace(&mut self.text, corrected);
        let first = self.normalised.take().map(|earlier| earlier.original);
        self.normalised = Some(Normalisation {
            original: first.unwrap_or(before.comment),
            by: by.clone(),
            at: now,
        });
        Ok(())
    }

    /// The professional answers in public, once.
    pub fn reply(&mut self, text: &str, now: Timestamp) -> Result<(), ReviewRefused> {
        self.check_published()?;
        if self.reply.is_some() {
            return Err(ReviewRefused::AlreadyAnswered);
        }
        self.reply = Some(remark(text, now)?);
        Ok(())
    }

    /// The professional doubts that it is authentic, once.
    pub fn doubt(&mut self, text: &str, now: Timestamp) -> Result<(), ReviewRefused> {
        self.check_published()?;
        if self.doubt.is_some() {
            return Err(ReviewRefused::AlreadyDoubted);
        }
        self.doubt = Some(Doubt {
            remark: remark(text, now)?,
            examined_at: None,
        });
        Ok(())
    }

    /// The operator examined the doubt: the review stays.
    pub fn keep(&mut self, now: Timestamp) -> Result<(), ReviewRefused> {
        match &mut self.doubt {
            Some(doubt) if doubt.examined_at.is_none() => {
                doubt.examined_at = Some(now);
                Ok(())
            }
            Some(_) | None => Err(ReviewRefused::NotDoubted),
        }
    }

    /// Whether a doubt waits for the operator.
    pub fn is_doubted(&self) -> bool {
        self.status == ReviewStatus::Published
            && self
                .doubt
                .as_ref()
                .is_some_and(|doubt| doubt.examined_at.is_none())
    }

    /// Where the operator finds it.
    pub fn queue(&self) -> ReviewQueue {
        match self.status {
            ReviewStatus::Pending => ReviewQueue::Pending,
            ReviewStatus::Published if self.is_doubted() => ReviewQueue::Doubted,
            ReviewStatus::Published => ReviewQueue::Published,
            ReviewStatus::Rejected => ReviewQueue::Rejected,
        }
    }

    fn check_published(&self) -> Result<(), ReviewRefused> {
        if self.status == ReviewStatus::Published {
            Ok(())
        } else {
            Err(ReviewRefused::NotPublished)
        }
    }

    fn check_pending(&self) -> Result<(), ReviewRefused> {
        match self.status {
            ReviewStatus::Pending => Ok(()),
            ReviewStatus::Published | ReviewStatus::Rejected => {
                Err(ReviewRefused::AlreadyModerated)
            }
        }
    }
}

fn remark(text: &str, now: Timestamp) -> Result<Remark, ReviewRefused> {
    let text = text.trim();
    if !(10..=1000).contains(&text.chars().count()) {
        return Err(ReviewRefused::Remark);
    }
    Ok(Remark {
        text: text.to_owned(),
        at: now,
    })
}

impl TrackRecord {
    /// A review that was taken down counts no more.
    pub fn remove_rating(&mut self, rating: Mark) {
        self.ratings_sum = self.ratings_sum.saturating_sub(u32::from(rating.value()));
        self.ratings_count = self.ratings_count.saturating_sub(1);
    }

    /// A published review counts.
    pub fn add_rating(&mut self, rating: Mark) {
        self.ratings_sum = self.ratings_sum.saturating_add(u32::from(rating.value()));
        self.ratings_count = self.ratings_count.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

    fn pending() -> Review {
        let at = "2026-09-01T10:00:00Z".parse().unwrap();
        let mark = Mark::try_from(4).unwrap();
        Review {
            id: ReviewId::from_ulid(ULID),
            booking: BookingId::from_ulid(ULID),
            professional: ProfessionalId::from_ulid(ULID),
            client: AccountId::from_ulid(ULID),
            author: "Camille D.".to_owned(),
            text: ReviewText {
                rating: mark,
                punctuality: Some(mark),
                professionalism: Some(mark),
                communication: None,
                comment: "Très bonne mission.".to_owned(),
            },
            status: ReviewStatus::Pending,
            rejection: None,
            experienced_at: at,
            submitted_at: at,
            published_at: None,
            normalised: None,
            reply: None,
            doubt: None,
        }
    }

    #[test]
    fn normalising_keeps_the_first_words_and_every_mark() {
        let now = "2026-09-02T10:00:00Z".parse().unwrap();
        let by = AccountId::from_ulid(ULID);
        let mut review = pending();
        let before = review.text.clone();
        assert_eq!(
            review.normalise("court", &by, now),
            Err(ReviewRefused::Comment)
        );
        assert_eq!(review.text, before);
        for corrected in ["Mission [modéré] réussie.", "Mission réussie, merci."] {
            review.normalise(corrected, &by, now).unwrap();
        }
        let kept = review.normalised.as_ref().map(|one| one.original.as_str());
        assert_eq!(kept, Some("Très bonne mission."));
        assert_eq!(review.text.rating, before.rating);
        review.reject(RejectionReason::OffTopic).unwrap();
        assert!(
            review
                .normalise("Mission réussie, merci.", &by, now)
                .is_err()
        );
    }

    #[test]
    fn a_published_review_is_answered_doubted_and_taken_down_once() {
        let now = "2026-09-02T10:00:00Z".parse().unwrap();
        let words = "Merci de votre confiance.";
        let mut review = pending();
        assert_eq!(review.reply(words, now), Err(ReviewRefused::NotPublished));
        assert_eq!(
            review.remove(RejectionReason::Illegal),
            Err(ReviewRefused::NotPublished)
        );
        review.publish(now).unwrap();
        assert_eq!(review.reply("Merci", now), Err(ReviewRefused::Remark));
        review.reply(words, now).unwrap();
        assert_eq!(
            review.reply(words, now),
            Err(ReviewRefused::AlreadyAnswered)
        );
        assert_eq!(review.keep(now), Err(ReviewRefused::NotDoubted));
        review.doubt("Ce client n’est jamais venu.", now).unwrap();
        assert!(review.is_doubted());
        review.keep(now).unwrap();
        assert!(!review.is_doubted());
        assert_eq!(review.doubt(words, now), Err(ReviewRefused::AlreadyDoubted));
        review.remove(RejectionReason::NoExperience).unwrap();
        assert_eq!(review.status, ReviewStatus::Rejected);
    }

    #[test]
    fn a_review_is_moderated_once() {
        let now = "2026-09-02T10:00:00Z".parse().unwrap();
        let mut published = pending();
        published.publish(now).unwrap();
        assert_eq!(published.published_at, Some(now));
        assert_eq!(
            published.reject(RejectionReason::Illegal),
            Err(ReviewRefused::AlreadyModerated)
        );
        let mut rejected = pending();
        rejected.reject(RejectionReason::OffTopic).unwrap();
        assert_eq!(rejected.publish(now), Err(ReviewRefused::AlreadyModerated));
        assert_eq!(rejected.rejection, Some(RejectionReason::OffTopic));
    }

    #[test]
    fn only_the_overall_mark_must_be_given() {
        let mark = |value| Some(Mark::try_from(value).unwrap());
        assert_eq!(
            marks_in_words(mark(5), None, mark(4)).as_deref(),
            Some("Ponctualité 5/5, communication 4/5")
        );
        assert_eq!(
            marks_in_words(None, mark(3), None).as_deref(),
            Some("Professionnalisme 3/5")
        );
        assert_eq!(marks_in_words(None, None, None), None);
        let text: ReviewText =
            serde_json::from_str(r#"{"rating":4,"comment":"Très bonne mission."}"#).unwrap();
        assert_eq!(text.marks_in_words(), None);
        let before: ReviewText = serde_json::from_str(
            r#"{"rating":4,"punctuality":4,"professionalism":4,"communication":4,"comment":"Bien."}"#,
        )
        .unwrap();
        assert_eq!(before.punctuality, mark(4));
    }
}
