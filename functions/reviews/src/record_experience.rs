//! Answers and missions add to a professional's record, which the ranking and the page show: to its
//! counters, which are an item of their own.

use adapters::store::{Changes, DoneOnce, Experience as Counted, Key, OutboxItem, Versioned};
use domain::booking::Booking;
use domain::event::Event;
use domain::ids::BookingId;
use domain::ranking::TrackRecord;
use http_function::{Desk, Listener, Problem};
use jiff::Timestamp;

/// Keeps a professional's record.
pub struct RecordExperience;

/// What an event adds to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Experience {
    Accepted,
    Refused,
    Expired,
    PaidOut,
}

impl Experience {
    fn of(event: &Event) -> Option<(Self, &BookingId)> {
        match event {
            Event::BookingAccepted { booking } => Some((Self::Accepted, booking)),
            Event::BookingRefused { booking } => Some((Self::Refused, booking)),
            Event::BookingExpired { booking } => Some((Self::Expired, booking)),
            Event::BookingPaidOut { booking } => Some((Self::PaidOut, booking)),
            _ => None,
        }
    }
}

impl Listener for RecordExperience {
    const NAME: &'static str = "record-experience";
    const SUMMARY: &'static str = "Answers and missions add to a professional's record, which the ranking and the page \
        show.";
    const EVENTS: &'static [&'static str] = &[
        "BookingAccepted",
        "BookingRefused",
        "BookingExpired",
        "BookingPaidOut",
    ];
    type Outside = ();

    async fn on(
        desk: &Desk<()>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let Some((experience, booking)) = Experience::of(&happened.event) else {
            return Ok(changes);
        };
        let done = DoneOnce {
            event: happened.id.clone(),
            listener: Self::NAME.to_owned(),
            at: changes.now(),
        };
        let known = desk
            .store
            .get::<DoneOnce>(Key::done_once(&done.event, &done.listener))
            .await?;
        if known.is_some() {
            return Ok(changes);
        }
        let Some(booking) = desk.store.get::<Booking>(Key::booking(booking)).await? else {
            return Ok(changes);
        };
        let professional = &booking.record.professional;
        let read = desk
            .store
            .get::<Counted>(Key::experience(professional))
            .await?;
        let counted = Counted {
            professional: professional.clone(),
            record: more(read.as_ref(), &booking.record, experience),
        };
        // A second delivery at the same moment finds the marker taken, and reads it on its next try.
        Ok(changes
            .upsert(read.as_ref(), &counted)
            .create(&done, "experience"))
    }
}

/// What was counted, with one more experience of this booking.
fn more(
    read: Option<&Versioned<Counted>>,
    booking: &Booking,
    experience: Experience,
) -> TrackRecord {
    let answered_at = match experience {
        Experience::Accepted => booking.accepted_at,
        Experience::Refused => booking.closed_at,
        Experience::Expired | Experience::PaidOut => None,
    };
    let answer = booking.requested_at.zip(answered_at);
    let record = read.map_or_else(TrackRecord::default, |read| read.record.record);
    add(record, experience, answer)
}

/// The record with one more experience; `answer` is when it was asked for and answered, if it was.
fn add(
    record: TrackRecord,
    experience: Experience,
    answer: Option<(Timestamp, Timestamp)>,
) -> TrackRecord {
    let more = |counter: u32, counts: bool| counter.saturating_add(u32::from(counts));
    let minutes = answer.map_or(0, |(asked, answered)| {
        asked.duration_until(answered).as_mins()
    });
    TrackRecord {
        requests: more(record.requests, experience != Experience::PaidOut),
        accepted: more(record.accepted, experience == Experience::Accepted),
        answered: more(record.answered, answer.is_some()),
        total_answer_minutes: record
            .total_answer_minutes
            .saturating_add(u32::try_from(minutes).unwrap_or(0)),
        validated_missions: more(record.validated_missions, experience == Experience::PaidOut),
        ..record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_experience_counts_where_it_should() {
        let asked: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let answer = Some((asked, "2026-11-20T10:30:00Z".parse().unwrap()));
        let before = TrackRecord {
            requests: 1,
            answered: 1,
            total_answer_minutes: 10,
            ratings_count: 4,
            ..TrackRecord::default()
        };
        for (experience, answer, expected) in [
            (
                Experience::Accepted,
                answer,
                TrackRecord {
                    requests: 2,
                    accepted: 1,
                    answered: 2,
                    total_answer_minutes: 100,
                    ..before
                },
            ),
            (
                Experience::Refused,
                answer,
                TrackRecord {
                    requests: 2,
                    answered: 2,
                    total_answer_minutes: 100,
                    ..before
                },
            ),
            (
                Experience::Expired,
                None,
                TrackRecord {
                    requests: 2,
                    ..before
                },
            ),
            (
                Experience::PaidOut,
                None,
                TrackRecord {
                    validated_missions: 1,
                    ..before
                },
            ),
        ] {
            assert_eq!(add(before, experience, answer), expected, "{experience:?}");
        }
    }
}
