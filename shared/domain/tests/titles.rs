//! Titles that end before a mission, over every state and however often one looks.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::account::{Acceptance, legal};
use domain::booking::BookingState;
use domain::identifiers::{CnapsNumber, Email};
use domain::ids::{DocumentId, TypedId as _};
use domain::professional::{
    Document, DocumentDetails, DocumentFile, DocumentStatus, FileType, Professional,
    ProfessionalStatus,
};
use samples::{START, booking_in, hours};

fn card(last: char, until: &str) -> Document {
    Document {
        id: DocumentId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}")),
        details: DocumentDetails::ProfessionalCard {
            agent: booking_in(BookingState::Accepted).agents.remove(0),
            number: CnapsNumber::parse("CAR-069-2030-06-19-20250183149").unwrap(),
            expires_on: until.parse().unwrap(),
        },
        file: DocumentFile {
            key: "documents/1".to_owned(),
            size: 10,
            sha256: "0".repeat(64),
            file_type: FileType::Pdf,
        },
        status: DocumentStatus::Verified,
        prepared_at: START - hours(1000),
        reviewed_at: None,
        review_method: None,
        rejection: None,
        ended_early: None,
    }
}

fn with(documents: Vec<Document>) -> Professional {
    let terms = Acceptance::of(legal::TERMS_PROFESSIONALS, START - hours(2000), "", "");
    let id = booking_in(BookingState::Accepted).professional;
    Professional {
        status: ProfessionalStatus::Accepted,
        documents,
        ..Professional::begin(id, Email::parse("chef@exemple.fr").unwrap(), terms)
    }
}

#[test]
fn only_an_accepted_mission_that_is_still_to_come_is_watched() {
    let professional = with(vec![card('A', "2027-01-10")]);
    for state in BookingState::ALL {
        for now in [START - hours(100), START] {
            let mut booking = booking_in(state);
            let told = booking.watch_titles(&professional, now);
            let watched = state == BookingState::Accepted && now < START;
            assert_eq!(told.is_some(), watched, "{state:?}");
            assert_eq!(booking.lacks_title(), watched, "{state:?}");
        }
    }
}

#[test]
fn a_title_that_lasts_through_the_mission_is_no_news() {
    let mut booking = booking_in(BookingState::Accepted);
    let professional = with(vec![card('A', "2027-01-11")]);
    assert_eq!(
        booking.watch_titles(&professional, START - hours(100)),
        None
    );
}

#[test]
fn each_title_is_told_of_once_whatever_happens_to_it_afterwards() {
    let mut booking = booking_in(BookingState::Accepted);
    let now = START - hours(100);
    let (first, longer) = (card('A', "2027-01-10"), card('B', "2027-01-09"));
    let ending = with(vec![first.clone()]);
    assert_eq!(
        booking.watch_titles(&ending, now),
        Some(vec![first.id.clone()])
    );
    assert_eq!(booking.watch_titles(&ending, now + hours(1)), None, "twice");
    assert!(booking.lacks_title());

    let renewed = with(vec![first.clone(), card('C', "2030-01-10")]);
    assert_eq!(booking.watch_titles(&renewed, now + hours(2)), Some(vec![]));
    assert!(!booking.lacks_title(), "lifted");
    assert_eq!(booking.watch_titles(&renewed, now + hours(3)), None);

    // The new one is withdrawn too: the old one is open again, and not told of again.
    assert_eq!(booking.watch_titles(&ending, now + hours(4)), Some(vec![]));
    assert!(booking.lacks_title());

    // Another one that ends is news.
    let other = with(vec![longer.clone()]);
    assert_eq!(
        booking.watch_titles(&other, now + hours(5)),
        Some(vec![longer.id])
    );
    assert_eq!(booking.title_alerts.len(), 2);
}
