//! An applicant writes the profile, as often as needed until it is submitted.

use adapters::ids::fresh;
use adapters::store::{Changes, Key, UniqueClaim};
use domain::professional::Professional;
use http_function::{Applicant, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::draft_profile::{DraftProfile, Fresh};
use crate::own::own;
use crate::view::{RegistrationView, registration};

/// Write a registration.
pub struct SaveRegistration;

/// What is known of the professional so far.
#[derive(Deserialize, JsonSchema)]
pub struct WrittenProfile {
    /// The whole profile: what is absent is forgotten.
    profile: DraftProfile,
}

const DECLARED_LATER: &str = "Les établissements secondaires et les sous-traitants se déclarent dans « Mon dossier », une fois l’inscription acceptée.";

impl Operation for SaveRegistration {
    const NAME: &'static str = "save-registration";
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/api/registration";
    const SUMMARY: &'static str =
        "Write the registration; managers and agents without an identifier are given one.";
    type Outside = ();
    type Who = Applicant;
    type Path = Nothing;
    type Input = WrittenProfile;
    type Output = RegistrationView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RegistrationView>, Problem> {
        let read = own(desk, &call.who.professional).await?;
        let fresh = Fresh {
            manager: || fresh(call.now),
            agent: || fresh(call.now),
        };
        let known = &read.record.profile;
        if let Some(field) = call.input.profile.not_written_here(known) {
            return Err(Problem::new(400, "field_invalid", DECLARED_LATER).about(field));
        }
        let mut professional = read.record.clone();
        professional.write_profile(
            call.input
                .profile
                .clone()
                .into_profile(&read.record.profile, &fresh),
        )?;
        let changes = call
            .changes()
            .replace(&read, &professional)
            .activity_of_fields(
                Self::NAME,
                professional.id.as_str(),
                &read.record.profile,
                &professional.profile,
            );
        let changes = free_siren(desk, &read.record, &professional, changes).await?;
        Ok(Reply::ok(registration(&professional)).changing(changes))
    }
}

/// A SIREN claimed by an earlier submission is free again once another is written in its place.
async fn free_siren(
    desk: &Desk<()>,
    before: &Professional,
    after: &Professional,
    changes: Changes,
) -> Result<Changes, Problem> {
    let Some(siren) = before
        .profile
        .siren
        .as_ref()
        .filter(|siren| after.profile.siren.as_ref() != Some(*siren))
    else {
        return Ok(changes);
    };
    let ours = UniqueClaim::siren(siren, &before.id);
    let claim = desk
        .store
        .get::<UniqueClaim>(Key::unique(&ours.what))
        .await?;
    Ok(
        match claim.filter(|claim| claim.record.owner == ours.owner) {
            Some(claim) => changes.delete(&claim),
            None => changes,
        },
    )
}
