//! Every hour: owners are reminded of documents that end, once each, however late the run is. When a
//! title has ended, offers leave the shelves. Nobody orders a mission that outlasts a title
//! (`may_perform`), but a title may end early: withdrawn, suspended, cancelled. Both parties of the
//! missions that need it are told then, once for each mission and title, and the operator sees them
//! until another title takes its place. A day before its start, a mission that still lacks one is
//! called off.

use std::collections::BTreeSet;

use adapters::bookings;
use adapters::store::{AgendaDay, Changes, Key, Question, StoreError, Trace, Versioned};
use domain::booking::{Actor, Booking, Calling, Command, decide};
use domain::event::Event;
use domain::ids::{AgentId, BookingId, DocumentId};
use domain::professional::{ExpiryStep, Professional, ProfessionalStatus};
use domain::time::paris;
use domain::time::zone::Zone;
use http_function::{Chore, Desk, Every, Problem, Round};
use jiff::ToSpan as _;
use jiff::civil::Date;

/// Watches documents.
pub struct WatchDocuments;

/// Professionals carry their documents: a page of them stays well under 1 MB.
const PAGE: i32 = 20;

/// Missions end at most 75 days ahead; whatever is accepted is within so many days.
const MISSIONS_WITHIN_DAYS: i64 = 80;

/// A mission of so many days ago may still be paid out.
const LOOKED_BACK_DAYS: i64 = 15;

impl Chore for WatchDocuments {
    const NAME: &'static str = "watch-documents";
    const EVERY: Every = Every::Hour;
    const SUMMARY: &'static str = "Every hour: owners are reminded of documents that end, and clients of missions that \
        lack one, once each.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let mut round = Round::begin(desk, trace, Self::NAME).await?;
        let everybody = Question::professionals_in_status(ProfessionalStatus::Accepted);
        if let Some(mut tour) = round
            .tour::<Professional>(everybody.limit(PAGE), None)
            .await?
        {
            while let Some(read) = round.next(&mut tour).await? {
                let work = async {
                    // What it writes is read again by the next run.
                    if take_vat_in(desk, trace, &read).await? {
                        return Ok(());
                    }
                    let reminded = remind(desk, trace, &read).await;
                    let told = tell_parties(desk, trace, &read.record).await;
                    reminded.and(told)
                };
                round.item(read.record.id.as_str(), work).await;
            }
        }
        // What was told of before may be settled: another title took its place.
        let open = Question::missions_without_title();
        for read in desk.store.ask_all::<Booking>(open).await? {
            let work = look_again(desk, trace, &read);
            round.item(read.record.id.as_str(), work).await;
        }
        round.end()
    }
}

/// A change of VAT takes effect on its day: pages and listings show it from then on.
async fn take_vat_in(
    desk: &Desk<()>,
    trace: &Trace,
    read: &Versioned<Professional>,
) -> Result<bool, Problem> {
    let now = desk.clock.now();
    let mut changed = read.record.clone();
    if !changed.take_vat_in(paris::local_date(now)) {
        return Ok(false);
    }
    let professional = changed.id.clone();
    let changes = Changes::by(trace, now)
        .replace(read, &changed)
        .activity("take-vat-in", professional.as_str())
        .event(Event::ProfessionalChanged { professional });
    commit(desk, changes).await?;
    Ok(true)
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
    commit(desk, changes).await
}

/// Looks at the missions that lack a title on one of their days: those to come, and those of the last
/// weeks, since a title may have been withdrawn on a day that has passed.
async fn tell_parties(
    desk: &Desk<()>,
    trace: &Trace,
    professional: &Professional,
) -> Result<(), Problem> {
    let today = paris::local_date(desk.clock.now());
    let first = today.saturating_sub(LOOKED_BACK_DAYS.days());
    let last = today.saturating_add(MISSIONS_WITHIN_DAYS.days());
    if !professional.lost_something(first, last, None) {
        return Ok(());
    }
    for id in uncovered(desk, professional, first, last).await? {
        if let Some(read) = desk.store.get::<Booking>(Key::booking(&id)).await? {
            watch(desk, trace, professional, &read).await?;
        }
    }
    Ok(())
}

/// The bookings whose agents are busy from one day to another while something is missing that was verified:
/// whether their activity needs it is seen once they are read.
async fn uncovered(
    desk: &Desk<()>,
    professional: &Professional,
    first: Date,
    last: Date,
) -> Result<BTreeSet<BookingId>, Problem> {
    let question = Question::agenda(&professional.id, first, last);
    let days = desk.store.ask_all::<AgendaDay>(question).await?;
    let busy = days.into_iter().flat_map(|read| read.record.occupations);
    let firm = busy.filter(|one| one.held_until.is_none());
    let lacking = firm.filter(|one| {
        let agent = AgentId::parse(&one.agent).ok();
        // The day before and the day after: the mission may be where clocks show another one.
        let (first, last) = one.interval.first_and_last_day(Zone::Paris);
        let (first, last) = (first.saturating_sub(1.day()), last.saturating_add(1.day()));
        professional.lost_something(first, last, agent.as_ref())
    });
    let ids = lacking.filter_map(|one| BookingId::parse(&one.booking).ok());
    Ok(ids.collect())
}

/// A booking that lacked a title at the last run.
async fn look_again(
    desk: &Desk<()>,
    trace: &Trace,
    read: &Versioned<Booking>,
) -> Result<(), Problem> {
    let key = Key::professional(&read.record.professional);
    match desk.store.get::<Professional>(key).await? {
        Some(professional) => watch(desk, trace, &professional.record, read).await,
        None => Ok(()),
    }
}

/// Compares one booking with its professional's titles, and writes down what is new: in the transaction
/// of the events that tell it, so that it is told once. What is still not covered a day before its start
/// is called off.
async fn watch(
    desk: &Desk<()>,
    trace: &Trace,
    professional: &Professional,
    read: &Versioned<Booking>,
) -> Result<(), Problem> {
    let now = desk.clock.now();
    let changes = Changes::by(trace, now).activity(WatchDocuments::NAME, read.record.id.as_str());
    if read.record.is_to_be_cancelled_for_titles(professional, now) {
        let calling = Calling::TitleMissing;
        let asked = Command::CallOff { calling };
        let decision = decide(&read.record, Actor::System, &asked, now)?;
        let changes = bookings::write(&desk.store, read, decision, changes).await?;
        return commit(desk, changes).await;
    }
    let mut watched = read.record.clone();
    let Some(told) = watched.watch_titles(professional, now) else {
        return Ok(());
    };
    let event = |document: DocumentId| Event::TitleEndsBeforeMission {
        booking: watched.id.clone(),
        document,
    };
    let changes = changes
        .replace(read, &watched)
        .events(told.into_iter().map(event));
    commit(desk, changes).await
}

/// Somebody may have written meanwhile: the next run decides on that.
async fn commit(desk: &Desk<()>, changes: Changes) -> Result<(), Problem> {
    match desk.store.commit(changes).await {
        Ok(()) | Err(StoreError::Stale) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
