//! A professional looks through what they are asked a quote for.

use adapters::store::{Key, Question, QuoteAsked};
use domain::quotes::QuoteRequest;
use http_function::{Call, Desk, Nothing, Operation, PageAsked, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::quote_view::QuoteToGiveView;

/// Looking through what one is asked a quote for.
pub struct ListQuotesToGive;

/// A page of requests, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuotesToGivePage {
    /// The requests.
    pub requests: Vec<QuoteToGiveView>,
    /// How to ask for the next page.
    pub next: Option<String>,
}

impl Operation for ListQuotesToGive {
    const NAME: &'static str = "list-quotes-to-give";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/quote-requests";
    const SUMMARY: &'static str = "What the professional is asked a quote for, newest first.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = PageAsked;
    type Output = QuotesToGivePage;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<QuotesToGivePage>, Problem> {
        let me = &call.who.professional;
        let question = Question::quotes_asked_of(me)
            .limit(20)
            .after(call.input.after.clone());
        let page = desk.store.ask::<QuoteAsked>(question).await?;
        let mut requests = Vec::with_capacity(page.records.len());
        for pointer in page.records {
            let key = Key::quote_request(&pointer.record.request);
            let Some(read) = desk.store.get::<QuoteRequest>(key).await? else {
                continue;
            };
            let asked = read.record.of(me);
            requests.extend(asked.map(|asked| QuoteToGiveView::of(&read.record, asked, call.now)));
        }
        Ok(Reply::ok(QuotesToGivePage {
            requests,
            next: page.next,
        }))
    }
}
