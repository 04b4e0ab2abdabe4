//! Every hour: owners are reminded of documents that end, once each, however late the run is. When a
//! title has ended, offers leave the shelves. Confirmed missions never outlast the titles they were
//! ordered under (`may_perform`), so no client has to be told.

use adapters::store::{Changes, Question, StoreError, Trace, Versioned, status_code};
use domain::event::Event;
use domain::professional::{ExpiryStep, Professional, ProfessionalStatus};
use domain::time::paris;
use http_function::{Chore, Desk, Problem};

/// Watches documents.
pub struct WatchDocuments;

/// Professionals carry their documents: a page of them stays well under 1 MB.
const PAGE: i32 = 20;

impl Chore for WatchDocuments {
    const NAME: &'static str = "watch-documents";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let (mut failed, mut after) = (0_u32, None);
        loop {
            let accepted = status_code(ProfessionalStatus::Accepted);
            let question = Question::professionals_in_status(accepted)
                .limit(PAGE)
                .after(after);
            let page = desk.store.ask::<Professional>(question).await?;
            for read in &page.records {
                if let Err(problem) = remind(desk, trace, read).await {
                    failed += 1;
                    tracing::error!(professional = %read.record.id, code = problem.code, cause = problem.cause, "documents not watched");
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if failed == 0 {
            Ok(())
        } else {
            Err(Problem::internal(format!(
                "{failed} files were not watched"
            )))
        }
    }
}

async fn remind(
    desk: &Desk<()>,
    trace: &Trace,
    read: &Versioned<Professional>,
) -> Result<(), Problem> {
    let now = desk.clock.now();
    let mut reminded = read.record.clone();
    let due = reminded.remind_of_expiries(paris::local_date(now));
    if due.is_empty() {
        return Ok(());
    }
    let professional = &reminded.id;
    let over = due.iter().any(|one| one.step == ExpiryStep::Over);
    let mut changes = Changes::by(trace, now)
        .replace(read, &reminded)
        .activity(WatchDocuments::NAME, professional.as_str());
    for one in due {
        changes = changes.event(Event::DocumentExpires {
            professional: professional.clone(),
            document: one.document,
            step: one.step,
        });
    }
    if over {
        changes = changes.event(Event::ProfessionalChanged {
            professional: professional.clone(),
        });
    }
    match desk.store.commit(changes).await {
        // Somebody wrote meanwhile: the next run decides on that.
        Ok(()) | Err(StoreError::Stale) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
