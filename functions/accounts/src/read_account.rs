//! Somebody asks who they are signed in as.

use adapters::store::{Key, Store, Versioned};
use domain::account::{Account, ClientProfile, NewsletterChoice, Role};
use domain::identifiers::Email;
use domain::ids::{AccountId, ProfessionalId};
use domain::members::check_company;
use domain::professional::{FormalNotice, Measure, MeasureKind, Professional, ProfessionalStatus};
use domain::terms::Audience;
use http_function::{
    Call, Desk, Nothing, Operation, Problem, Reply, SignedIn, session_ended, terms,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::ask_identifier_change::PendingIdentifier;

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
    /// Whether a password was chosen: who opened the account by the code of a mail has none yet.
    has_password: bool,
    /// Particulars, for clients.
    profile: Option<ClientProfile>,
    /// Every choice about the newsletter, oldest first.
    newsletter_choices: Vec<NewsletterChoice>,
    /// Whether a code is asked for beside the password.
    second_factor: bool,
    /// Another e-mail that was asked for and does not sign in yet.
    identifier_change: Option<PendingIdentifier>,
    /// Whom they act for, for professionals and applicants.
    professional: Option<ActsFor>,
    /// Terms that are announced, or that are to be accepted before anything else.
    terms: Option<TermsNotice>,
}

/// New terms.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TermsNotice {
    /// For whom.
    audience: Audience,
    /// The version.
    version: String,
    /// When it takes effect, or took it.
    effective_at: Timestamp,
    /// Whether nothing else works until it is accepted.
    to_accept: bool,
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
    /// Whether it has a team: a company has, a natural person has not.
    has_team: bool,
    /// What the operator decided and what holds or is announced, if anything.
    decision: Option<DecisionView>,
    /// Whether a measure took effect: only what is theirs to read and answer works.
    barred: bool,
    /// The end of the account that the professional asked for, until it comes.
    leaving: Option<LeavingView>,
}

/// How a professional leaves.
#[derive(Serialize, JsonSchema)]
pub(crate) struct LeavingView {
    /// With two months' notice, or within five days.
    with_notice: bool,
    /// When the account is closed.
    effective_at: Timestamp,
}

/// A decision of the operator, as the professional was told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DecisionView {
    /// Paragraph by paragraph.
    told: Vec<String>,
    /// When an announced measure takes effect.
    effective_at: Option<Timestamp>,
    /// Whether that waits for the mail to be received: it is the earliest moment then.
    effect_is_provisional: bool,
    /// Until when a formal notice leaves time.
    due_at: Option<Timestamp>,
    /// Whether that waits for the mail to be received.
    due_is_provisional: bool,
    /// When the professional contested it.
    contested_at: Option<Timestamp>,
    /// What the operator answered.
    answer: Option<String>,
}

impl Operation for ReadAccount {
    const NAME: &'static str = "read-account";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/account";
    const SUMMARY: &'static str = "Who the caller is signed in as.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const WHILE_BARRED: bool = true;
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
            Some(id) => {
                let acts_for = acts_for(&professional(desk, id).await?);
                Some(match account.role {
                    // What was decided of the company is not its agents' to read.
                    Role::Agent => ActsFor {
                        decision: None,
                        leaving: None,
                        ..acts_for
                    },
                    Role::Client
                    | Role::Professional
                    | Role::Manager
                    | Role::Applicant
                    | Role::Admin => acts_for,
                })
            }
            None => None,
        };
        let terms = terms_notice(desk, &account, call.now).await?;
        Ok(Reply::ok(AccountView {
            terms,
            second_factor: account.has_second_factor(),
            identifier_change: PendingIdentifier::of(&account, call.now),
            ..view(account, acts_for)
        }))
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

/// What is to be accepted now, or was announced.
async fn terms_notice(
    desk: &Desk<()>,
    account: &Account,
    now: Timestamp,
) -> Result<Option<TermsNotice>, Problem> {
    let Some(audience) = Audience::of(account.role) else {
        return Ok(None);
    };
    let (_, register) = terms::register(&desk.store).await?;
    let asked = register.to_accept(account.role, &account.acceptances, now);
    let to_accept = asked.is_some();
    let shown = asked.or_else(|| register.announced(audience, now).cloned());
    Ok(shown.map(|version| TermsNotice {
        audience,
        version: version.version,
        effective_at: version.effective_at,
        to_accept,
    }))
}

fn view(account: Account, professional: Option<ActsFor>) -> AccountView {
    AccountView {
        id: account.id.to_string(),
        email: account.email,
        role: account.role,
        email_verified: account.email_verified_at.is_some(),
        must_change_password: account.must_change_password,
        has_password: account.password_hash.is_some(),
        profile: account.client,
        newsletter_choices: account.newsletter_choices,
        second_factor: false,
        identifier_change: None,
        professional,
        terms: None,
    }
}

fn applicant(professional: &Professional) -> AccountView {
    AccountView {
        id: professional.id.to_string(),
        email: professional.email.clone(),
        role: Role::Applicant,
        email_verified: professional.email_verified_at.is_some(),
        must_change_password: false,
        has_password: false,
        profile: None,
        newsletter_choices: Vec::new(),
        second_factor: false,
        identifier_change: None,
        professional: Some(acts_for(professional)),
        terms: None,
    }
}

fn acts_for(professional: &Professional) -> ActsFor {
    ActsFor {
        id: professional.id.clone(),
        name: professional.name().to_owned(),
        slug: professional.slug(),
        status: professional.status,
        payable: professional.is_payable(),
        has_team: check_company(professional).is_ok(),
        decision: decision(professional),
        barred: professional.standing.bars_sign_in().is_some(),
        leaving: professional.standing.leaving().map(|leaving| LeavingView {
            with_notice: leaving.kind == MeasureKind::Resignation,
            effective_at: leaving.effective_at,
        }),
    }
}

fn decision(professional: &Professional) -> Option<DecisionView> {
    let told = professional.present_decision();
    let standing = &professional.standing;
    let measure = standing.measure.as_ref();
    let announced =
        measure.filter(|measure| measure.applied_at.is_none() && !measure.kind.is_own());
    let notice = standing.notice.as_ref();
    let appeal = standing.appeal.as_ref();
    let answer = appeal.and_then(|appeal| appeal.answer.as_ref());
    (!told.is_empty()).then(|| DecisionView {
        told,
        effective_at: announced.map(|measure| measure.effective_at),
        effect_is_provisional: announced.is_some_and(Measure::awaits_receipt),
        due_at: notice.map(|notice| notice.due_at),
        due_is_provisional: notice.is_some_and(FormalNotice::awaits_receipt),
        contested_at: appeal.map(|appeal| appeal.at),
        answer: answer.map(|answer| answer.text.clone()),
    })
}
