//! Titles in force, and missions that lack one: over every document, day and state, and however often one
//! looks.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use domain::account::{Acceptance, legal};
use domain::booking::confirmation::confirmation;
use domain::booking::{Booking, BookingState, Next, Payouts, Shares, Wait};
use domain::identifiers::{CnapsNumber, Email, Iban};
use domain::ids::{AgentId, DocumentId, ManagerId, TypedId as _};
use domain::professional::{
    Agent, BankAccount, Document, DocumentDetails, DocumentFile, DocumentKind, DocumentStatus,
    EarlyEnd, FileType, Holder, Manager, PayoutAccount, PayoutStatus, Professional,
    ProfessionalRefused, ProfessionalStatus,
};
use domain::time::interval::Interval;
use domain::time::zone::Zone;
use jiff::Timestamp;
use jiff::civil::Date;
use samples::{START, hours};

/// The mission: 10 January 2027, 22:00, to 11 January, 06:00.
const FIRST_DAY: &str = "2027-01-10";
const LAST_DAY: &str = "2027-01-11";

/// A booking of the samples, by night.
fn booking_in(state: BookingState) -> Booking {
    let mut booking = samples::booking_in(state);
    booking.mission.interval = Interval::new(begins(), begins() + hours(8)).unwrap();
    booking
}

fn begins() -> Timestamp {
    START - hours(11)
}

fn id(last: char) -> DocumentId {
    DocumentId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S6A{last}"))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn agent() -> AgentId {
    booking_in(BookingState::Accepted).agents.remove(0)
}

fn manager() -> ManagerId {
    ManagerId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AM")
}

fn document(last: char, details: DocumentDetails) -> Document {
    Document {
        id: id(last),
        details,
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
        reviewed_by: None,
        despite: None,
        rejection: None,
        ended_early: None,
    }
}

fn card_of(last: char, agent: AgentId, number: &str, until: &str) -> Document {
    let details = DocumentDetails::ProfessionalCard {
        agent,
        number: CnapsNumber::parse(number).unwrap(),
        expires_on: day(until),
    };
    document(last, details)
}

fn card(last: char, until: &str) -> Document {
    card_of(last, agent(), "CAR-069-2030-06-19-20250183149", until)
}

fn insurance(last: char, from: &str, until: &str) -> Document {
    let details = DocumentDetails::Insurance {
        insurer: "Assureur".to_owned(),
        insurer_contact: "1 rue du Test".to_owned(),
        policy_number: "RC-1".to_owned(),
        coverage: "France".to_owned(),
        valid_from: day(from),
        expires_on: day(until),
    };
    document(last, details)
}

fn authorisation(last: char, until: &str) -> Document {
    let details = DocumentDetails::Authorisation {
        number: CnapsNumber::parse("AUT-069-2123-12-09-20260183149").unwrap(),
        expires_on: day(until),
    };
    document(last, details)
}

fn approval(last: char, manager: ManagerId, until: &str) -> Document {
    let details = DocumentDetails::ManagerApproval {
        manager,
        number: CnapsNumber::parse("AGD-069-2030-06-12-20250183149").unwrap(),
        expires_on: day(until),
    };
    document(last, details)
}

fn ended(mut document: Document, on: &str) -> Document {
    document.ended_early = Some(EarlyEnd {
        on: day(on),
        reason: "retirée".to_owned(),
        at: START - hours(500),
    });
    document
}

fn with_status(mut document: Document, status: DocumentStatus) -> Document {
    document.status = status;
    document
}

/// A professional with these documents, one manager and one agent, who can be paid.
fn with(documents: Vec<Document>) -> Professional {
    let terms = Acceptance::of(legal::TERMS_PROFESSIONALS, START - hours(2000), "", "");
    let id = booking_in(BookingState::Accepted).professional;
    let mut professional = Professional {
        status: ProfessionalStatus::Accepted,
        documents,
        payout_account: Some(PayoutAccount {
            id: "acct_1".to_owned(),
            status: PayoutStatus::Active,
        }),
        bank_account: Some(BankAccount {
            iban: Iban::parse("FR7630006000011234567890189").unwrap(),
            holder: "Exemple".to_owned(),
        }),
        ..Professional::begin(id, Email::parse("chef@exemple.fr").unwrap(), terms)
    };
    professional.profile.managers = vec![Manager {
        id: manager(),
        name: "Ada Chef".to_owned(),
    }];
    professional.profile.agents = vec![Agent {
        id: agent(),
        first_name: "Noé".to_owned(),
        last_name: "Agent".to_owned(),
    }];
    professional
}

/// Everything that the mission needs, for years.
fn whole() -> Vec<Document> {
    vec![
        authorisation('A', "2123-12-09"),
        insurance('B', "2026-01-01", "2030-12-31"),
        approval('C', manager(), "2030-06-12"),
        card('D', "2030-06-19"),
    ]
}

/// `whole` with what takes the place of its document of the same kind: nothing, one, or several.
fn with_instead(kind: DocumentKind, instead: Vec<Document>) -> Professional {
    let mut documents = whole();
    documents.retain(|document| document.kind() != kind);
    documents.extend(instead);
    with(documents)
}

#[test]
fn every_title_counts_at_every_check_and_on_every_day_of_the_mission() {
    let mission = booking_in(BookingState::Accepted).mission.interval;
    let agents = [agent()];
    let other_agent = AgentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AZ");
    let other_manager = ManagerId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AZ");
    type Make<'a> = &'a dyn Fn(char, &str) -> Document;
    let kinds: [(DocumentKind, Make<'_>, Option<Document>); 4] = [
        (DocumentKind::Authorisation, &authorisation, None),
        (
            DocumentKind::Insurance,
            &|last, until| insurance(last, "2026-01-01", until),
            None,
        ),
        (
            DocumentKind::ManagerApproval,
            &|last, until| approval(last, manager(), until),
            Some(approval('E', other_manager, "2030-01-01")),
        ),
        (
            DocumentKind::ProfessionalCard,
            &card,
            Some(card_of(
                'E',
                other_agent,
                "CAR-069-2030-06-19-20250183149",
                "2030-01-01",
            )),
        ),
    ];
    for (kind, make, of_somebody_else) in kinds {
        let mut cases = vec![
            ("in force", vec![make('E', "2030-01-01")], true),
            ("until the last day", vec![make('E', LAST_DAY)], true),
            ("until the first day", vec![make('E', FIRST_DAY)], false),
            ("ended before", vec![make('E', "2027-01-09")], false),
            ("missing", vec![], false),
            (
                "withdrawn",
                vec![ended(make('E', "2030-01-01"), "2026-12-01")],
                false,
            ),
            (
                "withdrawn between its days",
                vec![ended(make('E', "2030-01-01"), FIRST_DAY)],
                false,
            ),
            (
                "not verified",
                vec![with_status(
                    make('E', "2030-01-01"),
                    DocumentStatus::Deposited,
                )],
                false,
            ),
            (
                "turned down",
                vec![with_status(
                    make('E', "2030-01-01"),
                    DocumentStatus::Rejected,
                )],
                false,
            ),
            (
                "withdrawn, and another in force",
                vec![
                    ended(make('E', "2031-01-01"), "2026-12-01"),
                    make('F', "2030-01-01"),
                ],
                true,
            ),
            (
                "one takes over from another",
                vec![make('E', FIRST_DAY), make('F', LAST_DAY)],
                true,
            ),
        ];
        cases.extend(of_somebody_else.map(|other| ("of somebody else", vec![other], false)));
        for (what, instead, covered) in cases {
            let professional = with_instead(kind, instead);
            let accepting = professional.may_accept(mission, Zone::Paris, &agents);
            let refused = Err(ProfessionalRefused::TitlesMissing);
            assert_eq!(
                accepting,
                if covered { Ok(()) } else { refused },
                "{kind:?}: {what}"
            );
            let ordered = professional.may_perform(mission, Zone::Paris).is_ok()
                && professional.agents_with_titles(mission, Zone::Paris).len() == 1;
            assert_eq!(ordered, covered, "{kind:?} to order: {what}");
            let mut booking = booking_in(BookingState::Accepted);
            booking.watch_titles(&professional, begins() - hours(100));
            let gaps = booking.title_gaps(&professional);
            assert_eq!(gaps.is_empty(), covered, "{kind:?} watched: {what}");
            let eve = begins() - hours(24);
            let cancelled = booking.is_to_be_cancelled_for_titles(&professional, eve);
            assert_eq!(cancelled, !covered, "{kind:?} on the eve: {what}");
        }
    }
}

#[test]
fn an_insurance_that_has_not_begun_is_not_in_force_yet() {
    let mission = booking_in(BookingState::Accepted).mission.interval;
    for (from, covered) in [(FIRST_DAY, true), (LAST_DAY, false), ("2027-06-01", false)] {
        let professional = with_instead(
            DocumentKind::Insurance,
            vec![insurance('B', from, "2030-12-31")],
        );
        assert_eq!(
            professional.may_perform(mission, Zone::Paris).is_ok(),
            covered,
            "{from}"
        );
    }
    // Dates the wrong way round are never in force.
    let professional = with_instead(
        DocumentKind::Insurance,
        vec![insurance('B', "2027-06-01", "2027-01-31")],
    );
    assert!(professional.may_perform(mission, Zone::Paris).is_err());
}

#[test]
fn the_titles_last_as_long_as_the_first_of_them_to_end() {
    let today = day("2026-12-01");
    let lasts = |documents: Vec<Document>| with(documents).titles_valid_until(today);
    assert_eq!(lasts(whole()), Some(day("2030-06-12")));
    let renewed = with_instead(
        DocumentKind::Insurance,
        vec![
            insurance('B', "2026-01-01", "2026-12-31"),
            insurance('E', "2027-01-01", "2027-12-31"),
        ],
    );
    assert_eq!(renewed.titles_valid_until(today), Some(day("2027-12-31")));
    let gap = with_instead(
        DocumentKind::Insurance,
        vec![
            insurance('B', "2026-01-01", "2026-12-31"),
            insurance('E', "2027-01-02", "2027-12-31"),
        ],
    );
    assert_eq!(gap.titles_valid_until(today), Some(day("2026-12-31")));
    let not_yet = with_instead(
        DocumentKind::Insurance,
        vec![insurance('B', "2026-12-02", "2027-12-31")],
    );
    assert_eq!(not_yet.titles_valid_until(today), None);
}

#[test]
fn a_card_renewed_to_a_later_year_is_the_one_that_everybody_is_shown() {
    let new_number = "CAR-069-2035-06-19-20300183149";
    let professional = with_instead(
        DocumentKind::ProfessionalCard,
        vec![
            card('D', "2030-06-19"),
            card_of('E', agent(), new_number, "2035-06-19"),
        ],
    );
    let booking = booking_in(BookingState::Accepted);
    let shown = professional.card_in_force(&agent(), booking.first_day());
    assert_eq!(shown.map(|card| card.id.clone()), Some(id('E')));
    let parts = confirmation(&booking, &professional);
    let facts: Vec<&str> = parts
        .iter()
        .flat_map(|part| part.facts.iter().map(|(_, value)| value.as_str()))
        .collect();
    assert!(facts.contains(&new_number), "{facts:?}");
    let held = professional.in_force(
        DocumentKind::ProfessionalCard,
        Holder::Agent(&agent()),
        day("2033-01-01"),
    );
    assert!(held.is_some());
}

#[test]
fn a_hidden_professional_accepts_nothing() {
    let mission = booking_in(BookingState::Accepted).mission.interval;
    let mut professional = with(whole());
    assert_eq!(
        professional.may_accept(mission, Zone::Paris, &[agent()]),
        Ok(())
    );
    professional.hidden_at = Some(begins() - hours(300));
    let refused = professional.may_accept(mission, Zone::Paris, &[agent()]);
    assert_eq!(refused, Err(ProfessionalRefused::NotAvailable));
}

#[test]
fn a_mission_is_watched_from_its_request_until_it_is_paid_out() {
    let professional = with_instead(DocumentKind::ProfessionalCard, vec![card('D', FIRST_DAY)]);
    for state in BookingState::ALL {
        let mut booking = booking_in(state);
        let told = booking.watch_titles(&professional, begins() - hours(100));
        let watched = matches!(
            state,
            BookingState::Requested
                | BookingState::Accepted
                | BookingState::Completed
                | BookingState::UnderClaim
                | BookingState::Validated
        );
        assert_eq!(told.is_some(), watched, "{state:?}");
        assert_eq!(booking.lacks_title(), watched, "{state:?}");
    }
}

#[test]
fn it_is_cancelled_from_the_eve_on_and_no_longer_once_it_is_over() {
    let uncovered = with_instead(DocumentKind::Insurance, vec![]);
    let covered = with(whole());
    for state in BookingState::ALL {
        for (from_start, time) in [(-25, false), (-24, true), (-1, true), (7, true), (8, false)] {
            let booking = booking_in(state);
            let now = begins() + hours(from_start);
            let due = booking.is_to_be_cancelled_for_titles(&uncovered, now);
            let expected = time && state == BookingState::Accepted;
            assert_eq!(due, expected, "{state:?} at {from_start} h");
            assert!(!booking.is_to_be_cancelled_for_titles(&covered, now));
        }
    }
}

#[test]
fn each_title_is_told_of_once_whatever_happens_to_it_afterwards() {
    let mut booking = booking_in(BookingState::Accepted);
    let now = begins() - hours(100);
    let cards = |cards: Vec<Document>| with_instead(DocumentKind::ProfessionalCard, cards);
    let (first, longer) = (card('E', FIRST_DAY), card('F', "2027-01-09"));
    let ending = cards(vec![first.clone()]);
    assert_eq!(
        booking.watch_titles(&ending, now),
        Some(vec![first.id.clone()])
    );
    assert_eq!(booking.watch_titles(&ending, now + hours(1)), None, "twice");
    assert!(booking.lacks_title());

    let renewed = cards(vec![first.clone(), card('G', "2030-01-10")]);
    assert_eq!(booking.watch_titles(&renewed, now + hours(2)), Some(vec![]));
    assert!(!booking.lacks_title(), "lifted");
    assert_eq!(booking.watch_titles(&renewed, now + hours(3)), None);

    // The new one is withdrawn too: the old one is open again, and not told of again.
    assert_eq!(booking.watch_titles(&ending, now + hours(4)), Some(vec![]));
    assert!(booking.lacks_title());

    // Another one that ends is news.
    let other = cards(vec![longer.clone()]);
    assert_eq!(
        booking.watch_titles(&other, now + hours(5)),
        Some(vec![longer.id])
    );
    assert_eq!(booking.title_alerts.len(), 2);
}

#[test]
fn a_mission_that_took_place_without_a_title_waits_for_the_operator() {
    let uncovered = with_instead(
        DocumentKind::Authorisation,
        vec![ended(authorisation('A', "2123-12-09"), "2027-01-01")],
    );
    let mut booking = booking_in(BookingState::Validated);
    booking.payment.transfers.clear();
    let now = begins() + hours(100);
    let pays = |booking: &Booking| booking.next_step(Payouts::Open, now);
    assert!(
        matches!(pays(&booking), Next::Do(_)),
        "nothing is known yet"
    );
    booking.watch_titles(&uncovered, now);
    assert_eq!(pays(&booking), Next::Wait(Wait::TitleMissing));
    // The operator's decision ends the wait, whatever part it gives back.
    let decided = Booking {
        state: BookingState::Settled,
        due: Some(Shares::reduced_by(&booking.price, 0)),
        ..booking.clone()
    };
    assert!(matches!(pays(&decided), Next::Do(_)));
}
