//! The ranking counts what happened: each thing once, however often it is told, and what no longer holds
//! is taken back.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use journeys::World;
use serde_json::{Value, json};

use crate::payments::{Deal, at, cents};

/// What the professional reads of one criterion, with spaces that break.
async fn figures(deal: &Deal, criterion: &str) -> String {
    deal.world.settle().await;
    deal.professional.sign_in().await;
    let ranking = deal
        .professional
        .browser
        .get("/api/professional/ranking")
        .await
        .ok();
    let criteria = ranking["criteria"].as_array().unwrap();
    let found = criteria.iter().find(|view| view["criterion"] == criterion);
    let text = found.unwrap()["figures"].as_str().unwrap();
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

async fn twice(world: &World) {
    world.settle().await;
    world.repeat_every_event().await;
    world.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_counts_once_validated_and_a_second_one_makes_a_client_who_came_back() {
    let mut deal = Deal::validated().await;
    twice(&deal.world).await;
    assert_eq!(
        figures(&deal, "loyalty").await,
        "1 mission validée, 0 client revenu"
    );
    for expected in [
        "2 missions validées, 1 client revenu",
        "3 missions validées, 1 client revenu",
    ] {
        deal.sign_in().await;
        deal.mission = deal.professional.mission(&deal.world, 10, 9, 8, 1).await;
        deal.id = deal.client.book(&deal.world, &deal.mission).await;
        deal.professional
            .act(&deal.id, "accept", json!({}))
            .await
            .ok();
        deal.world.settle().await;
        let end = at(&deal.mission["end"]);
        deal.world
            .advance_to(end + jiff::SignedDuration::from_mins(5))
            .await;
        deal.sign_in().await;
        deal.professional
            .act(&deal.id, "complete", json!({}))
            .await
            .ok();
        deal.command("validate", json!({})).await;
        twice(&deal.world).await;
        assert_eq!(figures(&deal, "loyalty").await, expected);
    }
    assert_eq!(
        figures(&deal, "acceptance").await,
        "3 demandes acceptées sur 3 reçues"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_cancelled_late_is_paid_in_part_and_counts_neither_as_validated_nor_against() {
    let deal = Deal::accepted(25).await;
    deal.before_start(30).await;
    let refund = deal.booking().await["cancellation"]["refund"].clone();
    deal.command("cancel", json!({ "refund": refund })).await;
    twice(&deal.world).await;
    assert!(
        cents(&deal.booking().await["money"]["transferred"]) > 0,
        "the professional keeps a part"
    );
    assert_eq!(
        figures(&deal, "loyalty").await,
        "0 mission validée, 0 client revenu"
    );
    assert_eq!(
        figures(&deal, "reliability").await,
        "0 annulation, 0 litige"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_who_gives_a_mission_up_has_one_cancellation() {
    let deal = Deal::accepted(10).await;
    let reason = json!({ "reason": "Agent malade, pas de remplaçant." });
    let address = format!("/api/professional/bookings/{}/cancel", deal.id);
    deal.professional.browser.post(&address, reason).await.ok();
    twice(&deal.world).await;
    assert_eq!(
        figures(&deal, "reliability").await,
        "1 annulation, 0 litige"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_counts_while_it_is_open_and_afterwards_if_money_went_back() {
    for (percent, expected) in [
        (0, "0 annulation, 0 litige"),
        (40, "0 annulation, 1 litige"),
    ] {
        let deal = Deal::completed().await;
        let claim = json!({ "reason": "late", "description": "Les agents sont arrivés une heure après le début." });
        deal.command("claim", claim).await;
        twice(&deal.world).await;
        assert_eq!(
            figures(&deal, "reliability").await,
            "0 annulation, 1 litige"
        );
        deal.professional
            .act(
                &deal.id,
                "claim/proposal",
                json!({ "percent": percent, "message": "Voici ce que nous proposons." }),
            )
            .await
            .ok();
        deal.command("claim/accept", json!({ "percent": percent }))
            .await;
        twice(&deal.world).await;
        assert_eq!(figures(&deal, "reliability").await, expected, "{percent} %");
        assert_eq!(
            figures(&deal, "loyalty").await,
            "0 mission validée, 0 client revenu"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debit_contested_with_the_bank_counts_unless_it_is_won() {
    for (outcome, expected) in [
        ("won", "0 annulation, 0 litige"),
        ("lost", "0 annulation, 1 litige"),
    ] {
        let deal = Deal::validated().await;
        let intent = deal.intent().await;
        let contested = format!("charges/{intent}/dispute");
        let dispute = deal
            .lever(&contested, json!({ "reason": "fraudulent" }))
            .await;
        assert_eq!(
            figures(&deal, "reliability").await,
            "0 annulation, 1 litige"
        );
        let close = format!("disputes/{}/close", dispute["id"].as_str().unwrap());
        deal.lever(&close, json!({ "outcome": outcome })).await;
        twice(&deal.world).await;
        assert_eq!(figures(&deal, "reliability").await, expected, "{outcome}");
        let missions = figures(&deal, "loyalty").await;
        assert_eq!(missions, "1 mission validée, 0 client revenu");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_reads_their_score_and_what_would_raise_it() {
    let deal = Deal::validated().await;
    deal.professional.sign_in().await;
    let browser = &deal.professional.browser;
    let ranking = browser.get("/api/professional/ranking").await.ok();
    let points = |name: &str| -> i64 {
        let criteria = ranking["criteria"].as_array().unwrap();
        criteria.iter().map(|view| cents(&view[name])).sum()
    };
    assert_eq!(ranking["version"], 1);
    assert_eq!(points("most"), 1_000_000);
    assert!((points("points") - cents(&ranking["score"])).abs() <= 6);
    assert!(points("points_after") > points("points"));
    // One request accepted within a quarter of an hour, one mission: above a newcomer.
    assert!(cents(&ranking["score"]) > cents(&ranking["newcomer"]));
    let labels: Vec<&Value> = ranking["criteria"]
        .as_array()
        .unwrap()
        .iter()
        .map(|view| &view["label"])
        .collect();
    assert_eq!(labels[0], "Note moyenne des clients");
    deal.client.sign_in().await;
    deal.client
        .browser
        .get("/api/professional/ranking")
        .await
        .refused(403, "wrong_role");
}
