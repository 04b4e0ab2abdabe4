//! A calendar application reads one mission of a client, as it is now: it signs in with the address alone.

use adapters::keys::LinkKeys;
use adapters::store::Key;
use domain::booking::Booking;
use http_function::{
    Calendar, Call, Desk, Nothing, Operation, Problem, Reply, Visitor, mission_of_calendar,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::show_order_calendar::written;

/// Shows one mission to a calendar application.
pub struct ShowMissionFeed;

/// The end of the mission's address.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MissionFile {
    /// Which it is and the proof, such as `bkg_01J….….ics`.
    pub file: String,
}

impl Operation for ShowMissionFeed {
    const NAME: &'static str = "show-mission-feed";
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
        Ok(Reply::ok(Calendar(written(
            [&booking].into_iter(),
            &desk.settings.site,
        ))))
    }
}
