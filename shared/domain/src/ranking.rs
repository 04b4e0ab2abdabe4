//! The order of search results under "Conseillés": a published, versioned score that nobody pays for
//! (terms, article 3.1; C. conso., D111-7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::typography::duration;

/// The version of the score: it changes whenever the same record would score otherwise.
pub const RANKING_VERSION: u32 = 1;

/// The highest score.
pub const HIGHEST_SCORE: u32 = 1_000_000;

/// What a professional has done on the platform so far. Everything counts from zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrackRecord {
    /// Sum of the ratings received, each from 1 to 5.
    pub ratings_sum: u32,
    /// How many ratings were received.
    pub ratings_count: u32,
    /// Requests received.
    pub requests: u32,
    /// Requests accepted.
    pub accepted: u32,
    /// Requests answered, either way.
    pub answered: u32,
    /// Minutes that all answers took together.
    pub total_answer_minutes: u32,
    /// Missions validated, by the client or by the delay.
    pub validated_missions: u32,
    /// Clients who came back: two missions validated with the same professional, or more.
    pub repeat_clients: u32,
    /// Accepted missions that the professional let fall: `Booking::was_let_fall`.
    pub cancellations: u32,
    /// Missions in dispute, or whose dispute ended for the client: `Booking::is_disputed`.
    pub disputes: u32,
    /// How complete the public page is, 0 to 100.
    pub page_completeness_percent: u32,
}

/// The ratings of a professional as the public reads them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RatingSummary {
    /// How many there are; with none, the page says « Nouveau ».
    pub count: u32,
    /// Their mean in tenths, such as 46 for 4.6 out of 5; 0 when there are none.
    pub average_tenths: u32,
}

impl TrackRecord {
    /// The ratings as the public reads them.
    pub fn rating_summary(&self) -> RatingSummary {
        let (sum, count) = (u64::from(self.ratings_sum), u64::from(self.ratings_count));
        let tenths = (sum * 20 + count)
            .checked_div(count * 2)
            .unwrap_or(0)
            .min(50);
        RatingSummary {
            count: self.ratings_count,
            average_tenths: u32::try_from(tenths).unwrap_or(50),
        }
    }

    /// With what was counted elsewhere added; the page is as complete as this one says.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        Self {
            ratings_sum: self.ratings_sum.saturating_add(more.ratings_sum),
            ratings_count: self.ratings_count.saturating_add(more.ratings_count),
            requests: self.requests.saturating_add(more.requests),
            accepted: self.accepted.saturating_add(more.accepted),
            answered: self.answered.saturating_add(more.answered),
            total_answer_minutes: self
                .total_answer_minutes
                .saturating_add(more.total_answer_minutes),
            validated_missions: self
                .validated_missions
                .saturating_add(more.validated_missions),
            repeat_clients: self.repeat_clients.saturating_add(more.repeat_clients),
            cancellations: self.cancellations.saturating_add(more.cancellations),
            disputes: self.disputes.saturating_add(more.disputes),
            page_completeness_percent: self.page_completeness_percent,
        }
    }

    /// The mean time of an answer in minutes; `None` before the first.
    pub fn average_answer_minutes(&self) -> Option<u32> {
        self.total_answer_minutes.checked_div(self.answered)
    }
}

/// What the score is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// How clients rate.
    Rating,
    /// How many requests are accepted.
    Acceptance,
    /// How fast requests are answered.
    Promptness,
    /// How many missions were validated, and how many clients came back.
    Loyalty,
    /// Without cancellations and disputes.
    Reliability,
    /// How complete the public page is.
    Completeness,
}

/// What the score is made of, in order of importance, as published: the weights add up to 100.
pub const WEIGHTS: [(Criterion, u32); 6] = [
    (Criterion::Rating, 35),
    (Criterion::Acceptance, 20),
    (Criterion::Promptness, 15),
    (Criterion::Loyalty, 15),
    (Criterion::Reliability, 10),
    (Criterion::Completeness, 5),
];

/// The score of a record, 0 to 1 000 000. Each part starts from what is usual, so that newcomers stand
/// in the middle, and moves as experience weighs in.
pub fn score(record: &TrackRecord) -> u32 {
    let weighted: u64 = WEIGHTS
        .iter()
        .map(|(criterion, weight)| u64::from(*weight) * criterion.part(record))
        .sum();
    u32::try_from((weighted + 50) / 100)
        .unwrap_or(HIGHEST_SCORE)
        .min(HIGHEST_SCORE)
}

/// One part of a professional's score, as they read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScorePart {
    /// Which.
    pub criterion: Criterion,
    /// The most points it gives, of 1 000 000.
    pub most: u32,
    /// The points it gives now.
    pub points: u32,
    /// The points it would give after one more case that goes well, as `Criterion::next_step` says it.
    pub after_next_step: u32,
}

/// The parts of a record's score, in the order of importance. They add up to the score, to a few points.
pub fn parts(record: &TrackRecord) -> [ScorePart; 6] {
    WEIGHTS.map(|(criterion, weight)| {
        let points = |record: &TrackRecord| {
            let weighted = u64::from(weight) * criterion.part(record);
            u32::try_from((weighted + 50) / 100).unwrap_or(HIGHEST_SCORE)
        };
        ScorePart {
            criterion,
            most: weight * (HIGHEST_SCORE / 100),
            points: points(record),
            after_next_step: points(&criterion.after_next_step(record)),
        }
    })
}

impl Criterion {
    /// Its name, as published.
    pub fn label(self) -> &'static str {
        match self {
            Self::Rating => "Note moyenne des clients",
            Self::Acceptance => "Taux d’acceptation des demandes",
            Self::Promptness => "Délai de réponse",
            Self::Loyalty => "Nombre de missions et clients fidèles",
            Self::Reliability => "Absence d’annulations et de litiges",
            Self::Completeness => "Fiche complète",
        }
    }

    /// How far it is fulfilled, in millionths.
    fn part(self, record: &TrackRecord) -> u64 {
        match self {
            Self::Rating => rating(record),
            Self::Acceptance => acceptance(record),
            Self::Promptness => promptness(record),
            Self::Loyalty => loyalty(record),
            Self::Reliability => reliability(record),
            Self::Completeness => completeness(record),
        }
    }

    /// What is counted for it, in French.
    pub fn figures(self, record: &TrackRecord) -> String {
        let (missions, clients) = (record.validated_missions, record.repeat_clients);
        match self {
            Self::Rating => {
                let rating = record.rating_summary();
                let (whole, tenth) = (rating.average_tenths / 10, rating.average_tenths % 10);
                match rating.count {
                    0 => "Aucun avis publié".to_owned(),
                    count => format!(
                        "{whole},{tenth} sur 5 pour {}",
                        counted(count, "avis", "avis")
                    ),
                }
            }
            Self::Acceptance => match record.requests {
                0 => "Aucune demande reçue".to_owned(),
                requests => format!(
                    "{} sur {}",
                    counted(record.accepted, "demande acceptée", "demandes acceptées"),
                    counted(requests, "reçue", "reçues"),
                ),
            },
            Self::Promptness => match record.average_answer_minutes() {
                None => "Aucune réponse donnée".to_owned(),
                Some(minutes) => format!(
                    "{} en moyenne pour {}",
                    duration(i64::from(minutes)),
                    counted(record.answered, "réponse", "réponses"),
                ),
            },
            Self::Loyalty => format!(
                "{}, {}",
                counted(missions, "mission validée", "missions validées"),
                counted(clients, "client revenu", "clients revenus"),
            ),
            Self::Reliability => format!(
                "{}, {}",
                counted(record.cancellations, "annulation", "annulations"),
                counted(record.disputes, "litige", "litiges"),
            ),
            Self::Completeness => format!("{} %", record.page_completeness_percent),
        }
    }

    /// One more case that goes well, in French.
    pub fn next_step(self) -> &'static str {
        match self {
            Self::Rating => "Un avis de 5 sur 5 de plus",
            Self::Acceptance => "Une demande de plus, acceptée",
            Self::Promptness => "Une réponse de plus, en une heure",
            Self::Loyalty => "Une mission validée de plus, pour un client qui revient",
            Self::Reliability => "Une mission validée de plus, sans annulation ni litige",
            Self::Completeness => "Une page de présentation complète",
        }
    }

    /// The record after it.
    fn after_next_step(self, record: &TrackRecord) -> TrackRecord {
        let one = TrackRecord {
            page_completeness_percent: record.page_completeness_percent,
            ..TrackRecord::default()
        };
        let more = match self {
            Self::Rating => TrackRecord {
                ratings_sum: 5,
                ratings_count: 1,
                ..one
            },
            Self::Acceptance => TrackRecord {
                requests: 1,
                accepted: 1,
                ..one
            },
            Self::Promptness => TrackRecord {
                answered: 1,
                total_answer_minutes: 60,
                ..one
            },
            Self::Loyalty => TrackRecord {
                validated_missions: 1,
                repeat_clients: 1,
                ..one
            },
            Self::Reliability => TrackRecord {
                validated_missions: 1,
                ..one
            },
            Self::Completeness => {
                return TrackRecord {
                    page_completeness_percent: 100,
                    ..*record
                };
            }
        };
        record.plus(more)
    }
}

fn counted(number: u32, one: &str, more: &str) -> String {
    format!("{number} {}", if number < 2 { one } else { more })
}

const WHOLE: u64 = HIGHEST_SCORE as u64;

/// How many imagined cases of the usual kind a record starts with.
const PRIOR_CASES: u64 = 5;

/// `share` of `whole` in millionths, at most one.
fn millionths(share: u64, whole: u64) -> u64 {
    (share.min(whole) * WHOLE).checked_div(whole).unwrap_or(0)
}

/// Bayesian mean of the ratings, starting from five ratings of 4: 1 is worth nothing, 5 everything.
fn rating(record: &TrackRecord) -> u64 {
    const USUAL: u64 = 4;
    let count = u64::from(record.ratings_count) + PRIOR_CASES;
    let sum = u64::from(record.ratings_sum) + USUAL * PRIOR_CASES;
    millionths(sum.saturating_sub(count), count * 4)
}

/// Share of requests accepted, starting from four of five.
fn acceptance(record: &TrackRecord) -> u64 {
    const USUAL: u64 = 4;
    let accepted = u64::from(record.accepted.min(record.requests));
    millionths(accepted + USUAL, u64::from(record.requests) + PRIOR_CASES)
}

/// Mean time of an answer, starting from five of 12 h: 48 h, the longest allowed, is worth nothing.
fn promptness(record: &TrackRecord) -> u64 {
    const USUAL_MINUTES: u64 = 12 * 60;
    const LONGEST_MINUTES: u64 = 48 * 60;
    let answers = u64::from(record.answered) + PRIOR_CASES;
    let minutes = u64::from(record.total_answer_minutes) + USUAL_MINUTES * PRIOR_CASES;
    WHOLE - millionths(minutes, answers * LONGEST_MINUTES)
}

/// Two thirds for missions validated, half of it reached by newcomers and the rest with experience; one
/// third for the share of clients who came back.
fn loyalty(record: &TrackRecord) -> u64 {
    const HALFWAY: u64 = 20;
    let missions = u64::from(record.validated_missions);
    let volume = millionths(missions + HALFWAY, missions + 2 * HALFWAY);
    let repeat = millionths(u64::from(record.repeat_clients) + 2, missions + PRIOR_CASES);
    (2 * volume + repeat) / 3
}

/// Share of missions without cancellation or dispute, starting from 19 of 20; a dispute counts twice.
fn reliability(record: &TrackRecord) -> u64 {
    const USUAL: u64 = 19;
    let incidents = u64::from(record.cancellations) + 2 * u64::from(record.disputes);
    let smooth = u64::from(record.validated_missions) + USUAL;
    millionths(smooth, smooth + 1 + incidents)
}

/// How complete the public page is.
fn completeness(record: &TrackRecord) -> u64 {
    millionths(u64::from(record.page_completeness_percent), 100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn busy() -> TrackRecord {
        TrackRecord {
            ratings_sum: 90,
            ratings_count: 20,
            requests: 50,
            accepted: 40,
            answered: 48,
            total_answer_minutes: 48 * 120,
            validated_missions: 38,
            repeat_clients: 8,
            cancellations: 1,
            disputes: 0,
            page_completeness_percent: 90,
        }
    }

    #[test]
    fn the_score_of_a_version_is_pinned() {
        assert_eq!(RANKING_VERSION, 1);
        assert_eq!(score(&TrackRecord::default()), 700_000);
        assert_eq!(score(&busy()), 825_899);
    }

    #[test]
    fn the_weights_are_whole_and_in_order_of_importance() {
        assert_eq!(WEIGHTS.iter().map(|(_, weight)| weight).sum::<u32>(), 100);
        assert!(WEIGHTS.is_sorted_by(|(_, first), (_, second)| first >= second));
    }

    #[test]
    fn each_part_says_what_is_counted_and_what_would_raise_it() {
        let read: Vec<_> = parts(&busy())
            .iter()
            .map(|part| {
                let figures = part.criterion.figures(&busy());
                (figures, part.most, part.points, part.after_next_step)
            })
            .collect();
        // Rating: (90 + 20 − 25) / 100 of 350 000; with one more 5, (95 + 20 − 26) / 104.
        let expected: [(&str, u32, u32, u32); 6] = [
            ("4,5 sur 5 pour 20 avis", 350_000, 297_500, 299_519),
            (
                "40 demandes acceptées sur 50 reçues",
                200_000,
                160_000,
                160_714,
            ),
            (
                "2\u{a0}h en moyenne pour 48 réponses",
                150_000,
                140_802,
                140_915,
            ),
            (
                "38 missions validées, 8 clients revenus",
                150_000,
                85_987,
                87_183,
            ),
            ("1 annulation, 0 litige", 100_000, 96_610, 96_667),
            ("90 %", 50_000, 45_000, 50_000),
        ];
        assert_eq!(
            read,
            expected.map(|(text, most, now, then)| (text.to_owned(), most, now, then))
        );
        assert_eq!(
            Criterion::Rating.figures(&TrackRecord::default()),
            "Aucun avis publié"
        );
    }

    #[test]
    fn a_newcomer_stands_between_the_good_and_the_bad() {
        let newcomer = score(&TrackRecord {
            page_completeness_percent: 90,
            ..TrackRecord::default()
        });
        let bad = score(&TrackRecord {
            ratings_sum: 40,
            accepted: 20,
            disputes: 3,
            ..busy()
        });
        assert!(bad < newcomer && newcomer < score(&busy()));
    }

    #[test]
    fn ratings_are_shown_in_tenths() {
        let summary = |ratings_sum, ratings_count| {
            TrackRecord {
                ratings_sum,
                ratings_count,
                ..TrackRecord::default()
            }
            .rating_summary()
            .average_tenths
        };
        assert_eq!(
            [
                summary(0, 0),
                summary(5, 1),
                summary(14, 3),
                summary(37, 8),
                summary(1, 1)
            ],
            [0, 50, 47, 46, 10]
        );
        assert_eq!(summary(u32::MAX, 1), 50);
    }

    #[test]
    fn a_record_grows_without_breaking_what_was_stored() {
        assert_eq!(
            serde_json::from_str::<TrackRecord>(r#"{"requests":2}"#)
                .unwrap()
                .requests,
            2
        );
    }

    fn any_record() -> impl Strategy<Value = TrackRecord> {
        prop_oneof![
            prop::array::uniform11(0_u32..200),
            prop::array::uniform11(any::<u32>())
        ]
        .prop_map(|[a, b, c, d, e, f, g, h, i, j, k]| TrackRecord {
            ratings_sum: a,
            ratings_count: b,
            requests: c,
            accepted: d,
            answered: e,
            total_answer_minutes: f,
            validated_missions: g,
            repeat_clients: h,
            cancellations: i,
            disputes: j,
            page_completeness_percent: k,
        })
    }

    proptest! {
        #[test]
        fn every_record_has_a_score_in_range(record in any_record()) {
            prop_assert!(score(&record) <= HIGHEST_SCORE);
        }

        #[test]
        fn the_parts_add_up_and_none_is_worth_more_than_its_weight(record in any_record()) {
            let parts = parts(&record);
            let sum: u32 = parts.iter().map(|part| part.points).sum();
            prop_assert!(sum.abs_diff(score(&record)) <= 6);
            for part in parts {
                prop_assert!(part.points <= part.most && part.after_next_step <= part.most);
            }
        }

        #[test]
        fn doing_better_never_lowers_the_score(record in any_record(), more in 1_u32..100) {
            let before = score(&record);
            let worse = |change: fn(&mut TrackRecord, u32)| { let mut other = record; change(&mut other, more); score(&other) };
            prop_assert!(worse(|r, n| r.ratings_sum = r.ratings_sum.saturating_add(n)) >= before);
            prop_assert!(worse(|r, n| r.accepted = r.accepted.saturating_add(n)) >= before);
            prop_assert!(worse(|r, n| r.repeat_clients = r.repeat_clients.saturating_add(n)) >= before);
            prop_assert!(worse(|r, n| r.page_completeness_percent = r.page_completeness_percent.saturating_add(n)) >= before);
            prop_assert!(worse(|r, n| r.total_answer_minutes = r.total_answer_minutes.saturating_add(n)) <= before);
            prop_assert!(worse(|r, n| r.cancellations = r.cancellations.saturating_add(n)) <= before);
            prop_assert!(worse(|r, n| r.disputes = r.disputes.saturating_add(n)) <= before);
        }
    }
}
