//! Somebody says that another comes into their account (terms, article 6): every session ends, another
//! password is to be chosen, and the operator looks.

use adapters::store::Key;
use domain::account::Account;
use domain::event::Event;
use http_function::{AccountHolder, Call, Desk, Nothing, Operation, Problem, Reply, sessions};
use schemars::JsonSchema;
use serde::Deserialize;

/// Report a suspect access.
pub struct ReportSuspectAccess;

/// What is said.
#[derive(Deserialize, JsonSchema)]
pub struct SuspectAccess {
    /// That somebody else comes in: this ends every session.
    somebody_else_comes_in: bool,
}

impl Operation for ReportSuspectAccess {
    const NAME: &'static str = "report-suspect-access";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/suspect-access";
    const SUMMARY: &'static str = "Say that somebody else comes in: every session ends, the password is worth nothing, and the operator is told.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = AccountHolder;
    type Path = Nothing;
    type Input = SuspectAccess;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        if !call.input.somebody_else_comes_in {
            return Ok(Reply::ok(Nothing {}));
        }
        let id = &call.who.account;
        let read = desk.store.get::<Account>(Key::account(id)).await?;
        let read = read.ok_or_else(Problem::not_found)?;
        let mut account = read.record.clone();
        account.suspect_access(call.now);
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, id.as_str())
            .event(Event::AccessSuspected {
                account: id.clone(),
            });
        Ok(Reply::ok(Nothing {})
            .changing(changes)
            .cookies(sessions::no_cookies(&desk.settings)))
    }
}
