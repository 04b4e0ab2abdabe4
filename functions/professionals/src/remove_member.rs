//! A company takes somebody out of its team: their sessions end at once, and their shifts to come are to
//! be given to others.

use adapters::store::{Key, UniqueClaim};
use domain::account::Account;
use domain::event::Event;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};

use crate::team::{MemberPath, Team, TeamView};

/// Take somebody out of the team.
pub struct RemoveMember;

impl Operation for RemoveMember {
    const NAME: &'static str = "remove-member";
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/api/professional/members/{account}";
    const SUMMARY: &'static str = "Take somebody out of the caller's team, never its owner: their sessions end at once. \
        Answers the team, with the shifts that are to be given again.";
    type Outside = ();
    type Who = Professional;
    type Path = MemberPath;
    type Input = Nothing;
    type Output = TeamView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<TeamView>, Problem> {
        let mut team = Team::read(desk, &call.who.professional).await?;
        let id = &call.path.account;
        // Somebody else's member, and the owner, are none of the team's.
        let removed = team.members.remove(id, call.now);
        let removed = removed.ok_or_else(Problem::not_found)?;
        let read = desk.store.get::<Account>(Key::account(id)).await?;
        let read = read.ok_or_else(Problem::not_found)?;
        let mut account = read.record.clone();
        account.end_membership(call.now);
        // The address is free again: whoever is invited at it has another account.
        let claim = Key::unique(&UniqueClaim::email_key(&removed.email));
        let changes = call
            .changes()
            .upsert(team.read.as_ref(), &team.members)
            .replace(&read, &account)
            .forget::<UniqueClaim>(claim)
            .activity(Self::NAME, id.as_str())
            .activity(Self::NAME, team.professional.id.as_str())
            .event(Event::MemberRemoved {
                professional: team.professional.id.clone(),
                account: id.clone(),
            });
        let view = team.view(&desk.store, &call.who.account, call.now).await?;
        Ok(Reply::ok(view).changing(changes))
    }
}
