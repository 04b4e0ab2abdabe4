//! Somebody forgot a password. Whether the e-mail has an account is told by mail alone.

use domain::account::proof::Wish;
use domain::identifiers::Email;
use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_ip, proof, throttle,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

const LOOK_AT_YOUR_MAIL: &str = "Si un compte existe pour cette adresse, un courriel vient d’y être envoyé : saisissez ici le code qu’il contient, ou ouvrez son lien.";

impl Operation for AskPasswordReset {
    const NAME: &'static str = "ask-password-reset";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/password-resets";
    const SUMMARY: &'static str = "Ask for a code and a link to choose a new password; the answer is the same for an unknown e-mail.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    // A cookie is set, which a kept answer would not have.
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = ForgottenPassword;
    type Output = ResetAsked;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ResetAsked>, Problem> {
        throttle(desk, &by_ip(Self::NAME, &call.trace.ip), 30, HOUR).await?;
        let (changes, cookie) =
            proof::ask(desk, call, &call.input.email, Wish::ResetPassword).await?;
        Ok(Reply::accepted(ResetAsked {
            message: LOOK_AT_YOUR_MAIL,
        })
        .changing(changes)
        .cookies(vec![cookie]))
    }
}
