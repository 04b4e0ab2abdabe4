//! One round of a sweep: item by item, for as long as there is time. An item that fails is told,
//! written down, and left alone for a while that grows each time, so that it never stands in the way
//! of those behind it.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;

use adapters::deadline;
use adapters::store::{
    Changes, Key, Postponed, Question, Record, Store, StoreError, TourPlace, Trace, Versioned,
};
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::desk::Desk;
use crate::problem::Problem;

/// The longest that a failed item is left alone.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);

/// A way through everybody that a question finds, which may take longer than one round: the next one
/// goes on where this one stopped, so that nobody waits because of those before.
pub struct Tour<R> {
    question: Question,
    place: TourPlace,
    noted: Option<Versioned<TourPlace>>,
    /// Read and not given yet.
    ahead: VecDeque<Versioned<R>>,
    /// Where the page that was read last ends; `None` before the first.
    page_end: Option<Option<String>>,
    /// After the item that was given last.
    given: Option<String>,
}

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

    /// The items that failed before, for a sweep that would not come by them again soon.
    pub fn failed_before(&self) -> Vec<String> {
        self.postponed.keys().cloned().collect()
    }

    /// Whether there is time for one more item. The next round takes the rest.
    pub fn goes_on(&mut self) -> bool {
        self.cut_short |= deadline::left().is_zero();
        !self.cut_short
    }

    /// Begins a tour, or goes on with the one that the round before did not end. `day` is given where one
    /// tour a day is made: `None` is the answer when that of today was.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tour<R: Record>(
        &self,
        question: Question,
        day: Option<Date>,
    ) -> Result<Option<Tour<R>>, Problem> {
        let key = Key::tour_place(self.sweep);
        let noted = self.desk.store.get::<TourPlace>(key).await?;
        let known = noted.as_ref().map(|read| &read.record);
        let place = TourPlace::to_go_on(known, self.sweep, day);
        Ok(place.map(|place| Tour {
            question,
            place,
            noted,
            ahead: VecDeque::new(),
            page_end: None,
            given: None,
        }))
    }

    /// The next item of a tour: none at its end, when the time is over, or when another run is further.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn next<R: Record>(
        &mut self,
        tour: &mut Tour<R>,
    ) -> Result<Option<Versioned<R>>, Problem> {
        if !self.goes_on() {
            if tour.given.is_some() {
                tour.place.after = tour.given.take();
                self.note(tour).await?;
            }
            return Ok(None);
        }
        while tour.ahead.is_empty() {
            if let Some(end) = tour.page_end.take() {
                tour.place.after = end;
                if !self.note(tour).await? || tour.place.after.is_none() {
                    return Ok(None);
                }
            }
            let question = tour.question.clone().after(tour.place.after.clone());
            let page = self.desk.store.ask::<R>(question).await?;
            tour.page_end = Some(page.next);
            tour.ahead = page.records.into();
        }
        let given = tour.ahead.pop_front();
        let index = tour.question.index();
        tour.given = given
            .as_ref()
            .zip(index)
            .and_then(|(read, index)| Store::cursor_after(&read.record, index));
        Ok(given)
    }

    /// Notes how far a tour is; says no when another run is further. Nothing is to be remembered of a
    /// tour that is over and that each run begins anew.
    async fn note<R>(&self, tour: &mut Tour<R>) -> Result<bool, Problem> {
        let over = tour.place.after.is_none() && tour.place.day.is_none();
        let changes = Changes::by(self.trace, self.desk.clock.now());
        let changes = match (&tour.noted, over) {
            (None, true) => return Ok(true),
            (Some(noted), true) => changes.delete(noted),
            (noted, false) => changes.upsert(noted.as_ref(), &tour.place),
        };
        match self.desk.store.commit(changes).await {
            Ok(()) => {}
            Err(StoreError::Stale) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let version = tour.noted.take().map_or(1, |read| read.version + 1);
        tour.noted = (!over).then(|| Versioned {
            record: tour.place.clone(),
            version,
        });
        Ok(true)
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
