use jiff::civil::date;
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

use super::*;
use crate::staffing::{Demand, Worker, may_take};
use crate::time::paris;

fn time(text: &str) -> TimeOfDay {
    TimeOfDay::parse(text).unwrap()
}

fn rule(weekday: DayOfWeek, opens: &str, closes: &str) -> WeeklyRule {
    WeeklyRule {
        weekday,
        opens: time(opens),
        closes: time(closes),
    }
}

fn weekly(rules: &[WeeklyRule]) -> OpeningCalendar {
    OpeningCalendar {
        weekly: rules.to_vec(),
        exceptions: vec![],
    }
}

fn exception(from: Date, to: Date, kind: ExceptionKind) -> CalendarException {
    CalendarException {
        from,
        to,
        kind,
        note: None,
    }
}

/// `at(18, 9, 30)` is 09:30 on 18 November 2026, a Wednesday, in Paris.
fn at(day: i8, hour: i8, minute: i8) -> Timestamp {
    paris::local_to_utc(date(2026, 11, day).at(hour, minute, 0, 0))
}

fn span(start: Timestamp, end: Timestamp) -> Interval {
    Interval::new(start, end).unwrap()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|rank| format!("agt_{rank}")).collect()
}

fn taken(agent: &str, interval: Interval) -> Occupation {
    Occupation {
        agent: agent.to_owned(),
        interval,
        booking: "bkg".to_owned(),
        held_until: None,
    }
}

#[test]
fn times_of_day_are_hours_and_minutes() {
    assert_eq!(time("08:05").to_string(), "08:05");
    assert_eq!(time(" 23:59 ").to_string(), "23:59");
    for text in [
        "", "8:05", "24:00", "12:60", "12h30", "12:3", "+1:00", "-1:00", "12:30:00",
    ] {
        assert_eq!(
            TimeOfDay::parse(text),
            Err(CalendarRefused::TimeMalformed),
            "{text}"
        );
    }
}

#[test]
fn a_calendar_travels_as_people_would_write_it() {
    let json = r#"{"weekly":[{"weekday":"monday","opens":"08:00","closes":"18:00"}],"exceptions":[{"from":"2026-12-24","to":"2026-12-26","kind":{"type":"closed"},"note":"Noël"},{"from":"2026-12-31","to":"2026-12-31","kind":{"type":"open","opens":"20:00","closes":"04:00"}}]}"#;
    let calendar: OpeningCalendar = serde_json::from_str(json).unwrap();
    assert_eq!(calendar.validate(), Ok(()));
    assert_eq!(serde_json::to_string(&calendar).unwrap(), json);
    assert_eq!(
        serde_json::from_str::<OpeningCalendar>("{}").unwrap(),
        OpeningCalendar::default()
    );
}

#[test]
fn a_calendar_has_limits() {
    let day = date(2026, 11, 18);
    let closed = exception(day, day, ExceptionKind::Closed);
    let with = |exceptions: Vec<CalendarException>| {
        OpeningCalendar {
            weekly: vec![],
            exceptions,
        }
        .validate()
    };
    assert_eq!(
        weekly(&vec![rule(DayOfWeek::Monday, "08:00", "18:00"); 51]).validate(),
        Err(CalendarRefused::TooManyRules)
    );
    assert_eq!(
        with(vec![closed.clone(); 201]),
        Err(CalendarRefused::TooManyExceptions)
    );
    assert_eq!(with(vec![closed.clone(); 200]), Ok(()));
    let reversed = exception(day, day.yesterday().unwrap(), ExceptionKind::Closed);
    assert_eq!(
        with(vec![reversed]),
        Err(CalendarRefused::EndsBeforeItBegins)
    );
    let noted = |length| CalendarException {
        note: Some("é".repeat(length)),
        ..closed.clone()
    };
    assert_eq!(with(vec![noted(201)]), Err(CalendarRefused::NoteTooLong));
    assert_eq!(with(vec![noted(200)]), Ok(()));
}

#[test]
fn a_week_opens_in_order_without_overlap() {
    let calendar = weekly(&[
        rule(DayOfWeek::Thursday, "08:00", "12:00"),
        rule(DayOfWeek::Wednesday, "14:00", "18:00"),
        rule(DayOfWeek::Wednesday, "08:00", "12:00"),
        rule(DayOfWeek::Wednesday, "12:00", "14:00"),
        rule(DayOfWeek::Wednesday, "17:00", "19:00"),
    ]);
    let open = calendar.open_intervals(span(at(18, 0, 0), at(20, 0, 0)), Zone::Paris);
    assert_eq!(
        open,
        [
            span(at(18, 8, 0), at(18, 19, 0)),
            span(at(19, 8, 0), at(19, 12, 0))
        ]
    );
}

#[test]
fn a_night_ends_the_next_day_and_may_begin_before_the_window() {
    let calendar = weekly(&[rule(DayOfWeek::Tuesday, "20:00", "04:00")]);
    let open = calendar.open_intervals(span(at(18, 1, 0), at(18, 23, 0)), Zone::Paris);
    assert_eq!(open, [span(at(18, 1, 0), at(18, 4, 0))]);
    let round_the_clock = weekly(&[rule(DayOfWeek::Wednesday, "08:00", "08:00")]);
    assert_eq!(
        round_the_clock.open_intervals(span(at(17, 0, 0), at(21, 0, 0)), Zone::Paris),
        [span(at(18, 8, 0), at(19, 8, 0))]
    );
    let week = span(at(16, 0, 0), at(23, 0, 0));
    assert_eq!(
        OpeningCalendar::always().open_intervals(week, Zone::Paris),
        [week]
    );
}

fn opened(from: i8, to: i8, opens: &str, closes: &str) -> CalendarException {
    let kind = ExceptionKind::Open {
        opens: time(opens),
        closes: time(closes),
    };
    exception(date(2026, 11, from), date(2026, 11, to), kind)
}

fn closed(from: i8, to: i8) -> CalendarException {
    let (from, to) = (date(2026, 11, from), date(2026, 11, to));
    exception(from, to, ExceptionKind::Closed)
}

#[test]
fn closed_days_are_closed_but_where_something_as_precise_opens_them_again() {
    let window = span(at(17, 12, 0), at(21, 0, 0));
    let before = span(at(17, 12, 0), at(18, 0, 0));
    let after = span(at(20, 0, 0), at(21, 0, 0));
    let night = span(at(18, 20, 0), at(19, 4, 0));
    for (name, exceptions, expected) in [
        ("two days", vec![closed(18, 19)], vec![before, after]),
        (
            "of two days, a morning",
            vec![closed(18, 19), opened(19, 19, "10:00", "12:00")],
            vec![before, span(at(19, 10, 0), at(19, 12, 0)), after],
        ),
        (
            "of one day, a morning",
            vec![
                opened(18, 18, "10:00", "12:00"),
                closed(18, 18),
                closed(19, 19),
            ],
            vec![before, span(at(18, 10, 0), at(18, 12, 0)), after],
        ),
        (
            "one day of a longer season",
            vec![opened(10, 30, "10:00", "12:00"), closed(18, 19)],
            vec![before, after],
        ),
        (
            "a night within two closed days",
            vec![closed(17, 20), opened(18, 19, "20:00", "04:00")],
            vec![night, span(at(19, 20, 0), at(20, 0, 0))],
        ),
        (
            "a night that ends on a closed day of which nothing opens",
            vec![closed(18, 19), opened(18, 18, "20:00", "04:00")],
            vec![before, span(at(18, 20, 0), at(19, 0, 0)), after],
        ),
    ] {
        let mut calendar = OpeningCalendar::always();
        calendar.exceptions = exceptions;
        assert_eq!(
            calendar.open_intervals(window, Zone::Paris),
            expected,
            "{name}"
        );
    }
}

#[test]
fn one_minute_to_midnight_is_the_end_of_the_day() {
    let whole_days = DayOfWeek::ALL.map(|day| rule(day, "00:00", "23:59"));
    let over_midnight = span(at(18, 20, 0), at(19, 4, 0));
    assert!(weekly(&whole_days).covers(over_midnight, Zone::Paris));
    let evenings = weekly(&[rule(DayOfWeek::Wednesday, "18:00", "23:59")]);
    let window = span(at(17, 0, 0), at(21, 0, 0));
    assert_eq!(
        evenings.open_intervals(window, Zone::Paris),
        [span(at(18, 18, 0), at(19, 0, 0))]
    );
}

#[test]
fn hours_are_those_of_the_place() {
    let calendar = weekly(&[rule(DayOfWeek::Wednesday, "08:00", "18:00")]);
    let window = span(at(17, 0, 0), at(21, 0, 0));
    for (zone, opens) in [
        (Zone::Paris, "2026-11-18T07:00:00Z"),
        (Zone::Reunion, "2026-11-18T04:00:00Z"),
        (Zone::Martinique, "2026-11-18T12:00:00Z"),
    ] {
        let opens: Timestamp = opens.parse().unwrap();
        let wanted = span(opens, opens + SignedDuration::from_hours(10));
        assert_eq!(calendar.open_intervals(window, zone), [wanted], "{zone:?}");
    }
}

#[test]
fn opening_exceptions_add_hours_on_each_day() {
    let calendar = OpeningCalendar {
        weekly: vec![rule(DayOfWeek::Wednesday, "08:00", "10:00")],
        exceptions: vec![exception(
            date(2026, 11, 18),
            date(2026, 11, 19),
            ExceptionKind::Open {
                opens: time("22:00"),
                closes: time("02:00"),
            },
        )],
    };
    assert_eq!(
        calendar.open_intervals(span(at(18, 0, 0), at(21, 0, 0)), Zone::Paris),
        [
            span(at(18, 8, 0), at(18, 10, 0)),
            span(at(18, 22, 0), at(19, 2, 0)),
            span(at(19, 22, 0), at(20, 2, 0))
        ]
    );
}

#[test]
fn nights_in_which_clocks_change_have_nine_and_seven_hours() {
    let calendar = weekly(&[rule(DayOfWeek::Saturday, "22:00", "06:00")]);
    for (saturday, hours) in [
        (date(2026, 10, 24), 9),
        (date(2026, 11, 14), 8),
        (date(2027, 3, 27), 7),
    ] {
        let window = span(
            paris::day_start(saturday),
            paris::day_start(saturday.saturating_add(2.days())),
        );
        let open = calendar.open_intervals(window, Zone::Paris);
        assert_eq!(
            open.iter().map(Interval::minutes).collect::<Vec<_>>(),
            [hours * 60],
            "{saturday}"
        );
    }
}

#[test]
fn hours_that_clocks_skip_are_not_open() {
    let calendar = weekly(&[rule(DayOfWeek::Sunday, "02:15", "03:00")]);
    let sunday = date(2027, 3, 28);
    let window = span(
        paris::day_start(sunday),
        paris::day_start(sunday.tomorrow().unwrap()),
    );
    assert_eq!(calendar.open_intervals(window, Zone::Paris), []);
}

#[test]
fn a_mission_is_covered_from_start_to_end_or_not_at_all() {
    let calendar = weekly(&[
        rule(DayOfWeek::Wednesday, "08:00", "12:00"),
        rule(DayOfWeek::Wednesday, "14:00", "18:00"),
    ]);
    for (start, end, covered) in [
        ((8, 0), (12, 0), true),
        ((9, 0), (10, 0), true),
        ((7, 59), (9, 0), false),
        ((11, 0), (15, 0), false),
        ((12, 0), (14, 0), false),
    ] {
        let wanted = span(at(18, start.0, start.1), at(18, end.0, end.1));
        assert_eq!(
            calendar.covers(wanted, Zone::Paris),
            covered,
            "{start:?} {end:?}"
        );
    }
}

fn available(
    calendar: &OpeningCalendar,
    agents: &[String],
    occupations: &[Occupation],
    from: Timestamp,
    horizon_days: i64,
) -> Availability {
    let agents = AgentTime::of(agents, occupations, from);
    let worker = Worker::Employee;
    Availability::compute(calendar, Zone::Paris, &agents, worker, from, horizon_days)
}

fn free(availability: &Availability, wanted: Interval) -> u16 {
    availability.free_agents_during(wanted, Zone::Paris)
}

#[test]
fn an_agent_is_busy_until_the_booking_or_its_hold_is_over() {
    let agents = names(3);
    let morning = span(at(18, 8, 0), at(18, 12, 0));
    let held = Occupation {
        held_until: Some(at(17, 12, 0)),
        ..taken("agt_1", morning)
    };
    let occupations = [taken("agt_0", morning), held];
    let shifts = |now| {
        let agents = AgentTime::of(&agents, &occupations, now);
        agents
            .iter()
            .map(|one| one.shifts.len())
            .collect::<Vec<_>>()
    };
    assert_eq!(shifts(at(17, 11, 59)), [1, 1, 0]);
    assert_eq!(shifts(at(17, 12, 0)), [1, 0, 0]);
}

#[test]
fn the_first_possible_start_waits_for_openings_and_for_agents() {
    let calendar = weekly(&[
        rule(DayOfWeek::Wednesday, "08:00", "20:00"),
        rule(DayOfWeek::Friday, "08:00", "18:00"),
    ]);
    let occupations = [
        taken("agt_0", span(at(18, 8, 0), at(18, 11, 0))),
        taken("agt_1", span(at(18, 10, 0), at(18, 13, 30))),
    ];
    let now = at(17, 9, 0);
    let availability = available(&calendar, &names(2), &occupations, now, 75);
    let first = |minutes, from| availability.first_start(from, minutes, Zone::Paris);
    assert_eq!(first(60, now), Some(at(18, 8, 0)), "agent 1 until 09:00");
    assert_eq!(
        first(180, now),
        Some(at(18, 12, 0)),
        "agent 0, an hour after 11:00"
    );
    assert_eq!(
        first(600, now),
        Some(at(20, 8, 0)),
        "twelve hours of work are no more possible on Wednesday"
    );
    assert_eq!(
        first(60, at(18, 8, 10)),
        Some(at(18, 12, 0)),
        "agent 1 has not enough time before 10:00"
    );
    let between_minutes = at(18, 15, 0) + SignedDuration::from_secs(1);
    assert_eq!(first(60, between_minutes), Some(at(18, 15, 1)));
    assert_eq!(first(721, now), None, "no day is that long");
    assert_eq!(first(0, now), None);
    assert_eq!(first(i64::MAX, now), None);
}

#[test]
fn no_start_is_beyond_the_horizon() {
    let now = at(17, 9, 0);
    let first = |from, horizon| {
        let calendar = OpeningCalendar::always();
        let availability = available(&calendar, &names(1), &[], now, horizon);
        availability.first_start(from, 60, Zone::Paris)
    };
    assert_eq!(first(at(18, 8, 0), 1), Some(at(18, 8, 0)));
    assert_eq!(
        first(at(18, 8, 1), 1),
        None,
        "it would end after the horizon"
    );
    assert_eq!(first(now, 0), None);
    assert_eq!(first(at(16, 0, 0), 1), Some(now), "never in the past");
}

#[test]
fn a_typical_availability_is_small() {
    let each_day = DayOfWeek::ALL.map(|weekday| rule(weekday, "08:30", "19:00"));
    let from = at(17, 9, 17);
    let occupations: Vec<Occupation> = (0..20)
        .map(|rank: i64| {
            let start = at(18, 9, 0) + SignedDuration::from_hours(24 * 3 * rank);
            taken(
                &format!("agt_{}", rank % 3),
                span(start, start + SignedDuration::from_hours(4)),
            )
        })
        .collect();
    let size = |rules: &[WeeklyRule], occupations: &[Occupation]| {
        let availability = available(&weekly(rules), &names(3), occupations, from, 75);
        availability.encode().len()
    };
    let usual = size(&each_day, &[]);
    assert!(usual < 20, "{usual} bytes");
    let booked = size(&each_day, &occupations);
    assert!(booked < 120, "{booked} bytes");
    assert!(size(&[], &occupations) < 12);
}

#[test]
fn nobody_is_free_outside_the_horizon() {
    let from = at(17, 9, 17);
    let availability = available(&OpeningCalendar::always(), &names(2), &[], from, 10);
    for (start, end, count) in [
        (at(18, 0, 0), at(18, 12, 0), 2),
        (at(26, 21, 0), at(27, 9, 0), 2),
        (at(27, 0, 0), at(27, 9, 1), 0),
        (at(17, 8, 59), at(17, 12, 0), 0),
    ] {
        assert_eq!(free(&availability, span(start, end)), count, "{start}");
    }
}

#[test]
fn whoever_has_no_rest_or_a_full_week_is_not_free() {
    let from = at(17, 9, 0);
    let night = span(at(17, 20, 0), at(18, 4, 0));
    let days = (16..20).map(|day| taken("agt_1", span(at(day, 8, 0), at(day, 20, 0))));
    let occupations: Vec<Occupation> = days.chain([taken("agt_0", night)]).collect();
    let availability = available(
        &OpeningCalendar::always(),
        &names(2),
        &occupations,
        from,
        10,
    );
    for (what, wanted, count) in [
        ("rests until 15:00", span(at(18, 14, 0), at(18, 22, 0)), 0),
        ("rested", span(at(18, 15, 0), at(18, 22, 0)), 1),
        ("a full week", span(at(21, 8, 0), at(21, 12, 0)), 1),
        ("a new week", span(at(23, 8, 0), at(23, 12, 0)), 2),
    ] {
        assert_eq!(free(&availability, wanted), count, "{what}");
    }
}

/// Written by the release before: from Wednesday 18 November 2026, 00:00, two agents for 8 hours a day,
/// three days in a row, of whom the second is taken on the second day.
#[test]
fn what_the_release_before_wrote_is_read() {
    let base = at(18, 0, 0).as_second() / 60;
    let mut bytes = vec![2];
    let mut number = (base * 2) as u64;
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    // Unit 60, both agents, two kinds of openings; who is missing: from hour 32 on, for 8 hours, agent 1.
    bytes.extend([60, 3, 2, 8, 8, 1, 16, 8, 2, 32, 8, 2]);
    let availability = Availability::decode(&bytes).unwrap();
    for (day, count) in [(18, 2), (19, 1), (20, 2), (21, 0)] {
        let wanted = span(at(day, 9, 0), at(day, 13, 0));
        assert_eq!(free(&availability, wanted), count, "{day}");
    }
}

#[test]
fn bytes_that_are_no_availability_are_refused() {
    for bytes in [&[][..], &[0], &[1, 0, 1], &[4, 0, 1]] {
        assert_eq!(
            Availability::decode(bytes),
            Err(AvailabilityRefused::OtherVersion)
        );
    }
    let no_length: &[u8] = &[2, 0, 1, 1, 1, 0, 0, 1];
    let nobody: &[u8] = &[2, 0, 1, 0, 1, 0, 1, 1];
    let nobody_left: &[u8] = &[2, 0, 1, 1, 1, 0, 5, 1, 0, 5, 1];
    let missing_while_closed: &[u8] = &[2, 0, 1, 3, 1, 0, 5, 1, 4, 2, 1];
    let too_often: &[u8] = &[2, 0, 1, 1, 1, 0, 1, 0xff, 0xff, 0xff, 0xff, 0x0f];
    let endless: &[u8] = &[
        2, 0, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0,
    ];
    let refused = [
        no_length,
        nobody,
        nobody_left,
        missing_while_closed,
        too_often,
        endless,
    ];
    let stranger: &[u8] = &[3, 0, 1, 0, 1, 0, 1, 0, 0];
    let neither: &[u8] = &[3, 0, 1, 2, 0, 0];
    for bytes in [
        &[2][..],
        &[2, 0],
        &[2, 0, 1, 5],
        &[3, 0, 1],
        stranger,
        neither,
    ]
    .into_iter()
    .chain(refused)
    {
        assert_eq!(
            Availability::decode(bytes),
            Err(AvailabilityRefused::Unreadable),
            "{bytes:?}"
        );
    }
}

fn any_time() -> impl Strategy<Value = TimeOfDay> {
    (0_i8..24, prop::sample::select(vec![0_i8, 30, 45, 7]))
        .prop_map(|(hour, minute)| time(&format!("{hour:02}:{minute:02}")))
}

fn any_calendar() -> impl Strategy<Value = OpeningCalendar> {
    let rule = (
        prop::sample::select(DayOfWeek::ALL.to_vec()),
        any_time(),
        any_time(),
    )
        .prop_map(|(weekday, opens, closes)| WeeklyRule {
            weekday,
            opens,
            closes,
        });
    let kind = prop_oneof![
        Just(ExceptionKind::Closed),
        (any_time(), any_time()).prop_map(|(opens, closes)| ExceptionKind::Open { opens, closes }),
    ];
    let exception = (0_i64..60, 0_i64..4, kind).prop_map(|(day, length, kind)| {
        let from = date(2026, 10, 1).saturating_add(day.days());
        exception(from, from.saturating_add(length.days()), kind)
    });
    (
        prop::collection::vec(rule, 0..8),
        prop::collection::vec(exception, 0..4),
    )
        .prop_map(|(weekly, exceptions)| OpeningCalendar { weekly, exceptions })
}

/// Minutes after 1 October 2026, over the change of clocks.
fn minute(offset: i64) -> Timestamp {
    paris::day_start(date(2026, 10, 1)) + SignedDuration::from_mins(offset)
}

fn any_span(longest: i64) -> impl Strategy<Value = Interval> {
    (0_i64..60 * 1440, 1..longest)
        .prop_map(|(start, length)| span(minute(start), minute(start + length)))
}

/// Shifts of quarters of an hour, and some that the rules forbid and that were held before them.
fn any_occupations() -> impl Strategy<Value = Vec<Occupation>> {
    let shift = (0_i64..4_000, 1_i64..60);
    let occupation = (0_usize..4, shift, prop::option::of(0_i64..1_000)).prop_map(
        |(agent, (start, length), held)| Occupation {
            held_until: held.map(minute),
            ..taken(
                &format!("agt_{agent}"),
                span(minute(start * 15), minute((start + length) * 15)),
            )
        },
    );
    prop::collection::vec(occupation, 0..12)
}

/// How many of these agents the calendar and the rules let go, from the agenda itself.
fn may_go(
    calendar: &OpeningCalendar,
    agents: usize,
    occupations: &[Occupation],
    wanted: Interval,
    now: Timestamp,
) -> usize {
    if !calendar.covers(wanted, Zone::Paris) {
        return 0;
    }
    let demand = Demand::new(wanted, Zone::Paris);
    let held = |name: &String| {
        let own = occupations
            .iter()
            .filter(|one| one.agent == *name && one.counts(now));
        merged(own.map(|one| one.interval).collect())
    };
    let names = names(agents);
    let may = |name: &&String| may_take(&held(name), &[], &demand, Worker::Employee);
    names.iter().filter(may).count()
}

proptest! {
    #[test]
    fn open_hours_are_in_order_apart_and_within_the_window(calendar in any_calendar(), window in any_span(20 * 1440)) {
        let open = calendar.open_intervals(window, Zone::Paris);
        prop_assert!(open.iter().all(|hours| window.contains(hours)));
        prop_assert!(open.iter().zip(open.iter().skip(1)).all(|(first, second)| first.end() < second.start()));
    }

    #[test]
    fn a_part_of_the_window_opens_as_the_whole_says(calendar in any_calendar(), window in any_span(20 * 1440), part in any_span(2 * 1440)) {
        if let Some(part) = part.intersection(&window) {
            let cut: Vec<_> = calendar.open_intervals(window, Zone::Paris).iter().filter_map(|hours| hours.intersection(&part)).collect();
            prop_assert_eq!(calendar.open_intervals(part, Zone::Paris), cut);
        }
    }

    #[test]
    fn an_availability_survives_its_encoding(calendar in any_calendar(), occupations in any_occupations(), agents in 0_usize..5) {
        let availability = available(&calendar, &names(agents), &occupations, minute(500), 60);
        prop_assert_eq!(Availability::decode(&availability.encode()), Ok(availability));
    }

    #[test]
    fn an_availability_agrees_with_calendar_agenda_and_rules(
        calendar in any_calendar(), occupations in any_occupations(), agents in 0_usize..5,
        wanted in prop::collection::vec(any_span(700), 20),
    ) {
        let now = minute(500);
        let availability = available(&calendar, &names(agents), &occupations, now, 62);
        let availability = Availability::decode(&availability.encode()).unwrap();
        for wanted in wanted.into_iter().filter(|wanted| wanted.start() > now) {
            let expected = may_go(&calendar, agents, &occupations, wanted, now);
            prop_assert_eq!(usize::from(free(&availability, wanted)), expected);
        }
    }

    #[test]
    fn the_first_possible_start_is_possible_and_none_before_it_is(
        calendar in any_calendar(), occupations in any_occupations(),
        quarters in 1_i64..48, not_before in 0_i64..20_000,
    ) {
        let (now, not_before) = (minute(0), minute(not_before));
        let possible = |start: Timestamp| {
            let mission = span(start, start + SignedDuration::from_mins(quarters * 15));
            may_go(&calendar, 3, &occupations, mission, now) > 0
        };
        let availability = available(&calendar, &names(3), &occupations, now, 62);
        let first = availability.first_start(not_before, quarters * 15, Zone::Paris);
        let last_tried = first.unwrap_or(not_before + SignedDuration::from_hours(48));
        if let Some(start) = first {
            prop_assert!(start >= not_before && possible(start));
        }
        let tried = (0..200).map(|step| not_before + SignedDuration::from_mins(step * 13)).filter(|start| *start < last_tried);
        for start in tried {
            prop_assert!(!possible(start), "{start} was possible");
        }
    }

    #[test]
    fn no_bytes_break_it(mut bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = Availability::decode(&bytes);
        bytes.insert(0, 2);
        for version in [2, 3] {
            bytes[0] = version;
            if let Ok(availability) = Availability::decode(&bytes) {
                let _ = free(&availability, span(minute(0), minute(60)));
                let _ = availability.first_start(minute(0), 60, Zone::Paris);
            }
        }
    }
}
