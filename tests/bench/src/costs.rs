//! What a month costs: units, calls and bytes of one booking's life, and of an hour and a day in which
//! nothing happens, all measured; the prices are AWS's public ones for Paris, to be looked up again.

use std::collections::BTreeSet;

use journeys::life::{Life, VISITS, live};
use journeys::{Client, Professional, World};
use local::Spent;

use crate::Failure;
use crate::figures::Table;

const DAYS_OF_A_MONTH: f64 = 30.4;
const BOOKINGS: [f64; 3] = [100.0, 10_000.0, 1_000_000.0];

/// US dollars, Paris (eu-west-3), by general knowledge of 2026.
mod price {
    /// A million read units, on demand.
    pub(super) const READS: f64 = 0.1487;
    /// A million write units, on demand.
    pub(super) const WRITES: f64 = 0.7433;
    /// A million calls of functions.
    pub(super) const CALLS: f64 = 0.20;
    /// A GB-second of arm64.
    pub(super) const GB_SECOND: f64 = 0.000_013_333_4;
    /// A million requests of the HTTP API.
    pub(super) const GATEWAY: f64 = 1.17;
    /// A million events.
    pub(super) const EVENTS: f64 = 1.0;
    /// A thousand mails.
    pub(super) const MAILS: f64 = 0.10;
    /// A GB of logs taken in.
    pub(super) const LOGS: f64 = 0.5985;
    /// A GB of tables kept for a month, twice for point-in-time recovery.
    pub(super) const KEPT: f64 = 0.2975 + 0.2356;
    /// Rate rules, alarms, the secret, the dashboard: whatever happens.
    pub(super) const STANDING: f64 = 5.0 + 2.0 + 10.0 * 0.10 + 0.40 + 3.0;
}

/// What a call takes on average, with its share of cold starts, and a line of log, by assumption.
const SECONDS_OF_A_CALL: f64 = 0.05;
const MEMORY_GB: f64 = 0.25;
const LOG_BYTES_OF_A_CALL: f64 = 900.0;

/// Measures, and writes the tables.
pub(crate) async fn measure() -> Result<String, Failure> {
    let world = World::start_in_march().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    world.settle().await;
    world.spent();

    world.advance(3600).await;
    world.settle().await;
    let hour = world.spent();
    world.advance(24 * 3600).await;
    world.settle().await;
    let day = world.spent();

    let life = live(&world, &professional, &client).await;
    let mut table = Table::new(&[
        "",
        "read units",
        "write units",
        "calls of functions",
        "kB sent to tables",
    ]);
    table.row(&row("one booking, with its visits", &life.spent));
    table.row(&row("an hour in which nothing happens", &hour));
    table.row(&row("a day in which nothing happens", &day));
    let mut text = table.text();
    text.push_str(&format!(
        "\nOne booking: {} searches, {} pages, {} quotes, the order, its payment, acceptance, validation and payout; {:.0} requests, {:.0} mails. Its own item takes {} bytes in the end.\n\n",
        VISITS.0, VISITS.1, VISITS.2, life.requests, life.mails, life.item_bytes
    ));
    text.push_str(&written(&life.spent, &day));
    text.push_str(&months(&life, &day));
    Ok(text)
}

fn row(name: &str, spent: &Spent) -> [String; 5] {
    [
        name.to_owned(),
        format!("{:.1}", spent.read_units),
        format!("{:.1}", spent.write_units),
        spent.calls.to_string(),
        format!("{:.0}", kilo(spent.bytes)),
    ]
}

/// Where the write units went: each table, and each index of it.
fn written(booking: &Spent, day: &Spent) -> String {
    let mut table = Table::new(&["written", "units of one booking", "units of a day"]);
    let all: BTreeSet<&String> = booking.written.keys().chain(day.written.keys()).collect();
    for what in all {
        let units = |spent: &Spent| spent.written.get(what).copied().unwrap_or(0.0);
        let (of_booking, of_day) = (units(booking), units(day));
        if of_booking > 0.0 || of_day > 0.0 {
            let name = what.split_once('-').map_or(what.as_str(), |(_, name)| name);
            table.row(&[
                name.to_owned(),
                format!("{of_booking:.1}"),
                format!("{of_day:.1}"),
            ]);
        }
    }
    let mut text = table.text();
    text.push('\n');
    text
}

#[expect(clippy::cast_precision_loss, reason = "counts of one measurement")]
fn kilo(bytes: u64) -> f64 {
    bytes as f64 / 1e3
}

#[expect(clippy::cast_precision_loss, reason = "counts of one measurement")]
fn number(count: u64) -> f64 {
    count as f64
}

fn months(life: &Life, day: &Spent) -> String {
    let mut table = Table::new(&[
        "bookings a month",
        "tables ($)",
        "functions ($)",
        "gateway ($)",
        "events, mail ($)",
        "logs ($)",
        "standing ($)",
        "total ($)",
        "of each booking ($)",
    ]);
    for bookings in BOOKINGS {
        let of = |each: f64, daily: f64| each * bookings + daily * DAYS_OF_A_MONTH;
        let millions = |count: f64| count / 1e6;
        let calls = of(number(life.spent.calls), number(day.calls));
        let tables = millions(of(life.spent.read_units, day.read_units)) * price::READS
            + millions(of(life.spent.write_units, day.write_units)) * price::WRITES
            // A year's bookings are kept by then, half of them on average.
            + bookings * 6.0 * life.kept_bytes / 1e9 * price::KEPT;
        let functions = millions(calls) * price::CALLS
            + calls * SECONDS_OF_A_CALL * MEMORY_GB * price::GB_SECOND;
        let gateway = millions(bookings * life.requests) * price::GATEWAY;
        let told =
            millions(bookings * 15.0) * price::EVENTS + bookings * life.mails / 1e3 * price::MAILS;
        let logs = calls * LOG_BYTES_OF_A_CALL / 1e9 * price::LOGS;
        let total = tables + functions + gateway + told + logs + price::STANDING;
        table.row(&[
            format!("{bookings:.0}"),
            format!("{tables:.2}"),
            format!("{functions:.2}"),
            format!("{gateway:.2}"),
            format!("{told:.2}"),
            format!("{logs:.2}"),
            format!("{:.2}", price::STANDING),
            format!("{total:.2}"),
            format!("{:.5}", total / bookings),
        ]);
    }
    table.text()
}
