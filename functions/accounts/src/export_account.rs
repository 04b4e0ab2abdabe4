//! A client takes a copy of their data (GDPR, articles 15 and 20): made on the spot, in one document.

use adapters::store::{ActivityLine, Key, Question, Store, StoredInvoice};
use bookings::{BookingView, for_client};
use domain::account::{Account, ClientProfile, NewsletterChoice};
use domain::booking::Booking;
use domain::conversation::{Conversation, Message};
use domain::identifiers::Email;
use domain::ids::{AccountId, BookingId};
use domain::review::{Review, ReviewStatus, ReviewText};
use http_function::{
    Call, Client, Desk, Nothing, Operation, Problem, Reply, confirm_password, throttle,
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

/// Everything that the platform has of a client, as the client may see it.
#[derive(Serialize, JsonSchema)]
pub struct AccountExport {
    /// When the copy was made.
    made_at: Timestamp,
    /// The account.
    account: ExportedAccount,
    /// Bookings, newest first.
    bookings: Vec<BookingView>,
    /// Invoices and credit notes.
    invoices: Vec<InvoiceView>,
    /// Reviews written.
    reviews: Vec<ExportedReview>,
    /// Conversations with professionals, the last written in first.
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
    /// With whom.
    with: String,
    /// What was written, newest first, as the client reads it.
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
    const SUMMARY: &'static str = "A copy of all data of the client, five times a day at most.";
    const SECRET: bool = true;
    const BEFORE_TERMS: bool = true;
    type Outside = ();
    type Who = Client;
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
        let bookings = desk
            .store
            .ask_all::<Booking>(Question::bookings_of_client(id).limit(100))
            .await?;
        let bookings: Vec<Booking> = bookings.into_iter().map(|read| read.record).collect();
        let activity = desk
            .store
            .ask_all::<ActivityLine>(Question::activity_of(id.as_str()).limit(100))
            .await?;
        let export = AccountExport {
            made_at: call.now,
            account: exported(account),
            invoices: invoices(&desk.store, &bookings, id).await?,
            reviews: reviews(&desk.store, &bookings).await?,
            conversations: conversations(&desk.store, id).await?,
            bookings: bookings
                .iter()
                .map(|booking| for_client(booking, None, call.now))
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
    client: &AccountId,
) -> Result<Vec<ExportedConversation>, Problem> {
    let question = Question::conversations_of_client(client).limit(100);
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
            with: conversation.professional_name,
        });
    }
    Ok(all)
}

async fn reviews(store: &Store, bookings: &[Booking]) -> Result<Vec<ExportedReview>, Problem> {
    let mut all = Vec::new();
    for id in bookings
        .iter()
        .filter_map(|booking| booking.review.as_ref())
    {
        let Some(read) = store.get::<Review>(Key::review(id)).await? else {
            continue;
        };
        let review = read.record;
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
