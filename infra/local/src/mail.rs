//! SES v2 that sends nothing: each message is kept on disk and shown in a web outbox.
//!
//! What became of each is told to the default bus at once, as SES does it: addresses at `bounce.invalid`
//! and mailboxes called `rebond` send back, those called `plainte` complain, of those called `muet` nobody
//! hears, all others take what comes.

use std::sync::Arc;

use axum::body::Body;
use http::{Response, StatusCode};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::MovedClock;
use crate::answers::{escape, json_answer, page};
use crate::disk::Disk;
use crate::events::Events;
use crate::template::ACCOUNT;

/// A message as it would have been sent.
#[derive(Debug, Serialize)]
pub(crate) struct Mail {
    id: i64,
    at: String,
    from: String,
    /// Everyone, separated by commas.
    to: String,
    subject: String,
    text: String,
    html: String,
    attachments: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    #[serde(default)]
    from_email_address: String,
    destination: Option<Destination>,
    content: Content,
    #[serde(default)]
    email_tags: Vec<Tag>,
}

/// A label of a message, which SES repeats in what it tells of it; also a header.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    name: String,
    value: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Data,
    body: Bodies,
    #[serde(default)]
    headers: Vec<Tag>,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Bodies {
    text: Option<Data>,
    html: Option<Data>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attachment {
    file_name: String,
    #[serde(default)]
    content_type: String,
    raw_content: String,
}

/// What a mailbox makes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mailbox {
    Takes,
    SendsBack,
    Complains,
    /// Nothing is ever told of it, as when SES keeps trying.
    Silent,
}

impl Mailbox {
    fn of(address: &str) -> Self {
        match bare(address).to_lowercase().split_once('@') {
            Some((_, "bounce.invalid") | ("rebond", _)) => Self::SendsBack,
            Some(("plainte", _)) => Self::Complains,
            Some(("muet", _)) => Self::Silent,
            Some(_) | None => Self::Takes,
        }
    }

    /// The kinds of events, and what each says beside what it says of the mail.
    fn tells(self, address: &str, at: &str, id: &str) -> Vec<(&'static str, Value)> {
        let delivered = || {
            let delivery = json!({
                "timestamp": at,
                "processingTimeMillis": 1,
                "recipients": [address],
                "smtpResponse": "250 2.6.0 Message received",
                "reportingMTA": "mta.local",
            });
            (
                "Email Delivered",
                json!({ "eventType": "Delivery", "delivery": delivery }),
            )
        };
        match self {
            Self::Takes => vec![delivered()],
            Self::Silent => Vec::new(),
            Self::SendsBack => {
                let bounce = json!({
                    "bounceType": "Permanent",
                    "bounceSubType": "General",
                    "bouncedRecipients": [{
                        "emailAddress": address,
                        "action": "failed",
                        "status": "5.1.1",
                        "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                    }],
                    "timestamp": at,
                    "feedbackId": format!("{id}-bounce"),
                    "reportingMTA": "dns; mta.local",
                });
                vec![(
                    "Email Bounced",
                    json!({ "eventType": "Bounce", "bounce": bounce }),
                )]
            }
            Self::Complains => {
                let complaint = json!({
                    "complainedRecipients": [{ "emailAddress": address }],
                    "timestamp": at,
                    "feedbackId": format!("{id}-complaint"),
                    "complaintFeedbackType": "abuse",
                });
                let complained = (
                    "Email Complaint Received",
                    json!({ "eventType": "Complaint", "complaint": complaint }),
                );
                vec![delivered(), complained]
            }
        }
    }
}

pub(crate) struct Outbox {
    disk: Arc<Disk>,
    /// The configuration set whose mails the bus hears of.
    told: Option<String>,
    clock: MovedClock,
}

impl Outbox {
    pub(crate) fn new(disk: Arc<Disk>, told: Option<String>, clock: MovedClock) -> Self {
        Self { disk, told, clock }
    }

    /// `POST /v2/email/outbound-emails`.
    pub(crate) fn send(&self, body: &[u8], events: &Events) -> Response<Body> {
        let request: SendEmail = match serde_json::from_slice(body) {
            Ok(request) => request,
            Err(cause) => return refused(&cause.to_string()),
        };
        let Some(simple) = request.content.simple else {
            return refused("only Content.Simple is served on this machine");
        };
        let destination = request.destination.unwrap_or_default();
        let to: Vec<String> = [
            destination.to_addresses,
            destination.cc_addresses,
            destination.bcc_addresses,
        ]
        .concat();
        if to.is_empty() || request.from_email_address.is_empty() {
            return refused("a sender and a recipient are required");
        }
        let text = simple.body.text.map(|it| it.data).unwrap_or_default();
        let html = simple.body.html.map(|it| it.data).unwrap_or_default();
        if text.is_empty() && html.is_empty() {
            return refused("a body is required");
        }
        let attachments: Vec<Value> = simple
            .attachments
            .into_iter()
            .map(|it| json!({"name": it.file_name, "type": it.content_type, "base64": it.raw_content}))
            .collect();
        let kept = self.disk.with(|connection| {
            connection.execute(
                "INSERT INTO mails (at, sender, recipients, subject, text, html, attachments)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    self.clock.now().to_string(),
                    request.from_email_address,
                    to.join(", "),
                    simple.subject.data,
                    text,
                    html,
                    Value::Array(attachments).to_string(),
                ],
            )?;
            Ok(connection.last_insert_rowid())
        });
        let id = match kept {
            Ok(id) => format!("local-{id}"),
            Err(error) => {
                tracing::error!(%error, "could not keep a mail");
                return aws_error(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "disk");
            }
        };
        let mail = json!({
            "timestamp": self.clock.now().to_string(),
            "source": request.from_email_address,
            "sendingAccountId": ACCOUNT,
            "messageId": id,
            "destination": to,
            "headersTruncated": false,
            "headers": listed(&simple.headers),
            "commonHeaders": {
                "from": [request.from_email_address],
                "to": to,
                "messageId": id,
                "subject": simple.subject.data,
            },
            "tags": self.labels(&request.email_tags),
        });
        self.tell(&to, &id, &mail, events);
        json_answer(StatusCode::OK, &json!({ "MessageId": id }))
    }

    /// Tells the bus what the mailboxes make of a mail. It is best effort, as on AWS.
    fn tell(&self, to: &[String], id: &str, mail: &Value, events: &Events) {
        if self.told.is_none() {
            return;
        }
        let at = self.clock.now().to_string();
        for address in to {
            for (what, mut detail) in Mailbox::of(address).tells(bare(address), &at, id) {
                detail["mail"] = mail.clone();
                if let Err((code, why)) = events.tell("aws.ses", what, &detail) {
                    tracing::error!(code, why, "could not tell what became of a mail");
                }
            }
        }
    }

    /// The labels of a mail, as lists, with that of its configuration set.
    fn labels(&self, given: &[Tag]) -> Value {
        let given = given
            .iter()
            .map(|tag| (tag.name.as_str(), tag.value.as_str()));
        let set = self
            .told
            .as_deref()
            .map(|set| ("ses:configuration-set", set));
        let all = given.chain(set);
        all.map(|(name, value)| (name.to_owned(), json!([value])))
            .collect::<serde_json::Map<String, Value>>()
            .into()
    }

    /// The messages, newest last; those to one address when it is given.
    pub(crate) fn list(&self, to: Option<&str>) -> Result<Vec<Mail>, rusqlite::Error> {
        let mails: Vec<Mail> = self.disk.with(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, at, sender, recipients, subject, text, html, attachments FROM mails
                 WHERE ?1 IS NULL OR instr(lower(recipients), lower(?1)) > 0 ORDER BY id",
            )?;
            let rows = query.query_map([to], read)?;
            rows.collect()
        })?;
        let Some(to) = to else {
            return Ok(mails);
        };
        let is_for = |mail: &Mail| {
            mail.to
                .split(',')
                .any(|address| bare(address).eq_ignore_ascii_case(to.trim()))
        };
        Ok(mails.into_iter().filter(is_for).collect())
    }

    fn one(&self, id: i64) -> Result<Option<Mail>, rusqlite::Error> {
        self.disk.with(|connection| {
            connection
                .query_row(
                    "SELECT id, at, sender, recipients, subject, text, html, attachments FROM mails
                     WHERE id = ?1",
                    [id],
                    read,
                )
                .optional()
        })
    }

    /// `GET /local/outbox`.
    pub(crate) fn list_page(&self) -> Result<Response<Body>, rusqlite::Error> {
        let mails = self.list(None)?;
        if mails.is_empty() {
            return Ok(page(
                StatusCode::OK,
                "Boîte d'envoi",
                "<p>Aucun courriel n'est encore parti.</p>",
            ));
        }
        let rows: String = mails
            .iter()
            .rev()
            .map(|mail| {
                format!(
                    "<tr><td>{}</td><td>{}</td><td><a href=\"/local/outbox/{}\">{}</a></td></tr>\n",
                    escape(&mail.at),
                    escape(&mail.to),
                    mail.id,
                    escape(&mail.subject),
                )
            })
            .collect();
        let body = format!(
            "<p>Rien ne quitte cette machine. Le plus récent est en haut.</p>
<table><thead><tr><th>Le</th><th>À</th><th>Objet</th></tr></thead><tbody>\n{rows}</tbody></table>"
        );
        Ok(page(StatusCode::OK, "Boîte d'envoi", &body))
    }

    /// `GET /local/outbox/{id}`.
    pub(crate) fn mail_page(&self, id: i64) -> Result<Response<Body>, rusqlite::Error> {
        let Some(mail) = self.one(id)? else {
            return Ok(page(
                StatusCode::NOT_FOUND,
                "Courriel introuvable",
                "<p><a href=\"/local/outbox\">Boîte d'envoi</a></p>",
            ));
        };
        let mut body = format!(
            "<p><a href=\"/local/outbox\">Boîte d'envoi</a></p>
<table><tbody>
<tr><th>Le</th><td>{}</td></tr>
<tr><th>De</th><td>{}</td></tr>
<tr><th>À</th><td>{}</td></tr>
</tbody></table>\n",
            escape(&mail.at),
            escape(&mail.from),
            escape(&mail.to),
        );
        for attachment in mail.attachments.as_array().into_iter().flatten() {
            let text = |field: &str| escape(attachment[field].as_str().unwrap_or_default());
            body.push_str(&format!(
                "<p>Pièce jointe : <a download=\"{}\" href=\"data:{};base64,{}\">{}</a></p>\n",
                text("name"),
                text("type"),
                text("base64"),
                text("name"),
            ));
        }
        if !mail.html.is_empty() {
            // No scripts and no origin of its own; links open beside.
            body.push_str(&format!(
                "<h2>Mise en page</h2>\n<iframe title=\"Courriel mis en page\" \
                 sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\"{}\"></iframe>\n",
                escape(&format!("<base target=\"_blank\">{}", mail.html)),
            ));
        }
        body.push_str(&format!(
            "<h2>Texte</h2>\n<pre>{}</pre>",
            escape(&mail.text)
        ));
        Ok(page(StatusCode::OK, &mail.subject, &body))
    }
}

/// Headers as SES lists them.
fn listed(headers: &[Tag]) -> Vec<Value> {
    let listed = |header: &Tag| json!({ "name": header.name, "value": header.value });
    headers.iter().map(listed).collect()
}

/// `a@b.fr` in `Name <a@b.fr>`.
fn bare(address: &str) -> &str {
    address
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or(address, |(inside, _)| inside)
        .trim()
}

fn read(row: &Row<'_>) -> Result<Mail, rusqlite::Error> {
    let attachments: String = row.get(7)?;
    Ok(Mail {
        id: row.get(0)?,
        at: row.get(1)?,
        from: row.get(2)?,
        to: row.get(3)?,
        subject: row.get(4)?,
        text: row.get(5)?,
        html: row.get(6)?,
        attachments: serde_json::from_str(&attachments).unwrap_or_default(),
    })
}

fn refused(why: &str) -> Response<Body> {
    aws_error(StatusCode::BAD_REQUEST, "BadRequestException", why)
}

/// An error as the AWS SDKs read it.
pub(crate) fn aws_error(status: StatusCode, kind: &str, message: &str) -> Response<Body> {
    let mut response = json_answer(status, &json!({"__type": kind, "message": message}));
    if let Ok(kind) = kind.parse() {
        response.headers_mut().insert("x-amzn-errortype", kind);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_becomes_of_a_mail() {
        for (address, mailbox) in [
            ("camille@exemple.fr", Mailbox::Takes),
            ("Camille <camille@exemple.fr>", Mailbox::Takes),
            ("camille@bounce.invalid", Mailbox::SendsBack),
            ("Camille <Rebond@exemple.fr>", Mailbox::SendsBack),
            ("rebondir@exemple.fr", Mailbox::Takes),
            ("plainte@exemple.fr", Mailbox::Complains),
            ("muet@exemple.fr", Mailbox::Silent),
        ] {
            assert_eq!(Mailbox::of(address), mailbox, "{address}");
        }
    }
}
