//! A professional answers what the operator asks about a change, or takes the change back.

use adapters::store::{Key, Versioned};
use domain::event::Event;
use domain::ids::{FileChangeId, ProfessionalId};
use domain::professional::FileChange;
use http_function::{Call, Desk, Nothing, Operation, Owner, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::file_view::{FileView, changes_of, view};
use crate::own::own;

/// The change named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct ChangePath {
    /// Which.
    change: FileChangeId,
}

async fn own_change(
    desk: &Desk<()>,
    owner: &ProfessionalId,
    id: &FileChangeId,
) -> Result<Versioned<FileChange>, Problem> {
    let key = Key::file_change(owner, id);
    let read = desk.store.get::<FileChange>(key).await?;
    read.ok_or_else(Problem::not_found)
}

/// Every change, this one as it is about to be.
async fn with(desk: &Desk<()>, changed: &FileChange) -> Result<Vec<FileChange>, Problem> {
    let all = changes_of(desk, &changed.professional).await?;
    let all = all.into_iter().map(|read| read.record);
    let now = all.map(|one| {
        if one.id == changed.id {
            changed.clone()
        } else {
            one
        }
    });
    Ok(now.collect())
}

/// Answer what is asked about a change.
pub struct AnswerComplement;

/// The answer.
#[derive(Deserialize, JsonSchema)]
pub struct ComplementAnswer {
    /// What.
    #[schemars(length(min = 10, max = 1000))]
    text: String,
}

impl Operation for AnswerComplement {
    const NAME: &'static str = "answer-complement";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/file/changes/{change}/answer";
    const SUMMARY: &'static str =
        "Answer what the operator asks about a change: it waits for the decision again.";
    type Outside = ();
    type Who = Owner;
    type Path = ChangePath;
    type Input = ComplementAnswer;
    type Output = FileView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<FileView>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let read = own_change(desk, &professional.id, &call.path.change).await?;
        let mut change = read.record.clone();
        change.answer(&call.who.account, &call.input.text, call.now)?;
        let changes = call
            .changes()
            .replace(&read, &change)
            .activity(Self::NAME, change.id.as_str())
            .event(Event::FileChangeAsked {
                professional: professional.id.clone(),
                change: change.id.clone(),
            });
        let versions = with(desk, &change).await?;
        let file = view(desk, &professional, versions, call.now).await?;
        Ok(Reply::ok(file).changing(changes))
    }
}

/// Take a change back that waits.
pub struct WithdrawChange;

impl Operation for WithdrawChange {
    const NAME: &'static str = "withdraw-change";
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/api/professional/file/changes/{change}";
    const SUMMARY: &'static str =
        "Take a change back before it is decided; what was deposited for it goes.";
    type Outside = ();
    type Who = Owner;
    type Path = ChangePath;
    type Input = Nothing;
    type Output = FileView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<FileView>, Problem> {
        let owner = own(desk, &call.who.professional).await?;
        let read = own_change(desk, &owner.record.id, &call.path.change).await?;
        let mut professional = owner.record.clone();
        let mut change = read.record.clone();
        change.withdraw(&mut professional, &call.who.account, call.now)?;
        let changes = call
            .changes()
            .replace(&owner, &professional)
            .replace(&read, &change)
            .activity(Self::NAME, change.id.as_str());
        let versions = with(desk, &change).await?;
        let file = view(desk, &professional, versions, call.now).await?;
        Ok(Reply::ok(file).changing(changes))
    }
}
