//! The files of invoices and orders, in a private S3 bucket whose objects cannot be changed for ten years.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata as _};
use aws_sdk_s3::presigning::PresigningConfig;
use thiserror::Error;

use crate::environment::{Environment, Outside};

/// S3 did not do it; the text is for the log.
#[derive(Debug, Error)]
#[error("S3 did not answer: {0}")]
pub struct InvoicesError(String);

/// The files.
#[derive(Clone, Debug)]
pub struct Invoices {
    client: Client,
    bucket: String,
}

/// How long a link opens a file, in seconds.
pub const LINK_SECONDS: u64 = 60;

impl Outside for Invoices {
    fn open(environment: &Environment) -> Self {
        Self {
            client: crate::aws::s3_client(environment),
            bucket: environment.required("INVOICES_BUCKET"),
        }
    }
}

impl Invoices {
    /// Puts a file where there is none. One that is there already stays as it is: the same invoice
    /// always prints to the same bytes.
    pub async fn put_once(
        &self,
        key: &str,
        mime: &str,
        bytes: Vec<u8>,
    ) -> Result<(), InvoicesError> {
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(mime)
            .if_none_match("*")
            .body(bytes.into())
            .send()
            .await;
        match put {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("PreconditionFailed") => Ok(()),
            Err(error) => Err(InvoicesError(DisplayErrorContext(&error).to_string())),
        }
    }

    /// Reads a file.
    pub async fn read(&self, key: &str) -> Result<Vec<u8>, InvoicesError> {
        let answer = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map_err(|error| InvoicesError(DisplayErrorContext(&error).to_string()))?;
        let body = answer.body.collect().await;
        body.map(|bytes| bytes.to_vec())
            .map_err(|error| InvoicesError(error.to_string()))
    }

    /// Erases a file whose ten years are over: in production nobody can before.
    pub async fn erase(&self, key: &str) -> Result<(), InvoicesError> {
        let request = self.client.delete_object().bucket(&self.bucket).key(key);
        let answer = request.send().await.map(|_| ());
        answer.map_err(|error| InvoicesError(DisplayErrorContext(&error).to_string()))
    }

    /// A link that opens a file for a minute.
    pub async fn link(&self, key: &str, name: &str) -> Result<String, InvoicesError> {
        let validity = PresigningConfig::expires_in(Duration::from_secs(LINK_SECONDS))
            .map_err(|error| InvoicesError(error.to_string()))?;
        let signed = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_disposition(format!("attachment; filename=\"{name}\""))
            .presigned(validity)
            .await
            .map_err(|error| InvoicesError(DisplayErrorContext(&error).to_string()))?;
        Ok(signed.uri().to_owned())
    }
}
