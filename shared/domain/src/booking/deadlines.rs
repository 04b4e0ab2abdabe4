//! What falls due on a booking, and when. One next deadline per booking is all the sweep needs.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Booking, BookingState};

/// Every delay of the process. A booking keeps those that it was ordered under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delays {
    /// Agents are held this long while the client pays.
    pub payment_hold: SignedDuration,
    /// The professional's time to answer (terms, article 2.2).
    pub answer: SignedDuration,
    /// An answer comes at least this long before the start.
    pub answer_before_start: SignedDuration,
    /// The least time between request and start.
    pub least_notice: SignedDuration,
    /// The same where urgent missions are taken.
    pub urgent_notice: SignedDuration,
    /// Time to answer an urgent request.
    pub urgent_answer: SignedDuration,
    /// Reminders before `respond_by`, first to last.
    pub answer_reminders: [SignedDuration; 2],
    /// Both are reminded of the mission this long before it.
    pub mission_reminder: SignedDuration,
    /// A mission is taken as done this long after its end.
    pub declared_done: SignedDuration,
    /// Validation reminders, counted from the mission's end.
    pub validation_reminders: [SignedDuration; 2],
    /// Validation by the delay, counted from the mission's end.
    pub automatic_validation: SignedDuration,
    /// A review may be written this long after validation.
    pub review_window: SignedDuration,
    /// One review reminder, this long after validation.
    pub review_reminder: SignedDuration,
    /// The professional's answer comes at least this long before the card's authorisation ends.
    pub before_card_lapses: SignedDuration,
    /// A claim that is still open after this long: the consumer is told of the mediator (C. conso.,
    /// L612-1).
    pub mediation: SignedDuration,
    /// Missions end at most this far ahead, so that money is never held past Stripe's limit.
    pub horizon: SignedDuration,
}

impl Default for Delays {
    fn default() -> Self {
        let hours = SignedDuration::from_hours;
        Self {
            payment_hold: SignedDuration::from_mins(15),
            answer: hours(48),
            answer_before_start: hours(4),
            least_notice: hours(12),
            urgent_notice: hours(4),
            urgent_answer: hours(2),
            answer_reminders: [hours(24), hours(4)],
            mission_reminder: hours(24),
            declared_done: hours(1),
            validation_reminders: [hours(24), hours(48)],
            automatic_validation: hours(72),
            review_window: hours(30 * 24),
            review_reminder: hours(7 * 24),
            before_card_lapses: hours(12),
            mediation: hours(30 * 24),
            horizon: hours(75 * 24),
        }
    }
}

/// A reminder that is sent at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// 24 h are left to answer.
    AnswerFirst,
    /// 4 h are left to answer.
    AnswerLast,
    /// The mission is tomorrow.
    MissionTomorrow,
    /// The mission ended 24 h ago and waits for validation.
    ValidateFirst,
    /// The mission ended 48 h ago and waits for validation.
    ValidateLast,
    /// The client has not reviewed the mission.
    Review,
    /// A claim is not settled after 30 days: the mediator is named.
    Mediation,
}

/// What is to be done when a deadline passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Give the agents back: the client did not pay.
    Abandon,
    /// Give up on the professional's answer.
    Expire,
    /// Take the mission as done.
    DeclareDone,
    /// Validate in the client's place.
    Validate,
    /// Send a reminder.
    Remind(Reminder),
}

/// Something that falls due on a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// What.
    pub due: Due,
}

impl Booking {
    /// The next thing that falls due, or `None` when nothing ever will again.
    pub fn next_deadline(&self) -> Option<Deadline> {
        self.deadlines()
            .into_iter()
            .min_by_key(|deadline| deadline.at)
    }

    /// What must be done at `now`. After an outage, a deadline that changes the state comes before
    /// reminders that it makes pointless.
    pub fn due_at(&self, now: Timestamp) -> Option<Due> {
        let overdue = self
            .deadlines()
            .into_iter()
            .filter(|deadline| deadline.at <= now);
        overdue
            .min_by_key(|deadline| (matches!(deadline.due, Due::Remind(_)), deadline.at))
            .map(|deadline| deadline.due)
    }

    fn deadlines(&self) -> Vec<Deadline> {
        let delays = &self.delays;
        let end = self.mission.interval.end();
        let start = self.mission.interval.start();
        let mut list = Vec::new();
        match self.state {
            BookingState::AwaitingPayment => {
                list.push(Deadline {
                    at: self.hold_until,
                    due: Due::Abandon,
                });
            }
            BookingState::Requested => {
                if let (Some(respond_by), Some(requested_at)) = (self.respond_by, self.requested_at)
                {
                    list.push(Deadline {
                        at: respond_by,
                        due: Due::Expire,
                    });
                    let [first, last] = delays.answer_reminders;
                    self.remind(
                        &mut list,
                        Reminder::AnswerFirst,
                        respond_by - first,
                        requested_at,
                    );
                    self.remind(
                        &mut list,
                        Reminder::AnswerLast,
                        respond_by - last,
                        requested_at,
                    );
                }
            }
            BookingState::Accepted => {
                list.push(Deadline {
                    at: end + delays.declared_done,
                    due: Due::DeclareDone,
                });
                if let Some(accepted_at) = self.accepted_at {
                    let at = start - delays.mission_reminder;
                    self.remind(&mut list, Reminder::MissionTomorrow, at, accepted_at);
                }
            }
            BookingState::Completed => {
                list.push(Deadline {
                    at: end + delays.automatic_validation,
                    due: Due::Validate,
                });
                let [first, last] = delays.validation_reminders;
                self.remind(&mut list, Reminder::ValidateFirst, end + first, end);
                self.remind(&mut list, Reminder::ValidateLast, end + last, end);
            }
            BookingState::Validated | BookingState::Settled => {
                if let (None, Some(confirmed_at)) = (&self.review, self.confirmed_at()) {
                    let at = confirmed_at + delays.review_reminder;
                    self.remind(&mut list, Reminder::Review, at, confirmed_at);
                }
            }
            BookingState::UnderClaim => {
                if let Some(claim) = &self.claim {
                    let at = claim.opened_at + delays.mediation;
                    self.remind(&mut list, Reminder::Mediation, at, claim.opened_at);
                }
            }
            BookingState::Refused
            | BookingState::Expired
            | BookingState::Cancelled
            | BookingState::Abandoned
            | BookingState::CancelledByProfessional
            | BookingState::CancelledByPlatform
            | BookingState::Withdrawn
            | BookingState::PaymentFailed => {}
        }
        list
    }

    /// Lists a reminder that was not sent yet, unless its time had passed before it made sense.
    fn remind(
        &self,
        list: &mut Vec<Deadline>,
        reminder: Reminder,
        at: Timestamp,
        since: Timestamp,
    ) {
        if at > since && !self.reminded.contains(&reminder) {
            list.push(Deadline {
                at,
                due: Due::Remind(reminder),
            });
        }
    }
}
