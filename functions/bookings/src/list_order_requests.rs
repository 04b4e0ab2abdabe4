//! A professional looks through the orders of several missions that reached them.

use adapters::store::Question;
use domain::order::Order;
use http_function::{Call, Desk, Nothing, Operation, PageAsked, Problem, Professional, Reply};

use crate::list_orders::OrdersPage;
use crate::order_view::summary_for_professional;

/// Looking through the orders that reached a professional.
pub struct ListOrderRequests;

impl Operation for ListOrderRequests {
    const NAME: &'static str = "list-order-requests";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/orders";
    const SUMMARY: &'static str = "The orders of several missions that reached the professional, newest first: only those whose card was authorised.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = PageAsked;
    type Output = OrdersPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OrdersPage>, Problem> {
        let question = Question::orders_of_professional(&call.who.professional)
            .limit(20)
            .after(call.input.after.clone());
        let page = desk.store.ask::<Order>(question).await?;
        let orders = page
            .records
            .iter()
            .map(|read| summary_for_professional(&read.record));
        Ok(Reply::ok(OrdersPage {
            orders: orders.collect(),
            next: page.next,
        }))
    }
}
