//! Every hour: once a day everybody is looked at, and what is due to be erased is listed (the dry run that
//! the dashboard shows); what was listed on a day before is done, item by item, and reported by kind
//! (GDPR, article 5, 1, e; terms, articles 7, 8, 16.3 and 22).
//!
//! Whatever is erased is read anew each time, files first and the record that names them last, so that a
//! run that is cut short leaves what the next one finds.

mod books;
mod eraser;
mod known;
mod listing;
mod people;

use adapters::documents::Documents;
use adapters::invoices::Invoices;
use adapters::store::{Changes, Key, Question, Trace};
use domain::retention::{DiscardedFile, Done, Erasure, PlannedErasure, RetentionReport, Subject};
use domain::time::paris;
use http_function::{Chore, Desk, Every, Problem, Round};

use self::eraser::Eraser;
pub use self::known::{Known, known};

/// The sweep.
pub struct SweepRetention;

/// What it needs: the files that go.
pub(crate) type Files = (Documents, Invoices);

impl Chore for SweepRetention {
    const NAME: &'static str = "sweep-retention";
    const EVERY: Every = Every::Hour;
    const SUMMARY: &'static str = "Every hour: what is due to be erased is listed once a day, and done from the day after on.";
    type Outside = Files;

    async fn run(desk: &Desk<Files>, trace: &Trace) -> Result<(), Problem> {
        let today = paris::local_date(desk.clock.now());
        let mut round = Round::begin(desk, trace, Self::NAME).await?;
        let listed = Question::erasures_listed_before(today);
        for read in desk.store.ask_all::<PlannedErasure>(listed).await? {
            let planned = read.record;
            let item = format!("{}#{}", planned.subject, planned.erasure.code());
            // One step is long: it has its place on the heap.
            let work = Box::pin(carry_out(desk, trace, &planned));
            round.item(&item, work).await;
        }
        let discarded = desk.clock.now() - DiscardedFile::KEPT;
        let discarded = Question::discarded_files(discarded);
        for read in desk.store.ask_all::<DiscardedFile>(discarded).await? {
            let work = async {
                let mut eraser = Eraser::new(desk, trace);
                eraser.documents(vec![read.record.file.clone()]).await?;
                eraser.delete(&read).await
            };
            round.item(&read.record.file, work).await;
        }
        let done = round.end();
        done.and(Box::pin(listing::list(desk, trace, today)).await)
    }
}

/// Does what was listed, if it is still due: somebody may have come back, or their data be held.
async fn carry_out(
    desk: &Desk<Files>,
    trace: &Trace,
    planned: &PlannedErasure,
) -> Result<(), Problem> {
    let due = still_due(desk, planned).await?;
    let mut eraser = Eraser::new(desk, trace);
    if due {
        match &planned.subject {
            Subject::Client(id) => {
                Box::pin(people::client(&mut eraser, id, planned.erasure)).await?;
            }
            Subject::Professional(id) => {
                Box::pin(people::professional(&mut eraser, id, planned.erasure)).await?;
            }
            Subject::Booking(id) => Box::pin(books::booking(&mut eraser, id)).await?,
        }
    }
    note(&eraser, planned, due).await
}

async fn still_due(desk: &Desk<Files>, planned: &PlannedErasure) -> Result<bool, Problem> {
    let now = desk.clock.now();
    if let Subject::Booking(id) = &planned.subject {
        return books::is_due(desk, id, now).await;
    }
    let known = known(&desk.store, &planned.subject).await?;
    let due = known.iter().flat_map(|known| known.facts.due(now));
    Ok(due.into_iter().any(|due| due.erasure == planned.erasure))
}

/// Takes it off the list, and writes down what was done: in the person's file, and in the day's report.
async fn note(eraser: &Eraser<'_>, planned: &PlannedErasure, done: bool) -> Result<(), Problem> {
    let desk = eraser.desk();
    let now = desk.clock.now();
    let key = Key::planned_erasure(&planned.subject, planned.erasure);
    let mut changes = eraser.changes().forget::<PlannedErasure>(key);
    if done {
        let done = Done {
            erasure: planned.erasure,
            at: now,
            records: eraser.records,
            files: eraser.files,
        };
        let day = paris::local_date(now);
        let read = desk
            .store
            .get::<RetentionReport>(Key::retention_report(day))
            .await?;
        let known = read.as_ref().map(|read| read.record.clone());
        let mut report = known.unwrap_or_else(|| RetentionReport::of(day));
        report.add(&done);
        changes = changes.upsert(read.as_ref(), &report);
        changes = in_file(desk, changes, planned, done).await?;
        changes = changes.activity(SweepRetention::NAME, planned.subject.as_str());
    }
    Ok(desk.store.commit(changes).await?)
}

/// A file is kept of people, until the last of them went; not of bookings, of which nothing is left.
async fn in_file(
    desk: &Desk<Files>,
    changes: Changes,
    planned: &PlannedErasure,
    done: Done,
) -> Result<Changes, Problem> {
    let subject = &planned.subject;
    let read = known::file(&desk.store, subject).await?;
    Ok(match planned.erasure {
        Erasure::Accounting => changes,
        Erasure::Proofs => match &read.stored {
            Some(stored) => changes.delete(stored),
            None => changes,
        },
        Erasure::WarnInactive
        | Erasure::CloseInactive
        | Erasure::IdentityDocuments
        | Erasure::Content
        | Erasure::Personal => {
            let mut file = read.file;
            match planned.erasure {
                Erasure::WarnInactive => file.warned_at = Some(done.at),
                Erasure::CloseInactive => file.hastened_at = Some(done.at),
                _ => {}
            }
            // Who is told a second time, years later, was told: once is enough to know.
            if planned.erasure != Erasure::WarnInactive {
                file.done.push(done);
            }
            changes.upsert(read.stored.as_ref(), &file)
        }
    })
}
