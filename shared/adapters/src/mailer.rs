//! Mail (SES v2).

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{BuildError, DisplayErrorContext};
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{
    Attachment, AttachmentContentDisposition, Body, Content, Destination, EmailContent, Message,
    MessageHeader, MessageTag,
};
use domain::identifiers::Email;
use thiserror::Error;

use crate::environment::{Environment, Outside};

/// A mail was not taken.
#[derive(Debug, Error)]
#[error("the mail was not taken: {0}")]
pub struct MailerError(pub String);

/// A mail, ready to go.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// To whom.
    pub to: Email,
    /// Its subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// Files that go with it.
    pub attachments: Vec<AttachedFile>,
}

/// A file that goes with a mail: SES takes 40 MB of a message, once encoded.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// The name to save it under.
    pub name: String,
    /// Its media type.
    pub mime: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What a mail is called with us: the mail service repeats it in all that it tells of the mail, so
/// that nothing has to be written down after a mail is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailName<'a> {
    /// The event it tells.
    pub event: &'a str,
    /// Its template.
    pub template: &'a str,
    /// The account or registration it is for.
    pub recipient: &'a str,
}

impl MailName<'_> {
    /// The label of `event`.
    pub const EVENT: &'static str = "told-event";
    /// The label of `template`.
    pub const TEMPLATE: &'static str = "template";
    /// The label of `recipient`.
    pub const RECIPIENT: &'static str = "recipient";

    fn labels(&self) -> Result<Vec<MessageTag>, BuildError> {
        let label = |name: &str, value: &str| MessageTag::builder().name(name).value(value).build();
        [
            (Self::EVENT, self.event),
            (Self::TEMPLATE, self.template),
            (Self::RECIPIENT, self.recipient),
        ]
        .into_iter()
        .map(|(name, value)| label(name, value))
        .collect()
    }
}

/// The mailer.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
    sender: String,
}

impl Outside for Mailer {
    fn open(environment: &Environment) -> Self {
        Self {
            client: Client::new(&crate::aws::configuration(
                environment,
                "SES_ENDPOINT",
                &crate::aws::SERVICE,
            )),
            sender: environment.required("MAIL_SENDER"),
        }
    }
}

impl Mailer {
    /// Sends a mail. It carries the request that it follows from, so that what somebody got can be
    /// traced back to what was asked. Answers what the mail service calls it.
    pub async fn send(
        &self,
        mail: &Mail,
        name: MailName<'_>,
        request: &str,
    ) -> Result<String, MailerError> {
        let content = |text: &str| Content::builder().data(text).charset("UTF-8").build();
        let failed = |error: &dyn std::fmt::Display| MailerError(error.to_string());
        let body = Body::builder()
            .text(content(&mail.text).map_err(|error| failed(&error))?)
            .html(content(&mail.html).map_err(|error| failed(&error))?)
            .build();
        let attachments = mail.attachments.iter().map(attachment);
        let attachments: Result<Vec<_>, _> = attachments.collect();
        let traced = MessageHeader::builder().name("X-Request-Id").value(request);
        let message = Message::builder()
            .headers(traced.build().map_err(|error| failed(&error))?)
            .subject(content(&mail.subject).map_err(|error| failed(&error))?)
            .body(body)
            .set_attachments(Some(attachments.map_err(|error| failed(&error))?))
            .build();
        self.client
            .send_email()
            .from_email_address(&self.sender)
            .destination(
                Destination::builder()
                    .to_addresses(mail.to.as_str())
                    .build(),
            )
            .content(EmailContent::builder().simple(message).build())
            .set_email_tags(Some(name.labels().map_err(|error| failed(&error))?))
            .send()
            .await
            .map(|taken| taken.message_id.unwrap_or_default())
            .map_err(|error| MailerError(DisplayErrorContext(&error).to_string()))
    }
}

fn attachment(file: &AttachedFile) -> Result<Attachment, BuildError> {
    Attachment::builder()
        .file_name(&file.name)
        .content_type(&file.mime)
        .content_disposition(AttachmentContentDisposition::Attachment)
        .raw_content(Blob::new(file.bytes.clone()))
        .build()
}
