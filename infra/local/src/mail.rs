//! SES v2 that sends nothing: each message is kept on disk and shown in a web outbox.

use std::sync::Arc;

use axum::body::Body;
use http::{Response, StatusCode};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::MovedClock;
use crate::answers::{escape, json_answer, page};
use crate::disk::Disk;

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

pub(crate) struct Outbox {
    disk: Arc<Disk>,
    clock: MovedClock,
}

impl Outbox {
    pub(crate) fn new(disk: Arc<Disk>, clock: MovedClock) -> Self {
        Self { disk, clock }
    }

    /// `POST /v2/email/outbound-emails`.
    pub(crate) fn send(&self, body: &[u8]) -> Response<Body> {
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
        match kept {
            Ok(id) => json_answer(StatusCode::OK, &json!({"MessageId": format!("local-{id}")})),
            Err(error) => {
                tracing::error!(%error, "could not keep a mail");
                aws_error(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "disk")
            }
        }
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
