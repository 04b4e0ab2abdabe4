//! Reading what was written for few eyes: private evaluations, the bodies of messages.
//!
//! An operation of this kind is a `POST` that takes [`CaseAsked`], is `SECRET` so that no answer is
//! kept, adds [`CaseAsked::consult`] to its changes, and shows what was asked for in that answer alone.

use adapters::store::Changes;
use domain::consultation::{CaseReason, CaseReasonRefused};
use schemars::JsonSchema;
use serde::Deserialize;

/// Why something is read that was written for few eyes. Whatever is read under it is written down first:
/// see [`CaseAsked::consult`].
#[derive(Deserialize, JsonSchema)]
pub struct CaseAsked {
    /// Why.
    #[serde(default)]
    #[schemars(length(min = 10, max = 300))]
    reason: String,
    /// The booking, claim or report that it is about.
    #[schemars(length(max = 40))]
    case: Option<String>,
}

impl CaseAsked {
    /// The reason, or why it opens nothing.
    pub fn read(&self) -> Result<CaseReason, CaseReasonRefused> {
        CaseReason::parse(&self.reason, self.case.as_deref())
    }

    /// Adds that `action` read what concerns `subject`, with the reason.
    pub fn consult(
        &self,
        changes: Changes,
        action: &str,
        subject: &str,
    ) -> Result<Changes, CaseReasonRefused> {
        Ok(changes.activity_because(action, subject, &self.read()?.note()))
    }
}
