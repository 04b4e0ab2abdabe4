//! Somebody proves the address and chooses a new password; with a second factor, that is asked for too.

use adapters::keys::LinkKeys;
use adapters::store::Versioned;
use domain::account::proof::Wish;
use domain::account::{Account, Role, SignInMethod};
use domain::passwords::NewPassword;
use http_function::proof::{self, Proved};
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply, door, link_expired};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::passwords::hash;
use crate::sign_in::{SignedInAs, account_of, signed_in, take_factor};

/// Choose a new password with a link or a code.
pub struct ResetPassword;

/// The proof and the password to come.
#[derive(Deserialize, JsonSchema)]
pub struct PasswordReset {
    /// The `token` of the link.
    #[schemars(length(max = 100))]
    token: Option<String>,
    /// The code of the mail, in the browser that asked for it.
    #[schemars(length(max = 20))]
    code: Option<String>,
    /// The password to come.
    #[schemars(length(min = 12, max = 128))]
    new_password: String,
    /// Where a second factor is set up: its six digits, or a recovery code.
    #[schemars(length(max = 20))]
    second_factor: Option<String>,
}

impl Operation for ResetPassword {
    const NAME: &'static str = "reset-password";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/password-resets";
    const SUMMARY: &'static str = "Choose a new password with the link or the code that was sent, and sign in; other devices are signed out. An operator gives the second factor too, and then signs in at the dashboard.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    type Outside = LinkKeys;
    type Who = Anyone;
    type Path = Nothing;
    type Input = PasswordReset;
    type Output = SignedInAs;

    async fn run(desk: &Desk<LinkKeys>, call: &Call<Self>) -> Result<Reply<SignedInAs>, Problem> {
        let PasswordReset { token, code, .. } = &call.input;
        let proved = proof::read(desk, call, token.as_deref(), code.as_deref()).await?;
        let read = account_to_open(desk, &proved).await?;
        let mut account = read.record.clone();
        let methods = give_factor(desk, call, &mut account).await?;
        let chosen = NewPassword::parse(&call.input.new_password, &account.email)
            .map_err(|refused| Problem::from(refused).about("new_password"))?;
        account.choose_password(hash(chosen.as_str().to_owned()).await?, call.now);
        account.verify_email(call.now);
        let changes = proved
            .spent(call.changes())
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str());
        let reply = match account.role {
            // The dashboard's own door asks for the code of another minute.
            Role::Admin => Reply::ok(SignedInAs::of(&account)).changing(changes),
            Role::Client | Role::Professional | Role::Manager | Role::Agent | Role::Applicant => {
                signed_in(desk, call, &account, &methods, changes).await?
            }
        };
        Ok(reply.cookie(proof::forgotten(&desk.settings)))
    }
}

/// The account of the address that was proved: as long as it is open, and its password is still the one
/// that was forgotten.
async fn account_to_open(
    desk: &Desk<LinkKeys>,
    proved: &Proved,
) -> Result<Versioned<Account>, Problem> {
    let proof = proved.proof();
    match &proof.wish {
        Wish::ResetPassword => {}
        Wish::OpenClient { .. } | Wish::Register { .. } => return Err(link_expired()),
    }
    let read = account_of(desk, &proof.email).await?;
    read.filter(|read| read.record.keeps_device(proof.asked_at))
        .ok_or_else(link_expired)
}

/// An operator gives the second factor, and so does whoever has set one up: by what they come in.
async fn give_factor(
    desk: &Desk<LinkKeys>,
    call: &Call<ResetPassword>,
    account: &mut Account,
) -> Result<Vec<SignInMethod>, Problem> {
    if !account.has_second_factor() {
        return match account.role {
            Role::Admin => Err(door::code_needed()),
            Role::Client | Role::Professional | Role::Manager | Role::Agent | Role::Applicant => {
                Ok(vec![SignInMethod::MailedLink])
            }
        };
    }
    let code = call.input.second_factor.as_deref();
    take_factor(desk, account, code, call.now).await?;
    Ok(vec![SignInMethod::MailedLink, SignInMethod::OneTimeCode])
}
