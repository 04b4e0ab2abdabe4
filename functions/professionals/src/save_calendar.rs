//! A professional says when missions may take place.

use domain::event::Event;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::own::own;
use crate::read_calendar::CalendarView;

/// Write one's own calendar.
pub struct SaveCalendar;

impl Operation for SaveCalendar {
    const NAME: &'static str = "save-calendar";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/professional/calendar";
    const SUMMARY: &'static str = "Say when the caller takes missions; bookings made stay.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = CalendarView;
    type Output = CalendarView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<CalendarView>, Problem> {
        let calendar = &call.input.calendar;
        calendar.validate()?;
        let read = own(desk, &call.who.professional).await?;
        let mut professional = read.record.clone();
        professional.calendar = calendar.clone();
        let changes = call
            .changes()
            .replace(&read, &professional)
            .activity_of_change(
                Self::NAME,
                professional.id.as_str(),
                &read.record.calendar,
                &professional.calendar,
            )
            .event(Event::ProfessionalChanged {
                professional: professional.id.clone(),
            });
        Ok(Reply::ok(CalendarView {
            calendar: calendar.clone(),
        })
        .changing(changes))
    }
}
