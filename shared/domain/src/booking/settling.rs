//! What is left to do with the money of a booking, one step at a time.
//!
//! The state of a booking says who is due what; the payment says what Stripe has done. The next step
//! is the difference. Whoever wakes up (an event, Stripe, the sweep, a restart) asks the same
//! question and does the same thing.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::payment::{CardStatus, DisputeStage, RefundStatus, less};
use super::{Booking, BookingState};
use crate::money::Euros;
use crate::pricing::PriceBreakdown;

/// Who is due what of a booking's price. The three add up to its total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shares {
    /// Goes back to the client.
    pub client: Euros,
    /// Goes to the professional.
    pub professional: Euros,
    /// Stays with the platform.
    pub commission: Euros,
}

impl Shares {
    /// The mission was done: the professional and the platform get their parts.
    pub fn of_performed(price: &PriceBreakdown) -> Self {
        Self {
            client: Euros::ZERO,
            professional: price.professional_total,
            commission: price.commission,
        }
    }

    /// Nothing came of it: everything goes back to the client.
    pub fn of_nothing(price: &PriceBreakdown) -> Self {
        Self::keeping(price, Euros::ZERO)
    }

    /// The professional keeps `kept` of a mission that did not take place or not to its end. No
    /// commission is kept on it (terms, article 15).
    pub fn keeping(price: &PriceBreakdown, kept: Euros) -> Self {
        let kept = kept.min(price.professional_total);
        Self {
            client: less(price.total, kept),
            professional: kept,
            commission: Euros::ZERO,
        }
    }

    /// The price is reduced by `percent` (0 to 100), service fees in the same proportion.
    pub fn reduced_by(price: &PriceBreakdown, percent: u8) -> Self {
        let percent = i64::from(percent.min(100));
        let part = |amount: Euros| amount.times_ratio(percent, 100).unwrap_or(amount);
        let commission = less(price.commission, part(price.commission));
        let professional = less(price.professional_total, part(price.professional_total));
        Self {
            client: less(less(price.total, commission), professional),
            professional,
            commission,
        }
    }
}

/// One thing to do, at Stripe or in our books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Close the payment page of a booking that ended.
    ClosePage,
    /// Give the authorisation back.
    Release,
    /// Debit the card.
    Capture,
    /// Give money back to the client.
    Refund {
        /// How much.
        amount: Euros,
    },
    /// Recognise the commission, or give it up: our books alone.
    Commission {
        /// How much in all.
        amount: Euros,
    },
    /// Pay the professional.
    Transfer {
        /// How much.
        amount: Euros,
    },
    /// Take a transfer back.
    Reverse {
        /// Which.
        transfer: String,
        /// How much.
        amount: Euros,
    },
}

impl Step {
    /// The operation's name in its idempotency key.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::ClosePage => "expire-checkout",
            Self::Release => "release",
            Self::Capture => "capture",
            Self::Refund { .. } => "refund",
            Self::Commission { .. } => "commission",
            Self::Transfer { .. } => "transfer",
            Self::Reverse { .. } => "reverse",
        }
    }
}

/// What a step waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wait", rename_all = "snake_case")]
pub enum Wait {
    /// The professional cannot be paid at present.
    PayoutsNotActive,
    /// The professional's bank details changed less than a day ago.
    BankDetailsChanged,
    /// The client's bank examines a dispute.
    Disputed,
    /// A refund was sent back: the operator decides.
    RefundFailed,
    /// The mission took place without a title that it needed: the operator decides.
    TitleMissing,
    /// Stripe refused, and is asked again later.
    Refused,
}

/// Whether the professional can be paid now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payouts {
    /// Yes.
    Open,
    /// The Connect account may not receive transfers.
    NotActive,
    /// The bank details are too new.
    BankDetailsChanged,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// This.
    Do(Step),
    /// Nothing before that.
    Wait(Wait),
    /// Nothing.
    Rest,
}

impl Booking {
    /// The next thing to do with the money, given whether the professional can be paid.
    pub fn next_step(&self, payouts: Payouts, now: Timestamp) -> Next {
        if let Some(attempt) = &self.payment.under_way {
            return Next::Do(attempt.step.clone());
        }
        let next = self.owed_step(payouts);
        match (&next, &self.payment.refused) {
            (Next::Do(step), Some(refused))
                if *step == refused.step && now < refused.retry_at() =>
            {
                Next::Wait(Wait::Refused)
            }
            _ => next,
        }
    }

    /// With what is to be asked of Stripe next written down: a decision and the call that follows from it
    /// are one write. Never what pays the professional, since Stripe is looked at before that, nor what
    /// only our books say.
    pub fn with_next_call(mut self, now: Timestamp) -> Self {
        if let Next::Do(step) = self.next_step(Payouts::NotActive, now)
            && !matches!(step, Step::Commission { .. })
        {
            self.payment.begin(&step, now);
        }
        self
    }

    fn owed_step(&self, payouts: Payouts) -> Next {
        let payment = &self.payment;
        match (payment.card, &self.due) {
            // The order debits the card, or gives the authorisation back, and tells.
            (CardStatus::Unpaid | CardStatus::Authorised, _) if self.order.is_some() => Next::Rest,
            (CardStatus::Unpaid, _) => {
                let open = payment.session.is_some() && !payment.page_closed;
                if open && !self.state.holds_agents() {
                    Next::Do(Step::ClosePage)
                } else {
                    Next::Rest
                }
            }
            (CardStatus::Authorised, Some(due)) if due.client == self.price.total => {
                Next::Do(Step::Release)
            }
            // Never before the contract is concluded.
            (CardStatus::Authorised, None) if !self.state.contract_concluded() => Next::Rest,
            (CardStatus::Authorised, _) => Next::Do(Step::Capture),
            (CardStatus::Released | CardStatus::Lapsed, _) => Next::Rest,
            (CardStatus::Captured, None) => self.give_back(self.lowered_by()).unwrap_or(Next::Rest),
            (CardStatus::Captured, Some(due)) => self.share_out(due, payouts),
        }
    }

    /// Refunds come first: a reversal is only as good as the professional's balance.
    fn share_out(&self, due: &Shares, payouts: Payouts) -> Next {
        let payment = &self.payment;
        let refunded = payment.refunded();
        let contested = payment.dispute_stage() == Some(DisputeStage::Open);
        let left = less(self.debited_total(), refunded);
        let professional = due.professional.min(left);
        let commission = due.commission.min(less(left, professional));
        let transferred = payment.transferred();
        let allowed = if contested { Euros::ZERO } else { professional };
        if payment.commission != commission && !contested {
            return Next::Do(Step::Commission { amount: commission });
        }
        if transferred > allowed {
            return self.take_back(less(transferred, allowed));
        }
        if let Some(next) = self.give_back(self.goes_back(due)) {
            return next;
        }
        if transferred < professional && self.lacks_title() {
            return Next::Wait(Wait::TitleMissing);
        }
        if transferred < professional {
            return match (contested, payouts) {
                (true, _) => Next::Wait(Wait::Disputed),
                (false, Payouts::NotActive) => Next::Wait(Wait::PayoutsNotActive),
                (false, Payouts::BankDetailsChanged) => Next::Wait(Wait::BankDetailsChanged),
                (false, Payouts::Open) => Next::Do(Step::Transfer {
                    amount: less(professional, transferred),
                }),
            };
        }
        Next::Rest
    }

    /// What is left to give back of what goes to the client in all.
    fn give_back(&self, owed: Euros) -> Option<Next> {
        let payment = &self.payment;
        let refunded = payment.refunded();
        if refunded >= owed {
            return None;
        }
        if payment.dispute_stage() == Some(DisputeStage::Open) {
            return Some(Next::Wait(Wait::Disputed));
        }
        if payment.refund_needs_decision {
            return Some(Next::Wait(Wait::RefundFailed));
        }
        let amount = less(owed, refunded);
        Some(Next::Do(Step::Refund { amount }))
    }

    fn take_back(&self, amount: Euros) -> Next {
        let left = |transfer: &&super::payment::Transfer| transfer.reversed < transfer.amount;
        match self.payment.transfers.iter().rev().find(left) {
            Some(transfer) => Next::Do(Step::Reverse {
                transfer: transfer.id.clone(),
                amount: amount.min(less(transfer.amount, transfer.reversed)),
            }),
            None => Next::Rest,
        }
    }

    /// When the sweep looks at the payment again, whatever events came or were lost.
    pub fn next_payment_check(&self) -> Option<Timestamp> {
        let payment = &self.payment;
        let minutes = |minutes| Some(SignedDuration::from_mins(minutes));
        let pending = payment
            .refunds
            .iter()
            .any(|refund| refund.status == RefundStatus::Pending);
        // The card of an order is looked at by the order, and so are disputes.
        let watched = pending || (self.order.is_none() && payment.contested() > Euros::ZERO);
        if let Some(attempt) = &payment.under_way {
            return Some(attempt.since + SignedDuration::from_mins(2));
        }
        let wait = if payment.waiting.is_some() {
            minutes(60)
        } else if matches!(self.owed_step(Payouts::Open), Next::Do(_)) {
            minutes(2)
        } else if self.state == BookingState::AwaitingPayment && payment.session.is_some() {
            minutes(3)
        } else if payment.card == CardStatus::Authorised {
            minutes(6 * 60)
        } else if watched {
            minutes(24 * 60)
        } else if self.order.is_some() {
            return None;
        } else {
            return payment.next_late_look();
        };
        wait.map(|wait| payment.checked_at.unwrap_or(self.created_at) + wait)
    }
}
