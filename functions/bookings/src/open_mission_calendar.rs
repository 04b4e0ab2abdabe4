//! A client puts a mission into their calendar.

use adapters::keys::LinkKeys;
use domain::booking::BookingRefused;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply, mission_calendar};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ownership::{BookingPath, own_booking};

/// Putting a mission into one's calendar.
pub struct OpenMissionCalendar;

/// Where a calendar application reads the mission.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CalendarLink {
    /// The address: it signs in by itself and does not end.
    pub url: String,
}

impl Operation for OpenMissionCalendar {
    const NAME: &'static str = "open-mission-calendar";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/bookings/{booking}/calendar";
    const SUMMARY: &'static str =
        "Where a calendar application reads a mission, for its client (iCalendar).";
    type Outside = LinkKeys;
    type Who = Client;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = CalendarLink;

    async fn run(desk: &Desk<LinkKeys>, call: &Call<Self>) -> Result<Reply<CalendarLink>, Problem> {
        let read = own_booking(&desk.store, &call.who, &call.path.booking).await?;
        let booking = read.record;
        if booking.requested_at.is_none() {
            return Err(BookingRefused::WrongState.into());
        }
        let file = mission_calendar(&desk.outside.0, &booking.id);
        let url = format!("{}/api/calendars/missions/{file}", desk.settings.site);
        Ok(Reply::ok(CalendarLink { url }))
    }
}
