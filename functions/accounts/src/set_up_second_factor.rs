//! Whoever wants it gives a code beside the password: set up with an application, and given up again.

use adapters::secrets::random_bytes;
use domain::account::second_factor::{SecondFactor, SecondFactorRefused};
use http_function::{
    AccountHolder, Call, Desk, Nothing, Operation, Problem, QUARTER, Reply, confirm_password, door,
    recovery_codes, throttle,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::close_account::PasswordAgain;
use crate::sign_in::take_factor;

/// Begin to set a second factor up.
pub struct BeginSecondFactor;

/// What an authenticator application reads.
#[derive(Serialize, JsonSchema)]
pub struct SharedFactor {
    /// The secret in base 32, to be typed by hand.
    secret: String,
    /// The address (`otpauth://`) that an application opens.
    address: String,
}

impl Operation for BeginSecondFactor {
    const NAME: &'static str = "begin-own-second-factor";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/second-factor";
    const SUMMARY: &'static str =
        "Begin to set a second factor up: its secret, for an application.";
    const SECRET: bool = true;
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = AccountHolder;
    type Path = Nothing;
    type Input = PasswordAgain;
    type Output = SharedFactor;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SharedFactor>, Problem> {
        let read = confirm_password(desk, &call.who.account, &call.input.password)
            .await
            .map_err(|problem| problem.about("password"))?;
        let mut account = read.record.clone();
        if account.has_second_factor() {
            return Err(SecondFactorRefused::AlreadyEnrolled.into());
        }
        let factor = SecondFactor::begin(random_bytes());
        let shared = SharedFactor {
            secret: factor.secret_text(),
            address: factor.address(account.email.as_str()),
        };
        account.second_factor = Some(factor);
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str());
        Ok(Reply::ok(shared).changing(changes))
    }
}

/// Set a second factor up.
pub struct EnrolSecondFactor;

/// The first code.
#[derive(Deserialize, JsonSchema)]
pub struct FirstCode {
    /// Six digits.
    #[schemars(length(max = 20))]
    code: String,
}

/// What opens the account without the telephone.
#[derive(Serialize, JsonSchema)]
pub struct RecoveryCodes {
    /// Shown now and never again; each serves once.
    recovery_codes: Vec<String>,
}

impl Operation for EnrolSecondFactor {
    const NAME: &'static str = "enrol-own-second-factor";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/account/second-factor";
    const SUMMARY: &'static str =
        "The first code: from now on codes are asked for; recovery codes are shown once.";
    const SECRET: bool = true;
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = AccountHolder;
    type Path = Nothing;
    type Input = FirstCode;
    type Output = RecoveryCodes;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RecoveryCodes>, Problem> {
        let id = &call.who.account;
        throttle(desk, &format!("{}#{id}", Self::NAME), 10, QUARTER).await?;
        let read = crate::verify_email::account_of_link(desk, id).await?;
        let mut account = read.record.clone();
        let (codes, hashes) = recovery_codes();
        door::enrol_factor(&mut account, &call.input.code, hashes, call.now)
            .map_err(|refused| Problem::from(refused).about("code"))?;
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, id.as_str());
        Ok(Reply::ok(RecoveryCodes {
            recovery_codes: codes,
        })
        .changing(changes))
    }
}

/// Give the second factor up.
pub struct GiveUpSecondFactor;

/// The password, and the factor a last time.
#[derive(Deserialize, JsonSchema)]
pub struct BothFactors {
    /// The present password.
    #[schemars(length(max = 128))]
    password: String,
    /// Six digits, or a recovery code.
    #[schemars(length(max = 20))]
    second_factor: String,
}

impl Operation for GiveUpSecondFactor {
    const NAME: &'static str = "give-up-second-factor";
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/api/account/second-factor";
    const SUMMARY: &'static str = "Give the second factor up, with the password and a last code.";
    const SECRET: bool = true;
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = AccountHolder;
    type Path = Nothing;
    type Input = BothFactors;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = confirm_password(desk, &call.who.account, &call.input.password)
            .await
            .map_err(|problem| problem.about("password"))?;
        let mut account = read.record.clone();
        let code = Some(call.input.second_factor.as_str());
        take_factor(desk, &mut account, code, call.now).await?;
        account.second_factor = None;
        let changes = call
            .changes()
            .replace(&read, &account)
            .activity(Self::NAME, account.id.as_str());
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
