//! The operator has looked at an account into which somebody else may have come: a form of the dashboard.

use adapters::store::Key;
use domain::account::Account;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};

use crate::decide_identifier_change::AccountPath;

/// Done with a suspect access.
pub struct HandleSuspicion;

impl Operation for HandleSuspicion {
    const NAME: &'static str = "handle-suspicion";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/acces-suspects/{account}/traiter";
    const SUMMARY: &'static str = "Done with a suspect access; done twice is done once.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = AccountPath;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let id = &call.path.account;
        let read = desk.store.get::<Account>(Key::account(id)).await?;
        let read = read.ok_or_else(Problem::not_found)?;
        let mut account = read.record.clone();
        if account.suspected_at.take().is_none() {
            return Ok(Reply::ok(Nothing {}));
        }
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, id.as_str());
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
