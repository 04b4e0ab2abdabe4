use serde_json::json;

use crate::support::{World, id};

#[tokio::test]
async fn a_dispute_takes_the_money_until_it_is_won() {
    let world = World::start().await;
    let intent = world.authorised().await;
    let lever = format!("charges/{}/dispute", id(&intent));
    let fraud = json!({ "reason": "fraudulent" });
    world.lever(&lever, fraud.clone()).await.refused(400, "");
    let capture = format!("/v1/payment_intents/{}/capture", id(&intent));
    world.post(&capture, "").await.ok();
    let dispute = world.lever(&lever, fraud).await.ok();
    let held = async || world.get("/v1/balance").await.ok()["available"][0]["amount"].clone();
    assert_eq!(held().await, -2_000);
    let refund = format!("payment_intent={}", id(&intent));
    world
        .post("/v1/refunds", &refund)
        .await
        .refused(400, "charge_disputed");
    let close = format!("disputes/{}/close", id(&dispute));
    world.lever(&close, json!({ "outcome": "won" })).await.ok();
    assert_eq!(held().await, 10_000);
    let listed = world.get(&format!("/v1/disputes?{refund}")).await.ok();
    assert_eq!(listed["data"][0]["status"], "won");
    assert!(world.told().await.ends_with(&[
        "charge.dispute.created".to_owned(),
        "charge.dispute.funds_withdrawn".to_owned(),
        "charge.dispute.closed".to_owned(),
        "charge.dispute.funds_reinstated".to_owned(),
    ]));
    world
        .lever(&close, json!({ "outcome": "lost" }))
        .await
        .refused(400, "");
}
