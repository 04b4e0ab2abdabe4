use serde_json::{Value, json};

use crate::support::{World, id};

/// A transfer of 100,00 € to an account of its own.
async fn transferred(world: &World) -> Value {
    let intent = world.authorised().await;
    let capture = format!("/v1/payment_intents/{}/capture", id(&intent));
    let captured = world.post(&capture, "").await.ok();
    let account = world.account().await;
    let form = format!(
        "amount=10000&currency=eur&destination={}&source_transaction={}",
        id(&account),
        captured["latest_charge"].as_str().unwrap()
    );
    world.post("/v1/transfers", &form).await.ok()
}

#[tokio::test]
async fn a_transfer_is_taken_back_in_parts_and_never_beyond() {
    let world = World::start().await;
    let transfer = transferred(&world).await;
    let path = format!("/v1/transfers/{}", id(&transfer));
    let reversals = format!("{path}/reversals");
    let first = world
        .post(&reversals, "amount=4000&metadata[booking]=bkg_1")
        .await
        .ok();
    assert!(id(&first).starts_with("trr_1"));
    assert_eq!(
        (
            &first["object"],
            &first["transfer"],
            &first["metadata"]["booking"]
        ),
        (
            &json!("transfer_reversal"),
            &transfer["id"],
            &json!("bkg_1")
        )
    );
    let part = world.get(&path).await.ok();
    assert_eq!(
        (
            &part["amount_reversed"],
            &part["reversed"],
            &part["reversals"]["data"][0]
        ),
        (&json!(4_000), &json!(false), &first)
    );
    world.post(&reversals, "amount=6001").await.refused(400, "");
    assert_eq!(world.post(&reversals, "").await.ok()["amount"], 6_000);
    assert_eq!(world.get(&path).await.ok()["reversed"], true);
    world.post(&reversals, "amount=1").await.refused(400, "");
    world
        .post(&reversals, "unheard=1")
        .await
        .refused(400, "parameter_unknown");
    let listed = world.get(&reversals).await.ok();
    assert_eq!(
        (listed["data"].as_array().unwrap().len(), &listed["url"]),
        (2, &json!(reversals))
    );
    let read = world.get(&format!("{reversals}/{}", id(&first))).await.ok();
    assert_eq!(read, first);
    let balance = world.get("/v1/balance").await.ok();
    assert_eq!(balance["available"][0]["amount"], 12_000);
    let told = world.told().await;
    assert_eq!(
        told.iter()
            .filter(|kind| *kind == "transfer.reversed")
            .count(),
        2
    );
}

#[tokio::test]
async fn what_the_account_was_paid_out_cannot_be_taken_back() {
    let world = World::start().await;
    let transfer = transferred(&world).await;
    let account = transfer["destination"].as_str().unwrap();
    let payout = world
        .lever(&format!("accounts/{account}/payout"), json!({}))
        .await
        .ok();
    assert_eq!(payout["amount"], 10_000);
    world
        .post(
            &format!("/v1/transfers/{}/reversals", id(&transfer)),
            "amount=1",
        )
        .await
        .refused(400, "balance_insufficient");
}
