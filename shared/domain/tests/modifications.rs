//! What a modification of a booking may be, and what becomes of it: cell by cell.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::booking::{
    Actor, AgreedTerms, Booking, BookingParty, BookingRefused, BookingState, CardStatus, Command,
    Dispute, DisputeStage, Reminder, decide,
};
use domain::event::Event;
use domain::ids::{AgentId, TypedId};
use domain::money::Euros;
use domain::time::interval::Interval;
use jiff::{SignedDuration, Timestamp};
use samples::{START, booking_in, hours};

const CLIENT: BookingParty = BookingParty::Client;
const PROFESSIONAL: BookingParty = BookingParty::Professional;

/// Accepted and debited five days before its start.
fn paid() -> Booking {
    let mut booking = booking_in(BookingState::Accepted);
    booking.payment.card = CardStatus::Captured;
    booking.payment.captured_at = Some(START - hours(120));
    booking
}

const NOW: Timestamp = Timestamp::constant(1_799_654_400 - 100 * 3600, 0);

fn terms(booking: &Booking, later: i64, length: i64, total: i64) -> AgreedTerms {
    let start = booking.mission.interval.start() + hours(later);
    let mut price = booking.price.clone();
    price.total = Euros::from_cents(total);
    AgreedTerms {
        interval: Interval::new(start, start + hours(length)).unwrap(),
        agents: booking.mission.agents,
        price,
    }
}

fn proposed(
    booking: &Booking,
    terms: AgreedTerms,
    now: Timestamp,
) -> Result<Booking, BookingRefused> {
    let decision = booking.propose_modification(CLIENT, terms, String::new(), now)?;
    Ok(decision.booking)
}

#[test]
fn only_a_mission_that_stands_and_is_paid_for_changes() {
    for state in BookingState::ALL {
        let mut booking = booking_in(state);
        booking.payment.card = CardStatus::Captured;
        let expected = match state {
            BookingState::Accepted => Ok(()),
            _ => Err(BookingRefused::WrongState),
        };
        assert_eq!(booking.check_modifiable(NOW), expected, "{state:?}");
    }
    let mut unpaid = paid();
    unpaid.payment.card = CardStatus::Authorised;
    assert_eq!(
        unpaid.check_modifiable(NOW),
        Err(BookingRefused::WrongState)
    );
    let mut contested = paid();
    contested.payment.dispute = Some(Dispute {
        id: "dp_1".to_owned(),
        amount: contested.price.total,
        stage: DisputeStage::Open,
        at: NOW,
    });
    assert_eq!(
        contested.check_modifiable(NOW),
        Err(BookingRefused::WrongState)
    );
}

#[test]
fn a_modification_is_agreed_on_until_four_hours_before_either_start() {
    let booking = paid();
    let total = booking.price.total.cents();
    // (hours before the start now, hours by which the mission moves, hours until which one may answer)
    let cases = [
        (100, 24, Ok(48)),
        (30, 24, Ok(26)),
        (30, -20, Ok(6)),
        (30, -26, Err(BookingRefused::ModificationTooLate)),
        (30, -40, Err(BookingRefused::ModificationTooLate)),
        (5, 24, Ok(1)),
        (4, 24, Err(BookingRefused::ModificationTooLate)),
        (1, 24, Err(BookingRefused::ModificationTooLate)),
    ];
    for (before, moved, expected) in cases {
        let now = START - hours(before);
        let answer_by = proposed(&booking, terms(&booking, moved, 8, total), now)
            .map(|next| next.modification.unwrap().answer_by.duration_since(now));
        let expected: Result<SignedDuration, _> = expected.map(hours);
        assert_eq!(answer_by, expected, "{before} h before, moved by {moved} h");
    }
}

#[test]
fn what_is_proposed_changes_something_costs_no_more_and_ends_while_the_money_can_be_held() {
    let booking = paid();
    let total = booking.price.total.cents();
    let cases = [
        (
            terms(&booking, 0, 8, total),
            Err(BookingRefused::NothingChanges),
        ),
        (
            terms(&booking, 1, 8, total + 1),
            Err(BookingRefused::ModificationDearer),
        ),
        (terms(&booking, 1, 8, total), Ok(())),
        (terms(&booking, 0, 7, total - 1), Ok(())),
        // Debited 120 h before the start: 75 days later it must be over.
        (terms(&booking, 75 * 24 - 120 - 8, 8, total), Ok(())),
        (
            terms(&booking, 75 * 24 - 120 - 7, 8, total),
            Err(BookingRefused::TooFarAhead),
        ),
    ];
    for (wanted, expected) in cases {
        assert_eq!(booking.check_terms(&wanted, NOW), expected, "{wanted:?}");
    }
}

#[test]
fn only_the_other_party_agrees_to_what_it_read_and_in_time() {
    let booking = paid();
    let total = booking.price.total.cents();
    let pending = proposed(&booking, terms(&booking, 24, 6, total - 500), NOW).unwrap();
    let agents = || pending.agents.clone();
    let agree = |by, at, now| pending.agree_to_modification(by, at, agents(), now);
    let (unknown, late) = (
        BookingRefused::NoSuchModification,
        BookingRefused::ModificationTooLate,
    );
    assert_eq!(agree(CLIENT, NOW, NOW).unwrap_err(), unknown);
    assert_eq!(
        agree(PROFESSIONAL, NOW + hours(1), NOW).unwrap_err(),
        unknown
    );
    assert_eq!(agree(PROFESSIONAL, NOW, NOW + hours(48)).unwrap_err(), late);
    let last = NOW + hours(48) - SignedDuration::from_secs(1);
    let decision = agree(PROFESSIONAL, NOW, last).unwrap();
    let after = decision.booking;
    assert_eq!(
        decision.events,
        [Event::BookingModified {
            booking: after.id.clone()
        }]
    );
    assert_eq!(after.mission.interval.start(), START + hours(24));
    assert_eq!(after.former.len(), 1);
    assert_eq!(after.former[0].interval, booking.mission.interval);
    assert_eq!(
        (after.debited_total().cents(), after.lowered_by().cents()),
        (total, 500)
    );
    assert_eq!(after.modification, None);

    // A second one counts from what was debited.
    let again = proposed(&after, terms(&after, 24, 5, total - 700), NOW).unwrap();
    let again = again
        .agree_to_modification(PROFESSIONAL, NOW, agents(), NOW)
        .unwrap();
    assert_eq!(
        (
            again.booking.debited_total().cents(),
            again.booking.lowered_by().cents()
        ),
        (total, 700)
    );
}

#[test]
fn whoever_was_reminded_of_the_day_before_is_reminded_of_the_new_one() {
    let mut booking = paid();
    booking.reminded = vec![Reminder::AnswerFirst, Reminder::MissionTomorrow];
    let total = booking.price.total.cents();
    let now = START - hours(20);
    let pending = proposed(&booking, terms(&booking, 48, 8, total), now).unwrap();
    let agents = pending.agents.clone();
    let after = pending
        .agree_to_modification(PROFESSIONAL, now, agents, now)
        .unwrap();
    assert_eq!(after.booking.reminded, [Reminder::AnswerFirst]);
    let next = after.booking.next_deadline().unwrap();
    assert_eq!(next.at, START + hours(24));
}

#[test]
fn what_is_declined_or_taken_back_leaves_the_mission_and_only_a_refusal_is_told() {
    let booking = paid();
    let total = booking.price.total.cents();
    let pending = proposed(&booking, terms(&booking, 24, 8, total), NOW).unwrap();
    let declined = pending.drop_modification(PROFESSIONAL, NOW).unwrap();
    assert_eq!(declined.booking, booking);
    assert_eq!(
        declined.events,
        [Event::ModificationDeclined {
            booking: booking.id.clone(),
            by: PROFESSIONAL
        }]
    );
    let taken_back = pending.drop_modification(CLIENT, NOW).unwrap();
    assert_eq!(
        (taken_back.booking, taken_back.events),
        (booking, Vec::new())
    );
    let other = pending.drop_modification(CLIENT, NOW + hours(1));
    assert_eq!(other.unwrap_err(), BookingRefused::NoSuchModification);
}

#[test]
fn a_mission_changes_hands_and_terms_so_often_and_no_more() {
    let mut booking = paid();
    let (one, other): (AgentId, AgentId) = (
        booking.agents[0].clone(),
        AgentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AZ"),
    );
    for turn in 0..40 {
        let (left, came) = if turn % 2 == 0 {
            (&one, &other)
        } else {
            (&other, &one)
        };
        booking = booking.replace_agent(left, came, NOW).unwrap().booking;
    }
    let refused = booking.replace_agent(&one, &other, NOW).unwrap_err();
    assert_eq!(refused, BookingRefused::TooManyReplacements);

    let mut booking = paid();
    let total = booking.price.total.cents();
    for turn in 0..10 {
        let wanted = terms(&booking, if turn % 2 == 0 { 24 } else { -24 }, 8, total);
        let pending = proposed(&booking, wanted, NOW).unwrap();
        let agents = pending.agents.clone();
        let agreed = pending.agree_to_modification(PROFESSIONAL, NOW, agents, NOW);
        booking = agreed.unwrap().booking;
    }
    let wanted = terms(&booking, 24, 8, total);
    let refused = proposed(&booking, wanted, NOW).unwrap_err();
    assert_eq!(refused, BookingRefused::TooManyModifications);
}

#[test]
fn a_claim_has_so_many_proposals_and_no_more() {
    let mut booking = booking_in(BookingState::UnderClaim);
    let propose = Command::Propose {
        percent: 30,
        message: String::new(),
    };
    for _ in 0..40 {
        booking = decide(&booking, Actor::Client, &propose, NOW)
            .unwrap()
            .booking;
    }
    let refused = decide(&booking, Actor::Professional, &propose, NOW);
    assert_eq!(refused.unwrap_err(), BookingRefused::TooManyProposals);
}
