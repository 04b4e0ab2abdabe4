//! Messages: what clients and professionals write to each other, and the files that go with it.

mod acquaint_parties;
mod correspondents;
mod list_conversations;
mod mark_conversation_read;
mod open_attachment;
mod prepare_attachment;
mod read_conversation;
mod send_message;
mod view;

use http_function::Function;

pub use acquaint_parties::AcquaintParties;
pub use list_conversations::ListConversations;
pub use mark_conversation_read::MarkConversationRead;
pub use open_attachment::OpenAttachment;
pub use prepare_attachment::PrepareAttachment;
pub use read_conversation::ReadConversation;
pub use send_message::SendMessage;
pub use view::MessageView;

/// Every function of this context.
pub fn functions() -> Vec<Function> {
    vec![
        Function::operation::<SendMessage>().memory(1024),
        Function::operation::<ListConversations>(),
        Function::operation::<ReadConversation>(),
        Function::operation::<MarkConversationRead>(),
        Function::operation::<PrepareAttachment>(),
        Function::operation::<OpenAttachment>(),
        Function::listener::<AcquaintParties>(),
    ]
}
