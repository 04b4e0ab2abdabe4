//! Letters about changing a mission that stands: what one party proposes, and what the other answers.

use domain::booking::confirmation::former_versions;
use domain::booking::{AgreedTerms, Booking, BookingParty, BookingState};
use domain::money::Euros;

use super::missions::first_names;
use super::{with_mission, with_request};
use crate::files::{BookingFile, OrderFile};
use crate::letter::{Letter, Section};
use crate::post::{Notice, Post};

/// One party proposes: the other is asked, and told until when.
pub(crate) fn proposed(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let Some(proposed) = &booking.modification else {
        return Vec::new();
    };
    if booking.state != BookingState::Accepted {
        return Vec::new();
    }
    let until = booking.mission.zone().named_date_time(proposed.answer_by);
    let unless =
        format!("Sans accord de votre part avant le {until}, la mission reste comme elle est.");
    let subject = format!("Modification proposée : {}", booking.reference);
    let notice = match proposed.by {
        BookingParty::Professional => {
            let said = format!(
                "{} vous propose de modifier votre mission. Rien ne change sans votre accord.",
                booking.professional_name
            );
            let letter = Letter::new("client-modification-proposed", subject)
                .say(said)
                .say(unless);
            let letter = with_terms(with_mission(letter, booking), booking, &proposed.terms);
            let letter = match booking.given_back_under(&proposed.terms) {
                Euros::ZERO => letter,
                lowered => letter.fact("Vous serait rendu", lowered.to_string()),
            };
            let button = "Voir la proposition et répondre";
            post.to_account(
                &file.client,
                letter.button(button, post.booking(&booking.id)),
            )
        }
        BookingParty::Client => {
            let letter = Letter::new("professional-modification-proposed", subject)
                .say("Le client propose de modifier une mission que vous avez acceptée. Rien ne change sans votre accord.")
                .say(unless);
            let letter = with_terms(with_request(letter, booking), booking, &proposed.terms);
            let share = proposed.terms.price.professional_total;
            let letter = letter
                .fact("Montant qui vous reviendrait", format!("{share} TTC"))
                .button("Voir la proposition et répondre", post.request(&booking.id));
            post.to_office(&file.professional, letter)
        }
    };
    vec![notice]
}

/// What the mission would be.
fn with_terms(letter: Letter, booking: &Booking, terms: &AgreedTerms) -> Letter {
    let zone = booking.mission.zone();
    letter
        .fact(
            "Nouveau début",
            zone.named_date_time(terms.interval.start()),
        )
        .fact("Nouvelle fin", zone.named_date_time(terms.interval.end()))
        .fact("Agents", terms.agents.to_string())
        .fact("Nouveau prix", format!("{} TTC", terms.price.total))
}

const STAYS: &str = "La mission reste comme elle est, aux dates et au prix convenus.";

/// The client declines what the professional proposed.
pub(crate) fn declined_by_client(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let letter = Letter::new(
        "professional-modification-declined",
        format!("Modification refusée : {}", booking.reference),
    )
    .say("Le client n’est pas d’accord avec la modification que vous proposez.")
    .say(STAYS);
    let letter = with_request(letter, booking).button("Voir la mission", post.request(&booking.id));
    vec![post.to_office(&file.professional, letter)]
}

/// The professional declines what the client proposed.
pub(crate) fn declined_by_professional(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let letter = Letter::new(
        "client-modification-declined",
        format!("Modification refusée : {}", booking.reference),
    )
    .say(format!(
        "{} n’est pas d’accord avec la modification que vous proposez.",
        booking.professional_name
    ))
    .say(STAYS);
    let letter =
        with_mission(letter, booking).button("Voir ma réservation", post.booking(&booking.id));
    vec![post.to_account(&file.client, letter)]
}

/// Both agreed, and the order is printed as it holds now: the client gets it on a durable medium, the
/// professional is told who goes.
pub(crate) fn agreed(post: &Post<'_>, order: &OrderFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = &order.file;
    let subject = format!("Mission modifiée : {}", booking.reference);
    let lowered = booking.former.last();
    let lowered = lowered.and_then(|former| former.price.total.checked_sub(booking.price.total));
    let money = match lowered.filter(|lowered| *lowered > Euros::ZERO) {
        Some(lowered) => format!(
            "{lowered} vous sont rendus sur la carte qui a payé. Votre banque les crédite en général sous 5 à 10 jours."
        ),
        None => "Le prix ne change pas.".to_owned(),
    };
    let told_client = Letter::new("client-booking-modified", &subject)
        .say(format!(
            "{} et vous êtes convenus de modifier votre mission.",
            booking.professional_name
        ))
        .say(money)
        .say("La commande modifiée est jointe à ce message : gardez-la avec la première.");
    let told_client = with_mission(told_client, booking)
        .fact("Prix", format!("{} TTC", booking.price.total))
        .button("Voir ma réservation", post.booking(&booking.id))
        .link("Mettre à jour mon agenda", post.calendar(&booking.id));
    let told_client = former_versions(booking)
        .into_iter()
        .fold(told_client, |letter, part| {
            letter.section(Section::of(part))
        });
    let told_professional = Letter::new("professional-booking-modified", &subject)
        .say("Le client et vous êtes convenus de modifier cette mission.");
    let told_professional = with_request(told_professional, booking)
        .fact("Vos agents", first_names(booking, professional))
        .fact(
            "Montant qui vous revient",
            format!("{} TTC", booking.professional_share()),
        )
        .button("Voir la mission", post.request(&booking.id));
    vec![
        post.to_account(client, told_client)
            .with_papers(vec![order.order.order()]),
        post.to_office(professional, told_professional),
    ]
}
