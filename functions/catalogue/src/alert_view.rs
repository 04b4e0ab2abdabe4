//! What a client sees of their alerts.

use domain::alerts::{Alert, AlertState};
use domain::ids::AlertId;
use domain::offer::Activity;
use domain::time::zone::{Zone, ZoneView};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertStands {
    /// Nobody was free yet.
    Waiting,
    /// The client was told.
    Told,
    /// The client ended it.
    Ended,
    /// The mission has begun.
    Over,
}

/// An alert.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AlertView {
    /// Its identifier.
    pub id: AlertId,
    /// Where it stands.
    pub state: AlertStands,
    /// The activity.
    pub activity: Activity,
    /// The same in French.
    pub activity_label: &'static str,
    /// Where: `Lyon (69)`.
    pub place: String,
    /// Start.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// By whose clocks its hours are told.
    pub zone: ZoneView,
    /// How many agents.
    pub agents: u16,
}

impl From<&Alert> for AlertView {
    fn from(alert: &Alert) -> Self {
        Self {
            id: alert.id.clone(),
            state: match alert.state {
                AlertState::Waiting => AlertStands::Waiting,
                AlertState::Told { .. } => AlertStands::Told,
                AlertState::Ended { .. } => AlertStands::Ended,
                AlertState::Over { .. } => AlertStands::Over,
            },
            activity: alert.activity,
            activity_label: alert.activity.label(),
            place: alert.place.clone(),
            start: alert.interval.start(),
            end: alert.interval.end(),
            zone: Zone::of(&alert.department).view(),
            agents: alert.agents,
        }
    }
}

/// A client's alerts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AlertsView {
    /// The latest first.
    pub alerts: Vec<AlertView>,
}
