//! Letters about a mission, from its acceptance to its payment.

use domain::booking::{Booking, BookingState};
use domain::money::{BasisPoints, Euros};
use domain::pricing::PriceLine;
use domain::professional::{Address, Document, DocumentDetails, DocumentKind, Professional};
use domain::time::paris::{french_date, french_date_time, local_date};

use super::{brief, dates, town, with_mission, with_request};
use crate::letter::{Letter, Section, one_line};
use crate::post::{BookingFile, Notice, Post};

/// What every document about an authorised company must say (CSI, L612-14 and L612-15).
const NO_PUBLIC_AUTHORITY: &str = "L’autorisation d’exercice ne confère aucune prérogative de puissance publique à l’entreprise ou aux personnes qui en bénéficient.";

/// The card was debited for a mission that the professional took: the client gets the confirmation of
/// the contract on a durable medium (C. conso., L221-13).
pub(crate) fn concluded(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        client,
        professional,
    } = file;
    // Between the debit and this mail the booking may have ended: other letters tell of that.
    if !booking.state.contract_concluded() {
        return Vec::new();
    }
    let name = &booking.professional_name;
    let on = booking
        .accepted_at
        .map(|at| format!(" le {}", french_date_time(at)))
        .unwrap_or_default();
    let concluded = Letter::new("client-request-accepted", format!("{} accepte votre mission", brief(name)))
        .say(format!("{name} a accepté votre demande{on} : le contrat est conclu entre vous et ce professionnel."))
        .say(format!(
            "Votre carte est débitée de {}. Cette somme est conservée par Stripe, établissement de monnaie électronique. Le professionnel ne la reçoit qu’une fois la mission terminée et validée par vous.",
            booking.price.total,
        ));
    let concluded = match booking.advice {
        Some(_) => concluded.say("Le professionnel a joint un conseil à sa réponse : lisez-le sur la page de votre réservation avant la mission."),
        None => concluded,
    };
    let mut concluded = with_mission(concluded, booking)
        .button("Voir ma réservation", post.booking(&booking.id))
        .section(price(booking, professional))
        .section(agents(booking, professional))
        .section(identity(booking, professional))
        .section(conditions(booking, professional));
    if booking.consumer {
        concluded = concluded
            .section(withdrawal(booking))
            .section(withdrawal_form(booking, professional));
    }
    vec![post.to_account(client, concluded)]
}

/// The professional took the mission.
pub(crate) fn accepted(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let BookingFile {
        booking,
        professional,
        ..
    } = file;
    let taken = Letter::new("professional-request-accepted", format!("Mission confirmée : {}", booking.reference))
        .say("Vous avez accepté la mission : le contrat est conclu avec le client.")
        .say("Ses coordonnées, l’adresse exacte et les consignes sont sur la page de la mission, après connexion.");
    let taken = with_request(taken, booking)
        .fact("Vos agents", first_names(booking, professional))
        .fact(
            "Montant qui vous revient",
            format!("{} TTC", booking.price.professional_total),
        )
        .button("Voir la mission", post.request(&booking.id))
        .note("La carte du client est débitée maintenant. Vous êtes payé après la validation de la mission.");
    vec![post.to_professional(professional, taken)]
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
    let start = french_date_time(booking.mission.interval.start());
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
        .section(agents(booking, professional));
    let awaiting = Letter::new("professional-mission-tomorrow", format!("Mission à {} : début le {start}", brief(&town(booking))))
        .say("Votre mission commence bientôt. Les coordonnées du client, l’adresse et les consignes sont sur la page de la mission, après connexion.");
    let awaiting = with_request(awaiting, booking)
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
    french_date_time(booking.mission.interval.end() + booking.delays.automatic_validation)
}

/// The mission is validated: the client is told, and asked for a review in a letter of its own.
pub(crate) fn validated(post: &Post<'_>, file: &BookingFile) -> Vec<Notice> {
    let booking = &file.booking;
    let (template, subject, words) = if booking.validated_automatically {
        (
            "client-mission-validated-by-delay",
            "Votre mission a été validée d’office",
            "Sans réponse de votre part dans le délai annoncé, la mission a été validée d’office. Cela ne vous prive d’aucun droit : pour toute réclamation, écrivez à contact@monagentdesecu.com.",
        )
    } else {
        (
            "client-mission-validated",
            "Vous avez validé votre mission",
            "Vous avez validé la mission. Merci.",
        )
    };
    let letter = Letter::new(template, subject).say(words).say(format!(
        "La part de {} lui est versée ; les frais de service reviennent à MonAgentDeSecu.",
        booking.professional_name
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
    let amount = booking.price.professional_total;
    let letter = Letter::new("professional-paid-out", format!("Vous êtes payé : {amount} pour {}", booking.reference))
        .say(format!("La mission est validée : {amount} viennent d’être versés sur votre compte de paiement Stripe."))
        .fact("Référence", &booking.reference)
        .fact("Dates", dates(booking.mission.interval))
        .fact("Montant versé", amount.to_string())
        .button("Voir la mission", post.request(&booking.id))
        .note("Le virement vers votre banque suit le calendrier de votre compte Stripe.");
    vec![post.to_professional(&file.professional, letter)]
}

fn price(booking: &Booking, professional: &Professional) -> Section {
    let price = &booking.price;
    let mut section = Section::new("Le prix");
    for line in &price.lines {
        section = section.fact(&line.class.label(price.night), hours(line));
    }
    if price.travel > Euros::ZERO {
        section = section.fact("Déplacement", format!("{} HT", price.travel));
    }
    section = section
        .fact("Sous-total", format!("{} HT", price.subtotal_excluding_tax))
        .fact(
            if price.cnaps_tax_rate == BasisPoints::ZERO {
                "Ancienne taxe CNAPS"
            } else {
                "Taxe CNAPS"
            },
            if price.cnaps_tax_rate == BasisPoints::ZERO {
                format!("{} (supprimée depuis 2020)", price.cnaps_tax)
            } else {
                format!("{} ({})", price.cnaps_tax, price.cnaps_tax_rate)
            },
        )
        .fact(&format!("TVA ({})", price.vat_rate), price.vat.to_string())
        .fact(
            "Total du professionnel",
            format!("{} TTC", price.professional_total),
        )
        .fact(
            "Frais de service MonAgentDeSecu",
            format!(
                "{} TTC, dont {} de TVA",
                price.commission, price.commission_vat
            ),
        )
        .fact("Total débité", format!("{} TTC", price.total));
    match professional
        .profile
        .vat_status
        .and_then(|status| status.mention())
    {
        Some(mention) if price.vat == Euros::ZERO => section.line(format!("{mention}.")),
        Some(_) | None => section,
    }
}

/// `2 agents × 4 h 30 à 25,00 € HT l’heure : 225,00 € HT`.
fn hours(line: &PriceLine) -> String {
    let agents = if line.agents == 1 {
        "1 agent".to_owned()
    } else {
        format!("{} agents", line.agents)
    };
    let (hours, minutes) = (line.minutes / 60, line.minutes % 60);
    format!(
        "{agents} × {hours} h {minutes:02} à {} HT l’heure : {} HT",
        line.hourly_rate, line.amount
    )
}

/// First names and professional cards, which the client may ask to see (CSI, R631-25).
fn agents(booking: &Booking, professional: &Professional) -> Section {
    let mut section = Section::new("Vos agents");
    for agent in professional
        .profile
        .agents
        .iter()
        .filter(|agent| booking.agents.contains(&agent.id))
    {
        let card = professional
            .verified(DocumentKind::ProfessionalCard)
            .filter(|document| document.agent() == Some(&agent.id))
            .max_by_key(|document| document.expires_on());
        section = section.fact(
            &one_line(&agent.first_name),
            card.and_then(number).unwrap_or_default(),
        );
    }
    section.line("Le numéro est celui de la carte professionnelle de l’agent, que vous pouvez lui demander de présenter.")
}

fn first_names(booking: &Booking, professional: &Professional) -> String {
    let held = professional
        .profile
        .agents
        .iter()
        .filter(|agent| booking.agents.contains(&agent.id));
    held.map(|agent| one_line(&agent.first_name))
        .collect::<Vec<_>>()
        .join(", ")
}

fn number(document: &Document) -> Option<String> {
    document.title().map(|(_, number)| number.to_string())
}

/// Whom the contract is with (C. conso., L221-5), and the authorisation to exercise.
fn identity(booking: &Booking, professional: &Professional) -> Section {
    let profile = &professional.profile;
    let mut section =
        Section::new("Votre professionnel").fact("Dénomination", &booking.professional_name);
    if let Some(siret) = &profile.siret {
        section = section.fact("SIRET", siret.to_string());
    }
    if let Some(address) = &profile.establishment {
        section = section.fact("Adresse", postal(address));
    }
    if let Some(phone) = &profile.phone {
        section = section.fact("Téléphone", phone.display());
    }
    section = section.fact("Adresse électronique", professional.email.as_str());
    for authorisation in professional
        .verified(DocumentKind::Authorisation)
        .filter_map(number)
    {
        section = section.fact("Autorisation d’exercice CNAPS", authorisation);
    }
    for insurance in professional.verified(DocumentKind::Insurance) {
        if let DocumentDetails::Insurance {
            insurer, coverage, ..
        } = &insurance.details
        {
            section = section.fact(
                "Assurance professionnelle",
                format!("{insurer}, {coverage}"),
            );
        }
    }
    if let Some(mediator) = profile.mediator.as_ref().filter(|_| booking.consumer) {
        section = section.fact(
            "Médiateur de la consommation",
            format!("{}, {}", mediator.name, mediator.website),
        );
    }
    section.line(NO_PUBLIC_AUTHORITY)
}

fn postal(address: &Address) -> String {
    format!(
        "{}, {} {}",
        address.street, address.postal_code, address.town
    )
}

/// What was accepted with the order.
fn conditions(booking: &Booking, professional: &Professional) -> Section {
    let read = &booking.acknowledgements;
    let version = professional
        .documents
        .iter()
        .find(|document| document.id == read.conditions_of_sale);
    let version = match version.map(|document| &document.details) {
        Some(DocumentDetails::ConditionsOfSale { version, .. }) => format!("version {version}"),
        Some(_) | None => read.conditions_of_sale.to_string(),
    };
    Section::new("Les conditions acceptées")
        .fact("Conditions générales de vente du professionnel", version)
        .fact(
            "Conditions d’utilisation de MonAgentDeSecu",
            format!("version {}", read.terms_version),
        )
        .fact("Acceptées", format!("le {}", french_date_time(read.at)))
        .line(format!(
            "Empreinte SHA-256 des conditions de vente : {}",
            read.conditions_of_sale_sha256
        ))
}

/// What a consumer must know of the right of withdrawal (C. conso., L221-5 and L221-18 to L221-28).
fn withdrawal(booking: &Booking) -> Section {
    let until = booking
        .withdrawal_deadline
        .map(|at| french_date(local_date(at)))
        .unwrap_or_default();
    let mut section = Section::new("Votre droit de rétractation")
        .line(format!("Vous pouvez vous rétracter sans donner de motif jusqu’au {until} inclus."))
        .line("Il suffit d’envoyer au plus tard ce jour-là une déclaration claire, par exemple le formulaire ci-dessous, au professionnel ou à contact@monagentdesecu.com, ou de la faire en ligne sur la page de votre réservation (« renoncer au contrat ici »). Vous êtes remboursé au plus tard 14 jours après, par le même moyen de paiement.");
    if booking.acknowledgements.early_start_requested {
        section = section.line("Vous avez demandé que la mission commence avant la fin de ce délai : si vous vous rétractez alors qu’elle a commencé, la part déjà exécutée reste due (Code de la consommation, article L221-25).");
    }
    if booking.acknowledgements.loss_of_withdrawal_acknowledged {
        section = section.line("Vous avez reconnu perdre ce droit une fois la mission entièrement exécutée (Code de la consommation, article L221-28, 1°).");
    }
    section
}

/// The model form (C. conso., annex to R221-1).
fn withdrawal_form(booking: &Booking, professional: &Professional) -> Section {
    let address = professional
        .profile
        .establishment
        .as_ref()
        .map(|address| format!("{}, ", postal(address)))
        .unwrap_or_default();
    let ordered_at = booking.requested_at.unwrap_or(booking.created_at);
    Section::new("Formulaire de rétractation")
        .line("À compléter et à renvoyer uniquement si vous souhaitez vous rétracter du contrat.")
        .line(format!("À l’attention de {}, {address}{} :", booking.professional_name, professional.email.as_str()))
        .line("Je vous notifie par la présente ma rétractation du contrat portant sur la prestation de services ci-dessous :")
        .line(format!("{}, référence {}", booking.offer_title, booking.reference))
        .line(format!("Commandée le : {}", french_date(local_date(ordered_at))))
        .line("Nom du consommateur :")
        .line("Adresse du consommateur :")
        .line("Signature du consommateur (uniquement en cas de notification sur papier) :")
        .line("Date :")
}
