//! The dry run: once a day everybody is looked at, and what is due is listed.

use adapters::deadline;
use adapters::store::{Changes, Key, Question, StoreError, TourPlace, Trace};
use domain::account::{Account, Role};
use domain::ledger::Movement;
use domain::professional::{Professional, ProfessionalStatus};
use domain::retention::{Due, Erasure, Kept, PlannedErasure, Subject};
use http_function::{Desk, Problem, Round};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::Files;
use super::books;
use super::known::{self, Known};

/// Where it is noted that everybody was looked at today.
const LISTING: &str = "list-retention";

/// How often it is noted that somebody is active: well within the twelve months that the log remembers.
const NOTED_EVERY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Professionals carry their documents: a page of them stays well under 1 MB.
const PAGE: i32 = 20;

/// How many months are looked back at for books that are over: more than any outage lasts.
const MONTHS_LOOKED_AT: i64 = 24;

/// Lists what is due of everybody, once a day.
pub(super) async fn list(desk: &Desk<Files>, trace: &Trace, today: Date) -> Result<(), Problem> {
    let key = Key::tour_place(LISTING);
    let noted = desk.store.get::<TourPlace>(key).await?;
    let known = noted.as_ref().map(|read| &read.record);
    let Some(made) = TourPlace::to_go_on(known, LISTING, Some(today)) else {
        return Ok(());
    };
    everybody(desk, trace, today).await?;
    // What stopped for want of time goes on in an hour, where it stopped.
    if deadline::left().is_zero() {
        return Ok(());
    }
    let changes = Changes::by(trace, desk.clock.now()).upsert(noted.as_ref(), &made);
    match desk.store.commit(changes).await {
        // Another run was as far.
        Ok(()) | Err(StoreError::Stale) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Looks at everybody whom a tour of today has not seen.
async fn everybody(desk: &Desk<Files>, trace: &Trace, today: Date) -> Result<(), Problem> {
    let open = Question::accounts_of_role(Role::Client);
    let closed = Question::closed_accounts(Role::Client);
    let clients = clients(desk, trace, "list-open-clients", open, today).await;
    let closed = self::clients(desk, trace, "list-closed-clients", closed, today).await;
    let mut outcome = clients.and(closed);
    for (tour, status) in [
        ("list-closed-professionals", ProfessionalStatus::Closed),
        ("list-refused-professionals", ProfessionalStatus::Refused),
        ("list-drafts", ProfessionalStatus::Draft),
        ("list-complements", ProfessionalStatus::ComplementsRequested),
    ] {
        let listed = professionals(desk, trace, tour, status, today).await;
        outcome = outcome.and(listed);
    }
    outcome.and(books_over(desk, trace, today).await)
}

async fn clients(
    desk: &Desk<Files>,
    trace: &Trace,
    tour: &'static str,
    question: Question,
    today: Date,
) -> Result<(), Problem> {
    let mut round = Round::begin(desk, trace, tour).await?;
    if let Some(mut tour) = round.tour::<Account>(question, Some(today)).await? {
        while let Some(read) = round.next(&mut tour).await? {
            let work = async {
                let known = known::of_client(&desk.store, &read.record).await?;
                note_activity(desk, trace, &known).await?;
                plan(desk, trace, &known, today).await
            };
            round.item(read.record.id.as_str(), work).await;
        }
    }
    round.end()
}

async fn professionals(
    desk: &Desk<Files>,
    trace: &Trace,
    tour: &'static str,
    status: ProfessionalStatus,
    today: Date,
) -> Result<(), Problem> {
    let mut round = Round::begin(desk, trace, tour).await?;
    let question = Question::professionals_in_status(status).limit(PAGE);
    if let Some(mut tour) = round.tour::<Professional>(question, Some(today)).await? {
        while let Some(read) = round.next(&mut tour).await? {
            let work = async {
                let known = known::of_professional(&desk.store, &read.record).await?;
                plan(desk, trace, &known, today).await
            };
            round.item(read.record.id.as_str(), work).await;
        }
    }
    round.end()
}

/// Writes down that somebody was there while the log still knows it.
async fn note_activity(desk: &Desk<Files>, trace: &Trace, known: &Known) -> Result<(), Problem> {
    let Some(seen) = known.facts.last_seen else {
        return Ok(());
    };
    let noted = known.file.last_seen;
    if noted.is_some_and(|noted| seen.duration_since(noted) < NOTED_EVERY) {
        return Ok(());
    }
    let read = known::file(&desk.store, &known.file.subject).await?;
    let mut file = read.file;
    file.last_seen = Some(seen);
    let changes = Changes::by(trace, desk.clock.now()).upsert(read.stored.as_ref(), &file);
    Ok(desk.store.commit(changes).await?)
}

/// Lists what is due of somebody and is not listed yet.
async fn plan(
    desk: &Desk<Files>,
    trace: &Trace,
    known: &Known,
    today: Date,
) -> Result<(), Problem> {
    for due in known.facts.due(desk.clock.now()) {
        listed(desk, trace, &known.file.subject, due, today).await?;
    }
    Ok(())
}

async fn listed(
    desk: &Desk<Files>,
    trace: &Trace,
    subject: &Subject,
    due: Due,
    today: Date,
) -> Result<(), Problem> {
    let planned = PlannedErasure {
        subject: subject.clone(),
        erasure: due.erasure,
        since: due.since,
        listed_on: today,
    };
    let changes = Changes::by(trace, desk.clock.now()).create(&planned, "planned");
    match desk.store.commit(changes).await {
        // It was listed on a day before: its day counts.
        Ok(()) | Err(StoreError::Taken(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Bookings whose books are over: by the months of the ledger that ended ten years ago.
async fn books_over(desk: &Desk<Files>, trace: &Trace, today: Date) -> Result<(), Problem> {
    let now = desk.clock.now();
    let mut round = Round::begin(desk, trace, "list-books").await?;
    for month in months(now) {
        let question = Question::movements_in_month(&month);
        let mut seen = std::collections::BTreeSet::new();
        for read in desk.store.ask_all::<Movement>(question).await? {
            let booking = read.record.booking;
            if !seen.insert(booking.clone()) {
                continue;
            }
            let work = async {
                if !books::is_due(desk, &booking, now).await? {
                    return Ok(());
                }
                let due = Due {
                    erasure: Erasure::Accounting,
                    since: Kept::Accounting.until(read.record.at),
                };
                listed(desk, trace, &Subject::Booking(booking.clone()), due, today).await
            };
            round.item(booking.as_str(), work).await;
        }
    }
    round.end()
}

/// The months of the ledger whose ten years are over.
fn months(now: Timestamp) -> Vec<String> {
    let ended = Kept::Accounting.rule().keeps.before(now);
    let last = ended
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
        .first_of_month();
    let months = (1..=MONTHS_LOOKED_AT).map(|back| last.saturating_sub(back.months()));
    months
        .map(|month| month.strftime("%Y-%m").to_string())
        .collect()
}
