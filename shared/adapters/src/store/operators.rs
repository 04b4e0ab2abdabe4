//! What belongs to the operators: who may do what, decisions that wait for a second one, notes.

use domain::ids::AccountId;
use domain::operator::{Operator, ProposedDecision};
use domain::professional::Complaints;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::patterns::sortable;
use super::{Index, Key, Record, Table};

impl Record for Operator {
    const TABLE: Table = Table::Accounts;
    fn key(&self) -> Key {
        Key::operator(&self.account)
    }
}

impl Record for Complaints {
    const TABLE: Table = Table::Professionals;
    fn key(&self) -> Key {
        Key::complaints(&self.professional)
    }
    /// Whoever was complained of often when it was last written: the reader counts again.
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let last = self.last().filter(|last| self.are_told(*last));
        let index = |last| {
            (
                Index::ProfessionalsByStanding,
                "complained".to_owned(),
                sortable(last),
            )
        };
        last.map(index).into_iter().collect()
    }
}

impl Record for ProposedDecision {
    const TABLE: Table = Table::Bookings;
    fn key(&self) -> Key {
        Key::proposed_decision(&self.booking)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        if !self.waits() {
            return Vec::new();
        }
        let order = sortable(self.at);
        vec![(Index::BookingsByTrouble, "proposed".to_owned(), order)]
    }
}

/// What an operator noted about a person or a booking: for operators alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternalNote {
    /// About whom or what: an account, a professional or a booking.
    pub subject: String,
    /// Sortable by time.
    pub id: String,
    /// Who wrote it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub text: String,
}

impl Record for InternalNote {
    const TABLE: Table = Table::Accounts;
    fn key(&self) -> Key {
        Key::internal_note(&self.subject, &self.id)
    }
}
