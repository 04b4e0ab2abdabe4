//! Rebuilds every listing once a day: the day begins later in each, the horizon moves, titles end. It
//! also repairs whatever an event missed. Every hour it goes on where the hour before ended, until the
//! day's round is done.

use adapters::store::{Changes, Key, Question, RefreshRound, StoreError, Trace, Versioned};
use domain::ids::ProfessionalId;
use domain::professional::{Professional, ProfessionalStatus};
use domain::time::paris;
use http_function::{Chore, Desk, Every, Problem};
use jiff::civil::Date;

use crate::shelves;

/// Rebuilds every listing.
pub struct RefreshListings;

/// Professionals carry their documents: a page of them stays well under 1 MB.
const PAGE: i32 = 20;
/// How many pages one hour goes through: 2 000 professionals, 48 000 a day, within its five minutes.
const PAGES: usize = 100;
/// How often one professional is tried again when something changed meanwhile.
const TRIES: u32 = 4;

impl Chore for RefreshListings {
    const NAME: &'static str = "refresh-listings";
    const EVERY: Every = Every::Hour;
    const SUMMARY: &'static str = "Rebuilds every listing once a day: the day begins later in each, the horizon moves, \
                                   titles end.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let today = paris::local_date(desk.clock.now());
        let mut done = Done::default();
        for _ in 0..PAGES {
            if !go_on(desk, trace, today, &mut done).await? {
                break;
            }
        }
        let Done { rebuilt, failed } = done;
        tracing::info!(rebuilt, failed, "listings refreshed");
        // One professional's trouble does not keep the others waiting, but is seen.
        if failed == 0 {
            Ok(())
        } else {
            Err(Problem::internal(format!(
                "the listings of {failed} professionals were not rebuilt"
            )))
        }
    }
}

/// Of how many professionals.
#[derive(Default)]
struct Done {
    rebuilt: u32,
    failed: u32,
}

/// Rebuilds one page more of today's round; says no when the round is done, or somebody else goes on.
async fn go_on(
    desk: &Desk<()>,
    trace: &Trace,
    today: Date,
    done: &mut Done,
) -> Result<bool, StoreError> {
    let read = desk.store.get::<RefreshRound>(Key::refresh_round()).await?;
    let Some(round) = RefreshRound::to_go_on(read.as_ref(), today) else {
        return Ok(false);
    };
    let question = Question::professionals_in_status(ProfessionalStatus::Accepted)
        .limit(PAGE)
        .after(round.after);
    let page = desk.store.ask::<Professional>(question).await?;
    for professional in page.records.iter().map(|read| &read.record.id) {
        match rebuild(desk, professional, trace).await {
            Ok(()) => done.rebuilt += 1,
            Err(error) => {
                done.failed += 1;
                tracing::warn!(
                    professional = professional.as_str(),
                    cause = error.to_string(),
                    "listings not rebuilt"
                );
            }
        }
    }
    let reached = RefreshRound {
        day: today,
        done: page.next.is_none(),
        after: page.next,
    };
    note(desk, trace, read.as_ref(), &reached).await
}

/// Notes how far the round is; says no when another run is further.
async fn note(
    desk: &Desk<()>,
    trace: &Trace,
    read: Option<&Versioned<RefreshRound>>,
    reached: &RefreshRound,
) -> Result<bool, StoreError> {
    let changes = Changes::by(trace, desk.clock.now()).upsert(read, reached);
    match desk.store.commit_apart(changes).await {
        Ok(()) => Ok(true),
        Err(StoreError::Stale) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn rebuild(
    desk: &Desk<()>,
    professional: &ProfessionalId,
    trace: &Trace,
) -> Result<(), StoreError> {
    let mut tries = 1;
    loop {
        match shelves::rebuild(desk, professional, None, trace).await {
            Err(StoreError::Stale) if tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}
