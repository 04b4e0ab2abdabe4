//! A document's file, once a malware scan said that it is clean: where it is kept from then on.

use adapters::documents::{Documents, Inspection};
use adapters::store::{Changes, Portrait};
use domain::event::Event;
use domain::ids::DocumentId;
use domain::professional::{DocumentKind, Professional, ProfessionalStatus};
use http_function::Problem;

/// Keeps the file of a document in its own folder; it is inspected unless it just was. Kept twice, it is the
/// same file. Answers what pages will show of a photo.
pub(crate) async fn keep(
    documents: &Documents,
    professional: &mut Professional,
    id: &DocumentId,
    inspected: Option<Inspection>,
) -> Result<Option<Portrait>, Problem> {
    let mut portrait = None;
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
        if document.kind() == DocumentKind::Photo {
            portrait = found.portrait().map(|jpeg| Portrait {
                professional: owner.clone(),
                document: id.clone(),
                jpeg,
            });
        }
        document.file = documents.keep(&document.file, "documents", found).await?;
    }
    Ok(portrait)
}

/// Writes what pages will show, where it is a photo.
pub(crate) fn shown(changes: Changes, portrait: Option<&Portrait>) -> Changes {
    match portrait {
        Some(portrait) => changes.overwrite(portrait),
        None => changes,
    }
}

/// The operator verifies what a professional deposits after acceptance.
pub(crate) fn renewed(professional: &Professional, id: &DocumentId) -> Option<Event> {
    (professional.status == ProfessionalStatus::Accepted).then(|| Event::DocumentRenewed {
        professional: professional.id.clone(),
        document: id.clone(),
    })
}
