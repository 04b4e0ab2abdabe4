//! Requests for quotes as their parties reach them. Somebody else's answers 404.

use adapters::store::{Changes, Key, Store, Versioned};
use domain::booking::{Booking, OpenOrders};
use domain::ids::{AccountId, OfferId, ProfessionalId, QuoteRequestId};
use domain::quotes::{AskedProfessional, QuoteMove, QuoteRefused, QuoteRequest};
use domain::time::moment::Moment;
use http_function::{Desk, Problem};
use jiff::Timestamp;

use crate::eligibility::{AskedMission, Eligible, Notice, check_with};
use crate::request_booking::Order;

/// Reads a client's own request.
pub(crate) async fn own_request(
    store: &Store,
    client: &AccountId,
    id: &QuoteRequestId,
) -> Result<Versioned<QuoteRequest>, Problem> {
    let read = store.get::<QuoteRequest>(Key::quote_request(id)).await?;
    read.filter(|read| read.record.client == *client)
        .ok_or_else(Problem::not_found)
}

/// Reads a request of which this professional is asked.
pub(crate) async fn asked_request(
    store: &Store,
    professional: &ProfessionalId,
    id: &QuoteRequestId,
) -> Result<Versioned<QuoteRequest>, Problem> {
    let read = store.get::<QuoteRequest>(Key::quote_request(id)).await?;
    read.filter(|read| read.record.of(professional).is_some())
        .ok_or_else(Problem::not_found)
}

/// What was asked of a professional in a request that is known to be theirs.
pub(crate) fn asked_of<'a>(
    request: &'a QuoteRequest,
    professional: &ProfessionalId,
) -> Result<&'a AskedProfessional, Problem> {
    request.of(professional).ok_or_else(Problem::not_found)
}

/// The mission of a request under an offer, as an order asks for it.
pub(crate) fn mission_of(request: &QuoteRequest, offer: &OfferId) -> AskedMission {
    let mission = &request.mission;
    AskedMission {
        offer: offer.clone(),
        start: Moment::Instant(mission.interval.start()),
        end: Moment::Instant(mission.interval.end()),
        agents: mission.agents,
        postal_code: mission.place.postal_code.clone(),
    }
}

/// Whether a professional who is asked can take the mission now, and what it costs by their rates.
pub(crate) async fn eligible<O>(
    desk: &Desk<O>,
    request: &QuoteRequest,
    offer: &OfferId,
    now: Timestamp,
) -> Result<Eligible, Problem> {
    // On the heap: a mission with all that it was decided on is large.
    let mission = mission_of(request, offer);
    Box::pin(check_with(desk, &mission, Notice::Agreed, now)).await
}

/// What came of a request, to be written.
pub(crate) fn write(
    read: &Versioned<QuoteRequest>,
    moved: &QuoteMove,
    changes: Changes,
) -> Changes {
    changes
        .replace(read, &moved.request)
        .events(moved.events.clone())
}

/// The bookings among a client's recent orders that may still become the contract of a request.
pub(crate) async fn being_paid<O>(
    desk: &Desk<O>,
    orders: &OpenOrders,
    request: &QuoteRequestId,
    now: Timestamp,
) -> Result<Vec<Booking>, Problem> {
    let mut found = Vec::new();
    for open in orders.orders.iter().filter(|open| open.order.is_none()) {
        let read = desk.store.get::<Booking>(Key::booking(&open.booking));
        let booking = read.await?.map(|read| read.record);
        found.extend(booking.filter(|booking| booking.may_conclude(request, now)));
    }
    Ok(found)
}

/// A quote that is ordered: everything is checked as for any order, its price is the one that was named,
/// and two pages do not order it twice.
pub(crate) async fn agreed<O>(
    desk: &Desk<O>,
    orders: &OpenOrders,
    request: &QuoteRequestId,
    order: &Order,
    now: Timestamp,
) -> Result<Eligible, Problem> {
    let read = own_request(&desk.store, &orders.client, request).await?;
    let request = &read.record;
    let mut asked = request.asked.iter();
    let asked = asked
        .find(|one| one.offer == order.mission.offer)
        .ok_or_else(Problem::not_found)?;
    let quoted = request.orderable(&asked.professional, now)?;
    let paying = being_paid(desk, orders, &request.id, now).await?;
    if paying.iter().any(|one| one.offer == asked.offer) {
        return Err(QuoteRefused::BeingPaid.into());
    }
    let eligible = eligible(desk, request, &asked.offer, now).await?;
    if !is_of(request, order, &eligible) {
        return Err(QuoteRefused::AnotherMission.into());
    }
    Ok(Eligible {
        price: quoted.price.clone(),
        ..eligible
    })
}

/// Whether what is ordered is what was asked and quoted: when, where, how many, and what of it the
/// professional was told.
fn is_of(request: &QuoteRequest, order: &Order, eligible: &Eligible) -> bool {
    let (mission, asked) = (&request.mission, &order.mission);
    let zone = mission.zone();
    asked.start.at(zone) == eligible.interval.start()
        && asked.end.at(zone) == eligible.interval.end()
        && asked.agents == mission.agents
        && asked.postal_code == mission.place.postal_code
        && order.address.trim() == mission.place.address
        && order.context == mission.context
}
