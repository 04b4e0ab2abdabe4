//! An applicant takes a document off the registration.

use domain::retention::DiscardedFile;
use http_function::{Call, Desk, FileHolder, Nothing, Operation, Problem, Reply};

use crate::own::{DocumentPath, own};
use crate::view::{RegistrationView, registration};

/// Take a document off.
pub struct RemoveDocument;

impl Operation for RemoveDocument {
    const NAME: &'static str = "remove-document";
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/api/registration/documents/{document}";
    const SUMMARY: &'static str = "Take a document off the registration.";
    type Outside = ();
    type Who = FileHolder;
    type Path = DocumentPath;
    type Input = Nothing;
    type Output = RegistrationView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RegistrationView>, Problem> {
        let read = own(desk, &call.who.professional).await?;
        let id = &call.path.document;
        let document = read.record.document(id).ok_or_else(Problem::not_found)?;
        let discarded = DiscardedFile {
            file: document.file.key.clone(),
            at: call.now,
        };
        let mut professional = read.record.clone();
        professional.remove_document(id)?;
        let changes = call
            .changes()
            .replace(&read, &professional)
            .overwrite(&discarded)
            .activity(Self::NAME, id.as_str());
        Ok(Reply::ok(registration(&professional)).changing(changes))
    }
}
