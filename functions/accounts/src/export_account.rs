//! Somebody takes a copy of their data (GDPR, articles 15 and 20): made on the spot, in one document.

mod dealings;
mod kept;

use adapters::store::{ActivityLine, Question};
use bookings::BookingView;
use domain::account::{Account, ClientProfile, NewsletterChoice, Role};
use domain::identifiers::Email;
use domain::ids::AccountId;
use http_function::{
    AccountHolder, Call, DAY, Desk, Nothing, Operation, Problem, Reply, confirm_password, throttle,
};
use invoices::InvoiceView;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use self::dealings::{Dealings, ExportedConversation, ExportedProfessional, ExportedReview};
use self::kept::ExportedKept;
use crate::close_account::PasswordAgain;

/// Export one's data.
pub struct ExportAccount;

/// How many copies a day.
const COPIES: u64 = 5;

/// Everything that the platform has of somebody, as they may see it.
#[derive(Serialize, JsonSchema)]
pub struct AccountExport {
    /// When the copy was made.
    made_at: Timestamp,
    /// The account.
    account: ExportedAccount,
    /// For whom it acts, where it is a professional's.
    professional: Option<ExportedProfessional>,
    /// Bookings, newest first: those that were ordered, or those that reached the professional; none for
    /// one who was suspended or closed, to whom their clients' addresses are of no more use.
    bookings: Vec<BookingView>,
    /// Invoices and credit notes: those received, or those made in the professional's name.
    invoices: Vec<InvoiceView>,
    /// Reviews written, or received.
    reviews: Vec<ExportedReview>,
    /// Conversations, the last written in first; under the same condition.
    conversations: Vec<ExportedConversation>,
    /// What a client keeps and wishes.
    kept: Option<ExportedKept>,
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
    const WHILE_BARRED: bool = true;
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
        let asked = Question::activity_of(id.as_str()).limit(100);
        let activity = desk.store.ask_all::<ActivityLine>(asked).await?;
        let dealings = match &call.who.owns {
            Some(professional) => {
                let dealings =
                    Dealings::of_professional(&desk.store, professional, call.now).await?;
                if call.who.is_barred() {
                    dealings.without_clients()
                } else {
                    dealings
                }
            }
            None if call.who.role() == Role::Client => {
                Dealings::of_client(&desk.store, id, call.now).await?
            }
            // What is done in a company's name is the company's.
            None => Dealings::default(),
        };
        let export = AccountExport {
            made_at: call.now,
            account: exported(account),
            professional: dealings.professional,
            bookings: dealings.bookings,
            invoices: dealings.invoices,
            reviews: dealings.reviews,
            conversations: dealings.conversations,
            kept: kept(desk, call).await?,
            activity: activity.into_iter().map(|read| line(read.record)).collect(),
        };
        let changes = call.changes().activity(Self::NAME, id.as_str());
        Ok(Reply::ok(export).changing(changes))
    }
}

/// What a client keeps; nothing of a professional.
async fn kept(
    desk: &Desk<()>,
    call: &Call<ExportAccount>,
) -> Result<Option<ExportedKept>, Problem> {
    let who = &call.who;
    if who.role() != Role::Client {
        return Ok(None);
    }
    let kept = ExportedKept::of(&desk.store, &who.account, call.now).await?;
    Ok(Some(kept))
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
