//! The contract as both parties keep it: attached to its confirmation, and readable whatever becomes of the
//! professional.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use adapters::secrets::sha256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use journeys::{Browser, Client, admin, upload};
use serde_json::{Value, json};

use crate::dashboard::sign_in;
use crate::payments::Deal;

/// The digest of what a party reads under the conditions of its booking, and of the file behind the link.
async fn conditions(browser: &Browser, booking: &str) -> String {
    let link = browser
        .get(&format!("/api/bookings/{booking}/conditions"))
        .await
        .ok();
    let file = browser.get(link["url"].as_str().unwrap()).await;
    assert_eq!(file.status, 200, "{}", file.text);
    assert!(file.text.starts_with("%PDF"), "{}", file.text);
    link["sha256"].as_str().unwrap().to_owned()
}

/// The digest that the client accepted, as the order's page names the document.
async fn accepted(deal: &Deal) -> String {
    let operator = admin(&deal.world).await;
    let file = format!("/api/admin/registrations/{}", deal.professional.id);
    let file = operator.get(&file).await.ok();
    let id = deal.booking().await["conditions_of_sale"].clone();
    let documents = file["documents"].as_array().unwrap();
    assert!(documents.iter().any(|one| one["id"] == id), "{file}");
    conditions(&deal.client.browser, &deal.id).await
}

fn files(mail: &Value) -> Vec<(String, Vec<u8>)> {
    let attachments = mail["attachments"].as_array().unwrap();
    attachments
        .iter()
        .map(|file| {
            assert_eq!(file["type"], "application/pdf", "{file}");
            let name = file["name"].as_str().unwrap().to_owned();
            let bytes = STANDARD.decode(file["base64"].as_str().unwrap()).unwrap();
            (name, bytes)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_confirmation_carries_the_order_the_conditions_and_the_withdrawal_form() {
    let deal = Deal::requested(25).await;
    let before = accepted(&deal).await;
    deal.professional
        .act(&deal.id, "accept", json!({}))
        .await
        .ok();
    deal.world.settle().await;
    let mail = deal
        .world
        .mail("camille@exemple.fr", "accepte votre mission")
        .await;
    let reference = deal.booking().await["reference"]
        .as_str()
        .unwrap()
        .to_owned();
    let files = files(&mail);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            format!("commande-{reference}.pdf"),
            format!("conditions-de-vente-{reference}.pdf"),
            format!("formulaire-de-retractation-{reference}.pdf"),
        ]
    );
    for (name, bytes) in &files {
        assert!(bytes.starts_with(b"%PDF"), "{name}");
    }
    let link = format!("/api/bookings/{}/order", deal.id);
    let order = deal.client.browser.get(&link).await.ok();
    assert_eq!(order["sha256"], sha256(&files[0].1));
    assert_eq!(sha256(&files[1].1), before, "the file that was accepted");
    for field in ["id", "at", "to", "subject", "text", "html"] {
        assert!(!mail[field].is_null(), "{field}: {mail}");
    }
    // The professional is told once, after the debit, and of nothing of the client's.
    let told = deal.world.mails_to("bastion@pro.exemple.fr").await;
    let told: Vec<&Value> = told
        .iter()
        .filter(|mail| {
            mail["subject"]
                .as_str()
                .unwrap()
                .starts_with("Mission confirmée")
        })
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["attachments"], json!([]));
    // Given again, nothing is sent twice.
    deal.world.repeat_every_event().await;
    deal.world.settle().await;
    let again = deal.world.mails_to("camille@exemple.fr").await;
    let confirmations = again.iter().filter(|mail| {
        mail["subject"]
            .as_str()
            .unwrap()
            .contains("accepte votre mission")
    });
    assert_eq!(confirmations.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn accepted_conditions_stay_readable_after_a_new_version_and_after_the_professional_left() {
    let deal = Deal::accepted(10).await;
    let first = accepted(&deal).await;

    // A new version is deposited and verified: the booking keeps the one that was accepted.
    sign_in(&deal.professional).await.ok();
    let next = json!({ "kind": "conditions_of_sale", "version": "2026-2", "contents": { "nature": true, "prices": true, "execution": true, "withdrawal": true } });
    let file = upload(&deal.professional.browser, &next).await;
    let documents = file["documents"].as_array().unwrap();
    let waiting = documents.iter().find(|one| one["status"] == "deposited");
    let waiting = waiting.unwrap()["id"].as_str().unwrap();
    let address = format!(
        "/api/admin/documents/{}/{waiting}/verify",
        deal.professional.id
    );
    let operator = admin(&deal.world).await;
    let read = json!({ "method": "Lues en entier", "reason": "" });
    operator.post(&address, read).await.ok();
    deal.world.settle().await;
    assert_eq!(conditions(&deal.client.browser, &deal.id).await, first);
    assert_eq!(
        conditions(&deal.professional.browser, &deal.id).await,
        first
    );

    // Somebody else reads nothing.
    let stranger = Client::sign_up(&deal.world, "Noa").await;
    let address = format!("/api/bookings/{}/conditions", deal.id);
    stranger
        .browser
        .get(&address)
        .await
        .refused(404, "not_found");
    deal.world
        .browser()
        .get(&address)
        .await
        .refused(401, "sign_in_required");

    // The mission is done and paid, and the professional leaves.
    deal.at_end(SignedDuration::from_mins(5)).await;
    deal.professional
        .act(&deal.id, "complete", json!({}))
        .await
        .ok();
    deal.command("validate", json!({})).await;
    let leave = json!({ "password": "Nouveau-Secret-77", "how": "in_five_days" });
    deal.professional
        .browser
        .post("/api/account/close", leave)
        .await
        .ok();
    deal.world.advance(6 * 24 * 3600).await;
    deal.client.sign_in().await;
    let public = format!("/api/professionals/bastion-{}", deal.professional.id);
    assert_ne!(deal.client.browser.get(&public).await.status, 200);
    assert_eq!(conditions(&deal.client.browser, &deal.id).await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_scripts_says_how_prices_are_counted_once_and_leads_to_the_conditions() {
    let deal = Deal::requested(10).await;
    let visitor = deal.world.browser();
    let offer = format!("/api/offers/{}", deal.professional.offer);
    let offer = visitor.get(&offer).await.ok();
    let slug = offer["slug"].as_str().unwrap();
    let page = visitor.get(&format!("/professionnels/{slug}")).await;
    let body = page.text.split("<main").nth(1).unwrap();
    let body = body.split("</main>").next().unwrap();
    let public = visitor
        .get(&format!("/api/professionals/{slug}"))
        .await
        .ok();
    let notice = public["offers"][0]["price_notice"].as_str().unwrap();
    assert_eq!(body.matches(notice).count(), 1, "{notice}\n{body}");
    let link = format!("href=\"/api/professionals/{slug}/conditions\"");
    assert_eq!(body.matches(&link).count(), 1, "{body}");
}
