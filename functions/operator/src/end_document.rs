//! A title or an insurance ends before its last day: a form of the dashboard.

use domain::event::Event;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{FiledDocumentPath, professional, written};

/// Write down that a verified document ends early: withdrawn or suspended by the CNAPS, cancelled by
/// the insurer. Offers follow at once; clients of missions it was needed for are told by
/// `watch-documents`.
pub struct EndDocument;

/// From when on it counts no more, and why.
#[derive(Deserialize, JsonSchema)]
pub struct Ending {
    /// The last day on which it counts.
    on: Date,
    /// Why: its owner reads it.
    #[schemars(length(min = 3, max = 500))]
    reason: String,
}

impl Operation for EndDocument {
    const NAME: &'static str = "end-document";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/documents/{professional}/{document}/terminer";
    const SUMMARY: &'static str =
        "A verified title or insurance ends before its last day; its owner reads why.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = FiledDocumentPath;
    type Input = Ending;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let reason = written(&call.input.reason, "reason", 500)?;
        let read = professional(desk, &call.path.professional).await?;
        let document = &call.path.document;
        let mut ended = read.record.clone();
        ended.end_document(document, call.input.on, reason, call.now)?;
        let note = format!("le {} : {reason}", call.input.on);
        let changes = call
            .changes()
            .replace(&read, &ended)
            .activity_because(Self::NAME, document.as_str(), &note)
            .activity_because(Self::NAME, ended.id.as_str(), &note)
            .event(Event::DocumentDecided {
                professional: ended.id.clone(),
                document: document.clone(),
            })
            .event(Event::ProfessionalChanged {
                professional: ended.id.clone(),
            });
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
