//! A company looks at who goes on a mission, who else may, and why the others may not.

use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::ownership::{BookingPath, own_booking};
use crate::staffing::{Staffing, StaffingView};

/// A company looks at who goes on a mission, who else may, and why the others may not.
pub struct ReadStaffing;

impl Operation for ReadStaffing {
    const NAME: &'static str = "read-staffing";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/bookings/{booking}/staffing";
    const SUMMARY: &'static str = "Who goes on a mission: the agents proposed, those who may go and those who may not, \
        with the reasons.";
    type Outside = ();
    type Who = Professional;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = StaffingView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<StaffingView>, Problem> {
        let booking = own_booking(&desk.store, &call.who, &call.path.booking)
            .await?
            .record;
        // A mission that is over is shown as it was.
        let shift = booking
            .left_to_do(call.now)
            .unwrap_or(booking.mission.interval);
        let staffing = Staffing::read(desk, &booking, shift, call.now).await?;
        Ok(Reply::ok(staffing.view(&booking, shift)))
    }
}
