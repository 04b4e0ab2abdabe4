//! Every minute: requests for quotes whose deadline has passed end, and people are reminded.

use adapters::deadline::Tries;
use adapters::store::{Changes, Key, Question, Trace, Versioned};
use domain::quotes::QuoteRequest;
use http_function::{Chore, Desk, Every, Problem, Round};

use crate::quoting::write;

/// The sweep.
pub struct SweepQuotes;

impl Chore for SweepQuotes {
    const NAME: &'static str = "sweep-quotes";
    const EVERY: Every = Every::Minute;
    const SUMMARY: &'static str =
        "Every minute: reminders about requests for quotes, and the end of those that are over.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let mut round = Round::begin(desk, trace, Self::NAME).await?;
        let mut after = None;
        while round.goes_on() {
            let question = Question::quote_requests_due(desk.clock.now()).after(after);
            let page = desk.store.ask::<QuoteRequest>(question).await?;
            for read in page.records {
                let work = settle(desk, trace, &read.record);
                round.item(read.record.id.as_str(), work).await;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        round.end()
    }
}

/// Does everything that is due on one request. Losing to somebody who answers at the same moment is no
/// failure: it is decided again on what is stored now.
async fn settle(desk: &Desk<()>, trace: &Trace, listed: &QuoteRequest) -> Result<(), Problem> {
    let mut tries = Tries::begin();
    let key = || Key::quote_request(&listed.id);
    while let Some(read) = desk.store.get::<QuoteRequest>(key()).await? {
        match settle_once(desk, trace, &read).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(problem) if problem.is_stale() && tries.again().await => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

async fn settle_once(
    desk: &Desk<()>,
    trace: &Trace,
    read: &Versioned<QuoteRequest>,
) -> Result<bool, Problem> {
    let now = desk.clock.now();
    let Some(moved) = read.record.do_what_is_due(now) else {
        return Ok(false);
    };
    let mut changes = write(read, &moved, Changes::by(trace, now));
    // A reminder is told by its mail, which is kept.
    if moved.request.state != read.record.state {
        changes = changes.activity(SweepQuotes::NAME, read.record.id.as_str());
    }
    desk.store.commit(changes).await?;
    Ok(true)
}
