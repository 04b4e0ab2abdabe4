//! Every function of the marketplace in one list, and the document that describes their API.

use http_function::{Anyone, Call, Desk, Nothing, Operation, Problem, Reply, openapi};
use serde_json::Value;

pub use http_function::Function;

/// Every function.
pub fn functions() -> Vec<Function> {
    let mut all = vec![Function::operation::<ReadOpenapi>()];
    all.extend(accounts::functions());
    all.extend(professionals::functions());
    all.extend(operator::functions());
    all.extend(catalogue::functions());
    all.extend(bookings::functions());
    all.extend(payments::functions());
    all.extend(invoices::functions());
    all.extend(reviews::functions());
    all.extend(messages::functions());
    all.extend(notices::functions());
    all.push(dashboard::function());
    all.extend(pages::functions());
    all
}

/// Reading the API's documentation.
pub struct ReadOpenapi;

impl Operation for ReadOpenapi {
    const NAME: &'static str = "read-openapi";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/openapi.json";
    const SUMMARY: &'static str = "This document.";
    type Outside = ();
    type Who = Anyone;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Value;

    async fn run(_: &Desk<()>, _: &Call<Self>) -> Result<Reply<Value>, Problem> {
        Ok(Reply::ok(openapi(&functions())))
    }
}
