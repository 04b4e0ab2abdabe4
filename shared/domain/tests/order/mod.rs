//! The order as both parties keep it names who buys and who sells, how it can end, and when it counts as
//! done well.

use domain::booking::confirmation::{OrderPaper, order_paper};
use domain::booking::{Booking, BookingState};
use domain::invoice::Buyer;
use domain::pricing::VatStatus;
use domain::professional::Mediator;

use crate::invoice_samples::{business, consumer, professional};
use crate::samples::booking_in;

fn order(change: impl Fn(&mut Booking), vat: VatStatus, buyer: &Buyer) -> OrderPaper {
    let mut booking = booking_in(BookingState::Accepted);
    change(&mut booking);
    let mut seller = professional(vat);
    booking.professional_name = seller.profile.denomination.clone().unwrap();
    seller.profile.mediator = Some(Mediator {
        name: "Médiation Conso".to_owned(),
        website: "https://mediation.exemple.fr".to_owned(),
    });
    order_paper(&booking, &seller, buyer).unwrap()
}

fn fact<'a>(order: &'a OrderPaper, label: &str) -> Option<&'a str> {
    let facts = order.parts.iter().flat_map(|part| &part.facts);
    let mut found = facts.filter(|(known, _)| known == label);
    found.next().map(|(_, value)| value.as_str())
}

fn says(order: &OrderPaper, words: &str) -> bool {
    let lines = order.parts.iter().flat_map(|part| &part.lines);
    lines.into_iter().any(|line| line.contains(words))
}

#[test]
fn a_business_is_named_with_its_siren_and_where_it_is_billed() {
    let order = order(
        |booking| booking.consumer = false,
        VatStatus::Registered,
        &business(),
    );
    assert_eq!(fact(&order, "Organisme"), Some("Chantiers du Rhône"));
    assert_eq!(fact(&order, "SIREN"), Some("732829320"));
    assert_eq!(
        fact(&order, "Adresse de facturation"),
        Some("140 avenue Jean Jaurès, 69007 Lyon")
    );
    assert_eq!(fact(&order, "Contact sur place"), Some("Camille Martin"));
    assert_eq!(order.withdrawal_form, None);
    assert_eq!(fact(&order, "Médiateur de la consommation"), None);
    assert!(!says(&order, "rétract"));
}

#[test]
fn a_consumer_has_the_mediator_and_a_form_to_withdraw_with() {
    let order = order(|_| (), VatStatus::Registered, &consumer());
    assert_eq!(fact(&order, "Nom"), Some("Camille Martin"));
    assert_eq!(fact(&order, "SIREN"), None);
    assert_eq!(
        fact(&order, "Médiateur de la consommation"),
        Some("Médiation Conso, https://mediation.exemple.fr")
    );
    let form = order.withdrawal_form.as_ref().unwrap();
    let lines = form.lines.join("\n");
    assert!(lines.contains("MAS-2026-Y7R1S6AB"), "{lines}");
    assert!(lines.contains("8 quai Perrache, 69002 Lyon"), "{lines}");
    assert!(says(&order, "annuler revient à se rétracter"));
}

#[test]
fn how_it_can_end_and_when_it_is_validated_are_said() {
    let order = order(|_| (), VatStatus::Registered, &consumer());
    let booking = booking_in(BookingState::Accepted);
    assert_eq!(
        fact(&order, "Conditions d’annulation"),
        Some(booking.cancellation.sentence())
    );
    // The mission ends on Monday 11 January 2027 at 17:00 in Paris.
    assert_eq!(
        fact(&order, "Validée d’office"),
        Some("jeudi 14 janvier 2027 à 17\u{a0}h")
    );
    assert!(says(&order, "72 h après sa fin"));
}

#[test]
fn a_sole_trader_is_named_with_ei_and_a_company_with_its_form() {
    let alone = order(|_| (), VatStatus::Franchise, &consumer());
    assert_eq!(fact(&alone, "Dénomination"), Some("Nadia Ferrand EI"));
    assert_eq!(
        fact(&alone, "Forme juridique"),
        Some("Entrepreneur individuel")
    );
    assert_eq!(
        fact(&alone, "Immatriculation"),
        Some("Registre national des entreprises")
    );
    let company = order(|_| (), VatStatus::Registered, &consumer());
    assert_eq!(fact(&company, "Dénomination"), Some("Bastion Sud"));
    assert_eq!(fact(&company, "Forme juridique"), Some("SARL"));
    assert_eq!(fact(&company, "Immatriculation"), Some("RCS Lyon"));
}
