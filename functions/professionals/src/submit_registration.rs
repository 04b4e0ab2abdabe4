//! An applicant hands the registration in (terms, articles 4.1 and 4.2).

use adapters::likenesses;
use adapters::store::{Changes, Key, StoreError, UniqueClaim};
use domain::account::{Acceptance, legal};
use domain::event::Event;
use domain::professional::{Declarations, Professional};
use domain::terms::Audience;
use http_function::{Applicant, Call, Desk, Nothing, Operation, Problem, Reply, terms};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::own::own;
use crate::view::{RegistrationView, registration};

/// Hand a registration in.
pub struct SubmitRegistration;

/// What the applicant declares.
#[derive(Deserialize, JsonSchema)]
pub struct Submission {
    /// All four are needed.
    declarations: Declarations,
}

impl Operation for SubmitRegistration {
    const NAME: &'static str = "submit-registration";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/registration/submit";
    const SUMMARY: &'static str = "Hand the registration in, or learn what is missing.";
    type Outside = ();
    type Who = Applicant;
    type Path = Nothing;
    type Input = Submission;
    type Output = RegistrationView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RegistrationView>, Problem> {
        let read = own(desk, &call.who.professional).await?;
        let acceptances = vec![
            terms::accepted(desk, call, Audience::Professionals).await?,
            Acceptance::of(
                legal::BILLING_MANDATE,
                call.now,
                &call.trace.ip,
                &call.trace.browser,
            ),
        ];
        let mut professional = read.record.clone();
        professional.submit(&call.input.declarations, acceptances, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &professional)
            .activity(Self::NAME, professional.id.as_str())
            .event(Event::RegistrationSubmitted {
                professional: professional.id.clone(),
            });
        let changes = likenesses::mark(changes, &professional);
        let changes = claim_siren(desk, call, &professional, changes).await?;
        Ok(Reply::ok(registration(&professional)).changing(changes))
    }
}

/// What the activity log calls the attempt of a second account.
const DUPLICATE_REFUSED: &str = "duplicate-registration-refused";

/// One account for each professional (terms, article 4.1). The attempt of a second one is written
/// where the operator reads what was done to the first, and under the SIREN.
async fn claim_siren(
    desk: &Desk<()>,
    call: &Call<SubmitRegistration>,
    professional: &Professional,
    changes: Changes,
) -> Result<Changes, Problem> {
    let Some(siren) = &professional.profile.siren else {
        return Ok(changes);
    };
    let ours = UniqueClaim::siren(siren, &professional.id);
    match desk
        .store
        .get::<UniqueClaim>(Key::unique(&ours.what))
        .await?
    {
        None => Ok(changes.claim(ours, "siren")),
        Some(claim) if claim.record.owner == ours.owner => Ok(changes),
        Some(claim) => {
            desk.store
                .commit(
                    call.changes()
                        .activity(DUPLICATE_REFUSED, &claim.record.owner)
                        .activity(DUPLICATE_REFUSED, &ours.what),
                )
                .await?;
            Err(StoreError::Taken("siren").into())
        }
    }
}
