use std::sync::atomic::Ordering;

use serde_json::json;

use crate::support::{World, id};

fn typed(number: &str) -> String {
    format!(
        "number={}&expiry=12/30&cvc=987&name=Camille+L%C3%A9onard",
        number.replace(' ', "+")
    )
}

fn page(session: &serde_json::Value) -> String {
    format!("/local/stripe/checkout/{}", id(session))
}

#[tokio::test]
async fn a_person_pays_on_the_page_that_the_session_leads_to() {
    let world = World::start().await;
    let session = world.session().await;
    assert_eq!(session["url"], format!("{}{}", world.base, page(&session)));
    let shown = world.send("GET", &page(&session), &[], String::new()).await;
    assert_eq!(shown.status, 200);
    for text in [
        "120,00\u{a0}€",
        "Agent de sécurité — Bastion",
        "camille@exemple.fr",
        "Simulation",
        "4242 4242 4242 4242",
    ] {
        assert!(shown.text.contains(text), "{text}");
    }
    assert!(
        shown
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    assert!(!shown.text.contains("<script"));
    let paid = world
        .submit(&page(&session), &typed("4242 4242 4242 4242"))
        .await;
    let back = format!("http://127.0.0.1:1/reservations/1?session={}", id(&session));
    assert_eq!((paid.status, paid.header("location")), (303, back.as_str()));
    let details = world.get("/v1/charges").await.ok()["data"][0].clone();
    assert_eq!(details["billing_details"]["name"], "Camille Léonard");
    assert_eq!(details["payment_method_details"]["card"]["exp_year"], 2030);

    // Pressed twice, or found again in the history.
    let again = world
        .submit(&page(&session), &typed("4242424242424242"))
        .await;
    assert_eq!(again.status, 200);
    assert!(again.text.contains("Paiement déjà autorisé") && again.text.contains(&back));
    assert_eq!(world.objects("charge").await.len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_card_is_said_and_the_rest_is_kept() {
    let world = World::start().await;
    let session = world.session().await;
    for (form, message) in [
        (
            typed("4242424242424241"),
            "Le numéro de carte n’est pas valide.",
        ),
        (
            typed("4111111111111111"),
            "n’est pas celui d’une carte de test",
        ),
        (
            typed("4242424242424242").replace("12/30", "06/26"),
            "Cette carte est expirée.",
        ),
        (
            typed("4242424242424242").replace("cvc=987", "cvc=9"),
            "3 ou 4 chiffres",
        ),
        (typed("4000000000009995"), "la provision est insuffisante"),
        (typed("4000000000000002"), "refusée par votre banque"),
        (String::new(), "Le numéro de carte n’est pas valide."),
    ] {
        let answer = world.submit(&page(&session), &form).await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.text.contains(message) && answer.text.contains("role=\"alert\""),
            "{message}"
        );
        assert!(
            form.is_empty() || answer.text.contains("value=\"Camille Léonard\""),
            "{message}"
        );
        assert!(
            !answer.text.contains("987") && !answer.text.contains("4242424242424242"),
            "{message}"
        );
    }
    let hostile = typed("4242424242424241").replace("Camille", "%22%3E%3Cscript%3E");
    assert!(
        !world
            .submit(&page(&session), &hostile)
            .await
            .text
            .contains("<script")
    );
    assert_eq!(
        world
            .submit(&page(&session), &typed("4242424242424242"))
            .await
            .status,
        303
    );
}

#[tokio::test]
async fn a_bank_asks_to_authenticate_on_a_page_of_its_own() {
    let world = World::start().await;
    let session = world.session().await;
    let bank = format!("{}/3ds", page(&session));
    // Nothing to authenticate yet.
    let early = world.send("GET", &bank, &[], String::new()).await;
    assert_eq!(
        (early.status, early.header("location")),
        (303, page(&session).as_str())
    );
    let asked = world
        .submit(&page(&session), &typed("4000002500003155"))
        .await;
    assert_eq!(
        (asked.status, asked.header("location")),
        (303, bank.as_str())
    );
    let shown = world.send("GET", &bank, &[], String::new()).await;
    assert!(
        shown.text.contains("VISA •••• 3155") && shown.text.contains("Refuser l’authentification")
    );
    let refused = world.submit(&bank, "outcome=failure").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("L’authentification a échoué"));
    let stale = world.submit(&bank, "outcome=success").await;
    assert_eq!(
        (stale.status, stale.header("location")),
        (303, page(&session).as_str())
    );
    world
        .submit(&page(&session), &typed("4000002760003184"))
        .await;
    let validated = world.submit(&bank, "outcome=success").await;
    assert_eq!(validated.status, 303);
    assert!(
        validated
            .header("location")
            .starts_with("http://127.0.0.1:1/reservations/1?session=")
    );
}

#[tokio::test]
async fn a_session_expires_by_the_clock_with_the_intent_that_was_tried() {
    let world = World::start().await;
    let form =
        crate::support::SESSION.replace("locale=fr", &format!("expires_at={}", world.now() + 1800));
    let session = world.post("/v1/checkout/sessions", &form).await.ok();
    world.pay(&session, "4000000000009995").await;
    world.standin.run_due().await;
    assert_eq!(world.advance(1799).await, 0);
    assert_eq!(world.advance(1).await, 2);
    let session = world
        .get(&format!(
            "/v1/checkout/sessions/{}?expand[]=payment_intent",
            id(&session)
        ))
        .await
        .ok();
    assert_eq!(
        (&session["status"], &session["payment_intent"]["status"]),
        (&json!("expired"), &json!("canceled"))
    );
    let kinds: Vec<_> = world
        .heard()
        .into_iter()
        .rev()
        .take(2)
        .map(|event| event["type"].clone())
        .collect();
    assert_eq!(
        kinds,
        ["checkout.session.expired", "payment_intent.canceled"]
    );
    let shown = world.send("GET", &page(&session), &[], String::new()).await;
    assert!(
        shown.text.contains("Page de paiement expirée")
            && shown.text.contains("http://127.0.0.1:1/reservations/1")
    );
    assert!(
        world
            .submit(&page(&session), &typed("4242424242424242"))
            .await
            .text
            .contains("expirée")
    );
    let error = world
        .post(
            &format!("/v1/checkout/sessions/{}/expire", id(&session)),
            "",
        )
        .await
        .refused(400, "");
    assert!(error["message"].as_str().unwrap().contains("`expired`"));
}

#[tokio::test]
async fn a_session_is_closed_by_the_site_only_while_it_is_open() {
    let world = World::start().await;
    let (first, second) = (world.session().await, world.session().await);
    let expired = world
        .post(&format!("/v1/checkout/sessions/{}/expire", id(&first)), "")
        .await
        .ok();
    assert_eq!(
        (&expired["status"], expired["url"].is_null()),
        (&json!("expired"), true)
    );
    world.pay(&second, "4242424242424242").await;
    world
        .post(&format!("/v1/checkout/sessions/{}/expire", id(&second)), "")
        .await
        .refused(400, "");
    let unknown = world
        .send(
            "GET",
            "/local/stripe/checkout/cs_test_x",
            &[],
            String::new(),
        )
        .await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_card_number_and_its_code_never_reach_the_disk() {
    let world = World::start().await;
    for number in ["4242424242424242", "4000002500003155", "4000000000009995"] {
        let session = world.session().await;
        world.submit(&page(&session), &typed(number)).await;
    }
    let mut held = Vec::new();
    for suffix in ["", "-wal"] {
        held.extend(
            std::fs::read(format!("{}{suffix}", world.file().display())).unwrap_or_default(),
        );
    }
    let holds = |text: &str| {
        held.windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("last4"));
    for number in [
        "4242424242424242",
        "4000002500003155",
        "4000000000009995",
        "\"987\"",
        "cvc=987",
    ] {
        assert!(!holds(number), "{number}");
    }
}

#[tokio::test]
async fn the_overview_lists_everything_that_there_is() {
    let world = World::start().await;
    world.account().await;
    world.authorised().await;
    world.site.answers.store(503, Ordering::SeqCst);
    world.standin.run_due().await;
    let shown = world.send("GET", "/local/stripe", &[], String::new()).await;
    assert_eq!(shown.status, 200);
    for text in [
        "requires_capture",
        "120,00\u{a0}€",
        "Bastion",
        "payment_intent.amount_capturable_updated",
        "503",
        "virements : active",
    ] {
        assert!(shown.text.contains(text), "{text}");
    }
    let style = world
        .send("GET", "/local/stripe/style.css", &[], String::new())
        .await;
    assert!(style.header("content-type").starts_with("text/css"));
}
