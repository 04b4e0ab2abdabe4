//! What happened, in the past tense: published on the bus once the state is written.
//!
//! Events carry identifiers only. Whoever needs a name or an address reads it where it is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::booking::Reminder;
use crate::ids::{AccountId, BookingId, EvaluationId, OfferId, ProfessionalId, ReviewId};

/// One thing that happened. The name of the variant is the event's type on the bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type")]
#[expect(missing_docs, reason = "each field is the identifier its name says")]
pub enum Event {
    /// A client account was opened; its e-mail is to be verified.
    ClientSignedUp { account: AccountId },
    /// Somebody tried to sign up with an e-mail that has an account.
    SignUpRepeated { account: AccountId },
    /// Somebody asked for a new password.
    PasswordResetAsked { account: AccountId },
    /// A professional began to register; the e-mail is to be verified.
    RegistrationStarted { professional: ProfessionalId },
    /// A registration is complete and waits for a decision.
    RegistrationSubmitted { professional: ProfessionalId },
    /// The operator asks for complements.
    ComplementsRequested { professional: ProfessionalId },
    /// The operator accepted the professional.
    ProfessionalAccepted { professional: ProfessionalId },
    /// The operator refused the professional.
    ProfessionalRefused { professional: ProfessionalId },
    /// What a professional shows to the public changed: page, calendar, documents.
    ProfessionalChanged { professional: ProfessionalId },
    /// An offer was published, changed or withdrawn.
    OfferChanged {
        professional: ProfessionalId,
        offer: OfferId,
    },
    /// Agents are held while a client pays.
    AgentsHeld {
        booking: BookingId,
        professional: ProfessionalId,
    },
    /// The card is authorised: the professional is asked.
    BookingRequested { booking: BookingId },
    /// Nobody paid in time.
    BookingAbandoned { booking: BookingId },
    /// The professional took the mission.
    BookingAccepted { booking: BookingId },
    /// The professional declined.
    BookingRefused { booking: BookingId },
    /// The client took the request back.
    BookingCancelled { booking: BookingId },
    /// Nobody answered in time.
    BookingExpired { booking: BookingId },
    /// The mission is done.
    MissionCompleted { booking: BookingId },
    /// The client, or the delay, validated the mission.
    BookingValidated { booking: BookingId },
    /// The professional was paid, the commission kept.
    BookingPaidOut { booking: BookingId },
    /// A reminder is to be sent.
    ReminderDue {
        booking: BookingId,
        reminder: Reminder,
    },
    /// A client wrote a review; it waits for moderation.
    ReviewSubmitted {
        review: ReviewId,
        professional: ProfessionalId,
    },
    /// A review is public.
    ReviewPublished {
        review: ReviewId,
        professional: ProfessionalId,
    },
    /// A review was turned down, for a reason that its author is told.
    ReviewRejected {
        review: ReviewId,
        professional: ProfessionalId,
    },
    /// A professional evaluated a client, privately.
    ClientEvaluated { evaluation: EvaluationId },
}

impl Event {
    /// The event's type on the bus, such as `BookingAccepted`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ClientSignedUp { .. } => "ClientSignedUp",
            Self::SignUpRepeated { .. } => "SignUpRepeated",
            Self::PasswordResetAsked { .. } => "PasswordResetAsked",
            Self::RegistrationStarted { .. } => "RegistrationStarted",
            Self::RegistrationSubmitted { .. } => "RegistrationSubmitted",
            Self::ComplementsRequested { .. } => "ComplementsRequested",
            Self::ProfessionalAccepted { .. } => "ProfessionalAccepted",
            Self::ProfessionalRefused { .. } => "ProfessionalRefused",
            Self::ProfessionalChanged { .. } => "ProfessionalChanged",
            Self::OfferChanged { .. } => "OfferChanged",
            Self::AgentsHeld { .. } => "AgentsHeld",
            Self::BookingRequested { .. } => "BookingRequested",
            Self::BookingAbandoned { .. } => "BookingAbandoned",
            Self::BookingAccepted { .. } => "BookingAccepted",
            Self::BookingRefused { .. } => "BookingRefused",
            Self::BookingCancelled { .. } => "BookingCancelled",
            Self::BookingExpired { .. } => "BookingExpired",
            Self::MissionCompleted { .. } => "MissionCompleted",
            Self::BookingValidated { .. } => "BookingValidated",
            Self::BookingPaidOut { .. } => "BookingPaidOut",
            Self::ReminderDue { .. } => "ReminderDue",
            Self::ReviewSubmitted { .. } => "ReviewSubmitted",
            Self::ReviewPublished { .. } => "ReviewPublished",
            Self::ReviewRejected { .. } => "ReviewRejected",
            Self::ClientEvaluated { .. } => "ClientEvaluated",
        }
    }
}
