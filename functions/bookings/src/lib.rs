//! Bookings: quote, request, pay, answer, do, validate, and the sweep that keeps every delay.

mod accept_booking;
mod cancel_request;
mod complete_mission;
mod eligibility;
mod list_bookings;
mod list_requests;
mod open_checkout;
mod ownership;
mod quote_mission;
mod read_booking;
mod refuse_booking;
mod request_booking;
mod sweep_deadlines;
mod validate_mission;
mod view;

#[cfg(test)]
#[path = "../../../shared/domain/tests/samples/mod.rs"]
mod samples;

use http_function::Function;

pub use accept_booking::AcceptBooking;
pub use cancel_request::CancelRequest;
pub use complete_mission::CompleteMission;
pub use list_bookings::ListBookings;
pub use list_requests::ListRequests;
pub use open_checkout::OpenCheckout;
pub use quote_mission::QuoteMission;
pub use read_booking::ReadBooking;
pub use refuse_booking::RefuseBooking;
pub use request_booking::RequestBooking;
pub use sweep_deadlines::SweepDeadlines;
pub use validate_mission::ValidateMission;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<QuoteMission>(),
        Function::operation::<RequestBooking>(),
        Function::operation::<OpenCheckout>(),
        Function::operation::<ListBookings>(),
        Function::operation::<ListRequests>(),
        Function::operation::<ReadBooking>(),
        Function::operation::<AcceptBooking>(),
        Function::operation::<RefuseBooking>(),
        Function::operation::<CancelRequest>(),
        Function::operation::<CompleteMission>(),
        Function::operation::<ValidateMission>(),
        Function::chore::<SweepDeadlines>(),
    ]
}
