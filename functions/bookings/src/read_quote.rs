//! A client is about to order a quote: its price as it was named, and what ordering it asks of them.

use domain::ids::{OfferId, QuoteRequestId};
use http_function::{Call, Client, Desk, Nothing, Operation, Problem, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::eligibility::Eligible;
use crate::quote_mission::Quote;
use crate::quoting::{eligible, own_request};

/// Nobody answers an ordered quote once more.
const PAYMENT: &str = "Le professionnel s’est engagé par son devis\u{a0}: dès que votre carte est autorisée, le contrat est conclu et la somme est débitée. Elle est ensuite conservée par Stripe, établissement de monnaie électronique, jusqu’à votre validation\u{a0}; elle ne constitue pas un dépôt bancaire et ne produit pas d’intérêts.";

/// Looking at a quote before ordering it.
pub struct ReadQuote;

/// Which quote of which request.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct QuotePath {
    /// The request.
    pub request: QuoteRequestId,
    /// The offer under which it was given.
    pub offer: OfferId,
}

impl Operation for ReadQuote {
    const NAME: &'static str = "read-quote";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/quote-requests/{request}/quotes/{offer}";
    const SUMMARY: &'static str =
        "A quote that was given, as an order of it needs it. Refused once it cannot be ordered.";
    type Outside = ();
    type Who = Client;
    type Path = QuotePath;
    type Input = Nothing;
    type Output = Quote;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Quote>, Problem> {
        let read = own_request(&desk.store, &call.who.account, &call.path.request).await?;
        let request = &read.record;
        let mut asked = request.asked.iter();
        let asked = asked.find(|one| one.offer == call.path.offer);
        let asked = asked.ok_or_else(Problem::not_found)?;
        let quoted = request.orderable(&asked.professional, call.now)?;
        let eligible = Box::pin(eligible(desk, request, &asked.offer, call.now)).await?;
        let agreed = Eligible {
            price: quoted.price.clone(),
            ..eligible
        };
        Ok(Reply::ok(Quote {
            payment_notice: PAYMENT,
            ..Quote::from(&agreed)
        }))
    }
}
