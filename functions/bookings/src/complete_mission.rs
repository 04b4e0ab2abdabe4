//! A professional says that the mission is done.

use domain::booking::Command;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::ownership::{BookingPath, command};
use crate::view::{BookingView, for_professional};

/// A professional says that the mission is done.
pub struct CompleteMission;

impl Operation for CompleteMission {
    const NAME: &'static str = "complete-mission";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/complete";
    const SUMMARY: &'static str = "Declare an accepted mission done, once it is over.";
    type Outside = ();
    type Who = Professional;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = BookingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<BookingView>, Problem> {
        let asked = Command::DeclareDone;
        let (booking, changes) = command(desk, call, &call.path.booking, &asked).await?;
        Ok(Reply::ok(for_professional(&booking, call.now)).changing(changes))
    }
}
