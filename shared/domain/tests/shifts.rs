//! The day of an agent: when something may be told of a shift, what counts of a phone's clock, and who is told
//! when nobody is there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::booking::{Booking, BookingState, Replacement};
use domain::ids::{AgentId, TypedId as _};
use domain::shift::{
    ContactAtEnd, Duty, EntryKind, LateStep, MOST_ENTRIES, Moment, PhoneTimes, Shift, ShiftRefused,
    Whereabouts,
};
use jiff::{SignedDuration, Timestamp};
use samples::{START, booking_in, hours};

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn agent(last: char) -> AgentId {
    AgentId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}"))
}

/// Something that happened and was heard of at once.
fn now(at: Timestamp) -> Moment {
    Moment {
        at,
        told_at: at,
        received_at: at,
    }
}

fn sent() -> (Booking, Shift) {
    let booking = Booking {
        agents: vec![agent('A')],
        ..booking_in(BookingState::Accepted)
    };
    let shift = Shift::planned(&booking, &agent('A'));
    (booking, shift)
}

#[test]
fn a_clock_that_is_wrong_changes_nothing_of_when_it_happened() {
    let received = START + hours(1);
    for (ahead, age, expected) in [
        (0, 0, received),
        (0, 12, received - minutes(12)),
        (180, 12, received - minutes(12)),
        (-600, 45, received - minutes(45)),
        // A clock that was turned back in between tells nothing: what counts is when it was heard of.
        (0, -5, received),
    ] {
        let sent_at = received + minutes(ahead);
        let times = PhoneTimes {
            told_at: sent_at - minutes(age),
            sent_at,
        };
        let moment = times.received(received);
        assert_eq!(moment.at, expected, "{ahead} min ahead, {age} min old");
        assert_eq!(moment.told_at, times.told_at);
        assert_eq!(moment.received_at, received);
        assert!(moment.at <= received);
    }
}

#[test]
fn an_arrival_is_told_from_half_an_hour_before_the_start_to_the_end() {
    // The mission is from 9 h to 17 h, Paris time.
    for (at, refused) in [
        (-31, Some("arrival_too_early")),
        (-30, None),
        (0, None),
        (479, None),
        (480, Some("shift_over")),
        (600, Some("shift_over")),
    ] {
        let (booking, mut shift) = sent();
        let told = shift.arrive(&booking, now(START + minutes(at)), None);
        assert_eq!(told.err().map(|one| one.code()), refused, "{at} min");
    }
    let (booking, mut shift) = sent();
    let early = shift
        .arrive(&booking, now(START - hours(2)), None)
        .unwrap_err();
    assert_eq!(
        early.to_string(),
        "L’arrivée se pointe à partir de 8\u{a0}h\u{a0}30, 30 min avant le début."
    );
}

#[test]
fn an_arrival_without_network_counts_when_it_was_made_however_late_it_is_heard_of() {
    let (booking, mut shift) = sent();
    let booking = Booking {
        state: BookingState::Completed,
        ..booking
    };
    let moment = Moment {
        at: START - minutes(5),
        told_at: START - minutes(5),
        received_at: START + hours(30),
    };
    assert_eq!(shift.arrive(&booking, moment, None), Ok(()));
    let too_late = Moment {
        received_at: START + hours(8 + 73),
        ..moment
    };
    let (_, mut other) = sent();
    assert_eq!(
        other.arrive(&booking, too_late, None),
        Err(ShiftRefused::TooLate)
    );
}

#[test]
fn only_what_is_accepted_or_took_place_has_a_shift() {
    for state in BookingState::ALL {
        let (booking, mut shift) = sent();
        let booking = Booking { state, ..booking };
        let told = shift.arrive(&booking, now(START), None);
        let stands = matches!(
            state,
            BookingState::Accepted
                | BookingState::Completed
                | BookingState::Validated
                | BookingState::UnderClaim
                | BookingState::Settled
        );
        let expected = if stands {
            Ok(())
        } else {
            Err(ShiftRefused::MissionOff)
        };
        assert_eq!(told, expected, "{state:?}");
    }
}

#[test]
fn each_thing_is_told_once_and_in_order() {
    let (booking, mut shift) = sent();
    let at = |after: i64| now(START + minutes(after));
    let met = ContactAtEnd::Met;
    assert_eq!(
        shift.leave(&booking, at(0), None),
        Err(ShiftRefused::NotArrived)
    );
    assert_eq!(
        shift.end_with(&booking, at(0), "Rien.", met),
        Err(ShiftRefused::NotArrived)
    );
    assert_eq!(
        shift.note(&booking, at(0), EntryKind::Note, "Rien."),
        Err(ShiftRefused::NotArrived)
    );
    shift.arrive(&booking, at(-3), None).unwrap();
    let twice = shift.arrive(&booking, at(1), None).unwrap_err();
    assert_eq!(
        twice.to_string(),
        "Votre arrivée est déjà pointée à 8\u{a0}h\u{a0}57."
    );
    shift
        .note(&booking, at(60), EntryKind::Theft, " Vitrine. ")
        .unwrap();
    assert_eq!(shift.log[0].text, "Vitrine.");
    for text in [String::new(), " ".to_owned(), "é".repeat(2001)] {
        assert_eq!(
            shift.note(&booking, at(61), EntryKind::Note, &text),
            Err(ShiftRefused::Text)
        );
    }
    // A clock that was put right in between makes nobody leave before they came.
    shift.leave(&booking, at(-10), None).unwrap();
    assert_eq!(shift.worked(), Some(SignedDuration::ZERO));
    assert_eq!(
        shift.leave(&booking, at(480), None).unwrap_err().code(),
        "already_left"
    );
    assert_eq!(shift.rest_until(), Some(START - minutes(3) + hours(11)));
    shift.end_with(&booking, at(481), "Calme.", met).unwrap();
    assert_eq!(
        shift.end_with(&booking, at(482), "Calme.", met),
        Err(ShiftRefused::AlreadyReported)
    );
    // Told again, the same is the same.
    let same = at(480 + 1);
    shift.end_with(&booking, same, "Calme.", met).unwrap();
    shift.leave(&booking, at(-10), None).unwrap();
    shift.arrive(&booking, at(-3), None).unwrap();
    shift
        .note(&booking, at(60), EntryKind::Theft, "Vitrine.")
        .unwrap();
    assert_eq!(shift.log.len(), 1);
    for number in shift.log.len()..MOST_ENTRIES {
        let text = format!("Ronde {number}.");
        shift
            .note(&booking, at(483), EntryKind::Note, &text)
            .unwrap();
    }
    assert_eq!(
        shift.note(&booking, at(484), EntryKind::Note, "Ronde."),
        Err(ShiftRefused::LogFull)
    );
}

#[test]
fn a_position_is_on_earth() {
    for (latitude, longitude, fine) in [
        (i32::MIN, 0, false),
        (0, i32::MIN, false),
        (45_764_043, 4_835_659, true),
        (-90_000_000, 180_000_000, true),
        (90_000_001, 0, false),
        (0, -180_000_001, false),
    ] {
        let (booking, mut shift) = sent();
        let position = Whereabouts {
            latitude,
            longitude,
            accuracy: 8,
        };
        let told = shift.arrive(&booking, now(START), Some(position));
        assert_eq!(told.is_ok(), fine, "{latitude} {longitude}");
        assert_eq!(shift.arrived.is_some(), fine);
    }
}

#[test]
fn who_is_replaced_is_not_there_any_more_and_keeps_what_they_did() {
    let replaced = |at: Timestamp| Booking {
        agents: vec![agent('B')],
        replacements: vec![Replacement {
            left: agent('A'),
            came: agent('B'),
            at,
        }],
        ..booking_in(BookingState::Accepted)
    };
    // Before the start: the first has nothing to do of it, the other all of it.
    let before = replaced(START - hours(5));
    assert_eq!(Duty::of(&before, &agent('A')), None);
    assert_eq!(Duty::of(&before, &agent('C')), None);
    let all = Duty::of(&before, &agent('B')).unwrap();
    assert_eq!(all, Duty::Sent(before.mission.interval));
    // During it: each a part.
    let during = replaced(START + hours(3));
    let (_, mut shift) = sent();
    let (booking, _) = sent();
    shift.arrive(&booking, now(START), None).unwrap();
    let first = Duty::of(&during, &agent('A')).unwrap();
    assert!(matches!(first, Duty::Relieved(done) if done.end() == START + hours(3)));
    assert_eq!(
        Duty::of(&during, &agent('B')).unwrap().interval().start(),
        START + hours(3)
    );
    assert_eq!(shift.leave(&during, now(START + hours(3)), None), Ok(()));
    let (_, mut not_there) = sent();
    assert_eq!(
        not_there.arrive(&during, now(START), None),
        Err(ShiftRefused::TakenAway)
    );
}

/// What a sweep that runs every minute tells, with when: from five minutes before the start on.
fn told_by(booking: &Booking, mut shift: Shift) -> Vec<(i64, LateStep)> {
    let mut told = Vec::new();
    for minute in -5..600 {
        let at = START + minutes(minute);
        // Run twice: the second finds nothing.
        for _ in 0..2 {
            if let Some(step) = shift.watch(booking, at) {
                told.push((minute, step));
            }
        }
    }
    told
}

#[test]
fn the_company_is_told_after_ten_minutes_and_the_client_after_twenty_once_each() {
    let (booking, shift) = sent();
    let both = [(10, LateStep::Company), (20, LateStep::Client)];
    assert_eq!(told_by(&booking, shift.clone()), both);
    let mut arrived = shift.clone();
    arrived
        .arrive(&booking, now(START + minutes(1)), None)
        .unwrap();
    assert_eq!(told_by(&booking, arrived), []);
    let cancelled = Booking {
        state: BookingState::Cancelled,
        ..booking.clone()
    };
    assert_eq!(told_by(&cancelled, shift.clone()), []);
    let given_away = Booking {
        agents: vec![agent('B')],
        ..booking.clone()
    };
    assert_eq!(told_by(&given_away, shift.clone()), []);
    // An outage that outlasts the mission tells nobody; a shorter one tells both, late.
    let mut late = shift.clone();
    assert_eq!(late.watch(&booking, START + hours(9)), None);
    let mut late = shift;
    let at = START + hours(2);
    assert_eq!(late.watch(&booking, at), Some(LateStep::Company));
    assert_eq!(late.watch(&booking, at), Some(LateStep::Client));
    assert_eq!(late.watch(&booking, at), None);
}

#[test]
fn a_mission_that_is_put_off_is_waited_for_at_its_new_start() {
    let (booking, mut shift) = sent();
    let mut later = booking.clone();
    later.mission.interval =
        domain::time::interval::Interval::new(START + hours(4), START + hours(12)).unwrap();
    assert_eq!(shift.watch(&later, START + minutes(10)), None);
    assert_eq!(shift.watch(&later, START + hours(4)), None);
    assert_eq!(
        shift.watch(&later, START + hours(4) + minutes(10)),
        Some(LateStep::Company)
    );
}
