//! What letters are about, as it is read: a thing with both the people it concerns. Nothing is read of
//! a thing that is gone, or when one of them is.

use adapters::store::{
    Key, PrintedOrder, SignedInDevice, Store, StoreError, StoredInvoice, UniqueClaim,
};
use domain::account::Account;
use domain::account::proof::AddressProof;
use domain::alerts::Alert;
use domain::booking::{Booking, BookingParty};
use domain::conversation::Conversation;
use domain::ids::{
    AccountId, AgentId, AlertId, BookingId, ConversationId, FileChangeId, InvoiceId, OrderId,
    ProfessionalId, ProofId, QuoteRequestId, ReviewId, SessionId,
};
use domain::members::Members;
use domain::order::Order;
use domain::professional::{FileChange, Professional};
use domain::quotes::QuoteRequest;
use domain::review::Review;
use domain::shift::Shift;

/// An account, and a device that signed in to it.
pub(crate) struct DeviceFile {
    pub(crate) account: Account,
    pub(crate) device: SignedInDevice,
}

impl DeviceFile {
    pub(crate) async fn read(
        store: &Store,
        id: &AccountId,
        session: &SessionId,
    ) -> Result<Option<Self>, StoreError> {
        let key = Key::token(session.as_str());
        let device = store.get::<SignedInDevice>(key).await?;
        let account = account(store, id).await?;
        Ok(account.zip(device).map(|(account, read)| Self {
            account,
            device: read.record,
        }))
    }
}

/// A change of a professional's file.
pub(crate) struct ChangeFile {
    pub(crate) professional: Professional,
    pub(crate) change: FileChange,
}

impl ChangeFile {
    pub(crate) async fn read(
        store: &Store,
        id: &ProfessionalId,
        change: &FileChangeId,
    ) -> Result<Option<Self>, StoreError> {
        let key = Key::file_change(id, change);
        let change = store.get::<FileChange>(key).await?;
        let professional = professional(store, id).await?;
        Ok(professional.zip(change).map(|(professional, read)| Self {
            professional,
            change: read.record,
        }))
    }
}

/// An address that is to be proved, and who has it already.
pub(crate) struct ProofFile {
    pub(crate) proof: AddressProof,
    pub(crate) holder: Holder,
}

/// Who has an address.
pub(crate) enum Holder {
    Nobody,
    Account(Box<Account>),
    Registration(Box<Professional>),
}

impl ProofFile {
    pub(crate) async fn read(store: &Store, id: &ProofId) -> Result<Option<Self>, StoreError> {
        let Some(read) = store.get::<AddressProof>(Key::proof(id)).await? else {
            return Ok(None);
        };
        let proof = read.record;
        let key = Key::unique(&UniqueClaim::email_key(&proof.email));
        let claim = store.get::<UniqueClaim>(key).await?;
        let owner = claim.map_or_else(String::new, |claim| claim.record.owner);
        let holder = if let Ok(id) = AccountId::parse(&owner) {
            let read = account(store, &id).await?;
            read.map(|account| Holder::Account(Box::new(account)))
        } else if let Ok(id) = ProfessionalId::parse(&owner) {
            let read = professional(store, &id).await?;
            read.map(|registration| Holder::Registration(Box::new(registration)))
        } else {
            None
        };
        Ok(Some(Self {
            proof,
            holder: holder.unwrap_or(Holder::Nobody),
        }))
    }
}

/// A company, and who signs in for it.
pub(crate) struct TeamFile {
    pub(crate) professional: Professional,
    pub(crate) members: Members,
}

impl TeamFile {
    pub(crate) async fn read(
        store: &Store,
        id: &ProfessionalId,
    ) -> Result<Option<Self>, StoreError> {
        let members = members(store, id).await?;
        let read = professional(store, id).await?;
        Ok(read.zip(members).map(|(professional, members)| Self {
            professional,
            members,
        }))
    }
}

/// Who signs in for a professional beside its owner.
pub(crate) async fn members(
    store: &Store,
    id: &ProfessionalId,
) -> Result<Option<Members>, StoreError> {
    let read = store.get::<Members>(Key::members(id)).await?;
    Ok(read.map(|read| read.record))
}

/// A booking and both its parties.
pub(crate) struct BookingFile {
    pub(crate) booking: Booking,
    pub(crate) client: Account,
    pub(crate) professional: Professional,
}

/// An alert, and who waits.
pub(crate) struct AlertFile {
    pub(crate) alert: Alert,
    pub(crate) client: Account,
}

impl AlertFile {
    pub(crate) async fn read(store: &Store, id: &AlertId) -> Result<Option<Self>, StoreError> {
        let Some(read) = store.get::<Alert>(Key::alert(id)).await? else {
            return Ok(None);
        };
        let alert = read.record;
        let client = account(store, &alert.client).await?;
        Ok(client.map(|client| Self { alert, client }))
    }
}

/// A request for quotes, who asked, and the one of those asked whom it is about.
pub(crate) struct QuoteFile {
    pub(crate) request: QuoteRequest,
    pub(crate) client: Account,
    pub(crate) professional: Option<Professional>,
}

impl QuoteFile {
    pub(crate) async fn read(
        store: &Store,
        id: &QuoteRequestId,
        about: Option<&ProfessionalId>,
    ) -> Result<Option<Self>, StoreError> {
        let Some(read) = store.get::<QuoteRequest>(Key::quote_request(id)).await? else {
            return Ok(None);
        };
        let request = read.record;
        let seller = match about {
            Some(id) => professional(store, id).await?,
            None => None,
        };
        let client = account(store, &request.client).await?;
        Ok(client.map(|client| Self {
            request,
            client,
            professional: seller,
        }))
    }
}

/// A booking, and the team whose agents are told of it.
pub(crate) struct CrewFile {
    pub(crate) file: BookingFile,
    pub(crate) members: Members,
}

impl CrewFile {
    pub(crate) async fn read(store: &Store, id: &BookingId) -> Result<Option<Self>, StoreError> {
        let Some(file) = BookingFile::read(store, id).await? else {
            return Ok(None);
        };
        let members = members(store, &file.professional.id).await?;
        Ok(members.map(|members| Self { file, members }))
    }
}

/// A booking, and what one of its agents told of the day.
pub(crate) struct ShiftFile {
    pub(crate) file: BookingFile,
    pub(crate) shift: Shift,
}

impl ShiftFile {
    pub(crate) async fn read(
        store: &Store,
        id: &BookingId,
        agent: &AgentId,
    ) -> Result<Option<Self>, StoreError> {
        let shift = store.get::<Shift>(Key::shift(id, agent)).await?;
        let file = BookingFile::read(store, id).await?;
        Ok(file.zip(shift).map(|(file, read)| Self {
            file,
            shift: read.record,
        }))
    }
}

/// A concluded contract, with its order as it is kept.
pub(crate) struct OrderFile {
    pub(crate) file: BookingFile,
    pub(crate) order: PrintedOrder,
    /// The order of several missions, which the paper is of then.
    pub(crate) several: Option<Order>,
}

impl OrderFile {
    pub(crate) async fn read(store: &Store, id: &BookingId) -> Result<Option<Self>, StoreError> {
        let order = store.get::<PrintedOrder>(Key::printed_order(id)).await?;
        let Some(file) = BookingFile::read(store, id).await? else {
            return Ok(None);
        };
        let several = match &file.booking.order {
            Some(id) => store.get::<Order>(Key::order(id)).await?,
            None => None,
        };
        Ok(order.map(|read| Self {
            file,
            order: read.record,
            several: several.map(|read| read.record),
        }))
    }
}

/// An order of several missions and both its parties.
pub(crate) struct SeveralFile {
    pub(crate) order: Order,
    pub(crate) client: Account,
    pub(crate) professional: Professional,
}

impl SeveralFile {
    pub(crate) async fn read(store: &Store, id: &OrderId) -> Result<Option<Self>, StoreError> {
        let Some(read) = store.get::<Order>(Key::order(id)).await? else {
            return Ok(None);
        };
        let order = read.record;
        let parties = parties(store, &order.client, &order.professional).await?;
        Ok(parties.map(|(client, professional)| Self {
            order,
            client,
            professional,
        }))
    }
}

/// A review, its author and the one it is about.
pub(crate) struct ReviewFile {
    pub(crate) review: Review,
    pub(crate) client: Account,
    pub(crate) professional: Professional,
}

/// A conversation, its parties, and whom a message waits for.
pub(crate) struct ConversationFile {
    pub(crate) conversation: Conversation,
    pub(crate) reader: BookingParty,
    pub(crate) client: Account,
    pub(crate) professional: Professional,
}

/// An invoice, its buyer and the professional whose mission it is about.
pub(crate) struct InvoiceFile {
    pub(crate) stored: StoredInvoice,
    pub(crate) client: Account,
    pub(crate) professional: Professional,
}

impl BookingFile {
    pub(crate) async fn read(store: &Store, id: &BookingId) -> Result<Option<Self>, StoreError> {
        let Some(read) = store.get::<Booking>(Key::booking(id)).await? else {
            return Ok(None);
        };
        let booking = read.record;
        let parties = parties(store, &booking.client, &booking.professional).await?;
        Ok(parties.map(|(client, professional)| Self {
            booking,
            client,
            professional,
        }))
    }
}

impl ReviewFile {
    pub(crate) async fn read(store: &Store, id: &ReviewId) -> Result<Option<Self>, StoreError> {
        let Some(read) = store.get::<Review>(Key::review(id)).await? else {
            return Ok(None);
        };
        let review = read.record;
        let parties = parties(store, &review.client, &review.professional).await?;
        Ok(parties.map(|(client, professional)| Self {
            review,
            client,
            professional,
        }))
    }
}

impl ConversationFile {
    pub(crate) async fn read(
        store: &Store,
        id: &ConversationId,
        reader: BookingParty,
    ) -> Result<Option<Self>, StoreError> {
        let Some(read) = store.get::<Conversation>(Key::conversation(id)).await? else {
            return Ok(None);
        };
        let conversation = read.record;
        let parties = parties(store, &conversation.client, &conversation.professional).await?;
        Ok(parties.map(|(client, professional)| Self {
            conversation,
            reader,
            client,
            professional,
        }))
    }
}

impl InvoiceFile {
    pub(crate) async fn read(store: &Store, id: &InvoiceId) -> Result<Option<Self>, StoreError> {
        let Some(read) = store.get::<StoredInvoice>(Key::invoice(id)).await? else {
            return Ok(None);
        };
        let stored = read.record;
        let parties = parties(store, &stored.client, &stored.professional).await?;
        Ok(parties.map(|(client, professional)| Self {
            stored,
            client,
            professional,
        }))
    }
}

async fn parties(
    store: &Store,
    client: &AccountId,
    seller: &ProfessionalId,
) -> Result<Option<(Account, Professional)>, StoreError> {
    let client = account(store, client).await?;
    Ok(client.zip(professional(store, seller).await?))
}

pub(crate) async fn account(store: &Store, id: &AccountId) -> Result<Option<Account>, StoreError> {
    let read = store.get(Key::account(id)).await?;
    Ok(read.map(|read| read.record))
}

pub(crate) async fn professional(
    store: &Store,
    id: &ProfessionalId,
) -> Result<Option<Professional>, StoreError> {
    let read = store.get(Key::professional(id)).await?;
    Ok(read.map(|read| read.record))
}
