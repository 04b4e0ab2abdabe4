//! The mission that somebody asks about: read from an address, checked once, without anything personal.

use domain::booking::{BookingRefused, Delays};
use domain::offer::{LONGEST_MISSION_MINUTES, OfferRefused};
use domain::places::{Position, Understood, understand};
use domain::pricing::PricingRefused;
use domain::time::interval::Interval;
use domain::time::moment::Moment;
use domain::time::zone::{Zone, ZoneView};
use http_function::Problem;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// Reads a whole number out of an address, where everything is text.
pub(crate) fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.trim()
        .parse()
        .map_err(|_| D::Error::custom("Un nombre entier est attendu."))
}

/// The mission of an address that does not say how many agents.
pub(crate) fn one() -> u16 {
    1
}

/// The mission asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskedMission {
    /// As far as prices and offers depend on it.
    pub(crate) place: Understood,
    pub(crate) interval: Interval,
    pub(crate) agents: u16,
}

impl AskedMission {
    /// Checks what no professional could perform, whoever it is.
    pub(crate) fn read(
        place: &str,
        start: Moment,
        end: Moment,
        agents: u16,
        now: Timestamp,
        delays: &Delays,
    ) -> Result<Self, Problem> {
        let place = find_place(place)?;
        let zone = Zone::of(&place.department);
        let interval = Interval::new(start.at(zone), end.at(zone)).map_err(|refused| {
            Problem::new(422, "mission_dates_invalid", refused.to_string()).about("end")
        })?;
        if interval.start() < now {
            return Err(Problem::new(
                422,
                "mission_in_past",
                "La mission doit commencer dans l’avenir.",
            )
            .about("start"));
        }
        if interval.start().as_second() % 60 != 0 || interval.end().as_second() % 60 != 0 {
            return Err(Problem::from(PricingRefused::NotWholeMinutes).about("start"));
        }
        if interval.minutes() > LONGEST_MISSION_MINUTES {
            return Err(Problem::from(OfferRefused::MissionTooLong).about("end"));
        }
        if interval.end() > now + delays.horizon {
            return Err(Problem::from(BookingRefused::TooFarAhead).about("end"));
        }
        if !(1..=20).contains(&agents) {
            return Err(
                Problem::new(422, "mission_agents_invalid", "Indiquez de 1 à 20 agents.")
                    .about("agents"),
            );
        }
        Ok(Self {
            place,
            interval,
            agents,
        })
    }

    /// The zone of its place.
    pub(crate) fn zone(&self) -> Zone {
        Zone::of(&self.place.department)
    }

    /// The mission as it is priced.
    pub(crate) fn priced(&self) -> domain::pricing::Mission {
        domain::pricing::Mission {
            interval: self.interval,
            agents: self.agents,
            department: self.place.department,
        }
    }
}

/// The mission as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MissionView {
    /// For people: `Lyon (69)`.
    pub place: String,
    /// What else may have been meant, to be asked for as it is written: `Loiré (49)`.
    pub other_places: Vec<String>,
    /// The department's code, which decides VAT and public holidays.
    pub department: &'static str,
    /// Its name.
    pub department_name: &'static str,
    /// Start.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// Whose clocks say what is night, Sunday and holiday: those of the place.
    pub zone: ZoneView,
    /// How long.
    pub minutes: i64,
    /// How many agents.
    pub agents: u16,
    /// Where its commune is, if one is meant and known.
    pub at: Option<Position>,
}

impl From<&AskedMission> for MissionView {
    fn from(mission: &AskedMission) -> Self {
        Self {
            place: mission.place.label.clone(),
            other_places: mission.place.others.clone(),
            department: mission.place.department.code(),
            department_name: mission.place.department.name(),
            start: mission.interval.start(),
            end: mission.interval.end(),
            zone: mission.zone().view(),
            minutes: mission.interval.minutes(),
            agents: mission.agents,
            at: mission.place.position,
        }
    }
}

/// Finds the place of a mission: a postal code, a town, both, `Town (69)`, or a department's code or name.
pub(crate) fn find_place(text: &str) -> Result<Understood, Problem> {
    understand(text).map_err(|not_understood| {
        Problem::new(422, not_understood.code(), not_understood.to_string()).about("place")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::try_from(text.to_owned()).unwrap()
    }

    fn read(place: &str, start: &str, end: &str, agents: u16) -> Result<AskedMission, Problem> {
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        AskedMission::read(
            place,
            moment(start),
            moment(end),
            agents,
            now,
            &Delays::default(),
        )
    }

    #[test]
    fn hours_without_a_zone_are_those_of_the_place() {
        let start = |place| {
            let read = read(place, "2026-11-28T20:00", "2026-11-29T04:00", 1).unwrap();
            read.interval.start().to_string()
        };
        assert_eq!(start("Lyon"), "2026-11-28T19:00:00Z");
        assert_eq!(start("97410"), "2026-11-28T16:00:00Z");
        assert_eq!(start("Fort-de-France"), "2026-11-29T00:00:00Z");
    }

    #[test]
    fn a_place_that_is_not_understood_is_a_fault_of_its_field() {
        assert_eq!(find_place("69003").unwrap().label, "Lyon (69)");
        for (text, code) in [
            ("Nulle-Part", "place_unknown"),
            ("44000 Strasbourg", "place_unknown"),
            ("Saint-Denis", "place_ambiguous"),
        ] {
            let problem = find_place(text).unwrap_err();
            assert_eq!((problem.status, problem.code), (422, code), "{text}");
        }
    }

    #[test]
    fn missions_that_nobody_could_perform_are_refused() {
        let code = |start, end, agents| {
            read("Lyon", start, end, agents)
                .map(|_| ())
                .map_err(|problem| problem.code)
        };
        assert_eq!(code("2026-11-28T20:00", "2026-11-29T04:00", 1), Ok(()));
        assert_eq!(
            code("2026-11-28T20:00", "2026-11-28T20:00", 1),
            Err("mission_dates_invalid")
        );
        assert_eq!(
            code("2026-11-20T09:59", "2026-11-20T14:00", 1),
            Err("mission_in_past")
        );
        assert_eq!(
            code("2026-11-28T20:00", "2026-11-29T08:01", 1),
            Err("mission_too_long")
        );
        assert_eq!(
            code("2027-02-10T20:00", "2027-02-10T23:00", 1),
            Err("mission_too_far_ahead")
        );
        assert_eq!(
            code("2026-11-28T20:00:30", "2026-11-29T04:00", 1),
            Err("mission_not_whole_minutes")
        );
        assert_eq!(
            code("2026-11-28T20:00", "2026-11-29T04:00", 0),
            Err("mission_agents_invalid")
        );
    }
}
