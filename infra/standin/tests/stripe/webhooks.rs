use std::sync::atomic::Ordering;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::support::{SECRET, World, id};

#[tokio::test]
async fn an_event_is_signed_over_its_body_with_the_time_of_the_clock() {
    let world = World::start().await;
    let session = world.session().await;
    assert!(world.standin.idle());
    world.pay(&session, "4242424242424242").await;
    assert!(!world.standin.idle());
    assert_eq!(world.standin.run_due().await, 4);
    assert!(world.standin.idle());
    let received = world.site.received.lock().unwrap().clone();
    for (signature, body) in received {
        let (time, given) = signature.split_once(',').unwrap();
        assert_eq!(time, format!("t={}", world.now()));
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(format!("{}.{body}", world.now()).as_bytes());
        let expected: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(given, format!("v1={expected}"));
    }
    let heard = world.heard();
    let kinds: Vec<&str> = heard
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
            "checkout.session.completed"
        ]
    );
    assert_eq!(heard[2]["data"]["object"]["status"], "requires_capture");
    assert_eq!(
        (&heard[2]["livemode"], &heard[2]["object"]),
        (&json!(false), &json!("event"))
    );
    assert!(heard[3]["data"]["object"].get("_intent").is_none());
    let read = world
        .get(&format!("/v1/events/{}", id(&heard[2])))
        .await
        .ok();
    assert_eq!(
        (&read["data"], &read["pending_webhooks"]),
        (&heard[2]["data"], &json!(0))
    );
}

#[tokio::test]
async fn an_event_is_sent_again_until_the_site_takes_it() {
    let world = World::start().await;
    let session = world.session().await;
    world.site.answers.store(500, Ordering::SeqCst);
    world
        .post(
            &format!("/v1/checkout/sessions/{}/expire", id(&session)),
            "",
        )
        .await
        .ok();
    assert_eq!(world.standin.run_due().await, 0);
    assert!(world.standin.idle());
    for (wait, attempts) in [(4, 1), (1, 2), (29, 2), (1, 3), (120, 4)] {
        assert_eq!(world.advance(wait).await, 0);
        assert_eq!(world.heard().len(), attempts);
    }
    world.site.answers.store(204, Ordering::SeqCst);
    assert_eq!(world.advance(600).await, 1);
    assert_eq!(world.advance(30 * 24 * 3600).await, 0);
    let delivery = &world.objects("delivery").await[0];
    assert_eq!(
        (&delivery["status"], &delivery["type"]),
        (&json!("delivered"), &json!("checkout.session.expired"))
    );
    let outcomes: Vec<&str> = delivery["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["500", "500", "500", "500", "204"]);
}

#[tokio::test]
async fn an_event_that_nobody_takes_is_abandoned_after_some_days() {
    let world = World::start().await;
    let session = world.session().await;
    world.site.answers.store(400, Ordering::SeqCst);
    world
        .post(
            &format!("/v1/checkout/sessions/{}/expire", id(&session)),
            "",
        )
        .await
        .ok();
    world.standin.run_due().await;
    for _ in 0..20 {
        world.advance(24 * 3600).await;
    }
    assert_eq!(world.heard().len(), 10);
    assert_eq!(world.objects("delivery").await[0]["status"], "abandoned");
}

#[tokio::test]
async fn deliveries_are_paused_resumed_and_repeated() {
    let world = World::start().await;
    world.lever("webhooks/pause", json!({})).await.ok();
    let intent = world.authorised().await;
    assert_eq!(world.standin.run_due().await, 0);
    assert!(world.standin.idle());
    let listed = async |brought: bool| {
        let address = format!("/v1/events?delivery_success={brought}");
        let list = world.get(&address).await.ok();
        list["data"].as_array().unwrap().len()
    };
    assert_eq!((listed(false).await, listed(true).await), (4, 0));
    world.lever("webhooks/resume", json!({})).await.ok();
    assert_eq!(world.standin.run_due().await, 4);
    assert_eq!((listed(false).await, listed(true).await), (0, 4));
    let event = world.heard()[2].clone();
    let repeated = world
        .lever(
            "webhooks/repeat",
            json!({ "event": event["id"], "times": 3 }),
        )
        .await
        .ok();
    assert_eq!(repeated, json!({ "event": event["id"], "repeated": 3 }));
    assert_eq!(world.standin.run_due().await, 3);
    assert!(
        world.heard()[4..].iter().all(
            |again| again["data"]["object"]["id"] == intent["id"] && again["id"] == event["id"]
        )
    );
    world
        .lever("webhooks/repeat", json!({ "event": "last" }))
        .await
        .ok();
    world.standin.run_due().await;
    assert_eq!(world.heard()[7]["type"], "checkout.session.completed");
    world
        .lever("webhooks/repeat", json!({ "event": "evt_nothing" }))
        .await
        .refused(404, "resource_missing");
    world
        .lever("webhooks/repeat", json!({ "event": intent["id"] }))
        .await
        .refused(404, "resource_missing");
}

#[tokio::test]
async fn an_event_wakes_whoever_waits_to_deliver_it() {
    let world = World::start().await;
    let session = world.session().await;
    let waiting = tokio::spawn({
        let standin = world.standin.clone();
        async move { standin.woken().await }
    });
    world.get("/v1/balance").await.ok();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    world.pay(&session, "4242424242424242").await;
    tokio::time::timeout(Duration::from_secs(5), waiting)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn an_event_says_which_request_caused_it() {
    let world = World::start().await;
    let session = world.session().await;
    let path = format!("/v1/checkout/sessions/{}/expire", id(&session));
    let expired = world
        .keyed(&path, "", Some("bkg_1:expire-checkout:1"))
        .await;
    let event = world
        .get("/v1/events?type=checkout.session.expired")
        .await
        .ok()["data"][0]
        .clone();
    let cause =
        json!({ "id": expired.header("request-id"), "idempotency_key": "bkg_1:expire-checkout:1" });
    assert_eq!(event["request"], cause);
}

#[tokio::test]
async fn deliveries_that_wait_survive_a_restart() {
    let mut world = World::start().await;
    world.authorised().await;
    world.reopen().await;
    assert_eq!(world.standin.run_due().await, 4);
    assert_eq!(world.heard().len(), 4);
}
