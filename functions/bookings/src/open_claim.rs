//! A client says that the mission went wrong: validation by the delay stops (terms, article 24.2).

use domain::booking::{ClaimReason, Command};
use http_function::{Call, Client, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, command};
use crate::view::{BookingView, for_client};
use crate::words::words;

/// Opening a claim.
pub struct OpenClaim;

/// What went wrong.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct NewClaim {
    /// In one of a few words.
    pub reason: ClaimReason,
    /// In the client's words.
    #[schemars(length(min = 20, max = 2000))]
    pub description: String,
}

impl Operation for OpenClaim {
    const NAME: &'static str = "open-claim";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/claim";
    const SUMMARY: &'static str = "Say that a mission went wrong, before it is validated.";
    type Outside = ();
    type Who = Client;
    type Path = BookingPath;
    type Input = NewClaim;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let asked = Command::OpenClaim {
            reason: call.input.reason,
            description: words("description", &call.input.description, 20, 2000)?,
        };
        let (booking, changes) = command(desk, call, &call.path.booking, &asked).await?;
        Ok(Reply::ok(for_client(&booking, None, call.now)).changing(changes))
    }
}
