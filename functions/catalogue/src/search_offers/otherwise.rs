//! Few can take the mission: on which other days, for fewer agents or in which departments nearby
//! somebody could, with how many and from what price. Only what was found is offered.

use adapters::store::{Index, Listing, Question, Store, StoreError};
use domain::money::Euros;
use domain::time::interval::Interval;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::MOST_RESULTS;
use super::finding::{Found, Shelf, Wanted, find};
use crate::asked::AskedMission;

/// Fewer results than this are few.
pub(super) const FEW: usize = 3;
/// Days before and after which are looked at.
const DAYS: std::ops::RangeInclusive<i64> = -3..=7;
/// The most days and departments that are offered.
const MOST: usize = 4;
/// How many listings are held against other days.
const LISTINGS: i32 = 100;

/// What else can be asked for.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Otherwise {
    /// The same hours on other days, the nearest day first.
    pub days: Vec<OtherDay>,
    /// The most agents, fewer than asked for, that somebody has at these hours.
    pub agents: Option<FewerAgents>,
    /// The same mission in departments nearby, the nearest first.
    pub departments: Vec<OtherDepartment>,
}

/// Another day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OtherDay {
    /// The day on which the mission would start, by the clocks of its place.
    pub date: Date,
    /// How many could take it.
    pub found: usize,
    /// The lowest total, VAT and commission included.
    pub from: Euros,
}

/// Fewer agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FewerAgents {
    /// How many agents.
    pub agents: u16,
    /// How many could take it.
    pub found: usize,
    /// The lowest total, VAT and commission included.
    pub from: Euros,
}

/// A department nearby.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OtherDepartment {
    /// What to send as `place`: `Isère (38)`.
    pub place: String,
    /// Its name.
    pub name: &'static str,
    /// How many could take it, twenty at most.
    pub found: usize,
    /// The lowest total, VAT and commission included.
    pub from: Euros,
}

/// How many, and the lowest total.
fn counted(found: &[Found]) -> Option<(usize, Euros)> {
    let from = found.iter().map(|found| found.price.total).min()?;
    Some((found.len(), from))
}

/// Looks for what else can be asked for.
pub(super) async fn otherwise(
    store: &Store,
    shelf: &Shelf,
    wanted: &Wanted<'_>,
) -> Result<Otherwise, StoreError> {
    let question = Question::shelf(shelf.activity, &shelf.department, Index::ListingsByScore)
        .limit(LISTINGS);
    let listings: Vec<Listing> = store
        .ask::<Listing>(question)
        .await?
        .records
        .into_iter()
        .map(|read| read.record)
        .collect();
    let neighbours = shelf.department.neighbours(wanted.mission.place.position);
    let mut departments = Vec::new();
    for department in neighbours.into_iter().take(MOST + 2) {
        let mut mission = wanted.mission.clone();
        mission.place.department = department;
        let (found, _) = find(
            store,
            &Shelf {
                department,
                ..*shelf
            },
            &Wanted {
                mission: &mission,
                ..*wanted
            },
            usize::from(MOST_RESULTS),
            None,
        )
        .await?;
        departments.extend(counted(&found).map(|(found, from)| OtherDepartment {
            place: domain::places::label_of(department),
            name: department.name(),
            found,
            from,
        }));
    }
    departments.truncate(MOST);
    Ok(Otherwise {
        days: days(&listings, wanted),
        agents: fewer_agents(&listings, wanted),
        departments,
    })
}

/// Who of these listings could take a mission.
fn taking(listings: &[Listing], mission: &AskedMission, wanted: &Wanted<'_>) -> Vec<Found> {
    let wanted = Wanted { mission, ..*wanted };
    let held = |listing: &Listing| wanted.held_against(listing.clone());
    listings.iter().filter_map(held).collect()
}

/// Days around the one asked for, with the same hours by the clocks of the place.
pub(super) fn days(listings: &[Listing], wanted: &Wanted<'_>) -> Vec<OtherDay> {
    let mission = wanted.mission;
    let zone = mission.zone();
    let mut shifts: Vec<i64> = DAYS.filter(|days| *days != 0).collect();
    shifts.sort_by_key(|days| (days.abs(), -days));
    let day = |days: i64| {
        let shifted = |at: Timestamp| zone.days_later(at, days);
        let (start, end) = (
            shifted(mission.interval.start())?,
            shifted(mission.interval.end())?,
        );
        let horizon = wanted.now + wanted.delays.horizon;
        if start <= wanted.now + SignedDuration::from_hours(1) || end > horizon {
            return None;
        }
        let mission = AskedMission {
            interval: Interval::new(start, end).ok()?,
            ..mission.clone()
        };
        let (found, from) = counted(&taking(listings, &mission, wanted))?;
        Some(OtherDay {
            date: zone.local_date(start),
            found,
            from,
        })
    };
    shifts.into_iter().filter_map(day).take(MOST).collect()
}

/// The most agents below what was asked for that somebody has.
pub(super) fn fewer_agents(listings: &[Listing], wanted: &Wanted<'_>) -> Option<FewerAgents> {
    (1..wanted.mission.agents).rev().find_map(|agents| {
        let mission = AskedMission {
            agents,
            ..wanted.mission.clone()
        };
        let (found, from) = counted(&taking(listings, &mission, wanted))?;
        Some(FewerAgents {
            agents,
            found,
            from,
        })
    })
}
