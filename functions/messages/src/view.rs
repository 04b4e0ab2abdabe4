//! What a party sees of conversations.

use domain::booking::BookingParty;
use domain::conversation::{Conversation, Message};
use domain::ids::{AttachmentId, ConversationId, MessageId};
use domain::professional::FileType;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A conversation, as one of its parties sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConversationView {
    /// Its identifier.
    pub id: ConversationId,
    /// Who the other is. A professional learns a client's name from the first contract on.
    pub with: Option<String>,
    /// The professional's public page, for the client.
    pub slug: Option<String>,
    /// Whether coordinates are shown: from the first contract on.
    pub coordinates_shown: bool,
    /// When something was last written.
    pub last_at: Timestamp,
    /// How many messages it has: what `mark-conversation-read` is told.
    pub messages: u32,
    /// How many of them the caller has not read.
    pub unread: u32,
}

impl ConversationView {
    pub(crate) fn of(conversation: &Conversation, party: BookingParty) -> Self {
        let (with, slug) = match party {
            BookingParty::Client => {
                let name = &conversation.professional_name;
                let slug = domain::professional::slug(name, &conversation.professional);
                (Some(name.clone()), Some(slug))
            }
            BookingParty::Professional => (conversation.client_name.clone(), None),
        };
        Self {
            id: conversation.id.clone(),
            with,
            slug,
            coordinates_shown: conversation.acquainted_at.is_some(),
            last_at: conversation.last_at,
            messages: conversation.messages,
            unread: conversation.unread(party),
        }
    }
}

/// A message.
#[derive(Clone, Serialize, JsonSchema)]
pub struct MessageView {
    /// Its identifier.
    pub id: MessageId,
    /// Who wrote it.
    pub by: BookingParty,
    /// When.
    pub at: Timestamp,
    /// The words.
    pub text: String,
    /// Whether coordinates are hidden in the words.
    pub masked: bool,
    /// The reference of the booking it is about.
    pub about: Option<String>,
    /// Files.
    pub attachments: Vec<AttachmentView>,
}

/// A file that goes with a message.
#[derive(Clone, Serialize, JsonSchema)]
pub struct AttachmentView {
    /// Its identifier.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub file_type: FileType,
    /// Bytes.
    pub size: u64,
}

impl MessageView {
    /// A message of `conversation`, as both parties may read it now.
    pub fn of(conversation: &Conversation, message: &Message) -> Self {
        let shown = conversation.shown(&message.text);
        let attachments = message.attachments.iter().map(|attachment| AttachmentView {
            id: attachment.id.clone(),
            name: conversation.shown(&attachment.name).text,
            file_type: attachment.file.file_type,
            size: attachment.file.size,
        });
        Self {
            id: message.id.clone(),
            by: message.by,
            at: message.at,
            text: shown.text,
            masked: shown.hides,
            about: message.about.clone(),
            attachments: attachments.collect(),
        }
    }
}
