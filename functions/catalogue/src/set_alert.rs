//! Nobody is free for a mission: a client wants to know when somebody is.

use adapters::ids::fresh;
use adapters::store::{Question, Store, StoreError, Versioned};
use domain::alerts::{Alert, AlertState};
use domain::ids::AccountId;
use domain::offer::Activity;
use domain::time::moment::Moment;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::alert_view::AlertView;
use crate::asked::AskedMission;

/// Setting an alert.
pub struct SetAlert;

/// For which mission.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AlertAsked {
    /// The activity.
    pub activity: Activity,
    /// A postal code, a town, `Town (69)`, or a department's code or name.
    pub place: String,
    /// Start: `2026-11-28T20:00`, as clocks show it at the place, or RFC 3339.
    pub start: Moment,
    /// End.
    pub end: Moment,
    /// How many agents.
    #[schemars(range(min = 1, max = 20))]
    pub agents: u16,
}

impl Operation for SetAlert {
    const NAME: &'static str = "set-alert";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/alerts";
    const SUMMARY: &'static str =
        "Be told once by mail when somebody is free for a mission. Asked twice, it is one alert.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = AlertAsked;
    type Output = AlertView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<AlertView>, Problem> {
        let asked = &call.input;
        let mission = AskedMission::read(
            &asked.place,
            asked.start,
            asked.end,
            asked.agents,
            call.now,
            &desk.settings.delays,
        )?;
        let alert = Alert {
            id: fresh(call.now),
            client: call.who.account.clone(),
            activity: asked.activity,
            place: mission.place.label.clone(),
            department: mission.place.department,
            interval: mission.interval,
            agents: mission.agents,
            created_at: call.now,
            looked_at: None,
            state: AlertState::Waiting,
        };
        let known = alerts_of(&desk.store, &call.who.account).await?;
        let known: Vec<&Alert> = known.iter().map(|read| &read.record).collect();
        let mut waiting = known.iter().filter(|one| one.waits());
        if let Some(same) = waiting.find(|one| one.same_mission(&alert)) {
            return Ok(Reply::ok(AlertView::from(*same)));
        }
        Alert::check_beside(known)?;
        let changes = call
            .changes()
            .create(&alert, "alert")
            .activity(Self::NAME, alert.id.as_str());
        Ok(Reply::created(AlertView::from(&alert)).changing(changes))
    }
}

/// A client's alerts, the latest first.
pub(crate) async fn alerts_of(
    store: &Store,
    client: &AccountId,
) -> Result<Vec<Versioned<Alert>>, StoreError> {
    store
        .ask_all(Question::alerts_of_client(client).limit(100))
        .await
}
