//! The one declared graph of the booking process.

use jiff::Timestamp;

use super::{
    Booking, BookingParty, BookingRefused, BookingState, Calling, CardStatus, Claim, ClaimOutcome,
    ClaimReason, Due, Intervention, Proposal, Reminder, Seen, Shares, respond_by,
};
use crate::event::Event;
use crate::ledger::Movement;
use crate::money::Euros;
use crate::time::holidays::withdrawal_deadline;

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

/// What a command led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The booking afterwards.
    pub booking: Booking,
    /// What happened, to be published with it.
    pub events: Vec<Event>,
    /// Which money moved, to be written with it.
    pub movements: Vec<Movement>,
}

impl Decision {
    /// This, and what came after it.
    fn then(mut self, after: Self) -> Self {
        self.events.extend(after.events);
        self.movements.extend(after.movements);
        Self {
            booking: after.booking,
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
    let delays = &booking.delays;
    let mut next = booking.clone();
    let id = booking.id.clone();
    let event = match (booking.state, command) {
        // An authorised card: the request reaches the professional now, and the 48 h begin. An
        // authorisation that ends sooner makes them shorter.
        (
            BookingState::AwaitingPayment,
            Command::Authorise {
                intent,
                amount,
                capture_before,
            },
        ) => {
            if *amount != booking.price.total {
                return Err(BookingRefused::AmountDiffers);
            }
            if now >= booking.hold_until {
                return Err(BookingRefused::HoldLapsed);
            }
            let seen = Seen::Authorised {
                intent: intent.clone(),
                amount: *amount,
                capture_before: *capture_before,
            };
            next = booking.see(&seen, now).booking;
            next.requested_at = Some(now);
            let by_rule = respond_by(now, booking.mission.interval.start(), delays);
            let by_card = capture_before.map_or(by_rule, |limit| limit - delays.before_card_lapses);
            next.respond_by = Some(by_rule.min(by_card));
            next.state = BookingState::Requested;
            Event::BookingRequested { booking: id }
        }
        // The sweep gives back agents that were held for a payment that never came.
        (BookingState::AwaitingPayment, Command::Abandon) => {
            if now < booking.hold_until {
                return Err(BookingRefused::TooEarly);
            }
            next.close(
                BookingState::Abandoned,
                Shares::of_nothing(&booking.price),
                now,
            );
            Event::BookingAbandoned { booking: id }
        }
        // The professional takes the mission: the contract is concluded, the card will be debited.
        (BookingState::Requested, Command::Accept { advice }) => {
            check_answer_in_time(booking, now)?;
            next.advice = advice.clone();
            next.accepted_at = Some(now);
            next.withdrawal_deadline = booking.consumer.then(|| withdrawal_deadline(now));
            next.state = BookingState::Accepted;
            Event::BookingAccepted { booking: id }
        }
        // The professional declines: the authorisation is given back.
        (BookingState::Requested, Command::Refuse { reason }) => {
            check_answer_in_time(booking, now)?;
            next.refusal_reason = Some(reason.clone());
            next.close(
                BookingState::Refused,
                Shares::of_nothing(&booking.price),
                now,
            );
            Event::BookingRefused { booking: id }
        }
        // The client changes their mind within the delay of withdrawal: that is a withdrawal, whatever
        // it is called (C. conso., L221-18).
        (BookingState::Accepted, Command::Cancel { refund })
            if booking.may_still_withdraw_whole(now) =>
        {
            let shares = booking.shares_on_withdrawing(now)?;
            if booking.refund_told(&shares) != *refund {
                return Err(BookingRefused::RefundChanged);
            }
            next.close(BookingState::Withdrawn, shares, now);
            Event::BookingWithdrawn { booking: id }
        }
        // The client changes their mind: free before an answer, under the offer's policy after it.
        (BookingState::Requested | BookingState::Accepted, Command::Cancel { refund }) => {
            let shares = booking.shares_on_cancelling(now)?;
            if booking.refund_told(&shares) != *refund {
                return Err(BookingRefused::RefundChanged);
            }
            next.close(BookingState::Cancelled, shares, now);
            Event::BookingCancelled { booking: id }
        }
        // The professional lets the client down: everything is given back.
        (BookingState::Accepted, Command::CancelAsProfessional { reason }) => {
            if now >= booking.mission.interval.end() {
                return Err(BookingRefused::WrongState);
            }
            next.cancellation_reason = Some(reason.clone());
            let shares = Shares::of_nothing(&booking.price);
            next.close(BookingState::CancelledByProfessional, shares, now);
            Event::BookingCancelledByProfessional { booking: id }
        }
        // The platform calls it off, at the latest while the mission lasts.
        (BookingState::Requested | BookingState::Accepted, Command::CallOff { calling }) => {
            if now >= booking.mission.interval.end() {
                return Err(BookingRefused::WrongState);
            }
            next.intervention = Some(Intervention::CalledOff {
                calling: calling.clone(),
                at: now,
            });
            let shares = Shares::of_nothing(&booking.price);
            next.close(BookingState::CancelledByPlatform, shares, now);
            Event::BookingCalledOff { booking: id }
        }
        // The operator decides how much of a mission that is over is given back: a complaint without a
        // claim, or a mission without the titles that it needed.
        (_, Command::RefundInPart { percent, reason }) => {
            check_percent(*percent)?;
            let shares = booking.shares_on_refunding(*percent)?;
            next.intervention = Some(Intervention::Refunded {
                percent: *percent,
                reason: reason.clone(),
                at: now,
            });
            next.close(BookingState::Settled, shares, now);
            Event::BookingRefundDecided { booking: id }
        }
        // The consumer withdraws (C. conso., L221-18).
        (_, Command::Withdraw) => {
            let shares = booking.shares_on_withdrawing(now)?;
            next.close(BookingState::Withdrawn, shares, now);
            Event::BookingWithdrawn { booking: id }
        }
        // Nobody answered: the sweep closes the request, never before its time.
        (BookingState::Requested, Command::Expire) => {
            if booking.respond_by.is_none_or(|limit| now < limit) {
                return Err(BookingRefused::TooEarly);
            }
            next.close(
                BookingState::Expired,
                Shares::of_nothing(&booking.price),
                now,
            );
            Event::BookingExpired { booking: id }
        }
        // The authorisation is gone, or was never for the right amount: nobody works unpaid.
        (
            BookingState::AwaitingPayment | BookingState::Requested | BookingState::Accepted,
            Command::FailPayment,
        ) if booking.payment.card != CardStatus::Captured => {
            next.close(
                BookingState::PaymentFailed,
                Shares::of_nothing(&booking.price),
                now,
            );
            Event::BookingPaymentFailed { booking: id }
        }
        // The professional (or the sweep, an hour after the end) says that the mission is done.
        (BookingState::Accepted, Command::DeclareDone) => {
            let earliest = match actor {
                Actor::System => booking.mission.interval.end() + delays.declared_done,
                Actor::Client | Actor::Professional | Actor::Admin => {
                    booking.mission.interval.end()
                }
            };
            if now < earliest {
                return Err(BookingRefused::MissionNotOver);
            }
            next.completed_at = Some(now);
            next.state = BookingState::Completed;
            Event::MissionCompleted { booking: id }
        }
        // The client is satisfied (or the delay ran out): the money may go to the professional. A
        // client may also end a claim so.
        (BookingState::Completed | BookingState::UnderClaim, Command::Validate) => {
            let by_delay = actor == Actor::System;
            let due = booking.mission.interval.end() + delays.automatic_validation;
            if by_delay && (booking.state == BookingState::UnderClaim || now < due) {
                return Err(BookingRefused::TooEarly);
            }
            next.validated_at = Some(now);
            next.validated_automatically = by_delay;
            next.due = Some(Shares::of_performed(&booking.price));
            next.end_claim(0, None, now);
            next.state = BookingState::Validated;
            Event::BookingValidated { booking: id }
        }
        // The client says that the mission went wrong: validation by the delay stops.
        (
            BookingState::Accepted | BookingState::Completed,
            Command::OpenClaim {
                reason,
                description,
            },
        ) => {
            if now < booking.mission.interval.start() {
                return Err(BookingRefused::MissionNotBegun);
            }
            next.claim = Some(Claim {
                opened_at: now,
                reason: *reason,
                description: description.clone(),
                proposals: Vec::new(),
                outcome: None,
            });
            next.state = BookingState::UnderClaim;
            Event::ClaimOpened { booking: id }
        }
        (BookingState::UnderClaim, Command::Propose { percent, message }) => {
            let by = party(actor)?;
            check_percent(*percent)?;
            if let Some(claim) = &mut next.claim {
                claim.proposals.push(Proposal {
                    by,
                    percent: *percent,
                    message: message.clone(),
                    at: now,
                });
            }
            Event::SettlementProposed { booking: id }
        }
        (BookingState::UnderClaim, Command::AcceptProposal { percent }) => {
            let by = party(actor)?;
            let pending = booking.claim.as_ref().and_then(Claim::pending);
            if !pending.is_some_and(|offered| offered.by != by && offered.percent == *percent) {
                return Err(BookingRefused::NoSuchProposal);
            }
            next.settle_claim(*percent, None, now);
            Event::ClaimSettled { booking: id }
        }
        (BookingState::UnderClaim, Command::DecideClaim { percent, reason }) => {
            check_percent(*percent)?;
            next.settle_claim(*percent, Some(reason.clone()), now);
            Event::ClaimSettled { booking: id }
        }
        // An old tab: the answer came after the sweep.
        (BookingState::Expired, Command::Accept { .. } | Command::Refuse { .. }) => {
            return Err(BookingRefused::AnsweredTooLate);
        }
        _ => return Err(BookingRefused::WrongState),
    };
    Ok(Decision {
        booking: next,
        events: vec![event],
        movements: Vec::new(),
    })
}

impl Booking {
    /// Ends the booking, and freezes who is due what.
    fn close(&mut self, state: BookingState, due: Shares, now: Timestamp) {
        self.closed_at = Some(now);
        self.due = Some(due);
        self.state = state;
    }

    fn settle_claim(&mut self, percent: u8, decision: Option<String>, now: Timestamp) {
        let shares = Shares::reduced_by(&self.price, percent);
        self.end_claim(percent, decision, now);
        self.close(BookingState::Settled, shares, now);
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
        let nothing = Decision {
            booking: self.clone(),
            events: Vec::new(),
            movements: Vec::new(),
        };
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
            booking,
            events: if pointless { vec![] } else { vec![event] },
            movements: Vec::new(),
        }
    }
}
