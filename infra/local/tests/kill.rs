//! `kill -9` in the middle of the journey loses nothing: the real binary, killed and started again
//! on the same folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// The server, killed when dropped.
struct Server {
    child: Child,
    site: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _already_dead = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Server {
    async fn start(port: u16, data: &Path) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let child = Command::new(env!("CARGO_BIN_EXE_local"))
            .current_dir(root)
            .env("PORT", port.to_string())
            .env("DATA_DIR", data)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            child,
            site: format!("http://127.0.0.1:{port}"),
        };
        let since = Instant::now();
        while server
            .try_ask("GET", "/api/health", "", None)
            .await
            .is_none_or(|(status, ..)| status != 200)
        {
            assert!(
                since.elapsed() < Duration::from_secs(60),
                "the server does not start"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        server
    }

    async fn try_ask(
        &self,
        method: &str,
        path: &str,
        cookie: &str,
        body: Option<Value>,
    ) -> Option<(u16, Option<String>, Value)> {
        let bytes = body.map(|body| body.to_string()).unwrap_or_default();
        let (status, cookies, value) = self
            .send(method, path, cookie, "application/json", bytes)
            .await?;
        let session = cookies
            .into_iter()
            .find(|cookie| cookie.starts_with("session="));
        Some((status, session, value))
    }

    /// Sends a request; answers the status, the cookies set and the JSON.
    async fn send(
        &self,
        method: &str,
        path: &str,
        cookie: &str,
        content_type: &str,
        body: String,
    ) -> Option<(u16, Vec<String>, Value)> {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let request = hyper::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.site))
            .header("cookie", cookie)
            .header("content-type", content_type)
            .header("origin", &self.site);
        let answer = client
            .request(request.body(Full::new(Bytes::from(body))).unwrap())
            .await
            .ok()?;
        let status = answer.status().as_u16();
        let cookies = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .filter_map(|value| value.to_str().ok()?.split(';').next().map(str::to_owned))
            .collect();
        let bytes = answer.into_body().collect().await.ok()?.to_bytes();
        let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Some((status, cookies, value))
    }

    /// Both factors, as forms; answers the session.
    async fn sign_operator_in(&self) -> String {
        let operator = self.ask("GET", "/local/operator", "", None).await;
        let text = |name: &str| operator[name].as_str().unwrap().replace('@', "%40");
        let first = format!("email={}&password={}", text("email"), text("password"));
        let second = format!("code={}", text("code"));
        let mut cookies = Vec::new();
        for (path, form) in [
            ("/admin/connexion", first),
            ("/admin/connexion/code", second),
        ] {
            let cookie = cookies.join("; ");
            let kind = "application/x-www-form-urlencoded";
            cookies = self
                .send("POST", path, &cookie, kind, form)
                .await
                .unwrap()
                .1;
        }
        let session = cookies.into_iter().find(|one| one.starts_with("session="));
        session.unwrap()
    }

    async fn ask(&self, method: &str, path: &str, cookie: &str, body: Option<Value>) -> Value {
        let (status, _, value) = self.try_ask(method, path, cookie, body).await.unwrap();
        assert!(
            (200..300).contains(&status),
            "{method} {path}: {status} {value}"
        );
        value
    }

    async fn sign_in(&self, email: &str) -> String {
        let credentials = json!({ "email": email, "password": local::demo::PASSWORD });
        self.try_ask("POST", "/api/session", "", Some(credentials))
            .await
            .unwrap()
            .1
            .unwrap()
    }

    async fn settle(&self) {
        self.ask("POST", "/local/settle", "", None).await;
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_every_step_the_journey_goes_on_where_it_was() {
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut server = Server::start(port, data.path()).await;
    server.ask("POST", "/local/demo", "", None).await;
    server.settle().await;
    let client = server.sign_in("camille@demo.monagentdesecu.fr").await;
    let professional = server.sign_in("vigie@demo.monagentdesecu.fr").await;

    // Killed at once after each acknowledged write: what was acknowledged is there, and what
    // follows from it (mails, webhooks, captures) happens after the restart.
    macro_rules! kill {
        () => {
            drop(server);
            server = Server::start(port, data.path()).await;
        };
    }
    let clock = server.ask("GET", "/local/clock", "", None).await;
    let now: jiff::Timestamp = clock["now"].as_str().unwrap().parse().unwrap();
    let start = now + jiff::SignedDuration::from_hours(24 * 6);
    let start = jiff::Timestamp::from_second(start.as_second().div_euclid(3600) * 3600).unwrap();
    let end = start + jiff::SignedDuration::from_hours(5);
    let search = format!(
        "/api/search?activity=human_surveillance&place=44000&start={start}&end={end}&agents=1"
    );
    let found = server.ask("GET", &search, "", None).await;
    let offer = &found["results"][0]["offer"];
    let mission = json!({ "offer": offer, "start": start.to_string(), "end": end.to_string(), "agents": 1, "postal_code": "44000" });
    let quote = server
        .ask("POST", "/api/quotes", "", Some(mission.clone()))
        .await;
    let order = json!({
        "mission": mission, "address": "1 rue Crébillon", "town": "Nantes", "expected_total": quote["total"],
        "context": { "site": "Magasin", "public_road": false, "public_expected": true },
        "conditions_of_sale": quote["conditions_of_sale"], "withdrawal_information": true,
        "early_start_requested": true, "loss_of_withdrawal_acknowledged": true,
    });
    let booking = server
        .ask("POST", "/api/bookings", &client, Some(order))
        .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    kill!();
    let page = server
        .ask(
            "POST",
            &format!("/api/bookings/{booking}/checkout"),
            &client,
            Some(json!({})),
        )
        .await;
    kill!();
    server
        .ask(
            "POST",
            "/local/stripe/pay",
            "",
            Some(json!({ "session": page["session"], "card": "4242424242424242" })),
        )
        .await;
    kill!();
    server.settle().await;
    let seen = server
        .ask("GET", &format!("/api/bookings/{booking}"), &client, None)
        .await;
    assert_eq!(
        (&seen["state"], &seen["payment"]),
        (&json!("requested"), &json!("authorised"))
    );
    server
        .ask(
            "POST",
            &format!("/api/bookings/{booking}/accept"),
            &professional,
            Some(json!({})),
        )
        .await;
    kill!();
    server.settle().await;
    let seen = server
        .ask("GET", &format!("/api/bookings/{booking}"), &client, None)
        .await;
    assert_eq!(
        (&seen["state"], &seen["payment"]),
        (&json!("accepted"), &json!("captured"))
    );
    let until = end + jiff::SignedDuration::from_hours(2);
    server
        .ask(
            "POST",
            "/local/clock",
            "",
            Some(json!({ "now": until.to_string() })),
        )
        .await;
    kill!();
    let client = server.sign_in("camille@demo.monagentdesecu.fr").await;
    server
        .ask(
            "POST",
            &format!("/api/bookings/{booking}/validate"),
            &client,
            Some(json!({})),
        )
        .await;
    kill!();
    server.settle().await;
    let seen = server
        .ask("GET", &format!("/api/bookings/{booking}"), &client, None)
        .await;
    assert_eq!(
        (&seen["state"], &seen["payment"]),
        (&json!("validated"), &json!("captured"))
    );
    let transfers = server
        .ask("GET", "/local/stripe/objects?kind=transfer", "", None)
        .await;
    assert_eq!(transfers.as_array().unwrap().len(), 1);

    // Every mail of the journey, each once.
    let mails = server.ask("GET", "/local/mail", "", None).await;
    let about: Vec<String> = mails
        .as_array()
        .unwrap()
        .iter()
        .filter(|mail| mail["text"].as_str().unwrap().contains(&booking))
        .map(|mail| format!("{} {}", mail["to"], mail["subject"]))
        .collect();
    let mut once = about.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), about.len(), "{about:#?}");
    assert!(about.len() >= 6, "{about:#?}");
    let dead = server.ask("GET", "/local/dead-letters", "", None).await;
    assert!(dead.as_array().is_some_and(Vec::is_empty), "{dead}");
}

const CLIENT: &str = "camille@demo.monagentdesecu.fr";
const PROFESSIONAL: &str = "vigie@demo.monagentdesecu.fr";

impl Server {
    async fn post(&self, path: &str, cookie: &str, body: Value) -> Value {
        self.ask("POST", path, cookie, Some(body)).await
    }

    async fn advance(&self, seconds: i64) {
        let far = json!({ "advance_seconds": seconds });
        self.post("/local/clock", "", far).await;
    }

    async fn stripe(&self, kind: &str) -> Vec<Value> {
        let path = format!("/local/stripe/objects?kind={kind}");
        let objects = self.ask("GET", &path, "", None).await;
        objects.as_array().unwrap().clone()
    }

    /// The full hour that comes some days after now.
    async fn hour_in(&self, days: i64) -> jiff::Timestamp {
        let clock = self.ask("GET", "/local/clock", "", None).await;
        let now: jiff::Timestamp = clock["now"].as_str().unwrap().parse().unwrap();
        let hour = now.as_second().div_euclid(3600) * 3600 + days * 24 * 3600;
        jiff::Timestamp::from_second(hour).unwrap()
    }

    /// Orders a mission that starts in some days with a professional of the demonstration, and pays for
    /// it. Answers the booking and when the mission ends.
    async fn requested(&self, days: i64) -> (String, jiff::Timestamp) {
        let start = self.hour_in(days).await;
        let booking = self.paid(start).await;
        self.settle().await;
        (booking, start + jiff::SignedDuration::from_hours(5))
    }

    /// The same from `start` on, and nothing is waited for.
    async fn paid(&self, start: jiff::Timestamp) -> String {
        let client = self.sign_in(CLIENT).await;
        let end = start + jiff::SignedDuration::from_hours(5);
        let search = format!(
            "/api/search?activity=human_surveillance&place=44000&start={start}&end={end}&agents=1"
        );
        let found = self.ask("GET", &search, "", None).await;
        let mut results = found["results"].as_array().unwrap().iter();
        let theirs = |found: &&Value| found["name"].as_str().unwrap().starts_with("Vigie");
        let offer = &results.find(theirs).unwrap()["offer"];
        let mission = json!({ "offer": offer, "start": start.to_string(), "end": end.to_string(), "agents": 1, "postal_code": "44000" });
        let quote = self.post("/api/quotes", "", mission.clone()).await;
        let order = json!({
            "mission": mission, "address": "1 rue Crébillon", "town": "Nantes", "expected_total": quote["total"],
            "context": { "site": "Magasin", "public_road": false, "public_expected": true },
            "conditions_of_sale": quote["conditions_of_sale"], "withdrawal_information": true,
            "early_start_requested": true, "loss_of_withdrawal_acknowledged": true,
        });
        let ordered = self.post("/api/bookings", &client, order).await;
        let id = ordered["id"].as_str().unwrap().to_owned();
        let checkout = format!("/api/bookings/{id}/checkout");
        let page = self.post(&checkout, &client, json!({})).await;
        let card = json!({ "session": page["session"], "card": "4242424242424242" });
        self.post("/local/stripe/pay", "", card).await;
        id
    }

    /// Cancels a request once it has become one.
    async fn cancel(&self, booking: &str) {
        let client = self.sign_in(CLIENT).await;
        let path = format!("/api/bookings/{booking}");
        let mut shown = Value::Null;
        for _ in 0..20 {
            self.settle().await;
            shown = self.ask("GET", &path, &client, None).await;
            if shown["state"] == "requested" {
                break;
            }
            // What Stripe could not bring comes again.
            self.advance(60).await;
        }
        let refund = json!({ "refund": shown["cancellation"]["refund"] });
        self.post(&format!("{path}/cancel"), &client, refund).await;
    }

    /// To whom mails about each booking went, and under which subject: without the
    /// booking's reference, which differs.
    async fn told(&self) -> BTreeMap<String, BTreeMap<String, usize>> {
        let mails = self.ask("GET", "/local/mail", "", None).await;
        let mut told: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for mail in mails.as_array().unwrap() {
            let text = mail["text"].as_str().unwrap();
            let Some(at) = text.find("bkg_") else {
                continue;
            };
            let booking = text[at..].chars().take(30).collect();
            // Each request has its own moment to answer by.
            let subject = mail["subject"].as_str().unwrap();
            let subject = subject.split(": répondez avant").next().unwrap();
            let words = subject.split(' ').filter(|word| !word.starts_with("MAS-"));
            let line = format!("{} {}", mail["to"], words.collect::<Vec<_>>().join(" "));
            *told.entry(booking).or_default().entry(line).or_default() += 1;
        }
        told
    }

    async fn accept(&self, booking: &str) {
        let professional = self.sign_in(PROFESSIONAL).await;
        let accept = format!("/api/bookings/{booking}/accept");
        self.post(&accept, &professional, json!({})).await;
    }

    /// Has every call to one address of Stripe's fail: before it does anything, or after it did it.
    async fn arm(&self, path: &str, done: bool) {
        let how = json!({ "before": !done, "after": done, "times": 1000, "path": path });
        self.post("/local/stripe/fail-next", "", how).await;
    }

    /// Whether our ledger, our booking and Stripe's objects say the same.
    async fn assert_balanced(&self, booking: &str) {
        let operator = self.sign_operator_in().await;
        let path = format!("/api/admin/bookings/{booking}/ledger");
        let ledger = self.ask("GET", &path, &operator, None).await;
        assert_eq!(ledger["balanced"], true, "{ledger}");
        let clock = self.ask("GET", "/local/clock", "", None).await;
        let month = &clock["now"].as_str().unwrap()[..7];
        let path = format!("/api/admin/reconciliation?month={month}");
        let compared = self.ask("GET", &path, &operator, None).await;
        assert_eq!(compared["differences"], json!([]), "{compared}");
    }
}

/// Killed while a call to Stripe fails, and started again: levers are forgotten, and the clock is moved
/// past the time in which a failed delivery is tried again.
async fn cut(server: Server, port: u16, data: &Path) -> Server {
    tokio::time::sleep(Duration::from_millis(700)).await;
    drop(server);
    let server = Server::start(port, data).await;
    server.advance(700).await;
    server.settle().await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_around_a_call_to_stripe_every_step_has_one_effect_and_the_ledger_balances() {
    for done in [false, true] {
        let data = tempfile::tempdir().unwrap();
        let port = free_port();
        let mut server = Server::start(port, data.path()).await;
        server.ask("POST", "/local/demo", "", None).await;
        server.settle().await;

        let (paid, end) = server.requested(6).await;
        server.arm("/v1/payment_intents", done).await;
        server.accept(&paid).await;
        server = cut(server, port, data.path()).await;
        let captured = |charge: &&Value| charge["captured"] == true;
        assert_eq!(
            server
                .stripe("charge")
                .await
                .iter()
                .filter(captured)
                .count(),
            1
        );

        let after = end + jiff::SignedDuration::from_hours(2);
        let moved = json!({ "now": after.to_string() });
        server.post("/local/clock", "", moved).await;
        server.arm("/v1/transfers", done).await;
        let client = server.sign_in(CLIENT).await;
        let validate = format!("/api/bookings/{paid}/validate");
        server.post(&validate, &client, json!({})).await;
        server = cut(server, port, data.path()).await;
        let transfers = server.stripe("transfer").await;
        assert_eq!(transfers.len(), 1);
        server.assert_balanced(&paid).await;

        server.arm("/v1/transfers", done).await;
        let intent = server.stripe("payment_intent").await[0]["id"].clone();
        let contest = format!("/local/stripe/charges/{}/dispute", intent.as_str().unwrap());
        server
            .post(&contest, "", json!({ "reason": "fraudulent" }))
            .await;
        server = cut(server, port, data.path()).await;
        let transfers = server.stripe("transfer").await;
        assert_eq!(transfers[0]["amount_reversed"], transfers[0]["amount"]);
        server.assert_balanced(&paid).await;

        let (given_up, _) = server.requested(12).await;
        server.accept(&given_up).await;
        server.settle().await;
        server.arm("/v1/refunds", done).await;
        let client = server.sign_in(CLIENT).await;
        let path = format!("/api/bookings/{given_up}");
        let shown = server.ask("GET", &path, &client, None).await;
        let refund = json!({ "refund": shown["cancellation"]["refund"] });
        server
            .post(&format!("{path}/cancel"), &client, refund)
            .await;
        server = cut(server, port, data.path()).await;
        let refunds = server.stripe("refund").await;
        assert_eq!(refunds.len(), 1);
        assert_eq!(refunds[0]["amount"], shown["cancellation"]["refund"]);
        server.assert_balanced(&given_up).await;
    }
}

/// A few kills each time the tests run; more when somebody asks.
const KILLS: u32 = 20;

#[expect(clippy::disallowed_methods, reason = "asked for by hand")]
fn kills() -> u32 {
    let asked = std::env::var("KILLS").ok();
    asked.map_or(KILLS, |asked| asked.parse().unwrap())
}

/// Moments of a death, in milliseconds after a step was acknowledged: the same in each run of as many.
struct Deaths(u64);

impl Deaths {
    fn next(&mut self) -> Duration {
        // Numerical Recipes' generator; its high bits are good enough to spread moments.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis((self.0 >> 33) % 600)
    }
}

/// Journeys of two steps, each followed by a death while what follows from it is done: events are
/// published, webhooks brought, mails written.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_no_mail_is_lost_and_none_is_sent_twice_without_a_kill() {
    let kills = kills();
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut server = Server::start(port, data.path()).await;
    server.ask("POST", "/local/demo", "", None).await;
    server.settle().await;
    let start = server.hour_in(9).await;
    // What a journey in peace tells is what each of the others must tell.
    let calm = server.paid(start).await;
    server.cancel(&calm).await;
    server.settle().await;
    let expected = server.told().await.remove(&calm).unwrap();
    assert!(expected.len() >= 4, "{expected:#?}");
    assert!(expected.values().all(|times| *times == 1), "{expected:#?}");

    let mut deaths = Deaths(20_261_129 + u64::from(kills));
    let mut bookings = Vec::new();
    for _ in 0..kills.div_ceil(2) {
        let booking = server.paid(start).await;
        tokio::time::sleep(deaths.next()).await;
        drop(server);
        server = Server::start(port, data.path()).await;
        server.cancel(&booking).await;
        tokio::time::sleep(deaths.next()).await;
        drop(server);
        server = Server::start(port, data.path()).await;
        bookings.push(booking);
    }
    // Time for what was begun to be known as lost, and for Lambda's tries and those that follow.
    server.advance(45 * 60).await;
    server.settle().await;

    let told = server.told().await;
    let (mut lost, mut twice, mut sent) = (Vec::new(), Vec::new(), 0);
    let mut wanted = bookings.len() * expected.len();
    for booking in &bookings {
        let nothing = BTreeMap::new();
        let told = told.get(booking).unwrap_or(&nothing);
        sent += told.values().sum::<usize>();
        // A request that was taken back before its mail was written is not announced any more.
        let missing = expected.keys().filter(|line| !told.contains_key(*line));
        let (overtaken, missing): (Vec<_>, Vec<_>) =
            missing.partition(|line| line.contains("Nouvelle demande"));
        wanted -= overtaken.len();
        lost.extend(missing.iter().map(|line| format!("{booking} {line}")));
        for (line, times) in told {
            assert!(expected.contains_key(line), "{booking}: {line}");
            assert!(*times <= 2, "{booking}: {line} {times} times");
            if *times == 2 {
                twice.push(format!("{booking} {line}"));
            }
        }
    }
    eprintln!(
        "{kills} kills: {wanted} mails expected, {sent} sent, {} lost, {} sent twice",
        lost.len(),
        twice.len()
    );
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(twice.len() <= bookings.len() * 2, "{twice:#?}");
    let letters = server.ask("GET", "/local/dead-letters", "", None).await;
    assert_eq!(letters, json!([]));
}
