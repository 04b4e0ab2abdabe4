//! One of the two parties asks what the mission would cost with other hours or agents.

use http_function::{Call, Desk, Operation, Problem, Reply, SignedIn};

use crate::modifying::{AskedTerms, ModificationQuote};
use crate::ownership::{BookingPath, booking_of_either};

/// What a modification would come to.
pub struct QuoteModification;

impl Operation for QuoteModification {
    const NAME: &'static str = "quote-modification";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/bookings/{booking}/modification/quote";
    const SUMMARY: &'static str = "What a mission that is paid for would cost with other hours or agents, and what would \
        be given back. Changes nothing.";
    type Outside = ();
    type Who = SignedIn;
    type Path = BookingPath;
    type Input = AskedTerms;
    type Output = ModificationQuote;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<ModificationQuote>, Problem> {
        let (read, _) = booking_of_either(&desk.store, &call.who, &call.path.booking).await?;
        let repriced = call.input.of(desk, &read.record, call.now).await?;
        Ok(Reply::ok(ModificationQuote::of(&read.record, repriced)))
    }
}
