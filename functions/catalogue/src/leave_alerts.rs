//! Somebody ends all of their alerts with the link that a mail about one carries, without signing in.

use adapters::keys::LinkKeys;
use adapters::store::Key;
use domain::alerts::Alert;
use http_function::{
    Call, Desk, Nothing, Operation, Problem, Reply, Visitor, alert_of_token, link_expired,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::set_alert::alerts_of;

/// Ending all alerts.
pub struct LeaveAlerts;

/// What the link carries.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct AlertLink {
    /// The token.
    pub(crate) token: String,
}

/// What was ended.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AlertsLeft {
    /// How many alerts waited.
    pub ended: usize,
}

impl Operation for LeaveAlerts {
    const NAME: &'static str = "leave-alerts";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/alerts/leave";
    const SUMMARY: &'static str =
        "End all alerts of somebody with the link of a mail; doing it twice is fine.";
    const SECRET: bool = true;
    type Outside = LinkKeys;
    type Who = Visitor;
    type Path = Nothing;
    type Input = AlertLink;
    type Output = AlertsLeft;

    async fn run(desk: &Desk<LinkKeys>, call: &Call<Self>) -> Result<Reply<AlertsLeft>, Problem> {
        let id = alert_of_token(&desk.outside.0, &call.input.token)?;
        let read = desk.store.get::<Alert>(Key::alert(&id)).await?;
        let client = read.ok_or_else(link_expired)?.record.client;
        let alerts = alerts_of(&desk.store, &client).await?;
        let waiting: Vec<_> = alerts.iter().filter(|read| read.record.waits()).collect();
        let reply = Reply::ok(AlertsLeft {
            ended: waiting.len(),
        });
        if waiting.is_empty() {
            return Ok(reply);
        }
        let changes = waiting.iter().fold(call.changes(), |changes, read| {
            changes.replace(read, &read.record.ended(call.now))
        });
        Ok(reply.changing(changes.activity(Self::NAME, id.as_str())))
    }
}
