//! The operator opens a document: written down first, as every download is (terms, article 5).

use adapters::documents::Documents;
use domain::professional::{Document, DocumentStatus};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};

use crate::view::{FiledDocumentPath, professional};

/// Open a document.
pub struct OpenDocument;

impl Operation for OpenDocument {
    const NAME: &'static str = "open-document";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/admin/documents/{professional}/{document}";
    const SUMMARY: &'static str =
        "Open a document by a link of one minute; the access is written down.";
    const REDIRECTS: bool = true;
    type Outside = Documents;
    type Who = Admin;
    type Path = FiledDocumentPath;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<Documents>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = professional(desk, &call.path.professional).await?;
        let document = read
            .record
            .document(&call.path.document)
            .ok_or_else(Problem::not_found)?;
        // Before a scan said that it is clean, `link` refuses too.
        if document.status == DocumentStatus::Prepared {
            return Err(Problem::new(
                409,
                "file_absent",
                "Le fichier de ce document n’a pas encore été reçu.",
            ));
        }
        let link = desk
            .outside
            .link(&document.file, &file_name(document))
            .await?;
        // Two lines: one is found by the document, the other by its professional.
        let changes = call
            .changes()
            .activity(Self::NAME, document.id.as_str())
            .activity(Self::NAME, read.record.id.as_str());
        Ok(Reply::ok(Nothing {}).changing(changes).redirect(link))
    }
}

/// Says what it is and nothing of whose.
fn file_name(document: &Document) -> String {
    format!("{}.{}", document.id, document.file.file_type.extension())
}
