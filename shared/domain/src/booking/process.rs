//! The one declared graph of the booking process.

use jiff::Timestamp;

use super::{
    Booking, BookingRefused, BookingState, Delays, Due, PaymentStatus, Reminder, respond_by,
};
use crate::event::Event;
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
    /// Take the request back before an answer.
    Cancel,
    /// Close a request that nobody answered.
    Expire,
    /// Say that the mission is done.
    DeclareDone,
    /// Say that it was done well and let the money go.
    Validate,
}

/// What a command led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The booking afterwards.
    pub booking: Booking,
    /// What happened, to be published with it.
    pub events: Vec<Event>,
}

/// Decides a command. Nothing is written here; a refused command changes nothing.
pub fn decide(
    booking: &Booking,
    actor: Actor,
    command: &Command,
    now: Timestamp,
    delays: &Delays,
) -> Result<Decision, BookingRefused> {
    if !may(actor, command) {
        return Err(BookingRefused::NotYours);
    }
    let mut next = booking.clone();
    let id = booking.id.clone();
    let event = match (booking.state, command) {
        // The webhook brings an authorised card: the request reaches the professional now, and
        // the 48 h begin.
        (BookingState::AwaitingPayment, Command::Authorise { intent, amount }) => {
            if *amount != booking.price.total {
                return Err(BookingRefused::AmountDiffers);
            }
            if now >= booking.hold_until {
                return Err(BookingRefused::HoldLapsed);
            }
            next.payment.intent = Some(intent.clone());
            next.payment.status = PaymentStatus::Authorised;
            next.requested_at = Some(now);
            next.respond_by = Some(respond_by(now, booking.mission.interval.start(), delays));
            next.state = BookingState::Requested;
            Event::BookingRequested { booking: id }
        }
        // The sweep gives back agents that were held for a payment that never came.
        (BookingState::AwaitingPayment, Command::Abandon) => {
            if now < booking.hold_until {
                return Err(BookingRefused::TooEarly);
            }
            next.closed_at = Some(now);
            next.state = BookingState::Abandoned;
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
            next.closed_at = Some(now);
            next.state = BookingState::Refused;
            Event::BookingRefused { booking: id }
        }
        // The client changes their mind before any answer: the authorisation is given back.
        (BookingState::Requested, Command::Cancel) => {
            next.closed_at = Some(now);
            next.state = BookingState::Cancelled;
            Event::BookingCancelled { booking: id }
        }
        // Nobody answered: the sweep closes the request, never before its time.
        (BookingState::Requested, Command::Expire) => {
            if booking.respond_by.is_none_or(|limit| now < limit) {
                return Err(BookingRefused::TooEarly);
            }
            next.closed_at = Some(now);
            next.state = BookingState::Expired;
            Event::BookingExpired { booking: id }
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
        // The client is satisfied (or the delay ran out): the money may go to the professional.
        (BookingState::Completed, Command::Validate) => {
            let by_delay = actor == Actor::System;
            if by_delay && now < booking.mission.interval.end() + delays.automatic_validation {
                return Err(BookingRefused::TooEarly);
            }
            next.validated_at = Some(now);
            next.validated_automatically = by_delay;
            next.state = BookingState::Validated;
            Event::BookingValidated { booking: id }
        }
        (
            BookingState::AwaitingPayment,
            Command::Accept { .. }
            | Command::Refuse { .. }
            | Command::Cancel
            | Command::Expire
            | Command::DeclareDone
            | Command::Validate,
        )
        | (
            BookingState::Requested,
            Command::Authorise { .. } | Command::Abandon | Command::DeclareDone | Command::Validate,
        )
        | (
            BookingState::Accepted,
            Command::Authorise { .. }
            | Command::Abandon
            | Command::Accept { .. }
            | Command::Refuse { .. }
            | Command::Cancel
            | Command::Expire
            | Command::Validate,
        )
        | (
            BookingState::Completed,
            Command::Authorise { .. }
            | Command::Abandon
            | Command::Accept { .. }
            | Command::Refuse { .. }
            | Command::Cancel
            | Command::Expire
            | Command::DeclareDone,
        )
        | (BookingState::Expired, Command::Authorise { .. } | Command::Abandon | Command::Cancel)
        | (BookingState::Expired, Command::Expire | Command::DeclareDone | Command::Validate)
        | (
            BookingState::Validated
            | BookingState::Refused
            | BookingState::Cancelled
            | BookingState::Abandoned,
            Command::Authorise { .. }
            | Command::Abandon
            | Command::Accept { .. }
            | Command::Refuse { .. }
            | Command::Cancel
            | Command::Expire
            | Command::DeclareDone
            | Command::Validate,
        ) => return Err(BookingRefused::WrongState),
        // An old tab: the answer came after the sweep.
        (BookingState::Expired, Command::Accept { .. } | Command::Refuse { .. }) => {
            return Err(BookingRefused::AnsweredTooLate);
        }
    };
    Ok(Decision {
        booking: next,
        events: vec![event],
    })
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
        Command::Authorise { .. } | Command::Abandon | Command::Expire => actor == Actor::System,
        Command::Accept { .. } | Command::Refuse { .. } => actor == Actor::Professional,
        Command::Cancel => actor == Actor::Client,
        Command::DeclareDone => matches!(actor, Actor::Professional | Actor::System),
        Command::Validate => matches!(actor, Actor::Client | Actor::System),
    }
}

impl Booking {
    /// Does what has fallen due at `now`, if anything has: the sweep calls this until `None`.
    pub fn do_what_is_due(
        &self,
        now: Timestamp,
        delays: &Delays,
    ) -> Result<Option<Decision>, BookingRefused> {
        let command = match self.due_at(now, delays) {
            None => return Ok(None),
            Some(Due::Remind(reminder)) => return Ok(Some(self.remind_once(reminder, now))),
            Some(Due::Abandon) => Command::Abandon,
            Some(Due::Expire) => Command::Expire,
            Some(Due::DeclareDone) => Command::DeclareDone,
            Some(Due::Validate) => Command::Validate,
        };
        decide(self, Actor::System, &command, now, delays).map(Some)
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
        }
    }
}
