//! Somebody who waits for a code asks for another mail.

use adapters::store::Changes;
use domain::event::Event;
use domain::ids::AccountId;
use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_ip, proof, session_ended,
    throttle,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::read_account::own_account;
use crate::sign_up_client::{LOOK_AT_YOUR_MAIL, MailSent};

/// Send the mail again.
pub struct SendCodeAgain;

/// Which mail is waited for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AwaitedMail {
    /// That which proves the address this browser asked about.
    #[default]
    Proof,
    /// Those that confirm the change of address of who is signed in.
    IdentifierChange,
}

/// What is sent again.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Awaited {
    /// Which mail.
    mail: AwaitedMail,
}

impl Operation for SendCodeAgain {
    const NAME: &'static str = "send-code-again";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/proofs/again";
    const SUMMARY: &'static str = "Send again the mail that proves an address, or those that confirm a change of address, with other codes, where they were asked for: after 60 seconds.";
    const BEFORE_PASSWORD_CHANGE: bool = true;
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Awaited;
    type Output = MailSent;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<MailSent>, Problem> {
        throttle(desk, &by_ip(Self::NAME, &call.trace.ip), 60, HOUR).await?;
        let changes = match call.input.mail {
            AwaitedMail::Proof => proof::ask_again(desk, call).await?,
            AwaitedMail::IdentifierChange => identifier_mails(desk, call).await?,
        };
        Ok(Reply::accepted(LOOK_AT_YOUR_MAIL).changing(changes))
    }
}

/// Writes again to both addresses of a change that is being confirmed.
async fn identifier_mails(desk: &Desk<()>, call: &Call<SendCodeAgain>) -> Result<Changes, Problem> {
    let session = call.who.0.as_ref().ok_or_else(session_ended)?;
    let id = AccountId::parse(&session.subject).map_err(|_| Problem::not_found())?;
    let read = own_account(&desk.store, &id).await?;
    let mut account = read.record.clone();
    let changes = call.changes();
    let event = changes.fresh_event();
    account.send_identifier_codes_again(event.clone(), call.now)?;
    if let Some(change) = &account.identifier_change {
        proof::mail_to_unproved(desk, &change.email).await?;
    }
    Ok(changes
        .replace(&read, &account)
        .activity(SendCodeAgain::NAME, id.as_str())
        .event_named(event, Event::IdentifierChangeAsked { account: id }))
}
