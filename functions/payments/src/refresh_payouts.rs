//! A professional comes back from Stripe: their account is read again, before any event tells.

use adapters::stripe::Stripe;
use http_function::{Call, Desk, Nothing, Operation, Owner, Problem, Reply};

use crate::accounts;
use crate::payouts::{PayoutsView, view};

/// Reading one's payouts again.
pub struct RefreshPayouts;

impl Operation for RefreshPayouts {
    const NAME: &'static str = "refresh-payouts";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/payouts/refresh";
    const SUMMARY: &'static str = "Read from Stripe again whether the professional can be paid.";
    type Outside = Stripe;
    type Who = Owner;
    type Path = Nothing;
    type Input = Nothing;
    type Output = PayoutsView;

    async fn run(desk: &Desk<Stripe>, call: &Call<Self>) -> Result<Reply<PayoutsView>, Problem> {
        let professional = accounts::refresh(desk, &call.trace, &call.who.professional).await?;
        Ok(Reply::ok(view(&professional)))
    }
}
