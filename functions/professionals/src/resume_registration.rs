//! An applicant proves the address: the registration begins, or goes on where it was left.

use adapters::ids::fresh;
use adapters::keys::LinkKeys;
use adapters::store::{Key, StoreError, TokenPurpose, UniqueClaim};
use domain::account::proof::Wish;
use domain::ids::ProfessionalId;
use domain::professional::Professional;
use http_function::proof::{self, Proved};
use http_function::{
    Anyone, Call, Desk, Nothing, Operation, Problem, Reply, door, link_expired, read_link,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::own::own;
use crate::view::{RegistrationView, registration};

/// Open a registration.
pub struct ResumeRegistration;

/// A proof of the address.
#[derive(Deserialize, JsonSchema)]
pub struct RegistrationProof {
    /// The `token` of the link.
    #[schemars(length(max = 100))]
    token: Option<String>,
    /// The code of the mail, in the browser that asked for it.
    #[schemars(length(max = 20))]
    code: Option<String>,
}

impl Operation for ResumeRegistration {
    const NAME: &'static str = "resume-registration";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/registrations/resume";
    const SUMMARY: &'static str = "Begin or go on with a registration with the link or the code that was sent, and be signed in to that registration alone.";
    const SECRET: bool = true;
    type Outside = LinkKeys;
    type Who = Anyone;
    type Path = Nothing;
    type Input = RegistrationProof;
    type Output = RegistrationView;

    async fn run(
        desk: &Desk<LinkKeys>,
        call: &Call<Self>,
    ) -> Result<Reply<RegistrationView>, Problem> {
        let RegistrationProof { token, code } = &call.input;
        if let Some(token) = token {
            let link = read_link(desk, token).await?;
            if let TokenPurpose::ResumeRegistration(id) = &link.record.purpose {
                return go_on(desk, call, id, None).await;
            }
        }
        let proved = proof::read(desk, call, token.as_deref(), code.as_deref()).await?;
        let email = UniqueClaim::email_key(&proved.proof().email);
        let claim = desk.store.get::<UniqueClaim>(Key::unique(&email)).await?;
        match claim.map(|claim| ProfessionalId::parse(&claim.record.owner)) {
            None => begin(desk, call, &proved).await,
            Some(Ok(id)) => go_on(desk, call, &id, Some(&proved)).await,
            // Its reader has an account already, and may know it.
            Some(Err(_)) => Err(StoreError::Taken("email").into()),
        }
    }
}

/// The file of a registration that begins now.
async fn begin(
    desk: &Desk<LinkKeys>,
    call: &Call<ResumeRegistration>,
    proved: &Proved,
) -> Result<Reply<RegistrationView>, Problem> {
    let Wish::Register { accepted } = &proved.proof().wish else {
        return Err(link_expired());
    };
    let id: ProfessionalId = fresh(call.now);
    let email = &proved.proof().email;
    let mut draft = Professional::begin(id.clone(), email.clone(), accepted.clone());
    draft.verify_email(call.now);
    let changes = proved
        .spent(call.changes())
        .claim(UniqueClaim::applicant_email(email, &id), "email")
        .create(&draft, "professional")
        .activity(ResumeRegistration::NAME, id.as_str());
    let (changes, cookies) = door::open_registration(desk, &draft, changes).await?;
    Ok(Reply::ok(registration(&draft))
        .changing(changes)
        .cookies(cookies)
        .cookie(proof::forgotten(&desk.settings)))
}

/// The file of a registration that was left.
async fn go_on(
    desk: &Desk<LinkKeys>,
    call: &Call<ResumeRegistration>,
    id: &ProfessionalId,
    proved: Option<&Proved>,
) -> Result<Reply<RegistrationView>, Problem> {
    let changes = match proved {
        Some(proved) => match &proved.proof().wish {
            Wish::Register { .. } => proved.spent(call.changes()),
            Wish::OpenClient { .. } | Wish::ResetPassword => return Err(link_expired()),
        },
        None => call.changes(),
    };
    let read = own(desk, id).await?;
    let mut professional = read.record.clone();
    professional.verify_email(call.now);
    let changes = changes
        .replace(&read, &professional)
        .activity(ResumeRegistration::NAME, id.as_str());
    let (changes, cookies) = door::open_registration(desk, &professional, changes).await?;
    Ok(Reply::ok(registration(&professional))
        .changing(changes)
        .cookies(cookies)
        .cookie(proof::forgotten(&desk.settings)))
}
