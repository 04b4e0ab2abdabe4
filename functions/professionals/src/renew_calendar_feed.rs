//! A professional opens, replaces or closes the address at which a calendar application reads their
//! accepted missions.

use adapters::keys::LinkKeys;
use domain::professional::CalendarFeed;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::own::own;
use crate::read_calendar::feed_address;

/// Open, replace or close one's own calendar feed.
pub struct RenewCalendarFeed;

/// What is wanted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FeedWanted {
    /// `true` for a new address, `false` for none. Either way the one before stops working.
    pub open: bool,
}

/// Where missions can be read.
#[derive(Clone, Serialize, JsonSchema)]
pub struct FeedView {
    /// The address; whoever has it can read the missions.
    pub feed: Option<String>,
}

impl Operation for RenewCalendarFeed {
    const NAME: &'static str = "renew-calendar-feed";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/calendar/feed";
    const SUMMARY: &'static str =
        "Make a new address for calendar applications, or none; the one before stops working.";
    const SECRET: bool = true;
    type Outside = LinkKeys;
    type Who = Professional;
    type Path = Nothing;
    type Input = FeedWanted;
    type Output = FeedView;

    async fn run(desk: &Desk<LinkKeys>, call: &Call<Self>) -> Result<Reply<FeedView>, Problem> {
        let read = own(desk, &call.who.professional).await?;
        let mut professional = read.record.clone();
        professional.feed = wanted(professional.feed, call.input.open);
        let changes = call
            .changes()
            .replace(&read, &professional)
            .activity(Self::NAME, professional.id.as_str());
        let feed = feed_address(desk, &professional);
        Ok(Reply::ok(FeedView { feed }).changing(changes))
    }
}

fn wanted(feed: CalendarFeed, open: bool) -> CalendarFeed {
    if open { feed.renewed() } else { feed.closed() }
}
