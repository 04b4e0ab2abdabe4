//! Somebody asks who they are signed in as.

use adapters::store::{Key, Store, Versioned};
use domain::account::{Account, ClientProfile, NewsletterChoice, Role};
use domain::identifiers::Email;
use domain::ids::{AccountId, ProfessionalId};
use domain::professional::{Professional, ProfessionalStatus};
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, SignedIn};
use schemars::JsonSchema;
use serde::Serialize;

use crate::refresh_session::session_ended;

/// Read one's own account.
pub struct ReadAccount;

/// The caller, as they may see themselves.
#[derive(Serialize, JsonSchema)]
pub struct AccountView {
    /// The account, or the registration being written.
    id: String,
    /// What signs in.
    email: Email,
    /// What the caller may do.
    role: Role,
    /// Whether the e-mail was proved.
    email_verified: bool,
    /// The password was attributed: nothing else works until it is changed.
    must_change_password: bool,
    /// Particulars, for clients.
    profile: Option<ClientProfile>,
    /// Every choice about the newsletter, oldest first.
    newsletter_choices: Vec<NewsletterChoice>,
    /// Whom they act for, for professionals and applicants.
    professional: Option<ActsFor>,
}

/// The professional acted for.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ActsFor {
    /// Its identifier.
    id: ProfessionalId,
    /// Its name.
    name: String,
    /// The end of its page's address.
    slug: String,
    /// Where its registration stands.
    status: ProfessionalStatus,
    /// Whether payouts are set up: without them nothing can be booked.
    payable: bool,
}

impl Operation for ReadAccount {
    const NAME: &'static str = "read-account";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/account";
    const SUMMARY: &'static str = "Who the caller is signed in as.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    type Outside = ();
    type Who = SignedIn;
    type Path = Nothing;
    type Input = Nothing;
    type Output = AccountView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<AccountView>, Problem> {
        let session = &call.who.0;
        if session.role == Role::Applicant {
            let id = ProfessionalId::parse(&session.subject).map_err(|_| Problem::not_found())?;
            let professional = professional(desk, &id).await?;
            return Ok(Reply::ok(applicant(&professional)));
        }
        let id = AccountId::parse(&session.subject).map_err(|_| Problem::not_found())?;
        let account = own_account(&desk.store, &id).await?.record;
        let acts_for = match &account.professional {
            Some(id) => Some(acts_for(&professional(desk, id).await?)),
            None => None,
        };
        Ok(Reply::ok(view(account, acts_for)))
    }
}

/// The account of somebody signed in; one that was closed meanwhile has nobody signed in.
pub(crate) async fn own_account(
    store: &Store,
    id: &AccountId,
) -> Result<Versioned<Account>, Problem> {
    let read = store.get::<Account>(Key::account(id)).await?;
    read.filter(|read| read.record.closed_at.is_none())
        .ok_or_else(session_ended)
}

async fn professional(desk: &Desk<()>, id: &ProfessionalId) -> Result<Professional, Problem> {
    let read = desk
        .store
        .get::<Professional>(Key::professional(id))
        .await?;
    Ok(read.ok_or_else(Problem::not_found)?.record)
}

fn view(account: Account, professional: Option<ActsFor>) -> AccountView {
    AccountView {
        id: account.id.to_string(),
        email: account.email,
        role: account.role,
        email_verified: account.email_verified_at.is_some(),
        must_change_password: account.must_change_password,
        profile: account.client,
        newsletter_choices: account.newsletter_choices,
        professional,
    }
}

fn applicant(professional: &Professional) -> AccountView {
    AccountView {
        id: professional.id.to_string(),
        email: professional.email.clone(),
        role: Role::Applicant,
        email_verified: professional.email_verified_at.is_some(),
        must_change_password: false,
        profile: None,
        newsletter_choices: Vec::new(),
        professional: Some(acts_for(professional)),
    }
}

fn acts_for(professional: &Professional) -> ActsFor {
    ActsFor {
        id: professional.id.clone(),
        name: professional.name().to_owned(),
        slug: professional.slug(),
        status: professional.status,
        payable: professional.is_payable(),
    }
}
