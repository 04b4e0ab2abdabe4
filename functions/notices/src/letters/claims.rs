//! Letters about a claim, until it is settled (terms, article 24.2). What the parties write to each other
//! stays on the page.

use domain::booking::{BookingParty, BookingState, Claim};
use domain::money::Euros;
use domain::typography::of;

use super::endings::{money_back, nothing_due};
use super::money::operator_task;
use super::{with_mission, with_request};
use crate::files::BookingFile;
use crate::letter::{Letter, one_line};
use crate::post::{Notice, Post};

/// The client says that the mission went wrong.
pub(crate) fn opened(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let Some(claim) = &booking.claim else {
        return Vec::new();
    };
    let told_professional = Letter::new(
        "professional-claim-opened",
        format!("Réclamation du client : {}", booking.reference),
    )
    .say("Le client signale un problème sur cette mission. Le paiement est conservé jusqu’à ce que vous vous soyez mis d’accord.")
    .say("Répondez-lui dans les 5 jours ouvrés, avec une proposition : un remboursement, en partie ou en entier, ou aucun si vous contestez.");
    let told_professional = with_request(told_professional, booking)
        .fact("Motif", claim.reason.label())
        .button("Lire la réclamation et répondre", post.request(&booking.id));
    let told_client = Letter::new(
        "client-claim-received",
        format!("Votre réclamation est transmise : {}", booking.reference),
    )
    .say(format!("{} est informé de votre réclamation et doit vous répondre. Le paiement est conservé d’ici là, et la mission n’est pas validée d’office.", booking.professional_name))
    .say("Vous pouvez proposer vous-même un accord, ou valider la mission si tout s’arrange.");
    let told_client = with_mission(told_client, booking)
        .fact("Motif", claim.reason.label())
        .button("Suivre ma réclamation", post.booking(&booking.id));
    let mut notices = vec![
        post.to_office(&file.professional, told_professional),
        post.to_account(&file.client, told_client),
    ];
    notices.extend(operator_task(
        post,
        file,
        "operator-claim-opened",
        "Réclamation ouverte",
        "Un client a ouvert une réclamation. Les deux parties la règlent entre elles ; vous pouvez la trancher.",
    ));
    notices
}

/// One party proposed how to end it: the other is asked.
pub(crate) fn proposed(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let Some(proposal) = booking.claim.as_ref().and_then(Claim::pending) else {
        return Vec::new();
    };
    let words = match proposal.percent {
        0 => "de clore la réclamation sans remboursement".to_owned(),
        100 => "de rembourser tout le prix".to_owned(),
        percent => format!("de rembourser {percent} % du prix"),
    };
    let letter = |template, who: &str| {
        Letter::new(template, format!("Proposition d’accord : {}", booking.reference))
            .say(format!("{who} propose {words}. Son message figure sur la page."))
            .say("Si vous acceptez, l’accord est appliqué aussitôt. Sinon, faites une autre proposition.")
    };
    vec![match proposal.by {
        BookingParty::Professional => {
            let letter = letter("client-settlement-proposed", &booking.professional_name);
            let letter = with_mission(letter, booking)
                .button("Voir la proposition", post.booking(&booking.id));
            post.to_account(&file.client, letter)
        }
        BookingParty::Client => {
            let letter = letter("professional-settlement-proposed", "Le client");
            let letter = with_request(letter, booking)
                .button("Voir la proposition", post.request(&booking.id));
            post.to_professional(&file.professional, letter)
        }
    }]
}

/// It is over.
pub(crate) fn settled(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let (Some(due), Some(outcome)) = (
        booking.due,
        booking
            .claim
            .as_ref()
            .and_then(|claim| claim.outcome.as_ref()),
    ) else {
        return Vec::new();
    };
    let how = if outcome.decision.is_some() {
        "MonAgentDeSecu a tranché la réclamation ; la décision et ses motifs figurent sur la page."
    } else {
        "Vous vous êtes mis d’accord : la réclamation est réglée."
    };
    let refund = if due.client > Euros::ZERO {
        money_back(booking)
    } else {
        "Aucun remboursement n’est dû.".to_owned()
    };
    let subject = format!("Réclamation réglée : {}", booking.reference);
    let told_client = Letter::new("client-claim-settled", &subject)
        .say(how)
        .say(refund);
    let told_client =
        with_mission(told_client, booking).button("Voir ma réservation", post.booking(&booking.id));
    let pay = if due.professional > Euros::ZERO {
        format!("{} vous reviennent.", due.professional)
    } else {
        nothing_due(booking).to_owned()
    };
    let told_professional = Letter::new("professional-claim-settled", &subject)
        .say(how)
        .say(pay);
    let told_professional = with_request(told_professional, booking)
        .button("Voir la mission", post.request(&booking.id));
    vec![
        post.to_account(&file.client, told_client),
        post.to_professional(&file.professional, told_professional),
    ]
}

/// No agreement after 30 days: the consumer is told of the mediator (C. conso., L612-1 and L616-1).
pub(crate) fn mediation(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    if booking.state != BookingState::UnderClaim {
        return Vec::new();
    }
    let mut notices: Vec<Notice> = operator_task(
        post,
        file,
        "operator-claim-unsettled",
        "Réclamation sans accord depuis 30 jours",
        "Les deux parties ne se sont pas mises d’accord. L’argent ne peut pas être conservé au-delà de 90 jours : tranchez.",
    )
    .into_iter()
    .collect();
    let mediator = file.professional.profile.mediator.as_ref();
    if let Some(mediator) = mediator.filter(|_| booking.consumer) {
        let letter = Letter::new(
            "client-mediation",
            format!("Votre réclamation : vous pouvez saisir le médiateur ({})", booking.reference),
        )
        .say(format!("Votre réclamation n’est pas réglée après 30 jours. Vous pouvez saisir gratuitement le médiateur {}, dans l’année qui suit votre réclamation.", of(&booking.professional_name)))
        .say("Vous pouvez aussi continuer à chercher un accord sur la page de votre réservation, ou nous demander de trancher.");
        let letter = with_mission(letter, booking)
            .fact("Médiateur", one_line(&mediator.name))
            .fact("Son site", one_line(&mediator.website))
            .button("Voir ma réclamation", post.booking(&booking.id));
        notices.push(post.to_account(&file.client, letter));
    }
    notices
}
