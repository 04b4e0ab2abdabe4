//! The built site's own files, in its S3 bucket: what the deployment put there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::environment::{Environment, Outside};

/// For how long a file is not asked for again. A deployment keeps the files that the one before
/// named, so a shell may be this old.
const KEPT_FOR: SignedDuration = SignedDuration::from_mins(2);

/// The files that functions read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SiteFile {
    /// The shell in which the application starts.
    Application,
    /// The same, naming what a professional's page loads.
    Professional,
    /// The page for addresses that do not exist.
    NotFound,
    /// Which addresses exist.
    Addresses,
}

impl SiteFile {
    /// Its name in the bucket.
    pub fn name(self) -> &'static str {
        match self {
            Self::Application => "200.html",
            Self::Professional => "professionnel.html",
            Self::NotFound => "404.html",
            Self::Addresses => "addresses.json",
        }
    }
}

/// The file cannot be had.
#[derive(Debug, Error)]
#[error("{file} of the site: {cause}")]
pub struct SiteError {
    file: &'static str,
    cause: String,
}

/// A file, and since when it is known.
#[derive(Clone, Debug)]
struct Kept {
    since: Timestamp,
    text: Arc<str>,
}

/// The built site.
#[derive(Clone, Debug)]
pub struct Site {
    client: Client,
    bucket: String,
    kept: Arc<Mutex<BTreeMap<SiteFile, Kept>>>,
}

impl Outside for Site {
    fn open(environment: &Environment) -> Self {
        Self {
            client: crate::aws::s3_client(environment),
            bucket: environment.required("SITE_BUCKET"),
            kept: Arc::default(),
        }
    }
}

impl Site {
    /// A file, as it was some minutes ago at most.
    pub async fn read(&self, file: SiteFile, now: Timestamp) -> Result<Arc<str>, SiteError> {
        let kept = self
            .kept
            .lock()
            .ok()
            .and_then(|kept| kept.get(&file).cloned());
        if let Some(Kept { since, text }) = kept
            && now.duration_since(since).abs() < KEPT_FOR
        {
            return Ok(text);
        }
        let failed = |cause: String| SiteError {
            file: file.name(),
            cause,
        };
        let answer = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(file.name())
            .send()
            .await
            .map_err(|error| failed(DisplayErrorContext(&error).to_string()))?;
        let bytes = answer
            .body
            .collect()
            .await
            .map_err(|error| failed(error.to_string()))?
            .to_vec();
        let text: Arc<str> = String::from_utf8(bytes)
            .map_err(|error| failed(error.to_string()))?
            .into();
        if let Ok(mut kept) = self.kept.lock() {
            let text = Arc::clone(&text);
            kept.insert(file, Kept { since: now, text });
        }
        Ok(text)
    }
}
