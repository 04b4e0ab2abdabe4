//! A professional gives an accepted mission up: the client gets everything back.

use domain::booking::Command;
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, command};
use crate::view::{BookingView, for_professional};
use crate::words::words;

/// A professional gives an accepted mission up.
pub struct CancelMission;

/// Why.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MissionCancelled {
    /// For the client.
    #[schemars(length(min = 10, max = 500))]
    pub reason: String,
}

impl Operation for CancelMission {
    const NAME: &'static str = "cancel-mission";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/bookings/{booking}/cancel";
    const SUMMARY: &'static str =
        "Cancel an accepted mission as its professional; the client is refunded in full.";
    type Outside = ();
    type Who = Professional;
    type Path = BookingPath;
    type Input = MissionCancelled;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let reason = words("reason", &call.input.reason, 10, 500)?;
        let asked = Command::CancelAsProfessional { reason };
        let (booking, changes) = command(desk, call, &call.path.booking, &asked).await?;
        Ok(Reply::ok(for_professional(&booking, call.now)).changing(changes))
    }
}
