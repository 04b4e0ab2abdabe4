//! Somebody follows the link of the mail and chooses a new password.

use adapters::store::TokenPurpose;
use domain::account::SignInMethod;
use domain::passwords::NewPassword;
use http_function::{
    Anyone, Call, Desk, Nothing, Operation, Problem, Reply, link_expired, read_link,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::passwords::hash;
use crate::sign_in::{SignedInAs, signed_in};
use crate::verify_email::account_of_link;

/// Choose a new password with a link.
pub struct ResetPassword;

/// The link and the password to come.
#[derive(Deserialize, JsonSchema)]
pub struct PasswordReset {
    /// The `token` of the link.
    #[schemars(length(max = 100))]
    token: String,
    /// The password to come.
    #[schemars(length(min = 12, max = 128))]
    new_password: String,
}

impl Operation for ResetPassword {
    const NAME: &'static str = "reset-password";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/password-resets";
    const SUMMARY: &'static str = "Choose a new password with the link that was sent, and sign in; other devices are signed out.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = PasswordReset;
    type Output = SignedInAs;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SignedInAs>, Problem> {
        let link = read_link(desk, &call.input.token).await?;
        let TokenPurpose::ResetPassword(id) = &link.record.purpose else {
            return Err(link_expired());
        };
        let read = account_of_link(desk, id).await?;
        let mut account = read.record.clone();
        let chosen = NewPassword::parse(&call.input.new_password, &account.email)
            .map_err(|refused| Problem::from(refused).about("new_password"))?;
        account.choose_password(hash(chosen.as_str().to_owned()).await?, call.now);
        // The link came by mail: it proves the e-mail too.
        account.verify_email(call.now);
        let changes = call
            .changes()
            .delete(&link)
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str());
        signed_in(desk, &account, &[SignInMethod::MailedLink], changes).await
    }
}
