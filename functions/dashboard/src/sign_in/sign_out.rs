//! The operator signs out, everywhere.

use adapters::store::Key;
use domain::account::Account;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply, sessions};

/// Signing out.
pub(crate) struct SignOutOperator;

impl Operation for SignOutOperator {
    const NAME: &'static str = "sign-out-operator";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/deconnexion";
    const SUMMARY: &'static str = "End the operator's sessions.";
    const DUTY: Duty = Duty::Read;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let key = Key::account(&call.who.account);
        let read = desk.store.get::<Account>(key).await?;
        let read = read.ok_or_else(Problem::not_found)?;
        let mut out = read.record.clone();
        out.signed_out_before = Some(call.now);
        let changes = call
            .changes()
            .replace(&read, &out)
            .activity(Self::NAME, out.id.as_str());
        let to = format!("{}?fait={}", super::SignInPage::PATH, Self::NAME);
        Ok(Reply::ok(Nothing {})
            .changing(changes)
            .cookies(sessions::no_cookies(&desk.settings))
            .redirect(to))
    }
}
