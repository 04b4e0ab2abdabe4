//! The operator accepts a professional, who then gets an account (terms, articles 4 and 4.1). Each point
//! of the checklist, and whoever may be the same professional, is decided on first.

use adapters::ids::fresh;
use adapters::likenesses;
use adapters::store::{Key, UniqueClaim};
use domain::account::Account;
use domain::event::Event;
use domain::ids::AccountId;
use domain::operator::Duty;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};

use crate::view::{Decided, RegistrationPath, professional};

/// Accept a professional.
pub struct AcceptProfessional;

impl Operation for AcceptProfessional {
    const NAME: &'static str = "accept-professional";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/registrations/{professional}/accept";
    const SUMMARY: &'static str =
        "Accept a professional each of whose points is decided; the activation is sent by mail.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = RegistrationPath;
    type Input = Nothing;
    type Output = Decided;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Decided>, Problem> {
        let read = professional(desk, &call.path.professional).await?;
        let id: AccountId = fresh(call.now);
        let mut accepted = read.record.clone();
        let others = likenesses::alike(&desk.store, &accepted).await?;
        accepted.check_duplicates(&others)?;
        accepted.accept(&call.who.account, id.clone(), &others, call.now)?;
        // The e-mail was the registration's; it signs the account in from now on.
        let claim = desk
            .store
            .get::<UniqueClaim>(Key::unique(&UniqueClaim::email_key(&accepted.email)))
            .await?;
        let claim = claim
            .filter(|claim| claim.record.owner == accepted.id.as_str())
            .ok_or_else(|| Problem::internal("a registration does not hold its e-mail"))?;
        let changes = call
            .changes()
            .replace(&read, &accepted)
            .create(
                &Account::of_professional(id.clone(), &accepted, call.now),
                "account",
            )
            .replace(&claim, &UniqueClaim::email(&accepted.email, &id))
            .activity(Self::NAME, accepted.id.as_str())
            .event(Event::ProfessionalAccepted {
                professional: accepted.id.clone(),
            });
        Ok(Reply::ok(Decided::of(&accepted)).changing(changes))
    }
}
