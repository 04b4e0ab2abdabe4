//! Whether the marketplace answers, for monitors and for those who deploy.

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
}

impl Operation for ReadHealth {
    const NAME: &'static str = "read-health";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/health";
    const SUMMARY: &'static str = "Whether the marketplace and its store answer.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Health;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Health>, Problem> {
        if !desk.store.is_reachable().await {
            return Err(Problem::unavailable("the store does not answer"));
        }
        Ok(Reply::ok(Health {
            status: "ok",
            time: call.now,
        }))
    }
}
