//! What somebody means by the place that they typed.
//!
//! Prices and offers go by department, so that a place is one: by its own name, by that of a region
//! which has no other, or by that of one of its communes.

use super::{
    Department, Place, PlaceRefused, Position, PostalCode, folded, resolve, spell_out,
    without_district,
};

/// Name, department and present commune of each commune that was merged into another since 1970 and
/// whose name no commune bears today.
static FORMER: &str = include_str!("../../data/former-communes.tsv");

/// Names in use that no register has, as they are folded, with the commune that is meant.
const IN_USE: [(&str, &str); 3] = [
    ("evry", "Évry-Courcouronnes"),
    ("cherbourg", "Cherbourg-en-Cotentin"),
    ("courcouronnes", "Évry-Courcouronnes"),
];

/// Regions of more than one department, and the codes of these.
const REGIONS: [(&str, &str); 13] = [
    (
        "Auvergne-Rhône-Alpes",
        "01 03 07 15 26 38 42 43 63 69 73 74",
    ),
    ("Bourgogne-Franche-Comté", "21 25 39 58 70 71 89 90"),
    ("Bretagne", "22 29 35 56"),
    ("Centre-Val de Loire", "18 28 36 37 41 45"),
    ("Corse", "2A 2B"),
    ("Grand Est", "08 10 51 52 54 55 57 67 68 88"),
    ("Hauts-de-France", "02 59 60 62 80"),
    ("Île-de-France", "75 77 78 91 92 93 94 95"),
    ("Normandie", "14 27 50 61 76"),
    ("Nouvelle-Aquitaine", "16 17 19 23 24 33 40 47 64 79 86 87"),
    ("Occitanie", "09 11 12 30 31 32 34 46 48 65 66 81 82"),
    ("Pays de la Loire", "44 49 53 72 85"),
    ("Provence-Alpes-Côte d’Azur", "04 05 06 13 83 84"),
];

/// A place as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// For people, and understood again as the same place: `Loire (42)`, `Lyon (69)`.
    pub label: String,
    /// The department that it is, or is in.
    pub department: Department,
    /// Where the commune is, if one is meant.
    pub position: Option<Position>,
    /// What else may have been meant, each as a text that names it: `Loiré (49)`.
    pub others: Vec<String>,
}

/// Why it is not known which place is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotUnderstood {
    /// There is none of this name or code.
    Unknown(PlaceRefused),
    /// No commune of this name is where the text says.
    NotThere,
    /// Several are meant: each as a text that names it alone.
    Several(Vec<String>),
    /// A region, and its departments.
    Region(&'static str, Vec<String>),
}

impl NotUnderstood {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) | Self::NotThere => "place_unknown",
            Self::Several(_) | Self::Region(..) => "place_ambiguous",
        }
    }
}

impl std::fmt::Display for NotUnderstood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(refused) => refused.fmt(f),
            Self::NotThere => {
                f.write_str("Aucune commune de ce nom ne se trouve à l’endroit indiqué.")
            }
            Self::Several(places) => write!(
                f,
                "Plusieurs communes portent ce nom\u{a0}: précisez {}.",
                places.join(", ")
            ),
            Self::Region(name, departments) => write!(
                f,
                "{name} est une région\u{a0}: précisez un département, {}.",
                departments.join(", ")
            ),
        }
    }
}

/// The most places that are named where several may be meant.
const MOST_NAMED: usize = 8;

/// Understands a department's code or name, a region's name, a postal code, a commune's present or former
/// name, a code with a name (`69003 Lyon`), or a name made precise (`Saint-Denis (93)`).
///
/// The exact name of a department wins over communes of the same name, which are then among `others`; with
/// an accent that the department has not, the commune is meant.
pub fn understand(text: &str) -> Result<Understood, NotUnderstood> {
    let text = text.trim();
    if let Ok(department) = Department::parse(text) {
        return Ok(whole(department, Vec::new()));
    }
    let (name, precision) = parted(text);
    if let Some(found) = department_or_region(name, precision) {
        return found;
    }
    if let Some((code, town)) = code_and_town(name) {
        return by_code(&code, town);
    }
    if let Some(place) = in_use(name).filter(|_| precision.is_none()) {
        let others = resolve(name).unwrap_or_default();
        return Ok(Understood {
            others: labels(&others),
            ..commune(&place)
        });
    }
    let places = communes_named(name).map_err(NotUnderstood::Unknown)?;
    let within = |place: &Place| precision.is_none_or(|precision| is_in(place, precision));
    let meant: Vec<Place> = places.into_iter().filter(within).collect();
    let first = meant.first().ok_or(NotUnderstood::NotThere)?;
    if meant
        .iter()
        .any(|place| place.department != first.department)
    {
        return Err(NotUnderstood::Several(labels(&meant)));
    }
    Ok(commune(first))
}

/// The departments and communes that may be meant by the beginning of a name or code: departments first,
/// then communes, most populous first.
pub fn departments_beginning_with(prefix: &str) -> Vec<Department> {
    let typed = folded(prefix);
    if typed.len() < 3 || typed.starts_with(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let begins = |department: &Department| {
        let name = folded(department.name());
        name.starts_with(&typed) || without_article(&name).starts_with(&typed)
    };
    Department::all().filter(begins).collect()
}

/// `Loire (42)`.
pub fn label_of(department: Department) -> String {
    format!("{} ({})", department.name(), department.code())
}

/// The communes that bear a name, or bore it: never none.
pub(super) fn communes_named(name: &str) -> Result<Vec<Place>, PlaceRefused> {
    let mut found: Vec<Place> = in_use(name).into_iter().collect();
    match resolve(name) {
        Ok(present) => found.extend(present),
        Err(refused) => {
            found.extend(formerly(name));
            if found.is_empty() {
                return Err(refused);
            }
        }
    }
    Ok(found)
}

/// A name as registers are compared with it.
fn wanted(name: &str) -> String {
    spell_out(&without_district(&folded(name)))
}

/// The commune that people mean by a name which it has not, or no more.
fn in_use(name: &str) -> Option<Place> {
    let wanted = wanted(name);
    let (_, present) = IN_USE.iter().find(|(used, _)| *used == wanted)?;
    resolve(present).ok()?.first().copied()
}

/// The present communes of those that bore a name.
fn formerly(name: &str) -> impl Iterator<Item = Place> {
    let wanted = wanted(name);
    let cells = FORMER.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.next()?, cells.next()?))
    });
    let same = cells.filter(move |(former, ..)| folded(former) == wanted);
    same.filter_map(|(_, department, present)| {
        let bearing = resolve(present).ok()?;
        bearing
            .into_iter()
            .find(|place| place.department.code() == department)
    })
}

/// The department whose codes begin like this one, be the code that of companies alone (CEDEX).
pub(super) fn department_of_code(code: &PostalCode) -> Option<Department> {
    let digits = code.as_str();
    let prefix = match digits.get(..3)? {
        "200" | "201" | "207" => "2A",
        "202" | "204" | "206" => "2B",
        _ if digits.starts_with("97") || digits.starts_with("98") => digits.get(..3)?,
        _ => digits.get(..2)?,
    };
    Department::parse(prefix).ok()
}

fn whole(department: Department, others: Vec<String>) -> Understood {
    Understood {
        label: label_of(department),
        department,
        position: None,
        others,
    }
}

fn commune(place: &Place) -> Understood {
    Understood {
        label: label(place),
        department: place.department,
        position: place.position,
        others: Vec::new(),
    }
}

fn label(place: &Place) -> String {
    format!("{} ({})", place.town, place.department.code())
}

fn labels(places: &[Place]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for label in places.iter().map(label) {
        if !labels.contains(&label) && labels.len() < MOST_NAMED {
            labels.push(label);
        }
    }
    labels
}

/// A name, and what stands in brackets after it.
fn parted(text: &str) -> (&str, Option<&str>) {
    match text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
    {
        Some((name, precision)) => (name.trim(), Some(precision.trim())),
        None => (text, None),
    }
}

fn is_in(place: &Place, precision: &str) -> bool {
    place.department.code().eq_ignore_ascii_case(precision) || place.postal_code == precision
}

/// A name without the article that departments and regions have on maps alone.
fn without_article(folded: &str) -> &str {
    ["la ", "le ", "les ", "l "]
        .iter()
        .find_map(|article| folded.strip_prefix(article))
        .unwrap_or(folded)
}

fn department_or_region(
    name: &str,
    precision: Option<&str>,
) -> Option<Result<Understood, NotUnderstood>> {
    let wanted = folded(name);
    let same = |other: &str| {
        let other = folded(other);
        other == wanted || without_article(&other) == without_article(&wanted)
    };
    let precise = |department: &Department| {
        precision.is_none_or(|code| department.code().eq_ignore_ascii_case(code))
    };
    if let Some(department) = Department::all().find(|one| same(one.name()) && precise(one)) {
        // Its main town has its name and is where people think of: Paris.
        let others = resolve(name).unwrap_or_default().into_iter();
        let others: Vec<Place> = others
            .filter(|place| precision.is_none() && place.department != department)
            .collect();
        let exactly = |other: &str| other.to_lowercase() == name.to_lowercase();
        let meant = others
            .iter()
            .find(|place| exactly(place.town) && !exactly(department.name()));
        return Some(Ok(match meant {
            // Whoever types the accent of Loiré does not mean the Loire.
            Some(place) => Understood {
                others: vec![label_of(department)],
                ..commune(place)
            },
            None => whole(department, labels(&others)),
        }));
    }
    let (region, codes) = REGIONS
        .iter()
        .find(|(region, _)| precision.is_none() && same(region))?;
    let departments = codes
        .split(' ')
        .filter_map(|code| Department::parse(code).ok());
    let departments = departments.map(label_of).collect();
    Some(Err(NotUnderstood::Region(region, departments)))
}

/// A postal code and what follows it: `69003 Lyon`, or `Lyon 69003`.
fn code_and_town(text: &str) -> Option<(PostalCode, &str)> {
    let digits = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let spaced = |text: &str| {
        let joined: String = text.chars().filter(|one| !one.is_whitespace()).collect();
        digits(&joined).then_some(joined)
    };
    if let Some(code) = spaced(text) {
        return PostalCode::parse(&code).ok().map(|code| (code, ""));
    }
    let before = text.split_once(char::is_whitespace);
    let after = text.rsplit_once(char::is_whitespace);
    let (code, town) = before
        .filter(|(code, _)| digits(code))
        .or_else(|| after.map(|(town, code)| (code, town)))?;
    let code = digits(code).then(|| PostalCode::parse(code).ok())??;
    Some((code, town.trim()))
}

/// The place of a code: its largest commune, or the one that is named with it.
fn by_code(code: &PostalCode, town: &str) -> Result<Understood, NotUnderstood> {
    if !town.is_empty() {
        let place = super::together(code, town).map_err(|_| NotUnderstood::NotThere)?;
        return Ok(commune(&place));
    }
    match resolve(code.as_str()) {
        Ok(places) => places.first().map(commune).ok_or(NotUnderstood::NotThere),
        Err(refused) => department_of_code(code)
            .map(|department| whole(department, Vec::new()))
            .ok_or(NotUnderstood::Unknown(refused)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_place_is_understood_however_it_is_typed() {
        for (typed, understood) in [
            // Departments, by code and by name, before communes.
            ("69", "Rhône (69)"),
            ("2a", "Corse-du-Sud (2A)"),
            ("974", "La Réunion (974)"),
            ("Loire", "Loire (42)"),
            ("loire (42)", "Loire (42)"),
            ("loire", "Loire (42)"),
            ("Loiré", "Loiré (49)"),
            ("loiré", "Loiré (49)"),
            ("Loire (49)", "Loiré (49)"),
            ("Loiré (49)", "Loiré (49)"),
            ("rhone", "Rhône (69)"),
            ("bouches du rhone", "Bouches-du-Rhône (13)"),
            ("Côte d'Or", "Côte-d’Or (21)"),
            ("la Loire", "Loire (42)"),
            ("Vienne", "Vienne (86)"),
            ("Vienne (38)", "Vienne (38)"),
            ("Paris", "Paris (75)"),
            ("Réunion", "La Réunion (974)"),
            ("la reunion", "La Réunion (974)"),
            ("Martinique", "Martinique (972)"),
            // Communes.
            ("lyon", "Lyon (69)"),
            ("Lyon 3e", "Lyon (69)"),
            ("Paris 12e", "Paris (75)"),
            ("Paris 12ème arrondissement", "Paris (75)"),
            ("St-Étienne", "Saint-Étienne (42)"),
            ("Saint-Denis (93)", "Saint-Denis (93)"),
            ("saint denis (974)", "Saint-Denis (974)"),
            // A decomposed accent, as some keyboards send it.
            ("Saint-E\u{301}tienne", "Saint-Étienne (42)"),
            ("Loire\u{301} (49)", "Loiré (49)"),
            // Codes, alone and with a name.
            ("69003", "Lyon (69)"),
            ("69 003", "Lyon (69)"),
            ("69003 Lyon", "Lyon (69)"),
            ("Lyon 69003", "Lyon (69)"),
            ("75012 Paris 12e", "Paris (75)"),
            ("97410 St Pierre", "Saint-Pierre (974)"),
            // Codes of companies.
            ("69401 LYON CEDEX 03", "Lyon (69)"),
            ("Lyon Cedex 03", "Lyon (69)"),
            ("69401", "Rhône (69)"),
            ("20700 Ajaccio Cedex 9", "Ajaccio (2A)"),
            // Communes that were merged.
            ("Cherbourg", "Cherbourg-en-Cotentin (50)"),
            ("cherbourg octeville", "Cherbourg-en-Cotentin (50)"),
            ("Annecy-le-Vieux", "Annecy (74)"),
            ("74940 Annecy-le-Vieux", "Annecy (74)"),
            ("Évry", "Évry-Courcouronnes (91)"),
            ("evry", "Évry-Courcouronnes (91)"),
            ("91000 Évry", "Évry-Courcouronnes (91)"),
            ("Évry (89)", "Évry (89)"),
        ] {
            let label = understand(typed).map(|place| place.label);
            assert_eq!(label.as_deref(), Ok(understood), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_understood_says_why() {
        for (typed, code) in [
            ("", "place_unknown"),
            ("Nulle-Part", "place_unknown"),
            ("00000", "place_unknown"),
            ("Lyon (13)", "place_unknown"),
            ("Loire (13)", "place_unknown"),
            ("44000 Strasbourg", "place_unknown"),
            ("69401 Marseille Cedex", "place_unknown"),
            ("Saint-Denis", "place_ambiguous"),
            ("Bretagne", "place_ambiguous"),
            ("ile de france", "place_ambiguous"),
        ] {
            let refused = understand(typed).unwrap_err();
            assert_eq!(refused.code(), code, "{typed}");
        }
        let several = understand("Saint-Denis").unwrap_err().to_string();
        assert!(several.contains("Saint-Denis (93)") && several.contains("Saint-Denis (974)"));
        let region = understand("Bretagne").unwrap_err().to_string();
        assert!(region.contains("Finistère (29)"), "{region}");
    }

    #[test]
    fn a_commune_with_the_name_of_a_department_stays_a_suggestion() {
        let others = |typed| understand(typed).unwrap().others;
        assert_eq!(others("Loire"), ["Loiré (49)"]);
        assert_eq!(others("Loiré"), ["Loire (42)"]);
        assert!(others("Vienne").contains(&"Vienne (38)".to_owned()));
        assert_eq!(others("Évry"), ["Évry (89)"]);
        assert_eq!(others("Paris"), [] as [&str; 0]);
    }

    #[test]
    fn every_department_is_understood_by_its_code_its_name_and_its_label() {
        for department in Department::all() {
            for typed in [
                department.code().to_owned(),
                department.name().to_owned(),
                label_of(department),
            ] {
                let found = understand(&typed).map(|place| place.department);
                assert_eq!(found, Ok(department), "{typed}");
            }
        }
    }

    #[test]
    fn every_former_commune_belongs_to_one_that_exists() {
        // Looking one up reads the whole register: a few dozen of them stand for all.
        for line in FORMER.lines().step_by(47) {
            let [former, department, present] =
                line.split('\t').collect::<Vec<_>>().try_into().unwrap();
            let found = communes_named(former).unwrap();
            let same =
                |place: &Place| place.department.code() == department && place.town == present;
            assert!(found.iter().any(same), "{line}");
        }
        for (_, present) in IN_USE {
            assert_eq!(resolve(present).unwrap().len(), 1, "{present}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_text_breaks_it_and_what_is_understood_is_understood_again(text in ".{0,60}") {
            if let Ok(place) = understand(&text) {
                prop_assert_eq!(understand(&place.label).map(|again| again.department), Ok(place.department));
            }
        }
    }
}
