//! A client compares the quotes of one request.

use adapters::store::Key;
use domain::booking::OpenOrders;
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, QuoteRequestPath, Reply};

use crate::quote_view::QuoteRequestView;
use crate::quoting::{being_paid, own_request};

/// Looking at a request for quotes.
pub struct ReadQuoteRequest;

impl Operation for ReadQuoteRequest {
    const NAME: &'static str = "read-quote-request";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/quote-requests/{request}";
    const SUMMARY: &'static str = "One of the client's requests for quotes, with its answers.";
    type Outside = ();
    type Who = Client;
    type Path = QuoteRequestPath;
    type Input = Nothing;
    type Output = QuoteRequestView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<QuoteRequestView>, Problem> {
        let read = own_request(&desk.store, &call.who.account, &call.path.request).await?;
        let request = &read.record;
        let view = QuoteRequestView::of(request, call.now);
        let orders = Key::open_orders(&call.who.account);
        let Some(orders) = desk.store.get::<OpenOrders>(orders).await? else {
            return Ok(Reply::ok(view));
        };
        let paying = being_paid(desk, &orders.record, &request.id, call.now).await?;
        Ok(Reply::ok(view.paying(&paying)))
    }
}
