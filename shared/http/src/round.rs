//! One round of a sweep: item by item, for as long as there is time. An item that fails is told,
//! written down, and left alone for a while that grows each time, so that it never stands in the way
//! of those behind it.

use std::collections::BTreeMap;
use std::future::Future;

use adapters::deadline;
use adapters::store::{Changes, Postponed, Question, Trace, Versioned};
use jiff::SignedDuration;

use crate::desk::Desk;
use crate::problem::Problem;

/// The longest that a failed item is left alone.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);

/// A round of a sweep.
pub struct Round<'a, O> {
    desk: &'a Desk<O>,
    trace: &'a Trace,
    sweep: &'static str,
    postponed: BTreeMap<String, Versioned<Postponed>>,
    failed: u32,
    cut_short: bool,
}

impl<'a, O> Round<'a, O> {
    /// Begins a round of the sweep `sweep`: what failed before is known.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn begin(
        desk: &'a Desk<O>,
        trace: &'a Trace,
        sweep: &'static str,
    ) -> Result<Self, Problem> {
        let known = desk.store.ask_all(Question::postponed(sweep)).await?;
        let by_item = |read: Versioned<Postponed>| (read.record.item.clone(), read);
        Ok(Self {
            desk,
            trace,
            sweep,
            postponed: known.into_iter().map(by_item).collect(),
            failed: 0,
            cut_short: false,
        })
    }

    /// Whether there is time for one more item. The next round takes the rest.
    pub fn goes_on(&mut self) -> bool {
        self.cut_short |= deadline::left().is_zero();
        !self.cut_short
    }

    /// Does `work` on an item, unless it failed and is left alone, or the time is over. Losing to
    /// somebody who writes at the same time is no failure: the next round looks again.
    pub async fn item(&mut self, item: &str, work: impl Future<Output = Result<(), Problem>>) {
        let known = self.postponed.remove(item);
        let now = self.desk.clock.now();
        let waits = known.as_ref().is_some_and(|read| now < read.record.until);
        if waits || !self.goes_on() {
            return;
        }
        let done = tokio::time::timeout(deadline::left(), work).await;
        let outcome = match done.unwrap_or_else(|late| Err(Problem::unavailable(late))) {
            Err(problem) if problem.is_stale() => return,
            Err(problem) => {
                self.failed += 1;
                tracing::error!(
                    sweep = self.sweep,
                    item,
                    code = problem.code,
                    cause = problem.cause,
                    "an item of a sweep failed"
                );
                self.postpone(item, known).await
            }
            Ok(()) => match known {
                Some(known) => self.write(|changes| changes.delete(&known)).await,
                None => Ok(()),
            },
        };
        if let Err(problem) = outcome {
            tracing::warn!(
                sweep = self.sweep,
                item,
                cause = problem.cause,
                "how an item went was not written down"
            );
        }
    }

    /// The first time, the next round tries again; then the pauses double. Each is between the half
    /// and the whole of its length, so that what failed together is not tried again together.
    async fn postpone(
        &self,
        item: &str,
        known: Option<Versioned<Postponed>>,
    ) -> Result<(), Problem> {
        let failures = known.as_ref().map_or(0, |read| read.record.failures) + 1;
        let minutes = i64::from(1_u32 << failures.saturating_sub(1).min(6)) - 1;
        let longest = SignedDuration::from_mins(minutes).min(LONGEST);
        let half = i32::from(adapters::secrets::random_bytes::<1>()[0]);
        let pause = longest / 2 + longest * half / 510;
        let postponed = Postponed {
            sweep: self.sweep.to_owned(),
            item: item.to_owned(),
            failures,
            until: self.desk.clock.now() + pause,
        };
        self.write(|changes| changes.upsert(known.as_ref(), &postponed))
            .await
    }

    async fn write(&self, change: impl FnOnce(Changes) -> Changes) -> Result<(), Problem> {
        let changes = Changes::by(self.trace, self.desk.clock.now());
        Ok(self.desk.store.commit(change(changes)).await?)
    }

    /// Ends the round.
    ///
    /// # Errors
    /// When items failed: the function's error is counted and alarmed on. It is no use to run it again
    /// at once, and harmless.
    pub fn end(self) -> Result<(), Problem> {
        let Self {
            sweep,
            failed,
            cut_short,
            ..
        } = self;
        if cut_short {
            tracing::warn!(
                sweep,
                "a sweep stopped before its end: the next one goes on"
            );
        }
        if failed == 0 {
            Ok(())
        } else {
            Err(Problem::internal(format!(
                "{failed} items of {sweep} failed"
            )))
        }
    }
}
