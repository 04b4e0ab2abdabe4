//! Missions that change once both parties agree: what is proposed, what holds, and what is given back.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiff::{SignedDuration, Timestamp};
use journeys::{Client, Professional, World};
use serde_json::{Value, json};

use crate::payments::{Deal, at, cents};

/// What a mission would be: its start moved, so many hours long, with so many agents.
fn terms(deal: &Deal, moved: SignedDuration, hours: i64) -> Value {
    let start = at(&deal.mission["start"]) + moved;
    let end = start + SignedDuration::from_hours(hours);
    json!({ "start": start.to_string(), "end": end.to_string(), "agents": 1 })
}

fn with(terms: &Value, more: &Value) -> Value {
    let mut all = terms.clone();
    let fields = all.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    all
}

async fn quote(deal: &Deal, terms: &Value) -> Value {
    let address = format!("/api/bookings/{}/modification/quote", deal.id);
    let answer = deal.client.browser.post(&address, terms.clone()).await;
    answer.ok()
}

/// Proposes as the client, at the price that was shown.
async fn propose(deal: &Deal, terms: &Value, message: &str) -> Value {
    let total = quote(deal, terms).await["price"]["total"].clone();
    let body = with(terms, &json!({ "total": total, "message": message }));
    deal.command("modification", body).await["modification"].clone()
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const SAME_HOUR: SignedDuration = SignedDuration::ZERO;

#[tokio::test(flavor = "multi_thread")]
async fn a_shorter_mission_on_another_day_holds_once_agreed_and_its_difference_is_given_back() {
    let deal = Deal::accepted(10).await;
    let (before, _, _) = deal.price().await;
    // A day later, five hours instead of eight.
    let wanted = terms(&deal, HOUR * 24, 5);
    let shown = quote(&deal, &wanted).await;
    let (total, back) = (cents(&shown["price"]["total"]), cents(&shown["given_back"]));
    // The offer's rate by day, five hours, nothing else on a Wednesday: five eighths to the cent.
    let by_hand = deal.booking().await["price"]["lines"][0]["hourly_rate"].clone();
    assert_eq!(
        cents(&shown["price"]["lines"][0]["amount"]),
        5 * cents(&by_hand)
    );
    assert_eq!(total + back, before);
    let proposed = propose(&deal, &wanted, "La livraison est repoussée.").await;
    let mail = deal
        .world
        .mail("bastion@pro.exemple.fr", "Modification proposée")
        .await;
    assert!(mail["text"].as_str().unwrap().contains("Nouveau début"));
    assert!(!mail["text"].as_str().unwrap().contains("livraison"));
    assert_eq!(
        deal.booking().await["start"],
        deal.mission["start"],
        "nothing changes yet"
    );
    assert_eq!(deal.stripe("refund").await.len(), 0);
    journeys::hold_to_stored_shapes(&deal.world).await;

    let answer = json!({ "proposed_at": proposed["proposed_at"], "agreed": true });
    let own = format!("/api/bookings/{}/modification/answer", deal.id);
    let own = deal.client.browser.post(&own, answer.clone()).await;
    own.refused(409, "modification_changed");
    let act = |body: Value| deal.professional.act(&deal.id, "modification/answer", body);
    act(answer.clone()).await.ok();
    deal.world.settle().await;
    act(answer).await.refused(409, "modification_changed");

    let now = deal.booking().await;
    assert_eq!(
        (&now["start"], &now["end"]),
        (&wanted["start"], &wanted["end"])
    );
    assert_eq!(cents(&now["price"]["total"]), total);
    assert_eq!(now["modification"], Value::Null);
    assert_eq!(now["former"][0]["start"], deal.mission["start"]);
    assert_eq!(cents(&now["former"][0]["total"]), before);
    let refunds = deal.stripe("refund").await;
    assert_eq!(refunds.len(), 1);
    assert_eq!(cents(&refunds[0]["amount"]), back);
    assert_eq!(deal.position().await, [0, 0, back, total]);
    let text = |mail: Value| mail["text"].as_str().unwrap().to_owned();
    let told = text(
        deal.world
            .mail("camille@exemple.fr", "Mission modifiée")
            .await,
    );
    assert!(
        told.contains("rendus") && told.contains("Elle remplace"),
        "{told}"
    );
    deal.world
        .mail("bastion@pro.exemple.fr", "Mission modifiée")
        .await;
    deal.world
        .mail("camille@exemple.fr", "Remboursement de")
        .await;

    // The day of before is free for others, the new one is not.
    let other = Client::sign_up(&deal.world, "Dominique").await;
    let busy = with(&deal.mission, &with(&wanted, &json!({})));
    other.book(&deal.world, &deal.mission).await;
    let taken = other.browser.post("/api/quotes", busy).await;
    taken.refused(409, "agents_unavailable");
    journeys::hold_to_stored_shapes(&deal.world).await;

    // And everything that follows goes by what holds.
    deal.world.advance_to(at(&wanted["end"]) + HOUR * 2).await;
    deal.sign_in().await;
    deal.command("validate", json!({})).await;
    let (_, professional, commission) = deal.price().await;
    assert_eq!(professional + commission, total);
    assert_eq!(deal.position().await, [professional, commission, back, 0]);
    let address = format!("/api/bookings/{}/invoices", deal.id);
    let invoices = deal.client.browser.get(&address).await.ok();
    let gross: i64 = invoices["invoices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|invoice| cents(&invoice["total"]))
        .sum();
    assert_eq!(gross, total, "{invoices}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_professional_proposes_too_and_silence_changes_nothing() {
    let deal = Deal::accepted(10).await;
    let wanted = terms(&deal, HOUR * 2, 8);
    let (total, _, _) = deal.price().await;
    let body = with(&wanted, &json!({ "total": total }));
    let act = |verb: &'static str, body: Value| deal.professional.act(&deal.id, verb, body);
    let first = act("modification", body.clone()).await.ok();
    let at_first = first["modification"]["proposed_at"].clone();
    deal.world.settle().await;
    let mail = deal
        .world
        .mail("camille@exemple.fr", "Modification proposée")
        .await;
    assert!(!mail["text"].as_str().unwrap().contains("Vous serait rendu"));

    // Declined: its author is told, and everything is as it was.
    deal.command(
        "modification/answer",
        json!({ "proposed_at": at_first, "agreed": false }),
    )
    .await;
    deal.world
        .mail("bastion@pro.exemple.fr", "Modification refusée")
        .await;
    assert_eq!(deal.booking().await["start"], deal.mission["start"]);

    // Proposed again and taken back: nobody can agree any more.
    let again = act("modification", body.clone()).await.ok();
    let at_again = again["modification"]["proposed_at"].clone();
    act(
        "modification/answer",
        json!({ "proposed_at": at_again, "agreed": false }),
    )
    .await
    .ok();
    let address = format!("/api/bookings/{}/modification/answer", deal.id);
    let late = json!({ "proposed_at": at_again, "agreed": true });
    let late = deal.client.browser.post(&address, late).await;
    late.refused(409, "modification_changed");

    // Proposed once more and left alone for 48 hours.
    let last = act("modification", body).await.ok();
    let answer_by = at(&last["modification"]["answer_by"]);
    let proposed_at = last["modification"]["proposed_at"].clone();
    assert_eq!(answer_by, at(&proposed_at) + HOUR * 48);
    deal.world.advance_to(answer_by).await;
    deal.sign_in().await;
    assert_eq!(deal.booking().await["modification"], Value::Null);
    let late = json!({ "proposed_at": proposed_at, "agreed": true });
    let late = deal.client.browser.post(&address, late).await;
    late.refused(409, "modification_too_late");
    assert_eq!(deal.booking().await["start"], deal.mission["start"]);
    assert_eq!(deal.position().await, [0, 0, 0, total]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_change_is_refused_with_what_to_do_instead() {
    let deal = Deal::accepted(10).await;
    let address = format!("/api/bookings/{}/modification/quote", deal.id);
    let refused = async |terms: &Value, status: u16, code: &str| {
        let answer = deal.client.browser.post(&address, terms.clone()).await;
        answer.refused(status, code)
    };
    let same = terms(&deal, SAME_HOUR, 8);
    refused(&same, 422, "modification_empty").await;
    let longer = terms(&deal, SAME_HOUR, 9);
    let told = refused(&longer, 422, "modification_dearer").await;
    assert!(
        told["detail"].as_str().unwrap().contains("autre mission"),
        "{told}"
    );
    let more = with(&same, &json!({ "agents": 2 }));
    refused(&more, 409, "agents_unavailable").await;
    refused(
        &terms(&deal, HOUR * 24 * 80, 8),
        422,
        "mission_too_far_ahead",
    )
    .await;
    refused(&terms(&deal, HOUR, -2), 422, "mission_dates_invalid").await;
    refused(&terms(&deal, SAME_HOUR, 1), 422, "mission_too_short").await;

    // A price that was not the one shown.
    let shorter = terms(&deal, HOUR, 6);
    let body = with(&shorter, &json!({ "total": 1 }));
    let address = format!("/api/bookings/{}/modification", deal.id);
    let answer = deal.client.browser.post(&address, body).await;
    answer.refused(409, "price_changed");

    // Somebody else's booking does not exist.
    let stranger = Client::sign_up(&deal.world, "Dominique").await;
    let body = with(&shorter, &json!({ "total": 1 }));
    let answer = stranger.browser.post(&address, body).await;
    answer.refused(404, "not_found");

    // Too near to its start, for either side.
    deal.before_start(4).await;
    let near = terms(&deal, HOUR * 48, 6);
    let address = format!("/api/bookings/{}/modification/quote", deal.id);
    let answer = deal.client.browser.post(&address, near).await;
    answer.refused(409, "modification_too_late");
    assert_eq!(deal.booking().await["modifiable"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_go_at_the_new_hours_is_replaced_and_a_mission_cancelled_meanwhile_stays_so()
 {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 2).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.book(&world, &mission).await;
    professional.act(&id, "accept", json!({})).await.ok();
    world.settle().await;
    let sent = async || {
        let address = format!("/api/bookings/{id}/staffing");
        let staffing = professional.browser.get(&address).await.ok();
        let agents = staffing["agents"].as_array().unwrap().clone();
        let sent = agents.into_iter().find(|agent| agent["sent"] == true);
        sent.unwrap()["agent"].as_str().unwrap().to_owned()
    };
    let first = sent().await;
    // The day after, that agent is already on another mission.
    let start: Timestamp = at(&mission["start"]) + HOUR * 24;
    let next_day = with(
        &mission,
        &json!({ "start": start.to_string(), "end": (start + HOUR * 8).to_string() }),
    );
    let second = client.book(&world, &next_day).await;
    let agents = json!({ "agents": [first] });
    professional.act(&second, "accept", agents).await.ok();
    world.settle().await;

    let total = client.booking(&id).await["price"]["total"].clone();
    let body = json!({ "start": start.to_string(), "end": (start + HOUR * 8).to_string(), "agents": 1,
        "total": total, "message": "" });
    let address = format!("/api/bookings/{id}/modification");
    let proposed = client.browser.post(&address, body.clone()).await.ok();
    let proposed_at = proposed["modification"]["proposed_at"].clone();
    let answer = json!({ "proposed_at": proposed_at, "agreed": true });
    professional
        .act(&id, "modification/answer", answer)
        .await
        .ok();
    world.settle().await;
    assert_ne!(sent().await, first, "one agent is never in two places");

    // Both agents are taken that day: a third proposal there finds nobody.
    let third = professional.mission(&world, 10, 9, 8, 1).await;
    let third = client.book(&world, &third).await;
    professional.act(&third, "accept", json!({})).await.ok();
    world.settle().await;
    let address = format!("/api/bookings/{third}/modification");
    let nobody = client.browser.post(&address, body).await;
    nobody.refused(409, "agents_unavailable");

    // Proposed, then cancelled: agreeing revives nothing.
    let later = start + HOUR * 72;
    let body = json!({ "start": later.to_string(), "end": (later + HOUR * 8).to_string(), "agents": 1,
        "total": total, "message": "" });
    let proposed = client.browser.post(&address, body).await.ok();
    let proposed_at = proposed["modification"]["proposed_at"].clone();
    let refund = client.booking(&third).await["cancellation"]["refund"].clone();
    let cancel = format!("/api/bookings/{third}/cancel");
    client
        .browser
        .post(&cancel, json!({ "refund": refund }))
        .await
        .ok();
    let answer = json!({ "proposed_at": proposed_at, "agreed": true });
    professional
        .act(&third, "modification/answer", answer)
        .await
        .refused(409, "booking_state_changed");
}
