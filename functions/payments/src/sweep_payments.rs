//! Every minute: payments that something may have been missed of are looked at again, and new bank
//! accounts whose day of waiting is over take effect. However late the run is.

use adapters::store::{Changes, Question, Trace, Versioned};
use adapters::stripe::Stripe;
use domain::booking::Booking;
use domain::event::Event;
use domain::order::Order;
use domain::professional::Professional;
use http_function::{Chore, Desk, Every, Figure, Problem, Round};

use crate::settle::{Look, settle};
use crate::settle_order::settle_order;

/// The sweep.
pub struct SweepPayments;

/// The round of bank accounts, in what is written down of items that failed and in the activity log.
const BANK_CHANGES: &str = "change-bank-account";

/// The round of orders, in what is written down of items that failed.
const ORDERS: &str = "sweep-order-payments";

impl Chore for SweepPayments {
    const NAME: &'static str = "sweep-payments";
    const EVERY: Every = Every::Minute;
    const SUMMARY: &'static str = "Every minute: payments that something may have been missed of are looked at again, \
        and new bank accounts whose day of waiting is over take effect.";
    type Outside = Stripe;

    async fn run(desk: &Desk<Stripe>, trace: &Trace) -> Result<(), Problem> {
        // Each of them whatever became of the others.
        let changed = change_bank_accounts(desk, trace).await;
        let looked = look_at_payments(desk, trace).await;
        let ordered = look_at_orders(desk, trace).await;
        let measured = measure_oldest_held(desk).await;
        changed.and(looked).and(ordered).and(measured)
    }
}

async fn look_at_payments(desk: &Desk<Stripe>, trace: &Trace) -> Result<(), Problem> {
    let mut round = Round::begin(desk, trace, SweepPayments::NAME).await?;
    let mut after = None;
    while round.goes_on() {
        let question = Question::payments_to_check(desk.clock.now()).after(after);
        let page = desk.store.ask::<Booking>(question).await?;
        for read in page.records {
            let id = &read.record.id;
            let work = settle(desk, trace, id, Look::First);
            round.item(id.as_str(), work).await;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    round.end()
}

/// A round of its own: an order is looked at with all its missions.
async fn look_at_orders(desk: &Desk<Stripe>, trace: &Trace) -> Result<(), Problem> {
    let mut round = Round::begin(desk, trace, ORDERS).await?;
    let mut after = None;
    while round.goes_on() {
        let question = Question::order_payments_to_check(desk.clock.now()).after(after);
        let page = desk.store.ask::<Order>(question).await?;
        for read in page.records {
            let id = &read.record.id;
            let work = Box::pin(settle_order(desk, trace, id, Look::First));
            round.item(id.as_str(), work).await;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    round.end()
}

async fn measure_oldest_held(desk: &Desk<Stripe>) -> Result<(), Problem> {
    let question = Question::money_held().limit(1);
    let held = desk.store.ask::<Booking>(question).await?.records;
    let oldest = held
        .first()
        .and_then(|read| read.record.payment.captured_at);
    let days = oldest.map_or(0, |at| desk.clock.now().duration_since(at).as_hours() / 24);
    Figure::OldestHeldDays.is(u64::try_from(days).unwrap_or(0));
    Ok(())
}

/// A round of its own, for as many pages as there are: an account that Stripe refuses stands in the way
/// of no other.
async fn change_bank_accounts(desk: &Desk<Stripe>, trace: &Trace) -> Result<(), Problem> {
    let mut round = Round::begin(desk, trace, BANK_CHANGES).await?;
    let mut after = None;
    while round.goes_on() {
        let question = Question::bank_changes_due(desk.clock.now()).after(after);
        let page = desk.store.ask::<Professional>(question).await?;
        for read in page.records {
            let work = change_bank_account(desk, trace, &read);
            round.item(read.record.id.as_str(), work).await;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    round.end()
}

/// Stripe is told first, under a key of this change: told twice, it is done once.
async fn change_bank_account(
    desk: &Desk<Stripe>,
    trace: &Trace,
    listed: &Versioned<Professional>,
) -> Result<(), Problem> {
    let read = crate::stored::professional(&desk.store, &listed.record.id).await?;
    let mut professional = read.record.clone();
    let due = |change: &domain::professional::BankChange| change.effective_at <= desk.clock.now();
    let Some(change) = professional.bank_change.take().filter(due) else {
        return Ok(());
    };
    if let Some(account) = &professional.payout_account {
        let name = change.asked_at.as_second().to_string();
        desk.outside
            .set_bank_account(&account.id, &change.to, &name)
            .await?;
    }
    professional.bank_account = Some(change.to);
    let settled = Event::BankDetailsSettled {
        professional: professional.id.clone(),
    };
    let changes = Changes::by(trace, desk.clock.now())
        .replace(&read, &professional)
        .event(settled)
        .activity(BANK_CHANGES, professional.id.as_str());
    Ok(desk.store.commit(changes).await?)
}
