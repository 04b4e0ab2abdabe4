//! Answers, missions, cancellations and disputes add to a professional's record, which the ranking and the
//! page show: to its counters, which are an item of their own.

use adapters::store::{
    Changes, DoneOnce, Experience as Counted, Key, OutboxItem, Patron, StoreError, Tally, Versioned,
};
use domain::booking::Booking;
use domain::event::Event;
use domain::ids::{BookingId, OrderId, ProfessionalId};
use domain::order::Order;
use domain::ranking::TrackRecord;
use http_function::{Desk, Listener, Problem};
use jiff::Timestamp;

/// Keeps a professional's record.
pub struct RecordExperience;

/// What an event says of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    /// The professional answered its request, or let it expire: counted once for the event.
    Answer(Answer),
    /// Its mission was validated.
    Validated,
    /// It may count otherwise than before.
    Incident,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accepted,
    Refused,
    Expired,
}

impl Answer {
    /// What an event says of an order of several missions.
    fn for_order(event: &Event) -> Option<(Self, &OrderId)> {
        match event {
            Event::OrderAnswered { order } => Some((Self::Accepted, order)),
            Event::OrderRefused { order } => Some((Self::Refused, order)),
            Event::OrderExpired { order } => Some((Self::Expired, order)),
            _ => None,
        }
    }
}

impl News {
    fn of(event: &Event) -> Option<(Self, &BookingId)> {
        match event {
            Event::BookingAccepted { booking } => Some((Self::Answer(Answer::Accepted), booking)),
            Event::BookingRefused { booking } => Some((Self::Answer(Answer::Refused), booking)),
            Event::BookingExpired { booking } => Some((Self::Answer(Answer::Expired), booking)),
            Event::BookingValidated { booking } => Some((Self::Validated, booking)),
            Event::BookingCancelledByProfessional { booking }
            | Event::BookingCalledOff { booking }
            | Event::BookingRefundDecided { booking }
            | Event::ClaimOpened { booking }
            | Event::ClaimSettled { booking }
            | Event::DisputeOpened { booking }
            | Event::DisputeWon { booking }
            | Event::DisputeLost { booking } => Some((Self::Incident, booking)),
            _ => None,
        }
    }
}

impl Listener for RecordExperience {
    const NAME: &'static str = "record-experience";
    const SUMMARY: &'static str = "Answers, missions, cancellations and disputes add to a professional's record, which \
        the ranking and the page show.";
    const EVENTS: &'static [&'static str] = &[
        "BookingAccepted",
        "BookingRefused",
        "BookingExpired",
        "OrderAnswered",
        "OrderRefused",
        "OrderExpired",
        "BookingValidated",
        "BookingCancelledByProfessional",
        "BookingCalledOff",
        "BookingRefundDecided",
        "ClaimOpened",
        "ClaimSettled",
        "DisputeOpened",
        "DisputeWon",
        "DisputeLost",
    ];
    type Outside = ();

    async fn on(
        desk: &Desk<()>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        if let Some((answer, order)) = Answer::for_order(&happened.event) {
            let Some(order) = desk.store.get::<Order>(Key::order(order)).await? else {
                return Ok(changes);
            };
            let answered = Answered::for_order(&order.record, answer);
            return count_answer(desk, happened, answered, changes).await;
        }
        let Some((news, booking)) = News::of(&happened.event) else {
            return Ok(changes);
        };
        let Some(booking) = desk.store.get::<Booking>(Key::booking(booking)).await? else {
            return Ok(changes);
        };
        let booking = booking.record;
        match news {
            // An order was answered once, for all its missions.
            News::Answer(_) if booking.order.is_some() => Ok(changes),
            News::Answer(answer) => {
                let answered = Answered::for_booking(&booking, answer);
                count_answer(desk, happened, answered, changes).await
            }
            News::Validated => count_booking(desk, &booking, true, changes).await,
            News::Incident => count_booking(desk, &booking, false, changes).await,
        }
    }
}

/// An answer counts once for its event.
async fn count_answer(
    desk: &Desk<()>,
    happened: &OutboxItem,
    answered: Answered<'_>,
    changes: Changes,
) -> Result<Changes, Problem> {
    let done = DoneOnce {
        event: happened.id.clone(),
        listener: RecordExperience::NAME.to_owned(),
        at: changes.now(),
    };
    let known = desk
        .store
        .get::<DoneOnce>(Key::done_once(&done.event, &done.listener))
        .await?;
    if known.is_some() {
        return Ok(changes);
    }
    let professional = answered.professional;
    let counted = counted(desk, professional).await?;
    let record = with_answer(record(counted.as_ref()), &answered);
    // A second delivery at the same moment finds the marker taken, and reads it on its next try.
    Ok(put_record(counted.as_ref(), professional, record, changes).create(&done, "experience"))
}

/// What a booking counts for is compared with what it was counted for: the difference is added.
async fn count_booking(
    desk: &Desk<()>,
    booking: &Booking,
    validated: bool,
    changes: Changes,
) -> Result<Changes, Problem> {
    let (professional, client) = (&booking.professional, &booking.client);
    let read = desk
        .store
        .get::<Tally>(Key::tally(professional, &booking.id))
        .await?;
    let before = read.as_ref().map(|read| &read.record);
    let after = tally(booking, before, validated);
    if before == Some(&after) {
        return Ok(changes);
    }
    let counted = counted(desk, professional).await?;
    let mut record = with_tally(record(counted.as_ref()), before, &after);
    let mut changes = changes;
    if after.validated && !before.is_some_and(|before| before.validated) {
        let patron = desk
            .store
            .get::<Patron>(Key::patron(professional, client))
            .await?;
        let missions = patron.as_ref().map_or(0, |read| read.record.missions) + 1;
        // The second mission makes a client who came back; later ones add nothing.
        record.repeat_clients = record
            .repeat_clients
            .saturating_add(u32::from(missions == 2));
        changes = changes.upsert(
            patron.as_ref(),
            &Patron {
                professional: professional.clone(),
                client: client.clone(),
                missions,
            },
        );
    }
    let changes = changes.upsert(read.as_ref(), &after);
    Ok(put_record(counted.as_ref(), professional, record, changes))
}

/// What a booking counts for now. Once validated, a mission stays so whatever comes later.
fn tally(booking: &Booking, before: Option<&Tally>, validated: bool) -> Tally {
    Tally {
        booking: booking.id.clone(),
        professional: booking.professional.clone(),
        validated: validated || before.is_some_and(|before| before.validated),
        let_fall: booking.was_let_fall(),
        disputed: booking.is_disputed(),
    }
}

/// The record with what changed of a booking's tally.
fn with_tally(record: TrackRecord, before: Option<&Tally>, after: &Tally) -> TrackRecord {
    let moved = |counter: u32, was: fn(&Tally) -> bool| match (before.is_some_and(was), was(after))
    {
        (false, true) => counter.saturating_add(1),
        (true, false) => counter.saturating_sub(1),
        (false, false) | (true, true) => counter,
    };
    TrackRecord {
        validated_missions: moved(record.validated_missions, |tally| tally.validated),
        cancellations: moved(record.cancellations, |tally| tally.let_fall),
        disputes: moved(record.disputes, |tally| tally.disputed),
        ..record
    }
}

/// An answer to a request, or that there was none.
struct Answered<'a> {
    professional: &'a ProfessionalId,
    answer: Answer,
    requested_at: Option<Timestamp>,
    answered_at: Option<Timestamp>,
}

impl<'a> Answered<'a> {
    fn for_booking(booking: &'a Booking, answer: Answer) -> Self {
        Self {
            professional: &booking.professional,
            answer,
            requested_at: booking.requested_at,
            answered_at: match answer {
                Answer::Accepted => booking.accepted_at,
                Answer::Refused => booking.closed_at,
                Answer::Expired => None,
            },
        }
    }

    fn for_order(order: &'a Order, answer: Answer) -> Self {
        Self {
            professional: &order.professional,
            answer,
            requested_at: order.requested_at,
            answered_at: order.answered_at,
        }
    }
}

/// The record with one more answer to a request.
fn with_answer(record: TrackRecord, given: &Answered<'_>) -> TrackRecord {
    let more = |counter: u32, counts: bool| counter.saturating_add(u32::from(counts));
    let answer = given.answer;
    let answered = given.requested_at.zip(given.answered_at);
    let minutes = answered.map_or(0, |(asked, at)| asked.duration_until(at).as_mins());
    TrackRecord {
        requests: more(record.requests, true),
        accepted: more(record.accepted, answer == Answer::Accepted),
        answered: more(record.answered, answered.is_some()),
        total_answer_minutes: record
            .total_answer_minutes
            .saturating_add(u32::try_from(minutes).unwrap_or(0)),
        ..record
    }
}

async fn counted(
    desk: &Desk<()>,
    professional: &ProfessionalId,
) -> Result<Option<Versioned<Counted>>, StoreError> {
    let key = Key::experience(professional);
    desk.store.get::<Counted>(key).await
}

fn record(counted: Option<&Versioned<Counted>>) -> TrackRecord {
    counted.map_or_else(TrackRecord::default, |read| read.record.record)
}

fn put_record(
    counted: Option<&Versioned<Counted>>,
    professional: &ProfessionalId,
    record: TrackRecord,
    changes: Changes,
) -> Changes {
    let professional = professional.clone();
    changes.upsert(
        counted,
        &Counted {
            professional,
            record,
        },
    )
}

#[cfg(test)]
mod tests {
    use domain::ids::{ProfessionalId, TypedId as _};

    use super::*;

    fn tally_of(validated: bool, let_fall: bool, disputed: bool) -> Tally {
        Tally {
            booking: BookingId::from_ulid("01J8Z0000000000000000000A1"),
            professional: ProfessionalId::from_ulid("01J8Z0000000000000000000A2"),
            validated,
            let_fall,
            disputed,
        }
    }

    #[test]
    fn what_changes_of_a_booking_moves_the_counters_and_what_stays_does_not() {
        let at = |missions, cancellations, disputes| TrackRecord {
            validated_missions: missions,
            cancellations,
            disputes,
            requests: 9,
            ..TrackRecord::default()
        };
        let none = tally_of(false, false, false);
        for (before, after, expected) in [
            (None, tally_of(false, false, true), at(4, 1, 3)),
            (
                Some(tally_of(false, false, true)),
                tally_of(true, false, false),
                at(5, 1, 1),
            ),
            (
                Some(tally_of(true, false, false)),
                tally_of(true, false, true),
                at(4, 1, 3),
            ),
            (
                Some(none.clone()),
                tally_of(false, true, false),
                at(4, 2, 2),
            ),
            (Some(none.clone()), none.clone(), at(4, 1, 2)),
        ] {
            let counted = with_tally(at(4, 1, 2), before.as_ref(), &after);
            assert_eq!(counted, expected, "{before:?} -> {after:?}");
        }
    }
}
