//! One of the two addresses confirms a change of the e-mail that signs in.

use adapters::keys::LinkKeys;
use adapters::secrets::same_secret;
use adapters::store::{Changes, TokenPurpose, Versioned};
use domain::account::Account;
use domain::account::identifier::{Confirmation, ConfirmedBy};
use domain::account::proof::ProofRefused;
use domain::event::Event;
use domain::ids::AccountId;
use http_function::{
    Anyone, Call, Desk, Nothing, Operation, Problem, Reply, exchange_identifier, link_expired,
    proof, read_link, session_ended,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::read_account::own_account;
use crate::verify_email::account_of_link;

/// Confirm a change of e-mail.
pub struct ConfirmIdentifierChange;

/// The proof of one of the two addresses: a link, or the code of its mail and which address it is.
#[derive(Deserialize, JsonSchema)]
pub struct IdentifierProof {
    /// The `token` of the link.
    #[schemars(length(max = 100))]
    token: Option<String>,
    /// The six digits of the mail, where the change was asked for.
    #[schemars(length(max = 20))]
    code: Option<String>,
    /// Whose code it is.
    address: Option<ConfirmedBy>,
}

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
    const SUMMARY: &'static str = "Confirm a change of e-mail with the link that was sent to one of the two addresses, or with the code of its mail where the change was asked for.";
    const SECRET: bool = true;
    type Outside = LinkKeys;
    type Who = Anyone;
    type Path = Nothing;
    type Input = IdentifierProof;
    type Output = IdentifierConfirmed;

    async fn run(
        desk: &Desk<LinkKeys>,
        call: &Call<Self>,
    ) -> Result<Reply<IdentifierConfirmed>, Problem> {
        let IdentifierProof {
            token,
            code,
            address,
        } = &call.input;
        let (proved, changes) = match (token, code, address) {
            (Some(token), _, _) => by_link(desk, call, token).await?,
            (None, Some(code), Some(by)) => by_code(desk, call, *by, code).await?,
            (None, _, _) => return Err(link_expired()),
        };
        let Proved { read, by, asked_at } = proved;
        let id = &read.record.id;
        let mut account = read.record.clone();
        let confirmation = account
            .confirm_identifier(by, asked_at, call.now)
            .map_err(|_| link_expired())?;
        let changes = changes.activity(Self::NAME, id.as_str());
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

/// The address that was proved, of a change of an account.
struct Proved {
    read: Versioned<Account>,
    by: ConfirmedBy,
    asked_at: Timestamp,
}

/// By the link of a mail, which serves once.
async fn by_link(
    desk: &Desk<LinkKeys>,
    call: &Call<ConfirmIdentifierChange>,
    token: &str,
) -> Result<(Proved, Changes), Problem> {
    let link = read_link(desk, token).await?;
    let TokenPurpose::ConfirmIdentifier {
        account,
        by,
        asked_at,
    } = &link.record.purpose
    else {
        return Err(link_expired());
    };
    let proved = Proved {
        read: account_of_link(desk, account).await?,
        by: *by,
        asked_at: *asked_at,
    };
    Ok((proved, call.changes().delete(&link)))
}

/// By the code of a mail, typed by who is signed in and asked for the change. The try is written before
/// the code is compared.
async fn by_code(
    desk: &Desk<LinkKeys>,
    call: &Call<ConfirmIdentifierChange>,
    by: ConfirmedBy,
    code: &str,
) -> Result<(Proved, Changes), Problem> {
    let session = call.who.0.as_ref().ok_or_else(session_ended)?;
    let id = AccountId::parse(&session.subject).map_err(|_| session_ended())?;
    let read = own_account(&desk.store, &id).await?;
    let mut tried = read.record.clone();
    let (event, asked_at) = tried.try_identifier_code(by, call.now)?;
    let try_of_it = call
        .changes()
        .replace(&read, &tried)
        .activity("try-code", id.as_str());
    desk.store.commit(try_of_it).await?;
    let sent = desk.outside.0.code_of_six(&by.code_of(&event));
    if !same_secret(sent.as_bytes(), proof::digits(code).as_bytes()) {
        return Err(ProofRefused::Wrong.into());
    }
    let read = Versioned {
        record: tried,
        version: read.version + 1,
    };
    Ok((Proved { read, by, asked_at }, call.changes()))
}
