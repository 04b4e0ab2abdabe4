//! The one declared graph of an order, until its missions go on by themselves.

use jiff::Timestamp;

use super::{MissionAnswer, Order, OrderRefused, OrderState};
use crate::booking::{CardStatus, Deadline, Due, Reminder, respond_by};
use crate::event::Event;
use crate::ids::{AgentId, BookingId, OrderId};
use crate::money::Euros;

/// What is asked of an order. Who may ask is the handler's: each has one asker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderCommand {
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
    /// The professional takes these missions, with these agents, and none of the others.
    Answer {
        /// Those that are taken.
        accepted: Vec<(BookingId, Vec<AgentId>)>,
        /// What the professional advises (CSI, R631-20).
        advice: Option<String>,
        /// Why the others are not taken.
        reason: Option<String>,
    },
    /// The client takes these missions back before the answer, or all.
    Cancel {
        /// Which; all of them when there is none.
        missions: Vec<BookingId>,
    },
    /// Close a request that nobody answered.
    Expire,
    /// Close an order whose card cannot be debited any more.
    FailPayment,
}

/// What becomes of the agents that are kept for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgendaThen {
    /// They stay as they are.
    Stay,
    /// Those of missions that go on are busy, the others are given back.
    Rewritten,
    /// Its bookings see to them.
    LeftToBookings,
}

/// What a command led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDecision {
    /// The order afterwards.
    pub order: Order,
    /// What becomes of its agents.
    pub agenda: AgendaThen,
    /// What happened, to be published with it.
    pub events: Vec<Event>,
}

impl OrderDecision {
    /// An order of which nothing is to be told.
    pub fn silent(order: Order) -> Self {
        Self {
            order,
            agenda: AgendaThen::Stay,
            events: Vec::new(),
        }
    }

    /// This, and what came after it.
    pub(super) fn then(mut self, after: Self) -> Self {
        self.events.extend(after.events);
        let agenda = match after.agenda {
            AgendaThen::Stay => self.agenda,
            AgendaThen::Rewritten | AgendaThen::LeftToBookings => after.agenda,
        };
        Self {
            order: after.order,
            agenda,
            ..self
        }
    }
}

type Decided = Result<OrderDecision, OrderRefused>;

/// Decides a command. Nothing is written here; a refused command changes nothing.
pub fn decide(order: &Order, command: &OrderCommand, now: Timestamp) -> Decided {
    let asked = Asked { order, now };
    match (order.state, command) {
        (
            OrderState::AwaitingPayment,
            OrderCommand::Authorise {
                intent,
                amount,
                capture_before,
            },
        ) => asked.authorise(intent, *amount, *capture_before),
        (OrderState::AwaitingPayment, OrderCommand::Abandon) => asked.abandon(),
        (OrderState::AwaitingPayment | OrderState::Requested, OrderCommand::FailPayment) => {
            Ok(asked.ends(OrderState::PaymentFailed, AgendaThen::Rewritten))
        }
        // Its missions are bookings, which give their agents back.
        (OrderState::Answered, OrderCommand::FailPayment) => asked.lose_payment(),
        (
            OrderState::Requested,
            OrderCommand::Answer {
                accepted,
                advice,
                reason,
            },
        ) => asked.answer(accepted, advice.as_deref(), reason.as_deref()),
        (OrderState::Requested, OrderCommand::Cancel { missions }) => asked.cancel(missions),
        (OrderState::Requested, OrderCommand::Expire) => asked.expire(),
        (OrderState::Expired, OrderCommand::Answer { .. }) => Err(OrderRefused::AnsweredTooLate),
        (
            OrderState::AwaitingPayment
            | OrderState::Requested
            | OrderState::Answered
            | OrderState::Refused
            | OrderState::Expired
            | OrderState::Cancelled
            | OrderState::Abandoned
            | OrderState::PaymentFailed,
            OrderCommand::Authorise { .. }
            | OrderCommand::Abandon
            | OrderCommand::Answer { .. }
            | OrderCommand::Cancel { .. }
            | OrderCommand::Expire
            | OrderCommand::FailPayment,
        ) => Err(OrderRefused::WrongState),
    }
}

/// On which order a command is given, and when.
struct Asked<'a> {
    order: &'a Order,
    now: Timestamp,
}

impl Asked<'_> {
    fn id(&self) -> OrderId {
        self.order.id.clone()
    }

    /// The order ends without a mission: what still waited is void.
    fn ends(&self, state: OrderState, agenda: AgendaThen) -> OrderDecision {
        let mut order = self.order.clone();
        order.state = state;
        order.closed_at = Some(self.now);
        for mission in &mut order.missions {
            if mission.answer == MissionAnswer::Waiting {
                mission.answer = match state {
                    OrderState::Refused => MissionAnswer::Refused,
                    OrderState::Cancelled => MissionAnswer::Cancelled,
                    OrderState::AwaitingPayment
                    | OrderState::Requested
                    | OrderState::Answered
                    | OrderState::Expired
                    | OrderState::Abandoned
                    | OrderState::PaymentFailed => MissionAnswer::Lapsed,
                };
            }
        }
        let order_id = self.id();
        let event = match state {
            OrderState::Refused => Some(Event::OrderRefused { order: order_id }),
            OrderState::Expired => Some(Event::OrderExpired { order: order_id }),
            OrderState::Cancelled => Some(Event::OrderCancelled { order: order_id }),
            OrderState::Abandoned => Some(Event::OrderAbandoned { order: order_id }),
            OrderState::PaymentFailed => Some(Event::OrderPaymentFailed { order: order_id }),
            OrderState::AwaitingPayment | OrderState::Requested | OrderState::Answered => None,
        };
        OrderDecision {
            agenda,
            events: event.into_iter().collect(),
            ..OrderDecision::silent(order)
        }
    }

    /// An authorised card: the request reaches the professional now. An authorisation that ends sooner
    /// leaves less time to answer.
    fn authorise(&self, intent: &str, amount: Euros, capture_before: Option<Timestamp>) -> Decided {
        let Self { order, now } = *self;
        if amount != order.total() {
            return Err(OrderRefused::AmountDiffers);
        }
        if now >= order.hold_until {
            return Err(OrderRefused::HoldLapsed);
        }
        let start = order.first_start().ok_or(OrderRefused::NoMission)?;
        let mut next = order.clone();
        next.payment.authorised(intent, capture_before);
        next.requested_at = Some(now);
        let by_rule = respond_by(now, start, &order.delays);
        let by_card =
            capture_before.map_or(by_rule, |limit| limit - order.delays.before_card_lapses);
        next.respond_by = Some(by_rule.min(by_card));
        next.state = OrderState::Requested;
        Ok(OrderDecision {
            agenda: AgendaThen::Rewritten,
            events: vec![Event::OrderRequested { order: self.id() }],
            ..OrderDecision::silent(next)
        })
    }

    /// The sweep gives back agents that were held for a payment that never came.
    fn abandon(&self) -> Decided {
        if self.now < self.order.hold_until {
            return Err(OrderRefused::TooEarly);
        }
        Ok(self.ends(OrderState::Abandoned, AgendaThen::Rewritten))
    }

    /// The professional takes some or all missions: these contracts are concluded, and the card is debited
    /// for them. Taking none refuses the order.
    fn answer(
        &self,
        accepted: &[(BookingId, Vec<AgentId>)],
        advice: Option<&str>,
        reason: Option<&str>,
    ) -> Decided {
        if self.order.respond_by.is_none_or(|limit| self.now >= limit) {
            return Err(OrderRefused::AnsweredTooLate);
        }
        let waits = |booking: &BookingId| {
            let mission = self.order.mission(booking);
            mission.is_some_and(|one| one.answer == MissionAnswer::Waiting)
        };
        if !accepted.iter().all(|(booking, _)| waits(booking)) {
            return Err(OrderRefused::NoSuchMission);
        }
        if accepted.is_empty() {
            let mut refused = self.ends(OrderState::Refused, AgendaThen::Rewritten);
            refused.order.answered_at = Some(self.now);
            refused.order.refusal_reason = reason.map(str::to_owned);
            return Ok(refused);
        }
        let mut next = self.order.clone();
        for mission in &mut next.missions {
            if mission.answer != MissionAnswer::Waiting {
                continue;
            }
            let taken = accepted
                .iter()
                .find(|(booking, _)| *booking == mission.booking);
            mission.answer = match taken {
                Some((_, agents)) => {
                    mission.agents.clone_from(agents);
                    MissionAnswer::Accepted
                }
                None => MissionAnswer::Refused,
            };
        }
        next.answered_at = Some(self.now);
        next.advice = advice.map(str::to_owned);
        next.refusal_reason = reason.map(str::to_owned);
        next.state = OrderState::Answered;
        Ok(OrderDecision {
            agenda: AgendaThen::Rewritten,
            events: vec![Event::OrderAnswered { order: self.id() }],
            ..OrderDecision::silent(next)
        })
    }

    /// The client changes their mind before the answer: free, whatever the policy. What is left goes on.
    fn cancel(&self, missions: &[BookingId]) -> Decided {
        let waiting = |booking: &BookingId| {
            let mission = self.order.mission(booking);
            mission.is_some_and(|one| one.answer == MissionAnswer::Waiting)
        };
        if !missions.iter().all(waiting) {
            return Err(OrderRefused::NoSuchMission);
        }
        let mut next = self.order.clone();
        for mission in &mut next.missions {
            if missions.contains(&mission.booking) {
                mission.answer = MissionAnswer::Cancelled;
            }
        }
        let left = next
            .missions
            .iter()
            .any(|one| one.answer == MissionAnswer::Waiting);
        if missions.is_empty() || !left {
            return Ok(self.ends(OrderState::Cancelled, AgendaThen::Rewritten));
        }
        Ok(OrderDecision {
            agenda: AgendaThen::Rewritten,
            events: vec![Event::OrderCancelled { order: self.id() }],
            ..OrderDecision::silent(next)
        })
    }

    /// Nobody answered: the sweep closes the request, never before its time.
    fn expire(&self) -> Decided {
        if self.order.respond_by.is_none_or(|limit| self.now < limit) {
            return Err(OrderRefused::TooEarly);
        }
        Ok(self.ends(OrderState::Expired, AgendaThen::Rewritten))
    }

    /// The authorisation ended before the debit: each of its bookings ends by itself.
    fn lose_payment(&self) -> Decided {
        if self.order.payment.card == CardStatus::Captured {
            return Err(OrderRefused::WrongState);
        }
        Ok(self.ends(OrderState::PaymentFailed, AgendaThen::LeftToBookings))
    }
}

impl Order {
    /// The next thing that falls due, or `None` when nothing ever will again.
    pub fn next_deadline(&self) -> Option<Deadline> {
        self.deadlines()
            .into_iter()
            .min_by_key(|deadline| deadline.at)
    }

    fn deadlines(&self) -> Vec<Deadline> {
        match self.state {
            OrderState::AwaitingPayment => vec![Deadline {
                at: self.hold_until,
                due: Due::Abandon,
            }],
            OrderState::Requested => self.answer_deadlines(),
            OrderState::Answered
            | OrderState::Refused
            | OrderState::Expired
            | OrderState::Cancelled
            | OrderState::Abandoned
            | OrderState::PaymentFailed => Vec::new(),
        }
    }

    fn answer_deadlines(&self) -> Vec<Deadline> {
        let (Some(respond_by), Some(requested_at)) = (self.respond_by, self.requested_at) else {
            return Vec::new();
        };
        let mut list = vec![Deadline {
            at: respond_by,
            due: Due::Expire,
        }];
        let reminders = [Reminder::AnswerFirst, Reminder::AnswerLast];
        for (reminder, before) in reminders.into_iter().zip(self.delays.answer_reminders) {
            let at = respond_by - before;
            if at > requested_at && !self.reminded.contains(&reminder) {
                list.push(Deadline {
                    at,
                    due: Due::Remind(reminder),
                });
            }
        }
        list
    }

    /// Does what has fallen due at `now`, if anything has: the sweep calls this until `None`. What changes
    /// the state comes before reminders that it makes pointless.
    pub fn do_what_is_due(&self, now: Timestamp) -> Result<Option<OrderDecision>, OrderRefused> {
        let overdue = self
            .deadlines()
            .into_iter()
            .filter(|deadline| deadline.at <= now);
        let next =
            overdue.min_by_key(|deadline| (matches!(deadline.due, Due::Remind(_)), deadline.at));
        let command = match next.map(|deadline| deadline.due) {
            None | Some(Due::DeclareDone | Due::Validate) => return Ok(None),
            Some(Due::Remind(reminder)) => return Ok(Some(self.remind_once(reminder))),
            Some(Due::Abandon) => OrderCommand::Abandon,
            Some(Due::Expire) => OrderCommand::Expire,
        };
        decide(self, &command, now).map(Some)
    }

    fn remind_once(&self, reminder: Reminder) -> OrderDecision {
        let mut order = self.clone();
        order.reminded.push(reminder);
        OrderDecision {
            events: vec![Event::OrderReminderDue {
                order: self.id.clone(),
                reminder,
            }],
            ..OrderDecision::silent(order)
        }
    }
}
