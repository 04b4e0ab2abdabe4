//! The whole platform on a small template, with toy functions that speak the same protocols as the
//! real ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use local::{
    ACCESS_KEY, Declared, Functions, LocalError, LocalSettings, Platform, Rule, SECRET_KEY, Stream,
    Surroundings,
};
use serde_json::{Value, json};

struct Answer {
    status: u16,
    headers: http::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

async fn send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> Answer {
    let client: Client<_, Full<hyper::body::Bytes>> =
        Client::builder(TokioExecutor::new()).build_http();
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::from(body.into())).unwrap();
    let (parts, body) = client.request(request).await.unwrap().into_parts();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}

/// What the toy functions heard, and how they should misbehave.
#[derive(Default)]
struct Toys {
    heard: Mutex<Vec<(String, Value)>>,
    failures_left: Mutex<BTreeMap<String, u32>>,
    reported: Mutex<Vec<String>>,
    hang_after: Mutex<Option<String>>,
    slow: AtomicBool,
}

impl Toys {
    fn heard(&self, function: &str) -> Vec<Value> {
        let heard = self.heard.lock().unwrap();
        let of_function = heard.iter().filter(|(name, _)| name == function);
        of_function.map(|(_, payload)| payload.clone()).collect()
    }

    fn fail(&self, function: &str, times: u32) {
        let mut failures = self.failures_left.lock().unwrap();
        failures.insert(function.to_owned(), times);
    }

    fn hang_after(&self, function: Option<&str>) {
        *self.hang_after.lock().unwrap() = function.map(str::to_owned);
    }

    fn functions(self: &Arc<Self>, around: &Surroundings) -> Functions {
        [
            "request-booking",
            "read-booking",
            "receive-stripe-event",
            "publish-events",
            "send-mail",
            "expire-requests",
            "clean-up",
        ]
        .into_iter()
        .map(|name| {
            let (toys, around) = (Arc::clone(self), around.clone());
            let invoke: local::Invoke = Arc::new(move |payload| {
                let (toys, around) = (Arc::clone(&toys), around.clone());
                Box::pin(async move { toys.call(name, payload, &around).await })
            });
            (name.to_owned(), invoke)
        })
        .collect()
    }

    async fn call(
        &self,
        name: &str,
        payload: Value,
        around: &Surroundings,
    ) -> Result<Value, String> {
        self.heard
            .lock()
            .unwrap()
            .push((name.to_owned(), payload.clone()));
        let fails = self
            .failures_left
            .lock()
            .unwrap()
            .get_mut(name)
            .filter(|left| **left > 0)
            .map(|left| *left -= 1)
            .is_some();
        if fails {
            return Err("asked to fail".to_owned());
        }
        let answer = match name {
            "request-booking" => request_booking(&payload, around).await,
            "publish-events" => self.publish_events(&payload, around).await,
            "send-mail" => send_mail(&payload, around).await,
            "read-booking" if self.slow.load(Ordering::Relaxed) => {
                tokio::time::sleep(Duration::from_millis(200)).await;
                json!({"statusCode": 204})
            }
            _ => json!({"statusCode": 200, "body": around.clock.now().to_string()}),
        };
        if self.hang_after.lock().unwrap().as_deref() == Some(name) {
            std::future::pending::<()>().await;
        }
        Ok(answer)
    }

    async fn publish_events(&self, payload: &Value, around: &Surroundings) -> Value {
        let records = payload["Records"].as_array().unwrap();
        let mut failures = Vec::new();
        for record in records {
            let image = &record["dynamodb"]["NewImage"];
            let id = image["id"]["S"].as_str().unwrap().to_owned();
            let mut reported = self.reported.lock().unwrap();
            if let Some(position) = reported.iter().position(|it| *it == id) {
                reported.remove(position);
                failures.push(json!({"itemIdentifier": record["dynamodb"]["SequenceNumber"]}));
            }
        }
        if failures.is_empty() {
            let entries: Vec<Value> = records
                .iter()
                .map(|record| json!({
                    "Source": "bookings",
                    "DetailType": "BookingRequested",
                    "EventBusName": around.environment["BUS"],
                    "Detail": json!({"id": record["dynamodb"]["NewImage"]["id"]["S"]}).to_string(),
                }))
                .collect();
            let answer = send(
                "POST",
                &format!("{}/", around.aws_endpoint),
                &[("x-amz-target", "AWSEvents.PutEvents")],
                json!({"Entries": entries}).to_string(),
            )
            .await;
            assert_eq!(answer.json()["FailedEntryCount"], 0, "{}", answer.text());
        }
        json!({"batchItemFailures": failures})
    }
}

async fn request_booking(payload: &Value, around: &Surroundings) -> Value {
    let id = payload["body"].as_str().unwrap_or_default();
    let put = |table: &str, item: Value| json!({"Put": {"TableName": table, "Item": item}});
    let environment = &around.environment;
    let answer = dynamodb(
        around,
        "TransactWriteItems",
        json!({"TransactItems": [
            put(&environment["TABLE_BOOKINGS"], json!({"pk": {"S": id}, "sk": {"S": "booking"}})),
            put(&environment["TABLE_OUTBOX"], json!({"id": {"S": id}})),
        ]}),
    )
    .await;
    json!({"statusCode": answer.status})
}

async fn send_mail(event: &Value, around: &Surroundings) -> Value {
    let answer = send(
        "POST",
        &format!("{}/v2/email/outbound-emails", around.aws_endpoint),
        &[],
        json!({
            "FromEmailAddress": "ne-pas-repondre@exemple.fr",
            "Destination": {"ToAddresses": ["Camille <camille@exemple.fr>"]},
            "Content": {"Simple": {
                "Subject": {"Data": format!("Demande {} <reçue>", event["detail"]["id"].as_str().unwrap())},
                "Body": {"Text": {"Data": "Bonjour"}, "Html": {"Data": "<p title=\"a\">Bonjour</p>"}},
            }},
        })
        .to_string(),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    Value::Null
}

async fn dynamodb(around: &Surroundings, operation: &str, body: Value) -> Answer {
    let target = format!("DynamoDB_20120810.{operation}");
    send(
        "POST",
        &format!("{}/", around.dynamodb_endpoint),
        &[
            ("x-amz-target", target.as_str()),
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-date", "20260101T000000Z"),
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-3/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
            ),
        ],
        body.to_string(),
    )
    .await
}

fn declared() -> Vec<Declared> {
    let of = |name: &str| Declared {
        name: name.to_owned(),
        timeout: Duration::from_secs(7),
        ..Declared::default()
    };
    let over_http = |name: &str, routes: &[(&str, &str)]| Declared {
        routes: routes
            .iter()
            .map(|(method, path)| ((*method).to_owned(), (*path).to_owned()))
            .collect(),
        ..of(name)
    };
    let at_times = |name: &str, minutes| Declared {
        every: Some(jiff::SignedDuration::from_mins(minutes)),
        ..of(name)
    };
    vec![
        over_http("request-booking", &[("POST", "/api/bookings")]),
        over_http(
            "read-booking",
            &[
                ("GET", "/api/bookings/{id}"),
                ("GET", "/api/bookings/mine"),
                ("ANY", "/admin/{proxy+}"),
            ],
        ),
        over_http("receive-stripe-event", &[("POST", "/webhooks/stripe")]),
        Declared {
            stream: Some(Stream {
                table: "outbox-table".to_owned(),
                batch: 3,
                tries: 8,
            }),
            ..of("publish-events")
        },
        Declared {
            rule: Some(Rule {
                bus: "local-events".to_owned(),
                pattern: json!({
                    "source": ["bookings"],
                    "detail-type": ["BookingAccepted", "BookingRequested"],
                }),
            }),
            ..of("send-mail")
        },
        at_times("expire-requests", 1),
        at_times("clean-up", 24 * 60),
    ]
}

fn settings(data: &Path) -> LocalSettings {
    LocalSettings {
        port: 0,
        data_dir: data.to_path_buf(),
        templates: vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/template.yaml")],
        functions: declared(),
        site: data.join("no-site"),
        parameters: BTreeMap::new(),
        environment: BTreeMap::new(),
        stripe_webhook_secret: "whsec_test".to_owned(),
        stripe_secret_key: "sk_test".to_owned(),
        demo: Some(Arc::new(|around| {
            Box::pin(async move {
                let url = format!("{}/api/bookings", around.public_url);
                let answer = send("POST", &url, &[("content-type", "text/plain")], "demo").await;
                Ok(json!({"status": answer.status}))
            })
        })),
        beginning: Some(Arc::new(|around| {
            Box::pin(async move {
                let item = json!({"pk": {"S": "operator"}, "sk": {"S": "account"}});
                let put = json!({"TableName": "local-bookings", "Item": item});
                match dynamodb(&around, "PutItem", put).await {
                    done if done.status == 200 => Ok(Value::Null),
                    refused => Err(refused.text()),
                }
            })
        })),
    }
}

async fn start(data: &Path, toys: &Arc<Toys>) -> Platform {
    // A platform that was just dropped holds its folder a moment longer.
    for _ in 0..100 {
        let toys = Arc::clone(toys);
        match local::start(settings(data), |around| toys.functions(&around)).await {
            Ok(platform) => return platform,
            Err(LocalError::AlreadyRunning(_)) => {
                tokio::time::sleep(Duration::from_millis(20)).await
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the folder was never freed");
}

fn url(platform: &Platform, path: &str) -> String {
    format!("{}{path}", platform.surroundings().public_url)
}

async fn get(platform: &Platform, path: &str) -> Answer {
    send("GET", &url(platform, path), &[], "").await
}

async fn post(platform: &Platform, path: &str, body: Value) -> Answer {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    send(
        "POST",
        &url(platform, path),
        &[("content-type", "application/json")],
        body,
    )
    .await
}

async fn book(platform: &Platform, id: &str) {
    let answer = send(
        "POST",
        &url(platform, "/api/bookings"),
        &[("content-type", "text/plain")],
        id,
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn mails(platform: &Platform) -> Vec<Value> {
    get(platform, "/local/mail")
        .await
        .json()
        .as_array()
        .unwrap()
        .clone()
}

async fn settle(platform: &Platform) {
    let answer = post(platform, "/local/settle", Value::Null).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
}

#[tokio::test]
async fn a_booking_becomes_a_mail_without_anyone_waiting() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    let started = Instant::now();
    book(&platform, "bkg_1").await;
    while mails(&platform).await.is_empty() {
        assert!(started.elapsed() < Duration::from_secs(5), "no mail came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    eprintln!("request to mail: {:?}", started.elapsed());

    let event = toys.heard("send-mail").remove(0);
    assert_eq!(event["source"], "bookings");
    assert_eq!(event["detail-type"], "BookingRequested");
    assert_eq!(event["detail"], json!({"id": "bkg_1"}));
    assert_eq!(event["version"], "0");
    let record = toys.heard("publish-events").remove(0)["Records"][0].clone();
    assert_eq!(record["eventName"], "INSERT");
    assert_eq!(record["eventSource"], "aws:dynamodb");
    assert_eq!(record["dynamodb"]["Keys"], json!({"id": {"S": "bkg_1"}}));
    assert_eq!(record["dynamodb"]["NewImage"]["id"]["S"], "bkg_1");

    settle(&platform).await;
    let left = dynamodb(
        platform.surroundings(),
        "Scan",
        json!({"TableName": "outbox-table"}),
    )
    .await;
    assert_eq!(left.json()["Count"], 0);
    let mail = mails(&platform).await.remove(0);
    assert_eq!(mail["to"], "Camille <camille@exemple.fr>");
    assert_eq!(mail["subject"], "Demande bkg_1 <reçue>");
    assert_eq!(
        get(&platform, "/local/mail?to=camille%40exemple.fr")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        get(&platform, "/local/mail?to=mille%40exemple.fr")
            .await
            .json(),
        json!([])
    );
    let list = get(&platform, "/local/outbox").await.text();
    assert!(list.contains("Demande bkg_1 &lt;reçue&gt;"), "{list}");
    let page = get(&platform, &format!("/local/outbox/{}", mail["id"]))
        .await
        .text();
    assert!(
        page.contains("srcdoc=") && page.contains("&lt;p title=&quot;a&quot;&gt;"),
        "{page}"
    );
    assert_eq!(get(&platform, "/local/outbox/999").await.status, 404);
    platform.stop().await;
}

#[tokio::test]
async fn a_failed_delivery_is_tried_again_on_the_products_clock() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    toys.fail("send-mail", 2);
    book(&platform, "bkg_1").await;
    settle(&platform).await;
    assert_eq!(mails(&platform).await.len(), 0);
    post(&platform, "/local/clock", json!({"advance_seconds": 60})).await;
    assert_eq!(toys.heard("send-mail").len(), 2);
    post(&platform, "/local/clock", json!({"advance_seconds": 180})).await;
    assert_eq!(mails(&platform).await.len(), 1);
    let ids: Vec<_> = toys
        .heard("send-mail")
        .iter()
        .map(|event| event["id"].clone())
        .collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{ids:?}");
}

#[tokio::test]
async fn what_never_succeeds_is_parked_and_can_be_revived() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    // As often as Lambda tries: once, and twice again.
    toys.fail("send-mail", 3);
    book(&platform, "bkg_1").await;
    settle(&platform).await;
    post(
        &platform,
        "/local/clock",
        json!({"advance_seconds": 6 * 3600}),
    )
    .await;
    assert_eq!(toys.heard("send-mail").len(), 3);
    let letters = get(&platform, "/local/dead-letters").await.json();
    assert_eq!(letters[0]["function"], "send-mail");
    assert_eq!(letters[0]["error"], "asked to fail");
    let page = send(
        "GET",
        &url(&platform, "/local/dead-letters"),
        &[("accept", "text/html")],
        "",
    )
    .await;
    assert!(page.text().contains("BookingRequested"));
    assert_eq!(
        post(&platform, "/local/dead-letters/retry", Value::Null)
            .await
            .status,
        204
    );
    settle(&platform).await;
    assert_eq!(mails(&platform).await.len(), 1);
    assert_eq!(
        get(&platform, "/local/dead-letters").await.json(),
        json!([])
    );
}

#[tokio::test]
async fn a_delivery_under_way_when_the_process_dies_is_made_again() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    toys.hang_after(Some("send-mail"));
    book(&platform, "bkg_1").await;
    while mails(&platform).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(platform);
    toys.hang_after(None);
    let platform = start(data.path(), &toys).await;
    settle(&platform).await;
    assert_eq!(toys.heard("send-mail").len(), 2);
    assert_eq!(mails(&platform).await.len(), 2);
    drop(platform);
    let platform = start(data.path(), &toys).await;
    settle(&platform).await;
    assert_eq!(toys.heard("send-mail").len(), 2);
}

#[tokio::test]
async fn a_crash_before_the_outbox_is_emptied_hands_the_record_over_again() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    toys.hang_after(Some("publish-events"));
    book(&platform, "bkg_1").await;
    while toys.heard("send-mail").is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(platform);
    toys.hang_after(None);
    let platform = start(data.path(), &toys).await;
    settle(&platform).await;
    let published = toys.heard("publish-events");
    assert_eq!(published.len(), 2);
    assert_eq!(
        published[0]["Records"][0]["eventID"],
        published[1]["Records"][0]["eventID"]
    );
    let details: Vec<_> = toys
        .heard("send-mail")
        .iter()
        .map(|event| event["detail"].clone())
        .collect();
    assert!(
        details.len() >= 2 && details.iter().all(|detail| detail["id"] == "bkg_1"),
        "{details:?}"
    );
    let left = dynamodb(
        platform.surroundings(),
        "Scan",
        json!({"TableName": "outbox-table"}),
    )
    .await;
    assert_eq!(left.json()["Count"], 0);
}

#[tokio::test]
async fn a_reported_record_holds_up_those_after_it_and_not_those_before() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    // The first batch fails as a whole, so that five records lie there together.
    toys.fail("publish-events", 1);
    book(&platform, "bkg_1").await;
    settle(&platform).await;
    for id in ["bkg_2", "bkg_3", "bkg_4", "bkg_5"] {
        book(&platform, id).await;
    }
    toys.reported.lock().unwrap().push("bkg_2".to_owned());
    let before = toys.heard("publish-events").len();
    let ids = |payload: &Value| -> Vec<String> {
        let records = payload["Records"].as_array().unwrap().iter();
        records
            .map(|it| {
                it["dynamodb"]["Keys"]["id"]["S"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    for _ in 0..3 {
        post(&platform, "/local/clock", json!({"advance_seconds": 60})).await;
    }
    let heard: Vec<_> = toys
        .heard("publish-events")
        .iter()
        .skip(before)
        .map(ids)
        .collect();
    assert_eq!(
        heard,
        [
            vec!["bkg_1", "bkg_2", "bkg_3"],
            vec!["bkg_2", "bkg_3", "bkg_4"],
            vec!["bkg_5"],
        ]
    );
}

#[tokio::test]
async fn the_clock_lives_through_what_falls_due() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    let now = |answer: Answer| -> jiff::Timestamp {
        answer.json()["now"].as_str().unwrap().parse().unwrap()
    };
    let start_time = now(get(&platform, "/local/clock").await);
    let after = now(post(&platform, "/local/clock", json!({"advance_seconds": 3600})).await);
    assert!(after.duration_since(start_time).as_secs() >= 3600);
    let steps = toys.heard("expire-requests").len();
    // A move of the clock is lived through in 24 steps at least (decision 0064).
    assert!((23..=26).contains(&steps), "{steps}");

    let asked = after
        .checked_add(jiff::SignedDuration::from_hours(48))
        .unwrap();
    let answer = post(&platform, "/local/clock", json!({"now": asked.to_string()})).await;
    assert!(now(answer) >= asked);
    let days = toys.heard("clean-up");
    assert_eq!(days.len(), 2);
    assert_eq!(days[0]["source"], "aws.events");
    assert_eq!(days[0]["detail-type"], "Scheduled Event");

    for refused in [
        json!({"now": start_time.to_string()}),
        json!({"advance_seconds": -1}),
        json!({}),
        json!({"later": 1}),
    ] {
        assert_eq!(
            post(&platform, "/local/clock", refused.clone())
                .await
                .status,
            400,
            "{refused}"
        );
    }
    drop(platform);
    let platform = start(data.path(), &toys).await;
    assert!(now(get(&platform, "/local/clock").await) >= asked);
    let seen_by_a_function = get(&platform, "/api/bookings/mine").await.text();
    assert!(seen_by_a_function.parse::<jiff::Timestamp>().unwrap() >= asked);
}

#[tokio::test]
async fn presigned_urls_are_verified() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    let client = s3(platform.surroundings());
    let expiry =
        aws_sdk_s3::presigning::PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let put = client
        .put_object()
        .bucket("local-documents")
        .key("pro_1/kbis été.pdf")
        .content_type("application/pdf")
        .content_length(4)
        .presigned(expiry.clone())
        .await
        .unwrap();
    let signed = |extra: &[(&str, &str)]| -> Vec<(String, String)> {
        let mut headers: Vec<_> = put
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (name, value) in extra {
            headers.retain(|(existing, _)| existing != name);
            headers.push(((*name).to_owned(), (*value).to_owned()));
        }
        headers
    };
    let put_with = async |url: &str, headers: Vec<(String, String)>, body: &str| {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        send("PUT", url, &headers, body).await
    };
    let answer = put_with(&put.uri().replace("pro_1", "pro_2"), signed(&[]), "%PDF").await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    let answer = put_with(put.uri(), signed(&[("content-type", "text/html")]), "%PDF").await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    let answer = put_with(put.uri(), signed(&[("content-length", "7")]), "%PDF-17").await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    let answer = put_with(put.uri(), signed(&[]), "%PDF").await;
    assert_eq!(answer.status, 200, "{}", answer.text());

    let get_it = client
        .get_object()
        .bucket("local-documents")
        .key("pro_1/kbis été.pdf")
        .presigned(expiry.clone())
        .await
        .unwrap();
    let answer = send("GET", get_it.uri(), &[], "").await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "%PDF"));
    assert_eq!(answer.headers["content-type"], "application/pdf");
    let unsigned = get_it.uri().split('?').next().unwrap();
    assert_eq!(send("GET", unsigned, &[], "").await.status, 403);
    let huge = vec![0; 13 * 1024 * 1024];
    assert_eq!(send("PUT", unsigned, &[], huge).await.status, 400);

    // What is signed of the content binds the content.
    let digest = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    let put = client
        .put_object()
        .bucket("local-documents")
        .key("abc")
        .content_length(3)
        .checksum_sha256(digest)
        .presigned(expiry.clone())
        .await
        .unwrap();
    let headers: Vec<_> = put
        .headers()
        .filter(|(name, _)| *name != "content-length")
        .collect();
    let answer = send("PUT", put.uri(), &headers, "abd").await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    let answer = send("PUT", put.uri(), &headers, "abc").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let shown = client
        .get_object()
        .bucket("local-documents")
        .key("abc")
        .response_content_type("application/pdf")
        .response_content_disposition("inline; filename=\"kbis.pdf\"")
        .presigned(expiry)
        .await
        .unwrap();
    let answer = send("GET", shown.uri(), &[], "").await;
    assert_eq!(answer.headers["content-type"], "application/pdf");
    assert_eq!(
        answer.headers["content-disposition"],
        "inline; filename=\"kbis.pdf\""
    );
    let range = client
        .get_object()
        .bucket("local-documents")
        .key("abc")
        .range("bytes=0-10485760");
    let bytes = range
        .send()
        .await
        .unwrap()
        .body
        .collect()
        .await
        .unwrap()
        .to_vec();
    assert_eq!(bytes, b"abc");
    let missing = client
        .get_object()
        .bucket("local-documents")
        .key("none")
        .send()
        .await
        .unwrap_err();
    assert!(missing.as_service_error().unwrap().is_no_such_key());

    // The functions speak to the same endpoint with the SDK.
    let put = client
        .put_object()
        .bucket("local-documents")
        .key("a")
        .body(b"abc".to_vec().into());
    put.send().await.unwrap();
    let head = client
        .head_object()
        .bucket("local-documents")
        .key("a")
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_length(), Some(3));
    client
        .delete_object()
        .bucket("local-documents")
        .key("a")
        .send()
        .await
        .unwrap();
    assert!(
        client
            .head_object()
            .bucket("local-documents")
            .key("a")
            .send()
            .await
            .is_err()
    );
}

fn s3(around: &Surroundings) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
        .region(aws_sdk_s3::config::Region::new("eu-west-3"))
        .credentials_provider(aws_credential_types::Credentials::from_keys(
            ACCESS_KEY, SECRET_KEY, None,
        ))
        .endpoint_url(&around.s3_endpoint)
        .force_path_style(true)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

#[tokio::test]
async fn stripe_lives_on_the_same_clock_and_calls_back() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    let session = send(
        "POST",
        &url(&platform, "/v1/checkout/sessions"),
        &[
            ("authorization", "Bearer sk_test"),
            ("content-type", "application/x-www-form-urlencoded"),
        ],
        "mode=payment&success_url=http://127.0.0.1/&line_items[0][price_data][currency]=eur\
         &line_items[0][price_data][unit_amount]=1000&line_items[0][price_data][product_data][name]=a",
    )
    .await;
    assert_eq!(session.status, 200, "{}", session.text());
    let page = session.json()["url"].as_str().unwrap().to_owned();
    assert!(
        page.starts_with(&url(&platform, "/local/stripe/checkout/")),
        "{page}"
    );
    assert_eq!(send("GET", &page, &[], "").await.status, 200);

    // A session lapses after a day; the first call back fails and is made again.
    toys.fail("receive-stripe-event", 1);
    post(
        &platform,
        "/local/clock",
        json!({"advance_seconds": 25 * 3600}),
    )
    .await;
    let heard = toys.heard("receive-stripe-event");
    assert_eq!(heard.len(), 2);
    let event: Value = serde_json::from_str(heard[1]["body"].as_str().unwrap()).unwrap();
    assert_eq!(event["type"], "checkout.session.expired");
    assert!(heard[1]["headers"]["stripe-signature"].is_string());
}

#[tokio::test]
async fn strangers_are_refused() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    let port = platform
        .surroundings()
        .public_url
        .rsplit(':')
        .next()
        .unwrap()
        .to_owned();
    let own = format!("http://127.0.0.1:{port}");
    let localhost = format!("localhost:{port}");
    for (method, path, headers, status) in [
        ("GET", "/local", vec![("host", "evil.example")], 421),
        (
            "GET",
            "/api/bookings/1",
            vec![("host", "evil.example:80")],
            421,
        ),
        (
            "GET",
            "/local",
            vec![("host", "127.0.0.1.evil.example")],
            421,
        ),
        (
            "POST",
            "/local/reset",
            vec![("origin", "https://evil.example")],
            403,
        ),
        ("POST", "/local/reset", vec![("origin", "null")], 403),
        (
            "POST",
            "/local/reset",
            vec![("origin", "http://127.0.0.1:1")],
            403,
        ),
        (
            "POST",
            "/local/reset",
            vec![("sec-fetch-site", "cross-site")],
            403,
        ),
        ("POST", "/local/reset", vec![("origin", own.as_str())], 204),
        ("POST", "/local/reset", vec![], 204),
        (
            "POST",
            "/local/settle",
            vec![("host", localhost.as_str())],
            204,
        ),
        ("GET", "/local", vec![("host", localhost.as_str())], 307),
        ("GET", "/local", vec![], 200),
        ("GET", "/local/reset", vec![], 405),
        ("GET", "/local/nothing", vec![], 404),
        ("DELETE", "/api/bookings/mine", vec![], 405),
        ("GET", "/api/nothing", vec![], 404),
        ("GET", "/", vec![], 503),
    ] {
        let answer = send(method, &url(&platform, path), &headers, "").await;
        assert_eq!(
            answer.status,
            status,
            "{method} {path} {headers:?}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn a_reset_leaves_nothing_and_the_demonstration_fills_it_again() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    book(&platform, "bkg_1").await;
    settle(&platform).await;
    let put = s3(platform.surroundings())
        .put_object()
        .bucket("local-documents")
        .key("a");
    put.body(b"abc".to_vec().into()).send().await.unwrap();
    post(
        &platform,
        "/local/clock",
        json!({"advance_seconds": 86_400}),
    )
    .await;
    assert_eq!(
        post(&platform, "/local/reset", Value::Null).await.status,
        204
    );
    assert_eq!(mails(&platform).await.len(), 0);
    let left = dynamodb(
        platform.surroundings(),
        "Scan",
        json!({"TableName": "local-bookings"}),
    )
    .await;
    let left = left.json();
    assert_eq!(
        (&left["Count"], &left["Items"][0]["pk"]["S"]),
        (&json!(1), &json!("operator"))
    );
    let listed = s3(platform.surroundings())
        .list_objects_v2()
        .bucket("local-documents")
        .send()
        .await
        .unwrap();
    assert_eq!(listed.contents().len(), 0);
    let now: jiff::Timestamp = get(&platform, "/local/clock").await.json()["now"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "compared with the machine's own time"
    )]
    let machine = jiff::Timestamp::now();
    assert!(now.duration_since(machine).as_secs() < 60);

    let demo = post(&platform, "/local/demo", Value::Null).await;
    assert_eq!((demo.status, demo.json()), (200, json!({"status": 200})));
    assert_eq!(mails(&platform).await.len(), 1);
}

#[tokio::test]
async fn functions_are_not_called_one_after_the_other() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    toys.slow.store(true, Ordering::Relaxed);
    let started = Instant::now();
    let answers =
        futures::future::join_all((0..50).map(|_| get(&platform, "/api/bookings/1"))).await;
    assert!(answers.iter().all(|answer| answer.status == 204));
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn put_events_answers_entry_by_entry() {
    let (data, toys) = (tempfile::tempdir().unwrap(), Arc::<Toys>::default());
    let platform = start(data.path(), &toys).await;
    let put = async |target: &str, entries: Value| {
        let endpoint = format!("{}/", platform.surroundings().aws_endpoint);
        send(
            "POST",
            &endpoint,
            &[("x-amz-target", target)],
            json!({"Entries": entries}).to_string(),
        )
        .await
    };
    let entry = |kind: &str, detail: &str, bus: &str| json!({"Source": "bookings", "DetailType": kind, "Detail": detail, "EventBusName": bus});
    let answer = put(
        "AWSEvents.PutEvents",
        json!([
            entry("BookingAccepted", r#"{"id": "1"}"#, "local-events"),
            entry(
                "BookingAccepted",
                r#"{"id": "2"}"#,
                "arn:aws:events:eu-west-3:000000000000:event-bus/local-events"
            ),
            entry("BookingForgotten", "{}", "local-events"),
            entry("BookingAccepted", "not JSON", "local-events"),
            entry("BookingAccepted", "{}", "nowhere"),
            entry("BookingAccepted", r#"{"id": "3"}"#, "default"),
        ]),
    )
    .await
    .json();
    assert_eq!(answer["FailedEntryCount"], 2);
    assert_eq!(answer["Entries"][3]["ErrorCode"], "MalformedDetail");
    assert_eq!(answer["Entries"][4]["ErrorCode"], "InvalidArgument");
    settle(&platform).await;
    assert_eq!(toys.heard("send-mail").len(), 2);
    assert_eq!(put("AWSEvents.PutEvents", json!([])).await.status, 400);
    assert_eq!(put("AWSEvents.ListRules", json!([])).await.status, 400);
}

#[tokio::test]
async fn what_prevents_a_start_is_said_plainly() {
    let (data, other, toys) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        Arc::<Toys>::default(),
    );
    let platform = start(data.path(), &toys).await;
    let port: u16 = platform
        .surroundings()
        .public_url
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let attempt = async |settings: LocalSettings, keep: bool, extra: bool| {
        let toys = Arc::clone(&toys);
        local::start(settings, move |around| {
            let mut functions = toys.functions(&around);
            functions.retain(|name, _| keep || name != "send-mail");
            if extra && let Some(one) = functions.values().next().cloned() {
                functions.insert("nobody".to_owned(), one);
            }
            functions
        })
        .await
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
    };
    let taken = attempt(
        LocalSettings {
            port,
            ..settings(other.path())
        },
        true,
        false,
    )
    .await;
    assert!(
        taken.contains(&format!("port {port} est déjà pris")),
        "{taken}"
    );
    let locked = attempt(settings(data.path()), true, false).await;
    assert!(locked.contains("une autre plateforme locale"), "{locked}");
    let missing = attempt(settings(other.path()), false, false).await;
    assert!(missing.contains("send-mail"), "{missing}");
    let unknown = attempt(settings(other.path()), true, true).await;
    assert!(unknown.contains("nobody"), "{unknown}");
}
