//! One booking lived through, and what it writes and reads: for measurements, and for the test that
//! holds the goal.

use std::collections::BTreeMap;

use adapters::environment::Outside as _;
use adapters::store::{Key, Store, item_size};
use domain::booking::Booking;
use domain::ids::BookingId;
use local::Spent;
use serde_json::{Value, json};

use crate::{Client, Professional, World};

/// What people do for one booking, besides booking: searches, pages of professionals, quotes.
pub const VISITS: (u32, u32, u32) = (20, 5, 4);

/// What a booking's life brings along, counted in the run.
#[derive(Debug)]
pub struct Life {
    /// Units, bytes and calls.
    pub spent: Spent,
    /// Requests of people.
    pub requests: f64,
    /// Mails sent.
    pub mails: f64,
    /// Bytes that stay in the tables.
    pub kept_bytes: f64,
    /// The size of the booking itself, once it is paid out.
    pub item_bytes: usize,
}

/// One booking from the first search to the payout. What the clock's steps cost by themselves is
/// taken off: they belong to the days. Looks at the payment after the payout are not in it.
pub async fn live(world: &World, professional: &Professional, client: &Client) -> Life {
    // As many days before, without a booking: what is more afterwards is the booking's. The three
    // days before those end at the same hour of a day, and with them what a professional's first days write.
    pass_three_days(world, professional).await;
    world.spent();
    pass_three_days(world, professional).await;
    let without = world.spent();
    let mission = professional.mission(world, 3, 9, 8, 1).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let end = text(&mission["end"]);
    let offer = client
        .browser
        .get(&format!("/api/offers/{}", professional.offer))
        .await
        .ok();
    let slug = text(&offer["slug"]);
    // An hour has passed: whoever was signed in is not any more.
    client.sign_in().await;
    professional.sign_in().await;
    let mails = mails(world).await;
    world.spent();
    visit(world, client, &mission, &slug).await;
    let booking = client.book(world, &mission).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    world.settle().await;
    let mut spent = world.spent();

    advance(world, &end).await;
    let with_booking = world.spent();
    client.sign_in().await;
    world.spent();
    client
        .browser
        .post(&format!("/api/bookings/{booking}/validate"), json!({}))
        .await
        .ok();
    world.settle().await;
    let last = world.spent();
    spent.read_units += last.read_units;
    spent.write_units += last.write_units;
    spent.bytes += last.bytes;
    spent.calls += last.calls;
    add(&mut spent.written, &last.written, 1.0);
    spent.read_units += (with_booking.read_units - without.read_units).max(0.0);
    spent.write_units += (with_booking.write_units - without.write_units).max(0.0);
    add(&mut spent.written, &with_booking.written, 1.0);
    add(&mut spent.written, &without.written, -1.0);
    let item_bytes = item_bytes(world, &booking).await;
    Life {
        item_bytes,
        requests: f64::from(VISITS.0 + VISITS.1 + VISITS.2) + 10.0,
        mails: number(self::mails(world).await - mails),
        kept_bytes: number(spent.bytes) / 2.0,
        spent,
    }
}

/// How large DynamoDB counts the booking.
async fn item_bytes(world: &World, booking: &str) -> usize {
    let store = Store::open(&local::functions::environment(world.surroundings()));
    let Ok(id) = BookingId::parse(booking) else {
        return 0;
    };
    let read = store.get::<Booking>(Key::booking(&id)).await;
    let read = read.ok().flatten();
    read.and_then(|read| item_size(&read.record).ok())
        .unwrap_or(0)
}

/// Adds `times` what was written elsewhere.
fn add(written: &mut BTreeMap<String, f64>, other: &BTreeMap<String, f64>, times: f64) {
    for (what, units) in other {
        *written.entry(what.clone()).or_default() += times * units;
    }
}

/// What people look at before one of them orders.
async fn visit(world: &World, client: &Client, mission: &Value, slug: &str) {
    let text = |name: &str| mission[name].as_str().unwrap_or_default().to_owned();
    let (start, end) = (text("start"), text("end"));
    for _ in 0..VISITS.0 {
        let address = format!(
            "/api/search?activity=human_surveillance&place=69003&start={start}&end={end}&agents=1"
        );
        world.browser().get(&address).await.ok();
    }
    for _ in 0..VISITS.1 {
        world
            .browser()
            .get(&format!("/professionnels/{slug}"))
            .await;
    }
    for _ in 0..VISITS.2 {
        client
            .browser
            .post("/api/quotes", mission.clone())
            .await
            .ok();
    }
}

/// Moves the clock past the end of a mission that nobody books.
async fn pass_three_days(world: &World, professional: &Professional) {
    let mission = professional.mission(world, 3, 9, 8, 1).await;
    advance(world, mission["end"].as_str().unwrap_or_default()).await;
}

/// Moves the clock past `end`.
async fn advance(world: &World, end: &str) {
    let now = world.now().await;
    let end: jiff::Timestamp = end.parse().unwrap_or(now);
    let seconds = end.duration_since(now).as_secs() + 2 * 3600;
    world.advance(seconds).await;
    world.settle().await;
}

async fn mails(world: &World) -> u64 {
    let all = world.browser().get("/local/mail").await.ok();
    let count = all.as_array().map_or(0, Vec::len);
    u64::try_from(count).unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of one measurement")]
fn number(count: u64) -> f64 {
    count as f64
}
