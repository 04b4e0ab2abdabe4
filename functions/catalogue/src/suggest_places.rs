//! Completes what somebody types as the place of a mission.

use domain::places::{self, Department};
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, Visitor};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Completes a place.
pub struct SuggestPlaces;

/// How many places are suggested.
const MOST: usize = 8;

/// What was typed so far.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Typed {
    /// The beginning of a town's name or of a postal code.
    pub q: String,
}

/// A place that can be searched.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SuggestedPlace {
    /// What to send as `place`: names one place only.
    pub place: String,
    /// What people read.
    pub label: String,
    /// The town; none of a department.
    pub town: Option<&'static str>,
    /// Five digits; none of a department.
    pub postal_code: Option<&'static str>,
    /// All postal codes of the town; none of a department.
    pub postal_codes: Vec<&'static str>,
    /// The department's code.
    pub department: &'static str,
    /// The department's name.
    pub department_name: &'static str,
}

/// Suggestions: departments, then towns, the largest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Suggestions {
    /// At most eight.
    pub places: Vec<SuggestedPlace>,
}

impl Operation for SuggestPlaces {
    const NAME: &'static str = "suggest-places";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/places";
    const SUMMARY: &'static str =
        "Departments and towns whose name or postal code begins with what was typed.";
    type Outside = ();
    type Who = Visitor;
    type Path = Nothing;
    type Input = Typed;
    type Output = Suggestions;

    async fn run(_: &Desk<()>, call: &Call<Self>) -> Result<Reply<Suggestions>, Problem> {
        Ok(Reply::ok(Suggestions {
            places: suggest(&call.input.q),
        }))
    }
}

fn suggest(typed: &str) -> Vec<SuggestedPlace> {
    let departments = places::departments_beginning_with(typed);
    // The town of the same name in the same department is the same place to search: Paris.
    let same = |place: &places::Place| {
        departments
            .iter()
            .any(|one| *one == place.department && one.name() == place.town)
    };
    let towns = places::suggest(typed, MOST).into_iter();
    // Who types a postal code has said which: it stays part of the place.
    let coded = typed.trim().starts_with(|sign: char| sign.is_ascii_digit());
    let towns: Vec<_> = towns
        .filter(|place| coded || !same(place))
        .map(|place| town(place, coded))
        .collect();
    let departments = departments.iter().map(|one| department(*one));
    departments.take(MOST / 2).chain(towns).take(MOST).collect()
}

fn department(department: Department) -> SuggestedPlace {
    SuggestedPlace {
        place: places::label_of(department),
        label: format!(
            "{} – département ({})",
            department.name(),
            department.code()
        ),
        town: None,
        postal_code: None,
        postal_codes: Vec::new(),
        department: department.code(),
        department_name: department.name(),
    }
}

fn town(place: places::Place, coded: bool) -> SuggestedPlace {
    SuggestedPlace {
        place: if coded {
            format!("{} {}", place.postal_code, place.town)
        } else {
            format!("{} ({})", place.town, place.department.code())
        },
        label: format!(
            "{} {} – {}",
            place.postal_code,
            place.town,
            place.department.name()
        ),
        town: Some(place.town),
        postal_code: Some(place.postal_code),
        postal_codes: place.postal_codes().collect(),
        department: place.department.code(),
        department_name: place.department.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_and_the_communes_that_bear_its_name_are_suggested() {
        let places = |typed| -> Vec<String> {
            suggest(typed)
                .into_iter()
                .map(|suggested| suggested.place)
                .collect()
        };
        let loire = places("loire");
        assert_eq!(loire.first().map(String::as_str), Some("Loire (42)"));
        assert!(loire.contains(&"Loiré (49)".to_owned()), "{loire:?}");
        assert_eq!(places("bouches du")[0], "Bouches-du-Rhône (13)");
        assert_eq!(places("lyo")[0], "Lyon (69)");
        let paris = places("paris");
        assert_eq!(
            paris.iter().filter(|place| *place == "Paris (75)").count(),
            1
        );
        assert!(places("sai").len() <= MOST);
    }

    #[test]
    fn a_postal_code_that_was_typed_stays_part_of_the_place() {
        let [lyon] = suggest("69003").try_into().unwrap();
        assert_eq!(lyon.place, "69003 Lyon");
        assert_eq!(lyon.postal_codes.len(), 9);
        let understood = crate::asked::find_place(&lyon.place).unwrap();
        assert_eq!(understood.department.code(), "69");
        assert_eq!(suggest("villeurbanne")[0].postal_codes, ["69100"]);
        assert_eq!(suggest("75003")[0].place, "75003 Paris");
    }
}
