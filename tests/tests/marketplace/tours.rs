//! Sweeps that go through everybody: cut short, they go on where they were.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use adapters::deadline::within;
use adapters::store::{Question, Trace};
use domain::professional::{Professional as File, ProfessionalStatus};
use http_function::{Desk, Round, Tour};
use jiff::civil::{Date, date};
use journeys::{Professional, World};

const SWEEP: &str = "count-professionals";

fn everybody(page: i32) -> Question {
    Question::professionals_in_status(ProfessionalStatus::Accepted).limit(page)
}

/// Whom a run meets that is killed after it was given `most` of them; a page holds one.
async fn met(desk: &Desk<()>, day: Option<Date>, most: usize) -> Vec<String> {
    let trace = Trace::system("tour");
    let mut round = Round::begin(desk, &trace, SWEEP).await.unwrap();
    let mut met = Vec::new();
    let Some(mut tour) = round.tour(everybody(1), day).await.unwrap() else {
        return met;
    };
    while met.len() < most
        && let Some(id) = next(&mut round, &mut tour).await
    {
        met.push(id);
    }
    met
}

async fn next(round: &mut Round<'_, ()>, tour: &mut Tour<File>) -> Option<String> {
    let read = round.next(tour).await.unwrap();
    read.map(|read| read.record.id.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sweep_through_everybody_goes_on_where_it_was_cut_and_never_twice_a_day() {
    let world = World::start().await;
    let mut all = Vec::new();
    for (seed, name) in ["Aigle", "Bastion", "Cobalt"].into_iter().enumerate() {
        all.push(Professional::open(&world, name, seed, 1).await.id);
    }
    let desk = Desk::<()>::open(&local::functions::environment(world.surroundings()));

    // Where each run begins a tour.
    assert_eq!(met(&desk, None, 9).await, all);
    assert_eq!(met(&desk, None, 2).await, all[..2]);
    assert_eq!(met(&desk, None, 9).await, all[1..]);
    assert_eq!(met(&desk, None, 9).await, all);

    // Where the time is over in the middle of a page, what was tried is not tried first again.
    let trace = Trace::system("tour");
    let mut round = Round::begin(&desk, &trace, SWEEP).await.unwrap();
    let mut tour = round.tour(everybody(9), None).await.unwrap().unwrap();
    assert_eq!(next(&mut round, &mut tour).await.as_ref(), Some(&all[0]));
    let late = within(Duration::ZERO, next(&mut round, &mut tour)).await;
    assert_eq!(late, None);
    assert_eq!(met(&desk, None, 9).await, all[1..]);

    // Where one is made each day.
    let day = |day| Some(date(2026, 11, day));
    assert_eq!(met(&desk, day(1), 9).await, all);
    assert!(met(&desk, day(1), 9).await.is_empty());
    assert_eq!(met(&desk, day(2), 2).await, all[..2]);
    assert_eq!(met(&desk, day(3), 9).await, all[1..]);
    assert_eq!(met(&desk, day(3), 9).await, all);

    // Of two runs at once, the one that is behind ends.
    let mut behind = Round::begin(&desk, &trace, SWEEP).await.unwrap();
    let mut slow = behind.tour(everybody(1), day(4)).await.unwrap().unwrap();
    assert_eq!(next(&mut behind, &mut slow).await.as_ref(), Some(&all[0]));
    assert_eq!(met(&desk, day(4), 9).await, all);
    assert_eq!(next(&mut behind, &mut slow).await, None);
}
