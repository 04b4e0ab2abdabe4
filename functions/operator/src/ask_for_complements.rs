//! The operator sends a registration back for complements.

use domain::event::Event;
use domain::ids::DocumentId;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{Decided, RegistrationPath, professional, written};

/// Ask for complements.
pub struct AskForComplements;

/// What is to be completed.
#[derive(Deserialize, JsonSchema)]
pub struct Complements {
    /// What the applicant reads.
    #[schemars(length(min = 3, max = 2000))]
    message: String,
    /// Documents that are to be given again.
    #[serde(default)]
    #[schemars(length(max = 120))]
    documents: Vec<DocumentId>,
}

impl Operation for AskForComplements {
    const NAME: &'static str = "ask-for-complements";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/registrations/{professional}/complements";
    const SUMMARY: &'static str =
        "Send a registration back for complements; the documents named are to be given again.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = RegistrationPath;
    type Input = Complements;
    type Output = Decided;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Decided>, Problem> {
        let Complements { message, documents } = &call.input;
        let message = written(message, "message", 2000)?;
        let read = professional(desk, &call.path.professional).await?;
        if documents
            .iter()
            .any(|document| read.record.document(document).is_none())
        {
            return Err(Problem::new(
                422,
                "document_unknown",
                "Un de ces documents ne fait pas partie du dossier.",
            )
            .about("documents"));
        }
        let mut sent_back = read.record.clone();
        sent_back.ask_for_complements(
            &call.who.account,
            message.to_owned(),
            documents,
            call.now,
        )?;
        let changes = call
            .changes()
            .replace(&read, &sent_back)
            .activity(Self::NAME, sent_back.id.as_str())
            .event(Event::ComplementsRequested {
                professional: sent_back.id.clone(),
            });
        Ok(Reply::ok(Decided::of(&sent_back)).changing(changes))
    }
}
