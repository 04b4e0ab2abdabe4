//! Professionals who want to sign in with another e-mail.

use adapters::store::Question;
use askama::Template;
use domain::account::Account;
use domain::ids::{AccountId, ProfessionalId};
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};

use crate::frame::{Frame, Section, Sent, moment, shown};
use crate::waiting::waiting;

/// The changes that wait for a decision.
pub(crate) struct IdentifiersPage;

struct Change {
    account: AccountId,
    professional: Option<ProfessionalId>,
    current: String,
    wanted: String,
    reason: String,
    asked: String,
    former: Vec<String>,
}

#[derive(Template)]
#[template(path = "identifiers.html")]
struct IdentifiersTemplate {
    frame: Frame,
    changes: Vec<Change>,
    sent: Sent,
}

impl Operation for IdentifiersPage {
    const NAME: &'static str = "show-identifier-changes";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/identifiants";
    const SUMMARY: &'static str =
        "Changes of e-mail that wait for a decision, longest waiting first.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let changes = waiting(desk, Question::identifier_changes(), change).await?;
        shown(&IdentifiersTemplate {
            frame: Frame::of(Section::Professionals, &call.notice),
            changes,
            sent: Sent::new(&call.notice),
        })
    }
}

fn change(account: Account) -> Option<Change> {
    let change = account.identifier_awaits_operator()?;
    Some(Change {
        wanted: change.email.as_str().to_owned(),
        reason: change.reason.clone(),
        asked: moment(&change.asked_at),
        current: account.email.as_str().to_owned(),
        former: account
            .former_identifiers
            .iter()
            .map(|former| former.email.as_str().to_owned())
            .collect(),
        account: account.id,
        professional: account.professional,
    })
}
