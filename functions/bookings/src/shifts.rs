//! An agent's shifts, as the agent reads and writes them.

use adapters::agenda;
use adapters::store::{Changes, Key, Store, Versioned};
use domain::booking::{Booking, Contact};
use domain::event::Event;
use domain::identifiers::Phone;
use domain::ids::{AgentId, BookingId};
use domain::professional::Professional;
use domain::shift::{
    ContactAtEnd, Duty, EARLY, EntryKind, LogEntry, Presence, Shift, ShiftRefused, TOLD_UNTIL,
};
use domain::time::interval::Interval;
use domain::time::zone::ZoneView;
use http_function::{Agent, BookingPath, Call, Employment, Operation, Problem, Reply};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// How far ahead shifts are shown: missions end at most 75 days ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(75 * 24);
/// How many are shown, the next first.
const MOST: usize = 30;

/// Something that an agent wrote down.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct EntryView {
    /// When it happened.
    at: Timestamp,
    /// When the server heard of it.
    received_at: Timestamp,
    /// What it is about.
    kind: EntryKind,
    /// The same in French.
    label: &'static str,
    /// Whether the company was told at once.
    incident: bool,
    /// In the agent's words.
    text: String,
}

impl From<&LogEntry> for EntryView {
    fn from(entry: &LogEntry) -> Self {
        Self {
            at: entry.moment.at,
            received_at: entry.moment.received_at,
            kind: entry.kind,
            label: entry.kind.label(),
            incident: entry.kind.is_incident(),
            text: entry.text.clone(),
        }
    }
}

/// The log book in the order in which things happened.
pub(crate) fn log(shift: &Shift) -> Vec<EntryView> {
    shift.log_book().into_iter().map(EntryView::from).collect()
}

/// What an agent said at the end.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ReportView {
    /// When.
    at: Timestamp,
    /// In the agent's words.
    text: String,
    /// Whether the client's contact was there.
    contact: ContactAtEnd,
}

/// What was said at the end, if it was.
pub(crate) fn report(shift: &Shift) -> Option<ReportView> {
    let report = shift.report.as_ref()?;
    Some(ReportView {
        at: report.moment.at,
        text: report.text.clone(),
        contact: report.contact,
    })
}

/// A shift as its agent sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OwnShift {
    /// Of which booking.
    booking: BookingId,
    /// The reference that people quote.
    reference: String,
    /// What is done: surveillance, dog handling …
    activity: &'static str,
    /// When it begins for this agent.
    start: Timestamp,
    /// When it ends for this agent.
    end: Timestamp,
    /// From when the arrival can be told.
    check_in_from: Timestamp,
    /// By whose clocks.
    zone: ZoneView,
    /// Street and number.
    address: String,
    /// Five digits.
    postal_code: String,
    /// The town.
    town: String,
    /// Whom to call there.
    contact: Contact,
    /// Kind of site.
    site: String,
    /// Risks that the client knows of.
    risks: String,
    /// What the client asks of the agents.
    instructions: String,
    /// Who else comes: first names.
    colleagues: Vec<String>,
    /// Whether somebody else goes on in this agent's place.
    relieved: bool,
    /// When the agent came.
    arrived: Option<Presence>,
    /// When the agent left.
    left: Option<Presence>,
    /// What was worked, in minutes.
    minutes_worked: Option<i64>,
    /// Until when the agent rests.
    rest_until: Option<Timestamp>,
    /// What was noted, in order.
    log: Vec<EntryView>,
    /// What was said at the end.
    report: Option<ReportView>,
}

/// An agent's shifts: the last days' and those to come.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OwnShifts {
    /// When this was read.
    now: Timestamp,
    /// Which agent this is.
    agent: AgentId,
    /// The agent's first name.
    first_name: String,
    /// Who sends them.
    company: String,
    /// Where it is called.
    company_phone: Option<Phone>,
    /// In order.
    shifts: Vec<OwnShift>,
}

impl OwnShifts {
    /// Reads an agent's shifts.
    pub(crate) async fn read(
        store: &Store,
        of: &Employment,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let key = Key::professional(&of.professional);
        let company = store.get::<Professional>(key).await?;
        let company = company.ok_or_else(Problem::not_found)?.record;
        let mut shifts = Vec::new();
        for id in bookings_of(store, of, now).await? {
            let Some(read) = store.get::<Booking>(Key::booking(&id)).await? else {
                continue;
            };
            let booking = read.record;
            let known = store.get::<Shift>(Key::shift(&id, &of.agent)).await?;
            let shift = known.map(|read| read.record);
            let shift = shift.unwrap_or_else(|| Shift::planned(&booking, &of.agent));
            if booking.state.contract_concluded() {
                shifts.extend(view(&booking, &company, &shift));
            }
        }
        shifts.sort_by_key(|shift| shift.start);
        let name = agent(&company, &of.agent).map(|agent| agent.first_name.clone());
        Ok(Self {
            now,
            agent: of.agent.clone(),
            first_name: name.unwrap_or_default(),
            company: company.name().to_owned(),
            company_phone: company.profile.phone.clone(),
            shifts,
        })
    }
}

/// The bookings on which an agent is or was sent, the next first.
pub(crate) async fn bookings_of(
    store: &Store,
    of: &Employment,
    now: Timestamp,
) -> Result<Vec<BookingId>, Problem> {
    let Ok(looked_at) = Interval::new(now - TOLD_UNTIL, now + AHEAD) else {
        return Ok(Vec::new());
    };
    let agenda = agenda::read(store, &of.professional, looked_at).await?;
    let mut own = agenda.occupations();
    own.retain(|one| one.agent == of.agent.as_str() && one.held_until.is_none());
    own.retain(|one| one.interval.overlaps(&looked_at));
    own.sort_by_key(|one| one.interval.start());
    let mut ids: Vec<BookingId> = Vec::new();
    for one in own {
        if let Ok(id) = BookingId::parse(&one.booking)
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    ids.truncate(MOST);
    Ok(ids)
}

fn agent<'a>(company: &'a Professional, id: &AgentId) -> Option<&'a domain::professional::Agent> {
    let mut agents = company.profile.agents.iter();
    agents.find(|agent| agent.id == *id)
}

fn view(booking: &Booking, company: &Professional, shift: &Shift) -> Option<OwnShift> {
    let duty = Duty::of(booking, &shift.agent)?;
    let interval = duty.interval();
    let mission = &booking.mission;
    let others = booking.agents.iter().filter(|other| **other != shift.agent);
    let others = others.filter_map(|other| agent(company, other));
    Some(OwnShift {
        booking: booking.id.clone(),
        reference: booking.reference.clone(),
        activity: mission.activity.label(),
        start: interval.start(),
        end: interval.end(),
        check_in_from: interval.start() - EARLY,
        zone: mission.zone().view(),
        address: mission.place.address.clone(),
        postal_code: mission.place.postal_code.as_str().to_owned(),
        town: mission.place.town.clone(),
        contact: booking.contact.clone(),
        site: mission.context.site.clone(),
        risks: mission.context.risks.clone(),
        instructions: mission.context.instructions.clone(),
        colleagues: others.map(|other| other.first_name.clone()).collect(),
        relieved: matches!(duty, Duty::Relieved(_)),
        arrived: shift.arrived,
        left: shift.left,
        minutes_worked: shift.worked().map(|worked| worked.as_mins()),
        rest_until: shift.rest_until(),
        log: log(shift),
        report: report(shift),
    })
}

/// A shift that an agent writes, with its booking.
pub(crate) struct Writing {
    pub(crate) booking: Booking,
    company: Professional,
    read: Option<Versioned<Shift>>,
    pub(crate) shift: Shift,
}

impl Writing {
    /// The shift of the caller on a booking. Somebody else's answers as if it did not exist.
    pub(crate) async fn of(store: &Store, who: &Agent, id: &BookingId) -> Result<Self, Problem> {
        let of = &who.of;
        let read = store.get::<Booking>(Key::booking(id)).await?;
        let booking = read.map(|read| read.record);
        let booking = booking
            .filter(|booking| booking.reached(&of.professional))
            .ok_or_else(Problem::not_found)?;
        let read = store.get::<Shift>(Key::shift(id, &of.agent)).await?;
        if Duty::of(&booking, &of.agent).is_none() {
            // Somebody to whom the shift was given learns that it was taken away, and nobody else anything.
            let was_sent = booking.replacements.iter().any(|one| one.left == of.agent);
            return Err(if read.is_some() || was_sent {
                ShiftRefused::TakenAway.into()
            } else {
                Problem::not_found()
            });
        }
        let key = Key::professional(&of.professional);
        let company = store.get::<Professional>(key).await?;
        let known = read.as_ref().map(|read| read.record.clone());
        Ok(Self {
            shift: known.unwrap_or_else(|| Shift::planned(&booking, &of.agent)),
            company: company.ok_or_else(Problem::not_found)?.record,
            booking,
            read,
        })
    }

    /// What is answered and written; nothing when it was told before.
    pub(crate) fn reply<O>(
        self,
        call: &Call<O>,
        event: Option<Event>,
    ) -> Result<Reply<OwnShift>, Problem>
    where
        O: Operation<Who = Agent, Path = BookingPath, Output = OwnShift>,
    {
        // What is told again long afterwards is known, and no way to read whom to call and where.
        if !self.booking.shares_coordinates(call.now) {
            return Err(Problem::not_found());
        }
        let view = view(&self.booking, &self.company, &self.shift);
        let reply = Reply::ok(view.ok_or_else(Problem::not_found)?);
        let known = self.read.as_ref().map(|read| &read.record);
        if known == Some(&self.shift) {
            return Ok(reply);
        }
        let changes: Changes = call
            .changes()
            .upsert(self.read.as_ref(), &self.shift)
            .activity(O::NAME, self.booking.id.as_str())
            .events(event);
        Ok(reply.changing(changes))
    }
}
