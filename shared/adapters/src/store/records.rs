//! How each thing is stored: its key, its indexes, when it may go. Shapes that belong to storage
//! alone are declared here; the others are the domain's own.

use domain::account::identifier::ConfirmedBy;
use domain::account::proof::AddressProof;
use domain::account::sites::{Favourites, SavedSites};
use domain::account::{Account, Role, SignInMethod};
use domain::alerts::Alert;
use domain::booking::{Booking, BookingState, OpenOrders};
use domain::calendar::Occupation;
use domain::configuration::Configuration;
use domain::conversation::{AttachmentDraft, Conversation, Message};
use domain::data_request::{DataRequest, DataRequestState};
use domain::event::Event;
use domain::ids::{
    AccountId, AttachmentId, BookingId, DataRequestId, DocumentId, InvitationId, ProfessionalId,
    ProofId, QuoteRequestId, SessionId,
};
use domain::invoice::{Bill, Invoice, InvoiceKind, Series};
use domain::ledger::Movement;
use domain::mail::MailNews;
use domain::members::Members;
use domain::money::Euros;
use domain::offer::Offer;
use domain::order::{Order, OrderState};
use domain::professional::{
    FileChange, Likeness, Professional, ProfessionalStatus, Resemblance, ScanVerdict,
};
use domain::quotes::QuoteRequest;
use domain::ranking::TrackRecord;
use domain::report::{Report, ReportState};
use domain::retention::{DiscardedFile, Kept, PlannedErasure, RetentionFile, RetentionReport};
use domain::review::{Evaluation, Review, ReviewQueue, ReviewStatus};
use domain::shift::Shift;
use domain::terms::TermsRegister;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::older::professional_from_1;
use super::patterns::{FILE_CHANGE_WAITS, alerts_of, orders_of, quotes_of, sortable};
use super::{Index, Key, Record, Table};

impl Record for Account {
    const TABLE: Table = Table::Accounts;
    fn key(&self) -> Key {
        Key::account(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        if let Some(at) = self.closed_at {
            return vec![(
                Index::AccountsByRole,
                format!("closed-{}", role_code(self.role)),
                format!("{}#{}", sortable(at), self.id),
            )];
        }
        let mut indexes = vec![(
            Index::AccountsByRole,
            role_code(self.role).to_owned(),
            format!("{}#{}", sortable(self.created_at), self.id),
        )];
        // One queue at a time: who comes in is settled before under which address.
        if let Some(at) = self.suspected_at {
            indexes.push((
                Index::AccountsByIdentifierChange,
                "suspected".to_owned(),
                sortable(at),
            ));
        } else if let Some(change) = self.identifier_awaits_operator() {
            indexes.push((
                Index::AccountsByIdentifierChange,
                "waits".to_owned(),
                sortable(change.asked_at),
            ));
        }
        indexes
    }
}

impl Record for SavedSites {
    const TABLE: Table = Table::Accounts;
    fn key(&self) -> Key {
        Key::saved_sites(&self.account)
    }
}

impl Record for Favourites {
    const TABLE: Table = Table::Accounts;
    fn key(&self) -> Key {
        Key::favourites(&self.account)
    }
}

/// A role as an index partition.
pub fn role_code(role: Role) -> &'static str {
    match role {
        Role::Client => "client",
        Role::Professional => "professional",
        Role::Manager => "manager",
        Role::Agent => "agent",
        Role::Admin => "admin",
        Role::Applicant => "applicant",
    }
}

impl Record for TermsRegister {
    const TABLE: Table = Table::Settings;
    fn key(&self) -> Key {
        Key::terms_register()
    }
}

/// The text of a version of the terms: written once, under the hash of what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsText {
    /// SHA-256 of the text, hexadecimal.
    pub sha256: String,
    /// The text.
    pub text: String,
}

impl Record for TermsText {
    const TABLE: Table = Table::Settings;
    fn key(&self) -> Key {
        Key::terms_text(&self.sha256)
    }
}

impl Record for Professional {
    const TABLE: Table = Table::Professionals;
    const SHAPE: u32 = 2;
    fn from_older(_: u32, body: Value) -> Value {
        professional_from_1(body)
    }
    fn key(&self) -> Key {
        Key::professional(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let since = self.submitted_at.unwrap_or(self.created_at);
        let mut indexes = vec![(
            Index::ProfessionalsByStatus,
            status_code(self.status).to_owned(),
            sortable(since),
        )];
        if let Some(change) = &self.bank_change {
            indexes.push((
                Index::ProfessionalsByBankChange,
                "due".to_owned(),
                sortable(change.effective_at),
            ));
        }
        if let Some(at) = self.standing.next_due() {
            indexes.push((
                Index::ProfessionalsByStanding,
                "due".to_owned(),
                sortable(at),
            ));
        }
        indexes
    }
}

impl Record for FileChange {
    const TABLE: Table = Table::Professionals;
    fn key(&self) -> Key {
        Key::file_change(&self.professional, &self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let waits = self.waits_since().map(|since| {
            (
                Index::ProfessionalsByStatus,
                FILE_CHANGE_WAITS.to_owned(),
                sortable(since),
            )
        });
        waits.into_iter().collect()
    }
}

/// A photo or a logo as pages show it: made when its file was found clean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portrait {
    /// Whose.
    pub professional: ProfessionalId,
    /// Of which document: shown once the operator verified it.
    pub document: DocumentId,
    /// JPEG, 192 pixels at most.
    #[serde(with = "serde_bytes")]
    pub jpeg: Vec<u8>,
}

impl Record for Portrait {
    const TABLE: Table = Table::Professionals;
    fn key(&self) -> Key {
        Key::portrait(&self.professional, &self.document)
    }
}

impl Record for Members {
    const TABLE: Table = Table::Professionals;
    fn key(&self) -> Key {
        Key::members(&self.professional)
    }
}

/// What bookings added to a professional's record: counters apart, so that one more does not write
/// the whole file with its documents again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experience {
    /// Whose.
    pub professional: ProfessionalId,
    /// What was counted since the first booking.
    pub record: TrackRecord,
}

impl Record for Experience {
    const TABLE: Table = Table::Professionals;
    fn key(&self) -> Key {
        Key::experience(&self.professional)
    }
}

/// What one booking counts for in its professional's record: compared with what it should count for
/// whenever something happens to it, so that nothing counts twice, in whatever order news come, and what
/// no longer holds is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Which booking.
    pub booking: BookingId,
    /// Its professional.
    pub professional: ProfessionalId,
    /// Whether it counts as a mission that was validated.
    pub validated: bool,
    /// Whether it counts as a mission that the professional let fall.
    pub let_fall: bool,
    /// Whether it counts as a dispute.
    pub disputed: bool,
}

impl Record for Tally {
    const TABLE: Table = Table::Professionals;
    fn key(&self) -> Key {
        Key::tally(&self.professional, &self.booking)
    }
}

/// A client whose missions with a professional were validated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patron {
    /// The professional.
    pub professional: ProfessionalId,
    /// The client.
    pub client: AccountId,
    /// How many were validated.
    pub missions: u32,
}

impl Record for Patron {
    const TABLE: Table = Table::Professionals;
    fn key(&self) -> Key {
        Key::patron(&self.professional, &self.client)
    }
}

/// A professional's status as an index partition.
pub fn status_code(status: ProfessionalStatus) -> &'static str {
    match status {
        ProfessionalStatus::Draft => "draft",
        ProfessionalStatus::Submitted => "submitted",
        ProfessionalStatus::ComplementsRequested => "complements_requested",
        ProfessionalStatus::Accepted => "accepted",
        ProfessionalStatus::Refused => "refused",
        ProfessionalStatus::Closed => "closed",
    }
}

impl Record for Configuration {
    const TABLE: Table = Table::Settings;
    fn key(&self) -> Key {
        Key::configuration()
    }
}

impl Record for Offer {
    const TABLE: Table = Table::Offers;
    fn key(&self) -> Key {
        Key::offer(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        vec![(
            Index::OffersByProfessional,
            self.professional.to_string(),
            self.id.to_string(),
        )]
    }
}

impl Record for Booking {
    const TABLE: Table = Table::Bookings;
    fn key(&self) -> Key {
        Key::booking(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let mut indexes = vec![(
            Index::BookingsByClient,
            self.client.to_string(),
            sortable(self.created_at),
        )];
        // A request that was never paid for does not exist for the professional.
        if let Some(requested_at) = self.requested_at {
            indexes.push((
                Index::BookingsByProfessional,
                self.professional.to_string(),
                sortable(requested_at),
            ));
        }
        if let Some(deadline) = self.next_deadline() {
            indexes.push((
                Index::BookingsByDeadline,
                "due".to_owned(),
                sortable(deadline.at),
            ));
        }
        if let Some(at) = self.next_payment_check() {
            indexes.push((
                Index::BookingsByPaymentCheck,
                "due".to_owned(),
                sortable(at),
            ));
        }
        if let Some(captured_at) = self.payment.captured_at
            && self.money().held > Euros::ZERO
        {
            indexes.push((
                Index::BookingsByHeld,
                "held".to_owned(),
                sortable(captured_at),
            ));
        }
        if self.lacks_title() {
            indexes.push((
                Index::BookingsByTitle,
                "ending".to_owned(),
                sortable(self.mission.interval.start()),
            ));
        }
        if self.payment.trouble().is_some() {
            indexes.push((
                Index::BookingsByTrouble,
                "trouble".to_owned(),
                sortable(self.created_at),
            ));
        }
        indexes
    }
    fn expires_at(&self) -> Option<Timestamp> {
        let unpaid = self.state == BookingState::Abandoned;
        self.closed_at
            .filter(|_| unpaid)
            .map(|at| at + SignedDuration::from_hours(30 * 24))
    }
}

impl Record for QuoteRequest {
    const TABLE: Table = Table::Bookings;
    fn key(&self) -> Key {
        Key::quote_request(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let mut indexes = vec![(
            Index::BookingsByClient,
            quotes_of(self.client.as_str()),
            sortable(self.created_at),
        )];
        if let Some(at) = self.next_due() {
            indexes.push((
                Index::BookingsByDeadline,
                "quotes-due".to_owned(),
                sortable(at),
            ));
        }
        indexes
    }
}

impl Record for Alert {
    const TABLE: Table = Table::Bookings;
    fn key(&self) -> Key {
        Key::alert(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let mut indexes = vec![(
            Index::BookingsByClient,
            alerts_of(&self.client),
            sortable(self.created_at),
        )];
        if let Some(at) = self.next_look() {
            indexes.push((
                Index::BookingsByDeadline,
                "alerts-due".to_owned(),
                sortable(at),
            ));
        }
        indexes
    }
    /// Once the mission is over, there is nothing to keep it for.
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.interval.end() + SignedDuration::from_hours(30 * 24))
    }
}

/// That a professional is asked for a quote: what was asked and answered is in the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteAsked {
    /// For which request.
    pub request: QuoteRequestId,
    /// Who.
    pub professional: ProfessionalId,
    /// When.
    pub at: Timestamp,
}

impl Record for QuoteAsked {
    const TABLE: Table = Table::Bookings;
    fn key(&self) -> Key {
        Key::quote_asked(&self.request, &self.professional)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        vec![(
            Index::BookingsByProfessional,
            quotes_of(self.professional.as_str()),
            sortable(self.at),
        )]
    }
}

/// In the table of its bookings, and in the same indexes under partitions of its own.
impl Record for Order {
    const TABLE: Table = Table::Bookings;
    fn key(&self) -> Key {
        Key::order(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let mut indexes = vec![(
            Index::BookingsByClient,
            orders_of(self.client.as_str()),
            sortable(self.created_at),
        )];
        if let Some(requested_at) = self.requested_at {
            indexes.push((
                Index::BookingsByProfessional,
                orders_of(self.professional.as_str()),
                sortable(requested_at),
            ));
        }
        if let Some(deadline) = self.next_deadline() {
            indexes.push((
                Index::BookingsByDeadline,
                "order-due".to_owned(),
                sortable(deadline.at),
            ));
        }
        if let Some(at) = self.next_payment_check() {
            indexes.push((
                Index::BookingsByPaymentCheck,
                "order-due".to_owned(),
                sortable(at),
            ));
        }
        indexes
    }
    fn expires_at(&self) -> Option<Timestamp> {
        let unpaid = self.state == OrderState::Abandoned;
        self.closed_at
            .filter(|_| unpaid)
            .map(|at| at + SignedDuration::from_hours(30 * 24))
    }
}

impl Record for Shift {
    const TABLE: Table = Table::Bookings;
    fn key(&self) -> Key {
        Key::shift(&self.booking, &self.agent)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let watched = self.watch_at.map(|at| {
            (
                Index::BookingsByDeadline,
                "arrival".to_owned(),
                sortable(at),
            )
        });
        watched.into_iter().collect()
    }
}

impl Record for Movement {
    const TABLE: Table = Table::Ledger;
    fn key(&self) -> Key {
        Key::movement(&self.booking, &self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let order = format!("{}#{}#{}", sortable(self.at), self.booking, self.id);
        let month = self.at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m");
        vec![
            (
                Index::LedgerByProfessional,
                self.professional.to_string(),
                order.clone(),
            ),
            (Index::LedgerByMonth, month.to_string(), order),
        ]
    }
}

impl Record for Review {
    const TABLE: Table = Table::Reviews;
    fn key(&self) -> Key {
        Key::review(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let mut indexes = vec![(
            Index::ReviewsByStatus,
            review_queue_code(self.queue()).to_owned(),
            sortable(self.submitted_at),
        )];
        if let (ReviewStatus::Published, Some(published_at)) = (self.status, self.published_at) {
            indexes.push((
                Index::ReviewsByProfessional,
                self.professional.to_string(),
                sortable(published_at),
            ));
        }
        indexes
    }
}

/// The operator's queue of a review as an index partition.
pub fn review_queue_code(queue: ReviewQueue) -> &'static str {
    match queue {
        ReviewQueue::Pending => "pending",
        ReviewQueue::Doubted => "doubted",
        ReviewQueue::Published => "published",
        ReviewQueue::Rejected => "rejected",
    }
}

impl Record for Evaluation {
    const TABLE: Table = Table::Evaluations;
    fn key(&self) -> Key {
        Key::evaluation(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        vec![(
            Index::EvaluationsByClient,
            self.client.to_string(),
            sortable(self.submitted_at),
        )]
    }
}

impl Record for Report {
    const TABLE: Table = Table::Reports;
    fn key(&self) -> Key {
        Key::report(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        vec![(
            Index::ReportsByState,
            report_state_code(self.state()).to_owned(),
            sortable(self.reported_at),
        )]
    }
    fn expires_at(&self) -> Option<Timestamp> {
        let decided = self.decision.as_ref()?;
        Some(Kept::Reports.until(decided.at))
    }
}

/// A report's state as an index partition.
pub fn report_state_code(state: ReportState) -> &'static str {
    match state {
        ReportState::Open => "open",
        ReportState::Decided => "decided",
    }
}

impl Record for Conversation {
    const TABLE: Table = Table::Messages;
    fn key(&self) -> Key {
        Key::conversation(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let last = sortable(self.last_at);
        vec![
            (
                Index::MessagesByClient,
                self.client.to_string(),
                last.clone(),
            ),
            (
                Index::MessagesByProfessional,
                self.professional.to_string(),
                last,
            ),
        ]
    }
}

impl Record for Message {
    const TABLE: Table = Table::Messages;
    fn key(&self) -> Key {
        Key::message(&self.conversation, &self.id)
    }
}

impl Record for AttachmentDraft {
    const TABLE: Table = Table::Messages;
    fn key(&self) -> Key {
        Key::attachment(&self.attachment.id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        // Once sent, the message has it.
        Some(self.announced_at + SignedDuration::from_hours(24))
    }
}

/// Who of a professional's agents is busy on one local day. Every booking that touches the day is
/// in it, so two clients that want the same agent write the same item, and one of them loses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaDay {
    /// Whose agenda.
    pub professional: ProfessionalId,
    /// The day, Paris time.
    pub day: Date,
    /// Who is busy, with which booking, and until when a hold counts.
    pub occupations: Vec<Occupation>,
}

impl Record for AgendaDay {
    const TABLE: Table = Table::Agenda;
    fn key(&self) -> Key {
        Key::agenda_day(&self.professional, self.day)
    }
}

/// What a token allows, under the hash of its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenPurpose {
    /// Proves that somebody reads an address, for what they wish from it.
    ProveAddress(ProofId),
    /// Lets an applicant come back to a registration that waits for complements.
    ResumeRegistration(ProfessionalId),
    /// Shows an accepted professional the attributed password, once.
    Activate(AccountId),
    /// Lets somebody who was invited join the team.
    JoinTeam {
        /// Whose team.
        professional: ProfessionalId,
        /// The invitation, as long as it waits.
        invitation: InvitationId,
    },
    /// Confirms a change of the e-mail that signs in, for one of the two addresses.
    ConfirmIdentifier {
        /// Whose.
        account: AccountId,
        /// Which address the link was sent to.
        by: ConfirmedBy,
        /// Which change: when it was asked for.
        asked_at: Timestamp,
    },
    /// Lets a professional who cannot sign in any more contest the measure that took effect.
    Contest {
        /// Who.
        professional: ProfessionalId,
        /// Which measure: the one announced then.
        announced_at: Timestamp,
    },
    /// Proves that who asks something about data reads the address.
    ProveDataRequest(DataRequestId),
    /// Gives a signed-in device a new session token. Rotates on every use.
    Refresh {
        /// The device.
        session: SessionId,
        /// Who: an account, or a registration being written.
        subject: String,
        /// What they may do.
        role: Role,
        /// Set once used: using it again means that it was stolen.
        used_at: Option<Timestamp>,
    },
}

/// A stored token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// SHA-256 of the secret.
    pub hash: String,
    /// What it allows.
    pub purpose: TokenPurpose,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Record for Token {
    const TABLE: Table = Table::Tokens;
    fn key(&self) -> Key {
        Key::token(&self.hash)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Record for AddressProof {
    const TABLE: Table = Table::Tokens;
    fn key(&self) -> Key {
        Key::proof(&self.id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(AddressProof::expires_at(self))
    }
}

/// A device that is signed in: gone once signed out, so that its refresh tokens stop working.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInDevice {
    /// The device.
    pub session: SessionId,
    /// Who.
    pub subject: String,
    /// How they signed in.
    #[serde(default)]
    pub methods: Vec<SignInMethod>,
    /// With which browser, as it names itself.
    #[serde(default)]
    pub browser: String,
    /// From which country it was used last, two letters (ISO 3166-1), where CloudFront said it.
    #[serde(default)]
    pub country: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// When its session was renewed last.
    #[serde(default)]
    pub used_at: Option<Timestamp>,
    /// Until when at most.
    pub expires_at: Timestamp,
}

/// On which devices somebody is signed in, the latest last: some may have ended since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// Who: an account, or a registration being written.
    pub subject: String,
    /// The sessions, one for each browser.
    pub signed_in: Vec<SignedInWith>,
}

/// A session, and the browser that keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInWith {
    /// The session.
    pub session: SessionId,
    /// The browser, as it is known to us.
    pub browser: SessionId,
}

impl Devices {
    /// On how many devices somebody may be signed in at once.
    const MOST: usize = 20;

    /// One more. Answers the sessions that end by it: that of the same browser, and one too many.
    pub fn add(&mut self, added: SignedInWith) -> Vec<SessionId> {
        let (same, mut others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.signed_in)
            .into_iter()
            .partition(|known| known.browser == added.browser);
        others.push(added);
        let over = others.len().saturating_sub(Self::MOST);
        let ended = same.into_iter().chain(others.drain(..over));
        let ended = ended.map(|known| known.session).collect();
        self.signed_in = others;
        ended
    }

    /// Whether a session is one of them.
    pub fn has(&self, session: &SessionId) -> bool {
        self.signed_in.iter().any(|known| known.session == *session)
    }
}

impl Record for Devices {
    const TABLE: Table = Table::Tokens;
    fn key(&self) -> Key {
        Key::devices(&self.subject)
    }
}

impl Record for SignedInDevice {
    const TABLE: Table = Table::Tokens;
    fn key(&self) -> Key {
        Key::token(self.session.as_str())
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// Something of which there is one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UniqueClaim {
    /// What, such as `email#…`.
    pub what: String,
    /// Whose.
    pub owner: String,
}

impl UniqueClaim {
    /// The account that signs in with an e-mail.
    pub fn email(email: &domain::identifiers::Email, owner: &AccountId) -> Self {
        Self {
            what: Self::email_key(email),
            owner: owner.to_string(),
        }
    }

    /// The registration made with an e-mail, before there is an account.
    pub fn applicant_email(email: &domain::identifiers::Email, owner: &ProfessionalId) -> Self {
        Self {
            what: Self::email_key(email),
            owner: owner.to_string(),
        }
    }

    /// How an e-mail is claimed.
    pub fn email_key(email: &domain::identifiers::Email) -> String {
        format!("email#{}", email.as_str())
    }

    /// The professional of a SIREN.
    pub fn siren(siren: &domain::identifiers::Siren, owner: &ProfessionalId) -> Self {
        Self {
            what: format!("siren#{}", siren.as_str()),
            owner: owner.to_string(),
        }
    }
}

impl Record for UniqueClaim {
    const TABLE: Table = Table::Uniques;
    fn key(&self) -> Key {
        Key::unique(&self.what)
    }
}

/// That a professional has something that two should not have. The key holds a hash, so that what is
/// logged of a question says nothing; what is compared in the end is what both files say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikenessMark {
    /// What it is.
    pub of: Resemblance,
    /// SHA-256 of the number, hexadecimal.
    pub sha256: String,
    /// Who has it, or had it when it was written.
    pub professional: ProfessionalId,
}

impl LikenessMark {
    /// Of one thing that a professional has.
    pub fn of(likeness: &Likeness, professional: &ProfessionalId) -> Self {
        Self {
            of: likeness.of,
            sha256: crate::secrets::sha256(likeness.value.as_bytes()),
            professional: professional.clone(),
        }
    }
}

impl Record for LikenessMark {
    const TABLE: Table = Table::Uniques;
    fn key(&self) -> Key {
        Key::likeness(self.of, &self.sha256, &self.professional)
    }
}

/// The answer that a request with an idempotency key was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Who asked.
    pub who: String,
    /// What.
    pub operation: String,
    /// With which key.
    pub key: String,
    /// SHA-256 of the request, so that the key cannot be used for another.
    pub request_sha256: String,
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
    /// When.
    pub at: Timestamp,
}

impl Record for Answered {
    const TABLE: Table = Table::Requests;
    fn key(&self) -> Key {
        Key::answered(&self.who, &self.operation, &self.key)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.at + SignedDuration::from_hours(48))
    }
}

impl Record for OpenOrders {
    const TABLE: Table = Table::Requests;
    fn key(&self) -> Key {
        Key::open_orders(&self.client)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        let latest = self.orders.last().map(|order| order.at).max(self.closed_at);
        latest.map(|at| at + SignedDuration::from_hours(48))
    }
}

/// What a file that was announced belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileOf {
    /// A document of a professional, or of a registration.
    Document {
        /// Whose.
        professional: ProfessionalId,
        /// Which.
        document: DocumentId,
    },
    /// A file for a message.
    Attachment {
        /// Who announced it.
        owner: AccountId,
        /// Which.
        attachment: AttachmentId,
    },
}

/// A file that was announced, and what the malware scan said of it: the scan and the confirmation by who
/// sent it come in any order, and each writes this item, so that the second sees the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScannedFile {
    /// Its key in the bucket.
    pub file: String,
    /// What it belongs to.
    pub of: FileOf,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// When who sent it said so, where the scan had said nothing yet.
    #[serde(default)]
    pub confirmed_at: Option<Timestamp>,
    /// What the scan said.
    #[serde(default)]
    pub verdict: Option<ScanVerdict>,
}

impl Record for ScannedFile {
    const TABLE: Table = Table::Requests;
    fn key(&self) -> Key {
        Key::scanned_file(&self.file)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        // S3 forgets what was announced and not kept after three days, counted in whole ones.
        Some(self.announced_at + SignedDuration::from_hours(7 * 24))
    }
}

/// A mail that was sent, or whose sending began: it is begun again only when nothing is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMail {
    /// The event it tells.
    pub event: String,
    /// Its template.
    pub template: String,
    /// The account or registration it is for.
    pub recipient: String,
    /// Its subject, for the operator who looks at a mail that came back.
    #[serde(default)]
    pub subject: String,
    /// When it was begun last.
    pub at: Timestamp,
    /// What the mail service calls it, once it took it.
    #[serde(default)]
    pub message: Option<String>,
    /// What it tells, until it is known to be sent: what it takes to begin it again.
    #[serde(default)]
    pub told: Option<OutboxItem>,
    /// What became of it, once the mail service told.
    #[serde(default)]
    pub news: Option<MailNews>,
    /// When the operator was done with it, where that was needed.
    #[serde(default)]
    pub handled_at: Option<Timestamp>,
}

impl SentMail {
    /// Whether the mail service has it: it said so, or told what became of it.
    pub fn is_sent(&self) -> bool {
        self.message.is_some() || self.news.is_some()
    }

    /// Whether it waits for the operator: it was lost or unwanted, and nobody looked at it yet.
    pub fn waits(&self) -> bool {
        let lost = self
            .news
            .as_ref()
            .is_some_and(|news| news.fate.needs_somebody());
        lost && self.handled_at.is_none()
    }
}

impl Record for SentMail {
    const TABLE: Table = Table::Requests;
    fn key(&self) -> Key {
        Key::sent_mail(&self.event, &self.template, &self.recipient)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let (queue, since) = match &self.news {
            Some(news) if self.waits() => ("returned", news.at),
            None if !self.is_sent() => ("unsent", self.at),
            Some(_) | None => return Vec::new(),
        };
        vec![(Index::RequestsByQueue, queue.to_owned(), sortable(since))]
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.at + SignedDuration::from_hours(60 * 24))
    }
}

/// An event that a function did not take after every retry of Lambda's and of the bus's: given to it
/// again, or left to the operator.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndeliveredEvent {
    /// The message that told it.
    pub id: String,
    /// The function that did not take it, without its stage; empty where that could not be read.
    pub function: String,
    /// The event's type; empty for a piece of a stream and for what could not be read.
    pub what: String,
    /// What the function was given, as JSON; or the message itself, where that is all there is.
    pub payload: String,
    /// Since when.
    pub since: Timestamp,
    /// How often it was tried in all.
    pub tries: u32,
    /// How many of these were ours.
    pub given: u32,
    /// What the function said last.
    pub error: String,
    /// When it is given again by itself; nothing once somebody has to decide.
    pub next_at: Option<Timestamp>,
}

impl UndeliveredEvent {
    /// The event of a mail that was begun and never sent, due at `now`.
    pub fn of_mail(mail: &SentMail, now: Timestamp) -> Option<Self> {
        let told = mail.told.as_ref()?;
        let detail = serde_json::to_value(told).ok()?;
        let what = told.event.name();
        Some(Self {
            id: format!("mail-{}", mail.event),
            function: "send-mail".to_owned(),
            what: what.to_owned(),
            payload: serde_json::json!({ "detail-type": what, "detail": detail }).to_string(),
            since: mail.at,
            tries: 1,
            given: 0,
            error: String::new(),
            next_at: Some(now),
        })
    }

    /// Whether it can be given again: what was given is known.
    pub fn can_be_given(&self) -> bool {
        !self.what.is_empty()
    }
}

impl Record for UndeliveredEvent {
    const TABLE: Table = Table::Requests;
    fn key(&self) -> Key {
        Key::undelivered(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let (queue, order) = match self.next_at {
            Some(at) => ("undelivered", at),
            None => ("given-up", self.since),
        };
        vec![(Index::RequestsByQueue, queue.to_owned(), sortable(order))]
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.since + SignedDuration::from_hours(60 * 24))
    }
}

/// An event that a listener took in: written in the transaction of what it changed, so that an
/// event that comes twice changes nothing the second time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneOnce {
    /// The event.
    pub event: String,
    /// The listener.
    pub listener: String,
    /// When.
    pub at: Timestamp,
}

impl Record for DoneOnce {
    const TABLE: Table = Table::Requests;
    fn key(&self) -> Key {
        Key::done_once(&self.event, &self.listener)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.at + SignedDuration::from_hours(60 * 24))
    }
}

/// An item that a sweep failed on: it is left alone until then, so that the others go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postponed {
    /// The sweep.
    pub sweep: String,
    /// The item, by its identifier.
    pub item: String,
    /// How often it failed in a row.
    pub failures: u32,
    /// Not looked at before.
    pub until: Timestamp,
}

impl Record for Postponed {
    const TABLE: Table = Table::Requests;
    fn key(&self) -> Key {
        Key::postponed(&self.sweep, &self.item)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.until + SignedDuration::from_hours(24))
    }
}

/// Where a sweep goes on that goes through everybody, which may take longer than one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TourPlace {
    /// The sweep.
    pub sweep: String,
    /// Which day's tour it is, in Paris, where one is made each day; none where each run begins one.
    pub day: Option<Date>,
    /// After which item it goes on; none once its end was reached.
    pub after: Option<String>,
}

impl TourPlace {
    /// Where to go on, given what was noted last; `None` when the tour of `day` was made already. A
    /// tour that is under way goes on even when another day has begun: whoever stands at its end is
    /// not waited for all over again.
    pub fn to_go_on(noted: Option<&Self>, sweep: &str, day: Option<Date>) -> Option<Self> {
        match noted {
            Some(place) if place.after.is_some() => Some(place.clone()),
            Some(place) if place.day.is_some() && place.day == day => None,
            Some(_) | None => Some(Self {
                sweep: sweep.to_owned(),
                day,
                after: None,
            }),
        }
    }
}

impl Record for TourPlace {
    const TABLE: Table = Table::Requests;
    fn key(&self) -> Key {
        Key::tour_place(&self.sweep)
    }
}

/// Who does what the platform does by itself, in the activity log.
pub const SYSTEM: &str = "system";

/// A line of the activity log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityLine {
    /// Sortable by time.
    pub id: String,
    /// The account, or `system`.
    pub who: String,
    /// What was done: the name of the function.
    pub action: String,
    /// To what: an identifier.
    pub subject: String,
    /// When.
    pub at: Timestamp,
    /// From which address.
    pub ip: String,
    /// With which browser.
    pub browser: String,
    /// In which request.
    pub request: String,
    /// Why, where a reason has to be given.
    #[serde(default)]
    pub note: Option<String>,
}

impl Record for ActivityLine {
    const TABLE: Table = Table::Activity;
    fn key(&self) -> Key {
        Key::activity(&self.who, &self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let mut indexes = vec![(
            Index::ActivityBySubject,
            self.subject.clone(),
            self.id.clone(),
        )];
        // What the platform does by itself is read as its own: a day of people's would drown in it.
        if self.who != SYSTEM {
            indexes.push((
                Index::ActivityByDay,
                domain::time::paris::local_date(self.at).to_string(),
                self.id.clone(),
            ));
        }
        indexes
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(Kept::Connections.until(self.at))
    }
}

impl Record for RetentionFile {
    const TABLE: Table = Table::Registers;
    fn key(&self) -> Key {
        Key::retention_file(&self.subject)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let held = self.hold.iter();
        held.map(|hold| {
            (
                Index::RegistersByQueue,
                "held".to_owned(),
                sortable(hold.at),
            )
        })
        .collect()
    }
}

impl Record for DataRequest {
    const TABLE: Table = Table::Registers;
    fn key(&self) -> Key {
        Key::data_request(&self.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let (queue, order) = match (self.state(), &self.answer) {
            (DataRequestState::Open, _) => ("data-open", self.due_at()),
            (DataRequestState::Answered, Some(answer)) => ("data-answered", answer.at),
            (DataRequestState::Unproved | DataRequestState::Answered, _) => return Vec::new(),
        };
        let order = format!("{}#{}", sortable(order), self.id);
        vec![(Index::RegistersByQueue, queue.to_owned(), order)]
    }
    fn expires_at(&self) -> Option<Timestamp> {
        match (self.state(), &self.answer) {
            (DataRequestState::Unproved, _) => {
                Some(self.received_at + SignedDuration::from_hours(7 * 24))
            }
            (_, Some(answer)) => Some(Kept::DataRequests.until(answer.at)),
            (DataRequestState::Open | DataRequestState::Answered, None) => None,
        }
    }
}

impl Record for DiscardedFile {
    const TABLE: Table = Table::Registers;
    fn key(&self) -> Key {
        Key::discarded_file(&self.file)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        vec![(
            Index::RegistersByQueue,
            "discarded".to_owned(),
            sortable(self.at),
        )]
    }
}

impl Record for PlannedErasure {
    const TABLE: Table = Table::Registers;
    fn key(&self) -> Key {
        Key::planned_erasure(&self.subject, self.erasure)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let order = format!(
            "{}#{}#{}",
            self.listed_on,
            self.erasure.code(),
            self.subject
        );
        vec![(Index::RegistersByQueue, "planned".to_owned(), order)]
    }
}

impl Record for RetentionReport {
    const TABLE: Table = Table::Registers;
    fn key(&self) -> Key {
        Key::retention_report(self.day)
    }
}

/// An event on its way to the bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// The event's identifier.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// The request that made it happen.
    pub request: String,
    /// What happened.
    pub event: Event,
}

impl Record for OutboxItem {
    const TABLE: Table = Table::Outbox;
    fn key(&self) -> Key {
        Key::outbox(&self.id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.at + SignedDuration::from_hours(7 * 24))
    }
}

/// An invoice or a credit note as it is kept, and its files once they are printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredInvoice {
    /// What it says.
    pub invoice: Invoice,
    /// Whose mission.
    pub professional: ProfessionalId,
    /// Who ordered.
    pub client: AccountId,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Its files, once they are in S3.
    pub files: Option<InvoiceFiles>,
}

/// The files of an invoice: never changed once written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceFiles {
    /// The key of the PDF, which carries the structured data too.
    pub pdf: String,
    /// SHA-256 of the PDF, hexadecimal.
    pub pdf_sha256: String,
    /// The key of the structured data (Factur-X, CII).
    pub xml: String,
    /// SHA-256 of the structured data, hexadecimal.
    pub xml_sha256: String,
}

impl StoredInvoice {
    /// In whose name it is made, as an index partition: the professional, or the platform.
    pub fn seller(&self) -> &str {
        let corrected = self
            .invoice
            .corrects
            .as_ref()
            .map(|corrected| corrected.kind);
        match corrected.unwrap_or(self.invoice.kind) {
            InvoiceKind::Commission => PLATFORM,
            InvoiceKind::Mission | InvoiceKind::Indemnity | InvoiceKind::CreditNote => {
                self.professional.as_str()
            }
        }
    }
}

/// The order of a booking as a document: written once, when the professional accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedOrder {
    /// Of which booking.
    pub booking: BookingId,
    /// One party.
    pub client: AccountId,
    /// The other.
    pub professional: ProfessionalId,
    /// The name to save it under.
    pub name: String,
    /// The key of the PDF.
    pub pdf: String,
    /// SHA-256 of the PDF, hexadecimal.
    pub sha256: String,
    /// When it was printed.
    pub at: Timestamp,
    /// What goes with it; none of orders that were printed before these were kept.
    #[serde(default)]
    pub annexes: Option<Annexes>,
    /// The order as it was printed before each modification that the parties agreed on, oldest first.
    #[serde(default)]
    pub former: Vec<KeptPaper>,
}

/// What goes with an order, kept beside it for as long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annexes {
    /// The professional's conditions of sale that were accepted: a copy, whatever becomes of theirs.
    pub conditions: KeptPaper,
    /// The form that a consumer withdraws with.
    pub withdrawal_form: Option<KeptPaper>,
}

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPaper {
    /// The name to save it under.
    pub name: String,
    /// Its key.
    pub key: String,
    /// Its media type.
    pub mime: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

impl PrintedOrder {
    /// The order itself, as it holds.
    pub fn order(&self) -> KeptPaper {
        KeptPaper {
            name: self.name.clone(),
            key: self.pdf.clone(),
            mime: "application/pdf".to_owned(),
            sha256: self.sha256.clone(),
        }
    }

    /// This order, printed again at `now` after so many modifications in all. Where two of them are printed
    /// at once, there is no paper of what held between them, and the one before stands for it.
    pub fn reprinted(&self, paper: KeptPaper, modifications: usize, now: Timestamp) -> Self {
        let former = self.former.iter().cloned();
        let former = former.chain(std::iter::repeat(self.order()));
        Self {
            pdf: paper.key,
            name: paper.name,
            sha256: paper.sha256,
            at: now,
            former: former.take(modifications).collect(),
            ..self.clone()
        }
    }

    /// Everything that is attached to the confirmation of the contract (C. conso., L221-13).
    pub fn papers(&self) -> Vec<KeptPaper> {
        let annexes = self.annexes.iter().flat_map(|annexes| {
            let form = annexes.withdrawal_form.clone();
            std::iter::once(annexes.conditions.clone()).chain(form)
        });
        std::iter::once(self.order()).chain(annexes).collect()
    }
}

impl Record for PrintedOrder {
    const TABLE: Table = Table::Invoices;
    fn key(&self) -> Key {
        Key::printed_order(&self.booking)
    }
}

/// The seller of commissions.
pub const PLATFORM: &str = "platform";

impl Record for StoredInvoice {
    const TABLE: Table = Table::Invoices;
    fn key(&self) -> Key {
        Key::invoice(&self.invoice.id)
    }
    fn indexes(&self) -> Vec<(Index, String, String)> {
        let order = format!("{}#{}", sortable(self.issued_at), self.invoice.number);
        vec![
            (
                Index::InvoicesByBooking,
                self.invoice.mission.booking.to_string(),
                order.clone(),
            ),
            (Index::InvoicesBySeller, self.seller().to_owned(), order),
        ]
    }
}

/// What was billed for a booking: read and written with each of its documents, so that none is made
/// twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bills {
    /// Which booking.
    pub booking: BookingId,
    /// Its invoices, and what was given back of each.
    pub bills: Vec<Bill>,
}

impl Record for Bills {
    const TABLE: Table = Table::Invoices;
    fn key(&self) -> Key {
        Key::bills(&self.booking)
    }
}

impl Record for Series {
    const TABLE: Table = Table::Invoices;
    fn key(&self) -> Key {
        Key::series(&self.name())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_tour_is_gone_on_with_and_a_daily_one_made_once_a_day() {
        let (yesterday, today) = (Some(date(2026, 11, 28)), Some(date(2026, 11, 29)));
        let place = |day, after: Option<&str>| TourPlace {
            sweep: "count-sheep".to_owned(),
            day,
            after: after.map(str::to_owned),
        };
        for (noted, day, goes_on) in [
            // From the first.
            (None, today, Some(place(today, None))),
            (
                Some(place(yesterday, None)),
                today,
                Some(place(today, None)),
            ),
            (None, None, Some(place(None, None))),
            (Some(place(None, None)), None, Some(place(None, None))),
            // From where it stopped, whatever day it is.
            (
                Some(place(today, Some("far"))),
                today,
                Some(place(today, Some("far"))),
            ),
            (
                Some(place(yesterday, Some("far"))),
                today,
                Some(place(yesterday, Some("far"))),
            ),
            (
                Some(place(None, Some("far"))),
                None,
                Some(place(None, Some("far"))),
            ),
            // It was made.
            (Some(place(today, None)), today, None),
        ] {
            assert_eq!(
                TourPlace::to_go_on(noted.as_ref(), "count-sheep", day),
                goes_on,
                "{noted:?}"
            );
        }
    }
}
