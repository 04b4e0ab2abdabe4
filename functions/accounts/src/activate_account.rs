//! An accepted professional follows the link of the mail and is shown the attributed password, once
//! (terms, article 4).

use adapters::secrets::attributed_password;
use adapters::store::{Key, TokenPurpose};
use domain::account::Account;
use domain::identifiers::Email;
use http_function::{
    Anyone, Call, Desk, Nothing, Operation, Problem, Reply, link_expired, read_link,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::passwords::hash;
use crate::verify_email::MailLink;

/// Receive the attributed password.
pub struct ActivateAccount;

/// What signs in the first time.
#[derive(Serialize, JsonSchema)]
pub struct AttributedPassword {
    /// The identifier.
    email: Email,
    /// The password: shown now, and never again.
    attributed_password: String,
    /// Until when it works.
    expires_at: Option<Timestamp>,
}

impl Operation for ActivateAccount {
    const NAME: &'static str = "activate-account";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/activations";
    const SUMMARY: &'static str =
        "Receive the attributed password with the link of the acceptance mail; works once.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = MailLink;
    type Output = AttributedPassword;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<AttributedPassword>, Problem> {
        let link = read_link(desk, &call.input.token).await?;
        let TokenPurpose::Activate(id) = &link.record.purpose else {
            return Err(link_expired());
        };
        let read = desk
            .store
            .get::<Account>(Key::account(id))
            .await?
            .ok_or_else(link_expired)?;
        let mut account = read.record.clone();
        let password = attributed_password();
        account.attribute_password(hash(password.clone()).await?, call.now)?;
        let changes = call
            .changes()
            .delete(&link)
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str());
        let attributed = AttributedPassword {
            email: account.email,
            attributed_password: password,
            expires_at: account.password_expires_at,
        };
        Ok(Reply::ok(attributed).changing(changes))
    }
}
