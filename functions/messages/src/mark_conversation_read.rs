//! Somebody has read a conversation.

use http_function::{Call, Correspondent, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::correspondents::{ConversationPath, own_conversation, party};
use crate::view::ConversationView;

/// Having read a conversation.
pub struct MarkConversationRead;

/// What was read.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SeenMessages {
    /// How many messages the conversation had: if it has more by now, nothing is marked.
    pub messages: u32,
}

impl Operation for MarkConversationRead {
    const NAME: &'static str = "mark-conversation-read";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/conversations/{conversation}/read";
    const SUMMARY: &'static str = "Mark a conversation as read, as it was shown.";
    type Outside = ();
    type Who = Correspondent;
    type Path = ConversationPath;
    type Input = SeenMessages;
    type Output = ConversationView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ConversationView>, Problem> {
        let reader = party(&call.who);
        let read = own_conversation(&desk.store, &call.who, &call.path.conversation).await?;
        let mut conversation = read.record.clone();
        let changed = conversation.read(reader, call.input.messages);
        let reply = Reply::ok(ConversationView::of(&conversation, reader));
        Ok(if changed {
            reply.changing(call.changes().replace(&read, &conversation))
        } else {
            reply
        })
    }
}
