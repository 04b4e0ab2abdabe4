//! A document's file, once a malware scan said that it is clean: where it is kept from then on.

use adapters::documents::{Documents, Inspection};
use domain::event::Event;
use domain::ids::DocumentId;
use domain::professional::{Professional, ProfessionalStatus};
use http_function::Problem;

/// Keeps the file of a document in its own folder; it is inspected unless it just was. Kept twice, it is the
/// same file.
pub(crate) async fn keep(
    documents: &Documents,
    professional: &mut Professional,
    id: &DocumentId,
    inspected: Option<Inspection>,
) -> Result<(), Problem> {
    for document in professional
        .documents
        .iter_mut()
        .filter(|one| one.id == *id)
    {
        let found = match inspected.clone() {
            Some(found) => found,
            None => documents.inspect(&document.file.key).await?,
        };
        document.file = documents.keep(&document.file, "documents", found).await?;
    }
    Ok(())
}

/// The operator verifies what a professional deposits after acceptance.
pub(crate) fn renewed(professional: &Professional, id: &DocumentId) -> Option<Event> {
    (professional.status == ProfessionalStatus::Accepted).then(|| Event::DocumentRenewed {
        professional: professional.id.clone(),
        document: id.clone(),
    })
}
