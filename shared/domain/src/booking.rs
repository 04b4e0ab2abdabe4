//! The booking process, declared once: who may do what, when, and what follows.
//!
//! A booking is paid for in four steps that people see: the card is authorised with the request,
//! debited on acceptance, the money is kept until the client validates, then it is paid out.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::identifiers::Phone;
use crate::ids::{
    AccountId, AgentId, BookingId, DocumentId, EvaluationId, OfferId, ProfessionalId, ReviewId,
};
use crate::money::Euros;
use crate::offer::Activity;
use crate::places::{Department, PostalCode};
use crate::pricing::PriceBreakdown;
use crate::time::interval::Interval;

mod deadlines;
mod process;

pub use deadlines::{Deadline, Delays, Due, Reminder};
pub use process::{Actor, Command, Decision, decide};

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    /// Agents are held while the client pays.
    AwaitingPayment,
    /// The card is authorised; the professional has until `respond_by` to answer.
    Requested,
    /// The professional accepted: the contract is concluded and the card is debited.
    Accepted,
    /// The mission is over; the client is asked to validate it.
    Completed,
    /// The client (or the delay) validated: the money goes to the professional.
    Validated,
    /// The professional refused the request.
    Refused,
    /// Nobody answered in time.
    Expired,
    /// The client took the request back before an answer.
    Cancelled,
    /// The client did not pay in time.
    Abandoned,
}

impl BookingState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 9] = [
        Self::AwaitingPayment,
        Self::Requested,
        Self::Accepted,
        Self::Completed,
        Self::Validated,
        Self::Refused,
        Self::Expired,
        Self::Cancelled,
        Self::Abandoned,
    ];

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "Paiement en cours",
            Self::Requested => "En attente d’acceptation",
            Self::Accepted => "Confirmée",
            Self::Completed => "Terminée, à valider",
            Self::Validated => "Validée",
            Self::Refused => "Refusée",
            Self::Expired => "Expirée",
            Self::Cancelled => "Annulée",
            Self::Abandoned => "Abandonnée",
        }
    }

    /// Whether agents are kept for the booking in this state.
    pub fn holds_agents(self) -> bool {
        match self {
            Self::AwaitingPayment
            | Self::Requested
            | Self::Accepted
            | Self::Completed
            | Self::Validated => true,
            Self::Refused | Self::Expired | Self::Cancelled | Self::Abandoned => false,
        }
    }

    /// Whether the contract was concluded: coordinates are shared from here on (terms, article 22).
    pub fn contract_concluded(self) -> bool {
        match self {
            Self::Accepted | Self::Completed | Self::Validated => true,
            Self::AwaitingPayment
            | Self::Requested
            | Self::Refused
            | Self::Expired
            | Self::Cancelled
            | Self::Abandoned => false,
        }
    }
}

/// What happened to the client's money so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// No card was authorised yet.
    Unpaid,
    /// The card is authorised, not debited.
    Authorised,
    /// The card was debited; the money is held.
    Captured,
    /// The authorisation was given back: nothing was debited.
    Released,
    /// The professional's part was transferred, the commission kept.
    Transferred,
}

/// The payment of a booking, as known to us; Stripe's own objects are the truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// How far it went.
    pub status: PaymentStatus,
    /// The Checkout session opened for it.
    pub session: Option<String>,
    /// The payment intent.
    pub intent: Option<String>,
    /// The charge that was captured.
    pub charge: Option<String>,
    /// The transfer to the professional.
    pub transfer: Option<String>,
}

impl Payment {
    /// A payment that nobody began.
    pub const NONE: Self = Self {
        status: PaymentStatus::Unpaid,
        session: None,
        intent: None,
        charge: None,
        transfer: None,
    };
}

/// How the client's money is divided at one moment. The parts always add up to `captured`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoneyPosition {
    /// Debited from the card.
    pub captured: Euros,
    /// Paid to the professional.
    pub transferred: Euros,
    /// Kept by the platform as its commission.
    pub commission: Euros,
    /// Given back to the client.
    pub refunded: Euros,
    /// Kept at Stripe until validation.
    pub held: Euros,
}

/// Where and how the mission takes place. The exact address is a coordinate of the client.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissionPlace {
    /// Street and number: hidden from the professional until acceptance.
    pub address: String,
    /// Five digits.
    pub postal_code: PostalCode,
    /// The town, shown from the request on.
    pub town: String,
    /// The department, which decides VAT and public holidays.
    pub department: Department,
}

impl std::fmt::Debug for MissionPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MissionPlace({})", self.department.code())
    }
}

/// What the professional must know to exercise the duty of advice (CSI, R631-20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissionContext {
    /// Kind of site: shop, construction site, event …
    #[schemars(length(min = 2, max = 100))]
    pub site: String,
    /// Whether agents would stand on the public road (CSI, L613-1).
    pub public_road: bool,
    /// Whether an audience is expected.
    pub public_expected: bool,
    /// Risks that the client knows of.
    #[schemars(length(max = 1000))]
    #[serde(default)]
    pub risks: String,
    /// Instructions for the agents.
    #[schemars(length(max = 2000))]
    #[serde(default)]
    pub instructions: String,
}

/// The mission asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedMission {
    /// The activity, which decides the titles needed.
    pub activity: Activity,
    /// Start and end.
    pub interval: Interval,
    /// How many agents.
    pub agents: u16,
    /// Where.
    pub place: MissionPlace,
    /// What the professional must know.
    pub context: MissionContext,
}

/// Whom to call about the mission.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// First and last name.
    pub name: String,
    /// Phone number.
    pub phone: Phone,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact(…)")
    }
}

/// What the client acknowledged before the order became binding, kept as proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgements {
    /// The professional's conditions of sale that were read and accepted.
    pub conditions_of_sale: DocumentId,
    /// Their SHA-256, hexadecimal.
    pub conditions_of_sale_sha256: String,
    /// The version of the platform's terms.
    pub terms_version: String,
    /// The consumer was told of the right of withdrawal (C. conso., L221-18).
    pub withdrawal_information: bool,
    /// The consumer asked for a start before the withdrawal delay ends (C. conso., L221-25).
    pub early_start_requested: bool,
    /// The consumer was told that the right is lost once fully performed (C. conso., L221-28, 1°).
    pub loss_of_withdrawal_acknowledged: bool,
    /// When it was acknowledged.
    pub at: Timestamp,
    /// From which address.
    pub ip: String,
    /// With which browser.
    pub browser: String,
}

/// One booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Its identifier.
    pub id: BookingId,
    /// The reference that people quote.
    pub reference: String,
    /// Who ordered.
    pub client: AccountId,
    /// Whether the client is a consumer, who has a right of withdrawal.
    pub consumer: bool,
    /// Whom the professional calls, from acceptance on.
    pub contact: Contact,
    /// With whom the contract is made.
    pub professional: ProfessionalId,
    /// The professional's name when it was ordered.
    pub professional_name: String,
    /// The offer ordered.
    pub offer: OfferId,
    /// Its title when it was ordered.
    pub offer_title: String,
    /// What is to be done.
    pub mission: BookedMission,
    /// The agents held for it.
    pub agents: Vec<AgentId>,
    /// The price, frozen.
    pub price: PriceBreakdown,
    /// What the client acknowledged.
    pub acknowledgements: Acknowledgements,
    /// Where it stands.
    pub state: BookingState,
    /// What happened to the money.
    pub payment: Payment,
    /// When agents were first held.
    pub created_at: Timestamp,
    /// Until when agents are held while the client pays.
    pub hold_until: Timestamp,
    /// When the request reached the professional.
    pub requested_at: Option<Timestamp>,
    /// The last moment to accept.
    pub respond_by: Option<Timestamp>,
    /// When the professional accepted: the contract's conclusion.
    pub accepted_at: Option<Timestamp>,
    /// The professional's advice to the client on acceptance.
    pub advice: Option<String>,
    /// Until when a consumer may withdraw.
    pub withdrawal_deadline: Option<Timestamp>,
    /// When the mission was declared done.
    pub completed_at: Option<Timestamp>,
    /// When it was validated.
    pub validated_at: Option<Timestamp>,
    /// Whether the delay validated it rather than the client.
    pub validated_automatically: bool,
    /// When it was refused, expired, cancelled or abandoned.
    pub closed_at: Option<Timestamp>,
    /// Why it was refused.
    pub refusal_reason: Option<String>,
    /// Reminders already sent.
    pub reminded: Vec<Reminder>,
    /// The client's review.
    pub review: Option<ReviewId>,
    /// The professional's private evaluation.
    pub evaluation: Option<EvaluationId>,
}

impl Booking {
    /// How the money is divided now: captured = transferred + commission + refunded + held.
    pub fn money(&self) -> MoneyPosition {
        let nothing = MoneyPosition {
            captured: Euros::ZERO,
            transferred: Euros::ZERO,
            commission: Euros::ZERO,
            refunded: Euros::ZERO,
            held: Euros::ZERO,
        };
        match self.payment.status {
            PaymentStatus::Unpaid | PaymentStatus::Authorised | PaymentStatus::Released => nothing,
            PaymentStatus::Captured => MoneyPosition {
                captured: self.price.total,
                held: self.price.total,
                ..nothing
            },
            PaymentStatus::Transferred => MoneyPosition {
                captured: self.price.total,
                transferred: self.price.professional_total,
                commission: self.price.commission,
                ..nothing
            },
        }
    }

    /// Until when a review may be written, once validated (30 days by default).
    pub fn review_until(&self, delays: &Delays) -> Option<Timestamp> {
        self.validated_at.map(|at| at + delays.review_window)
    }
}

/// Why a command on a booking, or its creation, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BookingRefused {
    /// The command does not exist for this actor.
    #[error("Cette action ne vous appartient pas.")]
    NotYours,
    /// The booking is in another state.
    #[error("Cette action n’est plus possible : la réservation a changé d’état.")]
    WrongState,
    /// `respond_by` has passed.
    #[error("Le délai de réponse est dépassé : la demande est expirée.")]
    AnsweredTooLate,
    /// The delay has not run out.
    #[error("Le délai n’est pas encore écoulé.")]
    TooEarly,
    /// The mission is not over.
    #[error("La mission n’est pas encore terminée.")]
    MissionNotOver,
    /// The agents' hold lapsed before the card was authorised.
    #[error("Le délai de paiement est dépassé : les agents ne sont plus réservés.")]
    HoldLapsed,
    /// The amount authorised is not the booking's.
    #[error("Le montant autorisé ne correspond pas à la commande.")]
    AmountDiffers,
    /// The mission starts too soon for this professional.
    #[error("La mission commence trop tôt : ce professionnel demande un délai plus long.")]
    NoticeTooShort,
    /// The mission starts after the booking horizon (75 days by default).
    #[error("La mission est trop lointaine : les réservations s’ouvrent 75 jours à l’avance.")]
    TooFarAhead,
}

impl BookingRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotYours => "booking_not_yours",
            Self::WrongState => "booking_state_changed",
            Self::AnsweredTooLate => "booking_answered_too_late",
            Self::TooEarly => "booking_too_early",
            Self::MissionNotOver => "mission_not_over",
            Self::HoldLapsed => "booking_hold_lapsed",
            Self::AmountDiffers => "payment_amount_differs",
            Self::NoticeTooShort => "mission_notice_too_short",
            Self::TooFarAhead => "mission_too_far_ahead",
        }
    }
}

/// How soon a mission may start: the offer's own notice, never under 12 h, or 4 h where the
/// professional takes urgent missions. Beyond the horizon the money could not be held.
pub fn check_start(
    mission: Interval,
    notice_hours: u16,
    takes_urgent: bool,
    now: Timestamp,
    delays: &Delays,
) -> Result<(), BookingRefused> {
    if mission.start() < earliest_start(notice_hours, takes_urgent, now, delays) {
        return Err(BookingRefused::NoticeTooShort);
    }
    if mission.end() > now + delays.horizon {
        return Err(BookingRefused::TooFarAhead);
    }
    Ok(())
}

/// The first moment at which a mission ordered at `now` may start, free agents or not.
pub fn earliest_start(
    notice_hours: u16,
    takes_urgent: bool,
    now: Timestamp,
    delays: &Delays,
) -> Timestamp {
    let offered = SignedDuration::from_hours(i64::from(notice_hours));
    now + if takes_urgent {
        delays.urgent_notice
    } else {
        offered.max(delays.least_notice)
    }
}

/// The last moment to answer a request made at `requested_at`: 48 h later or 4 h before the start,
/// whichever comes first; 2 h for an urgent mission (terms, article 2.2).
pub fn respond_by(requested_at: Timestamp, start: Timestamp, delays: &Delays) -> Timestamp {
    let before_start = start - delays.answer_before_start;
    if start - delays.least_notice < requested_at {
        return (requested_at + delays.urgent_answer).min(before_start.max(requested_at));
    }
    (requested_at + delays.answer).min(before_start)
}
