//! `make bench`: what functions cost to start, what search costs to read, and what one machine answers.
//!
//! Figures only: nothing here passes or fails. The page goes to standard output, and to the file named
//! as the first argument. `BENCH_OFFERS` gives other sizes of the catalogue, `BENCH_ALL=1` measures
//! every function, `BENCH_ONLY` (`starts`, `shelf`, `traffic` or `costs`) one part.

mod cold_start;
mod costs;
mod figures;
mod marketplace;
mod runtime_api;
mod shelf;
mod tls;
mod traffic;

use std::error::Error;
use std::fmt::Write as _;
use std::time::Instant;

use adapters::clock::Clock;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Why there are no figures.
type Failure = Box<dyn Error>;

const OFFERS: &str = "1000 10000 100000";

#[expect(clippy::disallowed_methods, reason = "settings come in here, once")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[tokio::main(worker_threads = 8)]
async fn main() -> Result<(), Failure> {
    let only_search =
        tracing_subscriber::filter::filter_fn(|event| event.target() == "catalogue::search_offers");
    tracing_subscriber::registry()
        .with(shelf::Ear.with_filter(only_search))
        .init();
    let binaries = std::env::current_exe()?
        .parent()
        .ok_or("no folder of binaries")?
        .to_owned();
    let sizes = setting("BENCH_OFFERS")
        .unwrap_or_else(|| OFFERS.to_owned())
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<Vec<u32>, _>>()?;
    let all = setting("BENCH_ALL").is_some();
    let only = setting("BENCH_ONLY");
    let wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let began = Instant::now();
    let mut page = heading(all, &sizes).await;
    if wanted("starts") {
        eprintln!("[1/4] Starting functions (about a minute)");
        let table = cold_start::measure(&binaries, all).await?;
        write!(page, "{STARTS}\n{table}")?;
    }
    if wanted("shelf") {
        eprintln!("[2/4] Reading a shelf as it fills up (a few minutes for 100 000 offers)");
        write!(page, "{SHELF}\n{}", shelf::measure(&sizes).await?)?;
    }
    if wanted("traffic") {
        eprintln!("[3/4] Searching, quoting and booking (less than a minute)");
        write!(page, "{TRAFFIC}\n{}", traffic::measure(&binaries).await?)?;
    }
    if wanted("costs") {
        eprintln!("[4/4] Living one booking through, and an hour without one (seconds)");
        write!(page, "{COSTS}\n{}", costs::measure().await?)?;
    }
    writeln!(
        page,
        "\nMeasured in {:.0} s, building not included.",
        began.elapsed().as_secs_f64()
    )?;
    if let Some(file) = std::env::args_os().nth(1) {
        tokio::fs::write(file, &page).await?;
    }
    print!("{page}");
    Ok(())
}

const STARTS: &str = "
## Starting a function

Each release binary against a runtime API of ours and DynamoDB on the same machine, in turns with a bare `lambda_http` function that only says hello; medians of 15 starts. From spawn to the first poll includes opening the connection to DynamoDB; from spawn to the first answer includes one real request. Memory is the most that was resident. HTTP requests about something unknown answer 404 or 401 after having read. Goals: at most 2 × hello to the first answer, 32 MB of memory, 4 MB of zip.
";

const SHELF: &str = "
## Searching

All offers are on one shelf (one activity in one department), which is the worst case. Read units are those that the local DynamoDB reports, eventually consistent as on AWS (half a unit for each 4 kB of a page). Goals: a page of 20 for at most 2 read units at every size, and its median time at the largest size within 1.3 × that at the smallest.
";

const TRAFFIC: &str = "
## One machine under load

The release build of what `make run` starts, with the demonstration data, eight requests at once, client on the same machine. Bookings hold agents: each is a transaction over the agenda, the booking, its event and the activity log, while listings are rebuilt behind.
";

const COSTS: &str = "
## What a month costs

One booking's life, and an hour and a day in which nothing happens, on the local platform with DynamoDB's own count of units. The dollars are these counts times AWS's public prices for Paris as generally known in 2026 (see `tests/bench/src/costs.rs`, to be looked up before anybody relies on them), with 50 ms and 900 bytes of log for a call by assumption. Without free tiers, CloudFront's traffic, taxes and Stripe's fees, which are far more than all of this.
";

async fn heading(all: bool, sizes: &[u32]) -> String {
    let cpu = tokio::fs::read_to_string("/proc/cpuinfo")
        .await
        .unwrap_or_default();
    let name = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = tokio::fs::read_to_string("/proc/loadavg")
        .await
        .unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    let sizes: Vec<String> = sizes.iter().map(u32::to_string).collect();
    format!(
        "# Performance\n\nWritten by `make bench`{}; figures, not promises: the machine is small and shared.\n\n\
         - Machine: {cores} cores, {name}; load before the start {load}\n- Date: {}\n- Offers: {}\n",
        if all { " with `BENCH_ALL=1`" } else { "" },
        Clock::system().now().strftime("%Y-%m-%d %H:%M UTC"),
        sizes.join(", "),
    )
}
