mod amounts;
mod modifications;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use adapters::keys::KeySet;
use adapters::mailer::Mail;
use adapters::store::{Annexes, KeptPaper, PrintedOrder, SignedInDevice, StoredInvoice};
use domain::account::identifier::{IdentifierChange, SentCodes};
use domain::account::proof::SentCode;
use domain::account::proof::{AddressProof, Wish};
use domain::account::{Acceptance, Account, ClientKind, ClientProfile, Role, legal};
use domain::alerts::{Alert, AlertState};
use domain::booking::{
    Acknowledgements, BookedMission, Booking, BookingParty, BookingState, Calling, CardStatus,
    Claim, ClaimOutcome, ClaimReason, Contact, Delays, DisputeStage, Intervention, MissionContext,
    MissionPlace, Payment, Proposal, Refund, RefundStatus, Reminder, Replacement, Shares,
    TitleAlert, Transfer,
};
use domain::conversation::Conversation;
use domain::data_request::{Channel, DataAnswer, DataRequest, DataRight, Lengthening, Outcome};
use domain::event::{DataStep, Event, InactivityStep};
use domain::identifiers::{CnapsNumber, Email, Iban, Phone, Siren, Siret, VatNumber};
use domain::ids::{
    AccountId, AgentId, BookingId, DocumentId, EvaluationId, InvoiceId, OfferId, ProfessionalId,
    ReviewId, TypedId,
};
use domain::invoice::{Buyer, Issue, Series, SeriesKey, mission_invoice};
use domain::members::{Invitation, Member, MemberRole, Members};
use domain::money::Euros;
use domain::offer::{Activity, CancellationPolicy};
use domain::order::{MissionAnswer, Order, OrderState, OrderedMission, SharedDispute};
use domain::places::{Department, PostalCode};
use domain::platform::Platform;
use domain::pricing::{HourlyRates, Mission, PricingTerms, VatStatus, price};
use domain::professional::Registry;
use domain::professional::{
    Address, Agent, Appeal, AppealAnswer, BankAccount, BankChange, ChangeDecision, ChangeState,
    Conditions, Decided, Departing, Document, DocumentDetails, DocumentFile, DocumentStatus, Ended,
    ExpiryStep, FileChange, FileType, FormalNotice, Ground, HiddenOffer, Hiding, LiveBookings,
    Measure, MeasureKind, Mediator, PastDecision, PayoutAccount, PayoutStatus, Professional,
    ProfessionalStatus, Profile, Proposal as Proposed, Reasons, Remark, Standing, StandingStep,
};
use domain::quotes::{
    AskedProfessional, QuoteReply, QuoteRequest, QuoteRequestState, QuoteStep, QuotedPrice,
};
use domain::ranking::TrackRecord;
use domain::report::{Report, ReportDecision, ReportReason};
use domain::review::{Mark, RejectionReason, Review, ReviewStatus, ReviewText};
use domain::shift::{ContactAtEnd, EntryKind, LateStep, Moment, Shift};
use domain::terms::Audience;
use domain::time::holidays::withdrawal_deadline;
use domain::time::interval::Interval;
use domain::typography::{folded, unbroken};
use http_function::Listener as _;
use jiff::Timestamp;
use jiff::civil::date;

use crate::files::{
    AlertFile, BookingFile, ChangeFile, ConversationFile, CrewFile, DeviceFile, Holder,
    InvoiceFile, OrderFile, ProofFile, QuoteFile, ReviewFile, SeveralFile, ShiftFile, TeamFile,
};
use crate::mailing::{Mailing, mailing, to_crew};
use crate::post::{Notice, Post};
use crate::send_mail::SendMail;

const SITE: &str = "https://monagentdesecu.test";
const ULID: &str = "01J8Z6K3V5Q0T4W9X2Y7R1S6AB";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn id<T: TypedId>() -> T {
    T::from_ulid(ULID)
}

pub(crate) fn client() -> Account {
    Account {
        id: id(),
        email: Email::parse("theodora.quillivere@exemple.fr").unwrap(),
        email_verified_at: None,
        password_hash: None,
        must_change_password: false,
        password_expires_at: None,
        role: Role::Client,
        client: Some(ClientProfile {
            kind: ClientKind::Consumer,
            first_name: "Théodora".to_owned(),
            last_name: "Quillivéré".to_owned(),
            phone: Phone::parse("06 12 34 56 78").unwrap(),
            newsletter: true,
        }),
        professional: None,
        acceptances: Vec::new(),
        created_at: at("2026-11-01T09:00:00Z"),
        signed_out_before: None,
        second_factor: None,
        newsletter_choices: Vec::new(),
        identifier_change: None,
        former_identifiers: Vec::new(),
        suspected_at: None,
        closed_at: Some(at("2026-11-10T10:00:00Z")),
    }
}

fn file_change_decided(outcome: ChangeState) -> Event {
    Event::FileChangeDecided {
        professional: id(),
        change: id(),
        outcome,
    }
}

/// A change of name, at the moment at which an event about it happens.
fn file_change(event: &Event) -> FileChange {
    let identity = |denomination: &str| Proposed::Identity {
        denomination: denomination.to_owned(),
        legal_form: "SAS".to_owned(),
    };
    let said = |text: &str| Remark {
        by: id(),
        at: at("2026-11-20T08:30:00Z"),
        text: text.to_owned(),
    };
    let state = match event {
        Event::FileChangeDecided { outcome, .. } => *outcome,
        _ => ChangeState::Waiting,
    };
    FileChange {
        id: id(),
        professional: id(),
        proposal: identity("Bastion du Sud"),
        before: Some(identity("Bastion Sud")),
        asked_by: id(),
        asked_at: at("2026-11-20T08:00:00Z"),
        ip: "192.0.2.1".to_owned(),
        browser: "Firefox".to_owned(),
        state,
        remarks: vec![said("Joignez le Kbis à jour.")],
        decision: Some(ChangeDecision {
            by: id(),
            at: at("2026-11-20T08:40:00Z"),
            method: None,
            reason: Some("Le registre porte encore l’ancien nom.".to_owned()),
        }),
    }
}

/// The account at the moment at which an event about its e-mail happens.
fn changing_identifier(account: Account, event: &Event) -> Account {
    let both = match event {
        Event::IdentifierChangeAsked { .. } => None,
        Event::IdentifierChangeConfirmed { .. } | Event::IdentifierChangeDeclined { .. } => {
            Some(at("2026-11-20T08:30:00Z"))
        }
        _ => return account,
    };
    let declined = matches!(event, Event::IdentifierChangeDeclined { .. });
    Account {
        role: Role::Professional,
        identifier_change: Some(IdentifierChange {
            email: Email::parse("direction@exemple.fr").unwrap(),
            reason: "L’entreprise change de nom.".to_owned(),
            asked_at: at("2026-11-20T08:00:00Z"),
            current_confirmed_at: both,
            wanted_confirmed_at: both,
            declined: declined.then(|| "Le nom ne correspond pas.".to_owned()),
            codes: Some(SentCodes {
                current: SentCode::of("evt_1".to_owned(), at("2026-11-20T08:00:00Z")),
                wanted: SentCode::of("evt_1".to_owned(), at("2026-11-20T08:00:00Z")),
            }),
        }),
        ..account
    }
}

fn document(details: DocumentDetails) -> Document {
    Document {
        id: id(),
        details,
        file: DocumentFile {
            key: "k".to_owned(),
            size: 1,
            sha256: "0".repeat(64),
            file_type: FileType::Pdf,
        },
        status: DocumentStatus::Verified,
        prepared_at: at("2026-09-01T09:00:00Z"),
        reviewed_at: Some(at("2026-09-02T09:00:00Z")),
        review_method: None,
        reviewed_by: None,
        despite: None,
        rejection: None,
        ended_early: None,
    }
}

fn professional() -> Professional {
    let agent: AgentId = id();
    Professional {
        id: id(),
        email: Email::parse("contact@vigie.exemple.fr").unwrap(),
        email_verified_at: None,
        status: ProfessionalStatus::ComplementsRequested,
        profile: Profile {
            denomination: Some("Vigie Sécurité".to_owned()),
            siren: Some(Siren::parse("732829320").unwrap()),
            siret: Some(Siret::parse("73282932000074").unwrap()),
            legal_form: Some("SAS".to_owned()),
            registry: Some(Registry::Rne),
            vat_number: Some(VatNumber::parse("FR44732829320").unwrap()),
            vat_status: Some(VatStatus::Registered),
            establishment: Some(Address {
                street: "4 rue de la Paroisse".to_owned(),
                postal_code: PostalCode::parse("78000").unwrap(),
                town: "Versailles".to_owned(),
            }),
            phone: Some(Phone::parse("01 39 00 00 00").unwrap()),
            agents: vec![Agent {
                id: agent.clone(),
                first_name: "Moussa".to_owned(),
                last_name: "Traoré".to_owned(),
            }],
            mediator: Some(Mediator {
                name: "Médiation Conso".to_owned(),
                website: "https://mediation.exemple.fr".to_owned(),
            }),
            ..Profile::default()
        },
        documents: vec![
            document(DocumentDetails::Authorisation {
                number: CnapsNumber::parse("AUT-078-2123-12-09-20240960800").unwrap(),
                expires_on: date(2123, 12, 9),
                activities: None,
                establishment: None,
            }),
            document(DocumentDetails::ProfessionalCard {
                agent,
                number: CnapsNumber::parse("CAR-092-2030-06-19-20250183149").unwrap(),
                expires_on: date(2030, 6, 19),
                activities: None,
            }),
            Document {
                id: DocumentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6CG"),
                ..document(DocumentDetails::ConditionsOfSale {
                    version: "2026-03".to_owned(),
                    contents: Conditions::default(),
                })
            },
        ],
        acceptances: Vec::new(),
        created_at: at("2026-09-01T09:00:00Z"),
        submitted_at: None,
        decided_at: None,
        decided_by: None,
        internal_reason: Some("réputation douteuse".to_owned()),
        complements: Some("L’attestation d’assurance est illisible.\nLe RIB manque.".to_owned()),
        account: Some(id()),
        hidden_at: None,
        standing: every_decision(),
        page: None,
        calendar: Default::default(),
        feed: Default::default(),
        payout_account: Some(PayoutAccount {
            id: "acct_1".to_owned(),
            status: PayoutStatus::Active,
        }),
        bank_account: None,
        bank_change: Some(BankChange::asked(
            BankAccount {
                iban: Iban::parse("FR76 3000 6000 0112 3456 7890 189").unwrap(),
                holder: "Vigie Océan".to_owned(),
            },
            at("2026-11-16T07:00:00Z"),
        )),
        record: TrackRecord::default(),
        expiry_reminders: Vec::new(),
        exemptions: Vec::new(),
        verifications: Vec::new(),
        absences: Vec::new(),
        proposed: Default::default(),
        vat_history: Default::default(),
        statement_told: None,
        departed: Vec::new(),
    }
}

fn booking(state: BookingState) -> Booking {
    let interval = Interval::new(at("2026-11-14T19:00:00Z"), at("2026-11-15T03:00:00Z")).unwrap();
    let department = Department::parse("78").unwrap();
    let mission = Mission {
        interval,
        agents: 1,
        department,
    };
    let rates = HourlyRates::with_default_surcharges(Euros::from_cents(2_500)).unwrap();
    let price = price(
        &mission,
        &rates,
        Euros::from_cents(3_000),
        VatStatus::Registered,
        &PricingTerms::default(),
    )
    .unwrap();
    let accepted_at = at("2026-11-10T10:00:00Z");
    let due = Shares::reduced_by(&price, 30);
    let proposed = modifications::proposal(BookingParty::Client, &price);
    Booking {
        id: id(),
        order: None,
        reference: "MAS-2026-7K3F9Q2A".to_owned(),
        client: id(),
        consumer: true,
        contact: Contact {
            name: "Gwendal Kerbrat".to_owned(),
            phone: Phone::parse("07 98 76 54 32").unwrap(),
        },
        professional: id(),
        professional_name: "Vigie Sécurité".to_owned(),
        offer: id(),
        offer_title: "Gardiennage de nuit".to_owned(),
        mission: BookedMission {
            activity: Activity::HumanSurveillance,
            interval,
            agents: 1,
            place: MissionPlace {
                address: "18 impasse des Cigognes".to_owned(),
                postal_code: PostalCode::parse("78000").unwrap(),
                town: "Versailles".to_owned(),
                department,
            },
            context: MissionContext {
                site: "Entrepôt Quillivéré".to_owned(),
                public_road: false,
                public_expected: true,
                risks: "Portail arrière cassé".to_owned(),
                instructions: "Appeler Gwendal au 07 98 76 54 32".to_owned(),
            },
        },
        billing_address: None,
        agents: vec![id()],
        price,
        delays: Delays::default(),
        cancellation: CancellationPolicy::Moderate,
        acknowledgements: Acknowledgements {
            conditions_of_sale: DocumentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6CG"),
            conditions_of_sale_sha256: "ab".repeat(32),
            terms_version: "2026-09".to_owned(),
            withdrawal_information: true,
            early_start_requested: true,
            loss_of_withdrawal_acknowledged: true,
            at: at("2026-11-10T08:55:00Z"),
            ip: "203.0.113.7".to_owned(),
            browser: "Firefox".to_owned(),
        },
        state,
        payment: Payment {
            card: CardStatus::Captured,
            refunds: vec![Refund {
                id: "re_1".to_owned(),
                amount: due.client,
                status: RefundStatus::Pending,
                at: at("2026-11-15T08:00:00Z"),
            }],
            transfers: vec![Transfer {
                id: "tr_1".to_owned(),
                amount: due.professional,
                reversed: Euros::ZERO,
                at: at("2026-11-15T09:05:00Z"),
            }],
            ..Payment::NONE
        },
        created_at: at("2026-11-10T08:50:00Z"),
        hold_until: at("2026-11-10T09:05:00Z"),
        requested_at: Some(at("2026-11-10T09:00:00Z")),
        respond_by: Some(at("2026-11-12T09:00:00Z")),
        accepted_at: Some(accepted_at),
        advice: Some("Faites réparer le portail arrière.".to_owned()),
        withdrawal_deadline: Some(withdrawal_deadline(accepted_at)),
        completed_at: Some(at("2026-11-15T04:00:00Z")),
        validated_at: Some(at("2026-11-15T09:00:00Z")),
        validated_automatically: false,
        closed_at: None,
        refusal_reason: Some("Pas assez d’agents".to_owned()),
        cancellation_reason: None,
        claim: Some(Claim {
            opened_at: at("2026-11-15T06:00:00Z"),
            reason: ClaimReason::Late,
            description: "Portail resté ouvert".to_owned(),
            proposals: vec![Proposal {
                by: BookingParty::Professional,
                percent: 30,
                message: "Le portail était déjà ouvert".to_owned(),
                at: at("2026-11-15T07:00:00Z"),
            }],
            outcome: (state == BookingState::Settled).then(|| ClaimOutcome {
                percent: 30,
                decision: Some("Le portail est resté ouvert".to_owned()),
                at: at("2026-11-16T07:00:00Z"),
            }),
        }),
        due: Some(due),
        quote: None,
        replacements: vec![Replacement {
            left: id(),
            came: id(),
            at: at("2026-11-12T09:00:00Z"),
        }],
        modification: Some(proposed),
        former: Vec::new(),
        reminded: Vec::new(),
        review: None,
        evaluation: None,
        archived: Default::default(),
        title_alerts: vec![TitleAlert {
            document: ending_document(),
            ends_on: date(2026, 11, 12),
            told_at: at("2026-11-11T10:00:00Z"),
            lifted_at: None,
        }],
        intervention: intervention(state),
    }
}

/// What the operator decided of a booking that is in a state to which such a decision leads.
fn intervention(state: BookingState) -> Option<Intervention> {
    let at = at("2026-11-16T07:00:00Z");
    match state {
        BookingState::CancelledByPlatform => Some(Intervention::CalledOff {
            calling: Calling::TitleMissing,
            at,
        }),
        BookingState::Settled => Some(Intervention::Refunded {
            percent: 30,
            reason: "Le portail est resté ouvert".to_owned(),
            at,
        }),
        _ => None,
    }
}

fn review() -> Review {
    let mark = Mark::try_from(4).unwrap();
    Review {
        id: id(),
        booking: id(),
        professional: id(),
        client: id(),
        author: "Théodora Q.".to_owned(),
        text: ReviewText {
            rating: mark,
            punctuality: Some(mark),
            professionalism: Some(mark),
            communication: Some(mark),
            comment: "Agent aimable et à l’heure.".to_owned(),
        },
        status: ReviewStatus::Published,
        rejection: Some(RejectionReason::OffTopic),
        experienced_at: at("2026-11-15T03:00:00Z"),
        submitted_at: at("2026-11-16T09:00:00Z"),
        published_at: Some(at("2026-11-17T09:00:00Z")),
        normalised: None,
        reply: None,
        doubt: None,
    }
}

/// One event of each kind and each reminder, with the state that its booking is in when it happens.
fn events() -> Vec<(Event, BookingState)> {
    let (account, booking, review): (AccountId, BookingId, ReviewId) = (id(), id(), id());
    let (professional, offer): (ProfessionalId, OfferId) = (id(), id());
    let reminder = |reminder| Event::ReminderDue {
        booking: id(),
        reminder,
    };
    vec![
        (
            Event::AddressProofAsked { proof: id() },
            BookingState::Requested,
        ),
        (
            Event::NewsletterAsked {
                account: account.clone(),
            },
            BookingState::Requested,
        ),
        (
            Event::AccountChanged {
                account: account.clone(),
            },
            BookingState::Requested,
        ),
        (Event::AccountClosed { account }, BookingState::Requested),
        (
            Event::AccountInactive {
                account: id(),
                step: InactivityStep::Warned,
            },
            BookingState::Requested,
        ),
        (
            Event::AccountInactive {
                account: id(),
                step: InactivityStep::Closed,
            },
            BookingState::Requested,
        ),
        (
            Event::IdentifierChangeAsked { account: id() },
            BookingState::Requested,
        ),
        (
            Event::IdentifierChangeConfirmed { account: id() },
            BookingState::Requested,
        ),
        (
            Event::NewDeviceSignedIn {
                account: id(),
                session: id(),
            },
            BookingState::Requested,
        ),
        (
            Event::AccessSuspected { account: id() },
            BookingState::Requested,
        ),
        (
            Event::IdentifierChanged { account: id() },
            BookingState::Requested,
        ),
        (
            Event::IdentifierChangeDeclined { account: id() },
            BookingState::Requested,
        ),
        (
            Event::RegistrationSubmitted {
                professional: professional.clone(),
            },
            BookingState::Requested,
        ),
        (
            Event::ComplementsRequested {
                professional: professional.clone(),
            },
            BookingState::Requested,
        ),
        (
            Event::ProfessionalAccepted {
                professional: professional.clone(),
            },
            BookingState::Requested,
        ),
        (
            Event::ProfessionalRefused {
                professional: professional.clone(),
            },
            BookingState::Requested,
        ),
        (
            Event::ProfessionalChanged {
                professional: professional.clone(),
            },
            BookingState::Requested,
        ),
        (
            Event::OfferChanged {
                professional: professional.clone(),
                offer,
            },
            BookingState::Requested,
        ),
        (
            Event::BookingRequested {
                booking: booking.clone(),
            },
            BookingState::Requested,
        ),
        (
            Event::BookingOrdered {
                booking: booking.clone(),
            },
            BookingState::AwaitingPayment,
        ),
        (
            Event::BookingAbandoned {
                booking: booking.clone(),
            },
            BookingState::Abandoned,
        ),
        (
            Event::BookingAccepted {
                booking: booking.clone(),
            },
            BookingState::Accepted,
        ),
        (
            Event::AgentReplaced {
                booking: booking.clone(),
                left: id(),
                came: id(),
            },
            BookingState::Accepted,
        ),
        (
            Event::ModificationProposed {
                booking: booking.clone(),
            },
            BookingState::Accepted,
        ),
        (
            Event::BookingModified {
                booking: booking.clone(),
            },
            BookingState::Accepted,
        ),
        (
            Event::ModificationDeclined {
                booking: booking.clone(),
                by: BookingParty::Client,
            },
            BookingState::Accepted,
        ),
        (
            Event::ModificationDeclined {
                booking: booking.clone(),
                by: BookingParty::Professional,
            },
            BookingState::Accepted,
        ),
        (
            Event::OrderRequested { order: id() },
            BookingState::Requested,
        ),
        (
            Event::OrderAbandoned { order: id() },
            BookingState::Abandoned,
        ),
        (Event::OrderAnswered { order: id() }, BookingState::Accepted),
        (Event::OrderRefused { order: id() }, BookingState::Refused),
        (Event::OrderExpired { order: id() }, BookingState::Expired),
        (
            Event::OrderCancelled { order: id() },
            BookingState::Cancelled,
        ),
        (
            Event::OrderPaymentFailed { order: id() },
            BookingState::PaymentFailed,
        ),
        (Event::OrderCaptured { order: id() }, BookingState::Accepted),
        (
            Event::OrderContested { order: id() },
            BookingState::Accepted,
        ),
        (
            Event::OrderReminderDue {
                order: id(),
                reminder: Reminder::AnswerFirst,
            },
            BookingState::Requested,
        ),
        (
            Event::OrderReminderDue {
                order: id(),
                reminder: Reminder::AnswerLast,
            },
            BookingState::Requested,
        ),
        (
            Event::BookingRefused {
                booking: booking.clone(),
            },
            BookingState::Refused,
        ),
        (
            Event::BookingCancelled {
                booking: booking.clone(),
            },
            BookingState::Cancelled,
        ),
        (
            Event::BookingExpired {
                booking: booking.clone(),
            },
            BookingState::Expired,
        ),
        (
            Event::MissionCompleted {
                booking: booking.clone(),
            },
            BookingState::Completed,
        ),
        (
            Event::BookingValidated {
                booking: booking.clone(),
            },
            BookingState::Validated,
        ),
        (
            Event::BookingCancelledByProfessional {
                booking: booking.clone(),
            },
            BookingState::CancelledByProfessional,
        ),
        (
            Event::BookingCalledOff {
                booking: booking.clone(),
            },
            BookingState::CancelledByPlatform,
        ),
        (
            Event::BookingRefundDecided {
                booking: booking.clone(),
            },
            BookingState::Settled,
        ),
        (
            Event::BookingWithdrawn {
                booking: booking.clone(),
            },
            BookingState::Withdrawn,
        ),
        (
            Event::BookingPaymentFailed {
                booking: booking.clone(),
            },
            BookingState::PaymentFailed,
        ),
        (
            Event::PaymentCaptured {
                booking: booking.clone(),
            },
            BookingState::Accepted,
        ),
        (
            Event::OrderPrinted {
                booking: booking.clone(),
            },
            BookingState::Accepted,
        ),
        (
            Event::RefundMade {
                booking: booking.clone(),
            },
            BookingState::Cancelled,
        ),
        (
            Event::RefundFailed {
                booking: booking.clone(),
            },
            BookingState::Cancelled,
        ),
        (
            Event::PayoutDelayed {
                booking: booking.clone(),
            },
            BookingState::Validated,
        ),
        (
            Event::TransferReversed {
                booking: booking.clone(),
            },
            BookingState::Validated,
        ),
        (
            Event::DisputeOpened {
                booking: booking.clone(),
            },
            BookingState::Completed,
        ),
        (
            Event::DisputeWon {
                booking: booking.clone(),
            },
            BookingState::Completed,
        ),
        (
            Event::DisputeLost {
                booking: booking.clone(),
            },
            BookingState::Completed,
        ),
        (
            Event::ClaimOpened {
                booking: booking.clone(),
            },
            BookingState::UnderClaim,
        ),
        (
            Event::SettlementProposed {
                booking: booking.clone(),
            },
            BookingState::UnderClaim,
        ),
        (
            Event::ClaimSettled {
                booking: booking.clone(),
            },
            BookingState::Settled,
        ),
        (
            Event::PayoutsChanged {
                professional: professional.clone(),
                status: PayoutStatus::Pending,
            },
            BookingState::Validated,
        ),
        (
            Event::PayoutsChanged {
                professional: professional.clone(),
                status: PayoutStatus::Active,
            },
            BookingState::Validated,
        ),
        (
            Event::PayoutsChanged {
                professional: professional.clone(),
                status: PayoutStatus::Restricted,
            },
            BookingState::Validated,
        ),
        (
            Event::BankDetailsSettled {
                professional: professional.clone(),
            },
            BookingState::Validated,
        ),
        (
            Event::BankDetailsChanged {
                professional: professional.clone(),
            },
            BookingState::Validated,
        ),
        (
            Event::StripeNotified {
                kind: "refund.updated".to_owned(),
                subject: "pi_1".to_owned(),
            },
            BookingState::Validated,
        ),
        (
            Event::InvoiceIssued {
                invoice: InvoiceId::from_ulid(ULID),
            },
            BookingState::Validated,
        ),
        (
            Event::InvoiceReady {
                invoice: InvoiceId::from_ulid(ULID),
            },
            BookingState::Validated,
        ),
        (
            Event::MemberInvited {
                professional: id(),
                invitation: id(),
            },
            BookingState::Accepted,
        ),
        (
            Event::MemberJoined {
                professional: id(),
                account: id(),
            },
            BookingState::Accepted,
        ),
        (
            Event::MemberRemoved {
                professional: id(),
                account: id(),
            },
            BookingState::Accepted,
        ),
        (missing(LateStep::Company), BookingState::Accepted),
        (missing(LateStep::Client), BookingState::Accepted),
        (
            Event::IncidentNoted {
                booking: id(),
                agent: id(),
                entry: 0,
            },
            BookingState::Accepted,
        ),
        (
            Event::ShiftReported {
                booking: id(),
                agent: id(),
            },
            BookingState::Completed,
        ),
        (Event::BookingPaidOut { booking }, BookingState::Validated),
        (Event::AlertMet { alert: id() }, BookingState::Requested),
        (quotes(QuoteStep::Asked), BookingState::Requested),
        (quotes(QuoteStep::AnswerDue), BookingState::Requested),
        (quotes(QuoteStep::Quoted), BookingState::Requested),
        (quotes(QuoteStep::ChoiceDue), BookingState::Requested),
        (quotes(QuoteStep::Unanswered), BookingState::Requested),
        (quotes(QuoteStep::NotChosen), BookingState::Requested),
        (reminder(Reminder::AnswerFirst), BookingState::Requested),
        (reminder(Reminder::AnswerLast), BookingState::Requested),
        (reminder(Reminder::MissionTomorrow), BookingState::Accepted),
        (reminder(Reminder::ValidateFirst), BookingState::Completed),
        (reminder(Reminder::ValidateLast), BookingState::Completed),
        (reminder(Reminder::Review), BookingState::Validated),
        (reminder(Reminder::Mediation), BookingState::UnderClaim),
        (
            Event::ReviewSubmitted {
                review: review.clone(),
                professional: professional.clone(),
            },
            BookingState::Validated,
        ),
        (
            Event::ReviewPublished {
                review: review.clone(),
                professional: professional.clone(),
            },
            BookingState::Validated,
        ),
        (
            Event::ReviewRejected {
                review,
                professional,
            },
            BookingState::Validated,
        ),
        (
            Event::ReviewNormalised {
                review: id(),
                professional: id(),
            },
            BookingState::Validated,
        ),
        (
            Event::ReviewDoubted {
                review: id(),
                professional: id(),
            },
            BookingState::Validated,
        ),
        (data_request(DataStep::ToProve), BookingState::Requested),
        (data_request(DataStep::Received), BookingState::Requested),
        (data_request(DataStep::Lengthened), BookingState::Requested),
        (data_request(DataStep::Answered), BookingState::Requested),
        (
            Event::ContentReported { report: id() },
            BookingState::Accepted,
        ),
        (
            Event::ReportDecided { report: id() },
            BookingState::Accepted,
        ),
        (message_for(BookingParty::Client), BookingState::Accepted),
        (
            message_for(BookingParty::Professional),
            BookingState::Requested,
        ),
        (standing(StandingStep::Hidden), BookingState::Accepted),
        (standing(StandingStep::ShownAgain), BookingState::Accepted),
        (standing(StandingStep::OfferHidden), BookingState::Accepted),
        (
            standing(StandingStep::OfferShownAgain),
            BookingState::Accepted,
        ),
        (standing(StandingStep::OfferHeld), BookingState::Accepted),
        (standing(StandingStep::OfferAllowed), BookingState::Accepted),
        (standing(StandingStep::Announced), BookingState::Accepted),
        (standing(StandingStep::Revoked), BookingState::Accepted),
        (standing(StandingStep::Applied), BookingState::Accepted),
        (standing(StandingStep::NoticeGiven), BookingState::Accepted),
        (standing(StandingStep::Contested), BookingState::Accepted),
        (
            standing(StandingStep::AppealAnswered),
            BookingState::Accepted,
        ),
        (standing(StandingStep::Leaving), BookingState::Accepted),
        (standing(StandingStep::Stayed), BookingState::Accepted),
        (
            Event::TermsAnnounced {
                account: id(),
                audience: Audience::Clients,
                version: "2027-01".to_owned(),
                effective_at: at("2027-01-14T23:00:00Z"),
            },
            BookingState::Accepted,
        ),
        (
            Event::TermsAnnounced {
                account: id(),
                audience: Audience::Professionals,
                version: "2027-01".to_owned(),
                effective_at: at("2027-01-14T23:00:00Z"),
            },
            BookingState::Accepted,
        ),
        (
            Event::DocumentRenewed {
                professional: id(),
                document: ending_document(),
            },
            BookingState::Accepted,
        ),
        (
            Event::FileChangeAsked {
                professional: id(),
                change: id(),
            },
            BookingState::Accepted,
        ),
        (
            file_change_decided(ChangeState::Accepted),
            BookingState::Accepted,
        ),
        (
            file_change_decided(ChangeState::Refused),
            BookingState::Accepted,
        ),
        (
            file_change_decided(ChangeState::ComplementAsked),
            BookingState::Accepted,
        ),
        (
            Event::FileRefused {
                professional: id(),
                document: ending_document(),
            },
            BookingState::Accepted,
        ),
        (
            Event::DocumentDecided {
                professional: id(),
                document: ending_document(),
            },
            BookingState::Accepted,
        ),
        (
            Event::DocumentExpires {
                professional: id(),
                document: ending_document(),
                step: ExpiryStep::In { days: 30 },
            },
            BookingState::Accepted,
        ),
        (
            Event::DocumentExpires {
                professional: id(),
                document: ending_document(),
                step: ExpiryStep::Over,
            },
            BookingState::Accepted,
        ),
        (
            Event::YearlyStatementReady {
                professional: id(),
                year: 2026,
                whole: domain::yearly::Quarter {
                    paid: 1_234_560,
                    missions: 42,
                    fees: 148_147,
                },
            },
            BookingState::Accepted,
        ),
        (
            Event::TitleEndsBeforeMission {
                booking: id(),
                document: ending_document(),
            },
            BookingState::Accepted,
        ),
        (
            Event::ClientEvaluated {
                evaluation: EvaluationId::from_ulid(ULID),
            },
            BookingState::Validated,
        ),
    ]
}

fn missing(step: LateStep) -> Event {
    Event::ArrivalMissing {
        booking: id(),
        agent: id(),
        step,
    }
}

fn message_for(reader: BookingParty) -> Event {
    Event::MessageWaiting {
        conversation: id(),
        reader,
    }
}

fn standing(step: StandingStep) -> Event {
    Event::StandingChanged {
        professional: id(),
        step,
    }
}

/// A document of the sample that ends.
fn ending_document() -> DocumentId {
    let documents = professional().documents;
    let ends = documents.iter().find(|one| one.expires_on().is_some());
    ends.unwrap().id.clone()
}

/// Everything that the operator can decide, all at once, so that each letter has its reasons.
fn every_decision() -> Standing {
    let now = at("2026-11-20T09:00:00Z");
    let reasons = Reasons {
        ground: Ground::TermsBroken,
        text: "Trois absences en un mois.".to_owned(),
    };
    Standing {
        hiding: Some(Hiding {
            reasons: reasons.clone(),
            by: id(),
            at: now,
        }),
        hidden_offers: vec![HiddenOffer {
            offer: id(),
            title: "Gardiennage de nuit".to_owned(),
            activity: None,
            reasons: reasons.clone(),
            by: id(),
            at: now,
        }],
        measure: Some(Measure {
            kind: MeasureKind::Closure,
            reasons,
            bookings: LiveBookings::Keep,
            until: None,
            by: id(),
            announced_at: now,
            effective_at: MeasureKind::Closure.effective_at(now),
            applied_at: None,
            receipt: None,
        }),
        notice: Some(FormalNotice {
            text: "Fournissez l’attestation d’assurance.".to_owned(),
            by: id(),
            given_at: now,
            due_at: now,
            receipt: None,
        }),
        appeal: Some(Appeal {
            text: "Nous avons remplacé l’agent absent.".to_owned(),
            at: now,
            answer: Some(AppealAnswer {
                text: "Deux absences demeurent.".to_owned(),
                by: id(),
                at: now,
            }),
        }),
        past: vec![PastDecision {
            decided: Decided::OfferHiding {
                title: "Gardiennage de nuit".to_owned(),
                ground: Ground::Other,
            },
            at: now,
            over_at: now,
            ended: Ended::Lifted,
        }],
    }
}

fn data_request(step: DataStep) -> Event {
    Event::DataRequestMoved {
        request: id(),
        step,
    }
}

/// A request about data that was lengthened, then answered.
fn asked_about_data() -> DataRequest {
    DataRequest {
        id: id(),
        right: DataRight::Erasure,
        text: "Je souhaite que tout soit effacé.".to_owned(),
        name: "Nadia Martin".to_owned(),
        email: Email::parse("nadia@exemple.fr").unwrap(),
        account: None,
        channel: Channel::Site,
        entered_by: None,
        received_at: at("2026-11-10T10:00:00Z"),
        proved_at: Some(at("2026-11-10T10:00:00Z")),
        lengthening: Some(Lengthening {
            reason: "Vos fichiers sont nombreux et archivés.".to_owned(),
            by: id(),
            at: at("2026-11-20T10:00:00Z"),
        }),
        answer: Some(DataAnswer {
            outcome: Outcome::PartlyGranted,
            text: "Vos messages sont effacés ; vos factures restent.".to_owned(),
            proof: "Voir le journal.".to_owned(),
            by: id(),
            at: at("2026-11-25T10:00:00Z"),
        }),
    }
}

/// A report that was decided, by somebody who left an address.
fn report() -> Report {
    Report {
        id: id(),
        professional: Some(id()),
        review: None,
        reason: ReportReason::Misleading,
        text: "Texte du signalement, pour l’exploitant seul.".to_owned(),
        email: Some(Email::parse("signaleur@exemple.fr").unwrap()),
        reported_at: at("2026-11-18T09:00:00Z"),
        decision: Some(ReportDecision {
            text: "Le numéro a été vérifié auprès du CNAPS : il est exact.".to_owned(),
            by: id(),
            at: at("2026-11-20T09:00:00Z"),
        }),
    }
}

/// An alert for the mission of a booking.
fn alert(booking: &Booking) -> Alert {
    Alert {
        id: id(),
        client: booking.client.clone(),
        activity: booking.mission.activity,
        place: "Lyon (69)".to_owned(),
        department: booking.mission.place.department,
        interval: booking.mission.interval,
        agents: booking.mission.agents,
        created_at: at("2026-11-10T10:00:00Z"),
        looked_at: Some(at("2026-11-10T10:15:00Z")),
        state: AlertState::Told {
            at: at("2026-11-10T10:30:00Z"),
        },
    }
}

fn quotes(step: QuoteStep) -> Event {
    Event::QuotesMoved {
        request: id(),
        professional: Some(id()),
        step,
    }
}

/// A request for the mission of a booking, at the moment at which somebody is told of a step.
fn quote_request(booking: Booking, step: QuoteStep) -> QuoteRequest {
    let quoted = QuoteReply::Quoted(Box::new(QuotedPrice {
        price: booking.price.clone(),
        conditions: "Parking à prévoir".to_owned(),
        valid_until: at("2026-11-22T09:00:00Z"),
        at: at("2026-11-20T08:00:00Z"),
    }));
    let waits = matches!(step, QuoteStep::Asked | QuoteStep::AnswerDue);
    let over = QuoteRequestState::Ordered {
        booking: booking.id.clone(),
        professional: ProfessionalId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AC"),
        at: at("2026-11-20T08:30:00Z"),
    };
    QuoteRequest {
        id: id(),
        client: booking.client,
        mission: booking.mission,
        created_at: at("2026-11-19T08:00:00Z"),
        answer_by: at("2026-11-21T08:00:00Z"),
        asked: vec![AskedProfessional {
            professional: id(),
            name: booking.professional_name,
            offer: booking.offer,
            offer_title: booking.offer_title,
            reply: if waits { QuoteReply::Awaited } else { quoted },
        }],
        state: if step == QuoteStep::NotChosen {
            over
        } else {
            QuoteRequestState::Open
        },
        reminded: Vec::new(),
    }
}

/// The invoice of the mission.
fn invoice(booking: &Booking, professional: &Professional) -> StoredInvoice {
    let at = at("2026-11-16T09:00:00Z");
    let siren = professional.profile.siren.as_ref().unwrap();
    let series = Series::begin(SeriesKey::of_professional(siren), at);
    let issue = Issue {
        id: InvoiceId::from_ulid(ULID),
        number: series.take().unwrap().0,
        at,
    };
    let address = professional.profile.establishment.clone().unwrap();
    let buyer = Buyer::of_client(&client().client.unwrap(), address, None);
    let platform = Platform::auxilyo().unwrap();
    let due = booking.price.professional_total;
    StoredInvoice {
        invoice: mission_invoice(booking, professional, &buyer, &platform, &issue, due).unwrap(),
        professional: booking.professional.clone(),
        client: booking.client.clone(),
        issued_at: at,
        files: None,
    }
}

/// What the letters are made of; tests change it.
/// An order as the press keeps it, with what goes with it for a consumer.
fn printed_order(booking: &Booking) -> PrintedOrder {
    let paper = |name: &str| KeptPaper {
        name: format!("{name}-{}.pdf", booking.reference),
        key: format!("orders/{}/{name}.pdf", booking.id),
        mime: "application/pdf".to_owned(),
        sha256: "00".repeat(32),
    };
    let order = paper("commande");
    PrintedOrder {
        booking: booking.id.clone(),
        client: booking.client.clone(),
        professional: booking.professional.clone(),
        name: order.name,
        pdf: order.key,
        sha256: order.sha256,
        at: at("2026-11-10T10:00:00Z"),
        former: Vec::new(),
        annexes: Some(Annexes {
            conditions: paper("conditions-de-vente"),
            withdrawal_form: booking
                .consumer
                .then(|| paper("formulaire-de-retractation")),
        }),
    }
}

/// An order of three missions, at the moment at which an event about it happens.
fn order(booking: &Booking, event: &Event) -> Order {
    let (state, answers) = match event {
        Event::OrderCancelled { .. } => (OrderState::Requested, MissionAnswer::Cancelled),
        Event::OrderAbandoned { .. } => (OrderState::Abandoned, MissionAnswer::Lapsed),
        Event::OrderRefused { .. } => (OrderState::Refused, MissionAnswer::Refused),
        Event::OrderExpired { .. } => (OrderState::Expired, MissionAnswer::Lapsed),
        Event::OrderPaymentFailed { .. } => (OrderState::PaymentFailed, MissionAnswer::Accepted),
        Event::OrderContested { .. } | Event::OrderPrinted { .. } => {
            (OrderState::Answered, MissionAnswer::Accepted)
        }
        _ => (OrderState::Requested, MissionAnswer::Waiting),
    };
    let missions: Vec<OrderedMission> = (0..3)
        .map(|week: i64| {
            let later = jiff::SignedDuration::from_hours(7 * 24 * week);
            let interval = booking.mission.interval;
            OrderedMission {
                booking: BookingId::from_ulid(&format!("01J8Z6K3V5Q0T4W9X2Y7R1S{week:03}")),
                interval: Interval::new(interval.start() + later, interval.end() + later).unwrap(),
                agents: booking.agents.clone(),
                price: booking.price.clone(),
                answer: if week == 1 && answers == MissionAnswer::Accepted {
                    MissionAnswer::Refused
                } else {
                    answers
                },
            }
        })
        .collect();
    let total = booking.price.total;
    Order {
        id: id(),
        reference: "CMD-2026-7K3F9Q2A".to_owned(),
        client: id(),
        consumer: booking.consumer,
        contact: booking.contact.clone(),
        professional: id(),
        professional_name: booking.professional_name.clone(),
        offer: id(),
        offer_title: booking.offer_title.clone(),
        activity: booking.mission.activity,
        agents: booking.mission.agents,
        place: booking.mission.place.clone(),
        context: booking.mission.context.clone(),
        billing_address: None,
        delays: booking.delays.clone(),
        cancellation: booking.cancellation,
        acknowledgements: booking.acknowledgements.clone(),
        disputes: vec![SharedDispute {
            id: "dp_1".to_owned(),
            amount: total,
            stage: DisputeStage::Open,
            at: at("2026-11-20T08:00:00Z"),
            shares: vec![(missions[2].booking.clone(), total)],
        }],
        missions,
        state,
        payment: booking.payment.clone(),
        created_at: booking.created_at,
        hold_until: booking.hold_until,
        requested_at: booking.requested_at,
        respond_by: booking.respond_by,
        answered_at: booking.accepted_at,
        advice: booking.advice.clone(),
        refusal_reason: Some("Planning complet".to_owned()),
        closed_at: None,
        reminded: Vec::new(),
    }
}

struct Sample {
    client: Account,
    professional: Professional,
    booking: Booking,
    review: Review,
}

impl Sample {
    fn new(state: BookingState) -> Self {
        Self {
            client: client(),
            professional: professional(),
            booking: booking(state),
            review: review(),
        }
    }

    fn letters(self, event: &Event) -> Vec<Notice> {
        let operator = Email::parse("operateur@exemple.fr").unwrap();
        let post = Post {
            site: SITE,
            keys: &KeySet::of("key", "links"),
            platform: platform(),
            operator: Some(&operator),
            event: "evt_1",
            happened_at: at("2026-11-20T08:59:00Z"),
            now: at("2026-11-20T09:00:00Z"),
        };
        let Self {
            client,
            mut professional,
            booking,
            review,
        } = self;
        // Who leaves by themselves is under no measure of the operator.
        if *event == standing(StandingStep::Leaving) {
            professional.standing.measure = None;
            professional.status = ProfessionalStatus::Accepted;
            professional
                .leave(Departing::WithNotice, &id(), post.now)
                .unwrap();
        }
        match mailing(event) {
            Mailing::Silent => Vec::new(),
            Mailing::Proof(_, write) => proofs(&client, &professional)
                .iter()
                .flat_map(|file| write(&post, file))
                .collect(),
            Mailing::Device(_, _, write) => write(
                &post,
                &DeviceFile {
                    account: client,
                    device: SignedInDevice {
                        session: id(),
                        subject: ULID.to_owned(),
                        methods: Vec::new(),
                        browser: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
                            .to_owned(),
                        country: Some("FR".to_owned()),
                        since: post.now,
                        used_at: None,
                        expires_at: post.now,
                    },
                },
            ),
            Mailing::Account(_, write) => write(
                &post,
                &Account {
                    suspected_at: Some(post.now),
                    ..changing_identifier(client, event)
                },
            ),
            // Only who still has an account is told.
            Mailing::Terms(_, write) => write(
                &post,
                &Account {
                    closed_at: None,
                    ..client
                },
            ),
            Mailing::Professional(_, write) => write(&post, &professional),
            Mailing::Document(_, write) => write(&post, &professional),
            Mailing::Change(_, _, write) => write(
                &post,
                &ChangeFile {
                    professional,
                    change: file_change(event),
                },
            ),
            Mailing::Booking(_, write) => write(
                &post,
                &BookingFile {
                    booking,
                    client,
                    professional,
                },
            ),
            Mailing::Order(_, write) => write(
                &post,
                &OrderFile {
                    order: printed_order(&booking),
                    file: BookingFile {
                        booking,
                        client,
                        professional,
                    },
                    several: None,
                },
            ),
            Mailing::Several(_, write) => write(
                &post,
                &SeveralFile {
                    order: order(&booking, event),
                    client,
                    professional,
                },
            ),
            Mailing::Title(_, write) => write(
                &post,
                &BookingFile {
                    booking,
                    client,
                    professional,
                },
            ),
            Mailing::Team(_, write) => write(
                &post,
                &TeamFile {
                    professional,
                    members: team(),
                },
            ),
            Mailing::Shift(_, _, write) => write(
                &post,
                &ShiftFile {
                    shift: shift(&booking, event),
                    file: BookingFile {
                        booking,
                        client,
                        professional,
                    },
                },
            ),
            Mailing::Invoice(_, write) => write(
                &post,
                &InvoiceFile {
                    stored: invoice(&booking, &professional),
                    client,
                    professional,
                },
            ),
            Mailing::Conversation(_, reader, write) => write(
                &post,
                &ConversationFile {
                    conversation: Conversation::between(
                        id(),
                        id(),
                        id(),
                        "Bastion Sud".to_owned(),
                        at("2026-11-10T10:00:00Z"),
                    ),
                    reader,
                    client,
                    professional,
                },
            ),
            Mailing::Quotes(_, about, step, write) => write(
                &post,
                &QuoteFile {
                    request: quote_request(booking, step),
                    client,
                    professional: about.map(|_| professional),
                },
                step,
            ),
            Mailing::Alert(_, write) => write(
                &post,
                &AlertFile {
                    alert: alert(&booking),
                    client,
                },
            ),
            Mailing::DataRequest(_, step) => {
                crate::letters::data_requests::moved(&post, &asked_about_data(), step)
            }
            Mailing::Report(_, write) => write(&post, &report()),
            Mailing::Review(_, write) => write(
                &post,
                &ReviewFile {
                    review,
                    client,
                    professional,
                },
            ),
        }
    }
}

/// A team with the agent of the samples, a manager, and somebody invited.
fn team() -> Members {
    let now = at("2026-11-19T09:00:00Z");
    let member = |ulid: &str, role: MemberRole| Member {
        account: AccountId::from_ulid(ulid),
        email: Email::parse("agent@vigie.exemple.fr").unwrap(),
        first_name: "Yanis".to_owned(),
        last_name: "Benali".to_owned(),
        role,
        since: now,
        left_at: None,
        feed: Default::default(),
    };
    let mut members = Members::none(id());
    members.members = vec![
        member(ULID, MemberRole::Agent { agent: id() }),
        member("01J8Z6K3V5Q0T4W9X2Y7R1S6AC", MemberRole::Manager),
    ];
    members.invitations = vec![Invitation {
        id: id(),
        email: Email::parse("invitee@vigie.exemple.fr").unwrap(),
        first_name: "Inès".to_owned(),
        last_name: "Roy".to_owned(),
        role: MemberRole::Manager,
        by: id(),
        sent_at: now,
    }];
    members
}

/// What the agent of the samples told: of an arrival that is missing, nothing.
fn shift(booking: &Booking, event: &Event) -> Shift {
    let mut shift = Shift::planned(booking, &id());
    if matches!(event, Event::ArrivalMissing { .. }) {
        return shift;
    }
    let moment = |minutes: i64| {
        let at = booking.mission.interval.start() + jiff::SignedDuration::from_mins(minutes);
        Moment {
            at,
            told_at: at,
            received_at: at,
        }
    };
    shift.arrive(booking, moment(-5), None).unwrap();
    let words = "Texte libre de la main courante : le Portail est forcé.";
    let kind = EntryKind::Intrusion;
    shift.note(booking, moment(60), kind, words).unwrap();
    shift.leave(booking, moment(300), None).unwrap();
    let met = ContactAtEnd::Met;
    shift.end_with(booking, moment(301), words, met).unwrap();
    shift
}

#[test]
fn agents_who_sign_in_are_told_of_their_shifts_and_nobody_else_is() {
    let keys = KeySet::of("key", "links");
    let post = posting("evt_1", &keys);
    let told = |event: &Event, state, members: Members| {
        let Sample {
            client,
            professional,
            mut booking,
            ..
        } = Sample::new(state);
        booking.replacements = vec![Replacement {
            left: AgentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AZ"),
            came: id(),
            at: at("2026-11-12T09:00:00Z"),
        }];
        let (_, write) = to_crew(event).unwrap();
        let file = BookingFile {
            booking,
            client,
            professional,
        };
        write(&post, &CrewFile { file, members })
    };
    let booking: BookingId = id();
    let reminder = Event::ReminderDue {
        booking: booking.clone(),
        reminder: Reminder::MissionTomorrow,
    };
    let replaced = Event::AgentReplaced {
        booking: booking.clone(),
        left: AgentId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AZ"),
        came: id(),
    };
    let off = Event::BookingCancelled {
        booking: booking.clone(),
    };
    for (event, state, template, says_where) in [
        (
            Event::OrderPrinted { booking },
            BookingState::Accepted,
            "agent-shift-given",
            false,
        ),
        (replaced, BookingState::Accepted, "agent-shift-given", false),
        (
            reminder,
            BookingState::Accepted,
            "agent-shift-tomorrow",
            true,
        ),
        (off, BookingState::Cancelled, "agent-shift-off", false),
    ] {
        let letters = told(&event, state, team());
        assert_eq!(letters.len(), 1, "{template}");
        let mail = rendered(&letters[0]);
        assert_eq!(letters[0].letter.template, template);
        assert_eq!(letters[0].to.as_str(), "agent@vigie.exemple.fr");
        assert_eq!(mail.text.contains("18 impasse des Cigognes"), says_where);
        assert!(!mail.text.contains("Quillivéré"), "{}", mail.text);
        assert_eq!(told(&event, state, Members::none(id())).len(), 0);
    }
}

/// Who may have which address, and what is wished from it: each answer once.
fn proofs(client: &Account, professional: &Professional) -> Vec<ProofFile> {
    let client = Account {
        closed_at: None,
        ..client.clone()
    };
    let accepted = client.acceptances.first().cloned().unwrap_or_else(|| {
        Acceptance::of(legal::TERMS_CLIENTS, at("2026-11-20T08:00:00Z"), "", "")
    });
    let open = Wish::OpenClient {
        password_hash: Some("hash".to_owned()),
        profile: client.client.clone().unwrap(),
        accepted: accepted.clone(),
    };
    let register = Wish::Register { accepted };
    let account = || Holder::Account(Box::new(client.clone()));
    let registration = || Holder::Registration(Box::new(professional.clone()));
    [
        (open.clone(), Holder::Nobody),
        (register.clone(), Holder::Nobody),
        (register, registration()),
        (Wish::ResetPassword, account()),
        (open.clone(), account()),
        (open, registration()),
        (Wish::ResetPassword, Holder::Nobody),
    ]
    .map(|(wish, holder)| ProofFile {
        proof: AddressProof::begin(
            id(),
            "hash".to_owned(),
            Email::parse("inconnue@exemple.fr").unwrap(),
            wish,
            "evt_1".to_owned(),
            at("2026-11-20T08:59:00Z"),
        ),
        holder,
    })
    .into()
}

#[test]
fn mails_to_an_address_that_nobody_proved_repeat_nothing_that_was_typed() {
    let keys = KeySet::of("key", "links");
    let unproved = proofs(&client(), &professional());
    for file in unproved.iter().take(2) {
        let notice = super::proofs::asked(&posting("evt_1", &keys), file).swap_remove(0);
        let mail = rendered(&notice);
        for typed in ["Théodora", "Quillivéré", "06 12 34 56 78", "Bastion"] {
            assert!(!mail.text.contains(typed), "{typed}: {}", mail.text);
        }
        assert!(mail.text.contains("\n\nBonjour,\n\n"), "{}", mail.text);
        let code = KeySet::of("key", "links").code_of_six("evt_1");
        let spaced = unbroken(&format!("{} {}", &code[..3], &code[3..]));
        assert!(mail.text.contains(&spaced), "{}", mail.text);
        assert!(!mail.subject.contains(&code[..3]), "{}", mail.subject);
    }
}

#[test]
fn a_proof_is_mailed_to_whom_it_may_concern_and_no_code_to_who_has_an_account() {
    let keys = KeySet::of("key", "links");
    let codes: Vec<(usize, bool)> = proofs(&client(), &professional())
        .iter()
        .map(|file| {
            let letters = super::proofs::asked(&posting("evt_1", &keys), file);
            let with_link = letters.iter().any(|notice| notice.token.is_some());
            (letters.len(), with_link)
        })
        .collect();
    let expected = [
        (1, true),
        (1, true),
        (1, true),
        (1, true),
        (1, false),
        (1, false),
        (0, false),
    ];
    assert_eq!(codes, expected);
    for file in proofs(&client(), &professional()) {
        let late = super::proofs::asked(&posting("evt_2", &keys), &file);
        assert_eq!(late.len(), 0, "another mail was asked for meanwhile");
    }
}

fn posting<'a>(event: &'a str, keys: &'a KeySet) -> Post<'a> {
    Post {
        site: SITE,
        keys,
        platform: platform(),
        operator: None,
        event,
        happened_at: at("2026-11-20T08:59:00Z"),
        now: at("2026-11-20T09:00:00Z"),
    }
}

/// A platform that is not the one of the terms: letters name whoever runs the stage.
fn platform() -> &'static Platform {
    static PLATFORM: LazyLock<Platform> = LazyLock::new(|| Platform {
        email: Email::parse("contact@plateforme.example").unwrap(),
        ..Platform::auxilyo().unwrap()
    });
    &PLATFORM
}

fn rendered(notice: &Notice) -> Mail {
    let to = notice.to.clone();
    notice.letter.render(to, SITE, platform()).unwrap()
}

/// Every mail of every event, with whom it is for.
fn every_mail(change: impl Fn(&mut Sample)) -> Vec<(Notice, Mail)> {
    let letters = events().into_iter().flat_map(|(event, state)| {
        let mut sample = Sample::new(state);
        change(&mut sample);
        sample.letters(&event)
    });
    letters
        .map(|notice| (notice.clone(), rendered(&notice)))
        .collect()
}

fn the_one(event: Event, state: BookingState, recipient: &str) -> (Notice, Mail) {
    let mut letters = Sample::new(state)
        .letters(&event)
        .into_iter()
        .filter(|notice| notice.recipient.starts_with(recipient));
    let notice = letters.next().unwrap();
    let mail = rendered(&notice);
    (notice, mail)
}

fn links(html: &str) -> BTreeSet<&str> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn every_event_is_either_listened_to_and_mailed_or_silent() {
    let variants = schemars::schema_for!(Event).as_value()["oneOf"]
        .as_array()
        .unwrap()
        .len();
    let names: BTreeSet<&str> = events().iter().map(|(event, _)| event.name()).collect();
    assert_eq!(names.len(), variants, "this test knows every event");
    for (event, state) in events() {
        let listened_to = SendMail::EVENTS.contains(&event.name());
        assert_eq!(
            !matches!(mailing(&event), Mailing::Silent),
            listened_to,
            "{}",
            event.name()
        );
        assert_eq!(
            !Sample::new(state).letters(&event).is_empty(),
            listened_to,
            "{}",
            event.name()
        );
    }
}

#[test]
fn every_mail_has_a_short_subject_both_forms_and_links_to_the_site_alone() {
    let mails = every_mail(|_| ());
    let templates: BTreeSet<&str> = mails
        .iter()
        .map(|(notice, _)| notice.letter.template)
        .collect();
    assert_eq!(
        templates.len(),
        mails.len(),
        "each mail has a template of its own"
    );
    for (notice, mail) in mails {
        let template = notice.letter.template;
        assert!(
            (5..=120).contains(&mail.subject.chars().count()),
            "{template}: {}",
            mail.subject
        );
        assert!(
            mail.html.contains("lang=\"fr\"") && mail.html.contains("Bonjour"),
            "{template}"
        );
        assert!(
            mail.text.contains("Bonjour") && !mail.text.contains('<'),
            "{template}"
        );
        assert!(
            !mail.html.contains("{{") && !mail.text.contains("\n\n\n"),
            "{template}:\n{}",
            mail.text
        );
        for link in links(&mail.html) {
            let ours = link.starts_with(SITE) || link == "mailto:contact@plateforme.example";
            assert!(ours, "{template}: {link}");
        }
    }
}

/// The one mail that says where a mission is: to who goes there the next day.
const ON_THE_EVE: &str = "professional-mission-tomorrow";

#[test]
fn nothing_written_to_a_professional_names_the_client_or_says_where_they_live() {
    let hidden = [
        "Théodora",
        "Quillivéré",
        "quillivere",
        "06 12 34 56 78",
        "+33612345678",
        "0612345678",
        "Gwendal",
        "Kerbrat",
        "07 98 76 54 32",
        "+33798765432",
        "Cigognes",
        "Portail",
        "203.0.113.7",
    ];
    let mails = every_mail(|_| ());
    let to_professionals: Vec<_> = mails
        .iter()
        .filter(|(notice, _)| notice.recipient.starts_with("pro_"))
        .filter(|(notice, _)| notice.letter.template != ON_THE_EVE)
        .collect();
    assert!(to_professionals.len() >= 14);
    for (notice, mail) in to_professionals {
        for word in hidden {
            let said =
                mail.subject.contains(word) || mail.text.contains(word) || mail.html.contains(word);
            assert!(!said, "{} says {word}", notice.letter.template);
        }
    }
}

#[test]
fn what_people_wrote_freely_does_not_travel_by_mail() {
    for (notice, mail) in every_mail(|_| ()) {
        if notice.letter.template == ON_THE_EVE {
            assert!(
                mail.text.contains("18 impasse des Cigognes"),
                "{}",
                mail.text
            );
            assert!(!mail.text.contains("Portail") && !mail.text.contains("Appeler"));
            continue;
        }
        for word in [
            "Portail",
            "portail",
            "Appeler",
            "Pas assez d’agents",
            "Agent aimable",
            "douteuse",
            "Cigognes",
        ] {
            assert!(
                !mail.text.contains(word) && !mail.html.contains(word),
                "{} says {word}",
                notice.letter.template
            );
        }
    }
}

#[test]
fn markup_in_names_is_shown_not_obeyed() {
    let mails = every_mail(|sample| {
        let script = "<script>alert(1)</script>".to_owned();
        sample.booking.professional_name.clone_from(&script);
        sample.booking.offer_title.clone_from(&script);
        sample.booking.mission.place.town.clone_from(&script);
        sample.professional.profile.denomination = Some(script.clone());
        sample.professional.complements = Some(script.clone());
        sample.review.author.clone_from(&script);
        if let Some(profile) = &mut sample.client.client {
            profile.first_name = script;
        }
    });
    for (notice, mail) in mails {
        assert!(!mail.html.contains("<script"), "{}", notice.letter.template);
        assert!(
            mail.subject.chars().count() <= 120,
            "{}",
            notice.letter.template
        );
    }
}

#[test]
fn no_mail_stumbles_over_a_vowel_or_breaks_a_line_where_no_reader_would() {
    let mails = every_mail(|sample| {
        sample.booking.professional_name = "Atelier Garde".to_owned();
        sample.booking.offer_title = "Îlotage de nuit".to_owned();
        sample.booking.mission.place.town = "Angers".to_owned();
        sample.professional.profile.denomination = Some("Atelier Garde".to_owned());
        sample.review.author = "Inès D.".to_owned();
        if let Some(profile) = &mut sample.client.client {
            profile.first_name = "Élise".to_owned();
        }
    });
    let mut faults = Vec::new();
    let elided = [
        "de", "que", "le", "la", "ce", "ne", "je", "se", "jusque", "lorsque", "puisque",
    ];
    for (notice, mail) in mails {
        let template = notice.letter.template;
        for line in mail.text.lines().chain([mail.subject.as_str()]) {
            if unbroken(line) != line || line.contains("h\u{a0}00") {
                faults.push(format!("{template}: {line}"));
            }
            let words: Vec<&str> = line.split([' ', '\u{a0}', '«', '(']).collect();
            for pair in words.windows(2) {
                let [short, next] = pair else { continue };
                let vowel = folded(next).starts_with(['a', 'e', 'i', 'o', 'u']);
                let kept = next.starts_with("onz") || next.starts_with("oui");
                let stumbles = elided.contains(&short.to_lowercase().as_str()) && vowel && !kept;
                if stumbles {
                    faults.push(format!("{template}: {short} {next}, in {line}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn long_names_make_no_long_subject() {
    for (notice, mail) in every_mail(|sample| {
        sample.booking.professional_name = "Très longue dénomination ".repeat(5);
        sample.booking.mission.place.town =
            "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson".to_owned();
    }) {
        assert!(
            mail.subject.chars().count() <= 120,
            "{}: {}",
            notice.letter.template,
            mail.subject
        );
        let asked = [
            "professional-new-request",
            "professional-answer-reminder-24h",
        ]
        .contains(&notice.letter.template);
        assert!(
            !asked
                || mail
                    .subject
                    .ends_with("avant le jeudi 12 novembre 2026 à 10\u{a0}h"),
            "{}",
            mail.subject
        );
    }
}

#[test]
fn the_invitation_to_review_sells_nothing() {
    let reminder = Event::ReminderDue {
        booking: id(),
        reminder: Reminder::Review,
    };
    for (event, template) in [
        (
            Event::BookingValidated { booking: id() },
            "client-review-invitation",
        ),
        (reminder, "client-review-reminder"),
    ] {
        let letters = Sample::new(BookingState::Validated).letters(&event);
        let notice = letters
            .into_iter()
            .find(|notice| notice.letter.template == template)
            .unwrap();
        let mail = rendered(&notice);
        let review = format!("{SITE}/reservations/bkg_{ULID}/avis");
        let privacy = format!("{SITE}/confidentialite-et-cookies");
        let allowed = BTreeSet::from([
            review.as_str(),
            privacy.as_str(),
            "mailto:contact@plateforme.example",
        ]);
        assert_eq!(links(&mail.html), allowed);
        assert_eq!(mail.text.matches("https://").count(), 2);
        assert!(!mail.html.contains("<img"));
        let words = format!("{} {}", mail.subject, mail.text).to_lowercase();
        for word in [
            "offre",
            "promo",
            "réduction",
            "remise",
            "bon d’achat",
            "parrain",
            "newsletter",
            "gratuit",
            "découvr",
            "profit",
            "nouvelle mission",
            "€",
        ] {
            assert!(!words.contains(word), "{template} says {word}");
        }
    }
}

#[test]
fn nobody_is_invited_to_review_twice_or_too_late() {
    let reminder = Event::ReminderDue {
        booking: id(),
        reminder: Reminder::Review,
    };
    let mut reviewed = Sample::new(BookingState::Validated);
    reviewed.booking.review = Some(id());
    assert!(reviewed.letters(&reminder).is_empty());
    let mut late = Sample::new(BookingState::Validated);
    late.booking.validated_at = Some(at("2026-10-21T08:59:59Z"));
    assert!(late.letters(&reminder).is_empty());
}

#[test]
fn a_reminder_that_has_lost_its_occasion_is_not_sent() {
    for (reminder, state) in [
        (Reminder::AnswerFirst, BookingState::Accepted),
        (Reminder::AnswerLast, BookingState::Expired),
        (Reminder::MissionTomorrow, BookingState::Completed),
        (Reminder::ValidateFirst, BookingState::Validated),
        (Reminder::ValidateLast, BookingState::Validated),
    ] {
        let event = Event::ReminderDue {
            booking: id(),
            reminder,
        };
        assert!(
            Sample::new(state).letters(&event).is_empty(),
            "{reminder:?}"
        );
    }
    let event = Event::BookingRequested { booking: id() };
    let letters = Sample::new(BookingState::Cancelled).letters(&event);
    assert_eq!(
        letters.len(),
        1,
        "the client keeps proof of the order, the professional is not asked in vain"
    );
}

#[test]
fn the_confirmation_says_what_the_law_wants_said() {
    let (_, mail) = the_one(
        Event::OrderPrinted { booking: id() },
        BookingState::Accepted,
        "acc_",
    );
    for words in [
        "ne confère aucune prérogative de puissance publique",
        "AUT-078-2123-12-09-20240960800",
        "Moussa",
        "CAR-092-2030-06-19-20250183149",
        "73282932000074",
        "4 rue de la Paroisse, 78000 Versailles",
        "version 2026-03",
        "MonAgentDeSecu\u{a0}: version 2026-09",
        "Médiation Conso, https://mediation.exemple.fr",
        "jusqu’au mardi 24 novembre 2026 inclus",
        "L221-25",
        "L221-28",
        "Je vous notifie par la présente ma rétractation",
        "Commandée le\u{a0}: mardi 10 novembre 2026",
    ] {
        assert!(
            mail.text.contains(words),
            "{words} is not in\n{}",
            mail.text
        );
    }
    let price = booking(BookingState::Accepted).price;
    for amount in [
        price.total,
        price.professional_total,
        price.commission,
        price.vat,
        price.travel,
    ] {
        assert!(mail.text.contains(&amount.to_string()), "{amount}");
    }
    assert!(!mail.text.to_lowercase().contains("séquestre"));
    assert!(!mail.text.contains("Traoré"), "first names only");
}

/// One confirmation for an order: what was taken, what is never debited, what it comes to.
#[test]
fn an_order_is_confirmed_once_with_what_was_debited() {
    let Sample {
        client,
        professional,
        booking,
        ..
    } = Sample::new(BookingState::Accepted);
    let printed = Event::OrderPrinted { booking: id() };
    let several = order(&booking, &printed);
    let total = booking.price.total.cents();
    let post = Post {
        site: SITE,
        keys: &KeySet::of("key", "links"),
        platform: platform(),
        operator: None,
        event: "evt_1",
        happened_at: at("2026-11-20T08:59:00Z"),
        now: at("2026-11-20T09:00:00Z"),
    };
    let file = OrderFile {
        order: printed_order(&booking),
        file: BookingFile {
            booking,
            client,
            professional,
        },
        several: Some(several),
    };
    let notices = crate::letters::missions::concluded(&post, &file);
    let [to_client, to_professional] = notices.as_slice() else {
        panic!("{} letters", notices.len());
    };
    let told = rendered(to_client);
    assert!(
        told.subject.contains("accepte 2 dates sur 3"),
        "{}",
        told.subject
    );
    for words in [
        Euros::from_cents(2 * total).to_string(),
        Euros::from_cents(3 * total).to_string(),
        "CMD-2026-7K3F9Q2A".to_owned(),
        "Non débitées".to_owned(),
        "Formulaire de rétractation".to_owned(),
    ] {
        assert!(
            told.text.contains(&words),
            "{words} is not in {}",
            told.text
        );
    }
    assert_eq!(to_client.papers.len(), 3);
    let told = rendered(to_professional);
    for hidden in ["Kerbrat", "07 98 76 54 32", "Théodora"] {
        assert!(!told.text.contains(hidden), "{hidden} in {}", told.text);
    }
}

#[test]
fn everything_that_the_contract_consists_of_goes_with_its_confirmation_to_the_client_alone() {
    for (consumer, expected) in [(true, 3), (false, 2)] {
        let mut sample = Sample::new(BookingState::Accepted);
        sample.booking.consumer = consumer;
        let letters = sample.letters(&Event::OrderPrinted { booking: id() });
        let papers: Vec<usize> = letters.iter().map(|notice| notice.papers.len()).collect();
        assert_eq!(
            papers,
            [expected, 0],
            "order, conditions and a consumer's form; nothing of the client's to the professional"
        );
        assert!(letters[0].papers[0].name.starts_with("commande-MAS-"));
        assert!(
            letters[0].papers[1]
                .name
                .starts_with("conditions-de-vente-MAS-")
        );
        let told = rendered(&letters[0])
            .text
            .contains("formulaire de rétractation sont joints");
        assert_eq!(told, consumer);
    }
}

#[test]
fn nothing_is_called_confirmed_before_the_card_is_debited() {
    for event in [
        Event::BookingAccepted { booking: id() },
        Event::PaymentCaptured { booking: id() },
    ] {
        assert!(
            Sample::new(BookingState::Accepted)
                .letters(&event)
                .is_empty()
        );
    }
}

#[test]
fn a_business_has_no_right_of_withdrawal() {
    let mut sample = Sample::new(BookingState::Accepted);
    sample.booking.consumer = false;
    sample.booking.withdrawal_deadline = None;
    let letters = sample.letters(&Event::OrderPrinted { booking: id() });
    for notice in letters {
        let text = rendered(&notice).text;
        assert!(
            !text.contains("étractation") && !text.contains("Médiateur"),
            "{text}"
        );
    }
}

#[test]
fn a_request_says_that_nothing_is_debited_yet() {
    let (_, mail) = the_one(
        Event::BookingRequested { booking: id() },
        BookingState::Requested,
        "acc_",
    );
    let total = booking(BookingState::Requested).price.total.to_string();
    assert!(
        mail.text
            .contains(&format!("Votre carte est autorisée pour {total}."))
    );
    assert!(mail.text.contains("Rien n’est débité pour l’instant"));
    assert!(mail.text.contains("jeudi 12 novembre 2026 à 10\u{a0}h"));
}

#[test]
fn a_title_that_ends_is_named_by_its_kind_and_forgotten_once_it_is_replaced() {
    let event = Event::TitleEndsBeforeMission {
        booking: id(),
        document: ending_document(),
    };
    let (_, mail) = the_one(event.clone(), BookingState::Accepted, "acc_");
    assert!(
        mail.text.contains("jeudi 12 novembre 2026"),
        "{}",
        mail.text
    );
    for hidden in ["Moussa", "Traoré", "CAR-", "AUT-"] {
        assert!(!mail.text.contains(hidden), "{}", mail.text);
    }
    let mut lifted = Sample::new(BookingState::Accepted);
    lifted.booking.title_alerts[0].lifted_at = Some(at("2026-11-11T11:00:00Z"));
    assert_eq!(lifted.letters(&event).len(), 0);
    let given_up = Sample::new(BookingState::Cancelled);
    assert_eq!(given_up.letters(&event).len(), 0);
}

#[test]
fn a_refused_applicant_is_given_no_grounds() {
    let (_, mail) = the_one(
        Event::ProfessionalRefused { professional: id() },
        BookingState::Requested,
        "pro_",
    );
    for word in ["douteuse", "motif", "raison", "assurance", "RIB"] {
        assert!(!mail.text.contains(word), "{word}");
    }
}

#[test]
fn a_client_who_let_the_delay_validate_is_told_so() {
    let mut sample = Sample::new(BookingState::Validated);
    sample.booking.validated_automatically = true;
    let letters = sample.letters(&Event::BookingValidated { booking: id() });
    assert_eq!(
        letters[0].letter.template,
        "client-mission-validated-by-delay"
    );
}

#[test]
fn links_that_open_something_carry_a_token_of_the_right_length_of_life() {
    for (event, path, hours) in [
        (
            Event::AddressProofAsked { proof: id() },
            "/verifier-adresse?jeton=",
            24,
        ),
        (
            Event::ComplementsRequested { professional: id() },
            "/inscription/reprendre?jeton=",
            168,
        ),
        (
            Event::ProfessionalAccepted { professional: id() },
            "/activation?jeton=",
            72,
        ),
        (
            Event::MemberInvited {
                professional: id(),
                invitation: id(),
            },
            "/equipe/rejoindre?jeton=",
            168,
        ),
        (
            standing(StandingStep::Applied),
            "/contester?jeton=",
            183 * 24,
        ),
    ] {
        let [once, again] = [(); 2].map(|()| {
            Sample::new(BookingState::Requested)
                .letters(&event)
                .swap_remove(0)
        });
        let (token, url) = (
            once.token.clone().unwrap(),
            once.letter.action.clone().unwrap().url,
        );
        assert!(
            once == again,
            "delivered again, an event makes the same mail and token"
        );
        let secret = url.strip_prefix(&format!("{SITE}{path}")).unwrap();
        assert_eq!(adapters::secrets::hash_token(secret), token.hash);
        assert_eq!(
            token.expires_at,
            at("2026-11-20T09:00:00Z") + jiff::SignedDuration::from_hours(hours)
        );
    }
    for (notice, mail) in every_mail(|_| ()) {
        // Links that end the newsletter or an alert prove themselves: they last longer than a stored token.
        let by_itself = ["/lettre?jeton=", "/alerte?jeton="];
        let carries =
            mail.text.contains("jeton=") && !by_itself.iter().any(|link| mail.text.contains(link));
        assert_eq!(
            carries,
            notice.token.is_some(),
            "{}",
            notice.letter.template
        );
    }
}

#[test]
#[ignore = "writes every mail to `mail-previews` in the temporary folder, to be looked at"]
fn previews() {
    let folder = std::env::temp_dir().join("mail-previews");
    std::fs::create_dir_all(&folder).unwrap();
    for (notice, mail) in every_mail(|_| ()) {
        std::fs::write(
            folder.join(format!("{}.html", notice.letter.template)),
            mail.html,
        )
        .unwrap();
        std::fs::write(
            folder.join(format!("{}.txt", notice.letter.template)),
            mail.text,
        )
        .unwrap();
    }
}
