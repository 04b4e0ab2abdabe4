//! Somebody wishes to register a professional (terms, article 4), or to come back to a registration: its
//! file opens once the address is proved. Whether the address was known is told to its reader alone.

use domain::account::AccountRefused;
use domain::account::proof::Wish;
use domain::identifiers::Email;
use domain::terms::Audience;
use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_ip, proof, terms, throttle,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Begin a registration, or go back to it.
pub struct StartRegistration;

/// What a registration begins with.
#[derive(Deserialize, JsonSchema)]
pub struct RegistrationStart {
    /// What will sign in.
    email: Email,
    /// Accepts the terms for professionals.
    accepts_terms: bool,
}

/// What is answered to everybody.
#[derive(Serialize, JsonSchema)]
pub struct RegistrationAsked {
    /// For people.
    message: &'static str,
}

impl Operation for StartRegistration {
    const NAME: &'static str = "start-registration";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/registrations";
    const SUMMARY: &'static str = "Ask to register a professional, or to come back to a registration: it opens when the e-mail is proved; the answer is the same for every e-mail.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = RegistrationStart;
    type Output = RegistrationAsked;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RegistrationAsked>, Problem> {
        let RegistrationStart {
            email,
            accepts_terms,
        } = &call.input;
        throttle(desk, &by_ip(Self::NAME, &call.trace.ip), 30, HOUR).await?;
        if !accepts_terms {
            return Err(AccountRefused::TermsNotAccepted.into());
        }
        let wish = Wish::Register {
            accepted: terms::accepted(desk, call, Audience::Professionals).await?,
        };
        let (changes, cookie) = proof::ask(desk, call, email, wish).await?;
        Ok(Reply::accepted(RegistrationAsked {
            message: "Un courriel vient d’être envoyé à cette adresse : saisissez ici le code qu’il contient, ou ouvrez son lien.",
        })
        .changing(changes)
        .cookies(vec![cookie]))
    }
}
