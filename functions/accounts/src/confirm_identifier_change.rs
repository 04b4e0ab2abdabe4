//! One of the two addresses confirms a change of the e-mail that signs in.

use adapters::store::TokenPurpose;
use domain::account::identifier::{Confirmation, ConfirmedBy};
use domain::event::Event;
use http_function::{
    Anyone, Call, Desk, Nothing, Operation, Problem, Reply, exchange_identifier, link_expired,
    read_link,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::verify_email::{MailLink, account_of_link};

/// Confirm a change of e-mail.
pub struct ConfirmIdentifierChange;

/// What is still awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StillAwaited {
    /// The confirmation of the address that signs in today.
    CurrentAddress,
    /// The confirmation of the address to come.
    WantedAddress,
    /// The operator's decision.
    Operator,
    /// Nothing: the new address signs in.
    Nothing,
}

/// A confirmation.
#[derive(Serialize, JsonSchema)]
pub struct IdentifierConfirmed {
    /// What is still awaited.
    awaited: StillAwaited,
}

impl Operation for ConfirmIdentifierChange {
    const NAME: &'static str = "confirm-identifier-change";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/identifier/confirm";
    const SUMMARY: &'static str =
        "Confirm a change of e-mail with the link that was sent to one of the two addresses.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = MailLink;
    type Output = IdentifierConfirmed;

    async fn run(
        desk: &Desk<()>,
        call: &Call<Self>,
    ) -> Result<Reply<IdentifierConfirmed>, Problem> {
        let link = read_link(desk, &call.input.token).await?;
        let TokenPurpose::ConfirmIdentifier {
            account: id,
            by,
            asked_at,
        } = &link.record.purpose
        else {
            return Err(link_expired());
        };
        let read = account_of_link(desk, id).await?;
        let mut account = read.record.clone();
        let confirmation = account
            .confirm_identifier(*by, *asked_at, call.now)
            .map_err(|_| link_expired())?;
        let changes = call
            .changes()
            .delete(&link)
            .activity(Self::NAME, id.as_str());
        let (changes, awaited) = match confirmation {
            Confirmation::OtherAwaited => (
                changes.replace(&read, &account),
                match by {
                    ConfirmedBy::Current => StillAwaited::WantedAddress,
                    ConfirmedBy::Wanted => StillAwaited::CurrentAddress,
                },
            ),
            Confirmation::OperatorAwaited => (
                changes
                    .replace(&read, &account)
                    .event(Event::IdentifierChangeConfirmed {
                        account: id.clone(),
                    }),
                StillAwaited::Operator,
            ),
            Confirmation::Complete => {
                account.change_identifier(None, call.now)?;
                let changes = exchange_identifier(desk, &read, &account, changes).await?;
                (changes, StillAwaited::Nothing)
            }
        };
        Ok(Reply::ok(IdentifierConfirmed { awaited }).changing(changes))
    }
}
