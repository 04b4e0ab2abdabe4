//! What somebody did on the marketplace, for the copy of their data: as a client, or as a professional.

use adapters::store::{Key, Question, Store, StoredInvoice};
use bookings::{BookingView, for_client, for_professional};
use domain::booking::Booking;
use domain::conversation::{Conversation, Message};
use domain::ids::{AccountId, BookingId, OfferId, ProfessionalId};
use domain::offer::{Offer, OfferStatus, OfferTerms};
use domain::professional::{
    Document, PresentationPage, Professional, ProfessionalStatus, Profile, ShownDocument,
};
use domain::review::{Review, ReviewStatus, ReviewText};
use http_function::Problem;
use invoices::InvoiceView;
use jiff::Timestamp;
use messages::MessageView;
use schemars::JsonSchema;
use serde::Serialize;

/// What differs between the copy of a client and that of a professional.
#[derive(Default)]
pub(super) struct Dealings {
    pub(super) professional: Option<ExportedProfessional>,
    pub(super) bookings: Vec<BookingView>,
    pub(super) invoices: Vec<InvoiceView>,
    pub(super) reviews: Vec<ExportedReview>,
    pub(super) conversations: Vec<ExportedConversation>,
}

impl Dealings {
    /// A client's: what was ordered, the invoices received, every review written.
    pub(super) async fn of_client(
        store: &Store,
        id: &AccountId,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let bookings = bookings(store, Question::bookings_of_client(id)).await?;
        let reviews = reviews(store, &bookings).await?;
        Ok(Self {
            professional: None,
            invoices: invoices_received(store, &bookings, id).await?,
            reviews: reviews.into_iter().map(ExportedReview::from).collect(),
            conversations: conversations(store, Question::conversations_of_client(id)).await?,
            bookings: bookings
                .iter()
                .map(|booking| for_client(booking, None, now))
                .collect(),
        })
    }

    /// A professional's: what reached them, the invoices made in their name, the reviews of them that
    /// are public.
    pub(super) async fn of_professional(
        store: &Store,
        id: &ProfessionalId,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let bookings = bookings(store, Question::bookings_of_professional(id)).await?;
        let reviews = reviews(store, &bookings).await?;
        Ok(Self {
            professional: Some(exported_professional(store, id).await?),
            invoices: invoices_made(store, id).await?,
            reviews: reviews
                .into_iter()
                .filter(|review| review.status == ReviewStatus::Published)
                .map(ExportedReview::from)
                .collect(),
            conversations: conversations(store, Question::conversations_of_professional(id))
                .await?,
            bookings: bookings
                .iter()
                .map(|booking| for_professional(booking, now))
                .collect(),
        })
    }

    /// Without what is their clients': where they live, and what they wrote.
    pub(super) fn without_clients(self) -> Self {
        Self {
            bookings: Vec::new(),
            conversations: Vec::new(),
            ..self
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedProfessional {
    /// Its identifier.
    id: ProfessionalId,
    /// Where the registration stands.
    status: ProfessionalStatus,
    /// Particulars, managers and agents.
    profile: Profile,
    /// Documents, with what they say; the IBAN is masked.
    documents: Vec<ShownDocument>,
    /// The public page.
    page: Option<PresentationPage>,
    /// Offers.
    offers: Vec<ExportedOffer>,
    /// What the operator decided and holds, as the professional was told.
    decision: Vec<String>,
    /// Decisions that are over.
    past_decisions: Vec<ExportedDecision>,
    /// When the registration began.
    created_at: Timestamp,
    /// When it was last submitted.
    submitted_at: Option<Timestamp>,
    /// When it was decided.
    decided_at: Option<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedOffer {
    /// Its identifier.
    id: OfferId,
    /// What is offered.
    terms: OfferTerms,
    /// Whether it can be found.
    status: OfferStatus,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedDecision {
    /// What it was.
    what: String,
    /// When it was decided.
    at: Timestamp,
    /// When it was over.
    over_at: Timestamp,
    /// How it ended.
    outcome: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedReview {
    /// Of which booking.
    booking: BookingId,
    /// The name shown.
    author: String,
    /// What was written.
    text: ReviewText,
    /// Whether it can be read.
    status: ReviewStatus,
    /// When it was written.
    submitted_at: Timestamp,
    /// When it became public.
    published_at: Option<Timestamp>,
}

impl From<Review> for ExportedReview {
    fn from(review: Review) -> Self {
        Self {
            booking: review.booking,
            author: review.author,
            text: review.text,
            status: review.status,
            submitted_at: review.submitted_at,
            published_at: review.published_at,
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedConversation {
    /// The client, as named since the first contract.
    client: Option<String>,
    /// The professional.
    professional: String,
    /// What was written, newest first, as both parties read it.
    messages: Vec<MessageView>,
}

async fn bookings(store: &Store, question: Question) -> Result<Vec<Booking>, Problem> {
    let read = store.ask_all::<Booking>(question.limit(100)).await?;
    Ok(read.into_iter().map(|read| read.record).collect())
}

/// The professional, without what is the operator's alone.
async fn exported_professional(
    store: &Store,
    id: &ProfessionalId,
) -> Result<ExportedProfessional, Problem> {
    let read = store.get::<Professional>(Key::professional(id)).await?;
    let professional = read.ok_or_else(Problem::not_found)?.record;
    let offers = store.ask_all::<Offer>(Question::offers_of(id)).await?;
    Ok(ExportedProfessional {
        id: professional.id.clone(),
        status: professional.status,
        documents: professional.documents.iter().map(Document::shown).collect(),
        page: professional.page.clone(),
        offers: offers
            .into_iter()
            .map(|read| ExportedOffer {
                id: read.record.id,
                terms: read.record.terms,
                status: read.record.status,
            })
            .collect(),
        decision: professional.present_decision(),
        created_at: professional.created_at,
        submitted_at: professional.submitted_at,
        decided_at: professional.decided_at,
        profile: professional.profile,
        past_decisions: professional
            .standing
            .past
            .into_iter()
            .map(|past| ExportedDecision {
                what: past.what(),
                outcome: past.outcome().to_owned(),
                at: past.at,
                over_at: past.over_at,
            })
            .collect(),
    })
}

/// The invoices that the client may see.
async fn invoices_received(
    store: &Store,
    bookings: &[Booking],
    client: &AccountId,
) -> Result<Vec<InvoiceView>, Problem> {
    let mut all = Vec::new();
    for booking in bookings {
        let question = Question::invoices_of_booking(&booking.id);
        let read = store.ask_all::<StoredInvoice>(question).await?;
        let own = read.iter().filter(|read| read.record.client == *client);
        all.extend(own.map(|read| InvoiceView::of(&read.record)));
    }
    Ok(all)
}

async fn invoices_made(
    store: &Store,
    seller: &ProfessionalId,
) -> Result<Vec<InvoiceView>, Problem> {
    let question = Question::invoices_of_seller(seller.as_str()).limit(100);
    let read = store.ask_all::<StoredInvoice>(question).await?;
    let made = read.iter().map(|read| InvoiceView::of(&read.record));
    Ok(made.collect())
}

/// The reviews of these bookings.
async fn reviews(store: &Store, bookings: &[Booking]) -> Result<Vec<Review>, Problem> {
    let mut all = Vec::new();
    for id in bookings
        .iter()
        .filter_map(|booking| booking.review.as_ref())
    {
        let read = store.get::<Review>(Key::review(id)).await?;
        all.extend(read.map(|read| read.record));
    }
    Ok(all)
}

async fn conversations(
    store: &Store,
    question: Question,
) -> Result<Vec<ExportedConversation>, Problem> {
    let question = question.limit(100);
    let mut all = Vec::new();
    for read in store.ask_all::<Conversation>(question).await? {
        let conversation = read.record;
        let question = Question::messages_of(&conversation.id).limit(100);
        let messages = store.ask_all::<Message>(question).await?;
        all.push(ExportedConversation {
            messages: messages
                .iter()
                .map(|read| MessageView::of(&conversation, &read.record))
                .collect(),
            client: conversation.client_name,
            professional: conversation.professional_name,
        });
    }
    Ok(all)
}
