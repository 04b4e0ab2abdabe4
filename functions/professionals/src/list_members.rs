//! A company looks at who signs in for it.

use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::team::{Team, TeamView};

/// Look at one's own team.
pub struct ListMembers;

impl Operation for ListMembers {
    const NAME: &'static str = "list-members";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/members";
    const SUMMARY: &'static str = "Who signs in for the caller's company, who is invited, and the shifts of those who \
        lost their access. Natural persons have no team.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = Nothing;
    type Output = TeamView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TeamView>, Problem> {
        let team = Team::read(desk, &call.who.professional).await?;
        let view = team.view(&desk.store, &call.who.account, call.now).await?;
        Ok(Reply::ok(view))
    }
}
