//! Somebody who was invited into a team looks at who invites, before accepting.

use adapters::store::{Key, TokenPurpose, Versioned};
use domain::identifiers::Email;
use domain::members::{Invitation, MemberRole, Members, MembersRefused};
use domain::professional::Professional;
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply, read_link};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::verify_email::MailLink;

/// Look at an invitation.
pub struct ReadInvitation;

/// Who invites, and as what.
#[derive(Serialize, JsonSchema)]
pub struct InvitationShown {
    /// The company.
    company: String,
    /// Who is invited: first name.
    first_name: String,
    /// What will sign in.
    email: Email,
    /// As what.
    member: MemberRole,
    /// Until when it can be accepted.
    expires_at: Timestamp,
}

impl Operation for ReadInvitation {
    const NAME: &'static str = "read-invitation";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/invitations/read";
    const SUMMARY: &'static str = "Who invites into which team, with the link of the mail.";
    const SECRET: bool = true;
    const CHANGES: bool = false;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = MailLink;
    type Output = InvitationShown;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<InvitationShown>, Problem> {
        let invited = Invited::read(desk, &call.input.token, call.now).await?;
        let Invitation {
            email,
            first_name,
            role,
            ..
        } = invited.invitation.clone();
        Ok(Reply::ok(InvitationShown {
            company: invited.professional.name().to_owned(),
            expires_at: invited.invitation.expires_at(),
            first_name,
            email,
            member: role,
        }))
    }
}

/// An invitation that can be accepted.
pub(crate) struct Invited {
    pub(crate) professional: Professional,
    pub(crate) members: Versioned<Members>,
    pub(crate) invitation: Invitation,
}

impl Invited {
    /// What the link of an invitation is for.
    pub(crate) async fn read(
        desk: &Desk<()>,
        token: &str,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let over = || Problem::from(MembersRefused::InvitationOver);
        let link = read_link(desk, token).await.map_err(|problem| {
            if problem.status == 410 {
                over()
            } else {
                problem
            }
        })?;
        let TokenPurpose::JoinTeam {
            professional,
            invitation,
        } = &link.record.purpose
        else {
            return Err(over());
        };
        let key = Key::professional(professional);
        let company = desk.store.get::<Professional>(key).await?;
        let company = company.map(|read| read.record);
        let company = company.filter(Professional::has_an_account);
        let members = desk
            .store
            .get::<Members>(Key::members(professional))
            .await?;
        let (Some(company), Some(members)) = (company, members) else {
            return Err(over());
        };
        let found = members.record.invitation(invitation).cloned();
        let invitation = found.filter(|one| one.is_open(now)).ok_or_else(over)?;
        Ok(Self {
            professional: company,
            members,
            invitation,
        })
    }
}
