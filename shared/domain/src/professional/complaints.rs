//! How often clients complained of a professional lately: three times in ninety days is told to the operator
//! (terms, article 16.1).

use jiff::SignedDuration;

use super::*;
use crate::ids::BookingId;

/// In which time complaints are counted.
const COUNTED_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

/// How many of them are told.
pub const TOLD_FROM: usize = 3;

/// How many are kept, the latest.
const KEPT: usize = 50;

/// A client's claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// About which booking.
    pub booking: BookingId,
    /// When.
    pub at: Timestamp,
}

/// The claims about a professional, oldest first: each booking counts once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaints {
    /// Whose missions.
    pub professional: ProfessionalId,
    /// Which.
    pub list: Vec<Complaint>,
}

impl Complaints {
    /// None yet.
    pub fn about(professional: ProfessionalId) -> Self {
        Self {
            professional,
            list: Vec::new(),
        }
    }

    /// With one more; the same one twice is one.
    pub fn with(&self, complaint: Complaint) -> Self {
        let mut list = self.list.clone();
        if !list.iter().any(|known| known.booking == complaint.booking) {
            list.push(complaint);
        }
        list.sort_by_key(|one| one.at);
        let gone = list.len().saturating_sub(KEPT);
        list.drain(..gone);
        Self {
            professional: self.professional.clone(),
            list,
        }
    }

    /// How many there were in the ninety days before `now`.
    pub fn lately(&self, now: Timestamp) -> usize {
        let since = now - COUNTED_FOR;
        self.list
            .iter()
            .filter(|one| one.at > since && one.at <= now)
            .count()
    }

    /// Whether the operator is told.
    pub fn are_told(&self, now: Timestamp) -> bool {
        self.lately(now) >= TOLD_FROM
    }

    /// When the last one came.
    pub fn last(&self) -> Option<Timestamp> {
        self.list.last().map(|one| one.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    fn complaint(number: u8, day: &str) -> Complaint {
        Complaint {
            booking: BookingId::from_ulid(&format!("{number:026}")),
            at: format!("{day}T10:00:00Z").parse().unwrap(),
        }
    }

    #[test]
    fn three_in_ninety_days_are_told_and_each_booking_counts_once() {
        let none = Complaints::about(ProfessionalId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"));
        let now: Timestamp = "2026-11-30T10:00:00Z".parse().unwrap();
        let two = none
            .with(complaint(1, "2026-11-20"))
            .with(complaint(1, "2026-11-21"))
            .with(complaint(2, "2026-11-25"));
        assert_eq!((two.lately(now), two.are_told(now)), (2, false));
        // Ninety-one days ago does not count; ninety days less an hour does.
        assert!(!two.with(complaint(3, "2026-08-31")).are_told(now));
        assert!(two.with(complaint(3, "2026-09-02")).are_told(now));
        // In whatever order they come.
        let told = none
            .with(complaint(2, "2026-11-25"))
            .with(complaint(3, "2026-09-02"))
            .with(complaint(1, "2026-11-20"));
        assert_eq!(told, two.with(complaint(3, "2026-09-02")));
        assert!(!told.are_told("2026-12-02T10:00:00Z".parse().unwrap()));
    }
}
