//! Every way the marketplace looks something up, declared once: tables, indexes, keys, questions.
//!
//! Keys are built here and nowhere else, and take the owner. `docs/access-patterns.md` is generated
//! from `PATTERNS`.

use domain::account::Role;
use domain::ids::{
    AccountId, AgentId, AlertId, AttachmentId, BookingId, ConversationId, DataRequestId,
    DocumentId, EvaluationId, FileChangeId, InvoiceId, MessageId, OfferId, OrderId, ProfessionalId,
    ProofId, QuoteRequestId, ReportId, ReviewId,
};
use domain::offer::Activity;
use domain::places::Department;
use domain::professional::{ProfessionalStatus, Resemblance};
use domain::report::ReportState;
use domain::retention::{Erasure, Subject};
use domain::review::ReviewQueue;
use jiff::Timestamp;
use jiff::civil::Date;

use super::records::{report_state_code, review_queue_code, role_code, status_code};

/// The tables, each named for what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the purpose of each is given by `holds`")]
pub enum Table {
    Accounts,
    Tokens,
    Professionals,
    Offers,
    Listings,
    Agenda,
    Bookings,
    Ledger,
    Invoices,
    Reviews,
    Evaluations,
    Reports,
    Messages,
    Views,
    Uniques,
    Settings,
    Requests,
    Activity,
    Registers,
    Outbox,
    Finding,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 21] = [
        Self::Accounts,
        Self::Tokens,
        Self::Professionals,
        Self::Offers,
        Self::Listings,
        Self::Agenda,
        Self::Bookings,
        Self::Ledger,
        Self::Invoices,
        Self::Reviews,
        Self::Evaluations,
        Self::Reports,
        Self::Messages,
        Self::Views,
        Self::Uniques,
        Self::Settings,
        Self::Requests,
        Self::Activity,
        Self::Registers,
        Self::Outbox,
        Self::Finding,
    ];

    /// Its name, which the stage's own comes before: `prod-bookings`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Tokens => "tokens",
            Self::Professionals => "professionals",
            Self::Offers => "offers",
            Self::Listings => "listings",
            Self::Agenda => "agenda",
            Self::Bookings => "bookings",
            Self::Ledger => "ledger",
            Self::Invoices => "invoices",
            Self::Reviews => "reviews",
            Self::Evaluations => "evaluations",
            Self::Reports => "reports",
            Self::Messages => "messages",
            Self::Views => "views",
            Self::Uniques => "uniques",
            Self::Settings => "settings",
            Self::Requests => "requests",
            Self::Activity => "activity",
            Self::Registers => "registers",
            Self::Outbox => "outbox",
            Self::Finding => "finding",
        }
    }

    /// What it holds.
    pub fn holds(self) -> &'static str {
        match self {
            Self::Accounts => {
                "people who can sign in, the places and the favourites that clients keep"
            }
            Self::Tokens => "hashes of one-time and refresh tokens, until they expire",
            Self::Professionals => {
                "professionals: registration, documents, page, calendar, record, and every change of their files"
            }
            Self::Offers => "offers as their professionals wrote them",
            Self::Listings => "what search reads: one item for each published offer and department",
            Self::Agenda => "who is busy when: one item for each professional and day",
            Self::Bookings => {
                "bookings, what their agents tell of the day, requests for quotes, and alerts"
            }
            Self::Ledger => "every movement of money, written once and never changed",
            Self::Invoices => "invoices, credit notes, and the next number of each series",
            Self::Reviews => "public reviews and those that wait for moderation",
            Self::Evaluations => "private evaluations of clients, for the operator alone",
            Self::Reports => "reports of contents, until a year after they are decided",
            Self::Messages => "what clients and professionals write to each other",
            Self::Views => {
                "how often professionals' pages were opened: one counter for each day, for 26 months"
            }
            Self::Settings => "what the operator configures, dated, and the versions of the terms",
            Self::Uniques => {
                "what there may be only one of: e-mails, SIREN numbers; hashes of what two professionals should not share"
            }
            Self::Requests => {
                "answers to repeated requests, counters that throttle, mails already sent, events not delivered yet"
            }
            Self::Activity => "who did what, when and from where, for 12 months",
            Self::Registers => {
                "what the law asks the operator to keep: what was erased and will be, legal holds, data requests, maintenance"
            }
            Self::Outbox => "events on their way to the bus",
            Self::Finding => {
                "what the operator's search and lists read, made again from the records: hashed words and numbers, rows"
            }
        }
    }
}

/// The secondary indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the patterns below say what each answers")]
pub enum Index {
    AccountsByRole,
    AccountsByIdentifierChange,
    ProfessionalsByStatus,
    OffersByProfessional,
    ListingsByOffer,
    ListingsByScore,
    ListingsByRating,
    ListingsByFirstFree,
    ListingsByDayPrice,
    ListingsByNightPrice,
    ListingsBySundayPrice,
    BookingsByClient,
    BookingsByProfessional,
    BookingsByDeadline,
    BookingsByPaymentCheck,
    BookingsByHeld,
    BookingsByTrouble,
    BookingsByTitle,
    ProfessionalsByBankChange,
    ProfessionalsByStanding,
    LedgerByProfessional,
    LedgerByMonth,
    InvoicesByBooking,
    InvoicesBySeller,
    ReviewsByProfessional,
    ReviewsByStatus,
    EvaluationsByClient,
    ReportsByState,
    MessagesByClient,
    MessagesByProfessional,
    RequestsByQueue,
    ActivityBySubject,
    RegistersByQueue,
    ActivityByDay,
    FindingByTime,
    FindingByState,
    FindingByDepartment,
    FindingByAmount,
    FindingByStart,
}

impl Index {
    /// Every index, with its table.
    pub const ALL: [(Self, Table); 39] = [
        (Self::AccountsByRole, Table::Accounts),
        (Self::AccountsByIdentifierChange, Table::Accounts),
        (Self::ProfessionalsByStatus, Table::Professionals),
        (Self::OffersByProfessional, Table::Offers),
        (Self::ListingsByOffer, Table::Listings),
        (Self::ListingsByScore, Table::Listings),
        (Self::ListingsByRating, Table::Listings),
        (Self::ListingsByFirstFree, Table::Listings),
        (Self::ListingsByDayPrice, Table::Listings),
        (Self::ListingsByNightPrice, Table::Listings),
        (Self::ListingsBySundayPrice, Table::Listings),
        (Self::BookingsByClient, Table::Bookings),
        (Self::BookingsByProfessional, Table::Bookings),
        (Self::BookingsByDeadline, Table::Bookings),
        (Self::BookingsByPaymentCheck, Table::Bookings),
        (Self::BookingsByHeld, Table::Bookings),
        (Self::BookingsByTrouble, Table::Bookings),
        (Self::BookingsByTitle, Table::Bookings),
        (Self::ProfessionalsByBankChange, Table::Professionals),
        (Self::ProfessionalsByStanding, Table::Professionals),
        (Self::LedgerByProfessional, Table::Ledger),
        (Self::LedgerByMonth, Table::Ledger),
        (Self::InvoicesByBooking, Table::Invoices),
        (Self::InvoicesBySeller, Table::Invoices),
        (Self::ReviewsByProfessional, Table::Reviews),
        (Self::ReviewsByStatus, Table::Reviews),
        (Self::EvaluationsByClient, Table::Evaluations),
        (Self::ReportsByState, Table::Reports),
        (Self::MessagesByClient, Table::Messages),
        (Self::MessagesByProfessional, Table::Messages),
        (Self::RequestsByQueue, Table::Requests),
        (Self::ActivityBySubject, Table::Activity),
        (Self::RegistersByQueue, Table::Registers),
        (Self::ActivityByDay, Table::Activity),
        (Self::FindingByTime, Table::Finding),
        (Self::FindingByState, Table::Finding),
        (Self::FindingByDepartment, Table::Finding),
        (Self::FindingByAmount, Table::Finding),
        (Self::FindingByStart, Table::Finding),
    ];

    /// Name, partition attribute and order attribute: the template declares the same three.
    fn shape(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::OffersByProfessional
            | Self::BookingsByProfessional
            | Self::LedgerByProfessional
            | Self::ReviewsByProfessional
            | Self::MessagesByProfessional => (
                "by-professional",
                "by_professional",
                "by_professional_order",
            ),
            Self::AccountsByRole => ("by-role", "by_role", "by_role_order"),
            Self::AccountsByIdentifierChange => (
                "by-identifier-change",
                "by_identifier_change",
                "by_identifier_change_order",
            ),
            Self::ProfessionalsByStatus => ("by-status", "by_status", "by_status_order"),
            Self::ListingsByOffer => ("by-offer", "by_offer", "by_offer_order"),
            Self::ListingsByScore => ("by-score", "pk", "score"),
            Self::ListingsByRating => ("by-rating", "pk", "rating"),
            Self::ListingsByFirstFree => ("by-first-free", "pk", "first_free"),
            Self::ListingsByDayPrice => ("by-day-price", "pk", "day_price"),
            Self::ListingsByNightPrice => ("by-night-price", "pk", "night_price"),
            Self::ListingsBySundayPrice => ("by-sunday-price", "pk", "sunday_price"),
            Self::BookingsByClient => ("by-client", "by_client", "by_client_order"),
            Self::BookingsByDeadline => ("by-deadline", "by_deadline", "by_deadline_order"),
            Self::BookingsByPaymentCheck => (
                "by-payment-check",
                "by_payment_check",
                "by_payment_check_order",
            ),
            Self::BookingsByHeld => ("by-held", "by_held", "by_held_order"),
            Self::BookingsByTrouble => ("by-trouble", "by_trouble", "by_trouble_order"),
            Self::BookingsByTitle => ("by-title", "by_title", "by_title_order"),
            Self::ProfessionalsByBankChange => {
                ("by-bank-change", "by_bank_change", "by_bank_change_order")
            }
            Self::ProfessionalsByStanding => ("by-standing", "by_standing", "by_standing_order"),
            Self::LedgerByMonth => ("by-month", "by_month", "by_month_order"),
            Self::InvoicesByBooking => ("by-booking", "by_booking", "by_booking_order"),
            Self::InvoicesBySeller => ("by-seller", "by_seller", "by_seller_order"),
            Self::ReviewsByStatus => ("by-status", "by_status", "by_status_order"),
            Self::EvaluationsByClient => ("by-client", "by_client", "by_client_order"),
            Self::ReportsByState => ("by-state", "by_state", "by_state_order"),
            Self::MessagesByClient => ("by-client", "by_client", "by_client_order"),
            Self::RequestsByQueue => ("by-queue", "by_queue", "by_queue_order"),
            Self::ActivityBySubject => ("by-subject", "by_subject", "by_subject_order"),
            Self::RegistersByQueue => ("by-queue", "by_queue", "by_queue_order"),
            Self::ActivityByDay => ("by-day", "by_day", "by_day_order"),
            Self::FindingByTime => ("by-time", "by_time", "by_time_order"),
            Self::FindingByState => ("by-state", "by_state", "by_state_order"),
            Self::FindingByDepartment => ("by-department", "by_department", "by_department_order"),
            Self::FindingByAmount => ("by-amount", "by_amount", "by_amount_order"),
            Self::FindingByStart => ("by-start", "by_start", "by_start_order"),
        }
    }

    /// Whether it holds keys alone, and the records are read by these: every write of a record is
    /// written once more into each index that holds it whole, but only a move into one of keys.
    pub fn holds_keys_only(self) -> bool {
        match self {
            Self::AccountsByRole
            | Self::AccountsByIdentifierChange
            | Self::ProfessionalsByStatus
            | Self::ProfessionalsByBankChange
            | Self::ProfessionalsByStanding
            | Self::ListingsByOffer
            | Self::BookingsByClient
            | Self::BookingsByProfessional
            | Self::BookingsByDeadline
            | Self::BookingsByPaymentCheck
            | Self::BookingsByHeld
            | Self::BookingsByTrouble
            | Self::BookingsByTitle
            | Self::InvoicesByBooking
            | Self::InvoicesBySeller
            | Self::RegistersByQueue
            | Self::RequestsByQueue => true,
            // Read by pages that are to be cheap, or written once.
            Self::OffersByProfessional
            | Self::ListingsByScore
            | Self::ListingsByRating
            | Self::ListingsByFirstFree
            | Self::ListingsByDayPrice
            | Self::ListingsByNightPrice
            | Self::ListingsBySundayPrice
            | Self::LedgerByProfessional
            | Self::LedgerByMonth
            | Self::ReviewsByProfessional
            | Self::ReviewsByStatus
            | Self::EvaluationsByClient
            | Self::ReportsByState
            | Self::MessagesByClient
            | Self::MessagesByProfessional
            | Self::ActivityBySubject
            | Self::ActivityByDay
            | Self::FindingByTime
            | Self::FindingByState
            | Self::FindingByDepartment
            | Self::FindingByAmount
            | Self::FindingByStart => false,
        }
    }

    /// The index's name.
    pub fn name(self) -> &'static str {
        self.shape().0
    }

    /// The attribute that holds its partition.
    pub fn partition(self) -> &'static str {
        self.shape().1
    }

    /// The attribute that orders it.
    pub fn order(self) -> &'static str {
        self.shape().2
    }
}

/// The key of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub(crate) partition: String,
    pub(crate) sort: String,
}

impl Key {
    fn new(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self {
            partition: partition.into(),
            sort: sort.into(),
        }
    }

    /// An account.
    pub fn account(id: &AccountId) -> Self {
        Self::new(id.as_str(), "account")
    }

    /// The places that a client keeps.
    pub fn saved_sites(account: &AccountId) -> Self {
        Self::new(account.as_str(), "sites")
    }

    /// The professionals that a client comes back to.
    pub fn favourites(account: &AccountId) -> Self {
        Self::new(account.as_str(), "favourites")
    }

    /// What an operator may do.
    pub fn operator(id: &AccountId) -> Self {
        Self::new(id.as_str(), "operator")
    }

    /// What an operator noted about somebody or something.
    pub fn internal_note(subject: &str, id: &str) -> Self {
        Self::new(subject, format!("note#{id}"))
    }

    /// A decision on a booking that waits for a second operator.
    pub fn proposed_decision(booking: &BookingId) -> Self {
        Self::new(booking.as_str(), "proposed")
    }

    /// A one-time or refresh token, by the hash of its secret.
    pub fn token(hash: &str) -> Self {
        Self::new(hash, "token")
    }

    /// On which devices somebody is signed in.
    pub fn devices(subject: &str) -> Self {
        Self::new(subject, "devices")
    }

    /// The proof of an address that is sought.
    pub fn proof(id: &ProofId) -> Self {
        Self::new(id.as_str(), "proof")
    }

    /// A professional.
    pub fn professional(id: &ProfessionalId) -> Self {
        Self::new(id.as_str(), "professional")
    }

    /// Who signs in for a professional beside its owner.
    pub fn members(id: &ProfessionalId) -> Self {
        Self::new(id.as_str(), "members")
    }

    /// What bookings added to a professional's record.
    pub fn experience(id: &ProfessionalId) -> Self {
        Self::new(id.as_str(), "experience")
    }

    /// What clients complained of a professional.
    pub fn complaints(id: &ProfessionalId) -> Self {
        Self::new(id.as_str(), "complaints")
    }

    /// What one booking counts for in its professional's record.
    pub fn tally(professional: &ProfessionalId, booking: &BookingId) -> Self {
        Self::new(professional.as_str(), format!("tally#{booking}"))
    }

    /// How often a client's missions with a professional were validated.
    pub fn patron(professional: &ProfessionalId, client: &AccountId) -> Self {
        Self::new(professional.as_str(), format!("patron#{client}"))
    }

    /// A photo or logo as pages show it.
    pub fn portrait(professional: &ProfessionalId, document: &DocumentId) -> Self {
        Self::new(professional.as_str(), format!("portrait#{document}"))
    }

    /// A change of a professional's file.
    pub fn file_change(professional: &ProfessionalId, change: &FileChangeId) -> Self {
        Self::new(professional.as_str(), change.as_str())
    }

    /// An offer.
    pub fn offer(id: &OfferId) -> Self {
        Self::new(id.as_str(), "offer")
    }

    /// The listing of an offer in one department.
    pub fn listing(activity: Activity, department: &Department, offer: &OfferId) -> Self {
        Self::new(shelf(activity, department), offer.as_str())
    }

    /// Who is busy on one day.
    pub fn agenda_day(professional: &ProfessionalId, day: Date) -> Self {
        Self::new(professional.as_str(), day.to_string())
    }

    /// A booking.
    pub fn booking(id: &BookingId) -> Self {
        Self::new(id.as_str(), "booking")
    }

    /// A request for quotes.
    pub fn quote_request(id: &QuoteRequestId) -> Self {
        Self::new(id.as_str(), "quotes")
    }

    /// That a professional is asked for a quote.
    pub fn quote_asked(id: &QuoteRequestId, professional: &ProfessionalId) -> Self {
        Self::new(id.as_str(), professional.as_str())
    }

    /// An alert.
    pub fn alert(id: &AlertId) -> Self {
        Self::new(id.as_str(), "alert")
    }

    /// An order of several missions.
    pub fn order(id: &OrderId) -> Self {
        Self::new(id.as_str(), "order")
    }

    /// One agent on one mission.
    pub fn shift(booking: &BookingId, agent: &AgentId) -> Self {
        Self::new(booking.as_str(), format!("shift#{agent}"))
    }

    /// A movement of money.
    pub fn movement(booking: &BookingId, movement: &str) -> Self {
        Self::new(booking.as_str(), movement)
    }

    /// An invoice or a credit note.
    pub fn invoice(id: &InvoiceId) -> Self {
        Self::new(id.as_str(), "invoice")
    }

    /// The printed order of a booking.
    pub fn printed_order(booking: &BookingId) -> Self {
        Self::new(booking.as_str(), "order")
    }

    /// What was billed for a booking.
    pub fn bills(booking: &BookingId) -> Self {
        Self::new(booking.as_str(), "bills")
    }

    /// The next number of a series of invoices.
    pub fn series(name: &str) -> Self {
        Self::new(format!("series#{name}"), "series")
    }

    /// A review.
    pub fn review(id: &ReviewId) -> Self {
        Self::new(id.as_str(), "review")
    }

    /// A private evaluation.
    pub fn evaluation(id: &EvaluationId) -> Self {
        Self::new(id.as_str(), "evaluation")
    }

    /// A report of a content.
    pub fn report(id: &ReportId) -> Self {
        Self::new(id.as_str(), "report")
    }

    /// A conversation.
    pub fn conversation(id: &ConversationId) -> Self {
        Self::new(id.as_str(), "conversation")
    }

    /// A message of a conversation.
    pub fn message(conversation: &ConversationId, message: &MessageId) -> Self {
        Self::new(conversation.as_str(), message.as_str())
    }

    /// A file on its way to a message.
    pub fn attachment(id: &AttachmentId) -> Self {
        Self::new(id.as_str(), "attachment")
    }

    /// How often a professional's page was opened on one day.
    pub fn views(professional: &ProfessionalId, day: Date) -> Self {
        Self::new(professional.as_str(), day.to_string())
    }

    /// A unique e-mail or SIREN, such as `email#…`.
    pub fn unique(what: &str) -> Self {
        Self::new(what, "unique")
    }

    /// That a professional has something that two should not have: by the hash of what it is.
    pub fn likeness(of: Resemblance, sha256: &str, professional: &ProfessionalId) -> Self {
        Self::new(likeness(of, sha256), professional.as_str())
    }

    /// What the operator configures.
    pub fn configuration() -> Self {
        Self::new("configuration", "configuration")
    }

    /// Every version of the terms.
    pub fn terms_register() -> Self {
        Self::new("terms", "register")
    }

    /// The text of a version of the terms, by its SHA-256.
    pub fn terms_text(sha256: &str) -> Self {
        Self::new("terms", format!("text#{sha256}"))
    }

    /// The answer already given to a request with an idempotency key.
    pub fn answered(who: &str, operation: &str, key: &str) -> Self {
        Self::new(format!("{who}#{operation}#{key}"), "answer")
    }

    /// A counter of something within a period of so many seconds.
    pub fn count(what: &str, period_seconds: i64) -> Self {
        Self::new(format!("count#{what}"), period_seconds.to_string())
    }

    /// The orders of a client that are not paid.
    pub fn open_orders(client: &AccountId) -> Self {
        Self::new(format!("orders#{client}"), "open".to_owned())
    }

    /// A file that was announced and is scanned for malware, by its key in the bucket.
    pub fn scanned_file(file: &str) -> Self {
        Self::new(format!("scan#{file}"), "scan")
    }

    /// A mail already sent: by the event it tells and whom it tells.
    pub fn sent_mail(event: &str, template: &str, recipient: &str) -> Self {
        Self::new(format!("mail#{event}#{template}"), recipient)
    }

    /// An event that a function did not take, by the message that told it.
    pub fn undelivered(message: &str) -> Self {
        Self::new(format!("undelivered#{message}"), "undelivered")
    }

    /// What a listener did of an event, once.
    pub fn done_once(event: &str, listener: &str) -> Self {
        Self::new(format!("done#{event}"), listener)
    }

    /// An item that a sweep failed on.
    pub fn postponed(sweep: &str, item: &str) -> Self {
        Self::new(format!("postponed#{sweep}"), item)
    }

    /// Where a sweep goes on.
    pub fn tour_place(sweep: &str) -> Self {
        Self::new(format!("tour#{sweep}"), "place")
    }

    /// A line of the activity log.
    pub fn activity(who: &str, id: &str) -> Self {
        Self::new(who, id)
    }

    /// What retention knows of an account.
    pub fn retention_file(subject: &Subject) -> Self {
        Self::new(subject.as_str(), "retention")
    }

    /// Something that will be erased.
    pub fn planned_erasure(subject: &Subject, erasure: Erasure) -> Self {
        Self::new(subject.as_str(), format!("planned#{}", erasure.code()))
    }

    /// A request about data.
    pub fn data_request(id: &DataRequestId) -> Self {
        Self::new(id.as_str(), "data-request")
    }

    /// A file that no record names any more.
    pub fn discarded_file(file: &str) -> Self {
        Self::new(format!("file#{file}"), "discarded")
    }

    /// What was erased on a day.
    pub fn retention_report(day: Date) -> Self {
        Self::new("retention", day.to_string())
    }

    /// An event on its way out.
    pub fn outbox(id: &str) -> Self {
        Self::new(id, "event")
    }

    /// A thing under a word or number that it is found by, both hashed.
    pub fn found_under(place: &str, item: &str) -> Self {
        Self::new(format!("under#{place}"), item)
    }

    /// Everything that a client or a professional is found under.
    pub fn found_places(subject: &str) -> Self {
        Self::new(subject, "places")
    }

    /// A booking as lists show it.
    pub fn booking_row(booking: &BookingId) -> Self {
        Self::new(booking.as_str(), "row")
    }

    /// The documents of a professional that wait for the operator.
    pub fn documents_row(professional: &str) -> Self {
        Self::new(professional, "documents")
    }

    /// A client as lists show them.
    pub fn client_row(client: &AccountId) -> Self {
        Self::new(client.as_str(), "row")
    }

    /// The upload of a document whose owner is known by it.
    pub fn document_owner(id: &DocumentId) -> Self {
        Self::new(id.as_str(), "unique")
    }
}

/// The partition of what waits beside the registrations.
pub(super) const FILE_CHANGE_WAITS: &str = "file_change_waits";

/// The partition in which the listings of one activity in one department are.
pub fn shelf(activity: Activity, department: &Department) -> String {
    format!("{}#{}", activity.code(), department.code())
}

/// Orders of several missions are in the indexes of their bookings, apart from these.
pub(super) fn orders_of(whose: &str) -> String {
    format!("orders#{whose}")
}

/// The partition of those who have one thing.
fn likeness(of: Resemblance, sha256: &str) -> String {
    format!("same-{}#{sha256}", of.code())
}

/// What lists show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Bookings.
    Bookings,
    /// Clients.
    Clients,
}

impl Listed {
    fn code(self) -> &'static str {
        match self {
            Self::Bookings => super::finding::BOOKINGS,
            Self::Clients => super::finding::CLIENTS,
        }
    }
}

/// A question that has several answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub(crate) index: Option<Index>,
    pub(crate) partition: String,
    pub(crate) between: Option<(String, String)>,
    pub(crate) ascending: bool,
    pub(crate) limit: i32,
    pub(crate) after: Option<String>,
    /// Whether the answer may be moments behind, at half the price.
    pub(crate) behind: bool,
}

impl Question {
    fn new(index: Option<Index>, partition: impl Into<String>) -> Self {
        Self {
            index,
            partition: partition.into(),
            between: None,
            ascending: true,
            limit: 50,
            after: None,
            behind: false,
        }
    }

    fn newest_first(self) -> Self {
        Self {
            ascending: false,
            ..self
        }
    }

    /// At most this many records (1 to 100).
    pub fn limit(self, limit: i32) -> Self {
        Self {
            limit: limit.clamp(1, 100),
            ..self
        }
    }

    /// The index that is asked.
    pub fn index(&self) -> Option<Index> {
        self.index
    }

    /// Continues where a page ended.
    pub fn after(self, cursor: Option<String>) -> Self {
        Self {
            after: cursor,
            ..self
        }
    }

    /// The accounts of a role that are open, oldest first.
    pub fn accounts_of_role(role: Role) -> Self {
        Self::new(Some(Index::AccountsByRole), role_code(role))
    }

    /// Accounts whose change of e-mail waits for the operator, longest waiting first.
    pub fn identifier_changes() -> Self {
        Self::new(Some(Index::AccountsByIdentifierChange), "waits")
    }

    /// Accounts into which somebody else may come, longest waiting first.
    pub fn suspected_accesses() -> Self {
        Self::new(Some(Index::AccountsByIdentifierChange), "suspected")
    }

    /// The accounts of a role that are closed, longest closed first.
    pub fn closed_accounts(role: Role) -> Self {
        Self::new(
            Some(Index::AccountsByRole),
            format!("closed-{}", role_code(role)),
        )
    }

    /// Everything that will be erased, the next first.
    pub fn planned_erasures() -> Self {
        Self::new(Some(Index::RegistersByQueue), "planned")
    }

    /// What was listed to be erased on a day before `day`, as it is to be done.
    pub fn erasures_listed_before(day: Date) -> Self {
        Self {
            between: Some(("0".to_owned(), day.to_string())),
            limit: 100,
            ..Self::new(Some(Index::RegistersByQueue), "planned")
        }
    }

    /// Requests about data that wait for an answer, the first due first.
    pub fn data_requests_open() -> Self {
        Self::new(Some(Index::RegistersByQueue), "data-open")
    }

    /// Requests about data that were answered, the last first.
    pub fn data_requests_answered() -> Self {
        Self::new(Some(Index::RegistersByQueue), "data-answered").newest_first()
    }

    /// Files that no record names since `before` or longer, the first first.
    pub fn discarded_files(before: Timestamp) -> Self {
        Self {
            between: Some(by(before)),
            ..Self::new(Some(Index::RegistersByQueue), "discarded")
        }
    }

    /// Accounts of which nothing may be erased, longest held first.
    pub fn legal_holds() -> Self {
        Self::new(Some(Index::RegistersByQueue), "held")
    }

    /// What was erased, the last day first.
    pub fn retention_reports() -> Self {
        Self::new(None, "retention").newest_first()
    }

    /// Every day of a professional's agenda.
    pub fn whole_agenda(professional: &ProfessionalId) -> Self {
        Self {
            limit: 100,
            ..Self::new(None, professional.as_str())
        }
    }

    /// What each booking counts for in a professional's record.
    pub fn tallies_of(professional: &ProfessionalId) -> Self {
        Self {
            between: Some(("tally#".to_owned(), "tally#~".to_owned())),
            limit: 100,
            ..Self::new(None, professional.as_str())
        }
    }

    /// How often each client's missions with a professional were validated.
    pub fn patrons_of(professional: &ProfessionalId) -> Self {
        Self {
            between: Some(("patron#".to_owned(), "patron#~".to_owned())),
            limit: 100,
            ..Self::new(None, professional.as_str())
        }
    }

    /// Professionals in one status, longest waiting first.
    pub fn professionals_in_status(status: ProfessionalStatus) -> Self {
        Self::new(Some(Index::ProfessionalsByStatus), status_code(status))
    }

    /// Changes of files that wait for the operator, longest waiting first.
    pub fn file_changes_waiting() -> Self {
        Self::new(Some(Index::ProfessionalsByStatus), FILE_CHANGE_WAITS)
    }

    /// Every change of a professional's file, newest first.
    pub fn file_changes_of(professional: &ProfessionalId) -> Self {
        Self {
            between: Some(("chg_".to_owned(), "chg_~".to_owned())),
            ..Self::new(None, professional.as_str()).newest_first()
        }
    }

    /// A professional's offers.
    pub fn offers_of(professional: &ProfessionalId) -> Self {
        Self::new(Some(Index::OffersByProfessional), professional.as_str())
    }

    /// Every department in which an offer is listed.
    pub fn listings_of(offer: &OfferId) -> Self {
        Self::new(Some(Index::ListingsByOffer), offer.as_str())
    }

    /// A shelf in one of its orders; scores and ratings go from best to worst.
    pub fn shelf(activity: Activity, department: &Department, order: Index) -> Self {
        let question = Self::new(Some(order), shelf(activity, department));
        if matches!(order, Index::ListingsByScore | Index::ListingsByRating) {
            question.newest_first()
        } else {
            question
        }
    }

    /// The days of a professional's agenda from `first` to `last`.
    pub fn agenda(professional: &ProfessionalId, first: Date, last: Date) -> Self {
        Self {
            between: Some((first.to_string(), last.to_string())),
            limit: 100,
            ..Self::new(None, professional.as_str())
        }
    }

    /// The items that a sweep failed on.
    pub fn postponed(sweep: &str) -> Self {
        Self {
            limit: 100,
            ..Self::new(None, format!("postponed#{sweep}"))
        }
    }

    /// A client's bookings, newest first.
    pub fn bookings_of_client(client: &AccountId) -> Self {
        Self::new(Some(Index::BookingsByClient), client.as_str()).newest_first()
    }

    /// The bookings that reached a professional, newest first.
    pub fn bookings_of_professional(professional: &ProfessionalId) -> Self {
        Self::new(Some(Index::BookingsByProfessional), professional.as_str()).newest_first()
    }

    /// A client's orders of several missions, newest first.
    pub fn orders_of_client(client: &AccountId) -> Self {
        let partition = orders_of(client.as_str());
        Self::new(Some(Index::BookingsByClient), partition).newest_first()
    }

    /// The orders of several missions that reached a professional, newest first.
    pub fn orders_of_professional(professional: &ProfessionalId) -> Self {
        let partition = orders_of(professional.as_str());
        Self::new(Some(Index::BookingsByProfessional), partition).newest_first()
    }

    /// Orders on which something is due at `now`, most overdue first.
    pub fn orders_due(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::BookingsByDeadline), "order-due")
        }
    }

    /// Orders whose payment is to be looked at by `now`, longest waiting first.
    pub fn order_payments_to_check(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::BookingsByPaymentCheck), "order-due")
        }
    }

    /// The bookings that reached a professional from `from` on and before `until`, oldest first.
    pub fn requests_between(
        professional: &ProfessionalId,
        from: Timestamp,
        until: Timestamp,
    ) -> Self {
        Self {
            between: Some((sortable(from), sortable(until))),
            limit: 100,
            ..Self::new(Some(Index::BookingsByProfessional), professional.as_str())
        }
    }

    /// Bookings on which something is due at `now`, most overdue first.
    pub fn bookings_due(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::BookingsByDeadline), "due")
        }
    }

    /// A client's requests for quotes, newest first.
    pub fn quote_requests_of_client(client: &AccountId) -> Self {
        Self::new(Some(Index::BookingsByClient), quotes_of(client.as_str())).newest_first()
    }

    /// What a professional is asked a quote for, newest first.
    pub fn quotes_asked_of(professional: &ProfessionalId) -> Self {
        let asked = quotes_of(professional.as_str());
        Self::new(Some(Index::BookingsByProfessional), asked).newest_first()
    }

    /// Requests for quotes on which something is due at `now`, most overdue first.
    pub fn quote_requests_due(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::BookingsByDeadline), "quotes-due")
        }
    }

    /// A client's alerts, newest first.
    pub fn alerts_of_client(client: &AccountId) -> Self {
        Self::new(Some(Index::BookingsByClient), alerts_of(client)).newest_first()
    }

    /// Alerts that are to be looked at by `now`, longest waiting first.
    pub fn alerts_due(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::BookingsByDeadline), "alerts-due")
        }
    }

    /// What is known of each agent of a booking.
    pub fn shifts_of(booking: &BookingId) -> Self {
        Self {
            between: Some(("shift#".to_owned(), "shift#~".to_owned())),
            limit: 100,
            ..Self::new(None, booking.as_str())
        }
    }

    /// Shifts whose agent should be there by now, the longest awaited first.
    pub fn shifts_to_watch(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::BookingsByDeadline), "arrival")
        }
    }

    /// Bookings whose payment is to be looked at by `now`, longest waiting first.
    pub fn payments_to_check(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::BookingsByPaymentCheck), "due")
        }
    }

    /// Bookings whose money is kept at Stripe, longest kept first.
    pub fn money_held() -> Self {
        Self::new(Some(Index::BookingsByHeld), "held")
    }

    /// Bookings whose payment the operator should look at, oldest first.
    pub fn payments_in_trouble() -> Self {
        Self::new(Some(Index::BookingsByTrouble), "trouble")
    }

    /// Decisions that wait for a second operator, longest waiting first.
    pub fn proposed_decisions() -> Self {
        Self::new(Some(Index::BookingsByTrouble), "proposed")
    }

    /// What operators noted about somebody or something, newest first.
    pub fn internal_notes(subject: &str) -> Self {
        Self {
            between: Some(("note#".to_owned(), "note#~".to_owned())),
            ..Self::new(None, subject).newest_first()
        }
    }

    /// Accepted bookings whose mission lacks a title, next mission first.
    pub fn missions_without_title() -> Self {
        Self::new(Some(Index::BookingsByTitle), "ending")
    }

    /// Professionals who have one thing that two should not have.
    pub fn alike(of: Resemblance, sha256: &str) -> Self {
        Self::new(None, likeness(of, sha256))
    }

    /// Professionals whose change of bank account takes effect by `now`.
    pub fn bank_changes_due(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::ProfessionalsByBankChange), "due")
        }
    }

    /// Professionals about whom a decision takes effect, or ends, by `now`.
    pub fn standings_due(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::ProfessionalsByStanding), "due")
        }
    }

    /// Professionals of whom clients complained often within some time, longest ago first.
    pub fn complained_of() -> Self {
        Self::new(Some(Index::ProfessionalsByStanding), "complained")
    }

    /// Every movement of a booking's money, by name.
    pub fn movements_of_booking(booking: &BookingId) -> Self {
        Self::new(None, booking.as_str()).limit(100)
    }

    /// The movements of a professional's missions, newest first.
    pub fn movements_of_professional(professional: &ProfessionalId) -> Self {
        Self::new(Some(Index::LedgerByProfessional), professional.as_str()).newest_first()
    }

    /// The movements of a professional's missions from `from` on and before `until`, oldest first.
    pub fn movements_of_professional_between(
        professional: &ProfessionalId,
        from: Timestamp,
        until: Timestamp,
    ) -> Self {
        Self {
            between: Some((sortable(from), sortable(until))),
            limit: 100,
            ..Self::new(Some(Index::LedgerByProfessional), professional.as_str())
        }
    }

    /// The movements of a month, such as `2026-11`, oldest first.
    pub fn movements_in_month(month: &str) -> Self {
        Self::new(Some(Index::LedgerByMonth), month).limit(100)
    }

    /// The invoices and credit notes of a booking, oldest first.
    pub fn invoices_of_booking(booking: &BookingId) -> Self {
        Self::new(Some(Index::InvoicesByBooking), booking.as_str())
    }

    /// The invoices and credit notes in a seller's name, newest first: a professional's identifier, or
    /// `platform`.
    pub fn invoices_of_seller(seller: &str) -> Self {
        Self::new(Some(Index::InvoicesBySeller), seller).newest_first()
    }

    /// The invoices and credit notes in a seller's name from `from` on and before `until`, oldest first.
    pub fn invoices_between(seller: &str, from: Timestamp, until: Timestamp) -> Self {
        Self {
            between: Some((sortable(from), sortable(until))),
            limit: 100,
            ..Self::new(Some(Index::InvoicesBySeller), seller)
        }
    }

    /// A professional's published reviews, newest first.
    pub fn published_reviews_of(professional: &ProfessionalId) -> Self {
        Self::new(Some(Index::ReviewsByProfessional), professional.as_str()).newest_first()
    }

    /// A professional's reviews published from `from` on and before `until`, oldest first.
    pub fn reviews_between(
        professional: &ProfessionalId,
        from: Timestamp,
        until: Timestamp,
    ) -> Self {
        Self {
            between: Some((sortable(from), sortable(until))),
            limit: 100,
            ..Self::new(Some(Index::ReviewsByProfessional), professional.as_str())
        }
    }

    /// How often a professional's page was opened on the days from `first` to `last`.
    pub fn views(professional: &ProfessionalId, first: Date, last: Date) -> Self {
        Self {
            between: Some((first.to_string(), last.to_string())),
            ..Self::new(None, professional.as_str())
        }
    }

    /// Reviews in one of the operator's queues, longest waiting first.
    pub fn reviews_in(queue: ReviewQueue) -> Self {
        Self::new(Some(Index::ReviewsByStatus), review_queue_code(queue))
    }

    /// Reports of contents in one state, longest waiting first.
    pub fn reports_in_state(state: ReportState) -> Self {
        Self::new(Some(Index::ReportsByState), report_state_code(state))
    }

    /// A client's conversations, the last written in first.
    pub fn conversations_of_client(client: &AccountId) -> Self {
        Self::new(Some(Index::MessagesByClient), client.as_str()).newest_first()
    }

    /// A professional's conversations, the last written in first.
    pub fn conversations_of_professional(professional: &ProfessionalId) -> Self {
        Self::new(Some(Index::MessagesByProfessional), professional.as_str()).newest_first()
    }

    /// The messages of a conversation, newest first.
    pub fn messages_of(conversation: &ConversationId) -> Self {
        Self {
            between: Some(("msg_".to_owned(), "msg_~".to_owned())),
            ..Self::new(None, conversation.as_str()).newest_first()
        }
    }

    /// Mails that were lost or unwanted and wait for the operator, longest waiting first.
    pub fn returned_mails() -> Self {
        Self::new(Some(Index::RequestsByQueue), "returned")
    }

    /// Mails that were begun by `before` and that nobody knows to be sent, longest waiting first.
    pub fn unsent_mails(before: Timestamp) -> Self {
        Self {
            between: Some(by(before)),
            ..Self::new(Some(Index::RequestsByQueue), "unsent")
        }
    }

    /// Events that a function did not take and that are to be given to it again by `now`.
    pub fn undelivered_due(now: Timestamp) -> Self {
        Self {
            between: Some(by(now)),
            ..Self::new(Some(Index::RequestsByQueue), "undelivered")
        }
    }

    /// Events that a function did not take and that are given to it again, the next first.
    pub fn undelivered_events() -> Self {
        Self::new(Some(Index::RequestsByQueue), "undelivered")
    }

    /// Events that were given again for a day and wait for the operator, longest waiting first.
    pub fn undelivered_given_up() -> Self {
        Self::new(Some(Index::RequestsByQueue), "given-up")
    }

    /// Private evaluations of one client, newest first.
    pub fn evaluations_of(client: &AccountId) -> Self {
        Self::new(Some(Index::EvaluationsByClient), client.as_str()).newest_first()
    }

    /// What is found under a word or a number, by the hash of its place.
    pub fn found_under(place: &str) -> Self {
        Self {
            behind: true,
            ..Self::new(None, format!("under#{place}"))
        }
    }

    /// All bookings or clients in one of the orders of lists, newest, dearest or latest first.
    pub fn listed(list: Listed, order: Index) -> Self {
        Self::new(Some(order), list.code()).newest_first()
    }

    /// The bookings or clients in one state, newest first.
    pub fn listed_in_state(list: Listed, state: &str) -> Self {
        let partition = format!("{}#{state}", list.code());
        Self::new(Some(Index::FindingByState), partition).newest_first()
    }

    /// Professionals with documents that wait for the operator, longest waiting first.
    pub fn documents_waiting() -> Self {
        Self::new(Some(Index::FindingByState), super::finding::DOCUMENTS)
    }

    /// The bookings or clients of one department, newest first.
    pub fn listed_in_department(list: Listed, department: &Department) -> Self {
        let partition = format!("{}#{}", list.code(), department.code());
        Self::new(Some(Index::FindingByDepartment), partition).newest_first()
    }

    /// The same from the least on.
    pub fn lowest_first(self) -> Self {
        Self {
            ascending: true,
            ..self
        }
    }

    /// Only what is from `low` on and up to `high` in the question's order.
    pub fn within(self, low: String, high: String) -> Self {
        Self {
            between: Some((low, high)),
            ..self
        }
    }

    /// What people did on a day of Paris, latest first; what the platform did by itself is asked as
    /// `system`'s.
    pub fn activity_on_day(day: Date) -> Self {
        Self::new(Some(Index::ActivityByDay), day.to_string()).newest_first()
    }

    /// What one account (or `system`) did, newest first.
    pub fn activity_of(who: &str) -> Self {
        Self::new(None, who).newest_first()
    }

    /// Only lines of the activity log from `from` on and before `until`.
    pub fn lines_between(self, from: Timestamp, until: Timestamp) -> Self {
        Self {
            between: Some((first_ulid(from), first_ulid(until))),
            ..self
        }
    }

    /// What was done to one thing, newest first.
    pub fn activity_on(subject: &str) -> Self {
        Self::new(Some(Index::ActivityBySubject), subject).newest_first()
    }
}

/// The partition of somebody's quotes: beside their bookings, never among them.
pub(crate) fn quotes_of(whose: &str) -> String {
    format!("quotes#{whose}")
}

/// The partition of a client's alerts: beside their bookings, never among them.
pub(crate) fn alerts_of(client: &AccountId) -> String {
    format!("alerts#{client}")
}

/// Every moment until `now`, as bounds of an order. DynamoDB refuses an empty key: what sorts before
/// every moment is a year that starts with zero.
fn by(now: Timestamp) -> (String, String) {
    ("0".to_owned(), sortable(now))
}

/// What sorts before every identifier made at or after a moment.
fn first_ulid(at: Timestamp) -> String {
    let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
    ulid::Ulid::from_parts(milliseconds, 0).to_string()
}

/// A moment as text that sorts by time: microseconds and all.
pub fn sortable(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// One way to look something up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessPattern {
    /// How code calls it.
    pub name: &'static str,
    /// What it answers.
    pub question: &'static str,
    /// In which table.
    pub table: Table,
    /// By which index, or the table's own key.
    pub index: Option<Index>,
    /// What the key looks like.
    pub key: &'static str,
}

macro_rules! patterns {
    ($($name:literal, $table:ident, $index:expr, $key:literal, $question:literal;)*) => {
        &[$(AccessPattern { name: $name, question: $question, table: Table::$table, index: $index, key: $key }),*]
    };
}

/// Every access pattern.
pub const PATTERNS: &[AccessPattern] = patterns! {
    "Key::account", Accounts, None, "{account} / account", "Who is this account?";
    "Key::saved_sites", Accounts, None, "{account} / sites", "Which places of missions does this client keep?";
    "Key::favourites", Accounts, None, "{account} / favourites", "To which professionals does this client come back?";
    "Key::operator", Accounts, None, "{account} / operator", "What may this operator do?";
    "Key::internal_note", Accounts, None, "{account, professional or booking} / note#{ulid}", "What does this note say?";
    "Question::internal_notes", Accounts, None, "{account, professional or booking} / note# .. note#~", "What did operators note about this person or booking?";
    "Question::accounts_of_role", Accounts, Some(Index::AccountsByRole), "{role} / {opened at}", "Who is to be told of new terms?";
    "Question::identifier_changes", Accounts, Some(Index::AccountsByIdentifierChange), "waits / {asked at}", "Whose change of e-mail waits for the operator?";
    "Question::suspected_accesses", Accounts, Some(Index::AccountsByIdentifierChange), "suspected / {reported at}", "Whose account may somebody else come into?";
    "Key::token", Tokens, None, "{sha256 of the secret} / token", "What does this one-time or refresh token allow?";
    "Key::devices", Tokens, None, "{account or registration} / devices", "On which devices is somebody signed in?";
    "Key::proof", Tokens, None, "{proof} / proof", "What is wished from this address that nobody proved yet?";
    "Key::professional", Professionals, None, "{professional} / professional", "Who is this professional, with which documents, page and calendar?";
    "Key::members", Professionals, None, "{professional} / members", "Who signs in for this professional beside its owner, and who is invited?";
    "Key::experience", Professionals, None, "{professional} / experience", "What did bookings add to this professional's record?";
    "Key::tally", Professionals, None, "{professional} / tally#{booking}", "What does this booking count for in its professional's record?";
    "Key::patron", Professionals, None, "{professional} / patron#{account}", "Did this client come back to this professional?";
    "Question::professionals_in_status", Professionals, Some(Index::ProfessionalsByStatus), "{status} / {submitted at}", "Which registrations wait for the operator?";
    "Key::portrait", Professionals, None, "{professional} / portrait#{document}", "What do pages show of this photo or logo?";
    "Key::file_change", Professionals, None, "{professional} / {change}", "What does this change of a file say, and how was it decided?";
    "Question::file_changes_of", Professionals, None, "{professional} / chg_ .. chg_~", "How did this file change, version by version?";
    "Question::file_changes_waiting", Professionals, Some(Index::ProfessionalsByStatus), "file_change_waits / {waits since}", "Which changes of files wait for the operator?";
    "Key::offer", Offers, None, "{offer} / offer", "What is offered, at what price?";
    "Question::offers_of", Offers, Some(Index::OffersByProfessional), "{professional} / {offer}", "What does this professional offer?";
    "Key::listing", Listings, None, "{activity}#{department} / {offer}", "The listing of an offer in a department";
    "Question::listings_of", Listings, Some(Index::ListingsByOffer), "{offer} / {department}", "Where is this offer listed?";
    "Question::shelf (score)", Listings, Some(Index::ListingsByScore), "{activity}#{department} / {score}", "Who is advised for this activity here?";
    "Question::shelf (rating)", Listings, Some(Index::ListingsByRating), "{activity}#{department} / {rating}", "Who is best rated?";
    "Question::shelf (first free)", Listings, Some(Index::ListingsByFirstFree), "{activity}#{department} / {first free start}", "Who is free soonest?";
    "Question::shelf (day price)", Listings, Some(Index::ListingsByDayPrice), "{activity}#{department} / {cents}", "Who is cheapest by day?";
    "Question::shelf (night price)", Listings, Some(Index::ListingsByNightPrice), "{activity}#{department} / {cents}", "Who is cheapest at night?";
    "Question::shelf (Sunday price)", Listings, Some(Index::ListingsBySundayPrice), "{activity}#{department} / {cents}", "Who is cheapest on Sundays and holidays?";
    "Key::agenda_day", Agenda, None, "{professional} / {YYYY-MM-DD}", "Who is busy on this day?";
    "Question::agenda", Agenda, None, "{professional} / {YYYY-MM-DD} .. {YYYY-MM-DD}", "Who is busy in these days?";
    "Key::booking", Bookings, None, "{booking} / booking", "Where does this booking stand?";
    "Question::bookings_of_client", Bookings, Some(Index::BookingsByClient), "{account} / {created at}", "What did this client book?";
    "Question::bookings_of_professional", Bookings, Some(Index::BookingsByProfessional), "{professional} / {requested at}", "What was this professional asked? Only bookings whose card was authorised.";
    "Question::requests_between", Bookings, Some(Index::BookingsByProfessional), "{professional} / {requested at} .. {requested at}", "What was this professional asked in this time?";
    "Question::bookings_due", Bookings, Some(Index::BookingsByDeadline), "due / {next deadline}", "On which bookings has something fallen due?";
    "Key::quote_request", Bookings, None, "{request} / quotes", "What is a quote asked for, of whom, and what did they answer?";
    "Key::quote_asked", Bookings, None, "{request} / {professional}", "Is this professional asked for a quote?";
    "Question::quote_requests_of_client", Bookings, Some(Index::BookingsByClient), "quotes#{account} / {created at}", "What did this client ask quotes for?";
    "Question::quotes_asked_of", Bookings, Some(Index::BookingsByProfessional), "quotes#{professional} / {created at}", "What is this professional asked a quote for?";
    "Question::quote_requests_due", Bookings, Some(Index::BookingsByDeadline), "quotes-due / {next due}", "On which requests for quotes is something due?";
    "Key::alert", Bookings, None, "{alert} / alert", "For which mission does a client wait for somebody to be free?";
    "Question::alerts_of_client", Bookings, Some(Index::BookingsByClient), "alerts#{account} / {created at}", "For which missions does this client wait?";
    "Question::alerts_due", Bookings, Some(Index::BookingsByDeadline), "alerts-due / {next look}", "For which alerts is it to be looked whether somebody is free?";
    "Key::shift", Bookings, None, "{booking} / shift#{agent}", "When did this agent arrive and leave, what was noted and reported?";
    "Question::shifts_of", Bookings, None, "{booking} / shift# .. shift#~", "What is known of each agent of this booking?";
    "Question::shifts_to_watch", Bookings, Some(Index::BookingsByDeadline), "arrival / {when to look}", "Which agents should be there by now, and are not?";
    "Key::review", Reviews, None, "{review} / review", "What does this review say?";
    "Question::payments_to_check", Bookings, Some(Index::BookingsByPaymentCheck), "due / when", "Which payments are to be looked at by now?";
    "Question::money_held", Bookings, Some(Index::BookingsByHeld), "held / {captured at}", "Whose money is kept at Stripe, and since when?";
    "Question::payments_in_trouble", Bookings, Some(Index::BookingsByTrouble), "trouble / {created at}", "Which payments should the operator look at?";
    "Key::proposed_decision", Bookings, None, "{booking} / proposed", "Which decision on this booking waits for a second operator?";
    "Question::proposed_decisions", Bookings, Some(Index::BookingsByTrouble), "proposed / {proposed at}", "Which decisions wait for a second operator?";
    "Question::missions_without_title", Bookings, Some(Index::BookingsByTitle), "ending / {mission's start}", "Which accepted missions lack a title that ended meanwhile?";
    "Question::bank_changes_due", Professionals, Some(Index::ProfessionalsByBankChange), "due / when", "Whose new bank account takes effect by now?";
    "Question::standings_due", Professionals, Some(Index::ProfessionalsByStanding), "due / when", "About whom does a decision take effect, or end, by now?";
    "Key::order", Bookings, None, "{order} / order", "Where does this order of several missions stand?";
    "Question::orders_of_client", Bookings, Some(Index::BookingsByClient), "orders#{account} / {created at}", "Which orders of several missions did this client place?";
    "Question::orders_of_professional", Bookings, Some(Index::BookingsByProfessional), "orders#{professional} / {requested at}", "Which orders of several missions reached this professional? Only those whose card was authorised.";
    "Question::orders_due", Bookings, Some(Index::BookingsByDeadline), "order-due / {next deadline}", "On which orders has something fallen due?";
    "Question::order_payments_to_check", Bookings, Some(Index::BookingsByPaymentCheck), "order-due / when", "Which payments of orders are to be looked at by now?";
    "Key::complaints", Professionals, None, "{professional} / complaints", "How often did clients complain of this professional, and when?";
    "Question::complained_of", Professionals, Some(Index::ProfessionalsByStanding), "complained / {last claim}", "Of whom did clients complain three times in ninety days?";
    "Key::movement", Ledger, None, "{booking} / {movement}", "Was this movement of money written?";
    "Question::movements_of_booking", Ledger, None, "{booking} / {movement}", "How did the money of this booking move?";
    "Question::movements_of_professional", Ledger, Some(Index::LedgerByProfessional), "{professional} / when", "How did the money of this professional's missions move?";
    "Question::movements_of_professional_between", Ledger, Some(Index::LedgerByProfessional), "{professional} / when", "How did it move in a year?";
    "Question::movements_in_month", Ledger, Some(Index::LedgerByMonth), "{month} / when", "How did money move in this month?";
    "Key::invoice", Invoices, None, "{invoice} / invoice", "What does this invoice say?";
    "Key::bills", Invoices, None, "{booking} / bills", "What was billed and credited for this booking?";
    "Key::series", Invoices, None, "series#{series} / series", "Which number comes next in this series?";
    "Key::printed_order", Invoices, None, "{booking} / order", "Where is the order of this booking as a document?";
    "Question::invoices_of_booking", Invoices, Some(Index::InvoicesByBooking), "{booking} / when", "Which invoices does this booking have?";
    "Question::invoices_of_seller", Invoices, Some(Index::InvoicesBySeller), "{seller} / when", "Which invoices were made in this seller's name?";
    "Question::invoices_between", Invoices, Some(Index::InvoicesBySeller), "{seller} / when .. when", "Which invoices were made in this seller's name in this time?";
    "Question::published_reviews_of", Reviews, Some(Index::ReviewsByProfessional), "{professional} / {published at}", "What do clients say of this professional? Only published reviews.";
    "Question::reviews_between", Reviews, Some(Index::ReviewsByProfessional), "{professional} / {published at} .. {published at}", "Which reviews of this professional were published in this time?";
    "Question::reviews_in", Reviews, Some(Index::ReviewsByStatus), "{queue} / {submitted at}", "Which reviews wait for moderation?";
    "Key::evaluation", Evaluations, None, "{evaluation} / evaluation", "What did a professional say of a client?";
    "Question::evaluations_of", Evaluations, Some(Index::EvaluationsByClient), "{account} / {submitted at}", "What do professionals say of this client? For the operator alone.";
    "Key::report", Reports, None, "{report} / report", "What was reported, and what was made of it?";
    "Question::reports_in_state", Reports, Some(Index::ReportsByState), "{open or decided} / {reported at}", "Which reports wait for the operator?";
    "Key::conversation", Messages, None, "{conversation} / conversation", "Who writes to whom, and what is unread?";
    "Question::conversations_of_client", Messages, Some(Index::MessagesByClient), "{account} / {last written at}", "With whom does this client write?";
    "Question::conversations_of_professional", Messages, Some(Index::MessagesByProfessional), "{professional} / {last written at}", "With whom does this professional write?";
    "Key::message", Messages, None, "{conversation} / {message}", "What was written?";
    "Question::messages_of", Messages, None, "{conversation} / msg_ .. msg_~", "What was written in this conversation?";
    "Key::attachment", Messages, None, "{attachment} / attachment", "Which file was announced, by whom, and was it sent?";
    "Key::views", Views, None, "{professional} / {YYYY-MM-DD}", "How often was this page opened on this day?";
    "Question::views", Views, None, "{professional} / {YYYY-MM-DD} .. {YYYY-MM-DD}", "How often was this page opened on each of these days?";
    "Key::unique", Uniques, None, "email#{e-mail}, siren#{SIREN} / unique", "Is this e-mail or SIREN taken, and by whom?";
    "Key::likeness", Uniques, None, "same-{what}#{SHA-256} / {professional}", "Does this professional have this phone, bank account or CNAPS number?";
    "Question::alike", Uniques, None, "same-{what}#{SHA-256} / {professional}", "Who else has this phone, bank account or CNAPS number?";
    "Key::configuration", Settings, None, "configuration / configuration", "Which commission, delays, taxes and hours hold now, and from when on?";
    "Key::terms_register", Settings, None, "terms / register", "Which versions of the terms were published, and which holds now?";
    "Key::terms_text", Settings, None, "terms / text#{SHA-256}", "What does this version of the terms say?";
    "Key::answered", Requests, None, "{who}#{operation}#{key} / answer", "Was this request answered already?";
    "Key::count", Requests, None, "count#{what} / {period}", "How often was this tried lately?";
    "Key::open_orders", Requests, None, "orders#{account} / open", "Which orders of this client are not paid yet, or were not within a day?";
    "Key::scanned_file", Requests, None, "scan#{file} / scan", "What is this file, and did a malware scan say that it is clean?";
    "Key::sent_mail", Requests, None, "mail#{event}#{template} / {recipient}", "Was this mail sent already?";
    "Question::returned_mails", Requests, Some(Index::RequestsByQueue), "returned / {when it came back}", "Which mails were lost or unwanted, and wait for the operator?";
    "Question::unsent_mails", Requests, Some(Index::RequestsByQueue), "unsent / {when it was begun}", "Which mails were begun, and are not known to be sent?";
    "Key::undelivered", Requests, None, "undelivered#{message} / undelivered", "How often was this event given again, and what did the function say?";
    "Question::undelivered_due", Requests, Some(Index::RequestsByQueue), "undelivered / {next try}", "Which events are to be given again by now?";
    "Question::undelivered_events", Requests, Some(Index::RequestsByQueue), "undelivered / {next try}", "Which events are given again, and when?";
    "Question::undelivered_given_up", Requests, Some(Index::RequestsByQueue), "given-up / {since when}", "Which events wait for the operator?";
    "Key::postponed", Requests, None, "postponed#{sweep} / {item}", "Did this sweep fail on this item?";
    "Question::postponed", Requests, None, "postponed#{sweep} / {item}", "On which items did this sweep fail?";
    "Key::tour_place", Requests, None, "tour#{sweep} / place", "Where does this sweep go on?";
    "Key::done_once", Requests, None, "done#{event} / {listener}", "Did this listener take this event in already?";
    "Question::activity_of", Activity, None, "{account} / {ulid}", "What did this account do?";
    "Question::lines_between", Activity, None, "{account} / {ulid} .. {ulid}", "What did this account do in this time?";
    "Question::activity_on", Activity, Some(Index::ActivityBySubject), "{identifier} / {ulid}", "What was done to this?";
    "Question::closed_accounts", Accounts, Some(Index::AccountsByRole), "closed-{role} / {closed at}", "Whose account was closed, and when?";
    "Question::whole_agenda", Agenda, None, "{professional} / {YYYY-MM-DD}", "Which days has this professional's agenda?";
    "Question::tallies_of", Professionals, None, "{professional} / tally# .. tally#~", "What do this professional's bookings count for?";
    "Question::patrons_of", Professionals, None, "{professional} / patron# .. patron#~", "Which clients came back to this professional?";
    "Key::retention_file", Registers, None, "{account or professional} / retention", "May anything of this account be erased, and what was?";
    "Key::planned_erasure", Registers, None, "{account, professional or booking} / planned#{what}", "Was this listed to be erased?";
    "Key::retention_report", Registers, None, "retention / {YYYY-MM-DD}", "What was erased on this day?";
    "Question::planned_erasures", Registers, Some(Index::RegistersByQueue), "planned / {listed on}#{what}#{whose}", "What will be erased?";
    "Question::erasures_listed_before", Registers, Some(Index::RegistersByQueue), "planned / .. {day}", "What was listed before today, and is to be erased now?";
    "Key::data_request", Registers, None, "{data request} / data-request", "What was asked about data, and answered?";
    "Question::data_requests_open", Registers, Some(Index::RegistersByQueue), "data-open / {due at}", "Which requests about data wait for an answer?";
    "Question::data_requests_answered", Registers, Some(Index::RegistersByQueue), "data-answered / {answered at}", "Which requests about data were answered?";
    "Key::discarded_file", Registers, None, "file#{file} / discarded", "Does no record name this file any more?";
    "Question::discarded_files", Registers, Some(Index::RegistersByQueue), "discarded / {since}", "Which files are to be erased, since no record names them?";
    "Question::legal_holds", Registers, Some(Index::RegistersByQueue), "held / {since}", "Of which accounts may nothing be erased?";
    "Question::retention_reports", Registers, None, "retention / {YYYY-MM-DD}", "What was erased in the last days?";
    "Question::activity_on_day", Activity, Some(Index::ActivityByDay), "{YYYY-MM-DD} / {ulid}", "What did people do on this day?";
    "Key::found_under", Finding, None, "under#{SHA-256 of a word's first letters, or of a number} / {what it finds}", "Is this found under this word or number?";
    "Question::found_under", Finding, None, "under#{SHA-256 of a word's first letters, or of a number} / {what it finds}", "Who or what is called so, or has this number?";
    "Key::found_places", Finding, None, "{account or professional} / places", "Under what is this client or professional found?";
    "Key::booking_row", Finding, None, "{booking} / row", "How do lists show this booking?";
    "Key::client_row", Finding, None, "{account} / row", "How do lists show this client?";
    "Key::documents_row", Finding, None, "{professional} / documents", "Which documents of this professional wait for the operator?";
    "Question::documents_waiting", Finding, Some(Index::FindingByState), "documents / {deposited at}", "Whose documents wait for the operator?";
    "Question::listed (time)", Finding, Some(Index::FindingByTime), "{bookings or clients} / {ordered or opened at}", "Which bookings or clients came last?";
    "Question::listed_in_state", Finding, Some(Index::FindingByState), "{bookings or clients}#{state} / {ordered or opened at}", "Which bookings or clients are in this state?";
    "Question::listed_in_department", Finding, Some(Index::FindingByDepartment), "{bookings or clients}#{department} / {ordered or opened at}", "Which missions, or whose last mission, are in this department?";
    "Question::listed (amount)", Finding, Some(Index::FindingByAmount), "{bookings or clients} / {cents}", "Which bookings or clients are the dearest?";
    "Question::listed (start)", Finding, Some(Index::FindingByStart), "bookings / {mission's start}", "Which missions begin in this time?";
    "Key::outbox", Outbox, None, "{event} / event", "An event on its way to the bus";
};

/// The page that documents the patterns: `docs/access-patterns.md`.
pub fn patterns_page() -> String {
    use std::fmt::Write as _;
    let mut page = String::from(
        "# Access patterns\n\nGenerated from `shared/adapters/src/store/patterns.rs` by `make docs`; a test compares. \
         Every item is `pk`, `sk`, `version`, `body` and the attributes of its indexes. An index of keys only costs \
         a write when a record moves in it, not whenever it is written; its records are then read by their keys.\n",
    );
    for table in Table::ALL {
        let _infallible = write!(
            page,
            "\n## {table:?}\n\nHolds {}. Table `<stage>-{}`.\n\n| question | by | key | asked with |\n|---|---|---|---|\n",
            table.holds(),
            table.name()
        );
        for pattern in PATTERNS.iter().filter(|pattern| pattern.table == table) {
            let by = pattern.index.map_or("the table's key".to_owned(), |index| {
                format!(
                    "`{}` (`{}`, `{}`){}",
                    index.name(),
                    index.partition(),
                    index.order(),
                    if index.holds_keys_only() {
                        ", keys only"
                    } else {
                        ""
                    }
                )
            });
            let _infallible = writeln!(
                page,
                "| {} | {by} | `{}` | `{}` |",
                pattern.question, pattern.key, pattern.name
            );
        }
    }
    page
}
