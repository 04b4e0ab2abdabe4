use super::*;
use crate::ids::TypedId as _;

const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn facts() -> Facts {
    let file = RetentionFile::of(Subject::Client(AccountId::from_ulid(ULID)));
    Facts::of(&file, false)
}

fn due(facts: &Facts, now: &str) -> Vec<Erasure> {
    let due = facts.due(at(now));
    due.into_iter().map(|due| due.erasure).collect()
}

#[test]
fn each_line_of_the_table_is_its_kinds() {
    for rule in RULES {
        assert_eq!(rule.kept.rule(), rule);
    }
}

/// Who closed on 30 November 2026 at noon.
#[test]
fn what_goes_after_a_closure_goes_on_the_day_and_not_before() {
    use Erasure::{Content, IdentityDocuments, Personal, Proofs};
    let closed = |professional| Facts {
        professional,
        closed_at: Some(at("2026-11-30T12:00:00Z")),
        ..facts()
    };
    let client: &[(&str, &[Erasure])] = &[
        ("2027-05-30T12:00:00Z", &[]),
        ("2028-11-30T11:59:59Z", &[]),
        ("2028-11-30T12:00:00Z", &[Content]),
        ("2029-11-30T11:59:59Z", &[Content]),
        ("2029-11-30T12:00:00Z", &[Content, Personal]),
        ("2036-11-30T11:59:59Z", &[Content, Personal]),
        ("2036-11-30T12:00:00Z", &[Content, Personal, Proofs]),
    ];
    for (now, expected) in client {
        assert_eq!(due(&closed(false), now), *expected, "{now}");
    }
    let professional: &[(&str, &[Erasure])] = &[
        // One in the afternoon in Paris, in winter as in summer.
        ("2027-05-30T10:59:59Z", &[]),
        ("2027-05-30T11:00:00Z", &[IdentityDocuments]),
        ("2028-11-30T12:00:00Z", &[IdentityDocuments, Content]),
    ];
    for (now, expected) in professional {
        assert_eq!(due(&closed(true), now), *expected, "{now}");
    }
}

#[test]
fn what_was_done_is_not_due_again_and_what_is_held_is_not_due() {
    let mut closed = Facts {
        closed_at: Some(at("2026-11-30T12:00:00Z")),
        done: [Erasure::Content].into(),
        ..facts()
    };
    assert_eq!(due(&closed, "2030-01-01T00:00:00Z"), [Erasure::Personal]);
    closed.held = true;
    assert_eq!(due(&closed, "2050-01-01T00:00:00Z"), []);
}

#[test]
fn an_inactive_client_is_warned_a_month_before_and_left_a_whole_month() {
    let mut client = Facts {
        last_seen: Some(at("2026-11-30T12:00:00Z")),
        ..facts()
    };
    for (now, expected) in [
        ("2029-10-30T11:59:59Z", vec![]),
        ("2029-10-30T12:00:00Z", vec![Erasure::WarnInactive]),
        ("2033-01-01T00:00:00Z", vec![Erasure::WarnInactive]),
    ] {
        assert_eq!(due(&client, now), expected, "{now}");
    }
    // Told two months late: the month runs from there.
    client.warned_at = Some(at("2029-12-31T12:00:00Z"));
    assert_eq!(due(&client, "2030-01-31T11:59:59Z"), []);
    assert_eq!(
        due(&client, "2030-01-31T12:00:00Z"),
        [Erasure::CloseInactive]
    );
    // Who comes back is told again, three years later.
    client.last_seen = Some(at("2030-01-10T12:00:00Z"));
    assert_eq!(due(&client, "2030-03-01T00:00:00Z"), []);
    assert_eq!(
        due(&client, "2032-12-10T12:00:00Z"),
        [Erasure::WarnInactive]
    );
}

#[test]
fn what_is_hastened_goes_at_once_but_for_what_proves() {
    let closed = Facts {
        closed_at: Some(at("2026-11-30T12:00:00Z")),
        hastened_at: Some(at("2026-11-30T12:00:00Z")),
        ..facts()
    };
    assert_eq!(
        due(&closed, "2026-11-30T12:00:00Z"),
        [Erasure::Content, Erasure::Personal]
    );
}

#[test]
fn books_are_kept_for_ten_years_from_the_end_of_their_year() {
    for (since, until) in [
        // Midnight in Paris is an hour earlier by UTC.
        ("2026-01-01T12:00:00Z", "2036-12-31T23:00:00Z"),
        ("2026-12-31T22:59:59Z", "2036-12-31T23:00:00Z"),
        ("2026-12-31T23:00:00Z", "2037-12-31T23:00:00Z"),
    ] {
        assert_eq!(Kept::Accounting.until(at(since)), at(until), "{since}");
    }
}

#[test]
fn a_hold_needs_a_reason_and_stands_once() {
    let operator = AccountId::from_ulid(ULID);
    let mut file = RetentionFile::of(Subject::Client(AccountId::from_ulid(ULID)));
    let now = at("2026-11-30T12:00:00Z");
    assert_eq!(file.hold("  ?", &operator, now), Err(HoldRefused::Reason));
    assert_eq!(
        file.lift("Plainte classée", &operator, now),
        Err(HoldRefused::NotHeld)
    );
    assert_eq!(file.hold("Plainte pénale", &operator, now), Ok(()));
    assert_eq!(
        file.hold("Encore une", &operator, now),
        Err(HoldRefused::HeldAlready)
    );
    assert!(Facts::of(&file, false).held);
    assert_eq!(file.lift("Plainte classée", &operator, now), Ok(()));
    assert!(!Facts::of(&file, false).held);
    assert_eq!(file.past_holds[0].hold.reason, "Plainte pénale");
}

#[test]
fn durations_are_said_in_words() {
    assert_eq!(
        kept_in_words()[1],
        "les messages et leurs pièces jointes, les pages, les offres, les avis, les autres documents, les consignes des missions : deux ans après la fermeture du compte, puis effacement, fichiers compris"
    );
    assert_eq!(
        Kept::Views.rule().duration_in_words(),
        "vingt-six mois après chaque jour"
    );
    assert_eq!(
        after_closure(),
        "Vos contenus sont gardés deux ans à l’écart, puis effacés ; ce qui permet encore de vous identifier est anonymisé au bout de trois ans ; les factures et les preuves des contrats sont gardées dix ans, comme la loi l’impose."
    );
}

#[test]
fn a_day_is_reported_by_kind() {
    let done = |erasure, records, files| Done {
        erasure,
        at: at("2026-11-30T12:00:00Z"),
        records,
        files,
    };
    let mut report = RetentionReport::of(jiff::civil::date(2026, 11, 30));
    report.add(&done(Erasure::Personal, 3, 0));
    report.add(&done(Erasure::Content, 2, 1));
    report.add(&done(Erasure::Content, 5, 4));
    let lines: Vec<_> = report
        .lines
        .iter()
        .map(|line| (line.erasure, line.subjects, line.records, line.files))
        .collect();
    assert_eq!(
        lines,
        [(Erasure::Content, 2, 7, 5), (Erasure::Personal, 1, 3, 0)]
    );
}
