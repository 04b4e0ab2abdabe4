//! A company looks at its week: what is to be given again first, then who goes where, and who is away.

use adapters::agenda;
use domain::calendar::Occupation;
use domain::ids::{AgentId, BookingId};
use domain::professional::{Absence, Agent, Professional as Seller};
use domain::staffing::{Demand, Team, Weight};
use domain::time::interval::Interval;
use domain::time::monday_of;
use domain::time::paris;
use domain::time::zone::Zone;
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::own::own;

/// Read one's own planning.
pub struct ReadPlanning;

/// Which week.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Week {
    /// A day of it; today without one.
    #[serde(default)]
    day: Option<Date>,
}

/// One shift of an agent.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ShiftView {
    /// Of which booking.
    booking: BookingId,
    /// Its start.
    start: Timestamp,
    /// Its end.
    end: Timestamp,
    /// Whether it is only held, while the client pays.
    held: bool,
    /// Why the agent may not go any more: somebody else is to be chosen.
    broken: Vec<String>,
}

/// An agent's week.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AgentWeek {
    /// Who.
    agent: AgentId,
    /// First and last name.
    name: String,
    /// What they have to do that week, in minutes.
    minutes: i64,
    /// Whether they left the team: what they were to do is to be given again.
    departed: bool,
    /// Their shifts, in order.
    shifts: Vec<ShiftView>,
}

/// A week, from Monday to Sunday, Paris time.
#[derive(Serialize, JsonSchema)]
pub struct Planning {
    /// Monday.
    monday: Date,
    /// Each agent, in the order of the team.
    agents: Vec<AgentWeek>,
    /// Every absence that is kept, in the order of their days.
    absences: Vec<Absence>,
}

impl Operation for ReadPlanning {
    const NAME: &'static str = "read-planning";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/planning";
    const SUMMARY: &'static str = "A week of the caller's agents: their shifts, those that they may not do any more, and \
        absences.";
    type Outside = ();
    type Who = Professional;
    type Path = http_function::Nothing;
    type Input = Week;
    type Output = Planning;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Planning>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let day = call
            .input
            .day
            .unwrap_or_else(|| paris::local_date(call.now));
        let monday = monday_of(day);
        let week = week_from(monday).ok_or_else(Problem::not_found)?;
        let agenda = agenda::read(&desk.store, &professional.id, week).await?;
        let occupations = agenda.occupations();
        let of = |agent: &Agent| AgentWeek {
            name: agent.name(),
            ..week_of(&professional, &occupations, &agent.id, week, call.now)
        };
        let team = professional.profile.agents.iter().map(of);
        let gone = professional.departed.iter().map(of).map(|gone| AgentWeek {
            departed: true,
            ..gone
        });
        let gone = gone.filter(AgentWeek::is_to_be_given);
        Ok(Reply::ok(Planning {
            monday,
            agents: team.chain(gone).collect(),
            absences: professional.absences.clone(),
        }))
    }
}

impl AgentWeek {
    fn is_to_be_given(&self) -> bool {
        self.shifts.iter().any(|shift| !shift.broken.is_empty())
    }
}

fn week_from(monday: Date) -> Option<Interval> {
    let next = monday.checked_add(7.days()).ok()?;
    Interval::new(paris::day_start(monday), paris::day_start(next)).ok()
}

fn week_of(
    professional: &Seller,
    occupations: &[Occupation],
    agent: &AgentId,
    week: Interval,
    now: Timestamp,
) -> AgentWeek {
    let own = occupations.iter().filter(|one| one.agent == agent.as_str());
    let counting = own.filter(|one| one.counts(now) && one.interval.overlaps(&week));
    let mut shifts: Vec<ShiftView> = Vec::new();
    let mut minutes = 0;
    for one in counting {
        minutes += one
            .interval
            .intersection(&week)
            .map_or(0, |part| part.minutes());
        let Ok(booking) = BookingId::parse(&one.booking) else {
            continue;
        };
        shifts.push(ShiftView {
            broken: broken(
                professional,
                occupations,
                agent,
                one.interval,
                &booking,
                now,
            ),
            booking,
            start: one.interval.start(),
            end: one.interval.end(),
            held: one.held_until.is_some(),
        });
    }
    shifts.sort_by_key(|shift| shift.start);
    AgentWeek {
        agent: agent.clone(),
        name: String::new(),
        departed: false,
        minutes,
        shifts,
    }
}

/// Why an agent may not do a shift that is still to come, although they were sent.
fn broken(
    professional: &Seller,
    occupations: &[Occupation],
    agent: &AgentId,
    shift: Interval,
    booking: &BookingId,
    now: Timestamp,
) -> Vec<String> {
    if shift.end() <= now {
        return Vec::new();
    }
    if !professional
        .profile
        .agents
        .iter()
        .any(|one| one.id == *agent)
    {
        return vec!["ne fait plus partie de votre équipe".to_owned()];
    }
    let demand = Demand::new(shift, Zone::Paris);
    let team = Team::of(professional, None, occupations, demand, Some(booking), now);
    let mut candidates = team.candidates().iter();
    let broken = candidates.find(|one| one.agent == *agent);
    let hard = broken.into_iter().flat_map(|one| &one.broken);
    let hard = hard.filter(|one| one.weight() == Weight::Hard);
    hard.map(|one| one.sentence(Zone::Paris)).collect()
}
