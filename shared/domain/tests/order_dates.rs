//! From a pattern to the dates of an order, against a calendar that is walked through day by day.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::order::{DatesRefused, DayOfWeek, Pattern, Slot};
use domain::places::Department;
use domain::time::zone::Zone;
use jiff::civil::{Date, DateTime, Time, Weekday, date, time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;

const DAYS: [(DayOfWeek, Weekday); 7] = [
    (DayOfWeek::Monday, Weekday::Monday),
    (DayOfWeek::Tuesday, Weekday::Tuesday),
    (DayOfWeek::Wednesday, Weekday::Wednesday),
    (DayOfWeek::Thursday, Weekday::Thursday),
    (DayOfWeek::Friday, Weekday::Friday),
    (DayOfWeek::Saturday, Weekday::Saturday),
    (DayOfWeek::Sunday, Weekday::Sunday),
];

fn paris() -> Zone {
    Zone::of(&Department::parse("69").unwrap())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn evening() -> Slot {
    Slot {
        starts: time(19, 0, 0, 0),
        ends: time(23, 30, 0, 0),
    }
}

fn weekly(weekdays: &[DayOfWeek], from: Date, until: Date, except: &[Date]) -> Pattern {
    Pattern::Weekly {
        weekdays: weekdays.to_vec(),
        from,
        until,
        except: except.to_vec(),
    }
}

/// The first local day of each mission.
fn days(pattern: &Pattern, now: Timestamp) -> Result<Vec<Date>, DatesRefused> {
    let horizon = now + SignedDuration::from_hours(75 * 24);
    let missions = pattern.missions(evening(), paris(), now, horizon)?;
    Ok(missions
        .iter()
        .map(|one| paris().local_date(one.start()))
        .collect())
}

#[test]
fn a_shops_month() {
    use DayOfWeek::{Friday, Saturday};
    let pattern = weekly(
        &[Friday, Saturday],
        date(2026, 12, 4),
        date(2026, 12, 26),
        &[date(2026, 12, 12)],
    );
    let found = days(&pattern, at("2026-11-30T09:00:00Z")).unwrap();
    let expected = [4, 5, 11, 18, 19, 25, 26].map(|day| date(2026, 12, day));
    assert_eq!(found, expected);
}

#[test]
fn what_makes_no_order_says_why() {
    use DayOfWeek::Friday;
    let now = at("2026-11-30T09:00:00Z");
    let (from, until) = (date(2026, 12, 1), date(2026, 12, 31));
    let every: Vec<DayOfWeek> = DAYS.iter().map(|(day, _)| *day).collect();
    let listed = |on: &[Date]| Pattern::Listed { on: on.to_vec() };
    for (pattern, expected) in [
        (weekly(&[], from, until, &[]), DatesRefused::None),
        (
            weekly(&[Friday], from, date(2026, 12, 3), &[]),
            DatesRefused::None,
        ),
        (
            weekly(&[Friday], from, date(2026, 12, 4), &[date(2026, 12, 4)]),
            DatesRefused::None,
        ),
        (listed(&[]), DatesRefused::None),
        (weekly(&[Friday], until, from, &[]), DatesRefused::Backwards),
        (
            weekly(&every, from, date(2027, 1, 30), &[]),
            DatesRefused::TooMany,
        ),
        (
            weekly(&every, from, date(9999, 12, 31), &[]),
            DatesRefused::TooMany,
        ),
        (
            weekly(&[Friday], from, date(2027, 3, 31), &[]),
            DatesRefused::TooFar,
        ),
        (
            weekly(&[Friday], date(2026, 11, 20), until, &[]),
            DatesRefused::Past,
        ),
        (
            listed(&[date(2026, 11, 29), date(2026, 12, 5)]),
            DatesRefused::Past,
        ),
        (listed(&[date(2027, 6, 1)]), DatesRefused::TooFar),
    ] {
        assert_eq!(days(&pattern, now), Err(expected), "{pattern:?}");
    }
    // Sixty exactly, and a day named twice is one.
    let sixty = weekly(&every, from, date(2027, 1, 29), &[]);
    assert_eq!(days(&sixty, now).unwrap().len(), 60);
    let twice = listed(&[date(2026, 12, 5), date(2026, 12, 2), date(2026, 12, 5)]);
    assert_eq!(
        days(&twice, now).unwrap(),
        [date(2026, 12, 2), date(2026, 12, 5)]
    );
}

/// Hours are those that clocks show: the night on which they change is longer or shorter.
#[test]
fn a_night_keeps_its_hours_when_clocks_change() {
    let night = Slot {
        starts: time(22, 0, 0, 0),
        ends: time(6, 0, 0, 0),
    };
    let pattern = weekly(
        &[DayOfWeek::Friday, DayOfWeek::Saturday],
        date(2027, 3, 26),
        date(2027, 3, 27),
        &[],
    );
    let now = at("2027-03-01T09:00:00Z");
    let horizon = now + SignedDuration::from_hours(75 * 24);
    let missions = pattern.missions(night, paris(), now, horizon).unwrap();
    let lengths: Vec<i64> = missions.iter().map(|one| one.minutes() / 60).collect();
    assert_eq!(lengths, [8, 7]);
    let overseas = Zone::of(&Department::parse("974").unwrap());
    let missions = pattern.missions(night, overseas, now, horizon).unwrap();
    assert_eq!(missions[0].start(), at("2027-03-26T18:00:00Z"));
    assert_eq!(missions[1].minutes(), 8 * 60);
}

/// Walks through every day there could be.
fn naive(chosen: &[bool], from: Date, until: Date, except: &[Date]) -> Vec<Date> {
    let mut found = Vec::new();
    let mut day = date(2026, 1, 1);
    while day < date(2028, 1, 1) {
        let wanted = DAYS
            .iter()
            .zip(chosen)
            .any(|((_, own), chosen)| *chosen && *own == day.weekday());
        if day >= from && day <= until && wanted && !except.contains(&day) {
            found.push(day);
        }
        day = day.tomorrow().unwrap();
    }
    found
}

proptest! {
    #[test]
    fn a_pattern_gives_the_days_of_a_calendar(
        chosen in proptest::collection::vec(any::<bool>(), 7),
        first in 0..300_i64,
        length in 0..90_i64,
        except in proptest::collection::vec(0..90_i64, 0..6),
        starts in 4..24_i8,
        ends in 4..24_i8,
    ) {
        let from = date(2026, 6, 1).checked_add(first.days()).unwrap();
        let until = from.checked_add(length.days()).unwrap();
        let except: Vec<Date> = except.iter().map(|days| from.checked_add(days.days()).unwrap()).collect();
        let weekdays: Vec<DayOfWeek> = DAYS.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|((day, _), _)| *day).collect();
        let slot = Slot { starts: time(starts, 0, 0, 0), ends: time(ends, 0, 0, 0) };
        let now = paris().day_start(from);
        let horizon = now + SignedDuration::from_hours(75 * 24);
        let got = weekly(&weekdays, from, until, &except).missions(slot, paris(), now, horizon);
        let expected = naive(&chosen, from, until, &except);
        let end_of = |day: &Date| {
            let last = if ends > starts { *day } else { day.tomorrow().unwrap() };
            paris().local_to_utc(DateTime::from_parts(last, Time::new(ends, 0, 0, 0).unwrap()))
        };
        match got {
            Ok(missions) => {
                let days: Vec<Date> = missions.iter().map(|one| paris().local_date(one.start())).collect();
                prop_assert_eq!(&days, &expected);
                for (mission, day) in missions.iter().zip(&days) {
                    prop_assert_eq!(mission.end(), end_of(day));
                    prop_assert!(mission.end() <= horizon);
                }
            }
            Err(DatesRefused::None) => prop_assert!(expected.is_empty()),
            Err(DatesRefused::TooMany) => prop_assert!(expected.len() > 60),
            Err(DatesRefused::TooFar) => prop_assert!(end_of(expected.last().unwrap()) > horizon),
            Err(refused) => prop_assert!(false, "{refused}"),
        }
    }
}
