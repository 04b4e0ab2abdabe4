//! Who may call a function. A handler gets the caller only by naming the permission.

use std::future::{Future, ready};

use adapters::environment::Outside;
use adapters::keys::{KeySet, SessionKeys};
use adapters::store::{Key, Store};
use domain::account::{Account, Role, SignInMethod};
use domain::ids::{AccountId, ProfessionalId};
use jiff::Timestamp;

use crate::problem::Problem;
use crate::sessions::Session;

/// What a route asks of its caller, for the documentation and the access test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Anyone,
    /// A session of any kind.
    SignedIn,
    /// A client.
    Client,
    /// An accepted professional.
    Professional,
    /// Somebody registering a professional.
    Applicant,
    /// Somebody registering a professional, or acting for an accepted one.
    FileHolder,
    /// A client, or an accepted professional.
    AccountHolder,
    /// The operator.
    Admin,
}

/// A caller with a permission.
pub trait Who: Sized + Send + Sync {
    /// The permission.
    const ACCESS: Access;
    /// What tells who calls: the keys of sessions, or nothing where nobody is asked.
    type Eyes: Eyes;
    /// Lets a session in, or says why not.
    fn admit(session: Option<Session>) -> Result<Self, Problem>;
    /// Who it is, for the activity log: an account, a registration, or nobody.
    fn name(&self) -> String;
    /// Whether what the session says is still so, where it is too much to be believed for minutes.
    fn confirm(&self, _store: &Store) -> impl Future<Output = Result<(), Problem>> + Send {
        ready(Ok(()))
    }
}

pub(crate) fn sign_in_required() -> Problem {
    Problem::new(401, "sign_in_required", "Connectez-vous pour continuer.")
}

fn wrong_role() -> Problem {
    Problem::new(
        403,
        "wrong_role",
        "Votre compte ne permet pas cette action.",
    )
}

fn with_role(session: Option<Session>, role: Role) -> Result<Session, Problem> {
    let session = session.ok_or_else(sign_in_required)?;
    if session.role == role {
        Ok(session)
    } else {
        Err(wrong_role())
    }
}

/// Reads who is signed in.
pub trait Eyes: Outside {
    /// The keys of sessions; none where nobody is asked who they are.
    fn keys(self) -> KeySet;
}

impl Eyes for SessionKeys {
    fn keys(self) -> KeySet {
        self.0
    }
}

impl Eyes for () {
    fn keys(self) -> KeySet {
        KeySet::none()
    }
}

/// Anybody: who they are is not looked at, nor could it be.
#[derive(Debug, Clone, Copy)]
pub struct Visitor;

impl Who for Visitor {
    const ACCESS: Access = Access::Anyone;
    type Eyes = ();
    fn admit(_: Option<Session>) -> Result<Self, Problem> {
        Ok(Self)
    }
    fn name(&self) -> String {
        "visitor".to_owned()
    }
}

/// Anybody, signed in or not.
#[derive(Debug, Clone)]
pub struct Anyone(pub Option<Session>);

impl Who for Anyone {
    const ACCESS: Access = Access::Anyone;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        Ok(Self(session))
    }
    fn name(&self) -> String {
        self.0
            .as_ref()
            .map_or_else(|| "visitor".to_owned(), |session| session.subject.clone())
    }
}

/// Somebody with a session of any kind.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Session);

impl Who for SignedIn {
    const ACCESS: Access = Access::SignedIn;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        session.map(Self).ok_or_else(sign_in_required)
    }
    fn name(&self) -> String {
        self.0.subject.clone()
    }
}

fn account(session: &Session) -> Result<AccountId, Problem> {
    AccountId::parse(&session.subject).map_err(|_| sign_in_required())
}

/// A client.
#[derive(Debug, Clone)]
pub struct Client {
    /// The account.
    pub account: AccountId,
}

impl Who for Client {
    const ACCESS: Access = Access::Client;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = with_role(session, Role::Client)?;
        Ok(Self {
            account: account(&session)?,
        })
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
}

/// An accepted professional.
#[derive(Debug, Clone)]
pub struct Professional {
    /// The account.
    pub account: AccountId,
    /// For whom it acts.
    pub professional: ProfessionalId,
}

impl Who for Professional {
    const ACCESS: Access = Access::Professional;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = with_role(session, Role::Professional)?;
        let professional = session.professional.clone().ok_or_else(wrong_role)?;
        Ok(Self {
            account: account(&session)?,
            professional,
        })
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
}

/// Whose account it is: a client, or an accepted professional.
#[derive(Debug, Clone)]
pub struct AccountHolder {
    /// The account.
    pub account: AccountId,
    /// For whom it acts, where it is a professional's.
    pub professional: Option<ProfessionalId>,
}

impl Who for AccountHolder {
    const ACCESS: Access = Access::AccountHolder;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = session.ok_or_else(sign_in_required)?;
        if session.role == Role::Professional {
            let who = Professional::admit(Some(session))?;
            return Ok(Self {
                account: who.account,
                professional: Some(who.professional),
            });
        }
        let who = Client::admit(Some(session))?;
        Ok(Self {
            account: who.account,
            professional: None,
        })
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
}

/// The operator.
#[derive(Debug, Clone)]
pub struct Admin {
    /// The account.
    pub account: AccountId,
    /// When they signed in.
    since: Timestamp,
}

impl Who for Admin {
    const ACCESS: Access = Access::Admin;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = with_role(session, Role::Admin)?;
        if !session.methods.contains(&SignInMethod::OneTimeCode) {
            return Err(sign_in_required());
        }
        Ok(Self {
            account: account(&session)?,
            since: session.since,
        })
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
    /// The account still is an operator's, and nobody signed out since.
    async fn confirm(&self, store: &Store) -> Result<(), Problem> {
        let read = store.get::<Account>(Key::account(&self.account)).await?;
        read.is_some_and(|read| read.record.is_operator_since(self.since))
            .then_some(())
            .ok_or_else(sign_in_required)
    }
}

/// Somebody registering a professional: sees that registration and nothing else.
#[derive(Debug, Clone)]
pub struct Applicant {
    /// The registration.
    pub professional: ProfessionalId,
}

impl Who for Applicant {
    const ACCESS: Access = Access::Applicant;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = with_role(session, Role::Applicant)?;
        let professional =
            ProfessionalId::parse(&session.subject).map_err(|_| sign_in_required())?;
        Ok(Self { professional })
    }
    fn name(&self) -> String {
        self.professional.to_string()
    }
}

/// Whose file it is: somebody registering a professional, or acting for an accepted one.
#[derive(Debug, Clone)]
pub struct FileHolder {
    /// The registration, or the professional.
    pub professional: ProfessionalId,
    /// Who it is, for the activity log.
    name: String,
}

impl Who for FileHolder {
    const ACCESS: Access = Access::FileHolder;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = session.ok_or_else(sign_in_required)?;
        if session.role == Role::Professional {
            let who = Professional::admit(Some(session))?;
            let name = who.name();
            return Ok(Self {
                professional: who.professional,
                name,
            });
        }
        let who = Applicant::admit(Some(session))?;
        let name = who.name();
        Ok(Self {
            professional: who.professional,
            name,
        })
    }
    fn name(&self) -> String {
        self.name.clone()
    }
}
