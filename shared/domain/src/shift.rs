//! One agent on one mission, on the day: when they arrived and left, what they noted, and how it ended. Kept
//! beside the booking, whose life it does not change.
//!
//! A phone tells its own time, and may tell it hours later, or wrongly: what counts is the server's time, from
//! which the age of what is told is taken off. All of them are kept. What is told again with the same time of
//! the phone is the same: a phone that heard no answer tells it once more.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::booking::{Booking, BookingState};
use crate::ids::{AgentId, BookingId, ProfessionalId};
use crate::staffing::DAILY_REST;
use crate::time::interval::Interval;
use crate::time::zone::Zone;

/// How long before its start an agent may say that they are there.
pub const EARLY: SignedDuration = SignedDuration::from_mins(30);
/// How long after its start the company is told that nobody is there.
pub const COMPANY_TOLD_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// How long after its start the client is told too.
pub const CLIENT_TOLD_AFTER: SignedDuration = SignedDuration::from_mins(20);
/// How long after its end something may still be told of it: a phone may be without network for long.
pub const TOLD_UNTIL: SignedDuration = SignedDuration::from_hours(72);
/// The most entries of a log book.
pub const MOST_ENTRIES: usize = 60;

/// What a phone tells of the time, by its own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PhoneTimes {
    /// When it happened.
    pub told_at: Timestamp,
    /// When it is sent: what lies between both is known, however wrong the clock.
    pub sent_at: Timestamp,
}

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Moment {
    /// The time that counts: the server's, less the age of what was told.
    pub at: Timestamp,
    /// By the phone's clock.
    pub told_at: Timestamp,
    /// When the server heard of it.
    pub received_at: Timestamp,
}

impl Moment {
    fn is_told_again(&self, moment: Self) -> bool {
        self.told_at == moment.told_at
    }
}

impl PhoneTimes {
    /// When it happened, as the server sees it at `now`. Nothing happens after it is heard of.
    pub fn received(self, now: Timestamp) -> Moment {
        let age = self.sent_at.duration_since(self.told_at);
        let at = if age.is_negative() {
            now
        } else {
            now.checked_sub(age).unwrap_or(now)
        };
        Moment {
            at,
            told_at: self.told_at,
            received_at: now,
        }
    }
}

/// Where a phone was, when its holder agreed to say it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Whereabouts {
    /// Millionths of a degree, positive to the north.
    #[schemars(range(min = -90_000_000, max = 90_000_000))]
    pub latitude: i32,
    /// Millionths of a degree, positive to the east.
    #[schemars(range(min = -180_000_000, max = 180_000_000))]
    pub longitude: i32,
    /// To how many metres.
    pub accuracy: u32,
}

impl std::fmt::Debug for Whereabouts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Whereabouts(…)")
    }
}

impl Whereabouts {
    fn is_on_earth(self) -> bool {
        self.latitude.unsigned_abs() <= 90_000_000 && self.longitude.unsigned_abs() <= 180_000_000
    }
}

/// An arrival or a departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Presence {
    /// When.
    #[serde(flatten)]
    pub moment: Moment,
    /// Where, when the agent agreed to say it.
    pub position: Option<Whereabouts>,
}

/// What an entry of the log book is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Something to remember.
    Note,
    /// Somebody came in who may not.
    Intrusion,
    /// Something was stolen, or nearly.
    Theft,
    /// Something was broken.
    Damage,
    /// Somebody was attacked or threatened.
    Assault,
    /// Somebody was hurt or fell ill.
    Injury,
    /// Fire, smoke or an alarm.
    Fire,
    /// Another incident.
    OtherIncident,
}

impl EntryKind {
    /// Whether the company is told at once.
    pub fn is_incident(self) -> bool {
        match self {
            Self::Note => false,
            Self::Intrusion
            | Self::Theft
            | Self::Damage
            | Self::Assault
            | Self::Injury
            | Self::Fire
            | Self::OtherIncident => true,
        }
    }

    /// In French.
    pub fn label(self) -> &'static str {
        match self {
            Self::Note => "Note",
            Self::Intrusion => "Intrusion",
            Self::Theft => "Vol ou tentative de vol",
            Self::Damage => "Dégradation",
            Self::Assault => "Agression ou menace",
            Self::Injury => "Blessure ou malaise",
            Self::Fire => "Feu, fumée ou alarme",
            Self::OtherIncident => "Autre incident",
        }
    }
}

/// Something that an agent wrote down during the shift.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When.
    #[serde(flatten)]
    pub moment: Moment,
    /// What it is about.
    pub kind: EntryKind,
    /// In the agent's words.
    pub text: String,
}

/// Whether the client's contact was there at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactAtEnd {
    /// The agent met them.
    Met,
    /// Nobody was there.
    Absent,
}

/// What an agent says of the shift once it is over.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndReport {
    /// When.
    #[serde(flatten)]
    pub moment: Moment,
    /// In the agent's words.
    pub text: String,
    /// Whether the client's contact was there.
    pub contact: ContactAtEnd,
}

macro_rules! silent_debug {
    ($($name:ident)*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.moment.at)
            }
        }
    )*};
}
silent_debug! { LogEntry EndReport }

/// Who is told that an agent is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LateStep {
    /// The company.
    Company,
    /// The client too.
    Client,
}

/// One agent on one mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Of which booking.
    pub booking: BookingId,
    /// Who is sent.
    pub agent: AgentId,
    /// By whom.
    pub professional: ProfessionalId,
    /// When they came.
    pub arrived: Option<Presence>,
    /// When they left.
    pub left: Option<Presence>,
    /// What they noted, in the order in which it was heard of.
    pub log: Vec<LogEntry>,
    /// What they said at the end.
    pub report: Option<EndReport>,
    /// When the company was told that nobody was there.
    pub company_told_at: Option<Timestamp>,
    /// When the client was.
    pub client_told_at: Option<Timestamp>,
    /// When to look whether they came.
    pub watch_at: Option<Timestamp>,
}

/// Those who are sent on a booking, then those who went before them.
pub fn everybody(booking: &Booking) -> Vec<&AgentId> {
    let left = booking.replacements.iter().map(|one| &one.left);
    let mut all = Vec::new();
    for agent in booking.agents.iter().chain(left) {
        if !all.contains(&agent) {
            all.push(agent);
        }
    }
    all
}

/// What an agent has to do of a mission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// All of this.
    Sent(Interval),
    /// Somebody else came in their place, during the mission: what they did of it until then.
    Relieved(Interval),
}

impl Duty {
    /// What an agent has to do of a booking, or did; nothing when they never were to be there.
    pub fn of(booking: &Booking, agent: &AgentId) -> Option<Self> {
        let mission = booking.mission.interval;
        let mut changes = booking.replacements.iter();
        if booking.agents.contains(agent) {
            // Who came in the place of somebody else begins when that was decided.
            let came = changes.rfind(|one| one.came == *agent);
            let start = came.map_or(mission.start(), |one| one.at.max(mission.start()));
            return Interval::new(start, mission.end()).ok().map(Self::Sent);
        }
        let left = changes.rfind(|one| one.left == *agent)?;
        let worked = Interval::new(mission.start(), left.at).ok()?;
        Some(Self::Relieved(worked))
    }

    /// From when to when.
    pub fn interval(self) -> Interval {
        match self {
            Self::Sent(interval) | Self::Relieved(interval) => interval,
        }
    }
}

/// Why something about a shift is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShiftRefused {
    /// The mission does not take place.
    #[error("Cette mission n’a plus lieu : elle a été annulée. Appelez votre entreprise.")]
    MissionOff,
    /// Somebody else goes.
    #[error("Cette vacation a été confiée à un autre agent. Appelez votre entreprise.")]
    TakenAway,
    /// More than half an hour before the start.
    #[error("L’arrivée se pointe à partir {0}, 30 min avant le début.")]
    TooEarly(String),
    /// The mission is over.
    #[error("La vacation était finie {0} : l’arrivée ne peut plus être pointée.")]
    Over(String),
    /// Arrived already.
    #[error("Votre arrivée est déjà pointée {0}.")]
    AlreadyArrived(String),
    /// Did not arrive.
    #[error("Pointez d’abord votre arrivée.")]
    NotArrived,
    /// Left already.
    #[error("Votre départ est déjà pointé {0}.")]
    AlreadyLeft(String),
    /// Reported already.
    #[error("Votre rapport est déjà envoyé.")]
    AlreadyReported,
    /// Too long ago.
    #[error("La mission est finie depuis plus de 72 h : signalez-le à votre entreprise.")]
    TooLate,
    /// A text too short or too long.
    #[error("Le texte doit compter de 1 à 2 000 caractères.")]
    Text,
    /// The log book is full.
    #[error("La main courante de cette vacation est pleine (60 notes) : appelez votre entreprise.")]
    LogFull,
    /// No place on earth.
    #[error("Cette position n’existe pas.")]
    Position,
}

impl ShiftRefused {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissionOff => "mission_off",
            Self::TakenAway => "shift_taken_away",
            Self::TooEarly(_) => "arrival_too_early",
            Self::Over(_) => "shift_over",
            Self::AlreadyArrived(_) => "already_arrived",
            Self::NotArrived => "not_arrived",
            Self::AlreadyLeft(_) => "already_left",
            Self::AlreadyReported => "already_reported",
            Self::TooLate => "shift_too_long_ago",
            Self::Text => "text_invalid",
            Self::LogFull => "log_full",
            Self::Position => "position_invalid",
        }
    }
}

/// `à 19 h 55`, by the clocks of the mission's place.
fn at_time(zone: Zone, at: Timestamp) -> String {
    format!("à {}", zone.french_time(at))
}

fn written(text: &str) -> Result<String, ShiftRefused> {
    let text = text.trim();
    if (1..=2000).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(ShiftRefused::Text)
    }
}

fn on_earth(position: Option<Whereabouts>) -> Result<Option<Whereabouts>, ShiftRefused> {
    match position {
        Some(position) if !position.is_on_earth() => Err(ShiftRefused::Position),
        Some(_) | None => Ok(position),
    }
}

/// Whether a mission took place, or will: what it becomes after acceptance.
fn stands(state: BookingState) -> bool {
    state.contract_concluded()
}

impl Shift {
    /// An agent who is sent, of whom nothing is known yet.
    pub fn planned(booking: &Booking, agent: &AgentId) -> Self {
        let duty = Duty::of(booking, agent);
        let start = duty.map(|duty| duty.interval().start());
        Self {
            booking: booking.id.clone(),
            agent: agent.clone(),
            professional: booking.professional.clone(),
            arrived: None,
            left: None,
            log: Vec::new(),
            report: None,
            company_told_at: None,
            client_told_at: None,
            watch_at: start.map(|start| start + COMPANY_TOLD_AFTER),
        }
    }

    /// The log book in the order in which things happened.
    pub fn log_book(&self) -> Vec<&LogEntry> {
        let mut entries: Vec<&LogEntry> = self.log.iter().collect();
        entries.sort_by_key(|entry| entry.moment.at);
        entries
    }

    /// The agent is there.
    pub fn arrive(
        &mut self,
        booking: &Booking,
        moment: Moment,
        position: Option<Whereabouts>,
    ) -> Result<(), ShiftRefused> {
        let zone = booking.mission.zone();
        if let Some(arrived) = &self.arrived {
            if arrived.moment.is_told_again(moment) {
                return Ok(());
            }
            let at = at_time(zone, arrived.moment.at);
            return Err(ShiftRefused::AlreadyArrived(at));
        }
        let interval = match self.duty(booking, moment)? {
            Duty::Sent(interval) => interval,
            Duty::Relieved(_) => return Err(ShiftRefused::TakenAway),
        };
        let from = interval.start() - EARLY;
        if moment.at < from {
            return Err(ShiftRefused::TooEarly(format!(
                "de {}",
                zone.french_time(from)
            )));
        }
        if moment.at >= interval.end() {
            return Err(ShiftRefused::Over(at_time(zone, interval.end())));
        }
        self.arrived = Some(Presence {
            moment,
            position: on_earth(position)?,
        });
        self.watch_at = None;
        Ok(())
    }

    /// The agent leaves.
    pub fn leave(
        &mut self,
        booking: &Booking,
        moment: Moment,
        position: Option<Whereabouts>,
    ) -> Result<(), ShiftRefused> {
        if let Some(left) = &self.left {
            if left.moment.is_told_again(moment) {
                return Ok(());
            }
            let at = at_time(booking.mission.zone(), left.moment.at);
            return Err(ShiftRefused::AlreadyLeft(at));
        }
        self.duty(booking, moment)?;
        let arrived = self.arrived.as_ref().ok_or(ShiftRefused::NotArrived)?;
        // A clock that was put right in between does not make anybody leave before they came.
        let moment = Moment {
            at: moment.at.max(arrived.moment.at),
            ..moment
        };
        self.left = Some(Presence {
            moment,
            position: on_earth(position)?,
        });
        Ok(())
    }

    /// The agent writes something down.
    pub fn note(
        &mut self,
        booking: &Booking,
        moment: Moment,
        kind: EntryKind,
        text: &str,
    ) -> Result<(), ShiftRefused> {
        self.duty(booking, moment)?;
        if self.arrived.is_none() {
            return Err(ShiftRefused::NotArrived);
        }
        let text = written(text)?;
        let mut known = self.log.iter();
        if known.any(|one| one.moment.is_told_again(moment) && one.text == text) {
            return Ok(());
        }
        if self.log.len() >= MOST_ENTRIES {
            return Err(ShiftRefused::LogFull);
        }
        self.log.push(LogEntry { moment, kind, text });
        Ok(())
    }

    /// The agent says how it went.
    pub fn end_with(
        &mut self,
        booking: &Booking,
        moment: Moment,
        text: &str,
        contact: ContactAtEnd,
    ) -> Result<(), ShiftRefused> {
        self.duty(booking, moment)?;
        if let Some(report) = &self.report {
            return if report.moment.is_told_again(moment) {
                Ok(())
            } else {
                Err(ShiftRefused::AlreadyReported)
            };
        }
        if self.arrived.is_none() {
            return Err(ShiftRefused::NotArrived);
        }
        self.report = Some(EndReport {
            moment,
            text: written(text)?,
            contact,
        });
        Ok(())
    }

    /// What the agent had to do, when something is told of it in time.
    fn duty(&self, booking: &Booking, moment: Moment) -> Result<Duty, ShiftRefused> {
        if !stands(booking.state) {
            return Err(ShiftRefused::MissionOff);
        }
        let duty = Duty::of(booking, &self.agent).ok_or(ShiftRefused::TakenAway)?;
        if moment.received_at > duty.interval().end() + TOLD_UNTIL {
            return Err(ShiftRefused::TooLate);
        }
        Ok(duty)
    }

    /// What was worked, when the agent came and left.
    pub fn worked(&self) -> Option<SignedDuration> {
        let (arrived, left) = (self.arrived.as_ref()?, self.left.as_ref()?);
        Some(left.moment.at.duration_since(arrived.moment.at))
    }

    /// Until when the agent rests after it.
    pub fn rest_until(&self) -> Option<Timestamp> {
        let left = self.left.as_ref()?;
        Some(left.moment.at + DAILY_REST)
    }

    /// Looks whether the agent came: whom to tell now, if anybody. Answers nothing where nothing is due.
    pub fn watch(&mut self, booking: &Booking, now: Timestamp) -> Option<LateStep> {
        let due = self.watch_at.filter(|at| *at <= now)?;
        self.watch_at = None;
        let sent = match Duty::of(booking, &self.agent) {
            Some(Duty::Sent(interval)) if booking.state == BookingState::Accepted => interval,
            Some(Duty::Sent(_) | Duty::Relieved(_)) | None => return None,
        };
        // Nobody is told of somebody who is late once the mission is over: an outage was longer.
        if self.arrived.is_some() || now >= sent.end() {
            return None;
        }
        if now < sent.start() + COMPANY_TOLD_AFTER {
            // The mission was put off.
            self.watch_at = Some(sent.start() + COMPANY_TOLD_AFTER);
            return None;
        }
        if self.company_told_at.is_none() {
            self.company_told_at = Some(now);
            self.watch_at = Some(due.max(sent.start() + CLIENT_TOLD_AFTER));
            return Some(LateStep::Company);
        }
        self.client_told_at = Some(now);
        Some(LateStep::Client)
    }
}
