//! Coming back: kept places and favourites, alerts, the mission in one's own calendar.

use jiff::{SignedDuration, Timestamp};
use journeys::{Client, Professional, World};
use serde_json::{Value, json};

fn site(name: &str) -> Value {
    json!({
        "name": name, "address": "12 rue de la République", "postal_code": "69002", "town": "lyon",
        "context": { "site": "Chantier", "public_road": false, "public_expected": false,
            "risks": "", "instructions": "Sonner au portail" },
        "contact": { "name": "Dominique Leroy", "phone": "06 98 76 54 32" },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn places_and_favourites_are_kept_for_their_client_alone() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let stranger = Client::sign_up(&world, "Dominique").await;
    let browser = &client.browser;
    assert_eq!(
        browser.get("/api/account/sites").await.ok(),
        json!({ "sites": [] })
    );
    let kept = browser
        .put("/api/account/sites", json!({ "sites": [site("Dépôt")] }))
        .await
        .ok();
    assert_eq!(
        kept["sites"][0]["town"], "Lyon",
        "as the table of communes names it"
    );
    assert_eq!(browser.get("/api/account/sites").await.ok(), kept);
    assert_eq!(
        stranger.browser.get("/api/account/sites").await.ok()["sites"],
        json!([])
    );
    let twice = json!({ "sites": [site("Dépôt"), site("dépôt")] });
    browser
        .put("/api/account/sites", twice)
        .await
        .refused(422, "site_name_invalid");
    let mut elsewhere = site("Dépôt");
    elsewhere["town"] = json!("Marseille");
    let elsewhere = json!({ "sites": [elsewhere] });
    browser
        .put("/api/account/sites", elsewhere)
        .await
        .refused(422, "site_place_invalid");
    assert_eq!(
        browser.get("/api/account/sites").await.ok(),
        kept,
        "nothing half written"
    );

    let favourite = format!("/api/account/favourites/{}", professional.id);
    let chosen = browser
        .put(&favourite, json!({ "wanted": true }))
        .await
        .ok();
    assert_eq!(chosen["favourites"][0]["name"], "Bastion");
    let again = browser
        .put(&favourite, json!({ "wanted": true }))
        .await
        .ok();
    assert_eq!(again["favourites"].as_array().unwrap().len(), 1);
    let nobody = "/api/account/favourites/pro_00000000000000000000000000";
    browser
        .put(nobody, json!({ "wanted": true }))
        .await
        .refused(404, "not_found");
    journeys::hold_to_stored_shapes(&world).await;
    let dropped = browser
        .put(&favourite, json!({ "wanted": false }))
        .await
        .ok();
    assert_eq!(dropped["favourites"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_to_call_is_who_the_client_named_and_the_mission_is_in_the_calendar_as_it_changes()
 {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 20, 20, 8, 1).await;
    let mut order = client.order(&mission).await;
    order["contact"] = json!({ "name": "06 12", "phone": "06 98 76 54 32" });
    let refused = client.browser.post("/api/bookings", order.clone()).await;
    refused.refused(422, "contact_name_invalid");
    order["contact"]["name"] = json!("Dominique Leroy");
    let booking = client.browser.post("/api/bookings", order).await.ok();
    let id = booking["id"].as_str().unwrap();
    let calendar = format!("/api/bookings/{id}/calendar");
    client
        .browser
        .get(&calendar)
        .await
        .refused(409, "booking_state_changed");
    client.pay(&world, id, "4242424242424242").await;
    let seen = professional.booking(id).await.ok();
    assert_eq!(seen["coordinates"], Value::Null);

    let link = client.browser.get(&calendar).await.ok();
    let address = link["url"]
        .as_str()
        .unwrap()
        .strip_prefix(&world.site)
        .unwrap();
    let anybody = world.browser();
    let read = async || anybody.get(address).await.text.replace("\r\n ", "");
    let asked = read().await;
    let uid = format!("UID:{id}@monagentdesecu.com\r\n");
    for line in [uid.as_str(), "SEQUENCE:0\r\n", "STATUS:TENTATIVE\r\n"] {
        assert!(asked.contains(line), "{line} in {asked}");
    }
    professional.act(id, "accept", json!({})).await.ok();
    let seen = professional.booking(id).await.ok();
    assert_eq!(seen["coordinates"]["contact"]["name"], "Dominique Leroy");
    let confirmed = read().await;
    for line in [
        uid.as_str(),
        "SEQUENCE:1\r\n",
        "STATUS:CONFIRMED\r\n",
        "12 rue de la République",
    ] {
        assert!(confirmed.contains(line), "{line} in {confirmed}");
    }
    let mail = world.mail(&client.email, "accepte votre mission").await;
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains(address), "{text}");
    let now = client.booking(id).await;
    let refund = &now["cancellation"]["refund"];
    let cancel = format!("/api/bookings/{id}/cancel");
    client
        .browser
        .post(&cancel, json!({ "refund": refund }))
        .await
        .ok();
    let cancelled = read().await;
    for line in [uid.as_str(), "SEQUENCE:2\r\n", "STATUS:CANCELLED\r\n"] {
        assert!(cancelled.contains(line), "{line} in {cancelled}");
    }
    // Another's address, or one that we did not make, does not exist.
    let other = Client::sign_up(&world, "Dominique").await;
    other.browser.get(&calendar).await.refused(404, "not_found");
    let wrong = format!("/api/calendars/missions/{id}.x.ics");
    anybody.get(&wrong).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_tells_once_when_somebody_is_free_and_can_be_ended_from_the_mail() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let busy = Client::sign_up(&world, "Dominique").await;
    let mission = professional.mission(&world, 10, 20, 8, 1).await;
    let booking = busy.book(&world, &mission).await;
    let alert = json!({ "activity": "human_surveillance", "place": "Lyon (69)",
        "start": mission["start"], "end": mission["end"], "agents": 1 });
    let set = client.browser.post("/api/alerts", alert.clone()).await.ok();
    assert_eq!(set["state"], "waiting");
    let again = client.browser.post("/api/alerts", alert.clone()).await.ok();
    assert_eq!(again["id"], set["id"], "asked twice, one alert");
    let mut never = alert.clone();
    never["agents"] = json!(15);
    client.browser.post("/api/alerts", never).await.ok();
    world.advance(3_600).await;
    let told = async || {
        let mails = world.mails_to(&client.email).await;
        let about = |mail: &&Value| mail["subject"].as_str().unwrap().contains("est libre");
        mails.iter().filter(about).cloned().collect::<Vec<_>>()
    };
    assert_eq!(told().await.len(), 0, "the only agent is taken");
    professional.sign_in().await;
    let reason = json!({ "reason": "Complet ce jour-là" });
    professional.act(&booking, "refuse", reason).await.ok();
    world.settle().await;
    world.advance(3_600).await;
    let mails = told().await;
    assert_eq!(mails.len(), 1);
    let text = mails[0]["text"].as_str().unwrap();
    assert!(
        text.contains("/recherche?activite=human_surveillance&lieu=Lyon%20%2869%29&date="),
        "{text}"
    );
    world.advance(3_600).await;
    world.repeat_every_event().await;
    assert_eq!(told().await.len(), 1, "told once");
    client.sign_in().await;
    let mine = client.browser.get("/api/alerts").await.ok();
    let states: Vec<&str> = mine["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["waiting", "told"]);
    journeys::hold_to_stored_shapes(&world).await;

    // The mail's link ends what still waits, without signing in; twice is fine.
    let (_, token) = text.split_once("jeton=").unwrap();
    let token = token.split_whitespace().next().unwrap().to_owned();
    let anybody = world.browser();
    let leave = |token: String| anybody.post("/api/alerts/leave", json!({ "token": token }));
    assert_eq!(leave(token.clone()).await.ok()["ended"], 1);
    assert_eq!(leave(token).await.ok()["ended"], 0);
    leave("alr_x.y".to_owned())
        .await
        .refused(410, "link_expired");
    let stranger = format!("/api/alerts/{}/end", set["id"].as_str().unwrap());
    busy.sign_in().await;
    busy.browser
        .post(&stranger, json!({}))
        .await
        .refused(404, "not_found");
    client.browser.post(&stranger, json!({})).await.ok();
    // In the past, or for nobody's place, no alert is set.
    let mut past = alert.clone();
    let start: Timestamp = alert["start"].as_str().unwrap().parse().unwrap();
    past["start"] = json!((start - SignedDuration::from_hours(24 * 40)).to_string());
    past["end"] = json!((start - SignedDuration::from_hours(24 * 40 - 4)).to_string());
    client
        .browser
        .post("/api/alerts", past)
        .await
        .refused(422, "mission_in_past");
}
