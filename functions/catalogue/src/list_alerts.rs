//! A client looks at their alerts.

use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};

use crate::alert_view::{AlertView, AlertsView};
use crate::set_alert::alerts_of;

/// Looking at one's alerts.
pub struct ListAlerts;

impl Operation for ListAlerts {
    const NAME: &'static str = "list-alerts";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/alerts";
    const SUMMARY: &'static str =
        "The missions for which the client waits for somebody to be free.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = Nothing;
    type Output = AlertsView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<AlertsView>, Problem> {
        let alerts = alerts_of(&desk.store, &call.who.account).await?;
        let alerts = alerts.iter().map(|read| AlertView::from(&read.record));
        Ok(Reply::ok(AlertsView {
            alerts: alerts.collect(),
        }))
    }
}
