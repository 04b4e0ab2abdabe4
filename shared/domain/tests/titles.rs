//! Titles in force, and missions that lack one: over every document, day and state, and however often one
//! looks.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod samples;

use std::collections::BTreeSet;

use domain::account::{Acceptance, legal};
use domain::booking::confirmation::confirmation;
use domain::booking::{Booking, BookingState, Next, Payouts, Shares, Wait};
use domain::identifiers::{CnapsNumber, Email, Iban};
use domain::ids::{AccountId, AgentId, DocumentId, ManagerId, TypedId as _};
use domain::offer::Activity;
use domain::professional::{
    Agent, BankAccount, Checked, Conditions, Document, DocumentDetails, DocumentFile, DocumentKind,
    DocumentStatus, EarlyEnd, FileType, Finding, Holder, Manager, PayoutAccount, PayoutStatus,
    Professional, ProfessionalRefused, ProfessionalStatus, TitleActivity,
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

fn carrying(activities: &[TitleActivity]) -> Option<BTreeSet<TitleActivity>> {
    Some(activities.iter().copied().collect())
}

fn card_of(last: char, agent: AgentId, number: &str, until: &str) -> Document {
    let details = DocumentDetails::ProfessionalCard {
        agent,
        number: CnapsNumber::parse(number).unwrap(),
        expires_on: day(until),
        activities: carrying(&[TitleActivity::Surveillance]),
    };
    document(last, details)
}

/// The same document with other activities on it; nothing for those that were deposited before activities
/// were asked for.
fn with_activities(mut document: Document, typed: Option<BTreeSet<TitleActivity>>) -> Document {
    match &mut document.details {
        DocumentDetails::Authorisation { activities, .. }
        | DocumentDetails::ProfessionalCard { activities, .. } => *activities = typed,
        other => panic!("no activities are written on {other:?}"),
    }
    document
}

fn diploma(last: char, agent: AgentId, until: &str) -> Document {
    let details = DocumentDetails::FireSafetyDiploma {
        agent,
        number: "SSIAP1-69-2024-118".to_owned(),
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
        activities: carrying(&[TitleActivity::Surveillance]),
        establishment: None,
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
fn with(mut documents: Vec<Document>) -> Professional {
    documents.push(document(
        'Z',
        DocumentDetails::ConditionsOfSale {
            version: "1".to_owned(),
            contents: Conditions::default(),
        },
    ));
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

/// What is sold and done at one moment of a mission's life, and whether it is.
type Moment = (&'static str, fn(&Professional) -> bool);

/// From the first look at the offer to the payout. The mission is one of human surveillance.
const MOMENTS: [Moment; 11] = [
    ("search", |professional| {
        // Its listing, and one free agent in it, until the last day.
        let lasts = |until: Option<Date>| until.is_some_and(|until| until >= day(LAST_DAY));
        let sold = professional.sells(SOLD, begins()).ok();
        let agents = professional.profile.agents.iter();
        let mut until = agents
            .map(|agent| professional.credential_lasts_until(&agent.id, SOLD, day(FIRST_DAY)));
        lasts(sold) && until.any(lasts)
    }),
    ("quote", |professional| {
        professional
            .may_perform(SOLD, mission(), Zone::Paris)
            .is_ok()
            && !professional
                .agents_with_titles(SOLD, mission(), Zone::Paris)
                .is_empty()
    }),
    ("order", |professional| {
        professional
            .may_perform(SOLD, mission(), Zone::Paris)
            .is_ok()
            && !professional
                .agents_with_titles(SOLD, mission(), Zone::Paris)
                .is_empty()
    }),
    ("acceptance", |professional| {
        let accepted = professional.may_accept(SOLD, mission(), Zone::Paris, &[agent()]);
        let refused = Err(ProfessionalRefused::TitlesMissing);
        assert!(accepted.is_ok() || accepted == refused, "{accepted:?}");
        accepted.is_ok()
    }),
    ("assignment", |professional| {
        let titled = professional.agents_with_titles(SOLD, mission(), Zone::Paris);
        let company = professional.covered_until(SOLD, day(FIRST_DAY));
        titled.iter().any(|one| one.id == agent())
            && company.is_some_and(|until| until >= day(LAST_DAY))
    }),
    ("days before", |professional| {
        let mut booking = booking_in(BookingState::Accepted);
        booking.watch_titles(professional, begins() - hours(100));
        booking.title_gaps(professional).is_empty()
    }),
    ("eve", |professional| stands(professional, -24)),
    ("start", |professional| stands(professional, 0)),
    ("last hour", |professional| stands(professional, 7)),
    ("end", |professional| {
        is_paid(professional, BookingState::Completed)
    }),
    ("validation", |professional| {
        is_paid(professional, BookingState::Validated)
    }),
];

const SOLD: Activity = Activity::HumanSurveillance;

fn mission() -> Interval {
    booking_in(BookingState::Accepted).mission.interval
}

/// Whether an accepted mission stands so many hours from its start.
fn stands(professional: &Professional, from_start: i64) -> bool {
    let booking = booking_in(BookingState::Accepted);
    !booking.is_to_be_cancelled_for_titles(professional, begins() + hours(from_start))
}

/// Whether nothing keeps the mission, once it is in this state, from being paid out by itself. A title
/// that was never verified is nobody's alert: such a mission cannot have been ordered.
fn is_paid(professional: &Professional, state: BookingState) -> bool {
    let mut booking = booking_in(state);
    booking.payment.transfers.clear();
    let now = begins() + hours(9);
    booking.watch_titles(professional, now);
    booking.title_gaps(professional).is_empty() && !booking.lacks_title()
}

/// Each title, as it is at the mission; whether the mission is covered by it; and whether an offer may be
/// published on the first day, on which only that day counts.
#[test]
fn every_title_counts_at_every_moment() {
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
    for (kind, make, of_another_person) in kinds {
        let whole = || make('E', "2030-01-01");
        let waiting = |status| with_status(whole(), status);
        let takes_over = vec![make('E', FIRST_DAY), make('F', LAST_DAY)];
        let replaced = vec![
            ended(make('E', "2031-01-01"), "2026-12-01"),
            make('F', "2030-01-01"),
        ];
        let mut cases = vec![
            ("in force", vec![whole()], true, true),
            ("until the last day", vec![make('E', LAST_DAY)], true, true),
            (
                "until the first day",
                vec![make('E', FIRST_DAY)],
                true,
                false,
            ),
            ("missing", vec![], false, false),
            ("ended", vec![make('E', "2027-01-09")], false, false),
            (
                "withdrawn",
                vec![ended(whole(), "2026-12-01")],
                false,
                false,
            ),
            (
                "withdrawn between its days",
                vec![ended(whole(), FIRST_DAY)],
                true,
                false,
            ),
            (
                "not verified",
                vec![waiting(DocumentStatus::Deposited)],
                false,
                false,
            ),
            (
                "turned down",
                vec![waiting(DocumentStatus::Rejected)],
                false,
                false,
            ),
            ("withdrawn, and another in force", replaced, true, true),
            ("one takes over from another", takes_over, true, true),
        ];
        cases
            .extend(of_another_person.map(|other| ("another person’s", vec![other], false, false)));
        if kind == DocumentKind::Insurance {
            let from = |first| vec![insurance('B', first, "2030-12-31")];
            cases.push(("from the first day", from(FIRST_DAY), true, true));
            cases.push(("not yet valid", from(LAST_DAY), false, false));
            let reversed = vec![insurance('B', "2027-06-01", "2027-01-31")];
            cases.push(("dates the wrong way round", reversed, false, false));
        }
        if matches!(
            kind,
            DocumentKind::Authorisation | DocumentKind::ProfessionalCard
        ) {
            let dog = carrying(&[TitleActivity::DogHandling]);
            let both = carrying(&[TitleActivity::Surveillance, TitleActivity::DogHandling]);
            let with = |typed| with_activities(whole(), typed);
            cases.push(("another activity", vec![with(dog.clone())], false, false));
            cases.push(("this one among others", vec![with(both)], true, true));
            cases.push((
                "from before activities were typed",
                vec![with(None)],
                true,
                true,
            ));
            let narrower = vec![
                make('E', FIRST_DAY),
                with_activities(make('F', "2030-01-01"), dog),
            ];
            cases.push(("renewed without the activity", narrower, true, false));
        }
        for (what, instead, published, covered) in cases {
            let professional = with_instead(kind, instead);
            let may = professional.check_may_publish(SOLD, day(FIRST_DAY));
            assert_eq!(
                may.is_ok(),
                published,
                "{kind:?}: {what}, published: {may:?}"
            );
            for (moment, holds) in MOMENTS {
                assert_eq!(
                    holds(&professional),
                    covered,
                    "{kind:?}: {what}, at {moment}"
                );
            }
        }
    }
}

#[test]
fn each_activity_asks_for_its_own_titles() {
    use TitleActivity as Carried;
    // What the articles of the code name: CSI, L611-1 and L612-2, and nothing for fire safety.
    let asked = [
        (Activity::HumanSurveillance, Some(Carried::Surveillance)),
        (Activity::EventSecurity, Some(Carried::Surveillance)),
        (
            Activity::ElectronicSurveillance,
            Some(Carried::Surveillance),
        ),
        (Activity::DogHandling, Some(Carried::DogHandling)),
        (Activity::VideoProtection, Some(Carried::VideoProtection)),
        (Activity::CashTransport, Some(Carried::CashTransport)),
        (Activity::CloseProtection, Some(Carried::CloseProtection)),
        (
            Activity::ArmedSurveillance,
            Some(Carried::ArmedSurveillance),
        ),
        (Activity::AirportSecurity, Some(Carried::AirportSecurity)),
        (
            Activity::PrivateInvestigation,
            Some(Carried::PrivateInvestigation),
        ),
        (Activity::FireSafety, None),
    ];
    assert_eq!(asked.len(), Activity::ALL.len());
    let sells = |professional: &Professional, activity: Activity| {
        let mission = mission();
        let published = professional
            .check_may_publish(activity, day(FIRST_DAY))
            .is_ok();
        let ordered = professional
            .may_perform(activity, mission, Zone::Paris)
            .is_ok()
            && !professional
                .agents_with_titles(activity, mission, Zone::Paris)
                .is_empty();
        let accepted = professional.may_accept(activity, mission, Zone::Paris, &[agent()]);
        assert_eq!(published, ordered, "{activity:?}");
        assert_eq!(accepted.is_ok(), ordered, "{activity:?}");
        ordered
    };
    for carried in Carried::ALL {
        let typed = carrying(&[carried]);
        let mut documents = whole();
        documents[0] = with_activities(authorisation('A', "2123-12-09"), typed.clone());
        documents[3] = with_activities(card('D', "2030-06-19"), typed);
        let professional = with(documents);
        for (activity, asks) in asked {
            let expected = asks == Some(carried);
            assert_eq!(
                sells(&professional, activity),
                expected,
                "{carried:?} for {activity:?}"
            );
        }
    }
    // The company's authorisation alone, or the agent's card alone, is not enough.
    for place in [0, 3] {
        let mut documents = whole();
        let typed = carrying(&[Carried::DogHandling]);
        documents[place] = with_activities(documents[place].clone(), typed);
        let professional = with(documents);
        assert!(!sells(&professional, Activity::DogHandling));
        assert!(!sells(&professional, Activity::HumanSurveillance));
    }
}

#[test]
fn fire_safety_asks_for_the_diploma_and_the_insurance_alone() {
    let other = AgentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AZ");
    let insured = || insurance('B', "2026-01-01", "2030-12-31");
    for (what, documents, covered) in [
        (
            "diploma",
            vec![insured(), diploma('G', agent(), "2030-01-01")],
            true,
        ),
        ("no diploma", whole(), false),
        (
            "over",
            vec![insured(), diploma('G', agent(), "2027-01-10")],
            false,
        ),
        (
            "another’s",
            vec![insured(), diploma('G', other.clone(), "2030-01-01")],
            false,
        ),
        (
            "no insurance",
            vec![diploma('G', agent(), "2030-01-01")],
            false,
        ),
    ] {
        let professional = with(documents);
        let mission = mission();
        let mut booking = booking_in(BookingState::Accepted);
        booking.mission.activity = Activity::FireSafety;
        let activity = Activity::FireSafety;
        let ordered = professional
            .may_perform(activity, mission, Zone::Paris)
            .is_ok()
            && professional
                .agents_with_titles(activity, mission, Zone::Paris)
                .len()
                == 1;
        assert_eq!(ordered, covered, "{what}");
        let accepted = professional.may_accept(activity, mission, Zone::Paris, &[agent()]);
        assert_eq!(accepted.is_ok(), covered, "{what}");
        let gaps = booking.title_gaps(&professional);
        assert_eq!(gaps.is_empty(), covered, "{what}");
    }
    let professional = with(vec![insured(), diploma('G', agent(), "2030-01-01")]);
    let shown = professional.credential(&agent(), Activity::FireSafety, day(FIRST_DAY));
    assert_eq!(
        shown.and_then(Document::number).as_deref(),
        Some("SSIAP1-69-2024-118")
    );
}

/// What the operator had looked up on a title keeps counting, until it is found wrong.
#[test]
fn titles_from_before_activities_were_typed_carry_what_was_looked_up() {
    let mut documents = whole();
    documents[0] = with_activities(authorisation('A', "2123-12-09"), None);
    documents[3] = with_activities(card('D', "2030-06-19"), None);
    let mut professional = with(documents);
    let sells = |professional: &Professional, activity| {
        professional
            .check_may_publish(activity, day(FIRST_DAY))
            .is_ok()
    };
    let dog = Activity::DogHandling;
    assert!(sells(&professional, Activity::EventSecurity));
    assert!(!sells(&professional, dog));
    let by = AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
    let finding = Finding {
        by: &by,
        method: "Mention lue sur la carte",
        reason: None,
        at: begins(),
    };
    professional
        .verify(Checked::Activity(dog), &finding)
        .unwrap();
    assert!(sells(&professional, dog));
    assert!(!sells(&professional, Activity::CashTransport));
    professional
        .refute(Checked::Activity(dog), &finding, "Mention absente")
        .unwrap();
    assert!(!sells(&professional, dog));
    // An older record reads as such a title.
    let stored = serde_json::json!({
        "kind": "authorisation", "number": "AUT-069-2123-12-09-20260183149", "expires_on": "2123-12-09",
    });
    let read: DocumentDetails = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(read.activities(), None);
    assert_eq!(serde_json::to_value(&read).unwrap(), stored);
}

/// Whoever looks only where something was lost misses nothing.
#[test]
fn nothing_is_missing_where_nothing_was_lost() {
    let cases = [
        ("whole", whole(), false),
        (
            "an agent’s card over",
            vec![
                authorisation('A', "2123-12-09"),
                insurance('B', "2026-01-01", "2030-12-31"),
                card('D', FIRST_DAY),
            ],
            true,
        ),
        (
            "renewed with fewer activities",
            vec![
                with_activities(
                    authorisation('A', FIRST_DAY),
                    carrying(&[TitleActivity::Surveillance, TitleActivity::DogHandling]),
                ),
                authorisation('E', "2123-12-09"),
            ],
            true,
        ),
        (
            "renewed with the same",
            vec![
                authorisation('A', FIRST_DAY),
                authorisation('E', "2123-12-09"),
            ],
            false,
        ),
    ];
    for (what, documents, lost) in cases {
        let professional = with(documents);
        let seen = professional.lost_something(day(FIRST_DAY), day(LAST_DAY), Some(&agent()));
        assert_eq!(seen, lost, "{what}");
    }
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
    let told = |fact: &&str| fact.starts_with(new_number);
    assert!(facts.iter().any(told), "{facts:?}");
    let held = professional.in_force(
        DocumentKind::ProfessionalCard,
        Holder::Agent(&agent()),
        day("2033-01-01"),
    );
    assert!(held.is_some());
}

#[test]
fn a_hidden_professional_accepts_nothing() {
    let accepts = |professional: &Professional| {
        professional.may_accept(SOLD, mission(), Zone::Paris, &[agent()])
    };
    let mut professional = with(whole());
    assert_eq!(accepts(&professional), Ok(()));
    professional.hidden_at = Some(begins() - hours(300));
    let refused = accepts(&professional);
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
