//! Mail (SES v2).

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::DisplayErrorContext;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader};
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
            client: Client::new(&crate::aws::configuration(environment, "SES_ENDPOINT")),
            sender: environment.required("MAIL_SENDER"),
        }
    }
}

impl Mailer {
    /// Sends a mail. It carries the request that it follows from, so that what somebody got can be
    /// traced back to what was asked.
    pub async fn send(&self, mail: &Mail, request: &str) -> Result<(), MailerError> {
        let content = |text: &str| Content::builder().data(text).charset("UTF-8").build();
        let failed = |error: &dyn std::fmt::Display| MailerError(error.to_string());
        let body = Body::builder()
            .text(content(&mail.text).map_err(|error| failed(&error))?)
            .html(content(&mail.html).map_err(|error| failed(&error))?)
            .build();
        let traced = MessageHeader::builder().name("X-Request-Id").value(request);
        let message = Message::builder()
            .headers(traced.build().map_err(|error| failed(&error))?)
            .subject(content(&mail.subject).map_err(|error| failed(&error))?)
            .body(body)
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
            .send()
            .await
            .map(|_| ())
            .map_err(|error| MailerError(DisplayErrorContext(&error).to_string()))
    }
}
