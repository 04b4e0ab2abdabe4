//! A document's file, once a malware scan said that it is clean: where it is kept from then on.

use adapters::documents::{Documents, Inspection};
use adapters::store::{Changes, Portrait};
use domain::event::Event;
use domain::ids::DocumentId;
use domain::professional::{DocumentKind, Professional, ProfessionalStatus};
use http_function::Problem;

/// Keeps the file of a document in its own folder; it is inspected unless it just was. Kept twice, it is the
/// same file. Writes what pages will show of a photo, and asks the operator to verify what comes after
/// acceptance.
pub(crate) async fn keep(
    documents: &Documents,
    professional: &mut Professional,
    id: &DocumentId,
    inspected: Option<Inspection>,
    changes: Changes,
) -> Result<Changes, Problem> {
    let mut changes = changes.events(renewed(professional, id));
    let owner = professional.id.clone();
    for document in professional
        .documents
        .iter_mut()
        .filter(|one| one.id == *id)
    {
        let found = match inspected.clone() {
            Some(found) => found,
            None => documents.inspect(&document.file.key).await?,
        };
        if document.kind() == DocumentKind::Photo
            && let Some(jpeg) = found.portrait()
        {
            changes = changes.overwrite(&Portrait {
                professional: owner.clone(),
                document: id.clone(),
                jpeg,
            });
        }
        document.file = documents.keep(&document.file, "documents", found).await?;
    }
    Ok(changes)
}

fn renewed(professional: &Professional, id: &DocumentId) -> Option<Event> {
    (professional.status == ProfessionalStatus::Accepted).then(|| Event::DocumentRenewed {
        professional: professional.id.clone(),
        document: id.clone(),
    })
}
