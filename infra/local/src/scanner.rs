//! GuardDuty's Malware Protection for S3: whatever is put where the template's plan watches is scanned, and the
//! default bus told. This scanner knows one malware, the test file of the EICAR, wherever it lies in a file.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::events::Events;
use crate::ids;

/// What the template asks to be scanned: everything under one of the prefixes of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProtectionPlan {
    pub(crate) bucket: String,
    pub(crate) prefixes: Vec<String>,
}

/// The test file, in two parts: a virus scanner that reads this program must not take it for one.
const EICAR: [&[u8]; 2] = [
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-",
    b"ANTIVIRUS-TEST-FILE!$H+H*",
];

pub(crate) struct Scanner {
    plans: Vec<ProtectionPlan>,
    /// Nothing is scanned for now: what comes waits, as it does on AWS for some seconds or minutes.
    held: AtomicBool,
    waiting: Mutex<Vec<(String, String)>>,
}

impl Scanner {
    pub(crate) fn new(plans: Vec<ProtectionPlan>) -> Self {
        Self {
            plans,
            held: AtomicBool::new(false),
            waiting: Mutex::default(),
        }
    }

    /// Scans a file that was put into a bucket of `folder`, or lets it wait.
    pub(crate) fn put(&self, folder: &Path, path: &str, events: &Events) {
        let Some((bucket, key)) = path.trim_start_matches('/').split_once('/') else {
            return;
        };
        let watched = |plan: &&ProtectionPlan| {
            let under = |prefix: &String| key.starts_with(prefix.as_str());
            plan.bucket == bucket && plan.prefixes.iter().any(under)
        };
        if self.plans.iter().find(watched).is_none() {
            return;
        }
        if self.held.load(Ordering::SeqCst) {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push((bucket.to_owned(), key.to_owned()));
        } else {
            scan(folder, bucket, key, events);
        }
    }

    /// Lets files wait, or scans those that wait.
    pub(crate) fn hold(&self, held: bool, folder: &Path, events: &Events) {
        self.held.store(held, Ordering::SeqCst);
        if held {
            return;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (bucket, key) in waiting.drain(..) {
            scan(folder, &bucket, &key, events);
        }
    }
}

fn scan(folder: &Path, bucket: &str, key: &str, events: &Events) {
    let (status, result, threats) = match std::fs::read(folder.join(bucket).join(key)) {
        Ok(bytes) if is_infected(&bytes) => {
            let threats = json!([{ "name": "EICAR-Test-File" }]);
            ("COMPLETED", "THREATS_FOUND", threats)
        }
        Ok(_) => ("COMPLETED", "NO_THREATS_FOUND", Value::Null),
        Err(error) => {
            tracing::error!(%error, "a file could not be scanned");
            ("FAILED", "FAILED", Value::Null)
        }
    };
    let detail = json!({
        "schemaVersion": "1.0",
        "scanStatus": status,
        "resourceType": "S3_OBJECT",
        "s3ObjectDetails": {
            "bucketName": bucket,
            "objectKey": key,
            "eTag": ids::uuid(),
            "versionId": ids::uuid(),
            "s3Throttled": false,
        },
        "scanResultDetails": {
            "scanResultStatus": result,
            "threats": threats,
            "statusReasons": null,
        },
    });
    let what = "GuardDuty Malware Protection Object Scan Result";
    if let Err((code, why)) = events.tell("aws.guardduty", what, &detail) {
        tracing::error!(code, why, "could not tell what a scan found");
    }
}

fn is_infected(bytes: &[u8]) -> bool {
    let test_file = EICAR.concat();
    bytes
        .windows(test_file.len())
        .any(|window| window == test_file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_file_is_found_wherever_it_lies() {
        let test_file = EICAR.concat();
        assert_eq!(test_file.len(), 68, "as the EICAR publishes it");
        let around = [b"%PDF-1.7 (".as_slice(), &test_file, b") Tj"].concat();
        assert!(is_infected(&test_file) && is_infected(&around));
        assert!(!is_infected(test_file.get(1..).unwrap()) && !is_infected(b""));
    }
}
