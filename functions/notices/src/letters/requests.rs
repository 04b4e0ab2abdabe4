//! Letters about a request, until it is answered or closed.

use domain::booking::{Booking, BookingState};
use domain::typography::of;

use super::endings::AUTHORISATION_LIFTED;
use super::{at_the_place, brief, town, with_mission, with_request};
use crate::files::BookingFile;
use crate::letter::Letter;
use crate::post::{Notice, Post, Wished};

/// The card is authorised: the client has proof of the order (C. civ., 1127-2), the professional is asked.
pub(crate) fn requested(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    // Who quoted agreed beforehand: the contract is concluded now, and its letters tell of it.
    if booking.quote.is_some() {
        return Vec::new();
    }
    let name = &booking.professional_name;
    let until = answer_limit(booking);
    let sent = Letter::new("client-request-sent", format!("Demande envoyée à {}", brief(name)))
        .say(format!("Votre demande est envoyée. {name} a jusqu’au {until} pour vous répondre."))
        .say(format!(
            "Votre carte est autorisée pour {}. Rien n’est débité pour l’instant : elle ne le sera que si le professionnel accepte. Sans réponse dans ce délai, la demande expire d’elle-même et l’autorisation est levée.",
            booking.price.total,
        ));
    let sent = with_mission(sent, booking)
        .fact("Montant autorisé", booking.price.total.to_string())
        .fact("Réponse au plus tard", until)
        .button("Voir ma demande", post.booking(&booking.id))
        .note("Tant que le professionnel n’a pas répondu, vous pouvez annuler votre demande sans frais.");
    let mut notices = vec![post.to_account(client, sent)];
    // Between the event and this mail the client may have taken the request back.
    if booking.state == BookingState::Requested {
        let asked = answer_wanted("professional-new-request", "Nouvelle demande", file)
            .say("Un client vous propose une mission. Sans réponse de votre part dans le délai indiqué, sa demande expirera.");
        notices.push(post.to_office(professional, answer_facts(post, asked, file)));
    }
    notices
}

/// 24 h are left to answer.
pub(crate) fn answer_first_reminder(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    answer_reminder(
        post,
        file,
        "professional-answer-reminder-24h",
        "Il vous reste moins de 24 heures pour répondre à une demande de mission.",
    )
}

/// 4 h are left to answer.
pub(crate) fn answer_last_reminder(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    answer_reminder(
        post,
        file,
        "professional-answer-reminder-4h",
        "Il vous reste moins de 4 heures pour répondre à une demande de mission : ensuite, elle expire.",
    )
}

fn answer_reminder(
    post: &Post<'_>,
    file: &BookingFile,
    template: &'static str,
    reason: &str,
) -> Vec<Notice> {
    if file.booking.state != BookingState::Requested {
        return Vec::new();
    }
    let letter = answer_facts(
        post,
        answer_wanted(template, "Rappel", file).say(reason),
        file,
    );
    vec![post.to_office(&file.professional, letter)]
}

/// Until when the professional may answer.
fn answer_limit(booking: &Booking) -> String {
    let limit = booking.respond_by;
    limit.map_or_else(String::new, |limit| at_the_place(booking, limit))
}

/// A letter to a professional whose subject says until when to answer.
fn answer_wanted(template: &'static str, word: &str, file: &BookingFile) -> Letter {
    let until = file
        .booking
        .respond_by
        .map(|limit| file.booking.mission.zone().named_date_time(limit))
        .unwrap_or_default();
    Letter::new(
        template,
        format!(
            "{word} à {} : répondez avant le {until}",
            brief(&town(&file.booking))
        ),
    )
}

fn answer_facts(post: &Post<'_>, letter: Letter, file: &BookingFile) -> Letter {
    let booking = &file.booking;
    let yes_or_no = |yes: bool| if yes { "oui" } else { "non" };
    let letter = with_request(letter, booking)
        .fact(
            "Sur la voie publique",
            yes_or_no(booking.mission.context.public_road),
        )
        .fact(
            "Accueil du public",
            yes_or_no(booking.mission.context.public_expected),
        )
        .fact(
            "Montant qui vous revient",
            format!("{} TTC", booking.price.professional_total),
        );
    let letter = match booking.respond_by {
        Some(limit) => letter.fact("Répondez avant le", at_the_place(booking, limit)),
        None => letter,
    };
    letter
        .button("Voir la demande et répondre", post.request(&booking.id))
        .note("Les coordonnées du client et l’adresse exacte vous sont communiquées une fois la mission acceptée.")
}

/// The professional declined. Their words stay on the page.
pub(crate) fn refused(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let name = &booking.professional_name;
    let letter = Letter::new(
        "client-request-refused",
        format!("{} ne peut pas assurer votre mission", brief(name)),
    )
    .say(format!(
        "{name} a décliné votre demande. Sa réponse figure sur la page de votre demande."
    ))
    .say(AUTHORISATION_LIFTED)
    .say("Vous pouvez proposer la même mission à un autre professionnel.");
    let letter = with_mission(letter, booking).button("Voir la réponse", post.booking(&booking.id));
    vec![post.to_account(&file.client, letter)]
}

/// Nobody answered in time.
pub(crate) fn expired(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    let name = &booking.professional_name;
    let told_client = Letter::new(
        "client-request-expired",
        format!(
            "Pas de réponse {} : votre demande est expirée",
            of(&brief(name))
        ),
    )
    .say(format!(
        "{name} n’a pas répondu à temps. Votre demande est close."
    ))
    .say(AUTHORISATION_LIFTED)
    .say("D’autres professionnels sont peut-être disponibles aux mêmes dates.");
    let told_client = with_mission(told_client, booking).button(
        "Chercher un autre professionnel",
        post.search(&Wished::from(booking)),
    );
    let told_professional = Letter::new("professional-request-expired", format!("Demande expirée : {}", booking.reference))
        .say("Vous n’avez pas répondu à temps à une demande de mission : elle est close et vos agents sont de nouveau disponibles.")
        .say("Si vous n’êtes pas disponible, décliner la demande permet au client de se retourner sans attendre. Tenir votre calendrier à jour évite les demandes que vous ne pouvez pas honorer.");
    let told_professional = with_request(told_professional, booking)
        .button("Voir la demande", post.request(&booking.id));
    vec![
        post.to_account(client, told_client),
        post.to_office(professional, told_professional),
    ]
}

/// Nobody paid in time.
pub(crate) fn abandoned(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let letter = Letter::new("client-payment-abandoned", "Votre demande n’a pas été envoyée")
        .say(format!(
            "Le paiement n’a pas été terminé à temps : votre demande n’a pas été envoyée à {} et rien n’est débité.",
            booking.professional_name,
        ))
        .say("Les agents ne sont plus réservés. Si vous avez toujours besoin de cette mission, vous pouvez la commander de nouveau.");
    let letter = with_mission(letter, booking)
        .button(
            "Recommencer une recherche",
            post.search(&Wished::from(booking)),
        )
        .note("Si votre banque montre une autorisation, elle est levée d’elle-même et disparaît sous quelques jours.");
    vec![post.to_account(&file.client, letter)]
}
