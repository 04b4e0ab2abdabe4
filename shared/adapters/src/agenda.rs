//! Who is busy when. Every change of an agenda goes through the version of its days, in the
//! transaction of the booking it is for: two clients cannot get the same agent.

use crate::store::{AgendaDay, Changes, Key, Store, StoreError, Versioned};
use domain::booking::Booking;
use domain::calendar::{Occupation, free_agents};
use domain::ids::{AgentId, BookingId, ProfessionalId};
use domain::offer::Activity;
use domain::professional::{Professional, ProfessionalRefused};
use domain::time::interval::Interval;
use domain::time::zone::Zone;
use jiff::Timestamp;
use jiff::civil::Date;

/// One day of an agenda as it was read; a day on which nobody was ever busy has no item. Days are those
/// of Paris wherever a mission takes place: two missions at one moment meet on the same day.
pub struct Day {
    day: Date,
    read: Option<Versioned<AgendaDay>>,
}

impl Day {
    fn occupations(&self) -> &[Occupation] {
        self.read
            .as_ref()
            .map_or(&[], |read| read.record.occupations.as_slice())
    }
}

/// Reads every day that `interval` touches.
pub async fn read_days(
    store: &Store,
    professional: &ProfessionalId,
    interval: Interval,
) -> Result<Vec<Day>, StoreError> {
    let mut days = Vec::new();
    for day in interval.local_days(Zone::Paris) {
        days.push(Day {
            day,
            read: store.get(Key::agenda_day(professional, day)).await?,
        });
    }
    Ok(days)
}

/// The agents with valid titles for the activity who are free during the whole mission, at a place with this zone.
pub fn agents_free(
    professional: &Professional,
    activity: Activity,
    days: &[Day],
    mission: Interval,
    zone: Zone,
    now: Timestamp,
) -> Vec<AgentId> {
    let titled: Vec<String> = professional
        .agents_with_titles(activity, mission, zone)
        .iter()
        .map(|agent| agent.id.to_string())
        .collect();
    let occupations: Vec<Occupation> = days
        .iter()
        .flat_map(|day| day.occupations().iter().cloned())
        .collect();
    let free = free_agents(&titled, &occupations, mission, now);
    free.iter()
        .filter_map(|agent| AgentId::parse(agent).ok())
        .collect()
}

/// Takes as many of `free` as the mission needs, or refuses.
pub fn choose(free: Vec<AgentId>, wanted: u16) -> Result<Vec<AgentId>, ProfessionalRefused> {
    let wanted = usize::from(wanted);
    if free.len() < wanted {
        Err(ProfessionalRefused::AgentsUnavailable)
    } else {
        Ok(free.into_iter().take(wanted).collect())
    }
}

/// Writes that the booking's agents are busy, until its hold ends if it is not confirmed.
pub fn hold(booking: &Booking, days: &[Day], now: Timestamp, changes: Changes) -> Changes {
    rewrite(&booking.professional, days, changes, |occupations| {
        occupations.retain(|busy| busy.held_until.is_none_or(|until| until > now));
        occupations.extend(booking.agents.iter().map(|agent| Occupation {
            agent: agent.to_string(),
            interval: booking.mission.interval,
            booking: booking.id.to_string(),
            held_until: Some(booking.hold_until),
        }));
    })
}

/// Makes the hold of a paid booking firm.
///
/// # Errors
/// `StoreError::Stale` when the hold is gone: somebody else took the agents after it lapsed.
pub async fn confirm_hold(
    store: &Store,
    booking: &Booking,
    changes: Changes,
) -> Result<Changes, StoreError> {
    let days = read_days(store, &booking.professional, booking.mission.interval).await?;
    let held = days.iter().all(|day| {
        day.occupations()
            .iter()
            .any(|busy| is_of(busy, &booking.id))
    });
    if !held {
        return Err(StoreError::Stale);
    }
    Ok(rewrite(
        &booking.professional,
        &days,
        changes,
        |occupations| {
            for busy in occupations
                .iter_mut()
                .filter(|busy| is_of(busy, &booking.id))
            {
                busy.held_until = None;
            }
        },
    ))
}

/// Gives the booking's agents back.
pub async fn give_agents_back(
    store: &Store,
    booking: &Booking,
    changes: Changes,
) -> Result<Changes, StoreError> {
    let days = read_days(store, &booking.professional, booking.mission.interval).await?;
    let days: Vec<Day> = days
        .into_iter()
        .filter(|day| {
            day.occupations()
                .iter()
                .any(|busy| is_of(busy, &booking.id))
        })
        .collect();
    Ok(rewrite(
        &booking.professional,
        &days,
        changes,
        |occupations| {
            occupations.retain(|busy| !is_of(busy, &booking.id));
        },
    ))
}

fn is_of(busy: &Occupation, booking: &BookingId) -> bool {
    busy.booking == booking.as_str()
}

fn rewrite(
    professional: &ProfessionalId,
    days: &[Day],
    changes: Changes,
    edit: impl Fn(&mut Vec<Occupation>),
) -> Changes {
    days.iter().fold(changes, |changes, day| {
        let mut occupations = day.occupations().to_vec();
        edit(&mut occupations);
        let written = AgendaDay {
            professional: professional.clone(),
            day: day.day,
            occupations,
        };
        changes.upsert(day.read.as_ref(), &written)
    })
}
