//! What could not be delivered is shown to the operator, with what to do.

use journeys::{Browser, World, admin};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_no_function_could_take_is_on_the_overview_with_its_age_and_what_to_do() {
    let world = World::start().await;
    let operator = admin(&world).await;
    let overview = operator.get("/admin").await.text;
    assert!(
        overview.contains("<strong>0</strong> événements non livrés"),
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
            "Relire chez Stripe",
        ] {
            assert!(list.contains(words), "{words} is not in {list}");
        }
    }
}
