//! Who writes, and in which conversation. Somebody else's answers 404.

use adapters::environment::Outside;
use adapters::ids::conversation_between;
use adapters::store::{Key, Store, Versioned};
use domain::account::Role;
use domain::booking::{Booking, BookingParty};
use domain::conversation::Conversation;
use domain::ids::{AccountId, BookingId, ConversationId, ProfessionalId};
use http_function::sessions::Session;
use http_function::{Client, Desk, Problem, Professional, Who};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The route's conversation.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ConversationPath {
    /// The conversation's identifier.
    pub conversation: ConversationId,
}

/// A party of conversations.
pub(crate) struct Correspondent {
    pub(crate) account: AccountId,
    /// For whom a professional's account writes; a client writes for themselves.
    professional: Option<ProfessionalId>,
}

impl Correspondent {
    /// Clients and professionals write; nobody else does.
    pub(crate) fn of(session: &Session) -> Result<Self, Problem> {
        let session = session.clone();
        match session.role {
            Role::Client => {
                let Client { account } = Client::admit(Some(session))?;
                Ok(Self {
                    account,
                    professional: None,
                })
            }
            Role::Professional => {
                let who = Professional::admit(Some(session))?;
                Ok(Self {
                    account: who.account,
                    professional: Some(who.professional),
                })
            }
            Role::Admin | Role::Applicant => Err(Problem::not_found()),
        }
    }

    pub(crate) fn party(&self) -> BookingParty {
        match self.professional {
            None => BookingParty::Client,
            Some(_) => BookingParty::Professional,
        }
    }

    pub(crate) fn professional(&self) -> Option<&ProfessionalId> {
        self.professional.as_ref()
    }

    fn is_in(&self, conversation: &Conversation) -> bool {
        match &self.professional {
            None => conversation.client == self.account,
            Some(professional) => conversation.professional == *professional,
        }
    }

    /// A booking of this party.
    pub(crate) async fn booking<O: Outside>(
        &self,
        desk: &Desk<O>,
        id: &BookingId,
    ) -> Result<Booking, Problem> {
        let read = desk.store.get::<Booking>(Key::booking(id)).await?;
        read.map(|read| read.record)
            .filter(|booking| self.has(booking))
            .ok_or_else(Problem::not_found)
    }

    /// Whether a booking has reached this party: what was never paid for does not exist for the
    /// professional.
    fn has(&self, booking: &Booking) -> bool {
        match &self.professional {
            None => booking.client == self.account,
            Some(professional) => {
                booking.professional == *professional && booking.requested_at.is_some()
            }
        }
    }

    /// One of this party's conversations.
    pub(crate) async fn own<O: Outside>(
        &self,
        desk: &Desk<O>,
        id: &ConversationId,
    ) -> Result<Versioned<Conversation>, Problem> {
        let read = desk.store.get(Key::conversation(id)).await?;
        read.filter(|read: &Versioned<Conversation>| self.is_in(&read.record))
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
