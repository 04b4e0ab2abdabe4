//! A client does not want to know any more whether somebody is free.

use adapters::store::Key;
use domain::alerts::Alert;
use domain::ids::AlertId;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::alert_view::AlertView;

/// Ending an alert.
pub struct EndAlert;

/// Which.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AlertPath {
    /// The alert.
    pub alert: AlertId,
}

impl Operation for EndAlert {
    const NAME: &'static str = "end-alert";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/alerts/{alert}/end";
    const SUMMARY: &'static str = "End an alert; doing it twice is fine.";
    type Outside = ();
    type Who = Client;
    type Path = AlertPath;
    type Input = Nothing;
    type Output = AlertView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<AlertView>, Problem> {
        let read = desk
            .store
            .get::<Alert>(Key::alert(&call.path.alert))
            .await?;
        let read = read
            .filter(|read| read.record.client == call.who.account)
            .ok_or_else(Problem::not_found)?;
        let ended = read.record.ended(call.now);
        let reply = Reply::ok(AlertView::from(&ended));
        if ended == read.record {
            return Ok(reply);
        }
        let changes = call.changes().replace(&read, &ended);
        Ok(reply.changing(changes.activity(Self::NAME, ended.id.as_str())))
    }
}
