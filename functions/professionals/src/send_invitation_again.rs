//! A company sends an invitation again: its seven days begin anew.

use domain::event::Event;
use http_function::{
    Call, DAY, Desk, Nothing, Operation, Problem, Professional, Reply, proof, throttle,
};

use crate::invite_member::{MOST_A_DAY, counted};
use crate::team::{InvitationPath, Team, TeamView};

/// Send an invitation again.
pub struct SendInvitationAgain;

impl Operation for SendInvitationAgain {
    const NAME: &'static str = "send-invitation-again";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/invitations/{invitation}/send";
    const SUMMARY: &'static str =
        "Send an invitation that was not answered again, after a minute at least.";
    type Outside = ();
    type Who = Professional;
    type Path = InvitationPath;
    type Input = Nothing;
    type Output = TeamView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TeamView>, Problem> {
        let mut team = Team::read(desk, &call.who.professional).await?;
        let id = &call.path.invitation;
        let invitation = team.members.invitation(id);
        let email = invitation.ok_or_else(Problem::not_found)?.email.clone();
        team.members.send_again(id, call.now)?;
        throttle(desk, &counted(&team.professional.id), MOST_A_DAY, DAY).await?;
        proof::mail_to_unproved(desk, &email).await?;
        let changes = call
            .changes()
            .upsert(team.read.as_ref(), &team.members)
            .activity(Self::NAME, team.professional.id.as_str())
            .event(Event::MemberInvited {
                professional: team.professional.id.clone(),
                invitation: id.clone(),
            });
        let view = team.view(&desk.store, &call.who.account, call.now).await?;
        Ok(Reply::ok(view).changing(changes))
    }
}
