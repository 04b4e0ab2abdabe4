//! A company's team, as its members read it.

use adapters::agenda;
use adapters::store::{Key, Store, Versioned};
use domain::identifiers::Email;
use domain::ids::{AccountId, AgentId, BookingId, InvitationId, ProfessionalId};
use domain::members::{Invitation, Member, MemberRole, Members, check_company};
use domain::professional::Professional;
use domain::time::interval::Interval;
use http_function::{Desk, Problem};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::own::own;

/// How far ahead shifts are looked for: missions end at most 75 days ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(75 * 24);

/// The invitation named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct InvitationPath {
    /// The invitation.
    pub(crate) invitation: InvitationId,
}

/// The member named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct MemberPath {
    /// The member's account.
    pub(crate) account: AccountId,
}

/// As what somebody is in the team.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "role", rename_all = "snake_case")]
pub(crate) enum TeamRole {
    /// Everything.
    Owner,
    /// Orders, planning, messages, offers and the team.
    Manager,
    /// Their own shifts.
    Agent {
        /// Which agent of the file they are.
        agent: AgentId,
    },
}

impl From<MemberRole> for TeamRole {
    fn from(role: MemberRole) -> Self {
        match role {
            MemberRole::Manager => Self::Manager,
            MemberRole::Agent { agent } => Self::Agent { agent },
        }
    }
}

/// Somebody who signs in for the company.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MemberView {
    /// Their account.
    account: AccountId,
    /// First and last name; the company's for its owner.
    name: String,
    /// What signs in.
    email: Email,
    /// As what.
    role: TeamRole,
    /// Since when; not told of the owner.
    since: Option<Timestamp>,
    /// Whether it is the caller.
    you: bool,
}

/// Somebody who was invited and has not answered.
#[derive(Serialize, JsonSchema)]
pub(crate) struct InvitationView {
    /// The invitation.
    id: InvitationId,
    /// First and last name.
    name: String,
    /// Where the mail went.
    email: Email,
    /// As what.
    role: TeamRole,
    /// When its mail was sent last.
    sent_at: Timestamp,
    /// Until when it can be accepted.
    expires_at: Timestamp,
    /// Whether that is over.
    expired: bool,
}

/// A shift of somebody who lost their access: it is to be given to somebody else.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ShiftToGive {
    /// Of which booking.
    booking: BookingId,
    /// Who was sent.
    agent: AgentId,
    /// First and last name.
    name: String,
    /// Its start.
    start: Timestamp,
    /// Its end.
    end: Timestamp,
}

/// An agent of the file.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TeamAgent {
    /// Who.
    agent: AgentId,
    /// First and last name.
    name: String,
    /// Whether they can be invited: they have no access, and no invitation waits.
    free: bool,
}

/// A company's team.
#[derive(Serialize, JsonSchema)]
pub struct TeamView {
    /// Everybody who signs in, the owner first.
    members: Vec<MemberView>,
    /// Invitations that were not answered.
    invitations: Vec<InvitationView>,
    /// The agents of the file.
    agents: Vec<TeamAgent>,
    /// Shifts to come of agents who lost their access.
    shifts_to_give: Vec<ShiftToGive>,
}

/// A company with its team. A natural person has none.
pub(crate) struct Team {
    pub(crate) professional: Professional,
    pub(crate) read: Option<Versioned<Members>>,
    pub(crate) members: Members,
}

impl Team {
    /// Reads the team of the caller.
    pub(crate) async fn read<O>(desk: &Desk<O>, id: &ProfessionalId) -> Result<Self, Problem> {
        let professional = own(desk, id).await?.record;
        check_company(&professional)?;
        let read = desk.store.get::<Members>(Key::members(id)).await?;
        let known = read.as_ref().map(|read| read.record.clone());
        Ok(Self {
            professional,
            members: known.unwrap_or_else(|| Members::none(id.clone())),
            read,
        })
    }

    /// What its members see of it.
    pub(crate) async fn view(
        &self,
        store: &Store,
        caller: &AccountId,
        now: Timestamp,
    ) -> Result<TeamView, Problem> {
        let present = self.members.present().map(|one| member(one, caller));
        let invitations = self.members.invitations.iter();
        let agents = self.professional.profile.agents.iter();
        Ok(TeamView {
            members: self.owner(caller).into_iter().chain(present).collect(),
            invitations: invitations.map(|one| invitation(one, now)).collect(),
            agents: agents
                .map(|agent| TeamAgent {
                    agent: agent.id.clone(),
                    name: format!("{} {}", agent.first_name, agent.last_name),
                    free: self.may_be_invited(&agent.id, now),
                })
                .collect(),
            shifts_to_give: self.shifts_to_give(store, now).await?,
        })
    }

    fn owner(&self, caller: &AccountId) -> Option<MemberView> {
        let account = self.professional.account.clone()?;
        Some(MemberView {
            name: self.professional.name().to_owned(),
            email: self.professional.email.clone(),
            role: TeamRole::Owner,
            since: None,
            you: account == *caller,
            account,
        })
    }

    fn may_be_invited(&self, agent: &AgentId, now: Timestamp) -> bool {
        let mut waiting = self.members.invitations.iter();
        let waits = waiting.any(|one| one.is_open(now) && one.role.agent() == Some(agent));
        self.members.member_of(agent).is_none() && !waits
    }

    /// The shifts to come of agents who lost their access, in order.
    async fn shifts_to_give(
        &self,
        store: &Store,
        now: Timestamp,
    ) -> Result<Vec<ShiftToGive>, Problem> {
        let left = self.members.agents_who_left();
        let ahead = Interval::new(now, now + AHEAD);
        let (false, Ok(ahead)) = (left.is_empty(), ahead) else {
            return Ok(Vec::new());
        };
        let agenda = agenda::read(store, &self.professional.id, ahead).await?;
        let mut shifts: Vec<ShiftToGive> = Vec::new();
        for one in agenda.occupations() {
            let agent = left.iter().find(|agent| agent.as_str() == one.agent);
            let booking = BookingId::parse(&one.booking);
            let (Some(agent), Ok(booking)) = (agent, booking) else {
                continue;
            };
            if one.interval.end() > now && one.counts(now) {
                shifts.push(ShiftToGive {
                    booking,
                    agent: (*agent).clone(),
                    name: self.name_of(agent),
                    start: one.interval.start(),
                    end: one.interval.end(),
                });
            }
        }
        shifts.sort_by(|one, other| (one.start, &one.name).cmp(&(other.start, &other.name)));
        Ok(shifts)
    }

    fn name_of(&self, agent: &AgentId) -> String {
        let mut agents = self.professional.profile.agents.iter();
        if let Some(found) = agents.find(|one| one.id == *agent) {
            return format!("{} {}", found.first_name, found.last_name);
        }
        let mut members = self.members.members.iter();
        let former = members.find(|one| one.role.agent() == Some(agent));
        former.map_or_else(String::new, Member::name)
    }
}

fn member(member: &Member, caller: &AccountId) -> MemberView {
    MemberView {
        account: member.account.clone(),
        name: member.name(),
        email: member.email.clone(),
        role: member.role.clone().into(),
        since: Some(member.since),
        you: member.account == *caller,
    }
}

fn invitation(invitation: &Invitation, now: Timestamp) -> InvitationView {
    InvitationView {
        id: invitation.id.clone(),
        name: invitation.name(),
        email: invitation.email.clone(),
        role: invitation.role.clone().into(),
        sent_at: invitation.sent_at,
        expires_at: invitation.expires_at(),
        expired: !invitation.is_open(now),
    }
}
