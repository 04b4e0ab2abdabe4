//! Somebody signs in with an e-mail and a password (terms, article 6).

use adapters::store::{Changes, Key, UniqueClaim, Versioned};
use domain::account::{Account, Role, SignInMethod};
use domain::identifiers::Email;
use domain::ids::{AccountId, TypedId as _};
use http_function::door::KnownDevice;
use http_function::{
    Anyone, Call, Desk, Nothing, Operation, Problem, QUARTER, Reply, by_email, by_ip, door,
    forgive, is_password, throttle,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sign in.
pub struct SignIn;

/// Who says to be who.
#[derive(Deserialize, JsonSchema)]
pub struct Credentials {
    /// The identifier.
    email: Email,
    /// The password.
    #[schemars(length(max = 128))]
    password: String,
    /// Where a second factor is set up: its six digits, or a recovery code.
    #[serde(default)]
    #[schemars(length(max = 20))]
    second_factor: Option<String>,
}

/// As whom somebody is now signed in.
#[derive(Serialize, JsonSchema)]
pub struct SignedInAs {
    /// The account.
    id: AccountId,
    /// What it may do.
    role: Role,
    /// The password was attributed: nothing else works until it is changed.
    must_change_password: bool,
}

impl SignedInAs {
    /// The holder of an account.
    pub(crate) fn of(account: &Account) -> Self {
        Self {
            id: account.id.clone(),
            role: account.role,
            must_change_password: account.must_change_password,
        }
    }
}

impl Operation for SignIn {
    const NAME: &'static str = "sign-in";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/session";
    const SUMMARY: &'static str =
        "Sign in; wrong passwords slow down whoever gives them, and nobody else.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Credentials;
    type Output = SignedInAs;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SignedInAs>, Problem> {
        let Credentials {
            email,
            password,
            second_factor,
        } = &call.input;
        let read = identify(desk, call, email, password).await?;
        let changes = call.changes().activity(Self::NAME, read.record.id.as_str());
        if read.record.role == Role::Admin || !read.record.has_second_factor() {
            let methods = [SignInMethod::Password];
            return signed_in(desk, call, &read.record, &methods, changes).await;
        }
        let mut account = read.record.clone();
        take_factor(desk, &mut account, second_factor.as_deref(), call.now).await?;
        let methods = [SignInMethod::Password, SignInMethod::OneTimeCode];
        let changes = changes.replace(&read, &account);
        signed_in(desk, call, &account, &methods, changes).await
    }
}

/// Asks for the second factor of an account, and takes it. Five wrong ones in a quarter of an hour are
/// followed by none: who gives them knows the password, or reads the mails.
///
/// # Errors
/// `second_factor_required`, `second_factor_wrong` or `too_many_attempts`.
pub async fn take_factor<O>(
    desk: &Desk<O>,
    account: &mut Account,
    code: Option<&str>,
    now: Timestamp,
) -> Result<door::FactorGiven, Problem> {
    let code = code.ok_or_else(|| {
        Problem::new(
            403,
            "second_factor_required",
            "Saisissez aussi le code de votre application d’authentification, ou un code de secours.",
        )
        .about("second_factor")
    })?;
    let tries = format!("second-factor#{}", account.id);
    throttle(desk, &tries, 5, QUARTER).await?;
    let given = door::take_factor(account, code, now)
        .map_err(|refused| Problem::from(refused).about("second_factor"))?;
    forgive(desk, &tries, QUARTER).await?;
    Ok(given)
}

/// Signs somebody in on the device that asks.
pub(crate) async fn signed_in<O: Operation>(
    desk: &Desk<O::Outside>,
    call: &Call<O>,
    account: &Account,
    methods: &[SignInMethod],
    changes: Changes,
) -> Result<Reply<SignedInAs>, Problem> {
    let (changes, cookies) = door::open(desk, account, methods, &call.cookies, changes).await?;
    Ok(Reply::ok(SignedInAs::of(account))
        .changing(changes)
        .cookies(cookies))
}

/// How many wrong passwords for one e-mail are taken from one address in a quarter of an hour.
const MOST_OF_A_PAIR: u64 = 5;
/// How many wrong passwords, for any e-mail, are taken from one address in a quarter of an hour.
const MOST_OF_AN_ADDRESS: u64 = 30;

/// The account of this e-mail and this password. Wrong ones are counted for the address that they come
/// from, with the e-mail and without; a browser that signed in before has a counter of its own. Whoever
/// gives wrong ones waits, and nobody else does.
///
/// # Errors
/// `wrong_credentials`, `too_many_attempts`, or `attributed_password_expired`.
pub async fn identify<O: Operation>(
    desk: &Desk<()>,
    call: &Call<O>,
    email: &Email,
    password: &str,
) -> Result<Versioned<Account>, Problem> {
    let read = account_of(desk, email).await?;
    let device = KnownDevice::of(&desk.settings, &call.cookies, call.now);
    let known = read
        .as_ref()
        .and_then(|read| device.counter(SignIn::NAME, &read.record.id));
    let by_pair = by_ip(&by_email(SignIn::NAME, email), &call.trace.ip);
    let by_address = by_ip(SignIn::NAME, &call.trace.ip);
    // Counted before the password is looked at, so that tries at the same time count too, and
    // taken back when it is right: only wrong ones are limited.
    if let Some(known) = &known {
        throttle(desk, known, MOST_OF_A_PAIR, QUARTER).await?;
    } else {
        throttle(desk, &by_address, MOST_OF_AN_ADDRESS, QUARTER).await?;
        throttle(desk, &by_pair, MOST_OF_A_PAIR, QUARTER).await?;
    }
    let hash = read
        .as_ref()
        .and_then(|read| read.record.password_hash.clone());
    let right = is_password(password.to_owned(), hash).await?;
    let read = read.filter(|_| right).ok_or_else(wrong_credentials)?;
    if let Some(known) = &known {
        forgive(desk, known, QUARTER).await?;
    } else {
        forgive(desk, &by_address, QUARTER).await?;
        forgive(desk, &by_pair, QUARTER).await?;
    }
    read.record.check_password_in_time(call.now)?;
    Ok(read)
}

/// The account that signs in with an e-mail. One being registered has none yet. As much is read when
/// there is none, so that the time tells nothing.
pub(crate) async fn account_of<O>(
    desk: &Desk<O>,
    email: &Email,
) -> Result<Option<Versioned<Account>>, Problem> {
    let claim = desk
        .store
        .get::<UniqueClaim>(Key::unique(&UniqueClaim::email_key(email)))
        .await?;
    let id = claim.and_then(|claim| AccountId::parse(&claim.record.owner).ok());
    let id = id.unwrap_or_else(|| AccountId::from_ulid("00000000000000000000000000"));
    Ok(desk.store.get::<Account>(Key::account(&id)).await?)
}

fn wrong_credentials() -> Problem {
    Problem::new(
        401,
        "wrong_credentials",
        "Cette adresse électronique et ce mot de passe ne vont pas ensemble.",
    )
}
