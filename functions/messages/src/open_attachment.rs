//! A party opens a file of a message.

use adapters::documents::Documents;
use adapters::store::Key;
use domain::conversation::Message;
use domain::ids::{AttachmentId, ConversationId, MessageId};
use http_function::{Call, Correspondent, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::correspondents::own_conversation;

/// Opening a file.
pub struct OpenAttachment;

/// The route's file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AttachmentPath {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageId,
    /// The file.
    pub attachment: AttachmentId,
}

/// Where the file is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AttachmentLink {
    /// Good for one minute.
    pub url: String,
}

impl Operation for OpenAttachment {
    const NAME: &'static str = "open-attachment";
    const METHOD: &'static str = "GET";
    const PATH: &'static str =
        "/api/conversations/{conversation}/messages/{message}/attachments/{attachment}";
    const SUMMARY: &'static str = "A link to a file of a message, good for one minute.";
    type Outside = Documents;
    type Who = Correspondent;
    type Path = AttachmentPath;
    type Input = Nothing;
    type Output = AttachmentLink;

    async fn run(
        desk: &Desk<Documents>,
        call: &Call<Self>,
    ) -> Result<Reply<AttachmentLink>, Problem> {
        let conversation = own_conversation(&desk.store, &call.who, &call.path.conversation)
            .await?
            .record;
        let key = Key::message(&conversation.id, &call.path.message);
        let message = desk.store.get::<Message>(key).await?;
        let attachment = message
            .into_iter()
            .flat_map(|read| read.record.attachments)
            .find(|attachment| attachment.id == call.path.attachment)
            .ok_or_else(Problem::not_found)?;
        let name = conversation.shown(&attachment.name).text;
        let url = desk.outside.link(&attachment.file, &name).await?;
        let changes = call.changes().activity(Self::NAME, attachment.id.as_str());
        Ok(Reply::ok(AttachmentLink { url }).changing(changes))
    }
}
