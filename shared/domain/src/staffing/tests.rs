use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::ids::TypedId as _;
use crate::time::paris;

/// `at(18, 9)` is 09:00 on Wednesday 18 November 2026 in Paris; `at(18, 33)` is 09:00 the day after.
fn at(day: i8, hour: i64) -> Timestamp {
    paris::day_start(date(2026, 11, day)) + SignedDuration::from_hours(hour)
}

fn shift(day: i8, from: i64, to: i64) -> Interval {
    Interval::new(at(day, from), at(day, to)).unwrap()
}

fn wanted(day: i8, from: i64, to: i64) -> Demand {
    Demand::new(shift(day, from, to), Zone::Paris)
}

fn agent(rank: usize) -> AgentId {
    AgentId::from_ulid(&format!("01J0000000000000000000000{rank}"))
}

fn person(rank: usize, held: &[Interval]) -> Person {
    Person {
        agent: agent(rank),
        held: held.to_vec(),
        away: Vec::new(),
        skilled: true,
    }
}

#[test]
fn each_rule_has_its_edge() {
    let hours = SignedDuration::from_hours;
    let rest = |from, next| Broken::MinutesBetweenShifts { from, next };
    let day = |worked| Broken::MinutesWorkedPerDay {
        worked: hours(worked),
    };
    let late = shift(18, 20, 28);
    for (name, held, demand, expected) in [
        ("nothing held", vec![], wanted(18, 8, 20), vec![]),
        (
            "at once elsewhere",
            vec![shift(18, 8, 12)],
            wanted(18, 11, 15),
            vec![Broken::OverlappingShift {
                taken: shift(18, 8, 12),
            }],
        ),
        (
            "an hour between two places",
            vec![shift(18, 8, 12)],
            wanted(18, 13, 17),
            vec![],
        ),
        (
            "no hour between two places",
            vec![shift(18, 8, 12)],
            wanted(18, 12, 16),
            vec![Broken::TravelBetweenLocations {
                from: Some(at(18, 13)),
            }],
        ),
        (
            "no hour before the next place",
            vec![shift(18, 12, 16)],
            wanted(18, 8, 12),
            vec![Broken::TravelBetweenLocations { from: None }],
        ),
        (
            "12 h in 13",
            vec![shift(18, 8, 14)],
            wanted(18, 15, 21),
            vec![],
        ),
        (
            "13 h in 14",
            vec![shift(18, 8, 14)],
            wanted(18, 15, 22),
            vec![rest(Some(at(19, 1)), None), day(13)],
        ),
        (
            "12 h in 14",
            vec![shift(18, 8, 14)],
            wanted(18, 16, 22),
            vec![rest(Some(at(19, 1)), None)],
        ),
        ("11 h after a night", vec![late], wanted(19, 15, 20), vec![]),
        (
            "10 h after a night",
            vec![late],
            wanted(19, 14, 20),
            vec![rest(Some(at(19, 15)), None), day(14)],
        ),
        (
            "10 h before the next morning",
            vec![shift(19, 8, 16)],
            wanted(18, 18, 22),
            vec![rest(None, Some(at(19, 8)))],
        ),
        (
            "two days that a short one would join",
            vec![shift(18, 6, 11), shift(19, 6, 11)],
            wanted(18, 17, 20),
            vec![rest(Some(at(18, 22)), Some(at(19, 6))), day(13)],
        ),
        (
            "48 h from Monday to Sunday",
            vec![shift(16, 8, 20), shift(17, 8, 20), shift(18, 8, 20)],
            wanted(19, 8, 20),
            vec![],
        ),
        (
            "49 h from Monday to Sunday",
            vec![
                shift(16, 8, 20),
                shift(17, 8, 20),
                shift(18, 8, 20),
                shift(20, 8, 15),
            ],
            wanted(22, 14, 20),
            vec![Broken::MinutesWorkedPerWeek {
                worked: hours(49),
                weight: Weight::Hard,
            }],
        ),
        (
            "what a Sunday night does on Monday is next week's",
            vec![
                shift(16, 8, 20),
                shift(17, 8, 20),
                shift(18, 8, 20),
                shift(20, 8, 16),
            ],
            wanted(22, 20, 32),
            vec![],
        ),
        (
            "the seventh day in a row",
            (16..22).map(|day| shift(day, 9, 13)).collect(),
            wanted(22, 9, 13),
            vec![Broken::ConsecutiveDaysWorked { days: 7 }],
        ),
    ] {
        let found = broken(&held, &[], &demand, Worker::Employee);
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn absence_and_a_missing_card_forbid_and_a_long_week_of_the_self_employed_warns() {
    let demand = wanted(19, 8, 20);
    let away = [Interval::new(at(19, 0), at(20, 0)).unwrap()];
    assert!(!may_take(&[], &away, &demand, Worker::SelfEmployed));
    let long_week = [16, 17, 18, 21].map(|day| shift(day, 8, 20));
    assert!(!may_take(&long_week, &[], &demand, Worker::Employee));
    assert!(may_take(&long_week, &[], &demand, Worker::SelfEmployed));
    // The client's safety: 12 h and 11 h bind them all the same.
    let night = [shift(18, 20, 28)];
    assert!(!may_take(&night, &[], &demand, Worker::SelfEmployed));
    let unskilled = Person {
        skilled: false,
        ..person(1, &[])
    };
    let team = Team::among(&[unskilled], demand, Worker::SelfEmployed);
    assert_eq!(team.candidates()[0].broken, [Broken::RequiredSkill]);
    assert_eq!(team.proposal(1), None);
}

#[test]
fn the_rested_are_proposed_first_then_those_with_the_fewest_hours() {
    let people = [
        person(1, &[shift(18, 8, 10)]),
        person(2, &[shift(16, 8, 20)]),
        person(3, &[shift(16, 8, 12)]),
        person(4, &[shift(18, 14, 20)]),
        person(5, &[]),
    ];
    let team = Team::among(&people, wanted(18, 12, 18), Worker::Employee);
    let order: Vec<&AgentId> = team.who_may_go().collect();
    assert_eq!(
        order,
        [&agent(5), &agent(3), &agent(2), &agent(1)],
        "the first has worked that morning, the fourth is elsewhere"
    );
    assert_eq!(team.proposal(2), Some(vec![agent(5), agent(3)]));
    assert_eq!(team.proposal(5), None);
}

/// The fault that this module ends: with three guards and a mission each half day, the same two were
/// sent 36 hours in a row.
#[test]
fn three_half_days_in_a_row_are_not_done_by_the_same_two() {
    let mut people = [person(1, &[]), person(2, &[]), person(3, &[])];
    let mut sent = Vec::new();
    for half_day in 0..3 {
        let demand = wanted(18, half_day * 12, half_day * 12 + 12);
        let team = Team::among(&people, demand.clone(), Worker::Employee);
        let Some(chosen) = team.proposal(1) else {
            panic!("somebody is rested");
        };
        for one in people.iter_mut().filter(|one| chosen.contains(&one.agent)) {
            one.held.push(demand.shift());
        }
        sent.extend(chosen);
    }
    assert_eq!(sent, [agent(1), agent(2), agent(3)]);
    let fourth = Team::among(&people, wanted(19, 12, 24), Worker::Employee);
    assert_eq!(fourth.proposal(3), None, "the third still rests");
    assert_eq!(fourth.proposal(2), Some(vec![agent(1), agent(2)]));
}

#[test]
fn a_reason_says_when_it_ends() {
    let held = [shift(18, 20, 28)];
    let found = broken(&held, &[], &wanted(19, 10, 16), Worker::Employee);
    let sentences: Vec<String> = found.iter().map(|one| one.sentence(Zone::Paris)).collect();
    assert_eq!(
        sentences,
        [
            "11 h de repos : reprise possible jeudi 19 novembre 2026 à 15\u{a0}h",
            "12 h par jour au plus : il y en aurait 14\u{a0}h"
        ]
    );
}

/// Half hours from Monday 16 November 2026, 00:00.
fn slots(from: i64, length: i64) -> Interval {
    let moment = |slot: i64| at(16, 0) + SignedDuration::from_mins(slot * 30);
    Interval::new(moment(from), moment(from + length)).unwrap()
}

/// The rules said again, by counting half hours: what one agent does breaks none of them.
fn keeps_every_rule(shifts: &[(i64, i64)]) -> bool {
    let mut shifts = shifts.to_vec();
    shifts.sort_unstable();
    let apart = shifts
        .windows(2)
        .all(|pair| pair[1].0 - (pair[0].0 + pair[0].1) >= 2);
    let mut days: Vec<Vec<(i64, i64)>> = Vec::new();
    for (start, length) in &shifts {
        match days.last_mut() {
            Some(day)
                if day
                    .last()
                    .is_some_and(|last| start - (last.0 + last.1) < 22) =>
            {
                day.push((*start, *length));
            }
            Some(_) | None => days.push(vec![(*start, *length)]),
        }
    }
    let days_are_short = days.iter().all(|day| {
        let worked: i64 = day.iter().map(|(_, length)| length).sum();
        let (first, last) = (day[0], day[day.len() - 1]);
        worked <= 24 && last.0 + last.1 - first.0 <= 26
    });
    let worked_in = |week: i64| {
        let slots = shifts
            .iter()
            .flat_map(|(start, length)| *start..start + length);
        slots.filter(|slot| slot.div_euclid(336) == week).count()
    };
    apart && days_are_short && (0..3).all(|week| worked_in(week) <= 96)
}

fn subsets(people: usize, size: u32) -> impl Iterator<Item = Vec<usize>> {
    let sets = (0_u32..1 << people).filter(move |set| set.count_ones() == size);
    sets.map(move |set| (0..people).filter(|rank| set & (1 << rank) != 0).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Missions come one after another, as clients order them; those who were sent are not moved to make
    /// room for a later one, which is the bound of what is sold.
    #[test]
    fn whenever_an_assignment_exists_one_is_proposed_and_no_rule_is_ever_broken(
        people in 1_usize..5,
        missions in prop::collection::vec((0_i64..600, 4_i64..=24, 1_u16..3), 1..12),
    ) {
        let mut plans: Vec<Vec<(i64, i64)>> = vec![Vec::new(); people];
        for (start, length, wanted) in missions {
            let possible = subsets(people, u32::from(wanted)).any(|chosen| {
                chosen.iter().all(|rank| {
                    let mut plan = plans[*rank].clone();
                    plan.push((start, length));
                    keeps_every_rule(&plan)
                })
            });
            let team: Vec<Person> = plans
                .iter()
                .enumerate()
                .map(|(rank, plan)| {
                    let held: Vec<Interval> = plan.iter().map(|(start, length)| slots(*start, *length)).collect();
                    person(rank, &held)
                })
                .collect();
            let demand = Demand::new(slots(start, length), Zone::Paris);
            let proposal = Team::among(&team, demand, Worker::Employee).proposal(wanted);
            prop_assert_eq!(proposal.is_some(), possible, "{:?} {} {}", plans, start, length);
            for agent_sent in proposal.into_iter().flatten() {
                let rank = (0..people).find(|rank| agent(*rank) == agent_sent).unwrap();
                plans[rank].push((start, length));
            }
            prop_assert!(plans.iter().all(|plan| keeps_every_rule(plan)), "{:?}", plans);
        }
    }
}
