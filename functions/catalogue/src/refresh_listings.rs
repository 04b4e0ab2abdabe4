//! Rebuilds every listing once a day: the day begins later in each, the horizon moves, titles end. It
//! also repairs whatever an event missed. Every hour it goes on where the hour before ended, until the
//! day's round is done.

use adapters::deadline::Tries;
use adapters::store::{Question, Trace};
use domain::ids::ProfessionalId;
use domain::professional::{Professional, ProfessionalStatus};
use domain::time::paris;
use http_function::{Chore, Desk, Every, Problem, Round};

use crate::shelves::{self, Worth};

/// Rebuilds every listing.
pub struct RefreshListings;

/// Professionals carry their documents: a page of them stays well under 1 MB.
const PAGE: i32 = 20;

impl Chore for RefreshListings {
    const NAME: &'static str = "refresh-listings";
    const EVERY: Every = Every::Hour;
    const SUMMARY: &'static str = "Rebuilds every listing once a day: the day begins later in each, the horizon moves, \
                                   titles end.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let today = paris::local_date(desk.clock.now());
        let mut round = Round::begin(desk, trace, Self::NAME).await?;
        // Those that failed are tried again in each run, not a day later.
        for failed in round.failed_before() {
            if let Ok(id) = ProfessionalId::parse(&failed) {
                round.item(&failed, rebuild(desk, &id, trace)).await;
            }
        }
        let everybody = Question::professionals_in_status(ProfessionalStatus::Accepted);
        let tour = round.tour::<Professional>(everybody.limit(PAGE), Some(today));
        if let Some(mut tour) = tour.await? {
            while let Some(read) = round.next(&mut tour).await? {
                let id = &read.record.id;
                round.item(id.as_str(), rebuild(desk, id, trace)).await;
            }
        }
        round.end()
    }
}

/// Rebuilds the listings of one professional, again as long as others are in the way.
async fn rebuild(
    desk: &Desk<()>,
    professional: &ProfessionalId,
    trace: &Trace,
) -> Result<(), Problem> {
    let mut tries = Tries::begin();
    loop {
        let rebuilt = shelves::rebuild(desk, professional, None, Worth::Whatever, trace).await;
        match rebuilt.map_err(Problem::from) {
            Err(problem) if problem.is_stale() && tries.again().await => {}
            outcome => return outcome,
        }
    }
}
