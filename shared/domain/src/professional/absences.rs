//! When agents are not there: the rules of `staffing` never send them then.

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Professional;
use crate::ids::AgentId;
use crate::time::interval::Interval;
use crate::time::zone::Zone;

/// The most absences of a professional's agents that are kept.
pub const MOST_ABSENCES: usize = 300;

/// Why an agent is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AbsenceKind {
    /// Paid or unpaid leave.
    Leave,
    /// Ill.
    Illness,
    /// At a training.
    Training,
}

/// Whole days on which an agent is not there, by the clocks of the place of whatever mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Absence {
    /// Who.
    pub agent: AgentId,
    /// Why.
    pub kind: AbsenceKind,
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
}

/// Why absences are not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AbsenceRefused {
    /// Nobody of this professional.
    #[error("Une absence concerne une personne qui ne fait pas partie de votre équipe.")]
    UnknownAgent,
    /// It ends before it begins, or lasts more than a year.
    #[error("Une absence finit au plus tôt le jour où elle commence, et dure un an au plus.")]
    Dates,
    /// More than 300.
    #[error("Il y a trop d’absences (300 au plus) : retirez celles qui sont passées.")]
    TooMany,
}

impl AbsenceRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownAgent => "absence_agent_unknown",
            Self::Dates => "absence_dates_invalid",
            Self::TooMany => "absences_too_many",
        }
    }
}

impl Absence {
    /// From when to when, at a place with this zone.
    pub fn interval(&self, zone: Zone) -> Option<Interval> {
        let next = self.to.checked_add(1.day()).ok()?;
        Interval::new(zone.day_start(self.from), zone.day_start(next)).ok()
    }

    fn is_sound(&self) -> bool {
        let year = self.from.checked_add(1.year());
        self.from <= self.to && year.is_ok_and(|year| self.to <= year)
    }
}

impl Professional {
    /// When an agent is not there, at a place with this zone.
    pub fn absences_of(&self, agent: &AgentId, zone: Zone) -> Vec<Interval> {
        let own = self.absences.iter().filter(|one| one.agent == *agent);
        own.filter_map(|one| one.interval(zone)).collect()
    }

    /// Writes the absences anew, in the order of their days.
    pub fn set_absences(&mut self, mut absences: Vec<Absence>) -> Result<(), AbsenceRefused> {
        if absences.len() > MOST_ABSENCES {
            return Err(AbsenceRefused::TooMany);
        }
        let known = |one: &Absence| {
            self.profile
                .agents
                .iter()
                .any(|agent| agent.id == one.agent)
        };
        if !absences.iter().all(known) {
            return Err(AbsenceRefused::UnknownAgent);
        }
        if !absences.iter().all(Absence::is_sound) {
            return Err(AbsenceRefused::Dates);
        }
        absences.sort_by(|one, other| (one.from, &one.agent).cmp(&(other.from, &other.agent)));
        absences.dedup();
        self.absences = absences;
        Ok(())
    }
}
