//! A company invites somebody into its team: a mail carries the link that accepts.

use adapters::ids::fresh;
use adapters::store::{Key, UniqueClaim};
use domain::event::Event;
use domain::identifiers::Email;
use domain::members::{Invitation, MemberRole, MembersRefused};
use http_function::{
    Call, DAY, Desk, Nothing, Operation, Problem, Professional, Reply, proof, throttle,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::team::{Team, TeamView};

/// How many invitations a company sends in a day.
pub(crate) const MOST_A_DAY: u64 = 60;
/// What they are counted as, together with those that are sent again.
pub(crate) fn counted(professional: &domain::ids::ProfessionalId) -> String {
    format!("invite-member#{professional}")
}

/// Invite somebody.
pub struct InviteMember;

/// Who is invited, as what.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct NewMember {
    /// Where the mail goes, and what will sign in.
    email: Email,
    /// First name; an agent's is that of the file.
    #[serde(default)]
    #[schemars(length(max = 80))]
    first_name: String,
    /// Last name; an agent's is that of the file.
    #[serde(default)]
    #[schemars(length(max = 80))]
    last_name: String,
    /// As what.
    member: MemberRole,
}

impl Operation for InviteMember {
    const NAME: &'static str = "invite-member";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/invitations";
    const SUMMARY: &'static str = "Invite a manager, or an agent of the file, into the caller's team: good for 7 days. \
        An address that signs in elsewhere is refused.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = NewMember;
    type Output = TeamView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TeamView>, Problem> {
        let mut team = Team::read(desk, &call.who.professional).await?;
        let id = fresh(call.now);
        let NewMember {
            email,
            first_name,
            last_name,
            member,
        } = &call.input;
        let invitation = Invitation {
            id,
            email: email.clone(),
            first_name: first_name.clone(),
            last_name: last_name.clone(),
            role: member.clone(),
            by: call.who.account.clone(),
            sent_at: call.now,
        };
        let event = Event::MemberInvited {
            professional: team.professional.id.clone(),
            invitation: invitation.id.clone(),
        };
        team.members.invite(&team.professional, invitation)?;
        throttle(desk, &counted(&team.professional.id), MOST_A_DAY, DAY).await?;
        proof::mail_to_unproved(desk, email).await?;
        let claim = Key::unique(&UniqueClaim::email_key(email));
        if desk.store.get::<UniqueClaim>(claim).await?.is_some() {
            return Err(MembersRefused::AddressTaken.into());
        }
        let changes = call
            .changes()
            .upsert(team.read.as_ref(), &team.members)
            .activity(Self::NAME, team.professional.id.as_str())
            .event(event);
        let view = team.view(&desk.store, &call.who.account, call.now).await?;
        Ok(Reply::created(view).changing(changes))
    }
}
