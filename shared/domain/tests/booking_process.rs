//! The booking process over its whole grid, and its properties.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::booking::{
    Actor, AgentsThen, Booking, BookingRefused, BookingState, Calling, CardStatus, ClaimReason,
    Command, Delays, Due, Reminder, decide, respond_by,
};
use domain::event::Event;
use domain::money::Euros;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use samples::{START, booking_in, hours};

const ACTORS: [Actor; 4] = [
    Actor::Client,
    Actor::Professional,
    Actor::System,
    Actor::Admin,
];

/// Every command, as its party would give it with the booking before their eyes at `now`.
fn commands(booking: &Booking, now: Timestamp) -> Vec<Command> {
    let shown = booking
        .cancelling(now)
        .map_or(Euros::ZERO, |leaving| leaving.refund);
    let offered = booking.claim.as_ref().and_then(|claim| claim.pending());
    vec![
        Command::Authorise {
            intent: "pi_1".to_owned(),
            amount: booking.price.total,
            capture_before: None,
        },
        Command::Abandon,
        Command::Accept { advice: None },
        Command::Refuse {
            reason: "Complet ce jour-là".to_owned(),
        },
        Command::Cancel { refund: shown },
        Command::CancelAsProfessional {
            reason: "Agent malade".to_owned(),
        },
        Command::CallOff {
            calling: Calling::TitleMissing,
        },
        Command::RefundInPart {
            percent: 40,
            reason: "Carte retirée pendant la mission".to_owned(),
        },
        Command::Withdraw,
        Command::Expire,
        Command::FailPayment,
        Command::DeclareDone,
        Command::Validate,
        Command::OpenClaim {
            reason: ClaimReason::Late,
            description: "Deux heures de retard".to_owned(),
        },
        Command::Propose {
            percent: 30,
            message: String::new(),
        },
        Command::AcceptProposal {
            percent: offered.map_or(30, |offered| offered.percent),
        },
        Command::DecideClaim {
            percent: 50,
            reason: "Retard établi".to_owned(),
        },
    ]
}

const COMMANDS: usize = 17;

fn name(command: &Command) -> &'static str {
    match command {
        Command::Authorise { .. } => "authorise",
        Command::Abandon => "abandon",
        Command::Accept { .. } => "accept",
        Command::Refuse { .. } => "refuse",
        Command::Cancel { .. } => "cancel",
        Command::CancelAsProfessional { .. } => "cancel as professional",
        Command::CallOff { .. } => "call off",
        Command::RefundInPart { .. } => "refund in part",
        Command::Withdraw => "withdraw",
        Command::Expire => "expire",
        Command::FailPayment => "fail payment",
        Command::DeclareDone => "declare done",
        Command::Validate => "validate",
        Command::OpenClaim { .. } => "open claim",
        Command::Propose { .. } => "propose",
        Command::AcceptProposal { .. } => "accept proposal",
        Command::DecideClaim { .. } => "decide claim",
    }
}

/// The sample of a state in which every step that the state knows is possible.
fn sample(state: BookingState) -> Booking {
    let mut booking = booking_in(state);
    if state == BookingState::Accepted {
        // Before the debit, so that it can fail.
        booking.payment.card = CardStatus::Authorised;
    }
    booking
}

/// A claim in which the other party has proposed 30 %.
fn offered_by_the_other(booking: &Booking, actor: Actor, now: Timestamp) -> Booking {
    let other = match actor {
        Actor::Client => Actor::Professional,
        Actor::Professional | Actor::System | Actor::Admin => Actor::Client,
    };
    let propose = Command::Propose {
        percent: 30,
        message: String::new(),
    };
    decide(booking, other, &propose, now)
        .map_or_else(|_| booking.clone(), |decision| decision.booking)
}

use Actor::{Admin, Client, Professional, System};
use BookingState as S;

/// Every step that exists: state, who, what, when (hours from the mission's start), and where to.
/// The mission of the samples lasts 8 h and was ordered 10 days before.
#[rustfmt::skip]
const STEPS: &[(BookingState, Actor, &str, i64, BookingState)] = &[
    (S::AwaitingPayment, System, "authorise", -240, S::Requested),
    (S::AwaitingPayment, System, "abandon", -239, S::Abandoned),
    (S::AwaitingPayment, System, "fail payment", -239, S::PaymentFailed),
    (S::Requested, Professional, "accept", -239, S::Accepted),
    (S::Requested, Professional, "refuse", -239, S::Refused),
    (S::Requested, System, "refuse", -239, S::Refused),
    (S::Requested, Client, "cancel", -239, S::Cancelled),
    (S::Requested, Client, "withdraw", -239, S::Withdrawn),
    (S::Requested, System, "expire", -192, S::Expired),
    (S::Requested, System, "fail payment", -239, S::PaymentFailed),
    // Within the delay of withdrawal, which the sample still is in, cancelling is withdrawing.
    (S::Accepted, Client, "cancel", -100, S::Withdrawn),
    (S::Accepted, Client, "withdraw", -100, S::Withdrawn),
    (S::Accepted, Professional, "cancel as professional", -100, S::CancelledByProfessional),
    (S::Accepted, System, "cancel as professional", -100, S::CancelledByProfessional),
    (S::Accepted, System, "fail payment", -239, S::PaymentFailed),
    (S::Requested, System, "call off", -239, S::CancelledByPlatform),
    (S::Requested, Admin, "call off", -239, S::CancelledByPlatform),
    (S::Accepted, System, "call off", -100, S::CancelledByPlatform),
    (S::Accepted, Admin, "call off", 7, S::CancelledByPlatform),
    (S::Completed, Admin, "refund in part", 9, S::Settled),
    (S::Validated, Admin, "refund in part", 80, S::Settled),
    (S::Settled, Admin, "refund in part", 80, S::Settled),
    (S::Accepted, Professional, "declare done", 8, S::Completed),
    (S::Accepted, System, "declare done", 9, S::Completed),
    (S::Accepted, Client, "open claim", 1, S::UnderClaim),
    (S::Completed, Client, "validate", 9, S::Validated),
    (S::Completed, System, "validate", 80, S::Validated),
    (S::Completed, Client, "open claim", 9, S::UnderClaim),
    (S::UnderClaim, Client, "validate", 20, S::Validated),
    (S::UnderClaim, Client, "propose", 20, S::UnderClaim),
    (S::UnderClaim, Professional, "propose", 20, S::UnderClaim),
    (S::UnderClaim, Client, "accept proposal", 20, S::Settled),
    (S::UnderClaim, Professional, "accept proposal", 20, S::Settled),
    (S::UnderClaim, Admin, "decide claim", 20, S::Settled),
];

/// What becomes of the agents where a booking comes into a state: they are held while it awaits payment,
/// and whoever may have worked, or will, stays in the agenda.
fn agents_then(state: BookingState) -> AgentsThen {
    match state {
        S::Requested => AgentsThen::Busy,
        S::Refused
        | S::Expired
        | S::Cancelled
        | S::Abandoned
        | S::CancelledByProfessional
        | S::CancelledByPlatform
        | S::Withdrawn
        | S::PaymentFailed => AgentsThen::GivenBack,
        S::AwaitingPayment
        | S::Accepted
        | S::Completed
        | S::Validated
        | S::UnderClaim
        | S::Settled => AgentsThen::Stay,
    }
}

#[test]
fn the_whole_grid_of_state_command_and_actor_allows_the_declared_steps_and_no_other() {
    let mut allowed = 0;
    for state in BookingState::ALL {
        for actor in ACTORS {
            let booking = offered_by_the_other(&sample(state), actor, START + hours(19));
            for place in 0..COMMANDS {
                let named = name(&commands(&booking, START)[place]);
                let step = STEPS
                    .iter()
                    .find(|step| step.0 == state && step.1 == actor && step.2 == named);
                let now = START + hours(step.map_or(-239, |step| step.3));
                let command = commands(&booking, now)[place].clone();
                let decided = decide(&booking, actor, &command, now);
                match (step, decided) {
                    (Some(step), Ok(decision)) => {
                        allowed += 1;
                        assert_eq!(
                            decision.booking.state, step.4,
                            "{state:?} {actor:?} {command:?}"
                        );
                        assert_eq!(decision.events.len(), 1);
                        assert_eq!(decision.agents, agents_then(step.4), "{step:?}");
                    }
                    (Some(_), Err(refused)) => panic!("{state:?} {actor:?} {command:?}: {refused}"),
                    (None, Ok(_)) => panic!("{state:?} {actor:?} {command:?} must be refused"),
                    (None, Err(_)) => {}
                }
            }
        }
    }
    assert_eq!(allowed, STEPS.len());
}

#[test]
fn accepting_one_second_late_is_refused_even_if_no_sweep_has_run() {
    let booking = booking_in(BookingState::Requested);
    let limit = booking.respond_by.unwrap();
    let accept = Command::Accept { advice: None };
    let second = SignedDuration::from_secs(1);
    assert!(decide(&booking, Actor::Professional, &accept, limit - second).is_ok());
    for late in [limit, limit + second, START] {
        assert_eq!(
            decide(&booking, Actor::Professional, &accept, late),
            Err(BookingRefused::AnsweredTooLate)
        );
    }
    let expired = booking_in(BookingState::Expired);
    assert_eq!(
        decide(&expired, Actor::Professional, &accept, limit),
        Err(BookingRefused::AnsweredTooLate)
    );
}

#[test]
fn a_card_authorised_after_the_hold_or_for_another_amount_is_refused() {
    let booking = booking_in(BookingState::AwaitingPayment);
    let authorise = |amount| Command::Authorise {
        intent: "pi_1".to_owned(),
        amount,
        capture_before: None,
    };
    let in_time = booking.hold_until - SignedDuration::from_secs(1);
    let total = booking.price.total;
    assert!(decide(&booking, Actor::System, &authorise(total), in_time).is_ok());
    assert_eq!(
        decide(
            &booking,
            Actor::System,
            &authorise(total),
            booking.hold_until
        ),
        Err(BookingRefused::HoldLapsed)
    );
    let less = Euros::from_cents(total.cents() - 1);
    assert_eq!(
        decide(&booking, Actor::System, &authorise(less), in_time),
        Err(BookingRefused::AmountDiffers)
    );
}

#[test]
fn the_time_to_answer_is_48_hours_or_ends_4_hours_before_the_start() {
    let table = [
        (240, 48),
        (60, 48),
        (52, 48),
        (51, 47),
        (20, 16),
        (12, 8),
        (11, 2),
        (5, 1),
        (4, 0),
    ];
    for (hours_before_start, hours_to_answer) in table {
        let requested_at = START - hours(hours_before_start);
        let expected = requested_at + hours(hours_to_answer);
        assert_eq!(
            respond_by(requested_at, START, &Delays::default()),
            expected,
            "{hours_before_start} h before"
        );
    }
}

#[test]
fn an_accepted_booking_concludes_the_contract_and_starts_the_consumers_withdrawal_delay() {
    let booking = booking_in(BookingState::Requested);
    let now = booking.requested_at.unwrap() + hours(1);
    let accept = Command::Accept {
        advice: Some("Prévoyez un local".to_owned()),
    };
    let decision = decide(&booking, Actor::Professional, &accept, now).unwrap();
    assert!(decision.booking.state.contract_concluded());
    assert!(decision.booking.withdrawal_deadline.unwrap() > now + hours(14 * 24));
    assert_eq!(
        decision.events,
        [Event::BookingAccepted {
            booking: booking.id.clone()
        }]
    );
    let business = Booking {
        consumer: false,
        ..booking
    };
    let decision = decide(&business, Actor::Professional, &accept, now).unwrap();
    assert_eq!(decision.booking.withdrawal_deadline, None);
}

#[test]
fn a_consumer_who_cancels_within_the_delay_of_withdrawal_gets_everything_back() {
    let booking = booking_in(BookingState::Accepted);
    let total = booking.price.total;
    let deadline = booking.withdrawal_deadline.unwrap();
    let business = Booking {
        consumer: false,
        withdrawal_deadline: None,
        ..booking.clone()
    };
    let late = Booking {
        withdrawal_deadline: Some(START - hours(200)),
        ..booking.clone()
    };
    assert!(
        deadline > START,
        "the sample's delay ends after the mission"
    );
    // (who, hours from the start, state afterwards, whether everything comes back)
    for (booking, at, state, whole) in [
        (&booking, -1, BookingState::Withdrawn, true),
        (&business, -1, BookingState::Cancelled, false),
        (&late, -1, BookingState::Cancelled, false),
    ] {
        let now = START + hours(at);
        let shown = booking.cancelling(now).unwrap();
        assert_eq!(shown.refund == total, whole, "{shown:?}");
        let cancel = Command::Cancel {
            refund: shown.refund,
        };
        let decided = decide(booking, Actor::Client, &cancel, now).unwrap();
        assert_eq!(decided.booking.state, state);
        assert_eq!(decided.booking.due.unwrap().client, shown.refund);
    }
}

#[test]
fn what_falls_due_comes_in_order_each_once() {
    let mut booking = booking_in(BookingState::Requested);
    let mut seen = Vec::new();
    let mut now = booking.requested_at.unwrap();
    while let Some(deadline) = booking.next_deadline() {
        assert!(deadline.at >= now, "{deadline:?} is in the past of {now}");
        now = deadline.at;
        assert_eq!(booking.due_at(now - SignedDuration::from_micros(1)), None);
        seen.push((
            deadline.due,
            now.duration_since(booking.requested_at.unwrap()).as_hours(),
        ));
        let decision = booking.do_what_is_due(now).unwrap().unwrap();
        booking = decision.booking;
    }
    assert_eq!(
        seen,
        [
            (Due::Remind(Reminder::AnswerFirst), 24),
            (Due::Remind(Reminder::AnswerLast), 44),
            (Due::Expire, 48)
        ]
    );
    let mut accepted = booking_in(BookingState::Accepted);
    let mut seen = Vec::new();
    while let Some(deadline) = accepted.next_deadline() {
        let since_end = deadline
            .at
            .duration_since(accepted.mission.interval.end())
            .as_hours();
        seen.push((deadline.due, since_end));
        accepted = accepted
            .do_what_is_due(deadline.at)
            .unwrap()
            .unwrap()
            .booking;
    }
    assert_eq!(
        seen,
        [
            (Due::Remind(Reminder::MissionTomorrow), -32),
            (Due::DeclareDone, 1),
            (Due::Remind(Reminder::ValidateFirst), 24),
            (Due::Remind(Reminder::ValidateLast), 48),
            (Due::Validate, 72),
            (Due::Remind(Reminder::Review), 240),
        ]
    );
    assert!(accepted.validated_automatically);
}

#[test]
fn after_an_outage_a_request_expires_without_reminders_that_make_no_sense_any_more() {
    let booking = booking_in(BookingState::Requested);
    let late = booking.respond_by.unwrap() + hours(5);
    assert_eq!(booking.due_at(late), Some(Due::Expire));
    let expired = booking.do_what_is_due(late).unwrap().unwrap().booking;
    assert_eq!(expired.do_what_is_due(late), Ok(None));
}

proptest! {
    #[test]
    fn a_refused_command_changes_nothing_and_a_repeated_one_is_refused(actor in 0..4_usize, command in 0..COMMANDS, wait in -240..100_i64) {
        for state in BookingState::ALL {
            let now = START + hours(wait);
            let booking = sample(state);
            let command = commands(&booking, now)[command].clone();
            if let Ok(decision) = decide(&booking, ACTORS[actor], &command, now) {
                let again = decide(&decision.booking, ACTORS[actor], &command, now);
                // A proposal may be made anew, and so may the operator's decision: it replaces the one before.
                let replaces = matches!(command, Command::Propose { .. } | Command::RefundInPart { .. });
                prop_assert!(again.is_err() || replaces);
            }
        }
    }
}
