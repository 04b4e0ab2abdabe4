//! What the marketplace did in a time, for the operator: how many missions were asked for, what became of
//! them, how soon, and for how much.

use jiff::SignedDuration;

use crate::booking::BookingState;
use crate::money::Euros;
use crate::offer::Activity;
use crate::places::Department;

/// A mission that was asked for, as far as figures go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedFor {
    /// Which activity, where that was noted.
    pub activity: Option<Activity>,
    /// Where.
    pub department: Department,
    /// Where it stands.
    pub state: BookingState,
    /// Whether the card was authorised, so that the professional was asked.
    pub requested: bool,
    /// Whether the professional accepted.
    pub accepted: bool,
    /// How long the professional took to answer, where one did.
    pub answered_after: Option<SignedDuration>,
    /// What the client pays, everything included.
    pub total: Euros,
}

/// Figures over some missions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarketFigures {
    /// How many reached a professional.
    pub requests: u32,
    /// How many of them were accepted.
    pub accepted: u32,
    /// How many were refused.
    pub refused: u32,
    /// How many nobody answered in time.
    pub unanswered: u32,
    /// How many were never paid for, and reached nobody.
    pub unpaid: u32,
    /// What the accepted ones cost their clients, everything included.
    pub volume: Euros,
    /// Half of the answers came within this many minutes.
    pub median_answer_minutes: Option<i64>,
}

impl MarketFigures {
    /// Counts.
    pub fn of<'a>(missions: impl IntoIterator<Item = &'a AskedFor>) -> Self {
        let mut figures = Self::default();
        let mut answers = Vec::new();
        for one in missions {
            if !one.requested {
                figures.unpaid += u32::from(one.state == BookingState::Abandoned);
                continue;
            }
            figures.requests += 1;
            figures.refused += u32::from(one.state == BookingState::Refused);
            figures.unanswered += u32::from(one.state == BookingState::Expired);
            if one.accepted {
                figures.accepted += 1;
                let volume = figures.volume.checked_add(one.total);
                figures.volume = volume.unwrap_or(figures.volume);
            }
            answers.extend(one.answered_after.map(|after| after.as_mins()));
        }
        answers.sort_unstable();
        figures.median_answer_minutes = answers.get(answers.len() / 2).copied();
        figures
    }

    /// Of a hundred requests whose fate is known, how many were accepted.
    pub fn accepted_percent(&self) -> Option<u32> {
        let decided = self.accepted + self.refused + self.unanswered;
        (self.accepted * 100).checked_div(decided)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mission(state: BookingState, accepted: bool, minutes: Option<i64>) -> AskedFor {
        let unpaid = matches!(
            state,
            BookingState::AwaitingPayment | BookingState::Abandoned
        );
        AskedFor {
            activity: None,
            department: Department::parse("69").unwrap(),
            state,
            requested: !unpaid,
            accepted,
            answered_after: minutes.map(SignedDuration::from_mins),
            total: Euros::from_cents(10_000),
        }
    }

    #[test]
    fn requests_are_counted_by_what_became_of_them() {
        let missions = [
            mission(BookingState::Validated, true, Some(10)),
            mission(BookingState::Cancelled, true, Some(300)),
            mission(BookingState::Cancelled, false, None),
            mission(BookingState::Refused, false, Some(60)),
            mission(BookingState::Expired, false, None),
            mission(BookingState::Requested, false, None),
            mission(BookingState::AwaitingPayment, false, None),
            mission(BookingState::Abandoned, false, None),
        ];
        let figures = MarketFigures::of(&missions);
        assert_eq!(
            figures,
            MarketFigures {
                requests: 6,
                accepted: 2,
                refused: 1,
                unanswered: 1,
                unpaid: 1,
                volume: Euros::from_cents(20_000),
                median_answer_minutes: Some(60),
            }
        );
        assert_eq!(figures.accepted_percent(), Some(50));
    }

    #[test]
    fn nothing_is_said_of_what_never_happened() {
        let figures = MarketFigures::of(&[]);
        assert_eq!(figures, MarketFigures::default());
        assert_eq!(figures.accepted_percent(), None);
    }
}
