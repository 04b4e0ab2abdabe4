//! Keeps what the malware scan said of a file, as GuardDuty tells it. A document whose sender waited for it
//! is then kept; one that is infected, or that could not be scanned, is refused.

use adapters::documents::Documents;
use adapters::store::{Changes, FileOf, Key, ScannedFile};
use domain::event::Event;
use domain::ids::{DocumentId, ProfessionalId};
use domain::professional::{Professional, ScanVerdict};
use http_function::{Desk, Named, Observer, Ours, Problem};
use serde::Deserialize;

use crate::deposits;

/// Keeps what a scan said.
pub struct RecordScan;

/// What GuardDuty tells of a file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScanTold {
    s3_object_details: Scanned,
    scan_result_details: Found,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scanned {
    object_key: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    scan_result_status: String,
}

impl ScanTold {
    /// Only what GuardDuty says is free of threats is clean: what it could not read, or has no word for
    /// that we know, is not.
    fn verdict(&self) -> ScanVerdict {
        match self.scan_result_details.scan_result_status.as_str() {
            "NO_THREATS_FOUND" => ScanVerdict::Clean,
            "THREATS_FOUND" => ScanVerdict::Infected,
            // UNSUPPORTED, ACCESS_DENIED, FAILED.
            _ => ScanVerdict::Unscannable,
        }
    }
}

impl Observer for RecordScan {
    const NAME: &'static str = "record-scan";
    const SUMMARY: &'static str = "Keeps what the malware scan said of a file: a clean document is kept, another one is refused.";
    const SOURCE: &'static str = "aws.guardduty";
    const EVENTS: &'static [&'static str] = &["GuardDuty Malware Protection Object Scan Result"];
    const OURS: Ours = Ours {
        at: &["s3ObjectDetails", "bucketName"],
        name: Named::Beginning("monagentdesecu-documents-"),
    };
    type Told = ScanTold;
    type Outside = Documents;

    async fn on(
        desk: &Desk<Documents>,
        told: &ScanTold,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let key = Key::scanned_file(&told.s3_object_details.object_key);
        // GuardDuty tries a file of its own when it begins to watch a bucket.
        let read = desk.store.get::<ScannedFile>(key).await?;
        let Some(read) = read.filter(|read| read.record.verdict.is_none()) else {
            return Ok(changes);
        };
        let verdict = told.verdict();
        if verdict == ScanVerdict::Unscannable {
            let status = &told.scan_result_details.scan_result_status;
            tracing::warn!(status, "a file could not be scanned");
        }
        let scanned = ScannedFile {
            verdict: Some(verdict),
            ..read.record.clone()
        };
        let changes = changes.replace(&read, &scanned);
        match &scanned.of {
            FileOf::Document {
                professional,
                document,
            } => {
                let changes = refused(changes, verdict, document.as_str());
                if scanned.confirmed_at.is_none() {
                    return Ok(changes);
                }
                end_scan(desk, (professional, document), verdict, changes).await
            }
            FileOf::Attachment { owner, .. } => Ok(refused(changes, verdict, owner.as_str())),
        }
    }
}

/// The operator finds in the activity log what was refused, and by whom it was sent.
fn refused(changes: Changes, verdict: ScanVerdict, subject: &str) -> Changes {
    match verdict {
        ScanVerdict::Clean => changes,
        ScanVerdict::Infected => changes.activity("infected-file", subject),
        ScanVerdict::Unscannable => changes.activity("unscannable-file", subject),
    }
}

/// The document waited for this.
async fn end_scan(
    desk: &Desk<Documents>,
    (professional, id): (&ProfessionalId, &DocumentId),
    verdict: ScanVerdict,
    changes: Changes,
) -> Result<Changes, Problem> {
    let key = Key::professional(professional);
    let Some(read) = desk.store.get::<Professional>(key).await? else {
        return Ok(changes);
    };
    let mut after = read.record.clone();
    let outcome = verdict.fault().map_or(Ok(()), Err);
    if !after.end_scan(id, outcome, changes.now()) {
        // It was taken back meanwhile.
        return Ok(changes);
    }
    if outcome.is_err() {
        return Ok(changes.replace(&read, &after).event(Event::FileRefused {
            professional: professional.clone(),
            document: id.clone(),
        }));
    }
    let changes = deposits::keep(&desk.outside, &mut after, id, None, changes).await?;
    Ok(changes
        .replace(&read, &after)
        .activity(RecordScan::NAME, id.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_free_of_threats_is_clean() {
        for (status, verdict) in [
            ("NO_THREATS_FOUND", ScanVerdict::Clean),
            ("THREATS_FOUND", ScanVerdict::Infected),
            ("UNSUPPORTED", ScanVerdict::Unscannable),
            ("ACCESS_DENIED", ScanVerdict::Unscannable),
            ("FAILED", ScanVerdict::Unscannable),
            ("SOMETHING_NEW", ScanVerdict::Unscannable),
        ] {
            // As the guide of Malware Protection for S3 shows it, with more than is read here.
            let told: ScanTold = serde_json::from_value(json!({
                "schemaVersion": "1.0",
                "scanStatus": "COMPLETED",
                "resourceType": "S3_OBJECT",
                "s3ObjectDetails": {
                    "bucketName": "dev-monagentdesecu-documents-111122223333",
                    "objectKey": "announced/1",
                    "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                    "versionId": "1",
                    "s3Throttled": false,
                },
                "scanResultDetails": { "scanResultStatus": status, "threats": null },
            }))
            .unwrap();
            assert_eq!(told.verdict(), verdict, "{status}");
        }
    }
}
