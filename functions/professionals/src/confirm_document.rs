//! An applicant says that a file was sent: it is read, and kept if it is what was announced and a malware
//! scan said that it is clean.

use adapters::documents::{Documents, DocumentsError};
use adapters::store::{Key, ScannedFile, Versioned};
use domain::professional::DocumentStatus;
use http_function::{Call, Desk, FileHolder, Nothing, Operation, Problem, Reply};

use crate::deposits;
use crate::own::{DocumentPath, own};
use crate::view::{RegistrationView, registration};

/// Confirm that a document's file was sent.
pub struct ConfirmDocument;

impl Operation for ConfirmDocument {
    const NAME: &'static str = "confirm-document";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/registration/documents/{document}/confirm";
    const SUMMARY: &'static str = "Confirm an upload: the file's real type, size and digest must be those announced; it then waits for the malware scan.";
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
        let scanned = scanned_file(desk, &document.file.key).await?;
        let mut professional = read.record.clone();
        let deposited = professional.deposit_document(id, &found.seen(), scanned.record.verdict);
        if let Err(refused) = deposited {
            // A refusal writes nothing by itself, and this document has to leave the list.
            let changes = call.changes().replace(&read, &professional);
            desk.store
                .commit(changes.activity(Self::NAME, id.as_str()))
                .await?;
            return Err(refused.into());
        }
        let changes = match scanned.record.verdict {
            Some(_) => {
                let changes = call.changes();
                deposits::keep(&desk.outside, &mut professional, id, Some(found), changes).await?
            }
            // The scan goes on from here: one of it and this is written first, and the other sees it.
            None => {
                let confirmed = ScannedFile {
                    confirmed_at: Some(call.now),
                    ..scanned.record.clone()
                };
                call.changes().replace(&scanned, &confirmed)
            }
        };
        let changes = changes
            .replace(&read, &professional)
            .activity(Self::NAME, id.as_str());
        Ok(Reply::ok(registration(&professional)).changing(changes))
    }
}

/// The file as it was announced. One announced before files were scanned, or too long ago, is not there any
/// more.
async fn scanned_file(
    desk: &Desk<Documents>,
    file: &str,
) -> Result<Versioned<ScannedFile>, Problem> {
    let read = desk
        .store
        .get::<ScannedFile>(Key::scanned_file(file))
        .await?;
    read.ok_or_else(|| DocumentsError::Absent.into())
}
