//! Everybody of a professional, for one mission: who may go, in the order in which they are proposed,
//! and who may not.

use super::*;
use crate::typography::duration;

/// One agent, for one mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub agent: AgentId,
    /// What sending them would break.
    pub broken: Vec<Broken>,
    /// Whether they have 11 hours of rest before the mission and after it.
    pub rested: bool,
    /// What they have to do in the week in which the mission begins, without it.
    pub worked_that_week: SignedDuration,
}

impl Candidate {
    /// One agent by themselves, for a mission of this activity: `held` are their other shifts.
    pub fn alone(
        professional: &Professional,
        agent: &AgentId,
        activity: Activity,
        held: Vec<Interval>,
        demand: &Demand,
    ) -> Self {
        let (shift, zone) = (demand.shift, demand.zone);
        let person = Person {
            agent: agent.clone(),
            held,
            away: professional.absences_of(agent, zone),
            skilled: professional.has_titles(agent, activity, shift, zone),
        };
        person.for_mission(demand, Worker::of(professional))
    }

    /// Whether they may be sent.
    pub fn may_go(&self) -> bool {
        self.broken.iter().all(|one| one.weight() == Weight::Soft)
    }

    /// Those proposed first come first: rested, with the fewest warnings, with the fewest hours.
    fn order(&self) -> (bool, bool, usize, SignedDuration) {
        (
            !self.may_go(),
            !self.rested,
            self.broken.len(),
            self.worked_that_week,
        )
    }
}

/// Why those who were chosen cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MayNotGo {
    /// Nobody of this professional.
    #[error("Un des agents choisis ne fait pas partie de votre équipe.")]
    Unknown,
    /// Twice the same, too few or too many.
    #[error("{}", so_many(*.0))]
    Number(u16),
    /// A hard constraint would be broken.
    #[error("{name} ne peut pas y aller : {reason}. {instead}")]
    Broken {
        /// First and last name.
        name: String,
        /// Which, in words.
        reason: String,
        /// Whom to choose.
        instead: String,
    },
}

impl MayNotGo {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "agent_unknown",
            Self::Number(_) => "agents_number_wrong",
            Self::Broken { .. } => "agent_may_not_go",
        }
    }
}

/// Somebody as the rules see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub agent: AgentId,
    /// Their other shifts, within `AROUND` of the mission.
    pub held: Vec<Interval>,
    /// When they are absent.
    pub away: Vec<Interval>,
    /// Whether their professional card, or the diploma, is in force for the activity on each day of the
    /// mission.
    pub skilled: bool,
}

impl Person {
    fn for_mission(&self, demand: &Demand, worker: Worker) -> Candidate {
        let mut broken = broken(&self.held, &self.away, demand, worker);
        if !self.skilled {
            broken.insert(0, Broken::RequiredSkill);
        }
        let day = demand.day_of_work(&self.held);
        Candidate {
            agent: self.agent.clone(),
            broken,
            rested: day.before.is_none() && day.after.is_none(),
            worked_that_week: demand.worked_that_week(&self.held),
        }
    }
}

/// Everybody, for one mission: those who may go first, as they are proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    demand: Demand,
    candidates: Vec<Candidate>,
}

impl Team {
    /// Looks at everybody, for a mission of this activity where it is known. `occupations` are all within `AROUND` of the shift; those of `booking` itself
    /// do not stand in its way.
    pub fn of(
        professional: &Professional,
        activity: Option<Activity>,
        occupations: &[Occupation],
        demand: Demand,
        booking: Option<&BookingId>,
        now: Timestamp,
    ) -> Self {
        let worker = Worker::of(professional);
        let skilled = match activity {
            Some(activity) => professional.agents_with_titles(activity, demand.shift, demand.zone),
            None => professional.agents_with_some_title(demand.shift, demand.zone),
        };
        let skilled: Vec<&AgentId> = skilled.into_iter().map(|agent| &agent.id).collect();
        let counting: Vec<&Occupation> = occupations
            .iter()
            .filter(|one| one.counts(now))
            .filter(|one| booking.is_none_or(|own| one.booking != own.as_str()))
            .collect();
        let agents = professional.profile.agents.iter().map(|agent| &agent.id);
        let people = agents.map(|agent| {
            let own = counting.iter().filter(|one| one.agent == agent.as_str());
            Person {
                agent: agent.clone(),
                held: own.map(|one| one.interval).collect(),
                away: professional.absences_of(agent, demand.zone),
                skilled: skilled.contains(&agent),
            }
        });
        Self::among(&people.collect::<Vec<_>>(), demand, worker)
    }

    /// Looks at these people, who are listed in the order in which equals are proposed.
    pub fn among(people: &[Person], demand: Demand, worker: Worker) -> Self {
        let candidates = people.iter().map(|one| one.for_mission(&demand, worker));
        let mut candidates: Vec<Candidate> = candidates.collect();
        candidates.sort_by_key(Candidate::order);
        Self { demand, candidates }
    }

    /// Everybody, those who are proposed first first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Those who may go, in the order in which they are proposed.
    pub fn who_may_go(&self) -> impl Iterator<Item = &AgentId> {
        let may = self.candidates.iter().filter(|one| one.may_go());
        may.map(|one| &one.agent)
    }

    /// As many as are wanted, when so many may go.
    pub fn proposal(&self, wanted: u16) -> Option<Vec<AgentId>> {
        let wanted = usize::from(wanted);
        let chosen: Vec<AgentId> = self.who_may_go().take(wanted).cloned().collect();
        (chosen.len() == wanted).then_some(chosen)
    }

    /// Whether these are as many different agents of the professional as a mission wants.
    pub fn check_choice(&self, chosen: &[AgentId], wanted: u16) -> Result<(), MayNotGo> {
        let mut different: Vec<&AgentId> = chosen.iter().collect();
        different.sort_unstable();
        different.dedup();
        if different.len() != chosen.len() || chosen.len() != usize::from(wanted) {
            return Err(MayNotGo::Number(wanted));
        }
        let known: Vec<&AgentId> = self.candidates.iter().map(|one| &one.agent).collect();
        if !chosen.iter().all(|agent| known.contains(&agent)) {
            return Err(MayNotGo::Unknown);
        }
        Ok(())
    }

    /// Whether each of these may go.
    pub fn check(&self, professional: &Professional, chosen: &[AgentId]) -> Result<(), MayNotGo> {
        let mut each = chosen.iter();
        each.try_for_each(|agent| self.check_newcomer(professional, agent, chosen))
    }

    /// Whether one of those who were chosen can be sent.
    pub fn check_newcomer(
        &self,
        professional: &Professional,
        agent: &AgentId,
        chosen: &[AgentId],
    ) -> Result<(), MayNotGo> {
        let found = self.candidates.iter().find(|one| one.agent == *agent);
        let candidate = found.ok_or(MayNotGo::Unknown)?;
        let mut broken = candidate.broken.iter();
        let Some(hard) = broken.find(|one| one.weight() == Weight::Hard) else {
            return Ok(());
        };
        Err(MayNotGo::Broken {
            name: name_of(professional, agent),
            reason: hard.sentence(self.demand.zone),
            instead: self.instead(professional, chosen),
        })
    }

    /// Whom to choose in the place of one of these.
    fn instead(&self, professional: &Professional, chosen: &[AgentId]) -> String {
        let others = self.candidates.iter();
        let others = others.filter(|one| one.may_go() && !chosen.contains(&one.agent));
        let names: Vec<String> = others
            .take(3)
            .map(|one| {
                let name = name_of(professional, &one.agent);
                match one.worked_that_week.as_mins() {
                    0 => format!("{name} (aucune autre mission cette semaine)"),
                    minutes => format!("{name} ({} cette semaine)", duration(minutes)),
                }
            })
            .collect();
        match names.as_slice() {
            [] => "Aucun autre agent ne peut y aller.".to_owned(),
            [one] => format!("Peut y aller : {one}."),
            several => format!("Peuvent y aller : {}.", several.join(", ")),
        }
    }
}

fn so_many(wanted: u16) -> String {
    match wanted {
        1 => "Choisissez un agent : la mission en demande un.".to_owned(),
        several => {
            format!("Choisissez {several} agents différents : autant que la mission en demande.")
        }
    }
}

/// First and last name of an agent of the professional.
fn name_of(professional: &Professional, agent: &AgentId) -> String {
    let found = professional.agent(agent);
    found.map_or_else(String::new, Agent::name)
}
