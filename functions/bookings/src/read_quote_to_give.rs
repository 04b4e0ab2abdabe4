//! A professional looks at a request for a quote, and at what a price would come to.

use domain::money::Euros;
use domain::pricing::PriceBreakdown;
use http_function::{Call, Desk, Operation, Problem, Professional, QuoteRequestPath, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::give_quote::price_of;
use crate::quote_view::QuoteToGiveView;
use crate::quoting::{asked_of, asked_request, eligible};

/// Looking at what one is asked a quote for.
pub struct ReadQuoteToGive;

/// Which price is to be seen.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct PriceAsked {
    /// A total excluding VAT, in cents; by the rates of the offer when none is named.
    #[serde(default)]
    pub flat: Option<String>,
}

impl PriceAsked {
    fn flat(&self) -> Result<Option<Euros>, Problem> {
        let Some(text) = &self.flat else {
            return Ok(None);
        };
        let cents: i64 = text.trim().parse().map_err(|_| {
            Problem::new(422, "amount_invalid", "Indiquez un montant en euros.").about("flat")
        })?;
        Ok(Some(Euros::from_cents(cents)))
    }
}

/// A request, and what answering it would say.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuoteToGive {
    /// The request.
    pub request: QuoteToGiveView,
    /// The price that was asked about, when it can still be named.
    pub price: Option<PriceBreakdown>,
    /// Why no price can be named, when none can.
    pub unavailable: Option<String>,
    /// The last moment until which a quote can hold.
    pub valid_at_most: Timestamp,
}

impl Operation for ReadQuoteToGive {
    const NAME: &'static str = "read-quote-to-give";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/quote-requests/{request}";
    const SUMMARY: &'static str =
        "A request for a quote, with what a price would come to for the client.";
    type Outside = ();
    type Who = Professional;
    type Path = QuoteRequestPath;
    type Input = PriceAsked;
    type Output = QuoteToGive;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<QuoteToGive>, Problem> {
        let me = &call.who.professional;
        let flat = call.input.flat()?;
        let read = asked_request(&desk.store, me, &call.path.request).await?;
        let (request, asked) = (&read.record, asked_of(&read.record, me)?);
        let answerable = request.check_answerable(me, call.now);
        let priced = match answerable {
            Err(refused) => Err(refused.into()),
            Ok(()) => match Box::pin(eligible(desk, request, &asked.offer, call.now)).await {
                Ok(eligible) => Ok(Some(price_of(desk, request, &eligible, flat).await?)),
                // Only a rule says that no price can be named; what else went wrong is told as such.
                Err(problem) if problem.status < 500 => Err(problem),
                Err(problem) => return Err(problem),
            },
        };
        let (price, unavailable) = match priced {
            Ok(price) => (price, None),
            Err(problem) => (None, Some(problem.detail.clone())),
        };
        let longest = domain::quotes::LONGEST_VALIDITY;
        Ok(Reply::ok(QuoteToGive {
            request: QuoteToGiveView::of(request, asked, call.now),
            price,
            unavailable,
            valid_at_most: request.valid_until(longest, &desk.settings.delays, call.now),
        }))
    }
}
