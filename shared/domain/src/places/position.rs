//! Where communes are, how far from each other, and which departments are near: for people who compare
//! who is near. Prices and offers never depend on it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Department;

/// A point, to about a kilometre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// Hundredths of a degree, positive to the north.
    pub latitude: i16,
    /// Hundredths of a degree, positive to the east.
    pub longitude: i16,
}

/// Departments by code, with the middle of their communes and the codes of their neighbours.
const AROUND: &[(&str, i16, i16, &[&str])] = include!(concat!(env!("OUT_DIR"), "/around.rs"));

/// A hundredth of a degree of latitude, in metres.
const METRES: i64 = 1_112;

impl Position {
    /// How far as the crow flies, in kilometres.
    pub fn kilometres_to(self, other: Self) -> u32 {
        let (north, east) = (
            i64::from(self.latitude) - i64::from(other.latitude),
            i64::from(self.longitude) - i64::from(other.longitude),
        );
        let middle = (i64::from(self.latitude) + i64::from(other.latitude)) / 2;
        let (north, east) = (north * METRES, east * METRES * cosine(middle) / 1_000);
        let square = north * north + east * east;
        u32::try_from((square.isqrt() + 500) / 1_000).unwrap_or(u32::MAX)
    }

    /// Reads `4575 485`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (latitude, longitude) = text.split_once(' ')?;
        Some(Self {
            latitude: latitude.parse().ok()?,
            longitude: longitude.parse().ok()?,
        })
    }
}

/// The cosine of an angle in hundredths of a degree, in thousandths, after Bhaskara: within 2 of it.
fn cosine(angle: i64) -> i64 {
    let square = angle * angle / 10_000;
    1_000 * (32_400 - 4 * square) / (32_400 + square)
}

impl Department {
    fn around(&self) -> Option<&'static (&'static str, i16, i16, &'static [&'static str])> {
        AROUND.iter().find(|(code, ..)| *code == self.code())
    }

    /// The middle of its communes.
    pub fn middle(&self) -> Option<Position> {
        self.around()
            .map(|(_, latitude, longitude, _)| Position {
                latitude: *latitude,
                longitude: *longitude,
            })
    }

    /// The departments that have a commune within fifteen kilometres of one of its own, the nearest to
    /// `from` first.
    pub fn neighbours(&self, from: Option<Position>) -> Vec<Self> {
        let codes = self.around().map_or(&[][..], |(.., codes)| codes);
        let mut found: Vec<Self> = codes.iter().filter_map(|code| Self::parse(code).ok()).collect();
        let from = from.or_else(|| self.middle());
        let far = |one: &Self| Some(one.middle()?.kilometres_to(from?));
        found.sort_by_key(|one| far(one).unwrap_or(u32::MAX));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::resolve;
    use super::*;

    fn position(town: &str) -> Position {
        resolve(town).unwrap()[0].position.unwrap()
    }

    #[test]
    fn distances_are_those_of_an_atlas() {
        // As the crow flies, from an atlas, to 2 %.
        for (one, other, known) in [
            ("Paris", "Lyon", 392_u32),
            ("Lille", "Marseille", 834),
            ("Brest", "Strasbourg", 900),
            ("Lyon", "Villeurbanne", 4),
        ] {
            let found = position(one).kilometres_to(position(other));
            assert_eq!(found, position(other).kilometres_to(position(one)));
            assert!(found.abs_diff(known) <= known / 50 + 2, "{one}-{other}: {found}");
        }
    }

    #[test]
    fn departments_near_each_other_are_neighbours() {
        let codes = |code: &str| {
            let mut codes: Vec<_> = Department::parse(code)
                .unwrap()
                .neighbours(None)
                .iter()
                .map(Department::code)
                .collect();
            codes.sort_unstable();
            codes
        };
        // Condrieu is eight kilometres from Limony, in Ardèche.
        assert_eq!(codes("69"), ["01", "07", "38", "42", "71"]);
        assert_eq!(codes("75"), ["78", "91", "92", "93", "94", "95"]);
        assert_eq!(codes("2A"), ["2B"]);
        assert_eq!(codes("29"), ["22", "56"]);
        assert!(codes("974").is_empty(), "an island has none");
        for department in Department::all() {
            for other in department.neighbours(None) {
                assert!(other.neighbours(None).contains(&department), "{department} {other}");
            }
        }
    }

    #[test]
    fn the_nearest_neighbour_comes_first() {
        let near = |town: &str| {
            let place = resolve(town).unwrap()[0];
            place.department.neighbours(place.position)[0].code()
        };
        assert_eq!(near("Vienne"), "69");
    }
}
