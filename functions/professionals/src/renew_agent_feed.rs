//! An agent opens, replaces or closes the address at which a calendar application reads their shifts.

use adapters::keys::LinkKeys;
use adapters::store::Key;
use domain::members::Members;
use http_function::{Agent, Call, Desk, Nothing, Operation, Problem, Reply, calendar_feed};

use crate::renew_calendar_feed::{FeedView, FeedWanted};

/// Open, replace or close an agent's own calendar feed.
pub struct RenewAgentFeed;

impl Operation for RenewAgentFeed {
    const NAME: &'static str = "renew-agent-feed";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/agent/feed";
    const SUMMARY: &'static str = "Make a new address at which a calendar application reads the caller's own shifts, or \
        none; the one before stops working.";
    const SECRET: bool = true;
    type Outside = LinkKeys;
    type Who = Agent;
    type Path = Nothing;
    type Input = FeedWanted;
    type Output = FeedView;

    async fn run(desk: &Desk<LinkKeys>, call: &Call<Self>) -> Result<Reply<FeedView>, Problem> {
        let key = Key::members(&call.who.of.professional);
        let read = desk.store.get::<Members>(key).await?;
        let read = read.ok_or_else(Problem::not_found)?;
        let mut members = read.record.clone();
        let member = members.renew_feed(&call.who.account, call.input.open);
        let member = member.ok_or_else(Problem::not_found)?;
        let changes = call
            .changes()
            .replace(&read, &members)
            .activity(Self::NAME, call.who.account.as_str());
        let feed = member.feed.current().map(|number| {
            let end = calendar_feed(&desk.outside.0, &call.who.account, number);
            format!("{}/api/calendars/{end}", desk.settings.site)
        });
        Ok(Reply::ok(FeedView { feed }).changing(changes))
    }
}
