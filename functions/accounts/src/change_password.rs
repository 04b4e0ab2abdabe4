//! Somebody chooses another password; with an attributed one, before anything else (terms, article 4).

use adapters::store::{Key, Versioned};
use domain::account::{Account, AccountRefused, Role};
use domain::ids::AccountId;
use domain::passwords::NewPassword;
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, SignedIn, confirm_password};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::passwords::hash;
use crate::sign_in::{SignedInAs, signed_in};

/// Change one's password.
pub struct ChangePassword;

/// The present password and the one to come.
#[derive(Deserialize, JsonSchema)]
pub struct PasswordChange {
    /// The present one; none where none was chosen yet.
    #[serde(default)]
    #[schemars(length(max = 128))]
    current_password: Option<String>,
    /// The one to come.
    #[schemars(length(min = 12, max = 128))]
    new_password: String,
}

impl Operation for ChangePassword {
    const NAME: &'static str = "change-password";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/account/password";
    const SUMMARY: &'static str = "Change the password; other devices are signed out.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = SignedIn;
    type Path = Nothing;
    type Input = PasswordChange;
    type Output = SignedInAs;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SignedInAs>, Problem> {
        let PasswordChange {
            current_password,
            new_password,
        } = &call.input;
        let id = AccountId::parse(&call.who.0.subject).map_err(|_| Problem::not_found())?;
        let read = own(desk, &id, current_password.as_deref()).await?;
        let mut account = read.record.clone();
        if current_password.as_ref() == Some(new_password) {
            return Err(Problem::from(AccountRefused::PasswordUnchanged).about("new_password"));
        }
        account.check_password_in_time(call.now)?;
        let chosen = NewPassword::parse(new_password, &account.email)
            .map_err(|refused| Problem::from(refused).about("new_password"))?;
        account.choose_password(hash(chosen.as_str().to_owned()).await?, call.now);
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, id.as_str());
        // This device too is signed in anew: what was known of the old session is worth nothing.
        match account.role {
            // The dashboard's own door opens an operator's session.
            Role::Admin => Ok(Reply::ok(SignedInAs::of(&account)).changing(changes)),
            Role::Client | Role::Professional | Role::Manager | Role::Agent | Role::Applicant => {
                signed_in(desk, call, &account, &call.who.0.methods, changes).await
            }
        }
    }
}

/// The caller's account, once its password was typed. A client who opened it by the code of a mail has none
/// to type: the session is the proof, and the change is mailed.
async fn own(
    desk: &Desk<()>,
    id: &AccountId,
    current: Option<&str>,
) -> Result<Versioned<Account>, Problem> {
    let read = desk.store.get::<Account>(Key::account(id)).await?;
    let read = read.ok_or_else(Problem::not_found)?;
    let account = &read.record;
    if account.role == Role::Client && account.password_hash.is_none() {
        return Ok(read);
    }
    confirm_password(desk, id, current.unwrap_or_default())
        .await
        .map_err(|problem| problem.about("current_password"))
}
