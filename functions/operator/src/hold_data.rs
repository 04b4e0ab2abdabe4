//! A legal hold: nothing of an account is erased while a dispute or an inquiry needs it. Forms of the
//! dashboard.

use adapters::store::{Key, Versioned};
use domain::retention::{HoldRefused, PlannedErasure, RetentionFile, Subject};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::sweep_retention::known;

/// The account or professional named in the route.
#[derive(Deserialize, JsonSchema)]
pub struct SubjectPath {
    /// Whose.
    pub subject: Subject,
}

/// Why.
#[derive(Deserialize, JsonSchema)]
pub struct HoldReason {
    /// In the operator's words.
    #[serde(default)]
    #[schemars(length(max = 500))]
    reason: String,
}

/// Hold an account's data.
pub struct HoldData;

impl Operation for HoldData {
    const NAME: &'static str = "hold-data";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/conservation/{subject}/geler";
    const SUMMARY: &'static str = "Put a legal hold on an account: nothing of it is erased.";
    type Outside = ();
    type Who = Admin;
    type Path = SubjectPath;
    type Input = HoldReason;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let subject = &call.path.subject;
        let reason = &call.input.reason;
        changed(desk, call, |file| {
            file.hold(reason, &call.who.account, call.now)
        })
        .await
        .map(|changes| {
            let changes = changes.activity_because(Self::NAME, subject.as_str(), reason.trim());
            // What was listed is listed again once the hold is over.
            let changes =
                domain::retention::Erasure::ALL
                    .into_iter()
                    .fold(changes, |changes, erasure| {
                        changes.forget::<PlannedErasure>(Key::planned_erasure(subject, erasure))
                    });
            Reply::ok(Nothing {}).changing(changes)
        })
    }
}

/// Lift it.
pub struct LiftHold;

impl Operation for LiftHold {
    const NAME: &'static str = "lift-hold";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/conservation/{subject}/degeler";
    const SUMMARY: &'static str =
        "Lift a legal hold: what is due is listed again, and erased from the day after on.";
    type Outside = ();
    type Who = Admin;
    type Path = SubjectPath;
    type Input = HoldReason;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let reason = &call.input.reason;
        let changes = changed(desk, call, |file| {
            file.lift(reason, &call.who.account, call.now)
        })
        .await?;
        let subject = call.path.subject.as_str();
        let changes = changes.activity_because(Self::NAME, subject, reason.trim());
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

async fn changed<O: Operation<Path = SubjectPath>>(
    desk: &Desk<()>,
    call: &Call<O>,
    change: impl FnOnce(&mut RetentionFile) -> Result<(), HoldRefused>,
) -> Result<adapters::store::Changes, Problem> {
    let subject = &call.path.subject;
    if known(&desk.store, subject).await?.is_none() {
        return Err(Problem::not_found());
    }
    let read: Option<Versioned<RetentionFile>> =
        desk.store.get(Key::retention_file(subject)).await?;
    let stored = read.as_ref().map(|read| read.record.clone());
    let mut file = stored.unwrap_or_else(|| RetentionFile::of(subject.clone()));
    change(&mut file)?;
    Ok(call.changes().upsert(read.as_ref(), &file))
}
