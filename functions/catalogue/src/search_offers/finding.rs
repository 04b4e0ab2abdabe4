//! Reads a shelf until there are enough who can take the mission.

use adapters::store::{Index, Listing, Page, Question, Store, StoreError};
use domain::booking::{Delays, check_start, earliest_start};
use domain::calendar::Availability;
use domain::offer::{Activity, check_size};
use domain::places::Department;
use domain::pricing::{PriceBreakdown, PricingTerms, price};
use jiff::Timestamp;

use super::MOST_RESULTS;
use crate::asked::AskedMission;

/// The most pages of the store read for one answer: whoever wants more goes on from there.
const MOST_READS: u32 = 6;
/// How many listings are read at once when few of those before could take the mission.
const LARGE_READ: usize = 100;

/// What a listing is held against.
pub(super) struct Wanted<'a> {
    pub(super) mission: &'a AskedMission,
    pub(super) delays: &'a Delays,
    pub(super) pricing: &'a PricingTerms,
    pub(super) now: Timestamp,
}

/// A listing that can take the mission, and what it costs.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) listing: Listing,
    pub(super) price: PriceBreakdown,
    pub(super) first_possible_start: Option<Timestamp>,
}

impl Wanted<'_> {
    /// The listing with its price, when it can take the mission.
    pub(super) fn held_against(&self, listing: Listing) -> Option<Found> {
        let (interval, agents) = (self.mission.interval, self.mission.agents);
        check_size(
            listing.minimum_hours,
            listing.maximum_agents,
            interval.minutes(),
            agents,
        )
        .ok()?;
        check_start(
            interval,
            listing.notice_hours,
            listing.takes_urgent,
            self.now,
            self.delays,
        )
        .ok()?;
        if self.mission.zone().local_date(interval.end()) > listing.titles_valid_until {
            return None;
        }
        let availability = Availability::decode(&listing.availability).ok()?;
        if availability.free_agents_during(interval, self.mission.zone()) < agents {
            return None;
        }
        let price = price(
            &self.mission.priced(),
            &listing.rates,
            listing.travel,
            listing.vat,
            self.pricing,
        )
        .ok()?;
        let earliest = earliest_start(
            listing.notice_hours,
            listing.takes_urgent,
            self.now,
            self.delays,
        );
        let first_possible_start = listing.first_start_in(&availability, earliest);
        Some(Found {
            listing,
            price,
            first_possible_start,
        })
    }
}

/// Where to look, and in which order.
#[derive(Clone, Copy)]
pub(super) struct Shelf {
    pub(super) activity: Activity,
    pub(super) department: Department,
    pub(super) index: Index,
}

/// Reads on until there are `most` results, the shelf ends, or enough was read for one answer.
pub(super) async fn find(
    store: &Store,
    shelf: &Shelf,
    wanted: &Wanted<'_>,
    most: usize,
    after: Option<String>,
) -> Result<(Vec<Found>, Option<String>), StoreError> {
    let (mut found, mut cursor, mut size) = (Vec::new(), after, most);
    let (mut examined, mut units_tenths) = (0, 0);
    for _ in 0..MOST_READS {
        let limit = i32::try_from(size).unwrap_or(i32::from(MOST_RESULTS));
        let question = Question::shelf(shelf.activity, &shelf.department, shelf.index)
            .limit(limit)
            .after(cursor);
        let page = store.ask::<Listing>(question).await?;
        units_tenths += page.read_units_tenths;
        let (read, before) = (page.records.len(), found.len());
        examined += read;
        cursor = take(page, shelf.index, wanted, most, &mut found);
        if cursor.is_none() || found.len() >= most {
            break;
        }
        let many_fit = (found.len() - before) * 2 >= read;
        size = if many_fit {
            most - found.len()
        } else {
            LARGE_READ
        };
    }
    tracing::debug!(
        examined,
        found = found.len(),
        read_units_tenths = units_tenths,
        "shelf read"
    );
    Ok((found, cursor))
}

/// Takes what can take the mission out of a page until there are `most`, and says where to go on.
pub(super) fn take(
    page: Page<Listing>,
    index: Index,
    wanted: &Wanted<'_>,
    most: usize,
    found: &mut Vec<Found>,
) -> Option<String> {
    let mut left = page.records.len();
    for read in page.records {
        left -= 1;
        let cursor = Store::cursor_after(&read.record, index);
        found.extend(wanted.held_against(read.record));
        if found.len() == most && left > 0 {
            return cursor;
        }
    }
    page.next
}
