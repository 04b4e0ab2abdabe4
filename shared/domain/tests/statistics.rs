//! What bookings add to a professional's figures, over every state that a booking can be in.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::booking::BookingState;
use domain::money::Euros;
use domain::statistics::{Figures, Month, Period, by_month};
use jiff::SignedDuration;
use samples::{START, booking_in};

fn period() -> Period {
    let first = Month::at(START - SignedDuration::from_hours(62 * 24));
    let last = Month::at(START + SignedDuration::from_hours(62 * 24));
    Period::new(first, last).unwrap()
}

fn total(months: &[(Month, Figures)]) -> Figures {
    months
        .iter()
        .fold(Figures::default(), |sum, (_, figures)| sum.and(*figures))
}

#[test]
fn every_state_counts_where_it_should() {
    for state in BookingState::ALL {
        let mut booking = booking_in(state);
        if matches!(
            state,
            BookingState::Refused | BookingState::CancelledByProfessional
        ) {
            booking.closed_at = booking
                .requested_at
                .map(|at| at + SignedDuration::from_mins(90));
        }
        let figures = total(&by_month(period(), &[], &[booking.clone()], &[]));
        let counted = u32::from(booking.requested_at.is_some());
        let done = matches!(
            state,
            BookingState::Completed
                | BookingState::Validated
                | BookingState::UnderClaim
                | BookingState::Settled
        );
        let answer_minutes = match (state, booking.accepted_at) {
            (BookingState::Refused, _) => 90,
            (_, Some(_)) => 60,
            (_, None) => 0,
        };
        assert_eq!(
            figures,
            Figures {
                requests: counted,
                accepted: u32::from(booking.accepted_at.is_some()),
                refused: u32::from(state == BookingState::Refused),
                expired: u32::from(state == BookingState::Expired),
                answer_minutes,
                cancellations: u32::from(state == BookingState::CancelledByProfessional),
                missions: u32::from(done),
                agent_minutes: if done {
                    u64::try_from(booking.mission.interval.minutes()).unwrap()
                } else {
                    0
                },
                revenue: booking.payment.transferred(),
                ..Figures::default()
            },
            "{state:?}"
        );
    }
}

#[test]
fn each_thing_counts_in_its_own_month_and_nothing_outside_the_period() {
    let mut booking = booking_in(BookingState::Validated);
    let later = SignedDuration::from_hours(40 * 24);
    booking.payment.transfers[0].at = START + later;
    booking.payment.transfers[0].reversed = Euros::from_cents(1_000);
    booking.requested_at = Some(START - later);
    booking.mission.agents = 3;
    let day = domain::time::paris::local_date(START);
    let months = by_month(period(), &[(day, 7)], &[booking.clone()], &[]);
    let of = |moment| {
        let month = Month::at(moment);
        months.iter().find(|(known, _)| *known == month).unwrap().1
    };
    assert_eq!(of(START - later).requests, 1);
    assert_eq!(of(START).missions, 1);
    assert_eq!(of(START).views, 7);
    assert_eq!(
        of(START).agent_minutes,
        3 * u64::try_from(booking.mission.interval.minutes()).unwrap()
    );
    assert_eq!(of(START).revenue, Euros::ZERO);
    assert_eq!(of(START + later).revenue, booking.payment.transferred());
    let alone = Month::at(START);
    let only = by_month(
        Period::new(alone, alone).unwrap(),
        &[(day, 7)],
        &[booking],
        &[],
    );
    assert_eq!((total(&only).requests, total(&only).missions), (0, 1));
}
