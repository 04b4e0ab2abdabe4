//! Who may be sent on a mission: the rules for each agent over all missions, and who is proposed.
//!
//! The names are those of the field's solvers (required skill, overlapping shift, minutes between
//! shifts, minutes worked per period, consecutive days worked, time off, travel between locations).
//! A hard constraint is never broken; a soft one is warned about. A mission is at most 12 hours long,
//! so each of its agents does one shift.

use jiff::{SignedDuration, Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calendar::Occupation;
use crate::ids::{AgentId, BookingId};
use crate::offer::Activity;
use crate::professional::{Agent, PersonKind, Professional};
use crate::time::interval::Interval;
use crate::time::monday_of;
use crate::time::zone::Zone;

mod reasons;
mod team;

pub use reasons::{Broken, Constraint, Weight};
pub use team::{Candidate, MayNotGo, Person, Team};

/// The most work in one day (C. trav., L3121-18; IDCC 1351, article 7.08).
pub const MOST_WORK_A_DAY: SignedDuration = SignedDuration::from_hours(12);
/// The rest between two days of work (C. trav., L3131-1).
pub const DAILY_REST: SignedDuration = SignedDuration::from_hours(11);
/// From the first shift of a day of work to the end of its last: what the rest leaves of 24 hours.
pub const LONGEST_DAY: SignedDuration = SignedDuration::from_hours(13);
/// The most work from Monday to Sunday (C. trav., L3121-20).
pub const MOST_WORK_A_WEEK: SignedDuration = SignedDuration::from_hours(48);
/// Between two missions, which are taken to be at two places: a quote does not know the street.
pub const TRAVEL: SignedDuration = SignedDuration::from_hours(1);
/// The most days worked in a row without a warning (C. trav., L3132-1).
pub const MOST_DAYS_IN_A_ROW: usize = 6;
/// How long before and after a mission other shifts matter to it: a week covers the days in a row, the
/// civil week, and the days of work around it.
pub const AROUND: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Whether labour law binds: the self-employed are asked for the same day and the same rest, for the
/// client's safety, and warned beyond 48 hours a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worker {
    /// Sent by a company.
    Employee,
    /// A natural person who performs missions in person.
    SelfEmployed,
}

impl Worker {
    /// As whom the agents of a professional work.
    pub fn of(professional: &Professional) -> Self {
        match professional.profile.kind {
            Some(PersonKind::Natural) => Self::SelfEmployed,
            Some(PersonKind::Legal) | None => Self::Employee,
        }
    }

    fn weight_of_a_long_week(self) -> Weight {
        match self {
            Self::Employee => Weight::Hard,
            Self::SelfEmployed => Weight::Soft,
        }
    }
}

/// A shift that somebody is wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    shift: Interval,
    zone: Zone,
    /// The civil weeks that it touches, by the clocks of its place.
    weeks: Vec<Interval>,
}

impl Demand {
    /// A shift at a place with this zone.
    pub fn new(shift: Interval, zone: Zone) -> Self {
        let monday = monday_of(zone.local_date(shift.start()));
        let mondays = std::iter::successors(Some(monday), |day| day.checked_add(7.days()).ok());
        let weeks = mondays
            .map(|day| {
                let next = day.checked_add(7.days()).unwrap_or(day);
                (zone.day_start(day), zone.day_start(next))
            })
            .take_while(|(start, _)| *start < shift.end())
            .filter_map(|(start, end)| Interval::new(start, end).ok());
        Self {
            shift,
            zone,
            weeks: weeks.collect(),
        }
    }

    /// From when to when.
    pub fn shift(&self) -> Interval {
        self.shift
    }

    /// By whose clocks.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// What somebody who holds these shifts has to do in the week in which this one begins.
    pub fn worked_that_week(&self, held: &[Interval]) -> SignedDuration {
        self.weeks
            .first()
            .map_or(SignedDuration::ZERO, |week| worked_within(held, *week))
    }

    /// The shifts that make one day of work with this one: less than the rest lies between them.
    fn day_of_work(&self, held: &[Interval]) -> DayOfWork {
        let mut day = DayOfWork {
            start: self.shift.start(),
            end: self.shift.end(),
            worked: length(self.shift),
            before: None,
            after: None,
        };
        let mut apart: Vec<Interval> = held
            .iter()
            .filter(|one| one.start() < day.end + AROUND && day.start - AROUND < one.end())
            .copied()
            .collect();
        // Each shift that joins may bring others within reach.
        loop {
            let joins = |one: &Interval| {
                one.start() < day.end + DAILY_REST && day.start - DAILY_REST < one.end()
            };
            let Some(place) = apart.iter().position(joins) else {
                return day;
            };
            let joined = apart.swap_remove(place);
            day.start = day.start.min(joined.start());
            day.end = day.end.max(joined.end());
            day.worked += length(joined);
            if joined.end() <= self.shift.start() {
                day.before = day.before.max(Some(joined.end()));
            } else {
                let sooner = day
                    .after
                    .map_or(joined.start(), |at| at.min(joined.start()));
                day.after = Some(sooner);
            }
        }
    }
}

/// A day of work as it would be.
struct DayOfWork {
    start: Timestamp,
    end: Timestamp,
    worked: SignedDuration,
    /// The end of the shift just before.
    before: Option<Timestamp>,
    /// The start of the one just after.
    after: Option<Timestamp>,
}

fn length(interval: Interval) -> SignedDuration {
    interval.start().duration_until(interval.end())
}

fn worked_within(held: &[Interval], week: Interval) -> SignedDuration {
    let parts = held.iter().filter_map(|one| one.intersection(&week));
    parts.map(length).sum()
}

/// Which constraints the shift would break for somebody who holds these shifts and is away then, beside
/// the skill that it requires. Nothing: they may go.
pub fn broken(
    held: &[Interval],
    away: &[Interval],
    demand: &Demand,
    worker: Worker,
) -> Vec<Broken> {
    let shift = demand.shift;
    if let Some(taken) = held.iter().find(|one| one.overlaps(&shift)) {
        return vec![Broken::OverlappingShift { taken: *taken }];
    }
    let mut broken = Vec::new();
    if let Some(away) = away.iter().find(|one| one.overlaps(&shift)) {
        broken.push(Broken::TimeOff { until: away.end() });
    }
    let day = demand.day_of_work(held);
    let too_long = day.worked > MOST_WORK_A_DAY;
    let restless = day.start.duration_until(day.end) > LONGEST_DAY;
    if (too_long || restless) && (day.before.is_some() || day.after.is_some()) {
        broken.push(Broken::MinutesBetweenShifts {
            from: day.before.map(|end| end + DAILY_REST),
            next: day.after,
        });
    }
    if too_long {
        broken.push(Broken::MinutesWorkedPerDay { worked: day.worked });
    }
    let travels = |from: Timestamp, to: Timestamp| from.duration_until(to) < TRAVEL;
    let late = day.before.is_some_and(|end| travels(end, shift.start()));
    let early = day.after.is_some_and(|start| travels(shift.end(), start));
    if broken.is_empty() && (late || early) {
        broken.push(Broken::TravelBetweenLocations {
            from: day.before.filter(|_| late).map(|end| end + TRAVEL),
        });
    }
    for week in &demand.weeks {
        let shift = shift
            .intersection(week)
            .map_or(SignedDuration::ZERO, length);
        let worked = worked_within(held, *week) + shift;
        if worked > MOST_WORK_A_WEEK {
            let weight = worker.weight_of_a_long_week();
            broken.push(Broken::MinutesWorkedPerWeek { worked, weight });
        }
    }
    let days = days_in_a_row(held, demand);
    if days > MOST_DAYS_IN_A_ROW {
        broken.push(Broken::ConsecutiveDaysWorked { days });
    }
    broken
}

/// Whether somebody who holds these shifts and is away then may take the shift.
pub fn may_take(held: &[Interval], away: &[Interval], demand: &Demand, worker: Worker) -> bool {
    broken(held, away, demand, worker)
        .iter()
        .all(|one| one.weight() == Weight::Soft)
}

/// How many days in a row would be worked with the shift. A day counts on which a shift begins: a night
/// is one day of work.
fn days_in_a_row(held: &[Interval], demand: &Demand) -> usize {
    let day_of = |one: &Interval| demand.zone.local_date(one.start());
    let own = day_of(&demand.shift);
    let near = |one: &&Interval| {
        one.start() < demand.shift.end() + AROUND && demand.shift.start() - AROUND < one.end()
    };
    let worked: Vec<_> = held.iter().filter(near).map(day_of).collect();
    let run = |step: fn(jiff::civil::Date) -> Option<jiff::civil::Date>| {
        std::iter::successors(step(own), |day| step(*day))
            .take_while(|day| worked.contains(day))
            .count()
    };
    1 + run(|day| day.yesterday().ok()) + run(|day| day.tomorrow().ok())
}

#[cfg(test)]
mod tests;
