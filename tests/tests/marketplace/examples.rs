//! `events/` holds an example of everything that arrives or leaves. Each is written by a running
//! marketplace (`make docs`), held against what one says today, and read by whoever reads it there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use adapters::store::OutboxItem;
use adapters::stripe::Notification;
use domain::event::Event;
use journeys::{Client, Professional, World, documents, pdf, prepare, root};
use serde_json::{Map, Value, json};

fn folder() -> PathBuf {
    root().join("events")
}

/// What is in `events/`: name without `.json`, and content.
fn examples() -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect()
}

/// The events that can be on the bus, by the name of their type.
fn known_events() -> BTreeMap<String, Value> {
    let schema = schema_of_events();
    let variants = schema["oneOf"].as_array().unwrap();
    let named = |variant: &Value| {
        let name = variant["properties"]["type"]["const"]
            .as_str()
            .unwrap()
            .to_owned();
        (name, variant.clone())
    };
    variants.iter().map(named).collect()
}

fn schema_of_events() -> Value {
    schemars::schema_for!(Event).to_value()
}

/// What two examples of one thing have in common: names and types, whatever the values.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let shaped: Map<String, Value> = fields
                .iter()
                .map(|(name, field)| {
                    // Maps whose names are values themselves.
                    let open = matches!(
                        name.as_str(),
                        "headers"
                            | "tags"
                            | "queryStringParameters"
                            | "pathParameters"
                            | "metadata"
                            | "cookies"
                    );
                    let of = if open { json!("map") } else { shape(field) };
                    (name.clone(), of)
                })
                .collect();
            Value::Object(shaped)
        }
        Value::Array(items) => items
            .first()
            .map_or(json!([]), |first| json!([shape(first)])),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("yes or no"),
        Value::Null => Value::Null,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test is told what to do by its environment"
)]
fn compare(said: &BTreeMap<String, Value>) {
    let writing = std::env::var_os("UPDATE_DOCS").is_some();
    let mut known = examples();
    for (name, value) in said {
        let same = known
            .get(name)
            .is_some_and(|example| shape(example) == shape(value));
        if !same && writing {
            let text = serde_json::to_string_pretty(value).unwrap() + "\n";
            std::fs::write(folder().join(format!("{name}.json")), text).unwrap();
            known.insert(name.clone(), value.clone());
        }
        let example = known.get(name);
        let example = example.unwrap_or_else(|| panic!("no events/{name}.json: run `make docs`"));
        assert_eq!(
            shape(example),
            shape(value),
            "events/{name}.json: run `make docs`"
        );
    }
}

fn kebab(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// The file of a kind of event of Stripe's.
fn stripe_name(kind: &str) -> String {
    let plain = kind.replace(['.', '_', '[', ']'], "-");
    format!("stripe-{}", plain.trim_matches('-').replace("--", "-"))
}

/// Without what only the machine that wrote it knows: its port, and who signed.
fn neutral(value: &Value, site: &str) -> Value {
    let text = value
        .to_string()
        .replace(site, "https://monagentdesecu.com");
    serde_json::from_str(&text).unwrap()
}

/// Everything that arrives and leaves in the life of a few bookings.
async fn said_today(world: &World) -> BTreeMap<String, Value> {
    let (applicant, _) = Professional::register(world, "Vigie", 1, 1).await;
    let file = applicant.get("/api/registration").await.ok();
    let announced = &documents(&file["profile"])[0];
    let upload = prepare(&applicant, announced, &pdf("examples")).await.ok();

    // Mailboxes that send back, and that complain.
    for address in ["rebond@exemple.fr", "plainte@exemple.fr"] {
        let asked = json!({ "email": address, "accepts_terms": true });
        world.browser().post("/api/registrations", asked).await;
    }

    let professional = Professional::open(world, "Bastion", 0, 2).await;
    let client = Client::sign_up(world, "Camille").await;
    let mission = professional.mission(world, 10, 9, 8, 1).await;
    client
        .browser
        .post("/api/quotes", mission.clone())
        .await
        .ok();
    let booking = client.book(world, &mission).await;
    professional.act(&booking, "accept", json!({})).await.ok();
    let refused = client
        .book(world, &professional.mission(world, 12, 9, 8, 1).await)
        .await;
    let why = json!({ "reason": "no_agent" });
    professional.act(&refused, "refuse", why).await;
    client
        .book(world, &professional.mission(world, 14, 9, 8, 1).await)
        .await;
    let end = mission["end"].as_str().unwrap().parse().unwrap();
    world.advance_to(end).await;
    world.advance(4 * 24 * 3600).await;
    world.settle().await;

    let mut said = BTreeMap::new();
    said.insert("s3-upload-request".to_owned(), upload["upload"].clone());
    for ((function, kind), call) in world.calls() {
        let name = match (function.as_str(), kind.as_str()) {
            ("quote-mission", _) => {
                let mut request = call.payload;
                // Whoever was signed in.
                request["cookies"] = json!(["session=…"]);
                request["headers"]["x-origin-proof"] = json!("…");
                said.insert("http-request".to_owned(), request);
                said.insert("http-response".to_owned(), call.answer);
                continue;
            }
            ("sweep-deadlines", _) => "schedule-every-minute".to_owned(),
            ("publish-events", _) => {
                let mut batch = call.payload;
                let first = batch["Records"][0].clone();
                batch["Records"] = json!([first]);
                said.insert("stream-outbox".to_owned(), batch);
                continue;
            }
            ("receive-stripe-event", kind) if !kind.is_empty() => {
                let body: Value =
                    serde_json::from_str(call.payload["body"].as_str().unwrap()).unwrap();
                said.insert(stripe_name(kind), body);
                continue;
            }
            ("record-mail-fate", kind) => {
                format!("ses-{}", kind.to_lowercase().replace(' ', "-"))
            }
            ("record-scan", _) => "guardduty-object-scan-result".to_owned(),
            (_, kind) if call.payload["source"] == "monagentdesecu" => {
                format!("bus-{}", kebab(kind))
            }
            _ => continue,
        };
        said.insert(name, call.payload);
    }
    said.into_iter()
        .map(|(name, value)| (name, neutral(&value, &world.site)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_are_what_a_marketplace_says_today() {
    let world = World::start().await;
    let said = said_today(&world).await;
    for name in [
        "http-request",
        "http-response",
        "schedule-every-minute",
        "stream-outbox",
        "s3-upload-request",
        "ses-email-delivered",
        "ses-email-bounced",
        "ses-email-complaint-received",
        "guardduty-object-scan-result",
    ] {
        assert!(said.contains_key(name), "{name} was not said");
    }
    assert!(
        said.keys().filter(|name| name.starts_with("bus-")).count() > 15,
        "{:?}",
        said.keys()
    );
    compare(&said);

    // The rarer events differ by what they are about alone.
    let usual = &said["bus-booking-requested"];
    let rare = known_events()
        .into_iter()
        .map(|(name, schema)| {
            (
                format!("bus-{}", kebab(&name)),
                with_event(usual, &name, &schema),
            )
        })
        .filter(|(name, _)| !said.contains_key(name))
        .collect();
    compare(&rare);
}

/// The envelope of one event around another, whose fields its schema tells.
fn with_event(usual: &Value, name: &str, schema: &Value) -> Value {
    let mut event = Map::new();
    for (field, of) in schema["properties"].as_object().unwrap() {
        let value = match field.as_str() {
            "type" => json!(name),
            "kind" => json!("payment_intent.succeeded"),
            "subject" => json!("pi_1"),
            "version" => json!("2026-12"),
            "whole" => json!({ "paid": 1, "missions": 1, "fees": 1 }),
            _ if of["format"] == "date-time" => json!("2026-12-15T00:00:00Z"),
            _ if of["type"] == "integer" => json!(1),
            id => first_choice(of).unwrap_or_else(|| {
                json!(format!("{}_01M837EFPQ4FQQ449C3Y2STXYG", prefix(name, id)))
            }),
        };
        event.insert(field.clone(), value);
    }
    let mut example = usual.clone();
    example["detail-type"] = json!(name);
    example["detail"]["event"] = Value::Object(event);
    example
}

/// The first word of a closed list, wherever its schema keeps it; nothing if it is no list.
fn first_choice(of: &Value) -> Option<Value> {
    let schema = schema_of_events();
    let target = match of["$ref"].as_str() {
        Some(reference) => schema
            .pointer(reference.trim_start_matches('#'))
            .unwrap()
            .clone(),
        None => of.clone(),
    };
    let choices = target["oneOf"].as_array().cloned().unwrap_or_default();
    let word = |choice: &Value| {
        let listed = choice["enum"][0].clone();
        let word = if listed.is_null() {
            choice["const"].clone()
        } else {
            listed
        };
        word.is_string().then_some(word)
    };
    std::iter::once(&target).chain(&choices).find_map(word)
}

fn prefix(event: &str, field: &str) -> &'static str {
    match field {
        "request" if event == "QuotesMoved" => "qrq",
        "alert" => "alr",
        "invitation" => "ivt",
        "order" => "ord",
        "account" => "acc",
        "proof" => "prf",
        "session" => "ses",
        "professional" => "pro",
        "offer" => "off",
        "booking" => "bkg",
        "document" => "doc",
        "change" => "chg",
        "invoice" => "inv",
        "review" => "rev",
        "report" => "rpt",
        "evaluation" => "evl",
        "conversation" => "cnv",
        "request" => "drq",
        "agent" | "left" | "came" => "agt",
        other => panic!("which identifiers are {other}?"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_read_by_whoever_reads_it_on_aws() {
    let world = World::start().await;
    let functions = local::functions::all(world.surroundings().clone());
    let mut unread: BTreeSet<String> = BTreeSet::new();
    let known = known_events();
    for (name, example) in examples() {
        if name.starts_with("bus-") {
            let item: OutboxItem = serde_json::from_value(example["detail"].clone()).unwrap();
            assert_eq!(example["detail-type"], item.event.name(), "{name}");
            assert_eq!(name, format!("bus-{}", kebab(item.event.name())));
            assert_eq!(
                serde_json::to_value(&item).unwrap(),
                example["detail"],
                "{name}"
            );
            assert!(known.contains_key(item.event.name()), "{name}");
        } else if name.starts_with("stripe-") {
            let event: Notification = serde_json::from_value(example.clone()).unwrap();
            assert_eq!(name, stripe_name(&event.r#type));
            assert!(
                event.subject().is_some(),
                "{name} is about nothing that we follow"
            );
        } else if name.starts_with("http-request") {
            let here = example
                .to_string()
                .replace("https://monagentdesecu.com", &world.site);
            let mut request: Value = serde_json::from_str(&here).unwrap();
            let proofs = &world.surroundings().environment["ORIGIN_PROOFS"];
            request["headers"]["x-origin-proof"] = json!(proofs.split(',').next());
            let answer = functions["quote-mission"](request).await.unwrap();
            // The offer of the example is not here; what was asked is understood.
            assert_eq!(answer["statusCode"], 404, "{answer}");
        } else if name.starts_with("http-response") {
            assert!(
                example["statusCode"].is_u64() && example["body"].is_string(),
                "{name}"
            );
        } else if name.starts_with("schedule-") {
            functions["sweep-deadlines"](example).await.unwrap();
        } else if name.starts_with("ses-") {
            functions["record-mail-fate"](example).await.unwrap();
        } else if name.starts_with("guardduty-") {
            functions["record-scan"](example).await.unwrap();
        } else if name.starts_with("stream-") {
            let answer = functions["publish-events"](example).await.unwrap();
            assert_eq!(answer["batchItemFailures"], json!([]), "{answer}");
        } else if name.starts_with("s3-upload-request") {
            assert_eq!(example["method"], "PUT");
            let signed = example["url"].as_str().unwrap();
            assert!(signed.contains("X-Amz-Signature="), "{signed}");
        } else {
            unread.insert(name);
        }
    }
    assert!(unread.is_empty(), "nobody reads {unread:?}");
    let written: BTreeSet<String> = examples().into_keys().collect();
    for event in known.keys() {
        assert!(
            written.contains(&format!("bus-{}", kebab(event))),
            "no example of {event}"
        );
    }
}

#[test]
fn an_event_is_named_as_it_is_written() {
    for (name, schema) in known_events() {
        let fields = with_event(&json!({ "detail": {} }), &name, &schema);
        let event = serde_json::from_value::<Event>(fields["detail"]["event"].clone());
        let event = event.unwrap_or_else(|error| panic!("{fields}: {error}"));
        assert_eq!(event.name(), name);
    }
}
