//! The time zones of France: what clocks show at the place of a mission.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use super::paris::french_date;
use crate::places::{Department, PostalCode};

/// The time that clocks show somewhere in France. Only Paris and Saint-Pierre-et-Miquelon change
/// their clocks twice a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Mainland France and Corsica: UTC+1, in summer UTC+2.
    #[default]
    Paris,
    /// UTC−4.
    Guadeloupe,
    /// UTC−4.
    Martinique,
    /// UTC−3.
    Guyane,
    /// UTC+4.
    Reunion,
    /// UTC+3.
    Mayotte,
    /// UTC−3, in summer UTC−2.
    SaintPierreEtMiquelon,
    /// UTC−4.
    SaintBarthelemy,
    /// UTC−4.
    SaintMartin,
    /// UTC+12.
    WallisEtFutuna,
    /// UTC−10, as in Tahiti.
    Polynesie,
    /// UTC+11.
    NouvelleCaledonie,
}

static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");
static GUADELOUPE: TimeZone = jiff::tz::get!("America/Guadeloupe");
static MARTINIQUE: TimeZone = jiff::tz::get!("America/Martinique");
static GUYANE: TimeZone = jiff::tz::get!("America/Cayenne");
static REUNION: TimeZone = jiff::tz::get!("Indian/Reunion");
static MAYOTTE: TimeZone = jiff::tz::get!("Indian/Mayotte");
static MIQUELON: TimeZone = jiff::tz::get!("America/Miquelon");
static SAINT_BARTHELEMY: TimeZone = jiff::tz::get!("America/St_Barthelemy");
static SAINT_MARTIN: TimeZone = jiff::tz::get!("America/Marigot");
static WALLIS: TimeZone = jiff::tz::get!("Pacific/Wallis");
static TAHITI: TimeZone = jiff::tz::get!("Pacific/Tahiti");
static NOUMEA: TimeZone = jiff::tz::get!("Pacific/Noumea");

/// A zone as programs and people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ZoneView {
    /// Its name in the IANA database: `Indian/Reunion`.
    pub name: &'static str,
    /// For people: `heure de La Réunion`.
    pub label: &'static str,
}

impl Zone {
    /// Every zone.
    pub const ALL: [Self; 12] = [
        Self::Paris,
        Self::Guadeloupe,
        Self::Martinique,
        Self::Guyane,
        Self::Reunion,
        Self::Mayotte,
        Self::SaintPierreEtMiquelon,
        Self::SaintBarthelemy,
        Self::SaintMartin,
        Self::WallisEtFutuna,
        Self::Polynesie,
        Self::NouvelleCaledonie,
    ];

    /// The zone of a department or overseas collectivity.
    pub fn of(department: &Department) -> Self {
        match department.code() {
            "971" => Self::Guadeloupe,
            "972" => Self::Martinique,
            "973" => Self::Guyane,
            "974" => Self::Reunion,
            "975" => Self::SaintPierreEtMiquelon,
            "976" => Self::Mayotte,
            "977" => Self::SaintBarthelemy,
            "978" => Self::SaintMartin,
            "986" => Self::WallisEtFutuna,
            "987" => Self::Polynesie,
            "988" => Self::NouvelleCaledonie,
            _ => Self::Paris,
        }
    }

    /// The zone of a postal code.
    pub fn of_postal_code(code: &PostalCode) -> Self {
        let department = match code.as_str() {
            "97133" => Department::parse("977"),
            "97150" => Department::parse("978"),
            digits => Department::parse(digits.get(..3).unwrap_or_default()),
        };
        department.map_or(Self::Paris, |department| Self::of(&department))
    }

    /// As programs and people read it.
    pub fn view(self) -> ZoneView {
        let (name, label) = match self {
            Self::Paris => ("Europe/Paris", "heure de Paris"),
            Self::Guadeloupe => ("America/Guadeloupe", "heure de la Guadeloupe"),
            Self::Martinique => ("America/Martinique", "heure de la Martinique"),
            Self::Guyane => ("America/Cayenne", "heure de la Guyane"),
            Self::Reunion => ("Indian/Reunion", "heure de La Réunion"),
            Self::Mayotte => ("Indian/Mayotte", "heure de Mayotte"),
            Self::SaintPierreEtMiquelon => {
                ("America/Miquelon", "heure de Saint-Pierre-et-Miquelon")
            }
            Self::SaintBarthelemy => ("America/St_Barthelemy", "heure de Saint-Barthélemy"),
            Self::SaintMartin => ("America/Marigot", "heure de Saint-Martin"),
            Self::WallisEtFutuna => ("Pacific/Wallis", "heure de Wallis-et-Futuna"),
            Self::Polynesie => ("Pacific/Tahiti", "heure de Tahiti"),
            Self::NouvelleCaledonie => ("Pacific/Noumea", "heure de Nouvelle-Calédonie"),
        };
        ZoneView { name, label }
    }

    /// ` (heure de La Réunion)`, to be written after an hour; nothing in Paris, whose time readers expect.
    pub fn named(self) -> String {
        if self == Self::Paris {
            return String::new();
        }
        format!(" ({})", self.view().label)
    }

    /// What clocks show at a moment, shown again so many days later.
    pub fn days_later(self, at: Timestamp, days: i64) -> Option<Timestamp> {
        let at = at.to_zoned(self.clock().clone());
        let later = at.checked_add(jiff::Span::new().try_days(days).ok()?);
        later.ok().map(|later| later.timestamp())
    }

    fn clock(self) -> &'static TimeZone {
        match self {
            Self::Paris => &PARIS,
            Self::Guadeloupe => &GUADELOUPE,
            Self::Martinique => &MARTINIQUE,
            Self::Guyane => &GUYANE,
            Self::Reunion => &REUNION,
            Self::Mayotte => &MAYOTTE,
            Self::SaintPierreEtMiquelon => &MIQUELON,
            Self::SaintBarthelemy => &SAINT_BARTHELEMY,
            Self::SaintMartin => &SAINT_MARTIN,
            Self::WallisEtFutuna => &WALLIS,
            Self::Polynesie => &TAHITI,
            Self::NouvelleCaledonie => &NOUMEA,
        }
    }

    /// What clocks show at a moment.
    pub fn to_local(self, moment: Timestamp) -> DateTime {
        self.clock().to_datetime(moment)
    }

    /// The day at a moment.
    pub fn local_date(self, moment: Timestamp) -> Date {
        self.to_local(moment).date()
    }

    /// The moment at which clocks show `local`. An hour that clocks skip in spring is taken one hour
    /// later; of an hour that comes twice in autumn, the first is taken.
    pub fn local_to_utc(self, local: DateTime) -> Timestamp {
        // Only the last hours that the calendar can write, in the years -9999 and 9999, have no moment.
        let beyond = if local.year() > 0 {
            Timestamp::MAX
        } else {
            Timestamp::MIN
        };
        self.clock()
            .to_ambiguous_timestamp(local)
            .compatible()
            .unwrap_or(beyond)
    }

    /// The first moment of a day.
    pub fn day_start(self, day: Date) -> Timestamp {
        self.local_to_utc(day.at(0, 0, 0, 0))
    }

    /// `samedi 14 novembre 2026 à 20 h`, without the name of the zone.
    pub fn french_date_time(self, moment: Timestamp) -> String {
        format!(
            "{} à {}",
            french_date(self.local_date(moment)),
            self.french_time(moment)
        )
    }

    /// The same with the name of the zone where it is not Paris:
    /// `samedi 14 novembre 2026 à 20 h (heure de La Réunion)`.
    pub fn named_date_time(self, moment: Timestamp) -> String {
        format!("{}{}", self.french_date_time(moment), self.named())
    }

    /// `20 h`, `20 h 05`: a full hour needs no minutes. On one line, without the name of the zone.
    pub fn french_time(self, moment: Timestamp) -> String {
        let local = self.to_local(moment);
        match local.minute() {
            0 => format!("{}\u{a0}h", local.hour()),
            minute => format!("{}\u{a0}h\u{a0}{minute:02}", local.hour()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn zone(code: &str) -> Zone {
        Zone::of(&Department::parse(code).unwrap())
    }

    #[test]
    fn each_department_has_the_clock_of_its_place() {
        // Noon of UTC in winter and in summer.
        for (code, winter, summer) in [
            ("75", 13, 14),
            ("2A", 13, 14),
            ("67", 13, 14),
            ("971", 8, 8),
            ("972", 8, 8),
            ("973", 9, 9),
            ("974", 16, 16),
            ("976", 15, 15),
            ("975", 9, 10),
            ("977", 8, 8),
            ("978", 8, 8),
            ("987", 2, 2),
            ("988", 23, 23),
        ] {
            let hour = |day: &str| {
                let noon: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
                zone(code).to_local(noon).hour()
            };
            assert_eq!(
                (hour("2026-12-20"), hour("2026-07-01")),
                (winter, summer),
                "{code}"
            );
        }
        let noon: Timestamp = "2026-12-20T12:00:00Z".parse().unwrap();
        assert_eq!(
            zone("986").to_local(noon),
            date(2026, 12, 21).at(0, 0, 0, 0)
        );
    }

    #[test]
    fn a_postal_code_has_the_zone_of_its_department() {
        for commune in [
            "75001", "20200", "97110", "97200", "97300", "97410", "97600", "97133", "97150",
            "97500", "98800",
        ] {
            let places = crate::places::resolve(commune).unwrap();
            let code = PostalCode::parse(commune).unwrap();
            assert_eq!(
                Zone::of_postal_code(&code),
                Zone::of(&places[0].department),
                "{commune}"
            );
        }
    }

    #[test]
    fn a_zone_is_named_where_it_is_not_the_one_expected() {
        assert_eq!(zone("69").named(), "");
        assert_eq!(zone("974").named(), " (heure de La Réunion)");
        for zone in Zone::ALL {
            assert!(zone.view().label.starts_with("heure de "), "{zone:?}");
        }
    }

    #[test]
    fn a_moment_and_what_clocks_show_are_two_faces_of_one_thing() {
        let moment: Timestamp = "2026-07-14T22:30:00Z".parse().unwrap();
        for zone in Zone::ALL {
            assert_eq!(zone.local_to_utc(zone.to_local(moment)), moment, "{zone:?}");
        }
    }
}
