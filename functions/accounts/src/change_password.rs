//! Somebody chooses another password; with an attributed one, before anything else (terms, article 4).

use adapters::store::Key;
use domain::account::{Account, AccountRefused};
use domain::ids::AccountId;
use domain::passwords::NewPassword;
use http_function::sessions::{self, Subject};
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, SignedIn, forgive, throttle};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::passwords::{QUARTER, hash, verify};
use crate::sign_in::SignedInAs;

/// Change one's password.
pub struct ChangePassword;

/// The present password and the one to come.
#[derive(Deserialize, JsonSchema)]
pub struct PasswordChange {
    /// The present one.
    #[schemars(length(max = 128))]
    current_password: String,
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
        let read = desk
            .store
            .get::<Account>(Key::account(&id))
            .await?
            .ok_or_else(Problem::not_found)?;
        let mut account = read.record.clone();
        let tries = format!("{}#{id}", Self::NAME);
        throttle(desk, &tries, 5, QUARTER).await?;
        if !verify(current_password.clone(), account.password_hash.clone()).await? {
            return Err(wrong_password());
        }
        forgive(desk, &tries, QUARTER).await?;
        if current_password == new_password {
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
        let (changes, _removed) = sessions::close(&desk.settings, &call.who.0.session, changes);
        let (changes, cookies) = sessions::open(desk, &Subject::account(&account), changes);
        Ok(Reply::ok(SignedInAs::of(&account))
            .changing(changes)
            .cookies(cookies))
    }
}

fn wrong_password() -> Problem {
    Problem::new(
        422,
        "wrong_password",
        "Le mot de passe actuel n’est pas le bon.",
    )
    .about("current_password")
}
