//! Everybody is told of new terms: a page of accounts at a time, each once.

use adapters::deadline;
use adapters::store::{Changes, Question, Trace};
use domain::account::Account;
use domain::event::Event;
use domain::terms::TermsVersion;
use http_function::{Chore as _, Desk, Problem, terms};

use crate::sweep_standings::SweepStandings;
/// How many accounts one transaction tells.
const PAGE: i32 = 40;

/// Tells those who were not told yet. How far it went is written with the mails: a run that comes
/// twice, or at the same time as another, tells nobody twice.
pub(crate) async fn announce_terms(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
    // The next run goes on where this one stops.
    while !deadline::left().is_zero() {
        let (read, mut register) = terms::register(&desk.store).await?;
        let Some(version) = register.untold() else {
            return Ok(());
        };
        let events = next_page(desk, version).await?;
        let changes = Changes::by(trace, desk.clock.now())
            .upsert(read.as_ref(), &register)
            .events(events)
            .activity(SweepStandings::NAME, "terms");
        desk.store.commit(changes).await?;
    }
    Ok(())
}

async fn next_page(desk: &Desk<()>, version: &mut TermsVersion) -> Result<Vec<Event>, Problem> {
    let question = Question::accounts_of_role(version.audience.role())
        .limit(PAGE)
        .after(version.told_until.take());
    let page = desk.store.ask::<Account>(question).await?;
    version.told_until = page.next;
    if version.told_until.is_none() {
        version.told_at = Some(desk.clock.now());
    }
    let told = page.records.into_iter().map(|read| Event::TermsAnnounced {
        account: read.record.id,
        audience: version.audience,
        version: version.version.clone(),
        effective_at: version.effective_at,
    });
    Ok(told.collect())
}
