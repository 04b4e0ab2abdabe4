//! Whether the marketplace answers, for monitors and for those who deploy, and the rules that hold
//! while it does.

use domain::configuration::{InForce, Rhythm};
use domain::money::{BasisPoints, Euros};
use domain::pricing::NightHours;
use domain::time::paris;
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// Whether the marketplace answers.
pub struct ReadHealth;

/// It does.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Health {
    /// Always `ok`: a failure is a problem with status 503.
    pub status: &'static str,
    /// What time it is for the marketplace.
    pub time: Timestamp,
    /// What holds for a mission that is ordered now.
    pub rules: RulesView,
}

/// What the operator configures from a day on, as it holds today: pages that explain it read it here.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RulesView {
    /// The service fees, VAT included, of the professional's total.
    pub commission_rate: BasisPoints,
    /// The least service fees, VAT included, cents.
    pub commission_minimum: Euros,
    /// The CNAPS tax of a mission that begins today.
    pub cnaps_tax_rate: BasisPoints,
    /// Which hours are paid as night, by the clocks of the place.
    pub night: NightHours,
    /// From a mission's end to its validation by the delay, hours.
    pub validation_hours: u16,
}

impl RulesView {
    fn of(in_force: &InForce, now: Timestamp) -> Self {
        let pricing = &in_force.pricing;
        Self {
            commission_rate: pricing.commission.rate,
            commission_minimum: pricing.commission.minimum,
            cnaps_tax_rate: pricing.cnaps_tax_rate(paris::local_date(now)),
            night: pricing.hours.night,
            validation_hours: Rhythm::of(&in_force.delays).validation,
        }
    }
}

impl Operation for ReadHealth {
    const NAME: &'static str = "read-health";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/health";
    const SUMMARY: &'static str = "Whether the marketplace and its store answer.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const OPEN_ORIGIN: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Health;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Health>, Problem> {
        if !desk.store.is_reachable().await {
            return Err(Problem::unavailable("the store does not answer"));
        }
        let in_force = desk.in_force().await?;
        Ok(Reply::ok(Health {
            status: "ok",
            time: call.now,
            rules: RulesView::of(&in_force, call.now),
        }))
    }
}
