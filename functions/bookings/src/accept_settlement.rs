//! One of the two parties accepts what the other proposed to end a claim: it is carried out at once.

use domain::booking::Command;
use http_function::{Call, Desk, Operation, Problem, Reply, SignedIn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, command_of_either};
use crate::view::BookingView;

/// Accepting a proposal.
pub struct AcceptSettlement;

/// What is accepted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AcceptedSettlement {
    /// The percentage that was shown.
    #[schemars(range(min = 0, max = 100))]
    pub percent: u8,
}

impl Operation for AcceptSettlement {
    const NAME: &'static str = "accept-settlement";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/claim/accept";
    const SUMMARY: &'static str = "Accept the other party's proposal and end the claim.";
    type Outside = ();
    type Who = SignedIn;
    type Path = BookingPath;
    type Input = AcceptedSettlement;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let asked = Command::AcceptProposal {
            percent: call.input.percent,
        };
        let (view, changes) = command_of_either(desk, call, &asked).await?;
        Ok(Reply::ok(view).changing(changes))
    }
}
