//! A mission in the client's own calendar: what of it stands, and how often that changed, so that an
//! application replaces what it knew (RFC 5545, 3.8.7.4).

use jiff::Timestamp;

use super::{Booking, BookingState};

/// Whether the mission takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryStatus {
    /// The professional has not answered.
    Tentative,
    /// The contract is concluded.
    Confirmed,
    /// It does not take place.
    Cancelled,
}

/// A mission as calendars are told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarEntry {
    /// Whether it takes place.
    pub status: EntryStatus,
    /// More with each change: an application keeps the highest.
    pub sequence: u32,
    /// When it became so.
    pub changed_at: Timestamp,
}

impl Booking {
    /// The entry in its client's calendar; nothing of what was never asked of the professional.
    pub fn calendar_entry(&self) -> Option<CalendarEntry> {
        let requested_at = self.requested_at?;
        let (status, sequence, changed_at) = match self.state {
            BookingState::AwaitingPayment | BookingState::Abandoned => return None,
            BookingState::Requested => (EntryStatus::Tentative, 0, Some(requested_at)),
            BookingState::Accepted
            | BookingState::Completed
            | BookingState::Validated
            | BookingState::UnderClaim
            | BookingState::Settled => (EntryStatus::Confirmed, 1, self.accepted_at),
            BookingState::Refused
            | BookingState::Expired
            | BookingState::Cancelled
            | BookingState::CancelledByProfessional
            | BookingState::CancelledByPlatform
            | BookingState::Withdrawn
            | BookingState::PaymentFailed => (EntryStatus::Cancelled, 2, self.closed_at),
        };
        Some(CalendarEntry {
            status,
            sequence,
            changed_at: changed_at.unwrap_or(requested_at),
        })
    }
}
