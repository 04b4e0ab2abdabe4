//! What the operator configures, dated.

use askama::Template;
use domain::configuration::Dated;
use domain::pricing::CommissionTerms;
use domain::time::paris;
use http_function::{Admin, Call, Desk, Html, Nothing, Operation, Problem, Reply};

use crate::frame::{Frame, Section, moment, shown};

/// The settings.
pub(crate) struct SettingsPage;

struct CommissionLine {
    from: String,
    day: String,
    rate: String,
    minimum: String,
    decided: String,
    state: &'static str,
    planned: bool,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsTemplate {
    frame: Frame,
    rate: String,
    minimum: String,
    lines: Vec<CommissionLine>,
    tomorrow: String,
    typed_rate: String,
    typed_minimum: String,
    typed_from: String,
}

impl Operation for SettingsPage {
    const NAME: &'static str = "show-settings";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/admin/reglages";
    const SUMMARY: &'static str = "What is configured, and since when.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = Nothing;
    type Output = Html;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Html>, Problem> {
        let (_, configuration) = operator::configuration(desk).await?;
        let holding = configuration.commission_at(call.now);
        let today = paris::local_date(call.now);
        let tomorrow = today.tomorrow().map_err(Problem::internal)?;
        let in_force = configuration
            .commission
            .iter()
            .filter(|dated| dated.from <= today)
            .map(|dated| dated.from)
            .max();
        let line = |dated: &Dated<CommissionTerms>| CommissionLine {
            from: paris::short_date(dated.from),
            day: dated.from.to_string(),
            rate: dated.value.rate.to_string(),
            minimum: dated.value.minimum.to_string(),
            decided: moment(&dated.decided_at),
            state: if dated.from > today {
                "À venir"
            } else if Some(dated.from) == in_force {
                "En vigueur"
            } else {
                "Passée"
            },
            planned: dated.from > today,
        };
        shown(&SettingsTemplate {
            frame: Frame::of(Section::Settings, &call.notice),
            rate: holding.rate.to_string(),
            minimum: holding.minimum.to_string(),
            lines: configuration.commission.iter().map(line).collect(),
            tomorrow: tomorrow.to_string(),
            typed_rate: call.notice.typed("rate").to_owned(),
            typed_minimum: call.notice.typed("minimum").to_owned(),
            typed_from: call.notice.typed("from").to_owned(),
        })
    }
}
