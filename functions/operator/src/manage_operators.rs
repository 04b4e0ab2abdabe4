//! Operators let others in and out, and say what each may do.

use adapters::ids::fresh;
use adapters::secrets::{attributed_password, hash_password, random_bytes};
use adapters::store::{Changes, Key, Question, Store, UniqueClaim, Versioned};
use domain::account::second_factor::SecondFactor;
use domain::account::{Account, Role};
use domain::identifiers::Email;
use domain::ids::AccountId;
use domain::operator::{Duty, Operator, OperatorRefused, OperatorRole, Revoked, check_roles};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which operator.
#[derive(Deserialize, JsonSchema)]
pub struct OperatorPath {
    account: AccountId,
}

/// What an operator is to be allowed.
#[derive(Deserialize, JsonSchema)]
pub struct GivenRoles {
    /// The roles.
    #[serde(default)]
    roles: Vec<OperatorRole>,
}

/// An operator's account, with what it may do.
pub struct KnownOperator {
    /// The account.
    pub account: Account,
    /// What is known beside it; nothing of who was an operator before there were roles.
    pub known: Option<Versioned<Operator>>,
}

impl KnownOperator {
    /// What they may do.
    pub fn roles(&self) -> Vec<OperatorRole> {
        Operator::roles_of(self.known.as_ref().map(|read| &read.record))
    }
}

/// Every operator whose account is open, the first first.
///
/// # Errors
/// When the store does not answer.
pub async fn operators(store: &Store) -> Result<Vec<KnownOperator>, Problem> {
    let question = Question::accounts_of_role(Role::Admin);
    let mut all = Vec::new();
    for read in store.ask_all::<Account>(question).await? {
        let account = read.record;
        let known = store.get::<Operator>(Key::operator(&account.id)).await?;
        all.push(KnownOperator { account, known });
    }
    Ok(all)
}

/// Somebody to be let in.
#[derive(Deserialize, JsonSchema)]
pub struct Invitation {
    /// Their address.
    pub email: Email,
    /// What they may do.
    #[serde(default)]
    pub roles: Vec<OperatorRole>,
}

/// An operator who was let in: what they are given is shown once.
pub struct Invited {
    /// The account.
    pub account: Account,
    /// The password.
    pub password: String,
    /// The key of the second factor.
    pub factor: SecondFactor,
}

/// Opens the account of another operator.
///
/// # Errors
/// `operator_role_missing` without a role; the address may have an account.
pub fn invite(
    invitation: &Invitation,
    by: &AccountId,
    now: Timestamp,
    changes: Changes,
) -> Result<(Invited, Changes), Problem> {
    if invitation.roles.is_empty() {
        return Err(OperatorRefused::NoRole.into());
    }
    let password = attributed_password();
    let factor = SecondFactor::begin(random_bytes());
    let id = fresh::<AccountId>(now);
    let account = Account::of_operator(
        id,
        invitation.email.clone(),
        hash_password(&password).map_err(Problem::internal)?,
        factor.clone(),
        now,
    );
    let operator = Operator {
        account: account.id.clone(),
        roles: invitation.roles.clone(),
        invited_by: by.clone(),
        since: now,
        revoked: None,
    };
    let changes = changes
        .create(&account, "account")
        .claim(UniqueClaim::email(&account.email, &account.id), "email")
        .create(&operator, "operator")
        .activity("invite-operator", account.id.as_str());
    let invited = Invited {
        account,
        password,
        factor,
    };
    Ok((invited, changes))
}

/// One operator, and what everybody else may do.
async fn with_others(
    store: &Store,
    id: &AccountId,
) -> Result<(KnownOperator, Vec<Vec<OperatorRole>>), Problem> {
    let mut wanted = None;
    let mut others = Vec::new();
    for one in operators(store).await? {
        if one.account.id == *id {
            wanted = Some(one);
        } else {
            others.push(one.roles());
        }
    }
    wanted
        .map(|wanted| (wanted, others))
        .ok_or_else(Problem::not_found)
}

/// Says what an operator may do.
pub struct SetOperatorRoles;

impl Operation for SetOperatorRoles {
    const NAME: &'static str = "set-operator-roles";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/exploitants/{account}/roles";
    const SUMMARY: &'static str = "Say what an operator may do.";
    const DUTY: Duty = Duty::Administer;
    type Outside = ();
    type Who = Admin;
    type Path = OperatorPath;
    type Input = GivenRoles;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let id = &call.path.account;
        let roles = &call.input.roles;
        if roles.is_empty() {
            return Err(OperatorRefused::NoRole.into());
        }
        let (operator, others) = with_others(&desk.store, id).await?;
        check_roles(roles, &call.who.account, id, &others)?;
        let before = operator.known.as_ref().map(|read| read.record.clone());
        let after = Operator {
            account: id.clone(),
            roles: roles.clone(),
            invited_by: call.who.account.clone(),
            since: call.now,
            revoked: None,
        };
        let after = Operator {
            roles: roles.clone(),
            ..before.unwrap_or(after)
        };
        let changes = call
            .changes()
            .upsert(operator.known.as_ref(), &after)
            .activity_because(Self::NAME, id.as_str(), &said(roles));
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

fn said(roles: &[OperatorRole]) -> String {
    let labels: Vec<&str> = roles.iter().map(|role| role.label()).collect();
    labels.join(", ")
}

/// Takes every right from an operator, at once: their sessions end.
pub struct RevokeOperator;

impl Operation for RevokeOperator {
    const NAME: &'static str = "revoke-operator";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/exploitants/{account}/revoquer";
    const SUMMARY: &'static str = "Take every right from an operator, whose sessions end.";
    const DUTY: Duty = Duty::Administer;
    type Outside = ();
    type Who = Admin;
    type Path = OperatorPath;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let id = &call.path.account;
        let (operator, others) = with_others(&desk.store, id).await?;
        check_roles(&[], &call.who.account, id, &others)?;
        let read = desk.store.get::<Account>(Key::account(id)).await?;
        let read = read.ok_or_else(Problem::not_found)?;
        let mut account = read.record.clone();
        account.end_operator(call.now);
        let known = operator.known.as_ref();
        let before = known.map(|read| read.record.clone());
        let revoked = Operator {
            revoked: Some(Revoked {
                by: call.who.account.clone(),
                at: call.now,
            }),
            ..before.unwrap_or_else(|| Operator {
                account: id.clone(),
                roles: OperatorRole::ALL.to_vec(),
                invited_by: call.who.account.clone(),
                since: account.created_at,
                revoked: None,
            })
        };
        let changes = call
            .changes()
            .replace(&read, &account)
            .upsert(known, &revoked)
            .activity(Self::NAME, id.as_str());
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
