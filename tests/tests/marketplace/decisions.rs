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
