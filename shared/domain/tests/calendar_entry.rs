//! What a client's calendar is told of a mission, over every state.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::booking::{BookingState, EntryStatus};
use samples::booking_in;

#[test]
fn every_state_is_in_the_calendar_as_it_should_be() {
    use BookingState::*;
    let nothing = [AwaitingPayment, Abandoned];
    let tentative = [Requested];
    let confirmed = [Accepted, Completed, Validated, UnderClaim, Settled];
    let cancelled = [
        Refused,
        Expired,
        Cancelled,
        CancelledByProfessional,
        CancelledByPlatform,
        Withdrawn,
        PaymentFailed,
    ];
    for state in nothing {
        assert_eq!(booking_in(state).calendar_entry(), None, "{state:?}");
    }
    let mut before = None;
    for (states, status, sequence) in [
        (&tentative[..], EntryStatus::Tentative, 0),
        (&confirmed[..], EntryStatus::Confirmed, 1),
        (&cancelled[..], EntryStatus::Cancelled, 2),
    ] {
        for state in states {
            let entry = booking_in(*state).calendar_entry().unwrap();
            assert_eq!(
                (entry.status, entry.sequence),
                (status, sequence),
                "{state:?}"
            );
        }
        assert!(
            before < Some(sequence),
            "what comes later replaces what was before"
        );
        before = Some(sequence);
    }
    let all = nothing.len() + tentative.len() + confirmed.len() + cancelled.len();
    assert_eq!(all, BookingState::ALL.len());
}
