//! A company looks at its week, or its month: what is to be given again first, then who goes where, and who
//! is away.

use std::collections::{BTreeSet, HashMap};

use adapters::agenda;
use adapters::store::{Key, Question, Store};
use domain::booking::{Booking, BookingState};
use domain::calendar::Occupation;
use domain::ids::{AgentId, BookingId, OrderId, ProfessionalId};
use domain::offer::Activity;
use domain::order::{Order, OrderState};
use domain::professional::{Absence, Agent, Professional as Seller};
use domain::staffing::{Candidate, Demand, MOST_WORK_A_WEEK, Weight};
use domain::time::interval::Interval;
use domain::time::moment::is_within_reach;
use domain::time::monday_of;
use domain::time::paris;
use domain::time::zone::ZoneView;
use http_function::{Call, Desk, Operation, Problem, Professional, Reply};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::own::own;

/// Read one's own planning.
pub struct ReadPlanning;

/// How much of a planning is asked for.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlanningSpan {
    /// A week.
    #[default]
    Week,
    /// The weeks that a month touches.
    Month,
}

/// Which part of the planning.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct PlanningAsked {
    /// A day of it; today without one.
    #[serde(default)]
    day: Option<Date>,
    /// A week without it.
    #[serde(default)]
    span: PlanningSpan,
}

/// One shift of an agent.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PlannedShift {
    /// Of which booking.
    booking: BookingId,
    /// Of which order of several missions.
    order: Option<OrderId>,
    /// Where that stands: while the client pays, agents are only held.
    state: BookingState,
    /// What is to be done.
    activity: Activity,
    /// The town where.
    town: String,
    /// By whose clocks its hours are told.
    zone: ZoneView,
    /// Its start.
    start: Timestamp,
    /// Its end.
    end: Timestamp,
    /// Minutes since the agent's last shift, where there was one in the week before.
    rest_before: Option<i64>,
    /// Whether somebody else may still be sent.
    movable: bool,
    /// Why the agent may not go any more: somebody else is to be chosen.
    broken: Vec<String>,
}

/// An agent's shifts.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AgentPlan {
    /// Who.
    agent: AgentId,
    /// First and last name.
    name: String,
    /// What they have to do in each week, in minutes.
    minutes_by_week: Vec<i64>,
    /// Whether they left the team: what they were to do is to be given again.
    departed: bool,
    /// Their shifts, in order.
    shifts: Vec<PlannedShift>,
}

/// Whole weeks, from Monday to Sunday, Paris time.
#[derive(Serialize, JsonSchema)]
pub struct Planning {
    /// The first Monday.
    monday: Date,
    /// The most that an agent may do in a week, in minutes.
    most_minutes_a_week: i64,
    /// Each agent, in the order of the team.
    agents: Vec<AgentPlan>,
    /// Every absence that is kept, in the order of their days.
    absences: Vec<Absence>,
}

impl Operation for ReadPlanning {
    const NAME: &'static str = "read-planning";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/planning";
    const SUMMARY: &'static str = "A week or a month of the caller's agents: their shifts, those that they may not do any \
        more, and absences.";
    type Outside = ();
    type Who = Professional;
    type Path = http_function::Nothing;
    type Input = PlanningAsked;
    type Output = Planning;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Planning>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let today = paris::local_date(call.now);
        let day = call.input.day.unwrap_or(today);
        let weeks = Weeks::of(day, call.input.span).ok_or_else(Problem::not_found)?;
        let agenda = agenda::read(&desk.store, &professional.id, weeks.whole).await?;
        let counting = agenda.occupations().into_iter();
        let counting = counting.filter(|one| one.counts(call.now)).collect();
        let busy = Busy::read(&desk.store, &professional.id, counting, weeks.whole).await?;
        let plan = |agent: &Agent, departed| AgentPlan {
            agent: agent.id.clone(),
            name: agent.name(),
            minutes_by_week: busy.minutes(&agent.id, &weeks),
            departed,
            shifts: busy.shifts(&professional, &agent.id, call.now),
        };
        let team = professional.profile.agents.iter();
        let gone = professional.departed.iter().map(|one| plan(one, true));
        let gone = gone.filter(AgentPlan::is_to_be_given);
        let agents = team.map(|one| plan(one, false)).chain(gone);
        Ok(Reply::ok(Planning {
            monday: weeks.monday,
            most_minutes_a_week: MOST_WORK_A_WEEK.as_mins(),
            agents: agents.collect(),
            absences: professional.absences.clone(),
        }))
    }
}

impl AgentPlan {
    fn is_to_be_given(&self) -> bool {
        self.shifts.iter().any(|shift| !shift.broken.is_empty())
    }
}

/// The weeks that are asked for.
struct Weeks {
    monday: Date,
    whole: Interval,
    each: Vec<Interval>,
}

impl Weeks {
    fn of(day: Date, span: PlanningSpan) -> Option<Self> {
        if !is_within_reach(day) {
            return None;
        }
        let (first, last) = match span {
            PlanningSpan::Week => (day, day),
            PlanningSpan::Month => (day.first_of_month(), day.last_of_month()),
        };
        let monday = monday_of(first);
        let mondays = std::iter::successors(Some(monday), |day| day.checked_add(7.days()).ok());
        let each = mondays.take_while(|day| *day <= last).map(|day| {
            let next = day.checked_add(7.days()).ok()?;
            Interval::new(paris::day_start(day), paris::day_start(next)).ok()
        });
        let each: Vec<Interval> = each.collect::<Option<_>>()?;
        let (start, end) = (each.first()?.start(), each.last()?.end());
        let whole = Interval::new(start, end).ok()?;
        Some(Self {
            monday,
            whole,
            each,
        })
    }
}

/// The missions of orders that wait for an answer: each becomes a booking once it is accepted. They wait
/// two days at most, so they are among the newest.
async fn asked_in_orders(
    store: &Store,
    professional: &ProfessionalId,
) -> Result<Vec<Booking>, Problem> {
    let question = Question::orders_of_professional(professional).limit(50);
    let newest = store.ask::<Order>(question).await?.records.into_iter();
    let waiting = newest
        .map(|read| read.record)
        .filter(|order| order.state == OrderState::Requested);
    let asked = |order: Order| {
        let booking = |mission| Booking {
            state: BookingState::Requested,
            ..order.booking_of(mission, order.reference.clone())
        };
        order.missions.iter().map(booking).collect::<Vec<_>>()
    };
    Ok(waiting.flat_map(asked).collect())
}

/// Who is busy in these weeks and around them, and the bookings of what lies in them.
struct Busy {
    weeks: Interval,
    occupations: Vec<Occupation>,
    bookings: HashMap<String, Booking>,
}

impl Busy {
    async fn read(
        store: &Store,
        professional: &ProfessionalId,
        occupations: Vec<Occupation>,
        weeks: Interval,
    ) -> Result<Self, Problem> {
        let inside = occupations
            .iter()
            .filter(|one| one.interval.overlaps(&weeks));
        let ids = inside.filter_map(|one| BookingId::parse(&one.booking).ok());
        let ids: BTreeSet<BookingId> = ids.collect();
        let keys = ids.iter().map(Key::booking).collect();
        let read = store.get_many::<Booking>(keys).await?.into_iter();
        let mut bookings: Vec<Booking> = read.map(|read| read.record).collect();
        if bookings.len() < ids.len() {
            bookings.extend(asked_in_orders(store, professional).await?);
        }
        let bookings = bookings.into_iter();
        Ok(Self {
            weeks,
            occupations,
            bookings: bookings.map(|one| (one.id.to_string(), one)).collect(),
        })
    }

    fn of_agent(&self, agent: &AgentId) -> impl Iterator<Item = &Occupation> {
        let all = self.occupations.iter();
        all.filter(|one| one.agent == agent.as_str())
    }

    fn minutes(&self, agent: &AgentId, weeks: &Weeks) -> Vec<i64> {
        let within = |week: &Interval| {
            let parts = self
                .of_agent(agent)
                .filter_map(|one| one.interval.intersection(week));
            parts.map(|part| part.minutes()).sum()
        };
        weeks.each.iter().map(within).collect()
    }

    fn shifts(&self, professional: &Seller, agent: &AgentId, now: Timestamp) -> Vec<PlannedShift> {
        let own = self.of_agent(agent);
        let own = own.filter(|one| one.interval.overlaps(&self.weeks));
        let shifts = own.filter_map(|one| {
            let booking = self.bookings.get(&one.booking)?;
            let shift = one.interval;
            let to_come = shift.end() > now;
            let broken = self.broken(professional, agent, booking, shift);
            Some(PlannedShift {
                booking: booking.id.clone(),
                order: booking.order.clone(),
                state: booking.state,
                activity: booking.mission.activity,
                town: booking.shown_before_contract(&booking.mission.place.town),
                zone: booking.mission.zone().view(),
                start: shift.start(),
                end: shift.end(),
                rest_before: self.rest_before(agent, shift),
                movable: to_come && booking.state == BookingState::Accepted,
                broken: if to_come { broken } else { Vec::new() },
            })
        });
        let mut shifts: Vec<PlannedShift> = shifts.collect();
        shifts.sort_by_key(|shift| shift.start);
        shifts
    }

    fn rest_before(&self, agent: &AgentId, shift: Interval) -> Option<i64> {
        let ends = self.of_agent(agent).map(|one| one.interval.end());
        let before = ends.filter(|end| *end <= shift.start()).max()?;
        Some(before.duration_until(shift.start()).as_mins())
    }

    /// Why an agent may not do a shift, although they were sent.
    fn broken(
        &self,
        professional: &Seller,
        agent: &AgentId,
        booking: &Booking,
        shift: Interval,
    ) -> Vec<String> {
        let mut team = professional.profile.agents.iter();
        if !team.any(|one| one.id == *agent) {
            return vec!["ne fait plus partie de votre équipe".to_owned()];
        }
        let zone = booking.mission.zone();
        let others = self.of_agent(agent);
        let others = others.filter(|one| one.booking != booking.id.as_str());
        let held = others.map(|one| one.interval).collect();
        let demand = Demand::new(shift, zone);
        let activity = booking.mission.activity;
        let candidate = Candidate::alone(professional, agent, activity, held, &demand);
        let hard = candidate.broken.iter();
        let hard = hard.filter(|one| one.weight() == Weight::Hard);
        hard.map(|one| one.sentence(zone)).collect()
    }
}
