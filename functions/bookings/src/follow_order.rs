//! One of the two parties looks at an order and at what became of each of its missions.

use domain::account::Role;
use http_function::{
    Call, Client, Desk, Nothing, Operation, OrderPath, Problem, Professional, Reply, SignedIn, Who,
};

use crate::order_ownership::{bookings_of, own_order};
use crate::order_view::{OrderView, order_for_client, order_for_professional};

/// Looking at an order.
pub struct FollowOrder;

impl Operation for FollowOrder {
    const NAME: &'static str = "follow-order";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/orders/{order}";
    const SUMMARY: &'static str =
        "An order of several missions as its client or its professional may see it.";
    type Outside = ();
    type Who = SignedIn;
    type Path = OrderPath;
    type Input = Nothing;
    type Output = OrderView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OrderView>, Problem> {
        let session = Some(call.who.0.clone());
        let id = &call.path.order;
        match call.who.0.role {
            Role::Client => {
                let read = own_order(&desk.store, &Client::admit(session)?, id).await?;
                let bookings = bookings_of(&desk.store, &read.record).await?;
                Ok(Reply::ok(order_for_client(
                    &read.record,
                    &bookings,
                    call.now,
                )))
            }
            Role::Professional | Role::Manager => {
                let read = own_order(&desk.store, &Professional::admit(session)?, id).await?;
                let bookings = bookings_of(&desk.store, &read.record).await?;
                let view = order_for_professional(&read.record, &bookings, call.now);
                Ok(Reply::ok(view))
            }
            Role::Agent | Role::Admin | Role::Applicant => Err(Problem::not_found()),
        }
    }
}
