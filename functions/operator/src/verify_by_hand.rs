//! The operator looked something up that no document says.

use domain::operator::Duty;
use domain::professional::{Checked, Finding};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{RegistrationPath, professional, written};

/// Say how something of the checklist was looked up: its date is kept with it.
pub struct VerifyByHand;

/// What was looked up, and how.
#[derive(Deserialize, JsonSchema)]
pub struct LookedUp {
    /// `identity`, `siren`, `siret`, `vat`, `managers`, `bank_holder`, `mediator` or `activity:…`.
    what: Checked,
    /// Where, or whom one asked.
    #[schemars(length(min = 3, max = 300))]
    method: String,
    /// Why it is relied on although something speaks against it: asked for then.
    #[serde(default)]
    #[schemars(length(max = 500))]
    reason: String,
    /// What is wrong with it, when it was found wrong; empty when it was found right.
    #[serde(default)]
    #[schemars(length(max = 500))]
    fault: String,
}

impl Operation for VerifyByHand {
    const NAME: &'static str = "verify-by-hand";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/registrations/{professional}/verifications";
    const SUMMARY: &'static str =
        "Decide one point that no document says: found right, or found wrong.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = RegistrationPath;
    type Input = LookedUp;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let LookedUp {
            what,
            method,
            reason,
            fault,
        } = &call.input;
        let finding = Finding {
            by: &call.who.account,
            method: written(method, "method", 300)?,
            reason: Some(reason),
            at: call.now,
        };
        let read = professional(desk, &call.path.professional).await?;
        let mut verified = read.record.clone();
        let found = if fault.trim().is_empty() {
            verified.verify(*what, &finding)?;
            finding.said()
        } else {
            let fault = written(fault, "fault", 500)?;
            verified.refute(*what, &finding, fault)?;
            format!("{}, inexact : {fault}", finding.method)
        };
        let note = format!("{} : {found}", what.code());
        let changes = call.changes().replace(&read, &verified).activity_because(
            Self::NAME,
            verified.id.as_str(),
            &note,
        );
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
