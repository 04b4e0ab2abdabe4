//! Tells people by mail what happened: each mail at most once for an event and a recipient.
//!
//! A mail is claimed before it is sent, in one transaction with the token that its link carries. If
//! the mailer did not take it, the claim is given back and the bus delivers the event again; if this
//! function dies in between, the mail stays claimed and is never sent twice.

use adapters::environment::{Environment, Outside};
use adapters::mailer::{MailName, Mailer};
use adapters::store::{
    Changes, Key, OutboxItem, Record as _, SentMail, StoreError, StoredInvoice, Trace,
};
use domain::account::Account;
use domain::booking::{Booking, BookingParty, Reminder};
use domain::conversation::Conversation;
use domain::event::Event;
use domain::identifiers::Email;
use domain::ids::{
    AccountId, BookingId, ConversationId, InvoiceId, ProfessionalId, ReportId, ReviewId,
};
use domain::professional::{PayoutStatus, Professional, StandingStep};
use domain::report::Report;
use domain::review::Review;
use http_function::{Desk, Listener, Problem};

use crate::letters::{
    accounts, claims, conversations, documents, endings, invoices, missions, money, payouts,
    registrations, reports, requests, reviews, standing,
};
use crate::post::{BookingFile, ConversationFile, InvoiceFile, Notice, Post, ReviewFile};

/// The operator's mailbox, from `OPERATOR_EMAIL`; without one, the dashboard alone tells the operator.
#[derive(Clone, Debug)]
pub struct OperatorAddress(Option<Email>);

impl Outside for OperatorAddress {
    fn open(environment: &Environment) -> Self {
        let address = environment
            .optional("OPERATOR_EMAIL")
            .map(|text| Email::parse(&text));
        if let Some(Err(error)) = &address {
            tracing::error!(cause = %error, "OPERATOR_EMAIL is not an address: the operator gets no mail");
        }
        Self(address.and_then(Result::ok))
    }
}

type MailDesk = Desk<(Mailer, OperatorAddress)>;

/// Sends the mails of an event.
pub struct SendMail;

impl Listener for SendMail {
    const NAME: &'static str = "send-mail";
    const EVENTS: &'static [&'static str] = &[
        "ClientSignedUp",
        "SignUpRepeated",
        "PasswordResetAsked",
        "NewsletterAsked",
        "AccountClosed",
        "IdentifierChangeAsked",
        "IdentifierChangeConfirmed",
        "IdentifierChanged",
        "IdentifierChangeDeclined",
        "TermsAnnounced",
        "RegistrationStarted",
        "RegistrationSubmitted",
        "ComplementsRequested",
        "ProfessionalAccepted",
        "ProfessionalRefused",
        "BookingRequested",
        "BookingAbandoned",
        "BookingAccepted",
        "BookingRefused",
        "BookingCancelled",
        "BookingCancelledByProfessional",
        "BookingWithdrawn",
        "BookingPaymentFailed",
        "BookingExpired",
        "PaymentCaptured",
        "RefundMade",
        "RefundFailed",
        "PayoutDelayed",
        "TransferReversed",
        "DisputeOpened",
        "DisputeWon",
        "DisputeLost",
        "ClaimOpened",
        "SettlementProposed",
        "ClaimSettled",
        "PayoutsChanged",
        "BankDetailsChanged",
        "StandingChanged",
        "DocumentRenewed",
        "DocumentDecided",
        "DocumentExpires",
        "TitleEndsBeforeMission",
        "InvoiceReady",
        "MissionCompleted",
        "BookingValidated",
        "BookingPaidOut",
        "ReminderDue",
        "ReviewSubmitted",
        "ReviewPublished",
        "ReviewRejected",
        "ReviewNormalised",
        "ReviewDoubted",
        "ContentReported",
        "MessageWaiting",
        "ReportDecided",
    ];
    type Outside = (Mailer, OperatorAddress);

    async fn on(
        desk: &MailDesk,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let mut outcome = Ok(changes);
        // One addressee's trouble must not keep the others waiting: all are tried, then the event fails.
        for notice in notices(desk, happened).await? {
            if let Err(problem) = send_once(desk, happened, notice).await {
                outcome = Err(problem);
            }
        }
        outcome
    }
}

/// Writes to a professional about something that the event names.
pub(crate) type ToProfessional<'a> =
    Box<dyn Fn(&Post<'_>, &Professional) -> Vec<Notice> + Send + 'a>;

/// Writes to the holder of an account about something that the event names.
pub(crate) type ToAccount<'a> = Box<dyn Fn(&Post<'_>, &Account) -> Vec<Notice> + Send + 'a>;

/// Writes about a booking and something else that the event names.
pub(crate) type ToBooking<'a> = Box<dyn Fn(&Post<'_>, &BookingFile) -> Vec<Notice> + Send + 'a>;

/// What is read to write the letters of an event, and what writes them.
pub(crate) enum Mailing<'a> {
    Terms(&'a AccountId, ToAccount<'a>),
    Account(&'a AccountId, fn(&Post<'_>, &Account) -> Vec<Notice>),
    Professional(
        &'a ProfessionalId,
        fn(&Post<'_>, &Professional) -> Vec<Notice>,
    ),
    Document(&'a ProfessionalId, ToProfessional<'a>),
    Booking(&'a BookingId, fn(&Post<'_>, &BookingFile) -> Vec<Notice>),
    Title(&'a BookingId, ToBooking<'a>),
    Review(&'a ReviewId, fn(&Post<'_>, &ReviewFile) -> Vec<Notice>),
    Conversation(
        &'a ConversationId,
        BookingParty,
        fn(&Post<'_>, &ConversationFile) -> Vec<Notice>,
    ),
    Report(&'a ReportId, fn(&Post<'_>, &Report) -> Vec<Notice>),
    Invoice(&'a InvoiceId, fn(&Post<'_>, &InvoiceFile) -> Vec<Notice>),
    Silent,
}

/// The letters of each event. A new event is decided here: written to somebody, or silent.
pub(crate) fn mailing(event: &Event) -> Mailing<'_> {
    match event {
        Event::ClientSignedUp { account } => Mailing::Account(account, accounts::signed_up),
        Event::SignUpRepeated { account } => Mailing::Account(account, accounts::signed_up_again),
        Event::PasswordResetAsked { account } => {
            Mailing::Account(account, accounts::password_reset_asked)
        }
        Event::NewsletterAsked { account } => Mailing::Account(account, accounts::newsletter_asked),
        Event::AccountClosed { account } => Mailing::Account(account, accounts::closed),
        Event::IdentifierChangeAsked { account } => {
            Mailing::Account(account, accounts::identifier_change_asked)
        }
        Event::IdentifierChangeConfirmed { account } => {
            Mailing::Account(account, accounts::identifier_change_confirmed)
        }
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
        Event::RegistrationStarted { professional } => {
            Mailing::Professional(professional, registrations::started)
        }
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
        Event::BookingRequested { booking } => Mailing::Booking(booking, requests::requested),
        Event::BookingAbandoned { booking } => Mailing::Booking(booking, requests::abandoned),
        Event::BookingAccepted { booking } => Mailing::Booking(booking, missions::accepted),
        Event::BookingRefused { booking } => Mailing::Booking(booking, requests::refused),
        Event::BookingCancelled { booking } => Mailing::Booking(booking, endings::cancelled),
        Event::BookingCancelledByProfessional { booking } => {
            Mailing::Booking(booking, endings::cancelled_by_professional)
        }
        Event::BookingWithdrawn { booking } => Mailing::Booking(booking, endings::withdrawn),
        Event::BookingPaymentFailed { booking } => {
            Mailing::Booking(booking, endings::payment_failed)
        }
        Event::PaymentCaptured { booking } => Mailing::Booking(booking, missions::concluded),
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
        Event::StandingChanged { professional, step } => Mailing::Professional(
            professional,
            match step {
                StandingStep::Hidden => standing::hidden,
                StandingStep::ShownAgain => standing::shown_again,
                StandingStep::OfferHidden => standing::offer_hidden,
                StandingStep::OfferShownAgain => standing::offer_shown_again,
                StandingStep::Announced => standing::announced,
                StandingStep::Revoked => standing::revoked,
                StandingStep::Applied => standing::applied,
                StandingStep::NoticeGiven => standing::notice_given,
                StandingStep::Contested => standing::contested,
                StandingStep::AppealAnswered => standing::appeal_answered,
                StandingStep::Leaving => standing::leaving,
                StandingStep::Stayed => standing::stayed,
            },
        ),
        Event::DocumentExpires {
            professional,
            document,
            step,
        } => Mailing::Document(
            professional,
            Box::new(|post, professional| documents::expires(post, professional, document, *step)),
        ),
        Event::TitleEndsBeforeMission { booking, document } => Mailing::Title(
            booking,
            Box::new(|post, file| documents::ends_before_mission(post, file, document)),
        ),
        Event::DocumentDecided {
            professional,
            document,
        } => Mailing::Document(
            professional,
            Box::new(|post, professional| documents::decided(post, professional, document)),
        ),
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
        // Upkeep of the catalogue, a hold before payment, and what a professional tells the operator alone.
        Event::ProfessionalChanged { .. }
        | Event::StripeNotified { .. }
        | Event::BankDetailsSettled { .. }
        | Event::InvoiceIssued { .. }
        | Event::OfferChanged { .. }
        | Event::AgentsHeld { .. }
        | Event::ClientEvaluated { .. } => Mailing::Silent,
    }
}

/// Reads what the event is about and writes its letters. Somebody who has left is not written to.
async fn notices(desk: &MailDesk, happened: &OutboxItem) -> Result<Vec<Notice>, Problem> {
    let post = Post {
        site: &desk.settings.site,
        token_key: &desk.settings.token_key,
        operator: desk.outside.1.0.as_ref(),
        event: &happened.id,
        now: desk.clock.now(),
    };
    let notices = match mailing(&happened.event) {
        Mailing::Silent => Some(Vec::new()),
        Mailing::Account(id, write) => account(desk, id)
            .await?
            .map(|account| write(&post, &account)),
        Mailing::Terms(id, write) => account(desk, id)
            .await?
            .map(|account| write(&post, &account)),
        Mailing::Professional(id, write) => professional(desk, id)
            .await?
            .map(|professional| write(&post, &professional)),
        Mailing::Document(id, write) => professional(desk, id)
            .await?
            .map(|professional| write(&post, &professional)),
        Mailing::Booking(id, write) => booking_file(desk, id)
            .await?
            .map(|file| write(&post, &file)),
        Mailing::Title(id, write) => booking_file(desk, id)
            .await?
            .map(|file| write(&post, &file)),
        Mailing::Invoice(id, write) => invoice_file(desk, id)
            .await?
            .map(|file| write(&post, &file)),
        Mailing::Conversation(id, reader, write) => conversation_file(desk, id, reader)
            .await?
            .map(|file| write(&post, &file)),
        Mailing::Report(id, write) => {
            let read = desk.store.get::<Report>(Key::report(id)).await?;
            read.map(|read| write(&post, &read.record))
        }
        Mailing::Review(id, write) => review_file(desk, id).await?.map(|file| write(&post, &file)),
    };
    if notices.is_none() {
        tracing::warn!(
            event = happened.id,
            name = happened.event.name(),
            "nobody is left to write to"
        );
    }
    Ok(notices.unwrap_or_default())
}

async fn invoice_file(desk: &MailDesk, id: &InvoiceId) -> Result<Option<InvoiceFile>, Problem> {
    let stored = desk.store.get::<StoredInvoice>(Key::invoice(id)).await?;
    let Some(stored) = stored.map(|read| read.record) else {
        return Ok(None);
    };
    let client = account(desk, &stored.client).await?;
    let professional = professional(desk, &stored.professional).await?;
    Ok(client
        .zip(professional)
        .map(|(client, professional)| InvoiceFile {
            stored,
            client,
            professional,
        }))
}

async fn account(desk: &MailDesk, id: &AccountId) -> Result<Option<Account>, Problem> {
    Ok(desk
        .store
        .get(Key::account(id))
        .await?
        .map(|read| read.record))
}

async fn professional(
    desk: &MailDesk,
    id: &ProfessionalId,
) -> Result<Option<Professional>, Problem> {
    Ok(desk
        .store
        .get(Key::professional(id))
        .await?
        .map(|read| read.record))
}

async fn booking_file(desk: &MailDesk, id: &BookingId) -> Result<Option<BookingFile>, Problem> {
    let Some(read) = desk.store.get::<Booking>(Key::booking(id)).await? else {
        return Ok(None);
    };
    let booking = read.record;
    let client = account(desk, &booking.client).await?;
    let professional = professional(desk, &booking.professional).await?;
    Ok(client
        .zip(professional)
        .map(|(client, professional)| BookingFile {
            booking,
            client,
            professional,
        }))
}

async fn conversation_file(
    desk: &MailDesk,
    id: &ConversationId,
    reader: BookingParty,
) -> Result<Option<ConversationFile>, Problem> {
    let read = desk
        .store
        .get::<Conversation>(Key::conversation(id))
        .await?;
    let Some(conversation) = read.map(|read| read.record) else {
        return Ok(None);
    };
    let client = account(desk, &conversation.client).await?;
    let professional = professional(desk, &conversation.professional).await?;
    Ok(client
        .zip(professional)
        .map(|(client, professional)| ConversationFile {
            conversation,
            reader,
            client,
            professional,
        }))
}

async fn review_file(desk: &MailDesk, id: &ReviewId) -> Result<Option<ReviewFile>, Problem> {
    let Some(read) = desk.store.get::<Review>(Key::review(id)).await? else {
        return Ok(None);
    };
    let review = read.record;
    let client = account(desk, &review.client).await?;
    let professional = professional(desk, &review.professional).await?;
    Ok(client
        .zip(professional)
        .map(|(client, professional)| ReviewFile {
            review,
            client,
            professional,
        }))
}

async fn send_once(desk: &MailDesk, happened: &OutboxItem, notice: Notice) -> Result<(), Problem> {
    let template = notice.letter.template;
    // Rendered before it is claimed: what cannot be rendered must not count as sent.
    let mail = notice
        .letter
        .render(notice.to, &desk.settings.site)
        .map_err(Problem::internal)?;
    let claim = SentMail {
        event: happened.id.clone(),
        template: template.to_owned(),
        recipient: notice.recipient,
        subject: mail.subject.clone(),
        at: desk.clock.now(),
        news: None,
        handled_at: None,
    };
    let changes = || Changes::by(&Trace::system(&happened.request), desk.clock.now());
    let claiming = changes().create(&claim, "mail");
    let claiming = match &notice.token {
        Some(token) => claiming.overwrite(token),
        None => claiming,
    };
    match desk.store.commit(claiming).await {
        Ok(()) => {}
        Err(StoreError::Taken("mail")) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let name = MailName {
        event: &claim.event,
        template,
        recipient: &claim.recipient,
    };
    let error = match desk.outside.0.send(&mail, name, &happened.request).await {
        Ok(message) => {
            tracing::info!(
                event = happened.id,
                request = happened.request,
                template,
                message,
                "mail sent"
            );
            return Ok(());
        }
        Err(error) => error,
    };
    if let Err(unforgotten) = desk
        .store
        .commit(changes().forget::<SentMail>(claim.key()))
        .await
    {
        tracing::error!(event = happened.id, template, cause = %unforgotten, "a mail that was not sent stays claimed");
    }
    Err(Problem::unavailable(format!(
        "{template}: {}",
        without_addresses(&error.to_string())
    )))
}

/// The mail service names addresses in its refusals; the log must not.
fn without_addresses(text: &str) -> String {
    text.split(' ')
        .map(|word| if word.contains('@') { "…" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    use http_function::{Function, Invoke};
    use serde_json::{Value, json};

    use super::*;
    use crate::letters::tests::client;
    use crate::stand_in;

    /// What the stand-in keeps: items by key, the mails taken, and whether mails are refused.
    #[derive(Default)]
    struct World {
        items: BTreeMap<String, Value>,
        mails: Vec<Value>,
        refuses: bool,
    }

    impl World {
        fn answer(&mut self, target: &str, body: &Value) -> (u16, Value) {
            match target {
                "DynamoDB_20120810.GetItem" => match self.items.get(&key(&body["Key"])) {
                    Some(item) => (200, json!({ "Item": item })),
                    None => (200, json!({})),
                },
                "DynamoDB_20120810.TransactWriteItems" => self.transact(&body["TransactItems"]),
                "/v2/email/outbound-emails" if self.refuses => (
                    400,
                    json!({ "__type": "MessageRejected", "message": "Email address is not verified: theodora.quillivere@exemple.fr" }),
                ),
                "/v2/email/outbound-emails" => {
                    self.mails.push(body.clone());
                    (200, json!({ "MessageId": "1" }))
                }
                other => panic!("nobody should call {other}"),
            }
        }

        fn transact(&mut self, writes: &Value) -> (u16, Value) {
            let writes = writes.as_array().unwrap();
            let exists = |write: &Value| {
                write["Put"]["ConditionExpression"].is_string()
                    && self.items.contains_key(&key(&write["Put"]["Item"]))
            };
            let reasons: Vec<Value> = writes
                .iter()
                .map(|write| json!({ "Code": if exists(write) { "ConditionalCheckFailed" } else { "None" } }))
                .collect();
            if writes.iter().any(exists) {
                let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
                return (
                    400,
                    json!({ "__type": kind, "message": "cancelled", "CancellationReasons": reasons }),
                );
            }
            for write in writes {
                if write["Put"].is_object() {
                    self.items
                        .insert(key(&write["Put"]["Item"]), write["Put"]["Item"].clone());
                } else {
                    self.items.remove(&key(&write["Delete"]["Key"]));
                }
            }
            (200, json!({}))
        }

        fn claims(&self) -> usize {
            self.items
                .keys()
                .filter(|key| key.starts_with("mail#"))
                .count()
        }
    }

    fn key(item: &Value) -> String {
        format!(
            "{} {}",
            item["pk"]["S"].as_str().unwrap(),
            item["sk"]["S"].as_str().unwrap()
        )
    }

    fn started() -> (Invoke, Arc<Mutex<World>>) {
        let account = client();
        let body: serde_dynamo::AttributeValue =
            serde_dynamo::to_attribute_value(&account).unwrap();
        let (pk, sk) = (account.id.as_str(), "account");
        let item =
            json!({ "pk": { "S": pk }, "sk": { "S": sk }, "version": { "N": "1" }, "body": body });
        let world = Arc::new(Mutex::new(World {
            items: BTreeMap::from([(key(&item), item)]),
            ..World::default()
        }));
        let kept = Arc::clone(&world);
        let environment =
            stand_in::listen(move |target, body| kept.lock().unwrap().answer(target, &body));
        (Function::listener::<SendMail>().open(&environment), world)
    }

    fn event() -> Value {
        let account = client().id;
        let event = json!({ "type": "PasswordResetAsked", "account": account.as_str() });
        json!({ "detail": { "id": "evt_1", "at": "2026-11-10T09:00:00Z", "request": "req-1", "event": event } })
    }

    #[tokio::test]
    async fn an_event_delivered_twice_sends_one_mail() {
        let (send_mail, world) = started();
        for _ in 0..2 {
            send_mail(event()).await.unwrap();
        }
        let world = world.lock().unwrap();
        assert_eq!((world.mails.len(), world.claims()), (1, 1));
        assert_eq!(
            world.mails[0]["Destination"]["ToAddresses"],
            json!(["theodora.quillivere@exemple.fr"])
        );
        assert_eq!(
            world.mails[0]["Content"]["Simple"]["Headers"],
            json!([{ "Name": "X-Request-Id", "Value": "req-1" }])
        );
    }

    #[tokio::test]
    async fn a_refused_mail_is_tried_again_with_the_same_token() {
        let (send_mail, world) = started();
        world.lock().unwrap().refuses = true;
        assert_eq!(send_mail(event()).await, Err("unavailable".to_owned()));
        assert_eq!(world.lock().unwrap().claims(), 0);
        let stored = |world: &World| -> Vec<String> {
            world
                .items
                .keys()
                .filter(|key| key.ends_with(" token"))
                .cloned()
                .collect()
        };
        let token = stored(&world.lock().unwrap());
        world.lock().unwrap().refuses = false;
        send_mail(event()).await.unwrap();
        let world = world.lock().unwrap();
        assert_eq!((world.mails.len(), world.claims()), (1, 1));
        assert_eq!((stored(&world).len(), stored(&world)), (1, token));
    }

    #[tokio::test]
    async fn nobody_writes_to_somebody_who_has_left() {
        let (send_mail, world) = started();
        world.lock().unwrap().items.clear();
        send_mail(event()).await.unwrap();
        assert!(world.lock().unwrap().mails.is_empty());
    }

    #[test]
    fn refusals_are_logged_without_addresses() {
        let refusal = "Email address is not verified: <lea@exemple.fr>, code 554";
        assert_eq!(
            without_addresses(refusal),
            "Email address is not verified: … code 554"
        );
    }
}
