//! Who may call what: every route of the template, by everybody.

use std::collections::{BTreeMap, BTreeSet};

use http_function::{Access, Kind};
use journeys::{Browser, Client, Professional, World, admin};
use serde_json::json;

/// Everybody there is, as `roles.txt` and these tests call them.
const PEOPLE: [&str; 7] = [
    "signed-out",
    "client",
    "owner",
    "manager",
    "agent",
    "applicant",
    "operator",
];

/// Who may call each route, by its method and path: what was written down, whatever the code says.
fn roles() -> BTreeMap<String, BTreeSet<&'static str>> {
    let lines = include_str!("roles.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let named = |line: &'static str| {
        let parted = line.split_once(" : ");
        assert!(parted.is_some(), "{line}");
        let (route, who) = parted.unwrap_or_default();
        let who: BTreeSet<&str> = match who {
            "everybody" => PEOPLE.into(),
            named => named.split(' ').flat_map(acting).collect(),
        };
        assert!(who.iter().all(|one| PEOPLE.contains(one)), "{line}");
        (route.to_owned(), who)
    };
    lines.map(named).collect()
}

/// Those who act for a professional are two.
fn acting(one: &'static str) -> Vec<&'static str> {
    match one {
        "professional" => vec!["owner", "manager"],
        other => vec![other],
    }
}

/// Whom the permission that a handler names lets in.
fn let_in(access: Access) -> BTreeSet<&'static str> {
    match access {
        Access::Anyone => PEOPLE.into(),
        Access::SignedIn => BTreeSet::from([
            "client",
            "owner",
            "manager",
            "agent",
            "applicant",
            "operator",
        ]),
        Access::Client => BTreeSet::from(["client"]),
        Access::Owner => BTreeSet::from(["owner"]),
        Access::Professional => BTreeSet::from(["owner", "manager"]),
        Access::Agent => BTreeSet::from(["agent"]),
        Access::Applicant => BTreeSet::from(["applicant"]),
        Access::FileHolder => BTreeSet::from(["owner", "applicant"]),
        Access::AccountHolder => BTreeSet::from(["client", "owner", "manager", "agent"]),
        Access::Correspondent => BTreeSet::from(["client", "owner", "manager"]),
        Access::Principal => BTreeSet::from(["client", "owner"]),
        Access::Admin => BTreeSet::from(["operator"]),
    }
}

#[test]
fn every_route_names_the_permission_that_was_written_down() {
    let mut roles = roles();
    for function in directory::functions() {
        let Kind::Http(route) = function.kind else {
            continue;
        };
        let name = format!("{} {}", route.method, route.path);
        let wanted = roles.remove(&name);
        let wanted = wanted.unwrap_or_else(|| {
            panic!("say in tests/tests/marketplace/roles.txt who may call {name}")
        });
        assert_eq!(let_in(route.access), wanted, "{name}");
    }
    assert!(roles.is_empty(), "no route any more: {roles:?}");
}

/// What changes nothing, and what writes its lines under the names of what it learned.
const WITHOUT_A_LINE: [&str; 5] = [
    "quote-mission",
    "quote-modification",
    "quote-order",
    "read-invitation",
    "receive-stripe-event",
];

#[test]
fn whatever_changes_something_is_told_in_the_log_in_words() {
    for function in directory::functions() {
        let Kind::Http(route) = function.kind else {
            continue;
        };
        let told = dashboard::sentences::sentence(function.name).is_some();
        let silent = route.method == "GET" || WITHOUT_A_LINE.contains(&function.name);
        assert!(told || silent, "give {} its sentence", function.name);
    }
}

fn address(path: &str, ids: &BTreeMap<&str, String>) -> String {
    path.split('/')
        .map(|part| {
            let name = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'));
            name.map_or_else(
                || part.to_owned(),
                |name| {
                    ids.get(name)
                        .unwrap_or_else(|| panic!("give the access test a {{{name}}}"))
                        .clone()
                },
            )
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_lets_in_those_it_names_and_nobody_else() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    let manager = professional.invite_manager(&world, "Ines").await;
    let agent = professional.invite_agent(&world, 0).await;
    let (applicant, _) = Professional::register(&world, "Vigie", 1, 1).await;
    let slug = world
        .browser()
        .get(&format!("/api/offers/{}", professional.offer))
        .await
        .ok()["slug"]
        .as_str()
        .unwrap()
        .to_owned();
    let account = client.browser.get("/api/account").await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let nothing = |prefix: &str| format!("{prefix}_00000000000000000000000000");
    let ids = BTreeMap::from([
        ("booking", booking),
        ("professional", professional.id.clone()),
        ("offer", professional.offer.clone()),
        ("slug", slug),
        ("account", account),
        ("document", nothing("doc")),
        ("change", nothing("chg")),
        ("review", nothing("rev")),
        ("request", nothing("qrq")),
        ("alert", nothing("alr")),
        ("file", "bkg_00000000000000000000000000.x.ics".to_owned()),
        ("order", nothing("ord")),
        ("conversation", nothing("cnv")),
        ("message", nothing("msg")),
        ("attachment", nothing("att")),
        ("invoice", nothing("inv")),
        ("format", "pdf".to_owned()),
        ("invitation", nothing("ivt")),
        ("feed", "pro_00000000000000000000000000.x.ics".to_owned()),
        ("audience", "clients".to_owned()),
    ]);
    let people: Vec<(&str, Browser)> = vec![
        ("signed-out", world.browser()),
        ("client", client.browser),
        ("owner", professional.browser),
        ("manager", manager),
        ("agent", agent),
        ("applicant", applicant),
        ("operator", admin(&world).await),
    ];
    let roles = roles();
    let mut wrong = Vec::new();
    for function in directory::functions() {
        let Kind::Http(route) = function.kind else {
            continue;
        };
        // What ends a session or changes a password would shut the others out: tested elsewhere.
        let skipped = [
            "sign-out",
            "change-password",
            "refresh-session",
            "receive-stripe-event",
        ];
        if skipped.contains(&function.name) {
            continue;
        }
        for (who, browser) in &people {
            let address = address(route.path, &ids);
            let answer = match route.method {
                "GET" => browser.get(&address).await,
                // A body that no rule accepts: whoever is let in learns that, and nothing changes.
                method => {
                    browser
                        .json(method, &address, &json!({ "nothing": true }))
                        .await
                }
            };
            let expected = if roles[&format!("{} {}", route.method, route.path)].contains(who) {
                "in"
            } else if *who == "signed-out" {
                "401"
            } else {
                "403"
            };
            let fine = match expected {
                "in" => {
                    answer.status != 401
                        && (answer.status != 403 || answer.json["code"] != "wrong_role")
                }
                status => answer.status.to_string() == status,
            };
            if !fine || answer.status >= 500 {
                wrong.push(format!(
                    "{} {} as {who}: {} instead of {expected} {}",
                    route.method, route.path, answer.status, answer.text
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every page and form of the dashboard, by everybody: what was answered is kept in a table.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_operator_reaches_a_page_of_the_dashboard() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let booking = client.book(&world, &mission).await;
    let (applicant, _) = Professional::register(&world, "Vigie", 1, 1).await;
    let nothing = |prefix: &str| format!("{prefix}_00000000000000000000000000");
    let ids = BTreeMap::from([
        ("booking", booking),
        ("professional", professional.id.clone()),
        ("offer", professional.offer.clone()),
        ("document", nothing("doc")),
        ("change", nothing("chg")),
        ("review", nothing("rev")),
        ("account", nothing("acc")),
        ("report", nothing("rpt")),
        ("request", nothing("drq")),
        ("subject", professional.id.clone()),
    ]);
    let people: Vec<(&str, Browser)> = vec![
        ("signed out", world.browser()),
        ("client", client.browser),
        ("professional", professional.browser),
        ("applicant", applicant),
        ("operator", admin(&world).await),
    ];
    let mut table = String::from(
        "# Who reaches what under /admin\n\nMeasured by `tests/tests/marketplace/access.rs` on a running server; `make docs` writes it, a test compares. Where a form is let in, it is refused for what it holds (422) or for what it names (404).\n\n| address | signed out | client | professional | applicant | operator |\n|---|---|---|---|---|---|\n",
    );
    let functions = directory::functions();
    let pages = functions.iter().find_map(|function| match function.kind {
        Kind::Pages(pages) => Some(pages),
        _ => None,
    });
    for page in (pages.unwrap().list)() {
        // What ends the operator's session: tested by the dashboard's own journeys.
        if page.name == "sign-out-operator" {
            continue;
        }
        let address = address(page.route.path, &ids);
        let mut row = format!("| {} {} |", page.route.method, page.route.path);
        for (who, browser) in &people {
            let answer = match page.route.method {
                "GET" => browser.get(&address).await,
                _ => {
                    browser
                        .form(&address, &[("nothing", "true".to_owned())])
                        .await
                }
            };
            let let_in = !matches!(answer.status, 401 | 403)
                && !answer
                    .headers
                    .get("location")
                    .is_some_and(|to| to.to_str().unwrap().starts_with("/admin/connexion"));
            // The steps of signing in lead to the first one; nobody is kept from that.
            if !address.starts_with("/admin/connexion") {
                let wanted = address == "/admin/style.css" || *who == "operator";
                assert_eq!(let_in, wanted, "{address} as {who}: {}", answer.text);
            }
            assert!(answer.status < 500, "{address} as {who}: {}", answer.text);
            row.push_str(&format!(" {} |", answer.status));
        }
        table.push_str(&row);
        table.push('\n');
    }
    journeys::same_as_on_disk(&journeys::root().join("docs/access.md"), &table);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_reach_a_booking_an_offer_or_a_registration_of_somebody_else() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let other = Professional::open(&world, "Rempart", 1, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let stranger = Client::sign_up(&world, "Robin").await;
    let mission = professional.mission(&world, 10, 9, 8, 1).await;
    let id = client.book(&world, &mission).await;
    for browser in [&stranger.browser, &other.browser] {
        browser
            .get(&format!("/api/bookings/{id}"))
            .await
            .refused(404, "not_found");
    }
    for verb in ["cancel", "validate", "checkout", "review"] {
        let body = json!({ "rating": 5, "punctuality": 5, "professionalism": 5, "communication": 5, "comment": "Très bien, merci." });
        stranger
            .browser
            .post(&format!("/api/bookings/{id}/{verb}"), body)
            .await
            .refused(404, "not_found");
    }
    for verb in ["accept", "refuse", "complete", "evaluation"] {
        let body = json!({ "reason": "Impossible.", "rating": 5, "clarity": 5, "welcome": 5, "safety": 5 });
        other.act(&id, verb, body).await.refused(404, "not_found");
    }
    let offer = &professional.offer;
    other
        .browser
        .post(
            &format!("/api/professional/offers/{offer}/withdraw"),
            json!({}),
        )
        .await
        .refused(404, "not_found");
    let document = world
        .browser()
        .get(&format!("/api/offers/{offer}"))
        .await
        .ok()["conditions_of_sale"]
        .to_string();
    assert!(
        !document.contains("http"),
        "no link to a private file: {document}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_cannot_act_in_a_signed_in_persons_name_and_a_forged_session_is_nobodys() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let json = ("content-type", "application/json");
    let foreign = client
        .browser
        .send(
            "DELETE",
            "/api/session",
            &[json, ("origin", "https://ailleurs.example")],
            b"{}".to_vec(),
        )
        .await;
    foreign.refused(403, "foreign_origin");
    let session = client.browser.cookie("session").unwrap();
    client.browser.get("/api/account").await.ok();
    let mut forged = session.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'B' } else { 'A' });
    for cookie in [forged.as_str(), "", "x", "%22%3Cscript%3E"] {
        let browser = world.browser();
        browser.set_cookie("session", cookie);
        browser
            .get("/api/account")
            .await
            .refused(401, "sign_in_required");
    }
    // A session lasts a quarter of an hour; the refresh token renews it, once.
    let refresh = client.browser.cookie("refresh").unwrap();
    world.advance(16 * 60).await;
    client
        .browser
        .get("/api/account")
        .await
        .refused(401, "sign_in_required");
    client
        .browser
        .post("/api/session/refresh", json!({}))
        .await
        .ok();
    client.browser.get("/api/account").await.ok();
    let thief = world.browser();
    thief.set_cookie("refresh", &refresh);
    thief
        .post("/api/session/refresh", json!({}))
        .await
        .refused(401, "session_ended");
    client
        .browser
        .post("/api/session/refresh", json!({}))
        .await
        .refused(401, "session_ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_passwords_is_slowed_down_and_tells_nothing() {
    let world = World::start().await;
    let client = Client::sign_up(&world, "Camille").await;
    let browser = world.browser();
    let unknown = browser
        .post(
            "/api/session",
            json!({ "email": "personne@exemple.fr", "password": "Faux-Secret-1" }),
        )
        .await;
    let unknown = unknown.refused(401, "wrong_credentials");
    for _ in 0..5 {
        let wrong = browser
            .post(
                "/api/session",
                json!({ "email": client.email, "password": "Faux-Secret-1" }),
            )
            .await;
        assert_eq!(wrong.refused(401, "wrong_credentials"), unknown);
    }
    let right = json!({ "email": client.email, "password": "Correct-Cheval-9" });
    browser
        .post("/api/session", right.clone())
        .await
        .refused(429, "too_many_attempts");
    world.advance(31 * 60).await;
    browser.post("/api/session", right).await.ok();
}
