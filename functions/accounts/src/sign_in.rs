//! Somebody signs in with an e-mail and a password (terms, article 6).

use adapters::store::{Changes, Key, UniqueClaim};
use domain::account::{Account, Role, SignInMethod};
use domain::identifiers::Email;
use domain::ids::AccountId;
use domain::professional::{Measure, MeasureKind, Professional};
use http_function::sessions::{self, Subject};
use http_function::{
    Anyone, Call, Desk, Nothing, Operation, Problem, QUARTER, Reply, by_email, by_ip, forgive,
    is_password, throttle,
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

impl Operation for SignIn {
    const NAME: &'static str = "sign-in";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/session";
    const SUMMARY: &'static str =
        "Sign in; five wrong passwords close the door for a quarter of an hour.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Credentials;
    type Output = SignedInAs;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SignedInAs>, Problem> {
        let Credentials { email, password } = &call.input;
        let account = identify(desk, email, password, &call.trace.ip, call.now).await?;
        if account.role == Role::Admin {
            return Err(Problem::new(
                403,
                "second_factor_required",
                "L’exploitant se connecte par son tableau de bord, avec un code.",
            ));
        }
        let changes = call.changes().activity(Self::NAME, account.id.as_str());
        signed_in(desk, &account, &[SignInMethod::Password], changes).await
    }
}

/// Signs somebody in on the device that asks.
pub(crate) async fn signed_in(
    desk: &Desk<()>,
    account: &Account,
    methods: &[SignInMethod],
    changes: Changes,
) -> Result<Reply<SignedInAs>, Problem> {
    let subject = Subject::account(desk, account, methods).await?;
    let (changes, cookies) = sessions::open(desk, &subject, changes);
    let signed_in = SignedInAs {
        id: account.id.clone(),
        role: account.role,
        must_change_password: account.must_change_password,
    };
    Ok(Reply::ok(signed_in).changing(changes).cookies(cookies))
}

/// The account of this e-mail and this password. Wrong ones are counted, for the e-mail and for the
/// address: five, or thirty, close the door for a quarter of an hour.
///
/// # Errors
/// `wrong_credentials`, `too_many_attempts`, or `attributed_password_expired`.
pub async fn identify(
    desk: &Desk<()>,
    email: &Email,
    password: &str,
    ip: &str,
    now: Timestamp,
) -> Result<Account, Problem> {
    let (by_email, by_ip) = (by_email(SignIn::NAME, email), by_ip(SignIn::NAME, ip));
    // Counted before the password is looked at, so that tries at the same time count too, and
    // taken back when it is right: only wrong ones are limited.
    throttle(desk, &by_ip, 30, QUARTER).await?;
    throttle(desk, &by_email, 5, QUARTER).await?;
    let account = account_of(desk, email).await?;
    let password_hash = account
        .as_ref()
        .and_then(|account| account.password_hash.clone());
    let right = is_password(password.to_owned(), password_hash).await?;
    let account = account.filter(|_| right).ok_or_else(wrong_credentials)?;
    forgive(desk, &by_ip, QUARTER).await?;
    forgive(desk, &by_email, QUARTER).await?;
    account.check_password_in_time(now)?;
    if let Some(measure) = barring(desk, &account).await? {
        return Err(barred(measure.kind));
    }
    Ok(account)
}

/// The measure that took effect on the professional for whom an account acts.
pub(crate) async fn barring(
    desk: &Desk<()>,
    account: &Account,
) -> Result<Option<Measure>, Problem> {
    let Some(professional) = &account.professional else {
        return Ok(None);
    };
    let read = desk
        .store
        .get::<Professional>(Key::professional(professional))
        .await?;
    Ok(read.and_then(|read| read.record.standing.bars_sign_in().cloned()))
}

fn barred(kind: MeasureKind) -> Problem {
    let (code, detail) = match kind {
        MeasureKind::Suspension => (
            "account_suspended",
            "Ce compte est suspendu. Le courriel qui vous l’a annoncé dit pourquoi et comment contester.",
        ),
        MeasureKind::Departure | MeasureKind::Resignation => (
            "account_closed",
            "Ce compte est fermé, comme son titulaire l’a demandé.",
        ),
        MeasureKind::Closure | MeasureKind::Termination | MeasureKind::ImmediateTermination => (
            "account_closed",
            "Ce compte est fermé. Le courriel qui vous l’a annoncé dit pourquoi et comment contester.",
        ),
    };
    Problem::new(403, code, detail)
}

/// The account that signs in with an e-mail. One being registered has none yet.
pub(crate) async fn account_of(desk: &Desk<()>, email: &Email) -> Result<Option<Account>, Problem> {
    let claim = desk
        .store
        .get::<UniqueClaim>(Key::unique(&UniqueClaim::email_key(email)))
        .await?;
    let Some(id) = claim.and_then(|claim| AccountId::parse(&claim.record.owner).ok()) else {
        return Ok(None);
    };
    Ok(desk
        .store
        .get::<Account>(Key::account(&id))
        .await?
        .map(|read| read.record))
}

fn wrong_credentials() -> Problem {
    Problem::new(
        401,
        "wrong_credentials",
        "Cette adresse électronique et ce mot de passe ne vont pas ensemble.",
    )
}
