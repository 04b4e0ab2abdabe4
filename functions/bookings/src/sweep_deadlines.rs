//! Every minute: what has fallen due on bookings is done, however late the run is.

use adapters::bookings;
use adapters::deadline::Tries;
use adapters::orders;
use adapters::store::{Changes, Key, Question, Trace, Versioned};
use domain::booking::Booking;
use domain::ids::OrderId;
use domain::order::Order;
use http_function::{Chore, Desk, Every, Figure, Problem, Round};

/// The round of orders, in what is written down of items that failed.
const ORDERS: &str = "sweep-order-deadlines";

/// The sweep.
pub struct SweepDeadlines;

impl Chore for SweepDeadlines {
    const NAME: &'static str = "sweep-deadlines";
    const EVERY: Every = Every::Minute;
    const SUMMARY: &'static str =
        "Every minute: what has fallen due on bookings is done, however late the run is.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        // Each of them whatever became of the others.
        let ordered = sweep_orders(desk, trace).await;
        sweep_bookings(desk, trace).await.and(ordered)
    }
}

async fn sweep_bookings(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
    let mut round = Round::begin(desk, trace, SweepDeadlines::NAME).await?;
    let mut after = None;
    let mut first = true;
    while round.goes_on() {
        let page = desk
            .store
            .ask::<Booking>(Question::bookings_due(desk.clock.now()).after(after))
            .await?;
        if std::mem::take(&mut first) {
            Figure::OldestOverdueSeconds.is(overdue_seconds(desk, &page.records));
        }
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

async fn sweep_orders(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
    let mut round = Round::begin(desk, trace, ORDERS).await?;
    let mut after = None;
    while round.goes_on() {
        let question = Question::orders_due(desk.clock.now()).after(after);
        let page = desk.store.ask::<Order>(question).await?;
        for read in page.records {
            let work = settle_order(desk, trace, &read.record.id);
            round.item(read.record.id.as_str(), work).await;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    round.end()
}

/// Does everything that is due on one order.
async fn settle_order(desk: &Desk<()>, trace: &Trace, id: &OrderId) -> Result<(), Problem> {
    let mut tries = Tries::begin();
    while let Some(read) = desk.store.get::<Order>(Key::order(id)).await? {
        match settle_order_once(desk, trace, &read).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(problem) if problem.is_stale() && tries.again().await => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

async fn settle_order_once(
    desk: &Desk<()>,
    trace: &Trace,
    read: &Versioned<Order>,
) -> Result<bool, Problem> {
    let now = desk.clock.now();
    let Some(decision) = read.record.do_what_is_due(now)? else {
        return Ok(false);
    };
    let moves = decision.order.state != read.record.state;
    let changes = Changes::by(trace, now);
    let mut changes = orders::write(&desk.store, read, decision, changes).await?;
    if moves {
        changes = changes.activity(SweepDeadlines::NAME, read.record.id.as_str());
    }
    desk.store.commit(changes).await?;
    Ok(true)
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
    let mut tries = Tries::begin();
    while let Some(read) = desk.store.get::<Booking>(Key::booking(&listed.id)).await? {
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
    read: &Versioned<Booking>,
) -> Result<bool, Problem> {
    let now = desk.clock.now();
    let Some(decision) = read.record.do_what_is_due(now)? else {
        return Ok(false);
    };
    let moves = decision.booking.state != read.record.state;
    let changes = Changes::by(trace, now);
    let mut changes = bookings::write(&desk.store, read, decision, changes).await?;
    // A reminder is told by its mail, which is kept.
    if moves {
        changes = changes.activity(SweepDeadlines::NAME, read.record.id.as_str());
    }
    desk.store.commit(changes).await?;
    Ok(true)
}
