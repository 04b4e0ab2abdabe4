//! Every minute: what has fallen due on bookings is done, however late the run is.

use adapters::bookings;
use adapters::store::{Changes, Key, Question, StoreError, Trace, Versioned};
use domain::booking::Booking;
use http_function::{Chore, Desk, Figure, Problem};

/// How many pages one run goes through: the next run takes the rest.
const PAGES: usize = 20;

/// How often one booking is decided again when somebody else wrote it meanwhile. The next run tries
/// again anyway.
const TRIES: u32 = 8;

/// The sweep.
pub struct SweepDeadlines;

impl Chore for SweepDeadlines {
    const NAME: &'static str = "sweep-deadlines";
    const SUMMARY: &'static str =
        "Every minute: what has fallen due on bookings is done, however late the run is.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let mut failed = 0_u32;
        let mut after = None;
        for number in 0..PAGES {
            let page = desk
                .store
                .ask::<Booking>(Question::bookings_due(desk.clock.now()).after(after))
                .await?;
            if number == 0 {
                Figure::OldestOverdueSeconds.is(overdue_seconds(desk, &page.records));
            }
            for read in page.records {
                if let Err(problem) = settle(desk, trace, &read.record).await {
                    failed += 1;
                    tracing::error!(booking = %read.record.id, code = problem.code, cause = problem.cause, "a deadline was not kept");
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if failed == 0 {
            Ok(())
        } else {
            Err(Problem::internal(format!(
                "{failed} bookings were left overdue"
            )))
        }
    }
}

/// For how long the first of what is due, which is the oldest, has been waiting.
fn overdue_seconds(desk: &Desk<()>, due: &[Versioned<Booking>]) -> u64 {
    let oldest = due.first().map(|read| &read.record);
    let since = oldest.and_then(|booking| booking.next_deadline());
    let waited = since.map_or(0, |due| desk.clock.now().duration_since(due.at).as_secs());
    u64::try_from(waited).unwrap_or(0)
}

/// Does everything that is due on one booking. Losing to somebody who acts on it at the same time, such
/// as the sweep of payments, is no failure: what is due is decided again on what is stored now.
async fn settle(desk: &Desk<()>, trace: &Trace, listed: &Booking) -> Result<(), Problem> {
    let mut lost = 0;
    while let Some(read) = desk.store.get::<Booking>(Key::booking(&listed.id)).await? {
        match settle_once(desk, trace, &read).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(StoreProblem::Stale) if lost < TRIES => lost += 1,
            Err(StoreProblem::Stale) => break,
            Err(StoreProblem::Other(problem)) => return Err(problem),
        }
    }
    Ok(())
}

enum StoreProblem {
    Stale,
    Other(Problem),
}

async fn settle_once(
    desk: &Desk<()>,
    trace: &Trace,
    read: &Versioned<Booking>,
) -> Result<bool, StoreProblem> {
    let now = desk.clock.now();
    let other = |problem: Problem| StoreProblem::Other(problem);
    let due = read
        .record
        .do_what_is_due(now)
        .map_err(|refused| other(refused.into()))?;
    let Some(decision) = due else {
        return Ok(false);
    };
    let changes = bookings::write(&desk.store, read, decision, Changes::by(trace, now))
        .await
        .map_err(|error| other(error.into()))?;
    let changes = changes.activity(SweepDeadlines::NAME, read.record.id.as_str());
    match desk.store.commit(changes).await {
        Ok(()) => Ok(true),
        Err(StoreError::Stale) => Err(StoreProblem::Stale),
        Err(error) => Err(other(error.into())),
    }
}
