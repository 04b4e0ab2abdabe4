//! A client wishes to open an account: it opens once the address is proved. Whether the address was
//! known is told to its reader alone, by mail.

use domain::account::proof::Wish;
use domain::account::{AccountRefused, ClientProfile};
use domain::identifiers::Email;
use domain::passwords::NewPassword;
use domain::terms::Audience;
use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_ip, proof, terms, throttle,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::passwords::hash;

/// Sign up as a client.
pub struct SignUpClient;

/// What a client gives.
#[derive(Deserialize, JsonSchema)]
pub struct SignUp {
    /// What will sign in.
    email: Email,
    /// 12 characters of four sorts, 14 of three, or a sentence of seven words. Without one, the account
    /// opens by the code of the mail and a password is chosen later.
    #[serde(default)]
    #[schemars(length(min = 12, max = 128))]
    password: Option<String>,
    /// Particulars.
    profile: ClientProfile,
    /// Accepts the terms for clients.
    accepts_terms: bool,
}

/// What is answered to everybody.
#[derive(Serialize, JsonSchema)]
pub struct MailSent {
    /// For people.
    message: &'static str,
}

/// The same for every address.
pub(crate) const LOOK_AT_YOUR_MAIL: MailSent = MailSent {
    message: "Un courriel vient d’être envoyé à cette adresse : saisissez ici le code qu’il contient, ou ouvrez son lien.",
};

impl Operation for SignUpClient {
    const NAME: &'static str = "sign-up-client";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/accounts";
    const SUMMARY: &'static str = "Ask to open a client account: it opens when the e-mail is proved; the answer is the same when the e-mail has one already.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = SignUp;
    type Output = MailSent;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<MailSent>, Problem> {
        let SignUp {
            email,
            password,
            profile,
            accepts_terms,
        } = &call.input;
        throttle(desk, &by_ip(Self::NAME, &call.trace.ip), 30, HOUR).await?;
        if !accepts_terms {
            return Err(AccountRefused::TermsNotAccepted.into());
        }
        profile.check()?;
        let password_hash = match password {
            None => None,
            Some(typed) => {
                let password = NewPassword::parse(typed, email)
                    .map_err(|refused| Problem::from(refused).about("password"))?;
                Some(hash(password.as_str().to_owned()).await?)
            }
        };
        let wish = Wish::OpenClient {
            password_hash,
            profile: profile.clone(),
            accepted: terms::accepted(desk, call, Audience::Clients).await?,
        };
        let (changes, cookie) = proof::ask(desk, call, email, wish).await?;
        Ok(Reply::accepted(LOOK_AT_YOUR_MAIL)
            .changing(changes)
            .cookies(vec![cookie]))
    }
}
