//! Who writes, and in which conversation. Somebody else's answers 404.

use adapters::environment::Outside;
use adapters::ids::conversation_between;
use adapters::store::{Key, Store, Versioned};
use domain::booking::{Booking, BookingParty};
use domain::conversation::Conversation;
use domain::ids::{AccountId, BookingId, ConversationId, ProfessionalId};
use http_function::{AccountHolder, Desk, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The route's conversation.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ConversationPath {
    /// The conversation's identifier.
    pub conversation: ConversationId,
}

/// What a party of conversations may reach: a client writes for themselves, a professional's account
/// for the professional.
pub(crate) trait Correspondent {
    /// Which party.
    fn party(&self) -> BookingParty;

    /// One of this party's conversations.
    async fn conversation<O: Outside>(
        &self,
        desk: &Desk<O>,
        id: &ConversationId,
    ) -> Result<Versioned<Conversation>, Problem>;

    /// A booking of this party. What was never paid for does not exist for the professional.
    async fn booking<O: Outside>(&self, desk: &Desk<O>, id: &BookingId)
    -> Result<Booking, Problem>;
}

impl Correspondent for AccountHolder {
    fn party(&self) -> BookingParty {
        match self.professional {
            None => BookingParty::Client,
            Some(_) => BookingParty::Professional,
        }
    }

    async fn conversation<O: Outside>(
        &self,
        desk: &Desk<O>,
        id: &ConversationId,
    ) -> Result<Versioned<Conversation>, Problem> {
        let read = desk
            .store
            .get::<Conversation>(Key::conversation(id))
            .await?;
        read.filter(|read| match &self.professional {
            None => read.record.client == self.account,
            Some(professional) => read.record.professional == *professional,
        })
        .ok_or_else(Problem::not_found)
    }

    async fn booking<O: Outside>(
        &self,
        desk: &Desk<O>,
        id: &BookingId,
    ) -> Result<Booking, Problem> {
        let read = desk.store.get::<Booking>(Key::booking(id)).await?;
        read.map(|read| read.record)
            .filter(|booking| match &self.professional {
                None => booking.client == self.account,
                Some(professional) => {
                    booking.professional == *professional && booking.requested_at.is_some()
                }
            })
            .ok_or_else(Problem::not_found)
    }
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
