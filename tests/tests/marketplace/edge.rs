//! Where a request comes from, and how often it counts.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use adapters::environment::Outside as _;
use adapters::store::Store;
use domain::places::NotTogether;
use futures::future::join_all;
use http_function::Kind;
use jiff::{SignedDuration, Timestamp};
use journeys::{Client, Professional, World, documents, prepare, put_file, root, sign_up};
use regex_lite::Regex;
use serde_json::json;
use serde_yaml_ng::Value;

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_itself_answers_nothing_but_its_health() {
    let world = World::start().await;
    let gateway = world.surroundings().gateway_endpoint.clone();
    let ask = async |path: &str, proof: &str| {
        let address = format!("{gateway}{path}");
        let headers = [
            ("x-origin-proof", proof),
            ("cloudfront-viewer-address", "198.51.100.7:443"),
        ];
        let visitor = world.browser();
        visitor.send("GET", &address, &headers, Vec::new()).await
    };
    let accepted = &world.surroundings().environment["ORIGIN_PROOFS"];
    let accepted: Vec<&str> = accepted.split(',').collect();
    assert_eq!(accepted.len(), 2, "one that is sent, one that was");
    for path in ["/api/terms/clients", "/admin/connexion", "/sitemap.xml"] {
        for wrong in ["", "wrong", "only"] {
            let refused = ask(path, wrong).await;
            assert_eq!(refused.status, 403, "{path} {wrong}: {}", refused.text);
        }
        for right in &accepted {
            assert_eq!(ask(path, right).await.status, 200, "{path} {right}");
        }
        assert_eq!(world.browser().get(path).await.status, 200, "{path}");
    }
    let refused = ask("/api/terms/clients", "").await;
    refused.refused(403, "origin_unproved");
    assert_eq!(ask("/api/health", "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_chooses_the_address_that_is_counted() {
    let world = World::start().await;
    let visitor = world.browser();
    let mut answered: BTreeMap<u16, usize> = BTreeMap::new();
    for number in 0..40 {
        let claimed = format!("198.51.100.{number}:443");
        let headers = [
            ("content-type", "application/json"),
            ("cloudfront-viewer-address", claimed.as_str()),
            ("x-origin-proof", "wrong"),
        ];
        let asked = json!({ "email": format!("personne{number}@exemple.fr") });
        let asked = asked.to_string().into_bytes();
        let answer = visitor.send("POST", "/api/password-resets", &headers, asked);
        *answered.entry(answer.await.status).or_default() += 1;
    }
    assert_eq!(answered, [(202, 30), (429, 10)].into());
}

/// Each decision is made several times when so many want the same at once; each request counts once.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_decision_is_made_again_counts_once() {
    let world = World::start().await;
    let browsers: Vec<_> = (0..40).map(|_| world.browser()).collect();
    let signed_up = browsers.iter().enumerate().map(|(number, browser)| {
        let email = format!("client{number}@exemple.fr");
        browser.post(
            "/api/accounts",
            sign_up(&email, "Correct-Cheval-9", "Camille"),
        )
    });
    let mut answered: BTreeMap<u16, usize> = BTreeMap::new();
    for answer in join_all(signed_up).await {
        *answered.entry(answer.status).or_default() += 1;
    }
    assert_eq!(answered.values().sum::<usize>(), 40);
    assert_eq!(answered.get(&429), Some(&10), "{answered:?}");
    assert_eq!(answered.keys().filter(|status| **status >= 500).count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_slides_on_with_time() {
    let world = World::start().await;
    let store = Store::open(&local::functions::environment(world.surroundings()));
    // The first moment of an eighth of an hour, so that the table below is exact.
    let start: Timestamp = "2027-01-05T08:00:00Z".parse().unwrap();
    for (after, expected, eases_in) in [
        (0, 1, 3_600),
        (10, 2, 3_590),
        (1_800, 3, 1_800),
        (3_599, 4, 1),
        // The first two are an hour old.
        (3_600, 3, 1_800),
        (5_399, 4, 1),
        (5_400, 4, 1_350),
        // Long afterwards only this one is left.
        (21_600, 1, 3_600),
    ] {
        let at = start + SignedDuration::from_secs(after);
        let counted = store.count("test", 3_600, at).await.unwrap();
        let found = (counted.count, counted.eases_in);
        assert_eq!(found, (expected, eases_in), "after {after} s");
    }
    // What is taken back does not count.
    let at = start + SignedDuration::from_secs(21_601);
    store.uncount("test", 3_600, at).await.unwrap();
    assert_eq!(store.count("test", 3_600, at).await.unwrap().count, 1);
}

/// A rate rule of `infra/edge.yaml`: its name, the addresses it is about, and whether it is about all others.
struct Rule {
    name: String,
    about: Regex,
    others: bool,
}

fn rules() -> Vec<Rule> {
    let text = std::fs::read_to_string(root().join("infra/edge.yaml")).unwrap();
    let template: Value = serde_yaml_ng::from_str(&text).unwrap();
    let rules = &template["Resources"]["RateRules"]["Properties"]["Rules"];
    let read = |rule: &Value| {
        let scope = &rule["Statement"]["RateBasedStatement"]["ScopeDownStatement"];
        let inverse = &scope["NotStatement"]["Statement"];
        let others = !inverse.is_null();
        let matched = if others { inverse } else { scope };
        let matched = &matched["RegexMatchStatement"];
        let transformations = matched["TextTransformations"].as_sequence().unwrap();
        let transformations: Vec<&str> = transformations
            .iter()
            .map(|transformation| transformation["Type"].as_str().unwrap())
            .collect();
        assert_eq!(
            transformations,
            ["URL_DECODE", "URL_DECODE", "NORMALIZE_PATH", "LOWERCASE"]
        );
        Rule {
            name: rule["Name"].as_str().unwrap().to_owned(),
            about: Regex::new(matched["RegexString"].as_str().unwrap()).unwrap(),
            others,
        }
    };
    rules.as_sequence().unwrap().iter().map(read).collect()
}

/// What WAF makes of an address before it compares.
fn transformed(path: &str) -> String {
    let decode = |text: &str| {
        let decoded = percent_encoding::percent_decode_str(text);
        decoded.decode_utf8_lossy().into_owned()
    };
    let mut parts: Vec<&str> = Vec::new();
    let decoded = decode(&decode(path));
    for part in decoded.split('/').skip(1) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/")).to_lowercase()
}

fn counted_by<'a>(rules: &'a [Rule], path: &str) -> Vec<&'a str> {
    let path = transformed(path);
    let about = |rule: &&Rule| rule.about.is_match(&path) != rule.others;
    rules
        .iter()
        .filter(about)
        .map(|rule| rule.name.as_str())
        .collect()
}

#[test]
fn every_route_has_its_rate_rule_however_it_is_written() {
    let rules = rules();
    for function in directory::functions() {
        let path = match function.kind {
            Kind::Http(route) => route.path,
            Kind::Pages(pages) => pages.prefix,
            Kind::Listener(_) | Kind::Observer { .. } | Kind::Chore(_) | Kind::Feed(_) => continue,
        };
        let path = path.replace(['{', '}'], "");
        assert!(!counted_by(&rules, &path).is_empty(), "{path}");
    }
    for (path, expected) in [
        ("/api/session", &["accounts", "functions"][..]),
        ("/%61pi/session", &["accounts", "functions"]),
        ("/%2561pi/s%65ssion", &["accounts", "functions"]),
        ("/API/Session", &["accounts", "functions"]),
        ("/api/./session", &["accounts", "functions"]),
        ("/api/x/../session", &["accounts", "functions"]),
        ("/api/accounts/verify-email", &["accounts", "functions"]),
        ("/api/password-resets", &["accounts", "functions"]),
        ("/api/registrations/resume", &["accounts", "functions"]),
        ("/api/account/password", &["accounts", "functions"]),
        ("/api/withdrawals", &["accounts", "functions"]),
        ("/admin/connexion/code", &["accounts", "functions"]),
        ("/webhooks/stripe", &["webhooks", "functions"]),
        ("/api/search", &["search", "functions"]),
        ("/api/offers/ofr_1", &["search", "functions"]),
        ("/professionnels/bastion-lyon", &["search", "functions"]),
        ("/cgu/client", &["functions"]),
        ("/api/bookings", &["functions"]),
        ("/", &["functions"]),
        ("/_app/immutable/entry/start.js", &[]),
    ] {
        assert_eq!(counted_by(&rules, path), expected, "{path}");
    }
}

/// What the distribution sends to either gateway is the first of what the functions accept.
#[test]
fn cloudfront_proves_itself_with_the_first_value_that_is_accepted() {
    let text = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    // Both gateways: the public one and the operator's.
    for line in [
        "- HeaderName: X-Origin-Proof",
        "HeaderValue: !Select [0, !Split [\",\", !Ref OriginProofs]]",
    ] {
        assert_eq!(text.matches(line).count(), 2, "{line}");
    }
    let contexts = text.matches("TemplateURL: contexts/").count();
    let given = text
        .matches("        OriginProofs: !Ref OriginProofs\n")
        .count();
    assert_eq!(given, contexts);
}

/// What an order says of itself, as the site would send it, with other texts.
fn saying(order: &serde_json::Value, texts: serde_json::Value) -> serde_json::Value {
    let mut order = order.clone();
    for (name, text) in texts.as_object().unwrap() {
        match name.as_str() {
            "town" | "address" => order[name] = text.clone(),
            name => order["context"][name] = text.clone(),
        }
    }
    order
}

#[tokio::test(flavor = "multi_thread")]
async fn three_orders_wait_for_payment_two_with_one_professional_and_ten_are_given_up_a_day() {
    let world = World::start().await;
    let first = Professional::open(&world, "Bastion", 0, 9).await;
    let second = Professional::open(&world, "Vigie", 1, 9).await;
    let client = Client::sign_up(&world, "Camille").await;
    let order = async |of: &Professional, hour: i8| {
        let mission = of.mission(&world, 20, hour, 4, 1).await;
        client.request(&mission).await
    };
    let paid = order(&first, 6).await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    order(&first, 7).await.ok();
    let refused = order(&first, 8).await;
    refused.refused(409, "too_many_orders_waiting_here");
    order(&second, 6).await.ok();
    order(&second, 7)
        .await
        .refused(409, "too_many_orders_waiting");
    // Another client is not concerned.
    let other = Client::sign_up(&world, "Nadia").await;
    let mission = first.mission(&world, 20, 9, 4, 1).await;
    other.request(&mission).await.ok();
    // What is paid does not wait any more.
    client.pay(&world, &paid, "4242424242424242").await;
    order(&first, 8).await.ok();
    order(&first, 9)
        .await
        .refused(409, "too_many_orders_waiting_here");
    // All at once, they are not more.
    world.advance(20 * 60).await;
    client.sign_in().await;
    let orders: Vec<_> = (0..12).map(|hour| order(&second, hour + 6)).collect();
    let answers = join_all(orders).await;
    let taken = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(
        taken,
        2,
        "{:?}",
        answers.iter().map(|a| &a.text).collect::<Vec<_>>()
    );
    // Three of the first hour and these two were given up; five more make ten.
    for _ in 0..5 {
        world.advance(20 * 60).await;
        client.sign_in().await;
        order(&first, 14).await.ok();
    }
    world.advance(20 * 60).await;
    client.sign_in().await;
    order(&first, 14)
        .await
        .refused(429, "too_many_orders_abandoned");
    world.advance(24 * 3_600).await;
    client.sign_in().await;
    order(&first, 14).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_coordinates_of_an_order_are_read_before_the_contract() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 20, 8, 4, 1).await;
    let order = client.order(&mission).await;
    let elsewhere = saying(&order, json!({ "town": "Grenoble" }));
    let refused = client.browser.post("/api/bookings", elsewhere).await;
    assert_eq!(refused.refused(422, NotTogether::CODE)["field"], "town");
    let told = saying(
        &order,
        json!({
            "town": "LYON",
            "site": "Chantier 0 6 1 2 3 4 5 6 7 8",
            "risks": "Voir lea point roy arobase exemple point fr",
            "instructions": "Appeler le ０６１２３４５６７８ à l’arrivée",
        }),
    );
    let booking = client.browser.post("/api/bookings", told).await.ok();
    let booking = booking["id"].as_str().unwrap().to_owned();
    client.pay(&world, &booking, "4242424242424242").await;
    let before = professional.booking(&booking).await.ok();
    assert_eq!(before["place"]["town"], "Lyon");
    let hidden = "[coordonnées masquées]";
    assert_eq!(
        before["context"],
        json!({
            "site": format!("Chantier {hidden}"),
            "public_road": false,
            "public_expected": false,
            "risks": format!("Voir {hidden}"),
            "instructions": format!("Appeler le {hidden} à l’arrivée"),
        })
    );
    for mail in world.mails_to(&professional.email).await {
        let told = mail.to_string();
        for secret in ["0 6 1 2", "０６１２", "06 12 34", "arobase"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
    // The client reads what they wrote.
    let own = client.booking(&booking).await;
    assert_eq!(own["context"]["site"], "Chantier 0 6 1 2 3 4 5 6 7 8");
    let accepted = json!({ "advice": "Un agent à l’entrée suffit." });
    professional.act(&booking, "accept", accepted).await.ok();
    let after = professional.booking(&booking).await.ok();
    assert_eq!(after["context"]["site"], "Chantier 0 6 1 2 3 4 5 6 7 8");
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_keep_nothing_that_cannot_be_seen_and_names_no_address() {
    let world = World::start().await;
    let visitor = world.browser();
    let sign_up = |name: &str| journeys::sign_up("nadia@exemple.fr", "Correct-Cheval-9", name);
    for (name, status, code) in [
        ("Cliquez http://exemple.fr", 422, "name_invalid"),
        ("exemple.fr", 422, "name_invalid"),
        ("Nadia2", 422, "name_invalid"),
        ("nadia@exemple.fr", 422, "name_invalid"),
        ("Nad\0ia", 422, "text_characters_invalid"),
        ("Nad\u{1b}ia", 422, "text_characters_invalid"),
        ("Nad\u{ffff}ia", 422, "text_characters_invalid"),
    ] {
        let refused = visitor.post("/api/accounts", sign_up(name)).await;
        refused.refused(status, code);
    }
    let client = Client::sign_up(&world, "Camille").await;
    let corrected = json!({
        "first_name": "Cam\u{200b}ille\u{202e}", "last_name": "Le\u{301}ger", "phone": "06 12 34 56 78",
    });
    client
        .browser
        .put("/api/account/profile", corrected)
        .await
        .ok();
    let account = client.browser.get("/api/account").await.text;
    assert!(
        account.contains("Camille\"") && account.contains("Léger"),
        "{account}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_not_mailed_by_reports() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let page = professional.browser.get("/api/professional/page").await;
    let slug = page.ok()["slug"].as_str().unwrap().to_owned();
    for number in 0..8 {
        // Five an hour for an address.
        if number == 5 {
            world.advance(3_700).await;
        }
        let report = json!({
            "slug": slug, "reason": "misleading", "good_faith": true,
            "text": "Le numéro d’autorisation affiché est celui d’une autre entreprise.",
            "email": format!("voisin+{number}@exemple.fr"),
        });
        let taken = world.browser().post("/api/reports", report).await;
        assert_eq!(taken.status, 201, "{}", taken.text);
        assert_eq!(
            taken.text.contains("déjà reçu 3 messages"),
            number >= 3,
            "{number}"
        );
    }
    let mails = world.mails_to("voisin").await;
    assert_eq!(mails.len(), 3, "{mails:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_another_from_withdrawing() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 20, 8, 4, 1).await;
    let booking = client.book(&world, &mission).await;
    let accepted = json!({ "advice": "Un agent à l’entrée suffit." });
    professional.act(&booking, "accept", accepted).await.ok();
    world.settle().await;
    let reference = client.booking(&booking).await["reference"].clone();
    let statement = |reference: &serde_json::Value, email: &str| json!({ "name": "Camille Martin", "reference": reference, "email": email, "confirmed": false });
    let visitors: Vec<_> = (0..24).map(|_| world.browser()).collect();
    let wrong = visitors.iter().enumerate().map(|(number, visitor)| {
        let wrong = if number % 2 == 0 {
            statement(&json!("MAS-2026-00000000"), &client.email)
        } else {
            statement(&reference, "personne@exemple.fr")
        };
        visitor.post("/api/withdrawals", wrong)
    });
    for answer in join_all(wrong).await {
        answer.refused(404, "withdrawal_not_found");
    }
    let shown = statement(&reference, &client.email);
    world.browser().post("/api/withdrawals", shown).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_do_not_share_their_keys() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let page = professional.browser.get("/api/professional/page").await;
    let slug = page.ok()["slug"].as_str().unwrap().to_owned();
    let report = |text: &str| {
        json!({ "slug": slug, "reason": "misleading", "good_faith": true, "text": text })
            .to_string()
    };
    let send = async |browser: &str, text: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", "1"),
            ("user-agent", browser),
        ];
        let body = report(text).into_bytes();
        world
            .browser()
            .send("POST", "/api/reports", &headers, body)
            .await
    };
    let one = "Le numéro d’autorisation affiché est celui d’une autre entreprise.";
    let other = "La photo montre une autre équipe que celle de cette entreprise.";
    assert_eq!(send("un", one).await.status, 201);
    let repeated = send("un", one).await;
    assert_eq!(
        (
            repeated.status,
            repeated.headers.contains_key("idempotent-replayed")
        ),
        (201, true)
    );
    send("un", other)
        .await
        .refused(422, "idempotency_key_reused");
    let of_another = send("deux", other).await;
    assert_eq!(
        (
            of_another.status,
            of_another.headers.contains_key("idempotent-replayed")
        ),
        (201, false)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_does_not_open_or_does_more_than_show_itself_is_refused() {
    let world = World::start().await;
    let (browser, _) = Professional::register(&world, "Bastion", 0, 1).await;
    let registration = browser.get("/api/registration").await.ok();
    let insurance = documents(&registration["profile"])
        .into_iter()
        .find(|details| details["kind"] == "insurance")
        .unwrap();
    let object = |more: &str| {
        let text = String::from_utf8(journeys::pdf("essai")).unwrap();
        text.replace("/Type/Catalog", &format!("/Type/Catalog{more}"))
            .into_bytes()
    };
    for (file, code) in [
        (b"%PDF-1.4\nnothing of a PDF.".to_vec(), "file_damaged"),
        (
            object("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
            "file_active",
        ),
        (object("/OpenAction<</S/Launch/F(cmd.exe)>>"), "file_active"),
    ] {
        let prepared = prepare(&browser, &insurance, &file).await.ok();
        assert_eq!(put_file(&browser, &prepared, file).await.status, 200);
        let document = prepared["document"].as_str().unwrap();
        let confirm = format!("/api/registration/documents/{document}/confirm");
        browser.post(&confirm, json!({})).await.refused(422, code);
    }
}
