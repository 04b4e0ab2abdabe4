//! A browser without a screen: keeps cookies, says where it comes from, reads JSON.

use std::collections::BTreeMap;
use std::sync::Mutex;

use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// A browser with its own cookies.
pub struct Browser {
    client: Client<HttpConnector, Full<Bytes>>,
    site: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, as text.
    pub text: String,
    /// The body as JSON, or null.
    pub json: Value,
    asked: String,
}

impl Answer {
    /// The JSON of an answer that must be a success.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(
            (200..400).contains(&self.status),
            "{}: {} {}",
            self.asked,
            self.status,
            self.text
        );
        self.json
    }

    /// Asserts a refusal with this status and code, and that it is said in French.
    ///
    /// # Panics
    /// When it was answered otherwise.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status, self.json["code"].as_str()),
            (status, Some(code)),
            "{}: {}",
            self.asked,
            self.text
        );
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert!(
            self.json["detail"]
                .as_str()
                .is_some_and(|detail| detail.len() > 10),
            "{}",
            self.text
        );
        self.json
    }
}

impl Browser {
    /// A new browser, nobody signed in.
    pub fn new(site: &str) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            site: site.to_owned(),
            cookies: Mutex::default(),
        }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Sets a cookie by hand.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap()
            .insert(name.to_owned(), value.to_owned());
    }

    /// Forgets every cookie.
    pub fn forget_cookies(&self) {
        self.cookies.lock().unwrap().clear();
    }

    /// Sends a request with any headers and body.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn send(
        &self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let url = if address.starts_with("http") {
            address.to_owned()
        } else {
            format!("{}{address}", self.site)
        };
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(&url);
        if !headers.iter().any(|(name, _)| *name == "user-agent") {
            request = request.header("user-agent", "journeys/1.0");
        }
        let cookies: Vec<String> = self
            .cookies
            .lock()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if method != "GET" && !headers.iter().any(|(name, _)| *name == "origin") {
            request = request.header("origin", &self.site);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let response = self.client.request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        self.keep_cookies(&parts.headers);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            json: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
            asked: format!("{method} {address}"),
        }
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap();
        for cookie in headers.get_all("set-cookie") {
            let text = cookie.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if text.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Asks.
    pub async fn get(&self, address: &str) -> Answer {
        self.send("GET", address, &[], Vec::new()).await
    }

    /// Sends JSON.
    pub async fn json(&self, method: &str, address: &str, body: &Value) -> Answer {
        self.send(
            method,
            address,
            &[("content-type", "application/json")],
            body.to_string().into_bytes(),
        )
        .await
    }

    /// Posts JSON.
    pub async fn post(&self, address: &str, body: Value) -> Answer {
        self.json("POST", address, &body).await
    }

    /// Puts JSON.
    pub async fn put(&self, address: &str, body: Value) -> Answer {
        self.json("PUT", address, &body).await
    }

    /// Posts a form.
    pub async fn form(&self, address: &str, fields: &[(&str, String)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", address, &headers, body.into_bytes())
            .await
    }

    /// Posts JSON with an idempotency key.
    pub async fn post_once(&self, address: &str, key: &str, body: &Value) -> Answer {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        self.send("POST", address, &headers, body.to_string().into_bytes())
            .await
    }
}
