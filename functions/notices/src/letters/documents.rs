//! Letters about documents after acceptance (terms, articles 4.2 and 10).

use domain::ids::DocumentId;
use domain::professional::{Document, DocumentStatus, ExpiryStep, Professional};
use domain::time::paris::french_date;

use crate::letter::Letter;
use crate::post::{Notice, Post};

/// A document ends soon, or has ended.
pub(crate) fn expires(
    post: &Post<'_>,
    professional: &Professional,
    id: &DocumentId,
    step: ExpiryStep,
) -> Vec<Notice> {
    let Some((document, last)) = professional
        .document(id)
        .and_then(|document| Some((document, document.expires_on()?)))
    else {
        return Vec::new();
    };
    let label = document.kind().label();
    let letter = match step {
        ExpiryStep::In { days } => {
            let when = match days {
                0 => "aujourd’hui".to_owned(),
                days => format!("dans moins de {} jours", days + 1),
            };
            Letter::new("professional-document-expires", format!("{label} : à renouveler"))
                .say(format!("Cette pièce de votre dossier expire {when}, le {} : {label}.", french_date(last)))
                .say("Déposez la suivante dès que vous l’avez : elle est vérifiée par notre équipe. Les missions qui se terminent après cette date ne peuvent pas être réservées, et vos offres ne paraissent plus une fois la pièce expirée.")
        }
        ExpiryStep::Over => Letter::new("professional-document-expired", format!("{label} : pièce expirée"))
            .say(format!("Cette pièce de votre dossier a expiré le {} : {label}.", french_date(last)))
            .say("Les offres qu’elle couvrait ne sont plus visibles. Elles reparaissent dès que la nouvelle pièce est déposée et vérifiée."),
    };
    told(post, professional, letter)
}

/// The operator decided on a document.
pub(crate) fn decided(
    post: &Post<'_>,
    professional: &Professional,
    id: &DocumentId,
) -> Vec<Notice> {
    let Some(document) = professional.document(id) else {
        return Vec::new();
    };
    let label = document.kind().label();
    let letter = match document.status {
        DocumentStatus::Verified => {
            Letter::new("professional-document-verified", format!("{label} : pièce vérifiée"))
                .say(format!("La pièce que vous avez déposée est vérifiée : {label}."))
        }
        DocumentStatus::Rejected => {
            Letter::new("professional-document-rejected", format!("{label} : pièce refusée"))
                .say(format!("La pièce que vous avez déposée n’a pas pu être retenue : {label}."))
                .say(format!("Motif : {}", reason(document)))
                .say("La pièce précédente reste en vigueur jusqu’à son dernier jour. Déposez une nouvelle pièce.")
        }
        DocumentStatus::Prepared | DocumentStatus::Deposited => return Vec::new(),
    };
    told(post, professional, letter)
}

fn reason(document: &Document) -> &str {
    document.rejection.as_deref().unwrap_or("non précisé")
}

/// The operator is asked to verify a document.
pub(crate) fn renewed(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("operator-document-renewed", "Pièce à vérifier")
        .say("Un professionnel accepté a déposé une nouvelle pièce.")
        .button(
            "Ouvrir le dossier",
            format!("{}/admin/professionnels/{}", post.site, professional.id),
        );
    post.to_operator(letter).into_iter().collect()
}

fn told(post: &Post<'_>, professional: &Professional, letter: Letter) -> Vec<Notice> {
    let letter = letter.button("Voir mes pièces", format!("{}/pro/pieces", post.site));
    vec![post.to_professional(professional, letter)]
}
