//! A client proves the address: the account opens, and they are signed in.

use adapters::ids::fresh;
use adapters::keys::LinkKeys;
use adapters::store::{Key, UniqueClaim, Versioned};
use domain::account::proof::Wish;
use domain::account::{Account, AccountRefused, ClientProfile, SignInMethod};
use domain::event::Event;
use domain::ids::AccountId;
use domain::passwords::NewPassword;
use domain::terms::Audience;
use http_function::proof::{self, Proved};
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply, link_expired, terms};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::passwords::hash;
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

/// A proof, and what replaces what somebody else may have typed.
#[derive(Deserialize, JsonSchema)]
pub struct EmailProof {
    /// The `token` of the link.
    #[schemars(length(max = 100))]
    token: Option<String>,
    /// The code of the mail, in the browser that signed up.
    #[schemars(length(max = 20))]
    code: Option<String>,
    /// In another browser: the password to come. The one typed at sign-up may be a stranger's.
    #[schemars(length(min = 12, max = 128))]
    new_password: Option<String>,
    /// In another browser: accepts the terms for clients.
    #[serde(default)]
    accepts_terms: bool,
}

impl Operation for VerifyEmail {
    const NAME: &'static str = "verify-email";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/accounts/verify-email";
    const SUMMARY: &'static str = "Prove an e-mail with the link or the code that was sent to it: the account opens, and signs in. In another browser than the one that signed up, a password is chosen.";
    const SECRET: bool = true;
    type Outside = LinkKeys;
    type Who = Anyone;
    type Path = Nothing;
    type Input = EmailProof;
    type Output = SignedInAs;

    async fn run(desk: &Desk<LinkKeys>, call: &Call<Self>) -> Result<Reply<SignedInAs>, Problem> {
        let EmailProof { token, code, .. } = &call.input;
        let proved = proof::read(desk, call, token.as_deref(), code.as_deref()).await?;
        let account = opened(desk, call, &proved).await?;
        let newsletter = account.client.as_ref().is_some_and(|it| it.newsletter);
        let changes = proved
            .spent(call.changes())
            .claim(UniqueClaim::email(&account.email, &account.id), "email")
            .create(&account, "account")
            .activity(Self::NAME, account.id.as_str())
            .event(Event::AccountChanged {
                account: account.id.clone(),
            })
            .events(newsletter.then(|| Event::NewsletterAsked {
                account: account.id.clone(),
            }));
        let reply = signed_in(desk, call, &account, &[SignInMethod::MailedLink], changes).await?;
        Ok(reply.cookie(proof::forgotten(&desk.settings)))
    }
}

/// The account of who proved the address. In another browser than the one that signed up, what was typed
/// there may be a stranger's: password, acceptance and newsletter are the reader's own.
async fn opened(
    desk: &Desk<LinkKeys>,
    call: &Call<VerifyEmail>,
    proved: &Proved,
) -> Result<Account, Problem> {
    let proof = proved.proof();
    let Wish::OpenClient {
        password_hash,
        profile,
        accepted,
    } = &proof.wish
    else {
        return Err(link_expired());
    };
    let (password_hash, profile, accepted) = if proved.here {
        (password_hash.clone(), profile.clone(), accepted.clone())
    } else {
        let chosen = call.input.new_password.as_deref();
        let chosen = chosen.ok_or_else(password_needed)?;
        if !call.input.accepts_terms {
            return Err(Problem::from(AccountRefused::TermsNotAccepted).about("accepts_terms"));
        }
        let chosen = NewPassword::parse(chosen, &proof.email)
            .map_err(|refused| Problem::from(refused).about("new_password"))?;
        let profile = ClientProfile {
            newsletter: false,
            ..profile.clone()
        };
        (
            Some(hash(chosen.as_str().to_owned()).await?),
            profile,
            terms::accepted(desk, call, Audience::Clients).await?,
        )
    };
    let id: AccountId = fresh(call.now);
    let mut account = Account::of_client(id, proof.email.clone(), password_hash, profile, accepted);
    account.verify_email(call.now);
    Ok(account)
}

fn password_needed() -> Problem {
    Problem::new(
        422,
        "password_needed",
        "Ce lien est ouvert dans un autre navigateur que celui de l’inscription : choisissez ici votre mot de passe.",
    )
    .about("new_password")
}

/// The account that a link is for: with the account, its links end.
pub(crate) async fn account_of_link<O>(
    desk: &Desk<O>,
    id: &AccountId,
) -> Result<Versioned<Account>, Problem> {
    let read = desk.store.get::<Account>(Key::account(id)).await?;
    read.filter(|read| read.record.closed_at.is_none())
        .ok_or_else(link_expired)
}
