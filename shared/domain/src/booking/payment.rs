//! The payment of a booking: what Stripe has done, as far as we have seen it.
//!
//! `Payment` only ever moves forward, by `Booking::see`: the same sight twice changes nothing.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settling::{Step, Wait};
use super::{Booking, BookingState, Decision};
use crate::event::Event;
use crate::ledger::{LedgerAccount, Movement, MovementKind};
use crate::money::Euros;

/// What happened to the client's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CardStatus {
    /// Nothing was authorised yet.
    Unpaid,
    /// The amount is authorised, not debited.
    Authorised,
    /// The card was debited.
    Captured,
    /// The authorisation was given back: nothing was debited.
    Released,
    /// The authorisation ended by itself: nothing was debited.
    Lapsed,
}

/// How far a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// Sent to the client's bank.
    Succeeded,
    /// Sent back by the client's bank.
    Failed,
}

/// Money given back to the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Stripe's name of it.
    pub id: String,
    /// How much.
    pub amount: Euros,
    /// How far it is.
    pub status: RefundStatus,
    /// When we first saw it.
    pub at: Timestamp,
}

/// Money paid to the professional.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Stripe's name of it.
    pub id: String,
    /// How much.
    pub amount: Euros,
    /// How much of it was taken back.
    pub reversed: Euros,
    /// When we first saw it.
    pub at: Timestamp,
}

/// How far a chargeback is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStage {
    /// The client's bank examines it.
    Open,
    /// Decided for the platform: the money came back.
    Won,
    /// Decided for the client.
    Lost,
}

/// The client contested the debit with their bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Stripe's name of it.
    pub id: String,
    /// How much is contested.
    pub amount: Euros,
    /// How far it is.
    pub stage: DisputeStage,
    /// When we first saw it.
    pub at: Timestamp,
}

/// A call to Stripe that was written down before it was made, and whose outcome is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What is asked of Stripe.
    pub step: Step,
    /// The number in its idempotency key.
    pub number: u32,
    /// When it was written down.
    pub since: Timestamp,
}

/// Stripe forgets idempotency keys after a day: from here on, look before asking again.
const KEY_IS_KNOWN: SignedDuration = SignedDuration::from_hours(23);

/// A cardholder may contest a debit for 120 days: until then something may still become of it.
const CONTESTABLE: SignedDuration = SignedDuration::from_hours(120 * 24);
/// A bank that sends a refund back does it within this time.
const SENT_BACK_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The shortest time between two looks at a payment of which nothing is to be done: once something was
/// paid out or given back, and before, since paying looks for itself.
const FIRST_LOOK: SignedDuration = SignedDuration::from_hours(24);
const FIRST_LOOK_BEFORE_PAYING: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The longest.
const LAST_LOOK: SignedDuration = SignedDuration::from_hours(15 * 24);

impl Attempt {
    /// Whether Stripe may have forgotten the key.
    pub fn is_old(&self, now: Timestamp) -> bool {
        now >= self.since + KEY_IS_KNOWN
    }
}

/// Stripe refused a step for good: it is asked again later, under another key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedStep {
    /// What was asked.
    pub step: Step,
    /// Stripe's code.
    pub code: String,
    /// How many times in a row.
    pub times: u32,
    /// When it was last refused.
    pub at: Timestamp,
}

impl RefusedStep {
    /// When it is asked again: an hour, six hours, then a day later.
    pub fn retry_at(&self) -> Timestamp {
        let hours = match self.times {
            0 | 1 => 1,
            2 => 6,
            _ => 24,
        };
        self.at + SignedDuration::from_hours(hours)
    }
}

/// Why the operator should look at a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The client's bank sent a refund back: somebody decides how the client is paid.
    RefundSentBack,
    /// The client's bank examines the debit.
    Contested,
    /// Stripe refused a step for good; it is asked again by itself.
    StepRefused,
}

/// The payment of a booking. Stripe's own objects are the truth; this is what we have seen of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// What happened to the card.
    pub card: CardStatus,
    /// The Checkout session opened for it.
    pub session: Option<String>,
    /// Whether that page can be paid on no more.
    pub page_closed: bool,
    /// The payment intent.
    pub intent: Option<String>,
    /// The charge that was captured.
    pub charge: Option<String>,
    /// Until when the card can be debited, once authorised.
    pub capture_before: Option<Timestamp>,
    /// When the card was debited.
    pub captured_at: Option<Timestamp>,
    /// Refunds, oldest first.
    pub refunds: Vec<Refund>,
    /// Transfers, oldest first.
    pub transfers: Vec<Transfer>,
    /// What the platform has kept.
    pub commission: Euros,
    /// The chargeback, if there was one.
    pub dispute: Option<Dispute>,
    /// How many calls were numbered so far.
    pub attempts: u32,
    /// The call whose outcome is not known.
    pub under_way: Option<Attempt>,
    /// The step that Stripe refused.
    pub refused: Option<RefusedStep>,
    /// A refund failed: the operator decides how the client is paid back.
    pub refund_needs_decision: bool,
    /// What the next step waits for, when it was last looked at.
    pub waiting: Option<Wait>,
    /// When it was last looked at.
    pub checked_at: Option<Timestamp>,
}

impl Payment {
    /// A payment that nobody began.
    pub const NONE: Self = Self {
        card: CardStatus::Unpaid,
        session: None,
        page_closed: false,
        intent: None,
        charge: None,
        capture_before: None,
        captured_at: None,
        refunds: Vec::new(),
        transfers: Vec::new(),
        commission: Euros::ZERO,
        dispute: None,
        attempts: 0,
        under_way: None,
        refused: None,
        refund_needs_decision: false,
        waiting: None,
        checked_at: None,
    };

    /// What was given back to the client, refunds on their way and lost chargebacks included.
    pub fn refunded(&self) -> Euros {
        let refunds = self
            .refunds
            .iter()
            .filter(|refund| refund.status != RefundStatus::Failed)
            .map(|refund| refund.amount);
        sum(refunds.chain(self.disputed_at(DisputeStage::Lost)))
    }

    /// What the professional has, reversals taken off.
    pub fn transferred(&self) -> Euros {
        sum(self
            .transfers
            .iter()
            .map(|transfer| less(transfer.amount, transfer.reversed)))
    }

    /// What the client's bank holds while it examines a dispute.
    pub fn contested(&self) -> Euros {
        self.disputed_at(DisputeStage::Open).unwrap_or(Euros::ZERO)
    }

    /// Why the operator should look at it, most urgent first.
    pub fn trouble(&self) -> Option<Trouble> {
        if self.refund_needs_decision {
            Some(Trouble::RefundSentBack)
        } else if self.dispute_stage() == Some(DisputeStage::Open) {
            Some(Trouble::Contested)
        } else {
            self.refused.as_ref().map(|_| Trouble::StepRefused)
        }
    }

    /// The stage of the chargeback, if there was one.
    pub fn dispute_stage(&self) -> Option<DisputeStage> {
        self.dispute.as_ref().map(|dispute| dispute.stage)
    }

    fn disputed_at(&self, stage: DisputeStage) -> Option<Euros> {
        let dispute = self.dispute.as_ref();
        dispute
            .filter(|dispute| dispute.stage == stage)
            .map(|dispute| dispute.amount)
    }

    /// Writes down that `step` is about to be asked of Stripe, unless it already is.
    pub fn begin(&mut self, step: &Step, now: Timestamp) -> Attempt {
        match &self.under_way {
            Some(attempt) if attempt.step == *step => attempt.clone(),
            Some(_) | None => {
                self.attempts += 1;
                let attempt = Attempt {
                    step: step.clone(),
                    number: self.attempts,
                    since: now,
                };
                self.under_way = Some(attempt.clone());
                attempt
            }
        }
    }

    /// Writes down that Stripe refused the step under way for good.
    pub fn refuse(&mut self, code: &str, now: Timestamp) {
        let Some(attempt) = self.under_way.take() else {
            return;
        };
        let times = match &self.refused {
            Some(before) if before.step == attempt.step => before.times + 1,
            Some(_) | None => 1,
        };
        self.refused = Some(RefusedStep {
            step: attempt.step,
            code: code.to_owned(),
            times,
            at: now,
        });
    }

    /// When a payment of which nothing is to be done now is looked at again: a chargeback, or a refund that
    /// comes back, whose event was lost would be known to nobody otherwise. Each look waits as long as
    /// nothing has moved, from a day (seven before anything was paid out) to fifteen; the last is when
    /// nothing can come any more.
    pub(crate) fn next_late_look(&self) -> Option<Timestamp> {
        let captured_at = self.captured_at?;
        let refunded_at = self.refunds.iter().map(|refund| refund.at).max();
        let until = refunded_at.map_or(captured_at + CONTESTABLE, |at| {
            (captured_at + CONTESTABLE).max(at + SENT_BACK_WITHIN)
        });
        let transferred_at = self.transfers.iter().map(|transfer| transfer.at).max();
        let moved_at = [refunded_at, transferred_at].into_iter().flatten().max();
        let first = moved_at.map_or(FIRST_LOOK_BEFORE_PAYING, |_| FIRST_LOOK);
        let moved_at = moved_at.unwrap_or(captured_at);
        let looked_at = self.checked_at.map_or(moved_at, |at| at.max(moved_at));
        let calm = looked_at.duration_since(moved_at);
        let wait = calm.clamp(first, LAST_LOOK);
        (looked_at < until).then(|| (looked_at + wait).min(until))
    }

    /// The payment page can be used no more.
    pub(crate) fn closed_page(&mut self) {
        self.page_closed = true;
        self.over(|step| *step == Step::ClosePage);
    }

    /// The card is authorised.
    pub(crate) fn authorised(&mut self, intent: &str, capture_before: Option<Timestamp>) {
        if self.card == CardStatus::Unpaid {
            self.card = CardStatus::Authorised;
            self.page_closed = true;
        }
        self.intent = Some(intent.to_owned());
        self.capture_before = self.capture_before.or(capture_before);
        self.over(|step| *step == Step::ClosePage);
    }

    /// The card is debited. Answers whether that was not known.
    pub(crate) fn captured(&mut self, charge: &str, now: Timestamp) -> bool {
        self.over(|step| *step == Step::Capture);
        if self.card == CardStatus::Captured {
            return false;
        }
        self.card = CardStatus::Captured;
        self.charge = Some(charge.to_owned());
        self.captured_at = Some(now);
        true
    }

    /// The authorisation is no more: it lapsed when something was still to come of it.
    pub(crate) fn canceled(&mut self, still_wanted: bool) {
        self.over(|step| matches!(step, Step::Release | Step::Capture));
        if self.card != CardStatus::Authorised {
            return;
        }
        self.card = if still_wanted {
            CardStatus::Lapsed
        } else {
            CardStatus::Released
        };
    }

    /// The step under way is over: what came of it is recorded.
    fn over(&mut self, done: impl Fn(&Step) -> bool) {
        if self
            .under_way
            .as_ref()
            .is_some_and(|attempt| done(&attempt.step))
        {
            self.under_way = None;
        }
        if self
            .refused
            .as_ref()
            .is_some_and(|refused| done(&refused.step))
        {
            self.refused = None;
        }
    }
}

pub(super) fn sum(amounts: impl IntoIterator<Item = Euros>) -> Euros {
    Euros::from_cents(amounts.into_iter().map(Euros::cents).sum())
}

/// `amount - other`, never below zero.
pub(super) fn less(amount: Euros, other: Euros) -> Euros {
    Euros::from_cents((amount.cents() - other.cents()).max(0))
}

/// How the client's money is divided at one moment:
/// captured + to recover = transferred + commission + refunded + held.
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
    /// Kept at Stripe, or by the client's bank while it examines a dispute.
    pub held: Euros,
    /// Paid out and then lost to a chargeback, and not taken back yet.
    pub to_recover: Euros,
}

/// Something that Stripe says, read from its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The payment page can be used no more, and was not paid on.
    PageClosed,
    /// The card is authorised.
    Authorised {
        /// The payment intent.
        intent: String,
        /// How much.
        amount: Euros,
        /// The last moment to debit the card, when the bank said so.
        capture_before: Option<Timestamp>,
    },
    /// The card was debited.
    Captured {
        /// The charge.
        charge: String,
    },
    /// The authorisation is no more, whoever ended it.
    Canceled,
    /// A refund.
    Refund {
        /// Stripe's name of it.
        id: String,
        /// How much.
        amount: Euros,
        /// How far it is.
        status: RefundStatus,
        /// The number of the attempt that asked for it; none when made by hand.
        attempt: Option<u32>,
    },
    /// A transfer.
    Transfer {
        /// Stripe's name of it.
        id: String,
        /// How much.
        amount: Euros,
        /// How much of it was taken back so far.
        reversed: Euros,
    },
    /// A chargeback.
    Dispute {
        /// Stripe's name of it.
        id: String,
        /// How much.
        amount: Euros,
        /// How far it is.
        stage: DisputeStage,
    },
    /// No call to Stripe: the platform keeps this much as its commission from now on.
    Commission {
        /// How much in all.
        amount: Euros,
    },
}

/// What seeing something leads to, being built.
struct Sight<'a> {
    booking: &'a Booking,
    now: Timestamp,
    payment: Payment,
    events: Vec<Event>,
    movements: Vec<Movement>,
}

impl Sight<'_> {
    fn moved(
        &mut self,
        id: String,
        kind: MovementKind,
        (from, to): (LedgerAccount, LedgerAccount),
        amount: Euros,
        stripe_object: Option<&str>,
    ) {
        if amount > Euros::ZERO {
            self.movements.push(Movement {
                id,
                booking: self.booking.id.clone(),
                professional: self.booking.professional.clone(),
                payment: self.payment.intent.clone(),
                kind,
                from,
                to,
                amount,
                at: self.now,
                stripe_object: stripe_object.map(str::to_owned),
            });
        }
    }

    fn tell(&mut self, event: impl FnOnce(crate::ids::BookingId) -> Event) {
        self.events.push(event(self.booking.id.clone()));
    }

    fn captured(&mut self, charge: &str) {
        if !self.payment.captured(charge, self.now) {
            return;
        }
        self.moved(
            "capture".to_owned(),
            MovementKind::Capture,
            (LedgerAccount::Client, LedgerAccount::Held),
            self.booking.price.total,
            Some(charge),
        );
        self.tell(|booking| Event::PaymentCaptured { booking });
    }

    fn refund(&mut self, id: &str, amount: Euros, status: RefundStatus, attempt: Option<u32>) {
        let asked = self.payment.under_way.as_ref().map(|asked| asked.number);
        if attempt.is_some() && attempt == asked {
            self.payment
                .over(|step| matches!(step, Step::Refund { .. }));
        }
        let known = self
            .payment
            .refunds
            .iter()
            .position(|refund| refund.id == id);
        let place = known.unwrap_or_else(|| {
            self.payment.refunds.push(Refund {
                id: id.to_owned(),
                amount,
                status: RefundStatus::Pending,
                at: self.now,
            });
            self.payment.refunds.len() - 1
        });
        if known.is_none() {
            let lines = (LedgerAccount::Held, LedgerAccount::Client);
            self.moved(
                format!("refund:{id}"),
                MovementKind::Refund,
                lines,
                amount,
                Some(id),
            );
            self.tell(|booking| Event::RefundMade { booking });
        }
        let Some(refund) = self.payment.refunds.get_mut(place) else {
            return;
        };
        // A bank may send a refund back after it succeeded; nothing comes after that.
        let before = refund.status;
        if before != RefundStatus::Failed && status != RefundStatus::Pending {
            refund.status = status;
        }
        if before != RefundStatus::Failed && status == RefundStatus::Failed {
            self.payment.refund_needs_decision = true;
            let lines = (LedgerAccount::Client, LedgerAccount::Held);
            let name = format!("refund-failure:{id}");
            self.moved(name, MovementKind::RefundFailure, lines, amount, Some(id));
            self.tell(|booking| Event::RefundFailed { booking });
        }
    }

    fn transfer(&mut self, id: &str, amount: Euros, reversed: Euros) {
        let known = self
            .payment
            .transfers
            .iter()
            .position(|transfer| transfer.id == id);
        let place = known.unwrap_or_else(|| {
            self.payment.transfers.push(Transfer {
                id: id.to_owned(),
                amount,
                reversed: Euros::ZERO,
                at: self.now,
            });
            self.payment.transfers.len() - 1
        });
        if known.is_none() {
            self.payment
                .over(|step| matches!(step, Step::Transfer { .. }));
            let lines = (LedgerAccount::Held, LedgerAccount::Professional);
            self.moved(
                format!("transfer:{id}"),
                MovementKind::Transfer,
                lines,
                amount,
                Some(id),
            );
            self.tell(|booking| Event::BookingPaidOut { booking });
        }
        let Some(transfer) = self.payment.transfers.get_mut(place) else {
            return;
        };
        let more = less(reversed, transfer.reversed);
        if more > Euros::ZERO {
            transfer.reversed = reversed;
            self.payment
                .over(|step| matches!(step, Step::Reverse { .. }));
            // Named by the total: the same reversal seen twice is one movement.
            let name = format!("reversal:{id}:{}", reversed.cents());
            let lines = (LedgerAccount::Professional, LedgerAccount::Held);
            self.moved(name, MovementKind::Reversal, lines, more, Some(id));
            self.tell(|booking| Event::TransferReversed { booking });
        }
    }

    fn dispute(&mut self, id: &str, amount: Euros, stage: DisputeStage) {
        let before = self.payment.dispute.clone().filter(|known| known.id == id);
        if before.is_none() {
            let lines = (LedgerAccount::Held, LedgerAccount::Disputed);
            self.moved(
                format!("dispute:{id}"),
                MovementKind::Dispute,
                lines,
                amount,
                Some(id),
            );
            self.tell(|booking| Event::DisputeOpened { booking });
        }
        let at = before.as_ref().map_or(self.now, |known| known.at);
        let was = before.map_or(DisputeStage::Open, |known| known.stage);
        // A decided dispute stays decided.
        let stage = if was == DisputeStage::Open {
            stage
        } else {
            was
        };
        self.payment.dispute = Some(Dispute {
            id: id.to_owned(),
            amount,
            stage,
            at,
        });
        if was == stage {
            return;
        }
        match stage {
            DisputeStage::Open => {}
            DisputeStage::Won => {
                let lines = (LedgerAccount::Disputed, LedgerAccount::Held);
                let name = format!("dispute-won:{id}");
                self.moved(name, MovementKind::DisputeWon, lines, amount, Some(id));
                self.tell(|booking| Event::DisputeWon { booking });
            }
            DisputeStage::Lost => {
                let lines = (LedgerAccount::Disputed, LedgerAccount::Client);
                let name = format!("dispute-lost:{id}");
                self.moved(name, MovementKind::DisputeLost, lines, amount, Some(id));
                self.tell(|booking| Event::DisputeLost { booking });
            }
        }
    }

    /// The number of the movement keeps two changes to the same amount apart.
    fn commission(&mut self, amount: Euros) {
        let before = self.payment.commission;
        self.payment.commission = amount;
        let name = format!("commission:{}", self.payment.attempts);
        self.payment.attempts += 1;
        self.moved(
            name.clone(),
            MovementKind::Commission,
            (LedgerAccount::Held, LedgerAccount::Commission),
            less(amount, before),
            None,
        );
        self.moved(
            name,
            MovementKind::CommissionReturn,
            (LedgerAccount::Commission, LedgerAccount::Held),
            less(before, amount),
            None,
        );
    }
}

impl Booking {
    /// Takes in what Stripe says. Only moves forward: what was seen before changes nothing, in
    /// whatever order it comes.
    pub fn see(&self, seen: &Seen, now: Timestamp) -> Decision {
        let mut sight = Sight {
            booking: self,
            now,
            payment: self.payment.clone(),
            events: Vec::new(),
            movements: Vec::new(),
        };
        match seen {
            Seen::PageClosed => sight.payment.closed_page(),
            Seen::Authorised {
                intent,
                capture_before,
                ..
            } => sight.payment.authorised(intent, *capture_before),
            Seen::Captured { charge } => sight.captured(charge),
            Seen::Canceled => sight.payment.canceled(self.state.holds_agents()),
            Seen::Refund {
                id,
                amount,
                status,
                attempt,
            } => {
                sight.refund(id, *amount, *status, *attempt);
            }
            Seen::Transfer {
                id,
                amount,
                reversed,
            } => sight.transfer(id, *amount, *reversed),
            Seen::Dispute { id, amount, stage } => sight.dispute(id, *amount, *stage),
            Seen::Commission { amount } => sight.commission(*amount),
        }
        let booking = Self {
            payment: sight.payment,
            ..self.clone()
        };
        Decision {
            events: sight.events,
            movements: sight.movements,
            ..Decision::silent(booking)
        }
    }

    /// How the money is divided now.
    pub fn money(&self) -> MoneyPosition {
        let payment = &self.payment;
        let captured = if payment.card == CardStatus::Captured {
            self.debited_total()
        } else {
            Euros::ZERO
        };
        let out = sum([
            payment.refunded(),
            payment.transferred(),
            payment.commission,
        ]);
        MoneyPosition {
            captured,
            transferred: payment.transferred(),
            commission: payment.commission,
            refunded: payment.refunded(),
            held: less(captured, out),
            to_recover: less(out, captured),
        }
    }

    /// Whether the authorisation ended before the card was debited, so that the booking cannot go on.
    pub fn payment_is_lost(&self) -> bool {
        self.payment.card == CardStatus::Lapsed
            && matches!(self.state, BookingState::Requested | BookingState::Accepted)
    }
}
