//! A professional looks at what their page, requests, missions and reviews add up to.

use adapters::store::{Question, Store};
use domain::booking::Booking;
use domain::ids::ProfessionalId;
use domain::review::Review;
use domain::statistics::{Figures, LOOKED_BACK_DAYS, Month, Period, by_month};
use domain::time::paris;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};
use jiff::ToSpan as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Read one's own statistics.
pub struct ReadStatistics;

/// Of which months: 24 at most, the last six when nothing is asked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MonthsAsked {
    /// The first month, such as `2026-06`; five months before the last without it.
    #[serde(default)]
    pub from: Option<Month>,
    /// The last month; the present one, in Paris, without it.
    #[serde(default)]
    pub to: Option<Month>,
}

/// What is counted.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FiguresView {
    /// How often the page was opened.
    pub views: u64,
    /// Requests received; their answers count in the same month.
    pub requests: u32,
    /// Requests accepted.
    pub accepted: u32,
    /// Requests refused.
    pub refused: u32,
    /// Requests that nobody answered in time.
    pub expired: u32,
    /// Of the requests answered or expired, how many in a hundred were accepted; `null` without any.
    pub acceptance_percent: Option<u32>,
    /// Mean time of an answer, minutes; `null` before the first.
    pub answer_minutes: Option<u64>,
    /// Accepted missions that the professional gave up.
    pub cancellations: u32,
    /// Missions that took place, by the day of their end.
    pub missions: u32,
    /// What the agents of those missions worked together, minutes.
    pub agent_minutes: u64,
    /// Paid to the professional, cents, by the day of the transfer.
    pub revenue: i64,
    /// Reviews published.
    pub ratings: u32,
    /// Their mean mark in tenths, such as 46 for 4.6 out of 5; `null` without any.
    pub rating_tenths: Option<u32>,
}

impl From<Figures> for FiguresView {
    fn from(figures: Figures) -> Self {
        Self {
            views: figures.views,
            requests: figures.requests,
            accepted: figures.accepted,
            refused: figures.refused,
            expired: figures.expired,
            acceptance_percent: figures.acceptance_percent(),
            answer_minutes: figures.mean_answer_minutes(),
            cancellations: figures.cancellations,
            missions: figures.missions,
            agent_minutes: figures.agent_minutes,
            revenue: figures.revenue.cents(),
            ratings: figures.ratings,
            rating_tenths: figures.rating_tenths(),
        }
    }
}

/// The figures of one month.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MonthView {
    /// Which month.
    pub month: Month,
    /// What is counted of it.
    pub figures: FiguresView,
}

/// The figures of a period.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Statistics {
    /// Every month, oldest first.
    pub months: Vec<MonthView>,
    /// All of them together.
    pub total: FiguresView,
}

impl Operation for ReadStatistics {
    const NAME: &'static str = "read-statistics";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/statistics";
    const SUMMARY: &'static str =
        "Views, requests, answers, missions, revenue and ratings by month, for 24 months at most.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = MonthsAsked;
    type Output = Statistics;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Statistics>, Problem> {
        let period = Period::asked(call.input.from, call.input.to, call.now)?;
        let months = figures(&desk.store, &call.who.professional, period).await?;
        let total = months
            .iter()
            .fold(Figures::default(), |sum, (_, figures)| sum.and(*figures));
        let months = months.into_iter().map(|(month, figures)| MonthView {
            month,
            figures: figures.into(),
        });
        Ok(Reply::ok(Statistics {
            months: months.collect(),
            total: total.into(),
        }))
    }
}

async fn figures(
    store: &Store,
    professional: &ProfessionalId,
    period: Period,
) -> Result<Vec<(Month, Figures)>, Problem> {
    let (first, last) = (period.first_day(), period.last_day());
    let from = paris::day_start(first);
    let until = paris::day_start(last.saturating_add(1.day()));
    let looked_back = paris::day_start(first.saturating_sub(LOOKED_BACK_DAYS.days()));
    let views = store.views(professional, first, last).await?;
    let bookings = Question::requests_between(professional, looked_back, until);
    let bookings: Vec<Booking> = records(store.ask_all(bookings).await?);
    let reviews = Question::reviews_between(professional, from, until);
    let reviews: Vec<Review> = records(store.ask_all(reviews).await?);
    Ok(by_month(period, &views, &bookings, &reviews))
}

fn records<R>(read: Vec<adapters::store::Versioned<R>>) -> Vec<R> {
    read.into_iter().map(|read| read.record).collect()
}
