//! Completes what somebody types as the place of a mission.

use domain::places;
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
    /// The town.
    pub town: &'static str,
    /// Five digits.
    pub postal_code: &'static str,
    /// The department's code.
    pub department: &'static str,
    /// The department's name.
    pub department_name: &'static str,
}

/// Suggestions, largest town first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Suggestions {
    /// At most eight.
    pub places: Vec<SuggestedPlace>,
}

impl Operation for SuggestPlaces {
    const NAME: &'static str = "suggest-places";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/places";
    const SUMMARY: &'static str = "Towns whose name or postal code begins with what was typed.";
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
    let view = |place: places::Place| SuggestedPlace {
        place: format!("{} ({})", place.town, place.department.code()),
        label: format!(
            "{} {} – {}",
            place.postal_code,
            place.town,
            place.department.name()
        ),
        town: place.town,
        postal_code: place.postal_code,
        department: place.department.code(),
        department_name: place.department.name(),
    };
    places::suggest(typed, MOST).into_iter().map(view).collect()
}
