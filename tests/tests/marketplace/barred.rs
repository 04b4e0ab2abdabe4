//! What a professional reads and answers who was suspended, or whose account is closed.

use http_function::{Access, Kind};
use journeys::{Client, Professional, World, admin};
use serde_json::{Value, json};

use crate::dashboard::{done, sign_in};

const DAY: i64 = 24 * 3600;

/// Announces a measure against a professional, and lives until it takes effect.
async fn measured(world: &World, professional: &Professional, kind: &str) {
    let operator = admin(world).await;
    let until = (world.now().await + jiff::SignedDuration::from_hours(40 * 24)).to_string();
    let measure = [
        ("kind", kind),
        ("ground", "terms_broken"),
        ("text", "Trois absences en un mois."),
        ("bookings", "keep"),
        (
            "until",
            if kind == "suspension" {
                &until[..10]
            } else {
                ""
            },
        ),
    ];
    let address = format!("/admin/professionnels/{}/mesures/annoncer", professional.id);
    done(&operator, &address, &measure).await;
    world.advance(6 * DAY).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_or_closed_reads_and_answers_what_is_theirs_and_nothing_else() {
    let world = World::start().await;
    for (company, (kind, code)) in [
        ("suspension", "account_suspended"),
        ("closure", "account_closed"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = ["Bastion", "Rempart"][company];
        let professional = Professional::open(&world, name, company, 1).await;
        let client = Client::sign_up(&world, &format!("Camille{}", ["A", "B"][company])).await;
        let mission = professional.mission(&world, 20, 9, 8, 1).await;
        let booking = client.book(&world, &mission).await;
        professional.act(&booking, "accept", json!({})).await.ok();
        world.settle().await;
        let read = professional.booking(&booking).await.ok();
        let street = "12 rue de la République";
        assert!(read.to_string().contains(street), "{read}");
        measured(&world, &professional, kind).await;

        sign_in(&professional).await.refused(403, code);
        let browser = &professional.browser;
        // Nothing of their clients, and no money.
        for address in [
            format!("/api/bookings/{booking}"),
            "/api/professional/bookings".to_owned(),
            format!("/api/bookings/{booking}/invoices"),
            format!("/api/bookings/{booking}/order"),
            "/api/conversations".to_owned(),
            "/api/professional/offers".to_owned(),
        ] {
            browser.get(&address).await.refused(403, code);
        }
        let iban = json!({
            "holder": "Autre", "iban": "FR7630006000011234567890189", "password": "Nouveau-Secret-77",
        });
        let asked = browser.put("/api/professional/iban", iban).await;
        asked.refused(403, code);
        for address in [
            format!("/api/bookings/{booking}/complete"),
            format!("/api/professional/bookings/{booking}/cancel"),
            "/api/professional/payouts/onboarding".to_owned(),
        ] {
            browser.post(&address, json!({})).await.refused(403, code);
        }
        // What is theirs.
        let account = browser.get("/api/account").await.ok();
        assert_eq!(account["professional"]["barred"], true);
        let told = account["professional"]["decision"]["told"].to_string();
        assert!(told.contains("Trois absences"), "{told}");
        browser.get("/api/registration").await.ok();
        browser.get("/api/professional/payouts").await.ok();
        browser.get("/api/professional/invoices").await.ok();
        browser.get("/api/account/devices").await.ok();
        let password = json!({ "password": "Nouveau-Secret-77" });
        let copy = browser.post("/api/account/export", password).await.ok();
        assert!(
            !copy.to_string().contains(street),
            "their clients' addresses"
        );
        assert_eq!(copy["bookings"], json!([]));
        // And what is theirs to answer.
        let appeal = json!({ "text": "Les trois absences étaient annoncées au client." });
        browser.post("/api/professional/appeal", appeal).await.ok();
        let account = browser.get("/api/account").await.ok();
        let decision: &Value = &account["professional"]["decision"];
        assert!(decision["contested_at"].is_string(), "{decision}");
        // Renewing gives nothing back.
        browser.post("/api/session/refresh", json!({})).await.ok();
        browser
            .get("/api/professional/offers")
            .await
            .refused(403, code);
    }
}

/// What a professional does in their own name while they are barred. Everything else is closed, and so is
/// whatever is added.
const THEIRS: [&str; 13] = [
    "GET /api/account",
    "POST /api/account/export",
    "POST /api/account/data-requests",
    "PUT /api/account/password",
    "GET /api/account/devices",
    "POST /api/account/devices/end",
    "POST /api/account/suspect-access",
    "POST /api/account/second-factor",
    "PUT /api/account/second-factor",
    "DELETE /api/account/second-factor",
    "GET /api/registration",
    "GET /api/professional/payouts",
    "GET /api/professional/invoices",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_a_professional_is_closed_to_who_is_suspended_but_those_that_are_theirs() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    measured(&world, &professional, "suspension").await;
    sign_in(&professional)
        .await
        .refused(403, "account_suspended");
    let mut closed = 0;
    for function in directory::functions() {
        let Kind::Http(route) = function.kind else {
            continue;
        };
        match route.access {
            Access::SignedIn
            | Access::Professional
            | Access::Owner
            | Access::FileHolder
            | Access::AccountHolder
            | Access::Correspondent
            | Access::Principal => {}
            Access::Anyone | Access::Client | Access::Agent | Access::Applicant | Access::Admin => {
                continue;
            }
        }
        let name = format!("{} {}", route.method, route.path);
        if THEIRS.contains(&name.as_str()) {
            continue;
        }
        let path = route.path.replace(['{', '}'], "");
        let answer = professional
            .browser
            .json(route.method, &path, &json!({}))
            .await;
        assert_eq!(
            (answer.status, answer.json["code"].as_str()),
            (403, Some("account_suspended")),
            "{name}: {}",
            answer.text
        );
        closed += 1;
    }
    assert!(closed > 30, "{closed}");
}

/// A session of before the measure changes nothing from the moment that it takes effect.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_before_the_suspension_changes_nothing_any_more() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let operator = admin(&world).await;
    let until = (world.now().await + jiff::SignedDuration::from_hours(40 * 24)).to_string();
    let measure = [
        ("kind", "suspension"),
        ("ground", "terms_broken"),
        ("text", "Trois absences en un mois."),
        ("bookings", "keep"),
        ("until", &until[..10]),
    ];
    let address = format!("/admin/professionnels/{}/mesures/annoncer", professional.id);
    done(&operator, &address, &measure).await;
    world.settle().await;
    let account = professional.browser.get("/api/account").await.ok();
    let effect = account["professional"]["decision"]["effective_at"]
        .as_str()
        .unwrap();
    let effect: jiff::Timestamp = effect.parse().unwrap();
    world
        .advance_to(effect - jiff::SignedDuration::from_mins(5))
        .await;
    professional.sign_in().await;
    let open = json!({ "open": true });
    let renew = || {
        professional
            .browser
            .post("/api/professional/calendar/feed", open.clone())
    };
    renew().await.ok();
    world
        .advance_to(effect + jiff::SignedDuration::from_mins(2))
        .await;
    renew().await.refused(401, "session_ended");
    // The page renews it, and learns why.
    professional
        .browser
        .post("/api/session/refresh", json!({}))
        .await
        .ok();
    renew().await.refused(403, "account_suspended");
}
