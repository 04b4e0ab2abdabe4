//! Somebody announces a file for a message; it then goes straight to the private bucket.

use adapters::documents::{Documents, UploadRequest, announced_key};
use adapters::ids::fresh;
use adapters::store::{FileOf, ScannedFile};
use domain::conversation::{Attachment, AttachmentDraft};
use domain::ids::AttachmentId;
use domain::professional::{DocumentFile, FileType};
use http_function::{Call, Correspondent, DAY, Desk, Nothing, Operation, Problem, Reply, throttle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Announcing a file.
pub struct PrepareAttachment;

/// A file, as announced.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct AnnouncedAttachment {
    /// Its name, for whoever receives it.
    #[schemars(length(min = 1, max = 120))]
    pub name: String,
    /// What it is.
    pub file_type: FileType,
    /// Bytes, 10 MB at most.
    #[schemars(range(min = 1, max = 10_485_760))]
    pub size: u64,
    /// SHA-256 of the file, 64 hexadecimal digits in lower case.
    #[schemars(length(equal = 64))]
    pub sha256: String,
}

/// Where to send the file, and what to name in the message.
#[derive(Serialize, JsonSchema)]
pub struct PreparedAttachment {
    /// The attachment, to name in the message once the file is sent.
    attachment: AttachmentId,
    /// What to send, and where.
    upload: UploadRequest,
}

/// How many files somebody may announce in a day.
const MOST_A_DAY: u64 = 100;

impl Operation for PrepareAttachment {
    const NAME: &'static str = "prepare-attachment";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/attachments";
    const SUMMARY: &'static str = "Announce a PDF, JPEG or PNG file for a message and receive the request that uploads exactly this file.";
    type Outside = Documents;
    type Who = Correspondent;
    type Path = Nothing;
    type Input = AnnouncedAttachment;
    type Output = PreparedAttachment;

    async fn run(
        desk: &Desk<Documents>,
        call: &Call<Self>,
    ) -> Result<Reply<PreparedAttachment>, Problem> {
        let who = &call.who;
        let asked = &call.input;
        let attachment = Attachment {
            id: fresh(call.now),
            name: asked.file_type.named(asked.name.trim()),
            file: DocumentFile {
                key: announced_key(),
                size: asked.size,
                sha256: asked.sha256.clone(),
                file_type: asked.file_type,
            },
        };
        attachment.check()?;
        let counted = format!("{}#{}", Self::NAME, who.account);
        throttle(desk, &counted, MOST_A_DAY, DAY).await?;
        let upload = desk.outside.prepare_upload(&attachment.file).await?;
        let draft = AttachmentDraft {
            attachment,
            owner: who.account.clone(),
            announced_at: call.now,
            sent_in: None,
        };
        let scanned = ScannedFile {
            file: draft.attachment.file.key.clone(),
            of: FileOf::Attachment {
                owner: draft.owner.clone(),
                attachment: draft.attachment.id.clone(),
            },
            announced_at: call.now,
            confirmed_at: None,
            verdict: None,
        };
        let changes = call
            .changes()
            .create(&draft, "attachment")
            .create(&scanned, "file");
        Ok(Reply::created(PreparedAttachment {
            attachment: draft.attachment.id,
            upload,
        })
        .changing(changes))
    }
}
