//! An applicant comes back by the link of a mail, which proves the e-mail. It works until it expires.

use adapters::store::TokenPurpose;
use domain::account::SignInMethod;
use http_function::sessions::{self, Subject};
use http_function::{
    Anyone, Call, Desk, Nothing, Operation, Problem, Reply, link_expired, read_link,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::own::own;
use crate::view::{RegistrationView, registration};

/// Come back to a registration.
pub struct ResumeRegistration;

/// The link's secret.
#[derive(Deserialize, JsonSchema)]
pub struct ResumeLink {
    /// The `token` of the link.
    #[schemars(length(max = 100))]
    token: String,
}

impl Operation for ResumeRegistration {
    const NAME: &'static str = "resume-registration";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/registrations/resume";
    const SUMMARY: &'static str =
        "Come back to a registration with the link that was sent, which also proves the e-mail.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = ResumeLink;
    type Output = RegistrationView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RegistrationView>, Problem> {
        let link = read_link(desk, &call.input.token).await?;
        let TokenPurpose::ResumeRegistration(id) = &link.record.purpose else {
            return Err(link_expired());
        };
        let read = own(desk, id).await?;
        let mut professional = read.record.clone();
        professional.verify_email(call.now);
        let changes = call
            .changes()
            .replace(&read, &professional)
            .activity(Self::NAME, id.as_str());
        let subject = Subject::applicant(id, &[SignInMethod::MailedLink]);
        let (changes, cookies) = sessions::open(desk, &subject, changes);
        Ok(Reply::ok(registration(&professional))
            .changing(changes)
            .cookies(cookies))
    }
}
