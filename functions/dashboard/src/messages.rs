//! What a client and a professional wrote to each other: counted on a booking's page, read for a stated
//! reason alone (terms, articles 5 and 22).

use adapters::ids::conversation_between;
use adapters::store::{Key, Question};
use askama::Template;
use domain::booking::{Booking, BookingParty};
use domain::conversation::{Conversation, Message};
use domain::ids::BookingId;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Html, Operation, Problem, Reply};
use operator::CaseAsked;

use crate::bookings::BookingPath;
use crate::frame::{Frame, Section, moment, shown};

/// How many messages the parties of a booking wrote, and when the last.
pub(crate) struct Exchange {
    pub(crate) messages: u32,
    pub(crate) last: String,
}

/// What is known of the parties' conversation without reading it, if it has begun.
pub(crate) async fn exchange(
    desk: &Desk<()>,
    booking: &Booking,
) -> Result<Option<Exchange>, Problem> {
    let conversation = conversation(desk, booking).await?;
    Ok(conversation
        .filter(|conversation| conversation.messages > 0)
        .map(|conversation| Exchange {
            messages: conversation.messages,
            last: moment(&conversation.last_at),
        }))
}

async fn conversation(desk: &Desk<()>, booking: &Booking) -> Result<Option<Conversation>, Problem> {
    let id = conversation_between(&booking.client, &booking.professional);
    let read = desk
        .store
        .get::<Conversation>(Key::conversation(&id))
        .await?;
    Ok(read.map(|read| read.record))
}

/// The messages of a booking's parties, shown once in the answer to a stated reason.
pub(crate) struct ShowMessages;

struct MessageLine {
    by: String,
    when: String,
    about: Option<String>,
    text: String,
    files: Vec<String>,
}

#[derive(Template)]
#[template(path = "messages.html")]
struct MessagesTemplate {
    frame: Frame,
    booking: BookingId,
    reference: String,
    reason: String,
    lines: Vec<MessageLine>,
}

impl Operation for ShowMessages {
    const NAME: &'static str = "consult-messages";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/reservations/{booking}/messages";
    const SUMMARY: &'static str =
        "What the parties of a booking wrote to each other, for a reason that is written down.";
    // An answer that was kept would be read again without a reason.
    const SECRET: bool = true;
    const DUTY: Duty = Duty::Decide;
    type Outside = ();
    type Who = Admin;
    type Path = BookingPath;
    type Input = CaseAsked;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let key = Key::booking(&call.path.booking);
        let booking = desk.store.get::<Booking>(key).await?;
        let booking = booking.ok_or_else(Problem::not_found)?.record;
        let conversation = conversation(desk, &booking)
            .await?
            .ok_or_else(Problem::not_found)?;
        let reason = call.input.reason()?;
        let changes = call
            .changes()
            .activity_because(Self::NAME, conversation.id.as_str(), &reason)
            .activity_because(Self::NAME, booking.id.as_str(), &reason);
        let question = Question::messages_of(&conversation.id).limit(100);
        let messages = desk.store.ask_all::<Message>(question).await?;
        let page = MessagesTemplate {
            frame: Frame::of(Section::Money, &call.notice),
            reason,
            lines: messages
                .into_iter()
                .rev()
                .map(|read| line(&booking, read.record))
                .collect(),
            booking: booking.id,
            reference: booking.reference,
        };
        Ok(shown(&page)?.changing(changes))
    }
}

/// A message as it was written: nothing is masked for who decides on it.
fn line(booking: &Booking, message: Message) -> MessageLine {
    MessageLine {
        by: match message.by {
            BookingParty::Client => booking.contact.name.clone(),
            BookingParty::Professional => booking.professional_name.clone(),
        },
        when: moment(&message.at),
        about: message.about,
        text: message.text,
        files: message
            .attachments
            .into_iter()
            .map(|attachment| attachment.name)
            .collect(),
    }
}
