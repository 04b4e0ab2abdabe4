//! Bookings: quote, request, pay, answer, do, validate, and the sweep that keeps every delay.

mod accept_booking;
mod accept_settlement;
mod answer_modification;
mod answer_order;
mod archive_booking;
mod ask_for_quotes;
mod call_off_booking;
mod cancel_booking;
mod cancel_mission;
mod cancel_order;
mod check_in;
mod check_out;
mod complete_mission;
mod conclude_quote;
mod decide_claim;
mod decline_quote;
mod eligibility;
mod follow_order;
mod give_quote;
mod intervening;
mod list_bookings;
mod list_order_requests;
mod list_orders;
mod list_quote_requests;
mod list_quotes_to_give;
mod list_requests;
mod list_shifts;
mod modifying;
mod open_checkout;
mod open_claim;
mod open_mission_calendar;
mod open_missions;
mod open_order_checkout;
mod order_dates;
mod order_ownership;
mod order_view;
mod ordering;
mod ownership;
mod place_order;
mod plan_shifts;
mod propose_modification;
mod propose_settlement;
mod quote_mission;
mod quote_modification;
mod quote_order;
mod quote_view;
mod quoting;
mod read_attendance;
mod read_booking;
mod read_quote;
mod read_quote_request;
mod read_quote_to_give;
mod read_staffing;
mod refund_booking;
mod refuse_booking;
mod replace_agent;
mod report_shift;
mod request_booking;
mod shifts;
mod show_calendar_feed;
mod show_mission_feed;
mod show_order_calendar;
mod staffing;
mod sweep_deadlines;
mod sweep_late_arrivals;
mod sweep_quotes;
mod validate_mission;
mod view;
mod withdraw_from_booking;
mod withdraw_publicly;
mod withdraw_quote_request;
mod words;
mod write_log_entry;

#[cfg(test)]
#[path = "../../../shared/domain/tests/samples/mod.rs"]
mod samples;

use http_function::Function;

pub use accept_booking::AcceptBooking;
pub use accept_settlement::AcceptSettlement;
pub use answer_modification::AnswerModification;
pub use answer_order::AnswerOrder;
pub use archive_booking::ArchiveBooking;
pub use ask_for_quotes::AskForQuotes;
pub use call_off_booking::CallOffBooking;
pub use cancel_booking::CancelBooking;
pub use cancel_mission::CancelMission;
pub use cancel_order::CancelOrder;
pub use check_in::CheckIn;
pub use check_out::CheckOut;
pub use complete_mission::CompleteMission;
pub use conclude_quote::ConcludeQuote;
pub use decide_claim::DecideClaim;
pub use decline_quote::DeclineQuote;
pub use follow_order::FollowOrder;
pub use give_quote::GiveQuote;
pub use intervening::{at_stake, reason};
pub use list_bookings::ListBookings;
pub use list_order_requests::ListOrderRequests;
pub use list_orders::ListOrders;
pub use list_quote_requests::ListQuoteRequests;
pub use list_quotes_to_give::ListQuotesToGive;
pub use list_requests::ListRequests;
pub use list_shifts::ListShifts;
pub use open_checkout::OpenCheckout;
pub use open_claim::OpenClaim;
pub use open_mission_calendar::OpenMissionCalendar;
pub use open_missions::OpenMissions;
pub use open_order_checkout::OpenOrderCheckout;
pub use place_order::PlaceOrder;
pub use plan_shifts::PlanShifts;
pub use propose_modification::ProposeModification;
pub use propose_settlement::ProposeSettlement;
pub use quote_mission::QuoteMission;
pub use quote_modification::QuoteModification;
pub use quote_order::QuoteOrder;
pub use quote_view::QuoteRequestView;
pub use read_attendance::ReadAttendance;
pub use read_booking::ReadBooking;
pub use read_quote::ReadQuote;
pub use read_quote_request::ReadQuoteRequest;
pub use read_quote_to_give::ReadQuoteToGive;
pub use read_staffing::ReadStaffing;
pub use refund_booking::RefundBooking;
pub use refuse_booking::RefuseBooking;
pub use replace_agent::ReplaceAgent;
pub use report_shift::ReportShift;
pub use request_booking::RequestBooking;
pub use show_calendar_feed::ShowCalendarFeed;
pub use show_mission_feed::ShowMissionFeed;
pub use show_order_calendar::ShowOrderCalendar;
pub use sweep_deadlines::SweepDeadlines;
pub use sweep_late_arrivals::SweepLateArrivals;
pub use sweep_quotes::SweepQuotes;
pub use validate_mission::ValidateMission;
pub use view::{BookingView, for_client, for_professional};
pub use withdraw_from_booking::WithdrawFromBooking;
pub use withdraw_publicly::WithdrawPublicly;
pub use withdraw_quote_request::WithdrawQuoteRequest;
pub use write_log_entry::WriteLogEntry;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<QuoteMission>(),
        Function::operation::<RequestBooking>(),
        Function::operation::<OpenCheckout>(),
        Function::operation::<ListBookings>(),
        Function::operation::<ListRequests>(),
        Function::operation::<ReadBooking>(),
        Function::operation::<ReadStaffing>(),
        Function::operation::<ReadAttendance>(),
        Function::operation::<ListShifts>(),
        Function::operation::<CheckIn>(),
        Function::operation::<CheckOut>(),
        Function::operation::<WriteLogEntry>(),
        Function::operation::<ReportShift>(),
        Function::listener::<PlanShifts>(),
        Function::chore::<SweepLateArrivals>().alone(),
        Function::operation::<AcceptBooking>(),
        Function::operation::<ReplaceAgent>(),
        Function::operation::<RefuseBooking>(),
        Function::operation::<CancelBooking>(),
        Function::operation::<CancelMission>(),
        Function::operation::<WithdrawFromBooking>(),
        Function::operation::<WithdrawPublicly>(),
        Function::operation::<QuoteModification>(),
        Function::operation::<ProposeModification>(),
        Function::operation::<AnswerModification>(),
        Function::operation::<OpenClaim>(),
        Function::operation::<ProposeSettlement>(),
        Function::operation::<AcceptSettlement>(),
        Function::operation::<DecideClaim>(),
        Function::operation::<CallOffBooking>(),
        Function::operation::<RefundBooking>(),
        Function::operation::<CompleteMission>(),
        Function::operation::<ValidateMission>(),
        Function::operation::<ArchiveBooking>(),
        Function::operation::<QuoteOrder>(),
        Function::operation::<PlaceOrder>(),
        Function::operation::<OpenOrderCheckout>(),
        Function::operation::<ListOrders>(),
        Function::operation::<ListOrderRequests>(),
        Function::operation::<FollowOrder>(),
        Function::operation::<AnswerOrder>(),
        Function::operation::<CancelOrder>(),
        Function::listener::<OpenMissions>(),
        Function::document::<ShowOrderCalendar>(),
        Function::operation::<AskForQuotes>(),
        Function::operation::<ListQuoteRequests>(),
        Function::operation::<ReadQuoteRequest>(),
        Function::operation::<ReadQuote>(),
        Function::operation::<WithdrawQuoteRequest>(),
        Function::operation::<ListQuotesToGive>(),
        Function::operation::<ReadQuoteToGive>(),
        Function::operation::<GiveQuote>(),
        Function::operation::<DeclineQuote>(),
        Function::document::<ShowCalendarFeed>(),
        Function::operation::<OpenMissionCalendar>(),
        Function::document::<ShowMissionFeed>(),
        Function::listener::<ConcludeQuote>(),
        Function::chore::<SweepQuotes>().alone(),
        Function::chore::<SweepDeadlines>().timeout(55).alone(),
    ]
}
