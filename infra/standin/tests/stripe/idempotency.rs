use serde_json::json;

use crate::support::{SESSION, World, id};

const DAY: i64 = 24 * 3600;

#[tokio::test]
async fn the_same_key_gives_the_same_answer_for_a_day() {
    let world = World::start().await;
    let first = world
        .keyed("/v1/checkout/sessions", SESSION, Some("bkg_1:checkout:1"))
        .await;
    assert_eq!(first.header("idempotent-replayed"), "");
    let request = first.header("request-id").to_owned();
    let session = first.ok();
    let again = world
        .keyed("/v1/checkout/sessions", SESSION, Some("bkg_1:checkout:1"))
        .await;
    assert_eq!(
        (
            again.header("idempotent-replayed"),
            again.header("original-request")
        ),
        ("true", request.as_str())
    );
    assert_ne!(again.header("request-id"), request);
    assert_eq!(again.ok(), session);
    assert_eq!(world.objects("checkout.session").await.len(), 1);
    world.advance(DAY).await;
    let later = world
        .keyed("/v1/checkout/sessions", SESSION, Some("bkg_1:checkout:1"))
        .await
        .ok();
    assert_ne!(later["id"], session["id"]);
}

#[tokio::test]
async fn a_key_is_refused_for_another_request() {
    let world = World::start().await;
    world
        .keyed("/v1/checkout/sessions", SESSION, Some("key"))
        .await
        .ok();
    let error = world
        .keyed(
            "/v1/checkout/sessions",
            &format!("{SESSION}&submit_type=book"),
            Some("key"),
        )
        .await
        .refused(400, "");
    assert_eq!(error["type"], "idempotency_error");
    let error = world
        .keyed("/v1/transfers", SESSION, Some("key"))
        .await
        .refused(400, "");
    assert_eq!(error["type"], "idempotency_error");
    world
        .keyed("/v1/transfers", SESSION, Some(&"k".repeat(256)))
        .await
        .refused(400, "");
}

#[tokio::test]
async fn a_refusal_of_what_was_carried_out_is_remembered_and_one_of_the_form_is_not() {
    let world = World::start().await;
    let intent = world.authorised().await;
    let path = format!("/v1/payment_intents/{}/capture", id(&intent));
    let wrong = world
        .keyed(&path, "amount_to_capture=ten", Some("form"))
        .await;
    wrong.refused(400, "parameter_invalid_integer");
    let much = world
        .keyed(&path, "amount_to_capture=99999", Some("state"))
        .await;
    much.refused(400, "amount_too_large");
    let again = world
        .keyed(&path, "amount_to_capture=99999", Some("state"))
        .await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    again.refused(400, "amount_too_large");
    world.keyed(&path, "", Some("form")).await.ok();
    world.keyed(&path, "", Some("form")).await.ok();
    world
        .keyed(&path, "", Some("other"))
        .await
        .refused(400, "payment_intent_unexpected_state");
}

#[tokio::test]
async fn a_key_is_in_use_until_its_request_is_answered() {
    let world = World::start().await;
    world
        .lever("slow-next", json!({ "milliseconds": 400 }))
        .await
        .ok();
    let slow = world.keyed("/v1/checkout/sessions", SESSION, Some("key"));
    let hasty = async {
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        world
            .keyed("/v1/checkout/sessions", SESSION, Some("key"))
            .await
    };
    let (slow, hasty) = tokio::join!(slow, hasty);
    assert_eq!(hasty.header("stripe-should-retry"), "true");
    assert_eq!(
        hasty.refused(409, "idempotency_key_in_use")["type"],
        "idempotency_error"
    );
    let session = slow.ok();
    let again = world
        .keyed("/v1/checkout/sessions", SESSION, Some("key"))
        .await;
    assert_eq!(again.ok(), session);
}

#[tokio::test]
async fn a_call_that_fails_after_taking_effect_is_answered_when_repeated() {
    let world = World::start().await;
    world
        .lever("fail-next", json!({ "before": true, "times": 2 }))
        .await
        .ok();
    for _ in 0..2 {
        let failed = world
            .keyed("/v1/checkout/sessions", SESSION, Some("key"))
            .await;
        assert_eq!(failed.refused(500, "")["type"], "api_error");
    }
    assert!(world.objects("checkout.session").await.is_empty());
    world
        .lever("fail-next", json!({ "after": true }))
        .await
        .ok();
    world
        .keyed("/v1/checkout/sessions", SESSION, Some("key"))
        .await
        .refused(500, "");
    assert_eq!(world.objects("checkout.session").await.len(), 1);
    let again = world
        .keyed("/v1/checkout/sessions", SESSION, Some("key"))
        .await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    again.ok();
    assert_eq!(world.objects("checkout.session").await.len(), 1);
}

#[tokio::test]
async fn what_was_answered_survives_a_restart() {
    let mut world = World::start().await;
    let session = world
        .keyed("/v1/checkout/sessions", SESSION, Some("key"))
        .await
        .ok();
    world.pay(&session, "4000002500003155").await;
    world.reopen().await;
    let again = world
        .keyed("/v1/checkout/sessions", SESSION, Some("key"))
        .await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.ok()["id"], session["id"]);
    world
        .lever(
            "authenticate",
            json!({ "session": session["id"], "outcome": "success" }),
        )
        .await
        .ok();
    assert!(world.standin.run_due().await > 0);
    world.standin.reset().unwrap();
    world
        .get(&format!("/v1/checkout/sessions/{}", id(&session)))
        .await
        .refused(404, "resource_missing");
}
