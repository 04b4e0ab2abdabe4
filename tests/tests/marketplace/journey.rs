//! One booking, from registration to payout, as people live it: over HTTP, with the clock moved.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiff::SignedDuration;
use journeys::{Client, Professional, World, admin};
use serde_json::{Value, json};

fn at(value: &Value) -> jiff::Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_goes_from_registration_to_payout_and_review() {
    let world = World::start().await;

    // A professional registers, is accepted, activates, publishes.
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    world.mail("bastion@pro.exemple.fr", "acceptée").await;

    // Anyone finds them, at the total price.
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 20, 8, 1).await;
    let (start, end) = (
        mission["start"].as_str().unwrap(),
        mission["end"].as_str().unwrap(),
    );
    let found = world
        .browser()
        .get(&format!(
            "/api/search?activity=human_surveillance&place=Lyon&start={start}&end={end}&agents=1"
        ))
        .await
        .ok();
    let quote = client
        .browser
        .post("/api/quotes", mission.clone())
        .await
        .ok();
    assert_eq!(found["results"][0]["total"], quote["total"], "{found}");
    assert_eq!(found["results"][0]["offer"], mission["offer"]);
    assert_eq!(quote["price"]["cnaps_tax"], 0);
    // 8 h of a Tuesday night: 1 h by day, 7 h by night, and travel; VAT 20 %; commission 12 %.
    let excluding_tax = 2600 + 7 * 2860 + 1500;
    let professional_total = excluding_tax + excluding_tax / 5;
    assert_eq!(quote["price"]["professional_total"], professional_total);
    let commission = (professional_total * 12 + 50) / 100;
    assert_eq!(quote["total"], professional_total + commission);

    // The client orders; the professional knows nothing until the card is authorised.
    let booking = client.request(&mission).await.ok();
    let id = booking["id"].as_str().unwrap();
    assert_eq!(booking["state"], "awaiting_payment");
    assert_eq!(
        professional
            .browser
            .get("/api/professional/bookings")
            .await
            .ok()["bookings"],
        json!([])
    );
    professional.booking(id).await.refused(404, "not_found");
    client.pay(&world, id, "4242424242424242").await;
    let booking = client.booking(id).await;
    assert_eq!(
        (&booking["state"], &booking["payment"]),
        (&json!("requested"), &json!("authorised"))
    );
    assert_eq!(
        at(&booking["respond_by"]),
        at(&booking["requested_at"]) + SignedDuration::from_hours(48)
    );
    world
        .mail("camille@exemple.fr", booking["reference"].as_str().unwrap())
        .await;
    world.mail("bastion@pro.exemple.fr", "demande").await;

    // Coordinates are hidden until acceptance, in the list and in the booking.
    let seen = professional.booking(id).await.ok();
    assert_eq!(seen["coordinates"], Value::Null);
    let listed = professional
        .browser
        .get("/api/professional/bookings")
        .await
        .ok();
    for hidden in ["12 rue de la République", "612345678", "Martin"] {
        assert!(
            !seen.to_string().contains(hidden) && !listed.to_string().contains(hidden),
            "{hidden}"
        );
    }

    let order = format!("/api/bookings/{id}/order");
    client
        .browser
        .get(&order)
        .await
        .refused(409, "order_not_ready");

    // The professional accepts: debited, coordinates shared, agents named to the client.
    professional
        .act(
            id,
            "accept",
            json!({ "advice": "Prévoyez un local chauffé." }),
        )
        .await
        .ok();
    world.settle().await;
    let booking = client.booking(id).await;
    assert_eq!(
        (&booking["state"], &booking["payment"]),
        (&json!("accepted"), &json!("captured"))
    );
    assert_eq!(booking["money"]["held"], quote["total"]);
    assert_eq!(booking["assigned_agents"].as_array().unwrap().len(), 1);
    let seen = professional.booking(id).await.ok();
    assert_eq!(seen["coordinates"]["contact"]["phone"], "+33612345678");
    assert_eq!(seen["coordinates"]["address"], "12 rue de la République");
    // The order is the same document for both, and for nobody else.
    let links = [
        client.browser.get(&order).await.ok(),
        professional.browser.get(&order).await.ok(),
    ];
    assert_eq!(links[0]["sha256"], links[1]["sha256"]);
    let file = client.browser.get(links[0]["url"].as_str().unwrap()).await;
    assert!(file.text.starts_with("%PDF-"), "{}", file.status);
    let stranger = Client::sign_up(&world, "Paul").await;
    stranger.browser.get(&order).await.refused(404, "not_found");

    // Too early to declare done; after the mission, done, then validated: paid once.
    professional
        .act(id, "complete", json!({}))
        .await
        .refused(422, "mission_not_over");
    world
        .advance_to(at(&mission["end"]) + SignedDuration::from_mins(5))
        .await;
    professional.sign_in().await;
    professional.act(id, "complete", json!({})).await.ok();
    client.sign_in().await;
    world.mail("camille@exemple.fr", "valid").await;
    client
        .browser
        .post(&format!("/api/bookings/{id}/validate"), json!({}))
        .await
        .ok();
    client
        .browser
        .post(&format!("/api/bookings/{id}/validate"), json!({}))
        .await
        .refused(409, "booking_state_changed");
    world.settle().await;
    let booking = client.booking(id).await;
    assert_eq!(
        (&booking["state"], &booking["payment"]),
        (&json!("validated"), &json!("captured"))
    );
    let money = &booking["money"];
    assert_eq!(
        (&money["transferred"], &money["commission"], &money["held"]),
        (&json!(professional_total), &json!(commission), &json!(0))
    );
    let transfers = world
        .browser()
        .get("/local/stripe/objects?kind=transfer")
        .await
        .ok();
    let transfers = transfers["data"]
        .as_array()
        .or(transfers.as_array())
        .unwrap();
    assert_eq!(transfers.len(), 1);
    assert_eq!(transfers[0]["amount"], professional_total);
    world.mail("bastion@pro.exemple.fr", "pa").await;

    // The client reviews; it shows once the operator published it, with both dates.
    let review = json!({ "rating": 5, "punctuality": 5, "professionalism": 4, "communication": 5, "comment": "Équipe ponctuelle et discrète." });
    let written = client
        .browser
        .post(&format!("/api/bookings/{id}/review"), review.clone())
        .await
        .ok();
    client
        .browser
        .post(&format!("/api/bookings/{id}/review"), review)
        .await
        .refused(422, "review_exists");
    let operator = admin(&world).await;
    let page = find_slug(&world, &mission).await;
    let reviews = |world: &World, page: &str| {
        let (browser, page) = (world.browser(), page.to_owned());
        async move {
            browser
                .get(&format!("/api/professionals/{page}/reviews"))
                .await
                .ok()
        }
    };
    assert_eq!(reviews(&world, &page).await["reviews"], json!([]));
    let review = written["id"]
        .as_str()
        .or(written["review"].as_str())
        .unwrap()
        .to_owned();
    operator
        .post(&format!("/api/admin/reviews/{review}/publish"), json!({}))
        .await
        .ok();
    world.settle().await;
    let shown = reviews(&world, &page).await;
    assert_eq!(shown["reviews"].as_array().unwrap().len(), 1, "{shown}");
    assert!(shown.to_string().contains("Camille M."));

    // The professional's evaluation is for the operator alone.
    let evaluation = json!({ "rating": 2, "clarity": 3, "welcome": 4, "safety": 4, "comment": "Consignes confuses zz9." });
    professional.act(id, "evaluation", evaluation).await.ok();
    for address in [
        format!("/api/bookings/{id}"),
        "/api/bookings".to_owned(),
        "/api/account".to_owned(),
    ] {
        assert!(!client.browser.get(&address).await.text.contains("zz9"));
    }
    let account = client.browser.get("/api/account").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let why = json!({ "reason": "Réclamation du client sur l’accueil", "case": id });
    let evaluations = operator
        .post(&format!("/api/admin/clients/{account}/evaluations"), why)
        .await
        .ok();
    assert!(evaluations.to_string().contains("zz9"));

    // Everything is in the activity log, with address and browser.
    let log = operator
        .get(&format!("/api/admin/activity?subject={id}"))
        .await
        .ok();
    for action in [
        "request-booking",
        "accept-booking",
        "capture-payment",
        "complete-mission",
        "validate-mission",
        "transfer-payment",
    ] {
        assert!(log.to_string().contains(action), "{action} is not in {log}");
    }
    assert!(log.to_string().contains("journeys/1.0") && log.to_string().contains("127.0.0.1"));
}

async fn find_slug(world: &World, mission: &Value) -> String {
    let offer = mission["offer"].as_str().unwrap();
    let read = world
        .browser()
        .get(&format!("/api/offers/{offer}"))
        .await
        .ok();
    read["slug"]
        .as_str()
        .or(read["professional"]["slug"].as_str())
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_answers_expires_after_reminders_and_the_card_is_released() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.book(&world, &mission).await;
    world.advance(24 * 3600 + 60).await;
    let reminders = |mails: &[Value]| {
        mails
            .iter()
            .filter(|mail| mail["text"].as_str().unwrap().contains(&id))
            .count()
    };
    let after_a_day = reminders(&world.mails_to("bastion@pro.exemple.fr").await);
    assert_eq!(after_a_day, 2, "the request and one reminder");
    world.advance(24 * 3600).await;
    client.sign_in().await;
    let booking = client.booking(&id).await;
    assert_eq!(
        (&booking["state"], &booking["payment"]),
        (&json!("expired"), &json!("released"))
    );
    assert_eq!(
        reminders(&world.mails_to("bastion@pro.exemple.fr").await),
        4,
        "one more reminder, and the expiry"
    );
    world.mail("camille@exemple.fr", "expir").await;
    professional.sign_in().await;
    professional
        .act(&id, "accept", json!({}))
        .await
        .refused(409, "booking_answered_too_late");
    // The agent is free again.
    let again = professional.mission(&world, 8, 9, 8, 1).await;
    client.browser.post("/api/quotes", again).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_client_is_reminded_twice_and_the_mission_validates_itself_after_72_hours() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 3, 9, 8, 1).await;
    let id = client.book(&world, &mission).await;
    professional.act(&id, "accept", json!({})).await.ok();
    world
        .advance_to(at(&mission["end"]) + SignedDuration::from_hours(2))
        .await;
    client.sign_in().await;
    assert_eq!(
        client.booking(&id).await["state"],
        "completed",
        "declared done an hour after the end"
    );
    let before = world.mails_to("camille@exemple.fr").await.len();
    world.advance(47 * 3600).await;
    assert_eq!(world.mails_to("camille@exemple.fr").await.len(), before + 2);
    world.advance(24 * 3600).await;
    client.sign_in().await;
    let booking = client.booking(&id).await;
    assert_eq!(
        (&booking["state"], &booking["payment"]),
        (&json!("validated"), &json!("captured"))
    );
    assert_eq!(booking["validated_automatically"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_refused_holds_the_agents_a_quarter_of_an_hour_and_nobody_is_told() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.request(&mission).await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = client.pay(&world, &id, "4000000000009995").await;
    assert!(
        refused.to_string().contains("insufficient_funds"),
        "{refused}"
    );
    assert_eq!(client.booking(&id).await["state"], "awaiting_payment");
    let other = Client::sign_up(&world, "Robin").await;
    other
        .browser
        .post("/api/quotes", mission.clone())
        .await
        .refused(409, "agents_unavailable");
    world.advance(15 * 60 + 61).await;
    client.sign_in().await;
    assert_eq!(client.booking(&id).await["state"], "abandoned");
    other
        .browser
        .post("/api/quotes", mission.clone())
        .await
        .ok();
    assert!(
        world
            .mails_to("bastion@pro.exemple.fr")
            .await
            .iter()
            .all(|mail| !mail["text"].as_str().unwrap().contains(&id))
    );
    client
        .browser
        .post(&format!("/api/bookings/{id}/checkout"), json!({}))
        .await
        .refused(409, "booking_state_changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_d_secure_authorises_once_the_bank_says_yes() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.request(&mission).await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let asked = client.pay(&world, &id, "4000002500003155").await;
    assert_eq!(asked["status"], "requires_action", "{asked}");
    assert_eq!(client.booking(&id).await["state"], "awaiting_payment");
    let session = client
        .browser
        .post(&format!("/api/bookings/{id}/checkout"), json!({}))
        .await
        .ok()["session"]
        .clone();
    client
        .browser
        .post(
            "/local/stripe/authenticate",
            json!({ "session": session, "outcome": "success" }),
        )
        .await
        .ok();
    world.settle().await;
    assert_eq!(client.booking(&id).await["state"], "requested");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_and_one_taken_back_give_the_card_and_the_agents_back() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.book(&world, &mission).await;
    professional
        .act(
            &id,
            "refuse",
            json!({ "reason": "Équipe déjà prise ce jour-là." }),
        )
        .await
        .ok();
    world.settle().await;
    let booking = client.booking(&id).await;
    assert_eq!(
        (&booking["state"], &booking["payment"]),
        (&json!("refused"), &json!("released"))
    );
    assert_eq!(booking["refusal_reason"], "Équipe déjà prise ce jour-là.");
    let id = client.book(&world, &mission).await;
    client
        .browser
        .post(&format!("/api/bookings/{id}/cancel"), json!({}))
        .await
        .ok();
    world.settle().await;
    let booking = client.booking(&id).await;
    assert_eq!(
        (&booking["state"], &booking["payment"]),
        (&json!("cancelled"), &json!("released"))
    );
    client.browser.post("/api/quotes", mission).await.ok();
}
