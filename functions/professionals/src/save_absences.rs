//! A company says when its agents are not there.

use domain::event::Event;
use domain::professional::Absence;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::own::own;

/// Write the absences of one's own agents.
pub struct SaveAbsences;

/// When agents are not there.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Absences {
    /// All of them: those that are missing here are taken back.
    #[schemars(length(max = 300))]
    absences: Vec<Absence>,
}

impl Operation for SaveAbsences {
    const NAME: &'static str = "save-absences";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/professional/absences";
    const SUMMARY: &'static str = "Say when the caller's agents are not there: they are not sent then. Those who were \
        stay sent until they are replaced.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = Absences;
    type Output = Absences;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Absences>, Problem> {
        let read = own(desk, &call.who.professional).await?;
        let mut professional = read.record.clone();
        professional.set_absences(call.input.absences.clone())?;
        let absences = professional.absences.clone();
        let changes = call
            .changes()
            .replace(&read, &professional)
            .activity(Self::NAME, professional.id.as_str())
            .event(Event::ProfessionalChanged {
                professional: professional.id.clone(),
            });
        Ok(Reply::ok(Absences { absences }).changing(changes))
    }
}
