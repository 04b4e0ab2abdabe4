//! The booking process, declared once: who may do what, when, and what follows.
//!
//! A booking is paid for in four steps that people see: the card is authorised with the request,
//! debited on acceptance, the money is kept until the client validates, then it is paid out.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::conversation::masked;
use crate::identifiers::Phone;
use crate::ids::{
    AccountId, AgentId, BookingId, DocumentId, EvaluationId, OfferId, OrderId, ProfessionalId,
    QuoteRequestId, ReviewId,
};
use crate::offer::{Activity, CancellationPolicy};
use crate::places::{Department, PostalCode};
use crate::pricing::PriceBreakdown;
use crate::professional::Address;
use crate::time::interval::Interval;
use crate::time::zone::Zone;

mod archive;
mod cancellation;
mod claim;
pub mod confirmation;
mod deadlines;
mod incidents;
mod intervention;
mod modification;
mod money_now;
mod money_steps;
mod open_orders;
mod payment;
mod process;
mod replacing;
mod settling;
mod titles;

pub use archive::Archived;
pub use cancellation::Leaving;
pub use claim::{BookingParty, Claim, ClaimOutcome, ClaimReason, Proposal};
pub use deadlines::{Deadline, Delays, Due, Reminder};
pub use intervention::{Calling, Intervention};
pub use modification::{AgreedTerms, FormerTerms, Modification};
pub use money_steps::{MoneyMove, MoneyStep};
pub use open_orders::{OpenOrder, OpenOrders, OrderFate, OrdersRefused};
pub use payment::{
    Attempt, CardStatus, Dispute, DisputeStage, MoneyPosition, Payment, Refund, RefundStatus,
    RefusedStep, Seen, Transfer, Trouble,
};
pub use process::{Actor, AgentsThen, Command, Decision, decide};
pub use replacing::Replacement;
pub use settling::{Next, Payouts, Shares, Step, Wait};
pub use titles::{CANCELLED_BEFORE_START, TitleAlert};

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
    /// The client gave the booking up, before or after its acceptance.
    Cancelled,
    /// The client did not pay in time.
    Abandoned,
    /// The professional gave up a mission that was accepted.
    CancelledByProfessional,
    /// The platform called the mission off: a title was missing, or the operator decided so.
    CancelledByPlatform,
    /// The consumer withdrew from the contract (C. conso., L221-18).
    Withdrawn,
    /// The client says that the mission went wrong.
    UnderClaim,
    /// A claim ended with what was agreed or decided.
    Settled,
    /// The card could not be debited after all.
    PaymentFailed,
}

impl BookingState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 15] = [
        Self::AwaitingPayment,
        Self::Requested,
        Self::Accepted,
        Self::Completed,
        Self::Validated,
        Self::Refused,
        Self::Expired,
        Self::Cancelled,
        Self::Abandoned,
        Self::CancelledByProfessional,
        Self::CancelledByPlatform,
        Self::Withdrawn,
        Self::UnderClaim,
        Self::Settled,
        Self::PaymentFailed,
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
            Self::CancelledByProfessional => "Annulée par le professionnel",
            Self::CancelledByPlatform => "Annulée par la plateforme",
            Self::Withdrawn => "Rétractée",
            Self::UnderClaim => "Réclamation en cours",
            Self::Settled => "Réclamation réglée",
            Self::PaymentFailed => "Paiement échoué",
        }
    }

    /// Whether agents are kept for the booking in this state.
    pub fn holds_agents(self) -> bool {
        match self {
            Self::AwaitingPayment
            | Self::Requested
            | Self::Accepted
            | Self::Completed
            | Self::Validated
            | Self::UnderClaim
            | Self::Settled => true,
            Self::Refused
            | Self::Expired
            | Self::Cancelled
            | Self::Abandoned
            | Self::CancelledByProfessional
            | Self::CancelledByPlatform
            | Self::Withdrawn
            | Self::PaymentFailed => false,
        }
    }

    /// Whether somebody still has something to do, pay or answer: an account with such a booking
    /// cannot be closed.
    pub fn is_live(self) -> bool {
        match self {
            Self::AwaitingPayment
            | Self::Requested
            | Self::Accepted
            | Self::Completed
            | Self::UnderClaim => true,
            Self::Validated
            | Self::Settled
            | Self::Refused
            | Self::Expired
            | Self::Cancelled
            | Self::Abandoned
            | Self::CancelledByProfessional
            | Self::CancelledByPlatform
            | Self::Withdrawn
            | Self::PaymentFailed => false,
        }
    }

    /// Whether the contract is concluded and stands: coordinates are shared while it does (terms,
    /// article 22).
    pub fn contract_concluded(self) -> bool {
        match self {
            Self::Accepted
            | Self::Completed
            | Self::Validated
            | Self::UnderClaim
            | Self::Settled => true,
            Self::AwaitingPayment
            | Self::Requested
            | Self::Refused
            | Self::Expired
            | Self::Cancelled
            | Self::Abandoned
            | Self::CancelledByProfessional
            | Self::CancelledByPlatform
            | Self::Withdrawn
            | Self::PaymentFailed => false,
        }
    }
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

impl BookedMission {
    /// The zone of its place, by whose clocks everything about it is told.
    pub fn zone(&self) -> Zone {
        Zone::of(&self.place.department)
    }

    /// `samedi 14 novembre 2026 à 20 h, jusqu’à 23 h`, or from one day to another, with the name of
    /// the zone where it is not Paris.
    pub fn dates(&self) -> String {
        dates_of(self.interval, self.zone())
    }
}

/// `samedi 14 novembre 2026 à 20 h, jusqu’à 23 h`, or from one day to another, with the name of the zone
/// where it is not Paris.
pub(crate) fn dates_of(interval: Interval, zone: Zone) -> String {
    let (start, end) = (interval.start(), interval.end());
    let written = if zone.local_date(start) == zone.local_date(end) {
        format!(
            "{}, jusqu’à {}",
            zone.french_date_time(start),
            zone.french_time(end)
        )
    } else {
        format!(
            "du {} au {}",
            zone.french_date_time(start),
            zone.french_date_time(end)
        )
    };
    written + &zone.named()
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
    /// The order of several missions that it is part of, which has the card that it is paid with.
    #[serde(default)]
    pub order: Option<OrderId>,
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
    /// Where invoices are addressed, when it is not where the mission takes place.
    pub billing_address: Option<Address>,
    /// The agents held for it.
    pub agents: Vec<AgentId>,
    /// The price, frozen.
    pub price: PriceBreakdown,
    /// The request for quotes whose quote was ordered: the professional agreed beforehand.
    #[serde(default)]
    pub quote: Option<QuoteRequestId>,
    /// The delays of the day it was ordered: later ones never change it.
    #[serde(default)]
    pub delays: Delays,
    /// What the client gets back on cancelling, as the offer said when it was ordered.
    pub cancellation: CancellationPolicy,
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
    /// When it ended otherwise than by validation.
    pub closed_at: Option<Timestamp>,
    /// Why it was refused.
    pub refusal_reason: Option<String>,
    /// Why the professional gave it up.
    pub cancellation_reason: Option<String>,
    /// The client's claim.
    pub claim: Option<Claim>,
    /// Who is due what, once that is known: never before the mission is validated, settled or given up.
    pub due: Option<Shares>,
    /// Reminders already sent.
    pub reminded: Vec<Reminder>,
    /// The client's review.
    pub review: Option<ReviewId>,
    /// The professional's private evaluation.
    pub evaluation: Option<EvaluationId>,
    /// Where each party keeps it once it is over.
    #[serde(default)]
    pub archived: Archived,
    /// Titles that end before the mission: both parties were told of each, once.
    #[serde(default)]
    pub title_alerts: Vec<TitleAlert>,
    /// What the operator decided of it in the parties' place.
    #[serde(default)]
    pub intervention: Option<Intervention>,
    /// Who went in whose place since the acceptance, in order.
    #[serde(default)]
    pub replacements: Vec<Replacement>,
    /// What one party proposes to change, while the other has not answered.
    #[serde(default)]
    pub modification: Option<Modification>,
    /// What the contract said before each modification, oldest first.
    #[serde(default)]
    pub former: Vec<FormerTerms>,
}

impl Booking {
    /// Whether it exists for this professional: it is with them, and its card was authorised. What was
    /// never paid for does not.
    pub fn reached(&self, professional: &ProfessionalId) -> bool {
        self.professional == *professional && self.requested_at.is_some()
    }

    /// A text of the client as the professional may read it: coordinates are for the ordered service
    /// alone, so they are hidden while no contract stands (terms, article 22), as in messages.
    pub fn shown_before_contract(&self, text: &str) -> String {
        if self.state.contract_concluded() {
            text.to_owned()
        } else {
            masked(text).text
        }
    }

    /// What the client says of the mission, as the professional may read it.
    pub fn context_for_professional(&self) -> MissionContext {
        let context = &self.mission.context;
        MissionContext {
            site: self.shown_before_contract(&context.site),
            risks: self.shown_before_contract(&context.risks),
            instructions: self.shown_before_contract(&context.instructions),
            ..*context
        }
    }

    /// When the professional accepted or refused.
    pub fn answered_at(&self) -> Option<Timestamp> {
        let refused = self.state == BookingState::Refused;
        self.accepted_at.or(self.closed_at.filter(|_| refused))
    }

    /// Where it stands, as both parties read it. Nothing is confirmed before the card is debited.
    pub fn state_label(&self) -> &'static str {
        let debited = self.payment.card == CardStatus::Captured;
        match self.state {
            BookingState::Accepted if !debited => "Acceptée, débit en cours",
            state => state.label(),
        }
    }

    /// When the mission was confirmed as having taken place: validated, or settled after a claim.
    pub fn confirmed_at(&self) -> Option<Timestamp> {
        match self.state {
            BookingState::Settled => self.closed_at,
            _ => self.validated_at,
        }
    }

    /// Until when a review may be written, once confirmed (30 days by default).
    pub fn review_until(&self) -> Option<Timestamp> {
        self.confirmed_at().map(|at| at + self.delays.review_window)
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
    /// Something is still to be done, paid or answered.
    #[error("Seule une réservation terminée s’archive.")]
    NotOver,
    /// The mission has begun.
    #[error(
        "La mission a commencé : elle ne s’annule plus. Si elle se passe mal, ouvrez une réclamation."
    )]
    MissionBegun,
    /// The mission is over.
    #[error("La mission est terminée : plus personne n’est à remplacer.")]
    MissionOver,
    /// Somebody else changed who goes.
    #[error(
        "Les agents de cette mission ont changé entre-temps : relisez qui y va avant de choisir."
    )]
    AgentsChanged,
    /// Agents changed as often as they may.
    #[error(
        "Les agents de cette mission ont déjà changé 40 fois : écrivez-nous s’il faut en changer encore."
    )]
    TooManyReplacements,
    /// A claim has as many proposals as it may.
    #[error(
        "Cette réclamation compte déjà 40 propositions : acceptez la dernière, ou demandez-nous de trancher."
    )]
    TooManyProposals,
    /// Its terms changed as often as they may.
    #[error("Cette mission a déjà été modifiée 10 fois : elle ne se modifie plus.")]
    TooManyModifications,
    /// The mission, as it is or would be, begins too soon for a modification to be answered.
    #[error(
        "Il est trop tard pour modifier cette mission : une modification se convient jusqu’à 4 h avant le début, celui d’avant et celui d’après."
    )]
    ModificationTooLate,
    /// The proposal says what the contract says.
    #[error("Rien ne change : modifiez la date, l’heure ou le nombre d’agents.")]
    NothingChanges,
    /// The mission would cost more than was debited.
    #[error(
        "La mission modifiée coûterait plus cher que ce qui a été débité. Pour des heures ou des agents en plus, commandez une autre mission auprès du même professionnel : elle est payée à part."
    )]
    ModificationDearer,
    /// What was agreed to is not what is proposed.
    #[error(
        "Cette proposition de modification n’est plus valable : relisez la page de la mission."
    )]
    NoSuchModification,
    /// Its order has one card for several missions.
    #[error(
        "Une mission d’une commande de plusieurs dates ne se modifie pas : annulez cette date et commandez-en une autre."
    )]
    OneOfSeveral,
    /// The price was named for the mission as it was asked for.
    #[error(
        "Le prix de cette mission a été convenu par devis pour cette durée et ces agents : seules la date et l’heure se modifient."
    )]
    PriceWasNamed,
    /// The mission has not begun.
    #[error("La mission n’a pas encore commencé : vous pouvez l’annuler.")]
    MissionNotBegun,
    /// What is given back is not what was shown.
    #[error(
        "Le montant remboursé a changé depuis que la page vous l’a montré : vérifiez-le avant de confirmer."
    )]
    RefundChanged,
    /// Businesses have no right of withdrawal for distance contracts.
    #[error(
        "Le droit de rétractation est réservé aux consommateurs : cette commande a été passée par une entreprise."
    )]
    NoWithdrawalForBusinesses,
    /// The fourteen days are over.
    #[error("Le délai de rétractation est écoulé.")]
    WithdrawalOver,
    /// The mission is fully performed (C. conso., L221-28, 1°).
    #[error(
        "La mission est entièrement effectuée\u{a0}: vous aviez demandé son exécution avant la fin du délai et reconnu perdre alors le droit de rétractation."
    )]
    FullyPerformed,
    /// A share of the price is from 0 to 100 percent.
    #[error("Indiquez un pourcentage entier, de 0 à 100.")]
    PercentInvalid,
    /// Nobody accepts their own proposal, nor one that was replaced.
    #[error("Cette proposition ne peut plus être acceptée : relisez la réclamation.")]
    NoSuchProposal,
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
            Self::NotOver => "booking_not_over",
            Self::MissionBegun => "mission_begun",
            Self::MissionOver => "mission_over",
            Self::AgentsChanged => "agents_changed",
            Self::TooManyReplacements => "too_many_replacements",
            Self::TooManyProposals => "too_many_proposals",
            Self::TooManyModifications => "too_many_modifications",
            Self::ModificationTooLate => "modification_too_late",
            Self::NothingChanges => "modification_empty",
            Self::ModificationDearer => "modification_dearer",
            Self::NoSuchModification => "modification_changed",
            Self::OneOfSeveral => "modification_one_of_several",
            Self::PriceWasNamed => "modification_price_named",
            Self::MissionNotBegun => "mission_not_begun",
            Self::RefundChanged => "refund_changed",
            Self::NoWithdrawalForBusinesses => "withdrawal_not_for_businesses",
            Self::WithdrawalOver => "withdrawal_over",
            Self::FullyPerformed => "mission_fully_performed",
            Self::PercentInvalid => "percent_invalid",
            Self::NoSuchProposal => "proposal_changed",
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
