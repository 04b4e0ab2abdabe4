//! Somebody accepts the terms that hold now, and may go on (terms, preamble).

use domain::ids::AccountId;
use domain::terms::{Audience, TermsRefused};
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, SignedIn, terms};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::read_account::own_account;
use crate::sign_in::{SignedInAs, signed_in};

/// Accept the terms that hold now.
pub struct AcceptTerms;

/// What was read.
#[derive(Deserialize, JsonSchema)]
pub struct AcceptedTerms {
    /// The version that was shown.
    #[schemars(length(min = 1, max = 20))]
    version: String,
}

impl Operation for AcceptTerms {
    const NAME: &'static str = "accept-terms";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/terms";
    const SUMMARY: &'static str =
        "Accept the terms that hold now; until then the routes of the account refuse.";
    const BEFORE_TERMS: bool = true;
    const SECRET: bool = true;
    type Outside = ();
    type Who = SignedIn;
    type Path = Nothing;
    type Input = AcceptedTerms;
    type Output = SignedInAs;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SignedInAs>, Problem> {
        let id = AccountId::parse(&call.who.0.subject).map_err(|_| Problem::not_found())?;
        let read = own_account(&desk.store, &id).await?;
        let audience = Audience::of(read.record.role).ok_or_else(Problem::not_found)?;
        let (_, register) = terms::register(&desk.store).await?;
        let holds = register.in_force(audience, call.now);
        if holds.version != call.input.version {
            return Err(TermsRefused::NotInForce.into());
        }
        let mut account = read.record.clone();
        let mut changes = call.changes();
        // Accepted twice, it is written once.
        if register
            .to_accept(account.role, &account.acceptances, call.now)
            .is_some()
        {
            account
                .acceptances
                .push(terms::proof(desk, call, &holds).await?);
            changes = changes.replace(&read, &account);
        }
        let changes = changes.activity_because(Self::NAME, id.as_str(), &holds.version);
        // The browser's session is replaced by one that may go on.
        signed_in(desk, call, &account, &call.who.0.methods, changes).await
    }
}
