//! The operator has a booking's payment looked at again and settled, now. A refund that was sent back
//! is tried again only when asked for.

use adapters::store::Changes;
use adapters::stripe::Stripe;
use domain::booking::MoneyPosition;
use domain::operator::Duty;
use http_function::{Admin, BookingPath, Call, Desk, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::settle::{Look, settle};
use crate::stored::find_booking;

/// Settling by hand.
pub struct SettleByHand;

/// What to do beside looking.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ByHand {
    /// Try a refund again that the client's bank sent back.
    #[serde(default)]
    retry_refund: bool,
}

/// Where the money is afterwards.
#[derive(Serialize, JsonSchema)]
pub struct Settled {
    /// How it is divided.
    money: MoneyPosition,
}

impl Operation for SettleByHand {
    const NAME: &'static str = "settle-by-hand";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/admin/bookings/{booking}/settle";
    const SUMMARY: &'static str =
        "Read a booking's payment from Stripe again and do what is left to do.";
    const DUTY: Duty = Duty::Money;
    type Outside = Stripe;
    type Who = Admin;
    type Path = BookingPath;
    type Input = ByHand;
    type Output = Settled;

    async fn run(desk: &Desk<Stripe>, call: &Call<Self>) -> Result<Reply<Settled>, Problem> {
        let id = &call.path.booking;
        let read = find_booking(&desk.store, id)
            .await?
            .ok_or_else(Problem::not_found)?;
        let mut booking = read.record.clone();
        booking.payment.refused = None;
        booking.payment.refund_needs_decision &= !call.input.retry_refund;
        if booking != read.record {
            let changes = Changes::by(&call.trace, call.now).replace(&read, &booking);
            desk.store.commit(changes).await?;
        }
        settle(desk, &call.trace, id, Look::First).await?;
        let after = find_booking(&desk.store, id)
            .await?
            .ok_or_else(Problem::not_found)?;
        let changes = call.changes().activity(Self::NAME, id.as_str());
        Ok(Reply::ok(Settled {
            money: after.record.money(),
        })
        .changing(changes))
    }
}
