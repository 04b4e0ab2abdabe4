//! Tells people by mail what happened: each mail at most once for an event and a recipient.
//!
//! A mail is claimed before it is sent, in one transaction with the token that its link carries. If
//! the mailer did not take it, the claim is given back and the bus delivers the event again; if this
//! function dies in between, the mail stays claimed and is never sent twice.

use adapters::environment::{Environment, Outside};
use adapters::keys::LinkKeys;
use adapters::mailer::{MailName, Mailer};
use adapters::store::{Changes, Key, OutboxItem, Record as _, SentMail, StoreError, Trace};
use domain::identifiers::Email;
use domain::report::Report;
use http_function::{Desk, Listener, Problem};

use crate::files::{BookingFile, ConversationFile, InvoiceFile, ReviewFile, account, professional};
use crate::mailing::{Mailing, mailing};
use crate::post::{Notice, Post};

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

type MailDesk = Desk<(Mailer, (OperatorAddress, LinkKeys))>;

/// Sends the mails of an event.
pub struct SendMail;

impl Listener for SendMail {
    const NAME: &'static str = "send-mail";
    const SUMMARY: &'static str =
        "Tells people by mail what happened: each mail at most once for an event and a recipient.";
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
    type Outside = (Mailer, (OperatorAddress, LinkKeys));

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

/// Reads what the event is about and writes its letters. Somebody who has left is not written to.
async fn notices(desk: &MailDesk, happened: &OutboxItem) -> Result<Vec<Notice>, Problem> {
    let post = Post {
        site: &desk.settings.site,
        keys: &desk.outside.1.1.0,
        operator: desk.outside.1.0.0.as_ref(),
        event: &happened.id,
        now: desk.clock.now(),
    };
    let store = &desk.store;
    let notices = match mailing(&happened.event) {
        Mailing::Silent => Some(Vec::new()),
        Mailing::Account(id, write) => account(store, id)
            .await?
            .map(|account| write(&post, &account)),
        Mailing::Terms(id, write) => account(store, id)
            .await?
            .map(|account| write(&post, &account)),
        Mailing::Professional(id, write) => professional(store, id)
            .await?
            .map(|professional| write(&post, &professional)),
        Mailing::Document(id, write) => professional(store, id)
            .await?
            .map(|professional| write(&post, &professional)),
        Mailing::Booking(id, write) => BookingFile::read(store, id)
            .await?
            .map(|file| write(&post, &file)),
        Mailing::Title(id, write) => BookingFile::read(store, id)
            .await?
            .map(|file| write(&post, &file)),
        Mailing::Invoice(id, write) => InvoiceFile::read(store, id)
            .await?
            .map(|file| write(&post, &file)),
        Mailing::Conversation(id, reader, write) => ConversationFile::read(store, id, reader)
            .await?
            .map(|file| write(&post, &file)),
        Mailing::Report(id, write) => {
            let read = store.get::<Report>(Key::report(id)).await?;
            read.map(|read| write(&post, &read.record))
        }
        Mailing::Review(id, write) => ReviewFile::read(store, id)
            .await?
            .map(|file| write(&post, &file)),
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
