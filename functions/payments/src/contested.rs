//! The client's bank contests the debit of an order: what each mission bears of it is decided once, and
//! written down in the order, before any mission takes it in.

use adapters::deadline::Tries;
use adapters::store::{Changes, Trace};
use adapters::stripe::Dispute;
use domain::booking::Seen;
use domain::event::Event;
use domain::ids::OrderId;
use domain::order::{ContestedMission, Order};
use http_function::Problem;
use jiff::Timestamp;

use crate::picture;
use crate::settle::PaymentDesk;
use crate::stored;

/// Takes the disputes of an order's debit in, oldest first, and answers the order as it is then.
pub(crate) async fn take_in(
    desk: &PaymentDesk,
    trace: &Trace,
    id: &OrderId,
    disputes: &[Dispute],
) -> Result<Order, Problem> {
    let mut tries = Tries::begin();
    loop {
        let now = desk.clock.now();
        let read = stored::order(&desk.store, id).await?;
        let missions = if disputes.is_empty() {
            Vec::new()
        } else {
            missions(desk, &read.record).await?
        };
        let order = contested(&read.record, disputes, &missions, now);
        if order == read.record {
            return Ok(order);
        }
        let told = Event::OrderContested { order: id.clone() };
        let changes = Changes::by(trace, now)
            .replace(&read, &order)
            .event(told)
            .activity("order-contested", id.as_str());
        match desk.store.commit(changes).await.map_err(Problem::from) {
            Ok(()) => return Ok(order),
            Err(problem) if problem.is_stale() && tries.again().await => {}
            Err(problem) => return Err(problem),
        }
    }
}

/// The order with these disputes.
fn contested(
    order: &Order,
    disputes: &[Dispute],
    missions: &[ContestedMission],
    now: Timestamp,
) -> Order {
    let mut order = order.clone();
    for dispute in disputes.iter().rev() {
        let Seen::Dispute { id, amount, stage } = picture::of_dispute(dispute) else {
            continue;
        };
        let borne = missions.iter().map(|mission| ContestedMission {
            borne: order.borne_by(&mission.booking),
            ..mission.clone()
        });
        let missions: Vec<ContestedMission> = borne.collect();
        order.contest((&id, amount, stage), &missions, now);
    }
    order
}

async fn missions(desk: &PaymentDesk, order: &Order) -> Result<Vec<ContestedMission>, Problem> {
    let bookings = stored::bookings_of(&desk.store, order).await?;
    let each = bookings.iter().map(|booking| ContestedMission {
        booking: booking.id.clone(),
        start: booking.mission.interval.start(),
        money: booking.money(),
        borne: order.borne_by(&booking.id),
    });
    Ok(each.collect())
}
