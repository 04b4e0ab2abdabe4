//! French public holidays (C. trav., L3133-1, L3134-13 and L3422-2) and the deadlines that depend on
//! them.

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::paris;
use crate::places::Department;

/// Days after the conclusion during which a consumer may withdraw (C. conso., L221-18).
pub const WITHDRAWAL_DAYS: i8 = 14;

/// Whether the day is one of the eleven national public holidays.
pub fn is_public_holiday(day: Date) -> bool {
    holiday_name(day).is_some()
}

/// Whether the day is a public holiday in a department: Alsace and Moselle have two more, Good Friday
/// and 26 December (C. trav., L3134-13), and the overseas departments commemorate the abolition of
/// slavery, each on its day (C. trav., L3422-2).
pub fn is_public_holiday_in(day: Date, department: &Department) -> bool {
    let date = (day.month(), day.day());
    let is_local = match department.code() {
        "57" | "67" | "68" => date == (12, 26) || days_after_easter(day) == Some(-2),
        "971" => date == (5, 27),
        "972" => date == (5, 22),
        "973" => date == (6, 10),
        "974" => date == (12, 20),
        "976" => date == (4, 27),
        _ => false,
    };
    is_local || is_public_holiday(day)
}

/// The French name of a national public holiday.
pub fn holiday_name(day: Date) -> Option<&'static str> {
    let fixed = match (day.month(), day.day()) {
        (1, 1) => Some("Jour de l’An"),
        (5, 1) => Some("Fête du Travail"),
        (5, 8) => Some("Victoire 1945"),
        (7, 14) => Some("Fête nationale"),
        (8, 15) => Some("Assomption"),
        (11, 1) => Some("Toussaint"),
        (11, 11) => Some("Armistice 1918"),
        (12, 25) => Some("Noël"),
        _ => None,
    };
    fixed.or_else(|| match days_after_easter(day)? {
        1 => Some("Lundi de Pâques"),
        39 => Some("Ascension"),
        50 => Some("Lundi de Pentecôte"),
        _ => None,
    })
}

/// Whether the day is neither a Saturday, a Sunday nor a public holiday.
pub fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_public_holiday(day)
}

/// The day itself when it is a working day, else the first one after it.
pub fn next_working_day(day: Date) -> Date {
    let mut candidate = day;
    while !is_working_day(candidate) {
        match candidate.tomorrow() {
            Ok(tomorrow) => candidate = tomorrow,
            // The calendar ends here, in the year 9999.
            Err(_) => break,
        }
    }
    candidate
}

/// The last second in which a consumer may withdraw from a contract concluded at a moment: the end of
/// the fourteenth day after the day of conclusion, or of the next working day when that one is a
/// Saturday, a Sunday or a public holiday (C. conso., L221-18 and L221-19).
pub fn withdrawal_deadline(concluded_at: Timestamp) -> Timestamp {
    let fourteenth = paris::local_date(concluded_at).saturating_add(WITHDRAWAL_DAYS.days());
    let day_after = next_working_day(fourteenth).saturating_add(1.day());
    let midnight = paris::day_start(day_after);
    midnight
        .checked_sub(SignedDuration::from_secs(1))
        .unwrap_or(midnight)
}

/// Days between Easter Sunday of the year and the day; `None` outside the years 1583 to 9999.
fn days_after_easter(day: Date) -> Option<i16> {
    let easter = computus::gregorian(i32::from(day.year())).ok()?;
    let month = i8::try_from(easter.month).ok()?;
    let sunday = Date::new(day.year(), month, i8::try_from(easter.day).ok()?).ok()?;
    Some(day.day_of_year() - sunday.day_of_year())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn department(code: &str) -> Department {
        Department::parse(code).unwrap()
    }

    #[test]
    fn movable_holidays_follow_easter() {
        for (day, name) in [
            (date(2026, 4, 6), "Lundi de Pâques"),
            (date(2026, 5, 14), "Ascension"),
            (date(2026, 5, 25), "Lundi de Pentecôte"),
            (date(2027, 3, 29), "Lundi de Pâques"),
            (date(2027, 5, 6), "Ascension"),
            (date(2027, 5, 17), "Lundi de Pentecôte"),
        ] {
            assert_eq!(holiday_name(day), Some(name), "{day}");
        }
    }

    #[test]
    fn each_year_has_eleven_holidays_and_two_more_in_alsace_and_moselle() {
        for year in 2020..2060 {
            let days: Vec<Date> = date(year, 1, 1)
                .series(1.day())
                .take_while(|day| day.year() == year)
                .collect();
            let national: Vec<_> = days.iter().filter_map(|day| holiday_name(*day)).collect();
            // Ascension may fall on a fixed holiday: 1 May in 2008, 8 May in 2059.
            let coincide = days.iter().any(|day| {
                days_after_easter(*day) == Some(39)
                    && matches!((day.month(), day.day()), (5, 1 | 8))
            });
            assert_eq!(national.len(), if coincide { 10 } else { 11 }, "{year}");
            let in_strasbourg = days
                .iter()
                .filter(|day| is_public_holiday_in(**day, &department("67")))
                .count();
            assert_eq!(in_strasbourg, national.len() + 2, "{year}");
        }
    }

    #[test]
    fn good_friday_and_saint_stephen_are_holidays_in_the_east_alone() {
        for day in [date(2026, 4, 3), date(2026, 12, 26)] {
            for code in ["57", "67", "68"] {
                assert!(is_public_holiday_in(day, &department(code)), "{day} {code}");
            }
            for code in ["69", "88", "974"] {
                assert!(
                    !is_public_holiday_in(day, &department(code)),
                    "{day} {code}"
                );
            }
            assert!(!is_public_holiday(day));
        }
    }

    #[test]
    fn each_overseas_department_commemorates_the_abolition_of_slavery_on_its_own_day() {
        let days = [
            ("976", date(2027, 4, 27)),
            ("972", date(2027, 5, 22)),
            ("971", date(2027, 5, 27)),
            ("973", date(2027, 6, 10)),
            ("974", date(2027, 12, 20)),
        ];
        for (whose, day) in days {
            for code in ["75", "67", "971", "972", "973", "974", "976"] {
                assert_eq!(
                    is_public_holiday_in(day, &department(code)),
                    code == whose,
                    "{day} {code}"
                );
            }
        }
    }

    #[test]
    fn withdrawal_ends_with_the_fourteenth_day_or_the_next_working_day() {
        for (concluded, last_day, why) in [
            (
                "2026-09-01T10:00:00Z",
                date(2026, 9, 15),
                "a Tuesday to a Tuesday",
            ),
            (
                "2026-09-05T10:00:00Z",
                date(2026, 9, 21),
                "the Saturday is extended to Monday",
            ),
            (
                "2026-09-06T10:00:00Z",
                date(2026, 9, 21),
                "the Sunday is extended to Monday",
            ),
            (
                "2026-10-28T10:00:00Z",
                date(2026, 11, 12),
                "11 November is extended to the Thursday",
            ),
            (
                "2026-12-11T10:00:00Z",
                date(2026, 12, 28),
                "Christmas on a Friday is extended to Monday",
            ),
            (
                "2026-03-21T10:00:00Z",
                date(2026, 4, 7),
                "the Saturday before Easter Monday",
            ),
            (
                "2026-09-01T22:30:00Z",
                date(2026, 9, 16),
                "half past midnight in Paris is the next day",
            ),
        ] {
            let deadline = withdrawal_deadline(concluded.parse().unwrap());
            assert_eq!(
                paris::to_local(deadline),
                last_day.at(23, 59, 59, 0),
                "{why}"
            );
        }
    }

    #[test]
    fn a_deadline_over_a_change_of_clocks_still_ends_at_midnight() {
        let deadline = withdrawal_deadline("2026-10-13T10:00:00Z".parse().unwrap());
        assert_eq!(deadline.to_string(), "2026-10-27T22:59:59Z");
    }

    proptest! {
        #[test]
        fn there_are_always_fourteen_full_days_and_a_working_last_one(second in 1_500_000_000_i64..3_000_000_000) {
            let concluded = Timestamp::from_second(second).unwrap();
            let last = paris::local_date(withdrawal_deadline(concluded));
            let days = paris::local_date(concluded).until(last).unwrap().get_days();
            prop_assert!((14..=18).contains(&days));
            prop_assert!(is_working_day(last));
        }
    }
}
