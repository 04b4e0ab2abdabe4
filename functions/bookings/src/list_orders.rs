//! A client looks through their orders of several missions.

use adapters::store::Question;
use domain::order::Order;
use http_function::{Call, Client, Desk, Nothing, Operation, PageAsked, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::order_view::{OrderSummary, summary};

/// Looking through one's orders.
pub struct ListOrders;

/// A page of orders, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrdersPage {
    /// The orders.
    pub orders: Vec<OrderSummary>,
    /// How to ask for the next page.
    pub next: Option<String>,
}

impl Operation for ListOrders {
    const NAME: &'static str = "list-orders";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/orders";
    const SUMMARY: &'static str = "The client's orders of several missions, newest first.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = PageAsked;
    type Output = OrdersPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OrdersPage>, Problem> {
        let question = Question::orders_of_client(&call.who.account)
            .limit(20)
            .after(call.input.after.clone());
        let page = desk.store.ask::<Order>(question).await?;
        let orders = page.records.iter().map(|read| summary(&read.record));
        Ok(Reply::ok(OrdersPage {
            orders: orders.collect(),
            next: page.next,
        }))
    }
}
