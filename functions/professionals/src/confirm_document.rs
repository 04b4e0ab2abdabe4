//! An applicant says that a file was sent: it is read, and kept if it is what was announced.

use adapters::documents::Documents;
use domain::event::Event;
use domain::professional::{DocumentStatus, ProfessionalStatus};
use http_function::{Call, Desk, FileHolder, Nothing, Operation, Problem, Reply};

use crate::own::{DocumentPath, own};
use crate::view::{RegistrationView, registration};

/// Confirm that a document's file was sent.
pub struct ConfirmDocument;

impl Operation for ConfirmDocument {
    const NAME: &'static str = "confirm-document";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/registration/documents/{document}/confirm";
    const SUMMARY: &'static str =
        "Confirm an upload: the file's real type, size and digest must be those announced.";
    type Outside = Documents;
    type Who = FileHolder;
    type Path = DocumentPath;
    type Input = Nothing;
    type Output = RegistrationView;

    async fn run(
        desk: &Desk<Documents>,
        call: &Call<Self>,
    ) -> Result<Reply<RegistrationView>, Problem> {
        let read = own(desk, &call.who.professional).await?;
        let id = &call.path.document;
        let document = read.record.document(id).ok_or_else(Problem::not_found)?;
        if document.status != DocumentStatus::Prepared {
            return Ok(Reply::ok(registration(&read.record)));
        }
        let found = desk.outside.inspect(&document.file.key).await?;
        let mut professional = read.record.clone();
        let deposited = professional.deposit_document(id, &found.seen());
        let changes = |professional| {
            call.changes()
                .replace(&read, professional)
                .activity(Self::NAME, id.as_str())
        };
        if let Err(refused) = deposited {
            // A refusal writes nothing by itself, and this document has to leave the list.
            desk.store.commit(changes(&professional)).await?;
            return Err(refused.into());
        }
        let kept = desk.outside.keep(&document.file, "documents", found);
        let kept = kept.await?;
        for deposited in professional
            .documents
            .iter_mut()
            .filter(|one| one.id == *id)
        {
            deposited.file.clone_from(&kept);
        }
        let changes = changes(&professional);
        let renewed =
            (professional.status == ProfessionalStatus::Accepted).then(|| Event::DocumentRenewed {
                professional: professional.id.clone(),
                document: id.clone(),
            });
        Ok(Reply::ok(registration(&professional)).changing(changes.events(renewed)))
    }
}
