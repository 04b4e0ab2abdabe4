//! The operator allows or declines a professional's change of e-mail (terms, article 6): forms of the
//! dashboard.

use adapters::store::{Key, Versioned};
use domain::account::Account;
use domain::event::Event;
use domain::ids::AccountId;
use domain::operator::Duty;
use domain::professional::Professional;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply, exchange_identifier};
use schemars::JsonSchema;
use serde::Deserialize;

/// The account named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct AccountPath {
    /// The account.
    pub(crate) account: AccountId,
}

/// Let another e-mail sign in.
pub struct AllowIdentifierChange;

impl Operation for AllowIdentifierChange {
    const NAME: &'static str = "allow-identifier-change";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/identifiants/{account}/accepter";
    const SUMMARY: &'static str =
        "Let another e-mail sign in for a professional; both addresses are told.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = AccountPath;
    type Input = Nothing;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = account(desk, &call.path.account).await?;
        let mut account = read.record.clone();
        account.change_identifier(Some(call.who.account.clone()), call.now)?;
        let mut changes = call.changes().activity(Self::NAME, account.id.as_str());
        if let Some(id) = &account.professional {
            let key = Key::professional(id);
            let read = desk.store.get::<Professional>(key).await?;
            let read = read.ok_or_else(Problem::not_found)?;
            let mut professional = read.record.clone();
            professional.email = account.email.clone();
            professional.email_verified_at = account.email_verified_at;
            changes = changes
                .replace(&read, &professional)
                .activity(Self::NAME, id.as_str());
        }
        let changes = exchange_identifier(desk, &read, &account, changes).await?;
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// Keep the e-mail that signs in.
pub struct DeclineIdentifierChange;

/// Why.
#[derive(Deserialize, JsonSchema)]
pub struct IdentifierDeclined {
    /// For whoever asked.
    #[schemars(length(min = 10, max = 500))]
    reason: String,
}

impl Operation for DeclineIdentifierChange {
    const NAME: &'static str = "decline-identifier-change";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/identifiants/{account}/refuser";
    const SUMMARY: &'static str = "Decline a professional's change of e-mail, and say why.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = AccountPath;
    type Input = IdentifierDeclined;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = account(desk, &call.path.account).await?;
        let mut account = read.record.clone();
        account.decline_identifier(&call.input.reason)?;
        let changes = call
            .changes()
            .replace(&read, &account)
            .event(Event::IdentifierChangeDeclined {
                account: account.id.clone(),
            })
            .activity(Self::NAME, account.id.as_str());
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

async fn account(desk: &Desk<()>, id: &AccountId) -> Result<Versioned<Account>, Problem> {
    let read = desk.store.get::<Account>(Key::account(id)).await?;
    read.ok_or_else(Problem::not_found)
}
