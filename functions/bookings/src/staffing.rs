//! Who is sent on a mission, as the company reads and decides it.

use adapters::agenda::{self, Agenda};
use adapters::store::Key;
use domain::booking::Booking;
use domain::ids::AgentId;
use domain::professional::{Agent, Professional as Seller};
use domain::staffing::{Broken, Candidate, Constraint, Team, Weight};
use domain::time::interval::Interval;
use domain::time::zone::ZoneView;
use http_function::{Desk, Problem};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A constraint that sending somebody would break.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BrokenView {
    /// Which.
    pub constraint: Constraint,
    /// Whether it forbids or warns.
    pub weight: Weight,
    /// In French: `11 h de repos : reprise possible …`.
    pub sentence: String,
}

/// One agent, for the mission.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CandidateView {
    /// Who.
    pub agent: AgentId,
    /// First and last name.
    pub name: String,
    /// Whether they are held for the mission, or go.
    pub sent: bool,
    /// Whether they are among those whom the system proposes.
    pub proposed: bool,
    /// Whether they may go.
    pub may_go: bool,
    /// Whether they have 11 hours of rest before and after it.
    pub rested: bool,
    /// What they have to do that week without it, in minutes.
    pub minutes_that_week: i64,
    /// Why they may not go, or should not.
    pub broken: Vec<BrokenView>,
}

/// That somebody went in the place of somebody else.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReplacementView {
    /// Name of who does not come.
    pub left: String,
    /// Name of who comes.
    pub came: String,
    /// When it was decided.
    pub at: Timestamp,
}

/// Who goes on a mission, and who else could.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StaffingView {
    /// How many agents the mission wants.
    pub wanted: u16,
    /// When an agent who is chosen now begins.
    pub start: Timestamp,
    /// When the mission ends.
    pub end: Timestamp,
    /// By whose clocks its hours are told.
    pub zone: ZoneView,
    /// Everybody: those who may go first, rested first, then those with the fewest hours that week.
    pub agents: Vec<CandidateView>,
    /// Who went in whose place since the acceptance.
    pub replacements: Vec<ReplacementView>,
}

/// A mission with its professional, and the agenda around it.
pub(crate) struct Staffing {
    pub(crate) professional: Seller,
    pub(crate) agenda: Agenda,
    pub(crate) team: Team,
}

impl Staffing {
    /// Reads what decides who may go on `shift`, which is the mission or what is left of it.
    pub(crate) async fn read<O>(
        desk: &Desk<O>,
        booking: &Booking,
        shift: Interval,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let key = Key::professional(&booking.professional);
        let read = desk.store.get::<Seller>(key).await?;
        let professional = read.ok_or_else(Problem::not_found)?.record;
        let mission = booking.mission.interval;
        let agenda = agenda::read(&desk.store, &booking.professional, mission).await?;
        let zone = booking.mission.zone();
        let team = agenda.team(
            &professional,
            booking.mission.activity,
            shift,
            zone,
            Some(&booking.id),
            now,
        );
        Ok(Self {
            professional,
            agenda,
            team,
        })
    }

    /// What the company sees.
    pub(crate) fn view(&self, booking: &Booking, shift: Interval) -> StaffingView {
        let wanted = booking.mission.agents;
        let proposal = self.team.proposal(wanted).unwrap_or_default();
        let view = |candidate: &Candidate| CandidateView {
            agent: candidate.agent.clone(),
            name: self.name(&candidate.agent),
            sent: booking.agents.contains(&candidate.agent),
            proposed: proposal.contains(&candidate.agent),
            may_go: candidate.may_go(),
            rested: candidate.rested,
            minutes_that_week: candidate.worked_that_week.as_mins(),
            broken: candidate
                .broken
                .iter()
                .map(|one| broken(one, booking))
                .collect(),
        };
        let candidates = self.team.candidates().iter();
        let in_team = |agent: &AgentId| candidates.clone().any(|one| one.agent == *agent);
        let gone = booking.agents.iter().filter(|agent| !in_team(agent));
        let gone = gone.map(|agent| CandidateView {
            agent: agent.clone(),
            name: self.name(agent),
            sent: true,
            proposed: false,
            may_go: false,
            rested: false,
            minutes_that_week: 0,
            broken: vec![BrokenView {
                constraint: Constraint::RequiredSkill,
                weight: Weight::Hard,
                sentence: "ne fait plus partie de votre équipe".to_owned(),
            }],
        });
        let replacements = booking.replacements.iter().map(|one| ReplacementView {
            left: self.name(&one.left),
            came: self.name(&one.came),
            at: one.at,
        });
        StaffingView {
            wanted,
            start: shift.start(),
            end: shift.end(),
            zone: booking.mission.zone().view(),
            agents: candidates.clone().map(view).chain(gone).collect(),
            replacements: replacements.collect(),
        }
    }

    fn name(&self, agent: &AgentId) -> String {
        let found = self.professional.agent(agent);
        found.map_or_else(String::new, Agent::name)
    }
}

fn broken(broken: &Broken, booking: &Booking) -> BrokenView {
    BrokenView {
        constraint: broken.constraint(),
        weight: broken.weight(),
        sentence: broken.sentence(booking.mission.zone()),
    }
}
