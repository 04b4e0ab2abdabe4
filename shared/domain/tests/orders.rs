//! Orders of several missions: every path of their money, against a small model of what Stripe does.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use std::collections::BTreeSet;

use domain::booking::{
    Actor, Booking, BookingState, CardStatus, ClaimReason, Command, DisputeStage, MoneyPosition,
    Next, Payment, Payouts, RefundStatus, Seen, Step,
};
use domain::ids::{BookingId, OrderId, TypedId};
use domain::ledger::{LedgerAccount, Movement, balance};
use domain::money::Euros;
use domain::order::{
    ContestedMission, MissionAnswer, Order, OrderCommand, OrderDecision, OrderRefused, OrderState,
    OrderedMission, decide, in_order, spread,
};
use domain::time::interval::Interval;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use samples::{START, booking_in, hours};

fn name(number: usize) -> BookingId {
    BookingId::from_ulid(&format!("{number:026}"))
}

/// An order of as many missions of eight hours, a day apart.
fn order_of(missions: usize) -> Order {
    let booking = booking_in(BookingState::AwaitingPayment);
    let mission = |number: usize| {
        let days = hours(24 * i64::try_from(number).unwrap());
        OrderedMission {
            booking: name(number),
            interval: Interval::new(START + days, START + days + hours(8)).unwrap(),
            agents: booking.agents.clone(),
            price: booking.price.clone(),
            answer: MissionAnswer::Waiting,
        }
    };
    Order {
        id: OrderId::from_ulid(&format!("{:026}", 7)),
        reference: "CMD-2026-Y7R1S6AB".to_owned(),
        client: booking.client,
        consumer: false,
        contact: booking.contact,
        professional: booking.professional,
        professional_name: booking.professional_name,
        offer: booking.offer,
        offer_title: booking.offer_title,
        activity: booking.mission.activity,
        agents: 1,
        place: booking.mission.place,
        context: booking.mission.context,
        billing_address: None,
        delays: booking.delays,
        cancellation: booking.cancellation,
        acknowledgements: booking.acknowledgements,
        missions: (0..missions).map(mission).collect(),
        state: OrderState::AwaitingPayment,
        payment: Payment::NONE,
        disputes: Vec::new(),
        created_at: booking.created_at,
        hold_until: booking.hold_until,
        requested_at: None,
        respond_by: None,
        answered_at: None,
        advice: None,
        refusal_reason: None,
        closed_at: None,
        reminded: Vec::new(),
    }
}

fn authorised(amount: Euros) -> Seen {
    Seen::Authorised {
        intent: "pi_1".to_owned(),
        amount,
        capture_before: None,
    }
}

#[derive(Debug, Clone)]
struct Made {
    id: String,
    booking: BookingId,
    attempt: u32,
    amount: i64,
    reversed: i64,
    failed: bool,
}

/// What Stripe keeps of the payment of an order.
#[derive(Debug, Clone, Default)]
struct StripeBooks {
    authorised: i64,
    captured: i64,
    canceled: bool,
    refunds: Vec<Made>,
    transfers: Vec<Made>,
    dispute: Option<(i64, DisputeStage)>,
    done: BTreeSet<String>,
}

impl StripeBooks {
    fn lost(&self) -> i64 {
        let lost = self
            .dispute
            .filter(|(_, stage)| *stage == DisputeStage::Lost);
        lost.map_or(0, |(amount, _)| amount)
    }

    fn refunded(&self) -> i64 {
        let gone = self.refunds.iter().filter(|one| !one.failed);
        gone.map(|one| one.amount).sum()
    }

    fn transferred(&self) -> i64 {
        let each = self.transfers.iter();
        each.map(|one| one.amount - one.reversed).sum()
    }

    fn made(&self, of: &str, booking: &Booking, attempt: u32, amount: Euros) -> Made {
        Made {
            id: format!("{of}_{}_{attempt}", booking.id),
            booking: booking.id.clone(),
            attempt,
            amount: amount.cents(),
            reversed: 0,
            failed: false,
        }
    }

    /// Does a step of a mission once per key.
    fn perform(&mut self, booking: &Booking, step: &Step, number: u32) -> Result<(), &'static str> {
        let key = format!("{}:{}:{number}", booking.id, step.operation());
        if self.done.contains(&key) {
            return Ok(());
        }
        let contested = matches!(self.dispute, Some((_, DisputeStage::Open)));
        match step {
            Step::Refund { .. } if contested => return Err("charge_disputed"),
            Step::Refund { amount } => {
                // The payment never gives more than it took.
                assert!(self.refunded() + amount.cents() <= self.captured);
                let made = self.made("re", booking, number, *amount);
                self.refunds.push(made);
            }
            Step::Transfer { amount } => {
                let mission: i64 = self
                    .transfers
                    .iter()
                    .filter(|one| one.booking == booking.id)
                    .map(|one| one.amount - one.reversed)
                    .sum();
                assert!(mission + amount.cents() <= booking.price.professional_total.cents());
                assert!(self.transferred() + amount.cents() <= self.captured);
                let made = self.made("tr", booking, number, *amount);
                self.transfers.push(made);
            }
            Step::Reverse { transfer, amount } => {
                let mut known = self.transfers.iter_mut();
                let found = known.find(|one| one.id == *transfer).unwrap();
                found.reversed += amount.cents();
            }
            Step::ClosePage | Step::Release | Step::Capture => {
                panic!("a mission never touches its order's card")
            }
            Step::Commission { .. } => {}
        }
        self.done.insert(key);
        Ok(())
    }

    /// What carries a mission's name.
    fn named(&self, booking: &BookingId) -> Vec<Seen> {
        let euros = Euros::from_cents;
        let refunds = self.refunds.iter().filter(|one| one.booking == *booking);
        let refunds = refunds.map(|one| Seen::Refund {
            id: one.id.clone(),
            amount: euros(one.amount),
            status: if one.failed {
                RefundStatus::Failed
            } else {
                RefundStatus::Succeeded
            },
            attempt: Some(one.attempt),
        });
        let transfers = self.transfers.iter().filter(|one| one.booking == *booking);
        let transfers = transfers.map(|one| Seen::Transfer {
            id: one.id.clone(),
            amount: euros(one.amount),
            reversed: euros(one.reversed),
        });
        refunds.chain(transfers).collect()
    }
}

/// An order, its bookings, our ledger and Stripe's books.
#[derive(Debug, Clone)]
struct World {
    order: Order,
    bookings: Vec<Booking>,
    ledger: Vec<Movement>,
    stripe: StripeBooks,
    now: Timestamp,
}

impl World {
    fn requested(missions: usize) -> Self {
        let mut world = Self {
            order: order_of(missions),
            bookings: Vec::new(),
            ledger: Vec::new(),
            stripe: StripeBooks::default(),
            now: START - hours(240),
        };
        world.stripe.authorised = world.order.total().cents();
        world.learn_order(&[authorised(world.order.total())]);
        assert_eq!(world.order.state, OrderState::Requested);
        world
    }

    fn learn_order(&mut self, sights: &[Seen]) {
        self.order = self.order.learn(sights, self.now).order;
    }

    fn answer(&mut self, accepted: &[usize]) {
        let agents = &self.order.missions[0].agents;
        let accepted = accepted.iter().map(|one| (name(*one), agents.clone()));
        let command = OrderCommand::Answer {
            accepted: accepted.collect(),
            advice: None,
            reason: Some("Pas d’agent.".to_owned()),
        };
        self.order = decide(&self.order, &command, self.now).unwrap().order;
    }

    /// One turn of the card: `answered` is false when Stripe's answer was lost.
    fn card_once(&mut self, answered: bool) -> Next {
        let next = self.order.next_step(self.now);
        let Next::Do(step) = &next else { return next };
        let attempt = self.order.payment.begin(step, self.now);
        let key = format!("order:{}:{}", step.operation(), attempt.number);
        if self.stripe.done.insert(key) {
            match step {
                Step::Capture => {
                    assert_eq!(self.stripe.captured, 0, "debited twice");
                    assert!(!self.stripe.canceled);
                    self.stripe.captured = self.order.accepted_total().cents();
                    assert!(self.stripe.captured <= self.stripe.authorised);
                }
                Step::Release => self.stripe.canceled = true,
                other => panic!("an order never does {other:?}"),
            }
        }
        if answered {
            self.look_at_card();
        }
        next
    }

    fn look_at_card(&mut self) {
        if self.stripe.captured > 0 {
            let charge = "ch_1".to_owned();
            self.learn_order(&[Seen::Captured { charge }]);
        } else if self.stripe.canceled {
            self.learn_order(&[Seen::Canceled]);
        }
    }

    /// What the listener does: bookings that are there already stay as they are.
    fn open_missions(&mut self) {
        if self.order.state != OrderState::Answered {
            return;
        }
        for mission in self.order.accepted() {
            if !self.bookings.iter().any(|one| one.id == mission.booking) {
                let reference = mission.booking.reference(2026);
                self.bookings
                    .push(self.order.booking_of(mission, reference));
            }
        }
    }

    fn contest(&mut self) {
        let Some((amount, stage)) = self.stripe.dispute else {
            return;
        };
        let missions: Vec<ContestedMission> = self
            .bookings
            .iter()
            .map(|booking| ContestedMission {
                booking: booking.id.clone(),
                start: booking.mission.interval.start(),
                money: booking.money(),
                borne: Euros::ZERO,
            })
            .collect();
        let seen = ("dp_1", Euros::from_cents(amount), stage);
        self.order.contest(seen, &missions, self.now);
    }

    fn learn(&mut self, place: usize, sights: &[Seen]) {
        let decision = self.bookings[place].learn(sights, self.now);
        self.bookings[place] = decision.booking;
        for movement in decision.movements {
            let twice = self
                .ledger
                .iter()
                .any(|known| (&known.booking, &known.id) == (&movement.booking, &movement.id));
            assert!(!twice, "{movement:?} twice");
            assert_eq!(movement.payment.as_deref(), Some("pi_1"));
            self.ledger.push(movement);
        }
    }

    /// Everything that a mission sees, in some order, some of it twice.
    fn look(&mut self, place: usize, shuffle: usize) {
        self.contest();
        let id = self.bookings[place].id.clone();
        let mut sights: Vec<Seen> = self.order.card_told().into_iter().collect();
        sights.extend(self.stripe.named(&id));
        sights.extend(self.order.disputes_told(&id));
        if !sights.is_empty() {
            let turn = shuffle % sights.len();
            sights.rotate_left(turn);
            let again = sights[shuffle % sights.len()].clone();
            sights.push(again);
        }
        self.learn(place, &sights);
    }

    fn settle_once(&mut self, place: usize, payouts: Payouts, answered: bool) -> Next {
        self.look(place, 0);
        let next = self.bookings[place].next_step(payouts, self.now);
        let Next::Do(step) = &next else { return next };
        if let Step::Commission { amount } = step {
            self.learn(place, &[Seen::Commission { amount: *amount }]);
            return next;
        }
        let attempt = self.bookings[place].payment.begin(step, self.now);
        let booking = self.bookings[place].clone();
        let outcome = self.stripe.perform(&booking, step, attempt.number);
        if !answered {
            return next;
        }
        self.look(place, 0);
        if let Err(code) = outcome {
            self.bookings[place].payment.refuse(code, self.now);
        }
        next
    }

    /// Takes every step that is left, of the card and of each mission.
    fn settle(&mut self) {
        for _ in 0..8 {
            if !matches!(self.card_once(true), Next::Do(_)) {
                break;
            }
        }
        self.open_missions();
        for place in 0..self.bookings.len() {
            let rests = (0..30).any(|_| {
                let next = self.settle_once(place, Payouts::Open, true);
                !matches!(next, Next::Do(_))
            });
            assert!(rests, "{:?}", self.bookings[place].payment);
        }
    }

    fn command(&mut self, place: usize, actor: Actor, command: &Command) -> bool {
        let decided = domain::booking::decide(&self.bookings[place], actor, command, self.now);
        let done = decided.is_ok();
        if let Ok(decision) = decided {
            self.bookings[place] = decision.booking;
        }
        done
    }

    fn money(&self) -> Vec<MoneyPosition> {
        self.bookings.iter().map(Booking::money).collect()
    }

    fn sum(&self, part: fn(&MoneyPosition) -> Euros) -> i64 {
        self.money().iter().map(|money| part(money).cents()).sum()
    }

    /// The invariants over the order, and of each mission.
    fn check(&self) -> Result<(), TestCaseError> {
        for (booking, money) in self.bookings.iter().zip(self.money()) {
            let parts = [
                money.transferred,
                money.commission,
                money.refunded,
                money.held,
            ];
            let parts: i64 = parts.iter().map(|part| part.cents()).sum();
            prop_assert_eq!(money.captured.cents() + money.to_recover.cents(), parts);
            prop_assert!(money.transferred <= booking.price.professional_total);
            let own: Vec<&Movement> = self
                .ledger
                .iter()
                .filter(|one| one.booking == booking.id)
                .collect();
            let of = |account| balance(own.iter().copied(), account);
            prop_assert_eq!(of(LedgerAccount::Professional), money.transferred.cents());
            prop_assert_eq!(of(LedgerAccount::Commission), money.commission.cents());
            let left = money.captured.cents() - money.refunded.cents();
            prop_assert_eq!(-of(LedgerAccount::Client), left);
            let held = of(LedgerAccount::Held) + of(LedgerAccount::Disputed);
            prop_assert_eq!(held, money.held.cents() - money.to_recover.cents());
        }
        let given = self.stripe.refunded();
        prop_assert!(given <= self.stripe.captured);
        Ok(())
    }

    /// Once everything rests, the order's books are Stripe's.
    fn check_against_stripe(&self) -> Result<(), TestCaseError> {
        if !self.bookings.is_empty() {
            prop_assert_eq!(self.sum(|money| money.captured), self.stripe.captured);
        }
        let back = self.stripe.refunded() + self.stripe.lost();
        prop_assert_eq!(self.sum(|money| money.refunded), back);
        prop_assert_eq!(
            self.sum(|money| money.transferred),
            self.stripe.transferred()
        );
        let all: i64 = LedgerAccount::ALL
            .iter()
            .map(|account| balance(&self.ledger, *account))
            .sum();
        prop_assert_eq!(all, 0);
        Ok(())
    }
}

/// What may happen to an order's missions, in any order.
#[derive(Debug, Clone)]
enum Happening {
    Cancel(usize),
    CancelledByProfessional(usize),
    Complete(usize),
    Validate(usize),
    Claim(usize, u8),
    Contested(i64),
    Decided(bool),
    RefundSentBack(usize),
    LostAnswer(usize),
    LostAnswerOfCard,
    Look(usize, usize),
    OpenMissions,
    Settle(usize),
    CardStep,
    Later(i64),
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    let place = 0..12_usize;
    prop_oneof![
        place.clone().prop_map(Cancel),
        place.clone().prop_map(CancelledByProfessional),
        place.clone().prop_map(Complete),
        place.clone().prop_map(Validate),
        (place.clone(), 0..=100_u8).prop_map(|(place, percent)| Claim(place, percent)),
        (1..=100_i64).prop_map(Contested),
        any::<bool>().prop_map(Decided),
        place.clone().prop_map(RefundSentBack),
        place.clone().prop_map(LostAnswer),
        Just(LostAnswerOfCard),
        (place.clone(), 0..20_usize).prop_map(|(place, turn)| Look(place, turn)),
        Just(OpenMissions),
        place.prop_map(Settle),
        Just(CardStep),
        (1..80_i64).prop_map(Later),
    ]
}

impl World {
    fn happens(&mut self, what: &Happening) {
        let place = |place: &usize, world: &Self| {
            (!world.bookings.is_empty()).then(|| place % world.bookings.len())
        };
        match what {
            Happening::Cancel(which) => {
                if let Some(place) = place(which, self) {
                    let leaving = self.bookings[place].cancelling(self.now);
                    if let Some(leaving) = leaving {
                        let refund = leaving.refund;
                        self.command(place, Actor::Client, &Command::Cancel { refund });
                    }
                }
            }
            Happening::CancelledByProfessional(which) => {
                if let Some(place) = place(which, self) {
                    let reason = "Agent malade.".to_owned();
                    let cancel = Command::CancelAsProfessional { reason };
                    self.command(place, Actor::Professional, &cancel);
                }
            }
            Happening::Complete(which) => {
                if let Some(place) = place(which, self) {
                    let end = self.bookings[place].mission.interval.end();
                    self.now = self.now.max(end + hours(1));
                    self.command(place, Actor::Professional, &Command::DeclareDone);
                }
            }
            Happening::Validate(which) => {
                if let Some(place) = place(which, self) {
                    self.command(place, Actor::Client, &Command::Validate);
                }
            }
            Happening::Claim(which, percent) => {
                if let Some(place) = place(which, self) {
                    let open = Command::OpenClaim {
                        reason: ClaimReason::Late,
                        description: "Deux heures de retard".to_owned(),
                    };
                    self.command(place, Actor::Client, &open);
                    let decided = Command::DecideClaim {
                        percent: *percent,
                        reason: "Retard reconnu.".to_owned(),
                    };
                    self.command(place, Actor::Admin, &decided);
                }
            }
            Happening::Contested(percent) => {
                if self.stripe.captured > 0 && self.stripe.dispute.is_none() {
                    // A bank contests at most what the client has not got back.
                    let most = self.stripe.captured - self.stripe.refunded();
                    let amount = most * percent / 100;
                    if amount > 0 {
                        self.stripe.dispute = Some((amount, DisputeStage::Open));
                    }
                }
            }
            Happening::Decided(won) => {
                if let Some((_, stage @ DisputeStage::Open)) = &mut self.stripe.dispute {
                    *stage = if *won {
                        DisputeStage::Won
                    } else {
                        DisputeStage::Lost
                    };
                }
            }
            Happening::RefundSentBack(which) => {
                let count = self.stripe.refunds.len();
                if count > 0 {
                    self.stripe.refunds[which % count].failed = true;
                }
            }
            Happening::LostAnswer(which) => {
                if let Some(place) = place(which, self) {
                    self.settle_once(place, Payouts::Open, false);
                }
            }
            Happening::LostAnswerOfCard => {
                self.card_once(false);
            }
            Happening::Look(which, turn) => {
                if let Some(place) = place(which, self) {
                    self.look(place, *turn);
                }
            }
            Happening::OpenMissions => self.open_missions(),
            Happening::Settle(which) => {
                if let Some(place) = place(which, self) {
                    self.settle_once(place, Payouts::Open, true);
                }
            }
            Happening::CardStep => {
                self.card_once(true);
            }
            Happening::Later(moved) => self.now += hours(*moved),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn every_cent_of_an_order_is_somewhere_whatever_happens(
        missions in 1..=12_usize,
        taken in proptest::collection::vec(any::<bool>(), 12),
        life in proptest::collection::vec(happening(), 0..60),
    ) {
        let mut world = World::requested(missions);
        let accepted: Vec<usize> = (0..missions).filter(|number| taken[*number]).collect();
        let all = world.order.total();
        world.answer(&accepted);
        for what in &life {
            world.happens(what);
            world.check()?;
        }
        // Refusals of Stripe are asked again a day later; the operator tries refunds again.
        for _ in 0..6 {
            world.now += hours(30);
            for booking in &mut world.bookings {
                booking.payment.refund_needs_decision = false;
            }
            world.settle();
        }
        world.check()?;
        world.check_against_stripe()?;
        if accepted.is_empty() {
            prop_assert_eq!(world.order.payment.card, CardStatus::Released);
            prop_assert_eq!(world.stripe.captured, 0);
        } else {
            let debited = world.order.accepted_total();
            prop_assert_eq!(world.stripe.captured, debited.cents());
            prop_assert!(debited <= all);
            prop_assert_eq!(world.bookings.len(), accepted.len());
        }
    }

    #[test]
    fn a_contested_amount_is_borne_whole_and_by_those_not_paid_out_first(
        paid in proptest::collection::vec((any::<bool>(), 0..=100_i64), 1..12),
        percent in 1..=100_i64,
    ) {
        let missions: Vec<ContestedMission> = paid.iter().enumerate().map(|(number, (paid_out, back))| {
            let refunded = 100 * back;
            let transferred = if *paid_out { (10_000 - refunded) * 88 / 100 } else { 0 };
            contested(number, transferred, refunded)
        }).collect();
        let whole: i64 = missions.iter().map(|one| one.money.captured.cents()).sum();
        let amount = (whole * percent / 100).max(1);
        let shares = spread(Euros::from_cents(amount), &missions);
        let borne: i64 = shares.iter().map(|(_, cents)| cents.cents()).sum();
        prop_assert_eq!(borne, amount);
        let share = |number: usize| shares.iter().find(|(of, _)| *of == name(number)).map_or(0, |(_, cents)| cents.cents());
        let room = |one: &ContestedMission| one.money.captured.cents() - one.money.refunded.cents();
        // As long as one that was not paid out has room, none that was bears anything.
        let spared = missions.iter().enumerate().any(|(number, one)| {
            one.money.transferred == Euros::ZERO && share(number) < room(one)
        });
        for (number, one) in missions.iter().enumerate() {
            prop_assert!(share(number) <= one.money.captured.cents());
            if spared && one.money.transferred > Euros::ZERO {
                prop_assert_eq!(share(number), 0);
            }
        }
    }
}

fn contested(number: usize, transferred: i64, refunded: i64) -> ContestedMission {
    let euros = Euros::from_cents;
    let captured = 10_000;
    ContestedMission {
        booking: name(number),
        start: START + hours(24 * i64::try_from(number).unwrap()),
        money: MoneyPosition {
            captured: euros(captured),
            transferred: euros(transferred),
            commission: Euros::ZERO,
            refunded: euros(refunded),
            held: euros(captured - transferred - refunded),
            to_recover: Euros::ZERO,
        },
        borne: Euros::ZERO,
    }
}

/// Eight missions of 100 €, the first three paid out, the fifth given back.
#[test]
fn who_bears_what_of_a_chargeback_is_as_the_page_on_money_says() {
    let mut missions: Vec<ContestedMission> =
        (0..8).map(|number| contested(number, 0, 0)).collect();
    for (number, paid) in missions.iter_mut().take(3).enumerate() {
        *paid = contested(number, 8_800, 0);
    }
    missions[4] = contested(4, 0, 10_000);
    for (amount, expected) in [
        (5_000, vec![(7, 5_000)]),
        (25_000, vec![(7, 10_000), (6, 10_000), (5, 5_000)]),
        (
            40_000,
            vec![(7, 10_000), (6, 10_000), (5, 10_000), (3, 10_000)],
        ),
        (
            55_000,
            vec![
                (7, 10_000),
                (6, 10_000),
                (5, 10_000),
                (3, 10_000),
                (2, 10_000),
                (1, 5_000),
            ],
        ),
        (
            80_000,
            vec![
                (7, 10_000),
                (6, 10_000),
                (5, 10_000),
                (3, 10_000),
                (2, 10_000),
                (1, 10_000),
                (0, 10_000),
                (4, 10_000),
            ],
        ),
    ] {
        let shares = spread(Euros::from_cents(amount), &missions);
        let shares: Vec<(BookingId, i64)> = shares
            .into_iter()
            .map(|(of, part)| (of, part.cents()))
            .collect();
        let expected: Vec<(BookingId, i64)> = expected
            .into_iter()
            .map(|(of, part)| (name(of), part))
            .collect();
        assert_eq!(shares, expected, "{amount}");
    }
}

/// Every state with every command: what comes of it, by hand.
#[test]
fn an_order_goes_only_where_its_graph_leads() {
    let now = START - hours(240);
    let accept = |which: &[usize]| OrderCommand::Answer {
        accepted: which.iter().map(|one| (name(*one), Vec::new())).collect(),
        advice: None,
        reason: Some("Pas d’agent.".to_owned()),
    };
    let commands = [
        OrderCommand::Authorise {
            intent: "pi_1".to_owned(),
            amount: order_of(2).total(),
            capture_before: None,
        },
        accept(&[0]),
        accept(&[]),
        OrderCommand::Cancel { missions: vec![] },
        OrderCommand::FailPayment,
    ];
    use OrderState::*;
    for (state, expected) in [
        (
            AwaitingPayment,
            [Some(Requested), None, None, None, Some(PaymentFailed)],
        ),
        (
            Requested,
            [
                None,
                Some(Answered),
                Some(Refused),
                Some(Cancelled),
                Some(PaymentFailed),
            ],
        ),
        (Answered, [None, None, None, None, Some(PaymentFailed)]),
        (Refused, [None; 5]),
        (Expired, [None; 5]),
        (Cancelled, [None; 5]),
        (Abandoned, [None; 5]),
        (PaymentFailed, [None; 5]),
    ] {
        let mut order = order_of(2);
        order.state = state;
        order.respond_by = Some(now + hours(48));
        for (command, expected) in commands.iter().zip(expected) {
            let got = decide(&order, command, now)
                .ok()
                .map(|decision| decision.order.state);
            assert_eq!(got, expected, "{state:?} and {command:?}");
        }
    }
}

#[test]
fn an_answer_is_given_in_time_once_and_for_what_still_waits() {
    let mut world = World::requested(3);
    let limit = world.order.respond_by.unwrap();
    let agents = world.order.missions[0].agents.clone();
    let take = |which: &[usize]| OrderCommand::Answer {
        accepted: which
            .iter()
            .map(|one| (name(*one), agents.clone()))
            .collect(),
        advice: None,
        reason: None,
    };
    let refused =
        |order: &Order, which: &[usize], now| decide(order, &take(which), now).unwrap_err();
    assert_eq!(
        refused(&world.order, &[0], limit),
        OrderRefused::AnsweredTooLate
    );
    assert_eq!(
        refused(&world.order, &[9], world.now),
        OrderRefused::NoSuchMission
    );
    // The client takes one date back before the answer.
    let back = OrderCommand::Cancel {
        missions: vec![name(1)],
    };
    world.order = decide(&world.order, &back, world.now).unwrap().order;
    assert_eq!(world.order.state, OrderState::Requested);
    assert_eq!(
        refused(&world.order, &[1], world.now),
        OrderRefused::NoSuchMission
    );
    world.answer(&[0, 2]);
    assert_eq!(
        refused(&world.order, &[0], world.now),
        OrderRefused::WrongState
    );
    let answers: Vec<MissionAnswer> = world.order.missions.iter().map(|one| one.answer).collect();
    use MissionAnswer::{Accepted, Cancelled};
    assert_eq!(answers, [Accepted, Cancelled, Accepted]);
    world.settle();
    assert_eq!(world.stripe.captured * 3, world.stripe.authorised * 2);
}

#[test]
fn an_authorisation_that_lapses_ends_the_order_and_every_mission() {
    let mut world = World::requested(2);
    world.answer(&[0, 1]);
    world.open_missions();
    world.stripe.canceled = true;
    world.look_at_card();
    assert_eq!(world.order.state, OrderState::PaymentFailed);
    for place in 0..2 {
        world.look(place, 0);
        assert_eq!(world.bookings[place].state, BookingState::PaymentFailed);
    }
    world.check().unwrap();
    assert!(world.ledger.is_empty());
}

#[test]
fn what_is_late_wrong_or_abandoned_is_given_back() {
    let order = order_of(2);
    let in_time = order.created_at;
    let less = Euros::from_cents(order.total().cents() - 1);
    for (now, amount, state) in [
        (in_time, order.total(), OrderState::Requested),
        (order.hold_until, order.total(), OrderState::Abandoned),
        (in_time, less, OrderState::PaymentFailed),
    ] {
        let learnt: OrderDecision = order.learn(&[authorised(amount)], now);
        assert_eq!(learnt.order.state, state);
        let release = learnt.order.next_step(now) == Next::Do(Step::Release);
        assert_eq!(release, state != OrderState::Requested);
    }
    let swept = order
        .do_what_is_due(order.hold_until)
        .unwrap()
        .unwrap()
        .order;
    assert_eq!(swept.state, OrderState::Abandoned);
    assert_eq!(swept.do_what_is_due(order.hold_until).unwrap(), None);
}

#[test]
fn a_request_is_reminded_twice_and_expires_by_itself() {
    let world = World::requested(2);
    let limit = world.order.respond_by.unwrap();
    let mut order = world.order;
    let mut told = Vec::new();
    for hour in 0..60 {
        let now = limit - hours(50 - hour);
        while let Some(decision) = order.do_what_is_due(now).unwrap() {
            told.extend(decision.events.iter().map(domain::event::Event::name));
            order = decision.order;
        }
    }
    assert_eq!(
        told,
        ["OrderReminderDue", "OrderReminderDue", "OrderExpired"]
    );
    assert!(
        order
            .missions
            .iter()
            .all(|one| one.answer == MissionAnswer::Lapsed)
    );
}

#[test]
fn an_order_has_from_one_to_sixty_missions_one_after_the_other() {
    let day = |number: i64, length: i64| {
        let start = START + SignedDuration::from_hours(24 * number);
        Interval::new(start, start + hours(length)).unwrap()
    };
    let days = |count: i64| (0..count).map(|number| day(number, 8)).collect::<Vec<_>>();
    assert_eq!(in_order(Vec::new()), Err(OrderRefused::NoMission));
    assert_eq!(in_order(days(60)).unwrap().len(), 60);
    assert_eq!(in_order(days(61)), Err(OrderRefused::TooManyMissions));
    let overlapping = vec![day(1, 8), day(0, 25)];
    assert_eq!(in_order(overlapping), Err(OrderRefused::Overlapping));
    let touching = vec![day(1, 8), day(0, 24)];
    assert_eq!(in_order(touching).unwrap(), [day(0, 24), day(1, 8)]);
}
