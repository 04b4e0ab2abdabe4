//! Letters about an order of several missions: one for the order, where each mission would have one of its
//! own. What happens to a mission afterwards is told by its booking.

use domain::booking::DisputeStage;
use domain::money::Euros;
use domain::order::{MissionAnswer, Order, OrderState, OrderedMission};
use domain::professional::Professional;
use domain::typography::of;
use jiff::Timestamp;

use super::brief;
use super::endings::AUTHORISATION_LIFTED;
use super::missions::attached;
use crate::files::{OrderFile, SeveralFile};
use crate::letter::{Letter, Section, one_line};
use crate::post::{Notice, Post, Wished};

/// The card is authorised: the client has proof of the order (C. civ., 1127-2), the professional is asked.
pub(crate) fn requested(post: &Post<'_>, file: &SeveralFile) -> Vec<Notice> {
    let SeveralFile {
        order,
        client,
        professional,
    } = file;
    let name = &order.professional_name;
    let until = answer_limit(order);
    let (dates, total) = (counted(order.dates_asked()), order.total());
    let sent = Letter::new(
        "client-order-sent",
        format!("Commande envoyée à {} : {dates}", brief(name)),
    )
    .say(format!("Votre commande est envoyée. {name} a jusqu’au {until} pour vous répondre, date par date."))
    .say(format!(
        "Votre carte est autorisée pour {total}. Rien n’est débité pour l’instant : seules les dates que le professionnel accepte le seront, en une fois. Sans réponse dans ce délai, la commande expire d’elle-même et l’autorisation est levée.",
    ));
    let sent = for_client(sent, order)
        .fact("Montant autorisé", total.to_string())
        .fact("Réponse au plus tard", until)
        .button("Voir ma commande", post.order(&order.id))
        .section(dates_of(order, |_| true, Told::Client))
        .note("Tant que le professionnel n’a pas répondu, vous pouvez retirer des dates ou annuler la commande sans frais.");
    let mut notices = vec![post.to_account(client, sent)];
    // Between the event and this mail the client may have taken the order back.
    if order.state == OrderState::Requested {
        let asked = answer_wanted("professional-new-order", "Nouvelle commande", order)
            .say(format!("Un client vous propose {dates}. Acceptez-les toutes, ou seulement celles que vous pouvez assurer. Sans réponse de votre part dans le délai indiqué, sa commande expirera."));
        notices.push(post.to_office(professional, answer_facts(post, asked, order)));
    }
    notices
}

/// 24 h are left to answer.
pub(crate) fn answer_first_reminder(post: &Post<'_>, file: &SeveralFile) -> Vec<Notice> {
    let left = "Il vous reste moins de 24 heures pour répondre à une commande.";
    answer_reminder(post, file, "professional-order-reminder-24h", left)
}

/// 4 h are left to answer.
pub(crate) fn answer_last_reminder(post: &Post<'_>, file: &SeveralFile) -> Vec<Notice> {
    let left =
        "Il vous reste moins de 4 heures pour répondre à une commande : ensuite, elle expire.";
    answer_reminder(post, file, "professional-order-reminder-4h", left)
}

fn answer_reminder(
    post: &Post<'_>,
    file: &SeveralFile,
    template: &'static str,
    reason: &str,
) -> Vec<Notice> {
    if file.order.state != OrderState::Requested {
        return Vec::new();
    }
    let letter = answer_wanted(template, "Rappel", &file.order).say(reason);
    let letter = answer_facts(post, letter, &file.order);
    vec![post.to_office(&file.professional, letter)]
}

/// Nobody paid in time.
pub(crate) fn abandoned(post: &Post<'_>, file: &SeveralFile) -> Vec<Notice> {
    let order = &file.order;
    let letter = Letter::new("client-order-abandoned", "Votre commande n’a pas été envoyée")
        .say(format!(
            "Le paiement n’a pas été terminé à temps : votre commande n’a pas été envoyée à {} et rien n’est débité.",
            order.professional_name,
        ))
        .say("Les agents ne sont plus réservés. Si vous avez toujours besoin de ces dates, vous pouvez les commander de nouveau.");
    let letter = for_client(letter, order)
        .button("Commander de nouveau", post.order(&order.id))
        .note("Si votre banque montre une autorisation, elle est levée d’elle-même et disparaît sous quelques jours.");
    vec![post.to_account(&file.client, letter)]
}

/// The professional took none of the dates.
pub(crate) fn refused(post: &Post<'_>, file: &SeveralFile) -> Vec<Notice> {
    let order = &file.order;
    let name = &order.professional_name;
    let letter = Letter::new(
        "client-order-refused",
        format!("{} ne peut assurer aucune de vos dates", brief(name)),
    )
    .say(format!(
        "{name} a décliné votre commande. Sa réponse figure sur la page de votre commande."
    ))
    .say(AUTHORISATION_LIFTED)
    .say("Vous pouvez proposer les mêmes dates à un autre professionnel.");
    let letter = for_client(letter, order).button("Voir la réponse", post.order(&order.id));
    vec![post.to_account(&file.client, letter)]
}

/// Nobody answered in time.
pub(crate) fn expired(post: &Post<'_>, file: &SeveralFile) -> Vec<Notice> {
    let order = &file.order;
    let name = &order.professional_name;
    let subject = format!(
        "Pas de réponse {} : votre commande est expirée",
        of(&brief(name))
    );
    let told_client = Letter::new("client-order-expired", subject)
        .say(format!(
            "{name} n’a pas répondu à temps. Votre commande est close."
        ))
        .say(AUTHORISATION_LIFTED)
        .say("D’autres professionnels sont peut-être disponibles aux mêmes dates.");
    let search = Wished::first_of(order).map_or_else(|| post.home(), |wish| post.search(&wish));
    let told_client =
        for_client(told_client, order).button("Chercher un autre professionnel", search);
    let told_professional = Letter::new(
        "professional-order-expired",
        format!("Commande expirée : {}", order.reference),
    )
    .say("Vous n’avez pas répondu à temps à une commande : elle est close et vos agents sont de nouveau disponibles.")
    .say("Si vous n’êtes pas disponible, décliner la commande permet au client de se retourner sans attendre.");
    let told_professional = for_professional(told_professional, order)
        .button("Voir la commande", post.order_request(&order.id));
    vec![
        post.to_account(&file.client, told_client),
        post.to_professional(&file.professional, told_professional),
    ]
}

/// The client took the order back before it was answered, or some of its dates.
pub(crate) fn cancelled(post: &Post<'_>, file: &SeveralFile) -> Vec<Notice> {
    let order = &file.order;
    let whole = order.state == OrderState::Cancelled;
    let taken_back = |one: &OrderedMission| one.answer == MissionAnswer::Cancelled;
    let subject = if whole {
        format!("Commande annulée : {}", order.reference)
    } else {
        format!("Dates retirées de la commande {}", order.reference)
    };
    let told_client = Letter::new("client-order-cancelled", &subject);
    let told_client = if whole {
        told_client
            .say("Vous avez annulé votre commande avant la réponse du professionnel.")
            .say(AUTHORISATION_LIFTED)
    } else {
        told_client.say("Vous avez retiré des dates de votre commande. Les autres attendent la réponse du professionnel ; celles que vous avez retirées ne seront pas débitées.")
    };
    let told_client = for_client(told_client, order)
        .button("Voir ma commande", post.order(&order.id))
        .section(dates_of(order, taken_back, Told::Client));
    let told_professional = Letter::new("professional-order-cancelled", &subject);
    let told_professional = if whole {
        told_professional.say("Le client a annulé sa commande avant votre réponse. Vos agents sont de nouveau disponibles.")
    } else {
        told_professional.say("Le client a retiré des dates de sa commande avant votre réponse. Vos agents sont de nouveau disponibles à ces dates ; les autres attendent votre réponse.")
    };
    let told_professional = for_professional(told_professional, order)
        .button("Voir la commande", post.order_request(&order.id))
        .section(dates_of(order, taken_back, Told::Professional));
    vec![
        post.to_account(&file.client, told_client),
        post.to_professional(&file.professional, told_professional),
    ]
}

/// The card could not be debited after all.
pub(crate) fn payment_failed(post: &Post<'_>, file: &SeveralFile) -> Vec<Notice> {
    let order = &file.order;
    let told_client = Letter::new(
        "client-order-payment-failed",
        format!("Le paiement de {} n’a pas abouti", order.reference),
    )
    .say("Votre banque a mis fin à l’autorisation de votre carte avant qu’elle puisse être débitée : la commande est close et vous ne devez rien.")
    .say("Vous pouvez refaire la même commande, avec cette carte ou une autre.");
    let told_client =
        for_client(told_client, order).button("Voir ma commande", post.order(&order.id));
    let mut notices = vec![post.to_account(&file.client, told_client)];
    if order.requested_at.is_some() {
        let told_professional = Letter::new(
            "professional-order-payment-failed",
            format!("Commande close, paiement non abouti : {}", order.reference),
        )
        .say("La carte du client n’a pas pu être débitée. La commande est close : n’intervenez à aucune de ses dates. Vos agents sont de nouveau disponibles.");
        let told_professional = for_professional(told_professional, order)
            .button("Voir la commande", post.order_request(&order.id));
        notices.push(post.to_professional(&file.professional, told_professional));
    }
    notices
}

/// The card was debited for what the professional took, and the order is printed: the client gets the
/// confirmation of the contracts on a durable medium; the professional is told that the missions stand.
pub(crate) fn concluded(post: &Post<'_>, file: &OrderFile, order: &Order) -> Vec<Notice> {
    let OrderFile {
        file,
        order: printed,
        ..
    } = file;
    if order.state != OrderState::Answered {
        return Vec::new();
    }
    let name = &order.professional_name;
    let (taken, all) = (order.accepted().count(), order.dates_asked());
    let (debited, authorised) = (order.accepted_total(), order.total());
    let subject = if taken == all {
        format!("{} accepte votre commande", brief(name))
    } else {
        format!("{} accepte {} sur {all}", brief(name), counted(taken))
    };
    let concluded = Letter::new("client-order-accepted", subject)
        .say(format!(
            "{name} a accepté {} : le contrat est conclu entre vous et ce professionnel{}.",
            counted(taken),
            if taken > 1 { " pour chacune" } else { "" }
        ))
        .say(format!("Votre carte est débitée de {debited}. Cette somme est conservée par Stripe, établissement de monnaie électronique. Le professionnel reçoit la part de chaque mission une fois celle-ci terminée et validée par vous."));
    let concluded = if taken < all {
        concluded.say(format!(
            "Le reste des {authorised} autorisés est libéré : les dates qui n’ont pas été acceptées ne sont pas débitées."
        ))
    } else {
        concluded
    };
    let concluded = match order.advice {
        Some(_) => concluded.say("Le professionnel a joint un conseil à sa réponse : lisez-le sur la page de votre commande avant la première mission."),
        None => concluded,
    };
    let accepted = |one: &OrderedMission| one.answer == MissionAnswer::Accepted;
    let not_taken = |one: &OrderedMission| !accepted(one) && one.answer != MissionAnswer::Cancelled;
    let concluded = for_client(concluded.say(attached(printed)), order)
        .fact("Montant débité", debited.to_string())
        .button("Voir ma commande", post.order(&order.id))
        .section(dates_of(order, accepted, Told::Client));
    let concluded = if taken < all {
        concluded.section(dates_of(order, not_taken, Told::NotTaken))
    } else {
        concluded
    };
    let parts =
        domain::booking::confirmation::order_confirmation(order, &file.booking, &file.professional);
    let concluded = parts
        .into_iter()
        .fold(concluded, |letter, part| letter.section(Section::of(part)));
    vec![
        post.to_account(&file.client, concluded)
            .with_papers(printed.papers()),
        confirmed(post, order, &file.professional),
    ]
}

/// To the professional: the missions stand and are paid for.
fn confirmed(post: &Post<'_>, order: &Order, professional: &Professional) -> Notice {
    let taken = match order.accepted().count() {
        1 => "la date que vous avez acceptée : le contrat est conclu".to_owned(),
        several => {
            format!("les {several} dates que vous avez acceptées : les contrats sont conclus")
        }
    };
    let letter = Letter::new(
        "professional-order-accepted",
        format!("Commande confirmée : {}", order.reference),
    )
    .say(format!("La carte du client est débitée pour {taken}."))
    .say("Ses coordonnées, l’adresse exacte et les consignes sont sur la page de chaque mission, après connexion.");
    let letter = for_professional(letter, order)
        .fact(
            "Montant qui vous revient",
            format!("{} TTC", order.professional_total()),
        )
        .button("Voir la commande", post.order_request(&order.id))
        .section(dates_of(
            order,
            |one| one.answer == MissionAnswer::Accepted,
            Told::Professional,
        ))
        .note("Vous êtes payé mission par mission, après la validation de chacune.");
    post.to_professional(professional, letter)
}

/// The client's bank contests the debit, or has decided: what each mission bears of it.
pub(crate) fn contested(post: &Post<'_>, file: &SeveralFile) -> Vec<Notice> {
    let order = &file.order;
    let Some(dispute) = order.disputes.last() else {
        return Vec::new();
    };
    let amount = dispute.amount;
    let (client, professional, operator) = told_of(dispute.stage);
    let subject = format!("Débit contesté : {}", order.reference);
    let told_client = Letter::new("client-order-contested", &subject).say(client);
    let told_client = for_client(told_client, order)
        .fact("Montant contesté", amount.to_string())
        .button("Voir ma commande", post.order(&order.id))
        .section(borne(order, &dispute.shares));
    let told_professional = Letter::new("professional-order-contested", &subject).say(professional);
    let told_professional = if dispute.is_open() {
        let contact = post.contact();
        told_professional.say(format!("Envoyez à {contact} ce qui prouve ces missions : main courante, relevés d’heures, échanges."))
    } else {
        told_professional
    };
    let told_professional = for_professional(told_professional, order)
        .button("Voir la commande", post.order_request(&order.id))
        .section(borne(order, &dispute.shares));
    let told_operator = Letter::new("operator-order-contested", &subject)
        .say(operator)
        .fact("Commande", order.id.as_str())
        .fact("Montant contesté", amount.to_string())
        .section(borne(order, &dispute.shares))
        .button("Ouvrir le tableau de bord", post.dashboard());
    let mut notices = vec![
        post.to_account(&file.client, told_client),
        post.to_professional(&file.professional, told_professional),
    ];
    notices.extend(post.to_operator(told_operator));
    notices
}

/// What is told of a dispute at each stage: to the client, the professional, the operator.
fn told_of(stage: DisputeStage) -> (&'static str, &'static str, &'static str) {
    match stage {
        DisputeStage::Open => (
            "Votre banque nous a transmis votre contestation. Tant qu’elle l’examine, l’argent des missions concernées ne bouge plus.",
            "Le client a contesté le débit de cette commande auprès de sa banque. Les versements des missions concernées sont suspendus, ou repris s’ils étaient faits, le temps de l’examen.",
            "Un client a contesté le débit d’une commande auprès de sa banque. Répondez dans Stripe avant la date limite, pièces à l’appui.",
        ),
        DisputeStage::Won => (
            "Votre banque a rejeté votre contestation : le paiement est maintenu.",
            "La banque du client a rejeté sa contestation. Le paiement de ces missions suit de nouveau son cours : ce qui vous revient vous est versé sans démarche de votre part.",
            "Une contestation est close en faveur de la plateforme.",
        ),
        DisputeStage::Lost => (
            "Votre banque vous a donné raison : le montant contesté vous est rendu.",
            "La banque du client lui a donné raison et lui rend le montant contesté. Il ne peut pas vous être versé. Cela ne juge pas de votre travail : vous gardez le droit de réclamer son prix au client.",
            "Une contestation est perdue. Vérifiez que les versements au professionnel sont repris et, sinon, ce qu’il doit.",
        ),
    }
}

/// What each mission bears of a contested debit.
fn borne(order: &Order, shares: &[(domain::ids::BookingId, Euros)]) -> Section {
    let named = shares.iter().filter_map(|(booking, share)| {
        let mission = order.mission(booking)?;
        Some((order.dates_of(mission), share))
    });
    let section = Section::new("Les missions concernées");
    named.fold(section, |section, (dates, share)| {
        section.line(format!("{dates} : {share}"))
    })
}

/// To whom dates are told, and with which amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Client,
    Professional,
    NotTaken,
}

fn dates_of(order: &Order, which: impl Fn(&OrderedMission) -> bool, told: Told) -> Section {
    let title = match told {
        Told::Client | Told::Professional => "Les dates",
        Told::NotTaken => "Non débitées",
    };
    let chosen = order.missions.iter().filter(|one| which(one));
    chosen.fold(Section::new(title), |section, one| {
        let dates = order.dates_of(one);
        section.line(match told {
            Told::Client => format!("{dates} : {}", one.price.total),
            Told::Professional => {
                format!("{dates} : {} TTC pour vous", one.price.professional_total)
            }
            Told::NotTaken => dates,
        })
    })
}

/// `une date`, `8 dates`.
fn counted(dates: usize) -> String {
    match dates {
        1 => "une date".to_owned(),
        several => format!("{several} dates"),
    }
}

/// Until when the professional may answer, by the clocks of the place, which are always named.
fn answer_limit(order: &Order) -> String {
    let named = |limit: Timestamp| {
        let zone = order.zone();
        format!("{} ({})", zone.french_date_time(limit), zone.view().label)
    };
    order.respond_by.map_or_else(String::new, named)
}

/// A letter to a professional whose subject says until when to answer.
fn answer_wanted(template: &'static str, word: &str, order: &Order) -> Letter {
    let until = order
        .respond_by
        .map(|limit| order.zone().named_date_time(limit))
        .unwrap_or_default();
    let town = brief(&town(order));
    Letter::new(
        template,
        format!("{word} à {town} : répondez avant le {until}"),
    )
}

fn answer_facts(post: &Post<'_>, letter: Letter, order: &Order) -> Letter {
    let yes_or_no = |yes: bool| if yes { "oui" } else { "non" };
    for_professional(letter, order)
        .fact("Sur la voie publique", yes_or_no(order.context.public_road))
        .fact("Accueil du public", yes_or_no(order.context.public_expected))
        .fact(
            "Montant qui vous revient pour toutes les dates",
            format!("{} TTC", order.professional_total()),
        )
        .fact("Répondez avant le", answer_limit(order))
        .button("Voir la commande et répondre", post.order_request(&order.id))
        .section(dates_of(
            order,
            |one| one.answer == MissionAnswer::Waiting,
            Told::Professional,
        ))
        .note("Les coordonnées du client et l’adresse exacte vous sont communiquées une fois une date acceptée.")
}

/// What a client is told of an order.
fn for_client(letter: Letter, order: &Order) -> Letter {
    let letter = letter
        .fact("Référence", &order.reference)
        .fact("Professionnel", &order.professional_name);
    with_work(letter, order)
}

/// What a professional is told of an order: the town, never the address, the client or what the client
/// wrote freely.
fn for_professional(letter: Letter, order: &Order) -> Letter {
    with_work(letter.fact("Référence", &order.reference), order)
}

fn with_work(letter: Letter, order: &Order) -> Letter {
    letter
        .fact(
            "Prestation",
            format!("{} ({})", order.offer_title, order.activity.label()),
        )
        .fact("Dates commandées", order.dates_asked().to_string())
        .fact("Agents à chaque date", order.agents.to_string())
        .fact("Lieu", town(order))
}

/// The town and its department.
fn town(order: &Order) -> String {
    let town = order.shown_before_contract(&order.place.town);
    format!("{} ({})", one_line(&town), order.place.department.code())
}
