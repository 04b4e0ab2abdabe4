//! The letters themselves: for each event, what is written to whom. Pure functions of what was read.
//!
//! French, plain, without anything that should not travel by mail: a link leads to it. Nothing
//! written to a professional names the client or says where they live; the page does, once the
//! contract is concluded (terms, article 22), and so does the reminder of the eve, for who goes there.

pub(crate) mod accounts;
pub(crate) mod alerts;
pub(crate) mod changes;
pub(crate) mod claims;
pub(crate) mod conversations;
pub(crate) mod data_requests;
pub(crate) mod documents;
pub(crate) mod endings;
pub(crate) mod invoices;
pub(crate) mod missions;
pub(crate) mod modifications;
pub(crate) mod money;
pub(crate) mod orders;
pub(crate) mod payouts;
pub(crate) mod proofs;
pub(crate) mod quotes;
pub(crate) mod registrations;
pub(crate) mod reports;
pub(crate) mod requests;
pub(crate) mod reviews;
pub(crate) mod shifts;
pub(crate) mod standing;
pub(crate) mod team;

#[cfg(test)]
pub(crate) mod tests;

use domain::booking::Booking;
use jiff::Timestamp;

use crate::letter::{Letter, one_line, shortened};

/// What a client is told of a booking's mission.
fn with_mission(letter: Letter, booking: &Booking) -> Letter {
    with_work(
        letter
            .fact("Référence", &booking.reference)
            .fact("Professionnel", &booking.professional_name),
        booking,
    )
}

/// What a professional is told of a booking's mission: the town, never the address, the client or
/// what the client wrote freely.
fn with_request(letter: Letter, booking: &Booking) -> Letter {
    with_work(letter.fact("Référence", &booking.reference), booking)
}

fn with_work(letter: Letter, booking: &Booking) -> Letter {
    letter
        .fact(
            "Prestation",
            format!(
                "{} ({})",
                booking.offer_title,
                booking.mission.activity.label()
            ),
        )
        .fact("Dates", booking.mission.dates())
        .fact("Agents", booking.mission.agents.to_string())
        .fact("Lieu", town(booking))
}

/// Where exactly a mission is and whom to call there: on its eve, to those who go and who send them.
fn with_place(letter: Letter, booking: &Booking) -> Letter {
    let (place, contact) = (&booking.mission.place, &booking.contact);
    let (code, town) = (place.postal_code.as_str(), &place.town);
    letter
        .fact(
            "Adresse",
            one_line(&format!("{}, {code} {town}", place.address)),
        )
        .fact(
            "Sur place",
            one_line(&format!("{}, {}", contact.name, contact.phone.display())),
        )
}

/// `samedi 14 novembre 2026 à 20 h (heure de Paris)`: a delay to keep, by the clocks of the mission's
/// place, which are always named.
fn at_the_place(booking: &Booking, moment: Timestamp) -> String {
    let zone = booking.mission.zone();
    let label = zone.view().label;
    format!("{} ({label})", zone.french_date_time(moment))
}

/// The town and its department.
fn town(booking: &Booking) -> String {
    let place = &booking.mission.place;
    let town = booking.shown_before_contract(&place.town);
    format!("{} ({})", one_line(&town), place.department.code())
}

/// A name, short enough for a subject.
fn brief(name: &str) -> String {
    shortened(&one_line(name), 40)
}
