//! Anybody asks what several missions would cost, date by date, and what ordering them will ask of them.

use domain::ids::{DocumentId, ProfessionalId};
use domain::money::Euros;
use domain::offer::CancellationPolicy;
use domain::order::OrderRefused;
use domain::pricing::PriceBreakdown;
use domain::time::holidays::withdrawal_deadline;
use domain::time::zone::ZoneView;
use http_function::{Call, Desk, Nothing, Operation, Problem, Reply, Visitor};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::order_dates::{AskedMissions, Plan, PlannedDate};

/// A quote of several dates.
pub struct QuoteOrder;

/// Why a date cannot be ordered.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DateRefusal {
    /// The stable code.
    pub code: String,
    /// For people, in French.
    pub detail: String,
}

/// One date of a quote.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuotedDate {
    /// When it would begin.
    pub start: Timestamp,
    /// When it would end.
    pub end: Timestamp,
    /// The public holiday that it touches.
    pub holiday: Option<String>,
    /// The price in full, where it can be ordered.
    pub price: Option<PriceBreakdown>,
    /// Why it cannot.
    pub refused: Option<DateRefusal>,
}

/// What several missions cost and what an order of them needs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OrderQuote {
    /// With whom the contracts would be made.
    pub professional: ProfessionalId,
    /// Its name.
    pub professional_name: String,
    /// By whose clocks hours are told.
    pub zone: ZoneView,
    /// Each date, in order.
    pub dates: Vec<QuotedDate>,
    /// How many of them can be ordered.
    pub possible: usize,
    /// What these cost together, commission and VAT included.
    pub total: Euros,
    /// What of it is the professional's.
    pub professional_total: Euros,
    /// What of it is the commission.
    pub commission: Euros,
    /// The professional would have to answer before this, were they ordered now.
    pub respond_by: Timestamp,
    /// The conditions of sale to accept.
    pub conditions_of_sale: DocumentId,
    /// What a cancellation of a date would cost.
    pub cancellation: CancellationPolicy,
    /// Whether a consumer must ask for a start before the withdrawal delay ends.
    pub needs_early_start_request: bool,
}

impl Operation for QuoteOrder {
    const NAME: &'static str = "quote-order";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/api/order-quotes";
    const SUMMARY: &'static str = "The exact price of each of several missions under an offer, which of them can be \
        staffed, and what ordering them needs. Holds nothing.";
    type Outside = ();
    type Who = Visitor;
    type Path = Nothing;
    type Input = AskedMissions;
    type Output = OrderQuote;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OrderQuote>, Problem> {
        let plan = Plan::make(desk, &call.input, call.now).await?;
        Ok(Reply::ok(quote(&plan)?))
    }
}

fn quote(plan: &Plan) -> Result<OrderQuote, Problem> {
    let first = plan.dates.first().ok_or(OrderRefused::NoMission)?;
    let until = withdrawal_deadline(plan.respond_by);
    let dates: Vec<QuotedDate> = plan.dates.iter().map(|date| quoted(plan, date)).collect();
    let priced = || dates.iter().filter_map(|date| date.price.as_ref());
    let sum = |part: fn(&PriceBreakdown) -> Euros| {
        Euros::from_cents(priced().map(|price| part(price).cents()).sum())
    };
    Ok(OrderQuote {
        professional: plan.basis.professional.id.clone(),
        professional_name: plan.basis.professional.name().to_owned(),
        zone: plan.basis.zone().view(),
        possible: priced().count(),
        total: plan.total(),
        professional_total: sum(|price| price.professional_total),
        commission: sum(|price| price.commission),
        respond_by: plan.respond_by,
        conditions_of_sale: plan.basis.conditions_of_sale.id.clone(),
        cancellation: plan.terms().cancellation,
        needs_early_start_request: first.interval.start() < until,
        dates,
    })
}

fn quoted(plan: &Plan, date: &PlannedDate) -> QuotedDate {
    let refused = date.outcome.as_ref().err();
    QuotedDate {
        start: date.interval.start(),
        end: date.interval.end(),
        holiday: plan.holiday(date.interval),
        price: date.outcome.as_ref().ok().map(|(price, _)| price.clone()),
        refused: refused.map(|problem| DateRefusal {
            code: problem.code.to_owned(),
            detail: problem.detail.clone(),
        }),
    }
}
