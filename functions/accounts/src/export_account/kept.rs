//! What a client keeps and wishes, for the copy of their data.

use adapters::store::{Key, Question, Store};
use bookings::QuoteRequestView;
use domain::account::sites::{Favourites, SavedSite, SavedSites};
use domain::alerts::Alert;
use domain::ids::{AccountId, ProfessionalId};
use domain::offer::Activity;
use domain::quotes::QuoteRequest;
use http_function::Problem;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// What a client keeps and wishes.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedKept {
    /// Requests for quotes, newest first.
    quote_requests: Vec<QuoteRequestView>,
    /// Places of missions.
    sites: Vec<SavedSite>,
    /// Professionals kept as favourites.
    favourites: Vec<ProfessionalId>,
    /// Missions for which somebody free is waited for.
    alerts: Vec<ExportedAlert>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedAlert {
    /// The activity.
    activity: Activity,
    /// Where.
    place: String,
    /// Start.
    start: Timestamp,
    /// End.
    end: Timestamp,
    /// How many agents.
    agents: u16,
    /// When it was set.
    created_at: Timestamp,
}

impl ExportedKept {
    pub(super) async fn of(
        store: &Store,
        client: &AccountId,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let requests = Question::quote_requests_of_client(client);
        let requests = store.ask_all::<QuoteRequest>(requests).await?;
        let sites = store.get::<SavedSites>(Key::saved_sites(client)).await?;
        let favourites = store.get::<Favourites>(Key::favourites(client)).await?;
        let alerts = store
            .ask_all::<Alert>(Question::alerts_of_client(client))
            .await?;
        let requests = requests.iter();
        let requests = requests.map(|read| QuoteRequestView::of(&read.record, now));
        Ok(Self {
            quote_requests: requests.collect(),
            sites: sites.map_or_else(Vec::new, |read| read.record.sites),
            favourites: favourites.map_or_else(Vec::new, |read| read.record.professionals),
            alerts: alerts
                .into_iter()
                .map(|read| exported(read.record))
                .collect(),
        })
    }
}

fn exported(alert: Alert) -> ExportedAlert {
    ExportedAlert {
        activity: alert.activity,
        place: alert.place,
        start: alert.interval.start(),
        end: alert.interval.end(),
        agents: alert.agents,
        created_at: alert.created_at,
    }
}
