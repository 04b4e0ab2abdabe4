//! `kill -9` in the middle of the journey loses nothing: the real binary, killed and started again
//! on the same folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

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
        let client = Client::builder(TokioExecutor::new()).build_http();
        let request = hyper::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.site))
            .header("cookie", cookie);
        let request = request
            .header("content-type", "application/json")
            .header("origin", &self.site);
        let bytes = body.map(|body| body.to_string()).unwrap_or_default();
        let answer = client
            .request(request.body(Full::new(Bytes::from(bytes))).unwrap())
            .await
            .ok()?;
        let status = answer.status().as_u16();
        let session = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .filter_map(|value| value.to_str().ok());
        let session = session
            .filter_map(|text| text.split(';').next())
            .find(|text| text.starts_with("session="))
            .map(str::to_owned);
        let bytes = answer.into_body().collect().await.ok()?.to_bytes();
        Some((
            status,
            session,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        ))
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
