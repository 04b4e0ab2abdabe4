//! One of the two parties proposes how to end a claim (terms, article 24.2).

use domain::booking::Command;
use http_function::{Call, Desk, Operation, Problem, Reply, SignedIn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, command_of_either};
use crate::view::BookingView;
use crate::words::words;

/// Proposing how to end a claim.
pub struct ProposeSettlement;

/// What is proposed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SettlementProposal {
    /// How much of the price is given back, service fees included.
    #[schemars(range(min = 0, max = 100))]
    pub percent: u8,
    /// What is said with it.
    #[schemars(length(max = 1000))]
    #[serde(default)]
    pub message: String,
}

impl Operation for ProposeSettlement {
    const NAME: &'static str = "propose-settlement";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/claim/proposal";
    const SUMMARY: &'static str =
        "Propose how much of the price is given back to end a claim; replaces what was proposed.";
    type Outside = ();
    type Who = SignedIn;
    type Path = BookingPath;
    type Input = SettlementProposal;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let asked = Command::Propose {
            percent: call.input.percent,
            message: words("message", &call.input.message, 0, 1000)?,
        };
        let (view, changes) = command_of_either(desk, call, &asked).await?;
        Ok(Reply::ok(view).changing(changes))
    }
}
