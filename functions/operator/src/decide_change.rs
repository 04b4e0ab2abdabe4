//! The operator decides on a change of a professional's file: forms of the dashboard.

use adapters::likenesses;
use adapters::store::{Changes, Key, Versioned};
use domain::event::Event;
use domain::ids::{FileChangeId, ProfessionalId};
use domain::operator::Duty;
use domain::professional::{FileChange, Finding};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::view::{professional, written};

/// The change named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct FileChangePath {
    /// Whose.
    professional: ProfessionalId,
    /// Which.
    change: FileChangeId,
}

async fn change(desk: &Desk<()>, path: &FileChangePath) -> Result<Versioned<FileChange>, Problem> {
    let key = Key::file_change(&path.professional, &path.change);
    let read = desk.store.get::<FileChange>(key).await?;
    read.ok_or_else(Problem::not_found)
}

/// The professional is told how it stands.
fn told(changes: Changes, change: &FileChange) -> Changes {
    changes.event(Event::FileChangeDecided {
        professional: change.professional.clone(),
        change: change.id.clone(),
        outcome: change.state,
    })
}

/// Accept a change.
pub struct AcceptChange;

/// How it was verified.
#[derive(Deserialize, JsonSchema)]
pub struct ChangeVerified {
    /// By whom or where it was asked.
    #[schemars(length(min = 3, max = 300))]
    method: String,
}

impl Operation for AcceptChange {
    const NAME: &'static str = "accept-change";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/professionnels/{professional}/changements/{change}/accepter";
    const SUMMARY: &'static str =
        "Accept a change of a file: it is in force, and offers follow at once.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = FileChangePath;
    type Input = ChangeVerified;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let finding = Finding {
            by: &call.who.account,
            method: written(&call.input.method, "method", 300)?,
            reason: None,
            at: call.now,
        };
        let read = change(desk, &call.path).await?;
        let owner = professional(desk, &call.path.professional).await?;
        let (mut accepted, mut after) = (read.record.clone(), owner.record.clone());
        accepted.accept(&mut after, &finding)?;
        let changes = call
            .changes()
            .replace(&read, &accepted)
            .replace(&owner, &after)
            .activity_because(Self::NAME, after.id.as_str(), accepted.proposal.label());
        let changes = likenesses::mark(told(changes, &accepted), &after);
        let changes = changes.event(Event::ProfessionalChanged {
            professional: after.id.clone(),
        });
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// Turn a change down.
pub struct RefuseChange;

/// What the professional reads.
#[derive(Deserialize, JsonSchema)]
pub struct SaidOfChange {
    /// Why, or what is asked for.
    #[schemars(length(min = 10, max = 1000))]
    text: String,
}

impl Operation for RefuseChange {
    const NAME: &'static str = "refuse-change";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/professionnels/{professional}/changements/{change}/refuser";
    const SUMMARY: &'static str = "Turn a change of a file down, and say why.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = FileChangePath;
    type Input = SaidOfChange;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = change(desk, &call.path).await?;
        let owner = professional(desk, &call.path.professional).await?;
        let (mut refused, mut after) = (read.record.clone(), owner.record.clone());
        refused.refuse(&mut after, &call.who.account, &call.input.text, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &refused)
            .replace(&owner, &after)
            .activity_because(Self::NAME, after.id.as_str(), refused.proposal.label());
        Ok(Reply::ok(Nothing {}).changing(told(changes, &refused)))
    }
}

/// Ask for something before deciding.
pub struct AskComplement;

impl Operation for AskComplement {
    const NAME: &'static str = "ask-complement";
    const METHOD: &'static str = "POST";
    const PATH: &'static str =
        "/admin/professionnels/{professional}/changements/{change}/completer";
    const SUMMARY: &'static str = "Ask for something before a change of a file is decided.";
    const DUTY: Duty = Duty::Moderate;
    type Outside = ();
    type Who = Admin;
    type Path = FileChangePath;
    type Input = SaidOfChange;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let read = change(desk, &call.path).await?;
        let mut asked = read.record.clone();
        asked.ask_complement(&call.who.account, &call.input.text, call.now)?;
        let professional = asked.professional.as_str();
        let changes = call.changes().replace(&read, &asked).activity_because(
            Self::NAME,
            professional,
            asked.proposal.label(),
        );
        Ok(Reply::ok(Nothing {}).changing(told(changes, &asked)))
    }
}
