use serde_json::{Value, json};

use crate::support::{World, id};

/// A captured intent of 120,00 €.
async fn captured(world: &World) -> Value {
    let intent = world.authorised().await;
    world
        .post(&format!("/v1/payment_intents/{}/capture", id(&intent)), "")
        .await
        .ok()
}

async fn charge(world: &World, intent: &Value) -> Value {
    let charge = intent["latest_charge"].as_str().unwrap();
    world.get(&format!("/v1/charges/{charge}")).await.ok()
}

#[tokio::test]
async fn a_payment_is_refunded_in_parts_and_never_beyond() {
    let world = World::start().await;
    let intent = captured(&world).await;
    let refund = async |rest: &str| {
        let form = format!("payment_intent={}{rest}", id(&intent));
        world.post("/v1/refunds", &form).await
    };
    let first = refund("&amount=5000&metadata[booking]=bkg_1&reason=requested_by_customer")
        .await
        .ok();
    assert!(id(&first).starts_with("re_3"));
    assert_eq!(
        (
            &first["status"],
            &first["amount"],
            &first["charge"],
            &first["metadata"]["booking"]
        ),
        (
            &json!("succeeded"),
            &json!(5_000),
            &intent["latest_charge"],
            &json!("bkg_1")
        )
    );
    let part = charge(&world, &intent).await;
    assert_eq!(
        (&part["amount_refunded"], &part["refunded"]),
        (&json!(5_000), &json!(false))
    );
    assert_eq!(
        refund("&amount=7001").await.refused(400, "")["param"],
        "amount"
    );
    assert_eq!(refund("").await.ok()["amount"], 7_000);
    assert_eq!(charge(&world, &intent).await["refunded"], true);
    refund("&amount=1")
        .await
        .refused(400, "charge_already_refunded");
    for list in [
        format!("payment_intent={}", id(&intent)),
        format!("charge={}", intent["latest_charge"].as_str().unwrap()),
    ] {
        let listed = world.get(&format!("/v1/refunds?{list}")).await.ok();
        assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    }
    let told = world.told().await;
    let count = |kind: &str| told.iter().filter(|told| *told == kind).count();
    assert_eq!((count("refund.created"), count("charge.refunded")), (2, 2));
}

#[tokio::test]
async fn a_refund_that_the_bank_sends_back_can_be_made_again() {
    let world = World::start().await;
    let intent = captured(&world).await;
    let form = format!("payment_intent={}", id(&intent));
    let refund = world.post("/v1/refunds", &form).await.ok();
    let lever = format!("refunds/{}/fail", id(&refund));
    world.lever(&lever, json!({})).await.ok();
    let read = world
        .get(&format!("/v1/refunds/{}", id(&refund)))
        .await
        .ok();
    assert_eq!(
        (&read["status"], &read["failure_reason"]),
        (&json!("failed"), &json!("lost_or_stolen_card"))
    );
    let back = charge(&world, &intent).await;
    assert_eq!(
        (&back["amount_refunded"], &back["refunded"]),
        (&json!(0), &json!(false))
    );
    let balance = world.get("/v1/balance").await.ok();
    assert_eq!(balance["available"][0]["amount"], 12_000);
    assert!(world.told().await.ends_with(&[
        "refund.updated".to_owned(),
        "charge.refund.updated".to_owned(),
        "refund.failed".to_owned(),
    ]));
    world.lever(&lever, json!({})).await.refused(400, "");
    world.post("/v1/refunds", &form).await.ok();
}

#[tokio::test]
async fn a_refund_waits_when_the_money_was_transferred() {
    let world = World::start().await;
    let intent = captured(&world).await;
    let account = world.account().await;
    let transfer = format!(
        "amount=10000&currency=eur&destination={}&source_transaction={}",
        id(&account),
        intent["latest_charge"].as_str().unwrap()
    );
    world.post("/v1/transfers", &transfer).await.ok();
    let form = format!("payment_intent={}", id(&intent));
    let refund = world.post("/v1/refunds", &form).await.ok();
    assert_eq!(refund["status"], "pending");
    let lever = format!("refunds/{}/settle", id(&refund));
    assert_eq!(
        world.lever(&lever, json!({})).await.ok()["status"],
        "succeeded"
    );
    world.lever(&lever, json!({})).await.refused(400, "");
}

#[tokio::test]
async fn only_captured_money_is_refunded_and_only_as_stripe_takes_it() {
    let world = World::start().await;
    let intent = world.authorised().await;
    let by_intent = format!("payment_intent={}", id(&intent));
    let by_charge = format!("charge={}", intent["latest_charge"].as_str().unwrap());
    for (form, code) in [
        (by_intent.clone(), ""),
        (by_charge.clone(), "charge_not_refundable"),
        (format!("{by_intent}&{by_charge}"), ""),
        (String::new(), "parameter_missing"),
        ("charge=ch_nothing".to_owned(), "resource_missing"),
        (format!("{by_charge}&amount=0"), "parameter_invalid_integer"),
        (format!("{by_charge}&reason=whim"), ""),
        (format!("{by_charge}&unheard=1"), "parameter_unknown"),
    ] {
        world.post("/v1/refunds", &form).await.refused(400, code);
    }
    world
        .get("/v1/refunds/re_nothing")
        .await
        .refused(404, "resource_missing");
}

#[tokio::test]
async fn a_failure_waits_for_the_path_that_it_names() {
    let world = World::start().await;
    let failure = json!({ "after": true, "path": "/v1/refunds" });
    world.lever("fail-next", failure).await.ok();
    let intent = captured(&world).await;
    let form = format!("payment_intent={}", id(&intent));
    let answer = world.keyed("/v1/refunds", &form, Some("key")).await;
    assert_eq!(answer.status, 500);
    let again = world.keyed("/v1/refunds", &form, Some("key")).await.ok();
    assert_eq!(again["amount"], 12_000);
    let listed = world.get("/v1/refunds").await.ok();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
}
