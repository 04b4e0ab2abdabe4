use serde_json::{Value, json};

use crate::support::{World, account_body, id};

async fn captured(world: &World) -> Value {
    let intent = world.authorised().await;
    world
        .post(&format!("/v1/payment_intents/{}/capture", id(&intent)), "")
        .await
        .ok()["latest_charge"]
        .clone()
}

#[tokio::test]
async fn an_account_receives_transfers_until_the_lever_says_otherwise() {
    let world = World::start().await;
    let account = world.account().await;
    assert!(id(&account).starts_with("acct_1"));
    assert_eq!(
        (&account["object"], &account["configuration"]),
        (&json!("v2.core.account"), &Value::Null)
    );
    let path = format!("/v2/core/accounts/{}", id(&account));
    let status = async || {
        let read = world
            .second(
                "GET",
                &format!("{path}?include=configuration.recipient&include=identity"),
                Value::Null,
            )
            .await
            .ok();
        assert_eq!(read["identity"]["country"], "fr");
        read["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"]["status"].clone()
    };
    assert_eq!(status().await, "active");
    let first = world
        .get(&format!("/v1/accounts/{}", id(&account)))
        .await
        .ok();
    assert_eq!(
        (&first["capabilities"]["transfers"], &first["country"]),
        (&json!("active"), &json!("FR"))
    );

    let charge = captured(&world).await;
    let charge = charge.as_str().unwrap();
    let transfer = format!(
        "amount=100&currency=eur&destination={}&source_transaction={charge}",
        id(&account)
    );
    world
        .lever(
            &format!("accounts/{}", id(&account)),
            json!({ "transfers": "restricted" }),
        )
        .await
        .ok();
    assert_eq!(status().await, "restricted");
    world
        .post("/v1/transfers", &transfer)
        .await
        .refused(400, "insufficient_capabilities_for_transfer");
    world
        .lever(
            &format!("accounts/{}", id(&account)),
            json!({ "transfers": "active" }),
        )
        .await
        .ok();
    world.post("/v1/transfers", &transfer).await.ok();
    let updates = world
        .objects("event")
        .await
        .into_iter()
        .filter(|event| event["type"] == "account.updated");
    assert_eq!(
        updates
            .filter(|event| event["account"] == account["id"])
            .count(),
        3
    );

    world
        .lever("accounts", json!({ "transfers": "pending" }))
        .await
        .ok();
    let later = world
        .second("POST", "/v2/core/accounts", account_body())
        .await
        .ok();
    assert_eq!(
        world
            .get(&format!("/v1/accounts/{}", id(&later)))
            .await
            .ok()["capabilities"]["transfers"],
        "pending"
    );
    world
        .lever("accounts", json!({ "transfers": "unheard" }))
        .await
        .refused(400, "");
}

#[tokio::test]
async fn an_account_needs_an_address_a_country_and_known_parameters() {
    let world = World::start().await;
    for (field, value, code) in [
        ("contact_email", Value::Null, "parameter_missing"),
        ("identity", json!({}), "parameter_missing"),
        ("unheard_of", json!("x"), "parameter_unknown"),
    ] {
        let mut body = account_body();
        body[field] = value;
        world
            .second("POST", "/v2/core/accounts", body)
            .await
            .refused(400, code);
    }
    let bearer = format!("Bearer {}", crate::support::KEY);
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let unversioned = world
        .send(
            "POST",
            "/v2/core/accounts",
            &headers,
            account_body().to_string(),
        )
        .await;
    unversioned.refused(400, "");
    world
        .second("GET", "/v2/core/accounts/acct_nobody", Value::Null)
        .await
        .refused(404, "resource_missing");
}

#[tokio::test]
async fn a_transfer_goes_to_an_account_that_exists_and_takes_no_more_than_its_charge() {
    let world = World::start().await;
    let account = world.account().await;
    let charge = captured(&world).await;
    let charge = charge.as_str().unwrap();
    let transfer = async |amount: i64, destination: &str, source: &str| {
        let form = format!(
            "amount={amount}&currency=eur&destination={destination}&source_transaction={source}&metadata[a]=b"
        );
        world.post("/v1/transfers", &form).await
    };
    let error = transfer(100, "acct_nobody", charge)
        .await
        .refused(400, "resource_missing");
    assert_eq!(error["param"], "destination");
    let error = transfer(100, id(&account), "ch_nothing")
        .await
        .refused(400, "resource_missing");
    assert_eq!(error["param"], "source_transaction");
    transfer(12_001, id(&account), charge)
        .await
        .refused(400, "balance_insufficient");
    transfer(7_000, id(&account), charge).await.ok();
    transfer(5_001, id(&account), charge)
        .await
        .refused(400, "balance_insufficient");
    let last = transfer(5_000, id(&account), charge).await.ok();
    assert_eq!(
        world
            .get(&format!("/v1/transfers/{}?expand[]=destination", id(&last)))
            .await
            .ok()["destination"]["object"],
        "account"
    );
    world
        .post(
            "/v1/transfers",
            &format!("amount=1&currency=eur&destination={}", id(&account)),
        )
        .await
        .refused(400, "balance_insufficient");
    let group = world.get("/v1/transfers?transfer_group=bkg_1").await.ok();
    let amounts: Vec<i64> = group["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|transfer| transfer["amount"].as_i64().unwrap())
        .collect();
    assert_eq!(amounts, [5_000, 7_000]);
    assert_eq!(
        world.get("/v1/transfers?transfer_group=other").await.ok()["data"],
        json!([])
    );
}

#[tokio::test]
async fn an_account_link_serves_once_and_an_old_one_leads_to_a_new_one() {
    let world = World::start().await;
    let account = world
        .second("POST", "/v2/core/accounts", account_body())
        .await
        .ok();
    let asked = json!({
        "account": account["id"],
        "use_case": { "type": "account_onboarding", "account_onboarding": {
            "configurations": ["recipient"],
            "return_url": "http://127.0.0.1/back",
            "refresh_url": "http://127.0.0.1/again",
        } },
    });
    let link = async || {
        let link = world
            .second("POST", "/v2/core/account_links", asked.clone())
            .await
            .ok();
        let url = link["url"].as_str().unwrap_or_default().to_owned();
        let place = url.find("/local/").unwrap_or(0);
        url.get(place..).unwrap_or_default().to_owned()
    };
    let page = link().await;
    let goes = |answer: &crate::support::Answer| answer.header("location").to_owned();
    assert_eq!(
        goes(&world.submit(&page, "").await),
        "http://127.0.0.1/back"
    );
    assert_eq!(
        goes(&world.submit(&page, "").await),
        "http://127.0.0.1/again"
    );
    let read = world
        .get(&format!("/v1/accounts/{}", id(&account)))
        .await
        .ok();
    assert_eq!(read["capabilities"]["transfers"], "active");
    assert!(world.told().await.contains(
        &"v2.core.account[configuration.recipient].capability_status_updated".to_owned()
    ));
    let late = link().await;
    world.advance(301).await;
    assert_eq!(
        goes(&world.submit(&late, "").await),
        "http://127.0.0.1/again"
    );
}
