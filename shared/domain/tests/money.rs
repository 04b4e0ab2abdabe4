//! The money of a booking: every path of it, against a small model of what Stripe does.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::booking::{
    Actor, AgreedTerms, Booking, BookingParty, BookingRefused, BookingState, CardStatus,
    ClaimReason, Command, DisputeStage, MoneyMove, Next, Payouts, RefundStatus, Seen, Shares, Step,
    Wait, decide,
};
use domain::ledger::{LedgerAccount, Movement, balance};
use domain::money::Euros;
use domain::offer::CancellationPolicy;
use domain::pricing::PriceBreakdown;
use domain::time::interval::Interval;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use samples::{START, booking_in, hours};

/// What Stripe keeps of one booking: its own books, which ours must equal.
#[derive(Debug, Clone, Default)]
struct StripeBooks {
    captured: i64,
    canceled: bool,
    refunds: Vec<(String, i64, RefundStatus, u32)>,
    transfers: Vec<(String, i64, i64)>,
    dispute: Option<(i64, DisputeStage)>,
    /// What the connected account has not paid out to a bank yet.
    connected: i64,
    done: std::collections::BTreeSet<u32>,
}

impl StripeBooks {
    fn refunded(&self) -> i64 {
        let lost = self
            .dispute
            .filter(|(_, stage)| *stage == DisputeStage::Lost);
        self.refunds
            .iter()
            .filter(|refund| refund.2 != RefundStatus::Failed)
            .map(|refund| refund.1)
            .sum::<i64>()
            + lost.map_or(0, |(amount, _)| amount)
    }

    fn transferred(&self) -> i64 {
        self.transfers
            .iter()
            .map(|(_, amount, reversed)| amount - reversed)
            .sum()
    }

    /// Does a step once per attempt number. `Err` is a refusal.
    fn perform(&mut self, booking: &Booking, step: &Step, number: u32) -> Result<(), &'static str> {
        if self.done.contains(&number) {
            return Ok(());
        }
        let contested = matches!(self.dispute, Some((_, DisputeStage::Open)));
        match step {
            Step::Release if self.captured > 0 => return Err("payment_intent_unexpected_state"),
            Step::Capture if self.canceled => return Err("charge_expired_for_capture"),
            Step::Refund { .. } if contested => return Err("charge_disputed"),
            Step::Refund { amount } if self.captured < self.refunded() + amount.cents() => {
                return Err("charge_already_refunded");
            }
            Step::Reverse { amount, .. } if self.connected < amount.cents() => {
                return Err("balance_insufficient");
            }
            Step::Release => self.canceled = true,
            Step::Capture => self.captured = booking.price.total.cents(),
            Step::Refund { amount } => {
                let id = format!("re_{number}");
                self.refunds
                    .push((id, amount.cents(), RefundStatus::Pending, number));
            }
            Step::Transfer { amount } => {
                self.connected += amount.cents();
                self.transfers
                    .push((format!("tr_{number}"), amount.cents(), 0));
            }
            Step::Reverse { transfer, amount } => {
                self.connected -= amount.cents();
                let found = self.transfers.iter_mut().find(|known| known.0 == *transfer);
                found.unwrap().2 += amount.cents();
            }
            Step::ClosePage | Step::Commission { .. } => {}
        }
        self.done.insert(number);
        Ok(())
    }

    /// Everything that reading Stripe's objects would say.
    fn sights(&self) -> Vec<Seen> {
        let mut all = Vec::new();
        if self.captured > 0 {
            all.push(Seen::Captured {
                charge: "ch_1".to_owned(),
            });
        }
        if self.canceled {
            all.push(Seen::Canceled);
        }
        all.extend(
            self.refunds
                .iter()
                .map(|(id, amount, status, number)| Seen::Refund {
                    id: id.clone(),
                    amount: Euros::from_cents(*amount),
                    status: *status,
                    attempt: Some(*number),
                }),
        );
        all.extend(
            self.transfers
                .iter()
                .map(|(id, amount, reversed)| Seen::Transfer {
                    id: id.clone(),
                    amount: Euros::from_cents(*amount),
                    reversed: Euros::from_cents(*reversed),
                }),
        );
        all.extend(self.dispute.map(|(amount, stage)| Seen::Dispute {
            id: "dp_1".to_owned(),
            amount: Euros::from_cents(amount),
            stage,
        }));
        all
    }
}

/// A booking, our ledger and Stripe's books, and the hands that move all three.
#[derive(Debug, Clone)]
struct World {
    booking: Booking,
    ledger: Vec<Movement>,
    stripe: StripeBooks,
    now: Timestamp,
}

impl World {
    fn new() -> Self {
        let mut booking = booking_in(BookingState::Requested);
        booking.payment.page_closed = true;
        let now = booking.requested_at.unwrap();
        Self {
            booking,
            ledger: Vec::new(),
            stripe: StripeBooks::default(),
            now,
        }
    }

    fn command(&mut self, actor: Actor, command: &Command) -> Result<(), BookingRefused> {
        let decision = decide(&self.booking, actor, command, self.now)?;
        self.booking = decision.booking;
        Ok(())
    }

    /// Takes one sight in; the ledger's movements have unique names, as its table enforces.
    fn see(&mut self, seen: &Seen) {
        let decision = self.booking.see(seen, self.now);
        self.booking = decision.booking;
        for movement in decision.movements {
            assert!(
                self.ledger.iter().all(|known| known.id != movement.id),
                "{movement:?} twice"
            );
            self.ledger.push(movement);
        }
    }

    fn look(&mut self) {
        self.learn(&self.stripe.sights());
    }

    fn learn(&mut self, sights: &[Seen]) {
        let decision = self.booking.learn(sights, self.now);
        self.booking = decision.booking;
        for movement in decision.movements {
            assert!(
                self.ledger.iter().all(|known| known.id != movement.id),
                "{movement:?} twice"
            );
            self.ledger.push(movement);
        }
    }

    /// One turn of the settling loop. `answered` is false when the call took effect and the answer
    /// was lost, or the process died before it was written down.
    fn settle_once(&mut self, payouts: Payouts, answered: bool) -> Next {
        let next = self.booking.next_step(payouts, self.now);
        let Next::Do(step) = &next else {
            return next;
        };
        if let Step::Commission { amount } = step {
            self.see(&Seen::Commission { amount: *amount });
            return next;
        }
        let attempt = self.booking.payment.begin(step, self.now);
        let outcome = self.stripe.perform(&self.booking, step, attempt.number);
        if !answered {
            return next;
        }
        self.look();
        if let Err(code) = outcome {
            self.booking.payment.refuse(code, self.now);
        }
        next
    }

    fn settle(&mut self, payouts: Payouts) -> Next {
        for _ in 0..20 {
            match self.settle_once(payouts, true) {
                Next::Do(_) => {}
                end => return end,
            }
        }
        panic!("the money never comes to rest: {:?}", self.booking.payment);
    }

    fn accept(&mut self) {
        self.command(Actor::Professional, &Command::Accept { advice: None })
            .unwrap();
        self.settle(Payouts::Open);
    }

    fn complete(&mut self) {
        self.now = START + hours(9);
        self.command(Actor::Professional, &Command::DeclareDone)
            .unwrap();
    }

    fn position(&self) -> [i64; 4] {
        let money = self.booking.money();
        [
            money.transferred,
            money.commission,
            money.refunded,
            money.held,
        ]
        .map(Euros::cents)
    }

    /// The invariant: every cent that was captured is somewhere, and everybody's books agree.
    fn check(&self) -> Result<(), TestCaseError> {
        let money = self.booking.money();
        let parts = self.position();
        prop_assert!(parts.iter().all(|part| *part >= 0));
        prop_assert_eq!(
            money.captured.cents() + money.to_recover.cents(),
            parts.iter().sum::<i64>()
        );
        let all: i64 = LedgerAccount::ALL
            .iter()
            .map(|account| balance(&self.ledger, *account))
            .sum();
        prop_assert_eq!(all, 0);
        let of = |account| balance(&self.ledger, account);
        prop_assert_eq!(of(LedgerAccount::Professional), money.transferred.cents());
        prop_assert_eq!(of(LedgerAccount::Commission), money.commission.cents());
        prop_assert_eq!(
            -of(LedgerAccount::Client),
            money.captured.cents() - money.refunded.cents()
        );
        prop_assert_eq!(
            of(LedgerAccount::Held) + of(LedgerAccount::Disputed),
            money.held.cents() - money.to_recover.cents()
        );
        Ok(())
    }

    /// What both parties are told of the money names nothing but what moved or is due, and what is said to
    /// be done moved.
    fn check_what_is_told(&self) -> Result<(), TestCaseError> {
        let booking = &self.booking;
        let (money, due) = (booking.money(), booking.due);
        let price = &booking.price;
        let share = booking.professional_share();
        let whole = due.is_none().then_some(price.professional_total);
        let known = [
            Some(price.total),
            Some(money.captured),
            Some(money.refunded),
            Some(money.transferred),
            Some(share),
            due.map(|due| due.client),
            due.map(|due| booking.goes_back(&due)),
            due.map(|due| due.professional),
            Some(booking.lowered_by()),
            whole,
        ];
        let known: Vec<i64> = known.into_iter().flatten().map(Euros::cents).collect();
        for reader in [BookingParty::Client, BookingParty::Professional] {
            let steps = booking.money_steps(reader);
            let labels = steps.iter().map(|step| step.label.clone());
            for text in labels.chain([booking.money_now(reader)]) {
                for amount in amounts(&text) {
                    prop_assert!(known.contains(&amount), "{amount} of {known:?} in {text}");
                }
            }
            for step in steps.iter().filter(|step| step.done) {
                let named = amounts(&step.label);
                let moved = match step.step {
                    MoneyMove::Captured => money.captured,
                    MoneyMove::PaidOut => money.transferred,
                    MoneyMove::Refunded => money.refunded,
                    MoneyMove::Authorised | MoneyMove::Held | MoneyMove::Released => continue,
                };
                let most = moved.cents();
                prop_assert!(
                    named.iter().all(|amount| *amount <= most),
                    "{} of {most}",
                    step.label
                );
            }
        }
        Ok(())
    }

    fn check_against_stripe(&self) -> Result<(), TestCaseError> {
        let money = self.booking.money();
        prop_assert_eq!(money.captured.cents(), self.stripe.captured);
        prop_assert_eq!(money.refunded.cents(), self.stripe.refunded());
        prop_assert_eq!(money.transferred.cents(), self.stripe.transferred());
        Ok(())
    }
}

/// The amounts that a text names, in cents.
fn amounts(text: &str) -> Vec<i64> {
    let mut parts: Vec<&str> = text.split('€').collect();
    parts.pop();
    let digits = |part: &str| -> Option<i64> {
        let part = part.trim_end();
        let number = part.rsplit(|letter: char| {
            !(letter.is_ascii_digit() || matches!(letter, ',' | '\u{a0}' | '\u{202f}'))
        });
        let number = number.into_iter().next()?;
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    parts.into_iter().filter_map(digits).collect()
}

fn price_of(world: &World) -> (i64, i64, i64) {
    let price = &world.booking.price;
    (
        price.total.cents(),
        price.professional_total.cents(),
        price.commission.cents(),
    )
}

#[test]
fn a_card_authorised_too_late_or_for_another_amount_is_given_back() {
    let mut waiting = booking_in(BookingState::AwaitingPayment);
    waiting.payment.session = Some("cs_1".to_owned());
    let total = waiting.price.total;
    let authorised = |amount| Seen::Authorised {
        intent: "pi_1".to_owned(),
        amount,
        capture_before: None,
    };
    let in_time = waiting.created_at;
    let late = waiting.hold_until;
    let less = Euros::from_cents(total.cents() - 1);
    let table = [
        (in_time, total, BookingState::Requested, Next::Rest),
        (
            late,
            total,
            BookingState::Abandoned,
            Next::Do(Step::Release),
        ),
        (
            in_time,
            less,
            BookingState::PaymentFailed,
            Next::Do(Step::Release),
        ),
    ];
    for (now, amount, state, next) in table {
        let learnt = waiting.learn(&[authorised(amount)], now).booking;
        assert_eq!(
            (learnt.state, learnt.next_step(Payouts::Open, now)),
            (state, next)
        );
    }
    let closed = booking_in(BookingState::Abandoned);
    let learnt = closed.learn(&[authorised(total)], late).booking;
    assert_eq!(
        learnt.next_step(Payouts::Open, late),
        Next::Do(Step::Release)
    );
}

#[test]
fn a_card_that_lapses_soon_leaves_less_time_to_answer() {
    let waiting = booking_in(BookingState::AwaitingPayment);
    let now = waiting.created_at;
    let authorised = Seen::Authorised {
        intent: "pi_1".to_owned(),
        amount: waiting.price.total,
        capture_before: Some(now + hours(40)),
    };
    let learnt = waiting.learn(&[authorised], now).booking;
    assert_eq!(learnt.respond_by, Some(now + hours(28)));
}

#[test]
fn the_happy_path_captures_then_keeps_then_pays() {
    let mut world = World::new();
    let (total, professional, commission) = price_of(&world);
    assert_eq!(world.settle(Payouts::Open), Next::Rest);
    assert_eq!(world.stripe.captured, 0);
    world.accept();
    assert_eq!(world.position(), [0, 0, 0, total]);
    world.complete();
    assert_eq!(world.settle(Payouts::Open), Next::Rest);
    assert_eq!(world.position(), [0, 0, 0, total]);
    world.command(Actor::Client, &Command::Validate).unwrap();
    assert_eq!(world.settle(Payouts::Open), Next::Rest);
    assert_eq!(world.position(), [professional, commission, 0, 0]);
    world.check().unwrap();
    world.check_against_stripe().unwrap();
}

#[test]
fn whatever_ends_before_the_debit_gives_the_authorisation_back() {
    let refuse = Command::Refuse {
        reason: "Complet".to_owned(),
    };
    let cancel = Command::Cancel {
        refund: Euros::ZERO,
    };
    for (actor, command) in [
        (Actor::Professional, refuse),
        (Actor::Client, cancel),
        (Actor::Client, Command::Withdraw),
    ] {
        let mut world = World::new();
        world.command(actor, &command).unwrap();
        assert_eq!(world.settle(Payouts::NotActive), Next::Rest);
        assert_eq!(world.booking.payment.card, CardStatus::Released);
        assert!(world.stripe.canceled);
        assert!(world.ledger.is_empty());
    }
}

#[test]
fn an_authorisation_that_lapses_ends_the_booking_instead_of_leaving_the_professional_unpaid() {
    let mut world = World::new();
    world.stripe.canceled = true;
    world
        .command(Actor::Professional, &Command::Accept { advice: None })
        .unwrap();
    world.settle(Payouts::Open);
    assert_eq!(world.booking.state, BookingState::PaymentFailed);
    assert_eq!(world.position(), [0; 4]);
}

#[test]
fn cancelling_gives_back_what_the_policy_says_and_always_the_service_fees() {
    // Hours before the start, and the percentage given back by each policy.
    let table = [
        (200, [100, 100, 50]),
        (168, [100, 100, 50]),
        (167, [100, 100, 0]),
        (48, [100, 100, 0]),
        (47, [100, 50, 0]),
        (24, [100, 50, 0]),
        (23, [50, 50, 0]),
        (1, [50, 50, 0]),
    ];
    let policies = [
        CancellationPolicy::Flexible,
        CancellationPolicy::Moderate,
        CancellationPolicy::Strict,
    ];
    for (ahead, percents) in table {
        for (policy, percent) in policies.into_iter().zip(percents) {
            let mut world = World::new();
            world.booking.cancellation = policy;
            // A consumer within the delay of withdrawal gets everything back whatever the policy.
            world.booking.consumer = false;
            world.accept();
            world.now = START - hours(ahead);
            let (total, professional, _) = price_of(&world);
            let kept = professional * (100 - percent) / 100;
            let shown = world.booking.cancelling(world.now).unwrap();
            assert_eq!(
                (shown.refund.cents(), shown.kept.cents()),
                (total - kept, kept),
                "{policy:?} {ahead} h"
            );
            let wrong = Command::Cancel {
                refund: Euros::from_cents(shown.refund.cents() - 1),
            };
            assert_eq!(
                world.command(Actor::Client, &wrong),
                Err(BookingRefused::RefundChanged)
            );
            world
                .command(
                    Actor::Client,
                    &Command::Cancel {
                        refund: shown.refund,
                    },
                )
                .unwrap();
            assert_eq!(world.settle(Payouts::Open), Next::Rest);
            assert_eq!(world.stripe.refunded(), total - kept);
            assert_eq!(world.position(), [kept, 0, total - kept, 0]);
            world.check().unwrap();
        }
    }
}

#[test]
fn a_mission_that_has_begun_is_not_cancelled() {
    let mut world = World::new();
    world.accept();
    world.now = START;
    assert!(world.booking.cancelling(world.now).is_none());
    let cancel = Command::Cancel {
        refund: Euros::ZERO,
    };
    assert_eq!(
        world.command(Actor::Client, &cancel),
        Err(BookingRefused::MissionBegun)
    );
}

#[test]
fn a_consumer_withdraws_for_free_pays_what_was_performed_and_not_after_the_end() {
    let mut world = World::new();
    world.accept();
    let (total, professional, _) = price_of(&world);
    let deadline = world.booking.withdrawal_deadline.unwrap();
    assert!(deadline > START + hours(8));
    let refund = |hour: i64| {
        world
            .booking
            .withdrawing(START + hours(hour))
            .map(|leaving| leaving.refund.cents())
    };
    assert_eq!(refund(-100), Ok(total));
    assert_eq!(refund(0), Ok(total));
    assert_eq!(refund(2), Ok(total - professional / 4));
    assert_eq!(refund(8), Err(BookingRefused::FullyPerformed));
    let not_asked = {
        let mut booking = world.booking.clone();
        booking.acknowledgements.early_start_requested = false;
        booking
    };
    assert_eq!(
        not_asked
            .withdrawing(START + hours(2))
            .unwrap()
            .refund
            .cents(),
        total
    );
    let business = Booking {
        consumer: false,
        ..world.booking.clone()
    };
    assert_eq!(
        business.withdrawing(START - hours(100)),
        Err(BookingRefused::NoWithdrawalForBusinesses)
    );
    let late = Booking {
        withdrawal_deadline: Some(START - hours(100)),
        ..world.booking.clone()
    };
    assert_eq!(
        late.withdrawing(START - hours(100)),
        Err(BookingRefused::WithdrawalOver)
    );
    world.now = START + hours(2);
    world.command(Actor::Client, &Command::Withdraw).unwrap();
    assert_eq!(world.settle(Payouts::Open), Next::Rest);
    assert_eq!(
        world.position(),
        [professional / 4, 0, total - professional / 4, 0]
    );
    assert_eq!(world.booking.state, BookingState::Withdrawn);
}

#[test]
fn a_professional_who_cancels_gives_everything_back() {
    let mut world = World::new();
    world.accept();
    let (total, _, _) = price_of(&world);
    let cancel = Command::CancelAsProfessional {
        reason: "Agent malade".to_owned(),
    };
    world.command(Actor::Professional, &cancel).unwrap();
    world.settle(Payouts::Open);
    assert_eq!(world.position(), [0, 0, total, 0]);
}

fn claim() -> Command {
    Command::OpenClaim {
        reason: ClaimReason::Late,
        description: "Deux heures de retard".to_owned(),
    }
}

fn propose(percent: u8) -> Command {
    Command::Propose {
        percent,
        message: String::new(),
    }
}

#[test]
fn a_claim_is_settled_by_the_other_party_and_splits_the_price_and_the_fees_alike() {
    let mut world = World::new();
    let (total, professional, commission) = price_of(&world);
    world.accept();
    world.complete();
    world.command(Actor::Client, &claim()).unwrap();
    world.now = START + hours(100);
    assert_eq!(world.booking.do_what_is_due(world.now), Ok(None));
    world.command(Actor::Professional, &propose(30)).unwrap();
    let accept = |percent| Command::AcceptProposal { percent };
    assert_eq!(
        world.command(Actor::Professional, &accept(30)),
        Err(BookingRefused::NoSuchProposal)
    );
    assert_eq!(
        world.command(Actor::Client, &accept(31)),
        Err(BookingRefused::NoSuchProposal)
    );
    assert_eq!(
        world.command(Actor::Client, &propose(101)),
        Err(BookingRefused::PercentInvalid)
    );
    world.command(Actor::Client, &accept(30)).unwrap();
    assert_eq!(world.settle(Payouts::Open), Next::Rest);
    let part = |amount: i64| amount - (amount * 30 + 50) / 100;
    assert_eq!(
        world.position(),
        [
            part(professional),
            part(commission),
            total - part(professional) - part(commission),
            0
        ]
    );
    world.check().unwrap();
}

#[test]
fn payouts_wait_for_the_account_and_for_new_bank_details() {
    let mut world = World::new();
    let (total, professional, commission) = price_of(&world);
    world.accept();
    world.complete();
    world.command(Actor::Client, &Command::Validate).unwrap();
    assert_eq!(
        world.settle(Payouts::NotActive),
        Next::Wait(Wait::PayoutsNotActive)
    );
    assert_eq!(
        world.settle(Payouts::BankDetailsChanged),
        Next::Wait(Wait::BankDetailsChanged)
    );
    assert_eq!(world.position(), [0, commission, 0, total - commission]);
    assert_eq!(world.settle(Payouts::Open), Next::Rest);
    assert_eq!(world.position(), [professional, commission, 0, 0]);
}

#[test]
fn a_chargeback_before_the_payout_stops_it_and_the_banks_decision_settles_it() {
    for stage in [DisputeStage::Won, DisputeStage::Lost] {
        let mut world = World::new();
        let (total, professional, commission) = price_of(&world);
        world.accept();
        world.complete();
        world.stripe.dispute = Some((total, DisputeStage::Open));
        world.look();
        world.command(Actor::Client, &Command::Validate).unwrap();
        assert_eq!(world.settle(Payouts::Open), Next::Wait(Wait::Disputed));
        assert_eq!(world.position(), [0, 0, 0, total]);
        world.stripe.dispute = Some((total, stage));
        world.look();
        assert_eq!(world.settle(Payouts::Open), Next::Rest);
        let expected = if stage == DisputeStage::Won {
            [professional, commission, 0, 0]
        } else {
            [0, 0, total, 0]
        };
        assert_eq!(world.position(), expected);
        world.check().unwrap();
    }
}

#[test]
fn a_chargeback_after_the_payout_takes_it_back_or_leaves_it_to_recover() {
    for paid_out_to_the_bank in [false, true] {
        let mut world = World::new();
        let (total, professional, commission) = price_of(&world);
        world.accept();
        world.complete();
        world.command(Actor::Client, &Command::Validate).unwrap();
        world.settle(Payouts::Open);
        if paid_out_to_the_bank {
            world.stripe.connected = 0;
        }
        world.stripe.dispute = Some((total, DisputeStage::Open));
        world.look();
        let rest = world.settle(Payouts::Open);
        if paid_out_to_the_bank {
            assert_eq!(rest, Next::Wait(Wait::Refused));
            world.stripe.dispute = Some((total, DisputeStage::Lost));
            world.look();
            world.settle(Payouts::Open);
            let money = world.booking.money();
            assert_eq!(
                (money.to_recover.cents(), money.commission.cents()),
                (professional, 0)
            );
            world.check().unwrap();
            continue;
        }
        assert_eq!(rest, Next::Wait(Wait::Disputed));
        assert_eq!(world.position(), [0, commission, 0, total - commission]);
        world.stripe.dispute = Some((total, DisputeStage::Won));
        world.look();
        assert_eq!(world.settle(Payouts::Open), Next::Rest);
        assert_eq!(world.position(), [professional, commission, 0, 0]);
        assert_eq!(world.stripe.transfers.len(), 2);
        world.check().unwrap();
    }
}

/// Nothing is left to do after a payout; a chargeback whose event is lost is found all the same, by a
/// few looks that come ever later.
#[test]
fn a_payment_that_is_over_is_looked_at_until_120_days_after_the_debit() {
    let mut world = World::new();
    world.accept();
    world.complete();
    world.command(Actor::Client, &Command::Validate).unwrap();
    assert_eq!(world.settle(Payouts::Open), Next::Rest);
    let captured_at = world.booking.payment.captured_at.unwrap();
    let transferred_at = world.booking.payment.transfers[0].at;
    let mut looks = Vec::new();
    while let Some(at) = world.booking.next_payment_check() {
        assert!(looks.len() < 20, "{looks:?}");
        world.booking.payment.checked_at = Some(at);
        looks.push(at.duration_since(transferred_at).as_hours() / 24);
    }
    assert_eq!(looks[..7], [1, 2, 4, 8, 16, 31, 46]);
    let last = world.booking.payment.checked_at.unwrap();
    assert_eq!(last.duration_since(captured_at).as_hours(), 120 * 24);
    assert!(looks.len() <= 12, "{looks:?}");
}

/// Nor is anything to be done between the debit and the mission: it is looked at just as rarely, since the
/// look before the payout finds what was missed in time.
#[test]
fn a_debited_payment_is_looked_at_ever_more_rarely_before_its_mission() {
    let mut world = World::new();
    world.accept();
    assert_eq!(world.settle(Payouts::Open), Next::Rest);
    let captured_at = world.booking.payment.captured_at.unwrap();
    let mut looks = Vec::new();
    while looks.len() < 5 {
        let at = world.booking.next_payment_check().unwrap();
        world.booking.payment.checked_at = Some(at);
        looks.push(at.duration_since(captured_at).as_hours() / 24);
    }
    assert_eq!(looks, [7, 14, 28, 43, 58]);
}

/// A decision is written with the call that follows from it, but nobody is paid without a look at Stripe.
#[test]
fn what_is_asked_of_stripe_next_is_written_down_with_the_decision() {
    let under_way = |booking: &Booking| {
        let attempt = booking.payment.under_way.clone();
        attempt.map(|attempt| (attempt.step, attempt.number))
    };
    let mut world = World::new();
    let asked = world.booking.clone().with_next_call(world.now);
    assert_eq!(asked, world.booking);
    let accept = Command::Accept { advice: None };
    world.command(Actor::Professional, &accept).unwrap();
    let asked = world.booking.clone().with_next_call(world.now);
    assert_eq!(under_way(&asked), Some((Step::Capture, 1)));
    // Twice is once.
    assert_eq!(asked.clone().with_next_call(world.now + hours(1)), asked);
    let check = asked.next_payment_check().unwrap();
    assert_eq!(check, world.now + SignedDuration::from_mins(2));

    world.settle(Payouts::Open);
    world.complete();
    world.command(Actor::Client, &Command::Validate).unwrap();
    let asked = world.booking.clone().with_next_call(world.now);
    assert_eq!(under_way(&asked), None);
}

/// What was given back late can still come back when nobody can contest the debit any more.
#[test]
fn a_late_refund_is_looked_at_for_thirty_days() {
    let mut world = World::new();
    world.accept();
    let cancel = Command::CancelAsProfessional {
        reason: "Agent malade".to_owned(),
    };
    world.command(Actor::Professional, &cancel).unwrap();
    world.settle(Payouts::Open);
    let payment = &mut world.booking.payment;
    payment.refunds[0].status = RefundStatus::Succeeded;
    let refunded_at = payment.refunds[0].at;
    payment.captured_at = Some(refunded_at - hours(118 * 24));
    payment.checked_at = Some(refunded_at + hours(29 * 24));
    let last = refunded_at + hours(30 * 24);
    assert_eq!(world.booking.next_payment_check(), Some(last));
    world.booking.payment.checked_at = Some(last);
    assert_eq!(world.booking.next_payment_check(), None);
}

#[test]
fn a_refund_that_the_bank_sends_back_waits_for_the_operator() {
    let mut world = World::new();
    let (total, _, _) = price_of(&world);
    world.accept();
    let cancel = Command::CancelAsProfessional {
        reason: "Agent malade".to_owned(),
    };
    world.command(Actor::Professional, &cancel).unwrap();
    world.settle(Payouts::Open);
    world.stripe.refunds[0].2 = RefundStatus::Failed;
    world.look();
    assert_eq!(world.position(), [0, 0, 0, total]);
    assert_eq!(world.settle(Payouts::Open), Next::Wait(Wait::RefundFailed));
    world.booking.payment.refund_needs_decision = false;
    assert_eq!(world.settle(Payouts::Open), Next::Rest);
    assert_eq!(world.position(), [0, 0, total, 0]);
    world.check().unwrap();
    world.check_against_stripe().unwrap();
}

#[test]
fn a_refusal_is_asked_again_later_under_another_key() {
    let mut world = World::new();
    world.accept();
    world.complete();
    world.command(Actor::Client, &Command::Validate).unwrap();
    world.settle(Payouts::NotActive);
    let step = match world.booking.next_step(Payouts::Open, world.now) {
        Next::Do(step) => step,
        other => panic!("{other:?}"),
    };
    let first = world.booking.payment.begin(&step, world.now);
    world
        .booking
        .payment
        .refuse("insufficient_capabilities_for_transfer", world.now);
    assert_eq!(
        world.booking.next_step(Payouts::Open, world.now),
        Next::Wait(Wait::Refused)
    );
    let later = world.now + hours(1);
    assert_eq!(
        world.booking.next_step(Payouts::Open, later),
        Next::Do(step.clone())
    );
    assert!(world.booking.payment.begin(&step, later).number > first.number);
}

#[test]
fn the_parts_of_a_price_always_add_up() {
    let price = booking_in(BookingState::Accepted).price;
    let whole = |shares: Shares| {
        shares.client.cents() + shares.professional.cents() + shares.commission.cents()
    };
    for percent in 0..=100 {
        assert_eq!(
            whole(Shares::reduced_by(&price, percent)),
            price.total.cents()
        );
    }
    assert_eq!(whole(Shares::of_performed(&price)), price.total.cents());
    assert_eq!(
        whole(Shares::keeping(&price, Euros::from_cents(1))),
        price.total.cents()
    );
    assert_eq!(Shares::reduced_by(&price, 0), Shares::of_performed(&price));
    assert_eq!(Shares::reduced_by(&price, 100), Shares::of_nothing(&price));
}

#[test]
fn every_state_tells_both_parties_where_the_money_is() {
    for state in BookingState::ALL {
        for reader in [BookingParty::Client, BookingParty::Professional] {
            let said = booking_in(state).money_now(reader);
            assert!(
                said.ends_with('.') && !said.contains("séquestre"),
                "{state:?}: {said}"
            );
        }
    }
}

/// What may happen next in a random life.
#[derive(Debug, Clone)]
enum Happens {
    Command(usize, usize),
    Hours(i64),
    Settle { answered: bool, payouts: usize },
    Sight(usize),
    Dispute(DisputeStage),
    RefundFails,
    PaidOutToTheBank,
    Lapse,
    Modified(u8),
}

fn anything() -> impl Strategy<Value = Happens> {
    prop_oneof![
        6 => (0..3_usize, 0..9_usize).prop_map(|(actor, command)| Happens::Command(actor, command)),
        3 => (0..60_i64).prop_map(Happens::Hours),
        8 => (any::<bool>(), 0..3_usize).prop_map(|(answered, payouts)| Happens::Settle { answered, payouts }),
        4 => (0..12_usize).prop_map(Happens::Sight),
        1 => prop_oneof![Just(DisputeStage::Open), Just(DisputeStage::Won), Just(DisputeStage::Lost)].prop_map(Happens::Dispute),
        1 => Just(Happens::RefundFails),
        1 => Just(Happens::PaidOutToTheBank),
        1 => Just(Happens::Lapse),
        3 => (0..60_u8).prop_map(Happens::Modified),
    ]
}

const PAYOUTS: [Payouts; 3] = [
    Payouts::Open,
    Payouts::NotActive,
    Payouts::BankDetailsChanged,
];

impl World {
    /// Both agree on a mission a day later, at a price lower by so many percent.
    fn modify(&mut self, percent: u8) -> Result<(), BookingRefused> {
        let (before, day) = (self.booking.mission.interval, hours(24));
        let interval = Interval::new(before.start() + day, before.end() + day).unwrap();
        let lower = Shares::reduced_by(&self.booking.price, percent);
        let total = Euros::try_sum([lower.professional, lower.commission]).unwrap();
        let price = PriceBreakdown {
            professional_total: lower.professional,
            commission: lower.commission,
            total,
            ..self.booking.price.clone()
        };
        let terms = AgreedTerms {
            interval,
            agents: self.booking.mission.agents,
            price,
        };
        let (client, professional) = (BookingParty::Client, BookingParty::Professional);
        let said = String::new();
        let proposed = self
            .booking
            .propose_modification(client, terms, said, self.now)?;
        let agents = self.booking.agents.clone();
        let agreed =
            proposed
                .booking
                .agree_to_modification(professional, self.now, agents, self.now)?;
        self.booking = agreed.booking;
        Ok(())
    }

    fn undergo(&mut self, what: &Happens) {
        match what {
            Happens::Hours(passed) => self.now += hours(*passed),
            Happens::Settle { answered, payouts } => {
                self.settle_once(PAYOUTS[*payouts], *answered);
            }
            Happens::Sight(place) => {
                let sights = self.stripe.sights();
                if let Some(seen) = sights.get(place % sights.len().max(1)) {
                    self.see(seen);
                }
            }
            Happens::Dispute(stage) => match self.stripe.dispute {
                None if self.stripe.captured > self.stripe.refunded() => {
                    let contested = self.stripe.captured - self.stripe.refunded();
                    self.stripe.dispute = Some((contested, DisputeStage::Open));
                }
                Some((amount, DisputeStage::Open)) => self.stripe.dispute = Some((amount, *stage)),
                _ => {}
            },
            Happens::RefundFails => {
                let pending = self
                    .stripe
                    .refunds
                    .iter_mut()
                    .find(|refund| refund.2 == RefundStatus::Pending);
                if let Some(refund) = pending.filter(|_| self.stripe.dispute.is_none()) {
                    refund.2 = RefundStatus::Failed;
                }
            }
            Happens::PaidOutToTheBank => self.stripe.connected = 0,
            Happens::Modified(percent) => {
                let _refused = self.modify(*percent);
            }
            Happens::Lapse => self.stripe.canceled |= self.stripe.captured == 0,
            Happens::Command(actor, command) => {
                let shown = self
                    .booking
                    .cancelling(self.now)
                    .map_or(Euros::ZERO, |leaving| leaving.refund);
                let commands = [
                    Command::Accept { advice: None },
                    Command::Cancel { refund: shown },
                    Command::CancelAsProfessional {
                        reason: String::new(),
                    },
                    Command::Withdraw,
                    Command::DeclareDone,
                    Command::Validate,
                    claim(),
                    propose(40),
                    Command::AcceptProposal { percent: 40 },
                ];
                let actor = [Actor::Client, Actor::Professional, Actor::System][*actor];
                let _refused = self.command(actor, &commands[*command]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_cent_is_somewhere_whatever_happens_in_whatever_order(life in prop::collection::vec(anything(), 1..60)) {
        let mut world = World::new();
        for what in &life {
            world.undergo(what);
            world.check()?;
            world.check_what_is_told()?;
        }
        // However it went, looking once more and settling brings our books and Stripe's together.
        world.now += hours(100);
        world.look();
        world.booking.payment.refund_needs_decision = false;
        world.settle(Payouts::Open);
        world.look();
        world.check()?;
        world.check_what_is_told()?;
        world.check_against_stripe()?;
        let money = world.booking.money();
        if let (Some(due), None, CardStatus::Captured) = (&world.booking.due, &world.stripe.dispute, world.booking.payment.card) {
            prop_assert_eq!(money.refunded, world.booking.goes_back(due));
            prop_assert_eq!(money.transferred, due.professional);
            prop_assert_eq!(money.commission, due.commission);
        }
        // The difference of a modification goes back whatever becomes of the mission.
        if let (None, None, CardStatus::Captured) = (&world.booking.due, &world.stripe.dispute, world.booking.payment.card) {
            prop_assert_eq!(money.refunded, world.booking.lowered_by());
        }
    }

    #[test]
    fn seeing_the_same_things_again_changes_nothing(life in prop::collection::vec(anything(), 1..60)) {
        let mut world = World::new();
        for what in &life {
            world.undergo(what);
        }
        world.look();
        let before = (world.booking.clone(), world.ledger.clone());
        for seen in world.stripe.sights().iter().rev().cycle().take(20) {
            world.see(seen);
        }
        prop_assert_eq!(before, (world.booking, world.ledger));
    }
}
