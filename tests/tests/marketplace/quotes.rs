//! Quotes: one mission sent to several professionals, their prices side by side, one of them ordered.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiff::{SignedDuration, Timestamp};
use journeys::{Answer, Client, Professional, World, admin};
use serde_json::{Value, json};

/// What the site sends: the mission of one offer, asked of all of these.
fn asked(mission: &Value, of: &[&Professional]) -> Value {
    let offers: Vec<&str> = of.iter().map(|one| one.offer.as_str()).collect();
    json!({
        "offers": offers, "start": mission["start"], "end": mission["end"],
        "agents": mission["agents"], "postal_code": mission["postal_code"],
        "address": "12 rue de la République", "town": "Lyon",
        "context": { "site": "Chantier", "public_road": false, "public_expected": false,
            "risks": "Code 1234, ou 06 12 34 56 78", "instructions": "Sonner au portail" },
    })
}

async fn ask(client: &Client, mission: &Value, of: &[&Professional]) -> String {
    let body = asked(mission, of);
    let answer = client.browser.post("/api/quote-requests", body).await.ok();
    answer["id"].as_str().unwrap().to_owned()
}

async fn request(client: &Client, id: &str) -> Value {
    let address = format!("/api/quote-requests/{id}");
    client.browser.get(&address).await.ok()
}

/// What a professional sees of a request; the price by rates, or of a free total.
async fn to_give(professional: &Professional, id: &str, flat: Option<i64>) -> Value {
    let flat = flat.map_or_else(String::new, |cents| format!("?flat={cents}"));
    let address = format!("/api/professional/quote-requests/{id}{flat}");
    professional.browser.get(&address).await.ok()
}

/// Looks, then answers with what was shown.
async fn give(professional: &Professional, id: &str, flat: Option<i64>, hours: u16) -> Answer {
    let shown = to_give(professional, id, flat).await;
    let body = json!({
        "flat": flat, "conditions": "Parking à prévoir pour un véhicule", "valid_hours": hours,
        "expected_total": shown["price"]["total"],
    });
    let address = format!("/api/professional/quote-requests/{id}/quote");
    professional.browser.post(&address, body).await
}

/// The order of a quote, as the site sends it after the recap.
async fn order_of(client: &Client, id: &str, offer: &str) -> Value {
    let address = format!("/api/quote-requests/{id}/quotes/{offer}");
    let quote = client.browser.get(&address).await.ok();
    let request = request(client, id).await;
    let mission = &request["mission"];
    json!({
        "mission": { "offer": offer, "start": mission["start"], "end": mission["end"],
            "agents": mission["agents"], "postal_code": mission["place"]["postal_code"] },
        "address": mission["address"], "town": mission["place"]["town"],
        "context": mission["context"], "quote": id,
        "expected_total": quote["total"], "conditions_of_sale": quote["conditions_of_sale"],
        "withdrawal_information": true, "early_start_requested": true,
        "loss_of_withdrawal_acknowledged": true,
    })
}

async fn order(client: &Client, id: &str, offer: &str) -> Answer {
    let order = order_of(client, id, offer).await;
    client.browser.post("/api/bookings", order).await
}

fn state_of<'a>(request: &'a Value, professional: &Professional) -> &'a str {
    let mut asked = request["asked"].as_array().unwrap().iter();
    let one = asked.find(|one| one["professional"] == professional.id.as_str());
    one.unwrap()["state"].as_str().unwrap()
}

async fn three(world: &World) -> [Professional; 3] {
    [
        Professional::open(world, "Bastion", 0, 2).await,
        Professional::open(world, "Rempart", 1, 2).await,
        Professional::open(world, "Donjon", 2, 2).await,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn three_are_asked_two_answer_and_one_is_ordered_at_the_price_that_was_named() {
    let world = World::start().await;
    let [bastion, rempart, donjon] = three(&world).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = bastion.mission(&world, 10, 20, 8, 2).await;
    let id = ask(&client, &mission, &[&bastion, &rempart, &donjon]).await;
    let mail = world
        .mail(&rempart.email, "Demande de devis à Lyon (69)")
        .await;
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains(&format!("/pro/devis/{id}")), "{text}");
    for private in ["République", "Camille", "06 12 34 56 78"] {
        assert!(!mail.to_string().contains(private), "{private} in {mail}");
    }
    // What is seen before a contract: the mission, without address and coordinates.
    let listed = rempart
        .browser
        .get("/api/professional/quote-requests")
        .await
        .ok();
    assert_eq!(listed["requests"][0]["id"], id.as_str());
    let seen = to_give(&rempart, &id, None).await;
    assert_eq!(seen["request"]["state"], "awaited");
    assert_eq!(seen["request"]["mission"]["address"], Value::Null);
    for private in ["République", "Camille", "06 12"] {
        assert!(!seen.to_string().contains(private), "{private} in {seen}");
    }

    // Two agents for eight hours at night by the rates, then 400 € before VAT named freely.
    let by_rates = give(&bastion, &id, None, 48).await.ok();
    assert_eq!(by_rates["state"], "valid");
    let flat = to_give(&rempart, &id, Some(40_000)).await["price"].clone();
    // 400 € + 20 % = 480 €, + 12 % = 57,60 €.
    assert_eq!(flat["total"], 53_760);
    assert_eq!(flat["commission"], 5_760);
    assert_eq!(flat["lines"], json!([]));
    give(&rempart, &id, Some(40_000), 48).await.ok();
    let mail = world
        .mail(&client.email, "Devis de 537,60\u{a0}€ TTC")
        .await;
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.contains("33,60\u{a0}€"),
        "537,60 € for 16 hours: {text}"
    );
    assert!(text.contains(&format!("/devis/{id}")), "{text}");

    let compared = request(&client, &id).await;
    assert_eq!(compared["state"], "awaited", "Donjon may still answer");
    assert_eq!(state_of(&compared, &bastion), "valid");
    assert_eq!(state_of(&compared, &donjon), "awaited");
    let quote = &compared["asked"][1]["quote"];
    assert_eq!(
        (&quote["total"], &quote["hourly"]),
        (&json!(53_760), &json!(3_360))
    );
    assert_eq!(quote["conditions"], "Parking à prévoir pour un véhicule");

    // Ordering and paying concludes the contract at that price: nobody answers once more.
    let booking = order(&client, &id, &rempart.offer).await.ok();
    assert_eq!(booking["price"]["total"], 53_760);
    let booking = booking["id"].as_str().unwrap();
    assert_eq!(
        request(&client, &id).await["state"],
        "awaited",
        "not paid yet"
    );
    client.pay(&world, booking, "4242424242424242").await;
    let concluded = client.booking(booking).await;
    assert_eq!(concluded["state"], "accepted", "{concluded}");
    assert_eq!(concluded["money"]["captured"], 53_760);
    assert_eq!(concluded["advice"], "Parking à prévoir pour un véhicule");
    let over = request(&client, &id).await;
    assert_eq!(
        (&over["state"], &over["booking"]),
        (&json!("ordered"), &json!(booking))
    );
    assert_eq!(state_of(&over, &rempart), "ordered");
    assert_eq!(state_of(&over, &bastion), "not_chosen");
    world.mail(&bastion.email, "n’a pas été retenu").await;
    let donjon_mails = world.mails_to(&donjon.email).await;
    let told = donjon_mails
        .iter()
        .any(|mail| mail["subject"].as_str().unwrap().contains("retenu"));
    assert!(!told, "who did not quote is not told");
    // The client is told of the contract, not of a request that waits.
    world
        .mail(&client.email, "Rempart accepte votre mission")
        .await;
    let mails = world.mails_to(&client.email).await;
    let waits = mails.iter().any(|mail| {
        mail["subject"]
            .as_str()
            .unwrap()
            .contains("Demande envoyée")
    });
    assert!(!waits);
    let seen = rempart.booking(booking).await.ok();
    assert_eq!(seen["coordinates"]["address"], "12 rue de la République");

    // Everything once more changes nothing.
    world.repeat_every_event().await;
    assert_eq!(client.booking(booking).await, concluded);
    journeys::hold_to_stored_shapes(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_too_late_twice_or_from_somebody_hidden_is_refused_in_words() {
    let world = World::start().await;
    let [bastion, rempart, donjon] = three(&world).await;
    let client = Client::sign_up(&world, "Camille").await;
    let stranger = Client::sign_up(&world, "Dominique").await;
    let mission = bastion.mission(&world, 10, 20, 8, 2).await;
    // What cannot be asked.
    let post = |body: Value| client.browser.post("/api/quote-requests", body);
    post(asked(&mission, &[]))
        .await
        .refused(422, "quote_number_asked");
    let twice = asked(&mission, &[&bastion, &bastion]);
    post(twice).await.refused(422, "quote_asked_twice");
    let mut crowd = asked(&mission, &[&bastion]);
    crowd["agents"] = json!(3);
    post(crowd).await.refused(409, "agents_unavailable");
    let mut nowhere = asked(&mission, &[&bastion]);
    nowhere["town"] = json!("Marseille");
    post(nowhere)
        .await
        .refused(422, "postal_code_of_another_town");

    let id = ask(&client, &mission, &[&bastion, &rempart]).await;
    // Somebody else's does not exist.
    let address = format!("/api/quote-requests/{id}");
    stranger
        .browser
        .get(&address)
        .await
        .refused(404, "not_found");
    let own = format!("/api/professional/quote-requests/{id}");
    donjon.browser.get(&own).await.refused(404, "not_found");
    let quote = format!("{own}/quote");
    let body = json!({ "valid_hours": 24, "expected_total": 1 });
    donjon
        .browser
        .post(&quote, body.clone())
        .await
        .refused(404, "not_found");
    // A price that was not shown, a total out of bounds, a validity of nothing.
    bastion
        .browser
        .post(&quote, body)
        .await
        .refused(409, "price_changed");
    let low = json!({ "flat": 100, "valid_hours": 24, "expected_total": 1 });
    bastion
        .browser
        .post(&quote, low)
        .await
        .refused(422, "flat_price_out_of_range");
    give(&bastion, &id, None, 0)
        .await
        .refused(422, "quote_validity_invalid");
    // Nothing was written by any of these.
    assert_eq!(state_of(&request(&client, &id).await, &bastion), "awaited");

    give(&bastion, &id, None, 24).await.ok();
    let again = json!({ "valid_hours": 24, "expected_total": 1 });
    bastion
        .browser
        .post(&quote, again)
        .await
        .refused(409, "quote_answered_already");
    let decline = format!("{own}/decline");
    bastion
        .browser
        .post(&decline, json!({}))
        .await
        .refused(409, "quote_answered_already");
    // Another mission under the agreed price.
    let good = order_of(&client, &id, &bastion.offer).await;
    for (field, value) in [
        ("address", json!("13 rue de la République")),
        (
            "context",
            json!({ "site": "Bijouterie", "public_road": false, "public_expected": true }),
        ),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        let answer = client.browser.post("/api/bookings", bad).await;
        answer.refused(422, "quote_for_another_mission");
    }
    let mut longer = good.clone();
    longer["mission"]["agents"] = json!(1);
    let answer = client.browser.post("/api/bookings", longer).await;
    answer.refused(422, "quote_for_another_mission");
    let mut cheaper = good.clone();
    cheaper["expected_total"] = json!(1);
    let answer = client.browser.post("/api/bookings", cheaper).await;
    answer.refused(409, "price_changed");
    let quotes = format!("/api/quote-requests/{id}/quotes/{}", rempart.offer);
    client
        .browser
        .get(&quotes)
        .await
        .refused(409, "quote_not_given");
    let stolen = stranger.browser.post("/api/bookings", good.clone()).await;
    stolen.refused(404, "not_found");

    // Hidden meanwhile: neither answers nor is ordered.
    let operator = admin(&world).await;
    for professional in [&bastion, &rempart] {
        hide(&operator, professional).await;
    }
    let seen = to_give(&rempart, &id, None).await;
    assert_eq!(seen["price"], Value::Null);
    assert!(!seen["unavailable"].as_str().unwrap().is_empty());
    let body = json!({ "valid_hours": 24, "expected_total": 1 });
    let answer = rempart.browser.post(&quote, body).await;
    answer.refused(409, "professional_not_available");
    let answer = client.browser.post("/api/bookings", good.clone()).await;
    answer.refused(409, "professional_not_available");
}

async fn hide(operator: &journeys::Browser, professional: &Professional) {
    let form = [
        ("ground", "rights_of_others".to_owned()),
        ("text", "Photo d’un tiers sans son accord.".to_owned()),
    ];
    let address = format!("/admin/professionnels/{}/masquer", professional.id);
    let answer = operator.form(&address, &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlines_remind_end_and_refuse() {
    let world = World::start().await;
    let [bastion, rempart, donjon] = three(&world).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = bastion.mission(&world, 10, 20, 8, 2).await;
    let unanswered = ask(&client, &mission, &[&rempart, &donjon]).await;
    let short = ask(&client, &mission, &[&bastion]).await;
    give(&bastion, &short, None, 2).await.ok();
    let order = order_of(&client, &short, &bastion.offer).await;
    donjon
        .browser
        .post(
            &format!("/api/professional/quote-requests/{unanswered}/decline"),
            json!({}),
        )
        .await
        .ok();
    // 36 of 48 hours later those who have not answered are reminded; the short quote has ended.
    world.advance(37 * 3_600).await;
    client.sign_in().await;
    rempart.sign_in().await;
    world
        .mail(&client.email, "ne seront bientôt plus valables")
        .await;
    world.mail(&rempart.email, "Rappel à Lyon (69)").await;
    let reminded = world.mails_to(&donjon.email).await;
    let again = reminded
        .iter()
        .any(|mail| mail["subject"].as_str().unwrap().contains("Rappel"));
    assert!(!again, "who declined is left alone");
    assert_eq!(request(&client, &short).await["state"], "ended");
    let late = client.browser.post("/api/bookings", order).await;
    late.refused(409, "quote_ended");
    world.mail(&bastion.email, "n’a pas été retenu").await;

    world.advance(12 * 3_600).await;
    client.sign_in().await;
    rempart.sign_in().await;
    world
        .mail(&client.email, "Aucun devis pour votre mission")
        .await;
    let over = request(&client, &unanswered).await;
    assert_eq!(over["state"], "ended");
    assert_eq!(state_of(&over, &rempart), "missing");
    let body = json!({ "valid_hours": 24, "expected_total": 1 });
    let address = format!("/api/professional/quote-requests/{unanswered}/quote");
    let answer = rempart.browser.post(&address, body).await;
    answer.refused(409, "quote_request_closed");
    let mails = world.mails_to(&client.email).await.len();
    world.repeat_every_event().await;
    assert_eq!(
        world.mails_to(&client.email).await.len(),
        mails,
        "told once"
    );
    let page = client.browser.get("/api/quote-requests").await.ok();
    assert_eq!(page["requests"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_who_order_the_same_agents_and_one_who_orders_two_quotes_get_one_contract() {
    let world = World::start().await;
    let [bastion, rempart, _] = three(&world).await;
    let client = Client::sign_up(&world, "Camille").await;
    let other = Client::sign_up(&world, "Dominique").await;
    let mission = bastion.mission(&world, 10, 20, 8, 2).await;
    let id = ask(&client, &mission, &[&bastion, &rempart]).await;
    let others = ask(&other, &mission, &[&bastion]).await;
    give(&bastion, &id, None, 24).await.ok();
    give(&rempart, &id, Some(39_000), 24).await.ok();
    give(&bastion, &others, None, 24).await.ok();
    // Two clients, the same two agents: the first holds them, the other is told so.
    let order_of_other = order_of(&other, &others, &bastion.offer).await;
    let from_another_page = order_of(&client, &id, &bastion.offer).await;
    let first = order(&client, &id, &bastion.offer).await.ok();
    let second = other.browser.post("/api/bookings", order_of_other).await;
    second.refused(409, "agents_unavailable");
    assert_eq!(request(&other, &others).await["state"], "to_choose");

    // The same quote from a second page: the first page's payment goes on, no other agents are held.
    let twice = client.browser.post("/api/bookings", from_another_page);
    twice.await.refused(409, "quote_being_paid");
    let asked = &request(&client, &id).await["asked"];
    assert_eq!(asked[0]["paying"], first["id"]);
    assert_eq!(asked[1]["paying"], Value::Null);
    // One client orders both quotes of a request: the first card that is authorised counts.
    let also = order(&client, &id, &rempart.offer).await.ok();
    let [first, also] = [first, also].map(|one| one["id"].as_str().unwrap().to_owned());
    client.pay(&world, &also, "4242424242424242").await;
    client.pay(&world, &first, "4242424242424242").await;
    assert_eq!(client.booking(&also).await["state"], "accepted");
    let released = client.booking(&first).await;
    assert_eq!(released["state"], "refused", "{released}");
    assert_eq!(released["payment"], "released");
    assert_eq!(released["money"]["captured"], 0);
    let reason = released["refusal_reason"].as_str().unwrap();
    assert!(reason.contains("déjà commandé un devis"), "{reason}");
    let over = request(&client, &id).await;
    assert_eq!(over["booking"], also.as_str());
    // Its agents are free again: the other client's quote can be ordered.
    let booking = order(&other, &others, &bastion.offer).await.ok();
    let booking = booking["id"].as_str().unwrap();
    other.pay(&world, booking, "4242424242424242").await;
    assert_eq!(other.booking(booking).await["state"], "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_not_paid_leaves_the_quote_and_giving_the_request_up_ends_it() {
    let world = World::start().await;
    let [bastion, rempart, _] = three(&world).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = bastion.mission(&world, 10, 20, 8, 2).await;
    let id = ask(&client, &mission, &[&bastion, &rempart]).await;
    give(&bastion, &id, None, 24).await.ok();
    let unpaid = order(&client, &id, &bastion.offer).await.ok();
    world.advance(20 * 60).await;
    client.sign_in().await;
    let unpaid = client.booking(unpaid["id"].as_str().unwrap()).await;
    assert_eq!(unpaid["state"], "abandoned");
    let again = order(&client, &id, &bastion.offer).await.ok();
    assert_eq!(again["state"], "awaiting_payment");

    let withdraw = format!("/api/quote-requests/{id}/withdraw");
    let over = client.browser.post(&withdraw, json!({})).await.ok();
    assert_eq!(over["state"], "withdrawn");
    client
        .browser
        .post(&withdraw, json!({}))
        .await
        .refused(409, "quote_request_closed");
    world.mail(&bastion.email, "a abandonné sa demande").await;
    // What is paid for after that is not concluded: nothing is debited.
    let booking = again["id"].as_str().unwrap();
    client.pay(&world, booking, "4242424242424242").await;
    let ended = client.booking(booking).await;
    assert_eq!(
        (&ended["state"], &ended["payment"]),
        (&json!("refused"), &json!("released"))
    );
    // Too soon for quotes: less than an hour would be left to answer.
    let start: Timestamp = mission["start"].as_str().unwrap().parse().unwrap();
    world
        .advance_to(start - SignedDuration::from_mins(5 * 60 + 30))
        .await;
    client.sign_in().await;
    let body = asked(&mission, &[&rempart]);
    let answer = client.browser.post("/api/quote-requests", body).await;
    let code = answer.json["code"].as_str().unwrap().to_owned();
    assert!(
        ["quote_mission_too_soon", "mission_notice_too_short"].contains(&code.as_str()),
        "{code}"
    );
}
