//! What could not be delivered is shown to the operator, with what to do.

use journeys::{Browser, Client, Professional, World, admin};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_no_function_could_take_is_on_the_overview_with_its_age_and_what_to_do() {
    let world = World::start().await;
    let operator = admin(&world).await;
    let overview = operator.get("/admin").await.text;
    assert!(
        overview.contains("<strong>0</strong> événement non livré"),
        "{overview}"
    );
    let list = operator.get("/admin/evenements").await.text;
    assert!(list.contains("Tout ce qui devait être livré"), "{list}");

    // Two events that no listener can read.
    let bus = Browser::new(&world.surroundings().aws_endpoint);
    let name = &world.surroundings().environment["EVENT_BUS"];
    for what in ["ReportDecided", "StripeNotified"] {
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
    world.advance(3 * 3600).await;
    let letters = world.browser().get("/local/dead-letters").await.ok();
    let letters = letters.as_array().unwrap().len();
    assert!(letters >= 2, "only {letters} were given up");
    world.advance(50 * 3600).await;
    let operator = admin(&world).await;
    let overview = operator.get("/admin").await.text;
    let tile = format!("<strong>{letters}, depuis 2 j</strong> événements non livrés");
    assert!(overview.contains(&tile), "{overview}");
    assert!(
        overview.contains("<strong>1</strong> avis de Stripe en échec"),
        "{overview}"
    );
    // Looking takes nothing away.
    for _ in 0..2 {
        let list = operator.get("/admin/evenements").await.text;
        for words in [
            "send-mail",
            "ReportDecided",
            "follow-stripe",
            "Reprendre le paiement",
        ] {
            assert!(list.contains(words), "{words} is not in {list}");
        }
    }
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
