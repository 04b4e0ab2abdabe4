//! The operator looked something up that no document says: a form of the dashboard.

use domain::professional::Checked;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{RegistrationPath, professional, written};

/// Say how something of the checklist was looked up: its date is kept with it.
pub struct VerifyByHand;

/// What was looked up, and how.
#[derive(Deserialize, JsonSchema)]
pub struct LookedUp {
    /// `siren`, `managers`, `bank_holder` or `activity:…`.
    what: Checked,
    /// Where, or whom one asked.
    #[schemars(length(min = 3, max = 300))]
    method: String,
}

impl Operation for VerifyByHand {
    const NAME: &'static str = "verify-by-hand";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/professionnels/{professional}/verifications";
    const SUMMARY: &'static str = "Say how something was looked up that no document says.";
    type Outside = ();
    type Who = Admin;
    type Path = RegistrationPath;
    type Input = LookedUp;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let LookedUp { what, method } = &call.input;
        let method = written(method, "method", 300)?;
        let read = professional(desk, &call.path.professional).await?;
        let mut verified = read.record.clone();
        verified.verify(*what, &call.who.account, method, call.now)?;
        let note = format!("{} : {method}", what.code());
        let changes = call.changes().replace(&read, &verified).activity_because(
            Self::NAME,
            verified.id.as_str(),
            &note,
        );
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}
