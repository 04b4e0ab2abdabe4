//! Who writes, and in which conversation. Somebody else's answers 404.

use adapters::ids::conversation_between;
use adapters::store::{Key, Store, Versioned};
use domain::booking::{Booking, BookingParty};
use domain::conversation::Conversation;
use domain::ids::{AccountId, BookingId, ConversationId, ProfessionalId};
use http_function::{Correspondent, Problem};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The route's conversation.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ConversationPath {
    /// The conversation's identifier.
    pub conversation: ConversationId,
}

/// On which side somebody writes: a client for themselves, a professional's account for the
/// professional.
pub(crate) fn party(who: &Correspondent) -> BookingParty {
    match who.professional {
        None => BookingParty::Client,
        Some(_) => BookingParty::Professional,
    }
}

/// One of the caller's conversations.
pub(crate) async fn own_conversation(
    store: &Store,
    who: &Correspondent,
    id: &ConversationId,
) -> Result<Versioned<Conversation>, Problem> {
    let read = store.get::<Conversation>(Key::conversation(id)).await?;
    read.filter(|read| match &who.professional {
        None => read.record.client == who.account,
        Some(professional) => read.record.professional == *professional,
    })
    .ok_or_else(Problem::not_found)
}

/// A booking of the caller's.
pub(crate) async fn own_booking(
    store: &Store,
    who: &Correspondent,
    id: &BookingId,
) -> Result<Booking, Problem> {
    let read = store.get::<Booking>(Key::booking(id)).await?;
    read.map(|read| read.record)
        .filter(|booking| match &who.professional {
            None => booking.client == who.account,
            Some(professional) => booking.reached(professional),
        })
        .ok_or_else(Problem::not_found)
}

/// The conversation of these two, where there is one.
pub(crate) async fn between(
    store: &Store,
    client: &AccountId,
    professional: &ProfessionalId,
) -> Result<Option<Versioned<Conversation>>, Problem> {
    let key = Key::conversation(&conversation_between(client, professional));
    Ok(store.get(key).await?)
}

/// A conversation to go on with.
pub(crate) struct Opened {
    /// As it is stored, if it is.
    pub(crate) read: Option<Versioned<Conversation>>,
    /// As it was read, or begun and not stored yet.
    pub(crate) conversation: Conversation,
}

/// The conversation of these two, begun if there is none.
pub(crate) async fn open(
    store: &Store,
    (client, professional): (&AccountId, &ProfessionalId),
    professional_name: &str,
    now: Timestamp,
) -> Result<Opened, Problem> {
    let read = between(store, client, professional).await?;
    let conversation = match &read {
        Some(read) => read.record.clone(),
        None => Conversation::between(
            conversation_between(client, professional),
            client.clone(),
            professional.clone(),
            professional_name.to_owned(),
            now,
        ),
    };
    Ok(Opened { read, conversation })
}
