//! A professional looks at when missions may take place.

use domain::calendar::OpeningCalendar;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::own::own;

/// Read one's own calendar.
pub struct ReadCalendar;

/// When missions may take place.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct CalendarView {
    /// Weekly rules and exceptions, Paris time.
    pub(crate) calendar: OpeningCalendar,
}

impl Operation for ReadCalendar {
    const NAME: &'static str = "read-calendar";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/calendar";
    const SUMMARY: &'static str = "When the caller takes missions.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = Nothing;
    type Output = CalendarView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<CalendarView>, Problem> {
        let calendar = own(desk, &call.who.professional).await?.record.calendar;
        Ok(Reply::ok(CalendarView { calendar }))
    }
}
