//! A client says that the mission was done well: the professional is paid.

use domain::booking::Command;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};

use crate::ownership::{BookingPath, command};
use crate::view::{BookingView, for_client};

/// A client says that the mission was done well: the professional is paid.
pub struct ValidateMission;

impl Operation for ValidateMission {
    const NAME: &'static str = "validate-mission";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/validate";
    const SUMMARY: &'static str = "Validate a mission and let the payment go.";
    type Outside = ();
    type Who = Client;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let asked = Command::Validate;
        let (booking, changes) = command(desk, call, &call.path.booking, &asked).await?;
        Ok(Reply::ok(for_client(&booking, None, call.now)).changing(changes))
    }
}
