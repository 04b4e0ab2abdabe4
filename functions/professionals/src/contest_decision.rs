//! A professional contests what the operator decided (P2B regulation, article 11).

use domain::event::Event;
use domain::professional::StandingStep;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::own::own;

/// Contest a decision.
pub struct ContestDecision;

/// The appeal.
#[derive(Deserialize, JsonSchema)]
pub struct Contestation {
    /// In the professional's words.
    #[schemars(length(min = 20, max = 4000))]
    text: String,
}

impl Operation for ContestDecision {
    const NAME: &'static str = "contest-decision";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/appeal";
    const SUMMARY: &'static str = "Contest the operator's present decision; a person examines it.";
    const BEFORE_TERMS: bool = true;
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = Contestation;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let text = call.input.text.trim();
        if !(20..=4000).contains(&text.chars().count()) {
            return Err(Problem::new(
                422,
                "text_invalid",
                "Expliquez votre contestation en 20 à 4 000 caractères.",
            )
            .about("text"));
        }
        let read = own(desk, &call.who.professional).await?;
        let mut professional = read.record.clone();
        professional.contest(text.to_owned(), call.now)?;
        let id = professional.id.clone();
        let changes = call
            .changes()
            .replace(&read, &professional)
            .activity(Self::NAME, id.as_str())
            .event(Event::StandingChanged {
                professional: id,
                step: StandingStep::Contested,
            });
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
