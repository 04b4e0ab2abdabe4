//! Letters about reviews.

use domain::booking::BookingState;
use domain::time::paris::{french_date, local_date};

use super::brief;
use crate::files::{BookingFile, ReviewFile};
use crate::letter::Letter;
use crate::post::{Notice, Post};

/// The invitation to review, with the validation: a survey, without any advertising (terms, article 3.2).
pub(crate) fn invited(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    invitation(
        post,
        file,
        "client-review-invitation",
        "Votre avis sur la mission",
    )
}

/// The one reminder of it.
pub(crate) fn review_reminder(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    invitation(
        post,
        file,
        "client-review-reminder",
        "Rappel : votre avis sur la mission",
    )
}

fn invitation(
    post: &Post<'_>,
    file: &BookingFile,
    template: &'static str,
    subject: &str,
) -> Vec<Notice> {
    let booking = &file.booking;
    let open = booking.state == BookingState::Validated && booking.review.is_none();
    let Some(until) = booking
        .review_until()
        .filter(|until| open && post.now < *until)
    else {
        return Vec::new();
    };
    let letter = Letter::survey(template, subject)
        .say(format!(
            "Comment s’est passée la mission du {} avec {} ?",
            french_date(booking.mission.zone().local_date(booking.mission.interval.start())),
            booking.professional_name,
        ))
        .say(format!("Vous pouvez répondre à un court questionnaire jusqu’au {}. Répondre est libre et sans contrepartie.", french_date(local_date(until))))
        .button("Donner mon avis", post.review(&booking.id))
        .note("Après vérification, votre avis est publié avec votre prénom, l’initiale de votre nom et la date de la mission.")
        .note(format!("Pour ne plus recevoir ces invitations, écrivez à {}.", post.contact()));
    vec![post.to_account(&file.client, letter)]
}

/// A review waits for moderation.
pub(crate) fn submitted(post: &Post<'_>, file: &ReviewFile) -> Vec<Notice> {
    let review = format!("{}/avis/{}", post.dashboard(), file.review.id);
    let letter = Letter::new("operator-review", "Avis à modérer")
        .say("Un client a déposé un avis. Il attend une décision avant d’être publié.")
        .button("Lire l’avis", review);
    post.to_operator(letter).into_iter().collect()
}

/// A review is public.
pub(crate) fn published(post: &Post<'_>, file: &ReviewFile) -> Vec<Notice> {
    let ReviewFile {
        review,
        client,
        professional,
    } = file;
    let thanked = Letter::new("client-review-published", "Votre avis est publié")
        .say(format!(
            "Votre avis sur {} est maintenant public, signé « {} ».",
            professional.name(),
            review.author
        ))
        .button("Voir ma réservation", post.booking(&review.booking));
    let received = Letter::new(
        "professional-review-received",
        "Un client a donné son avis sur une de vos missions",
    )
    .say("Un avis sur une de vos missions vient d’être publié sur votre page.")
    .fact("Note", format!("{} sur 5", review.text.rating.value()))
    .fact(
        "Date de la mission",
        french_date(local_date(review.experienced_at)),
    )
    .button("Lire l’avis et y répondre", post.own_reviews());
    vec![
        post.to_account(client, thanked),
        post.to_professional(professional, received),
    ]
}

/// A review was turned down: its author is told why (C. conso., L111-7-2 and D111-17).
pub(crate) fn rejected(post: &Post<'_>, file: &ReviewFile) -> Vec<Notice> {
    let ReviewFile {
        review,
        client,
        professional,
    } = file;
    let reason = review
        .rejection
        .map(|reason| reason.label())
        .unwrap_or("non-respect des règles de publication");
    let letter = Letter::new("client-review-rejected", "Votre avis n’est pas en ligne")
        .say(format!(
            "Votre avis sur {} n’est pas, ou plus, publié.",
            brief(professional.name())
        ))
        .say(format!("Motif : {reason}."))
        .button("Voir ma réservation", post.booking(&review.booking))
        .note(format!(
            "Si vous pensez que c’est une erreur, écrivez à {} : votre avis sera réexaminé.",
            post.contact()
        ));
    vec![post.to_account(client, letter)]
}

/// The form of a review was corrected: its author is told what reads now.
pub(crate) fn normalised(post: &Post<'_>, file: &ReviewFile) -> Vec<Notice> {
    let letter = Letter::new("client-review-normalised", "Votre avis a été corrigé dans sa forme")
        .say(format!("La forme de votre avis sur {} a été corrigée avant publication ; votre note n’a pas changé.", brief(file.professional.name())))
        .say("L’avis porte la mention « modéré ». Votre texte d’origine est conservé.")
        .button("Voir ma réservation", post.booking(&file.review.booking))
        .note(format!("Si vous préférez retirer votre avis, écrivez à {}.", post.contact()));
    vec![post.to_account(&file.client, letter)]
}

/// The operator is asked to examine a doubt.
pub(crate) fn doubted(post: &Post<'_>, file: &ReviewFile) -> Vec<Notice> {
    let letter = Letter::new("operator-review-doubted", "Doute signalé sur un avis")
        .say("Un professionnel signale un doute sur l’authenticité d’un avis, avec ses raisons.")
        .button(
            "Examiner l’avis",
            format!("{}/admin/avis/{}", post.site, file.review.id),
        );
    post.to_operator(letter).into_iter().collect()
}
