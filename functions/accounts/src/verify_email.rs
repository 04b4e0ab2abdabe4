//! A client follows the link that proves the e-mail, and is signed in.

use adapters::store::{Key, TokenPurpose, Versioned};
use domain::account::{Account, SignInMethod};
use domain::event::Event;
use domain::ids::AccountId;
use http_function::{
    Anyone, Call, Desk, Nothing, Operation, Problem, Reply, link_expired, read_link,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::sign_in::{SignedInAs, signed_in};

/// Prove an e-mail.
pub struct VerifyEmail;

/// The link's secret.
#[derive(Deserialize, JsonSchema)]
pub struct MailLink {
    /// The `token` of the link.
    #[schemars(length(max = 100))]
    pub(crate) token: String,
}

impl Operation for VerifyEmail {
    const NAME: &'static str = "verify-email";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/accounts/verify-email";
    const SUMMARY: &'static str = "Prove an e-mail with the link that was sent to it, and sign in.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = MailLink;
    type Output = SignedInAs;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SignedInAs>, Problem> {
        let link = read_link(desk, &call.input.token).await?;
        let TokenPurpose::VerifyEmail(id) = &link.record.purpose else {
            return Err(link_expired());
        };
        let read = account_of_link(desk, id).await?;
        let mut account = read.record.clone();
        account.verify_email(call.now);
        let newsletter = account.client.as_ref().is_some_and(|it| it.newsletter);
        let changes = call
            .changes()
            .delete(&link)
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str())
            .events(newsletter.then(|| Event::NewsletterAsked {
                account: account.id.clone(),
            }));
        signed_in(desk, &account, &[SignInMethod::MailedLink], changes).await
    }
}

/// The account that a link is for: with the account, its links end.
pub(crate) async fn account_of_link(
    desk: &Desk<()>,
    id: &AccountId,
) -> Result<Versioned<Account>, Problem> {
    let read = desk.store.get::<Account>(Key::account(id)).await?;
    read.filter(|read| read.record.closed_at.is_none())
        .ok_or_else(link_expired)
}
