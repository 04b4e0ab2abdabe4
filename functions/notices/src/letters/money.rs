//! Letters about money that moves after the debit: refunds, payouts that wait, chargebacks. Those of an
//! order's debit are told once, for all its missions.

use domain::booking::RefundStatus;
use domain::money::Euros;

use super::{with_mission, with_request};
use crate::files::BookingFile;
use crate::letter::Letter;
use crate::post::{Notice, Post};

/// Money is on its way back to the client.
pub(crate) fn refund_made(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let refunds = booking.payment.refunds.iter();
    let sent = refunds.filter(|refund| refund.status != RefundStatus::Failed);
    let Some(amount) = sent.clone().next_back().map(|refund| refund.amount) else {
        return Vec::new();
    };
    let in_all = Euros::try_sum(sent.map(|refund| refund.amount));
    let letter = Letter::new(
        "client-refund-made",
        format!("Remboursement de {amount} en route"),
    )
    .say(format!("{amount} repartent vers la carte qui a payé. Votre banque les crédite en général sous 5 à 10 jours."));
    let letter = with_mission(letter, booking)
        .fact("Total débité", booking.debited_total().to_string())
        .fact("Remboursé", amount.to_string());
    let letter = match in_all {
        Ok(all) if all > amount => letter.fact("Remboursé en tout", all.to_string()),
        Ok(_) | Err(_) => letter,
    };
    let letter = letter.button("Voir ma réservation", post.booking(&booking.id));
    vec![post.to_account(&file.client, letter)]
}

/// The client's bank sent a refund back.
pub(crate) fn refund_failed(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let letter = Letter::new(
        "client-refund-failed",
        format!("Votre remboursement n’a pas pu être crédité : {}", booking.reference),
    )
    .say("Votre banque nous a renvoyé le remboursement : la carte a peut-être été remplacée ou le compte fermé. L’argent est conservé et vous reste dû.")
    .say(format!("Répondez à {} avec cette référence : nous convenons ensemble d’un autre moyen. N’envoyez jamais de numéro de carte par courriel.", post.contact()));
    let letter =
        with_mission(letter, booking).button("Voir ma réservation", post.booking(&booking.id));
    let mut notices = vec![post.to_account(&file.client, letter)];
    notices.extend(operator_task(
        post,
        file,
        "operator-refund-failed",
        "Remboursement renvoyé par la banque",
        "La banque du client a renvoyé un remboursement. Convenez d’un autre moyen avec lui, ou relancez le remboursement.",
    ));
    notices
}

/// The professional cannot be paid yet.
pub(crate) fn payout_delayed(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let letter = Letter::new(
        "professional-payout-waits",
        format!("Un versement vous attend : {}", booking.reference),
    )
    .say("Une somme vous revient, mais votre compte de paiement ne peut pas la recevoir : Stripe attend des informations de votre part.")
    .say("Complétez-le : le versement part aussitôt, sans autre démarche.");
    let letter =
        with_request(letter, booking).button("Compléter mon compte de paiement", post.payouts());
    vec![post.to_professional(&file.professional, letter)]
}

/// A transfer was taken back from the professional.
pub(crate) fn transfer_reversed(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let letter = Letter::new(
        "professional-transfer-reversed",
        format!("Versement repris : {}", booking.reference),
    )
    .say("Le client a contesté le paiement auprès de sa banque, qui l’a repris le temps de l’examiner. Le versement qui vous avait été fait est repris lui aussi.")
    .say(format!("Si la banque vous donne raison, il vous est versé de nouveau. Envoyez à {} ce qui prouve la mission : main courante, relevés d’heures, échanges.", post.contact()));
    let letter = with_request(letter, booking).button("Voir la mission", post.request(&booking.id));
    vec![post.to_professional(&file.professional, letter)]
}

/// The client contested the debit with their bank.
pub(crate) fn dispute_opened(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    if booking.order.is_some() {
        return Vec::new();
    }
    let told_client = Letter::new(
        "client-dispute-opened",
        format!("Vous avez contesté le paiement de {}", booking.reference),
    )
    .say("Votre banque nous a transmis votre contestation. Tant qu’elle l’examine, l’argent ne bouge plus.")
    .say("Si c’est une erreur, ou si vous préférez régler le problème avec le professionnel, dites-le à votre banque et écrivez-nous.");
    let told_client =
        with_mission(told_client, booking).button("Voir ma réservation", post.booking(&booking.id));
    let told_professional = Letter::new(
        "professional-dispute-opened",
        format!("Paiement contesté par le client : {}", booking.reference),
    )
    .say("Le client a contesté le paiement de cette mission auprès de sa banque. Le versement est suspendu le temps de l’examen, qui dure souvent plusieurs semaines.")
    .say(format!("Envoyez à {} ce qui prouve la mission : main courante, relevés d’heures, échanges.", post.contact()));
    let told_professional = with_request(told_professional, booking)
        .button("Voir la mission", post.request(&booking.id));
    let mut notices = vec![
        post.to_account(&file.client, told_client),
        post.to_professional(&file.professional, told_professional),
    ];
    notices.extend(operator_task(
        post,
        file,
        "operator-dispute-opened",
        "Contestation à traiter",
        "Un client a contesté un paiement auprès de sa banque. Répondez dans Stripe avant la date limite, pièces à l’appui.",
    ));
    notices
}

/// The bank decided for the platform.
pub(crate) fn dispute_won(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    if booking.order.is_some() {
        return Vec::new();
    }
    let letter = Letter::new(
        "professional-dispute-won",
        format!("Contestation close en votre faveur : {}", booking.reference),
    )
    .say("La banque du client a rejeté sa contestation. Le paiement suit de nouveau son cours : ce qui vous revient vous est versé sans démarche de votre part.");
    let letter = with_request(letter, booking).button("Voir la mission", post.request(&booking.id));
    let told_client = Letter::new(
        "client-dispute-closed",
        format!(
            "Contestation rejetée par votre banque : {}",
            booking.reference
        ),
    )
    .say("Votre banque a rejeté votre contestation : le paiement est maintenu.");
    let told_client =
        with_mission(told_client, booking).button("Voir ma réservation", post.booking(&booking.id));
    vec![
        post.to_professional(&file.professional, letter),
        post.to_account(&file.client, told_client),
    ]
}

/// The bank decided for the client.
pub(crate) fn dispute_lost(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    if booking.order.is_some() {
        return Vec::new();
    }
    let letter = Letter::new(
        "professional-dispute-lost",
        format!("Contestation perdue : {}", booking.reference),
    )
    .say("La banque du client lui a donné raison et lui rend le paiement. Il ne peut pas vous être versé.")
    .say("Cela ne juge pas de votre travail : vous gardez le droit de réclamer son prix au client.");
    let letter = with_request(letter, booking).button("Voir la mission", post.request(&booking.id));
    let told_client = Letter::new(
        "client-dispute-accepted",
        format!("Votre banque vous rend le paiement : {}", booking.reference),
    )
    .say("Votre banque vous a donné raison : le paiement vous est rendu.");
    let told_client =
        with_mission(told_client, booking).button("Voir ma réservation", post.booking(&booking.id));
    let mut notices = vec![
        post.to_professional(&file.professional, letter),
        post.to_account(&file.client, told_client),
    ];
    notices.extend(operator_task(
        post,
        file,
        "operator-dispute-lost",
        "Contestation perdue",
        "Une contestation est perdue. Vérifiez que le versement au professionnel est repris et, sinon, ce qu’il doit.",
    ));
    notices
}

/// A task for the operator about a booking.
pub(crate) fn operator_task(
    post: &Post<'_>,
    file: &BookingFile,
    template: &'static str,
    subject: &str,
    words: &str,
) -> Option<Notice> {
    let booking = &file.booking;
    let money = booking.money();
    let letter = Letter::new(template, format!("{subject} : {}", booking.reference))
        .say(words)
        .fact("Réservation", &booking.reference)
        .fact("Professionnel", &booking.professional_name)
        .fact("Débité", money.captured.to_string())
        .fact("Remboursé", money.refunded.to_string())
        .fact("Versé au professionnel", money.transferred.to_string())
        .fact("Conservé", money.held.to_string())
        .fact("À recouvrer", money.to_recover.to_string())
        .button(
            "Ouvrir la réservation",
            format!("{}/admin/reservations/{}", post.site, booking.id),
        );
    post.to_operator(letter)
}
