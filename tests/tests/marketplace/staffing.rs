//! Who goes: the rules for each agent bind search, quote, order, acceptance and replacement alike.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use journeys::{Client, Professional, World};
use serde_json::{Value, json};

/// The mission, so many hours later.
fn later(mission: &Value, hours: i64) -> Value {
    let moved = |name: &str| {
        let at: Timestamp = mission[name].as_str().unwrap().parse().unwrap();
        (at + SignedDuration::from_hours(hours)).to_string()
    };
    let mut moved_mission = mission.clone();
    moved_mission["start"] = moved("start").into();
    moved_mission["end"] = moved("end").into();
    moved_mission
}

async fn staffing(professional: &Professional, booking: &str) -> Value {
    let address = format!("/api/bookings/{booking}/staffing");
    professional.browser.get(&address).await.ok()
}

/// The agents of a booking for whom something is true.
fn agents_that<'a>(staffing: &'a Value, what: &str) -> Vec<&'a str> {
    let agents = staffing["agents"].as_array().unwrap().iter();
    let those = agents.filter(|agent| agent[what] == true);
    those
        .map(|agent| agent["agent"].as_str().unwrap())
        .collect()
}

async fn replace(professional: &Professional, booking: &str, left: &str, came: &str) -> Value {
    let body = json!({ "left": left, "came": came });
    professional.act(booking, "replacements", body).await.ok()
}

/// The fault: two guards were sent 36 hours in a row while a third was free.
#[tokio::test(flavor = "multi_thread")]
async fn three_half_days_in_a_row_are_three_guards_and_the_fourth_waits_for_rest() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 3).await;
    let client = Client::sign_up(&world, "Camille").await;
    let first = professional.mission(&world, 10, 0, 12, 1).await;
    let mut sent = BTreeSet::new();
    for half_day in 0..3 {
        let id = client.book(&world, &later(&first, half_day * 12)).await;
        professional.act(&id, "accept", json!({})).await.ok();
        let staffing = staffing(&professional, &id).await;
        let goes = agents_that(&staffing, "sent");
        assert_eq!(goes.len(), 1);
        sent.insert(goes[0].to_owned());
    }
    assert_eq!(sent.len(), 3, "nobody twice");
    // Two are wanted for the half day after the second: only the first has rested.
    let two = json!(2);
    let mut crowded = later(&first, 24);
    crowded["agents"] = two;
    let answer = client.browser.post("/api/quotes", crowded).await;
    answer.refused(409, "agents_unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_changes_the_proposal_then_replaces_a_sick_guard_and_the_client_is_told() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 3).await;
    let client = Client::sign_up(&world, "Camille").await;
    let night = professional.mission(&world, 10, 20, 8, 1).await;
    let id = client.book(&world, &night).await;
    let asked = staffing(&professional, &id).await;
    assert_eq!(agents_that(&asked, "may_go").len(), 3);
    let all: Vec<String> = agents_that(&asked, "may_go")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let [held, chosen, third] = all.as_slice() else {
        panic!("three agents");
    };
    assert_eq!(agents_that(&asked, "sent"), [held.as_str()]);
    // What cannot be sent is refused, in words.
    for (agents, status, code) in [
        (json!([]), 422, "agents_number_wrong"),
        (json!([held, held]), 422, "agents_number_wrong"),
        (
            json!(["agt_00000000000000000000000000"]),
            422,
            "agent_unknown",
        ),
    ] {
        let body = json!({ "agents": agents });
        professional
            .act(&id, "accept", body)
            .await
            .refused(status, code);
    }
    let body = json!({ "agents": [chosen] });
    professional.act(&id, "accept", body).await.ok();
    let confirmed = client.booking(&id).await;
    assert_eq!(confirmed["assigned_agents"].as_array().unwrap().len(), 1);
    let card = confirmed["assigned_agents"][0]["card_number"]
        .as_str()
        .unwrap();
    let mail = world.mail(&client.email, "accepte votre mission").await;
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.contains(card) && text.contains("valable jusqu’au"),
        "{text}"
    );
    // Another mission the next morning is not for who comes home from the night.
    let morning = client.book(&world, &later(&night, 14)).await;
    professional.act(&morning, "accept", json!({})).await.ok();
    let seen = staffing(&professional, &morning).await;
    let goes = agents_that(&seen, "sent")[0].to_owned();
    assert_ne!(goes, *chosen);
    let tired = seen["agents"].as_array().unwrap().iter();
    let tired = tired.rev().find(|one| one["agent"] == *chosen).unwrap();
    assert_eq!(tired["may_go"], false);
    assert_eq!(tired["broken"][0]["constraint"], "minutes_between_shifts");
    let answer = professional
        .act(
            &morning,
            "replacements",
            json!({ "left": goes, "came": chosen }),
        )
        .await
        .refused(409, "agent_may_not_go");
    let detail = answer["detail"].as_str().unwrap();
    assert!(
        detail.contains("11\u{a0}h de repos") && detail.contains("Peut y aller"),
        "who and why: {detail}"
    );
    // The guard of the night is ill: one action.
    let other = if goes == *held { third } else { held };
    let now = replace(&professional, &id, chosen, other).await;
    assert_eq!(agents_that(&now, "sent"), [other.as_str()]);
    let again = replace(&professional, &id, chosen, other).await;
    assert_eq!(
        again["replacements"].as_array().unwrap().len(),
        1,
        "twice is once"
    );
    let mail = world.mail(&client.email, "à la place").await;
    let text = mail["text"].as_str().unwrap();
    let comes = &client.booking(&id).await["assigned_agents"][0];
    assert_ne!(comes["card_number"], card);
    assert!(
        text.contains(comes["card_number"].as_str().unwrap()),
        "{text}"
    );
    professional
        .act(&id, "replacements", json!({ "left": chosen, "came": held }))
        .await
        .refused(409, "agents_changed");
    // Somebody else's booking does not exist.
    let stranger = Professional::open(&world, "Rempart", 1, 1).await;
    stranger
        .act(&id, "replacements", json!({ "left": other, "came": held }))
        .await
        .refused(404, "not_found");
    let address = format!("/api/bookings/{id}/staffing");
    stranger
        .browser
        .get(&address)
        .await
        .refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_who_falls_ill_on_the_way_is_replaced_for_what_is_left() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 8, 8, 1).await;
    let id = client.book(&world, &mission).await;
    professional.act(&id, "accept", json!({})).await.ok();
    let before = staffing(&professional, &id).await;
    let sent = agents_that(&before, "sent")[0].to_owned();
    let may = agents_that(&before, "may_go");
    let other = (*may.iter().find(|agent| **agent != sent).unwrap()).to_owned();
    let start: Timestamp = mission["start"].as_str().unwrap().parse().unwrap();
    world
        .advance_to(start + SignedDuration::from_hours(3))
        .await;
    professional.sign_in().await;
    replace(&professional, &id, &sent, &other).await;
    // The one who went home may not come back for a night: three hours were worked.
    let mail = world.mail(&client.email, "à la place").await;
    assert!(mail["text"].as_str().unwrap().contains("depuis"), "{mail}");
    world
        .advance_to(start + SignedDuration::from_hours(8))
        .await;
    professional.sign_in().await;
    professional
        .act(&id, "replacements", json!({ "left": other, "came": sent }))
        .await
        .refused(409, "mission_over");
}

/// Two managers choose the last free agent at once for two missions of the same evening.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_two_managers_who_send_the_last_free_agent_one_is_told_whom_to_choose() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 3).await;
    let client = Client::sign_up(&world, "Camille").await;
    let evening = professional.mission(&world, 10, 18, 6, 1).await;
    let mut missions = Vec::new();
    // The second begins the next morning: other days of the agenda, and no rest between the two.
    for hours in [0, 12] {
        let id = client.book(&world, &later(&evening, hours)).await;
        professional.act(&id, "accept", json!({})).await.ok();
        let seen = staffing(&professional, &id).await;
        missions.push((id, agents_that(&seen, "sent")[0].to_owned()));
    }
    for _ in 0..20 {
        let seen = staffing(&professional, &missions[0].0).await;
        let busy: Vec<&str> = missions.iter().map(|(_, sent)| sent.as_str()).collect();
        let free = agents_that(&seen, "may_go");
        let last = *free.iter().find(|agent| !busy.contains(agent)).unwrap();
        let send = |(id, left): &(String, String)| {
            let body = json!({ "left": left, "came": last });
            let address = format!("/api/bookings/{id}/replacements");
            let browser = &professional.browser;
            async move { browser.post(&address, body).await }
        };
        let (one, two) = tokio::join!(send(&missions[0]), send(&missions[1]));
        let (won, lost) = match (one.status, two.status) {
            (200, 409) => (0, two),
            (409, 200) => (1, one),
            other => panic!("{other:?}"),
        };
        assert_eq!(lost.json["code"], "agent_may_not_go", "{}", lost.text);
        let freed = std::mem::replace(&mut missions[won].1, last.to_owned());
        let names = staffing(&professional, &missions[0].0).await;
        let named = names["agents"].as_array().unwrap().iter();
        let named = named
            .into_iter()
            .find(|one| one["agent"] == *freed)
            .unwrap();
        let detail = lost.json["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.contains(named["name"].as_str().unwrap()),
            "whom to choose: {detail}"
        );
    }
}

/// What cannot be assigned is not sold, and what is sold can be assigned.
#[tokio::test(flavor = "multi_thread")]
async fn search_quote_order_and_acceptance_say_the_same() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let first = professional.mission(&world, 10, 8, 6, 1).await;
    let (mut sold, mut refused) = (0, 0);
    // Hours after Tuesday 08:00, and how many agents: mornings, nights, both at once, a full week.
    for (hours, agents) in [
        (0, 1),
        (7, 1),
        (8, 2),
        (14, 1),
        (17, 1),
        (24, 2),
        (30, 1),
        (31, 2),
        (41, 1),
        (48, 1),
        (54, 1),
        (72, 2),
        (79, 2),
        (96, 2),
        (103, 1),
        (120, 1),
        (126, 1),
        (139, 1),
        (144, 2),
    ] {
        let mut mission = later(&first, hours);
        mission["agents"] = json!(agents);
        let (start, end) = (
            mission["start"].as_str().unwrap(),
            mission["end"].as_str().unwrap(),
        );
        let address = format!(
            "/api/search?activity=human_surveillance&place=Lyon&start={start}&end={end}&agents={agents}"
        );
        let found = client.browser.get(&address).await.ok();
        let found = !found["results"].as_array().unwrap().is_empty();
        let quote = client.browser.post("/api/quotes", mission.clone()).await;
        assert_eq!(found, quote.status == 200, "+{hours} h: {}", quote.text);
        if !found {
            assert_eq!(quote.json["code"], "agents_unavailable", "+{hours} h");
            refused += 1;
            continue;
        }
        let id = client.book(&world, &mission).await;
        let seen = staffing(&professional, &id).await;
        assert_eq!(
            agents_that(&seen, "proposed").len(),
            agents,
            "+{hours} h: {seen}"
        );
        professional.act(&id, "accept", json!({})).await.ok();
        world.settle().await;
        sold += 1;
    }
    assert!(sold >= 6 && refused >= 4, "{sold} sold, {refused} refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_away_is_neither_sold_nor_sent_and_what_they_had_is_to_be_given_again() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.book(&world, &mission).await;
    professional.act(&id, "accept", json!({})).await.ok();
    let before = staffing(&professional, &id).await;
    let ill = agents_that(&before, "sent")[0].to_owned();
    let other = agents_that(&before, "may_go")
        .into_iter()
        .find(|agent| *agent != ill)
        .unwrap()
        .to_owned();
    let day = &mission["start"].as_str().unwrap()[..10];
    let absences = "/api/professional/absences";
    let absence = |agent: &str, to: &str| json!({ "absences": [{ "agent": agent, "kind": "illness", "from": day, "to": to }] });
    let browser = &professional.browser;
    for (body, code) in [
        (absence(&ill, "2020-01-01"), "absence_dates_invalid"),
        (absence(&ill, "2099-01-01"), "absence_dates_invalid"),
        (
            absence("agt_00000000000000000000000000", day),
            "absence_agent_unknown",
        ),
    ] {
        browser.put(absences, body).await.refused(422, code);
    }
    browser.put(absences, absence(&ill, day)).await.ok();
    world.settle().await;
    let planning = format!("/api/professional/planning?day={day}");
    let week = browser.get(&planning).await.ok();
    let agents = week["agents"].as_array().unwrap();
    let row = agents.iter().find(|row| row["agent"] == *ill).unwrap();
    assert_eq!(row["minutes_by_week"], json!([8 * 60]));
    let shift = &row["shifts"][0];
    assert_eq!(
        [&shift["state"], &shift["activity"], &shift["movable"]],
        [
            &json!("accepted"),
            &json!("human_surveillance"),
            &json!(true)
        ]
    );
    assert_eq!(shift["rest_before"], json!(null), "the first of that week");
    // A month is whole weeks: the same shift is in one of them, and the others are empty.
    let month = browser.get(&format!("{planning}&span=month")).await.ok();
    let agents = month["agents"].as_array().unwrap();
    let of_month = agents.iter().find(|row| row["agent"] == *ill).unwrap();
    let minutes = of_month["minutes_by_week"].as_array().unwrap();
    assert!((4..=6).contains(&minutes.len()), "{minutes:?}");
    let worked: i64 = minutes.iter().filter_map(Value::as_i64).sum();
    assert_eq!(worked, 8 * 60);
    assert_eq!(of_month["shifts"], row["shifts"]);
    let broken = row["shifts"][0]["broken"][0].as_str().unwrap();
    assert!(broken.contains("absence jusqu’au"), "{broken}");
    // One is left, and sold once only; search says the same.
    let mut two = mission.clone();
    two["agents"] = json!(2);
    client
        .browser
        .post("/api/quotes", two)
        .await
        .refused(409, "agents_unavailable");
    let (start, end) = (
        mission["start"].as_str().unwrap(),
        mission["end"].as_str().unwrap(),
    );
    let found = |agents: u8| {
        format!(
            "/api/search?activity=human_surveillance&place=Lyon&start={start}&end={end}&agents={agents}"
        )
    };
    let results = client.browser.get(&found(1)).await.ok();
    assert_eq!(results["results"].as_array().unwrap().len(), 1);
    replace(&professional, &id, &ill, &other).await;
    world.settle().await;
    let results = client.browser.get(&found(1)).await.ok();
    assert_eq!(results["results"], json!([]));
    let week = browser.get(&planning).await.ok();
    let shifts = week["agents"].as_array().unwrap().iter();
    let open = shifts.flat_map(|row| row["shifts"].as_array().unwrap());
    let open: Vec<&Value> = open.filter(|shift| shift["broken"] != json!([])).collect();
    assert_eq!(open, [] as [&Value; 0]);
}
