//! The card of an ordered quote is authorised: its professional agreed beforehand, so the contract is
//! concluded now, and the others are told.

use adapters::bookings;
use adapters::store::{Changes, Key, OutboxItem, Versioned};
use domain::booking::{Actor, Booking, BookingState, Command, decide};
use domain::event::Event;
use domain::ids::QuoteRequestId;
use domain::quotes::{QuoteMove, QuoteRequest};
use http_function::{Desk, Listener, Problem};
use jiff::Timestamp;

use crate::quoting::write;
use crate::staffing::Staffing;

/// Concludes the contract of an ordered quote.
pub struct ConcludeQuote;

impl Listener for ConcludeQuote {
    const NAME: &'static str = "conclude-quote";
    const SUMMARY: &'static str = "The card of an ordered quote is authorised: the contract is concluded at the quoted price, and those who were not chosen are told.";
    const EVENTS: &'static [&'static str] = &["BookingRequested"];
    type Outside = ();

    /// Whatever happens to it meanwhile, a request comes to one contract at most: what cannot be
    /// concluded is refused, so that the card is released.
    async fn on(
        desk: &Desk<()>,
        happened: &OutboxItem,
        changes: Changes,
    ) -> Result<Changes, Problem> {
        let Event::BookingRequested { booking } = &happened.event else {
            return Ok(changes);
        };
        let Some(read) = desk.store.get::<Booking>(Key::booking(booking)).await? else {
            return Ok(changes);
        };
        let Some(request) = &read.record.quote else {
            return Ok(changes);
        };
        match read.record.state {
            BookingState::Requested => Box::pin(conclude(desk, &read, request, changes)).await,
            // It was concluded before, or somebody ended it meanwhile.
            BookingState::AwaitingPayment
            | BookingState::Accepted
            | BookingState::Refused
            | BookingState::Expired
            | BookingState::Cancelled
            | BookingState::Abandoned
            | BookingState::Completed
            | BookingState::Validated
            | BookingState::UnderClaim
            | BookingState::Settled
            | BookingState::CancelledByProfessional
            | BookingState::CancelledByPlatform
            | BookingState::Withdrawn
            | BookingState::PaymentFailed => Ok(changes),
        }
    }
}

async fn conclude(
    desk: &Desk<()>,
    read: &Versioned<Booking>,
    request: &QuoteRequestId,
    changes: Changes,
) -> Result<Changes, Problem> {
    let booking = &read.record;
    let key = Key::quote_request(request);
    let asked = desk.store.get::<QuoteRequest>(key).await?;
    let asked = asked.ok_or_else(|| Problem::internal("a quote without its request"))?;
    let now = changes.now();
    let moved = match asked.record.order(&booking.id, &booking.professional, now) {
        Ok(moved) => moved,
        Err(refused) => return refuse(desk, read, &refused.to_string(), changes).await,
    };
    if let Err(problem) = Box::pin(may_go(desk, booking, now)).await {
        if problem.status >= 500 {
            return Err(problem);
        }
        let reason = "Le professionnel ne peut plus assurer cette mission : ses titres ou ses agents ont changé depuis son devis.";
        return refuse(desk, read, reason, changes).await;
    }
    accept(desk, read, &asked, &moved, changes).await
}

/// What is checked when a professional accepts is checked here too.
async fn may_go(desk: &Desk<()>, booking: &Booking, now: Timestamp) -> Result<(), Problem> {
    let mission = &booking.mission;
    let staffing = Staffing::read(desk, booking, mission.interval, now).await?;
    let (professional, agents) = (&staffing.professional, &booking.agents);
    professional.may_accept(mission.activity, mission.interval, mission.zone(), agents)?;
    staffing.team.check(professional, agents)?;
    Ok(())
}

async fn accept(
    desk: &Desk<()>,
    read: &Versioned<Booking>,
    asked: &Versioned<QuoteRequest>,
    moved: &QuoteMove,
    changes: Changes,
) -> Result<Changes, Problem> {
    let booking = &read.record;
    let quoted = asked.record.of(&booking.professional);
    let conditions = quoted
        .and_then(|one| one.quoted())
        .map(|quoted| quoted.conditions.clone());
    let command = Command::Accept {
        advice: conditions.filter(|text| !text.is_empty()),
    };
    let Ok(decision) = decide(booking, Actor::Professional, &command, changes.now()) else {
        // Its time to be answered is over: it expires by itself, and nothing is debited.
        return Ok(changes);
    };
    let changes = write(asked, moved, changes);
    let changes = bookings::write(&desk.store, read, decision, changes).await?;
    Ok(changes.activity(ConcludeQuote::NAME, booking.id.as_str()))
}

async fn refuse(
    desk: &Desk<()>,
    read: &Versioned<Booking>,
    reason: &str,
    changes: Changes,
) -> Result<Changes, Problem> {
    let command = Command::Refuse {
        reason: reason.to_owned(),
    };
    let Ok(decision) = decide(&read.record, Actor::Professional, &command, changes.now()) else {
        return Ok(changes);
    };
    let changes = bookings::write(&desk.store, read, decision, changes).await?;
    Ok(changes.activity(ConcludeQuote::NAME, read.record.id.as_str()))
}
