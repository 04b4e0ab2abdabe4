//! Letters about a booking that ends before its mission is validated: cancelled, withdrawn from, or not
//! paid for.

use domain::booking::{Booking, Calling, Intervention};
use domain::money::Euros;
use domain::typography::than;

use super::{at_the_place, brief, with_mission, with_request};
use crate::files::BookingFile;
use crate::letter::Letter;
use crate::post::{Notice, Post};

/// What a client whose card was only authorised reads.
pub(crate) const AUTHORISATION_LIFTED: &str = "L’autorisation sur votre carte est levée et rien n’est débité. Selon votre banque, elle peut rester visible quelques jours sur votre relevé.";

/// What happens to the client's money once the booking ended: told from what was debited, not from how far
/// the booking came.
pub(crate) fn money_back(booking: &Booking) -> String {
    let total = booking.price.total;
    let Some(due) = booking
        .due
        .filter(|due| due.client != total || booking.is_debited())
    else {
        return AUTHORISATION_LIFTED.to_owned();
    };
    let credited = "Votre banque les crédite en général sous 5 à 10 jours.";
    if !booking.is_debited() {
        return format!(
            "Votre carte est en cours de débit de {total} ; {} vous seront ensuite rendus sur la même carte. {credited}",
            due.client
        );
    }
    let lowered = booking.lowered_by();
    if due.client > Euros::ZERO && lowered > Euros::ZERO {
        return format!(
            "{} vous sont remboursés sur la même carte, en plus des {lowered} rendus à la suite de la modification. {credited}",
            due.client
        );
    }
    if due.client == total {
        return format!(
            "Les {} débités vous sont remboursés en entier, sur la même carte. {credited}",
            due.client
        );
    }
    if due.client > Euros::ZERO {
        return format!(
            "{} vous sont remboursés sur la même carte, sur {total} débités. {credited}",
            due.client
        );
    }
    "Selon les conditions d’annulation de l’offre, rien n’est remboursé.".to_owned()
}

/// Nothing comes to the professional, and why.
pub(crate) fn nothing_due(booking: &Booking) -> &'static str {
    if booking.is_debited() {
        "Le client est remboursé en entier : rien ne vous est dû."
    } else {
        "La carte du client n’est pas débitée : rien ne vous est dû."
    }
}

/// What comes to the professional all the same.
fn kept(booking: &Booking) -> String {
    match booking.due {
        Some(due) if due.professional > Euros::ZERO => format!(
            "Selon les conditions de votre offre et de la loi, {} vous reviennent ; ils vous sont versés sans démarche de votre part.",
            due.professional
        ),
        Some(_) | None => nothing_due(booking).to_owned(),
    }
}

/// The client gave the booking up.
pub(crate) fn cancelled(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    let after_acceptance = booking.accepted_at.is_some();
    let (template, subject, words) = if after_acceptance {
        (
            "client-booking-cancelled",
            format!("Votre réservation {} est annulée", booking.reference),
            "Vous avez annulé votre réservation.",
        )
    } else {
        (
            "client-request-cancelled",
            format!("Votre demande {} est annulée", booking.reference),
            "Vous avez annulé votre demande avant que le professionnel n’y réponde.",
        )
    };
    let told_client = Letter::new(template, subject)
        .say(words)
        .say(money_back(booking));
    let told_client = if after_acceptance {
        with_mission(told_client, booking)
            .fact("Conditions d’annulation", booking.cancellation.sentence())
    } else {
        with_mission(told_client, booking)
    };
    let told_professional = if after_acceptance {
        Letter::new("professional-booking-cancelled", format!("Mission annulée par le client : {}", booking.reference))
            .say("Le client a annulé la mission que vous aviez acceptée. Vos agents sont de nouveau disponibles.")
            .say(kept(booking))
    } else {
        Letter::new("professional-request-cancelled", format!("Demande annulée par le client : {}", booking.reference))
            .say("Le client a annulé sa demande avant votre réponse. Vous n’avez rien à faire : vos agents sont de nouveau disponibles.")
    };
    vec![
        post.to_account(
            client,
            told_client.button("Voir ma réservation", post.booking(&booking.id)),
        ),
        post.to_office(
            professional,
            with_request(told_professional, booking)
                .button("Voir la demande", post.request(&booking.id)),
        ),
    ]
}

/// The professional gave the mission up. Their words stay on the page.
pub(crate) fn cancelled_by_professional(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    let name = &booking.professional_name;
    let told_client = Letter::new(
        "client-cancelled-by-professional",
        format!("{} annule votre mission", brief(name)),
    )
    .say(format!("{name} ne peut pas assurer la mission qu’il avait acceptée. La raison qu’il donne figure sur la page de votre réservation."))
    .say(money_back(booking))
    .say("D’autres professionnels sont peut-être disponibles aux mêmes dates.");
    let told_client =
        with_mission(told_client, booking).button("Voir ma réservation", post.booking(&booking.id));
    let told_professional = Letter::new(
        "professional-cancelled-mission",
        format!("Mission annulée : {}", booking.reference),
    )
    .say("Vous avez annulé une mission acceptée. Le client en est informé.")
    .say(nothing_due(booking))
    .say("Une annulation compte dans le classement de vos offres.");
    let told_professional = with_request(told_professional, booking)
        .button("Voir la mission", post.request(&booking.id));
    vec![
        post.to_account(client, told_client),
        post.to_professional(professional, told_professional),
    ]
}

/// The platform called the mission off.
pub(crate) fn called_off(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    let Some(Intervention::CalledOff { calling, .. }) = &booking.intervention else {
        return Vec::new();
    };
    let name = &booking.professional_name;
    let (why_client, why_professional) = match calling {
        Calling::TitleMissing => (
            format!("Un titre, une carte professionnelle ou l’assurance {} doit avoir le jour de votre mission manque, et n’a pas été remplacé à temps : la mission ne peut pas avoir lieu.", than(name)),
            "Un titre, une carte professionnelle ou votre assurance manque le jour de la mission, et n’a pas été remplacé à temps : elle ne peut pas avoir lieu. Déposez la pièce à jour dès que vous l’avez.".to_owned(),
        ),
        Calling::Operator { .. } => {
            let page = "MonAgentDeSecu a annulé cette mission. Le motif figure sur sa page.";
            (page.to_owned(), page.to_owned())
        }
    };
    let told_client = Letter::new(
        "client-booking-called-off",
        format!("Votre mission est annulée : {}", booking.reference),
    )
    .say(why_client)
    .say(money_back(booking))
    .say("D’autres professionnels sont peut-être disponibles aux mêmes dates : votre demande se refait en un instant depuis la page de votre réservation.");
    let told_client =
        with_mission(told_client, booking).button("Voir ma réservation", post.booking(&booking.id));
    let told_professional = Letter::new(
        "professional-booking-called-off",
        format!("Mission annulée par la plateforme : {}", booking.reference),
    )
    .say(why_professional)
    .say(format!(
        "Vos agents sont de nouveau disponibles. {}",
        nothing_due(booking)
    ));
    let told_professional = with_request(told_professional, booking)
        .button("Voir la mission", post.request(&booking.id));
    vec![
        post.to_account(client, told_client),
        post.to_professional(professional, told_professional),
    ]
}

/// The operator decided how much of the price is given back.
pub(crate) fn refund_decided(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    let (Some(Intervention::Refunded { .. }), Some(due)) = (&booking.intervention, booking.due)
    else {
        return Vec::new();
    };
    let how = "MonAgentDeSecu a décidé de ce qui revient à chacun pour cette mission. Le motif figure sur sa page.";
    let refund = if due.client > Euros::ZERO {
        money_back(booking)
    } else {
        "Rien n’est remboursé.".to_owned()
    };
    let told_client = Letter::new(
        "client-refund-decided",
        format!("Décision sur votre mission {}", booking.reference),
    )
    .say(how)
    .say(refund);
    let told_client =
        with_mission(told_client, booking).button("Voir ma réservation", post.booking(&booking.id));
    let transferred = booking.payment.transferred();
    let pay = if due.professional == Euros::ZERO {
        nothing_due(booking).to_owned()
    } else {
        format!("{} vous reviennent.", due.professional)
    };
    let mut told_professional = Letter::new(
        "professional-refund-decided",
        format!("Décision sur la mission {}", booking.reference),
    )
    .say(how)
    .say(pay);
    if transferred > due.professional {
        told_professional = told_professional.say(format!(
            "{transferred} vous avaient été versés : la différence est reprise sur votre compte de paiement."
        ));
    }
    let told_professional = with_request(told_professional, booking)
        .button("Voir la mission", post.request(&booking.id));
    vec![
        post.to_account(client, told_client),
        post.to_professional(professional, told_professional),
    ]
}

/// The consumer withdrew: the acknowledgement on a durable medium, with its content, date and time
/// (C. conso., L221-21).
pub(crate) fn withdrawn(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    let at = booking
        .closed_at
        .map_or_else(String::new, |at| at_the_place(booking, at));
    let receipt = Letter::new(
        "client-withdrawal-acknowledged",
        format!(
            "Accusé de réception de votre rétractation : {}",
            booking.reference
        ),
    )
    .say(format!(
        "Nous avons reçu votre rétractation le {at}. Le contrat avec {} prend fin.",
        booking.professional_name
    ))
    .say(money_back(booking));
    let receipt = with_mission(receipt, booking)
        .fact("Votre déclaration", "Je renonce au contrat désigné ci-dessus.")
        .fact("Reçue le", at.clone())
        .button("Voir ma réservation", post.booking(&booking.id))
        .note("Conservez ce message : il prouve votre rétractation (Code de la consommation, article L221-21).");
    let told_professional = Letter::new(
        "professional-client-withdrew",
        format!("Rétractation du client : {}", booking.reference),
    )
    .say("Le client, consommateur, a exercé son droit légal de rétractation. Vos agents sont de nouveau disponibles.")
    .say(kept(booking));
    let told_professional = with_request(told_professional, booking)
        .button("Voir la mission", post.request(&booking.id));
    vec![
        post.to_account(client, receipt),
        post.to_professional(professional, told_professional),
    ]
}

/// The card could not be debited after all.
pub(crate) fn payment_failed(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    // That of an order is told once, for all its missions.
    if booking.order.is_some() {
        return Vec::new();
    }
    let told_client = Letter::new(
        "client-payment-failed",
        format!("Le paiement de {} n’a pas abouti", booking.reference),
    )
    .say("Votre banque a mis fin à l’autorisation de votre carte avant qu’elle puisse être débitée : la réservation est close et vous ne devez rien.")
    .say("Vous pouvez refaire la même demande, avec cette carte ou une autre.");
    let told_client =
        with_mission(told_client, booking).button("Voir ma réservation", post.booking(&booking.id));
    let mut notices = vec![post.to_account(client, told_client)];
    if booking.requested_at.is_some() {
        let told_professional = Letter::new(
            "professional-payment-failed",
            format!("Réservation close, paiement non abouti : {}", booking.reference),
        )
        .say("La carte du client n’a pas pu être débitée. La réservation est close : n’intervenez pas. Vos agents sont de nouveau disponibles.");
        let told_professional = with_request(told_professional, booking)
            .button("Voir la demande", post.request(&booking.id));
        notices.push(post.to_professional(professional, told_professional));
    }
    notices
}
