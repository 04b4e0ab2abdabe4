//! Four hundred missions all over France, priced by the marketplace and by a calculator that shares
//! nothing with it: minute by minute, with calendars and clocks of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::money::{BasisPoints, Euros};
use domain::places::Department;
use domain::pricing::{CommissionTerms, HourlyRates, Mission, PricingTerms, VatStatus, price};
use domain::time::interval::Interval;
use jiff::Timestamp;

/// Minutes and days since 1970, as whole numbers.
mod calendar {
    const MINUTES_OF_A_DAY: i64 = 1_440;

    /// Year, month and day of a number of days after 1 January 1970, by counting years and months off.
    pub(super) fn date_of(days: i64) -> (i64, i64, i64) {
        let (mut year, mut left) = (1970, days);
        loop {
            let length = if is_leap(year) { 366 } else { 365 };
            if left < length {
                break;
            }
            left -= length;
            year += 1;
        }
        let mut month = 1;
        while left >= month_length(year, month) {
            left -= month_length(year, month);
            month += 1;
        }
        (year, month, left + 1)
    }

    pub(super) fn days_until(year: i64, month: i64, day: i64) -> i64 {
        let years: i64 = (1970..year)
            .map(|year| if is_leap(year) { 366 } else { 365 })
            .sum();
        let months: i64 = (1..month).map(|month| month_length(year, month)).sum();
        years + months + day - 1
    }

    fn is_leap(year: i64) -> bool {
        (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    }

    fn month_length(year: i64, month: i64) -> i64 {
        match month {
            2 if is_leap(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// 1 January 1970 was a Thursday.
    pub(super) fn is_sunday(days: i64) -> bool {
        (days + 4) % 7 == 0
    }

    fn last_sunday(year: i64, month: i64) -> i64 {
        let last = days_until(year, month, month_length(year, month));
        (0..7)
            .map(|back| last - back)
            .find(|day| is_sunday(*day))
            .unwrap()
    }

    /// Hours ahead of UTC at a minute: summer time lasts in Paris from the last Sunday of March to the
    /// last of October, both at 01:00 UTC (directive 2000/84/CE).
    pub(super) fn offset(place: &str, minute: i64) -> i64 {
        match place {
            "971" | "972" => -4,
            "973" => -3,
            "974" => 4,
            "976" => 3,
            _ => {
                let (year, _, _) = date_of(minute / MINUTES_OF_A_DAY);
                let begins = last_sunday(year, 3) * MINUTES_OF_A_DAY + 60;
                let ends = last_sunday(year, 10) * MINUTES_OF_A_DAY + 60;
                if (begins..ends).contains(&minute) {
                    2
                } else {
                    1
                }
            }
        }
    }

    /// Easter Sunday by the rule of Oudin (1940).
    fn easter(year: i64) -> i64 {
        let g = year % 19;
        let c = year / 100;
        let h = (c - c / 4 - (8 * c + 13) / 25 + 19 * g + 15) % 30;
        let i = h - (h / 28) * (1 - (29 / (h + 1)) * ((21 - g) / 11));
        let j = (year + year / 4 + i + 2 - c + c / 4) % 7;
        let l = i - j;
        let month = 3 + (l + 40) / 44;
        let day = l + 28 - 31 * (month / 4);
        days_until(year, month, day)
    }

    pub(super) fn is_holiday(place: &str, days: i64) -> bool {
        let (year, month, day) = date_of(days);
        let fixed = [
            (1, 1),
            (5, 1),
            (5, 8),
            (7, 14),
            (8, 15),
            (11, 1),
            (11, 11),
            (12, 25),
        ];
        let after_easter = days - easter(year);
        let local = match place {
            "57" | "67" | "68" => (month, day) == (12, 26) || after_easter == -2,
            "976" => (month, day) == (4, 27),
            "972" => (month, day) == (5, 22),
            "971" => (month, day) == (5, 27),
            "973" => (month, day) == (6, 10),
            "974" => (month, day) == (12, 20),
            _ => false,
        };
        local || fixed.contains(&(month, day)) || [1, 39, 50].contains(&after_easter)
    }
}

/// Rates of day, night, Sunday and holiday, in cents.
type Rates = [i64; 4];

/// What the client pays, in cents: minutes of one rate together, each sum to the nearest cent, half a
/// cent upwards; VAT; 12 % of commission, 5 € at least.
fn total(place: &str, start: i64, minutes: i64, agents: i64, rates: Rates, travel: i64) -> i64 {
    let [day, night, sunday, holiday] = rates;
    let mut counted = [0_i64; 6];
    for minute in start..start + minutes {
        let local = minute + 60 * calendar::offset(place, minute);
        let (days, hour) = (local.div_euclid(1_440), local.rem_euclid(1_440) / 60);
        let kind = if calendar::is_holiday(place, days) {
            4
        } else if calendar::is_sunday(days) {
            2
        } else {
            0
        };
        let at_night = usize::from(!(6..21).contains(&hour));
        counted[kind + at_night] += 1;
    }
    let hourly = [
        day,
        night,
        sunday,
        sunday + night - day,
        holiday,
        holiday.max(night),
    ];
    let nearest = |amount: i64, per: i64| (2 * amount + per) / (2 * per);
    let work: i64 = counted
        .iter()
        .zip(hourly)
        .map(|(minutes, rate)| nearest(minutes * agents * rate, 60))
        .sum();
    let vat = match place {
        "971" | "972" | "974" => 850,
        "973" | "976" => 0,
        _ => 2_000,
    };
    let without = work + travel;
    let with = without + nearest(without * vat, 10_000);
    with + nearest(with * 1_200, 10_000).max(500)
}

/// Numbers that are the same in each run (Lehmer, 1951).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0 * 48_271 % 2_147_483_647;
        i64::try_from(self.0).unwrap() % limit
    }
}

fn moment(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

#[test]
fn four_hundred_missions_cost_what_an_independent_calculator_says() {
    let places = ["75", "974", "972", "973", "976", "67", "971", "57"];
    // Days about which something happens: clocks, ends of year, holidays of one place or of all.
    let about = [
        (2027, 3, 28),
        (2026, 10, 25),
        (2026, 12, 31),
        (2026, 12, 20),
        (2026, 12, 26),
        (2027, 3, 26),
        (2027, 4, 27),
        (2027, 5, 22),
        (2027, 5, 27),
        (2027, 6, 10),
        (2028, 2, 29),
        (2027, 5, 16),
    ];
    let mut dice = Dice(20_261_129);
    let mut seen = std::collections::BTreeMap::new();
    for case in 0..400 {
        let place = places[case % places.len()];
        let near = if dice.below(4) == 0 {
            calendar::days_until(2026, 12, 1) + dice.below(700)
        } else {
            let (year, month, day) = about[usize::try_from(dice.below(12)).unwrap()];
            calendar::days_until(year, month, day)
        };
        let start = near * 1_440 + dice.below(3 * 1_440) - 1_440;
        let (minutes, agents) = (1 + dice.below(1_440), 1 + dice.below(6));
        let day = 1_500 + dice.below(3_000);
        let rates = [
            day,
            day + dice.below(700),
            day + dice.below(900),
            day + dice.below(3_000),
        ];
        let travel = dice.below(5_000);
        let expected = total(place, start, minutes, agents, rates, travel);

        let mission = Mission {
            interval: Interval::new(moment(start), moment(start + minutes)).unwrap(),
            agents: u16::try_from(agents).unwrap(),
            department: Department::parse(place).unwrap(),
        };
        let [day, night, sunday, holiday] = rates.map(Euros::from_cents);
        let terms = PricingTerms::from(CommissionTerms {
            rate: BasisPoints::constant(1_200),
            minimum: Euros::from_cents(500),
            vat: BasisPoints::constant(2_000),
        });
        let priced = price(
            &mission,
            &HourlyRates {
                day,
                night,
                sunday,
                holiday,
            },
            Euros::from_cents(travel),
            VatStatus::Registered,
            &terms,
        )
        .unwrap();
        assert_eq!(
            priced.total.cents(),
            expected,
            "case {case}: {place} from {} for {minutes} min, {agents} agents: {priced:?}",
            moment(start)
        );
        for line in priced.lines {
            *seen.entry((place, line.class)).or_insert(0) += 1;
        }
    }
    // Each place met every class of hours: nothing was left untried.
    for place in places {
        let classes = seen.keys().filter(|(at, _)| *at == place).count();
        assert_eq!(classes, 6, "{place}: {seen:?}");
    }
}

#[test]
fn a_night_in_reunion_is_night_there() {
    // 22:00 to 06:00 in Saint-Denis is 19:00 to 03:00 in Paris.
    let mission = |start: &str, end: &str, department| Mission {
        interval: Interval::new(start.parse().unwrap(), end.parse().unwrap()).unwrap(),
        agents: 1,
        department: Department::parse(department).unwrap(),
    };
    let lines = |mission| {
        let rates = HourlyRates::with_default_surcharges(Euros::from_cents(2_000)).unwrap();
        let terms = PricingTerms::default();
        let priced = price(&mission, &rates, Euros::ZERO, VatStatus::Registered, &terms);
        let lines = priced.unwrap().lines.into_iter();
        lines
            .map(|line| (format!("{:?}", line.class), line.minutes))
            .collect::<Vec<_>>()
    };
    let night = mission("2026-11-18T18:00:00Z", "2026-11-19T02:00:00Z", "974");
    assert_eq!(lines(night), [("Night".to_owned(), 480)]);
    let abolition = mission("2026-12-20T04:00:00Z", "2026-12-20T12:00:00Z", "974");
    assert_eq!(lines(abolition), [("Holiday".to_owned(), 480)]);
}
