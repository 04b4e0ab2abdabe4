//! Tells people by mail what happened: each mail once for an event and a recipient, and never not at all.
//!
//! A mail is claimed before it is sent, in one transaction with the token that its link carries, and
//! what the mail service calls it is written down afterwards. If the service did not take it, the claim
//! is given back and the event comes again. If this function dies in between, the claim is left without
//! news: whoever is given the event later sends the mail again, once nobody can be at it any more. A
//! death between the service's answer and the note of it is what can send a mail twice.

use adapters::environment::{Environment, Outside};
use adapters::invoices::Invoices;
use adapters::keys::LinkKeys;
use adapters::mailer::{AttachedFile, MailName, Mailer};
use adapters::platform::PlatformIdentity;
use adapters::store::{
    Changes, KeptPaper, Key, OutboxItem, Record as _, SentMail, Store, StoreError, Token, Trace,
    Versioned,
};
use adapters::vault::{Variables, VaultError};
use domain::again::MAIL_IS_STALE;
use domain::data_request::DataRequest;
use domain::identifiers::Email;
use domain::report::Report;
use http_function::{Desk, Listener, Problem};

use crate::files::{
    AlertFile, BookingFile, ChangeFile, ConversationFile, CrewFile, DeviceFile, InvoiceFile,
    OrderFile, ProofFile, QuoteFile, ReviewFile, SeveralFile, ShiftFile, TeamFile, account,
    members, professional,
};
use crate::letters::data_requests;
use crate::mailing::{Mailing, mailing, to_crew};
use crate::post::{Notice, Post};

/// The operator's mailbox, from `OPERATOR_EMAIL`; without one, the dashboard alone tells the operator.
#[derive(Clone, Debug)]
pub(crate) struct OperatorAddress(Option<Email>);

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

/// What mails are written with, and what sends them.
#[derive(Clone, Debug)]
pub struct PostOffice {
    mailer: Mailer,
    papers: Invoices,
    operator: OperatorAddress,
    keys: LinkKeys,
    platform: PlatformIdentity,
}

impl Outside for PostOffice {
    async fn unlock(environment: &Environment) -> Result<Variables, VaultError> {
        LinkKeys::unlock(environment).await
    }
    fn open(environment: &Environment) -> Self {
        Self {
            mailer: Mailer::open(environment),
            papers: Invoices::open(environment),
            operator: OperatorAddress::open(environment),
            keys: LinkKeys::open(environment),
            platform: PlatformIdentity::open(environment),
        }
    }
}

type MailDesk = Desk<PostOffice>;

/// Sends the mails of an event.
pub struct SendMail;

impl Listener for SendMail {
    const NAME: &'static str = "send-mail";
    const SUMMARY: &'static str = "Tells people by mail what happened: each mail once for an event and a recipient, and never not at all.";
    const EVENTS: &'static [&'static str] = &[
        "AddressProofAsked",
        "NewsletterAsked",
        "AccountClosed",
        "AccountInactive",
        "DataRequestMoved",
        "IdentifierChangeAsked",
        "IdentifierChangeConfirmed",
        "NewDeviceSignedIn",
        "AccessSuspected",
        "IdentifierChanged",
        "IdentifierChangeDeclined",
        "TermsAnnounced",
        "RegistrationSubmitted",
        "ComplementsRequested",
        "ProfessionalAccepted",
        "ProfessionalRefused",
        "MemberInvited",
        "MemberRemoved",
        "ArrivalMissing",
        "IncidentNoted",
        "ShiftReported",
        "BookingRequested",
        "QuotesMoved",
        "AlertMet",
        "BookingAbandoned",
        "OrderPrinted",
        "AgentReplaced",
        "ModificationProposed",
        "ModificationDeclined",
        "OrderRequested",
        "OrderAbandoned",
        "OrderRefused",
        "OrderExpired",
        "OrderCancelled",
        "OrderPaymentFailed",
        "OrderContested",
        "OrderReminderDue",
        "BookingRefused",
        "BookingCancelled",
        "BookingCancelledByProfessional",
        "BookingCalledOff",
        "BookingRefundDecided",
        "BookingWithdrawn",
        "BookingPaymentFailed",
        "BookingExpired",
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
        "FileRefused",
        "DocumentDecided",
        "FileChangeAsked",
        "FileChangeDecided",
        "DocumentExpires",
        "YearlyStatementReady",
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
    type Outside = PostOffice;

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

/// The letters of an event: those it is about, then the agents whom it sends or keeps at home.
async fn notices(desk: &MailDesk, happened: &OutboxItem) -> Result<Vec<Notice>, Problem> {
    let post = Post {
        site: &desk.settings.site,
        keys: &desk.outside.keys.0,
        platform: &desk.outside.platform.0,
        operator: desk.outside.operator.0.as_ref(),
        event: &happened.id,
        happened_at: happened.at,
        now: desk.clock.now(),
    };
    let mut notices = letters(desk, happened, &post).await?;
    if let Some((id, write)) = to_crew(&happened.event)
        && let Some(file) = CrewFile::read(&desk.store, id).await?
    {
        notices.extend(write(&post, &file));
    }
    with_managers(&desk.store, notices).await
}

/// What a company's managers get too, beside what its owner gets.
async fn with_managers(store: &Store, mut notices: Vec<Notice>) -> Result<Vec<Notice>, Problem> {
    let mut copies = Vec::new();
    for notice in &notices {
        if let Some(company) = &notice.managers_of
            && let Some(team) = members(store, company).await?
        {
            copies.extend(notice.for_managers(&team));
        }
    }
    notices.append(&mut copies);
    Ok(notices)
}

/// Reads what the event is about and writes its letters. Somebody who has left is not written to.
async fn letters(
    desk: &MailDesk,
    happened: &OutboxItem,
    post: &Post<'_>,
) -> Result<Vec<Notice>, Problem> {
    let store = &desk.store;
    let notices = match mailing(&happened.event) {
        Mailing::Silent => Some(Vec::new()),
        Mailing::Proof(id, write) => ProofFile::read(store, id)
            .await?
            .map(|file| write(post, &file)),
        Mailing::Device(id, session, write) => DeviceFile::read(store, id, session)
            .await?
            .map(|file| write(post, &file)),
        Mailing::Account(id, write) => account(store, id)
            .await?
            .map(|account| write(post, &account)),
        Mailing::Terms(id, write) => account(store, id)
            .await?
            .map(|account| write(post, &account)),
        Mailing::Professional(id, write) => professional(store, id)
            .await?
            .map(|professional| write(post, &professional)),
        Mailing::Document(id, write) => professional(store, id)
            .await?
            .map(|professional| write(post, &professional)),
        Mailing::Change(id, change, write) => ChangeFile::read(store, id, change)
            .await?
            .map(|file| write(post, &file)),
        Mailing::Team(id, write) => TeamFile::read(store, id)
            .await?
            .map(|file| write(post, &file)),
        Mailing::Shift(id, agent, write) => ShiftFile::read(store, id, agent)
            .await?
            .map(|file| write(post, &file)),
        Mailing::Booking(id, write) => BookingFile::read(store, id)
            .await?
            .map(|file| write(post, &file)),
        Mailing::Order(id, write) => OrderFile::read(store, id)
            .await?
            .map(|file| write(post, &file)),
        Mailing::Several(id, write) => SeveralFile::read(store, id)
            .await?
            .map(|file| write(post, &file)),
        Mailing::Title(id, write) => BookingFile::read(store, id)
            .await?
            .map(|file| write(post, &file)),
        Mailing::Invoice(id, write) => InvoiceFile::read(store, id)
            .await?
            .map(|file| write(post, &file)),
        wish @ (Mailing::Quotes(..) | Mailing::Alert(..)) => of_a_wish(store, post, wish).await?,
        Mailing::Conversation(id, reader, write) => ConversationFile::read(store, id, reader)
            .await?
            .map(|file| write(post, &file)),
        Mailing::DataRequest(id, step) => {
            let read = store.get::<DataRequest>(Key::data_request(id)).await?;
            read.map(|read| data_requests::moved(post, &read.record, step))
        }
        Mailing::Report(id, write) => {
            let read = store.get::<Report>(Key::report(id)).await?;
            read.map(|read| write(post, &read.record))
        }
        Mailing::Review(id, write) => ReviewFile::read(store, id)
            .await?
            .map(|file| write(post, &file)),
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

/// The letters about what a client wishes before anything is ordered.
async fn of_a_wish(
    store: &Store,
    post: &Post<'_>,
    wish: Mailing<'_>,
) -> Result<Option<Vec<Notice>>, Problem> {
    Ok(match wish {
        Mailing::Quotes(id, professional, step, write) => QuoteFile::read(store, id, professional)
            .await?
            .map(|file| write(post, &file, step)),
        Mailing::Alert(id, write) => AlertFile::read(store, id)
            .await?
            .map(|file| write(post, &file)),
        _ => None,
    })
}

async fn send_once(desk: &MailDesk, happened: &OutboxItem, notice: Notice) -> Result<(), Problem> {
    let Notice {
        recipient,
        to,
        letter,
        token,
        papers,
        managers_of: _,
    } = notice;
    let template = letter.template;
    // Rendered before it is claimed: what cannot be rendered must not count as sent.
    let mut mail = letter
        .render(to, &desk.settings.site, &desk.outside.platform.0)
        .map_err(Problem::internal)?;
    mail.attachments = read_papers(&desk.outside.papers, papers).await?;
    let claim = SentMail {
        event: happened.id.clone(),
        template: template.to_owned(),
        recipient,
        subject: mail.subject.clone(),
        at: desk.clock.now(),
        message: None,
        told: Some(happened.clone()),
        news: None,
        handled_at: None,
    };
    let Some(claimed) = claim_mail(desk, happened, claim, token.as_ref()).await? else {
        return Ok(());
    };
    let name = MailName {
        event: &happened.id,
        template,
        recipient: &claimed.record.recipient,
    };
    match desk
        .outside
        .mailer
        .send(&mail, name, &happened.request)
        .await
    {
        Ok(message) => note_sent(desk, happened, &claimed, message).await,
        Err(error) => {
            give_back(desk, happened, &claimed).await;
            let cause = without_addresses(&error.to_string());
            Err(Problem::unavailable(format!("{template}: {cause}")))
        }
    }
}

/// The files that go with a mail.
async fn read_papers(
    kept: &Invoices,
    papers: Vec<KeptPaper>,
) -> Result<Vec<AttachedFile>, Problem> {
    let mut files = Vec::with_capacity(papers.len());
    for KeptPaper {
        name, key, mime, ..
    } in papers
    {
        let bytes = kept.read(&key).await.map_err(Problem::unavailable)?;
        files.push(AttachedFile { name, mime, bytes });
    }
    Ok(files)
}

fn changes(desk: &MailDesk, happened: &OutboxItem) -> Changes {
    Changes::by(&Trace::system(&happened.request), desk.clock.now())
}

/// Claims a mail; nothing when it is sent already. One that somebody else began moments ago is
/// refused: either they send it, or it comes again and is taken over.
async fn claim_mail(
    desk: &MailDesk,
    happened: &OutboxItem,
    claim: SentMail,
    token: Option<&Token>,
) -> Result<Option<Versioned<SentMail>>, Problem> {
    let with_token = |changes: Changes| match token {
        Some(token) => changes.overwrite(token),
        None => changes,
    };
    let first = with_token(changes(desk, happened).create(&claim, "mail"));
    match desk.store.commit(first).await {
        Ok(()) => {
            return Ok(Some(Versioned {
                record: claim,
                version: 1,
            }));
        }
        Err(StoreError::Taken("mail")) => {}
        Err(error) => return Err(error.into()),
    }
    let Some(read) = desk.store.get::<SentMail>(claim.key()).await? else {
        return Err(Problem::unavailable("a mail was given back just now"));
    };
    if read.record.is_sent() {
        return Ok(None);
    }
    let age = claim.at.duration_since(read.record.at);
    if age < MAIL_IS_STALE {
        return Err(Problem::unavailable(
            "a mail was begun moments ago by somebody else",
        ));
    }
    tracing::warn!(
        event = happened.id,
        template = claim.template,
        age = age.as_secs(),
        "a mail of which nothing is known is sent again"
    );
    let again = with_token(changes(desk, happened).replace(&read, &claim));
    desk.store.commit(again).await?;
    Ok(Some(Versioned {
        record: claim,
        version: read.version + 1,
    }))
}

/// Writes down what the mail service calls a mail: from here on it is sent.
async fn note_sent(
    desk: &MailDesk,
    happened: &OutboxItem,
    claimed: &Versioned<SentMail>,
    message: String,
) -> Result<(), Problem> {
    tracing::info!(
        event = happened.id,
        request = happened.request,
        template = claimed.record.template,
        message,
        "mail sent"
    );
    let mut sent = claimed.record.clone();
    sent.message = Some(message);
    sent.told = None;
    let noted = changes(desk, happened).replace(claimed, &sent);
    match desk.store.commit(noted).await {
        // Its fate was told meanwhile, which says the same.
        Ok(()) | Err(StoreError::Stale) => Ok(()),
        Err(error) => {
            tracing::error!(event = happened.id, template = sent.template, cause = %error, "a mail that was sent is not known to be sent");
            Err(error.into())
        }
    }
}

async fn give_back(desk: &MailDesk, happened: &OutboxItem, claimed: &Versioned<SentMail>) {
    let given_back = changes(desk, happened).delete(claimed);
    if let Err(error) = desk.store.commit(given_back).await {
        tracing::error!(event = happened.id, template = claimed.record.template, cause = %error, "a mail that was not sent stays claimed");
    }
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

    use domain::account::proof::{AddressProof, Wish};
    use domain::account::{Acceptance, legal};
    use domain::ids::{ProofId, TypedId as _};
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
                "DynamoDB_20120810.PutItem" => self.write_alone(&json!({ "Put": body })),
                "DynamoDB_20120810.DeleteItem" => self.write_alone(&json!({ "Delete": body })),
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

        fn write_alone(&mut self, write: &Value) -> (u16, Value) {
            let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
            match self.transact(&json!([write])) {
                (200, answer) => (200, answer),
                (status, _) => (
                    status,
                    json!({ "__type": kind, "message": "the condition failed" }),
                ),
            }
        }

        fn transact(&mut self, writes: &Value) -> (u16, Value) {
            let writes = writes.as_array().unwrap();
            let exists = |write: &Value| {
                let (put, delete) = (&write["Put"], &write["Delete"]);
                let place = if put.is_object() {
                    &put["Item"]
                } else {
                    &delete["Key"]
                };
                let stored = self.items.get(&key(place));
                let write = if put.is_object() { put } else { delete };
                match write["ConditionExpression"].as_str() {
                    Some("attribute_not_exists(pk)") => stored.is_some(),
                    Some(_) => {
                        let version = &write["ExpressionAttributeValues"][":v"];
                        stored.is_none_or(|item| item["version"] != *version)
                    }
                    None => false,
                }
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
        let proof = proof();
        let body: serde_dynamo::AttributeValue = serde_dynamo::to_attribute_value(&proof).unwrap();
        let (pk, sk) = (proof.id.as_str(), "proof");
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

    /// Of an address that nobody has, asked for in a distant future.
    fn proof() -> AddressProof {
        let asked_at = "2226-11-10T09:00:00Z".parse().unwrap();
        AddressProof::begin(
            ProofId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            "hash".to_owned(),
            client().email,
            Wish::Register {
                accepted: Acceptance::of(legal::TERMS_PROFESSIONALS, asked_at, "", ""),
            },
            "evt_1".to_owned(),
            asked_at,
        )
    }

    fn event() -> Value {
        let proof = proof().id;
        let event = json!({ "type": "AddressProofAsked", "proof": proof.as_str() });
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

    impl World {
        /// The mail as it is stored.
        fn mail(&mut self) -> &mut Value {
            let mail = self.items.iter_mut();
            let mut mails = mail.filter(|(key, _)| key.starts_with("mail#"));
            &mut mails.next().unwrap().1["body"]["M"]
        }
    }

    /// The function died after it claimed the mail: before SES took it, or before that was noted.
    #[tokio::test]
    async fn a_mail_that_was_begun_and_of_which_nothing_is_known_is_sent_again() {
        let (send_mail, world) = started();
        send_mail(event()).await.unwrap();
        {
            let mut world = world.lock().unwrap();
            assert_eq!(world.mail()["message"], json!({ "S": "1" }));
            assert_eq!(world.mail().get("told"), None, "what told of it is kept");
            world.mail()["message"] = json!({ "NULL": true });
        }
        // Somebody may still be at it: the event is to come again.
        assert_eq!(send_mail(event()).await, Err("unavailable".to_owned()));
        assert_eq!(world.lock().unwrap().mails.len(), 1);
        world.lock().unwrap().mail()["at"] = json!({ "S": "2026-01-01T00:00:00Z" });
        for _ in 0..2 {
            send_mail(event()).await.unwrap();
        }
        let mut world = world.lock().unwrap();
        assert_eq!((world.mails.len(), world.claims()), (2, 1));
        assert_eq!(world.mail()["message"], json!({ "S": "1" }));
        // What the first link says still holds: both mails carry the same token.
        let text = |mail: &Value| mail["Content"]["Simple"]["Body"]["Text"]["Data"].clone();
        assert_eq!(text(&world.mails[0]), text(&world.mails[1]));
    }

    #[tokio::test]
    async fn a_mail_whose_fate_is_known_is_not_sent_again() {
        let (send_mail, world) = started();
        send_mail(event()).await.unwrap();
        {
            let mut world = world.lock().unwrap();
            let mail = world.mail();
            mail["message"] = json!({ "NULL": true });
            mail["at"] = json!({ "S": "2026-01-01T00:00:00Z" });
            mail["news"] = json!({ "M": {
                "fate": { "S": "delivered" }, "at": { "S": "2026-01-01T00:00:01Z" }, "message": { "S": "1" },
            } });
        }
        send_mail(event()).await.unwrap();
        assert_eq!(world.lock().unwrap().mails.len(), 1);
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
