//! Where each party keeps a booking that is over: among the others, or with the archived ones (terms,
//! article 2.1). What one chooses changes nothing for the other.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Booking, BookingParty, BookingRefused};
use crate::retention::COORDINATES_SHOWN;

/// How long after its end a booking is archived unless its party chose otherwise.
const ARCHIVED_AFTER: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What each party chose; nothing until they do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    client: Option<bool>,
    professional: Option<bool>,
}

impl Archived {
    fn chosen_by(self, party: BookingParty) -> Option<bool> {
        match party {
            BookingParty::Client => self.client,
            BookingParty::Professional => self.professional,
        }
    }
}

impl Booking {
    /// When nothing was left to do, pay or answer; nothing while something is.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.closed_at
            .or(self.validated_at)
            .filter(|_| !self.state.is_live())
    }

    /// Whether its professional may read the client's coordinates at `now`: once the contract stands, and
    /// until 30 days after nothing is left to do (terms, article 22).
    pub fn shares_coordinates(&self, now: Timestamp) -> bool {
        let over = self.ended_at();
        self.state.contract_concluded() && over.is_none_or(|at| now < at + COORDINATES_SHOWN)
    }

    /// Whether `party` finds it with the archived ones at `now`: because they put it there, or because
    /// it ended 90 days ago and they did not take it out.
    pub fn is_archived(&self, party: BookingParty, now: Timestamp) -> bool {
        self.ended_at().is_some_and(|ended| {
            let chosen = self.archived.chosen_by(party);
            chosen.unwrap_or(ended + ARCHIVED_AFTER <= now)
        })
    }

    /// `party` puts it with the archived ones, or takes it out again. Doing so twice is fine.
    pub fn archive(&mut self, party: BookingParty, archived: bool) -> Result<(), BookingRefused> {
        if self.ended_at().is_none() {
            return Err(BookingRefused::NotOver);
        }
        match party {
            BookingParty::Client => self.archived.client = Some(archived),
            BookingParty::Professional => self.archived.professional = Some(archived),
        }
        Ok(())
    }
}
