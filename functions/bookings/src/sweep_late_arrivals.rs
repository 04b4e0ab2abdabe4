//! Every minute: who should be there and is not is told to the company, then to the client.

use adapters::deadline::Tries;
use adapters::store::{Changes, Key, Question, Trace, Versioned};
use domain::booking::Booking;
use domain::event::Event;
use domain::members::Members;
use domain::shift::Shift;
use http_function::{Chore, Desk, Every, Problem, Round};

/// The sweep.
pub struct SweepLateArrivals;

impl Chore for SweepLateArrivals {
    const NAME: &'static str = "sweep-late-arrivals";
    const EVERY: Every = Every::Minute;
    const SUMMARY: &'static str = "Every minute: an agent who did not arrive is told to the company after 10 minutes, \
        and to the client after 20.";
    type Outside = ();

    async fn run(desk: &Desk<()>, trace: &Trace) -> Result<(), Problem> {
        let mut round = Round::begin(desk, trace, Self::NAME).await?;
        let mut after = None;
        while round.goes_on() {
            let question = Question::shifts_to_watch(desk.clock.now()).after(after);
            let page = desk.store.ask::<Shift>(question).await?;
            for read in page.records {
                let shift = &read.record;
                let item = format!("{}#{}", shift.booking, shift.agent);
                round.item(&item, look(desk, trace, shift)).await;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        round.end()
    }
}

/// Looks whether an agent came. Losing to the agent who arrives at that moment is no failure.
async fn look(desk: &Desk<()>, trace: &Trace, listed: &Shift) -> Result<(), Problem> {
    let key = Key::shift(&listed.booking, &listed.agent);
    let mut tries = Tries::begin();
    while let Some(read) = desk.store.get::<Shift>(key.clone()).await? {
        match look_once(desk, trace, &read).await {
            Ok(()) => break,
            Err(problem) if problem.is_stale() && tries.again().await => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

async fn look_once(desk: &Desk<()>, trace: &Trace, read: &Versioned<Shift>) -> Result<(), Problem> {
    let now = desk.clock.now();
    let mut shift = read.record.clone();
    let booking = desk
        .store
        .get::<Booking>(Key::booking(&shift.booking))
        .await?;
    let key = Key::members(&shift.professional);
    let members = desk.store.get::<Members>(key).await?;
    let tells = members.is_some_and(|read| read.record.member_of(&shift.agent).is_some());
    let step = match &booking {
        Some(booking) if tells => shift.watch(&booking.record, now),
        // Whoever lost the access cannot tell that they are there.
        Some(_) | None => {
            shift.watch_at = None;
            None
        }
    };
    if shift == read.record {
        return Ok(());
    }
    let told = step.map(|step| Event::ArrivalMissing {
        booking: shift.booking.clone(),
        agent: shift.agent.clone(),
        step,
    });
    let changes = Changes::by(trace, now).replace(read, &shift).events(told);
    desk.store.commit(changes).await?;
    Ok(())
}
