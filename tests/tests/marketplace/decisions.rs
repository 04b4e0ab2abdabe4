//! The operator's decisions where they are put to the test: sweeps that run late and at the same time,
//! two operators at once, sessions that end in the middle, lists that are longer than a page.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use adapters::environment::Outside as _;
use adapters::store::{Changes, Key, Store, Trace};
use domain::booking::Booking;
use domain::identifiers::Email;
use domain::ids::{BookingId, ProfessionalId, TypedId as _};
use domain::professional::Professional as Record;
use domain::time::paris;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use journeys::{Browser, Professional, World, admin, upload};
use serde_json::json;

use crate::dashboard::{done, found, mails, send, sign_in, with_a_mission};

const DAY: i64 = 24 * 60 * 60;

fn store(world: &World) -> Store {
    Store::open(&local::functions::environment(world.surroundings()))
}

async fn stored(world: &World, id: &str) -> Record {
    let key = Key::professional(&ProfessionalId::parse(id).unwrap());
    let read = store(world).get::<Record>(key).await.unwrap();
    read.unwrap().record
}

/// The clock jumps, nothing is lived through on the way; then a chore runs three times at the same
/// moment, and once more.
async fn late_and_at_once(world: &World, chore: &str, at: Timestamp) {
    world.surroundings().clock.set(at).unwrap();
    let functions = local::functions::all(world.surroundings().clone());
    let run = || functions[chore](json!({ "id": "at-once" }));
    let (one, two, three) = tokio::join!(run(), run(), run());
    one.and(two).and(three).unwrap();
    run().await.unwrap();
    world.settle().await;
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// Announces a measure and answers when it takes effect.
async fn announce(
    world: &World,
    professional: &Professional,
    kind: &str,
    bookings: &str,
    until: &str,
) -> Timestamp {
    let operator = admin(world).await;
    let address = format!("/admin/professionnels/{}/mesures/annoncer", professional.id);
    let measure = [
        ("kind", kind),
        ("ground", "terms_broken"),
        ("text", "Trois absences en un mois."),
        ("bookings", bookings),
        ("until", until),
    ];
    done(&operator, &address, &measure).await;
    // The delivery of the mail may set the date.
    world.settle().await;
    let measure = stored(world, &professional.id).await.standing.measure;
    measure.unwrap().effective_at
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_what_the_operator_may_ask_of_the_api_too() {
    let world = World::start().await;
    let operator = admin(&world).await;
    let thief = world.browser();
    thief.set_cookie("session", &operator.cookie("session").unwrap());
    let list = "/api/admin/registrations";
    thief.get(list).await.ok();
    world.advance(60).await;
    send(&operator, "/admin/deconnexion", &[]).await.ok();
    thief.get(list).await.refused(401, "sign_in_required");
    let decide = format!("{list}/pro_00000000000000000000000000/complements");
    let body = json!({ "message": "Illisible." });
    thief
        .post(&decide, body)
        .await
        .refused(401, "sign_in_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_in_the_middle_loses_nothing_and_leads_back() {
    let world = World::start().await;
    let (applicant, _) = Professional::register(&world, "Vigie", 0, 1).await;
    Professional::submit(&applicant).await.ok();
    let file = applicant.get("/api/registration").await.ok();
    let id = file["id"].as_str().unwrap();
    let documents: Vec<&str> = (0..2)
        .map(|n| file["documents"][n]["id"].as_str().unwrap())
        .collect();
    let asked = |message: &str| {
        vec![
            ("message", message.to_owned()),
            ("documents", documents[0].to_owned()),
            ("documents", documents[1].to_owned()),
        ]
    };
    let operator = admin(&world).await;
    let address = format!("/admin/registrations/{id}/complements");
    // Refused, the page has everything that was written and ticked, where it was.
    let refused = operator.form(&address, &asked("ok")).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    for document in &documents {
        let ticked = format!("value=\"{document}\" checked>");
        assert!(refused.text.contains(&ticked), "{}", refused.text);
    }
    world.advance(31 * 60).await;
    let ended = operator.form(&address, &asked("Pièces illisibles.")).await;
    assert_eq!(ended.status, 401);
    assert!(
        ended
            .text
            .contains("Rien de ce que vous avez écrit n’est perdu")
    );
    let held = format!("action=\"{address}\"");
    assert!(ended.text.contains(&held), "{}", ended.text);
    for value in ["Pièces illisibles.", documents[0], documents[1]] {
        let field = format!("value=\"{value}\">");
        assert!(ended.text.contains(&field), "{value}: {}", ended.text);
    }

    // Whoever signs in again is led to the whole address, its question included.
    let wanted = format!("/admin/activite?subject={id}&action=open-document");
    let browser = world.browser();
    let signed_out = browser.get(&wanted).await;
    let to = signed_out.headers["location"].to_str().unwrap().to_owned();
    let form = browser.get(&to).await.text;
    let back = wanted.replace('&', "&#38;");
    assert!(form.contains(&back), "{form}");
    let operator = browser.get("/local/operator").await.ok();
    let text = |name: &str| operator[name].as_str().unwrap().to_owned();
    let first = [
        ("email", text("email")),
        ("password", text("password")),
        ("back", wanted.clone()),
    ];
    let led = browser.form("/admin/connexion", &first).await;
    let to = led.headers["location"].to_str().unwrap().to_owned();
    let form = browser.get(&to).await.text;
    assert!(form.contains(&back), "{to}: {form}");
}
