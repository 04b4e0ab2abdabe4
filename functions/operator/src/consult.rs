//! Reading what was written for few eyes: private evaluations, the bodies of messages.
//!
//! An operation of this kind is a `POST` that takes [`CaseAsked`], is `SECRET` so that no answer is
//! kept, reads its [`CaseAsked::reason`] once, writes it down with each thing that is read
//! (`Changes::activity_because`), and shows what was asked for in that answer alone.

use domain::consultation::{CaseReason, CaseReasonRefused};
use schemars::JsonSchema;
use serde::Deserialize;

/// Why something is read that was written for few eyes. Whatever is read under it is written down first.
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
    /// The reason as the activity log keeps it, or why it opens nothing.
    pub fn reason(&self) -> Result<String, CaseReasonRefused> {
        Ok(CaseReason::parse(&self.reason, self.case.as_deref())?.note())
    }
}
