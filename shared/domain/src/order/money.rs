//! The card of an order: what Stripe was seen to do with it, and what is asked of it next.

use jiff::{SignedDuration, Timestamp};

use super::process::{OrderCommand, decide};
use super::{Order, OrderDecision, OrderRefused, OrderState};
use crate::booking::{BookingParty, CardStatus, Next, Seen, Step, Wait};
use crate::event::Event;

/// After the last mission, a client has still this long to contest, and a bank to send a refund back.
const LOOKED_AT_AFTER: SignedDuration = SignedDuration::from_hours(60 * 24);

impl Order {
    /// The next thing to do with the card. What is paid out or given back is the bookings'.
    pub fn next_step(&self, now: Timestamp) -> Next {
        if let Some(attempt) = &self.payment.under_way {
            return Next::Do(attempt.step.clone());
        }
        match (self.owed_step(), &self.payment.refused) {
            (None, _) => Next::Rest,
            (Some(step), Some(refused)) if step == refused.step && now < refused.retry_at() => {
                Next::Wait(Wait::Refused)
            }
            (Some(step), _) => Next::Do(step),
        }
    }

    fn owed_step(&self) -> Option<Step> {
        let payment = &self.payment;
        match (payment.card, self.state) {
            (CardStatus::Unpaid, OrderState::AwaitingPayment) => None,
            (CardStatus::Unpaid, _) => {
                let open = payment.session.is_some() && !payment.page_closed;
                open.then_some(Step::ClosePage)
            }
            // Never before a contract is concluded.
            (CardStatus::Authorised, OrderState::AwaitingPayment | OrderState::Requested) => None,
            (CardStatus::Authorised, OrderState::Answered) => Some(Step::Capture),
            (CardStatus::Authorised, _) => Some(Step::Release),
            (CardStatus::Captured | CardStatus::Released | CardStatus::Lapsed, _) => None,
        }
    }

    /// With what is to be asked of Stripe next written down: a decision and the call that follows from it
    /// are one write.
    pub fn with_next_call(mut self, now: Timestamp) -> Self {
        if let Next::Do(step) = self.next_step(now) {
            self.payment.begin(&step, now);
        }
        self
    }

    /// When the sweep looks at the payment again, whatever events came or were lost.
    pub fn next_payment_check(&self) -> Option<Timestamp> {
        let payment = &self.payment;
        if let Some(attempt) = &payment.under_way {
            return Some(attempt.since + SignedDuration::from_mins(2));
        }
        let minutes = if payment.waiting.is_some() {
            60
        } else if self.owed_step().is_some() {
            2
        } else if self.state == OrderState::AwaitingPayment && payment.session.is_some() {
            3
        } else if payment.card == CardStatus::Authorised {
            6 * 60
        } else if self.disputes.iter().any(|dispute| dispute.is_open()) {
            24 * 60
        } else {
            return self.next_late_look();
        };
        let since = payment.checked_at.unwrap_or(self.created_at);
        Some(since + SignedDuration::from_mins(minutes))
    }

    /// A debit is looked at now and then for as long as a client may contest it, also after the last
    /// mission.
    fn next_late_look(&self) -> Option<Timestamp> {
        let by_card = self.payment.next_late_look();
        let until = self.last_end()? + LOOKED_AT_AFTER;
        let looked_at = self.payment.checked_at.or(self.payment.captured_at)?;
        let weekly = looked_at + SignedDuration::from_hours(7 * 24);
        by_card
            .or_else(|| (self.payment.captured_at.is_some() && looked_at < until).then_some(weekly))
    }

    /// Takes in everything that Stripe's objects say of the card, with what follows for the order: an
    /// authorised card makes it a request, one that comes too late or for another amount ends it, and so
    /// does an authorisation that is gone.
    pub fn learn(&self, sights: &[Seen], now: Timestamp) -> OrderDecision {
        let nothing = OrderDecision::silent(self.clone());
        sights.iter().fold(nothing, |so_far, seen| {
            let after = so_far.order.learn_one(seen, now);
            so_far.then(after)
        })
    }

    fn learn_one(&self, seen: &Seen, now: Timestamp) -> OrderDecision {
        let asked = match (self.state, seen) {
            (
                OrderState::AwaitingPayment,
                Seen::Authorised {
                    intent,
                    amount,
                    capture_before,
                },
            ) => Some(OrderCommand::Authorise {
                intent: intent.clone(),
                amount: *amount,
                capture_before: *capture_before,
            }),
            _ => None,
        };
        let authorised = asked.map(|asked| decide(self, &asked, now));
        let (seen, consequence) = match authorised {
            Some(Ok(decision)) => return decision,
            Some(Err(OrderRefused::HoldLapsed)) => (self.see(seen, now), OrderCommand::Abandon),
            Some(Err(_)) => (self.see(seen, now), OrderCommand::FailPayment),
            None => {
                let seen = self.see(seen, now);
                if !seen.order.payment_is_lost() {
                    return seen;
                }
                (seen, OrderCommand::FailPayment)
            }
        };
        match decide(&seen.order, &consequence, now) {
            Ok(after) => seen.then(after),
            Err(_) => seen,
        }
    }

    /// Whether the authorisation ended before the card was debited, so that the order cannot go on.
    fn payment_is_lost(&self) -> bool {
        self.payment.card == CardStatus::Lapsed
            && matches!(self.state, OrderState::Requested | OrderState::Answered)
    }

    /// Takes in what was seen of the card: the same sight twice changes nothing. Refunds, transfers and
    /// disputes are seen by the bookings.
    fn see(&self, seen: &Seen, now: Timestamp) -> OrderDecision {
        let mut order = self.clone();
        let mut events = Vec::new();
        match seen {
            Seen::PageClosed => order.payment.closed_page(),
            Seen::Authorised {
                intent,
                capture_before,
                ..
            } => order.payment.authorised(intent, *capture_before),
            Seen::Captured { charge } => {
                if order.payment.captured(charge, now) {
                    events.push(Event::OrderCaptured {
                        order: self.id.clone(),
                    });
                }
            }
            Seen::Canceled => {
                let holds = matches!(
                    self.state,
                    OrderState::AwaitingPayment | OrderState::Requested | OrderState::Answered
                );
                order.payment.canceled(holds);
            }
            Seen::Refund { .. }
            | Seen::Transfer { .. }
            | Seen::Dispute { .. }
            | Seen::Commission { .. } => {}
        }
        OrderDecision {
            events,
            ..OrderDecision::silent(order)
        }
    }

    /// What the order tells one of its bookings of their card: debited, or gone.
    pub fn card_told(&self) -> Option<Seen> {
        match self.payment.card {
            CardStatus::Captured => {
                let charge = self.payment.charge.clone()?;
                Some(Seen::Captured { charge })
            }
            CardStatus::Released | CardStatus::Lapsed => Some(Seen::Canceled),
            CardStatus::Unpaid | CardStatus::Authorised => None,
        }
    }
}

impl Order {
    /// Where the money of the whole order is and what happens next, for one of the two parties. What
    /// becomes of each mission's part is told by its booking.
    pub fn money_now(&self, reader: BookingParty) -> String {
        match reader {
            BookingParty::Client => self.money_for_client(),
            BookingParty::Professional => self.money_for_professional(),
        }
    }

    fn money_for_client(&self) -> String {
        let (total, accepted) = (self.total(), self.accepted_total());
        match (self.payment.card, self.state) {
            (CardStatus::Unpaid, OrderState::AwaitingPayment) => "Votre carte n’est pas encore autorisée. Rien n’est débité avant l’acceptation du professionnel.".to_owned(),
            (CardStatus::Unpaid | CardStatus::Released, _) => "Votre carte n’a pas été débitée. L’autorisation, s’il y en a eu une, est annulée ; votre banque peut l’afficher encore quelques jours.".to_owned(),
            (CardStatus::Lapsed, _) => "Votre carte n’a pas été débitée : votre banque a mis fin à l’autorisation avant le débit.".to_owned(),
            (CardStatus::Authorised, OrderState::Answered) => format!(
                "{accepted} sont en cours de débit sur votre carte ; le reste de l’autorisation est annulé."
            ),
            (CardStatus::Authorised, OrderState::AwaitingPayment | OrderState::Requested) => format!(
                "{total} sont autorisés sur votre carte. Seules les dates que le professionnel accepte sont débitées."
            ),
            (CardStatus::Authorised, _) => "L’autorisation sur votre carte est en cours d’annulation.".to_owned(),
            (CardStatus::Captured, _) if accepted < total => format!(
                "{accepted} ont été débités sur {total} autorisés ; le reste de l’autorisation est annulé. Chaque mission est payée au professionnel quand vous la validez."
            ),
            (CardStatus::Captured, _) => format!(
                "{accepted} ont été débités. Chaque mission est payée au professionnel quand vous la validez."
            ),
        }
    }

    fn money_for_professional(&self) -> String {
        let yours = self.professional_total();
        match (self.payment.card, self.state) {
            (CardStatus::Authorised, OrderState::Requested) => format!(
                "Le client a autorisé sa carte. Si vous acceptez toutes les dates, {yours} vous reviennent, chaque mission après sa validation."
            ),
            (CardStatus::Authorised, OrderState::Answered) => {
                "Le débit de la carte du client est en cours.".to_owned()
            }
            (CardStatus::Captured, _) => format!(
                "Le client a payé. {yours} vous reviennent pour les dates acceptées, chaque mission après sa validation."
            ),
            (
                CardStatus::Unpaid
                | CardStatus::Released
                | CardStatus::Lapsed
                | CardStatus::Authorised,
                _,
            ) => "Rien ne vous est dû pour cette commande.".to_owned(),
        }
    }
}
