//! What the platform decides of one booking in its parties' place: it calls a mission off, or gives all or
//! part of its price back. Always with a reason, and never to accept a mission (terms, preamble).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Booking, BookingRefused, BookingState, Shares};

/// Why the platform calls a mission off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Calling {
    /// A title, a card or the insurance is not in force on a day of the mission.
    TitleMissing,
    /// The operator decided so.
    Operator {
        /// Why, for both parties.
        reason: String,
    },
}

/// What was decided, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Intervention {
    /// The mission was called off; everything went back to the client.
    CalledOff {
        /// Why.
        calling: Calling,
        /// When.
        at: Timestamp,
    },
    /// Part of the price was given back, from 0 to 100 %.
    Refunded {
        /// How much of the price.
        percent: u8,
        /// Why, for both parties.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

impl Booking {
    /// Who is due what when the operator gives `percent` of the price back: once the mission is over, and
    /// whatever was paid out already.
    pub fn shares_on_refunding(&self, percent: u8) -> Result<Shares, BookingRefused> {
        match self.state {
            BookingState::Completed | BookingState::Validated | BookingState::Settled => {
                Ok(Shares::reduced_by(&self.price, percent))
            }
            BookingState::AwaitingPayment
            | BookingState::Requested
            | BookingState::Accepted
            | BookingState::Refused
            | BookingState::Expired
            | BookingState::Cancelled
            | BookingState::Abandoned
            | BookingState::CancelledByProfessional
            | BookingState::CancelledByPlatform
            | BookingState::Withdrawn
            | BookingState::UnderClaim
            | BookingState::PaymentFailed => Err(BookingRefused::WrongState),
        }
    }
}
