//! Missions as a calendar reads them, and those of an order as one file. Read again after a change, the same
//! entry is moved: its name stays, and its number grows.

use domain::booking::{Booking, BookingState};
use domain::text::on_one_line;
use http_function::{Calendar, Call, Client, Desk, Nothing, Operation, OrderPath, Problem, Reply};
use icalendar::{Component as _, Event, EventLike as _, EventStatus};

use crate::order_ownership::{bookings_of, own_order};
use crate::show_calendar_feed::utc;

/// The missions of an order for the client's calendar.
pub struct ShowOrderCalendar;

impl Operation for ShowOrderCalendar {
    const NAME: &'static str = "show-order-calendar";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/orders/{order}/missions.ics";
    const SUMMARY: &'static str =
        "The accepted missions of an order for its client's calendar application.";
    type Outside = ();
    type Who = Client;
    type Path = OrderPath;
    type Input = Nothing;
    type Output = Calendar;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Calendar>, Problem> {
        let read = own_order(&desk.store, &call.who, &call.path.order).await?;
        let bookings = bookings_of(&desk.store, &read.record).await?;
        Ok(Reply::ok(Calendar(written(
            bookings.iter(),
            &desk.settings.site,
        ))))
    }
}

pub(crate) fn written<'a>(missions: impl Iterator<Item = &'a Booking>, site: &str) -> String {
    let mut calendar = icalendar::Calendar::new();
    for booking in missions {
        calendar.push(event(booking, site));
    }
    calendar.done().to_string()
}

fn event(booking: &Booking, site: &str) -> Event {
    let (mission, place) = (&booking.mission, &booking.mission.place);
    let page = format!("{site}/reservations/{}", booking.id);
    let changed_at = booking
        .closed_at
        .or(booking.accepted_at)
        .unwrap_or(booking.created_at);
    // The identifier and the moment are given: the library would take its own from chance and clock.
    Event::new()
        .uid(&format!("{}@monagentdesecu.com", booking.id))
        .add_property("DTSTAMP", utc(changed_at))
        .add_property("DTSTART", utc(mission.interval.start()))
        .add_property("DTEND", utc(mission.interval.end()))
        .add_property("SEQUENCE", sequence(booking).to_string())
        // An application that reads a bare line end there gives up the whole calendar.
        .summary(&on_one_line(&format!(
            "{} ({})",
            booking.offer_title, booking.professional_name
        )))
        .location(&on_one_line(&format!(
            "{}, {} {}",
            place.address,
            place.postal_code.as_str(),
            place.town
        )))
        .description(&format!("Réservation {} : {page}", booking.reference))
        .add_property("URL", page)
        .status(status(booking.state))
        .done()
}

fn status(state: BookingState) -> EventStatus {
    if state.contract_concluded() {
        EventStatus::Confirmed
    } else if state.is_live() {
        EventStatus::Tentative
    } else {
        EventStatus::Cancelled
    }
}

/// Grows with each change that a calendar is to take over (RFC 5545, 3.8.7.4).
fn sequence(booking: &Booking) -> usize {
    let concluded = usize::from(booking.accepted_at.is_some());
    let over = usize::from(!booking.state.contract_concluded() && !booking.state.is_live());
    concluded + booking.replacements.len() + over
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_mission_keeps_its_name_and_counts_its_changes() {
        for (state, status, sequence) in [
            (BookingState::Requested, "TENTATIVE", 0),
            (BookingState::Accepted, "CONFIRMED", 1),
            (BookingState::Validated, "CONFIRMED", 1),
            (BookingState::CancelledByProfessional, "CANCELLED", 2),
        ] {
            let booking = samples::booking_in(state);
            let text = written([&booking].into_iter(), "https://exemple.fr");
            let unfolded = text.replace("\r\n ", "");
            for shown in [
                "UID:bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB@monagentdesecu.com\r\n".to_owned(),
                format!("STATUS:{status}\r\n"),
                format!("SEQUENCE:{sequence}\r\n"),
                "12 rue de la République".to_owned(),
            ] {
                assert!(unfolded.contains(&shown), "{shown} is missing of {text}");
            }
        }
    }
}
