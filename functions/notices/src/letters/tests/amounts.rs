//! Whatever happens to a booking, an amount in a mail is one that moved or is due, and nothing is called
//! debited that was not.

use domain::booking::{
    Actor, Booking, BookingState, CardStatus, ClaimReason, Command, DisputeStage, MoneyPosition,
    Next, Payment, Payouts, RefundStatus, Seen, Step, decide,
};
use domain::event::Event;
use domain::money::Euros;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{Sample, booking};
use crate::post::Notice;

/// One thing that somebody does, or that time does.
#[derive(Debug, Clone)]
enum Deed {
    Command(Actor, Command),
    /// Cancel for the refund that is shown.
    Cancel,
    /// Stripe does what is left to do, so many steps of it.
    Settle(usize),
    Dispute(DisputeStage),
    Wait(i64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let text = || "Voici pourquoi, en quelques mots.".to_owned();
    let percent = prop_oneof![Just(0_u8), Just(30), Just(100)];
    let by = |actor| move |command: Command| Deed::Command(actor, command);
    let client = by(Actor::Client);
    let professional = by(Actor::Professional);
    let operator = by(Actor::Admin);
    prop::collection::vec(
        prop_oneof![
            4 => Just(professional(Command::Accept { advice: None })),
            1 => Just(professional(Command::Refuse { reason: text() })),
            1 => Just(Deed::Cancel),
            1 => Just(professional(Command::CancelAsProfessional { reason: text() })),
            1 => Just(client(Command::Withdraw)),
            3 => Just(professional(Command::DeclareDone)),
            2 => Just(client(Command::Validate)),
            2 => Just(client(Command::OpenClaim { reason: ClaimReason::Late, description: text() })),
            2 => percent.clone().prop_map(move |percent| operator(Command::DecideClaim { percent, reason: text() })),
            1 => percent.prop_map(move |percent| operator(Command::RefundInPart { percent, reason: text() })),
            1 => Just(Deed::Dispute(DisputeStage::Open)),
            1 => Just(Deed::Dispute(DisputeStage::Won)),
            1 => Just(Deed::Dispute(DisputeStage::Lost)),
            6 => (1_usize..6).prop_map(Deed::Settle),
            4 => prop_oneof![Just(1_i64), Just(12), Just(60), Just(150)].prop_map(Deed::Wait),
        ],
        1..14,
    )
}

struct Life {
    booking: Booking,
    now: Timestamp,
    told: Vec<(Event, Booking)>,
    steps: usize,
}

impl Life {
    /// A request whose card is authorised, eight days before its mission.
    fn new(consumer: bool) -> Self {
        let mut booking = booking(BookingState::Requested);
        let start = booking.mission.interval.start();
        let now = start - SignedDuration::from_hours(8 * 24);
        booking.consumer = consumer;
        booking.payment = Payment {
            card: CardStatus::Authorised,
            intent: Some("pi_1".to_owned()),
            page_closed: true,
            ..Payment::NONE
        };
        booking.requested_at = Some(now);
        booking.respond_by = Some(now + SignedDuration::from_hours(48));
        booking.accepted_at = None;
        booking.withdrawal_deadline = None;
        booking.completed_at = None;
        booking.validated_at = None;
        booking.refusal_reason = None;
        booking.claim = None;
        booking.due = None;
        booking.title_alerts = Vec::new();
        let told = vec![(
            Event::BookingRequested {
                booking: booking.id.clone(),
            },
            booking.clone(),
        )];
        Self {
            booking,
            now,
            told,
            steps: 0,
        }
    }

    fn take(&mut self, booking: Booking, events: Vec<Event>) {
        self.booking = booking;
        for event in events {
            self.told.push((event, self.booking.clone()));
        }
    }

    fn see(&mut self, seen: &Seen) {
        let decision = self.booking.see(seen, self.now);
        self.take(decision.booking, decision.events);
    }

    fn command(&mut self, actor: Actor, command: &Command) {
        if let Ok(decision) = decide(&self.booking, actor, command, self.now) {
            self.take(decision.booking, decision.events);
        }
    }

    fn settle_once(&mut self) {
        let Next::Do(step) = self.booking.next_step(Payouts::Open, self.now) else {
            return;
        };
        self.steps += 1;
        let name = format!("stripe_{}", self.steps);
        let seen = match step {
            Step::ClosePage => Seen::PageClosed,
            Step::Release => Seen::Canceled,
            Step::Capture => Seen::Captured {
                charge: "ch_1".to_owned(),
            },
            Step::Refund { amount } => Seen::Refund {
                id: name,
                amount,
                status: RefundStatus::Succeeded,
                attempt: None,
            },
            Step::Transfer { amount } => Seen::Transfer {
                id: name,
                amount,
                reversed: Euros::ZERO,
            },
            Step::Reverse { transfer, amount } => {
                let transfers = &self.booking.payment.transfers;
                let known = transfers.iter().find(|known| known.id == transfer).unwrap();
                let reversed = known.reversed.checked_add(amount).unwrap();
                Seen::Transfer {
                    id: transfer,
                    amount: known.amount,
                    reversed,
                }
            }
            Step::Commission { amount } => Seen::Commission { amount },
        };
        self.see(&seen);
        if self.booking.payment.card == CardStatus::Captured
            && self.booking.state == BookingState::Accepted
        {
            let booking = self.booking.id.clone();
            self.told
                .push((Event::OrderPrinted { booking }, self.booking.clone()));
        }
    }

    fn live(&mut self, deed: &Deed) {
        match deed {
            Deed::Command(actor, command) => self.command(*actor, command),
            Deed::Cancel => {
                let shown = self.booking.cancelling(self.now);
                if let Some(leaving) = shown {
                    let refund = leaving.refund;
                    self.command(Actor::Client, &Command::Cancel { refund });
                }
            }
            Deed::Settle(steps) => (0..*steps).for_each(|_| self.settle_once()),
            Deed::Dispute(stage) => {
                let open = self.booking.payment.dispute_stage() == Some(DisputeStage::Open);
                let fresh = self.booking.payment.dispute_stage().is_none();
                let possible = match stage {
                    DisputeStage::Open => fresh,
                    DisputeStage::Won | DisputeStage::Lost => open,
                };
                if possible && self.booking.payment.card == CardStatus::Captured {
                    self.see(&Seen::Dispute {
                        id: "dp_1".to_owned(),
                        amount: self.booking.price.total,
                        stage: *stage,
                    });
                }
            }
            Deed::Wait(hours) => self.now += SignedDuration::from_hours(*hours),
        }
    }
}

/// The amounts that a text names, in cents.
fn amounts(text: &str) -> Vec<i64> {
    let parts: Vec<&str> = text.split('€').collect();
    let before = parts.iter().take(parts.len().saturating_sub(1));
    before
        .filter_map(|part| {
            let digits: String = part
                .chars()
                .rev()
                .skip_while(|letter| letter.is_whitespace())
                .take_while(|letter| {
                    letter.is_ascii_digit() || matches!(letter, ',' | '\u{a0}' | '\u{202f}')
                })
                .filter(char::is_ascii_digit)
                .collect();
            let digits: String = digits.chars().rev().collect();
            digits.parse().ok()
        })
        .collect()
}

/// What a letter says of this booking, without the parts that repeat the contract.
fn said(notice: &Notice) -> String {
    let letter = &notice.letter;
    let facts = letter.facts.iter().map(|fact| fact.value.as_str());
    std::iter::once(letter.subject.as_str())
        .chain(letter.paragraphs.iter().map(String::as_str))
        .chain(facts)
        .chain(letter.small_print.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What may be named to somebody: what moved, and what is due.
fn true_amounts(booking: &Booking, recipient: &str) -> Vec<i64> {
    let MoneyPosition {
        captured,
        refunded,
        transferred,
        commission,
        held,
        to_recover,
        ..
    } = booking.money();
    let price = &booking.price;
    let due = booking.due;
    let of_client = [
        Some(captured),
        Some(refunded),
        Some(held),
        due.map(|due| due.client),
    ];
    // What was authorised is told while nothing was debited.
    let authorised = (captured == Euros::ZERO).then_some(price.total);
    let refunds = booking.payment.refunds.iter();
    let sent: i64 = refunds.map(|refund| refund.amount.cents()).sum();
    let of_professional = [
        Some(transferred),
        Some(booking.professional_share()),
        Some(due.map_or(price.professional_total, |due| due.professional)),
    ];
    let all = match recipient {
        "operator" => [
            captured,
            refunded,
            transferred,
            commission,
            held,
            to_recover,
        ]
        .map(Some)
        .to_vec(),
        client if client.starts_with("acc_") => {
            [&of_client[..], &[authorised, Some(Euros::from_cents(sent))]].concat()
        }
        _ => of_professional.to_vec(),
    };
    all.into_iter().flatten().map(Euros::cents).collect()
}

#[test]
fn amounts_are_found_in_a_text() {
    assert_eq!(
        amounts("1\u{a0}234,50\u{a0}€ sur 12,00 €, réf. 2026"),
        [123_450, 1_200]
    );
    assert_eq!(amounts("rien"), Vec::<i64>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn every_amount_in_every_mail_moved_or_is_due(consumer: bool, deeds in deeds()) {
        let mut life = Life::new(consumer);
        for deed in &deeds {
            life.live(deed);
        }
        for (event, booking) in &life.told {
            // The mail may be written at once, or when everything else has happened.
            for booking in [booking, &life.booking] {
                let sample = Sample { booking: booking.clone(), ..Sample::new(booking.state) };
                for notice in sample.letters(event) {
                    let text = said(&notice);
                    let allowed = true_amounts(booking, &notice.recipient);
                    for amount in amounts(&text) {
                        prop_assert!(allowed.contains(&amount), "{} says {amount}, of {allowed:?}, in {:?} after {event:?}:\n{text}", notice.letter.template, booking.state);
                    }
                    let debited = booking.payment.card == CardStatus::Captured;
                    let text = notice.letter.paragraphs.join("\n");
                    let lies = ["débités", "est débitée de", "remboursés", "remboursé en entier"].iter().find(|word| text.contains(**word));
                    prop_assert!(debited || lies.is_none(), "{} says {lies:?} of a card that was not debited, in {:?} after {event:?}:\n{text}", notice.letter.template, booking.state);
                }
            }
        }
    }
}
