//! A professional reads what they were paid over a year, as the tax office is told it.

use adapters::store::Question;
use domain::ledger::Movement;
use domain::yearly::{Quarter, Year, paid_in};
use http_function::{Call, Desk, Nothing, Operation, Owner, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Reading one's own year.
pub struct ReadYearlyStatement;

/// Which year.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct YearAsked {
    /// Such as `2026`; the present one, in Paris, without it.
    #[serde(default)]
    pub year: Option<String>,
}

impl YearAsked {
    fn year(&self, now: Timestamp) -> Result<Year, Problem> {
        let Some(asked) = &self.year else {
            return Ok(Year::of(now));
        };
        Year::parse(asked, now).map_err(|refused| Problem::from(refused).about("year"))
    }
}

/// What was paid over a year.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct YearlyStatement {
    /// Which year.
    year: i16,
    /// Every year of which there is a statement, the present one first.
    years: Vec<i16>,
    /// Whether it is over: nothing is added to it any more.
    over: bool,
    /// January to March, and so on.
    quarters: Vec<Quarter>,
    /// The year as one.
    whole: Quarter,
}

impl Operation for ReadYearlyStatement {
    const NAME: &'static str = "read-yearly-statement";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/yearly-statement";
    const SUMMARY: &'static str = "What the professional was paid over a year, by quarter, with the number of missions and \
        the platform's fees: what the tax office is told (CGI, articles 242 bis and 1649 ter A).";
    type Outside = ();
    type Who = Owner;
    type Path = Nothing;
    type Input = YearAsked;
    type Output = YearlyStatement;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<YearlyStatement>, Problem> {
        let year = call.input.year(call.now)?;
        let (from, until) = year.bounds();
        let who = &call.who.professional;
        let question = Question::movements_of_professional_between(who, from, until);
        let read = desk.store.ask_all::<Movement>(question).await?;
        let paid = paid_in(year, read.iter().map(|read| &read.record));
        let paid = paid.get(who).copied().unwrap_or_default();
        Ok(Reply::ok(YearlyStatement {
            year: year.number(),
            years: Year::all(call.now).map(Year::number).collect(),
            over: year.is_over(call.now),
            quarters: paid.quarters.to_vec(),
            whole: paid.whole(),
        }))
    }
}
