//! The operator verifies a document, or turns it down: one at a time.

use adapters::likenesses;
use adapters::store::Changes;
use domain::event::Event;
use domain::operator::Duty;
use domain::professional::{Finding, Professional, ProfessionalStatus};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{FiledDocumentPath, professional, written};

/// Verify a document.
pub struct VerifyDocument;

/// How it was verified.
#[derive(Deserialize, JsonSchema)]
pub struct Verified {
    /// By whom it was asked, and when.
    #[schemars(length(min = 3, max = 300))]
    method: String,
    /// Why it is relied on although something speaks against it: asked for then.
    #[serde(default)]
    #[schemars(length(max = 500))]
    reason: String,
}

impl Operation for VerifyDocument {
    const NAME: &'static str = "verify-document";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/documents/{professional}/{document}/verify";
    const SUMMARY: &'static str =
        "Verify one document; a renewal then takes the place of the one before.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = FiledDocumentPath;
    type Input = Verified;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let finding = Finding {
            by: &call.who.account,
            method: written(&call.input.method, "method", 300)?,
            reason: Some(&call.input.reason),
            at: call.now,
        };
        let read = professional(desk, &call.path.professional).await?;
        let others = likenesses::alike(&desk.store, &read.record).await?;
        let mut decided = read.record.clone();
        decided.verify_document(&call.path.document, &finding, &others)?;
        let changes = call.changes().replace(&read, &decided).activity_because(
            Self::NAME,
            call.path.document.as_str(),
            &finding.said(),
        );
        // A title renewed after acceptance has a number that nobody was compared with yet.
        let changes = likenesses::mark(changes, &decided);
        Ok(Reply::ok(Nothing {}).changing(told(changes, &decided, &call.path)))
    }
}

/// Turn a document down.
pub struct RejectDocument;

/// Why.
#[derive(Deserialize, JsonSchema)]
pub struct Rejected {
    /// What the professional reads.
    #[schemars(length(min = 3, max = 500))]
    reason: String,
}

impl Operation for RejectDocument {
    const NAME: &'static str = "reject-document";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/documents/{professional}/{document}/reject";
    const SUMMARY: &'static str = "Turn one document down; its owner reads why.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = FiledDocumentPath;
    type Input = Rejected;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let reason = written(&call.input.reason, "reason", 500)?;
        let read = professional(desk, &call.path.professional).await?;
        let mut decided = read.record.clone();
        decided.reject_document(&call.path.document, &call.who.account, reason, call.now)?;
        let changes = call.changes().replace(&read, &decided).activity_because(
            Self::NAME,
            call.path.document.as_str(),
            reason,
        );
        Ok(Reply::ok(Nothing {}).changing(told(changes, &decided, &call.path)))
    }
}

/// While a registration is examined nothing is told yet: its decision will tell. Afterwards the owner
/// is written to, and offers follow the titles.
fn told(changes: Changes, decided: &Professional, path: &FiledDocumentPath) -> Changes {
    if decided.status != ProfessionalStatus::Accepted {
        return changes;
    }
    changes
        .event(Event::DocumentDecided {
            professional: decided.id.clone(),
            document: path.document.clone(),
        })
        .event(Event::ProfessionalChanged {
            professional: decided.id.clone(),
        })
}
