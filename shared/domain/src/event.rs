//! What happened, in the past tense: published on the bus once the state is written.
//!
//! Events carry identifiers only. Whoever needs a name or an address reads it where it is kept.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::booking::{BookingParty, Reminder};
use crate::ids::{
    AccountId, AgentId, AlertId, BookingId, ConversationId, DataRequestId, DocumentId,
    EvaluationId, FileChangeId, InvitationId, InvoiceId, OfferId, OrderId, ProfessionalId, ProofId,
    QuoteRequestId, ReportId, ReviewId, SessionId,
};
use crate::professional::{ChangeState, ExpiryStep, PayoutStatus, StandingStep};
use crate::quotes::QuoteStep;
use crate::shift::LateStep;
use crate::terms::Audience;
use crate::yearly::Quarter;

/// One thing that happened. The name of the variant is the event's type on the bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, IntoStaticStr)]
#[serde(tag = "type")]
#[expect(missing_docs, reason = "each field is the identifier its name says")]
pub enum Event {
    /// Somebody wants something from an address: they are to prove that they read it.
    AddressProofAsked { proof: ProofId },
    /// A client asked for the newsletter.
    NewsletterAsked { account: AccountId },
    /// A client closed their account.
    AccountClosed { account: AccountId },
    /// A client does nothing with their account any more: they are told, then it is closed.
    AccountInactive {
        account: AccountId,
        /// Which of both.
        step: InactivityStep,
    },
    /// A client's account was opened, or its particulars were corrected.
    AccountChanged { account: AccountId },
    /// Something happened to a request about data.
    DataRequestMoved {
        request: DataRequestId,
        /// What.
        step: DataStep,
    },
    /// Somebody asked to sign in with another e-mail: both addresses are to confirm.
    IdentifierChangeAsked { account: AccountId },
    /// Both addresses confirmed a professional's change: the operator decides.
    IdentifierChangeConfirmed { account: AccountId },
    /// A password signed in on a browser that had not signed in to this account before.
    NewDeviceSignedIn {
        account: AccountId,
        session: SessionId,
    },
    /// The holder of an account says that somebody else comes in.
    AccessSuspected { account: AccountId },
    /// Another e-mail signs in.
    IdentifierChanged { account: AccountId },
    /// The operator declined a change of e-mail.
    IdentifierChangeDeclined { account: AccountId },
    /// A new version of the terms is announced to somebody.
    TermsAnnounced {
        account: AccountId,
        /// For whom it is.
        audience: Audience,
        /// Its name.
        version: String,
        /// When it takes effect.
        effective_at: Timestamp,
    },
    /// A registration is complete and waits for a decision.
    RegistrationSubmitted { professional: ProfessionalId },
    /// The operator asks for complements.
    ComplementsRequested { professional: ProfessionalId },
    /// The operator accepted the professional.
    ProfessionalAccepted { professional: ProfessionalId },
    /// The operator refused the professional.
    ProfessionalRefused { professional: ProfessionalId },
    /// A company invited somebody into its team, or wrote to them again.
    MemberInvited {
        professional: ProfessionalId,
        invitation: InvitationId,
    },
    /// Somebody who was invited joined the team.
    MemberJoined {
        professional: ProfessionalId,
        account: AccountId,
    },
    /// A company took somebody out of its team.
    MemberRemoved {
        professional: ProfessionalId,
        account: AccountId,
    },
    /// What a professional shows to the public changed: page, calendar, documents.
    ProfessionalChanged { professional: ProfessionalId },
    /// An offer was published, changed or withdrawn.
    OfferChanged {
        professional: ProfessionalId,
        offer: OfferId,
    },
    /// The card is authorised: the professional is asked.
    BookingRequested { booking: BookingId },
    /// Something came of a request for quotes of which somebody is told.
    QuotesMoved {
        request: QuoteRequestId,
        /// Who is asked, quoted or was not chosen.
        professional: Option<ProfessionalId>,
        /// What they are told of.
        step: QuoteStep,
    },
    /// Somebody is free for a mission that a client is waiting for.
    AlertMet { alert: AlertId },
    /// A client ordered a mission and is to pay it; nobody else knows of it yet.
    BookingOrdered { booking: BookingId },
    /// Nobody paid in time.
    BookingAbandoned { booking: BookingId },
    /// The professional took the mission.
    BookingAccepted { booking: BookingId },
    /// The card is authorised for several missions: the professional is asked.
    OrderRequested { order: OrderId },
    /// Nobody paid for several missions in time.
    OrderAbandoned { order: OrderId },
    /// The professional took some or all missions of an order.
    OrderAnswered { order: OrderId },
    /// The professional took no mission of an order.
    OrderRefused { order: OrderId },
    /// Nobody answered for an order in time.
    OrderExpired { order: OrderId },
    /// The client gave an order up before it was answered.
    OrderCancelled { order: OrderId },
    /// The card could not be debited for an order after all.
    OrderPaymentFailed { order: OrderId },
    /// The card was debited for the missions of an order that were accepted.
    OrderCaptured { order: OrderId },
    /// The client contested an order's debit with their bank.
    OrderContested { order: OrderId },
    /// An order waits for its answer: a reminder is to be sent.
    OrderReminderDue { order: OrderId, reminder: Reminder },
    /// The professional sends another agent.
    AgentReplaced {
        booking: BookingId,
        left: AgentId,
        came: AgentId,
    },
    /// One party proposes to change a mission.
    ModificationProposed { booking: BookingId },
    /// Both agree: the mission is another from now on.
    BookingModified { booking: BookingId },
    /// The other party declines: the mission stays as it is.
    ModificationDeclined {
        booking: BookingId,
        by: BookingParty,
    },
    /// An agent is not there: the company is told, then the client.
    ArrivalMissing {
        booking: BookingId,
        agent: AgentId,
        /// Who is told.
        step: LateStep,
    },
    /// An agent wrote an incident down.
    IncidentNoted {
        booking: BookingId,
        agent: AgentId,
        /// Which entry of the log book, from 0.
        entry: usize,
    },
    /// An agent said how the shift went.
    ShiftReported { booking: BookingId, agent: AgentId },
    /// The professional declined.
    BookingRefused { booking: BookingId },
    /// The client gave the booking up.
    BookingCancelled { booking: BookingId },
    /// The professional gave an accepted mission up.
    BookingCancelledByProfessional { booking: BookingId },
    /// The platform called the mission off; everything is given back.
    BookingCalledOff { booking: BookingId },
    /// The operator decided how much of a mission's price is given back.
    BookingRefundDecided { booking: BookingId },
    /// The consumer withdrew from the contract.
    BookingWithdrawn { booking: BookingId },
    /// The card could not be debited after all: the booking is over.
    BookingPaymentFailed { booking: BookingId },
    /// The card was debited.
    PaymentCaptured { booking: BookingId },
    /// Money is on its way back to the client.
    RefundMade { booking: BookingId },
    /// The client's bank sent a refund back.
    RefundFailed { booking: BookingId },
    /// The professional cannot be paid yet.
    PayoutDelayed { booking: BookingId },
    /// A transfer was taken back from the professional.
    TransferReversed { booking: BookingId },
    /// The client contested the debit with their bank.
    DisputeOpened { booking: BookingId },
    /// The bank decided for the platform.
    DisputeWon { booking: BookingId },
    /// The bank decided for the client.
    DisputeLost { booking: BookingId },
    /// The client says that the mission went wrong.
    ClaimOpened { booking: BookingId },
    /// One party proposed how to end a claim.
    SettlementProposed { booking: BookingId },
    /// A claim is over.
    ClaimSettled { booking: BookingId },
    /// Stripe said something about an object of ours.
    StripeNotified {
        /// Such as `charge.dispute.created`.
        kind: String,
        /// What to read again: a payment intent, a Checkout session, an account or a booking.
        subject: String,
    },
    /// Whether a professional can be paid changed.
    PayoutsChanged {
        professional: ProfessionalId,
        /// What it changed to.
        status: PayoutStatus,
    },
    /// A professional asked to be paid on another bank account.
    BankDetailsChanged { professional: ProfessionalId },
    /// A change of bank account took effect, or was taken back: payouts go on.
    BankDetailsSettled { professional: ProfessionalId },
    /// The operator decided something about a professional, or it took effect.
    StandingChanged {
        professional: ProfessionalId,
        /// What they are told of.
        step: StandingStep,
    },
    /// A professional deposited a document after acceptance: the operator verifies it.
    DocumentRenewed {
        professional: ProfessionalId,
        document: DocumentId,
    },
    /// A malware scan kept the file of a document out.
    FileRefused {
        professional: ProfessionalId,
        document: DocumentId,
    },
    /// The operator verified or turned down a document after acceptance.
    DocumentDecided {
        professional: ProfessionalId,
        document: DocumentId,
    },
    /// A professional asked for a change of the file that the operator decides, or answered a question
    /// about it.
    FileChangeAsked {
        professional: ProfessionalId,
        change: FileChangeId,
    },
    /// The operator accepted or refused a change of the file, or asked for something first.
    FileChangeDecided {
        professional: ProfessionalId,
        change: FileChangeId,
        /// Which of the three.
        outcome: ChangeState,
    },
    /// A document ends soon, or has ended.
    DocumentExpires {
        professional: ProfessionalId,
        document: DocumentId,
        /// Which reminder it is.
        step: ExpiryStep,
    },
    /// What a professional was paid over the last year is complete.
    YearlyStatementReady {
        professional: ProfessionalId,
        /// Of which year.
        year: i16,
        /// What was paid, for how many missions, with which fees.
        whole: Quarter,
    },
    /// A title that an accepted mission needs ends before it.
    TitleEndsBeforeMission {
        booking: BookingId,
        document: DocumentId,
    },
    /// The order of a contract that is concluded and paid for is printed, with what goes with it.
    OrderPrinted { booking: BookingId },
    /// An invoice or a credit note was numbered.
    InvoiceIssued { invoice: InvoiceId },
    /// An invoice or a credit note can be downloaded.
    InvoiceReady { invoice: InvoiceId },
    /// Nobody answered in time.
    BookingExpired { booking: BookingId },
    /// The mission is done.
    MissionCompleted { booking: BookingId },
    /// The client, or the delay, validated the mission.
    BookingValidated { booking: BookingId },
    /// The professional was paid, the commission kept.
    BookingPaidOut { booking: BookingId },
    /// A reminder is to be sent.
    ReminderDue {
        booking: BookingId,
        reminder: Reminder,
    },
    /// A client wrote a review; it waits for moderation.
    ReviewSubmitted {
        review: ReviewId,
        professional: ProfessionalId,
    },
    /// A review is public.
    ReviewPublished {
        review: ReviewId,
        professional: ProfessionalId,
    },
    /// A review was turned down, for a reason that its author is told.
    ReviewRejected {
        review: ReviewId,
        professional: ProfessionalId,
    },
    /// The form of a review was corrected, of which its author is told.
    ReviewNormalised {
        review: ReviewId,
        professional: ProfessionalId,
    },
    /// A professional doubts that a review is authentic.
    ReviewDoubted {
        review: ReviewId,
        professional: ProfessionalId,
    },
    /// Somebody reported a content.
    ContentReported { report: ReportId },
    /// The operator said what was made of a report.
    ReportDecided { report: ReportId },
    /// Somebody wrote to somebody who had read everything: the first message that waits.
    MessageWaiting {
        conversation: ConversationId,
        /// For whom.
        reader: BookingParty,
    },
    /// A professional evaluated a client, privately.
    ClientEvaluated { evaluation: EvaluationId },
}

/// What becomes of an account that is not used any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InactivityStep {
    /// Its holder is told that it will be closed.
    Warned,
    /// It was closed.
    Closed,
}

/// What happens to a request about data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataStep {
    /// Who asks is to prove the address.
    ToProve,
    /// It is in the register.
    Received,
    /// More time is taken.
    Lengthened,
    /// It was answered.
    Answered,
}

impl Event {
    /// The event's type on the bus, such as `BookingAccepted`.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}
