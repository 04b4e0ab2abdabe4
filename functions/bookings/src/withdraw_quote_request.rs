//! A client gives a request for quotes up: nobody is waited for any more.

use http_function::{Call, Client, Desk, Nothing, Operation, Problem, QuoteRequestPath, Reply};

use crate::quote_view::QuoteRequestView;
use crate::quoting::{own_request, write};

/// Giving a request for quotes up.
pub struct WithdrawQuoteRequest;

impl Operation for WithdrawQuoteRequest {
    const NAME: &'static str = "withdraw-quote-request";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/quote-requests/{request}/withdraw";
    const SUMMARY: &'static str = "Give a request for quotes up; those who answered are told.";
    type Outside = ();
    type Who = Client;
    type Path = QuoteRequestPath;
    type Input = Nothing;
    type Output = QuoteRequestView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<QuoteRequestView>, Problem> {
        let read = own_request(&desk.store, &call.who.account, &call.path.request).await?;
        let moved = read.record.withdraw(call.now)?;
        let changes = write(&read, &moved, call.changes());
        let view = QuoteRequestView::of(&moved.request, call.now);
        Ok(Reply::ok(view).changing(changes.activity(Self::NAME, read.record.id.as_str())))
    }
}
