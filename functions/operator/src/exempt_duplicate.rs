//! The operator allows two professionals to have something in common: a form of the dashboard.

use adapters::likenesses;
use adapters::store::{Store, StoreError};
use domain::ids::ProfessionalId;
use domain::operator::Duty;
use domain::professional::{DuplicateHint, Professional};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{RegistrationPath, professional};

/// Record that two professionals are not one, or may both be there (terms, article 4.1).
pub struct ExemptDuplicate;

/// With whom, and why.
#[derive(Deserialize, JsonSchema)]
pub struct Exemption {
    /// The other professional.
    other: ProfessionalId,
    /// Why, for both files and the log.
    #[schemars(length(min = 10, max = 500))]
    reason: String,
}

impl Operation for ExemptDuplicate {
    const NAME: &'static str = "exempt-duplicate";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/professionnels/{professional}/doublons";
    const SUMMARY: &'static str =
        "Allow two professionals what they have in common, with a reason.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = RegistrationPath;
    type Input = Exemption;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = professional(desk, &call.path.professional).await?;
        let other = professional(desk, &call.input.other).await?.record;
        let reason = call.input.reason.trim();
        let mut exempted = read.record.clone();
        exempted.exempt(&other, &call.who.account, reason, call.now)?;
        // One line in the log of each of the two.
        let changes = call
            .changes()
            .replace(&read, &exempted)
            .activity_because(Self::NAME, exempted.id.as_str(), reason)
            .activity_because(Self::NAME, other.id.as_str(), reason);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// Everybody who may be the same as a professional, as the operator is told.
pub async fn duplicate_hints(
    store: &Store,
    professional: &Professional,
) -> Result<Vec<DuplicateHint>, StoreError> {
    let others = likenesses::alike(store, professional).await?;
    Ok(professional.duplicate_hints(&others))
}
