//! The letters themselves: for each event, what is written to whom. Pure functions of what was read.
//!
//! French, plain, without anything that should not travel by mail: a link leads to it. Nothing
//! written to a professional names the client or says where they live; the page does, once the
//! contract is concluded (terms, article 22).

pub(crate) mod accounts;
pub(crate) mod claims;
pub(crate) mod conversations;
pub(crate) mod documents;
pub(crate) mod endings;
pub(crate) mod invoices;
pub(crate) mod missions;
pub(crate) mod money;
pub(crate) mod payouts;
pub(crate) mod proofs;
pub(crate) mod registrations;
pub(crate) mod reports;
pub(crate) mod requests;
pub(crate) mod reviews;
pub(crate) mod standing;

#[cfg(test)]
pub(crate) mod tests;

use domain::booking::Booking;
use domain::time::interval::Interval;
use domain::time::paris::{french_date_time, french_time, local_date};

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
        .fact("Dates", dates(booking.mission.interval))
        .fact("Agents", booking.mission.agents.to_string())
        .fact("Lieu", town(booking))
}

/// `samedi 14 novembre 2026 à 20 h 00, jusqu’à 23 h 00`.
fn dates(interval: Interval) -> String {
    let (start, end) = (interval.start(), interval.end());
    if local_date(start) == local_date(end) {
        format!("{}, jusqu’à {}", french_date_time(start), french_time(end))
    } else {
        format!(
            "du {} au {}",
            french_date_time(start),
            french_date_time(end)
        )
    }
}

/// The town and its department.
fn town(booking: &Booking) -> String {
    let place = &booking.mission.place;
    format!("{} ({})", one_line(&place.town), place.department.code())
}

/// A name, short enough for a subject.
fn brief(name: &str) -> String {
    shortened(&one_line(name), 40)
}
