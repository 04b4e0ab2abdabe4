//! A professional looks at when missions may take place.

use adapters::keys::LinkKeys;
use domain::calendar::OpeningCalendar;
use domain::professional;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply, calendar_feed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::own::own;

/// Read one's own calendar.
pub struct ReadCalendar;

/// When missions may take place, and where a calendar application reads those accepted.
#[derive(Serialize, JsonSchema)]
pub struct OwnCalendar {
    /// Weekly rules and exceptions, by the clocks of a mission’s place.
    calendar: OpeningCalendar,
    /// The address of the feed, if there is one; whoever has it can read the missions.
    feed: Option<String>,
}

/// When missions may take place.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct CalendarView {
    /// Weekly rules and exceptions, by the clocks of a mission’s place.
    pub(crate) calendar: OpeningCalendar,
}

impl Operation for ReadCalendar {
    const NAME: &'static str = "read-calendar";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/calendar";
    const SUMMARY: &'static str =
        "When the caller takes missions, and the address for calendar applications.";
    type Outside = LinkKeys;
    type Who = Professional;
    type Path = Nothing;
    type Input = Nothing;
    type Output = OwnCalendar;

    async fn run(desk: &Desk<LinkKeys>, call: &Call<Self>) -> Result<Reply<OwnCalendar>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        Ok(Reply::ok(OwnCalendar {
            feed: feed_address(desk, &professional),
            calendar: professional.calendar,
        }))
    }
}

/// Where a calendar application reads the missions, if the professional wants one to.
pub(crate) fn feed_address(
    desk: &Desk<LinkKeys>,
    professional: &professional::Professional,
) -> Option<String> {
    let number = professional.feed.current()?;
    let feed = calendar_feed(&desk.outside.0, &professional.id, number);
    Some(format!("{}/api/calendars/{feed}", desk.settings.site))
}
