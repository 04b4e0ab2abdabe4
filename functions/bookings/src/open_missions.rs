//! An order was answered: each mission that was accepted becomes a booking.

use adapters::store::{Changes, Key, OutboxItem, Trace};
use domain::booking::Booking;
use domain::event::Event;
use domain::order::{Order, OrderState, OrderedMission};
use domain::time::paris;
use http_function::{Desk, Listener, Problem};

/// Opening the missions of an order.
pub struct OpenMissions;

/// How many bookings one transaction writes, each with its event and its line of the log.
const AT_ONCE: usize = 25;

impl Listener for OpenMissions {
    const NAME: &'static str = "open-missions";
    const SUMMARY: &'static str =
        "An order was answered: each mission that was accepted becomes a booking.";
    const EVENTS: &'static [&'static str] = &["OrderAnswered"];
    type Outside = ();

    /// Writes some at a time, since an order may have more missions than one transaction takes. A booking
    /// that is there already is left as it is: it may have moved on.
    async fn on(
        desk: &Desk<()>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let Event::OrderAnswered { order } = &happened.event else {
            return Ok(changes);
        };
        let read = desk.store.get::<Order>(Key::order(order)).await?;
        // Where the card was lost meanwhile, nobody is sent.
        let Some(order) = read.filter(|read| read.record.state == OrderState::Answered) else {
            return Ok(changes);
        };
        let order = order.record;
        let missions: Vec<&OrderedMission> = order.accepted().collect();
        let trace = Trace::system(&happened.request);
        for some in missions.chunks(AT_ONCE) {
            let mut written = Changes::by(&trace, changes.now());
            for mission in some {
                let key = Key::booking(&mission.booking);
                if desk.store.get::<Booking>(key).await?.is_none() {
                    written = opened(&order, mission, written);
                }
            }
            if !written.is_empty() {
                desk.store.commit(written).await?;
            }
        }
        Ok(changes)
    }
}

fn opened(order: &Order, mission: &OrderedMission, changes: Changes) -> Changes {
    let year = paris::local_date(order.created_at).year();
    let booking = order.booking_of(mission, mission.booking.reference(year));
    changes
        .create(&booking, "booking")
        .event(Event::BookingAccepted {
            booking: booking.id.clone(),
        })
        .activity(OpenMissions::NAME, booking.id.as_str())
}
