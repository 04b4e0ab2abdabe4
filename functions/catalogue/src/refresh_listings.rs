//! Rebuilds every listing once an hour: time passes, so first free moments and the horizon move, and
//! titles end. It also repairs whatever an event missed.

use adapters::store::{Question, StoreError, Trace};
use domain::ids::ProfessionalId;
use domain::professional::{Professional, ProfessionalStatus};
use http_function::{Chore, Desk, Problem};
use jiff::SignedDuration;

use crate::shelves;

/// Rebuilds every listing.
pub struct RefreshListings;

/// Professionals carry their documents: a page of them stays well under 1 MB.
const PAGE: i32 = 20;
/// How often one professional is tried again when something changed meanwhile.
const TRIES: u32 = 4;

impl Chore for RefreshListings {
    const NAME: &'static str = "refresh-listings";
    const PERIOD: SignedDuration = SignedDuration::from_hours(1);
    const SUMMARY: &'static str = "Rebuilds every listing once an hour: time passes, so first free moments and the \
        horizon move, and titles end.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let (mut rebuilt, mut failed, mut after) = (0_u32, 0_u32, None);
        loop {
            let question = Question::professionals_in_status(ProfessionalStatus::Accepted)
                .limit(PAGE)
                .after(after);
            let page = desk.store.ask::<Professional>(question).await?;
            for professional in page.records.iter().map(|read| &read.record.id) {
                match rebuild(desk, professional, trace).await {
                    Ok(()) => rebuilt += 1,
                    Err(error) => {
                        failed += 1;
                        tracing::warn!(
                            professional = professional.as_str(),
                            cause = error.to_string(),
                            "listings not rebuilt"
                        );
                    }
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
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
