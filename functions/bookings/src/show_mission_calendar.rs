//! A calendar application reads one mission of a client, as it is now: asked, confirmed or cancelled.

use adapters::keys::LinkKeys;
use adapters::store::Key;
use domain::booking::{Booking, CalendarEntry, EntryStatus};
use domain::text::on_one_line;
use http_function::{
    Calendar, Call, Desk, Nothing, Operation, Problem, Reply, Visitor, mission_of_calendar,
};
use icalendar::{Component as _, Event, EventLike as _, EventStatus, Property};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::show_calendar_feed::utc;

/// Shows one mission to a calendar application.
pub struct ShowMissionCalendar;

/// The end of the mission's address.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MissionFile {
    /// Which it is and the proof, such as `bkg_01J….….ics`.
    pub file: String,
}

impl Operation for ShowMissionCalendar {
    const NAME: &'static str = "show-mission-calendar";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/calendars/missions/{file}";
    const SUMMARY: &'static str =
        "One mission of a client, for a calendar application: it replaces what it knew before.";
    type Outside = LinkKeys;
    type Who = Visitor;
    type Path = MissionFile;
    type Input = Nothing;
    type Output = Calendar;

    async fn run(desk: &Desk<LinkKeys>, call: &Call<Self>) -> Result<Reply<Calendar>, Problem> {
        let id = mission_of_calendar(&desk.outside.0, &call.path.file);
        let id = id.ok_or_else(Problem::not_found)?;
        let read = desk.store.get::<Booking>(Key::booking(&id)).await?;
        let booking = read.ok_or_else(Problem::not_found)?.record;
        let entry = booking.calendar_entry().ok_or_else(Problem::not_found)?;
        Ok(Reply::ok(Calendar(write(
            &booking,
            entry,
            &desk.settings.site,
        ))))
    }
}

fn write(booking: &Booking, entry: CalendarEntry, site: &str) -> String {
    let mut calendar = icalendar::Calendar::new();
    calendar.name(&format!("Mission {}", booking.reference));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    for name in ["REFRESH-INTERVAL;VALUE=DURATION", "X-PUBLISHED-TTL"] {
        calendar.append_property(Property::new(name, "PT1H"));
    }
    calendar.push(event(booking, entry, site));
    calendar.done().to_string()
}

fn event(booking: &Booking, entry: CalendarEntry, site: &str) -> Event {
    let mission = &booking.mission;
    let page = format!("{site}/reservations/{}", booking.id);
    let (status, word) = match entry.status {
        EntryStatus::Tentative => (EventStatus::Tentative, "En attente : "),
        EntryStatus::Confirmed => (EventStatus::Confirmed, ""),
        EntryStatus::Cancelled => (EventStatus::Cancelled, "Annulée : "),
    };
    // An application that reads a bare line end there gives up the whole calendar.
    let place = &mission.place;
    let (street, town) = (on_one_line(&place.address), on_one_line(&place.town));
    let name = on_one_line(&booking.professional_name);
    Event::new()
        .uid(&format!("{}@monagentdesecu.com", booking.id))
        .add_property("SEQUENCE", entry.sequence.to_string())
        .add_property("DTSTAMP", utc(entry.changed_at))
        .add_property("LAST-MODIFIED", utc(entry.changed_at))
        .add_property("DTSTART", utc(mission.interval.start()))
        .add_property("DTEND", utc(mission.interval.end()))
        .summary(&format!("{word}{}, {name}", mission.activity.label()))
        .location(&format!("{street}, {} {town}", place.postal_code.as_str()))
        .description(&format!(
            "Réservation {}, {}. Suivi : {page}",
            booking.reference,
            mission.dates(),
        ))
        .add_property("URL", page)
        .status(status)
        .done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use domain::booking::BookingState;

    fn told(state: BookingState) -> String {
        let booking = samples::booking_in(state);
        let entry = booking.calendar_entry().unwrap();
        write(&booking, entry, "https://exemple.fr").replace("\r\n ", "")
    }

    #[test]
    fn a_mission_keeps_its_identifier_while_its_status_and_sequence_change() {
        let uid = "UID:bkg_01J8Z6K3V5Q0T4W9X2Y7R1S6AB@monagentdesecu.com\r\n";
        for (state, status, sequence) in [
            (BookingState::Requested, "TENTATIVE", 0),
            (BookingState::Accepted, "CONFIRMED", 1),
            (BookingState::Cancelled, "CANCELLED", 2),
        ] {
            let text = told(state);
            for shown in [
                uid.to_owned(),
                format!("STATUS:{status}\r\n"),
                format!("SEQUENCE:{sequence}\r\n"),
                "METHOD:PUBLISH\r\n".to_owned(),
                "https://exemple.fr/reservations/bkg_".to_owned(),
            ] {
                assert!(text.contains(&shown), "{shown} is missing of {text}");
            }
            assert_eq!(
                text,
                told(state),
                "nothing in it comes from the clock or from chance"
            );
        }
        assert!(told(BookingState::Cancelled).contains("SUMMARY:Annulée : "));
    }

    #[test]
    fn line_ends_in_what_was_typed_cannot_break_the_calendar() {
        let mut booking = samples::booking_in(BookingState::Accepted);
        "12 rue\r\nBEGIN:VALARM".clone_into(&mut booking.mission.place.address);
        let entry = booking.calendar_entry().unwrap();
        let text = write(&booking, entry, "https://exemple.fr").replace("\r\n ", "");
        assert!(!text.contains("\r\nBEGIN:VALARM"), "{text}");
    }
}
