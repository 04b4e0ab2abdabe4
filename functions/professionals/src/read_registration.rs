//! An applicant looks at the registration.

use http_function::{Call, Desk, FileHolder, Nothing, Operation, Problem, Reply};

use crate::own::own;
use crate::view::{RegistrationView, registration};

/// Read one's own registration.
pub struct ReadRegistration;

impl Operation for ReadRegistration {
    const NAME: &'static str = "read-registration";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/registration";
    const SUMMARY: &'static str =
        "The registration being written: where it stands, what it says, what is missing.";
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = FileHolder;
    type Path = Nothing;
    type Input = Nothing;
    type Output = RegistrationView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<RegistrationView>, Problem> {
        Ok(Reply::ok(registration(
            &own(desk, &call.who.professional).await?.record,
        )))
    }
}
