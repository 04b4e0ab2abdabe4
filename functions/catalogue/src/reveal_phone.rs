//! Shows a professional's phone number and e-mail to somebody who asks, a few times an hour: they
//! are public by the terms (article 2.2), and not to be collected in bulk.

use http_function::{
    Anyone, Call, Desk, HOUR, Nothing, Operation, Problem, Reply, by_ip, throttle,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::public::ProfessionalPath;

/// Shows a professional's coordinates.
pub struct RevealPhone;

/// How many are shown to one address within an hour.
const MOST_PER_HOUR: u64 = 10;

/// A professional's coordinates.
#[derive(Clone, Serialize, JsonSchema)]
pub struct Coordinates {
    /// The phone number, for people.
    pub phone: String,
    /// The same for a `tel:` link.
    pub phone_link: String,
    /// The e-mail.
    pub email: String,
}

impl Operation for RevealPhone {
    const NAME: &'static str = "reveal-phone";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professionals/{slug}/phone";
    const SUMMARY: &'static str =
        "A professional's phone number and e-mail: ten an hour for each address.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = ProfessionalPath;
    type Input = Nothing;
    type Output = Coordinates;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Coordinates>, Problem> {
        let counted = by_ip(Self::NAME, &call.trace.ip);
        throttle(desk, &counted, MOST_PER_HOUR, HOUR).await?;
        let professional = call.path.read(&desk.store).await?;
        let phone = professional
            .profile
            .phone
            .as_ref()
            .ok_or_else(Problem::not_found)?;
        let coordinates = Coordinates {
            phone: phone.display(),
            phone_link: format!("tel:{}", phone.as_str()),
            email: professional.email.as_str().to_owned(),
        };
        let changes = call
            .changes()
            .activity(Self::NAME, professional.id.as_str());
        Ok(Reply::ok(coordinates).changing(changes))
    }
}
