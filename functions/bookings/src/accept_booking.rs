//! A professional takes a mission: the contract is concluded and the card will be debited.

use adapters::store::Key;
use domain::booking::{Booking, Command};
use domain::professional::Professional as Seller;
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ownership::{BookingPath, command};
use crate::view::{BookingView, for_professional};

/// A professional takes a mission: the contract is concluded and the card will be debited.
pub struct AcceptBooking;

/// What the professional adds.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// Advice to the client (CSI, R631-20).
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub advice: Option<String>,
}

impl Operation for AcceptBooking {
    const NAME: &'static str = "accept-booking";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/accept";
    const SUMMARY: &'static str = "Accept a booking request before `respond_by`.";
    type Outside = ();
    type Who = Professional;
    type Path = BookingPath;
    type Input = Agreement;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let advice = call
            .input
            .advice
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned);
        if advice
            .as_ref()
            .is_some_and(|text| text.chars().count() > 1000)
        {
            return Err(Problem::new(
                422,
                "advice_too_long",
                "Le conseil ne doit pas dépasser 1 000 caractères.",
            )
            .about("advice"));
        }
        let asked = Command::Accept { advice };
        let (booking, changes) = command(desk, call, &call.path.booking, &asked).await?;
        check_standing_and_titles(desk, &booking).await?;
        Ok(Reply::ok(for_professional(&booking, call.now)).changing(changes))
    }
}

/// What was true when the mission was ordered may not be any more: the professional is not hidden, and
/// each title is in force on every day of the mission.
async fn check_standing_and_titles(desk: &Desk<()>, booking: &Booking) -> Result<(), Problem> {
    let key = Key::professional(&booking.professional);
    let read = desk.store.get::<Seller>(key).await?;
    let professional = read.ok_or_else(Problem::not_found)?.record;
    let mission = &booking.mission;
    professional.may_accept(
        mission.activity,
        mission.interval,
        mission.zone(),
        &booking.agents,
    )?;
    Ok(())
}
