//! Who may call a function. A handler gets the caller only by naming the permission.

use std::future::Future;

use adapters::environment::Outside;
use adapters::keys::{KeySet, SessionKeys};
use adapters::store::{Key, SignedInDevice, Store};
use domain::account::{Account, Role, SignInMethod};
use domain::ids::{AccountId, ProfessionalId, SessionId};
use domain::operator::{Duty, Operator, OperatorRole};
use domain::professional;

use crate::door::membership;
use crate::problem::Problem;
use crate::sessions::{Employment, Session};

/// What a route asks of its caller, for the documentation and the access test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Anyone,
    /// A session of any kind.
    SignedIn,
    /// A client.
    Client,
    /// The owner of an accepted professional.
    Owner,
    /// Who acts for an accepted professional: its owner, or a manager.
    Professional,
    /// An agent of an accepted professional's team.
    Agent,
    /// Somebody registering a professional.
    Applicant,
    /// Somebody registering a professional, or the owner of an accepted one.
    FileHolder,
    /// Whoever has an account of their own: a client, or an owner, a manager or an agent.
    AccountHolder,
    /// A client, or who acts for an accepted professional.
    Correspondent,
    /// A client, or the owner of an accepted professional: who may end it all.
    Principal,
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
    /// Whether what the session says is looked up for what only reads too.
    const CONFIRMED_READING: bool = false;
    /// The same for this caller: a member of a team, whose session ends with the membership at once.
    fn confirms_reading(&self) -> bool {
        Self::CONFIRMED_READING
    }
    /// Whether the caller's roles allow it: only operators have any.
    ///
    /// # Errors
    /// `operator_role_missing` where they do not.
    fn may(&self, duty: Duty) -> Result<(), Problem> {
        let _nobody_else_has_roles = duty;
        Ok(())
    }
    /// The caller, whose session is still open in the store: asked of whatever changes something, so that
    /// signing out ends it at once.
    fn confirm(self, store: &Store) -> impl Future<Output = Result<Self, Problem>> + Send;
}

pub(crate) fn sign_in_required() -> Problem {
    Problem::new(401, "sign_in_required", "Connectez-vous pour continuer.")
}

/// Nobody is signed in with this session any more.
pub fn session_ended() -> Problem {
    Problem::new(
        401,
        "session_ended",
        "Votre session est terminée : connectez-vous à nouveau.",
    )
}

async fn still_open(store: &Store, session: &Session) -> Result<(), Problem> {
    let open = is_open(store, session).await?;
    open.then_some(()).ok_or_else(session_ended)
}

/// The session is open: its device was not signed out, and nothing ended all of its account's.
async fn is_open(store: &Store, session: &Session) -> Result<bool, Problem> {
    Ok(match session.role {
        Role::Admin => account_keeps(store, session).await?,
        Role::Client => {
            device_is_signed_in(store, session).await? && account_keeps(store, session).await?
        }
        Role::Professional => {
            device_is_signed_in(store, session).await?
                && account_keeps(store, session).await?
                && stands_as(store, session.professional.as_ref(), session).await?
        }
        Role::Manager | Role::Agent => {
            device_is_signed_in(store, session).await? && is_member(store, session).await?
        }
        Role::Applicant => {
            device_is_signed_in(store, session).await? && registration_waits(store, session).await?
        }
    })
}

/// A measure that took effect since leaves the professional what is theirs to read and answer: the next
/// session says so. One that was lifted gives everything back in the same way.
async fn stands_as(
    store: &Store,
    professional: Option<&ProfessionalId>,
    session: &Session,
) -> Result<bool, Problem> {
    let Some(id) = professional else {
        return Ok(false);
    };
    let key = Key::professional(id);
    let read = store.get::<professional::Professional>(key).await?;
    Ok(read.is_some_and(|read| {
        read.record
            .standing
            .bars_sign_in()
            .map(|measure| measure.kind)
            == session.barred
    }))
}

/// Somebody is still in the team, as what the session says.
async fn is_member(store: &Store, session: &Session) -> Result<bool, Problem> {
    let Some(account) = open_account(store, session).await? else {
        return Ok(false);
    };
    let member = membership(store, &account).await?;
    let agent = session.employment.as_ref().map(|of| &of.agent);
    let same = member.is_some_and(|member| member.role.agent() == agent);
    Ok(same && stands_as(store, account.professional.as_ref(), session).await?)
}

async fn device_is_signed_in(store: &Store, session: &Session) -> Result<bool, Problem> {
    let key = Key::token(session.session.as_str());
    Ok(store.get::<SignedInDevice>(key).await?.is_some())
}

async fn account_keeps(store: &Store, session: &Session) -> Result<bool, Problem> {
    Ok(open_account(store, session).await?.is_some())
}

/// The account of a session, as long as it may have it.
async fn open_account(store: &Store, session: &Session) -> Result<Option<Account>, Problem> {
    let Ok(id) = AccountId::parse(&session.subject) else {
        return Ok(None);
    };
    let read = store.get::<Account>(Key::account(&id)).await?;
    let account = read.map(|read| read.record);
    Ok(account
        .filter(|account| account.role == session.role && account.keeps_device(session.since)))
}

/// With the account of who was accepted, the registration's own sessions end.
async fn registration_waits(store: &Store, session: &Session) -> Result<bool, Problem> {
    let Ok(id) = ProfessionalId::parse(&session.subject) else {
        return Ok(false);
    };
    let read = store
        .get::<professional::Professional>(Key::professional(&id))
        .await?;
    Ok(read.is_some_and(|read| read.record.account.is_none()))
}

/// Whether a session is that of a member of a team beside its owner.
fn is_of_member(session: &Session) -> bool {
    match session.role {
        Role::Manager | Role::Agent => true,
        Role::Client | Role::Professional | Role::Applicant | Role::Admin => false,
    }
}

fn wrong_role() -> Problem {
    Problem::new(
        403,
        "wrong_role",
        "Votre compte ne permet pas cette action.",
    )
}

fn role_missing() -> Problem {
    Problem::new(
        403,
        "operator_role_missing",
        "Votre rôle d’exploitant ne permet pas cette action : un exploitant chargé de l’administration peut le changer.",
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
    async fn confirm(self, _store: &Store) -> Result<Self, Problem> {
        Ok(self)
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
    /// Who is signed in no more is a visitor.
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        let Some(session) = self.0 else {
            return Ok(Self(None));
        };
        Ok(Self(is_open(store, &session).await?.then_some(session)))
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
    fn confirms_reading(&self) -> bool {
        is_of_member(&self.0)
    }
    fn name(&self) -> String {
        self.0.subject.clone()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.0).await?;
        Ok(self)
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
    session: Session,
}

impl Who for Client {
    const ACCESS: Access = Access::Client;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = with_role(session, Role::Client)?;
        Ok(Self {
            account: account(&session)?,
            session,
        })
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.session).await?;
        Ok(self)
    }
}

/// Who acts for an accepted professional: its owner, or a manager of its team.
#[derive(Debug, Clone)]
pub struct Professional {
    /// The account.
    pub account: AccountId,
    /// For whom it acts.
    pub professional: ProfessionalId,
    session: Session,
}

impl Who for Professional {
    const ACCESS: Access = Access::Professional;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = session.ok_or_else(sign_in_required)?;
        match session.role {
            Role::Professional | Role::Manager => {}
            Role::Agent | Role::Client | Role::Applicant | Role::Admin => return Err(wrong_role()),
        }
        let professional = session.professional.clone().ok_or_else(wrong_role)?;
        Ok(Self {
            account: account(&session)?,
            professional,
            session,
        })
    }
    fn confirms_reading(&self) -> bool {
        is_of_member(&self.session)
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.session).await?;
        Ok(self)
    }
}

/// The owner of an accepted professional: bank details, payouts, identity and leaving are theirs alone.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The account.
    pub account: AccountId,
    /// For whom it acts.
    pub professional: ProfessionalId,
    session: Session,
}

impl Who for Owner {
    const ACCESS: Access = Access::Owner;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = with_role(session, Role::Professional)?;
        let professional = session.professional.clone().ok_or_else(wrong_role)?;
        Ok(Self {
            account: account(&session)?,
            professional,
            session,
        })
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.session).await?;
        Ok(self)
    }
}

/// An agent of a team: sees their own shifts.
#[derive(Debug, Clone)]
pub struct Agent {
    /// The account.
    pub account: AccountId,
    /// Which agent, and of whom.
    pub of: Employment,
    session: Session,
}

impl Who for Agent {
    const ACCESS: Access = Access::Agent;
    const CONFIRMED_READING: bool = true;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = with_role(session, Role::Agent)?;
        Ok(Self {
            account: account(&session)?,
            of: session.employment.clone().ok_or_else(wrong_role)?,
            session,
        })
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.session).await?;
        Ok(self)
    }
}

/// Whose account it is: a client, or an owner, a manager or an agent of a professional.
#[derive(Debug, Clone)]
pub struct AccountHolder {
    /// The account.
    pub account: AccountId,
    /// The professional whose owner it is.
    pub owns: Option<ProfessionalId>,
    session: Session,
}

impl AccountHolder {
    /// The device that asks.
    pub fn device(&self) -> &SessionId {
        &self.session.session
    }

    /// As what they signed in.
    pub fn role(&self) -> Role {
        self.session.role
    }

    /// Whether a measure took effect on the professional: nothing of their clients is theirs to read then.
    pub fn is_barred(&self) -> bool {
        self.session.barred.is_some()
    }
}

impl Who for AccountHolder {
    const ACCESS: Access = Access::AccountHolder;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = session.ok_or_else(sign_in_required)?;
        let owns = match session.role {
            Role::Client | Role::Manager | Role::Agent => None,
            Role::Professional => Some(session.professional.clone().ok_or_else(wrong_role)?),
            Role::Applicant | Role::Admin => return Err(wrong_role()),
        };
        Ok(Self {
            account: account(&session)?,
            owns,
            session,
        })
    }
    fn confirms_reading(&self) -> bool {
        is_of_member(&self.session)
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.session).await?;
        Ok(self)
    }
}

/// Who writes to the other party: a client, or who acts for an accepted professional.
#[derive(Debug, Clone)]
pub struct Correspondent {
    /// The account.
    pub account: AccountId,
    /// For whom it acts, where it is a professional's.
    pub professional: Option<ProfessionalId>,
    session: Session,
}

impl Who for Correspondent {
    const ACCESS: Access = Access::Correspondent;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = session.ok_or_else(sign_in_required)?;
        match session.role {
            Role::Client => Client::admit(Some(session)).map(|who| Self {
                account: who.account,
                professional: None,
                session: who.session,
            }),
            Role::Professional | Role::Manager => {
                Professional::admit(Some(session)).map(|who| Self {
                    account: who.account,
                    professional: Some(who.professional),
                    session: who.session,
                })
            }
            Role::Agent | Role::Applicant | Role::Admin => Err(wrong_role()),
        }
    }
    fn confirms_reading(&self) -> bool {
        is_of_member(&self.session)
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.session).await?;
        Ok(self)
    }
}

/// A client, or the owner of an accepted professional: who may end what they began.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The account.
    pub account: AccountId,
    /// For whom it acts, where it is a professional's.
    pub professional: Option<ProfessionalId>,
    session: Session,
}

impl Who for Principal {
    const ACCESS: Access = Access::Principal;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = session.ok_or_else(sign_in_required)?;
        match session.role {
            Role::Client => Client::admit(Some(session)).map(|who| Self {
                account: who.account,
                professional: None,
                session: who.session,
            }),
            Role::Professional => Owner::admit(Some(session)).map(|who| Self {
                account: who.account,
                professional: Some(who.professional),
                session: who.session,
            }),
            Role::Manager | Role::Agent | Role::Applicant | Role::Admin => Err(wrong_role()),
        }
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.session).await?;
        Ok(self)
    }
}

/// The operator.
#[derive(Debug, Clone)]
pub struct Admin {
    /// The account.
    pub account: AccountId,
    /// What they may do, once they are confirmed.
    roles: Vec<OperatorRole>,
    session: Session,
}

impl Who for Admin {
    const ACCESS: Access = Access::Admin;
    const CONFIRMED_READING: bool = true;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = with_role(session, Role::Admin)?;
        if !session.methods.contains(&SignInMethod::OneTimeCode) {
            return Err(sign_in_required());
        }
        Ok(Self {
            account: account(&session)?,
            roles: Vec::new(),
            session,
        })
    }
    fn name(&self) -> String {
        self.account.to_string()
    }
    fn may(&self, duty: Duty) -> Result<(), Problem> {
        let allowed = domain::operator::may(&self.roles, duty);
        allowed.then_some(()).ok_or_else(role_missing)
    }
    /// The account still is an operator's, and nobody signed out since.
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        if !account_keeps(store, &self.session).await? {
            return Err(sign_in_required());
        }
        let known = store.get::<Operator>(Key::operator(&self.account)).await?;
        let roles = Operator::roles_of(known.as_ref().map(|read| &read.record));
        Ok(Self { roles, ..self })
    }
}

/// Somebody registering a professional: sees that registration and nothing else.
#[derive(Debug, Clone)]
pub struct Applicant {
    /// The registration.
    pub professional: ProfessionalId,
    session: Session,
}

impl Who for Applicant {
    const ACCESS: Access = Access::Applicant;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = with_role(session, Role::Applicant)?;
        let professional =
            ProfessionalId::parse(&session.subject).map_err(|_| sign_in_required())?;
        Ok(Self {
            professional,
            session,
        })
    }
    fn name(&self) -> String {
        self.professional.to_string()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.session).await?;
        Ok(self)
    }
}

/// Whose file it is: somebody registering a professional, or the owner of an accepted one.
#[derive(Debug, Clone)]
pub struct FileHolder {
    /// The registration, or the professional.
    pub professional: ProfessionalId,
    /// Who it is, for the activity log.
    name: String,
    session: Session,
}

impl Who for FileHolder {
    const ACCESS: Access = Access::FileHolder;
    type Eyes = SessionKeys;
    fn admit(session: Option<Session>) -> Result<Self, Problem> {
        let session = session.ok_or_else(sign_in_required)?;
        if session.role == Role::Professional {
            let who = Owner::admit(Some(session))?;
            let name = who.name();
            return Ok(Self {
                professional: who.professional,
                name,
                session: who.session,
            });
        }
        let who = Applicant::admit(Some(session))?;
        let name = who.name();
        Ok(Self {
            professional: who.professional,
            name,
            session: who.session,
        })
    }
    fn name(&self) -> String {
        self.name.clone()
    }
    async fn confirm(self, store: &Store) -> Result<Self, Problem> {
        still_open(store, &self.session).await?;
        Ok(self)
    }
}
