//! The booking process over its whole grid, and its properties.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::booking::{
    Actor, Booking, BookingRefused, BookingState, Command, Delays, Due, PaymentStatus, Reminder,
    decide, respond_by,
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

fn commands(booking: &Booking) -> Vec<Command> {
    vec![
        Command::Authorise {
            intent: "pi_1".to_owned(),
            amount: booking.price.total,
        },
        Command::Abandon,
        Command::Accept { advice: None },
        Command::Refuse {
            reason: "Complet ce jour-là".to_owned(),
        },
        Command::Cancel,
        Command::Expire,
        Command::DeclareDone,
        Command::Validate,
    ]
}

fn name(command: &Command) -> &'static str {
    match command {
        Command::Authorise { .. } => "authorise",
        Command::Abandon => "abandon",
        Command::Accept { .. } => "accept",
        Command::Refuse { .. } => "refuse",
        Command::Cancel => "cancel",
        Command::Expire => "expire",
        Command::DeclareDone => "declare done",
        Command::Validate => "validate",
    }
}

/// Every step that exists: state, who, what, when (hours from the mission's start), and where to.
/// The mission of the samples lasts 8 h and was ordered 10 days before.
const STEPS: &[(BookingState, Actor, &str, i64, BookingState)] = &[
    (
        BookingState::AwaitingPayment,
        Actor::System,
        "authorise",
        -240,
        BookingState::Requested,
    ),
    (
        BookingState::AwaitingPayment,
        Actor::System,
        "abandon",
        -239,
        BookingState::Abandoned,
    ),
    (
        BookingState::Requested,
        Actor::Professional,
        "accept",
        -239,
        BookingState::Accepted,
    ),
    (
        BookingState::Requested,
        Actor::Professional,
        "refuse",
        -239,
        BookingState::Refused,
    ),
    (
        BookingState::Requested,
        Actor::Client,
        "cancel",
        -239,
        BookingState::Cancelled,
    ),
    (
        BookingState::Requested,
        Actor::System,
        "expire",
        -192,
        BookingState::Expired,
    ),
    (
        BookingState::Accepted,
        Actor::Professional,
        "declare done",
        8,
        BookingState::Completed,
    ),
    (
        BookingState::Accepted,
        Actor::System,
        "declare done",
        9,
        BookingState::Completed,
    ),
    (
        BookingState::Completed,
        Actor::Client,
        "validate",
        9,
        BookingState::Validated,
    ),
    (
        BookingState::Completed,
        Actor::System,
        "validate",
        80,
        BookingState::Validated,
    ),
];

#[test]
fn the_whole_grid_of_state_command_and_actor_allows_the_declared_steps_and_no_other() {
    let delays = Delays::default();
    let mut allowed = 0;
    for state in BookingState::ALL {
        for actor in ACTORS {
            let booking = booking_in(state);
            for command in commands(&booking) {
                let step = STEPS
                    .iter()
                    .find(|step| step.0 == state && step.1 == actor && step.2 == name(&command));
                let now = START + hours(step.map_or(-239, |step| step.3));
                let decided = decide(&booking, actor, &command, now, &delays);
                match (step, decided) {
                    (Some(step), Ok(decision)) => {
                        allowed += 1;
                        assert_eq!(
                            decision.booking.state, step.4,
                            "{state:?} {actor:?} {command:?}"
                        );
                        assert_eq!(decision.events.len(), 1);
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
    let delays = Delays::default();
    let booking = booking_in(BookingState::Requested);
    let limit = booking.respond_by.unwrap();
    let accept = Command::Accept { advice: None };
    let second = SignedDuration::from_secs(1);
    assert!(
        decide(
            &booking,
            Actor::Professional,
            &accept,
            limit - second,
            &delays
        )
        .is_ok()
    );
    for late in [limit, limit + second, START] {
        assert_eq!(
            decide(&booking, Actor::Professional, &accept, late, &delays),
            Err(BookingRefused::AnsweredTooLate)
        );
    }
    let expired = booking_in(BookingState::Expired);
    assert_eq!(
        decide(&expired, Actor::Professional, &accept, limit, &delays),
        Err(BookingRefused::AnsweredTooLate)
    );
}

#[test]
fn a_card_authorised_after_the_hold_or_for_another_amount_is_refused() {
    let delays = Delays::default();
    let booking = booking_in(BookingState::AwaitingPayment);
    let authorise = |amount| Command::Authorise {
        intent: "pi_1".to_owned(),
        amount,
    };
    let in_time = booking.hold_until - SignedDuration::from_secs(1);
    let total = booking.price.total;
    assert!(decide(&booking, Actor::System, &authorise(total), in_time, &delays).is_ok());
    assert_eq!(
        decide(
            &booking,
            Actor::System,
            &authorise(total),
            booking.hold_until,
            &delays
        ),
        Err(BookingRefused::HoldLapsed)
    );
    let less = Euros::from_cents(total.cents() - 1);
    assert_eq!(
        decide(&booking, Actor::System, &authorise(less), in_time, &delays),
        Err(BookingRefused::AmountDiffers)
    );
}

#[test]
fn the_time_to_answer_is_48_hours_or_ends_4_hours_before_the_start() {
    let delays = Delays::default();
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
            respond_by(requested_at, START, &delays),
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
    let decision = decide(
        &booking,
        Actor::Professional,
        &accept,
        now,
        &Delays::default(),
    )
    .unwrap();
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
    let decision = decide(
        &business,
        Actor::Professional,
        &accept,
        now,
        &Delays::default(),
    )
    .unwrap();
    assert_eq!(decision.booking.withdrawal_deadline, None);
}

#[test]
fn what_falls_due_comes_in_order_each_once() {
    let delays = Delays::default();
    let mut booking = booking_in(BookingState::Requested);
    let mut seen = Vec::new();
    let mut now = booking.requested_at.unwrap();
    while let Some(deadline) = booking.next_deadline(&delays) {
        assert!(deadline.at >= now, "{deadline:?} is in the past of {now}");
        now = deadline.at;
        assert_eq!(
            booking.due_at(now - SignedDuration::from_micros(1), &delays),
            None
        );
        seen.push((
            deadline.due,
            now.duration_since(booking.requested_at.unwrap()).as_hours(),
        ));
        let decision = booking.do_what_is_due(now, &delays).unwrap().unwrap();
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
    while let Some(deadline) = accepted.next_deadline(&delays) {
        let since_end = deadline
            .at
            .duration_since(accepted.mission.interval.end())
            .as_hours();
        seen.push((deadline.due, since_end));
        accepted = accepted
            .do_what_is_due(deadline.at, &delays)
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
    let delays = Delays::default();
    let booking = booking_in(BookingState::Requested);
    let late = booking.respond_by.unwrap() + hours(5);
    assert_eq!(booking.due_at(late, &delays), Some(Due::Expire));
    let expired = booking
        .do_what_is_due(late, &delays)
        .unwrap()
        .unwrap()
        .booking;
    assert_eq!(expired.do_what_is_due(late, &delays), Ok(None));
}

/// What a random life of a booking does next.
fn any_step() -> impl Strategy<Value = (usize, usize, i64)> {
    (0..ACTORS.len(), 0..8_usize, 0..60_i64)
}

proptest! {
    #[test]
    fn money_is_always_accounted_for_and_nothing_expires_early(steps in prop::collection::vec(any_step(), 1..40)) {
        let delays = Delays::default();
        let mut booking = booking_in(BookingState::AwaitingPayment);
        let mut now: Timestamp = booking.created_at;
        for (actor, command, wait) in steps {
            now += hours(wait);
            let command = commands(&booking)[command].clone();
            if let Ok(decision) = decide(&booking, ACTORS[actor], &command, now, &delays) {
                if decision.booking.state == BookingState::Expired {
                    prop_assert!(now >= booking.respond_by.unwrap());
                }
                booking = decision.booking;
            }
            // The payment follows the state, as the payment functions make it.
            booking.payment.status = match (booking.state, booking.payment.status) {
                (BookingState::Accepted | BookingState::Completed, PaymentStatus::Authorised) => PaymentStatus::Captured,
                (BookingState::Validated, PaymentStatus::Captured) => PaymentStatus::Transferred,
                (state, PaymentStatus::Authorised) if !state.holds_agents() => PaymentStatus::Released,
                (_, status) => status,
            };
            let money = booking.money();
            let parts = [money.transferred, money.commission, money.refunded, money.held];
            prop_assert_eq!(parts.iter().map(|part| part.cents()).sum::<i64>(), money.captured.cents());
            prop_assert!(parts.iter().all(|part| part.cents() >= 0));
            if money.transferred != Euros::ZERO {
                prop_assert_eq!(booking.state, BookingState::Validated);
            }
            if money.captured != Euros::ZERO {
                prop_assert!(booking.state.contract_concluded());
            }
        }
    }

    #[test]
    fn a_refused_command_changes_nothing_and_a_repeated_one_is_refused(actor in 0..4_usize, command in 0..8_usize, wait in -240..100_i64) {
        let delays = Delays::default();
        for state in BookingState::ALL {
            let booking = booking_in(state);
            let command = commands(&booking)[command].clone();
            let now = START + hours(wait);
            if let Ok(decision) = decide(&booking, ACTORS[actor], &command, now, &delays) {
                prop_assert!(decide(&decision.booking, ACTORS[actor], &command, now, &delays).is_err());
            }
        }
    }
}
