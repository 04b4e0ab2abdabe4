//! Why somebody may not be sent, or should not.

use super::*;
use crate::time::paris::french_date;
use crate::typography::duration;

/// The name of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// A professional card that carries the activity, or its diploma, in force on each day of the mission.
    RequiredSkill,
    /// No absence.
    TimeOff,
    /// One place at a time.
    OverlappingShift,
    /// 1 hour between two places.
    TravelBetweenLocations,
    /// 11 hours of rest between two days of work.
    MinutesBetweenShifts,
    /// 12 hours of work a day.
    MinutesWorkedPerDay,
    /// 48 hours of work a week.
    MinutesWorkedPerWeek,
    /// 6 days of work in a row.
    ConsecutiveDaysWorked,
}

/// What breaking a constraint means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Never done.
    Hard,
    /// Done with a warning.
    Soft,
}

/// A constraint that sending somebody would break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// No card in force on one of the days.
    RequiredSkill,
    /// Absent.
    TimeOff {
        /// Until when.
        until: Timestamp,
    },
    /// Already sent somewhere.
    OverlappingShift {
        /// From when to when.
        taken: Interval,
    },
    /// The other place is too near in time.
    TravelBetweenLocations {
        /// When they could begin after the shift before; nothing when the next one is too near.
        from: Option<Timestamp>,
    },
    /// Not enough rest.
    MinutesBetweenShifts {
        /// When they have rested from the shift before.
        from: Option<Timestamp>,
        /// When the next shift begins.
        next: Option<Timestamp>,
    },
    /// A day of work that is too long.
    MinutesWorkedPerDay {
        /// How long it would be.
        worked: SignedDuration,
    },
    /// A week that is too long.
    MinutesWorkedPerWeek {
        /// How long it would be.
        worked: SignedDuration,
        /// Hard for employees.
        weight: Weight,
    },
    /// Too many days in a row.
    ConsecutiveDaysWorked {
        /// How many it would be.
        days: usize,
    },
}

impl Broken {
    /// Which constraint it is.
    pub fn constraint(&self) -> Constraint {
        match self {
            Self::RequiredSkill => Constraint::RequiredSkill,
            Self::TimeOff { .. } => Constraint::TimeOff,
            Self::OverlappingShift { .. } => Constraint::OverlappingShift,
            Self::TravelBetweenLocations { .. } => Constraint::TravelBetweenLocations,
            Self::MinutesBetweenShifts { .. } => Constraint::MinutesBetweenShifts,
            Self::MinutesWorkedPerDay { .. } => Constraint::MinutesWorkedPerDay,
            Self::MinutesWorkedPerWeek { .. } => Constraint::MinutesWorkedPerWeek,
            Self::ConsecutiveDaysWorked { .. } => Constraint::ConsecutiveDaysWorked,
        }
    }

    /// Whether it forbids or warns.
    pub fn weight(&self) -> Weight {
        match self {
            Self::RequiredSkill
            | Self::TimeOff { .. }
            | Self::OverlappingShift { .. }
            | Self::TravelBetweenLocations { .. }
            | Self::MinutesBetweenShifts { .. }
            | Self::MinutesWorkedPerDay { .. } => Weight::Hard,
            Self::MinutesWorkedPerWeek { weight, .. } => *weight,
            Self::ConsecutiveDaysWorked { .. } => Weight::Soft,
        }
    }

    /// For the company, by the clocks of the mission's place: `11 h de repos : reprise possible le …`.
    pub fn sentence(&self, zone: Zone) -> String {
        let at = |moment: Timestamp| zone.french_date_time(moment);
        match self {
            Self::RequiredSkill => {
                "carte professionnelle, ou diplôme SSIAP, qui manque pour cette activité un des jours de la mission".to_owned()
            }
            Self::TimeOff { until } => {
                let last = zone.local_date(*until - SignedDuration::from_mins(1));
                format!("absence jusqu’au {}", french_date(last))
            }
            Self::OverlappingShift { taken } => {
                let (start, end) = (taken.start(), taken.end());
                let end = if zone.local_date(start) == zone.local_date(end) {
                    zone.french_time(end)
                } else {
                    at(end)
                };
                format!("déjà en mission, {} – {end}", at(start))
            }
            Self::TravelBetweenLocations { from: Some(from) } => {
                format!("1 h entre deux lieux : départ possible {}", at(*from))
            }
            Self::TravelBetweenLocations { from: None } => {
                "1 h entre deux lieux : la mission suivante commence trop tôt".to_owned()
            }
            Self::MinutesBetweenShifts {
                from: Some(from), ..
            } => format!("11 h de repos : reprise possible {}", at(*from)),
            Self::MinutesBetweenShifts {
                from: None,
                next: Some(next),
            } => format!("11 h de repos avant la mission suivante, {}", at(*next)),
            Self::MinutesBetweenShifts {
                from: None,
                next: None,
            } => "11 h de repos entre deux journées".to_owned(),
            Self::MinutesWorkedPerDay { worked } => {
                format!(
                    "12 h par jour au plus : il y en aurait {}",
                    duration(worked.as_mins())
                )
            }
            Self::MinutesWorkedPerWeek { worked, .. } => {
                format!(
                    "48 h par semaine au plus : il y en aurait {}",
                    duration(worked.as_mins())
                )
            }
            Self::ConsecutiveDaysWorked { days } => format!("{days} jours de suite"),
        }
    }
}
