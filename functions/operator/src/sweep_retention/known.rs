//! What decides what is due of somebody, as it is stored.

use adapters::store::{ActivityLine, Key, Question, Store, Versioned};
use domain::account::{Account, Role};
use domain::professional::{Professional, ProfessionalStatus};
use domain::retention::{Facts, RetentionFile, Subject};
use http_function::Problem;
use jiff::Timestamp;

/// Retention's own file of somebody, stored or not yet.
pub(crate) struct File {
    pub(crate) file: RetentionFile,
    pub(crate) stored: Option<Versioned<RetentionFile>>,
}

/// What is known of somebody.
pub struct Known {
    /// Retention's file.
    pub file: RetentionFile,
    /// What decides.
    pub facts: Facts,
    /// Their name, as it is stored now.
    pub name: String,
}

/// Reads somebody's file.
pub(crate) async fn file(store: &Store, subject: &Subject) -> Result<File, Problem> {
    let stored = store
        .get::<RetentionFile>(Key::retention_file(subject))
        .await?;
    let known = stored.as_ref().map(|read| read.record.clone());
    Ok(File {
        file: known.unwrap_or_else(|| RetentionFile::of(subject.clone())),
        stored,
    })
}

/// Reads what decides what is due of an account; nothing where there is none, or it is the operator's.
///
/// # Errors
/// When the store does not answer.
pub async fn known(store: &Store, subject: &Subject) -> Result<Option<Known>, Problem> {
    match subject {
        Subject::Client(id) => {
            let read = store.get::<Account>(Key::account(id)).await?;
            match read.filter(|read| read.record.role == Role::Client) {
                Some(read) => Ok(Some(of_client(store, &read.record).await?)),
                None => Ok(None),
            }
        }
        Subject::Professional(id) => {
            let read = store.get::<Professional>(Key::professional(id)).await?;
            match read {
                Some(read) => Ok(Some(of_professional(store, &read.record).await?)),
                None => Ok(None),
            }
        }
        Subject::Booking(_) => Ok(None),
    }
}

/// What is known of a client.
pub(crate) async fn of_client(store: &Store, account: &Account) -> Result<Known, Problem> {
    let file = file(store, &Subject::Client(account.id.clone()))
        .await?
        .file;
    let mut facts = Facts::of(&file, false);
    facts.closed_at = account.closed_at;
    if account.closed_at.is_none() {
        facts.last_seen = Some(last_seen(store, account, &file).await?);
    }
    let name = account.client.as_ref().map_or_else(String::new, |client| {
        format!("{} {}", client.first_name, client.last_name)
    });
    Ok(Known { file, facts, name })
}

/// Who comes in is nobody yet: these lines of the log are about the account, not by it.
const COMING_IN: [&str; 3] = ["sign-in", "verify-email", "reset-password"];

/// The log remembers twelve months; what it knew before is in the file.
async fn last_seen(
    store: &Store,
    account: &Account,
    file: &RetentionFile,
) -> Result<Timestamp, Problem> {
    let by = Question::activity_of(account.id.as_str()).limit(1);
    let by = store.ask::<ActivityLine>(by).await?.records;
    let about = Question::activity_on(account.id.as_str()).limit(50);
    let about = store.ask::<ActivityLine>(about).await?.records;
    let came = about
        .iter()
        .filter(|line| COMING_IN.contains(&line.record.action.as_str()));
    let logged = by.iter().chain(came).map(|line| line.record.at);
    let latest = logged.chain(file.last_seen).max();
    Ok(latest.map_or(account.created_at, |at| at.max(account.created_at)))
}

/// What is known of a professional.
pub(crate) async fn of_professional(
    store: &Store,
    professional: &Professional,
) -> Result<Known, Problem> {
    let subject = Subject::Professional(professional.id.clone());
    let file = file(store, &subject).await?.file;
    let mut facts = Facts::of(&file, true);
    facts.closed_at = ended_at(professional);
    Ok(Known {
        name: professional.name().to_owned(),
        file,
        facts,
    })
}

/// When an account was closed, a registration refused, or a registration touched for the last time that
/// was never decided.
fn ended_at(professional: &Professional) -> Option<Timestamp> {
    let last_touched = || {
        let deposited = professional.documents.iter().map(|one| one.prepared_at);
        let begun = professional.submitted_at.or(Some(professional.created_at));
        deposited.chain(begun).max()
    };
    match professional.status {
        ProfessionalStatus::Accepted | ProfessionalStatus::Submitted => None,
        ProfessionalStatus::Refused => professional.decided_at.or_else(last_touched),
        ProfessionalStatus::Closed => {
            let measure = professional.standing.measure.as_ref();
            measure
                .and_then(|measure| measure.applied_at)
                .or(professional.decided_at)
        }
        ProfessionalStatus::Draft | ProfessionalStatus::ComplementsRequested => last_touched(),
    }
}
