//! What a professional runs the day from: figures, the archive, the address for calendar applications.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiff::{SignedDuration, Timestamp};
use journeys::{Answer, Browser, Client, Professional, World};
use serde_json::{Value, json};

const PERSON: (&str, &str) = (
    "user-agent",
    "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
);

fn at(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

fn month(at: Timestamp) -> String {
    domain::statistics::Month::at(at).to_string()
}

async fn visit(browser: &Browser, address: &str, program: (&str, &str)) -> Answer {
    browser.send("GET", address, &[program], Vec::new()).await
}

/// A mission that is done and validated.
async fn performed(
    world: &World,
    client: &Client,
    professional: &Professional,
    mission: &Value,
) -> String {
    let id = client.book(world, mission).await;
    professional.act(&id, "accept", json!({})).await.ok();
    world.settle().await;
    world
        .advance_to(at(&mission["end"]) + SignedDuration::from_mins(10))
        .await;
    client.sign_in().await;
    professional.sign_in().await;
    professional.act(&id, "complete", json!({})).await.ok();
    client
        .browser
        .post(&format!("/api/bookings/{id}/validate"), json!({}))
        .await
        .ok();
    world.settle().await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_those_of_what_happened_and_nobody_elses() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let other = Professional::open(&world, "Rempart", 1, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let visitor = world.browser();
    let slug = professional
        .browser
        .get("/api/professional/page")
        .await
        .ok()["slug"]
        .as_str()
        .unwrap()
        .to_owned();

    // Two visits by people count; a robot's and the professional's do not.
    visit(&visitor, &format!("/professionnels/{slug}"), PERSON).await;
    visit(&visitor, &format!("/api/professionals/{slug}"), PERSON).await;
    visit(
        &visitor,
        &format!("/professionnels/{slug}"),
        ("user-agent", "Googlebot/2.1"),
    )
    .await;
    visit(
        &professional.browser,
        &format!("/api/professionals/{slug}"),
        PERSON,
    )
    .await;

    let began = world.now().await;
    let refused = professional.mission(&world, 12, 9, 8, 1).await;
    let refused = client.book(&world, &refused).await;
    world.advance(30 * 60).await;
    professional.sign_in().await;
    client.sign_in().await;
    professional
        .act(
            &refused,
            "refuse",
            json!({ "reason": "Mon équipe est prise ce jour-là." }),
        )
        .await
        .ok();
    let mission = professional.mission(&world, 10, 9, 8, 2).await;
    let id = performed(&world, &client, &professional, &mission).await;
    let paid = professional.booking(&id).await.ok()["money"]["transferred"].clone();
    assert!(paid.as_i64().unwrap() > 0, "{paid}");

    professional.sign_in().await;
    other.sign_in().await;
    let period = format!("from={}&to={}", month(began), month(world.now().await));
    let statistics = |browser: Browser| {
        let period = period.clone();
        async move {
            browser
                .get(&format!("/api/professional/statistics?{period}"))
                .await
                .ok()
        }
    };
    // Without a period: the last six months by the server's clock.
    let usual = professional
        .browser
        .get("/api/professional/statistics")
        .await
        .ok();
    let months = usual["months"].as_array().unwrap();
    assert_eq!(months.len(), 6, "{usual}");
    assert_eq!(months[5]["month"], month(world.now().await));

    let counted = statistics(professional.browser).await;
    let total = &counted["total"];
    assert_eq!(total["views"], 2, "{counted}");
    assert_eq!(total["requests"], 2);
    assert_eq!(
        (&total["accepted"], &total["refused"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(total["acceptance_percent"], 50);
    assert_eq!(total["answer_minutes"], 15);
    assert_eq!(total["missions"], 1);
    assert_eq!(total["agent_minutes"], 2 * 8 * 60);
    assert_eq!(total["revenue"], paid);
    assert_eq!(total["rating_tenths"], Value::Null);

    let nothing = statistics(other.browser).await;
    assert_eq!(nothing["total"]["views"], 0, "{nothing}");
    assert_eq!(nothing["total"]["requests"], 0);
    assert_eq!(nothing["total"]["revenue"], 0);

    for (query, status, code) in [
        ("from=2026-12&to=2026-11", 422, "period_reversed"),
        ("from=2020-01&to=2026-11", 422, "period_too_long"),
        ("from=hier&to=2026-11", 400, "field_invalid"),
        ("to=demain", 400, "field_invalid"),
    ] {
        let professional = world.browser();
        professional.set_cookie("session", &other_session(&world, "Bastion").await);
        let answer = professional
            .get(&format!("/api/professional/statistics?{query}"))
            .await;
        answer.refused(status, code);
    }
    client.sign_in().await;
    client
        .browser
        .get(&format!("/api/professional/statistics?{period}"))
        .await
        .refused(403, "wrong_role");
}

/// A new session of a professional of this name.
async fn other_session(world: &World, name: &str) -> String {
    let browser = world.browser();
    let email = format!("{}@pro.exemple.fr", name.to_lowercase());
    browser
        .post(
            "/api/session",
            json!({ "email": email, "password": "Nouveau-Secret-77" }),
        )
        .await
        .ok();
    browser.cookie("session").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_party_archives_for_itself_and_only_what_is_over() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let stranger = Professional::open(&world, "Rempart", 1, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.book(&world, &mission).await;
    let address = format!("/api/bookings/{id}/archive");
    let archive = json!({ "archived": true });
    for browser in [&client.browser, &professional.browser] {
        browser
            .put(&address, archive.clone())
            .await
            .refused(409, "booking_not_over");
    }
    professional
        .act(
            &id,
            "refuse",
            json!({ "reason": "Mon équipe est prise ce jour-là." }),
        )
        .await
        .ok();
    stranger
        .browser
        .put(&address, archive.clone())
        .await
        .refused(404, "not_found");
    // Twice is fine, and the client sees what they saw.
    for _ in 0..2 {
        let seen = professional
            .browser
            .put(&address, archive.clone())
            .await
            .ok();
        assert_eq!(seen["archived"], true);
    }
    let listed = professional
        .browser
        .get("/api/professional/bookings")
        .await
        .ok();
    assert_eq!(listed["bookings"][0]["archived"], true);
    assert_eq!(client.booking(&id).await["archived"], false);
    let back = professional
        .browser
        .put(&address, json!({ "archived": false }))
        .await
        .ok();
    assert_eq!(back["archived"], false);
    // The client never chose: 90 days do. The professional took it out, and it stays out.
    world.advance(90 * 24 * 3600).await;
    client.sign_in().await;
    professional.sign_in().await;
    assert_eq!(client.booking(&id).await["archived"], true);
    assert_eq!(professional.booking(&id).await.ok()["archived"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_application_reads_accepted_missions_until_the_address_changes() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let first = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.book(&world, &first).await;
    professional.act(&id, "accept", json!({})).await.ok();
    let waiting = professional.mission(&world, 12, 9, 8, 1).await;
    let waiting = client.book(&world, &waiting).await;

    let calendar = "/api/professional/calendar";
    let own = professional.browser.get(calendar).await.ok();
    assert_eq!(own["feed"], Value::Null);
    let renew = |open: bool| {
        let asked = professional
            .browser
            .post("/api/professional/calendar/feed", json!({ "open": open }));
        async move {
            let answer = asked.await.ok();
            answer["feed"].as_str().map(str::to_owned)
        }
    };
    let feed = renew(true).await.unwrap();
    assert_eq!(
        professional.browser.get(calendar).await.ok()["feed"],
        json!(feed)
    );
    let site = world.site.clone();
    let read = |feed: &str| {
        let path = feed.strip_prefix(&site).unwrap().to_owned();
        let application = world.browser();
        async move { application.get(&path).await }
    };
    let seen = read(&feed).await;
    assert_eq!(seen.status, 200);
    assert_eq!(
        seen.headers.get("content-type").unwrap(),
        "text/calendar; charset=utf-8"
    );
    let text = seen.text.replace("\r\n ", "");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "{text}");
    assert!(text.contains(&id) && !text.contains(&waiting), "{text}");
    assert!(text.contains("DTSTART:"), "{text}");
    assert!(!text.contains("rue"), "{text}");

    // A new address: the old one does not exist any more, nor does one that somebody guesses.
    let renewed = renew(true).await.unwrap();
    assert_ne!(feed, renewed);
    read(&feed).await.refused(404, "not_found");
    assert_eq!(read(&renewed).await.status, 200);
    let guessed = renewed.replace(".ics", "x.ics");
    read(&guessed).await.refused(404, "not_found");
    assert_eq!(renew(false).await, None);
    read(&renewed).await.refused(404, "not_found");
    read(&feed).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_has_something_on_every_screen_once_it_lived_some_days() {
    let world = World::start().await;
    let before = world.now().await;
    let browser = world.browser();
    let lived = browser.post("/local/demo/week", json!({})).await.ok();
    assert_eq!(lived["lived"], true, "{lived}");
    assert!(at(&lived["now"]) > before + SignedDuration::from_hours(48));
    let again = browser.post("/local/demo/week", json!({})).await.ok();
    assert_eq!(
        again,
        json!({ "lived": false }),
        "a second time changes nothing"
    );

    let enter = async |email: &str| {
        let browser = world.browser();
        let credentials = json!({ "email": email, "password": local::demo::PASSWORD });
        browser.post("/api/session", credentials).await.ok();
        browser
    };
    let states = async |email: &str| {
        let bookings = enter(email).await.get("/api/bookings").await.ok();
        let of_this_week = |booking: &&Value| {
            !booking["reference"]
                .as_str()
                .unwrap()
                .starts_with("MAS-DEMO")
        };
        let bookings = bookings["bookings"].as_array().unwrap();
        let mut states: Vec<String> = bookings
            .iter()
            .filter(of_this_week)
            .map(|booking| booking["state"].as_str().unwrap().to_owned())
            .collect();
        states.sort();
        states
    };
    let camille = states("camille@demo.monagentdesecu.fr").await;
    assert_eq!(
        camille,
        ["refused", "requested", "under_claim", "validated"]
    );
    let festival = states("festival@demo.monagentdesecu.fr").await;
    assert_eq!(festival, ["accepted", "accepted"]);
    let rex = enter("rex@demo.monagentdesecu.fr").await;
    let conversations = rex.get("/api/conversations").await.ok();
    assert_eq!(
        conversations["conversations"][0]["unread"], 1,
        "{conversations}"
    );

    // The operator has a registration, a review and a claim to look at; nothing went wrong meanwhile.
    let overview = journeys::admin(&world).await.get("/admin").await.text;
    for task in [
        "inscription à examiner",
        "avis à modérer",
        "réclamation en cours",
    ] {
        assert!(overview.contains(task), "{task}");
    }
    let letters = browser.get("/local/dead-letters").await.ok();
    assert_eq!(letters, json!([]));

    // Screens count from the time that answers tell.
    let told = enter("rex@demo.monagentdesecu.fr")
        .await
        .get("/api/health")
        .await;
    let told = told.headers["date"].to_str().unwrap().to_owned();
    let told = jiff::fmt::rfc2822::parse(&told).unwrap().timestamp();
    assert!(
        told >= at(&lived["now"]) - SignedDuration::from_secs(1),
        "{told}"
    );
}
