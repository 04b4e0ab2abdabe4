//! Departments, postal codes and towns of France, from the official register kept in `data/`.

mod fold;
mod position;
mod register;
mod together;
mod understood;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use self::fold::fold;
use crate::identifiers::travels_as_text;

pub use self::position::Position;
pub use self::together::{NotTogether, together};
pub use self::understood::{
    NotUnderstood, Understood, departments_beginning_with, label_of, understand,
};

/// Codes and names, by code: the 101 departments and the overseas collectivities that have inhabitants.
const DEPARTMENTS: [(&str, &str); 107] = [
    ("01", "Ain"),
    ("02", "Aisne"),
    ("03", "Allier"),
    ("04", "Alpes-de-Haute-Provence"),
    ("05", "Hautes-Alpes"),
    ("06", "Alpes-Maritimes"),
    ("07", "Ardèche"),
    ("08", "Ardennes"),
    ("09", "Ariège"),
    ("10", "Aube"),
    ("11", "Aude"),
    ("12", "Aveyron"),
    ("13", "Bouches-du-Rhône"),
    ("14", "Calvados"),
    ("15", "Cantal"),
    ("16", "Charente"),
    ("17", "Charente-Maritime"),
    ("18", "Cher"),
    ("19", "Corrèze"),
    ("21", "Côte-d’Or"),
    ("22", "Côtes-d’Armor"),
    ("23", "Creuse"),
    ("24", "Dordogne"),
    ("25", "Doubs"),
    ("26", "Drôme"),
    ("27", "Eure"),
    ("28", "Eure-et-Loir"),
    ("29", "Finistère"),
    ("2A", "Corse-du-Sud"),
    ("2B", "Haute-Corse"),
    ("30", "Gard"),
    ("31", "Haute-Garonne"),
    ("32", "Gers"),
    ("33", "Gironde"),
    ("34", "Hérault"),
    ("35", "Ille-et-Vilaine"),
    ("36", "Indre"),
    ("37", "Indre-et-Loire"),
    ("38", "Isère"),
    ("39", "Jura"),
    ("40", "Landes"),
    ("41", "Loir-et-Cher"),
    ("42", "Loire"),
    ("43", "Haute-Loire"),
    ("44", "Loire-Atlantique"),
    ("45", "Loiret"),
    ("46", "Lot"),
    ("47", "Lot-et-Garonne"),
    ("48", "Lozère"),
    ("49", "Maine-et-Loire"),
    ("50", "Manche"),
    ("51", "Marne"),
    ("52", "Haute-Marne"),
    ("53", "Mayenne"),
    ("54", "Meurthe-et-Moselle"),
    ("55", "Meuse"),
    ("56", "Morbihan"),
    ("57", "Moselle"),
    ("58", "Nièvre"),
    ("59", "Nord"),
    ("60", "Oise"),
    ("61", "Orne"),
    ("62", "Pas-de-Calais"),
    ("63", "Puy-de-Dôme"),
    ("64", "Pyrénées-Atlantiques"),
    ("65", "Hautes-Pyrénées"),
    ("66", "Pyrénées-Orientales"),
    ("67", "Bas-Rhin"),
    ("68", "Haut-Rhin"),
    ("69", "Rhône"),
    ("70", "Haute-Saône"),
    ("71", "Saône-et-Loire"),
    ("72", "Sarthe"),
    ("73", "Savoie"),
    ("74", "Haute-Savoie"),
    ("75", "Paris"),
    ("76", "Seine-Maritime"),
    ("77", "Seine-et-Marne"),
    ("78", "Yvelines"),
    ("79", "Deux-Sèvres"),
    ("80", "Somme"),
    ("81", "Tarn"),
    ("82", "Tarn-et-Garonne"),
    ("83", "Var"),
    ("84", "Vaucluse"),
    ("85", "Vendée"),
    ("86", "Vienne"),
    ("87", "Haute-Vienne"),
    ("88", "Vosges"),
    ("89", "Yonne"),
    ("90", "Territoire de Belfort"),
    ("91", "Essonne"),
    ("92", "Hauts-de-Seine"),
    ("93", "Seine-Saint-Denis"),
    ("94", "Val-de-Marne"),
    ("95", "Val-d’Oise"),
    ("971", "Guadeloupe"),
    ("972", "Martinique"),
    ("973", "Guyane"),
    ("974", "La Réunion"),
    ("975", "Saint-Pierre-et-Miquelon"),
    ("976", "Mayotte"),
    ("977", "Saint-Barthélemy"),
    ("978", "Saint-Martin"),
    ("986", "Wallis et Futuna"),
    ("987", "Polynésie française"),
    ("988", "Nouvelle-Calédonie"),
];

/// Why a text is not a place that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PlaceRefused {
    /// No department has this code.
    #[error("Ce département n’existe pas.")]
    UnknownDepartment,
    /// Not five digits.
    #[error("Un code postal français compte 5 chiffres.")]
    PostalCodeMalformed,
    /// No commune has this postal code.
    #[error("Aucune commune n’a ce code postal.")]
    UnknownPostalCode,
    /// No commune has this name.
    #[error("Aucune commune ne porte ce nom : vérifiez l’orthographe ou indiquez un code postal.")]
    UnknownTown,
}

impl PlaceRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownDepartment => "department_unknown",
            Self::PostalCodeMalformed => "postal_code_malformed",
            Self::UnknownPostalCode => "postal_code_unknown",
            Self::UnknownTown => "town_unknown",
        }
    }
}

/// A department or an overseas collectivity, by its code: `69`, `2A`, `971`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[schemars(with = "String")]
pub struct Department(&'static str);

impl Department {
    /// Reads a code.
    pub fn parse(text: &str) -> Result<Self, PlaceRefused> {
        let code = text.trim().to_ascii_uppercase();
        let found = DEPARTMENTS.binary_search_by(|(known, _)| (*known).cmp(code.as_str()));
        let entry = found.ok().and_then(|rank| DEPARTMENTS.get(rank));
        entry
            .map(|(known, _)| Self(known))
            .ok_or(PlaceRefused::UnknownDepartment)
    }

    /// Every department, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        DEPARTMENTS.iter().map(|(code, _)| Self(code))
    }

    /// The code.
    pub fn code(&self) -> &'static str {
        self.0
    }

    /// The name.
    pub fn name(&self) -> &'static str {
        DEPARTMENTS
            .iter()
            .find(|(code, _)| *code == self.0)
            .map_or("", |(_, name)| name)
    }
}

/// `69 – Rhône`.
impl fmt::Display for Department {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} – {}", self.code(), self.name())
    }
}

/// By hand, since the derived one would ask for a text that lives as long as the program.
impl<'de> Deserialize<'de> for Department {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Five digits. That a commune has them is for `resolve` to say: companies have codes of their own.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct PostalCode(String);

travels_as_text!(PostalCode, PlaceRefused);

impl PostalCode {
    /// Reads a postal code, spaces allowed.
    pub fn parse(text: &str) -> Result<Self, PlaceRefused> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let well_formed = digits.len() == 5
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && ("01000".."99000").contains(&digits.as_str());
        if well_formed {
            Ok(Self(digits))
        } else {
            Err(PlaceRefused::PostalCodeMalformed)
        }
    }
}

impl fmt::Display for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A commune, as found by its name or by one of its postal codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Place {
    /// Its name.
    pub town: &'static str,
    /// The postal code asked for, or the first of the commune when it was found by name.
    pub postal_code: &'static str,
    /// The department that the commune is in, whatever its postal code begins with.
    pub department: Department,
    /// Where it is, if that is known.
    #[serde(skip)]
    pub position: Option<Position>,
    /// All its postal codes, separated by spaces.
    #[serde(skip)]
    codes: &'static str,
}

impl Place {
    /// All postal codes of the commune.
    pub fn postal_codes(&self) -> impl Iterator<Item = &'static str> {
        self.codes.split(' ')
    }
}

/// The communes that a postal code or a name stands for, most populous first; never an empty list.
///
/// Names are compared without accents, capitals and hyphens; `St` and `Ste` stand for Saint and
/// Sainte; the number of an arrondissement and `Cedex` are passed over.
pub fn resolve(place: &str) -> Result<Vec<Place>, PlaceRefused> {
    if place.trim().starts_with(|c: char| c.is_ascii_digit()) {
        let code = PostalCode::parse(place)?;
        let found: Vec<Place> = register::coded(code.as_str())
            .filter_map(|commune| commune.under(code.as_str()))
            .collect();
        return if found.is_empty() {
            Err(PlaceRefused::UnknownPostalCode)
        } else {
            Ok(found)
        };
    }
    let name = spell_out(&without_district(&folded(place)));
    let found: Vec<Place> = register::named(&name)
        .filter_map(|commune| commune.place())
        .collect();
    if found.is_empty() {
        Err(PlaceRefused::UnknownTown)
    } else {
        Ok(found)
    }
}

/// At most `limit` communes whose name, or one of whose postal codes, begins with `prefix`, most
/// populous first; none for a prefix without letters or digits.
pub fn suggest(prefix: &str, limit: usize) -> Vec<Place> {
    let typed = folded(prefix);
    if typed.is_empty() {
        return Vec::new();
    }
    if typed.starts_with(|c: char| c.is_ascii_digit()) {
        return register::coded(&typed)
            .filter_map(|commune| commune.under(&typed))
            .take(limit)
            .collect();
    }
    // What ends in `st` may be the beginning of Strasbourg as well as of Saint-Denis.
    let spelt_out = spell_out(&typed);
    register::beginning_with([&typed, &spelt_out])
        .filter_map(|commune| commune.place())
        .take(limit)
        .collect()
}

/// What was typed, folded; nothing beyond 100 characters is looked at.
fn folded(text: &str) -> String {
    fold(
        text.get(..text.floor_char_boundary(100))
            .unwrap_or_default(),
    )
    .collect()
}

/// `st` and `ste` written in full.
fn spell_out(folded: &str) -> String {
    let words = folded.split(' ').map(|word| match word {
        "st" => "saint",
        "ste" => "sainte",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `Lyon` for `lyon 3e arrondissement` and `lyon cedex 03`.
fn without_district(folded: &str) -> String {
    let mut words: Vec<&str> = folded.split(' ').collect();
    let is_district = |word: &str| {
        matches!(word, "arrondissement" | "cedex") || word.starts_with(|c: char| c.is_ascii_digit())
    };
    while words.len() > 1 && words.last().is_some_and(|word| is_district(word)) {
        words.pop();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::register::REGISTER;
    use super::*;

    fn towns(place: &str) -> Vec<(&'static str, &'static str, &'static str)> {
        let places = resolve(place).unwrap();
        places
            .into_iter()
            .map(|place| (place.town, place.postal_code, place.department.code()))
            .collect()
    }

    /// Each line of the register, read the long way: name, department, postal codes, population, position.
    fn lines() -> impl Iterator<Item = [&'static str; 5]> {
        let cells = |line: &'static str| line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        REGISTER.lines().map(cells)
    }

    #[test]
    fn the_name_of_no_commune_is_taken_for_an_address() {
        for [name, ..] in lines() {
            assert!(!crate::conversation::masked(name).hides, "{name}");
        }
    }

    #[test]
    fn every_line_of_the_register_can_be_read() {
        assert!(lines().count() > 34_900);
        let populations = lines().map(|[.., population, _]| population.parse::<u32>().unwrap());
        assert!(populations.is_sorted_by(|a, b| a >= b));
        for [name, department, codes, _, position] in lines() {
            assert!(position.is_empty() || Position::parse(position).is_some(), "{name}");
            assert!(Department::parse(department).is_ok(), "{name}");
            let real = |code| PostalCode::parse(code).is_ok();
            assert!(codes.split(' ').all(real), "{name}");
            assert!(fold(name).next().is_some(), "{name}");
        }
    }

    /// The tables against the register read line by line.
    #[test]
    fn the_tables_made_at_build_time_find_what_reading_every_line_finds() {
        let place = |[name, department, codes, ..]: [&'static str; 5], digits: &str| {
            let code = codes.split(' ').find(|code| code.starts_with(digits))?;
            Some((name, code, department))
        };
        let suggested = |typed: &str| -> Vec<_> {
            let places = suggest(typed, 12).into_iter();
            places
                .map(|place| (place.town, place.postal_code, place.department.code()))
                .collect()
        };
        for digits in [
            "0", "7", "97", "2", "200", "7500", "75001", "69009", "99999", "750011",
        ] {
            let read = lines().filter_map(|line| place(line, digits));
            assert_eq!(
                suggested(digits),
                read.take(12).collect::<Vec<_>>(),
                "{digits}"
            );
        }
        for prefix in [
            "s",
            "st",
            "ste",
            "saint",
            "la",
            "l hay",
            "y",
            "z",
            "oe",
            "villeneuve",
        ] {
            let spelt_out = spell_out(prefix);
            let begins = |line: &[&'static str; 5]| {
                let name: String = fold(line[0]).collect();
                name.starts_with(prefix) || name.starts_with(&spelt_out)
            };
            let read = lines().filter(begins).filter_map(|line| place(line, ""));
            assert_eq!(
                suggested(prefix),
                read.take(12).collect::<Vec<_>>(),
                "{prefix}"
            );
        }
        for name in ["Saint-Denis", "Sainte-Colombe", "Y", "Paris", "Œuilly"] {
            let same = |line: &[&'static str; 5]| fold(line[0]).eq(fold(name));
            let read = lines().filter(same).filter_map(|line| place(line, ""));
            assert_eq!(towns(name), read.collect::<Vec<_>>(), "{name}");
        }
    }

    #[test]
    fn every_department_has_a_commune() {
        assert!(DEPARTMENTS.is_sorted());
        assert_eq!(
            DEPARTMENTS
                .iter()
                .filter(|(code, _)| code.len() == 2)
                .count(),
            96
        );
        for department in Department::all() {
            let within = |[_, code, ..]: [&str; 5]| code == department.code();
            assert!(lines().any(within), "{department}");
            assert_eq!(Department::parse(department.code()), Ok(department));
        }
    }

    #[test]
    fn departments_are_known_by_their_codes() {
        for (code, name) in [
            ("69", "Rhône"),
            ("2A", "Corse-du-Sud"),
            ("971", "Guadeloupe"),
            ("95", "Val-d’Oise"),
            ("976", "Mayotte"),
        ] {
            assert_eq!(Department::parse(code).unwrap().name(), name);
        }
        assert_eq!(Department::parse(" 2b ").unwrap().code(), "2B");
        assert_eq!(Department::parse("69").unwrap().to_string(), "69 – Rhône");
        for unknown in ["", "20", "96", "970", "984", "1", "069"] {
            assert_eq!(
                Department::parse(unknown),
                Err(PlaceRefused::UnknownDepartment),
                "{unknown}"
            );
        }
    }

    #[test]
    fn arrondissements_are_those_of_their_city() {
        assert_eq!(towns("75001"), [("Paris", "75001", "75")]);
        assert_eq!(towns("75116"), [("Paris", "75116", "75")]);
        assert_eq!(towns("69003"), [("Lyon", "69003", "69")]);
        assert_eq!(towns("13008"), [("Marseille", "13008", "13")]);
        for written in [
            "Lyon 3",
            "lyon 3e",
            "LYON 3ème arrondissement",
            "Lyon Cedex 03",
        ] {
            assert_eq!(towns(written)[0], ("Lyon", "69001", "69"), "{written}");
        }
    }

    #[test]
    fn a_postal_code_gives_the_department_that_the_commune_is_in() {
        // Served by the post office of another department.
        assert!(towns("21340").contains(&("Change", "21340", "71")));
        assert!(
            towns("21340")
                .iter()
                .any(|(_, _, department)| *department == "21")
        );
        assert_eq!(towns("20000"), [("Ajaccio", "20000", "2A")]);
        assert!(
            towns("20200")
                .iter()
                .all(|(_, _, department)| *department == "2B")
        );
        assert_eq!(towns("97133"), [("Saint-Barthélemy", "97133", "977")]);
        assert_eq!(towns("97150"), [("Saint-Martin", "97150", "978")]);
    }

    #[test]
    fn names_are_found_however_they_are_typed() {
        for written in [
            "Saint-Étienne",
            "saint etienne",
            "ST ETIENNE",
            "St.-Étienne",
            "  st-etienne ",
        ] {
            assert_eq!(
                towns(written)[0],
                ("Saint-Étienne", "42000", "42"),
                "{written}"
            );
        }
        assert_eq!(towns("ste foy les lyon")[0].0, "Sainte-Foy-lès-Lyon");
        assert_eq!(towns("l’hay les roses")[0].0, "L'Haÿ-les-Roses");
        assert_eq!(towns("oeuilly")[0].0, "Œuilly");
        assert_eq!(
            towns("Château-Chinon (Ville)")[0].0,
            "Château-Chinon (Ville)"
        );
    }

    #[test]
    fn a_name_that_several_communes_bear_gives_them_all_the_largest_first() {
        let found = towns("Saint-Denis");
        assert!(found.len() >= 3);
        let departments: Vec<_> = found.iter().map(|(_, _, department)| *department).collect();
        assert!(departments.contains(&"974") && departments.contains(&"93"));
        assert!(["93", "974"].contains(&departments[0]));
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for (text, refused) in [
            ("", PlaceRefused::UnknownTown),
            ("---", PlaceRefused::UnknownTown),
            ("Trifouillis-les-Oies", PlaceRefused::UnknownTown),
            ("99999", PlaceRefused::PostalCodeMalformed),
            ("00100", PlaceRefused::PostalCodeMalformed),
            ("6900", PlaceRefused::PostalCodeMalformed),
            ("69999", PlaceRefused::UnknownPostalCode),
        ] {
            assert_eq!(resolve(text), Err(refused), "{text}");
        }
    }

    #[test]
    fn suggestions_begin_with_the_largest() {
        let names = |prefix| {
            suggest(prefix, 5)
                .into_iter()
                .map(|place| place.town)
                .collect::<Vec<_>>()
        };
        assert_eq!(names("lyo")[0], "Lyon");
        assert_eq!(names("mar")[0], "Marseille");
        assert_eq!(names("st et")[0], "Saint-Étienne");
        assert!(names("st").contains(&"Strasbourg"));
        assert_eq!(names("6900")[0], "Lyon");
        assert_eq!(names("par").len(), 5);
        assert!(names("").is_empty() && names("  ").is_empty() && names("zzzz").is_empty());
        assert!(suggest("a", 0).is_empty());
    }

    #[test]
    fn codes_travel_as_text_and_are_checked_on_the_way_in() {
        let department: Department = serde_json::from_str("\"2a\"").unwrap();
        assert_eq!(serde_json::to_string(&department).unwrap(), "\"2A\"");
        assert!(serde_json::from_str::<Department>("\"20\"").is_err());
        assert_eq!(
            serde_json::from_str::<PostalCode>("\"69 003\"")
                .unwrap()
                .as_str(),
            "69003"
        );
        assert!(serde_json::from_str::<PostalCode>("\"6900A\"").is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_commune_is_found_by_its_name_and_by_each_of_its_codes(rank in 0_usize..34_000) {
            let [name, department, codes, ..] = lines().nth(rank).unwrap();
            let same = |place: &Place| place.town == name && place.department.code() == department;
            prop_assert!(resolve(name).unwrap().iter().any(same));
            for code in codes.split(' ') {
                prop_assert!(resolve(code).unwrap().iter().any(|place| same(place) && place.postal_code == code));
            }
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,120}") {
            let _ = resolve(&text);
            let _ = suggest(&text, 3);
        }
    }
}
