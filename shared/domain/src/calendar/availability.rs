//! When agents are open to missions over the coming weeks, and what each of them has to do meanwhile:
//! small enough to be kept beside each search result, and enough to apply the rules of `staffing`, so
//! that search finds what a quote and an order find.

use jiff::{SignedDuration, Timestamp, ToSpan};
use thiserror::Error;

use super::{Occupation, OpeningCalendar, merged, next_minute};
use crate::staffing::{
    AROUND, DAILY_REST, Demand, LONGEST_DAY, MOST_WORK_A_WEEK, TRAVEL, Worker, may_take,
};
use crate::time::interval::Interval;
use crate::time::monday_of;
use crate::time::zone::Zone;

mod without_shifts;

/// The most agents of one professional that are told apart: those beyond are left out, so that
/// availability is never overstated.
pub const MOST_AGENTS: usize = 64;

/// The first byte of the encoding.
const VERSION: u8 = 3;
/// That of the releases that knew only who is free when.
const WITHOUT_SHIFTS: u8 = 2;

/// The most stretches that are read back: more than any calendar gives.
const MOST_STRETCHES: usize = 100_000;

/// The latest moment that is read back, in minutes: some two hundred years, so that no sum overflows.
const LATEST_MINUTE: u32 = 100_000_000;

/// What is told of an agent begins so many minutes before the openings do.
const PAST_MINUTES: i64 = 10 * 24 * 60;

/// Why bytes are not an availability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AvailabilityRefused {
    /// Written by another version of this code.
    #[error("Ces disponibilités ont été enregistrées sous une autre version.")]
    OtherVersion,
    /// Cut short, too long, or with impossible values.
    #[error("Ces disponibilités sont illisibles.")]
    Unreadable,
}

impl AvailabilityRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherVersion => "availability_other_version",
            Self::Unreadable => "availability_unreadable",
        }
    }
}

/// What an agent has to do, and when they are not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentTime {
    /// Their shifts.
    pub shifts: Vec<Interval>,
    /// Absences, and the time after their card ends.
    pub away: Vec<Interval>,
}

impl AgentTime {
    /// The shifts of each of these agents, as an agenda has them at `now`.
    pub fn of(agents: &[String], occupations: &[Occupation], now: Timestamp) -> Vec<Self> {
        let shifts = |agent: &String| {
            let own = occupations.iter().filter(|one| one.agent == *agent);
            let mut shifts: Vec<Interval> = own
                .filter(|one| one.counts(now))
                .map(|one| one.interval)
                .collect();
            // A night is in the agenda of both of its days.
            shifts.sort_unstable();
            shifts.dedup();
            shifts
        };
        let agents = agents.iter().map(|agent| Self {
            shifts: shifts(agent),
            away: Vec::new(),
        });
        agents.collect()
    }
}

/// Who may be sent when, from one moment to a horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// The first minute, counted from 1970.
    base: i64,
    /// Open hours, in order, without overlap nor contact.
    openings: Vec<Interval>,
    agents: Vec<AgentTime>,
    worker: Worker,
}

impl Availability {
    /// Who may be sent when to a place with this zone, from `from` (rounded down to the hour) for
    /// `horizon_days` days of 24 hours.
    pub fn compute(
        calendar: &OpeningCalendar,
        zone: Zone,
        agents: &[AgentTime],
        worker: Worker,
        from: Timestamp,
        horizon_days: i64,
    ) -> Self {
        let base = from.as_second().div_euclid(3_600) * 60;
        let window = window(base, horizon_days);
        let openings = window.map_or_else(Vec::new, |window| calendar.open_intervals(window, zone));
        let matters = |one: &Interval| {
            let (end, after) = (one.end(), from - SignedDuration::from_hours(48));
            window.is_some_and(|window| {
                one.start() < window.end() + AROUND && (end > after || end > monday(from, zone))
            })
        };
        let kept = |times: &[Interval], from: i64| -> Vec<Interval> {
            let times = times.iter().filter(|one| matters(one));
            merged(times.filter_map(|one| whole_minutes(*one, from)).collect())
        };
        let agents = agents.iter().take(MOST_AGENTS).map(|agent| AgentTime {
            shifts: kept(&agent.shifts, base - PAST_MINUTES),
            away: kept(&agent.away, base),
        });
        Self {
            base,
            agents: if openings.is_empty() {
                Vec::new()
            } else {
                agents.collect()
            },
            openings,
            worker,
        }
    }

    /// How many agents may be sent from the start to the end of an interval at a place with this zone:
    /// none when some of it is closed or beyond the horizon.
    pub fn free_agents_during(&self, wanted: Interval, zone: Zone) -> u16 {
        let reached = self
            .openings
            .partition_point(|open| open.end() < wanted.end());
        let open = self.openings.get(reached);
        if !open.is_some_and(|open| open.contains(&wanted)) {
            return 0;
        }
        let demand = Demand::new(wanted, zone);
        let may = self
            .agents
            .iter()
            .filter(|agent| self.may_send(agent, &demand));
        u16::try_from(may.count()).unwrap_or(u16::MAX)
    }

    fn may_send(&self, agent: &AgentTime, demand: &Demand) -> bool {
        may_take(&agent.shifts, &agent.away, demand, self.worker)
    }

    /// The first moment, a whole minute and not before `not_before`, from which an agent may be sent for
    /// `duration_minutes` to a place with this zone; `None` within the horizon.
    pub fn first_start(
        &self,
        not_before: Timestamp,
        duration_minutes: i64,
        zone: Zone,
    ) -> Option<Timestamp> {
        let earliest = next_minute(not_before)?;
        let duration = SignedDuration::try_from_mins(duration_minutes)
            .filter(|duration| duration.is_positive())?;
        let horizon = self.openings.last()?.end();
        let mondays = mondays(earliest, horizon, zone);
        let opens = self.openings.iter().map(Interval::start);
        let common: Vec<Timestamp> = std::iter::once(earliest)
            .chain(opens)
            .chain(mondays.iter().copied())
            .collect();
        let mut first: Option<Timestamp> = None;
        for agent in &self.agents {
            let mut starts = common.clone();
            starts.extend(moments_of_change(agent, &mondays));
            starts.retain(|start| {
                (earliest..horizon).contains(start) && first.is_none_or(|first| *start < first)
            });
            starts.sort_unstable();
            starts.dedup();
            let fits = |start: &Timestamp| {
                let end = start.checked_add(duration).ok();
                let mission = end.and_then(|end| Interval::new(*start, end).ok());
                mission.is_some_and(|mission| self.may_do(agent, mission, zone))
            };
            first = starts.into_iter().find(fits).or(first);
        }
        first
    }

    fn may_do(&self, agent: &AgentTime, mission: Interval, zone: Zone) -> bool {
        let reached = self
            .openings
            .partition_point(|open| open.end() < mission.end());
        let open = self.openings.get(reached);
        open.is_some_and(|open| open.contains(&mission))
            && self.may_send(agent, &Demand::new(mission, zone))
    }

    /// A few dozen bytes, as variable-length numbers: version, base, unit (the longest in which all times
    /// are whole), whether labour law binds, how many agents; then the openings, those that repeat
    /// written once; then, for each agent who has something, absences and shifts.
    pub fn encode(&self) -> Vec<u8> {
        let past = self.base - PAST_MINUTES;
        let openings = minutes_of(&self.openings, self.base);
        let agents: Vec<[Vec<(u32, u32)>; 2]> = self
            .agents
            .iter()
            .map(|agent| [&agent.away, &agent.shifts].map(|times| minutes_of(times, past)))
            .collect();
        let all = openings.iter().chain(agents.iter().flatten().flatten());
        let unit = all
            .flat_map(|(start, end)| [*start, *end])
            .fold(0, greatest_common_divisor)
            .max(1);
        let repeated = repeated(&openings, unit);
        let worker = match self.worker {
            Worker::Employee => 0,
            Worker::SelfEmployed => 1,
        };
        let mut bytes = vec![VERSION];
        write_number(&mut bytes, zigzag(self.base));
        for number in [
            u64::from(unit),
            worker,
            agents.len() as u64,
            repeated.len() as u64,
        ] {
            write_number(&mut bytes, number);
        }
        for (gap, length, times) in repeated {
            for number in [gap, length, times] {
                write_number(&mut bytes, u64::from(number));
            }
        }
        for (rank, times) in agents.iter().enumerate() {
            if times.iter().all(Vec::is_empty) {
                continue;
            }
            write_number(&mut bytes, rank as u64);
            for times in times {
                write_number(&mut bytes, times.len() as u64);
                let mut reached = 0;
                for (start, end) in times {
                    write_number(&mut bytes, u64::from(start.saturating_sub(reached) / unit));
                    write_number(&mut bytes, u64::from((end - start) / unit));
                    reached = *end;
                }
            }
        }
        bytes
    }

    /// Reads what `encode` wrote, or what the release before wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, AvailabilityRefused> {
        match bytes.split_first() {
            Some((&VERSION, rest)) => Self::read(rest),
            Some((&WITHOUT_SHIFTS, rest)) => without_shifts::read(rest),
            Some(_) | None => Err(AvailabilityRefused::OtherVersion),
        }
    }

    fn read(mut rest: &[u8]) -> Result<Self, AvailabilityRefused> {
        let unreadable = AvailabilityRefused::Unreadable;
        let rest = &mut rest;
        let base = read_base(rest)?;
        let past = base - PAST_MINUTES;
        let unit = u32::try_from(read_number(rest)?).map_err(|_| unreadable)?;
        let worker = match read_number(rest)? {
            0 => Worker::Employee,
            1 => Worker::SelfEmployed,
            _ => return Err(unreadable),
        };
        let count = usize::try_from(read_number(rest)?).map_err(|_| unreadable)?;
        if count > MOST_AGENTS {
            return Err(unreadable);
        }
        let openings = intervals(&read_openings(rest, unit)?, base)?;
        let mut agents = vec![AgentTime::default(); count];
        while !rest.is_empty() {
            let rank = usize::try_from(read_number(rest)?).map_err(|_| unreadable)?;
            let agent = agents.get_mut(rank).ok_or(unreadable)?;
            for times in [&mut agent.away, &mut agent.shifts] {
                *times = intervals(&read_times(rest, unit)?, past)?;
            }
        }
        Ok(Self {
            base,
            openings,
            agents,
            worker,
        })
    }
}

/// When something changes for an agent: going back in time, a mission that fits only stops fitting at
/// the end of an absence, an hour or a rest after a shift, where a day of work would become too
/// long, or where the week before would.
fn moments_of_change(agent: &AgentTime, mondays: &[Timestamp]) -> Vec<Timestamp> {
    let ends = agent.shifts.iter().map(Interval::end);
    let after = ends.flat_map(|end| [end + TRAVEL, end + DAILY_REST, end - LONGEST_DAY]);
    let back = agent.away.iter().map(Interval::end);
    let mut moments: Vec<Timestamp> = after.chain(back).collect();
    for monday in mondays {
        let week = Interval::new(*monday - SignedDuration::from_hours(7 * 24), *monday);
        let Ok(week) = week else { continue };
        let parts = agent
            .shifts
            .iter()
            .filter_map(|one| one.intersection(&week));
        let worked: SignedDuration = parts.map(|one| one.start().duration_until(one.end())).sum();
        let left = MOST_WORK_A_WEEK.saturating_sub(worked);
        moments.push(*monday - left.max(SignedDuration::ZERO));
    }
    moments
}

/// The last Monday at midnight, at a place with this zone.
fn monday(moment: Timestamp, zone: Zone) -> Timestamp {
    zone.day_start(monday_of(zone.local_date(moment)))
}

/// The Mondays from a moment on, up to the one after another moment.
fn mondays(from: Timestamp, to: Timestamp, zone: Zone) -> Vec<Timestamp> {
    let first = zone.local_date(monday(from, zone));
    let days = std::iter::successors(Some(first), |day| day.checked_add(7.days()).ok());
    let moments = days.skip(1).map(|day| zone.day_start(day));
    moments
        .take_while(|monday| *monday < to + SignedDuration::from_hours(7 * 24))
        .collect()
}

/// The interval in whole minutes, rounded outwards, and cut where it begins before `from`.
fn whole_minutes(interval: Interval, from: i64) -> Option<Interval> {
    let start = interval.start().as_second().div_euclid(60).max(from);
    let start = Timestamp::from_second(start.checked_mul(60)?).ok()?;
    Interval::new(start, next_minute(interval.end())?).ok()
}

/// Start and end of each, in minutes from a moment.
fn minutes_of(times: &[Interval], from: i64) -> Vec<(u32, u32)> {
    let minutes = times
        .iter()
        .map(|one| Some((offset(from, one.start())?, offset(from, one.end())?)));
    minutes.flatten().collect()
}

fn intervals(times: &[(u32, u32)], from: i64) -> Result<Vec<Interval>, AvailabilityRefused> {
    let interval = |(start, end): &(u32, u32)| {
        let (start, end) = (moment(from, *start)?, moment(from, *end)?);
        Interval::new(start, end).ok()
    };
    let read: Option<Vec<Interval>> = times.iter().map(interval).collect();
    read.ok_or(AvailabilityRefused::Unreadable)
}

fn read_base(rest: &mut &[u8]) -> Result<i64, AvailabilityRefused> {
    let base = unzigzag(read_number(rest)?);
    let sound = base.unsigned_abs() <= u64::from(LATEST_MINUTE);
    sound.then_some(base).ok_or(AvailabilityRefused::Unreadable)
}

fn read_openings(rest: &mut &[u8], unit: u32) -> Result<Vec<(u32, u32)>, AvailabilityRefused> {
    let mut forth = Forth { reached: 0, unit };
    let mut openings: Vec<(u32, u32)> = Vec::new();
    for _ in 0..read_number(rest)? {
        let (gap, length) = (read_number(rest)?, read_number(rest)?);
        let times = read_number(rest)?;
        if times > MOST_STRETCHES.saturating_sub(openings.len()) as u64 {
            return Err(AvailabilityRefused::Unreadable);
        }
        for _ in 0..times {
            openings.push(forth.by(gap, length)?);
        }
    }
    Ok(openings)
}

fn read_times(rest: &mut &[u8], unit: u32) -> Result<Vec<(u32, u32)>, AvailabilityRefused> {
    let mut forth = Forth { reached: 0, unit };
    let mut times = Vec::new();
    for _ in 0..read_number(rest)? {
        times.push(forth.by(read_number(rest)?, read_number(rest)?)?);
    }
    Ok(times)
}

/// Walks on in whole units.
struct Forth {
    reached: u32,
    unit: u32,
}

impl Forth {
    /// Start and end of what comes `gap` units further and is `length` units long.
    fn by(&mut self, gap: u64, length: u64) -> Result<(u32, u32), AvailabilityRefused> {
        let mut advance = |units: u64| {
            let minutes = u32::try_from(units).ok()?.checked_mul(self.unit)?;
            self.reached = self.reached.checked_add(minutes)?;
            (self.reached <= LATEST_MINUTE).then_some(self.reached)
        };
        let start = advance(gap).ok_or(AvailabilityRefused::Unreadable)?;
        let end = advance(length).ok_or(AvailabilityRefused::Unreadable)?;
        if end > start {
            Ok((start, end))
        } else {
            Err(AvailabilityRefused::Unreadable)
        }
    }
}

/// The openings: the gap before each, its length, and how often both come in a row.
fn repeated(openings: &[(u32, u32)], unit: u32) -> Vec<(u32, u32, u32)> {
    let mut repeated: Vec<(u32, u32, u32)> = Vec::new();
    let mut reached = 0;
    for (start, end) in openings {
        let (gap, length) = ((start - reached) / unit, (end - start) / unit);
        match repeated.last_mut() {
            Some((same_gap, same_length, times)) if (*same_gap, *same_length) == (gap, length) => {
                *times += 1;
            }
            Some(_) | None => repeated.push((gap, length, 1)),
        }
        reached = *end;
    }
    repeated
}

/// The moments from a minute on, for so many days of 24 hours.
fn window(base: i64, horizon_days: i64) -> Option<Interval> {
    let start = Timestamp::from_second(base.checked_mul(60)?).ok()?;
    let length = SignedDuration::try_from_hours(horizon_days.checked_mul(24)?)?;
    Interval::new(start, start.checked_add(length).ok()?).ok()
}

/// The moment so many minutes after the base.
fn moment(base: i64, minutes: u32) -> Option<Timestamp> {
    let minute = base.checked_add(i64::from(minutes))?;
    Timestamp::from_second(minute.checked_mul(60)?).ok()
}

/// Minutes from the base to a moment, rounded down; `None` before the base.
fn offset(base: i64, moment: Timestamp) -> Option<u32> {
    u32::try_from(moment.as_second().div_euclid(60).checked_sub(base)?).ok()
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

/// Small numbers of either sign as small numbers without sign.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// Seven bits to a byte, least first; the eighth says that more follow.
fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_number(bytes: &mut &[u8]) -> Result<u64, AvailabilityRefused> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(AvailabilityRefused::Unreadable)?;
        *bytes = rest;
        let bits = u64::from(byte & 0x7f);
        // The tenth byte has room for one bit.
        if shift == 63 && bits > 1 {
            return Err(AvailabilityRefused::Unreadable);
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(AvailabilityRefused::Unreadable)
}
