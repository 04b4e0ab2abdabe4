//! An order of several missions, and the payment that they have in common.
//!
//! Until the professional has answered, the order is the only thing there is. Each mission that was
//! accepted then becomes a booking with a life of its own: validated, claimed, cancelled, paid out and
//! invoiced by itself. The card stays the order's: authorised once, debited once for what was accepted.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::booking::{
    Acknowledgements, Archived, BookedMission, Booking, BookingState, CardStatus, Contact, Delays,
    MissionContext, MissionPlace, OrderFate, Payment, Reminder, dates_of,
};
use crate::conversation::masked;
use crate::ids::{AccountId, AgentId, BookingId, OfferId, OrderId, ProfessionalId};
use crate::money::Euros;
use crate::offer::{Activity, CancellationPolicy};
use crate::pricing::PriceBreakdown;
use crate::professional::Address;
use crate::time::holidays::withdrawal_deadline;
use crate::time::interval::Interval;
use crate::time::zone::Zone;

mod contested;
mod dates;
mod money;
mod process;

pub use contested::{ContestedMission, SharedDispute, spread};
pub use dates::{DatesRefused, DayOfWeek, Pattern, Slot};
pub use process::{AgendaThen, OrderCommand, OrderDecision, decide};

/// The most missions of one order.
pub const MOST_MISSIONS: usize = 60;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Agents are held while the client pays.
    AwaitingPayment,
    /// The card is authorised; the professional has until `respond_by` to answer.
    Requested,
    /// The professional took some or all missions: each goes on by itself.
    Answered,
    /// The professional took none.
    Refused,
    /// Nobody answered in time.
    Expired,
    /// The client gave it up before it was answered.
    Cancelled,
    /// The client did not pay in time.
    Abandoned,
    /// The card could not be debited after all.
    PaymentFailed,
}

impl OrderState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 8] = [
        Self::AwaitingPayment,
        Self::Requested,
        Self::Answered,
        Self::Refused,
        Self::Expired,
        Self::Cancelled,
        Self::Abandoned,
        Self::PaymentFailed,
    ];

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "Paiement en cours",
            Self::Requested => "En attente de réponse",
            Self::Answered => "Acceptée",
            Self::Refused => "Refusée",
            Self::Expired => "Expirée",
            Self::Cancelled => "Annulée",
            Self::Abandoned => "Abandonnée",
            Self::PaymentFailed => "Paiement échoué",
        }
    }

    /// Whether it still waits for its payment or its answer: its account cannot be closed. What follows
    /// is told by its bookings.
    pub fn is_open(self) -> bool {
        match self {
            Self::AwaitingPayment | Self::Requested => true,
            Self::Answered
            | Self::Refused
            | Self::Expired
            | Self::Cancelled
            | Self::Abandoned
            | Self::PaymentFailed => false,
        }
    }
}

/// What became of one mission of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissionAnswer {
    /// Nobody answered yet.
    Waiting,
    /// The professional took it: it is a booking.
    Accepted,
    /// The professional did not take it.
    Refused,
    /// The client took it back before the answer.
    Cancelled,
    /// The order ended without an answer.
    Lapsed,
}

impl MissionAnswer {
    /// Whether agents are kept for it as far as the order knows.
    pub fn holds_agents(self) -> bool {
        match self {
            Self::Waiting | Self::Accepted => true,
            Self::Refused | Self::Cancelled | Self::Lapsed => false,
        }
    }

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "En attente de réponse",
            Self::Accepted => "Acceptée",
            Self::Refused => "Refusée",
            Self::Cancelled => "Annulée",
            Self::Lapsed => "Sans suite",
        }
    }
}

/// One mission of an order: the booking that it becomes if it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedMission {
    /// How the booking is called, chosen when it was ordered.
    pub booking: BookingId,
    /// From when to when.
    pub interval: Interval,
    /// Those who are held for it.
    pub agents: Vec<AgentId>,
    /// Its price, frozen.
    pub price: PriceBreakdown,
    /// What became of it.
    pub answer: MissionAnswer,
}

/// An order of several missions of one offer at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its identifier.
    pub id: OrderId,
    /// The reference that people quote.
    pub reference: String,
    /// Who ordered.
    pub client: AccountId,
    /// Whether the client is a consumer, who has a right of withdrawal.
    pub consumer: bool,
    /// Whom the professional calls, from acceptance on.
    pub contact: Contact,
    /// With whom the contracts are made.
    pub professional: ProfessionalId,
    /// The professional's name when it was ordered.
    pub professional_name: String,
    /// The offer ordered.
    pub offer: OfferId,
    /// Its title when it was ordered.
    pub offer_title: String,
    /// The activity, which decides the titles needed.
    pub activity: Activity,
    /// How many agents each mission wants.
    pub agents: u16,
    /// Where.
    pub place: MissionPlace,
    /// What the professional must know.
    pub context: MissionContext,
    /// Where invoices are addressed, when it is not where the missions take place.
    pub billing_address: Option<Address>,
    /// The delays of the day it was ordered.
    pub delays: Delays,
    /// What the client gets back on cancelling a mission, as the offer said when it was ordered.
    pub cancellation: CancellationPolicy,
    /// What the client acknowledged.
    pub acknowledgements: Acknowledgements,
    /// The missions, in the order of their start.
    pub missions: Vec<OrderedMission>,
    /// Where it stands.
    pub state: OrderState,
    /// The card: session, authorisation, debit. Refunds and transfers are the bookings'.
    pub payment: Payment,
    /// Debits that the client's bank took back, and what each mission bears of them.
    pub disputes: Vec<SharedDispute>,
    /// When agents were first held.
    pub created_at: Timestamp,
    /// Until when agents are held while the client pays.
    pub hold_until: Timestamp,
    /// When the request reached the professional.
    pub requested_at: Option<Timestamp>,
    /// The last moment to answer.
    pub respond_by: Option<Timestamp>,
    /// When the professional answered: the conclusion of the contracts that were accepted.
    pub answered_at: Option<Timestamp>,
    /// The professional's advice to the client on acceptance.
    pub advice: Option<String>,
    /// Why the professional did not take what they did not take.
    pub refusal_reason: Option<String>,
    /// When it ended without anything accepted.
    pub closed_at: Option<Timestamp>,
    /// Reminders already sent.
    pub reminded: Vec<Reminder>,
}

impl Order {
    /// The zone of its place.
    pub fn zone(&self) -> Zone {
        Zone::of(&self.place.department)
    }

    /// Whether it exists for this professional: what was never paid for does not.
    pub fn reached(&self, professional: &ProfessionalId) -> bool {
        self.professional == *professional && self.requested_at.is_some()
    }

    /// What the client authorised.
    pub fn total(&self) -> Euros {
        sum(self.missions.iter())
    }

    /// What is debited: the missions that were accepted.
    pub fn accepted_total(&self) -> Euros {
        sum(self.accepted())
    }

    /// What comes to the professional when every mission that may still take place does.
    pub fn professional_total(&self) -> Euros {
        let holding = self
            .missions
            .iter()
            .filter(|one| one.answer.holds_agents())
            .map(|one| one.price.professional_total.cents());
        Euros::from_cents(holding.sum())
    }

    /// When a mission takes place, by the clocks of its place.
    pub fn dates_of(&self, mission: &OrderedMission) -> String {
        dates_of(mission.interval, self.zone())
    }

    /// How many dates are asked for: without those that the client took back, unless all were.
    pub fn dates_asked(&self) -> usize {
        let kept = |one: &&OrderedMission| one.answer != MissionAnswer::Cancelled;
        match self.missions.iter().filter(kept).count() {
            0 => self.missions.len(),
            asked => asked,
        }
    }

    /// The missions that were accepted.
    pub fn accepted(&self) -> impl Iterator<Item = &OrderedMission> {
        let accepted = |one: &&OrderedMission| one.answer == MissionAnswer::Accepted;
        self.missions.iter().filter(accepted)
    }

    /// The booking under whose name the order is printed, once for all its missions: the first that was
    /// accepted.
    pub fn printed_under(&self) -> Option<&BookingId> {
        self.accepted().next().map(|one| &one.booking)
    }

    /// The mission that is, or becomes, this booking.
    pub fn mission(&self, booking: &BookingId) -> Option<&OrderedMission> {
        self.missions.iter().find(|one| one.booking == *booking)
    }

    /// When its first mission starts.
    pub fn first_start(&self) -> Option<Timestamp> {
        self.missions.iter().map(|one| one.interval.start()).min()
    }

    /// When its last mission starts.
    pub fn last_start(&self) -> Option<Timestamp> {
        self.missions.iter().map(|one| one.interval.start()).max()
    }

    /// When its last mission ends.
    pub fn last_end(&self) -> Option<Timestamp> {
        self.missions.iter().map(|one| one.interval.end()).max()
    }

    /// From the first start to the last end: what is to be read of an agenda.
    pub fn span(&self) -> Option<Interval> {
        Interval::new(self.first_start()?, self.last_end()?).ok()
    }

    /// Whether a contract stands by what the order knows: from then on both know each other's coordinates.
    pub fn contract_concluded(&self) -> bool {
        self.state == OrderState::Answered
    }

    /// What the client says of the missions, as the professional may read it while no contract stands.
    pub fn masked_context(&self) -> MissionContext {
        MissionContext {
            site: masked(&self.context.site).text,
            risks: masked(&self.context.risks).text,
            instructions: masked(&self.context.instructions).text,
            ..self.context
        }
    }

    /// A text of the client as the professional may read it: coordinates are hidden while no contract
    /// stands (terms, article 22).
    pub fn shown_before_contract(&self, text: &str) -> String {
        if self.contract_concluded() {
            text.to_owned()
        } else {
            masked(text).text
        }
    }

    /// What became of its payment, for the count of a client's unpaid orders.
    pub fn fate(&self, now: Timestamp) -> OrderFate {
        if self.requested_at.is_some() {
            OrderFate::Paid
        } else if self.state == OrderState::AwaitingPayment && now < self.hold_until {
            OrderFate::Waiting
        } else {
            OrderFate::Abandoned
        }
    }

    /// The booking that an accepted mission begins as. Its card is the order's: authorised, and debited or
    /// lost as soon as the order tells.
    pub fn booking_of(&self, mission: &OrderedMission, reference: String) -> Booking {
        let payment = Payment {
            card: CardStatus::Authorised,
            page_closed: true,
            intent: self.payment.intent.clone(),
            capture_before: self.payment.capture_before,
            ..Payment::NONE
        };
        Booking {
            id: mission.booking.clone(),
            order: Some(self.id.clone()),
            reference,
            client: self.client.clone(),
            consumer: self.consumer,
            contact: self.contact.clone(),
            professional: self.professional.clone(),
            professional_name: self.professional_name.clone(),
            offer: self.offer.clone(),
            offer_title: self.offer_title.clone(),
            mission: BookedMission {
                activity: self.activity,
                interval: mission.interval,
                agents: self.agents,
                place: self.place.clone(),
                context: self.context.clone(),
            },
            billing_address: self.billing_address.clone(),
            agents: mission.agents.clone(),
            price: mission.price.clone(),
            delays: self.delays.clone(),
            cancellation: self.cancellation,
            acknowledgements: self.acknowledgements.clone(),
            state: BookingState::Accepted,
            payment,
            created_at: self.created_at,
            hold_until: self.hold_until,
            requested_at: self.requested_at,
            respond_by: self.respond_by,
            accepted_at: self.answered_at,
            advice: self.advice.clone(),
            withdrawal_deadline: self
                .answered_at
                .filter(|_| self.consumer)
                .map(withdrawal_deadline),
            completed_at: None,
            validated_at: None,
            validated_automatically: false,
            closed_at: None,
            refusal_reason: None,
            cancellation_reason: None,
            claim: None,
            due: None,
            reminded: Vec::new(),
            review: None,
            evaluation: None,
            archived: Archived::default(),
            title_alerts: Vec::new(),
            intervention: None,
            replacements: Vec::new(),
            modification: None,
            former: Vec::new(),
            quote: None,
        }
    }
}

fn sum<'a>(missions: impl Iterator<Item = &'a OrderedMission>) -> Euros {
    Euros::from_cents(missions.map(|one| one.price.total.cents()).sum())
}

/// Why a command on an order, or its creation, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OrderRefused {
    /// The order is in another state.
    #[error("Cette action n’est plus possible : la commande a changé d’état.")]
    WrongState,
    /// `respond_by` has passed.
    #[error("Le délai de réponse est dépassé : la demande est expirée.")]
    AnsweredTooLate,
    /// The delay has not run out.
    #[error("Le délai n’est pas encore écoulé.")]
    TooEarly,
    /// The agents' hold lapsed before the card was authorised.
    #[error("Le délai de paiement est dépassé : les agents ne sont plus réservés.")]
    HoldLapsed,
    /// The amount authorised is not the order's.
    #[error("Le montant autorisé ne correspond pas à la commande.")]
    AmountDiffers,
    /// A mission that is not, or no longer, one of those to be answered.
    #[error("Une des dates choisies ne fait plus partie de cette commande : relisez-la.")]
    NoSuchMission,
    /// Two missions of one order at the same time.
    #[error("Deux dates de la commande se chevauchent.")]
    Overlapping,
    /// No mission at all.
    #[error("Choisissez au moins une date.")]
    NoMission,
    /// More than sixty missions.
    #[error("Une commande compte 60 dates au plus.")]
    TooManyMissions,
    /// Its missions touch more days than one transaction writes.
    #[error("Ces dates couvrent trop de journées pour une seule commande : faites-en deux.")]
    TooManyDays,
}

impl OrderRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::WrongState => "order_state_changed",
            Self::AnsweredTooLate => "order_answered_too_late",
            Self::TooEarly => "order_too_early",
            Self::HoldLapsed => "order_hold_lapsed",
            Self::AmountDiffers => "payment_amount_differs",
            Self::NoSuchMission => "order_mission_unknown",
            Self::Overlapping => "order_dates_overlap",
            Self::NoMission => "order_without_date",
            Self::TooManyMissions => "order_too_many_dates",
            Self::TooManyDays => "order_too_many_days",
        }
    }
}

/// Puts the missions of an order into the order of their start, and refuses what is no order: none, too
/// many, two at once.
pub fn in_order(mut intervals: Vec<Interval>) -> Result<Vec<Interval>, OrderRefused> {
    if intervals.is_empty() {
        return Err(OrderRefused::NoMission);
    }
    if intervals.len() > MOST_MISSIONS {
        return Err(OrderRefused::TooManyMissions);
    }
    intervals.sort_unstable();
    let overlaps = intervals
        .windows(2)
        .any(|pair| matches!(pair, [one, next] if one.overlaps(next)));
    if overlaps {
        return Err(OrderRefused::Overlapping);
    }
    Ok(intervals)
}
