//! `docs/money.md` is written from the booking process itself: `UPDATE_DOCS=1` renews it (`make docs`).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use domain::booking::{
    Actor, Booking, BookingParty, BookingState, CardStatus, ClaimReason, Command, Next, Payouts,
    decide,
};
use domain::money::Euros;
use jiff::Timestamp;
use samples::{START, booking_in, hours};

const ACTORS: [(Actor, &str); 4] = [
    (Actor::Client, "client"),
    (Actor::Professional, "professional"),
    (Actor::System, "platform"),
    (Actor::Admin, "operator"),
];

/// Every command, and what the diagram calls it.
fn commands(booking: &Booking, now: Timestamp) -> Vec<(Command, &'static str)> {
    let refund = booking
        .cancelling(now)
        .map_or(Euros::ZERO, |leaving| leaving.refund);
    let text = String::new;
    vec![
        (
            Command::Authorise {
                intent: "pi_1".to_owned(),
                amount: booking.price.total,
                capture_before: None,
            },
            "card authorised",
        ),
        (Command::Abandon, "not paid in 15 min"),
        (Command::Accept { advice: None }, "accepts"),
        (Command::Refuse { reason: text() }, "refuses"),
        (Command::Cancel { refund }, "cancels"),
        (Command::CancelAsProfessional { reason: text() }, "cancels"),
        (Command::Withdraw, "withdraws"),
        (Command::Expire, "no answer in time"),
        (Command::FailPayment, "card cannot be debited"),
        (Command::DeclareDone, "mission done"),
        (Command::Validate, "validates"),
        (
            Command::OpenClaim {
                reason: ClaimReason::Late,
                description: text(),
            },
            "opens a claim",
        ),
        (
            Command::AcceptProposal { percent: 30 },
            "accepts a proposal",
        ),
        (
            Command::DecideClaim {
                percent: 50,
                reason: text(),
            },
            "decides the claim",
        ),
    ]
}

/// A booking in a state, ready for every step that the state knows.
fn sample(state: BookingState, actor: Actor) -> Booking {
    let mut booking = booking_in(state);
    if state == BookingState::Accepted {
        booking.payment.card = CardStatus::Authorised;
    }
    let other = if actor == Actor::Client {
        Actor::Professional
    } else {
        Actor::Client
    };
    let propose = Command::Propose {
        percent: 30,
        message: String::new(),
    };
    decide(&booking, other, &propose, START + hours(19))
        .map_or(booking, |decision| decision.booking)
}

/// Every step that the machine takes: from, to, and who does what.
fn steps() -> Vec<(BookingState, BookingState, String)> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (place, from) in BookingState::ALL.into_iter().enumerate() {
        for (actor, who) in ACTORS {
            let booking = sample(from, actor);
            for wait in [-240, -239, -192, -100, 1, 8, 9, 20, 80, 200] {
                let now = START + hours(wait);
                for (command, word) in commands(&booking, now) {
                    let Ok(decision) = decide(&booking, actor, &command, now) else {
                        continue;
                    };
                    let to = decision.booking.state;
                    let name = format!("{who} · {word}");
                    if seen.insert((place, name.clone())) {
                        all.push((from, to, name));
                    }
                }
            }
        }
    }
    all
}

fn diagram() -> String {
    let mut text =
        "```mermaid\nstateDiagram-v2\n  [*] --> AwaitingPayment: client orders\n".to_owned();
    for (from, to, name) in steps() {
        writeln!(text, "  {from:?} --> {to:?}: {name}").unwrap();
    }
    text + "```\n"
}

/// What is left to do with the money just after a state is entered, in order.
fn follows(state: BookingState) -> String {
    let mut booking = booking_in(state);
    // As it is when the state is entered, before anything followed.
    let debited = booking.accepted_at.is_some() && state != BookingState::PaymentFailed;
    booking.payment.transfers.clear();
    booking.payment.commission = Euros::ZERO;
    booking.payment.card = match state {
        BookingState::AwaitingPayment | BookingState::Abandoned => CardStatus::Unpaid,
        BookingState::Requested | BookingState::Accepted => CardStatus::Authorised,
        BookingState::PaymentFailed => CardStatus::Lapsed,
        _ if debited => CardStatus::Captured,
        _ => CardStatus::Authorised,
    };
    if state == BookingState::Abandoned {
        booking.payment.session = Some("cs_1".to_owned());
    }
    match booking.next_step(Payouts::Open, START) {
        Next::Do(step) => step.operation().to_owned(),
        Next::Wait(_) | Next::Rest => "—".to_owned(),
    }
}

fn table() -> String {
    let mut text = "| state | on screen | first step with the money | the client reads | the professional reads |\n|---|---|---|---|---|\n".to_owned();
    for state in BookingState::ALL {
        let booking = booking_in(state);
        writeln!(
            text,
            "| {state:?} | {} | {} | {} | {} |",
            state.label(),
            follows(state),
            booking.money_now(BookingParty::Client),
            if booking.requested_at.is_some() {
                booking.money_now(BookingParty::Professional)
            } else {
                "(unknown to the professional)".to_owned()
            },
        )
        .unwrap();
    }
    text
}

const BEGIN: &str = "<!-- generated from the booking process: make docs -->\n";
const END: &str = "<!-- end of what is generated -->\n";

#[test]
fn the_page_about_money_is_up_to_date() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/money.md");
    let written = std::fs::read_to_string(&page).unwrap();
    let (before, rest) = written.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let expected = format!("{before}{BEGIN}\n{}\n{}\n{END}{after}", diagram(), table());
    #[expect(
        clippy::disallowed_methods,
        reason = "whether to check or to renew is asked of the developer's shell"
    )]
    let renew = std::env::var_os("UPDATE_DOCS").is_some();
    if renew {
        std::fs::write(&page, expected).unwrap();
    } else {
        assert!(
            written == expected,
            "{} is not up to date: run `make docs`",
            page.display()
        );
    }
}
