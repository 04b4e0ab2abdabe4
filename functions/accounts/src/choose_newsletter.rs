//! A client asks for the newsletter or gives it up.

use domain::account::ChosenBy;
use domain::event::Event;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::read_account::own_account;

/// Choose whether to receive the newsletter.
pub struct ChooseNewsletter;

/// The choice.
#[derive(Deserialize, Serialize, JsonSchema)]
pub struct NewsletterWanted {
    /// Whether it is wanted.
    pub(crate) wanted: bool,
}

impl Operation for ChooseNewsletter {
    const NAME: &'static str = "choose-newsletter";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/account/newsletter";
    const SUMMARY: &'static str =
        "Ask for the newsletter or give it up; each choice is kept with its date.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = NewsletterWanted;
    type Output = NewsletterWanted;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<NewsletterWanted>, Problem> {
        let wanted = call.input.wanted;
        let read = own_account(&desk.store, &call.who.account).await?;
        let mut account = read.record.clone();
        let reply = Reply::ok(NewsletterWanted { wanted });
        if !account.choose_newsletter(wanted, ChosenBy::Account, call.now)? {
            return Ok(reply);
        }
        // Nobody is written to before the address is proved: proving it then tells.
        let told = wanted && account.email_verified_at.is_some();
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str())
            .events(told.then(|| Event::NewsletterAsked {
                account: account.id.clone(),
            }));
        Ok(reply.changing(changes))
    }
}
