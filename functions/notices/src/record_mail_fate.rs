//! Keeps what became of each mail, as SES tells it: delivered, come back, unwanted.
//!
//! SES repeats the labels that a mail was sent with, so that its claim is found by its own key: there
//! is nothing to write after a mail is gone, and news cannot come before what they are about.

use std::collections::HashMap;

use adapters::mailer::MailName;
use adapters::store::{Changes, Key, SentMail};
use domain::event::Event;
use domain::ids::ProfessionalId;
use domain::mail::{MailFate, MailNews};
use domain::professional::{Arrival, Professional};
use http_function::{Desk, Named, Observer, Ours, Problem};
use jiff::Timestamp;
use serde::Deserialize;

use crate::letters::standing::{MEASURE_ANNOUNCED, NOTICE_GIVEN};

/// Keeps what became of a mail.
pub struct RecordMailFate;

/// What SES tells of a mail.
#[derive(Deserialize)]
pub struct MailTold {
    #[serde(flatten)]
    what: What,
    mail: Told,
}

#[derive(Deserialize)]
#[serde(tag = "eventType")]
enum What {
    Delivery {
        #[serde(default)]
        delivery: Delivery,
    },
    Bounce {
        bounce: Bounce,
    },
    Complaint,
    Reject,
}

#[derive(Deserialize)]
struct Bounce {
    #[serde(rename = "bounceType")]
    kind: String,
}

#[derive(Default, Deserialize)]
struct Delivery {
    timestamp: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(rename = "messageId")]
    message: String,
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

impl What {
    fn fate(&self) -> MailFate {
        match self {
            Self::Delivery { .. } => MailFate::Delivered,
            // `Undetermined` came back too, and nobody knows that it will not again.
            Self::Bounce { bounce } if bounce.kind == "Transient" => MailFate::PutOff,
            Self::Bounce { .. } => MailFate::Bounced,
            Self::Complaint => MailFate::Complained,
            Self::Reject => MailFate::Rejected,
        }
    }
}

impl What {
    /// What it means for a delay that runs from the mail's reception, told at `now`.
    fn arrival(&self, now: Timestamp) -> Option<Arrival> {
        match self {
            Self::Delivery { delivery } => {
                let at = delivery.timestamp.unwrap_or(now);
                Some(Arrival::Arrived(at.min(now)))
            }
            Self::Bounce { .. } | Self::Reject => match self.fate() {
                MailFate::PutOff => None,
                _ => Some(Arrival::Lost(now)),
            },
            // Who complains has read.
            Self::Complaint => None,
        }
    }
}

impl Told {
    fn label(&self, name: &str) -> Option<&str> {
        self.tags.get(name)?.first().map(String::as_str)
    }

    fn key(&self) -> Option<Key> {
        Some(Key::sent_mail(
            self.label(MailName::EVENT)?,
            self.label(MailName::TEMPLATE)?,
            self.label(MailName::RECIPIENT)?,
        ))
    }
}

/// Two months' notice and formal notices run from the moment that their mail was received.
async fn start_delay(
    desk: &Desk<()>,
    told: &MailTold,
    changes: Changes,
) -> Result<Changes, Problem> {
    let label = |name| told.mail.label(name).unwrap_or_default();
    let starts = [MEASURE_ANNOUNCED, NOTICE_GIVEN].contains(&label(MailName::TEMPLATE));
    let now = desk.clock.now();
    let (true, Ok(id), Some(arrival)) = (
        starts,
        ProfessionalId::parse(label(MailName::RECIPIENT)),
        told.what.arrival(now),
    ) else {
        return Ok(changes);
    };
    let Some(read) = desk
        .store
        .get::<Professional>(Key::professional(&id))
        .await?
    else {
        return Ok(changes);
    };
    let mut professional = read.record.clone();
    if !professional.mail_told(label(MailName::EVENT), arrival, now) {
        return Ok(changes);
    }
    // What can be booked ends with the contract.
    Ok(changes
        .replace(&read, &professional)
        .activity(RecordMailFate::NAME, id.as_str())
        .event(Event::ProfessionalChanged { professional: id }))
}

impl Observer for RecordMailFate {
    const NAME: &'static str = "record-mail-fate";
    const SUMMARY: &'static str =
        "Keeps what became of each mail, as SES tells it: delivered, come back, unwanted.";
    const SOURCE: &'static str = "aws.ses";
    const OURS: Ours = Ours {
        at: &["mail", "tags", "ses:configuration-set"],
        name: Named::Exactly("mail"),
    };
    const EVENTS: &'static [&'static str] = &[
        "Email Delivered",
        "Email Bounced",
        "Email Complaint Received",
        "Email Rejected",
    ];
    type Told = MailTold;
    type Outside = ();

    async fn on(desk: &Desk<()>, told: &MailTold, changes: Changes) -> Result<Changes, Problem> {
        let changes = start_delay(desk, told, changes).await?;
        let message = &told.mail.message;
        let Some(key) = told.mail.key() else {
            tracing::warn!(message, "a mail without our labels");
            return Ok(changes);
        };
        let Some(read) = desk.store.get::<SentMail>(key).await? else {
            // Forgotten since: mails are remembered for two months.
            tracing::warn!(message, "a mail that is not remembered");
            return Ok(changes);
        };
        let news = MailNews {
            fate: told.what.fate(),
            at: desk.clock.now(),
            message: message.clone(),
        };
        // Of a mail that is known to be sent, its arrival is no news.
        let expected = news.fate == MailFate::Delivered && read.record.is_sent();
        if expected || !news.worsens(read.record.news.as_ref()) {
            return Ok(changes);
        }
        if news.fate.needs_somebody() {
            tracing::warn!(message, fate = ?news.fate, template = read.record.template, "a mail did not reach its reader");
        }
        let mut mail = read.record.clone();
        mail.message.get_or_insert_with(|| message.clone());
        mail.told = None;
        mail.news = Some(news);
        // What was looked at was something else.
        mail.handled_at = None;
        Ok(changes.replace(&read, &mail))
    }
}
