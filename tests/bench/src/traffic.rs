//! How many searches, quotes and bookings one machine answers: over HTTP on the release build of what
//! `make run` starts, in a process of its own.

use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use domain::time::paris;
use jiff::civil::{DateTime, time};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use journeys::{Browser, root};
use local::demo::PASSWORD;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::Failure;
use crate::figures::{Table, milliseconds};

const AT_ONCE: usize = 8;
const SEARCHES: usize = 2_000;
/// Four-hour missions: so many days, so many a day, with each of two companies, twice.
const DAYS: usize = 56;
/// Orders of one day that are sent at once.
const TOGETHER: usize = 50;
const LONGEST: Duration = Duration::from_secs(15);

/// What was seen of one kind of request.
struct Seen {
    times: Vec<Duration>,
    refused: usize,
    elapsed: Duration,
}

/// Measures, and writes the table.
pub(crate) async fn measure(binaries: &Path) -> Result<String, Failure> {
    let data = tempfile::tempdir()?;
    let (site, mut process) = start(binaries, data.path()).await?;
    let visitor = Browser::new(&site);
    visitor.post("/local/demo", json!({})).await.ok();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let now: Timestamp = visitor.get("/local/clock").await.ok()["now"]
        .as_str()
        .ok_or("no clock")?
        .parse()?;

    eprintln!("  searches");
    let mission = |number: usize| hours(now, number % DAYS, 8 + i8::try_from(number % 8)?);
    let addresses = (0..SEARCHES)
        .map(|number| {
            let (start, end) = mission(number)?;
            let place = ["13001", "44000"][number % 2];
            Ok(format!(
                "/api/search?activity=human_surveillance&place={place}&start={start}&end={end}"
            ))
        })
        .collect::<Result<Vec<String>, Failure>>()?;
    let searches = run(addresses.len(), async |number| {
        visitor.get(&addresses[number]).await.status
    })
    .await;

    eprintln!("  quotes");
    let missions = missions(&visitor, &addresses, now).await?;
    let quotes = Mutex::new(vec![Value::Null; missions.len()]);
    let quoting = run(missions.len(), async |number| {
        let answer = visitor.post("/api/quotes", missions[number].clone()).await;
        if let Ok(mut quotes) = quotes.lock() {
            quotes[number] = answer.json;
        }
        answer.status
    })
    .await;

    eprintln!("  bookings");
    let quotes = quotes.into_inner().unwrap_or_default();
    let client = Browser::new(&site);
    let credentials = json!({ "email": "camille@demo.monagentdesecu.fr", "password": PASSWORD });
    client.post("/api/session", credentials).await.ok();
    let orders: Vec<Value> = missions
        .iter()
        .zip(&quotes)
        .filter(|(_, quote)| quote["total"].is_number())
        .map(|(mission, quote)| order(mission, quote))
        .collect();
    let bookings = run(orders.len(), async |number| {
        client
            .post("/api/bookings", orders[number].clone())
            .await
            .status
    })
    .await;
    eprintln!("  orders at once");
    let offer = missions.first().map(|mission| &mission["offer"]);
    let together = together(&client, offer.unwrap_or(&Value::Null), now).await?;
    process.kill().await?;

    let mut table = Table::new(&[
        "request",
        "answered",
        "refused",
        "per second",
        "p50 (ms)",
        "p99 (ms)",
    ]);
    for (name, seen) in [
        ("`GET /api/search`", searches),
        ("`POST /api/quotes`", quoting),
        ("`POST /api/bookings`", bookings),
    ] {
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let rate = seen.times.len() as f64 / seen.elapsed.as_secs_f64();
        table.row(&[
            name.to_owned(),
            seen.times.len().to_string(),
            seen.refused.to_string(),
            format!("{rate:.0}"),
            format!("{:.1}", milliseconds(&seen.times, 50)),
            format!("{:.1}", milliseconds(&seen.times, 99)),
        ]);
    }
    Ok(format!("{}\n{together}", table.text()))
}

/// Orders of one professional's day, all at once: the day is one item, so all of them meet. Which are
/// taken, which find nobody free any more, and which were given up since too many wrote at once.
async fn together(client: &Browser, offer: &Value, now: Timestamp) -> Result<String, Failure> {
    let mut orders = Vec::new();
    for hour in [0, 4, 8, 12, 16, 20] {
        let (start, end) = hours(now, DAYS + 2, hour)?;
        let mission = json!({ "offer": offer, "start": start, "end": end, "agents": 1, "postal_code": "13001" });
        let quote = client.post("/api/quotes", mission.clone()).await;
        orders.push(order(&mission, &quote.json));
    }
    let asked = (0..TOGETHER).zip(orders.iter().cycle());
    let asked = asked.map(|(_, order)| client.post("/api/bookings", order.clone()));
    let began = Instant::now();
    let answers = futures::future::join_all(asked).await;
    let took = began.elapsed();
    let with = |code: &str| answers.iter().filter(|it| it.json["code"] == code).count();
    let taken = answers.iter().filter(|answer| answer.status < 400).count();
    let (nobody, stale) = (with("agents_unavailable"), with("changed_meanwhile"));
    Ok(format!(
        "{TOGETHER} orders at once of one professional's day: {taken} taken, {nobody} refused since nobody was free any more, {stale} refused as stale, {} otherwise, in {:.0} ms.\n",
        answers.len() - taken - nobody - stale,
        took.as_secs_f64() * 1_000.0,
    ))
}

/// Starts the platform on a free port, and waits until it answers.
async fn start(binaries: &Path, data: &Path) -> Result<(String, Child), Failure> {
    // Taken and given back: the platform prints the port it takes for people, not for programs.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port();
    let process = Command::new(binaries.join("local"))
        .current_dir(root())
        .env("PORT", port.to_string())
        .env("DATA_DIR", data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let began = Instant::now();
    while tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .is_err()
    {
        if began.elapsed() > Duration::from_secs(20) {
            return Err("the platform does not start".into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok((format!("http://127.0.0.1:{port}"), process))
}

/// Runs requests 0 to `count`, some at once, until they or the time are used up.
async fn run(count: usize, request: impl AsyncFn(usize) -> u16) -> Seen {
    let next = AtomicUsize::new(0);
    let seen = Mutex::new((Vec::new(), 0));
    let began = Instant::now();
    let worker = async || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count || began.elapsed() > LONGEST {
                return;
            }
            let asked = Instant::now();
            let status = request(number).await;
            if let Ok(mut seen) = seen.lock() {
                seen.0.push(asked.elapsed());
                seen.1 += usize::from(status >= 400);
            }
        }
    };
    futures::future::join_all((0..AT_ONCE).map(|_| worker())).await;
    let elapsed = began.elapsed();
    let (times, refused) = seen.into_inner().unwrap_or_default();
    Seen {
        times,
        refused,
        elapsed,
    }
}

/// Four hours, `day` days after the day after tomorrow.
fn hours(now: Timestamp, day: usize, hour: i8) -> Result<(Timestamp, Timestamp), Failure> {
    let day = paris::local_date(now).checked_add(i64::try_from(day + 3)?.days())?;
    let start = paris::local_to_utc(DateTime::from_parts(day, time(hour, 0, 0, 0)));
    Ok((start, start + SignedDuration::from_hours(4)))
}

/// Missions that can all be ordered beside each other; those of one day are far apart in the list, so
/// that they seldom meet, but they do.
async fn missions(
    visitor: &Browser,
    searches: &[String],
    now: Timestamp,
) -> Result<Vec<Value>, Failure> {
    let mut missions = Vec::new();
    for (place, search) in ["13001", "44000"].iter().zip(searches) {
        let found = visitor.get(search).await.ok();
        let offer = found["results"][0]["offer"]
            .as_str()
            .ok_or("a search without a result")?
            .to_owned();
        for agent in 0..2 {
            for hour in [0, 4, 8, 12, 16, 20] {
                for day in 0..DAYS {
                    let (start, end) = hours(now, day, hour)?;
                    let mission = json!({ "offer": offer, "start": start, "end": end, "agents": 1, "postal_code": place });
                    missions.push((agent, hour, day, mission));
                }
            }
        }
    }
    missions.sort_by_key(|(agent, hour, day, _)| (*agent, *hour, *day));
    Ok(missions
        .into_iter()
        .map(|(_, _, _, mission)| mission)
        .collect())
}

fn order(mission: &Value, quote: &Value) -> Value {
    json!({
        "mission": mission,
        "address": "12 rue de la République",
        "town": "Marseille",
        "context": { "site": "Chantier", "public_road": false, "public_expected": false, "risks": "", "instructions": "Sonner au portail" },
        "expected_total": quote["total"],
        "conditions_of_sale": quote["conditions_of_sale"],
        "withdrawal_information": true,
        "early_start_requested": true,
        "loss_of_withdrawal_acknowledged": true,
    })
}
