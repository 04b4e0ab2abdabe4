//! A client takes a request back before the professional answers: nothing is debited.

use domain::booking::Command;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};

use crate::ownership::{BookingPath, command};
use crate::view::{BookingView, for_client};

/// A client takes a request back before the professional answers: nothing is debited.
pub struct CancelRequest;

impl Operation for CancelRequest {
    const NAME: &'static str = "cancel-request";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/cancel";
    const SUMMARY: &'static str = "Take a booking request back before it is answered.";
    type Outside = ();
    type Who = Client;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let asked = Command::Cancel;
        let (booking, changes) = command(desk, call, &call.path.booking, &asked).await?;
        Ok(Reply::ok(for_client(&booking, None, &desk.settings.delays)).changing(changes))
    }
}
