//! A client gives a booking up: for free before the professional answers, under the offer's policy
//! afterwards. What is given back is what the client was shown.

use domain::booking::Command;
use domain::money::Euros;
use http_function::{Call, Client, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, command};
use crate::view::{BookingView, for_client};

/// A client gives a booking up.
pub struct CancelBooking;

/// What the client confirms.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Cancellation {
    /// The refund that the client was shown, in cents: `cancellation.refund` of the booking. Zero when
    /// the card was not debited.
    #[serde(default)]
    pub refund: Euros,
}

impl Operation for CancelBooking {
    const NAME: &'static str = "cancel-booking";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/cancel";
    const SUMMARY: &'static str = "Cancel a booking as its client, for the refund that was shown.";
    type Outside = ();
    type Who = Client;
    type Path = BookingPath;
    type Input = Cancellation;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let asked = Command::Cancel {
            refund: call.input.refund,
        };
        let (booking, changes) = command(desk, call, &call.path.booking, &asked).await?;
        Ok(Reply::ok(for_client(&booking, None, call.now)).changing(changes))
    }
}
