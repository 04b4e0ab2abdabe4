//! The operator is done with a mail that came back: a form of the dashboard.

use adapters::store::{Key, SentMail};
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say that a mail that was lost or unwanted needs nothing more.
pub struct HandleMail;

/// Which mail.
#[derive(Deserialize, JsonSchema)]
pub struct MailAsked {
    /// The event it told.
    event: String,
    /// Its template.
    template: String,
    /// The account or registration it was for.
    recipient: String,
}

impl MailAsked {
    /// The key of the mail.
    pub(crate) fn key(&self) -> Key {
        Key::sent_mail(&self.event, &self.template, &self.recipient)
    }
}

impl Operation for HandleMail {
    const NAME: &'static str = "handle-mail";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/courriels";
    const SUMMARY: &'static str = "A mail that was lost or unwanted needs nothing more.";
    const DUTY: Duty = Duty::Decide;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = MailAsked;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = desk.store.get::<SentMail>(call.input.key()).await?;
        let read = read.ok_or_else(Problem::not_found)?;
        // Sent twice, it was done the first time.
        if !read.record.waits() {
            return Ok(Reply::ok(Nothing {}));
        }
        let mut handled = read.record.clone();
        handled.handled_at = Some(call.now);
        let changes = call
            .changes()
            .replace(&read, &handled)
            .activity(Self::NAME, &handled.recipient);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
