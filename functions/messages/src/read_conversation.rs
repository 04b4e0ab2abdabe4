//! Somebody reads a conversation of theirs.

use adapters::store::Question;
use domain::conversation::Message;
use http_function::{Call, Correspondent, Desk, Operation, PageAsked, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::correspondents::{ConversationPath, own_conversation, party};
use crate::view::{ConversationView, MessageView};

/// Reading a conversation.
pub struct ReadConversation;

/// A conversation and a page of its messages, newest first.
#[derive(Clone, Serialize, JsonSchema)]
pub struct ConversationPage {
    /// The conversation.
    pub conversation: ConversationView,
    /// The messages.
    pub messages: Vec<MessageView>,
    /// How to ask for older ones.
    pub next: Option<String>,
}

impl Operation for ReadConversation {
    const NAME: &'static str = "read-conversation";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/conversations/{conversation}";
    const SUMMARY: &'static str =
        "A conversation of the caller and its messages, newest first; reading it marks nothing.";
    type Outside = ();
    type Who = Correspondent;
    type Path = ConversationPath;
    type Input = PageAsked;
    type Output = ConversationPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ConversationPage>, Problem> {
        let conversation = own_conversation(&desk.store, &call.who, &call.path.conversation)
            .await?
            .record;
        let question = Question::messages_of(&conversation.id)
            .limit(50)
            .after(call.input.after.clone());
        let page = desk.store.ask::<Message>(question).await?;
        let messages = page.records.iter();
        Ok(Reply::ok(ConversationPage {
            conversation: ConversationView::of(&conversation, party(&call.who)),
            messages: messages
                .map(|read| MessageView::of(&conversation, &read.record))
                .collect(),
            next: page.next,
        }))
    }
}
