//! Somebody begins to register a professional (terms, article 4).

use adapters::ids::fresh;
use adapters::store::{Key, StoreError, UniqueClaim};
use domain::account::AccountRefused;
use domain::event::Event;
use domain::identifiers::Email;
use domain::ids::ProfessionalId;
use domain::professional::Professional;
use domain::terms::Audience;
use http_function::sessions::{self, Subject};
use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_email, by_ip, terms, throttle,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{RegistrationView, registration};

/// Begin a registration.
pub struct StartRegistration;

/// What a registration begins with.
#[derive(Deserialize, JsonSchema)]
pub struct RegistrationStart {
    /// What will sign in.
    email: Email,
    /// Accepts the terms for professionals.
    accepts_terms: bool,
}

impl Operation for StartRegistration {
    const NAME: &'static str = "start-registration";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/registrations";
    const SUMMARY: &'static str =
        "Begin to register a professional, and be signed in to that registration alone.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = RegistrationStart;
    type Output = RegistrationView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RegistrationView>, Problem> {
        let RegistrationStart {
            email,
            accepts_terms,
        } = &call.input;
        throttle(desk, &by_ip(Self::NAME, &call.trace.ip), 30, HOUR).await?;
        throttle(desk, &by_email(Self::NAME, email), 5, HOUR).await?;
        if !accepts_terms {
            return Err(AccountRefused::TermsNotAccepted.into());
        }
        if let Some(claim) = desk
            .store
            .get::<UniqueClaim>(Key::unique(&UniqueClaim::email_key(email)))
            .await?
        {
            remind(desk, call, &claim.record).await?;
            return Err(StoreError::Taken("email").into());
        }
        let id: ProfessionalId = fresh(call.now);
        let accepted = terms::accepted(desk, call, Audience::Professionals).await?;
        let draft = Professional::begin(id.clone(), email.clone(), accepted);
        let changes = call
            .changes()
            .claim(UniqueClaim::applicant_email(email, &id), "email")
            .create(&draft, "professional")
            .activity(Self::NAME, id.as_str())
            .event(Event::RegistrationStarted {
                professional: id.clone(),
            });
        let (changes, cookies) = sessions::open(desk, &Subject::applicant(&id, &[]), changes);
        Ok(Reply::created(registration(&draft))
            .changing(changes)
            .cookies(cookies))
    }
}

/// A registration that is still being written is gone back to by mail: the link is sent again.
async fn remind(
    desk: &Desk<()>,
    call: &Call<StartRegistration>,
    claim: &UniqueClaim,
) -> Result<(), Problem> {
    let Ok(id) = ProfessionalId::parse(&claim.owner) else {
        return Ok(());
    };
    let Some(read) = desk
        .store
        .get::<Professional>(Key::professional(&id))
        .await?
    else {
        return Ok(());
    };
    if read.record.check_editable().is_err() {
        return Ok(());
    }
    let changes = call
        .changes()
        .activity(StartRegistration::NAME, id.as_str());
    Ok(desk
        .store
        .commit(changes.event(Event::RegistrationStarted { professional: id }))
        .await?)
}
