use serde_json::{Value, json};

use crate::support::{World, id};

const WEEK: i64 = 7 * 24 * 3600;

#[tokio::test]
async fn a_card_is_authorised_then_captured_and_the_professional_is_paid_out_of_it() {
    let world = World::start().await;
    let session = world.session().await;
    assert_eq!(
        (
            &session["status"],
            &session["payment_status"],
            &session["amount_total"]
        ),
        (&json!("open"), &json!("unpaid"), &json!(12_000))
    );
    assert_eq!(session["payment_intent"], Value::Null);
    let paid = world.pay(&session, "4242424242424242").await;
    let back = format!("http://127.0.0.1:1/reservations/1?session={}", id(&session));
    assert_eq!(paid, json!({ "status": "complete", "redirect": back }));

    let path = format!(
        "/v1/checkout/sessions/{}?expand[]=payment_intent.latest_charge&expand[]=line_items",
        id(&session)
    );
    let session = world.get(&path).await.ok();
    assert_eq!(
        (
            &session["status"],
            &session["payment_status"],
            &session["url"]
        ),
        (&json!("complete"), &json!("unpaid"), &Value::Null)
    );
    assert_eq!(
        session["line_items"]["data"][0]["description"],
        "Agent de sécurité — Bastion"
    );
    let intent = &session["payment_intent"];
    assert_eq!(
        (
            &intent["status"],
            &intent["amount_capturable"],
            &intent["amount_received"]
        ),
        (&json!("requires_capture"), &json!(12_000), &json!(0))
    );
    assert_eq!(
        (&intent["transfer_group"], &intent["metadata"]["booking"]),
        (&json!("bkg_1"), &json!("bkg_1"))
    );
    let charge = &intent["latest_charge"];
    let card = &charge["payment_method_details"]["card"];
    assert_eq!(
        (&card["capture_before"], &card["last4"]),
        (&json!(world.now() + WEEK), &json!("4242"))
    );
    assert_eq!(
        (&charge["captured"], &charge["status"]),
        (&json!(false), &json!("succeeded"))
    );

    let account = world.account().await;
    let transfer = format!(
        "amount=10000&currency=eur&destination={}&source_transaction={}",
        id(&account),
        id(charge)
    );
    let early = world
        .post("/v1/transfers", &transfer)
        .await
        .refused(400, "");
    assert_eq!(early["param"], "source_transaction");

    let captured = world
        .post(&format!("/v1/payment_intents/{}/capture", id(intent)), "")
        .await
        .ok();
    assert_eq!(
        (
            &captured["status"],
            &captured["amount_received"],
            &captured["amount_capturable"]
        ),
        (&json!("succeeded"), &json!(12_000), &json!(0))
    );
    assert_eq!(
        world
            .get(&format!("/v1/checkout/sessions/{}", id(&session)))
            .await
            .ok()["payment_status"],
        "paid"
    );
    assert_eq!(
        world.get(&format!("/v1/charges/{}", id(charge))).await.ok()["amount_captured"],
        12_000
    );

    let sent = world.post("/v1/transfers", &transfer).await.ok();
    assert_eq!(
        (&sent["amount"], &sent["transfer_group"]),
        (&json!(10_000), &json!("bkg_1"))
    );
    assert_eq!(
        world.get("/v1/balance").await.ok()["available"][0]["amount"],
        2_000
    );
    world
        .post("/v1/transfers", &transfer)
        .await
        .refused(400, "balance_insufficient");
    assert_eq!(
        world.told().await,
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
            "checkout.session.completed",
            "account.updated",
            "v2.core.account[configuration.recipient].capability_status_updated",
            "charge.captured",
            "payment_intent.succeeded",
            "transfer.created",
        ]
    );
}

#[tokio::test]
async fn an_authorisation_is_given_back_once_and_says_so_when_asked_again() {
    let world = World::start().await;
    let intent = world.authorised().await;
    let path = format!("/v1/payment_intents/{}", id(&intent));
    let cancelled = world
        .post(
            &format!("{path}/cancel"),
            "cancellation_reason=abandoned&expand[]=latest_charge",
        )
        .await
        .ok();
    assert_eq!(
        (
            &cancelled["status"],
            &cancelled["cancellation_reason"],
            &cancelled["amount_capturable"]
        ),
        (&json!("canceled"), &json!("abandoned"), &json!(0))
    );
    assert_eq!(
        (
            &cancelled["latest_charge"]["refunded"],
            &cancelled["latest_charge"]["captured"]
        ),
        (&json!(true), &json!(false))
    );
    for operation in ["cancel", "capture"] {
        let error = world
            .post(&format!("{path}/{operation}"), "")
            .await
            .refused(400, "payment_intent_unexpected_state");
        assert_eq!(error["payment_intent"]["status"], "canceled");
        assert_eq!(error["type"], "invalid_request_error");
    }
    assert_eq!(
        world.get("/v1/balance").await.ok()["available"][0]["amount"],
        0
    );
}

#[tokio::test]
async fn a_payment_is_captured_once_and_cannot_be_cancelled_afterwards() {
    let world = World::start().await;
    let intent = world.authorised().await;
    let path = format!("/v1/payment_intents/{}", id(&intent));
    world
        .post(&format!("{path}/capture"), "amount_to_capture=12001")
        .await
        .refused(400, "amount_too_large");
    world
        .post(&format!("{path}/capture"), "amount_to_capture=0")
        .await
        .refused(400, "parameter_invalid_integer");
    let captured = world
        .post(
            &format!("{path}/capture"),
            "amount_to_capture=9000&expand[]=latest_charge",
        )
        .await
        .ok();
    assert_eq!(
        (
            &captured["amount_received"],
            &captured["latest_charge"]["amount_refunded"]
        ),
        (&json!(9_000), &json!(3_000))
    );
    assert_eq!(
        world.get("/v1/balance").await.ok()["available"][0]["amount"],
        9_000
    );
    for operation in ["cancel", "capture"] {
        let error = world
            .post(&format!("{path}/{operation}"), "")
            .await
            .refused(400, "payment_intent_unexpected_state");
        assert_eq!(error["payment_intent"]["status"], "succeeded");
    }
}

#[tokio::test]
async fn an_authorisation_lapses_after_a_week_by_the_clock_or_by_the_lever() {
    let world = World::start().await;
    let (first, second) = (world.authorised().await, world.authorised().await);
    world
        .lever(&format!("authorisations/{}/lapse", id(&second)), json!({}))
        .await
        .ok();
    world.advance(WEEK - 1).await;
    let read = async |intent: &Value| {
        world
            .get(&format!("/v1/payment_intents/{}", id(intent)))
            .await
            .ok()
    };
    assert_eq!(read(&first).await["status"], "requires_capture");
    world.advance(1).await;
    for intent in [&first, &second] {
        let intent = read(intent).await;
        assert_eq!(
            (&intent["status"], &intent["cancellation_reason"]),
            (&json!("canceled"), &json!("automatic"))
        );
    }
    let error = world
        .post(&format!("/v1/payment_intents/{}/capture", id(&first)), "")
        .await;
    error.refused(400, "payment_intent_unexpected_state");
    let told = world.told().await;
    assert_eq!(
        told.iter()
            .filter(|kind| *kind == "payment_intent.canceled")
            .count(),
        2
    );
}

#[tokio::test]
async fn a_strong_authentication_succeeds_or_fails_and_may_be_tried_again() {
    let world = World::start().await;
    let session = world.session().await;
    let authenticate = async |outcome: &str| {
        world
            .lever(
                "authenticate",
                json!({ "session": session["id"], "outcome": outcome }),
            )
            .await
    };
    authenticate("success")
        .await
        .refused(400, "no_authentication");
    assert_eq!(
        world.pay(&session, "4000002500003155").await,
        json!({ "status": "requires_action" })
    );
    let intents = world.get("/v1/payment_intents").await.ok();
    assert_eq!(intents["data"][0]["status"], "requires_action");
    assert_eq!(authenticate("failure").await.ok()["status"], "declined");
    let intent = world.get("/v1/payment_intents").await.ok()["data"][0].clone();
    assert_eq!(
        (&intent["status"], &intent["latest_charge"]),
        (&json!("requires_payment_method"), &Value::Null)
    );
    assert_eq!(
        intent["last_payment_error"]["code"],
        "payment_intent_authentication_failure"
    );
    authenticate("success")
        .await
        .refused(400, "no_authentication");
    world.pay(&session, "4000002760003184").await;
    assert_eq!(authenticate("success").await.ok()["status"], "complete");
    let path = format!("/v1/payment_intents/{}?expand[]=latest_charge", id(&intent));
    let intent = world.get(&path).await.ok();
    assert_eq!(
        (&intent["status"], &intent["last_payment_error"]),
        (&json!("requires_capture"), &Value::Null)
    );
    let secure = &intent["latest_charge"]["payment_method_details"]["card"]["three_d_secure"];
    assert_eq!(secure["result"], "authenticated");
}

#[tokio::test]
async fn a_declined_card_may_be_followed_by_a_good_one_on_the_same_intent() {
    let world = World::start().await;
    let session = world.session().await;
    let declined = world.pay(&session, "4000000000009995").await;
    assert_eq!(
        (&declined["status"], &declined["decline_code"]),
        (&json!("declined"), &json!("insufficient_funds"))
    );
    assert_eq!(
        world.pay(&session, "4000000000000002").await["decline_code"],
        "generic_decline"
    );
    let intent = world.get("/v1/payment_intents").await.ok()["data"][0].clone();
    assert_eq!(
        intent["last_payment_error"]["decline_code"],
        "generic_decline"
    );
    // The intent of an open session is ended by its session alone.
    world
        .post(&format!("/v1/payment_intents/{}/cancel", id(&intent)), "")
        .await
        .refused(400, "");
    assert_eq!(
        world.pay(&session, "4242424242424242").await["status"],
        "complete"
    );
    let after = world
        .get(&format!("/v1/payment_intents/{}", id(&intent)))
        .await
        .ok();
    assert_eq!(
        (&after["status"], &after["last_payment_error"]),
        (&json!("requires_capture"), &Value::Null)
    );
    assert_eq!(
        world.get("/v1/charges").await.ok()["data"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let told = world.told().await;
    assert_eq!(
        told.iter()
            .filter(|kind| *kind == "payment_intent.created")
            .count(),
        1
    );
    assert_eq!(
        told.iter()
            .filter(|kind| *kind == "payment_intent.payment_failed")
            .count(),
        2
    );
    world
        .lever(
            "pay",
            json!({ "session": session["id"], "card": "4242424242424242" }),
        )
        .await
        .refused(400, "session_closed");
}

#[tokio::test]
async fn a_payment_without_manual_capture_is_taken_at_once() {
    let world = World::start().await;
    let form = crate::support::SESSION.replace("&payment_intent_data[capture_method]=manual", "");
    let session = world.post("/v1/checkout/sessions", &form).await.ok();
    world.pay(&session, "5555555555554444").await;
    let session = world
        .get(&format!(
            "/v1/checkout/sessions/{}?expand[]=payment_intent",
            id(&session)
        ))
        .await
        .ok();
    assert_eq!(
        (
            &session["payment_status"],
            &session["payment_intent"]["status"]
        ),
        (&json!("paid"), &json!("succeeded"))
    );
    assert!(
        !world
            .told()
            .await
            .contains(&"payment_intent.amount_capturable_updated".to_owned())
    );
}
