//! A visitor reports a content, the operator decides, and whoever left an address is told.

use journeys::{Professional, World, admin};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_report_reaches_the_operator_who_decides_once_and_tells_its_author() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let page = professional.browser.get("/api/professional/page").await;
    let slug = page.ok()["slug"].as_str().unwrap().to_owned();
    let said = "Le numéro d’autorisation affiché est celui d’une autre entreprise.";
    let report = |changed: Value| {
        let mut report = json!({
            "slug": slug,
            "reason": "misleading",
            "text": said,
            "email": "riverain@exemple.fr",
            "good_faith": true,
        });
        for (name, value) in changed.as_object().unwrap() {
            report[name] = value.clone();
        }
        report
    };
    let visitor = world.browser();
    for (changed, status, code) in [
        (json!({ "text": "Faux." }), 422, "report_text_invalid"),
        (
            json!({ "good_faith": false }),
            422,
            "report_good_faith_missing",
        ),
        (json!({ "email": "personne" }), 400, "field_invalid"),
        (json!({ "reason": "dislike" }), 400, "field_invalid"),
        (json!({ "slug": "personne" }), 404, "not_found"),
    ] {
        let refused = visitor.post("/api/reports", report(changed)).await;
        refused.refused(status, code);
    }
    // Sent twice under one key, it is one report.
    for _ in 0..2 {
        let taken = visitor
            .post_once("/api/reports", "signalement-0001", &report(json!({})))
            .await;
        assert_eq!(taken.status, 201, "{}", taken.text);
    }
    let received = world.mail("riverain@exemple.fr", "enregistré").await;
    assert!(!received.to_string().contains("autorisation affiché"));

    let operator = admin(&world).await;
    let list = operator.get("/admin/signalements").await.text;
    assert_eq!(
        list.matches("/admin/signalements/rpt_").count(),
        1,
        "{list}"
    );
    let at = list.find("/admin/signalements/rpt_").unwrap();
    let address = list[at..].split('"').next().unwrap().to_owned();
    let shown = operator.get(&address).await.text;
    assert!(shown.contains("riverain@exemple.fr") && shown.contains("autre entreprise"));
    let decision = "Le numéro a été vérifié auprès du CNAPS : il est bien le sien.";
    let form = |text: &str| [("decision", text.to_owned())];
    assert_eq!(operator.form(&address, &form("Non.")).await.status, 422);
    assert_eq!(operator.form(&address, &form(decision)).await.status, 303);
    assert_eq!(operator.form(&address, &form(decision)).await.status, 409);
    let told = world.mail("riverain@exemple.fr", "examiné").await;
    assert!(told.to_string().contains("vérifié auprès du CNAPS"));
    let open = operator.get("/admin/signalements").await.text;
    assert!(!open.contains("rpt_"));

    // Five an hour for one address; one was made above.
    for _ in 0..4 {
        visitor.post("/api/reports", report(json!({}))).await.ok();
    }
    let refused = visitor.post("/api/reports", report(json!({}))).await;
    refused.refused(429, "too_many_attempts");
}
