//! The address at which a professional's own calendar application reads accepted missions.

use serde::{Deserialize, Serialize};

/// Which of the addresses that were ever made works, if one does. The address itself is derived from
/// the number, so that nothing secret is stored and an old one never works again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarFeed {
    number: u32,
    open: bool,
}

impl CalendarFeed {
    /// The number of the address that works.
    pub fn current(self) -> Option<u32> {
        self.open.then_some(self.number)
    }

    /// A new address; the one before stops working.
    #[must_use]
    pub fn renewed(self) -> Self {
        Self {
            number: self.number.saturating_add(1),
            open: true,
        }
    }

    /// No address works any more.
    #[must_use]
    pub fn closed(self) -> Self {
        Self {
            open: false,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_works_until_the_next_one_or_until_it_is_closed_and_never_again() {
        let none = CalendarFeed::default();
        assert_eq!(none.current(), None);
        let first = none.renewed();
        let second = first.renewed();
        assert_ne!(first.current(), second.current());
        assert_eq!(second.closed().current(), None);
        let third = second.closed().renewed().current();
        assert!(third.is_some());
        assert!(![first.current(), second.current()].contains(&third));
    }
}
