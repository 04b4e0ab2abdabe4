//! A professional names a price for a mission: by the rates of the offer, or a total of their own.

use domain::money::Euros;
use domain::pricing::{PriceBreakdown, VatStatus, price_of_flat};
use domain::quotes::QuoteRequest;
use http_function::{Call, Desk, Operation, Problem, Professional, QuoteRequestPath, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::eligibility::Eligible;
use crate::quote_view::QuoteToGiveView;
use crate::quoting::{asked_of, asked_request, eligible, write};

/// Giving a quote.
pub struct GiveQuote;

/// What a professional proposes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct QuoteGiven {
    /// A total excluding VAT, in cents; by the rates of the offer when none is named.
    #[serde(default)]
    pub flat: Option<Euros>,
    /// Under which conditions.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub conditions: String,
    /// For how many hours it holds: shorter where the mission begins before.
    #[schemars(range(min = 1, max = 720))]
    pub valid_hours: u16,
    /// The total that the professional was shown for the client, in cents.
    pub expected_total: Euros,
}

/// The price of a request's mission: by the offer's rates, or what was named freely.
pub(crate) async fn price_of<O>(
    desk: &Desk<O>,
    request: &QuoteRequest,
    eligible: &Eligible,
    flat: Option<Euros>,
) -> Result<PriceBreakdown, Problem> {
    let Some(flat) = flat else {
        return Ok(eligible.price.clone());
    };
    let zone = request.mission.zone();
    let vat = (eligible.professional).vat_on(zone.local_date(eligible.interval.start()));
    let vat = vat.map_or(VatStatus::Registered, |vat| vat.status);
    let pricing = desk.in_force().await?.pricing;
    price_of_flat(&request.priced(), flat, vat, &pricing)
        .map_err(|refused| Problem::from(refused).about("flat"))
}

impl Operation for GiveQuote {
    const NAME: &'static str = "give-quote";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/professional/quote-requests/{request}/quote";
    const SUMMARY: &'static str =
        "Name a price for a mission before the deadline, by the offer's rates or freely. Once.";
    type Outside = ();
    type Who = Professional;
    type Path = QuoteRequestPath;
    type Input = QuoteGiven;
    type Output = QuoteToGiveView;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<QuoteToGiveView>, Problem> {
        let (me, given) = (&call.who.professional, &call.input);
        let read = asked_request(&desk.store, me, &call.path.request).await?;
        let request = &read.record;
        request.check_answerable(me, call.now)?;
        let asked = asked_of(request, me)?;
        let eligible = Box::pin(eligible(desk, request, &asked.offer, call.now)).await?;
        let price = price_of(desk, request, &eligible, given.flat).await?;
        if price.total != given.expected_total {
            let detail = "Le prix a changé depuis que la page vous l’a montré : vérifiez-le.";
            return Err(Problem::new(409, "price_changed", detail));
        }
        let moved = request.quote(
            me,
            price,
            &given.conditions,
            given.valid_hours,
            &desk.settings.delays,
            call.now,
        )?;
        let changes = write(&read, &moved, call.changes());
        let view = QuoteToGiveView::of(&moved.request, asked_of(&moved.request, me)?, call.now);
        Ok(Reply::ok(view).changing(changes.activity(Self::NAME, request.id.as_str())))
    }
}
