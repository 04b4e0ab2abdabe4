//! A professional declines a mission: nothing is debited.

use domain::booking::Command;
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, command};
use crate::view::{BookingView, for_professional};

/// A professional declines a mission: nothing is debited.
pub struct RefuseBooking;

/// Why.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// For the client.
    #[schemars(length(min = 5, max = 500))]
    pub reason: String,
}

impl Operation for RefuseBooking {
    const NAME: &'static str = "refuse-booking";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/refuse";
    const SUMMARY: &'static str = "Refuse a booking request before `respond_by`.";
    type Outside = ();
    type Who = Professional;
    type Path = BookingPath;
    type Input = Refusal;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let reason = call.input.reason.trim().to_owned();
        if !(5..=500).contains(&reason.chars().count()) {
            return Err(Problem::new(
                422,
                "reason_invalid",
                "Le motif doit compter de 5 à 500 caractères.",
            )
            .about("reason"));
        }
        let asked = Command::Refuse { reason };
        let (booking, changes) = command(desk, call, &call.path.booking, &asked).await?;
        Ok(Reply::ok(for_professional(&booking, call.now)).changing(changes))
    }
}
