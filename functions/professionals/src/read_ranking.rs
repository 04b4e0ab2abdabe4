//! A professional looks at their own figures in the order « Conseillés », and at what would raise them.

use adapters::experience::with_experience;
use domain::ranking::{
    Criterion, HIGHEST_SCORE, RANKING_VERSION, ScorePart, TrackRecord, parts, score,
};
use domain::typography::unbroken;
use http_function::{Call, Desk, Nothing, Operation, Problem, Professional, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::own::own;

/// Read one's own figures in the ranking.
pub struct ReadRanking;

/// One criterion.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CriterionView {
    /// Which.
    pub criterion: Criterion,
    /// Its name, in French.
    pub label: &'static str,
    /// What was counted for it, in French.
    pub figures: String,
    /// The most points that it gives, of 1 000 000.
    pub most: u32,
    /// The points that it gives now.
    pub points: u32,
    /// One more case that goes well, in French.
    pub next_step: &'static str,
    /// The points that it would give after that.
    pub points_after: u32,
}

/// A professional's own figures.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OwnRanking {
    /// The version of the formula.
    pub version: u32,
    /// The score, 0 to 1 000 000.
    pub score: u32,
    /// The highest score.
    pub highest: u32,
    /// The score of somebody of whom nothing is counted yet, with as complete a page.
    pub newcomer: u32,
    /// What it is made of, by importance.
    pub criteria: Vec<CriterionView>,
}

fn view(record: &TrackRecord) -> OwnRanking {
    let criterion = |part: ScorePart| CriterionView {
        criterion: part.criterion,
        label: part.criterion.label(),
        figures: unbroken(&part.criterion.figures(record)),
        most: part.most,
        points: part.points,
        next_step: part.criterion.next_step(),
        points_after: part.after_next_step,
    };
    OwnRanking {
        version: RANKING_VERSION,
        score: score(record),
        highest: HIGHEST_SCORE,
        newcomer: score(&TrackRecord {
            page_completeness_percent: record.page_completeness_percent,
            ..TrackRecord::default()
        }),
        criteria: parts(record).into_iter().map(criterion).collect(),
    }
}

impl Operation for ReadRanking {
    const NAME: &'static str = "read-ranking";
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/api/professional/ranking";
    const SUMMARY: &'static str =
        "The caller's own figures in the order « Conseillés », and what would raise them.";
    type Outside = ();
    type Who = Professional;
    type Path = Nothing;
    type Input = Nothing;
    type Output = OwnRanking;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<OwnRanking>, Problem> {
        let professional = own(desk, &call.who.professional).await?.record;
        let professional = with_experience(&desk.store, professional).await?;
        Ok(Reply::ok(view(&professional.record)))
    }
}
