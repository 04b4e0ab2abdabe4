//! A client wants to know when somebody is free for a mission that nobody could take: told once.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{AccountId, AlertId};
use crate::offer::Activity;
use crate::places::Department;
use crate::time::interval::Interval;

/// How many alerts of a client wait at once.
pub const MOST_WAITING: usize = 10;
/// How often it is looked whether somebody is free.
pub const LOOKED_EVERY: SignedDuration = SignedDuration::from_mins(15);

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// Nobody was free yet.
    Waiting,
    /// Somebody was, and the client was told.
    Told {
        /// When.
        at: Timestamp,
    },
    /// The client does not want to know any more.
    Ended {
        /// When.
        at: Timestamp,
    },
    /// It is too late to order the mission, or there is nobody left to tell.
    Over {
        /// When.
        at: Timestamp,
    },
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Its identifier.
    pub id: AlertId,
    /// Whose.
    pub client: AccountId,
    /// The activity.
    pub activity: Activity,
    /// The place as it was understood: `Lyon (69)`.
    pub place: String,
    /// Its department, in which is searched.
    pub department: Department,
    /// Start and end.
    pub interval: Interval,
    /// How many agents.
    pub agents: u16,
    /// When it was set.
    pub created_at: Timestamp,
    /// When it was looked last.
    pub looked_at: Option<Timestamp>,
    /// Where it stands.
    pub state: AlertState,
}

/// Why an alert is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AlertRefused {
    /// Too many wait already.
    #[error("Vous avez déjà 10 alertes en attente : arrêtez-en une d’abord.")]
    TooMany,
}

impl AlertRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooMany => "alerts_too_many",
        }
    }
}

impl Alert {
    /// Whether it still waits for somebody.
    pub fn waits(&self) -> bool {
        self.state == AlertState::Waiting
    }

    /// Whether it is about the same mission.
    pub fn same_mission(&self, other: &Self) -> bool {
        let of = |one: &Self| (one.activity, one.department, one.interval, one.agents);
        of(self) == of(other)
    }

    /// Whether it may wait beside these, which are the client's.
    ///
    /// # Errors
    /// When too many wait already.
    pub fn check_beside<'a>(
        others: impl IntoIterator<Item = &'a Self>,
    ) -> Result<(), AlertRefused> {
        let waiting = others.into_iter().filter(|one| one.waits()).count();
        if waiting < MOST_WAITING {
            Ok(())
        } else {
            Err(AlertRefused::TooMany)
        }
    }

    /// When it is to be looked again.
    pub fn next_look(&self) -> Option<Timestamp> {
        let next = self
            .looked_at
            .map_or(self.created_at, |at| at + LOOKED_EVERY);
        self.waits().then_some(next)
    }

    /// It was looked and nobody was free: once the mission has begun there is nothing to wait for.
    #[must_use]
    pub fn looked(&self, now: Timestamp) -> Self {
        let late = now >= self.interval.start();
        let over = AlertState::Over { at: now };
        Self {
            looked_at: Some(now),
            state: if late { over } else { self.state },
            ..self.clone()
        }
    }

    /// Somebody is free: the client is told, once.
    #[must_use]
    pub fn told(&self, now: Timestamp) -> Self {
        self.becoming(AlertState::Told { at: now })
    }

    /// There is nobody left to tell.
    #[must_use]
    pub fn over(&self, now: Timestamp) -> Self {
        self.becoming(AlertState::Over { at: now })
    }

    /// The client does not want to know any more.
    #[must_use]
    pub fn ended(&self, now: Timestamp) -> Self {
        self.becoming(AlertState::Ended { at: now })
    }

    /// What is over stays as it ended.
    fn becoming(&self, state: AlertState) -> Self {
        let state = if self.waits() { state } else { self.state };
        Self {
            state,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn alert() -> Alert {
        Alert {
            id: AlertId::from_ulid(ULID),
            client: AccountId::from_ulid(ULID),
            activity: Activity::HumanSurveillance,
            place: "Lyon (69)".to_owned(),
            department: Department::parse("69").unwrap(),
            interval: Interval::new(at("2026-11-28T19:00:00Z"), at("2026-11-29T03:00:00Z"))
                .unwrap(),
            agents: 2,
            created_at: at("2026-11-26T09:00:00Z"),
            looked_at: None,
            state: AlertState::Waiting,
        }
    }

    #[test]
    fn it_is_looked_at_once_and_every_quarter_until_the_mission_begins() {
        let alert = alert();
        assert_eq!(alert.next_look(), Some(alert.created_at));
        let looked = alert.looked(at("2026-11-26T09:01:00Z"));
        assert_eq!(looked.next_look(), Some(at("2026-11-26T09:16:00Z")));
        let late = looked.looked(at("2026-11-28T19:00:00Z"));
        assert_eq!(late.next_look(), None);
        assert!(!late.waits());
    }

    #[test]
    fn it_tells_once_and_what_is_over_stays_over() {
        let now = at("2026-11-26T10:00:00Z");
        for over in [alert().told(now), alert().ended(now), alert().over(now)] {
            assert_eq!(over.next_look(), None);
            let later = at("2026-11-27T10:00:00Z");
            assert_eq!(over.told(later), over);
            assert_eq!(over.ended(later), over);
            assert_eq!(over.over(later), over);
        }
    }

    #[test]
    fn ten_wait_at_once() {
        let ten = vec![alert(); MOST_WAITING];
        assert_eq!(Alert::check_beside(&ten), Err(AlertRefused::TooMany));
        let mut nine = ten;
        let one = nine.pop().unwrap().told(at("2026-11-26T10:00:00Z"));
        nine.push(one);
        assert_eq!(Alert::check_beside(&nine), Ok(()));
        let other = Alert {
            agents: 3,
            ..alert()
        };
        assert!(alert().same_mission(&alert()) && !alert().same_mission(&other));
    }
}
