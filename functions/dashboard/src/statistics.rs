//! What the marketplace did in a month: requests, answers, volume and commission, by activity and department.

use std::collections::BTreeMap;

use adapters::store::{BookingRow, Index, Listed, Question, sortable};
use askama::Template;
use domain::ledger::{LedgerAccount, Movement, balance};
use domain::market::{AskedFor, MarketFigures};
use domain::money::Euros;
use domain::typography::duration;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::frame::{Frame, Section, shown};
use crate::money::{month_or_present, movements_between};

/// The figures of a month.
pub(crate) struct StatisticsPage;

/// Which month.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct StatisticsQuery {
    /// A month of Paris, `2026-11`: the present one without it.
    mois: Option<String>,
}

/// A line of figures.
struct Line {
    label: String,
    requests: u32,
    accepted: u32,
    percent: String,
    answer: String,
    volume: Euros,
}

/// Lines that are told apart by one thing.
struct Group {
    heading: &'static str,
    column: &'static str,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "statistics.html")]
struct StatisticsTemplate {
    frame: Frame,
    month: String,
    whole: MarketFigures,
    percent: String,
    answer: String,
    commission: Euros,
    groups: [Group; 2],
}

impl Operation for StatisticsPage {
    const NAME: &'static str = "show-marketplace-statistics";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/statistiques";
    const SUMMARY: &'static str =
        "A month's requests, answers, volume and commission, by activity and department.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = StatisticsQuery;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let mut frame = Frame::of(Section::Statistics, &call.notice);
        let asked = call.input.mois.as_ref();
        let (month, (from, until)) = month_or_present(asked, &mut frame, call.now)?;
        let missions = ordered_between(desk, from, until).await?;
        let movements = movements_between(&desk.store, from, until).await?;
        let whole = MarketFigures::of(&missions);
        shown(&StatisticsTemplate {
            frame,
            month,
            percent: percent(&whole),
            answer: answer(&whole),
            commission: earned(&movements),
            groups: [
                Group {
                    heading: "Par activité",
                    column: "Activité",
                    lines: lines(&missions, |one| {
                        let activity = one.activity.map(|activity| activity.label());
                        activity.unwrap_or("Non relevée").to_owned()
                    }),
                },
                Group {
                    heading: "Par département",
                    column: "Département",
                    lines: lines(&missions, |one| one.department.to_string()),
                },
            ],
            whole,
        })
    }
}

/// What was ordered from one moment to another.
async fn ordered_between(
    desk: &Desk<()>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<AskedFor>, Problem> {
    let question = Question::listed(Listed::Bookings, Index::FindingByTime);
    let question = question.within(sortable(from), sortable(until));
    let rows = desk.store.ask_all::<BookingRow>(question).await?;
    // The index takes its bounds in; the next month begins at the second.
    let rows = rows.into_iter().map(|read| read.record);
    let within = rows.filter(|row| row.ordered_at < until);
    Ok(within.map(|row| row.asked_for()).collect())
}

/// What came to the platform, less what it gave back.
fn earned(movements: &[Movement]) -> Euros {
    Euros::from_cents(balance(movements, LedgerAccount::Commission))
}

/// The figures of each group, the most requests first.
fn lines(missions: &[AskedFor], group: impl Fn(&AskedFor) -> String) -> Vec<Line> {
    let mut groups: BTreeMap<String, Vec<&AskedFor>> = BTreeMap::new();
    for one in missions {
        groups.entry(group(one)).or_default().push(one);
    }
    let lines = groups.into_iter().map(|(label, missions)| {
        let figures = MarketFigures::of(missions);
        Line {
            label,
            requests: figures.requests,
            accepted: figures.accepted,
            percent: percent(&figures),
            answer: answer(&figures),
            volume: figures.volume,
        }
    });
    let mut lines: Vec<Line> = lines.filter(|line| line.requests > 0).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.requests));
    lines
}

fn percent(figures: &MarketFigures) -> String {
    let percent = figures.accepted_percent();
    percent.map_or_else(|| "—".to_owned(), |percent| format!("{percent}\u{a0}%"))
}

fn answer(figures: &MarketFigures) -> String {
    figures
        .median_answer_minutes
        .map_or_else(|| "—".to_owned(), duration)
}
