//! Somebody asks to sign in with another e-mail: both addresses are written to, and nothing changes yet
//! (terms, article 6).

use domain::event::Event;
use domain::identifiers::Email;
use domain::ids::AccountId;
use http_function::{
    Call, DAY, Desk, Nothing, Operation, Problem, Reply, SignedIn, confirm_password, proof,
    throttle,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Ask for another e-mail.
pub struct AskIdentifierChange;

/// How many times a day somebody may ask.
const MOST_A_DAY: u64 = 5;

/// The e-mail to come.
#[derive(Deserialize, JsonSchema)]
pub struct WantedIdentifier {
    /// The e-mail that is to sign in.
    email: Email,
    /// Why, for the operator who decides on a professional's change.
    #[schemars(length(min = 10, max = 500))]
    reason: String,
    /// The present password.
    #[schemars(length(max = 128))]
    password: String,
}

/// A change of e-mail that has not taken effect.
#[derive(Serialize, JsonSchema)]
pub struct PendingIdentifier {
    /// The e-mail that is to sign in.
    pub(crate) email: Email,
    /// When it was asked for.
    pub(crate) asked_at: Timestamp,
    /// Whether the address of today confirmed it.
    pub(crate) confirmed_by_current: bool,
    /// Whether the address to come confirmed it.
    pub(crate) confirmed_by_wanted: bool,
    /// Whether only the operator's decision is awaited.
    pub(crate) awaits_operator: bool,
}

impl PendingIdentifier {
    /// What waits of an account's change, if anything does.
    pub(crate) fn of(account: &domain::account::Account, now: Timestamp) -> Option<Self> {
        let change = account.identifier_change.as_ref()?;
        change.is_pending(now).then(|| Self {
            email: change.email.clone(),
            asked_at: change.asked_at,
            confirmed_by_current: change.current_confirmed_at.is_some(),
            confirmed_by_wanted: change.wanted_confirmed_at.is_some(),
            awaits_operator: account.identifier_awaits_operator().is_some(),
        })
    }
}

impl Operation for AskIdentifierChange {
    const NAME: &'static str = "ask-identifier-change";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/identifier";
    const SUMMARY: &'static str = "Ask to sign in with another e-mail: both addresses confirm, and the operator decides for a professional.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = SignedIn;
    type Path = Nothing;
    type Input = WantedIdentifier;
    type Output = PendingIdentifier;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<PendingIdentifier>, Problem> {
        let asked = &call.input;
        let id = AccountId::parse(&call.who.0.subject).map_err(|_| Problem::not_found())?;
        let read = confirm_password(desk, &id, &asked.password)
            .await
            .map_err(|problem| problem.about("password"))?;
        let mut account = read.record.clone();
        let changes = call.changes();
        let event = changes.fresh_event();
        account.ask_for_identifier(asked.email.clone(), &asked.reason, event.clone(), call.now)?;
        throttle(desk, &format!("{}#{id}", Self::NAME), MOST_A_DAY, DAY).await?;
        proof::mail_to_unproved(desk, &asked.email).await?;
        let changes = changes
            .replace(&read, &account)
            .activity(Self::NAME, id.as_str())
            .event_named(event, Event::IdentifierChangeAsked { account: id });
        let pending = PendingIdentifier::of(&account, call.now).ok_or_else(Problem::not_found)?;
        Ok(Reply::accepted(pending).changing(changes))
    }
}
