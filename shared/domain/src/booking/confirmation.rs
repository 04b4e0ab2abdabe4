//! What a concluded contract says, part by part: the confirmation on a durable medium (C. conso.,
//! L221-13), in the mail that the client gets and in the order that both parties keep.

use jiff::Timestamp;

use super::Booking;
use crate::ids::{AccountId, BookingId, ProfessionalId};
use crate::invoice::{Buyer, BuyerKind};
use crate::money::{BasisPoints, Euros};
use crate::order::Order;
use crate::pricing::{PriceBreakdown, PriceLine};
use crate::professional::{
    Address, Document, DocumentDetails, DocumentKind, Holder, NO_PUBLIC_POWER, PersonKind,
    Professional, Registry,
};
use crate::time::paris::{french_date, french_date_time, local_date};
use crate::typography::{duration, of};

/// A titled part: facts, then sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Its title.
    pub title: String,
    /// Labels and values.
    pub facts: Vec<(String, String)>,
    /// Sentences.
    pub lines: Vec<String>,
}

impl Part {
    fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..Self::default()
        }
    }

    fn fact(mut self, label: &str, value: impl Into<String>) -> Self {
        self.facts.push((label.to_owned(), value.into()));
        self
    }

    fn line(mut self, text: impl Into<String>) -> Self {
        self.lines.push(text.into());
        self
    }
}

/// An order as both parties keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPaper {
    /// Which booking.
    pub booking: BookingId,
    /// Its reference.
    pub reference: String,
    /// Who ordered.
    pub client: AccountId,
    /// Who performs.
    pub professional: ProfessionalId,
    /// The professional's name.
    pub professional_name: String,
    /// When the contract was concluded.
    pub concluded_at: Timestamp,
    /// What it says.
    pub parts: Vec<Part>,
    /// The form that a consumer withdraws with, as a paper of its own.
    pub withdrawal_form: Option<Part>,
}

impl Booking {
    /// Where invoices are addressed: where the client said, or else where the mission takes place.
    pub fn billed_at(&self) -> Address {
        let place = &self.mission.place;
        self.billing_address.clone().unwrap_or_else(|| Address {
            street: place.address.clone(),
            postal_code: place.postal_code.clone(),
            town: place.town.clone(),
        })
    }
}

/// The order, once the professional has accepted it.
pub fn order_paper(
    booking: &Booking,
    professional: &Professional,
    buyer: &Buyer,
) -> Option<OrderPaper> {
    let concluded_at = booking.accepted_at?;
    let mut parts = vec![mission(booking), client(booking, buyer)];
    parts.extend(former_versions(booking));
    parts.extend(confirmation(booking, professional));
    Some(OrderPaper {
        booking: booking.id.clone(),
        reference: booking.reference.clone(),
        client: booking.client.clone(),
        professional: booking.professional.clone(),
        professional_name: booking.professional_name.clone(),
        concluded_at,
        parts,
        withdrawal_form: booking
            .consumer
            .then(|| withdrawal_form(booking, professional)),
    })
}

/// What the contract said before both parties changed it.
pub fn former_versions(booking: &Booking) -> Option<Part> {
    let last = booking.former.last()?;
    let zone = booking.mission.zone();
    let part = Part::new("Modifications convenues").line(format!(
        "Les parties ont convenu de cette version le {}. Elle remplace :",
        zone.named_date_time(last.until)
    ));
    Some(booking.former.iter().fold(part, |part, former| {
        let agents = match former.agents {
            1 => "1 agent".to_owned(),
            agents => format!("{agents} agents"),
        };
        part.fact(
            &format!("Jusqu’au {}", zone.french_date_time(former.until)),
            format!(
                "{}, {agents}, {} TTC",
                super::dates_of(former.interval, zone),
                former.price.total
            ),
        )
    }))
}

/// The order of several missions, once the professional has answered: printed once, with `booking`, the
/// first that was accepted, for what they have in common.
pub fn paper_of_several(
    order: &Order,
    booking: &Booking,
    professional: &Professional,
    buyer: &Buyer,
) -> Option<OrderPaper> {
    let concluded_at = order.answered_at?;
    let mut parts = vec![missions(order), client(booking, buyer)];
    parts.extend(order_confirmation(order, booking, professional));
    Some(OrderPaper {
        booking: booking.id.clone(),
        reference: order.reference.clone(),
        client: order.client.clone(),
        professional: order.professional.clone(),
        professional_name: order.professional_name.clone(),
        concluded_at,
        parts,
        withdrawal_form: order
            .consumer
            .then(|| withdrawal_form_of_several(order, professional)),
    })
}

/// What the confirmation of the contracts of an order says beside the missions themselves.
pub fn order_confirmation(
    order: &Order,
    booking: &Booking,
    professional: &Professional,
) -> Vec<Part> {
    let everybody = order.accepted().flat_map(|one| one.agents.iter().cloned());
    let all = Booking {
        agents: everybody.collect(),
        ..booking.clone()
    };
    let mut parts = vec![
        price_of_several(order, professional),
        agents(&all, professional).line("Les agents de chaque date figurent sur sa page."),
        identity(booking, professional),
        conditions(booking, professional),
        how_each_ends(order),
    ];
    if order.consumer {
        parts.push(withdrawal(booking));
        parts.push(withdrawal_form_of_several(order, professional));
    }
    parts
}

/// How each mission is called, and when it takes place: `MAS-2026-…, vendredi 4 décembre 2026 à 19 h …`.
fn named_missions(order: &Order) -> Vec<String> {
    let year = local_date(order.created_at).year();
    let each = order.accepted();
    each.map(|one| format!("{}, {}", one.booking.reference(year), order.dates_of(one)))
        .collect()
}

fn missions(order: &Order) -> Part {
    let (place, context) = (&order.place, &order.context);
    let part = Part::new("Les missions")
        .fact(
            "Prestation",
            format!("{} ({})", order.offer_title, order.activity.label()),
        )
        .fact("Agents à chaque date", order.agents.to_string())
        .fact(
            "Lieu",
            format!(
                "{}, {} {}",
                place.address,
                place.postal_code.as_str(),
                place.town
            ),
        )
        .fact("Site", context.site.clone());
    let part = match context.instructions.trim() {
        "" => part,
        instructions => part.fact("Consignes", instructions),
    };
    let part = match &order.advice {
        Some(advice) => part.fact("Conseil du professionnel", advice),
        None => part,
    };
    named_missions(order).into_iter().fold(part, Part::line)
}

/// What is paid: date by date, and in all.
fn price_of_several(order: &Order, professional: &Professional) -> Part {
    let sum = |amount: fn(&PriceBreakdown) -> Euros| {
        let each = order.accepted().map(|one| amount(&one.price).cents());
        Euros::from_cents(each.sum())
    };
    let zone = order.zone();
    let part = order.accepted().fold(Part::new("Le prix"), |part, one| {
        let label = zone.named_date_time(one.interval.start());
        part.fact(&label, format!("{} TTC", one.price.total))
    });
    let vat = sum(|price| price.vat);
    let part = part
        .fact(
            "Total du professionnel",
            match vat {
                Euros::ZERO => sum(|price| price.professional_total).to_string(),
                _ => format!(
                    "{} TTC, dont {vat} de TVA",
                    sum(|price| price.professional_total)
                ),
            },
        )
        .fact(
            "Frais de service MonAgentDeSecu",
            format!(
                "{} TTC, dont {} de TVA",
                sum(|price| price.commission),
                sum(|price| price.commission_vat)
            ),
        )
        .fact("Total débité", format!("{} TTC", order.accepted_total()));
    let status = professional.profile.vat_status;
    match status.and_then(|status| status.mention()) {
        Some(mention) if vat == Euros::ZERO => part.line(format!("{mention}.")),
        Some(_) | None => part,
    }
}

fn how_each_ends(order: &Order) -> Part {
    let hours = order.delays.automatic_validation.as_hours();
    let part = Part::new("Annulation et validation")
        .fact("Conditions d’annulation", order.cancellation.sentence())
        .line("Chaque date s’annule par elle-même, selon ces conditions comptées depuis son début, sans les autres.");
    let part = if order.consumer {
        part.line("Avant le début d’une mission et pendant le délai de rétractation, l’annuler revient à se rétracter : tout en est remboursé, quelles que soient ces conditions.")
    } else {
        part
    };
    part.line(format!("Après chaque mission, le client la valide, ou ouvre une réclamation s’il y a un problème. Sans réponse de sa part, elle est validée d’office {hours} h après sa fin ; le professionnel en est payé à ce moment. La validation d’office ne prive le client d’aucun droit."))
}

/// What the confirmation of a contract says beside the mission itself.
pub fn confirmation(booking: &Booking, professional: &Professional) -> Vec<Part> {
    let mut parts = vec![
        price(booking, professional),
        agents(booking, professional),
        identity(booking, professional),
        conditions(booking, professional),
        how_it_ends(booking),
    ];
    if booking.consumer {
        parts.push(withdrawal(booking));
        parts.push(withdrawal_form(booking, professional));
    }
    parts
}

fn mission(booking: &Booking) -> Part {
    let mission = &booking.mission;
    let part = Part::new("La mission")
        .fact(
            "Prestation",
            format!("{} ({})", booking.offer_title, mission.activity.label()),
        )
        .fact(
            "Début",
            mission.zone().named_date_time(mission.interval.start()),
        )
        .fact(
            "Fin",
            mission.zone().named_date_time(mission.interval.end()),
        )
        .fact("Agents", mission.agents.to_string())
        .fact(
            "Lieu",
            format!(
                "{}, {} {}",
                mission.place.address,
                mission.place.postal_code.as_str(),
                mission.place.town
            ),
        )
        .fact("Site", mission.context.site.clone());
    let part = match mission.context.instructions.trim() {
        "" => part,
        instructions => part.fact("Consignes", instructions),
    };
    match &booking.advice {
        Some(advice) => part.fact("Conseil du professionnel", advice),
        None => part,
    }
}

/// Who buys (C. com., L441-9: the names of the parties and their addresses).
fn client(booking: &Booking, buyer: &Buyer) -> Part {
    let part = match &buyer.kind {
        BuyerKind::Consumer => Part::new("Le client").fact("Nom", &buyer.name),
        BuyerKind::Business { siren, vat_number } => {
            let part = Part::new("Le client")
                .fact("Organisme", &buyer.name)
                .fact("SIREN", siren.to_string());
            match vat_number {
                Some(number) => part.fact("Numéro de TVA", number.to_string()),
                None => part,
            }
        }
    };
    part.fact("Adresse de facturation", buyer.address.to_string())
        .fact("Contact sur place", booking.contact.name.clone())
        .fact("Téléphone", booking.contact.phone.display())
}

/// How the contract can end before the mission, and when the mission counts as done well (terms, article
/// 2.2).
fn how_it_ends(booking: &Booking) -> Part {
    let delays = &booking.delays;
    let hours = delays.automatic_validation.as_hours();
    let end = booking.mission.interval.end();
    let zone = booking.mission.zone();
    let part = Part::new("Annulation et validation")
        .fact("Conditions d’annulation", booking.cancellation.sentence())
        .fact(
            "Validée d’office",
            zone.named_date_time(end + delays.automatic_validation),
        );
    let part = if booking.consumer {
        part.line("Avant le début de la mission et pendant le délai de rétractation, annuler revient à se rétracter : tout est remboursé, quelles que soient ces conditions.")
    } else {
        part
    };
    part.line(format!("Après la mission, le client la valide, ou ouvre une réclamation s’il y a un problème. Sans réponse de sa part, elle est validée d’office {hours} h après sa fin ; le professionnel est payé à ce moment. La validation d’office ne prive le client d’aucun droit."))
}

/// What is paid, line by line.
fn price(booking: &Booking, professional: &Professional) -> Part {
    let price = &booking.price;
    let mut section = Part::new("Le prix");
    for line in &price.lines {
        section = section.fact(&line.class.label(price.night), hours(line, price.vat_rate));
    }
    let before_tax = |amount: Euros| before_tax(amount, price.vat_rate);
    if let Some(agreed) = price.flat {
        section = section.fact("Mission, prix convenu par devis", before_tax(agreed));
    }
    if price.travel > Euros::ZERO {
        section = section.fact("Déplacement", before_tax(price.travel));
    }
    section = section
        .fact("Sous-total", before_tax(price.subtotal_excluding_tax))
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
        );
    // Who charges no VAT has no line about it (CGI, article 293 B): the mention below says so.
    if price.vat_rate > BasisPoints::ZERO {
        section = section.fact(&format!("TVA ({})", price.vat_rate), price.vat.to_string());
    }
    section = section
        .fact(
            "Total du professionnel",
            match price.vat_rate {
                BasisPoints::ZERO => price.professional_total.to_string(),
                _ => format!("{} TTC", price.professional_total),
            },
        )
        .fact(
            "Frais de service MonAgentDeSecu",
            format!(
                "{} TTC, dont {} de TVA",
                price.commission, price.commission_vat
            ),
        )
        .fact("Total débité", format!("{} TTC", booking.debited_total()));
    if booking.lowered_by() > Euros::ZERO {
        section = section
            .fact(
                "Rendu à la suite de la modification",
                format!("{} TTC", booking.lowered_by()),
            )
            .fact(
                "Prix de la mission modifiée",
                format!("{} TTC", price.total),
            );
    }
    let vat = professional.vat_on(booking.first_day());
    match vat.and_then(|vat| vat.status.mention()) {
        Some(mention) if price.vat == Euros::ZERO => section.line(format!("{mention}.")),
        Some(_) | None => section,
    }
}

/// `225,00 € HT`; `225,00 €` of who charges no VAT.
fn before_tax(amount: Euros, vat: BasisPoints) -> String {
    if vat == BasisPoints::ZERO {
        amount.to_string()
    } else {
        format!("{amount} HT")
    }
}

/// `2 agents × 4 h 30 à 30,00 € TTC l’heure (25,00 € HT) : 225,00 € HT`.
fn hours(line: &PriceLine, vat: BasisPoints) -> String {
    let agents = if line.agents == 1 {
        "1 agent".to_owned()
    } else {
        format!("{} agents", line.agents)
    };
    let hourly = match line
        .hourly_rate
        .checked_add(line.hourly_rate.percent_of(vat))
    {
        Some(with_tax) if with_tax != line.hourly_rate => {
            format!("{with_tax} TTC l’heure ({} HT)", line.hourly_rate)
        }
        Some(_) | None => format!("{} l’heure", line.hourly_rate),
    };
    format!(
        "{agents} × {} à {hourly} : {}",
        duration(line.minutes),
        before_tax(line.amount, vat)
    )
}

/// First names and professional cards, which the client may ask to see (CSI, R631-25).
pub fn agents(booking: &Booking, professional: &Professional) -> Part {
    let mut section = Part::new("Vos agents");
    for agent in professional
        .profile
        .agents
        .iter()
        .filter(|agent| booking.agents.contains(&agent.id))
    {
        let activity = booking.mission.activity;
        let credential = professional.credential(&agent.id, activity, booking.first_day());
        section = section.fact(
            &agent.first_name,
            credential.map(card_told).unwrap_or_default(),
        );
    }
    section.line(match booking.mission.activity.agents_document() {
        DocumentKind::FireSafetyDiploma => "Le numéro est celui du diplôme SSIAP de l’agent, que vous pouvez lui demander de présenter.",
        _ => "Le numéro est celui de la carte professionnelle de l’agent, que vous pouvez lui demander de présenter.",
    })
}

/// `CAR-069-2030-06-19-20250183141, valable jusqu’au mercredi 19 juin 2030`.
fn card_told(card: &Document) -> String {
    let number = card.number().unwrap_or_default();
    let until = card.expires_on().map(french_date);
    until.map_or_else(
        || number.clone(),
        |until| format!("{number}, valable jusqu’au {until}"),
    )
}

fn number(document: &Document) -> Option<String> {
    document.title().map(|(_, number)| number.to_string())
}

/// Whom the contract is with (C. conso., L221-5), and the authorisation to exercise.
fn identity(booking: &Booking, professional: &Professional) -> Part {
    let profile = &professional.profile;
    let mut section = Part::new("Votre professionnel").fact(
        "Dénomination",
        // A sole trader's name goes with these letters on every document (C. com., R526-27).
        match profile.kind {
            Some(PersonKind::Natural) => format!("{} EI", booking.professional_name),
            Some(PersonKind::Legal) | None => booking.professional_name.clone(),
        },
    );
    match (profile.kind, &profile.legal_form) {
        (Some(PersonKind::Natural), _) => {
            section = section.fact("Forme juridique", "Entrepreneur individuel");
        }
        (Some(PersonKind::Legal) | None, Some(form)) => {
            section = section.fact("Forme juridique", form);
        }
        (Some(PersonKind::Legal) | None, None) => {}
    }
    match &profile.registry {
        Some(Registry::Rcs { town }) => {
            section = section.fact("Immatriculation", format!("RCS {town}"));
        }
        Some(Registry::Rne) => {
            section = section.fact("Immatriculation", "Registre national des entreprises");
        }
        None => {}
    }
    if let Some(siret) = &profile.siret {
        section = section.fact("SIRET", siret.to_string());
    }
    if let Some(address) = &profile.establishment {
        section = section.fact("Adresse", address.to_string());
    }
    if let Some(phone) = &profile.phone {
        section = section.fact("Téléphone", phone.display());
    }
    section = section.fact("Adresse électronique", professional.email.as_str());
    let of_company = |kind| professional.in_force(kind, Holder::Company, booking.first_day());
    if let Some(authorisation) = of_company(DocumentKind::Authorisation).and_then(number) {
        section = section.fact("Autorisation d’exercice CNAPS", authorisation);
    }
    if let Some(DocumentDetails::Insurance {
        insurer, coverage, ..
    }) = of_company(DocumentKind::Insurance).map(|document| &document.details)
    {
        section = section.fact(
            "Assurance professionnelle",
            format!("{insurer}, {coverage}"),
        );
    }
    if let Some(mediator) = profile.mediator.as_ref().filter(|_| booking.consumer) {
        section = section.fact(
            "Médiateur de la consommation",
            format!("{}, {}", mediator.name, mediator.website),
        );
    }
    section.line(NO_PUBLIC_POWER)
}

/// What was accepted with the order.
fn conditions(booking: &Booking, professional: &Professional) -> Part {
    let read = &booking.acknowledgements;
    let version = professional
        .documents
        .iter()
        .find(|document| document.id == read.conditions_of_sale);
    let version = match version.map(|document| &document.details) {
        Some(DocumentDetails::ConditionsOfSale { version, .. }) => format!("version {version}"),
        Some(_) | None => read.conditions_of_sale.to_string(),
    };
    Part::new("Les conditions acceptées")
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
fn withdrawal(booking: &Booking) -> Part {
    let until = booking
        .withdrawal_deadline
        .map(|at| french_date(local_date(at)))
        .unwrap_or_default();
    let mut section = Part::new("Votre droit de rétractation")
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
fn withdrawal_form(booking: &Booking, professional: &Professional) -> Part {
    let ordered_at = booking.requested_at.unwrap_or(booking.created_at);
    let what = vec![format!(
        "{}, référence {}",
        booking.offer_title, booking.reference
    )];
    model_form(what, &booking.professional_name, ordered_at, professional)
}

/// The same for an order: the consumer keeps the missions that are meant.
fn withdrawal_form_of_several(order: &Order, professional: &Professional) -> Part {
    let ordered_at = order.requested_at.unwrap_or(order.created_at);
    let title = format!(
        "{}, commande {} (barrez les dates que vous gardez) :",
        order.offer_title, order.reference
    );
    let mut what = vec![title];
    what.extend(named_missions(order));
    model_form(what, &order.professional_name, ordered_at, professional)
}

fn model_form(
    what: Vec<String>,
    name: &str,
    ordered_at: Timestamp,
    professional: &Professional,
) -> Part {
    let address = professional
        .profile
        .establishment
        .as_ref()
        .map(|address| format!("{address}, "))
        .unwrap_or_default();
    let part = Part::new("Formulaire de rétractation")
        .line("À compléter et à renvoyer uniquement si vous souhaitez vous rétracter du contrat.")
        .line(format!("À l’attention {}, {address}{} :", of(name), professional.email.as_str()))
        .line("Je vous notifie par la présente ma rétractation du contrat portant sur la prestation de services ci-dessous :");
    what.into_iter()
        .fold(part, Part::line)
        .line(format!(
            "Commandée le : {}",
            french_date(local_date(ordered_at))
        ))
        .line("Nom du consommateur :")
        .line("Adresse du consommateur :")
        .line("Signature du consommateur (uniquement en cas de notification sur papier) :")
        .line("Date :")
}
