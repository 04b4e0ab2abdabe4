//! The operator compares our books with Stripe's own objects, a month at a time. Differences are listed;
//! nothing is changed: `settle-by-hand` repairs a booking when asked to.

use std::collections::BTreeSet;

use adapters::store::Question;
use adapters::stripe::Stripe;
use domain::booking::{Booking, CardStatus, MoneyPosition};
use domain::ids::BookingId;
use domain::ledger::Movement;
use domain::order::Order;
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ledger::Balances;
use crate::picture::{Lists, picture};
use crate::stored::{find_booking, order_of};

/// Comparing our books with Stripe's.
pub struct ReconcilePayments;

/// Which movements to begin from.
#[derive(Deserialize, JsonSchema)]
pub struct Reconciled {
    /// The month in which money moved, such as `2026-11` (UTC).
    month: String,
    /// The `next` of the page before.
    after: Option<String>,
}

/// What was compared, and what differs.
#[derive(Serialize, JsonSchema)]
pub struct Reconciliation {
    /// How many bookings were compared.
    compared: usize,
    /// Those that differ.
    differences: Vec<Difference>,
    /// How to go on.
    next: Option<String>,
}

/// A booking on which our books and Stripe's differ.
#[derive(Serialize, JsonSchema)]
pub struct Difference {
    /// Which.
    pub booking: BookingId,
    /// The reference that people quote.
    pub reference: String,
    /// What differs, in French.
    pub what: &'static str,
    /// What we wrote down.
    pub ours: MoneyPosition,
    /// What Stripe's objects say.
    pub stripe: MoneyPosition,
}

impl Operation for ReconcilePayments {
    const NAME: &'static str = "reconcile-payments";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/admin/reconciliation";
    const SUMMARY: &'static str =
        "Compare our books with Stripe's objects for the bookings of a month. Changes nothing.";
    type Outside = Stripe;
    type Who = Admin;
    type Path = Nothing;
    type Input = Reconciled;
    type Output = Reconciliation;

    async fn run(desk: &Desk<Stripe>, call: &Call<Self>) -> Result<Reply<Reconciliation>, Problem> {
        let question = Question::movements_in_month(&call.input.month)
            .limit(50)
            .after(call.input.after.clone());
        let page = desk.store.ask::<Movement>(question).await?;
        let movements: Vec<Movement> = page.records.into_iter().map(|read| read.record).collect();
        let (compared, differences) = compare_month(desk, &movements, call.now).await?;
        Ok(Reply::ok(Reconciliation {
            compared,
            differences,
            next: page.next,
        }))
    }
}

/// Compares the bookings that these movements are of with Stripe: how many there are, and those that
/// differ.
pub async fn compare_month(
    desk: &Desk<Stripe>,
    movements: &[Movement],
    now: Timestamp,
) -> Result<(usize, Vec<Difference>), Problem> {
    let moved: BTreeSet<&BookingId> = movements.iter().map(|movement| &movement.booking).collect();
    let mut differences = Vec::new();
    for id in &moved {
        if let Some(read) = find_booking(&desk.store, id).await? {
            differences.extend(compare(desk, now, &read.record).await?);
        }
    }
    Ok((moved.len(), differences))
}

/// Whether something was debited, given back or paid out of an order's payment that no mission knows of:
/// made by hand, without a name. Told once, of the first mission.
async fn moved_without_mission(
    desk: &Desk<Stripe>,
    order: &Order,
    booking: &Booking,
) -> Result<bool, Problem> {
    let intent = order.payment.intent.as_deref();
    let Some(intent) = intent.filter(|_| order.printed_under() == Some(&booking.id)) else {
        return Ok(false);
    };
    if order.payment.card != CardStatus::Captured {
        return Ok(false);
    }
    let debited = desk.outside.intent(intent).await?.amount_received;
    let lists = Lists::read(&desk.outside, intent, order.id.as_str()).await?;
    Ok(debited != order.accepted_total().cents() || lists.name_no_mission_of(order))
}

async fn compare(
    desk: &Desk<Stripe>,
    now: Timestamp,
    booking: &Booking,
) -> Result<Option<Difference>, Problem> {
    let order = order_of(&desk.store, booking).await?;
    let sights = picture(&desk.outside, booking, order.as_ref()).await?;
    let learnt = booking.learn(&sights, now);
    let question = Question::movements_of_booking(&booking.id);
    let written = desk.store.ask_all::<Movement>(question).await?;
    let written: Vec<Movement> = written.into_iter().map(|read| read.record).collect();
    let (ours, stripe) = (booking.money(), learnt.booking.money());
    let what = if !Balances::of(&written).agree_with(&ours) {
        "Les écritures ne correspondent pas au paiement de la réservation."
    } else if ours != stripe || !learnt.movements.is_empty() {
        "Stripe a fait un mouvement qui n’est pas encore dans nos écritures."
    } else if let Some(order) = order
        && moved_without_mission(desk, &order, booking).await?
    {
        "Le paiement de la commande a fait un mouvement qui ne nomme aucune de ses missions."
    } else {
        return Ok(None);
    };
    Ok(Some(Difference {
        booking: booking.id.clone(),
        reference: booking.reference.clone(),
        what,
        ours,
        stripe,
    }))
}
