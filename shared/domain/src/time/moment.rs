//! A moment as people and programs write it in what they ask.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::zone::Zone;

/// `2026-11-28T20:00`, as clocks show it where the mission takes place, or RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Moment {
    /// With its offset from UTC.
    Instant(Timestamp),
    /// What clocks show at the place, which is not known yet.
    Local(DateTime),
}

/// Whether anything can be asked about a day: around it there are days to look at, whose years have four
/// digits and sort as they come.
pub fn is_within_reach(day: Date) -> bool {
    (2000..2200).contains(&day.year())
}

impl Moment {
    fn date(self) -> Date {
        match self {
            Self::Instant(moment) => moment.to_zoned(TimeZone::UTC).date(),
            Self::Local(local) => local.date(),
        }
    }

    /// The moment, once the place is known.
    pub fn at(self, zone: Zone) -> Timestamp {
        match self {
            Self::Instant(moment) => moment,
            Self::Local(local) => zone.local_to_utc(local),
        }
    }
}

impl TryFrom<String> for Moment {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, &'static str> {
        // A plus sign that was not escaped in an address arrives as a space.
        let text = text.trim().replace(' ', "+");
        let moment = text.parse().map(Self::Instant);
        moment
            .or_else(|_| text.parse().map(Self::Local))
            .ok()
            .filter(|moment| is_within_reach(moment.date()))
            .ok_or("Cette date n’est pas valide : écrivez par exemple 2026-11-28T20:00.")
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        match moment {
            Moment::Instant(moment) => moment.to_string(),
            Moment::Local(local) => local.to_string(),
        }
    }
}

impl From<Timestamp> for Moment {
    fn from(moment: Timestamp) -> Self {
        Self::Instant(moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn years_that_nothing_is_known_of_are_no_dates() {
        for text in [
            "9999-12-30T08:00",
            "-009999-01-02T08:00",
            "-000400-01-02T08:00:00Z",
            "1999-12-31T08:00",
            "2200-01-01T08:00",
        ] {
            assert!(Moment::try_from(text.to_owned()).is_err(), "{text}");
        }
        assert!(Moment::try_from("2199-12-31T08:00".to_owned()).is_ok());
    }

    #[test]
    fn a_moment_without_a_zone_is_at_the_place() {
        let expected: Timestamp = "2026-11-28T19:00:00Z".parse().unwrap();
        for text in [
            "2026-11-28T20:00",
            "2026-11-28T20:00:00",
            "2026-11-28T19:00:00Z",
            "2026-11-28T20:00:00+01:00",
            "2026-11-28T20:00:00 01:00",
        ] {
            assert_eq!(moment(text).at(Zone::Paris), expected, "{text}");
        }
        let in_reunion = moment("2026-11-28T20:00").at(Zone::Reunion);
        assert_eq!(in_reunion.to_string(), "2026-11-28T16:00:00Z");
        let with_offset = moment("2026-11-28T20:00:00+01:00").at(Zone::Reunion);
        assert_eq!(with_offset, expected);
        assert!(Moment::try_from("samedi".to_owned()).is_err());
    }

    #[test]
    fn it_travels_as_it_was_written() {
        for text in ["2026-11-28T20:00:00", "2026-11-28T19:00:00Z"] {
            assert_eq!(String::from(moment(text)), text);
        }
    }
}
