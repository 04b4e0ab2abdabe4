//! The operator has an event given again that no function took, or is done with it: forms of the
//! dashboard. The sweep gives it within a minute.

use adapters::store::{Key, SentMail, UndeliveredEvent, Versioned};
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::handle_mail::MailAsked;

/// Give an event again that was given up, or before its next try.
pub struct GiveEventAgain;

/// Say that an event that was given up needs nothing more.
pub struct HandleEvent;

/// Send a mail again that was begun and is not known to be sent.
pub struct SendMailAgain;

/// Which event.
#[derive(Deserialize, JsonSchema)]
pub struct EventAsked {
    /// The message that told it.
    id: String,
}

async fn event_of(
    desk: &Desk<()>,
    id: &str,
) -> Result<Option<Versioned<UndeliveredEvent>>, Problem> {
    let key = Key::undelivered(id);
    Ok(desk.store.get::<UndeliveredEvent>(key).await?)
}

impl Operation for GiveEventAgain {
    const NAME: &'static str = "give-event-again";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/evenements/redonner";
    const SUMMARY: &'static str = "Give an event again that a function did not take.";
    const DUTY: Duty = Duty::Decide;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = EventAsked;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        // It was taken meanwhile: that is what was asked for.
        let Some(read) = event_of(desk, &call.input.id).await? else {
            return Ok(Reply::ok(Nothing {}));
        };
        if !read.record.can_be_given() {
            return Err(Problem::new(
                422,
                "event_cannot_be_given_again",
                "Cet envoi ne dit pas ce qu’il contenait : il ne peut pas être redonné d’ici.",
            ));
        }
        let mut event = read.record.clone();
        event.next_at = Some(call.now);
        let changes = call
            .changes()
            .replace(&read, &event)
            .activity(Self::NAME, &event.id);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

impl Operation for HandleEvent {
    const NAME: &'static str = "handle-event";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/evenements/traite";
    const SUMMARY: &'static str = "An event that was given up needs nothing more.";
    const DUTY: Duty = Duty::Decide;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = EventAsked;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        // What is still given again by itself is not dropped.
        let read = event_of(desk, &call.input.id).await?;
        let Some(read) = read.filter(|read| read.record.next_at.is_none()) else {
            return Ok(Reply::ok(Nothing {}));
        };
        let changes = call
            .changes()
            .delete(&read)
            .activity(Self::NAME, &read.record.id);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

impl Operation for SendMailAgain {
    const NAME: &'static str = "send-mail-again";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/courriels/renvoyer";
    const SUMMARY: &'static str = "Send a mail again that is not known to be sent.";
    const DUTY: Duty = Duty::Decide;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = MailAsked;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = desk.store.get::<SentMail>(call.input.key()).await?;
        let mail = read.ok_or_else(Problem::not_found)?.record;
        // Sent meanwhile, it has nothing left to tell.
        let Some(event) = UndeliveredEvent::of_mail(&mail, call.now) else {
            return Ok(Reply::ok(Nothing {}));
        };
        let given = event_of(desk, &event.id).await?;
        let event = match &given {
            Some(read) => UndeliveredEvent {
                next_at: Some(call.now),
                ..read.record.clone()
            },
            None => event,
        };
        let changes = call
            .changes()
            .upsert(given.as_ref(), &event)
            .activity(Self::NAME, &mail.recipient);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
