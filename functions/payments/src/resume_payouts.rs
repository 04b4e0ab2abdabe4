//! A professional can be paid again: what waited for it goes on.

use adapters::store::{Changes, OutboxItem, Question, Trace};
use adapters::stripe::Stripe;
use domain::booking::{Booking, Payouts, Wait};
use domain::event::Event;
use http_function::{Desk, Listener, Problem};

use crate::settle::{Look, settle};
use crate::stored;

/// How many pages of bookings one run goes through: the sweep takes what is older.
const PAGES: usize = 10;

/// Going on with payouts.
pub struct ResumePayouts;

impl Listener for ResumePayouts {
    const NAME: &'static str = "resume-payouts";
    const SUMMARY: &'static str = "A professional can be paid again: what waited for it goes on.";
    const EVENTS: &'static [&'static str] = &["PayoutsChanged", "BankDetailsSettled"];
    type Outside = Stripe;

    async fn on(
        desk: &Desk<Stripe>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let (Event::PayoutsChanged { professional, .. }
        | Event::BankDetailsSettled { professional }) = &happened.event
        else {
            return Ok(changes);
        };
        let read = stored::professional(&desk.store, professional).await?;
        if read.record.payouts() != Payouts::Open {
            return Ok(changes);
        }
        let trace = Trace::system(&happened.request);
        let mut outcome = Ok(changes);
        let mut after = None;
        for _ in 0..PAGES {
            let question = Question::bookings_of_professional(professional).after(after);
            let page = desk.store.ask::<Booking>(question).await?;
            for read in page.records.iter().filter(|read| waits(&read.record)) {
                // One that fails is told, and the event comes again for it; the others are paid now.
                let settled = settle(desk, &trace, &read.record.id, Look::WhenNeeded).await;
                if let Err(problem) = settled {
                    outcome = Err(problem);
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        outcome
    }
}

/// A transfer that was refused is asked again too: what it was refused for may be over.
fn waits(booking: &Booking) -> bool {
    matches!(
        booking.payment.waiting,
        Some(Wait::PayoutsNotActive | Wait::BankDetailsChanged | Wait::Refused)
    )
}
