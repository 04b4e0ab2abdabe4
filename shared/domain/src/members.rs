//! Who signs in for a company beside its owner: managers, and agents of its file. Natural persons have no
//! team: they perform missions in person.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::account::Role;
use crate::identifiers::Email;
use crate::ids::{AccountId, AgentId, InvitationId, ProfessionalId};
use crate::professional::{CalendarFeed, PersonKind, Professional};
use crate::text::{TextRefused, check_name};

/// For how long an invitation can be accepted after its mail was sent.
pub const INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The soonest that an invitation is sent again.
pub const SEND_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// The most members and open invitations of a professional.
pub const MOST_MEMBERS: usize = 100;
/// How many of those who left are kept by name, for the log of what they did.
const MOST_FORMER: usize = 200;

/// As what somebody is in the team, beside the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum MemberRole {
    /// Orders, planning, messages, offers and the team; not the bank details, payouts, identity or leaving.
    Manager,
    /// Their own shifts.
    Agent {
        /// Which agent of the file they are.
        agent: AgentId,
    },
}

impl MemberRole {
    /// What their account may do.
    pub fn of_account(&self) -> Role {
        match self {
            Self::Manager => Role::Manager,
            Self::Agent { .. } => Role::Agent,
        }
    }

    /// Which agent of the file they are.
    pub fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::Manager => None,
            Self::Agent { agent } => Some(agent),
        }
    }
}

/// Somebody of the team.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// With which account they sign in.
    pub account: AccountId,
    /// The address that they were invited at, which signs in.
    pub email: Email,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// As what.
    #[serde(flatten)]
    pub role: MemberRole,
    /// Since when.
    pub since: Timestamp,
    /// When they were taken out of the team.
    #[serde(default)]
    pub left_at: Option<Timestamp>,
    /// Where an agent's own calendar application reads their shifts.
    #[serde(default)]
    pub feed: CalendarFeed,
}

/// Somebody who was invited and has not answered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its identifier.
    pub id: InvitationId,
    /// Where the mail goes, and what will sign in.
    pub email: Email,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// As what.
    #[serde(flatten)]
    pub role: MemberRole,
    /// Who invited.
    pub by: AccountId,
    /// When its mail was sent last.
    pub sent_at: Timestamp,
}

macro_rules! named {
    ($($name:ident $id:ident),*) => {$(
        impl $name {
            /// First and last name.
            pub fn name(&self) -> String {
                format!("{} {}", self.first_name, self.last_name)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.$id)
            }
        }
    )*};
}
named! { Member account, Invitation id }

impl Invitation {
    /// Until when it can be accepted.
    pub fn expires_at(&self) -> Timestamp {
        self.sent_at + INVITATION_LIFE
    }

    /// Whether it can be accepted.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at()
    }
}

/// Why something about the team is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MembersRefused {
    /// A natural person has no team.
    #[error(
        "L’équipe est réservée aux personnes morales : une personne physique effectue elle-même ses missions."
    )]
    NaturalPerson,
    /// First or last name empty or too long.
    #[error("Le prénom et le nom doivent compter de 1 à 80 caractères.")]
    Name,
    /// A name with what no name has.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Nobody of the file.
    #[error("Cet agent ne fait pas partie de votre dossier.")]
    UnknownAgent,
    /// The agent signs in already.
    #[error(
        "Cet agent a déjà un accès : retirez-le d’abord de l’équipe pour l’inviter de nouveau."
    )]
    AgentIsMember,
    /// The agent was invited already.
    #[error("Une invitation attend déjà cet agent : renvoyez-la, ou annulez-la.")]
    AgentInvited,
    /// This address signs somebody of the team in.
    #[error("Cette adresse électronique est déjà celle d’un membre de votre équipe.")]
    AlreadyMember,
    /// This address was invited already.
    #[error("Une invitation attend déjà à cette adresse : renvoyez-la, ou annulez-la.")]
    AlreadyInvited,
    /// This address signs in elsewhere.
    #[error(
        "Cette adresse électronique sert déjà à un autre compte : invitez cette personne à une autre adresse."
    )]
    AddressTaken,
    /// A hundred are enough.
    #[error("Votre équipe compte déjà 100 membres et invitations.")]
    TooMany,
    /// The mail was sent a moment ago.
    #[error("Cette invitation vient d’être envoyée : attendez une minute avant de la renvoyer.")]
    TooSoon,
    /// It was accepted, taken back, or is over.
    #[error(
        "Cette invitation n’est plus valable : demandez à votre entreprise de vous en envoyer une nouvelle."
    )]
    InvitationOver,
}

impl MembersRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::NaturalPerson => "team_for_companies",
            Self::Name => "name_invalid",
            Self::Text(refused) => refused.code(),
            Self::UnknownAgent => "agent_unknown",
            Self::AgentIsMember => "agent_is_member",
            Self::AgentInvited => "agent_invited",
            Self::AlreadyMember => "already_member",
            Self::AlreadyInvited => "already_invited",
            Self::AddressTaken => "address_taken",
            Self::TooMany => "members_too_many",
            Self::TooSoon => "invitation_too_soon",
            Self::InvitationOver => "invitation_over",
        }
    }
}

/// Everybody who signs in for a company beside its owner, or was asked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// Whose team.
    pub professional: ProfessionalId,
    /// Those who are in it, and those who were.
    pub members: Vec<Member>,
    /// Those who were invited and have not answered.
    pub invitations: Vec<Invitation>,
}

impl Members {
    /// Nobody yet.
    pub fn none(professional: ProfessionalId) -> Self {
        Self {
            professional,
            members: Vec::new(),
            invitations: Vec::new(),
        }
    }

    /// Those who are in the team now.
    pub fn present(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|one| one.left_at.is_none())
    }

    /// Who signs in with an account, as long as they are in the team.
    pub fn member(&self, account: &AccountId) -> Option<&Member> {
        self.present().find(|one| one.account == *account)
    }

    /// Who signed in with an account, whether or not they still do.
    pub fn whoever(&self, account: &AccountId) -> Option<&Member> {
        self.members.iter().find(|one| one.account == *account)
    }

    /// Who signs in as an agent of the file.
    pub fn member_of(&self, agent: &AgentId) -> Option<&Member> {
        self.present().find(|one| one.role.agent() == Some(agent))
    }

    /// Agents who lost their access and have not got another.
    pub fn agents_who_left(&self) -> Vec<&AgentId> {
        let left = self.members.iter().filter(|one| one.left_at.is_some());
        let mut agents: Vec<&AgentId> = left.filter_map(|one| one.role.agent()).collect();
        agents.sort_unstable();
        agents.dedup();
        agents.retain(|agent| self.member_of(agent).is_none());
        agents
    }

    /// Invites somebody: an agent by the name that the file has.
    pub fn invite(
        &mut self,
        professional: &Professional,
        invitation: Invitation,
    ) -> Result<(), MembersRefused> {
        let now = invitation.sent_at;
        let mut invitation = invitation;
        check_company(professional)?;
        self.invitations.retain(|one| one.is_open(now));
        if let Some(id) = invitation.role.agent() {
            let mut agents = professional.profile.agents.iter();
            let agent = agents.find(|one| one.id == *id);
            let agent = agent.ok_or(MembersRefused::UnknownAgent)?;
            invitation.first_name.clone_from(&agent.first_name);
            invitation.last_name.clone_from(&agent.last_name);
            if self.member_of(id).is_some() {
                return Err(MembersRefused::AgentIsMember);
            }
            if self
                .invitations
                .iter()
                .any(|one| one.role.agent() == Some(id))
            {
                return Err(MembersRefused::AgentInvited);
            }
        }
        for name in [&mut invitation.first_name, &mut invitation.last_name] {
            *name = name.trim().to_owned();
            if !(1..=80).contains(&name.chars().count()) {
                return Err(MembersRefused::Name);
            }
            check_name(name)?;
        }
        let email = &invitation.email;
        if *email == professional.email || self.present().any(|one| one.email == *email) {
            return Err(MembersRefused::AlreadyMember);
        }
        if self.invitations.iter().any(|one| one.email == *email) {
            return Err(MembersRefused::AlreadyInvited);
        }
        if self.present().count() + self.invitations.len() >= MOST_MEMBERS {
            return Err(MembersRefused::TooMany);
        }
        self.invitations.push(invitation);
        Ok(())
    }

    /// An invitation that was neither accepted nor taken back, whether or not its time is over.
    pub fn invitation(&self, id: &InvitationId) -> Option<&Invitation> {
        self.invitations.iter().find(|one| one.id == *id)
    }

    /// Sends the mail again: its seven days begin anew.
    pub fn send_again(&mut self, id: &InvitationId, now: Timestamp) -> Result<(), MembersRefused> {
        let found = self.invitations.iter_mut().find(|one| one.id == *id);
        let invitation = found.ok_or(MembersRefused::InvitationOver)?;
        if now < invitation.sent_at + SEND_AGAIN_AFTER {
            return Err(MembersRefused::TooSoon);
        }
        invitation.sent_at = now;
        Ok(())
    }

    /// Takes an invitation back; whether there was one.
    pub fn take_back(&mut self, id: &InvitationId) -> bool {
        let before = self.invitations.len();
        self.invitations.retain(|one| one.id != *id);
        self.invitations.len() < before
    }

    /// Somebody who was invited joins.
    pub fn join(
        &mut self,
        id: &InvitationId,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Member, MembersRefused> {
        let found = self.invitation(id).filter(|one| one.is_open(now));
        let invitation = found.ok_or(MembersRefused::InvitationOver)?.clone();
        self.take_back(id);
        let member = Member {
            account,
            email: invitation.email,
            first_name: invitation.first_name,
            last_name: invitation.last_name,
            role: invitation.role,
            since: now,
            left_at: None,
            feed: CalendarFeed::default(),
        };
        self.members.push(member.clone());
        Ok(member)
    }

    /// A new address for a member's calendar application, or none; the one before stops working.
    pub fn renew_feed(&mut self, account: &AccountId, open: bool) -> Option<Member> {
        let mut members = self.members.iter_mut();
        let member = members.find(|one| one.account == *account && one.left_at.is_none())?;
        member.feed = if open {
            member.feed.renewed()
        } else {
            member.feed.closed()
        };
        Some(member.clone())
    }

    /// Takes somebody out of the team; who it was.
    pub fn remove(&mut self, account: &AccountId, now: Timestamp) -> Option<Member> {
        let mut members = self.members.iter_mut();
        let member = members.find(|one| one.account == *account && one.left_at.is_none())?;
        member.left_at = Some(now);
        let removed = member.clone();
        let former = self.members.iter().filter(|one| one.left_at.is_some());
        if former.count() > MOST_FORMER
            && let Some(oldest) = self.members.iter().position(|one| one.left_at.is_some())
        {
            self.members.remove(oldest);
        }
        Some(removed)
    }
}

/// Whether a professional has a team at all.
pub fn check_company(professional: &Professional) -> Result<(), MembersRefused> {
    match professional.profile.kind {
        Some(PersonKind::Legal) => Ok(()),
        Some(PersonKind::Natural) | None => Err(MembersRefused::NaturalPerson),
    }
}

#[cfg(test)]
mod tests;
