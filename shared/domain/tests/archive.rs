//! Archiving, over every state, for both parties.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::booking::{Booking, BookingParty, BookingRefused, BookingState};
use jiff::{SignedDuration, Timestamp};
use samples::{START, booking_in};

const PARTIES: [BookingParty; 2] = [BookingParty::Client, BookingParty::Professional];

fn ended(state: BookingState) -> Booking {
    let mut booking = booking_in(state);
    if !state.is_live() && booking.validated_at.is_none() {
        booking.closed_at = Some(START);
    }
    booking
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

#[test]
fn only_what_is_over_is_archived() {
    let much_later: Timestamp = START + days(400);
    for state in BookingState::ALL {
        for party in PARTIES {
            let mut booking = ended(state);
            let done = booking.archive(party, true);
            if state.is_live() {
                assert_eq!(done, Err(BookingRefused::NotOver), "{state:?}");
                assert!(!booking.is_archived(party, much_later), "{state:?}");
            } else {
                done.unwrap();
                assert!(booking.is_archived(party, START), "{state:?}");
            }
        }
    }
}

#[test]
fn what_one_party_archives_stays_where_it_is_for_the_other() {
    for (one, other) in [(PARTIES[0], PARTIES[1]), (PARTIES[1], PARTIES[0])] {
        let mut booking = ended(BookingState::Validated);
        booking.archive(one, true).unwrap();
        assert!(booking.is_archived(one, START));
        assert!(!booking.is_archived(other, START));
        booking.archive(one, false).unwrap();
        assert!(!booking.is_archived(one, START));
    }
}

#[test]
fn ninety_days_archive_by_themselves_unless_the_party_took_it_out() {
    for party in PARTIES {
        let mut booking = ended(BookingState::Expired);
        let limit = START + days(90);
        assert!(!booking.is_archived(party, limit - SignedDuration::from_secs(1)));
        assert!(booking.is_archived(party, limit));
        booking.archive(party, false).unwrap();
        assert!(!booking.is_archived(party, limit + days(300)));
    }
}

#[test]
fn coordinates_are_read_from_the_contract_on_until_thirty_days_after_its_end() {
    for state in BookingState::ALL {
        let booking = ended(state);
        assert_eq!(
            booking.shares_coordinates(START),
            state.contract_concluded(),
            "{state:?}"
        );
        let lasts = state.contract_concluded() && state.is_live();
        assert_eq!(
            booking.shares_coordinates(START + days(400)),
            lasts,
            "{state:?}"
        );
    }
    let mut settled = ended(BookingState::Settled);
    settled.closed_at = Some(START);
    let limit = START + days(30);
    assert!(settled.shares_coordinates(limit - SignedDuration::from_secs(1)));
    assert!(!settled.shares_coordinates(limit));
}
