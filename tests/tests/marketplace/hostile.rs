//! Malformed, oversized and hostile input, on every route: refused in French, never an error of ours.

use http_function::{Access, Kind};
use journeys::{Answer, Browser, Client, Professional, World, admin, documents, prepare, put_file};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");

/// What it is, its headers, its bytes.
type Hostile = (&'static str, Vec<(&'static str, &'static str)>, Vec<u8>);

fn bodies() -> Vec<Hostile> {
    let deep = format!("{}1{}", "{\"a\":".repeat(300), "}".repeat(300));
    let hostile = json!({
        "email": "a'--@b", "token": "../../etc/passwd", "password": "\u{0}", "start": "9999-99-99", "end": -1,
        "agents": 4_000_000_000_u64, "offer": "off_' OR 1=1", "mission": [], "profile": "x", "page": 1, "terms": null,
        "calendar": { "weekly": [{ "weekday": "lundi" }] }, "details": { "kind": "photo" }, "rating": 9, "reason": "<script>",
    });
    vec![
        ("no body", vec![JSON], Vec::new()),
        ("not JSON", vec![JSON], b"{\"a\": ".to_vec()),
        ("not an object", vec![JSON], b"[1, 2]".to_vec()),
        (
            "not UTF-8",
            vec![JSON],
            vec![b'{', b'"', 0xff, 0xfe, b'"', b'}'],
        ),
        ("too deep", vec![JSON], deep.into_bytes()),
        (
            "too large",
            vec![JSON],
            format!("{{\"a\":\"{}\"}}", "x".repeat(400_000)).into_bytes(),
        ),
        (
            "another format",
            vec![("content-type", "text/xml")],
            b"<a/>".to_vec(),
        ),
        (
            "hostile values",
            vec![JSON],
            hostile.to_string().into_bytes(),
        ),
        (
            "a strange key",
            vec![JSON, ("idempotency-key", "")],
            b"{}".to_vec(),
        ),
    ]
}

fn check(answer: &Answer, what: &str, wrong: &mut Vec<String>) {
    let problem = answer
        .headers
        .get("content-type")
        .is_some_and(|kind| kind == "application/problem+json");
    let said = problem
        && answer.json["code"].is_string()
        && answer.json["detail"]
            .as_str()
            .is_some_and(|detail| detail.ends_with('.'));
    let english = [
        "expected",
        "invalid type",
        "missing field",
        "unknown variant",
        "line 1",
    ]
    .iter()
    .any(|word| answer.text.contains(word));
    let page = answer
        .headers
        .get("content-type")
        .is_some_and(|kind| kind == "text/html; charset=utf-8");
    let said = said || (page && answer.text.contains("Cette page n’existe pas"));
    if answer.status >= 500 || (answer.status >= 400 && (!said || english)) {
        wrong.push(format!(
            "{what}: {} {}",
            answer.status,
            answer.text.chars().take(300).collect::<String>()
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_refuses_bad_input_in_french_and_none_of_it_is_our_fault() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let agent = professional.invite_agent(&world, 0).await;
    let (applicant, _) = Professional::register(&world, "Vigie", 1, 1).await;
    let operator = admin(&world).await;
    let visitor = world.browser();
    let mut wrong = Vec::new();
    for function in directory::functions() {
        let Kind::Http(route) = function.kind else {
            continue;
        };
        let browser: &Browser = match route.access {
            Access::Anyone | Access::SignedIn => &visitor,
            Access::Client | Access::AccountHolder | Access::Correspondent | Access::Principal => {
                &client.browser
            }
            Access::Professional | Access::Owner => &professional.browser,
            Access::Agent => &agent,
            Access::Applicant | Access::FileHolder => &applicant,
            Access::Admin => &operator,
        };
        let ids = [
            "x",
            "%2e%2e%2f",
            "%00",
            "bkg_00000000000000000000000000",
            "%C3%A9%27--",
        ];
        for id in ids {
            let path: Vec<&str> = route
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { id } else { part })
                .collect();
            let path = path.join("/");
            if route.method == "GET" {
                for query in [
                    "",
                    "?after=x",
                    "?after=W1sicGsiLCJ4Il1d&start=z&agents=-1&offers=,,&q=%00",
                    "?a[b][c]=1&a=2&place=%F0%9F%92%A5",
                    "?activity=x&place=1&start=1&end=2&sort=z&limit=99999999999",
                ] {
                    let answer = browser.get(&format!("{path}{query}")).await;
                    check(&answer, &format!("GET {path}{query}"), &mut wrong);
                }
            } else {
                for (what, headers, body) in bodies() {
                    if function.name == "sign-out" {
                        continue;
                    }
                    let answer = browser.send(route.method, &path, &headers, body).await;
                    check(
                        &answer,
                        &format!("{} {path} with {what}", route.method),
                        &mut wrong,
                    );
                }
            }
            if !route.path.contains('{') {
                break;
            }
        }
    }
    for (method, path) in [
        ("DELETE", "/api/search"),
        ("GET", "/api/nothing"),
        ("PATCH", "/api/bookings"),
        ("GET", "/api/%FF"),
    ] {
        let answer = visitor.send(method, path, &[], Vec::new()).await;
        assert!(
            (400..500).contains(&answer.status),
            "{method} {path}: {}",
            answer.status
        );
        check(&answer, &format!("{method} {path}"), &mut wrong);
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_it_says_is_refused() {
    let world = World::start().await;
    let (browser, _) = Professional::register(&world, "Bastion", 0, 1).await;
    let registration = browser.get("/api/registration").await.ok();
    let insurance = documents(&registration["profile"])
        .into_iter()
        .find(|details| details["kind"] == "insurance")
        .unwrap();
    // A program that is called a PDF: the upload is as announced, and its content gives it away.
    let program = b"MZ\x90\x00 this program cannot be run in DOS mode".to_vec();
    let prepared = prepare(&browser, &insurance, &program).await.ok();
    assert_eq!(put_file(&browser, &prepared, program).await.status, 200);
    let document = prepared["document"].as_str().unwrap();
    browser
        .post(
            &format!("/api/registration/documents/{document}/confirm"),
            json!({}),
        )
        .await
        .refused(422, "file_type_refused");
    // Another file than announced: S3 itself refuses it.
    let prepared = prepare(&browser, &insurance, &journeys::pdf("annoncé"))
        .await
        .ok();
    let other = put_file(&browser, &prepared, journeys::pdf("autre chose")).await;
    assert!((400..500).contains(&other.status), "{}", other.status);
    let document = prepared["document"].as_str().unwrap();
    browser
        .post(
            &format!("/api/registration/documents/{document}/confirm"),
            json!({}),
        )
        .await
        .refused(409, "file_absent");
    // Too large, and a type that is never taken.
    let large = json!({ "details": insurance, "file_type": "application/pdf", "size": 10_485_761, "sha256": "00".repeat(32) });
    browser
        .post("/api/registration/documents", large)
        .await
        .refused(422, "file_size_refused");
    let strange = json!({ "details": insurance, "file_type": "application/zip", "size": 10, "sha256": "00".repeat(32) });
    browser
        .post("/api/registration/documents", strange)
        .await
        .refused(400, "field_invalid");
    // An upload address says nothing of its owner, and nobody reads a document without being asked.
    let url = prepared["upload"]["url"]
        .as_str()
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    assert!(!url.contains("pro_") && !url.contains("910000017"));
    let stolen = world.browser().get(&url).await;
    assert_eq!(stolen.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_says_what_is_missing() {
    let world = World::start().await;
    let browser = world.browser();
    let start = json!({ "email": "neuf@pro.exemple.fr", "accepts_terms": true });
    browser.post("/api/registrations", start).await.ok();
    let code = world.code("neuf@pro.exemple.fr").await;
    browser
        .post("/api/registrations/resume", json!({ "code": code }))
        .await
        .ok();
    let refused = Professional::submit(&browser)
        .await
        .refused(422, "registration_incomplete");
    let missing: Vec<&str> = refused["missing"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["code"].as_str())
        .collect();
    for code in [
        "siren",
        "document_insurance",
        "document_bank_details",
        "document_authorisation",
        "document_conditions_of_sale",
        "agents",
    ] {
        assert!(missing.contains(&code), "{code} is not among {missing:?}");
    }
    for (field, value, code) in [
        ("siren", json!("910000018"), "field_invalid"),
        ("siret", json!("73282932000075"), "field_invalid"),
        (
            "description",
            json!("Ancien gendarme, je garde vos chantiers de nuit avec sérieux et discrétion."),
            "description_refused",
        ),
        (
            "description",
            json!(
                "Appelez-moi au 06 12 34 56 78 pour toute demande de gardiennage de nuit, merci."
            ),
            "description_refused",
        ),
        // A whole one: it is declared elsewhere.
        (
            "establishments",
            json!([{ "id": "est_01J8Z6K3V5Q0T4W9X2Y7R1S6AB", "siret": "73282932000074",
                     "address": { "street": "1 rue du Test", "postal_code": "69002", "town": "Lyon" } }]),
            "field_invalid",
        ),
    ] {
        let answer = browser
            .put("/api/registration", json!({ "profile": { field: value } }))
            .await;
        assert_eq!(answer.json["code"], code, "{field}: {}", answer.text);
        if field == "establishments" {
            assert!(answer.text.contains("Mon dossier"), "{}", answer.text);
        }
    }
    // What is read is sent back as it is.
    let profile = browser.get("/api/registration").await.ok()["profile"].clone();
    let same = json!({ "profile": profile });
    browser.put("/api/registration", same).await.ok();
    let first = Professional::register(&world, "Bastion", 0, 1).await.0;
    Professional::submit(&first).await.ok();
    let second = Professional::register(&world, "Doublon", 0, 1).await.0;
    Professional::submit(&second)
        .await
        .refused(409, "siren_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_needs_every_acknowledgement_and_the_price_that_was_shown() {
    let world = World::start().await;
    let professional = Professional::open(&world, "Bastion", 0, 1).await;
    let client = Client::sign_up(&world, "Camille").await;
    let mission = professional.mission(&world, 5, 9, 8, 1).await;
    let order = client.order(&mission).await;
    let with = |field: &str, value: Value| {
        let mut order = order.clone();
        order[field] = value;
        order
    };
    let nothing = json!("doc_00000000000000000000000000");
    for (changed, status, code) in [
        (
            with("withdrawal_information", json!(false)),
            422,
            "withdrawal_information_required",
        ),
        (
            with("early_start_requested", json!(false)),
            422,
            "early_start_request_required",
        ),
        (with("expected_total", json!(1)), 409, "price_changed"),
        (
            with("conditions_of_sale", nothing),
            409,
            "conditions_of_sale_changed",
        ),
    ] {
        client
            .browser
            .post("/api/bookings", changed)
            .await
            .refused(status, code);
    }
    for (days, hours, agents, code) in [
        (5, 2, 1, "mission_too_short"),
        (5, 13, 1, "mission_too_long"),
        (5, 8, 9, "mission_too_many_agents"),
        (5, 8, 2, "agents_unavailable"),
        (90, 8, 1, "mission_too_far_ahead"),
    ] {
        let mission = professional.mission(&world, days, 9, hours, agents).await;
        let answer = client.browser.post("/api/quotes", mission).await;
        assert_eq!(answer.json["code"], code, "{}", answer.text);
    }
    let unsigned = world
        .browser()
        .send(
            "POST",
            "/webhooks/stripe",
            &[JSON, ("stripe-signature", "t=1,v1=00")],
            b"{}".to_vec(),
        )
        .await;
    unsigned.refused(400, "signature_refused");
}
