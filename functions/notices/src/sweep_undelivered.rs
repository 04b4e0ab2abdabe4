//! Every minute: what a function did not take after every retry is given to it again, with growing
//! pauses for a day, and then left to the operator. Nothing here needs somebody who can read a queue.
//!
//! The queue is emptied into records, one for each message: they know how often each was tried, when it
//! is next, and what the function said. A mail that was begun and of which nothing is known is given
//! again in the same way.

use adapters::lambdas::Lambdas;
use adapters::store::{
    Changes, Question, SentMail, StoreError, Trace, UndeliveredEvent, Versioned,
};
use adapters::undelivered::{DeadLetter, Letter, UndeliveredQueue};
use domain::again::{MAIL_IS_LOST, next_try};
use futures::stream::{self, StreamExt as _};
use http_function::{Chore, Desk, Every, Figure, Problem};
use jiff::Timestamp;

/// How many times ten messages one run takes from the queue.
const TAKES: usize = 20;
/// How many pages of what is due one run goes through, as long as functions take what they are given.
const PAGES: usize = 10;
/// How many are given at once: a function that waits for its own limit must not hold the others up.
const AT_ONCE: usize = 8;
/// How many a page holds: all of them waiting for their limits still fit this function's own.
const PAGE: i32 = 50;
/// How much of what a function said is kept.
const SAID: usize = 300;

/// The sweep.
pub struct SweepUndelivered;

type GivingDesk = Desk<(UndeliveredQueue, Lambdas)>;

impl Chore for SweepUndelivered {
    const NAME: &'static str = "sweep-undelivered";
    const EVERY: Every = Every::Minute;
    const SUMMARY: &'static str = "Every minute: what a function did not take after every retry is given to it again, for a day.";
    type Outside = (UndeliveredQueue, Lambdas);

    async fn run(desk: &GivingDesk, trace: &Trace) -> Result<(), Problem> {
        let taken = empty_queue(desk, trace).await;
        let lost = find_lost_mails(desk, trace).await;
        let given = give_what_is_due(desk, trace).await;
        let measured = measure(desk).await;
        taken.and(lost).and(given).and(measured)
    }
}

fn changes(desk: &GivingDesk, trace: &Trace) -> Changes {
    Changes::by(trace, desk.clock.now())
}

/// Writes a record unless it is there: taken twice, a message is one record.
async fn keep(
    desk: &GivingDesk,
    trace: &Trace,
    record: &UndeliveredEvent,
) -> Result<(), StoreError> {
    let kept = changes(desk, trace).create(record, "undelivered");
    match desk.store.commit(kept).await {
        Ok(()) | Err(StoreError::Taken(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn empty_queue(desk: &GivingDesk, trace: &Trace) -> Result<(), Problem> {
    let queue = &desk.outside.0;
    for _ in 0..TAKES {
        let letters = queue.take().await.map_err(Problem::unavailable)?;
        if letters.is_empty() {
            break;
        }
        for letter in &letters {
            if let Some(record) = record_of(letter, desk.clock.now()) {
                keep(desk, trace, &record).await?;
            }
            queue.forget(letter).await.map_err(Problem::unavailable)?;
        }
    }
    Ok(())
}

/// What is written of a message; nothing of a call by the clock, since the next one does what it did not.
fn record_of(letter: &DeadLetter, now: Timestamp) -> Option<UndeliveredEvent> {
    let since = letter.since.unwrap_or(now);
    let base = UndeliveredEvent {
        id: letter.id.clone(),
        function: String::new(),
        what: String::new(),
        payload: String::new(),
        since,
        tries: letter.tries,
        given: 0,
        error: short(&letter.error),
        next_at: None,
    };
    match &letter.letter {
        Letter::Tick { function } => {
            tracing::warn!(
                function,
                error = letter.error,
                "a scheduled call was given up"
            );
            None
        }
        Letter::Event {
            function,
            what,
            payload,
        } => Some(UndeliveredEvent {
            function: function.clone(),
            what: what.clone(),
            payload: payload.clone(),
            next_at: next_try(since, 0, now),
            ..base
        }),
        Letter::Records { function, message } => Some(UndeliveredEvent {
            function: function.clone(),
            payload: message.clone(),
            ..base
        }),
        Letter::Unreadable { message } => Some(UndeliveredEvent {
            payload: message.clone(),
            ..base
        }),
    }
}

fn short(said: &str) -> String {
    said.chars().take(SAID).collect()
}

/// A mail that was begun a while ago and of which nobody told anything: its event is given again, and
/// `send-mail` sends what was not sent.
async fn find_lost_mails(desk: &GivingDesk, trace: &Trace) -> Result<(), Problem> {
    let now = desk.clock.now();
    let question = Question::unsent_mails(now - MAIL_IS_LOST);
    for read in desk.store.ask_all::<SentMail>(question).await? {
        if let Some(record) = UndeliveredEvent::of_mail(&read.record, now) {
            keep(desk, trace, &record).await?;
        }
    }
    Ok(())
}

async fn give_what_is_due(desk: &GivingDesk, trace: &Trace) -> Result<(), Problem> {
    for _ in 0..PAGES {
        let question = Question::undelivered_due(desk.clock.now()).limit(PAGE);
        let due = desk.store.ask::<UndeliveredEvent>(question).await?.records;
        let whole_page = due.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
        let given = stream::iter(due)
            .map(|read| give(desk, trace, read))
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        // What still fails would only fail the same way: the next run goes on.
        if !whole_page || given.contains(&Given::Not) {
            break;
        }
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Given {
    Taken,
    Not,
}

/// Gives one event again. That it is tried is written down first, so that two runs at once give it
/// once, and a run that is cut leaves it to the next pause.
async fn give(desk: &GivingDesk, trace: &Trace, read: Versioned<UndeliveredEvent>) -> Given {
    let now = desk.clock.now();
    let mut begun = read.record.clone();
    begun.tries = begun.tries.saturating_add(1);
    begun.given = begun.given.saturating_add(1);
    begun.next_at = next_try(begun.since, begun.given, now);
    let begin = changes(desk, trace).replace(&read, &begun);
    if let Err(error) = desk.store.commit(begin).await {
        tracing::warn!(event = begun.id, cause = %error, "another run gives this event");
        return Given::Not;
    }
    let begun = Versioned {
        record: begun,
        version: read.version + 1,
    };
    let event = &begun.record;
    let outcome = desk.outside.1.give(&event.function, &event.payload).await;
    let (given, outcome) = match outcome {
        Ok(()) => {
            tracing::info!(
                function = event.function,
                what = event.what,
                tries = event.tries,
                "an event was taken at last"
            );
            (Given::Taken, changes(desk, trace).delete(&begun))
        }
        Err(error) => {
            let mut failed = event.clone();
            failed.error = short(&error.0);
            tracing::warn!(
                function = event.function,
                what = event.what,
                tries = event.tries,
                given_up = event.next_at.is_none(),
                cause = failed.error,
                "an event was not taken"
            );
            (Given::Not, changes(desk, trace).replace(&begun, &failed))
        }
    };
    if let Err(error) = desk.store.commit(outcome).await {
        // It is as it was begun: given once more after the pause, which is safe.
        tracing::error!(event = begun.record.id, cause = %error, "what became of an event was not written down");
    }
    given
}

/// Tells the alarms how much waits for somebody, a hundred at most of each.
async fn measure(desk: &GivingDesk) -> Result<(), Problem> {
    let lost_by = desk.clock.now() - MAIL_IS_LOST;
    let unsent = Question::unsent_mails(lost_by).limit(100);
    let given_up = Question::undelivered_given_up().limit(100);
    let unsent = desk.store.ask::<SentMail>(unsent).await?.records.len();
    let given_up = desk.store.ask::<UndeliveredEvent>(given_up).await?;
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Figure::MailsUnsent.is(number(unsent));
    Figure::EventsGivenUp.is(number(given_up.records.len()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(letter: Letter) -> Option<UndeliveredEvent> {
        let at: Timestamp = "2026-11-29T10:00:00Z".parse().unwrap();
        let of = DeadLetter {
            id: "m-1".to_owned(),
            receipt: "r-1".to_owned(),
            letter,
            error: "unavailable".to_owned(),
            tries: 3,
            since: Some(at),
        };
        record_of(&of, at)
    }

    #[test]
    fn only_what_can_be_given_again_is_given_again_by_itself() {
        let function = "send-mail".to_owned();
        assert!(
            letter(Letter::Tick {
                function: function.clone()
            })
            .is_none()
        );
        let event = letter(Letter::Event {
            function: function.clone(),
            what: "BookingAccepted".to_owned(),
            payload: "{}".to_owned(),
        });
        let event = event.unwrap();
        assert_eq!((event.tries, event.error.as_str()), (3, "unavailable"));
        assert_eq!(event.next_at, Some("2026-11-29T10:05:00Z".parse().unwrap()));
        let message = "{}".to_owned();
        let piece = letter(Letter::Records {
            function,
            message: message.clone(),
        });
        assert_eq!(piece.unwrap().next_at, None);
        assert_eq!(
            letter(Letter::Unreadable { message }).unwrap().next_at,
            None
        );
    }
}
