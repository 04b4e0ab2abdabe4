//! Which letters tell of which event, and what is read to write them.

use domain::account::Account;
use domain::booking::{BookingParty, Reminder};
use domain::event::{DataStep, Event, InactivityStep};
use domain::ids::{
    AccountId, AgentId, AlertId, BookingId, ConversationId, DataRequestId, FileChangeId, InvoiceId,
    OrderId, ProfessionalId, ProofId, QuoteRequestId, ReportId, ReviewId, SessionId,
};
use domain::professional::{PayoutStatus, Professional, StandingStep};
use domain::quotes::QuoteStep;
use domain::report::Report;

use crate::files::{
    AlertFile, BookingFile, ChangeFile, ConversationFile, CrewFile, DeviceFile, InvoiceFile,
    OrderFile, ProofFile, QuoteFile, ReviewFile, SeveralFile, ShiftFile, TeamFile,
};
use crate::letters::{
    accounts, alerts, changes, claims, conversations, documents, endings, invoices, missions,
    modifications, money, orders, payouts, proofs, quotes, registrations, reports, requests,
    reviews, shifts, standing, team,
};
use crate::post::{Notice, Post};

/// Writes to a professional about something that the event names.
pub(crate) type ToProfessional<'a> =
    Box<dyn Fn(&Post<'_>, &Professional) -> Vec<Notice> + Send + 'a>;

/// Writes to somebody of a team that the event names.
pub(crate) type ToTeam<'a> = Box<dyn Fn(&Post<'_>, &TeamFile) -> Vec<Notice> + Send + 'a>;

/// Writes about one agent of a booking.
pub(crate) type ToShift<'a> = Box<dyn Fn(&Post<'_>, &ShiftFile) -> Vec<Notice> + Send + 'a>;

/// Writes to the agents of a booking who sign in for themselves.
pub(crate) type ToCrew = fn(&Post<'_>, &CrewFile) -> Vec<Notice>;

/// Writes to the holder of an account about something that the event names.
pub(crate) type ToAccount<'a> = Box<dyn Fn(&Post<'_>, &Account) -> Vec<Notice> + Send + 'a>;

/// Writes about a booking and something else that the event names.
pub(crate) type ToBooking<'a> = Box<dyn Fn(&Post<'_>, &BookingFile) -> Vec<Notice> + Send + 'a>;

/// What is read to write the letters of an event, and what writes them.
pub(crate) enum Mailing<'a> {
    Device(
        &'a AccountId,
        &'a SessionId,
        fn(&Post<'_>, &DeviceFile) -> Vec<Notice>,
    ),
    Proof(&'a ProofId, fn(&Post<'_>, &ProofFile) -> Vec<Notice>),
    Terms(&'a AccountId, ToAccount<'a>),
    Account(&'a AccountId, fn(&Post<'_>, &Account) -> Vec<Notice>),
    Professional(
        &'a ProfessionalId,
        fn(&Post<'_>, &Professional) -> Vec<Notice>,
    ),
    Document(&'a ProfessionalId, ToProfessional<'a>),
    Change(
        &'a ProfessionalId,
        &'a FileChangeId,
        fn(&Post<'_>, &ChangeFile) -> Vec<Notice>,
    ),
    Team(&'a ProfessionalId, ToTeam<'a>),
    Shift(&'a BookingId, &'a AgentId, ToShift<'a>),
    Booking(&'a BookingId, fn(&Post<'_>, &BookingFile) -> Vec<Notice>),
    Order(&'a BookingId, fn(&Post<'_>, &OrderFile) -> Vec<Notice>),
    Several(&'a OrderId, fn(&Post<'_>, &SeveralFile) -> Vec<Notice>),
    Title(&'a BookingId, ToBooking<'a>),
    Review(&'a ReviewId, fn(&Post<'_>, &ReviewFile) -> Vec<Notice>),
    Conversation(
        &'a ConversationId,
        BookingParty,
        fn(&Post<'_>, &ConversationFile) -> Vec<Notice>,
    ),
    Quotes(
        &'a QuoteRequestId,
        Option<&'a ProfessionalId>,
        QuoteStep,
        fn(&Post<'_>, &QuoteFile, QuoteStep) -> Vec<Notice>,
    ),
    Alert(&'a AlertId, fn(&Post<'_>, &AlertFile) -> Vec<Notice>),
    DataRequest(&'a DataRequestId, DataStep),
    Report(&'a ReportId, fn(&Post<'_>, &Report) -> Vec<Notice>),
    Invoice(&'a InvoiceId, fn(&Post<'_>, &InvoiceFile) -> Vec<Notice>),
    Silent,
}

/// The letters of each event. A new event is decided here: written to somebody, or silent.
pub(crate) fn mailing(event: &Event) -> Mailing<'_> {
    match event {
        Event::AddressProofAsked { proof } => Mailing::Proof(proof, proofs::asked),
        Event::NewsletterAsked { account } => Mailing::Account(account, accounts::newsletter_asked),
        Event::AccountClosed { account } => Mailing::Account(account, accounts::closed),
        Event::DataRequestMoved { request, step } => Mailing::DataRequest(request, *step),
        Event::AccountInactive { account, step } => Mailing::Account(
            account,
            match step {
                InactivityStep::Warned => accounts::inactive,
                InactivityStep::Closed => accounts::lapsed,
            },
        ),
        Event::IdentifierChangeAsked { account } => {
            Mailing::Account(account, accounts::identifier_change_asked)
        }
        Event::IdentifierChangeConfirmed { account } => {
            Mailing::Account(account, accounts::identifier_change_confirmed)
        }
        Event::NewDeviceSignedIn { account, session } => {
            Mailing::Device(account, session, accounts::signed_in_elsewhere)
        }
        Event::AccessSuspected { account } => Mailing::Account(account, accounts::access_suspected),
        Event::IdentifierChanged { account } => {
            Mailing::Account(account, accounts::identifier_changed)
        }
        Event::IdentifierChangeDeclined { account } => {
            Mailing::Account(account, accounts::identifier_change_declined)
        }
        Event::TermsAnnounced {
            account,
            audience,
            version,
            effective_at,
        } => Mailing::Terms(
            account,
            Box::new(|post, account| {
                accounts::terms_announced(post, account, *audience, version, *effective_at)
            }),
        ),
        Event::RegistrationSubmitted { professional } => {
            Mailing::Professional(professional, registrations::submitted)
        }
        Event::ComplementsRequested { professional } => {
            Mailing::Professional(professional, registrations::complements_requested)
        }
        Event::ProfessionalAccepted { professional } => {
            Mailing::Professional(professional, registrations::accepted)
        }
        Event::ProfessionalRefused { professional } => {
            Mailing::Professional(professional, registrations::refused)
        }
        Event::MemberInvited { .. }
        | Event::MemberRemoved { .. }
        | Event::ArrivalMissing { .. }
        | Event::IncidentNoted { .. }
        | Event::ShiftReported { .. } => of_a_team(event),
        Event::BookingRequested { booking } => Mailing::Booking(booking, requests::requested),
        Event::QuotesMoved {
            request,
            professional,
            step,
        } => Mailing::Quotes(request, professional.as_ref(), *step, quotes::moved),
        Event::AlertMet { alert } => Mailing::Alert(alert, alerts::met),
        Event::BookingAbandoned { booking } => Mailing::Booking(booking, requests::abandoned),
        Event::OrderPrinted { booking } => Mailing::Order(booking, missions::concluded),
        Event::AgentReplaced { booking, .. } => Mailing::Booking(booking, missions::replaced),
        Event::ModificationProposed { .. } | Event::ModificationDeclined { .. } => of_a_change(event),
        Event::OrderRequested { .. }
        | Event::OrderAbandoned { .. }
        | Event::OrderRefused { .. }
        | Event::OrderExpired { .. }
        | Event::OrderCancelled { .. }
        | Event::OrderPaymentFailed { .. }
        | Event::OrderContested { .. }
        | Event::OrderReminderDue { .. } => of_several(event),
        Event::BookingRefused { booking } => Mailing::Booking(booking, requests::refused),
        Event::BookingCancelled { booking } => Mailing::Booking(booking, endings::cancelled),
        Event::BookingCancelledByProfessional { booking } => {
            Mailing::Booking(booking, endings::cancelled_by_professional)
        }
        Event::BookingCalledOff { booking } => Mailing::Booking(booking, endings::called_off),
        Event::BookingRefundDecided { booking } => {
            Mailing::Booking(booking, endings::refund_decided)
        }
        Event::BookingWithdrawn { booking } => Mailing::Booking(booking, endings::withdrawn),
        Event::BookingPaymentFailed { booking } => {
            Mailing::Booking(booking, endings::payment_failed)
        }
        Event::RefundMade { booking } => Mailing::Booking(booking, money::refund_made),
        Event::RefundFailed { booking } => Mailing::Booking(booking, money::refund_failed),
        Event::PayoutDelayed { booking } => Mailing::Booking(booking, money::payout_delayed),
        Event::TransferReversed { booking } => Mailing::Booking(booking, money::transfer_reversed),
        Event::DisputeOpened { booking } => Mailing::Booking(booking, money::dispute_opened),
        Event::DisputeWon { booking } => Mailing::Booking(booking, money::dispute_won),
        Event::DisputeLost { booking } => Mailing::Booking(booking, money::dispute_lost),
        Event::ClaimOpened { booking } => Mailing::Booking(booking, claims::opened),
        Event::SettlementProposed { booking } => Mailing::Booking(booking, claims::proposed),
        Event::ClaimSettled { booking } => Mailing::Booking(booking, claims::settled),
        Event::PayoutsChanged {
            professional,
            status,
        } => Mailing::Professional(
            professional,
            match status {
                PayoutStatus::Pending => payouts::to_activate,
                PayoutStatus::Active => payouts::active,
                PayoutStatus::Restricted => payouts::restricted,
            },
        ),
        Event::BankDetailsChanged { professional } => {
            Mailing::Professional(professional, payouts::bank_account_asked)
        }
        Event::StandingChanged { professional, step } => {
            Mailing::Professional(professional, standing_letter(*step))
        }
        Event::DocumentExpires {
            professional,
            document,
            step,
        } => Mailing::Document(
            professional,
            Box::new(|post, professional| documents::expires(post, professional, document, *step)),
        ),
        Event::YearlyStatementReady { .. } => of_a_year(event),
        Event::TitleEndsBeforeMission { booking, document } => Mailing::Title(
            booking,
            Box::new(|post, file| documents::ends_before_mission(post, file, document)),
        ),
        Event::FileRefused {
            professional,
            document,
        } => Mailing::Document(
            professional,
            Box::new(|post, professional| documents::file_refused(post, professional, document)),
        ),
        Event::DocumentDecided {
            professional,
            document,
        } => Mailing::Document(
            professional,
            Box::new(|post, professional| documents::decided(post, professional, document)),
        ),
        Event::FileChangeAsked {
            professional,
            change,
        } => Mailing::Change(professional, change, changes::asked),
        Event::FileChangeDecided {
            professional,
            change,
            outcome,
        } => Mailing::Change(professional, change, changes::told(*outcome)),
        Event::DocumentRenewed { professional, .. } => {
            Mailing::Professional(professional, documents::renewed)
        }
        Event::BookingExpired { booking } => Mailing::Booking(booking, requests::expired),
        Event::MissionCompleted { booking } => Mailing::Booking(booking, missions::completed),
        Event::BookingValidated { booking } => Mailing::Booking(booking, missions::validated),
        Event::BookingPaidOut { booking } => Mailing::Booking(booking, missions::paid_out),
        Event::ReminderDue { booking, reminder } => Mailing::Booking(
            booking,
            match reminder {
                Reminder::AnswerFirst => requests::answer_first_reminder,
                Reminder::AnswerLast => requests::answer_last_reminder,
                Reminder::MissionTomorrow => missions::tomorrow,
                Reminder::ValidateFirst => missions::validate_first_reminder,
                Reminder::ValidateLast => missions::validate_last_reminder,
                Reminder::Review => reviews::review_reminder,
                Reminder::Mediation => claims::mediation,
            },
        ),
        Event::InvoiceReady { invoice } => Mailing::Invoice(invoice, invoices::ready),
        Event::ReviewSubmitted { review, .. } => Mailing::Review(review, reviews::submitted),
        Event::ReviewPublished { review, .. } => Mailing::Review(review, reviews::published),
        Event::ReviewRejected { review, .. } => Mailing::Review(review, reviews::rejected),
        Event::ReviewNormalised { review, .. } => Mailing::Review(review, reviews::normalised),
        Event::ReviewDoubted { review, .. } => Mailing::Review(review, reviews::doubted),
        Event::ContentReported { report } => Mailing::Report(report, reports::reported),
        Event::MessageWaiting {
            conversation,
            reader,
        } => Mailing::Conversation(conversation, *reader, conversations::message_waiting),
        Event::ReportDecided { report } => Mailing::Report(report, reports::decided),
        // Whoever joins reads it on the screen.
        Event::MemberJoined { .. }
        // Upkeep of the catalogue, a hold before payment, and what a professional tells the operator alone.
        | Event::ProfessionalChanged { .. }
        | Event::StripeNotified { .. }
        // The contract is told of once the card is debited and the order printed.
        | Event::BookingAccepted { .. }
        // Told once the order is printed anew.
        | Event::BookingModified { .. }
        | Event::PaymentCaptured { .. }
        | Event::BankDetailsSettled { .. }
        // Told with what was debited, once the order is printed.
        | Event::OrderAnswered { .. }
        | Event::OrderCaptured { .. }
        | Event::InvoiceIssued { .. }
        | Event::OfferChanged { .. }
        | Event::AccountChanged { .. }
        | Event::BookingOrdered { .. }
        | Event::ClientEvaluated { .. } => Mailing::Silent,
    }
}

/// What a professional was paid over a year.
fn of_a_year(event: &Event) -> Mailing<'_> {
    match event {
        Event::YearlyStatementReady {
            professional,
            year,
            whole,
        } => Mailing::Document(
            professional,
            Box::new(|post, professional| payouts::year_ready(post, professional, *year, whole)),
        ),
        _ => Mailing::Silent,
    }
}

/// What mails tell of an order of several missions.
fn of_several(event: &Event) -> Mailing<'_> {
    match event {
        Event::OrderRequested { order } => Mailing::Several(order, orders::requested),
        Event::OrderAbandoned { order } => Mailing::Several(order, orders::abandoned),
        Event::OrderRefused { order } => Mailing::Several(order, orders::refused),
        Event::OrderExpired { order } => Mailing::Several(order, orders::expired),
        Event::OrderCancelled { order } => Mailing::Several(order, orders::cancelled),
        Event::OrderPaymentFailed { order } => Mailing::Several(order, orders::payment_failed),
        Event::OrderContested { order } => Mailing::Several(order, orders::contested),
        Event::OrderReminderDue { order, reminder } => Mailing::Several(
            order,
            match reminder {
                Reminder::AnswerLast => orders::answer_last_reminder,
                Reminder::AnswerFirst
                | Reminder::MissionTomorrow
                | Reminder::ValidateFirst
                | Reminder::ValidateLast
                | Reminder::Review
                | Reminder::Mediation => orders::answer_first_reminder,
            },
        ),
        _ => Mailing::Silent,
    }
}

/// What mails tell of a mission that is to change.
fn of_a_change(event: &Event) -> Mailing<'_> {
    match event {
        Event::ModificationProposed { booking } => {
            Mailing::Booking(booking, modifications::proposed)
        }
        Event::ModificationDeclined { booking, by } => Mailing::Booking(
            booking,
            match by {
                BookingParty::Client => modifications::declined_by_client,
                BookingParty::Professional => modifications::declined_by_professional,
            },
        ),
        _ => Mailing::Silent,
    }
}

/// What a company is told of its team, its members of it, and both parties of who is there.
fn of_a_team(event: &Event) -> Mailing<'_> {
    match event {
        Event::MemberInvited {
            professional,
            invitation,
        } => Mailing::Team(
            professional,
            Box::new(|post, file| team::invited(post, file, invitation)),
        ),
        Event::MemberRemoved {
            professional,
            account,
        } => Mailing::Team(
            professional,
            Box::new(|post, file| team::removed(post, file, account)),
        ),
        Event::ArrivalMissing {
            booking,
            agent,
            step,
        } => Mailing::Shift(
            booking,
            agent,
            Box::new(|post, file| shifts::missing(post, file, *step)),
        ),
        Event::IncidentNoted {
            booking,
            agent,
            entry,
        } => Mailing::Shift(
            booking,
            agent,
            Box::new(|post, file| shifts::incident(post, file, *entry)),
        ),
        Event::ShiftReported { booking, agent } => {
            Mailing::Shift(booking, agent, Box::new(shifts::reported))
        }
        _ => Mailing::Silent,
    }
}

/// What a professional is told of a decision about them.
fn standing_letter(step: StandingStep) -> fn(&Post<'_>, &Professional) -> Vec<Notice> {
    match step {
        StandingStep::Hidden => standing::hidden,
        StandingStep::ShownAgain => standing::shown_again,
        StandingStep::OfferHidden => standing::offer_hidden,
        StandingStep::OfferShownAgain => standing::offer_shown_again,
        StandingStep::OfferHeld => standing::offer_held,
        StandingStep::OfferAllowed => standing::offer_allowed,
        StandingStep::Announced => standing::announced,
        StandingStep::Revoked => standing::revoked,
        StandingStep::Applied => standing::applied,
        StandingStep::NoticeGiven => standing::notice_given,
        StandingStep::Contested => standing::contested,
        StandingStep::AppealAnswered => standing::appeal_answered,
        StandingStep::Leaving => standing::leaving,
        StandingStep::Stayed => standing::stayed,
    }
}

/// What the agents of a booking are told of an event: those who sign in for themselves.
pub(crate) fn to_crew(event: &Event) -> Option<(&BookingId, ToCrew)> {
    let (booking, write): (_, ToCrew) = match event {
        Event::OrderPrinted { booking } => (booking, shifts::given),
        Event::AgentReplaced { booking, .. } => (booking, shifts::changed_hands),
        Event::ReminderDue {
            booking,
            reminder: Reminder::MissionTomorrow,
        } => (booking, shifts::tomorrow),
        Event::BookingCancelled { booking }
        | Event::BookingCancelledByProfessional { booking }
        | Event::BookingCalledOff { booking }
        | Event::BookingWithdrawn { booking }
        | Event::BookingPaymentFailed { booking } => (booking, shifts::off),
        _ => return None,
    };
    Some((booking, write))
}
