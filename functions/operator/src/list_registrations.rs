//! The operator looks at who waits for a decision.

use adapters::store::Question;
use domain::identifiers::Siren;
use domain::ids::ProfessionalId;
use domain::professional::{
    DuplicateHint, PersonKind, Professional, ProfessionalStatus, Resemblance,
};
use futures::future::try_join_all;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exempt_duplicate::duplicate_hints;

/// List registrations.
pub struct ListRegistrations;

/// Which ones.
#[derive(Deserialize, JsonSchema)]
pub struct RegistrationQuery {
    /// In which status; those that wait for a decision when absent.
    status: Option<ProfessionalStatus>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// A page of registrations, longest waiting first.
#[derive(Serialize, JsonSchema)]
pub struct RegistrationPage {
    /// The registrations.
    registrations: Vec<RegistrationLine>,
    /// How to ask for the next page.
    next: Option<String>,
}

/// A registration in a list.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RegistrationLine {
    /// The professional.
    id: ProfessionalId,
    /// Name, or corporate name.
    name: Option<String>,
    /// Natural person or company.
    kind: Option<PersonKind>,
    /// SIREN.
    siren: Option<Siren>,
    /// Where it stands.
    status: ProfessionalStatus,
    /// When it began.
    created_at: Timestamp,
    /// When it was last submitted.
    submitted_at: Option<Timestamp>,
    /// How long ago that was, in hours.
    waiting_hours: Option<i64>,
    /// Others who may be the same professional.
    duplicate_hints: Vec<HintView>,
}

/// Something in common with another professional.
#[derive(Serialize, JsonSchema)]
pub(crate) struct HintView {
    /// The other one.
    other: ProfessionalId,
    /// What they have in common.
    same: Vec<Resemblance>,
    /// What of it is to be decided before either is accepted.
    to_decide: Vec<Resemblance>,
}

impl Operation for ListRegistrations {
    const NAME: &'static str = "list-registrations";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/admin/registrations";
    const SUMMARY: &'static str =
        "Registrations in one status, longest waiting first, with hints at duplicates.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = RegistrationQuery;
    type Output = RegistrationPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RegistrationPage>, Problem> {
        let status = call.input.status.unwrap_or(ProfessionalStatus::Submitted);
        let question = Question::professionals_in_status(status).after(call.input.after.clone());
        let page = desk.store.ask::<Professional>(question).await?;
        let records = page.records.into_iter().map(|read| read.record);
        let lines = records.map(|one| line(desk, one, call.now));
        let registrations = try_join_all(lines).await?;
        Ok(Reply::ok(RegistrationPage {
            registrations,
            next: page.next,
        }))
    }
}

async fn line(
    desk: &Desk<()>,
    professional: Professional,
    now: Timestamp,
) -> Result<RegistrationLine, Problem> {
    let hints = duplicate_hints(&desk.store, &professional).await?;
    Ok(RegistrationLine {
        id: professional.id,
        name: professional.profile.denomination,
        kind: professional.profile.kind,
        siren: professional.profile.siren,
        status: professional.status,
        created_at: professional.created_at,
        submitted_at: professional.submitted_at,
        waiting_hours: professional
            .submitted_at
            .map(|since| now.duration_since(since).as_hours()),
        duplicate_hints: hints.into_iter().map(HintView::of).collect(),
    })
}

impl HintView {
    pub(crate) fn of(hint: DuplicateHint) -> Self {
        Self {
            other: hint.other,
            same: hint.same,
            to_decide: hint.to_decide,
        }
    }
}
