//! Who is busy when. Every change of an agenda goes through the versions of its days, in the
//! transaction of the booking it is for: two clients cannot get the same agent.
//!
//! The rules for an agent reach beyond the days of a mission: rest, and the hours of the week. So a
//! change that sends somebody also writes the Mondays of the weeks around it, whose versions stand for
//! those of their weeks: of two changes that could break a rule together, one is decided again.

use std::collections::BTreeSet;

use crate::store::{AgendaDay, Changes, Key, Question, Store, StoreError, Versioned};
use domain::booking::Booking;
use domain::calendar::Occupation;
use domain::ids::{AgentId, BookingId, ProfessionalId};
use domain::offer::Activity;
use domain::order::{Order, OrderState};
use domain::professional::Professional;
use domain::staffing::{AROUND, Demand, Team};
use domain::time::interval::Interval;
use domain::time::monday_of;
use domain::time::zone::Zone;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Two missions further apart than this cannot keep each other's agents from resting.
const REST_REACHES: SignedDuration = SignedDuration::from_hours(24);

/// An agenda around a mission, as it was read; a day on which nobody was ever busy has no item. Days are
/// those of Paris wherever a mission takes place: two missions at one moment meet on the same day.
pub struct Agenda {
    professional: ProfessionalId,
    mission: Interval,
    days: Vec<Versioned<AgendaDay>>,
}

/// Reads every day that matters to who may be sent on a mission: those of the week before and after it.
pub async fn read(
    store: &Store,
    professional: &ProfessionalId,
    mission: Interval,
) -> Result<Agenda, StoreError> {
    let (first, last) = (mission.start() - AROUND, mission.end() + AROUND);
    let (first, last) = (Zone::Paris.local_date(first), Zone::Paris.local_date(last));
    // A day more, for weeks in which clocks change.
    let first = first.saturating_sub(1.day());
    let question = Question::agenda(professional, first, last);
    Ok(Agenda {
        professional: professional.clone(),
        mission,
        days: store.ask_all::<AgendaDay>(question).await?,
    })
}

/// Reads what [`read`] does around `wanted`, and the days of a booking that would move there.
pub async fn read_to_move(
    store: &Store,
    booking: &Booking,
    wanted: Interval,
) -> Result<Agenda, StoreError> {
    let mut agenda = read(store, &booking.professional, wanted).await?;
    for day in booking.mission.interval.local_days(Zone::Paris) {
        if agenda.days.iter().all(|read| read.record.day != day) {
            let key = Key::agenda_day(&booking.professional, day);
            agenda.days.extend(store.get::<AgendaDay>(key).await?);
        }
    }
    Ok(agenda)
}

impl Agenda {
    /// Who is busy around the mission, each occupation once.
    pub fn occupations(&self) -> Vec<Occupation> {
        let all = self.days.iter().flat_map(|day| &day.record.occupations);
        let mut known: Vec<Occupation> = Vec::new();
        for one in all {
            // A night is in the agenda of both of its days.
            if !known.contains(one) {
                known.push(one.clone());
            }
        }
        known
    }

    /// Who may be sent on the mission of this activity, or on what is left of it, at a place with this
    /// zone. The agents of `booking` are looked at as if they were not held for it.
    pub fn team(
        &self,
        professional: &Professional,
        activity: Activity,
        shift: Interval,
        zone: Zone,
        booking: Option<&BookingId>,
        now: Timestamp,
    ) -> Team {
        let demand = Demand::new(shift, zone);
        let occupations = self.occupations();
        Team::of(
            professional,
            Some(activity),
            &occupations,
            demand,
            booking,
            now,
        )
    }

    /// Writes that the booking's agents are busy, until its hold ends if it is not confirmed.
    pub fn hold(&self, booking: &Booking, now: Timestamp, changes: Changes) -> Changes {
        let shift = booking.mission.interval;
        let held = booking
            .agents
            .iter()
            .map(|agent| occupation(booking, agent, shift, Some(booking.hold_until)));
        let held: Vec<Occupation> = held.collect();
        self.write(changes, |occupations| {
            occupations.retain(|busy| busy.counts(now));
            occupations.extend(held.iter().cloned());
        })
    }

    /// Writes that others than before are sent: until `from` those who were, from then on those who are
    /// now. The whole mission changes hands when it has not begun.
    pub fn hand_over(
        &self,
        before: &Booking,
        after: &Booking,
        from: Timestamp,
        changes: Changes,
    ) -> Changes {
        let mission = after.mission.interval;
        let rest = Interval::new(from.max(mission.start()), mission.end()).ok();
        let done = Interval::new(mission.start(), from).ok();
        let stays = |agent: &str| after.agents.iter().any(|one| one.as_str() == agent);
        let was_sent = |agent: &AgentId| before.agents.contains(agent);
        let new = after.agents.iter().filter(|agent| !was_sent(agent));
        let new = new.filter_map(|agent| Some(occupation(after, agent, rest?, None)));
        let new: Vec<Occupation> = new.collect();
        self.write(changes, |occupations| {
            for busy in occupations.iter_mut() {
                let leaves = is_of(busy, &after.id) && !stays(&busy.agent);
                if leaves
                    && let Some(worked) = done.and_then(|done| busy.interval.intersection(&done))
                {
                    busy.interval = worked;
                }
            }
            occupations.retain(|busy| {
                let leaves = is_of(busy, &after.id) && !stays(&busy.agent);
                !leaves || busy.interval.end() <= from
            });
            occupations.extend(new.iter().cloned());
        })
    }

    /// Writes that a booking is elsewhere in time than before, or has other agents: those of before are
    /// free, those of now are busy.
    pub fn relocate(&self, before: &Booking, after: &Booking, changes: Changes) -> Changes {
        let shift = after.mission.interval;
        let wanted = shift.local_days(Zone::Paris);
        let mut days = mondays(shift);
        days.extend(before.mission.interval.local_days(Zone::Paris));
        days.extend(wanted.iter().copied());
        let busy = after.agents.iter();
        let busy = busy.map(|agent| occupation(after, agent, shift, None));
        let busy: Vec<Occupation> = busy.collect();
        self.write_days(days, changes, |day, occupations| {
            occupations.retain(|one| !is_of(one, &before.id));
            if wanted.contains(&day) {
                occupations.extend(busy.iter().cloned());
            }
        })
    }

    /// Makes the hold of a paid booking firm.
    ///
    /// # Errors
    /// `StoreError::Stale` when the hold is gone: somebody else took the agents after it lapsed.
    pub fn confirm(&self, booking: &Booking, changes: Changes) -> Result<Changes, StoreError> {
        let is_held = |day: &Date| {
            let read = self.days.iter().find(|read| read.record.day == *day);
            read.is_some_and(|read| {
                let mut occupations = read.record.occupations.iter();
                occupations.any(|busy| is_of(busy, &booking.id))
            })
        };
        if !self.mission_days().iter().all(is_held) {
            return Err(StoreError::Stale);
        }
        Ok(self.write(changes, |occupations| {
            for busy in occupations
                .iter_mut()
                .filter(|busy| is_of(busy, &booking.id))
            {
                busy.held_until = None;
            }
        }))
    }

    fn mission_days(&self) -> Vec<Date> {
        self.mission.local_days(Zone::Paris)
    }

    fn mondays(&self) -> BTreeSet<Date> {
        mondays(self.mission)
    }

    /// Edits the days of the mission; the Mondays of its weeks are written as they are.
    fn write(&self, changes: Changes, edit: impl Fn(&mut Vec<Occupation>)) -> Changes {
        let mission = self.mission_days();
        let mut days = self.mondays();
        days.extend(mission.iter().copied());
        self.write_days(days, changes, |day, occupations| {
            if mission.contains(&day) {
                edit(occupations);
            }
        })
    }

    fn write_days(
        &self,
        days: BTreeSet<Date>,
        changes: Changes,
        edit: impl Fn(Date, &mut Vec<Occupation>),
    ) -> Changes {
        days.into_iter().fold(changes, |changes, day| {
            let read = self.days.iter().find(|read| read.record.day == day);
            let mut occupations =
                read.map_or_else(Vec::new, |read| read.record.occupations.clone());
            edit(day, &mut occupations);
            let written = AgendaDay {
                professional: self.professional.clone(),
                day,
                occupations,
            };
            changes.upsert(read, &written)
        })
    }
}

impl Agenda {
    /// Writes what an order says of its agents, on every day of its missions and on the Mondays of their
    /// weeks: until its hold ends while it is not paid, busy from then on, free again where a mission does
    /// not go on.
    pub fn write_order(&self, order: &Order, now: Timestamp, changes: Changes) -> Changes {
        let held_until = (order.state == OrderState::AwaitingPayment).then_some(order.hold_until);
        let mut days = BTreeSet::new();
        for mission in &order.missions {
            days.extend(mission.interval.local_days(Zone::Paris));
            if mission.answer.holds_agents() {
                days.extend(mondays(mission.interval));
            }
        }
        self.write_days(days, changes, |day, occupations| {
            occupations.retain(|busy| busy.counts(now) && !is_of_order(busy, order));
            occupations.extend(occupied_on(order, day, held_until));
        })
    }

    /// Whether every mission of a paid order is still held.
    ///
    /// # Errors
    /// `StoreError::Stale` when a hold is gone: somebody else took the agents after it lapsed.
    pub fn check_held(&self, order: &Order) -> Result<(), StoreError> {
        let held: BTreeSet<String> = self
            .occupations()
            .into_iter()
            .map(|busy| busy.booking)
            .collect();
        let is_held = |booking: &BookingId| held.contains(booking.as_str());
        if order.missions.iter().all(|one| is_held(&one.booking)) {
            return Ok(());
        }
        Err(StoreError::Stale)
    }
}

fn is_of_order(busy: &Occupation, order: &Order) -> bool {
    let mut missions = order.missions.iter();
    missions.any(|one| is_of(busy, &one.booking))
}

/// Who is busy on a day because of an order.
fn occupied_on(order: &Order, day: Date, held_until: Option<Timestamp>) -> Vec<Occupation> {
    let on_that_day = order.missions.iter().filter(|one| {
        one.answer.holds_agents() && one.interval.local_days(Zone::Paris).contains(&day)
    });
    let each = on_that_day.flat_map(|one| {
        one.agents.iter().map(move |agent| Occupation {
            agent: agent.to_string(),
            interval: one.interval,
            booking: one.booking.to_string(),
            held_until,
        })
    });
    each.collect()
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
    let agenda = read(store, &booking.professional, booking.mission.interval).await?;
    agenda.confirm(booking, changes)
}

/// Gives the booking's agents back. That breaks no rule for anybody else: the days of the mission are
/// enough.
pub async fn give_agents_back(
    store: &Store,
    booking: &Booking,
    changes: Changes,
) -> Result<Changes, StoreError> {
    let mut changes = changes;
    for day in booking.mission.interval.local_days(Zone::Paris) {
        let key = Key::agenda_day(&booking.professional, day);
        let read = store.get::<AgendaDay>(key).await?;
        let Some(read) = read else { continue };
        let mut freed = read.record.clone();
        freed.occupations.retain(|busy| !is_of(busy, &booking.id));
        if freed.occupations.len() < read.record.occupations.len() {
            changes = changes.upsert(Some(&read), &freed);
        }
    }
    Ok(changes)
}

/// The Mondays of the weeks within which another mission could be too near to this one.
fn mondays(mission: Interval) -> BTreeSet<Date> {
    [mission.start() - REST_REACHES, mission.end() + REST_REACHES]
        .map(|moment| monday_of(Zone::Paris.local_date(moment)))
        .into()
}

fn occupation(
    booking: &Booking,
    agent: &AgentId,
    interval: Interval,
    held_until: Option<Timestamp>,
) -> Occupation {
    Occupation {
        agent: agent.to_string(),
        interval,
        booking: booking.id.to_string(),
        held_until,
    }
}

fn is_of(busy: &Occupation, booking: &BookingId) -> bool {
    busy.booking == booking.as_str()
}
