//! A client compares the quotes of one request.

use http_function::{Call, Client, Desk, Nothing, Operation, Problem, QuoteRequestPath, Reply};

use crate::quote_view::QuoteRequestView;
use crate::quoting::own_request;

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
        Ok(Reply::ok(QuoteRequestView::of(&read.record, call.now)))
    }
}
