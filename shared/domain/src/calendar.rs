//! When a professional works, which agents may be sent then, and the first moment a mission could start.
//!
//! Opening hours are what clocks show at the place of a mission, and become moments here, so that
//! changes of clocks are counted once and for all.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::time::interval::Interval;
use crate::time::zone::Zone;

mod availability;

pub use availability::{AgentTime, Availability, AvailabilityRefused, MOST_AGENTS};

/// The most weekly rules in a calendar.
pub const MOST_RULES: usize = 50;
/// The most exceptions in a calendar.
pub const MOST_EXCEPTIONS: usize = 200;
/// The longest note of an exception, in characters.
pub const LONGEST_NOTE: usize = 200;

/// Why a calendar is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CalendarRefused {
    /// Not `HH:MM` between 00:00 and 23:59.
    #[error("Une heure s’écrit HH:MM, de 00:00 à 23:59.")]
    TimeMalformed,
    /// More than 50 weekly rules.
    #[error("Le calendrier compte trop de plages hebdomadaires (50 au plus).")]
    TooManyRules,
    /// More than 200 exceptions.
    #[error("Le calendrier compte trop d’exceptions (200 au plus).")]
    TooManyExceptions,
    /// An exception that ends before it begins.
    #[error("Une exception doit finir au plus tôt le jour où elle commence.")]
    EndsBeforeItBegins,
    /// A note of more than 200 characters.
    #[error("Une note est trop longue (200 caractères au plus).")]
    NoteTooLong,
}

impl CalendarRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::TimeMalformed => "calendar_time_malformed",
            Self::TooManyRules => "calendar_too_many_rules",
            Self::TooManyExceptions => "calendar_too_many_exceptions",
            Self::EndsBeforeItBegins => "calendar_exception_reversed",
            Self::NoteTooLong => "calendar_note_too_long",
        }
    }
}

/// What a clock shows at the place of a mission, to the minute, written `HH:MM`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct TimeOfDay(Time);

impl TimeOfDay {
    /// Reads `HH:MM`, from 00:00 to 23:59.
    pub fn parse(text: &str) -> Result<Self, CalendarRefused> {
        let number = |digits: &str| {
            let two_digits = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            two_digits.then(|| digits.parse::<i8>().ok()).flatten()
        };
        let (hour, minute) = text
            .trim()
            .split_once(':')
            .ok_or(CalendarRefused::TimeMalformed)?;
        let time = number(hour)
            .zip(number(minute))
            .and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
        time.map(Self).ok_or(CalendarRefused::TimeMalformed)
    }

    /// The time of day.
    pub fn time(self) -> Time {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = CalendarRefused;
    fn try_from(text: String) -> Result<Self, CalendarRefused> {
        Self::parse(&text)
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

/// A day of the week.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "days of the week")]
pub enum DayOfWeek {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl DayOfWeek {
    /// The seven days, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The day of the week of a date.
    pub fn of(day: Date) -> Self {
        match day.weekday() {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// Opening hours that come back each week. Closing at or before the hour of opening means the next day:
/// 20:00 to 04:00 is a night, 08:00 to 08:00 is 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WeeklyRule {
    /// The day on which it opens.
    pub weekday: DayOfWeek,
    /// When it opens.
    pub opens: TimeOfDay,
    /// When it closes.
    pub closes: TimeOfDay,
}

/// What an exception does to the days that it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ExceptionKind {
    /// Whole days are closed, the end of the night before included. Hours of an exception that opens
    /// and is as precise (that covers as few days) open again: a closed week may have an open morning.
    Closed,
    /// Hours are added on each day, as with a weekly rule.
    Open {
        /// When it opens.
        opens: TimeOfDay,
        /// When it closes.
        closes: TimeOfDay,
    },
}

/// Days on which the week does not go as usual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarException {
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// What changes.
    pub kind: ExceptionKind,
    /// Why, for the professional alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub note: Option<String>,
}

impl CalendarException {
    fn covers(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// How many days it covers, beyond the first.
    fn length(&self) -> i64 {
        self.from
            .until(self.to)
            .map_or(i64::MAX, |span| i64::from(span.get_days()))
    }
}

/// When a professional takes missions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpeningCalendar {
    /// What comes back each week.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub weekly: Vec<WeeklyRule>,
    /// What does not.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub exceptions: Vec<CalendarException>,
}

impl OpeningCalendar {
    /// Open day and night, all week.
    pub fn always() -> Self {
        let midnight = TimeOfDay(Time::midnight());
        let whole_day = |weekday| WeeklyRule {
            weekday,
            opens: midnight,
            closes: midnight,
        };
        Self {
            weekly: DayOfWeek::ALL.map(whole_day).to_vec(),
            exceptions: Vec::new(),
        }
    }

    /// Checks how many rules and exceptions there are and that each makes sense.
    pub fn validate(&self) -> Result<(), CalendarRefused> {
        if self.weekly.len() > MOST_RULES {
            return Err(CalendarRefused::TooManyRules);
        }
        if self.exceptions.len() > MOST_EXCEPTIONS {
            return Err(CalendarRefused::TooManyExceptions);
        }
        if self
            .exceptions
            .iter()
            .any(|exception| exception.to < exception.from)
        {
            return Err(CalendarRefused::EndsBeforeItBegins);
        }
        let too_long = |note: &String| note.chars().count() > LONGEST_NOTE;
        if self
            .exceptions
            .iter()
            .filter_map(|exception| exception.note.as_ref())
            .any(too_long)
        {
            return Err(CalendarRefused::NoteTooLong);
        }
        Ok(())
    }

    /// The hours open within a window at a place with this zone, in order, without overlap nor contact.
    pub fn open_intervals(&self, window: Interval, zone: Zone) -> Vec<Interval> {
        let days = window.local_days(zone);
        // What opens on the evening before may reach into the window.
        let eve = days.first().and_then(|first| first.yesterday().ok());
        let opened = eve
            .iter()
            .chain(&days)
            .flat_map(|day| self.opened_on(*day, zone))
            .collect();
        let mut open = merged(opened);
        let mut reopened = Vec::new();
        for day in days.iter().filter(|day| self.is_closed_on(**day)) {
            let midnight = zone.day_start(*day);
            let next_midnight = day
                .tomorrow()
                .map_or(Timestamp::MAX, |next| zone.day_start(next));
            open = open
                .into_iter()
                .flat_map(|hours| without(hours, midnight, next_midnight))
                .collect();
            let whole_day = Interval::new(midnight, next_midnight).ok();
            let again = self.reopened_on(*day, zone);
            reopened.extend(again.filter_map(|hours| hours.intersection(&whole_day?)));
        }
        open.append(&mut reopened);
        merged(open)
            .iter()
            .filter_map(|hours| hours.intersection(&window))
            .collect()
    }

    /// Whether it is open from the start to the end of an interval at a place with this zone.
    pub fn covers(&self, wanted: Interval, zone: Zone) -> bool {
        self.open_intervals(wanted, zone) == [wanted]
    }

    fn is_closed_on(&self, day: Date) -> bool {
        self.exceptions
            .iter()
            .any(|exception| exception.kind == ExceptionKind::Closed && exception.covers(day))
    }

    /// What opens on a closed day, or on the evening before until then, by an exception that covers the
    /// day and is as precise as what closes it.
    fn reopened_on(&self, day: Date, zone: Zone) -> impl Iterator<Item = Interval> {
        let closings = self
            .exceptions
            .iter()
            .filter(|exception| exception.kind == ExceptionKind::Closed && exception.covers(day));
        let most_precise = closings.map(CalendarException::length).min();
        let covering = self
            .exceptions
            .iter()
            .filter(move |exception| exception.covers(day))
            .filter(move |exception| most_precise.is_none_or(|most| exception.length() <= most));
        covering.flat_map(move |exception| {
            let eve = day.yesterday().ok().filter(|eve| exception.covers(*eve));
            let days = eve.into_iter().chain([day]);
            days.filter_map(move |opened| match exception.kind {
                ExceptionKind::Open { opens, closes } => hours(opened, opens, closes, zone),
                ExceptionKind::Closed => None,
            })
        })
    }

    /// What opens on a day, be it closed the next day.
    fn opened_on(&self, day: Date, zone: Zone) -> impl Iterator<Item = Interval> {
        let weekday = DayOfWeek::of(day);
        let weekly = self
            .weekly
            .iter()
            .filter(move |rule| rule.weekday == weekday);
        let weekly = weekly.map(|rule| (rule.opens, rule.closes));
        let added = self
            .exceptions
            .iter()
            .filter(move |exception| exception.covers(day));
        let added = added.filter_map(|exception| match exception.kind {
            ExceptionKind::Open { opens, closes } => Some((opens, closes)),
            ExceptionKind::Closed => None,
        });
        weekly
            .chain(added)
            .filter_map(move |(opens, closes)| hours(day, opens, closes, zone))
    }
}

/// The moments between two times of a day; `None` when clocks skip all of it. Who closes at 23:59 means
/// the end of the day: forms know no 24:00, and the minute that is missing would part the night in two.
fn hours(day: Date, opens: TimeOfDay, closes: TimeOfDay, zone: Zone) -> Option<Interval> {
    let last_day = if closes <= opens {
        day.tomorrow().ok()?
    } else {
        day
    };
    let last_minute = Time::constant(23, 59, 0, 0);
    if closes.0 == last_minute && opens < closes {
        let opens = zone.local_to_utc(DateTime::from_parts(day, opens.0));
        return Interval::new(opens, zone.day_start(day.tomorrow().ok()?)).ok();
    }
    let moment = |day: Date, time: TimeOfDay| zone.local_to_utc(DateTime::from_parts(day, time.0));
    Interval::new(moment(day, opens), moment(last_day, closes)).ok()
}

/// The same moments in order, without overlap nor contact.
fn merged(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for next in intervals {
        let joined = merged.last().filter(|last| next.start() <= last.end());
        match joined.and_then(|last| Interval::new(last.start(), last.end().max(next.end())).ok()) {
            Some(joined) => {
                merged.pop();
                merged.push(joined);
            }
            None => merged.push(next),
        }
    }
    merged
}

/// What is left of an interval once the moments from `start` to `end` are taken away.
fn without(interval: Interval, start: Timestamp, end: Timestamp) -> impl Iterator<Item = Interval> {
    let before = Interval::new(interval.start(), interval.end().min(start)).ok();
    let after = Interval::new(interval.start().max(end), interval.end()).ok();
    before.into_iter().chain(after)
}

/// An agent's time taken by a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Occupation {
    /// Which agent.
    pub agent: String,
    /// From when to when.
    pub interval: Interval,
    /// By which booking.
    pub booking: String,
    /// Until when the agent is held while the client pays; `None` once that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
}

impl Occupation {
    /// Whether it counts at `now`: a hold that has lapsed does not.
    pub fn counts(&self, now: Timestamp) -> bool {
        self.held_until.is_none_or(|until| now < until)
    }
}

/// The moment itself when it is a whole minute, else the next one.
fn next_minute(moment: Timestamp) -> Option<Timestamp> {
    let below = moment.as_second().div_euclid(60) * 60;
    let exact = below == moment.as_second() && moment.subsec_nanosecond() == 0;
    Timestamp::from_second(if exact { below } else { below.checked_add(60)? }).ok()
}

#[cfg(test)]
mod tests;
