//! A client looks through their requests for quotes.

use adapters::store::Question;
use domain::quotes::QuoteRequest;
use http_function::{Call, Client, Desk, Nothing, Operation, PageAsked, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::quote_view::QuoteRequestView;

/// Looking through one's requests for quotes.
pub struct ListQuoteRequests;

/// A page of requests, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuoteRequestsPage {
    /// The requests.
    pub requests: Vec<QuoteRequestView>,
    /// How to ask for the next page.
    pub next: Option<String>,
}

impl Operation for ListQuoteRequests {
    const NAME: &'static str = "list-quote-requests";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/quote-requests";
    const SUMMARY: &'static str = "The client's requests for quotes, newest first.";
    type Outside = ();
    type Who = Client;
    type Path = Nothing;
    type Input = PageAsked;
    type Output = QuoteRequestsPage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<QuoteRequestsPage>, Problem> {
        let question = Question::quote_requests_of_client(&call.who.account)
            .limit(20)
            .after(call.input.after.clone());
        let page = desk.store.ask::<QuoteRequest>(question).await?;
        let requests = page.records.iter();
        let requests = requests.map(|read| QuoteRequestView::of(&read.record, call.now));
        Ok(Reply::ok(QuoteRequestsPage {
            requests: requests.collect(),
            next: page.next,
        }))
    }
}
