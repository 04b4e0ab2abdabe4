//! Letters about documents after acceptance (terms, articles 4.2 and 10).

use domain::booking::TitleAlert;
use domain::ids::DocumentId;
use domain::professional::{Document, DocumentStatus, ExpiryStep, Professional};
use domain::time::paris::french_date;
use domain::typography::{of, than};

use super::{brief, with_mission};
use crate::files::BookingFile;
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
    if let Some(end) = &document.ended_early {
        let letter = Letter::new("professional-document-ended", format!("{label} : fin anticipée"))
            .say(format!("Nous avons enregistré que cette pièce de votre dossier prend fin le {}, avant son dernier jour : {label}.", french_date(end.on)))
            .say(format!("Motif : {}", end.reason))
            .say("Les missions qui se terminent après cette date ne peuvent plus être réservées. Les clients dont la mission est déjà confirmée après cette date en sont informés. Déposez la pièce suivante dès que vous l’avez.");
        return told(post, professional, letter);
    }
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

/// The client of an accepted mission learns that a title of the professional ends before it. The title
/// is named by its kind, never by the number or the name of a person.
pub(crate) fn ends_before_mission(
    post: &Post<'_>,
    file: &BookingFile,
    id: &DocumentId,
) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    // Given up or renewed meanwhile: there is nothing to worry about any more.
    let open = |alert: &&TitleAlert| alert.document == *id && alert.lifted_at.is_none();
    let alert = booking.title_alerts.iter().find(open);
    let (Some(alert), Some(document)) = (alert, professional.document(id)) else {
        return Vec::new();
    };
    if !booking.lacks_title() {
        return Vec::new();
    }
    let name = &booking.professional_name;
    let letter = Letter::new(
        "client-title-ends",
        format!("Un titre {} prend fin avant votre mission", of(&brief(name))),
    )
    .say(format!(
        "Un titre {} doit avoir le jour de votre mission prend fin avant elle, le {} : {}.",
        than(name),
        french_date(alert.ends_on),
        document.kind().label(),
    ))
    .say("Sans ce titre, la mission ne peut pas avoir lieu. Le professionnel le sait et peut en présenter un nouveau, que nous vérifions. S’il annule la mission, vous êtes remboursé en entier.")
    .say("Vous n’avez rien à faire pour l’instant. Pour toute question, écrivez-nous en rappelant la référence ci-dessous.");
    let letter =
        with_mission(letter, booking).button("Voir ma réservation", post.booking(&booking.id));
    vec![post.to_account(client, letter)]
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
