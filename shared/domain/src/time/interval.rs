//! A stretch of time that is never empty.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::zone::Zone;

/// The longest stretch, in days: anything that walks through the days of one stays cheap.
pub const LONGEST_DAYS: i64 = 400;

/// Why two moments do not make an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IntervalRefused {
    /// The end is not after the start.
    #[error("La fin doit être postérieure au début.")]
    Empty,
    /// Longer than 400 days.
    #[error("La période est trop longue (400 jours au plus).")]
    TooLong,
}

impl IntervalRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "interval_empty",
            Self::TooLong => "interval_too_long",
        }
    }
}

/// From a first moment to a last one that is not part of it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "Bounds", into = "Bounds")]
#[schemars(with = "Bounds")]
pub struct Interval {
    start: Timestamp,
    end: Timestamp,
}

/// What an interval looks like in JSON.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Interval")]
struct Bounds {
    /// The first moment.
    start: Timestamp,
    /// The moment at which it is over.
    end: Timestamp,
}

impl Interval {
    /// The stretch from `start` to `end`, which must come after it and within 400 days.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, IntervalRefused> {
        if end <= start {
            return Err(IntervalRefused::Empty);
        }
        if start.duration_until(end) > SignedDuration::from_hours(LONGEST_DAYS * 24) {
            return Err(IntervalRefused::TooLong);
        }
        Ok(Self { start, end })
    }

    /// The first moment.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// The moment at which it is over.
    pub fn end(&self) -> Timestamp {
        self.end
    }

    /// Whether the two have a moment in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether the other lies entirely within this one.
    pub fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// What the two have in common.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }

    /// The length in whole minutes, as clocks that never change would count them.
    pub fn minutes(&self) -> i64 {
        self.start.duration_until(self.end).as_mins()
    }

    /// The days touched, by the clocks of a zone, in order.
    pub fn local_days(&self, zone: Zone) -> Vec<Date> {
        let first = zone.local_date(self.start);
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        days.take_while(|day| zone.day_start(*day) < self.end)
            .collect()
    }
}

impl TryFrom<Bounds> for Interval {
    type Error = IntervalRefused;
    fn try_from(bounds: Bounds) -> Result<Self, IntervalRefused> {
        Self::new(bounds.start, bounds.end)
    }
}

impl From<Interval> for Bounds {
    fn from(interval: Interval) -> Self {
        Self {
            start: interval.start,
            end: interval.end,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, date};
    use proptest::prelude::*;

    use super::super::paris;
    use super::*;

    fn local(start: DateTime, end: DateTime) -> Interval {
        Interval::new(paris::local_to_utc(start), paris::local_to_utc(end)).unwrap()
    }

    fn seconds(start: i64, end: i64) -> Result<Interval, IntervalRefused> {
        Interval::new(
            Timestamp::from_second(start).unwrap(),
            Timestamp::from_second(end).unwrap(),
        )
    }

    #[test]
    fn nights_in_which_clocks_change_have_nine_and_seven_hours() {
        let autumn = local(
            date(2026, 10, 24).at(22, 0, 0, 0),
            date(2026, 10, 25).at(6, 0, 0, 0),
        );
        assert_eq!(autumn.minutes(), 9 * 60);
        let spring = local(
            date(2027, 3, 27).at(22, 0, 0, 0),
            date(2027, 3, 28).at(6, 0, 0, 0),
        );
        assert_eq!(spring.minutes(), 7 * 60);
    }

    #[test]
    fn the_days_touched_are_those_of_the_place() {
        let night = local(
            date(2026, 11, 14).at(20, 0, 0, 0),
            date(2026, 11, 15).at(4, 0, 0, 0),
        );
        assert_eq!(
            night.local_days(Zone::Paris),
            [date(2026, 11, 14), date(2026, 11, 15)]
        );
        // From 15:00 to 23:00 in Martinique.
        assert_eq!(night.local_days(Zone::Martinique), [date(2026, 11, 14)]);
        let until_midnight = local(
            date(2026, 11, 14).at(20, 0, 0, 0),
            date(2026, 11, 15).at(0, 0, 0, 0),
        );
        assert_eq!(until_midnight.local_days(Zone::Paris), [date(2026, 11, 14)]);
    }

    #[test]
    fn an_empty_or_endless_stretch_is_refused() {
        assert_eq!(seconds(10, 10), Err(IntervalRefused::Empty));
        assert_eq!(seconds(10, 9), Err(IntervalRefused::Empty));
        assert_eq!(seconds(0, 401 * 86_400), Err(IntervalRefused::TooLong));
        let backwards = r#"{"start":"2026-11-14T20:00:00Z","end":"2026-11-14T19:00:00Z"}"#;
        assert!(serde_json::from_str::<Interval>(backwards).is_err());
    }

    #[test]
    fn it_travels_as_two_moments() {
        let json = r#"{"start":"2026-11-14T19:00:00Z","end":"2026-11-15T03:00:00Z"}"#;
        let interval: Interval = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&interval).unwrap(), json);
    }

    #[test]
    fn neighbours_do_not_overlap() {
        let (first, second) = (seconds(0, 10).unwrap(), seconds(10, 20).unwrap());
        assert!(!first.overlaps(&second));
        assert!(first.overlaps(&seconds(9, 11).unwrap()));
        assert!(seconds(0, 20).unwrap().contains(&second));
        assert!(!first.contains(&second));
    }

    proptest! {
        #[test]
        fn overlapping_is_having_an_intersection(a in 0_i64..100, b in 1_i64..50, c in 0_i64..100, d in 1_i64..50) {
            let (one, two) = (seconds(a, a + b).unwrap(), seconds(c, c + d).unwrap());
            prop_assert_eq!(one.overlaps(&two), one.intersection(&two).is_some());
            prop_assert_eq!(one.overlaps(&two), two.overlaps(&one));
            if let Some(common) = one.intersection(&two) {
                prop_assert!(one.contains(&common) && two.contains(&common));
            }
        }
    }
}
