//! A professional does not take a mission that they are asked a quote for.

use http_function::{
    Call, Desk, Nothing, Operation, Problem, Professional, QuoteRequestPath, Reply,
};

use crate::quote_view::QuoteToGiveView;
use crate::quoting::{asked_of, asked_request, write};

/// Declining to quote.
pub struct DeclineQuote;

impl Operation for DeclineQuote {
    const NAME: &'static str = "decline-quote";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/quote-requests/{request}/decline";
    const SUMMARY: &'static str = "Say that one does not quote for a mission.";
    type Outside = ();
    type Who = Professional;
    type Path = QuoteRequestPath;
    type Input = Nothing;
    type Output = QuoteToGiveView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<QuoteToGiveView>, Problem> {
        let me = &call.who.professional;
        let read = asked_request(&desk.store, me, &call.path.request).await?;
        let moved = read.record.decline(me, call.now)?;
        let changes = write(&read, &moved, call.changes());
        let view = QuoteToGiveView::of(&moved.request, asked_of(&moved.request, me)?, call.now);
        Ok(Reply::ok(view).changing(changes.activity(Self::NAME, read.record.id.as_str())))
    }
}
