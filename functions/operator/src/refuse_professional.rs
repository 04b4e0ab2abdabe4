//! The operator refuses a professional, who is not told why (terms, article 4.1).

use domain::event::Event;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{Decided, RegistrationPath, professional, written};

/// Refuse a professional.
pub struct RefuseProfessional;

/// Why, for the file.
#[derive(Deserialize, JsonSchema)]
pub struct InternalRefusal {
    /// Kept in the file, never sent.
    #[schemars(length(min = 3, max = 2000))]
    internal_reason: String,
}

impl Operation for RefuseProfessional {
    const NAME: &'static str = "refuse-professional";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/registrations/{professional}/refuse";
    const SUMMARY: &'static str = "Refuse a professional; the reason stays in the file.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = RegistrationPath;
    type Input = InternalRefusal;
    type Output = Decided;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Decided>, Problem> {
        let reason = written(&call.input.internal_reason, "internal_reason", 2000)?;
        let read = professional(desk, &call.path.professional).await?;
        let mut refused = read.record.clone();
        refused.refuse(&call.who.account, reason.to_owned(), call.now)?;
        let changes = call
            .changes()
            .replace(&read, &refused)
            .activity(Self::NAME, refused.id.as_str())
            .event(Event::ProfessionalRefused {
                professional: refused.id.clone(),
            });
        Ok(Reply::ok(Decided::of(&refused)).changing(changes))
    }
}
