//! A client opens an account. Whether the e-mail was known is told to its holder alone, by mail.

use adapters::ids::fresh;
use adapters::store::{Changes, Key, UniqueClaim};
use domain::account::{Acceptance, Account, AccountRefused, ClientProfile};
use domain::event::Event;
use domain::identifiers::Email;
use domain::ids::AccountId;
use domain::passwords::NewPassword;
use domain::terms::Audience;
use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_email, by_ip, terms, throttle,
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
    /// 12 characters of four sorts, 14 of three, or a sentence of seven words.
    #[schemars(length(min = 12, max = 128))]
    password: String,
    /// Particulars.
    profile: ClientProfile,
    /// Accepts the terms for clients.
    accepts_terms: bool,
}

/// What is answered to everybody.
#[derive(Serialize, JsonSchema)]
pub struct SignUpReceived {
    /// For people.
    message: &'static str,
}

const LOOK_AT_YOUR_MAIL: &str =
    "Un courriel vient d’être envoyé à cette adresse : ouvrez-le pour continuer.";

impl Operation for SignUpClient {
    const NAME: &'static str = "sign-up-client";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/accounts";
    const SUMMARY: &'static str =
        "Open a client account; the answer is the same when the e-mail has one already.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = SignUp;
    type Output = SignUpReceived;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SignUpReceived>, Problem> {
        let SignUp {
            email,
            password,
            profile,
            accepts_terms,
        } = &call.input;
        throttle(desk, &by_ip(Self::NAME, &call.trace.ip), 30, HOUR).await?;
        throttle(desk, &by_email(Self::NAME, email), 5, HOUR).await?;
        if !accepts_terms {
            return Err(AccountRefused::TermsNotAccepted.into());
        }
        profile.check()?;
        let password = NewPassword::parse(password, email)
            .map_err(|refused| Problem::from(refused).about("password"))?;
        // Hashed in both cases, so that the time of the answer says nothing either.
        let password_hash = hash(password.as_str().to_owned()).await?;
        let known = desk
            .store
            .get::<UniqueClaim>(Key::unique(&UniqueClaim::email_key(email)))
            .await?;
        let changes = match known {
            Some(claim) => tell_holder(call, &claim.record),
            None => {
                let accepted = terms::accepted(desk, call, Audience::Clients).await?;
                open(call, password_hash, accepted)
            }
        };
        Ok(Reply::accepted(SignUpReceived {
            message: LOOK_AT_YOUR_MAIL,
        })
        .changing(changes))
    }
}

fn open(call: &Call<SignUpClient>, password_hash: String, accepted: Acceptance) -> Changes {
    let SignUp { email, profile, .. } = &call.input;
    let id: AccountId = fresh(call.now);
    let account = Account::of_client(
        id.clone(),
        email.clone(),
        password_hash,
        profile.clone(),
        accepted,
    );
    call.changes()
        // Not labelled `email`: when somebody is quicker, the second try answers as to a known e-mail.
        .claim(UniqueClaim::email(email, &id), "sign_up")
        .create(&account, "account")
        .activity(SignUpClient::NAME, id.as_str())
        .event(Event::ClientSignedUp { account: id })
}

/// A registration being written holds its e-mail too, without an account to tell.
fn tell_holder(call: &Call<SignUpClient>, claim: &UniqueClaim) -> Changes {
    let changes = call.changes().activity(SignUpClient::NAME, &claim.owner);
    match AccountId::parse(&claim.owner) {
        Ok(account) => changes.event(Event::SignUpRepeated { account }),
        Err(_) => changes,
    }
}
