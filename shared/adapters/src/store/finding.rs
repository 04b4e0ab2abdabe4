//! What the operator's search and lists read: copies, made again from the records whenever these change
//! (`index-records`). Keys hold hashes; what people are called stands in bodies only.

use domain::booking::{Booking, BookingState};
use domain::ids::{AccountId, BookingId, ProfessionalId};
use domain::market::AskedFor;
use domain::money::Euros;
use domain::offer::Activity;
use domain::places::Department;
use domain::professional::{DocumentKind, DocumentStatus, Professional, ProfessionalStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::patterns::sortable;
use super::{Index, Key, Record, Table};

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    /// A booking.
    Booking,
    /// A client.
    Client,
    /// A professional.
    Professional,
    /// An agent of a professional.
    Agent,
    /// Somebody who signs in for a professional, or did.
    Member,
    /// An invoice or a credit note.
    Invoice,
}

/// A thing under one of the words or numbers that it is found by.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundUnder {
    /// The hash of the word's bucket, or of the number.
    pub place: String,
    /// Apart from everything else in that place.
    pub item: String,
    /// What it is.
    pub kind: FoundKind,
    /// What to open: the identifier of a booking, an account or a professional.
    pub opens: String,
    /// What it is called.
    pub label: String,
    /// What tells it from others of that name.
    #[serde(default)]
    pub hint: String,
    /// The words of its name, folded; none of what is found by its number.
    #[serde(default)]
    pub words: Vec<String>,
}

impl Record for FoundUnder {
    const TABLE: Table = Table::Finding;
    fn key(&self) -> Key {
        Key::found_under(&self.place, &self.item)
    }
}

/// Under what a client or a professional is found now: so that what they are no longer called is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPlaces {
    /// Who.
    pub subject: String,
    /// What they are called: for whoever only knows the identifier.
    pub label: String,
    /// Whether the places are being written: they are all written again before anything is believed of them.
    pub under_way: bool,
    /// SHA-256 of everything that is written there.
    pub sha256: String,
    /// Each place and what is in it, as `place item`.
    pub places: Vec<String>,
}

impl Record for FoundPlaces {
    const TABLE: Table = Table::Finding;
    fn key(&self) -> Key {
        Key::found_places(&self.subject)
    }
}

/// A booking as lists show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingRow {
    /// Which.
    pub id: BookingId,
    /// Its reference.
    pub reference: String,
    /// Who ordered.
    pub client: AccountId,
    /// Their name.
    pub client_name: String,
    /// Who was asked.
    pub professional: ProfessionalId,
    /// Their name.
    pub professional_name: String,
    /// Where it stands.
    pub state: BookingState,
    /// Where the mission is.
    pub department: Department,
    /// The town.
    pub town: String,
    /// What the client pays.
    pub total: Euros,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// When the mission begins.
    pub starts_at: Timestamp,
    /// Since when a claim waits for its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<Timestamp>,
    /// What is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
    /// When it reached the professional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<Timestamp>,
    /// When the professional accepted or refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
}

impl BookingRow {
    /// Of a booking as it is.
    pub fn of(booking: &Booking) -> Self {
        Self {
            id: booking.id.clone(),
            reference: booking.reference.clone(),
            client: booking.client.clone(),
            client_name: booking.contact.name.clone(),
            professional: booking.professional.clone(),
            professional_name: booking.professional_name.clone(),
            state: booking.state,
            department: booking.mission.place.department,
            town: booking.mission.place.town.clone(),
            total: booking.price.total,
            ordered_at: booking.created_at,
            starts_at: booking.mission.interval.start(),
            claimed_at: booking
                .claim
                .as_ref()
                .filter(|claim| claim.outcome.is_none())
                .map(|claim| claim.opened_at),
            activity: Some(booking.mission.activity),
            requested_at: booking.requested_at,
            answered_at: booking.answered_at(),
        }
    }

    /// The same for figures.
    pub fn asked_for(&self) -> AskedFor {
        let answered = self.answered_at.zip(self.requested_at);
        AskedFor {
            activity: self.activity,
            department: self.department,
            state: self.state,
            requested: self.requested_at.is_some(),
            accepted: self.answered_at.is_some() && self.state != BookingState::Refused,
            answered_after: answered.map(|(answered, asked)| answered.duration_since(asked)),
            total: self.total,
        }
    }
}

impl Record for BookingRow {
    const TABLE: Table = Table::Finding;
    fn key(&self) -> Key {
        Key::booking_row(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let ordered = sortable(self.ordered_at);
        vec![
            (Index::FindingByTime, BOOKINGS.to_owned(), ordered.clone()),
            (
                Index::FindingByState,
                format!("{BOOKINGS}#{}", state_code(self.state)),
                ordered.clone(),
            ),
            (
                Index::FindingByDepartment,
                format!("{BOOKINGS}#{}", self.department.code()),
                ordered,
            ),
            (
                Index::FindingByAmount,
                BOOKINGS.to_owned(),
                sortable_amount(self.total),
            ),
            (
                Index::FindingByStart,
                BOOKINGS.to_owned(),
                sortable(self.starts_at),
            ),
        ]
    }
}

/// Where a client's account stands, in lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientState {
    /// In use.
    Open,
    /// Somebody else may come in.
    Suspected,
    /// Closed.
    Closed,
}

impl ClientState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Suspected, Self::Closed];

    /// Its code, in addresses and keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Suspected => "suspected",
            Self::Closed => "closed",
        }
    }
}

/// A client as lists show them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRow {
    /// Who.
    pub id: AccountId,
    /// First and last name.
    pub name: String,
    /// The company, for businesses.
    #[serde(default)]
    pub company: Option<String>,
    /// Where the account stands.
    pub state: ClientState,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// How much they ordered that was accepted, as it was counted last.
    pub spent: Euros,
    /// How many bookings that was.
    pub bookings: u32,
    /// Where their last mission was.
    #[serde(default)]
    pub department: Option<Department>,
}

impl Record for ClientRow {
    const TABLE: Table = Table::Finding;
    fn key(&self) -> Key {
        Key::client_row(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let opened = sortable(self.opened_at);
        let mut indexes = vec![
            (Index::FindingByTime, CLIENTS.to_owned(), opened.clone()),
            (
                Index::FindingByState,
                format!("{CLIENTS}#{}", self.state.code()),
                opened.clone(),
            ),
            (
                Index::FindingByAmount,
                CLIENTS.to_owned(),
                sortable_amount(self.spent),
            ),
        ];
        if let Some(department) = &self.department {
            indexes.push((
                Index::FindingByDepartment,
                format!("{CLIENTS}#{}", department.code()),
                opened,
            ));
        }
        indexes
    }
}

/// A professional with documents that wait for the operator: deposited after acceptance, and neither verified
/// nor turned down.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentsRow {
    /// Whose.
    pub professional: ProfessionalId,
    /// Their name.
    pub name: String,
    /// What the documents are, the longest waiting first.
    pub kinds: Vec<DocumentKind>,
    /// Since when the first of them waits.
    pub since: Timestamp,
}

impl DocumentsRow {
    /// Of a professional as they are; nothing where nothing waits.
    pub fn of(professional: &Professional) -> Option<Self> {
        if professional.status != ProfessionalStatus::Accepted {
            return None;
        }
        let documents = professional.documents.iter();
        let mut waiting: Vec<_> = documents
            .filter(|one| one.status == DocumentStatus::Deposited)
            .collect();
        waiting.sort_by_key(|one| one.prepared_at);
        Some(Self {
            professional: professional.id.clone(),
            name: professional.name().to_owned(),
            since: waiting.first()?.prepared_at,
            kinds: waiting.iter().map(|one| one.kind()).collect(),
        })
    }
}

impl Record for DocumentsRow {
    const TABLE: Table = Table::Finding;
    fn key(&self) -> Key {
        Key::documents_row(self.professional.as_str())
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let waiting = (
            Index::FindingByState,
            DOCUMENTS.to_owned(),
            sortable(self.since),
        );
        vec![waiting]
    }
}

/// The partition of documents that wait.
pub(super) const DOCUMENTS: &str = "documents";
/// The partition of bookings in lists.
pub(super) const BOOKINGS: &str = "bookings";
/// The partition of clients in lists.
pub(super) const CLIENTS: &str = "clients";

/// A booking's state in keys and addresses.
pub fn state_code(state: BookingState) -> &'static str {
    match state {
        BookingState::AwaitingPayment => "awaiting_payment",
        BookingState::Requested => "requested",
        BookingState::Accepted => "accepted",
        BookingState::Completed => "completed",
        BookingState::Validated => "validated",
        BookingState::Refused => "refused",
        BookingState::Expired => "expired",
        BookingState::Cancelled => "cancelled",
        BookingState::Abandoned => "abandoned",
        BookingState::CancelledByProfessional => "cancelled_by_professional",
        BookingState::CancelledByPlatform => "cancelled_by_platform",
        BookingState::Withdrawn => "withdrawn",
        BookingState::UnderClaim => "under_claim",
        BookingState::Settled => "settled",
        BookingState::PaymentFailed => "payment_failed",
    }
}

/// An amount as text that sorts by it: amounts of orders are never negative.
pub fn sortable_amount(amount: Euros) -> String {
    format!("{:012}", amount.cents().max(0))
}
