//! What a page of search costs in read units and time, as one shelf fills up: the worst case is that
//! every offer is for the same activity in the same department.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use adapters::store::{Changes, Index, Listing, Question, Store, Trace, item_size};
use domain::calendar::{
    AgentTime, Availability, DayOfWeek, Occupation, OpeningCalendar, TimeOfDay, WeeklyRule,
};
use domain::ids::TypedId as _;
use domain::money::Euros;
use domain::offer::{Activity, CancellationPolicy};
use domain::places::Department;
use domain::pricing::{HourlyRates, VatStatus};
use domain::ranking::{TrackRecord, score};
use domain::staffing::Worker;
use domain::time::interval::Interval;
use domain::time::paris;
use domain::time::zone::Zone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::Failure;
use crate::figures::{Table, milliseconds};
use crate::marketplace::Marketplace;

const PAGE: i32 = 20;
const QUERIES: usize = 200;
const SEARCHES: usize = 100;
const HORIZON_DAYS: i64 = 77;
const ACTIVITY: Activity = Activity::CloseProtection;

/// The orders of a shelf, and what people call them.
const ORDERS: [(&str, Index); 6] = [
    ("advised", Index::ListingsByScore),
    ("rating", Index::ListingsByRating),
    ("first free", Index::ListingsByFirstFree),
    ("day price", Index::ListingsByDayPrice),
    ("night price", Index::ListingsByNightPrice),
    ("Sunday price", Index::ListingsBySundayPrice),
];

/// What searches said of themselves: listings examined, and tenths of read units.
static READ: Mutex<Vec<(u64, u64)>> = Mutex::new(Vec::new());

/// Listens to what the search function logs of each shelf it reads.
pub(crate) struct Ear;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Ear {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let mut figures = Figures::default();
        event.record(&mut figures);
        if let (Some(examined), Some(units)) = (figures.examined, figures.units) {
            read().push((examined, units));
        }
    }
}

#[derive(Default)]
struct Figures {
    examined: Option<u64>,
    units: Option<u64>,
}

impl tracing::field::Visit for Figures {
    fn record_u64(&mut self, field: &tracing::field::Field, value: u64) {
        match field.name() {
            "examined" => self.examined = Some(value),
            "read_units_tenths" => self.units = Some(value),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
}

fn read() -> std::sync::MutexGuard<'static, Vec<(u64, u64)>> {
    READ.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Measures at each size, smallest first, and writes the tables.
pub(crate) async fn measure(sizes: &[u32]) -> Result<String, Failure> {
    let marketplace = Marketplace::start().await?;
    let store = marketplace.store();
    let department = Department::parse("48").map_err(|_| "no department 48")?;
    let mut pages = Table::new(&[
        "offers",
        "order",
        "read units, mean",
        "most",
        "p50 (ms)",
        "p99 (ms)",
        "p50 × first size",
        "misses",
    ]);
    let mut searches = Table::new(&[
        "offers",
        "order",
        "results",
        "examined",
        "read units, mean",
        "most",
        "p50 (ms)",
        "p99 (ms)",
        "p50 × first size",
    ]);
    let mut notes = String::new();
    let (mut first_pages, mut first_searches) = (Vec::new(), Vec::new());
    let mut loaded = 0;
    for size in sizes {
        let began = Instant::now();
        let bytes = load(&store, department, loaded..*size, marketplace.now()).await?;
        notes.push_str(&format!(
            "- {} offers loaded in {:.0} s; a listing has {:.0} bytes on average, {} at most.\n",
            size - loaded,
            began.elapsed().as_secs_f64(),
            bytes.0,
            bytes.1
        ));
        loaded = *size;
        for (place, (name, order)) in ORDERS.iter().enumerate() {
            eprintln!("  {size} offers: {QUERIES} pages by {name}");
            let seen = walk(&store, department, *order).await?;
            let p50 = milliseconds(&seen.times, 50);
            if first_pages.len() <= place {
                first_pages.push(p50);
            }
            let ratio = first_pages.get(place).map_or(1.0, |first| p50 / first);
            let mut misses = Vec::new();
            if seen.most > 2.0 {
                misses.push("read units");
            }
            if ratio > 1.3 {
                misses.push("latency");
            }
            pages.row(&[
                size.to_string(),
                (*name).to_owned(),
                format!("{:.2}", seen.mean),
                format!("{:.1}", seen.most),
                format!("{p50:.2}"),
                format!("{:.2}", milliseconds(&seen.times, 99)),
                format!("{ratio:.2}"),
                misses.join(", "),
            ]);
        }
        for (place, sort) in ["conseilles", "prix", "delai", "note"].iter().enumerate() {
            eprintln!("  {size} offers: {SEARCHES} searches by {sort}");
            let seen = search(&marketplace, sort).await?;
            let p50 = milliseconds(&seen.times, 50);
            if first_searches.len() <= place {
                first_searches.push(p50);
            }
            let ratio = first_searches.get(place).map_or(1.0, |first| p50 / first);
            searches.row(&[
                size.to_string(),
                (*sort).to_owned(),
                format!("{:.1}", seen.results),
                format!("{:.1}", seen.examined),
                format!("{:.2}", seen.mean),
                format!("{:.1}", seen.most),
                format!("{p50:.2}"),
                format!("{:.2}", milliseconds(&seen.times, 99)),
                format!("{ratio:.2}"),
            ]);
        }
    }
    Ok(format!(
        "{notes}\nOne query of {PAGE} listings through the store ({QUERIES} queries, page after page from the top):\n\n{}\n\
         The whole `GET /api/search` over the local platform, {SEARCHES} missions of which some fit few ({PAGE} results asked for):\n\n{}",
        pages.text(),
        searches.text()
    ))
}

/// What was seen of many reads.
#[derive(Default)]
struct Seen {
    times: Vec<Duration>,
    mean: f64,
    most: f64,
    results: f64,
    examined: f64,
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn mean(values: impl Iterator<Item = u64>, count: usize) -> f64 {
    values.sum::<u64>() as f64 / count.max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
async fn walk(store: &Store, department: Department, order: Index) -> Result<Seen, Failure> {
    let (mut times, mut units, mut cursor) = (Vec::new(), Vec::new(), None);
    for _ in 0..QUERIES {
        let question = Question::shelf(ACTIVITY, &department, order)
            .limit(PAGE)
            .after(cursor);
        let began = Instant::now();
        let page = store.ask::<Listing>(question).await?;
        times.push(began.elapsed());
        units.push(u64::from(page.read_units_tenths));
        cursor = page.next;
    }
    Ok(Seen {
        mean: mean(units.iter().copied(), units.len()) / 10.0,
        most: units.iter().max().map_or(0.0, |most| *most as f64 / 10.0),
        times,
        ..Seen::default()
    })
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
async fn search(marketplace: &Marketplace, sort: &str) -> Result<Seen, Failure> {
    let browser = marketplace.browser();
    let mut times = Vec::new();
    let mut results = 0;
    read().clear();
    for number in 0..SEARCHES {
        let day = paris::local_date(marketplace.now())
            .checked_add(i64::try_from(3 + number % 60)?.days())?;
        let (start, end) = [
            ("09:00", "17:00"),
            ("14:00", "18:00"),
            ("10:00", "16:00"),
            ("19:00", "23:00"),
        ][number % 4];
        let agents = 1 + number % 2;
        let address = format!(
            "/api/search?activity=close_protection&place=48000&start={day}T{start}&end={day}T{end}&agents={agents}&sort={sort}"
        );
        let began = Instant::now();
        let answer = browser.get(&address).await;
        times.push(began.elapsed());
        results += answer.ok()["results"].as_array().map_or(0, Vec::len);
    }
    let read = read().clone();
    Ok(Seen {
        results: results as f64 / SEARCHES as f64,
        examined: mean(read.iter().map(|read| read.0), read.len()),
        mean: mean(read.iter().map(|read| read.1), read.len()) / 10.0,
        most: read
            .iter()
            .map(|read| read.1)
            .max()
            .map_or(0.0, |most| most as f64 / 10.0),
        times,
    })
}

/// Puts listings on the shelf; says how many bytes they have on average and at most.
async fn load(
    store: &Store,
    department: Department,
    numbers: std::ops::Range<u32>,
    now: Timestamp,
) -> Result<(f64, usize), Failure> {
    let (count, began) = (numbers.len(), Instant::now());
    let (mut total, mut most, mut done) = (0_u64, 0, 0);
    let numbers: Vec<u32> = numbers.collect();
    for chunk in numbers.chunks(100) {
        let mut changes = Changes::by(&Trace::system("bench"), now);
        for number in chunk {
            let listing = listing(*number, department, now)?;
            let size = item_size(&listing)?;
            total += u64::try_from(size)?;
            most = most.max(size);
            changes = changes.overwrite(&listing);
        }
        store.commit(changes).await?;
        done += chunk.len();
        if done % 5_000 == 0 || done == count {
            eprintln!(
                "  loading: {done} of {count} offers, {:.0} s",
                began.elapsed().as_secs_f64()
            );
        }
    }
    Ok((mean(std::iter::once(total), count), most))
}

/// Always the same numbers, spread evenly.
struct Dice(u64);

impl Dice {
    /// From 0 to `sides` - 1.
    fn throw(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(sides)).unwrap_or_default()
    }

    fn pick<T: Copy>(&mut self, choices: &[T], otherwise: T) -> T {
        let sides = u32::try_from(choices.len()).unwrap_or(1);
        choices
            .get(self.throw(sides) as usize)
            .copied()
            .unwrap_or(otherwise)
    }
}

/// Listing `number`: an invented professional, mostly free.
fn listing(number: u32, department: Department, now: Timestamp) -> Result<Listing, Failure> {
    let mut dice = Dice(u64::from(number) << 20);
    let agents: Vec<String> = (0..=dice.throw(5))
        .map(|agent| format!("agt_01JZZZZZZZZZZZZZZZZZZZZZZ{agent}"))
        .collect();
    let (opens, closes) = dice.pick(
        &[
            ("00:00", "00:00"),
            ("06:00", "06:00"),
            ("08:30", "19:00"),
            ("18:00", "08:00"),
        ],
        ("08:00", "18:00"),
    );
    let calendar = calendar(opens, closes, dice.throw(3) > 0)?;
    // Half have no mission yet, most others a few, one in twenty is often taken.
    let missions = match dice.throw(20) {
        0..=9 => 0,
        10..=18 => 1 + dice.throw(6),
        _ => 20,
    };
    let mut occupations = Vec::new();
    for mission in 0..missions {
        let day = i64::from(dice.throw(75));
        let start = now + SignedDuration::from_hours(day * 24 + i64::from(dice.throw(16)));
        let rank = dice.throw(u32::try_from(agents.len())?) as usize;
        let end = start + SignedDuration::from_hours(4 + i64::from(dice.throw(8)));
        let whole = |at: Timestamp| Timestamp::from_second(at.as_second() / 3_600 * 3_600);
        occupations.push(Occupation {
            agent: agents.get(rank).cloned().unwrap_or_default(),
            interval: Interval::new(whole(start)?, whole(end)?).map_err(|_| "an empty mission")?,
            booking: format!("bkg_{mission}"),
            held_until: None,
        });
    }
    let midnight = paris::day_start(paris::local_date(now));
    let availability = Availability::compute(
        &calendar,
        Zone::Paris,
        &AgentTime::of(&agents, &occupations, now),
        Worker::Employee,
        midnight,
        HORIZON_DAYS,
    );
    let notice_hours = dice.pick(&[4, 12, 24, 48], 24);
    let minimum_hours = dice.pick(&[4, 4, 5, 8], 4);
    let free_at = availability.first_start(
        now + SignedDuration::from_hours(i64::from(notice_hours)),
        i64::from(minimum_hours) * 60,
        Zone::Paris,
    );
    let ratings_count = dice.pick(&[0, 0, 3, 12, 57, 240], 0);
    let ratings_sum = ratings_count * (35 + dice.throw(16)) / 10;
    let record = TrackRecord {
        ratings_sum,
        ratings_count,
        requests: ratings_count * 2,
        accepted: ratings_count + dice.throw(ratings_count + 1),
        answered: ratings_count * 2,
        total_answer_minutes: ratings_count * 2 * (30 + dice.throw(1_200)),
        validated_missions: ratings_count,
        page_completeness_percent: 60 + dice.throw(41),
        ..TrackRecord::default()
    };
    let town = dice.pick(
        &["Mende", "Marvejols", "Saint-Chély-d’Apcher", "Langogne"],
        "Mende",
    );
    let title = dice.pick(
        &[
            "Protection rapprochée",
            "Agents de protection pour vos dirigeants",
            "Accompagnement de personnalités, jour et nuit",
        ],
        "Protection rapprochée",
    );
    Ok(Listing {
        activity: ACTIVITY,
        department,
        offer: domain::ids::OfferId::from_ulid(&format!("01JZZZZZZZZZZZZZZZ{number:08}")),
        professional: domain::ids::ProfessionalId::from_ulid(&format!(
            "01JZZZZZZZZZZZZZZZ{number:08}"
        )),
        name: format!("Société de protection {number}"),
        town: town.to_owned(),
        title: title.to_owned(),
        rates: HourlyRates::with_default_surcharges(Euros::from_cents(
            2_200 + i64::from(dice.throw(2_800)),
        ))
        .map_err(|_| "an hourly rate out of bounds")?,
        travel: Euros::from_cents(i64::from(dice.pick(&[0, 1_000, 1_500, 2_500], 0))),
        vat: dice.pick(
            &[VatStatus::Registered, VatStatus::Franchise],
            VatStatus::Registered,
        ),
        minimum_hours,
        notice_hours,
        takes_urgent: dice.throw(4) == 0,
        maximum_agents: u16::try_from(agents.len())?,
        cancellation: CancellationPolicy::Moderate,
        ratings_sum,
        ratings_count,
        answer_minutes: record.average_answer_minutes(),
        validated_missions: record.validated_missions,
        at: None,
        titles_valid_until: paris::local_date(now).checked_add(1.years())?,
        first_free: free_at,
        score: score(&record),
        score_version: domain::ranking::RANKING_VERSION,
        portrait: false,
        availability: availability.encode(),
    })
}

fn calendar(opens: &str, closes: &str, on_sundays: bool) -> Result<OpeningCalendar, Failure> {
    let time = |text: &str| TimeOfDay::parse(text).map_err(|_| "no time of day");
    let (opens, closes) = (time(opens)?, time(closes)?);
    let days = if on_sundays { 7 } else { 6 };
    Ok(OpeningCalendar {
        weekly: DayOfWeek::ALL
            .iter()
            .take(days)
            .map(|weekday| WeeklyRule {
                weekday: *weekday,
                opens,
                closes,
            })
            .collect(),
        exceptions: Vec::new(),
    })
}
