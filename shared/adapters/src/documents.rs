//! Uploaded documents, in a private S3 bucket.
//!
//! A browser sends a file straight to S3 with a presigned request: its size, type and SHA-256 are
//! part of the signature, so nothing else can be put there. What is announced goes into a folder of its
//! own, which S3 empties after some days; what is then made use of is kept in another.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::presigning::PresigningConfig;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::professional::{DocumentFile, FileFault, FileType, LARGEST_FILE_BYTES, SeenFile};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use crate::environment::{Environment, Outside};
use crate::secrets::{hexadecimal, random_bytes, sha256};

mod opening;

/// Where files lie that were announced and belong to nothing yet. S3 deletes what stays there: the rule
/// `forget-announced` in the template.
pub const ANNOUNCED: &str = "announced/";

/// The key of a file to come. It says nothing of its owner, and nobody guesses it.
pub fn announced_key() -> String {
    format!("{ANNOUNCED}{}", hexadecimal(&random_bytes::<24>()))
}

/// What can go wrong with documents.
#[derive(Debug, Error)]
pub enum DocumentsError {
    /// Nothing was uploaded under this key.
    #[error("no file was uploaded")]
    Absent,
    /// It was announced and not kept: no malware scan said that it is clean.
    #[error("the file is not known to be clean")]
    NotClean,
    /// S3 did not do it.
    #[error("S3 did not answer: {0}")]
    Outside(String),
}

/// What to send, and where: method `PUT`, these headers, the file as body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, JsonSchema)]
pub struct UploadRequest {
    /// Always `PUT`.
    pub method: String,
    /// The presigned address, good for 15 minutes.
    pub url: String,
    /// Headers that must be sent as they are.
    pub headers: std::collections::BTreeMap<String, String>,
}

/// What a file really is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The type its first bytes say, when it is an accepted one.
    pub file_type: Option<FileType>,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Why it cannot be kept.
    pub fault: Option<FileFault>,
    /// What is kept in its place: an image upright, without what the camera wrote, and smaller.
    remade: Option<Vec<u8>>,
}

/// A photo or a logo as pages show it, in JPEG; nothing of what is no picture.
pub fn portrait(picture: &[u8]) -> Option<Vec<u8>> {
    opening::portrait(picture)
}

impl Inspection {
    /// What pages show of a picture; nothing of what is none.
    pub fn portrait(&self) -> Option<Vec<u8>> {
        portrait(self.remade.as_deref()?)
    }

    /// The same, as the rules look at it.
    pub fn seen(&self) -> SeenFile<'_> {
        SeenFile {
            file_type: self.file_type,
            size: self.size,
            sha256: &self.sha256,
            fault: self.fault,
        }
    }
}

/// The documents.
#[derive(Clone, Debug)]
pub struct Documents {
    client: Client,
    bucket: String,
}

impl Outside for Documents {
    fn open(environment: &Environment) -> Self {
        Self {
            client: crate::aws::s3_client(environment),
            bucket: environment.required("DOCUMENTS_BUCKET"),
        }
    }
}

impl Documents {
    /// Prepares an upload of exactly this file.
    pub async fn prepare_upload(
        &self,
        file: &DocumentFile,
    ) -> Result<UploadRequest, DocumentsError> {
        let digest = base64_of_hexadecimal(&file.sha256);
        let signed = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(&file.key)
            .content_type(file.file_type.mime())
            .content_length(i64::try_from(file.size).unwrap_or(i64::MAX))
            .checksum_sha256(digest)
            .presigned(validity(15 * 60)?)
            .await
            .map_err(|error| DocumentsError::Outside(DisplayErrorContext(&error).to_string()))?;
        // A browser sets the length by itself and refuses to be told.
        let headers = signed
            .headers()
            .filter(|(name, _)| *name != "content-length" && *name != "host")
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(UploadRequest {
            method: signed.method().to_owned(),
            url: signed.uri().to_owned(),
            headers,
        })
    }

    /// Reads a file, opens it, and says what it really is.
    pub async fn inspect(&self, key: &str) -> Result<Inspection, DocumentsError> {
        let bytes = self.read(key).await?;
        let inspected = tokio::task::spawn_blocking(move || inspected(&bytes)).await;
        inspected.map_err(|error| DocumentsError::Outside(error.to_string()))
    }

    /// Reads a file, up to the largest size allowed.
    pub async fn read(&self, key: &str) -> Result<Vec<u8>, DocumentsError> {
        let range = format!("bytes=0-{LARGEST_FILE_BYTES}");
        let answer = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .range(range)
            .send()
            .await;
        let answer = answer.map_err(|error| match error.as_service_error() {
            Some(service) if service.is_no_such_key() => DocumentsError::Absent,
            Some(_) | None => DocumentsError::Outside(DisplayErrorContext(&error).to_string()),
        })?;
        let body = answer
            .body
            .collect()
            .await
            .map_err(|error| DocumentsError::Outside(error.to_string()))?;
        Ok(body.to_vec())
    }

    /// Asks whether a file was sent, without reading it.
    ///
    /// # Errors
    /// [`DocumentsError::Absent`] when it was not.
    pub async fn find(&self, key: &str) -> Result<(), DocumentsError> {
        let request = self.client.head_object().bucket(&self.bucket).key(key);
        let answer = request.send().await.map(|_| ());
        answer.map_err(|error| match error.as_service_error() {
            Some(service) if service.is_not_found() => DocumentsError::Absent,
            Some(_) | None => DocumentsError::Outside(DisplayErrorContext(&error).to_string()),
        })
    }

    /// Keeps a file that was announced, inspected and found clean, in `folder`, and answers what is there. Kept twice,
    /// it is the same file under the same key.
    pub async fn keep(
        &self,
        announced: &DocumentFile,
        folder: &str,
        inspected: Inspection,
    ) -> Result<DocumentFile, DocumentsError> {
        let name = announced.key.strip_prefix(ANNOUNCED);
        let key = format!("{folder}/{}", name.unwrap_or(&announced.key));
        match inspected.remade {
            None => {
                self.copy(&announced.key, &key).await?;
                Ok(DocumentFile {
                    key,
                    ..announced.clone()
                })
            }
            Some(bytes) => {
                let file = DocumentFile {
                    key,
                    size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
                    sha256: sha256(&bytes),
                    file_type: announced.file_type,
                };
                self.put(&file, bytes).await?;
                Ok(file)
            }
        }
    }

    async fn copy(&self, from: &str, key: &str) -> Result<(), DocumentsError> {
        self.client
            .copy_object()
            .copy_source(format!("{}/{from}", self.bucket))
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map(|_| ())
            .map_err(|error| DocumentsError::Outside(DisplayErrorContext(&error).to_string()))
    }

    /// A link that opens a file for one minute.
    ///
    /// # Errors
    /// [`DocumentsError::NotClean`] for what was not kept yet: nobody opens a file before it is scanned.
    pub async fn link(&self, file: &DocumentFile, name: &str) -> Result<String, DocumentsError> {
        if file.key.starts_with(ANNOUNCED) {
            return Err(DocumentsError::NotClean);
        }
        let signed = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(&file.key)
            .response_content_type(file.file_type.mime())
            .response_content_disposition(inline(name))
            .presigned(validity(60)?)
            .await
            .map_err(|error| DocumentsError::Outside(DisplayErrorContext(&error).to_string()))?;
        Ok(signed.uri().to_owned())
    }

    /// Erases a file; what is not there is erased already. The bucket forgets what was there within a month.
    pub async fn erase(&self, key: &str) -> Result<(), DocumentsError> {
        let request = self.client.delete_object().bucket(&self.bucket).key(key);
        let answer = request.send().await.map(|_| ());
        answer.map_err(|error| DocumentsError::Outside(DisplayErrorContext(&error).to_string()))
    }

    /// Puts a file as it is.
    pub async fn put(&self, file: &DocumentFile, bytes: Vec<u8>) -> Result<(), DocumentsError> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(&file.key)
            .content_type(file.file_type.mime())
            .body(bytes.into())
            .send()
            .await
            .map(|_| ())
            .map_err(|error| DocumentsError::Outside(DisplayErrorContext(&error).to_string()))
    }
}

fn inspected(bytes: &[u8]) -> Inspection {
    let file_type = infer::get(bytes).and_then(|found| FileType::of_mime(found.mime_type()));
    let opened = file_type.map(|file_type| opening::open(bytes, file_type));
    let (fault, remade) = match opened {
        None => (None, None),
        Some(Ok(remade)) => (None, remade),
        Some(Err(fault)) => (Some(fault), None),
    };
    Inspection {
        file_type,
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        sha256: sha256(bytes),
        fault,
        remade,
    }
}

/// How a browser is told to show a file and to name it: whatever people named it, in ASCII for old
/// ones and in full (RFC 6266).
fn inline(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '.' | '-' | '_' => letter,
            _ => '_',
        })
        .collect();
    let full = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("inline; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

fn validity(seconds: u64) -> Result<PresigningConfig, DocumentsError> {
    PresigningConfig::expires_in(Duration::from_secs(seconds))
        .map_err(|error| DocumentsError::Outside(error.to_string()))
}

fn base64_of_hexadecimal(text: &str) -> String {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
            .unwrap_or(0)
    };
    let bytes: Vec<u8> = text
        .as_bytes()
        .chunks(2)
        .map(|pair| match *pair {
            [high, low] => digit(high) << 4 | digit(low),
            _ => 0,
        })
        .collect();
    STANDARD.encode(bytes)
}
