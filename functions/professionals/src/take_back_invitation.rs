//! A company takes an invitation back: the link of its mail accepts nothing any more.

use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::team::{InvitationPath, Team, TeamView};

/// Take an invitation back.
pub struct TakeBackInvitation;

impl Operation for TakeBackInvitation {
    const NAME: &'static str = "take-back-invitation";
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/api/professional/invitations/{invitation}";
    const SUMMARY: &'static str = "Take an invitation back that was not answered.";
    type Outside = ();
    type Who = Professional;
    type Path = InvitationPath;
    type Input = Nothing;
    type Output = TeamView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TeamView>, Problem> {
        let mut team = Team::read(desk, &call.who.professional).await?;
        if !team.members.take_back(&call.path.invitation) {
            return Err(Problem::not_found());
        }
        let changes = call
            .changes()
            .upsert(team.read.as_ref(), &team.members)
            .activity(Self::NAME, team.professional.id.as_str());
        let view = team.view(&desk.store, &call.who.account, call.now).await?;
        Ok(Reply::ok(view).changing(changes))
    }
}
