//! Letters about documents after acceptance (terms, articles 4.2 and 10).

use domain::booking::{Booking, BookingState, TitleAlert};
use domain::ids::DocumentId;
use domain::professional::{
    Document, DocumentKind, DocumentStatus, ExpiryStep, Professional, ProfessionalStatus,
};
use domain::time::paris::{french_date, french_date_time};
use domain::typography::{of, than};

use super::{brief, one_line, with_mission, with_request};
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
    let label = named(professional, document);
    let letter = match step {
        ExpiryStep::In { days } => {
            let when = match days {
                0 => "aujourd’hui".to_owned(),
                1 => "demain au plus tard".to_owned(),
                days => format!("dans {days} jours au plus"),
            };
            Letter::new(
                "professional-document-expires",
                format!("{label} : à renouveler"),
            )
            .say(format!(
                "Cette pièce de votre dossier expire {when}, le {} : {label}.",
                french_date(last)
            ))
            .say("Déposez la suivante dès que vous l’avez : elle est vérifiée par notre équipe.")
            .say(while_it_ends(document.kind()))
        }
        ExpiryStep::Over => Letter::new(
            "professional-document-expired",
            format!("{label} : pièce expirée"),
        )
        .say(format!(
            "Cette pièce de votre dossier a expiré le {} : {label}.",
            french_date(last)
        ))
        .say(once_ended(document.kind())),
    };
    told(post, professional, letter)
}

/// A document in words, with the person or the establishment whose it is.
fn named(professional: &Professional, document: &Document) -> String {
    let label = document.kind().label();
    match professional.whose(document) {
        Some(name) => format!("{label} ({})", one_line(&name)),
        None => label.to_owned(),
    }
}

/// What a document that ends takes with it: one agent, or everything.
fn while_it_ends(kind: DocumentKind) -> &'static str {
    if kind == DocumentKind::FireSafetyDiploma {
        "Cet agent ne peut plus être réservé pour les missions de sécurité incendie qui se terminent après cette date ; ses autres missions ne sont pas concernées."
    } else if kind == DocumentKind::ProfessionalCard {
        "Cet agent ne peut plus être réservé pour les missions qui se terminent après cette date ; vos autres agents ne sont pas concernés."
    } else {
        "Les missions qui se terminent après cette date ne peuvent pas être réservées, et vos offres ne paraissent plus une fois la pièce expirée."
    }
}

/// The same once it has ended.
fn once_ended(kind: DocumentKind) -> &'static str {
    if kind == DocumentKind::FireSafetyDiploma {
        "Cet agent ne peut plus être réservé pour la sécurité incendie tant que le recyclage n’est pas déposé et vérifié. Ses autres missions ne sont pas concernées."
    } else if kind == DocumentKind::ProfessionalCard {
        "Cet agent ne peut plus être réservé tant que sa nouvelle carte n’est pas déposée et vérifiée. Vos offres restent visibles si d’autres agents ont une carte valable."
    } else {
        "Vos offres ne sont plus visibles. Elles reparaissent dès que la nouvelle pièce est déposée et vérifiée."
    }
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
    let label = named(professional, document);
    if let Some(end) = &document.ended_early {
        let letter = Letter::new("professional-document-ended", format!("{label} : fin anticipée"))
            .say(format!("Nous avons enregistré que cette pièce de votre dossier prend fin le {}, avant son dernier jour : {label}.", french_date(end.on)))
            .say(format!("Motif : {}", end.reason))
            .say(while_it_ends(document.kind()))
            .say("Pour chaque mission déjà demandée ou confirmée après cette date, vous et le client recevez un courriel qui dit ce qui se passe et quand. Déposez la pièce suivante dès que vous l’avez.");
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
        DocumentStatus::Prepared | DocumentStatus::Scanning | DocumentStatus::Deposited => {
            return Vec::new();
        }
    };
    told(post, professional, letter)
}

/// Both parties of a mission learn that a title of the professional ends before it, and what happens and
/// when. The title is named by its kind, never by the number or the name of a person.
pub(crate) fn ends_before_mission(
    post: &Post<'_>,
    file: &BookingFile,
    id: &DocumentId,
) -> Vec<Notice> {
    let booking = &file.booking;
    // Given up or renewed meanwhile: there is nothing to worry about any more.
    let open = |alert: &&TitleAlert| alert.document == *id && alert.lifted_at.is_none();
    let alert = booking.title_alerts.iter().find(open);
    let (Some(alert), Some(document)) = (alert, file.professional.document(id)) else {
        return Vec::new();
    };
    if !booking.lacks_title() {
        return Vec::new();
    }
    let what = format!(
        "prend fin avant la fin de la mission, le {} : {}.",
        french_date(alert.ends_on),
        document.kind().label()
    );
    match booking.state {
        BookingState::Requested | BookingState::Accepted => {
            let (client, professional) = what_follows(booking);
            vec![
                title_ends_for_client(post, file, &what, &client),
                title_ends_for_professional(post, file, &what, &professional),
            ]
        }
        // It took place, or is being claimed about: the operator decides, and says so then.
        BookingState::Completed | BookingState::UnderClaim | BookingState::Validated => {
            vec![title_ends_for_professional(
                post,
                file,
                &what,
                "La mission a commencé ou a eu lieu : son versement attend la décision de MonAgentDeSecu. Écrivez-nous en rappelant la référence ci-dessous si vous disposiez d’un titre valable.",
            )]
        }
        BookingState::AwaitingPayment
        | BookingState::Refused
        | BookingState::Expired
        | BookingState::Cancelled
        | BookingState::Abandoned
        | BookingState::CancelledByProfessional
        | BookingState::CancelledByPlatform
        | BookingState::Withdrawn
        | BookingState::Settled
        | BookingState::PaymentFailed => Vec::new(),
    }
}

/// What happens to a request or to an accepted mission that lacks a title, and when: to the client, and
/// to the professional.
fn what_follows(booking: &Booking) -> (String, String) {
    if booking.state == BookingState::Requested {
        let until = booking.respond_by.map(french_date_time).unwrap_or_default();
        return (
            format!(
                "Votre demande ne peut donc pas être acceptée tant qu’un titre valable n’est pas vérifié. Sans réponse avant le {until}, elle prend fin d’elle-même et rien n’est débité. Vous pouvez aussi l’annuler dès maintenant, sans frais."
            ),
            format!(
                "Vous ne pouvez donc pas accepter cette demande. Déposez la pièce à jour : elle est vérifiée par notre équipe. Sans réponse avant le {until}, la demande prend fin."
            ),
        );
    }
    let zone = booking.mission.zone();
    let at = zone.named_date_time(booking.cancelled_without_title_at());
    let begun = zone.named_date_time(booking.mission.interval.start());
    (
        format!(
            "Sans ce titre, la mission ne peut pas avoir lieu. Le professionnel le sait et peut en présenter un nouveau, que nous vérifions. Si aucun n’est vérifié avant le {at}, 24 heures avant le début, nous annulons la mission et vous êtes remboursé en entier, sans démarche de votre part."
        ),
        format!(
            "Déposez sans attendre la pièce à jour : elle est vérifiée par notre équipe. Si aucune n’est vérifiée avant le {at}, 24 heures avant le début prévu le {begun}, la mission est annulée et le client remboursé en entier."
        ),
    )
}

fn title_ends_for_client(post: &Post<'_>, file: &BookingFile, what: &str, follows: &str) -> Notice {
    let booking = &file.booking;
    let name = &booking.professional_name;
    let letter = Letter::new(
        "client-title-ends",
        format!(
            "Un titre {} prend fin avant votre mission",
            of(&brief(name))
        ),
    )
    .say(format!(
        "Un titre {} doit avoir le jour de votre mission {what}",
        than(name)
    ))
    .say(follows);
    let letter =
        with_mission(letter, booking).button("Voir ma réservation", post.booking(&booking.id));
    post.to_account(&file.client, letter)
}

fn title_ends_for_professional(
    post: &Post<'_>,
    file: &BookingFile,
    what: &str,
    follows: &str,
) -> Notice {
    let booking = &file.booking;
    let letter = Letter::new(
        "professional-title-ends",
        format!("Un titre manque pour la mission {}", booking.reference),
    )
    .say(format!("Une pièce de votre dossier {what}"))
    .say(follows);
    let letter = with_request(letter, booking)
        .button("Voir mes pièces", format!("{}/pro/pieces", post.site));
    post.to_professional(&file.professional, letter)
}

/// A malware scan kept a file out: its sender reads why and what to do, and the operator hears of it.
pub(crate) fn file_refused(
    post: &Post<'_>,
    professional: &Professional,
    id: &DocumentId,
) -> Vec<Notice> {
    let Some(document) = professional.document(id) else {
        return Vec::new();
    };
    let label = document.kind().label();
    let place = if professional.status == ProfessionalStatus::Accepted {
        ("Voir mes pièces", format!("{}/pro/pieces", post.site))
    } else {
        ("Ouvrir mon dossier", post.registration())
    };
    let sender = Letter::new(
        "professional-file-refused",
        format!("{label} : fichier refusé"),
    )
    .say(format!(
        "Le fichier que vous avez envoyé n’a pas passé notre analyse : {label}."
    ))
    .say(reason(document))
    .say("Personne ne l’a ouvert. Une pièce déposée avant lui reste dans votre dossier.")
    .button(place.0, place.1);
    let operator = Letter::new("operator-file-refused", "Fichier refusé par l’analyse")
        .say(format!(
            "Un fichier envoyé par un professionnel n’a pas passé l’analyse antivirus : {label}."
        ))
        .say("Il n’est pas gardé et personne ne l’a ouvert. Le motif est dans le dossier.")
        .button(
            "Ouvrir le dossier",
            format!("{}/admin/professionnels/{}", post.site, professional.id),
        );
    std::iter::once(post.to_professional(professional, sender))
        .chain(post.to_operator(operator))
        .collect()
}

fn reason(document: &Document) -> &str {
    document.rejection.as_deref().unwrap_or("non précisé")
}

/// The operator is asked to verify a document.
pub(crate) fn renewed(post: &Post<'_>, professional: &Professional) -> Vec<Notice> {
    let letter = Letter::new("operator-document-renewed", "Pièce à vérifier")
        .say("Un professionnel accepté a déposé une nouvelle pièce.")
        .fact("Professionnel", professional.name())
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
