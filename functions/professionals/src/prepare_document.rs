//! An applicant announces a document; its file then goes straight to the private bucket.

use adapters::documents::{Documents, UploadRequest, announced_key};
use adapters::ids::fresh;
use adapters::store::{FileOf, ScannedFile};
use domain::ids::DocumentId;
use domain::professional::{DocumentDetails, DocumentFile, FileType};
use http_function::{Call, DAY, Desk, FileHolder, Nothing, Operation, Problem, Reply, throttle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::own::own;

/// Announce a document.
pub struct PrepareDocument;

/// A document and its file, as announced.
#[derive(Deserialize, JsonSchema)]
pub struct AnnouncedDocument {
    /// What it is and says.
    details: DocumentDetails,
    /// What the file is.
    file_type: FileType,
    /// Bytes, 10 MB at most.
    #[schemars(range(min = 1, max = 10_485_760))]
    size: u64,
    /// SHA-256 of the file, 64 hexadecimal digits in lower case.
    #[schemars(length(equal = 64))]
    sha256: String,
}

/// Where to send the file.
#[derive(Serialize, JsonSchema)]
pub struct PreparedUpload {
    /// The document, to confirm once the file is sent.
    document: DocumentId,
    /// What to send, and where.
    upload: UploadRequest,
}

impl Operation for PrepareDocument {
    const NAME: &'static str = "prepare-document";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/registration/documents";
    const SUMMARY: &'static str =
        "Announce a document and receive the request that uploads exactly this file.";
    type Outside = Documents;
    type Who = FileHolder;
    type Path = Nothing;
    type Input = AnnouncedDocument;
    type Output = PreparedUpload;

    async fn run(
        desk: &Desk<Documents>,
        call: &Call<Self>,
    ) -> Result<Reply<PreparedUpload>, Problem> {
        let AnnouncedDocument {
            details,
            file_type,
            size,
            sha256,
        } = &call.input;
        let read = own(desk, &call.who.professional).await?;
        throttle(
            desk,
            &format!("{}#{}", Self::NAME, read.record.id),
            300,
            DAY,
        )
        .await?;
        let file = DocumentFile {
            key: announced_key(),
            size: *size,
            sha256: sha256.clone(),
            file_type: *file_type,
        };
        let mut professional = read.record.clone();
        let document =
            professional.announce_document(fresh(call.now), details.clone(), file, call.now)?;
        let upload = desk.outside.prepare_upload(&document.file).await?;
        let scanned = ScannedFile {
            file: document.file.key.clone(),
            of: FileOf::Document {
                professional: professional.id.clone(),
                document: document.id.clone(),
            },
            announced_at: call.now,
            confirmed_at: None,
            verdict: None,
        };
        let changes = call
            .changes()
            .replace(&read, &professional)
            .create(&scanned, "file")
            .activity(Self::NAME, document.id.as_str());
        Ok(Reply::created(PreparedUpload {
            document: document.id,
            upload,
        })
        .changing(changes))
    }
}
