//! The mission that somebody asks about: read from an address, checked once, without anything personal.

use domain::booking::{BookingRefused, Delays};
use domain::offer::{LONGEST_MISSION_MINUTES, OfferRefused};
use domain::places::{self, Department, Place};
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

/// Where a mission takes place, as far as prices and offers depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskedPlace {
    /// For people.
    pub(crate) label: String,
    pub(crate) department: Department,
}

/// The mission asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskedMission {
    pub(crate) place: AskedPlace,
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
}

impl From<&AskedMission> for MissionView {
    fn from(mission: &AskedMission) -> Self {
        Self {
            place: mission.place.label.clone(),
            department: mission.place.department.code(),
            department_name: mission.place.department.name(),
            start: mission.interval.start(),
            end: mission.interval.end(),
            zone: mission.zone().view(),
            minutes: mission.interval.minutes(),
            agents: mission.agents,
        }
    }
}

/// Finds the place of a mission: a postal code, a town, `Town (69)`, or a department's code or name.
pub(crate) fn find_place(text: &str) -> Result<AskedPlace, Problem> {
    let text = text.trim();
    if let Some(department) = department_of(text) {
        return Ok(AskedPlace {
            label: department.to_string(),
            department,
        });
    }
    let (name, precision) = match text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
    {
        Some((name, precision)) => (name.trim(), Some(precision.trim())),
        None => (text, None),
    };
    let places = match places::resolve(name) {
        Ok(places) => places,
        Err(refused) => return department_named(name).ok_or_else(|| unknown(&refused.to_string())),
    };
    // A postal code stands for its largest town; a name must be of one department.
    let by_postal_code = name.starts_with(|letter: char| letter.is_ascii_digit());
    let meant: Vec<Place> = places
        .into_iter()
        .filter(|place| precision.is_none_or(|precision| is_in(place, precision)))
        .collect();
    let Some(first) = meant.first() else {
        return Err(unknown(
            "Aucune commune de ce nom ne se trouve dans ce département.",
        ));
    };
    if !by_postal_code
        && meant
            .iter()
            .any(|place| place.department != first.department)
    {
        return Err(ambiguous(&meant));
    }
    Ok(AskedPlace {
        label: label(first),
        department: first.department,
    })
}

fn label(place: &Place) -> String {
    format!("{} ({})", place.town, place.department.code())
}

fn is_in(place: &Place, precision: &str) -> bool {
    place.department.code().eq_ignore_ascii_case(precision) || place.postal_code == precision
}

/// A department by its code; never a text as long as a postal code.
fn department_of(text: &str) -> Option<Department> {
    Department::parse(text).ok()
}

fn department_named(name: &str) -> Option<AskedPlace> {
    let name = name.to_lowercase().replace('\'', "’");
    let department =
        Department::all().find(|department| department.name().to_lowercase() == name)?;
    Some(AskedPlace {
        label: department.to_string(),
        department,
    })
}

fn unknown(detail: &str) -> Problem {
    Problem::new(422, "place_unknown", detail).about("place")
}

fn ambiguous(places: &[Place]) -> Problem {
    let mut labels: Vec<String> = Vec::new();
    for label in places.iter().map(label) {
        if !labels.contains(&label) && labels.len() < 8 {
            labels.push(label);
        }
    }
    let detail = format!(
        "Plusieurs communes portent ce nom : précisez {}.",
        labels.join(", ")
    );
    Problem::new(422, "place_ambiguous", detail).about("place")
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
    fn a_place_is_a_postal_code_a_town_or_a_department() {
        for (text, code) in [
            ("69003", "69"),
            ("lyon", "69"),
            ("Lyon 3e", "69"),
            ("69", "69"),
            ("2a", "2A"),
            ("Rhône", "69"),
            ("974", "974"),
            ("Saint-Denis (93)", "93"),
            ("saint denis (974)", "974"),
        ] {
            assert_eq!(
                find_place(text)
                    .map(|place| place.department.code())
                    .map_err(|problem| problem.code),
                Ok(code),
                "{text}"
            );
        }
        for text in ["", "Nulle-Part", "00000", "Lyon (13)"] {
            assert_eq!(
                find_place(text).map_err(|problem| problem.code),
                Err("place_unknown"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_name_of_several_departments_is_to_be_made_precise() {
        let problem = find_place("Saint-Denis").unwrap_err();
        assert_eq!(problem.code, "place_ambiguous");
        assert!(
            problem.detail.contains("Saint-Denis (93)"),
            "{}",
            problem.detail
        );
        assert!(
            problem.detail.contains("Saint-Denis (974)"),
            "{}",
            problem.detail
        );
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
