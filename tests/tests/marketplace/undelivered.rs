//! What a function did not take is given to it again for a day, and then left to the operator.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use journeys::{Browser, Client, Professional, World, admin};
use serde_json::{Value, json};

/// Puts an event on the bus that no listener can read.
async fn put_unreadable(world: &World, what: &str) {
    let bus = Browser::new(&world.surroundings().aws_endpoint);
    let name = &world.surroundings().environment["EVENT_BUS"];
    let entry = json!({
        "Source": "monagentdesecu", "DetailType": what, "Detail": "{\"of\": \"nothing\"}", "EventBusName": name,
    });
    let headers = [
        ("x-amz-target", "AWSEvents.PutEvents"),
        ("content-type", "application/x-amz-json-1.1"),
    ];
    let body = json!({ "Entries": [entry] }).to_string().into_bytes();
    let put = bus.send("POST", "/", &headers, body).await;
    assert_eq!(put.json["FailedEntryCount"], 0, "{}", put.text);
}

/// What Lambda gave up and nobody took since.
async fn letters(world: &World) -> Vec<Value> {
    let letters = world.browser().get("/local/dead-letters").await.ok();
    letters.as_array().unwrap().clone()
}

fn tries(letters: &[Value]) -> Vec<u64> {
    let tries = letters.iter().map(|letter| letter["tries"].as_u64());
    tries.map(Option::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_function_takes_is_given_again_for_a_day_and_then_waits_for_the_operator() {
    let world = World::start().await;
    let operator = admin(&world).await;
    let overview = operator.get("/admin").await.text;
    assert!(
        overview.contains("<strong>0</strong> événement non livré"),
        "{overview}"
    );
    let list = operator.get("/admin/evenements").await.text;
    assert!(list.contains("Tout ce qui devait être livré"), "{list}");

    put_unreadable(&world, "ReportDecided").await;
    put_unreadable(&world, "StripeNotified").await;
    // Lambda tries three times within three minutes; then it is ours to give again.
    world.advance(4 * 60).await;
    let waiting = letters(&world).await;
    assert!(waiting.len() >= 2, "{waiting:?}");
    assert!(
        tries(&waiting).iter().all(|tries| *tries == 3),
        "{waiting:?}"
    );
    world.advance(20 * 60).await;
    let waiting = letters(&world).await;
    assert!(
        tries(&waiting).iter().all(|tries| *tries >= 4),
        "{waiting:?}"
    );
    let count = waiting.len();
    let operator = admin(&world).await;
    let overview = operator.get("/admin").await.text;
    let tile = format!("<strong>{count}, depuis moins d’une heure</strong> événements non livrés");
    assert!(overview.contains(&tile), "{overview}");
    for words in ["<strong>1</strong> avis de Stripe en échec", "d’eux-mêmes"] {
        assert!(overview.contains(words), "{words} is not in {overview}");
    }
    let list = operator.get("/admin/evenements").await.text;
    for words in [
        "send-mail",
        "ReportDecided",
        "follow-stripe",
        "prochain le",
        "internal_error",
        "Redonner",
    ] {
        assert!(list.contains(words), "{words} is not in {list}");
    }
    assert!(!list.contains("C’est traité"), "{list}");

    // A day later nobody gives them again by themselves.
    world.advance(26 * 3600).await;
    let given_up = letters(&world).await;
    assert!(
        given_up.iter().all(|one| one["next_try"].is_null()),
        "{given_up:?}"
    );
    let within_a_day = |tries: &u64| (10..=13).contains(tries);
    assert!(tries(&given_up).iter().all(within_a_day), "{given_up:?}");
    world.advance(6 * 3600).await;
    assert_eq!(tries(&letters(&world).await), tries(&given_up));
    let operator = admin(&world).await;
    let overview = operator.get("/admin").await.text;
    let tile = format!("<strong>{count}, depuis 32 h</strong> événements non livrés");
    assert!(overview.contains(&tile), "{overview}");
    assert!(overview.contains("sans succès"), "{overview}");
    let list = operator.get("/admin/evenements").await.text;
    for words in ["À traiter", "Reprendre le paiement", "C’est traité"] {
        assert!(list.contains(words), "{words} is not in {list}");
    }

    // Given once more by a button, then taken off the list by another.
    let chosen = given_up[0]["id"].as_str().unwrap();
    let asked = [("id", chosen.to_owned())];
    let again = "/admin/evenements/redonner";
    assert_eq!(operator.form(again, &asked).await.status, 303);
    world.advance(120).await;
    let after = letters(&world).await;
    let one = after.iter().find(|one| one["id"] == chosen).unwrap();
    let before = given_up[0]["tries"].as_u64().unwrap();
    assert_eq!(one["tries"].as_u64().unwrap(), before + 1);
    assert!(one["next_try"].is_null(), "{one}");
    let operator = admin(&world).await;
    for _ in 0..2 {
        let done = "/admin/evenements/traite";
        assert_eq!(operator.form(done, &asked).await.status, 303);
    }
    assert_eq!(letters(&world).await.len(), count - 1);
}

/// Stripe is away for three hours while a professional is accepted: nobody has to do anything.
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_hours_heals_by_itself() {
    let world = World::start().await;
    let fail = |times: u32| json!({ "before": true, "times": times, "path": "/v2/core/accounts" });
    let lever = "/local/stripe/fail-next";
    world.browser().post(lever, fail(9_999)).await.ok();
    let (browser, _) = Professional::register(&world, "Bastion", 0, 1).await;
    Professional::submit(&browser).await.ok();
    let id = browser.get("/api/registration").await.ok()["id"].clone();
    journeys::accept(&world, id.as_str().unwrap()).await;
    world.advance(3 * 3600).await;
    let waiting = letters(&world).await;
    let functions: Vec<&Value> = waiting.iter().map(|one| &one["function"]).collect();
    assert_eq!(functions, ["open-payout-account"], "{waiting:?}");
    let accounts = async || {
        let path = "/local/stripe/objects?kind=account";
        world.browser().get(path).await.ok()
    };
    assert_eq!(accounts().await, json!([]));

    world.browser().post(lever, fail(0)).await.ok();
    world.advance(4 * 3600).await;
    assert_eq!(letters(&world).await, Vec::<Value>::new());
    assert_eq!(accounts().await.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_that_stripe_could_not_bring_are_counted_until_they_arrive() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let counted = async |count: u32| {
        let overview = admin(&world).await.get("/admin").await.text;
        let tile = format!("<strong>{count}</strong> avis de Stripe en échec");
        assert!(overview.contains(&tile), "{overview}");
    };
    let lever = async |name: &str| {
        let address = format!("/local/stripe/webhooks/{name}");
        world.browser().post(&address, json!({})).await.ok();
    };
    counted(0).await;
    lever("pause").await;
    let mission = professional.mission(&world, 20, 9, 8, 1).await;
    let order = client.order(&mission).await;
    let booking = client.browser.post("/api/bookings", order).await.ok();
    let checkout = format!("/api/bookings/{}/checkout", booking["id"].as_str().unwrap());
    let session = client.browser.post(&checkout, json!({})).await.ok();
    let paid = json!({ "session": session["session"], "card": "4242424242424242" });
    world.browser().post("/local/stripe/pay", paid).await.ok();
    counted(0).await;
    world.advance(20 * 60).await;
    let overview = admin(&world).await.get("/admin").await.text;
    assert!(
        overview.contains("Stripe n’a pas pu les remettre"),
        "{overview}"
    );
    lever("resume").await;
    world.advance(60).await;
    counted(0).await;

    // Where Stripe does not answer, the page says so and shows the rest.
    let fail = json!({ "before": true, "times": 9, "path": "/v1/events" });
    world
        .browser()
        .post("/local/stripe/fail-next", fail)
        .await
        .ok();
    let overview = admin(&world).await.get("/admin").await;
    assert_eq!(overview.status, 200);
    assert!(
        overview.text.contains("Stripe ne répond pas"),
        "{}",
        overview.text
    );
}
