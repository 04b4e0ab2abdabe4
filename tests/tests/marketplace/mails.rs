//! A mail that is lost or unwanted reaches the operator, who is told to whom and is done with it once.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use journeys::{Professional, World, admin};
use serde_json::json;

/// The value of a hidden field of the first form of a page.
fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let at = page.find(&field).unwrap() + field.len();
    page[at..].split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_comes_back_waits_for_the_operator_until_it_is_handled() {
    let world = World::start().await;
    let operator = admin(&world).await;
    let list = "/admin/courriels";

    // What arrives asks for nothing.
    Professional::open(&world, "Bastion", 0, 1).await;
    world.settle().await;
    assert!(operator.get(list).await.text.contains("Tous les courriels"));

    for address in ["rebond@exemple.fr", "plainte@exemple.fr"] {
        let asked = json!({ "email": address, "accepts_terms": true });
        let asked = world.browser().post("/api/registrations", asked).await;
        assert!(asked.status < 300, "{}", asked.text);
        world.settle().await;
    }
    // Told twice, it is the same news.
    for _ in 0..2 {
        let page = operator.get(list).await.text;
        assert_eq!(page.matches("<tr>").count(), 3, "{page}");
        assert!(page.contains(">revenu<") && page.contains(">signalé comme indésirable<"));
        assert!(page.contains("/admin/activite?subject=prf_"), "{page}");
        assert!(
            !page.contains("rebond@"),
            "the account tells, not the address"
        );
        let overview = operator.get("/admin").await.text;
        assert!(
            overview
                .contains("<a href=\"/admin/courriels\"><strong>2</strong> courriels revenus</a>"),
            "{overview}"
        );
        world.repeat_every_event().await;
    }

    // Longest waiting first: that of the mailbox that does not exist.
    let page = operator.get(list).await.text;
    let fields = ["event", "template", "recipient"].map(|name| (name, hidden(&page, name)));
    for _ in 0..2 {
        assert_eq!(operator.form(list, &fields).await.status, 303);
    }
    let page = operator.get(list).await.text;
    assert!(!page.contains(">revenu<") && page.contains(">signalé comme indésirable<"));
    let activity = format!("/admin/activite?subject={}&action=handle-mail", fields[2].1);
    let activity = operator.get(&activity).await.text;
    assert_eq!(activity.matches("\">handle-mail").count(), 1, "{activity}");

    // The same news once more do not bring back what is done.
    world.repeat_every_event().await;
    assert!(!operator.get(list).await.text.contains(">revenu<"));

    let unknown = [
        ("event", "evt_1".to_owned()),
        ("template", "none".to_owned()),
        ("recipient", "pro_1".to_owned()),
    ];
    assert_eq!(operator.form(list, &unknown).await.status, 404);
}
