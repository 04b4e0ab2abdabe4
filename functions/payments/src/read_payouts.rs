//! A professional looks at whether and where they are paid.

use http_function::{Call, Desk, Nothing, Operation, Owner, Problem, Reply};

use crate::payouts::{PayoutsView, own, view};

/// Looking at one's payouts.
pub struct ReadPayouts;

impl Operation for ReadPayouts {
    const NAME: &'static str = "read-payouts";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/payouts";
    const SUMMARY: &'static str = "Whether and on which account the professional is paid.";
    const WHILE_BARRED: bool = true;
    type Outside = ();
    type Who = Owner;
    type Path = Nothing;
    type Input = Nothing;
    type Output = PayoutsView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<PayoutsView>, Problem> {
        let read = own(&desk.store, &call.who.professional).await?;
        Ok(Reply::ok(view(&read.record)))
    }
}
