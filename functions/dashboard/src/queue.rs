//! What comes next in a queue: each page that decides leads to the one that waits longest behind it.

use adapters::store::{Question, Record, Store};
use http_function::{Desk, Notice, Problem};
use jiff::Timestamp;

use crate::frame::since;

/// The next of a queue.
pub(crate) struct Next {
    pub(crate) address: String,
    pub(crate) label: String,
    /// For how long it has waited.
    pub(crate) age: String,
}

/// How the next of a queue is shown.
pub(crate) struct Shown {
    pub(crate) address: String,
    pub(crate) label: String,
    pub(crate) since: Timestamp,
}

/// The one behind `current`, or the first of all at the end of the queue; nothing when it is the only one,
/// or when the page is not one of the queue's: neither waiting in it nor just decided.
pub(crate) async fn next<R: Record, O: Sync>(
    desk: &Desk<O>,
    queue: Question,
    current: &R,
    waits: bool,
    notice: &Notice,
    now: Timestamp,
    shown: impl Fn(&R) -> Shown,
) -> Result<Option<Next>, Problem> {
    if !waits && notice.done.is_none() {
        return Ok(None);
    }
    let queue = queue.limit(1);
    let behind = queue.index().filter(|_| waits);
    let behind = behind.and_then(|index| Store::cursor_after(current, index));
    let mut found = None;
    if behind.is_some() {
        let page = desk.store.ask::<R>(queue.clone().after(behind)).await?;
        found = page.records.into_iter().next();
    }
    if found.is_none() {
        let page = desk.store.ask::<R>(queue).await?;
        found = page.records.into_iter().next();
    }
    let itself = current.key();
    let other = found.filter(|read| read.record.key() != itself);
    Ok(other.map(|read| {
        let shown = shown(&read.record);
        Next {
            age: since(&shown.since, &now),
            address: shown.address,
            label: shown.label,
        }
    }))
}
