//! When agents are free over the coming weeks, small enough to be kept beside each search result.

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::{Occupation, OpeningCalendar, next_minute};
use crate::time::interval::Interval;
use crate::time::zone::Zone;

/// The most agents of one professional that are told apart: those beyond are left out, so that
/// availability is never overstated.
pub const MOST_AGENTS: usize = 64;

/// The first byte of the encoding.
const VERSION: u8 = 2;

/// The most stretches that are read back: more than any calendar gives.
const MOST_STRETCHES: usize = 100_000;

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

/// Who is free when, from one moment to a horizon: stretches of open hours, each with the set of agents
/// who are free in all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// The first minute, counted from 1970.
    base: i64,
    /// In order, without overlap; those where nobody is free are left out.
    stretches: Vec<Stretch>,
}

/// Minutes from the base, and one bit for each free agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    start: u32,
    end: u32,
    free: u64,
}

impl Availability {
    /// Who is free when at a place with this zone, from `from` (rounded down to the hour) for
    /// `horizon_days` days of 24 hours.
    pub fn compute(
        calendar: &OpeningCalendar,
        zone: Zone,
        agents: &[String],
        occupations: &[Occupation],
        from: Timestamp,
        horizon_days: i64,
        now: Timestamp,
    ) -> Self {
        let base = from.as_second().div_euclid(3_600) * 60;
        let nothing = Self {
            base,
            stretches: Vec::new(),
        };
        let Some(window) = window(base, horizon_days) else {
            return nothing;
        };
        let busy = busy_times(agents, occupations, base, now);
        let everyone =
            (0..agents.len().min(MOST_AGENTS)).fold(0_u64, |set, rank| set | (1 << rank));
        let mut stretches: Vec<Stretch> = Vec::new();
        for open in calendar.open_intervals(window, zone) {
            // Openings are whole minutes within the window, and so are its ends.
            let (Some(opens), Some(closes)) =
                (offset(base, open.start()), offset(base, open.end()))
            else {
                continue;
            };
            for (start, end) in cut(opens, closes, &busy) {
                let in_the_way = busy
                    .iter()
                    .filter(|busy| busy.start < end && start < busy.end);
                let free = in_the_way.fold(everyone, |free, busy| free & !busy.free);
                push(&mut stretches, Stretch { start, end, free });
            }
        }
        Self { base, stretches }
    }

    /// How many agents are free from the start to the end of an interval: none when some of it is
    /// closed or beyond the horizon.
    pub fn free_agents_during(&self, wanted: Interval) -> u16 {
        let end = next_minute(wanted.end());
        let (Some(start), Some(end)) = (
            offset(self.base, wanted.start()),
            end.and_then(|end| offset(self.base, end)),
        ) else {
            return 0;
        };
        let first = self
            .stretches
            .partition_point(|stretch| stretch.end <= start);
        let mut covered = start;
        let mut free = u64::MAX;
        for stretch in self.stretches.iter().skip(first) {
            if covered >= end || stretch.start > covered {
                break;
            }
            covered = stretch.end;
            free &= stretch.free;
        }
        if covered < end {
            0
        } else {
            u16::try_from(free.count_ones()).unwrap_or(0)
        }
    }

    /// The first moment, a whole minute and not before `not_before`, from which `wanted_agents` are free
    /// for `duration_minutes`; `None` within the horizon.
    pub fn first_start(
        &self,
        not_before: Timestamp,
        duration_minutes: i64,
        wanted_agents: u16,
    ) -> Option<Timestamp> {
        let earliest = next_minute(not_before)?;
        let duration = SignedDuration::try_from_mins(duration_minutes)
            .filter(|duration| duration.is_positive())?;
        // Going back in time, a mission that fits only stops fitting where a stretch begins: no other
        // moment need be tried.
        let begins = self.stretches.iter();
        let begins = begins.filter_map(|stretch| moment(self.base, stretch.start));
        let later = begins.filter(|begins| *begins > earliest);
        std::iter::once(earliest).chain(later).find(|start| {
            let end = start.checked_add(duration).ok();
            let mission = end.and_then(|end| Interval::new(*start, end).ok());
            mission.is_some_and(|mission| self.free_agents_during(mission) >= wanted_agents)
        })
    }

    /// A few dozen bytes, as variable-length numbers: version, base, unit (the longest in which all times
    /// are whole), everybody; then the openings, those that repeat written once; then who is missing when.
    pub fn encode(&self) -> Vec<u8> {
        let times = self
            .stretches
            .iter()
            .flat_map(|stretch| [stretch.start, stretch.end]);
        let unit = times.fold(0, greatest_common_divisor).max(1);
        let everybody = self
            .stretches
            .iter()
            .fold(0, |all, stretch| all | stretch.free);
        let openings = openings(&self.stretches, unit);
        let mut bytes = vec![VERSION];
        write_number(&mut bytes, zigzag(self.base));
        for number in [u64::from(unit), everybody, openings.len() as u64] {
            write_number(&mut bytes, number);
        }
        for (gap, length, times) in openings {
            for number in [gap, length, times] {
                write_number(&mut bytes, u64::from(number));
            }
        }
        let mut reached = 0;
        for stretch in self.stretches.iter().filter(|it| it.free != everybody) {
            write_number(&mut bytes, u64::from((stretch.start - reached) / unit));
            write_number(&mut bytes, u64::from((stretch.end - stretch.start) / unit));
            write_number(&mut bytes, everybody & !stretch.free);
            reached = stretch.end;
        }
        bytes
    }

    /// Reads what `encode` wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, AvailabilityRefused> {
        let Some((&VERSION, mut rest)) = bytes.split_first() else {
            return Err(AvailabilityRefused::OtherVersion);
        };
        let rest = &mut rest;
        let base = unzigzag(read_number(rest)?);
        let mut forth = Forth {
            reached: 0,
            unit: u32::try_from(read_number(rest)?).map_err(|_| AvailabilityRefused::Unreadable)?,
        };
        let everybody = read_number(rest)?;
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
        let mut missing = Vec::new();
        forth.reached = 0;
        while !rest.is_empty() && missing.len() < MOST_STRETCHES {
            let (start, end) = forth.by(read_number(rest)?, read_number(rest)?)?;
            let free = everybody & !read_number(rest)?;
            missing.push(Stretch { start, end, free });
        }
        let stretches = filled(&openings, everybody, &missing)
            .filter(|_| rest.is_empty())
            .ok_or(AvailabilityRefused::Unreadable)?;
        Ok(Self { base, stretches })
    }
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
            Some(self.reached)
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

/// The times when somebody is free: the gap before each, its length, and how often both come in a row.
fn openings(stretches: &[Stretch], unit: u32) -> Vec<(u32, u32, u32)> {
    let mut times: Vec<(u32, u32)> = Vec::new();
    for stretch in stretches {
        match times.last_mut() {
            Some((_, end)) if *end == stretch.start => *end = stretch.end,
            Some(_) | None => times.push((stretch.start, stretch.end)),
        }
    }
    let mut openings: Vec<(u32, u32, u32)> = Vec::new();
    let mut reached = 0;
    for (start, end) in times {
        let (gap, length) = ((start - reached) / unit, (end - start) / unit);
        match openings.last_mut() {
            Some((same_gap, same_length, times)) if (*same_gap, *same_length) == (gap, length) => {
                *times += 1;
            }
            Some(_) | None => openings.push((gap, length, 1)),
        }
        reached = end;
    }
    openings
}

/// The stretches of openings in which everybody is free but those who are missing; `None` when somebody
/// is missing outside of an opening, or nobody is left.
fn filled(openings: &[(u32, u32)], everybody: u64, missing: &[Stretch]) -> Option<Vec<Stretch>> {
    let mut stretches = Vec::with_capacity(openings.len() + 2 * missing.len());
    let mut missing = missing.iter().peekable();
    for (opens, closes) in openings {
        let mut reached = *opens;
        while let Some(next) = missing.next_if(|next| next.start < *closes) {
            if next.start < reached || next.end > *closes {
                return None;
            }
            if next.start > reached {
                stretches.push(Stretch {
                    start: reached,
                    end: next.start,
                    free: everybody,
                });
            }
            stretches.push(*next);
            reached = next.end;
        }
        if reached < *closes {
            stretches.push(Stretch {
                start: reached,
                end: *closes,
                free: everybody,
            });
        }
    }
    let sound = missing.peek().is_none() && stretches.iter().all(|stretch| stretch.free != 0);
    sound.then_some(stretches)
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

/// The times when each agent is taken, in minutes rounded outwards; the bit is that of the agent.
fn busy_times(
    agents: &[String],
    occupations: &[Occupation],
    base: i64,
    now: Timestamp,
) -> Vec<Stretch> {
    let counting = occupations
        .iter()
        .filter(|occupation| occupation.counts(now));
    let busy = counting.filter_map(|occupation| {
        let rank = agents
            .iter()
            .take(MOST_AGENTS)
            .position(|agent| *agent == occupation.agent)?;
        let end = offset(base, next_minute(occupation.interval.end())?)?;
        let start = offset(base, occupation.interval.start()).unwrap_or(0);
        Some(Stretch {
            start,
            end,
            free: 1 << rank,
        })
    });
    busy.collect()
}

/// The parts of an opening between which somebody becomes busy or free.
fn cut(opens: u32, closes: u32, busy: &[Stretch]) -> Vec<(u32, u32)> {
    let changes = busy.iter().flat_map(|busy| [busy.start, busy.end]);
    let mut edges: Vec<u32> = changes
        .filter(|minute| opens < *minute && *minute < closes)
        .collect();
    edges.extend([opens, closes]);
    edges.sort_unstable();
    edges.dedup();
    edges
        .iter()
        .zip(edges.iter().skip(1))
        .map(|(start, end)| (*start, *end))
        .collect()
}

/// Adds a stretch, or lengthens the last one when the same agents go on being free.
fn push(stretches: &mut Vec<Stretch>, next: Stretch) {
    match stretches.last_mut() {
        _ if next.free == 0 => {}
        Some(last) if last.end == next.start && last.free == next.free => last.end = next.end,
        Some(_) | None => stretches.push(next),
    }
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
