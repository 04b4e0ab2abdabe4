//! A client or a professional writes to the other.

use adapters::documents::{Documents, DocumentsError};
use adapters::ids::fresh;
use adapters::store::{Key, ScannedFile, Versioned};
use domain::account::Account;
use domain::booking::BookingParty;
use domain::conversation::{
    Attachment, AttachmentDraft, Conversation, Message, MessageRefused, check_attachment_count,
    other, written,
};
use domain::event::Event;
use domain::ids::{AccountId, AttachmentId, BookingId, ConversationId, MessageId, ProfessionalId};
use domain::professional::{Professional, ScanVerdict, of_slug};
use http_function::{
    Call, Correspondent, DAY, Desk, HOUR, Nothing, Operation, Problem, Reply, throttle,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::correspondents::{Opened, open, own_booking, own_conversation, party};
use crate::view::{ConversationView, MessageView};

/// Writing a message.
pub struct SendMessage;

/// In answer to what, or to whom.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Addressed {
    /// In a conversation that has begun.
    Conversation {
        /// Which.
        conversation: ConversationId,
    },
    /// To the other party of a booking, about it.
    Booking {
        /// Which.
        booking: BookingId,
    },
    /// To a professional, from the public page: for clients.
    Professional {
        /// The end of the page's address.
        #[schemars(length(max = 200))]
        slug: String,
    },
}

/// A message.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct NewMessage {
    /// In answer to what, or to whom.
    pub to: Addressed,
    /// The words.
    #[schemars(length(min = 1, max = 4000))]
    pub text: String,
    /// Files that were announced and uploaded.
    #[serde(default)]
    #[schemars(length(max = 5))]
    pub attachments: Vec<AttachmentId>,
}

/// A message that was sent, and where.
#[derive(Clone, Serialize, JsonSchema)]
pub struct SentMessage {
    /// The conversation it is in.
    pub conversation: ConversationView,
    /// The message, as both parties read it.
    pub message: MessageView,
}

/// How many messages somebody may send in an hour.
const MOST_PER_HOUR: u64 = 60;
/// To how many professionals a client may write for the first time in a day.
const MOST_BEGUN_A_DAY: u64 = 20;

impl Operation for SendMessage {
    const NAME: &'static str = "send-message";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/messages";
    const SUMMARY: &'static str =
        "Write to the other party; coordinates are masked until a first contract is concluded.";
    type Outside = Documents;
    type Who = Correspondent;
    type Path = Nothing;
    type Input = NewMessage;
    type Output = SentMessage;

    async fn run(desk: &Desk<Documents>, call: &Call<Self>) -> Result<Reply<SentMessage>, Problem> {
        let asked = &call.input;
        let who = &call.who;
        let text = written(&asked.text)?;
        check_attachment_count(asked.attachments.len())?;
        let by = party(who);
        let (opened, about) = find(desk, call).await?;
        let Opened {
            read,
            mut conversation,
        } = opened;
        check_reader(desk, &conversation, by).await?;
        // Asked again and again until the files are scanned: not counted.
        let mut scanned = Vec::with_capacity(asked.attachments.len());
        for attachment in &asked.attachments {
            scanned.push(scanned_file(desk, attachment, &who.account).await?);
        }
        let counted = format!("{}#{}", Self::NAME, who.account);
        throttle(desk, &counted, MOST_PER_HOUR, HOUR).await?;
        if read.is_none() && by == BookingParty::Client {
            let counted = format!("begin-conversation#{}", who.account);
            throttle(desk, &counted, MOST_BEGUN_A_DAY, DAY).await?;
        }

        let id: MessageId = fresh(call.now);
        let mut changes = call.changes();
        let mut attachments: Vec<Attachment> = Vec::new();
        for (announced, verdict) in scanned {
            let sent = attach(desk, &announced.record, verdict, &id).await?;
            attachments.push(sent.attachment.clone());
            changes = changes.replace(&announced, &sent);
        }
        let message = Message {
            id,
            conversation: conversation.id.clone(),
            by,
            author: who.account.clone(),
            at: call.now,
            text,
            about,
            attachments,
        };
        let waits = conversation.add(&message);
        let changes = changes
            .upsert(read.as_ref(), &conversation)
            .create(&message, "message")
            .activity(Self::NAME, conversation.id.as_str())
            .events(waits.then(|| Event::MessageWaiting {
                conversation: conversation.id.clone(),
                reader: other(by),
            }));
        Ok(Reply::created(SentMessage {
            conversation: ConversationView::of(&conversation, by),
            message: MessageView::of(&conversation, &message),
        })
        .changing(changes))
    }
}

/// Where a message goes, and the reference of the booking it is about.
async fn find(
    desk: &Desk<Documents>,
    call: &Call<SendMessage>,
) -> Result<(Opened, Option<String>), Problem> {
    let (who, store) = (&call.who, &desk.store);
    match &call.input.to {
        Addressed::Conversation { conversation } => {
            let read = own_conversation(store, who, conversation).await?;
            let opened = Opened {
                conversation: read.record.clone(),
                read: Some(read),
            };
            Ok((opened, None))
        }
        Addressed::Booking { booking } => {
            let booking = own_booking(store, who, booking).await?;
            let parties = (&booking.client, &booking.professional);
            let mut opened = open(store, parties, &booking.professional_name, call.now).await?;
            // The event of the contract may still be on its way.
            if booking.state.contract_concluded() {
                opened.conversation.acquaint_by(&booking);
            }
            Ok((opened, Some(booking.reference)))
        }
        Addressed::Professional { slug } => {
            if party(who) != BookingParty::Client {
                return Err(Problem::not_found());
            }
            check_verified(desk, &who.account).await?;
            let id = of_slug(slug).map_err(|_| Problem::not_found())?;
            let professional = shown(desk, &id).await?.ok_or_else(Problem::not_found)?;
            let name = professional.profile.denomination.unwrap_or_default();
            let opened = open(store, (&who.account, &id), &name, call.now).await?;
            Ok((opened, None))
        }
    }
}

/// A professional whose page the public sees.
async fn shown(
    desk: &Desk<Documents>,
    id: &ProfessionalId,
) -> Result<Option<Professional>, Problem> {
    let read = desk
        .store
        .get::<Professional>(Key::professional(id))
        .await?;
    Ok(read
        .map(|read| read.record)
        .filter(Professional::is_before_the_public))
}

async fn check_verified(desk: &Desk<Documents>, client: &AccountId) -> Result<(), Problem> {
    let account = desk.store.get::<Account>(Key::account(client)).await?;
    let verified = account.is_some_and(|read| read.record.email_verified_at.is_some());
    if verified {
        Ok(())
    } else {
        Err(MessageRefused::EmailNotVerified.into())
    }
}

/// Nobody writes to somebody who has left.
async fn check_reader(
    desk: &Desk<Documents>,
    conversation: &Conversation,
    writer: BookingParty,
) -> Result<(), Problem> {
    let is_there = match other(writer) {
        BookingParty::Client => {
            let key = Key::account(&conversation.client);
            let account = desk.store.get::<Account>(key).await?;
            account.is_some_and(|read| read.record.closed_at.is_none())
        }
        BookingParty::Professional => {
            let key = Key::professional(&conversation.professional);
            let professional = desk.store.get::<Professional>(key).await?;
            professional.is_some_and(|read| read.record.has_an_account())
        }
    };
    if is_there {
        Ok(())
    } else {
        Err(MessageRefused::NobodyThere.into())
    }
}

/// A file that somebody announced, uploaded and did not send yet, and what the malware scan said of it.
async fn scanned_file(
    desk: &Desk<Documents>,
    id: &AttachmentId,
    owner: &AccountId,
) -> Result<(Versioned<AttachmentDraft>, ScanVerdict), Problem> {
    let store = &desk.store;
    let announced = store
        .get::<AttachmentDraft>(Key::attachment(id))
        .await?
        .filter(|read| read.record.owner == *owner)
        .ok_or_else(Problem::not_found)?;
    announced.record.check_unsent()?;
    let file = &announced.record.attachment.file.key;
    desk.outside.find(file).await?;
    let scan = store.get::<ScannedFile>(Key::scanned_file(file)).await?;
    let scan = scan.ok_or(DocumentsError::Absent)?;
    let verdict = scan.record.verdict.ok_or(MessageRefused::BeingScanned)?;
    Ok((announced, verdict))
}

/// Looks at an uploaded file, and sends it with the message if it is what was announced.
async fn attach(
    desk: &Desk<Documents>,
    announced: &AttachmentDraft,
    verdict: ScanVerdict,
    message: &MessageId,
) -> Result<AttachmentDraft, Problem> {
    let mut draft = announced.clone();
    let found = desk.outside.inspect(&draft.attachment.file.key).await?;
    draft.send(message, &found.seen(), Some(verdict))?;
    let file = &mut draft.attachment.file;
    *file = desk.outside.keep(file, "attachments", found).await?;
    Ok(draft)
}
