//! The two parties of a booking see who comes, when they arrived and left, and what they reported.

use adapters::store::{Key, Question};
use domain::booking::Booking;
use domain::ids::AgentId;
use domain::members::Members;
use domain::professional::Professional;
use domain::shift::{Duty, Presence, Shift, Whereabouts, everybody};
use http_function::{Call, Correspondent, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::ownership::BookingPath;
use crate::shifts::{EntryView, ReportView, log, report};

/// The two parties see who is there.
pub struct ReadAttendance;

/// An arrival or a departure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PresenceView {
    /// When.
    at: Timestamp,
    /// When the server heard of it, for the company: much later where the phone was without network.
    received_at: Option<Timestamp>,
    /// The phone's own time, for the company.
    told_at: Option<Timestamp>,
    /// Where, for the company, when the agent agreed to say it.
    position: Option<Whereabouts>,
}

/// One agent of a booking.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct AttendantView {
    /// First name for the client, both for the company.
    name: String,
    /// When they begin.
    start: Timestamp,
    /// When they end.
    end: Timestamp,
    /// Whether somebody else went on in their place.
    relieved: bool,
    /// Whether they tell when they arrive: they sign in for themselves.
    tells: bool,
    /// When they came.
    arrived: Option<PresenceView>,
    /// When they left.
    left: Option<PresenceView>,
    /// When the company was told that they were not there.
    missed_at: Option<Timestamp>,
    /// What they reported.
    report: Option<ReportView>,
    /// Their log book, for the company.
    log: Vec<EntryView>,
}

/// Who is or was there.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Attendance {
    /// Each agent who is sent, and those who were relieved.
    agents: Vec<AttendantView>,
}

impl Operation for ReadAttendance {
    const NAME: &'static str = "read-attendance";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/bookings/{booking}/attendance";
    const SUMMARY: &'static str = "Who comes on an accepted mission, when they arrived and left, and their report; with \
        the log book and the phones' times for the company.";
    type Outside = ();
    type Who = Correspondent;
    type Path = BookingPath;
    type Input = Nothing;
    type Output = Attendance;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Attendance>, Problem> {
        let id = &call.path.booking;
        let read = desk.store.get::<Booking>(Key::booking(id)).await?;
        let booking = read.map(|read| read.record);
        let booking = booking
            .filter(|booking| is_party(&call.who, booking))
            .ok_or_else(Problem::not_found)?;
        if !booking.state.contract_concluded() {
            return Ok(Reply::ok(Attendance { agents: Vec::new() }));
        }
        let seller = &booking.professional;
        let key = Key::professional(seller);
        let company = desk.store.get::<Professional>(key).await?;
        let company = company.ok_or_else(Problem::not_found)?.record;
        let members = desk.store.get::<Members>(Key::members(seller)).await?;
        let shifts = desk.store.ask_all::<Shift>(Question::shifts_of(id)).await?;
        let seen = Seen {
            booking: &booking,
            company: &company,
            members: members.as_ref().map(|read| &read.record),
            by_company: call.who.professional.is_some(),
        };
        let known = |agent: &AgentId| {
            let mut shifts = shifts.iter().map(|read| &read.record);
            shifts.find(|shift| shift.agent == *agent)
        };
        let agents = everybody(&booking);
        let agents = agents
            .into_iter()
            .filter_map(|agent| seen.attendant(agent, known(agent)));
        Ok(Reply::ok(Attendance {
            agents: agents.collect(),
        }))
    }
}

fn is_party(who: &Correspondent, booking: &Booking) -> bool {
    match &who.professional {
        Some(professional) => booking.reached(professional),
        None => booking.client == who.account,
    }
}

/// What is looked at, and by whom.
struct Seen<'a> {
    booking: &'a Booking,
    company: &'a Professional,
    members: Option<&'a Members>,
    by_company: bool,
}

impl Seen<'_> {
    fn attendant(&self, agent: &AgentId, shift: Option<&Shift>) -> Option<AttendantView> {
        let duty = Duty::of(self.booking, agent)?;
        let relieved = matches!(duty, Duty::Relieved(_));
        let presence = |presence: Option<Presence>| presence.map(|one| self.presence(one));
        let members = self.members;
        Some(AttendantView {
            name: self.name(agent),
            start: duty.interval().start(),
            end: duty.interval().end(),
            relieved,
            tells: members.is_some_and(|members| members.member_of(agent).is_some()),
            arrived: presence(shift.and_then(|shift| shift.arrived)),
            left: presence(shift.and_then(|shift| shift.left)),
            missed_at: shift
                .filter(|shift| self.by_company || shift.client_told_at.is_some())
                .and_then(|shift| shift.company_told_at),
            report: shift.and_then(report),
            log: shift
                .filter(|_| self.by_company)
                .map(log)
                .unwrap_or_default(),
        })
    }

    fn name(&self, agent: &AgentId) -> String {
        let mut agents = self.company.profile.agents.iter();
        let found = agents.find(|one| one.id == *agent);
        match found {
            Some(one) if self.by_company => format!("{} {}", one.first_name, one.last_name),
            Some(one) => one.first_name.clone(),
            None => "Un agent".to_owned(),
        }
    }

    fn presence(&self, presence: Presence) -> PresenceView {
        let moment = presence.moment;
        PresenceView {
            at: moment.at,
            received_at: self.by_company.then_some(moment.received_at),
            told_at: self.by_company.then_some(moment.told_at),
            position: presence.position.filter(|_| self.by_company),
        }
    }
}
