//! Somebody gives up the newsletter with the link that it carries, without signing in.

use adapters::keys::LinkKeys;
use adapters::store::Key;
use domain::account::{Account, ChosenBy};
use http_function::{
    Call, Desk, Nothing, Operation, Problem, Reply, Visitor, link_expired, newsletter_account,
};

use crate::choose_newsletter::NewsletterWanted;
use crate::verify_email::MailLink;

/// Give up the newsletter.
pub struct LeaveNewsletter;

impl Operation for LeaveNewsletter {
    const NAME: &'static str = "leave-newsletter";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/newsletter/leave";
    const SUMMARY: &'static str = "Give up the newsletter with its link; doing it twice is fine.";
    const SECRET: bool = true;
    type Outside = LinkKeys;
    type Who = Visitor;
    type Path = Nothing;
    type Input = MailLink;
    type Output = NewsletterWanted;

    async fn run(
        desk: &Desk<LinkKeys>,
        call: &Call<Self>,
    ) -> Result<Reply<NewsletterWanted>, Problem> {
        let id = newsletter_account(&desk.outside.0, &call.input.token)?;
        let read = desk.store.get::<Account>(Key::account(&id)).await?;
        let read = read.ok_or_else(link_expired)?;
        let mut account = read.record.clone();
        let reply = Reply::ok(NewsletterWanted { wanted: false });
        // A closed account gave it up already: whoever clicks gets what they want.
        if account.closed_at.is_some()
            || !account.choose_newsletter(false, ChosenBy::MailLink, call.now)?
        {
            return Ok(reply);
        }
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, id.as_str());
        Ok(reply.changing(changes))
    }
}
