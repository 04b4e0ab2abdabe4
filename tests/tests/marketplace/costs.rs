//! What is written is paid for: counted as DynamoDB counts it.

use adapters::environment::Outside as _;
use adapters::store::{Question, Store};
use domain::booking::Booking;
use domain::ids::{AccountId, ProfessionalId};
use journeys::life::live;
use journeys::{Client, Professional, World};

/// Units written to a table and its indexes.
fn written(spent: &local::Spent, table: &str) -> f64 {
    let of_table = |what: &str| what == table || what.starts_with(&format!("{table}/"));
    let units = spent.written.iter().filter(|(what, _)| of_table(what));
    units.map(|(_, units)| units).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_listing_is_written_once_a_day_and_not_for_agents_held_while_a_client_pays() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    world.settle().await;
    world.spent();

    world.advance(24 * 3600).await;
    world.settle().await;
    let day = written(&world.spent(), "local-listings");
    // Two departments, at most ten units each; the day has begun later in both.
    assert!((14.0..=20.0).contains(&day), "{day} units");

    client.sign_in().await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let order = client.order(&mission).await;
    world.spent();
    client.browser.post("/api/bookings", order).await.ok();
    world.settle().await;
    let spent = world.spent();
    assert!(spent.write_units > 0.0);
    assert!(written(&spent, "local-listings") < 0.1, "{spent:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_booking_from_the_first_search_to_the_payout_writes_at_most_360_units() {
    let world = World::start_in_march().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    world.settle().await;
    world.spent();
    let life = live(&world, &professional, &client).await;
    // A life that did not happen would be cheap: everybody was written to, and the item has grown.
    assert!(life.mails >= 12.0 && life.item_bytes > 1500, "{life:?}");
    assert!(life.spent.write_units > 150.0, "{life:?}");
    assert!(life.spent.write_units <= 360.0, "{life:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_index_of_keys_gives_records_as_they_are_now_and_not_those_that_left_it() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let unpaid = client.request(&mission).await.ok()["id"].clone();
    let later = professional.mission(&world, 11, 9, 8, 1).await;
    let paid = client.book(&world, &later).await;

    let store = Store::open(&local::functions::environment(world.surroundings()));
    let ids = async |question: Question| -> Vec<String> {
        let page = store.ask::<Booking>(question).await.unwrap();
        let ids = page.records.iter().map(|read| read.record.id.to_string());
        ids.collect()
    };
    let bookings = client.browser.get("/api/bookings").await.ok();
    let account = client.browser.get("/api/account").await.ok();
    let account = AccountId::parse(account["id"].as_str().unwrap()).unwrap();
    // Newest first, whole, both: a client sees what was never paid for too.
    assert_eq!(bookings["bookings"].as_array().unwrap().len(), 2);
    let ours = ids(Question::bookings_of_client(&account)).await;
    assert_eq!(ours, [paid.clone(), unpaid.as_str().unwrap().to_owned()]);
    let theirs = ProfessionalId::parse(&professional.id).unwrap();
    let asked = ids(Question::bookings_of_professional(&theirs)).await;
    assert_eq!(asked.as_slice(), std::slice::from_ref(&paid));

    let due = Question::bookings_due(world.now().await + jiff::SignedDuration::from_hours(24 * 60));
    assert_eq!(ids(due.clone()).await.len(), 2);
    // The hold lapses: nothing is due on it any more.
    world.advance(16 * 60).await;
    world.settle().await;
    assert_eq!(ids(due).await, [paid]);
}
