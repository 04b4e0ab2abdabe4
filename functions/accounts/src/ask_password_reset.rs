//! Somebody forgot a password. Whether the e-mail has an account is told by mail alone.

use domain::event::Event;
use domain::identifiers::Email;
use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_email, by_ip, throttle,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sign_in::account_of;

/// Ask for a new password.
pub struct AskPasswordReset;

/// Whose password was forgotten.
#[derive(Deserialize, JsonSchema)]
pub struct ForgottenPassword {
    /// What signs in.
    email: Email,
}

/// What is answered to everybody.
#[derive(Serialize, JsonSchema)]
pub struct ResetAsked {
    /// For people.
    message: &'static str,
}

const LOOK_AT_YOUR_MAIL: &str = "Si un compte existe pour cette adresse, un courriel vient d’y être envoyé pour choisir un nouveau mot de passe.";

impl Operation for AskPasswordReset {
    const NAME: &'static str = "ask-password-reset";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/password-resets";
    const SUMMARY: &'static str =
        "Ask for a link to choose a new password; the answer is the same for an unknown e-mail.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = ForgottenPassword;
    type Output = ResetAsked;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ResetAsked>, Problem> {
        let email = &call.input.email;
        throttle(desk, &by_ip(Self::NAME, &call.trace.ip), 30, HOUR).await?;
        throttle(desk, &by_email(Self::NAME, email), 5, HOUR).await?;
        let changes = match account_of(desk, email).await? {
            Some(account) => call
                .changes()
                .activity(Self::NAME, account.id.as_str())
                .event(Event::PasswordResetAsked {
                    account: account.id,
                }),
            // As much is written for nobody, so that both answers take the same time.
            None => call.changes().activity(Self::NAME, "nobody"),
        };
        Ok(Reply::accepted(ResetAsked {
            message: LOOK_AT_YOUR_MAIL,
        })
        .changing(changes))
    }
}
