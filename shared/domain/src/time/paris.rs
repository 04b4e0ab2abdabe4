//! Local time in Paris, in which the platform counts its own delays, and how French people write
//! dates. A mission has the time of its place: see `zone`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};

use super::zone::Zone;

/// What clocks show in Paris at a moment.
pub fn to_local(moment: Timestamp) -> DateTime {
    Zone::Paris.to_local(moment)
}

/// The day in Paris at a moment.
pub fn local_date(moment: Timestamp) -> Date {
    Zone::Paris.local_date(moment)
}

/// The moment at which clocks in Paris show `local`. An hour that clocks skip in spring is taken one
/// hour later; of an hour that comes twice in autumn, the first is taken.
pub fn local_to_utc(local: DateTime) -> Timestamp {
    Zone::Paris.local_to_utc(local)
}

/// The first moment of a day in Paris.
pub fn day_start(day: Date) -> Timestamp {
    Zone::Paris.day_start(day)
}

/// `samedi 14 novembre 2026 à 20 h`, Paris time.
pub fn french_date_time(moment: Timestamp) -> String {
    Zone::Paris.french_date_time(moment)
}

/// `samedi 14 novembre 2026`.
pub fn french_date(day: Date) -> String {
    let ordinal = if day.day() == 1 { "er" } else { "" };
    format!(
        "{} {}{ordinal} {} {}",
        weekday_name(day.weekday()),
        day.day(),
        month_name(day.month()),
        day.year()
    )
}

/// `20 h`, Paris time, on one line.
pub fn french_time(moment: Timestamp) -> String {
    Zone::Paris.french_time(moment)
}

/// `14/11/2026`.
pub fn short_date(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// The French name of a day of the week.
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    }
}

/// The French name of a month from 1 to 12.
fn month_name(month: i8) -> &'static str {
    match month {
        1 => "janvier",
        2 => "février",
        3 => "mars",
        4 => "avril",
        5 => "mai",
        6 => "juin",
        7 => "juillet",
        8 => "août",
        9 => "septembre",
        10 => "octobre",
        11 => "novembre",
        _ => "décembre",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_are_written_the_french_way() {
        let evening = local_to_utc(date(2026, 11, 14).at(20, 0, 0, 0));
        assert_eq!(evening.to_string(), "2026-11-14T19:00:00Z");
        assert_eq!(
            french_date_time(evening),
            "samedi 14 novembre 2026 à 20\u{a0}h"
        );
        assert_eq!(french_date(date(2026, 11, 1)), "dimanche 1er novembre 2026");
        assert_eq!(
            french_time(local_to_utc(date(2026, 8, 3).at(8, 5, 0, 0))),
            "8\u{a0}h\u{a0}05"
        );
        assert_eq!(short_date(date(2026, 11, 14)), "14/11/2026");
        assert_eq!(short_date(date(2026, 1, 2)), "02/01/2026");
    }

    #[test]
    fn a_moment_and_what_clocks_show_are_two_faces_of_one_thing() {
        let moment: Timestamp = "2026-07-14T22:30:00Z".parse().unwrap();
        assert_eq!(to_local(moment), date(2026, 7, 15).at(0, 30, 0, 0));
        assert_eq!(local_to_utc(to_local(moment)), moment);
        assert_eq!(local_date(moment), date(2026, 7, 15));
    }

    #[test]
    fn hours_that_clocks_skip_or_show_twice_have_one_moment() {
        // 2026-03-29 02:30 does not exist; 2026-10-25 02:30 comes twice.
        assert_eq!(
            local_to_utc(date(2026, 3, 29).at(2, 30, 0, 0)).to_string(),
            "2026-03-29T01:30:00Z"
        );
        assert_eq!(
            local_to_utc(date(2026, 10, 25).at(2, 30, 0, 0)).to_string(),
            "2026-10-25T00:30:00Z"
        );
    }

    #[test]
    fn days_start_at_midnight_in_paris() {
        assert_eq!(
            day_start(date(2026, 1, 1)).to_string(),
            "2025-12-31T23:00:00Z"
        );
        assert_eq!(
            day_start(date(2026, 7, 1)).to_string(),
            "2026-06-30T22:00:00Z"
        );
    }

    #[test]
    fn the_ends_of_the_calendar_break_nothing() {
        assert!(day_start(Date::MIN) <= day_start(Date::MAX));
        let _ = (
            french_date_time(Timestamp::MIN),
            french_date_time(Timestamp::MAX),
        );
    }
}
