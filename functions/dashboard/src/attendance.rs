//! Who was on a mission, as the operator reads it before a decision: arrivals, departures, what the agents
//! wrote down.

use adapters::store::{Key, Question};
use domain::booking::Booking;
use domain::ids::AgentId;
use domain::professional::{Agent, Professional};
use domain::shift::{ContactAtEnd, Duty, Presence, Shift, everybody};
use domain::typography::duration;
use http_function::{Desk, Problem};
use jiff::Timestamp;

use crate::frame::moment;

/// One agent of a mission.
pub(crate) struct Attendant {
    pub(crate) name: String,
    /// From when to when the agent was to be there.
    pub(crate) due: String,
    /// Whether somebody else went on in their place.
    pub(crate) relieved: bool,
    pub(crate) arrived: String,
    pub(crate) left: String,
    pub(crate) worked: Option<String>,
    /// When the company was told that nobody was there.
    pub(crate) missed: Option<String>,
    pub(crate) report: Option<Said>,
    /// What was written down, in order.
    pub(crate) log: Vec<Said>,
}

/// Something that an agent wrote.
pub(crate) struct Said {
    pub(crate) at: String,
    pub(crate) about: &'static str,
    pub(crate) text: String,
}

/// Everybody of a concluded mission; nobody before.
pub(crate) async fn attendance(
    desk: &Desk<()>,
    booking: &Booking,
) -> Result<Vec<Attendant>, Problem> {
    if !booking.state.contract_concluded() {
        return Ok(Vec::new());
    }
    let key = Key::professional(&booking.professional);
    let company = desk.store.get::<Professional>(key).await?;
    let shifts = Question::shifts_of(&booking.id);
    let shifts = desk.store.ask_all::<Shift>(shifts).await?;
    let known = |agent: &AgentId| {
        let mut shifts = shifts.iter().map(|read| &read.record);
        shifts.find(|shift| shift.agent == *agent)
    };
    let name = |agent: &AgentId| {
        let company = company.as_ref()?;
        let mut agents = company.record.profile.agents.iter();
        agents.find(|one| one.id == *agent).map(Agent::name)
    };
    let all = everybody(booking).into_iter().filter_map(|agent| {
        let name = name(agent).unwrap_or_else(|| "Un agent".to_owned());
        Some(attendant(name, Duty::of(booking, agent)?, known(agent)))
    });
    Ok(all.collect())
}

fn attendant(name: String, duty: Duty, shift: Option<&Shift>) -> Attendant {
    let interval = duty.interval();
    let at = |presence: Option<Presence>| {
        presence.map_or_else(|| "non pointé".to_owned(), |one| moment(&one.moment.at))
    };
    let told = |at: Timestamp| moment(&at);
    Attendant {
        name,
        due: format!(
            "du {} au {}",
            moment(&interval.start()),
            moment(&interval.end())
        ),
        relieved: matches!(duty, Duty::Relieved(_)),
        arrived: at(shift.and_then(|shift| shift.arrived)),
        left: at(shift.and_then(|shift| shift.left)),
        worked: shift
            .and_then(Shift::worked)
            .map(|worked| duration(worked.as_mins())),
        missed: shift.and_then(|shift| shift.company_told_at).map(told),
        report: shift.and_then(report),
        log: shift.map(log).unwrap_or_default(),
    }
}

fn report(shift: &Shift) -> Option<Said> {
    let report = shift.report.as_ref()?;
    Some(Said {
        at: moment(&report.moment.at),
        about: match report.contact {
            ContactAtEnd::Met => "contact du client vu à la fin",
            ContactAtEnd::Absent => "contact du client absent à la fin",
        },
        text: report.text.clone(),
    })
}

fn log(shift: &Shift) -> Vec<Said> {
    let said = shift.log_book().into_iter().map(|entry| Said {
        at: moment(&entry.moment.at),
        about: entry.kind.label(),
        text: entry.text.clone(),
    });
    said.collect()
}
