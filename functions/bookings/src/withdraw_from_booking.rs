//! A consumer withdraws from the contract, signed in: the second step, « confirmer la rétractation »
//! (C. conso., L221-21 and D221-5).

use domain::booking::Command;
use http_function::{Call, Client, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, command};
use crate::view::{BookingView, for_client};
use crate::words::words;

/// Withdrawing, signed in.
pub struct WithdrawFromBooking;

/// What the consumer states.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawalStatement {
    /// Their name.
    #[schemars(length(min = 2, max = 120))]
    pub name: String,
}

impl Operation for WithdrawFromBooking {
    const NAME: &'static str = "withdraw-from-booking";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/withdrawal";
    const SUMMARY: &'static str =
        "Confirm the withdrawal from a contract. An acknowledgement is mailed.";
    type Outside = ();
    type Who = Client;
    type Path = BookingPath;
    type Input = WithdrawalStatement;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        words("name", &call.input.name, 2, 120)?;
        let (booking, changes) =
            command(desk, call, &call.path.booking, &Command::Withdraw).await?;
        Ok(Reply::ok(for_client(&booking, None, call.now)).changing(changes))
    }
}
