//! Somebody who was invited joins the team: with a password and sessions of their own.

use adapters::ids::fresh;
use adapters::store::{Key, UniqueClaim};
use domain::account::{Account, AccountRefused};
use domain::event::Event;
use domain::ids::AccountId;
use domain::members::MembersRefused;
use domain::passwords::NewPassword;
use domain::terms::Audience;
use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply, door, terms};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::passwords::hash;
use crate::read_invitation::Invited;
use crate::sign_in::SignedInAs;

/// Accept an invitation.
pub struct JoinTeam;

/// The link, and the password to come.
#[derive(Deserialize, JsonSchema)]
pub struct Joining {
    /// The `token` of the link.
    #[schemars(length(max = 100))]
    token: String,
    /// What will sign in.
    #[schemars(length(min = 12, max = 128))]
    new_password: String,
    /// Accepts the terms for professionals.
    accepts_terms: bool,
}

impl Operation for JoinTeam {
    const NAME: &'static str = "join-team";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/invitations/accept";
    const SUMMARY: &'static str = "Accept an invitation into a team with the link of the mail, choose a password and sign in.";
    const SECRET: bool = true;
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Joining;
    type Output = SignedInAs;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<SignedInAs>, Problem> {
        let invited = Invited::read(desk, &call.input.token, call.now).await?;
        if !call.input.accepts_terms {
            return Err(Problem::from(AccountRefused::TermsNotAccepted).about("accepts_terms"));
        }
        let email = &invited.invitation.email;
        let chosen = NewPassword::parse(&call.input.new_password, email)
            .map_err(|refused| Problem::from(refused).about("new_password"))?;
        let claim = Key::unique(&UniqueClaim::email_key(email));
        if desk.store.get::<UniqueClaim>(claim).await?.is_some() {
            return Err(MembersRefused::AddressTaken.into());
        }
        let id: AccountId = fresh(call.now);
        let mut members = invited.members.record.clone();
        let member = members.join(&invited.invitation.id, id.clone(), call.now)?;
        let account = Account::of_member(
            (id.clone(), member.role.of_account()),
            (email.clone(), invited.professional.id.clone()),
            hash(chosen.as_str().to_owned()).await?,
            terms::accepted(desk, call, Audience::Professionals).await?,
        );
        let changes = call
            .changes()
            .replace(&invited.members, &members)
            .create(&account, "account")
            .claim(UniqueClaim::email(email, &id), "email")
            .activity(Self::NAME, id.as_str())
            .activity(Self::NAME, invited.professional.id.as_str())
            .event(Event::MemberJoined {
                professional: invited.professional.id.clone(),
                account: id.clone(),
            });
        let (changes, cookies) =
            door::open_to_newcomer(desk, &account, &member, &call.cookies, changes).await?;
        Ok(Reply::created(SignedInAs::of(&account))
            .changing(changes)
            .cookies(cookies))
    }
}
