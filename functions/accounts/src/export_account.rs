//! Somebody takes a copy of their data (GDPR, articles 15 and 20): made on the spot, in one document.

use adapters::store::{ActivityLine, Key, Question, Store, StoredInvoice};
use bookings::{BookingView, for_client, for_professional};
use domain::account::{Account, ClientProfile, NewsletterChoice};
use domain::booking::Booking;
use domain::conversation::{Conversation, Message};
use domain::identifiers::Email;
use domain::ids::{AccountId, BookingId, OfferId, ProfessionalId};
use domain::offer::{Offer, OfferStatus, OfferTerms};
use domain::professional::{
    Document, PresentationPage, Professional, ProfessionalStatus, Profile, ShownDocument,
};
use domain::review::{Review, ReviewStatus, ReviewText};
use http_function::{
    AccountHolder, Call, Desk, Nothing, Operation, Problem, Reply, confirm_password, throttle,
};
use invoices::InvoiceView;
use jiff::Timestamp;
use messages::MessageView;
use schemars::JsonSchema;
use serde::Serialize;

use crate::close_account::PasswordAgain;

/// Export one's data.
pub struct ExportAccount;

/// How many copies a day.
const COPIES: u64 = 5;
const DAY: i64 = 24 * 3600;

/// Everything that the platform has of somebody, as they may see it.
#[derive(Serialize, JsonSchema)]
pub struct AccountExport {
    /// When the copy was made.
    made_at: Timestamp,
    /// The account.
    account: ExportedAccount,
    /// For whom it acts, where it is a professional's.
    professional: Option<ExportedProfessional>,
    /// Bookings, newest first: those that were ordered, or those that reached the professional.
    bookings: Vec<BookingView>,
    /// Invoices and credit notes: those received, or those made in the professional's name.
    invoices: Vec<InvoiceView>,
    /// Reviews written, or received.
    reviews: Vec<ExportedReview>,
    /// Conversations, the last written in first.
    conversations: Vec<ExportedConversation>,
    /// What was done with the account in the last twelve months, newest first.
    activity: Vec<ExportedLine>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedAccount {
    /// Its identifier.
    id: AccountId,
    /// What signs in.
    email: Email,
    /// When the e-mail was proved.
    email_verified_at: Option<Timestamp>,
    /// When it was opened.
    created_at: Timestamp,
    /// Particulars.
    profile: Option<ClientProfile>,
    /// Texts accepted.
    acceptances: Vec<ExportedAcceptance>,
    /// Every choice about the newsletter.
    newsletter_choices: Vec<NewsletterChoice>,
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
pub(crate) struct ExportedAcceptance {
    /// Which text.
    document: String,
    /// Its version.
    version: String,
    /// SHA-256 of its text, hexadecimal.
    sha256: Option<String>,
    /// When.
    at: Timestamp,
    /// From which address.
    ip: String,
    /// With which browser.
    browser: String,
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

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedConversation {
    /// The client, as named since the first contract.
    client: Option<String>,
    /// The professional.
    professional: String,
    /// What was written, newest first, as both parties read it.
    messages: Vec<MessageView>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportedLine {
    /// What was done.
    action: String,
    /// To what.
    subject: String,
    /// When.
    at: Timestamp,
    /// From which address.
    ip: String,
    /// With which browser.
    browser: String,
}

impl Operation for ExportAccount {
    const NAME: &'static str = "export-account";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/account/export";
    const SUMMARY: &'static str =
        "A copy of all data of a client or a professional, five times a day at most.";
    const SECRET: bool = true;
    const BEFORE_TERMS: bool = true;
    type Outside = ();
    type Who = AccountHolder;
    type Path = Nothing;
    type Input = PasswordAgain;
    type Output = AccountExport;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<AccountExport>, Problem> {
        let id = &call.who.account;
        let account = confirm_password(desk, id, &call.input.password)
            .await
            .map_err(|problem| problem.about("password"))?
            .record;
        throttle(desk, &format!("{}#{id}", Self::NAME), COPIES, DAY).await?;
        let question = match &call.who.professional {
            Some(professional) => Question::bookings_of_professional(professional),
            None => Question::bookings_of_client(id),
        };
        let bookings = desk.store.ask_all::<Booking>(question.limit(100)).await?;
        let bookings: Vec<Booking> = bookings.into_iter().map(|read| read.record).collect();
        let activity = desk
            .store
            .ask_all::<ActivityLine>(Question::activity_of(id.as_str()).limit(100))
            .await?;
        let export = AccountExport {
            made_at: call.now,
            account: exported(account),
            professional: match &call.who.professional {
                Some(professional) => Some(exported_professional(&desk.store, professional).await?),
                None => None,
            },
            invoices: match &call.who.professional {
                Some(professional) => invoices_made(&desk.store, professional).await?,
                None => invoices(&desk.store, &bookings, id).await?,
            },
            reviews: reviews(&desk.store, &bookings, call.who.professional.is_some()).await?,
            conversations: match &call.who.professional {
                Some(professional) => {
                    let asked = Question::conversations_of_professional(professional);
                    conversations(&desk.store, asked).await?
                }
                None => conversations(&desk.store, Question::conversations_of_client(id)).await?,
            },
            bookings: bookings
                .iter()
                .map(|booking| match &call.who.professional {
                    Some(_) => for_professional(booking, call.now),
                    None => for_client(booking, None, call.now),
                })
                .collect(),
            activity: activity.into_iter().map(|read| line(read.record)).collect(),
        };
        let changes = call.changes().activity(Self::NAME, id.as_str());
        Ok(Reply::ok(export).changing(changes))
    }
}

fn exported(account: Account) -> ExportedAccount {
    ExportedAccount {
        id: account.id,
        email: account.email,
        email_verified_at: account.email_verified_at,
        created_at: account.created_at,
        profile: account.client,
        acceptances: account
            .acceptances
            .into_iter()
            .map(|accepted| ExportedAcceptance {
                document: accepted.document,
                version: accepted.version,
                sha256: accepted.sha256,
                at: accepted.at,
                ip: accepted.ip,
                browser: accepted.browser,
            })
            .collect(),
        newsletter_choices: account.newsletter_choices,
    }
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
                what: past.what,
                at: past.at,
                over_at: past.over_at,
                outcome: past.outcome,
            })
            .collect(),
    })
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

fn line(line: ActivityLine) -> ExportedLine {
    ExportedLine {
        action: line.action,
        subject: line.subject,
        at: line.at,
        ip: line.ip,
        browser: line.browser,
    }
}

/// The invoices that the client may see.
async fn invoices(
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

/// Reviews of these bookings: their author has all, whom they are about those that are public.
async fn reviews(
    store: &Store,
    bookings: &[Booking],
    public_only: bool,
) -> Result<Vec<ExportedReview>, Problem> {
    let mut all = Vec::new();
    for id in bookings
        .iter()
        .filter_map(|booking| booking.review.as_ref())
    {
        let Some(read) = store.get::<Review>(Key::review(id)).await? else {
            continue;
        };
        let review = read.record;
        if public_only && review.status != ReviewStatus::Published {
            continue;
        }
        all.push(ExportedReview {
            booking: review.booking,
            author: review.author,
            text: review.text,
            status: review.status,
            submitted_at: review.submitted_at,
            published_at: review.published_at,
        });
    }
    Ok(all)
}
