//! Letters about a mission, from its acceptance to its payment.

use adapters::store::PrintedOrder;
use domain::booking::confirmation::{agents, confirmation};
use domain::booking::{Booking, BookingState};
use domain::ids::AgentId;
use domain::money::Euros;
use domain::professional::Professional;
use domain::typography::of;

use super::{brief, modifications, orders, town, with_mission, with_place, with_request};
use crate::files::{BookingFile, OrderFile};
use crate::letter::{Letter, Section, one_line};
use crate::post::{Notice, Post};

/// The card was debited for a mission that the professional took, and the order is printed: the client gets
/// the confirmation of the contract on a durable medium, with everything it consists of (C. conso.,
/// L221-13); the professional is told that the mission stands.
pub(crate) fn concluded(post: &Post<'_>, whole: &OrderFile) -> Vec<Notice> {
    if let Some(several) = &whole.several {
        return orders::concluded(post, whole, several);
    }
    let OrderFile { file, order, .. } = whole;
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    // Between the debit and this mail the booking may have ended: other letters tell of that.
    if !booking.state.contract_concluded() {
        return Vec::new();
    }
    if !booking.former.is_empty() {
        return modifications::agreed(post, whole);
    }
    let name = &booking.professional_name;
    let on = booking
        .accepted_at
        .map(|at| format!(" le {}", booking.mission.zone().named_date_time(at)))
        .unwrap_or_default();
    let debited = booking.money().captured;
    let concluded = Letter::new("client-request-accepted", format!("{} accepte votre mission", brief(name)))
        .say(format!("{name} a accepté votre demande{on} : le contrat est conclu entre vous et ce professionnel."))
        .say(format!(
            "Votre carte est débitée de {debited}. Cette somme est conservée par Stripe, établissement de monnaie électronique. Le professionnel ne la reçoit qu’une fois la mission terminée et validée par vous.",
        ));
    let concluded = match booking.advice {
        Some(_) if booking.quote.is_some() => concluded.say("Les conditions de son devis sont reprises sur la page de votre réservation et dans la commande."),
        Some(_) => concluded.say("Le professionnel a joint un conseil à sa réponse : lisez-le sur la page de votre réservation avant la mission."),
        None => concluded,
    };
    let concluded = concluded.say(attached(order));
    let concluded = with_mission(concluded, booking)
        .button("Voir ma réservation", post.booking(&booking.id))
        .link(
            "Ajouter la mission à mon agenda",
            post.calendar(&booking.id),
        );
    let concluded = confirmation(booking, professional)
        .into_iter()
        .fold(concluded, |letter, part| letter.section(Section::of(part)));
    vec![
        post.to_account(client, concluded)
            .with_papers(order.papers()),
        confirmed(post, file),
    ]
}

/// What goes with the confirmation.
pub(super) fn attached(order: &PrintedOrder) -> String {
    let annexes = order.annexes.as_ref();
    let form = annexes.and_then(|annexes| annexes.withdrawal_form.as_ref());
    match (annexes, form) {
        (None, _) => "La commande est jointe à ce message : gardez-la.".to_owned(),
        (Some(_), None) => "La commande et les conditions de vente que vous avez acceptées sont jointes à ce message : gardez-les.".to_owned(),
        (Some(_), Some(_)) => "La commande, les conditions de vente que vous avez acceptées et le formulaire de rétractation sont joints à ce message : gardez-les.".to_owned(),
    }
}

/// To the professional: the mission stands and is paid for.
fn confirmed(post: &Post<'_>, file: &BookingFile) -> Notice {
    let BookingFile {
        booking,
        professional,
        ..
    } = file;
    let taken = Letter::new("professional-request-accepted", format!("Mission confirmée : {}", booking.reference))
        .say("La carte du client est débitée de la mission que vous avez acceptée : le contrat est conclu.")
        .say("Ses coordonnées, l’adresse exacte et les consignes sont sur la page de la mission, après connexion.");
    let taken = with_request(taken, booking)
        .fact("Vos agents", first_names(booking, professional))
        .fact(
            "Montant qui vous revient",
            format!("{} TTC", booking.professional_share()),
        )
        .button("Voir la mission", post.request(&booking.id))
        .note("Vous êtes payé après la validation de la mission.");
    post.to_professional(professional, taken)
}

/// Another agent comes than the one who was announced: the client is told at each change.
pub(crate) fn replaced(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    let Some(last) = booking.replacements.last() else {
        return Vec::new();
    };
    if booking.state != BookingState::Accepted {
        return Vec::new();
    }
    let first_name = |agent: &AgentId| {
        let found = professional.agent(agent);
        found.map_or_else(
            || "un autre agent".to_owned(),
            |one| one_line(&one.first_name),
        )
    };
    let (came, left) = (first_name(&last.came), first_name(&last.left));
    let name = &booking.professional_name;
    let zone = booking.mission.zone();
    let said = if last.at > booking.mission.interval.start() {
        format!(
            "{name} envoie {came} à la place {} depuis {}.",
            of(&left),
            zone.named_date_time(last.at)
        )
    } else {
        format!("{name} envoie {came} à la place {}.", of(&left))
    };
    let letter = Letter::new(
        "client-agent-replaced",
        format!("{came} vient à la place {}", of(&left)),
    )
    .say(said)
    .say("Les dates, le lieu et le prix de votre mission ne changent pas.");
    let letter = with_mission(letter, booking)
        .button("Voir ma réservation", post.booking(&booking.id))
        .section(Section::of(agents(booking, professional)));
    vec![post.to_account(client, letter)]
}

/// The mission begins within 24 h.
pub(crate) fn tomorrow(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    if booking.state != BookingState::Accepted {
        return Vec::new();
    }
    let start = booking
        .mission
        .zone()
        .named_date_time(booking.mission.interval.start());
    let awaited = Letter::new(
        "client-mission-tomorrow",
        format!("Votre mission commence le {start}"),
    )
    .say(format!(
        "{} intervient bientôt pour vous.",
        booking.professional_name
    ));
    let awaited = with_mission(awaited, booking)
        .button("Voir ma réservation", post.booking(&booking.id))
        .section(Section::of(agents(booking, professional)));
    let awaiting = Letter::new("professional-mission-tomorrow", format!("Mission à {} : début le {start}", brief(&town(booking))))
        .say("Votre mission commence bientôt. Les consignes sont sur la page de la mission, après connexion.");
    let awaiting = with_place(with_request(awaiting, booking), booking)
        .fact("Vos agents", first_names(booking, professional))
        .button("Voir la mission", post.request(&booking.id))
        .note(
            "Chaque agent porte sa carte professionnelle et la présente au client qui la demande.",
        );
    vec![
        post.to_account(client, awaited),
        post.to_professional(professional, awaiting),
    ]
}

/// The mission is done.
pub(crate) fn completed(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        professional,
        ..
    } = file;
    let mut notices = validation_wanted(
        post,
        file,
        "client-mission-to-validate",
        "Votre mission est terminée : validez-la",
    );
    if booking.evaluation.is_none() {
        let letter = Letter::new("professional-mission-completed", format!("Mission terminée : {}", booking.reference))
            .say("La mission est déclarée terminée et le client est invité à la valider. Vous serez payé aussitôt après.")
            .say(format!("Sans réponse du client, elle est validée d’office le {}.", validated_by_delay(booking)))
            .say("Dites-nous en quelques mots comment elle s’est passée : votre évaluation n’est lue que par nous et n’est jamais publiée.");
        let letter = with_request(letter, booking)
            .button("Évaluer cette mission", post.request(&booking.id));
        notices.push(post.to_professional(professional, letter));
    }
    notices
}

/// The mission ended 24 h ago and waits for validation.
pub(crate) fn validate_first_reminder(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    validation_wanted(
        post,
        file,
        "client-validation-reminder-24h",
        "Rappel : votre mission est à valider",
    )
}

/// The mission ended 48 h ago and waits for validation.
pub(crate) fn validate_last_reminder(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    validation_wanted(
        post,
        file,
        "client-validation-reminder-48h",
        "Dernier rappel : votre mission est à valider",
    )
}

fn validation_wanted(
    post: &Post<'_>,
    file: &BookingFile,
    template: &'static str,
    subject: &str,
) -> Vec<Notice> {
    let booking = &file.booking;
    if booking.state != BookingState::Completed {
        return Vec::new();
    }
    let letter = Letter::new(template, subject)
        .say(format!("La mission confiée à {} est terminée. Si elle s’est bien passée, validez-la : le professionnel sera payé.", booking.professional_name))
        .say(format!("Sans réponse de votre part, elle est validée d’office le {}.", validated_by_delay(booking)));
    let held = booking.money().held;
    let mut letter = with_mission(letter, booking);
    if held > Euros::ZERO {
        letter = letter.fact("Somme conservée par Stripe", held.to_string());
    }
    let letter = letter
        .button("Voir la mission et la valider", post.booking(&booking.id))
        .note("Un problème ? Ne validez pas : ouvrez une réclamation sur cette page avant cette date. La validation d’office ne vous prive d’aucun droit.");
    vec![post.to_account(&file.client, letter)]
}

fn validated_by_delay(booking: &Booking) -> String {
    let end = booking.mission.interval.end();
    let zone = booking.mission.zone();
    zone.named_date_time(end + booking.delays.automatic_validation)
}

/// The mission is validated: the client is told, and asked for a review in a letter of its own.
pub(crate) fn validated(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let (template, subject, words) = if booking.validated_automatically {
        (
            "client-mission-validated-by-delay",
            "Votre mission a été validée d’office",
            format!(
                "Sans réponse de votre part dans le délai annoncé, la mission a été validée d’office. Cela ne vous prive d’aucun droit : pour toute réclamation, écrivez à {}.",
                post.contact()
            ),
        )
    } else {
        (
            "client-mission-validated",
            "Vous avez validé votre mission",
            "Vous avez validé la mission. Merci.".to_owned(),
        )
    };
    let letter = Letter::new(template, subject).say(words).say(format!(
        "La part {} lui est versée ; les frais de service reviennent à MonAgentDeSecu.",
        of(&booking.professional_name)
    ));
    let letter = with_mission(letter, booking)
        .fact("Total payé", booking.price.total.to_string())
        .button("Voir ma réservation", post.booking(&booking.id));
    let mut notices = vec![post.to_account(&file.client, letter)];
    notices.extend(super::reviews::invited(post, file));
    notices
}

/// The professional was paid.
pub(crate) fn paid_out(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let amount = booking.payment.transferred();
    let letter = Letter::new(
        "professional-paid-out",
        format!("Vous êtes payé : {amount} pour {}", booking.reference),
    )
    .say(format!(
        "{} : {amount} viennent d’être versés sur votre compte de paiement Stripe.",
        paid_for(booking)
    ))
    .fact("Référence", &booking.reference)
    .fact("Dates", booking.mission.dates())
    .fact("Montant versé", amount.to_string())
    .button("Voir la mission", post.request(&booking.id))
    .note("Le virement vers votre banque suit le calendrier de votre compte Stripe.");
    vec![post.to_professional(&file.professional, letter)]
}

/// What the professional is paid for.
fn paid_for(booking: &Booking) -> &'static str {
    match booking.state {
        BookingState::Validated => "La mission est validée",
        BookingState::Settled => "Ce qui revient à chacun est décidé",
        BookingState::Cancelled => "Le client a annulé, et une part du prix vous reste due",
        BookingState::Withdrawn => {
            "Le client s’est rétracté, et la part déjà effectuée vous est due"
        }
        BookingState::AwaitingPayment
        | BookingState::Requested
        | BookingState::Accepted
        | BookingState::Completed
        | BookingState::UnderClaim
        | BookingState::Refused
        | BookingState::Expired
        | BookingState::Abandoned
        | BookingState::CancelledByProfessional
        | BookingState::CancelledByPlatform
        | BookingState::PaymentFailed => "Un versement est fait",
    }
}

pub(super) fn first_names(booking: &Booking, professional: &Professional) -> String {
    let held = professional
        .profile
        .agents
        .iter()
        .filter(|agent| booking.agents.contains(&agent.id));
    held.map(|agent| one_line(&agent.first_name))
        .collect::<Vec<_>>()
        .join(", ")
}
