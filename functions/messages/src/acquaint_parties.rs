//! A contract is concluded: from then on the two parties may see each other's coordinates, and have a
//! conversation to write in.

use adapters::store::{Changes, Key, OutboxItem};
use domain::booking::Booking;
use domain::event::Event;
use http_function::{Desk, Listener, Problem};

use crate::correspondents::{Opened, open};

/// Lets two parties know each other.
pub struct AcquaintParties;

impl Listener for AcquaintParties {
    const NAME: &'static str = "acquaint-parties";
    const SUMMARY: &'static str = "A contract is concluded: from then on the two parties may see each other's \
        coordinates, and have a conversation to write in.";
    const EVENTS: &'static [&'static str] = &["BookingAccepted"];
    type Outside = ();

    async fn on(
        desk: &Desk<()>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let Event::BookingAccepted { booking } = &happened.event else {
            return Ok(changes);
        };
        let Some(booking) = desk.store.get::<Booking>(Key::booking(booking)).await? else {
            return Ok(changes);
        };
        let booking = booking.record;
        let parties = (&booking.client, &booking.professional);
        let name = &booking.professional_name;
        let Opened {
            read,
            mut conversation,
        } = open(&desk.store, parties, name, changes.now()).await?;
        conversation.acquaint_by(&booking);
        if read
            .as_ref()
            .is_some_and(|read| read.record == conversation)
        {
            return Ok(changes);
        }
        Ok(changes.upsert(read.as_ref(), &conversation))
    }
}
