//! A stand-in on a port of its own, its clock, and a site that receives its events.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::post;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use stripe_standin::{Clock, Settings, StripeStandin};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub(crate) const KEY: &str = "sk_test_local";
pub(crate) const SECRET: &str = "whsec_local";
pub(crate) const START: i64 = 1_783_000_000;

/// A clock that tests move.
pub(crate) struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// What the site was sent: the signature and the body.
pub(crate) struct Site {
    pub(crate) received: Mutex<Vec<(String, String)>>,
    pub(crate) answers: AtomicU16,
}

async fn receive(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
    let body = String::from_utf8(body.to_vec()).unwrap();
    site.received.lock().unwrap().push((signature, body));
    StatusCode::from_u16(site.answers.load(Ordering::SeqCst)).unwrap()
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// The refusal's error, which has this status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        let error = self.json()["error"].clone();
        assert_eq!(error["code"].as_str().unwrap_or_default(), code, "{error}");
        error
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// The stand-in at work.
pub(crate) struct World {
    pub(crate) standin: StripeStandin,
    pub(crate) base: String,
    pub(crate) site: Arc<Site>,
    clock: Arc<TestClock>,
    webhook_url: String,
    folder: TempDir,
}

impl World {
    pub(crate) async fn start() -> Self {
        let site = Arc::new(Site {
            received: Mutex::default(),
            answers: AtomicU16::new(200),
        });
        let hooks = Router::new()
            .route("/hook", post(receive))
            .with_state(Arc::clone(&site));
        let webhook_url = format!("{}/hook", serve(hooks).await);
        let clock = Arc::new(TestClock(AtomicI64::new(START)));
        let folder = tempfile::tempdir().unwrap();
        let (standin, base) = open(folder.path().join("stripe.db"), &webhook_url, &clock).await;
        Self {
            standin,
            base,
            site,
            clock,
            webhook_url,
            folder,
        }
    }

    /// Opens the same file again, as after a restart.
    pub(crate) async fn reopen(&mut self) {
        (self.standin, self.base) = open(self.file(), &self.webhook_url, &self.clock).await;
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("stripe.db")
    }

    /// Moves the clock and does what became due.
    pub(crate) async fn advance(&self, seconds: i64) -> usize {
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
        self.standin.run_due().await
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now().as_second()
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        send(method, &format!("{}{path}", self.base), headers, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(
            "GET",
            path,
            &[("authorization", &format!("Bearer {KEY}"))],
            String::new(),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        self.keyed(path, form, None).await
    }

    pub(crate) async fn keyed(&self, path: &str, form: &str, key: Option<&str>) -> Answer {
        let bearer = format!("Bearer {KEY}");
        let mut headers = vec![
            ("authorization", bearer.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        self.send("POST", path, &headers, form.to_owned()).await
    }

    /// A JSON call to `/v2`.
    pub(crate) async fn second(&self, method: &str, path: &str, body: Value) -> Answer {
        let bearer = format!("Bearer {KEY}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("stripe-version", "2026-04-22.dahlia"),
        ];
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.send(method, path, &headers, body).await
    }

    pub(crate) async fn lever(&self, path: &str, body: Value) -> Answer {
        let path = format!("/local/stripe/{path}");
        self.send(
            "POST",
            &path,
            &[("content-type", "application/json")],
            body.to_string(),
        )
        .await
    }

    pub(crate) async fn objects(&self, kind: &str) -> Vec<Value> {
        let listed = self
            .send(
                "GET",
                &format!("/local/stripe/objects?kind={kind}"),
                &[],
                String::new(),
            )
            .await;
        listed.ok().as_array().unwrap().clone()
    }

    /// A page's form.
    pub(crate) async fn submit(&self, path: &str, form: &str) -> Answer {
        self.send(
            "POST",
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            form.to_owned(),
        )
        .await
    }

    /// A session of 120,00 € whose card is authorised and not debited.
    pub(crate) async fn session(&self) -> Value {
        self.post("/v1/checkout/sessions", SESSION).await.ok()
    }

    pub(crate) async fn pay(&self, session: &Value, card: &str) -> Value {
        self.lever("pay", json!({ "session": session["id"], "card": card }))
            .await
            .ok()
    }

    /// An intent of 120,00 € that was authorised.
    pub(crate) async fn authorised(&self) -> Value {
        let session = self.session().await;
        self.pay(&session, "4242424242424242").await;
        let session = self
            .get(&format!(
                "/v1/checkout/sessions/{}?expand[]=payment_intent",
                id(&session)
            ))
            .await
            .ok();
        session["payment_intent"].clone()
    }

    /// A new account, whose questions are answered already.
    pub(crate) async fn account(&self) -> Value {
        let answered = json!({ "transfers": "active" });
        self.lever("accounts", answered).await.ok();
        self.second("POST", "/v2/core/accounts", account_body())
            .await
            .ok()
    }

    /// The types of the events that there are, oldest first.
    pub(crate) async fn told(&self) -> Vec<String> {
        let events = self.objects("event").await;
        events
            .iter()
            .rev()
            .map(|event| event["type"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The events that the site was sent, oldest first.
    pub(crate) fn heard(&self) -> Vec<Value> {
        let received = self.site.received.lock().unwrap();
        received
            .iter()
            .map(|(_, body)| serde_json::from_str(body).unwrap())
            .collect()
    }
}

pub(crate) const SESSION: &str = "mode=payment&locale=fr&payment_method_types[0]=card&customer_email=camille@exemple.fr\
    &client_reference_id=bkg_1&metadata[booking]=bkg_1\
    &success_url=http://127.0.0.1:1/reservations/1?session={CHECKOUT_SESSION_ID}&cancel_url=http://127.0.0.1:1/reservations/1\
    &line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=12000\
    &line_items[0][price_data][product_data][name]=Agent+de+s%C3%A9curit%C3%A9+%E2%80%94+Bastion\
    &payment_intent_data[capture_method]=manual&payment_intent_data[transfer_group]=bkg_1\
    &payment_intent_data[description]=R%C3%A9servation+1&payment_intent_data[metadata][booking]=bkg_1";

pub(crate) fn account_body() -> Value {
    json!({
        "contact_email": "bastion@pro.exemple.fr",
        "display_name": "Bastion",
        "dashboard": "express",
        "identity": { "country": "fr" },
        "configuration": { "recipient": { "capabilities": { "stripe_balance": { "stripe_transfers": { "requested": true } } } } },
        "defaults": { "responsibilities": { "fees_collector": "application", "losses_collector": "application" } },
        "metadata": { "professional": "pro_1" },
    })
}

pub(crate) fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    base
}

async fn open(
    database: PathBuf,
    webhook_url: &str,
    clock: &Arc<TestClock>,
) -> (StripeStandin, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let settings = Settings {
        database,
        public_url: base.clone(),
        webhook_url: webhook_url.to_owned(),
        webhook_secret: SECRET.to_owned(),
        secret_key: KEY.to_owned(),
    };
    let standin = StripeStandin::open(settings, Arc::<TestClock>::clone(clock)).unwrap();
    let router = standin.router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (standin, base)
}

pub(crate) async fn send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Answer {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = client
        .request(request.body(Full::new(Bytes::from(body))).unwrap())
        .await
        .unwrap();
    let (parts, body) = answer.into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        text,
    }
}
