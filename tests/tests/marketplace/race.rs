//! Many at once, twice, and in the wrong order: the same end.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use adapters::environment::Outside as _;
use adapters::store::{AgendaDay, Question, Store};
use futures::future::join_all;
use journeys::{Client, Professional, World};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_fifty_clients_who_want_the_last_agent_exactly_one_gets_it() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let mission = professional.mission(&world, 10, 20, 8, 1).await;
    // One account, fifty orders at the same moment: what is fought over is the agent.
    let client = Arc::new(Client::sign_up(&world, "Camille").await);
    let order = Arc::new(client.order(&mission).await);
    let orders = (0..50).map(|_| {
        let (client, order) = (Arc::clone(&client), Arc::clone(&order));
        tokio::spawn(async move { client.browser.post("/api/bookings", (*order).clone()).await })
    });
    let answers: Vec<_> = join_all(orders)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let won = answers.iter().filter(|answer| answer.status == 201).count();
    let lost = answers
        .iter()
        .filter(|answer| answer.status == 409 && answer.json["code"] == "agents_unavailable")
        .count();
    assert_eq!(
        (won, lost),
        (1, 49),
        "{:?}",
        answers
            .iter()
            .map(|answer| (answer.status, answer.json["code"].clone()))
            .collect::<Vec<_>>()
    );
    assert_eq!(
        client.browser.get("/api/bookings").await.ok()["bookings"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    nobody_is_in_two_places(&world, &professional).await;
}

/// DynamoDB cancels transactions that write an item of another one under way, and throttles what is
/// too much for a partition: both are tried again, and nobody is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn fifty_orders_at_once_on_one_professionals_day_are_none_refused_as_stale() {
    let world = World::start().await;
    // As many agents as the five clients may order between them, two each.
    let professional = Professional::open(&world, "Bastion", 0, 10).await;
    let mission = professional.mission(&world, 10, 20, 8, 1).await;
    let mut orders = Vec::new();
    for name in ["Camille", "Claude", "Dominique", "Alix", "Sacha"] {
        let client = Arc::new(Client::sign_up(&world, name).await);
        let order = client.order(&mission).await;
        orders.extend((0..10).map(|_| (Arc::clone(&client), order.clone())));
    }
    world.throttle(20);
    let sent = orders.into_iter().map(|(client, order)| {
        tokio::spawn(async move { client.browser.post("/api/bookings", order).await })
    });
    let mut taken = 0;
    for answer in join_all(sent).await {
        let answer = answer.unwrap();
        match answer.status {
            201 => taken += 1,
            status => {
                let code = answer.json["code"].as_str().unwrap_or_default();
                assert!(
                    status < 500 && code != "changed_meanwhile",
                    "{}",
                    answer.text
                );
            }
        }
    }
    assert_eq!(taken, 10);
    nobody_is_in_two_places(&world, &professional).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn overlapping_missions_for_two_agents_never_share_one() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    // Two orders of a client wait for payment with one professional, no more.
    let mut clients = Vec::new();
    for name in [
        "Camille", "Nadia", "Sami", "Louise", "Karim", "Jeanne", "Paul", "Awa", "Hugo", "Zoe",
        "Rosa", "Marc",
    ] {
        clients.push(Arc::new(Client::sign_up(&world, name).await));
    }
    let mut orders = Vec::new();
    for (hour, hours) in [
        (8, 6),
        (10, 6),
        (12, 6),
        (14, 8),
        (18, 10),
        (20, 8),
        (22, 6),
        (23, 10),
    ] {
        let mission = professional.mission(&world, 12, hour, hours, 1).await;
        orders.push(clients[0].order(&mission).await);
    }
    let sent = orders.iter().cycle().zip(clients.iter().cycle()).take(24);
    let sent = sent.map(|(order, client)| {
        let (order, client) = (order.clone(), Arc::clone(client));
        tokio::spawn(async move { client.browser.post("/api/bookings", order).await })
    });
    for answer in join_all(sent).await {
        let answer = answer.unwrap();
        assert!(
            matches!(answer.status, 201 | 409),
            "{} {}",
            answer.status,
            answer.text
        );
    }
    nobody_is_in_two_places(&world, &professional).await;
}

/// Ten clients close their account while they order: each is refused one of both.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn an_account_that_is_closed_while_it_orders_has_no_live_booking() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 10).await;
    let mission = professional.mission(&world, 10, 20, 8, 1).await;
    let clients = [
        "Camille", "Nadia", "Sami", "Louise", "Karim", "Jeanne", "Paul", "Awa", "Hugo", "Zoe",
    ];
    for (number, name) in (0..).zip(clients) {
        let client = Client::sign_up(&world, name).await;
        let order = client.order(&mission).await;
        let close = async |password: &str| {
            let again = json!({ "password": password });
            client.browser.post("/api/account/close", again).await
        };
        // Most of a closure is the comparison of the password: the order comes around its end.
        let begun = std::time::Instant::now();
        close("Un-Autre-Cheval-9")
            .await
            .refused(422, "wrong_password");
        let pause = begun.elapsed().mul_f64(0.85 + 0.03 * f64::from(number));
        let (ordered, closed) = tokio::join!(
            async {
                tokio::time::sleep(pause).await;
                client.browser.post("/api/bookings", order).await
            },
            close("Correct-Cheval-9"),
        );
        let (taken, gone) = (ordered.status == 201, closed.status == 200);
        assert!(taken != gone, "{name}: {} {}", ordered.text, closed.text);
        assert!(ordered.status < 500, "{name}: {}", ordered.text);
        if taken {
            closed.refused(409, "bookings_live");
        }
    }
}

/// A slot of an agent has at most one holder.
async fn nobody_is_in_two_places(world: &World, professional: &Professional) {
    let store = Store::open(&local::functions::environment(world.surroundings()));
    let id = domain::ids::ProfessionalId::parse(&professional.id).unwrap();
    let (first, last) = (jiff::civil::date(2026, 1, 1), jiff::civil::date(2099, 1, 1));
    let days = store
        .ask_all::<AgendaDay>(Question::agenda(&id, first, last))
        .await
        .unwrap();
    assert!(!days.is_empty());
    for day in days {
        let busy = day.record.occupations;
        for (place, one) in busy.iter().enumerate() {
            for other in &busy[place + 1..] {
                assert!(
                    one.agent != other.agent || !one.interval.overlaps(&other.interval),
                    "{one:?} and {other:?}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_sent_twice_is_done_once_and_answered_the_same() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let order = client.order(&mission).await;
    let first = client
        .browser
        .post_once("/api/bookings", "key-1", &order)
        .await;
    let again = client
        .browser
        .post_once("/api/bookings", "key-1", &order)
        .await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(first.clone().ok(), again.ok());
    let other = client
        .order(&professional.mission(&world, 20, 9, 8, 1).await)
        .await;
    client
        .browser
        .post_once("/api/bookings", "key-1", &other)
        .await
        .refused(422, "idempotency_key_reused");
    let id = first.ok()["id"].as_str().unwrap().to_owned();
    client.pay(&world, &id, "4242424242424242").await;
    let accept = format!("/api/bookings/{id}/accept");
    let nothing = json!({});
    let twice =
        join_all([0, 1].map(|_| professional.browser.post_once(&accept, "key-2", &nothing))).await;
    let statuses: Vec<u16> = twice.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 200]);
    assert_eq!(twice[0].json, twice[1].json);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_and_events_that_come_twice_change_nothing() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.book(&world, &mission).await;
    professional.act(&id, "accept", json!({})).await.ok();
    world.settle().await;
    let before = picture(&world, &client, &id).await;
    let events = world
        .browser()
        .get("/local/stripe/objects?kind=event")
        .await
        .ok();
    for event in events.as_array().unwrap() {
        world
            .browser()
            .post(
                "/local/stripe/webhooks/repeat",
                json!({ "event": event["id"], "times": 2 }),
            )
            .await
            .ok();
    }
    world.settle().await;
    assert_eq!(picture(&world, &client, &id).await, before);
    world.repeat_every_event().await;
    assert_eq!(picture(&world, &client, &id).await, before);
}

/// Everything that a repetition could change: the booking, the mails, Stripe's books.
async fn picture(world: &World, client: &Client, id: &str) -> Vec<Value> {
    world.settle().await;
    let mut picture = vec![
        client.booking(id).await,
        world.browser().get("/local/mail").await.ok(),
    ];
    for kind in ["payment_intent", "charge", "transfer", "account"] {
        picture.push(
            world
                .browser()
                .get(&format!("/local/stripe/objects?kind={kind}"))
                .await
                .ok(),
        );
    }
    picture
}
