//! The one declared graph of the booking process.

use jiff::Timestamp;

use super::{
    Booking, BookingParty, BookingRefused, BookingState, Calling, CardStatus, Claim, ClaimOutcome,
    ClaimReason, Due, Intervention, Proposal, Reminder, Seen, Shares, respond_by,
};
use crate::event::Event;
use crate::ids::BookingId;
use crate::ledger::Movement;
use crate::money::Euros;
use crate::time::holidays::withdrawal_deadline;

/// How often the parties of a claim propose how to end it: each proposal is kept with the booking, and told.
const MOST_PROPOSALS: usize = 40;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The client of this booking.
    Client,
    /// The professional of this booking.
    Professional,
    /// The platform: a webhook or the sweep.
    System,
    /// The operator, who never accepts in a professional's place (terms, preamble).
    Admin,
}

impl From<BookingParty> for Actor {
    fn from(party: BookingParty) -> Self {
        match party {
            BookingParty::Client => Self::Client,
            BookingParty::Professional => Self::Professional,
        }
    }
}

/// What is asked of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Stripe says that the card is authorised.
    Authorise {
        /// The payment intent.
        intent: String,
        /// What was authorised.
        amount: Euros,
        /// The last moment to debit the card, when the bank said so.
        capture_before: Option<Timestamp>,
    },
    /// Give the agents back: nobody paid in time.
    Abandon,
    /// Take the mission.
    Accept {
        /// What the professional advises (CSI, R631-20).
        advice: Option<String>,
    },
    /// Decline the mission.
    Refuse {
        /// Why, for the client.
        reason: String,
    },
    /// Give the booking up, as its client.
    Cancel {
        /// The refund that the client was shown.
        refund: Euros,
    },
    /// Give an accepted mission up, as its professional.
    CancelAsProfessional {
        /// Why, for the client.
        reason: String,
    },
    /// Call the mission off in the parties' place: everything is given back.
    CallOff {
        /// Why.
        calling: Calling,
    },
    /// Give part of the price of a mission back in the parties' place.
    RefundInPart {
        /// How much of the price, 0 to 100.
        percent: u8,
        /// Why, for both.
        reason: String,
    },
    /// Withdraw from the contract, as a consumer.
    Withdraw,
    /// Close a request that nobody answered.
    Expire,
    /// Close a booking whose card cannot be debited any more.
    FailPayment,
    /// Say that the mission is done.
    DeclareDone,
    /// Say that it was done well and let the money go.
    Validate,
    /// Say that it went wrong.
    OpenClaim {
        /// What.
        reason: ClaimReason,
        /// In the client's words.
        description: String,
    },
    /// Propose how to end a claim.
    Propose {
        /// How much of the price is given back, 0 to 100.
        percent: u8,
        /// What is said with it.
        message: String,
    },
    /// Accept what the other party proposed.
    AcceptProposal {
        /// The percentage that was shown.
        percent: u8,
    },
    /// Decide a claim in the parties' place.
    DecideClaim {
        /// How much of the price is given back, 0 to 100.
        percent: u8,
        /// Why.
        reason: String,
    },
}

/// What becomes of the agents that are kept for a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgentsThen {
    /// They stay as they are: held, busy or free.
    Stay,
    /// They were held while the client paid, and are busy now.
    Busy,
    /// They are given back.
    GivenBack,
}

/// What a command led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The booking afterwards.
    pub booking: Booking,
    /// What becomes of its agents.
    pub agents: AgentsThen,
    /// What happened, to be published with it.
    pub events: Vec<Event>,
    /// Which money moved, to be written with it.
    pub movements: Vec<Movement>,
}

impl Decision {
    /// A booking of which nothing is to be told.
    pub fn silent(booking: Booking) -> Self {
        Self {
            booking,
            agents: AgentsThen::Stay,
            events: Vec::new(),
            movements: Vec::new(),
        }
    }

    /// This, and what came after it.
    fn then(mut self, after: Self) -> Self {
        self.events.extend(after.events);
        self.movements.extend(after.movements);
        let agents = match after.agents {
            AgentsThen::Stay => self.agents,
            AgentsThen::Busy | AgentsThen::GivenBack => after.agents,
        };
        Self {
            booking: after.booking,
            agents,
            ..self
        }
    }
}

/// Decides a command. Nothing is written here; a refused command changes nothing.
pub fn decide(
    booking: &Booking,
    actor: Actor,
    command: &Command,
    now: Timestamp,
) -> Result<Decision, BookingRefused> {
    if !may(actor, command) {
        return Err(BookingRefused::NotYours);
    }
    let asked = Asked {
        booking,
        actor,
        now,
    };
    match booking.state {
        BookingState::AwaitingPayment => asked.while_it_awaits_payment(command),
        BookingState::Requested => asked.while_it_is_requested(command),
        BookingState::Accepted => asked.once_accepted(command),
        BookingState::Completed => asked.once_completed(command),
        BookingState::UnderClaim => asked.while_under_claim(command),
        BookingState::Expired => asked.once_expired(command),
        BookingState::Validated
        | BookingState::Settled
        | BookingState::Refused
        | BookingState::Cancelled
        | BookingState::Abandoned
        | BookingState::CancelledByProfessional
        | BookingState::CancelledByPlatform
        | BookingState::Withdrawn
        | BookingState::PaymentFailed => asked.once_over(command),
    }
}

/// On which booking a command is given, by whom, and when.
struct Asked<'a> {
    booking: &'a Booking,
    actor: Actor,
    now: Timestamp,
}

type Decided = Result<Decision, BookingRefused>;

/// The commands that each state knows, one arm each; those that it refuses are named too, so that a new
/// one is refused nowhere by oversight.
impl Asked<'_> {
    fn while_it_awaits_payment(&self, command: &Command) -> Decided {
        match command {
            Command::Authorise {
                intent,
                amount,
                capture_before,
            } => self.authorise(intent, *amount, *capture_before),
            Command::Abandon => self.abandon(),
            Command::FailPayment => self.fail_payment(),
            Command::RefundInPart { percent, reason } => self.refund_in_part(*percent, reason),
            Command::Withdraw => self.withdraw(),
            Command::Accept { .. }
            | Command::Refuse { .. }
            | Command::Cancel { .. }
            | Command::CancelAsProfessional { .. }
            | Command::CallOff { .. }
            | Command::Expire
            | Command::DeclareDone
            | Command::Validate
            | Command::OpenClaim { .. }
            | Command::Propose { .. }
            | Command::AcceptProposal { .. }
            | Command::DecideClaim { .. } => Err(BookingRefused::WrongState),
        }
    }

    fn while_it_is_requested(&self, command: &Command) -> Decided {
        match command {
            Command::Accept { advice } => self.accept(advice.as_deref()),
            Command::Refuse { reason } => self.refuse(reason),
            Command::Cancel { refund } => self.cancel(*refund),
            Command::CallOff { calling } => self.call_off(calling),
            Command::Expire => self.expire(),
            Command::FailPayment => self.fail_payment(),
            Command::RefundInPart { percent, reason } => self.refund_in_part(*percent, reason),
            Command::Withdraw => self.withdraw(),
            Command::Authorise { .. }
            | Command::Abandon
            | Command::CancelAsProfessional { .. }
            | Command::DeclareDone
            | Command::Validate
            | Command::OpenClaim { .. }
            | Command::Propose { .. }
            | Command::AcceptProposal { .. }
            | Command::DecideClaim { .. } => Err(BookingRefused::WrongState),
        }
    }

    fn once_accepted(&self, command: &Command) -> Decided {
        match command {
            Command::Cancel { refund } => self.cancel(*refund),
            Command::CancelAsProfessional { reason } => self.cancel_as_professional(reason),
            Command::CallOff { calling } => self.call_off(calling),
            Command::FailPayment => self.fail_payment(),
            Command::DeclareDone => self.declare_done(),
            Command::OpenClaim {
                reason,
                description,
            } => self.open_claim(*reason, description),
            Command::RefundInPart { percent, reason } => self.refund_in_part(*percent, reason),
            Command::Withdraw => self.withdraw(),
            Command::Authorise { .. }
            | Command::Abandon
            | Command::Accept { .. }
            | Command::Refuse { .. }
            | Command::Expire
            | Command::Validate
            | Command::Propose { .. }
            | Command::AcceptProposal { .. }
            | Command::DecideClaim { .. } => Err(BookingRefused::WrongState),
        }
    }

    fn once_completed(&self, command: &Command) -> Decided {
        match command {
            Command::Validate => self.validate(),
            Command::OpenClaim {
                reason,
                description,
            } => self.open_claim(*reason, description),
            Command::RefundInPart { percent, reason } => self.refund_in_part(*percent, reason),
            Command::Withdraw => self.withdraw(),
            Command::Authorise { .. }
            | Command::Abandon
            | Command::Accept { .. }
            | Command::Refuse { .. }
            | Command::Cancel { .. }
            | Command::CancelAsProfessional { .. }
            | Command::CallOff { .. }
            | Command::Expire
            | Command::FailPayment
            | Command::DeclareDone
            | Command::Propose { .. }
            | Command::AcceptProposal { .. }
            | Command::DecideClaim { .. } => Err(BookingRefused::WrongState),
        }
    }

    fn while_under_claim(&self, command: &Command) -> Decided {
        match command {
            Command::Validate => self.validate(),
            Command::Propose { percent, message } => self.propose(*percent, message),
            Command::AcceptProposal { percent } => self.accept_proposal(*percent),
            Command::DecideClaim { percent, reason } => self.decide_claim(*percent, reason),
            Command::RefundInPart { percent, reason } => self.refund_in_part(*percent, reason),
            Command::Withdraw => self.withdraw(),
            Command::Authorise { .. }
            | Command::Abandon
            | Command::Accept { .. }
            | Command::Refuse { .. }
            | Command::Cancel { .. }
            | Command::CancelAsProfessional { .. }
            | Command::CallOff { .. }
            | Command::Expire
            | Command::FailPayment
            | Command::DeclareDone
            | Command::OpenClaim { .. } => Err(BookingRefused::WrongState),
        }
    }

    fn once_expired(&self, command: &Command) -> Decided {
        match command {
            // An old tab: the answer came after the sweep.
            Command::Accept { .. } | Command::Refuse { .. } => Err(BookingRefused::AnsweredTooLate),
            Command::Authorise { .. }
            | Command::Abandon
            | Command::Cancel { .. }
            | Command::CancelAsProfessional { .. }
            | Command::CallOff { .. }
            | Command::RefundInPart { .. }
            | Command::Withdraw
            | Command::Expire
            | Command::FailPayment
            | Command::DeclareDone
            | Command::Validate
            | Command::OpenClaim { .. }
            | Command::Propose { .. }
            | Command::AcceptProposal { .. }
            | Command::DecideClaim { .. } => self.once_over(command),
        }
    }

    /// Over, one way or another: what is still possible, the amounts say.
    fn once_over(&self, command: &Command) -> Decided {
        match command {
            Command::RefundInPart { percent, reason } => self.refund_in_part(*percent, reason),
            Command::Withdraw => self.withdraw(),
            Command::Authorise { .. }
            | Command::Abandon
            | Command::Accept { .. }
            | Command::Refuse { .. }
            | Command::Cancel { .. }
            | Command::CancelAsProfessional { .. }
            | Command::CallOff { .. }
            | Command::Expire
            | Command::FailPayment
            | Command::DeclareDone
            | Command::Validate
            | Command::OpenClaim { .. }
            | Command::Propose { .. }
            | Command::AcceptProposal { .. }
            | Command::DecideClaim { .. } => Err(BookingRefused::WrongState),
        }
    }
}

/// The transitions: who, when, why.
impl Asked<'_> {
    fn id(&self) -> BookingId {
        self.booking.id.clone()
    }

    /// The booking goes on as `next`, its agents as they are.
    fn goes_on(next: Booking, event: Event) -> Decision {
        Decision {
            events: vec![event],
            ..Decision::silent(next)
        }
    }

    /// The booking ends as `next` in `state`, and who is due what is frozen. Agents are given back where
    /// nobody worked or will.
    fn ends(&self, mut next: Booking, state: BookingState, due: Shares, event: Event) -> Decision {
        next.close(state, due, self.now);
        let agents = if state.holds_agents() {
            AgentsThen::Stay
        } else {
            AgentsThen::GivenBack
        };
        Decision {
            agents,
            ..Self::goes_on(next, event)
        }
    }

    /// An authorised card: the request reaches the professional now, and the 48 h begin. An authorisation
    /// that ends sooner makes them shorter.
    fn authorise(&self, intent: &str, amount: Euros, capture_before: Option<Timestamp>) -> Decided {
        let Self { booking, now, .. } = *self;
        if amount != booking.price.total {
            return Err(BookingRefused::AmountDiffers);
        }
        if now >= booking.hold_until {
            return Err(BookingRefused::HoldLapsed);
        }
        let seen = Seen::Authorised {
            intent: intent.to_owned(),
            amount,
            capture_before,
        };
        let mut next = booking.see(&seen, now).booking;
        next.requested_at = Some(now);
        let delays = &booking.delays;
        let by_rule = respond_by(now, booking.mission.interval.start(), delays);
        let by_card = capture_before.map_or(by_rule, |limit| limit - delays.before_card_lapses);
        next.respond_by = Some(by_rule.min(by_card));
        next.state = BookingState::Requested;
        Ok(Decision {
            agents: AgentsThen::Busy,
            ..Self::goes_on(next, Event::BookingRequested { booking: self.id() })
        })
    }

    /// The sweep gives back agents that were held for a payment that never came.
    fn abandon(&self) -> Decided {
        if self.now < self.booking.hold_until {
            return Err(BookingRefused::TooEarly);
        }
        let due = Shares::of_nothing(&self.booking.price);
        let event = Event::BookingAbandoned { booking: self.id() };
        Ok(self.ends(self.booking.clone(), BookingState::Abandoned, due, event))
    }

    /// The professional takes the mission: the contract is concluded, the card will be debited.
    fn accept(&self, advice: Option<&str>) -> Decided {
        let Self { booking, now, .. } = *self;
        check_answer_in_time(booking, now)?;
        let next = Booking {
            advice: advice.map(str::to_owned),
            accepted_at: Some(now),
            withdrawal_deadline: booking.consumer.then(|| withdrawal_deadline(now)),
            state: BookingState::Accepted,
            ..booking.clone()
        };
        Ok(Self::goes_on(
            next,
            Event::BookingAccepted { booking: self.id() },
        ))
    }

    /// The professional declines: the authorisation is given back.
    fn refuse(&self, reason: &str) -> Decided {
        check_answer_in_time(self.booking, self.now)?;
        let mut next = self.booking.clone();
        next.refusal_reason = Some(reason.to_owned());
        let due = Shares::of_nothing(&next.price);
        let event = Event::BookingRefused { booking: self.id() };
        Ok(self.ends(next, BookingState::Refused, due, event))
    }

    /// The client changes their mind: free before an answer, under the offer's policy after it. Within the
    /// delay of withdrawal that is a withdrawal, whatever it is called (C. conso., L221-18).
    fn cancel(&self, refund: Euros) -> Decided {
        let Self { booking, now, .. } = *self;
        let withdraws =
            booking.state == BookingState::Accepted && booking.may_still_withdraw_whole(now);
        let shares = if withdraws {
            booking.shares_on_withdrawing(now)?
        } else {
            booking.shares_on_cancelling(now)?
        };
        if booking.refund_told(&shares) != refund {
            return Err(BookingRefused::RefundChanged);
        }
        let (state, event) = if withdraws {
            let event = Event::BookingWithdrawn { booking: self.id() };
            (BookingState::Withdrawn, event)
        } else {
            let event = Event::BookingCancelled { booking: self.id() };
            (BookingState::Cancelled, event)
        };
        Ok(self.ends(booking.clone(), state, shares, event))
    }

    /// The professional lets the client down: everything is given back.
    fn cancel_as_professional(&self, reason: &str) -> Decided {
        self.check_not_over()?;
        let mut next = self.booking.clone();
        next.cancellation_reason = Some(reason.to_owned());
        let due = Shares::of_nothing(&next.price);
        let event = Event::BookingCancelledByProfessional { booking: self.id() };
        Ok(self.ends(next, BookingState::CancelledByProfessional, due, event))
    }

    /// The platform calls it off, at the latest while the mission lasts.
    fn call_off(&self, calling: &Calling) -> Decided {
        self.check_not_over()?;
        let mut next = self.booking.clone();
        next.intervention = Some(Intervention::CalledOff {
            calling: calling.clone(),
            at: self.now,
        });
        let due = Shares::of_nothing(&next.price);
        let event = Event::BookingCalledOff { booking: self.id() };
        Ok(self.ends(next, BookingState::CancelledByPlatform, due, event))
    }

    /// The operator decides how much of a mission that is over is given back: a complaint without a claim,
    /// or a mission without the titles that it needed.
    fn refund_in_part(&self, percent: u8, reason: &str) -> Decided {
        check_percent(percent)?;
        let due = self.booking.shares_on_refunding(percent)?;
        let mut next = self.booking.clone();
        next.intervention = Some(Intervention::Refunded {
            percent,
            reason: reason.to_owned(),
            at: self.now,
        });
        let event = Event::BookingRefundDecided { booking: self.id() };
        Ok(self.ends(next, BookingState::Settled, due, event))
    }

    /// The consumer withdraws (C. conso., L221-18).
    fn withdraw(&self) -> Decided {
        let due = self.booking.shares_on_withdrawing(self.now)?;
        let event = Event::BookingWithdrawn { booking: self.id() };
        Ok(self.ends(self.booking.clone(), BookingState::Withdrawn, due, event))
    }

    /// Nobody answered: the sweep closes the request, never before its time.
    fn expire(&self) -> Decided {
        let limit = self.booking.respond_by;
        if limit.is_none_or(|limit| self.now < limit) {
            return Err(BookingRefused::TooEarly);
        }
        let due = Shares::of_nothing(&self.booking.price);
        let event = Event::BookingExpired { booking: self.id() };
        Ok(self.ends(self.booking.clone(), BookingState::Expired, due, event))
    }

    /// The authorisation is gone, or was never for the right amount: nobody works unpaid.
    fn fail_payment(&self) -> Decided {
        if self.booking.payment.card == CardStatus::Captured {
            return Err(BookingRefused::WrongState);
        }
        let due = Shares::of_nothing(&self.booking.price);
        let event = Event::BookingPaymentFailed { booking: self.id() };
        Ok(self.ends(
            self.booking.clone(),
            BookingState::PaymentFailed,
            due,
            event,
        ))
    }

    /// The professional (or the sweep, an hour after the end) says that the mission is done.
    fn declare_done(&self) -> Decided {
        let end = self.booking.mission.interval.end();
        let earliest = match self.actor {
            Actor::System => end + self.booking.delays.declared_done,
            Actor::Client | Actor::Professional | Actor::Admin => end,
        };
        if self.now < earliest {
            return Err(BookingRefused::MissionNotOver);
        }
        let next = Booking {
            completed_at: Some(self.now),
            state: BookingState::Completed,
            ..self.booking.clone()
        };
        Ok(Self::goes_on(
            next,
            Event::MissionCompleted { booking: self.id() },
        ))
    }

    /// The client is satisfied (or the delay ran out): the money may go to the professional. A client may
    /// also end a claim so.
    fn validate(&self) -> Decided {
        let Self { booking, now, .. } = *self;
        let by_delay = self.actor == Actor::System;
        let due = booking.mission.interval.end() + booking.delays.automatic_validation;
        if by_delay && (booking.state == BookingState::UnderClaim || now < due) {
            return Err(BookingRefused::TooEarly);
        }
        let mut next = Booking {
            validated_at: Some(now),
            validated_automatically: by_delay,
            due: Some(Shares::of_performed(&booking.price)),
            state: BookingState::Validated,
            ..booking.clone()
        };
        next.end_claim(0, None, now);
        Ok(Self::goes_on(
            next,
            Event::BookingValidated { booking: self.id() },
        ))
    }

    /// The client says that the mission went wrong: validation by the delay stops.
    fn open_claim(&self, reason: ClaimReason, description: &str) -> Decided {
        if self.now < self.booking.mission.interval.start() {
            return Err(BookingRefused::MissionNotBegun);
        }
        let claim = Claim {
            opened_at: self.now,
            reason,
            description: description.to_owned(),
            proposals: Vec::new(),
            outcome: None,
        };
        let next = Booking {
            claim: Some(claim),
            state: BookingState::UnderClaim,
            ..self.booking.clone()
        };
        Ok(Self::goes_on(
            next,
            Event::ClaimOpened { booking: self.id() },
        ))
    }

    /// A party proposes how to end a claim.
    fn propose(&self, percent: u8, message: &str) -> Decided {
        let by = party(self.actor)?;
        check_percent(percent)?;
        let mut next = self.booking.clone();
        if let Some(claim) = &mut next.claim {
            if claim.proposals.len() >= MOST_PROPOSALS {
                return Err(BookingRefused::TooManyProposals);
            }
            claim.proposals.push(Proposal {
                by,
                percent,
                message: message.to_owned(),
                at: self.now,
            });
        }
        Ok(Self::goes_on(
            next,
            Event::SettlementProposed { booking: self.id() },
        ))
    }

    /// The other party accepts what was proposed, and nothing else.
    fn accept_proposal(&self, percent: u8) -> Decided {
        let by = party(self.actor)?;
        let pending = self.booking.claim.as_ref().and_then(Claim::pending);
        if !pending.is_some_and(|offered| offered.by != by && offered.percent == percent) {
            return Err(BookingRefused::NoSuchProposal);
        }
        Ok(self.settle_claim(percent, None))
    }

    /// The operator decides a claim in the parties' place.
    fn decide_claim(&self, percent: u8, reason: &str) -> Decided {
        check_percent(percent)?;
        Ok(self.settle_claim(percent, Some(reason.to_owned())))
    }

    fn settle_claim(&self, percent: u8, decision: Option<String>) -> Decision {
        let mut next = self.booking.clone();
        next.end_claim(percent, decision, self.now);
        let due = Shares::reduced_by(&next.price, percent);
        let event = Event::ClaimSettled { booking: self.id() };
        self.ends(next, BookingState::Settled, due, event)
    }

    fn check_not_over(&self) -> Result<(), BookingRefused> {
        if self.now >= self.booking.mission.interval.end() {
            Err(BookingRefused::WrongState)
        } else {
            Ok(())
        }
    }
}

impl Booking {
    /// Ends the booking, and freezes who is due what.
    fn close(&mut self, state: BookingState, due: Shares, now: Timestamp) {
        self.closed_at = Some(now);
        self.due = Some(due);
        self.state = state;
    }

    fn end_claim(&mut self, percent: u8, decision: Option<String>, now: Timestamp) {
        if let Some(claim) = &mut self.claim {
            claim.outcome = Some(ClaimOutcome {
                percent,
                decision,
                at: now,
            });
        }
    }
}

fn party(actor: Actor) -> Result<BookingParty, BookingRefused> {
    match actor {
        Actor::Client => Ok(BookingParty::Client),
        Actor::Professional => Ok(BookingParty::Professional),
        Actor::System | Actor::Admin => Err(BookingRefused::NotYours),
    }
}

fn check_percent(percent: u8) -> Result<(), BookingRefused> {
    if percent <= 100 {
        Ok(())
    } else {
        Err(BookingRefused::PercentInvalid)
    }
}

/// Accepting or refusing one second late is refused even if no sweep has run.
fn check_answer_in_time(booking: &Booking, now: Timestamp) -> Result<(), BookingRefused> {
    match booking.respond_by {
        Some(limit) if now < limit => Ok(()),
        Some(_) | None => Err(BookingRefused::AnsweredTooLate),
    }
}

/// Who may ask what, whatever the state.
fn may(actor: Actor, command: &Command) -> bool {
    match command {
        Command::Authorise { .. } | Command::Abandon | Command::Expire | Command::FailPayment => {
            actor == Actor::System
        }
        Command::Accept { .. } => actor == Actor::Professional,
        Command::CallOff { .. } => matches!(actor, Actor::System | Actor::Admin),
        // The platform in the place of a professional whose account closes.
        Command::Refuse { .. } | Command::CancelAsProfessional { .. } => {
            matches!(actor, Actor::Professional | Actor::System)
        }
        Command::Cancel { .. } | Command::Withdraw | Command::OpenClaim { .. } => {
            actor == Actor::Client
        }
        Command::DeclareDone => matches!(actor, Actor::Professional | Actor::System),
        Command::Validate => matches!(actor, Actor::Client | Actor::System),
        Command::Propose { .. } | Command::AcceptProposal { .. } => {
            matches!(actor, Actor::Client | Actor::Professional)
        }
        Command::DecideClaim { .. } | Command::RefundInPart { .. } => actor == Actor::Admin,
    }
}

impl Booking {
    /// Takes in everything that Stripe's objects say, with what follows for the booking: an
    /// authorised card makes it a request, one that comes too late or for another amount ends it, and
    /// so does an authorisation that is gone.
    pub fn learn(&self, sights: &[Seen], now: Timestamp) -> Decision {
        let nothing = Decision::silent(self.clone());
        sights.iter().fold(nothing, |so_far, seen| {
            let after = so_far.booking.learn_one(seen, now);
            so_far.then(after)
        })
    }

    fn learn_one(&self, seen: &Seen, now: Timestamp) -> Decision {
        let asked = match (self.state, seen) {
            (
                BookingState::AwaitingPayment,
                Seen::Authorised {
                    intent,
                    amount,
                    capture_before,
                },
            ) => Some(Command::Authorise {
                intent: intent.clone(),
                amount: *amount,
                capture_before: *capture_before,
            }),
            _ => None,
        };
        let authorised = asked.map(|asked| decide(self, Actor::System, &asked, now));
        let (seen, consequence) = match authorised {
            Some(Ok(decision)) => return decision,
            Some(Err(BookingRefused::HoldLapsed)) => (self.see(seen, now), Some(Command::Abandon)),
            Some(Err(_)) => (self.see(seen, now), Some(Command::FailPayment)),
            None => {
                let seen = self.see(seen, now);
                let lost = seen.booking.payment_is_lost();
                (seen, lost.then_some(Command::FailPayment))
            }
        };
        let Some(command) = consequence else {
            return seen;
        };
        match decide(&seen.booking, Actor::System, &command, now) {
            Ok(after) => seen.then(after),
            Err(_) => seen,
        }
    }

    /// Does what has fallen due at `now`, if anything has: the sweep calls this until `None`.
    pub fn do_what_is_due(&self, now: Timestamp) -> Result<Option<Decision>, BookingRefused> {
        let command = match self.due_at(now) {
            None => return Ok(None),
            Some(Due::Remind(reminder)) => return Ok(Some(self.remind_once(reminder, now))),
            Some(Due::Abandon) => Command::Abandon,
            Some(Due::Expire) => Command::Expire,
            Some(Due::DeclareDone) => Command::DeclareDone,
            Some(Due::Validate) => Command::Validate,
        };
        decide(self, Actor::System, &command, now).map(Some)
    }

    /// Notes a reminder as sent. One whose occasion has passed is noted without being published.
    fn remind_once(&self, reminder: Reminder, now: Timestamp) -> Decision {
        let mut booking = self.clone();
        booking.reminded.push(reminder);
        let pointless =
            reminder == Reminder::MissionTomorrow && now >= self.mission.interval.start();
        let event = Event::ReminderDue {
            booking: self.id.clone(),
            reminder,
        };
        Decision {
            events: if pointless { vec![] } else { vec![event] },
            ..Decision::silent(booking)
        }
    }
}
