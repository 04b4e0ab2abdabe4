//! Somebody of the demonstration at the site: a session and the API, over HTTP.

use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::{PASSWORD, said};

pub(super) struct Visitor {
    client: Client<HttpConnector, Full<Bytes>>,
    site: String,
    email: &'static str,
    cookies: String,
}

impl Visitor {
    /// Somebody who is signed in.
    pub(super) async fn enter(site: &str, email: &'static str) -> Result<Self, String> {
        let mut visitor = Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            site: site.to_owned(),
            email,
            cookies: String::new(),
        };
        visitor.sign_in().await?;
        Ok(visitor)
    }

    /// Signs in again: a session lasts a quarter of an hour, and the clock is moved by days.
    pub(super) async fn sign_in(&mut self) -> Result<(), String> {
        self.cookies.clear();
        let credentials = json!({ "email": self.email, "password": PASSWORD });
        let (headers, _) = self.send("/api/session", &credentials).await?;
        let cookies: Vec<&str> = headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .collect();
        self.cookies = cookies.join("; ");
        Ok(())
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.send(path, body).await.map(|(_, answer)| answer)
    }

    async fn send(&self, path: &str, body: &Value) -> Result<(HeaderMap, Value), String> {
        let request = Request::post(format!("{}{path}", self.site))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ORIGIN, &self.site)
            .header(header::USER_AGENT, "demonstration")
            .header(header::COOKIE, &self.cookies)
            .body(Full::from(body.to_string()))
            .map_err(said)?;
        let (parts, body) = self
            .client
            .request(request)
            .await
            .map_err(said)?
            .into_parts();
        let bytes = body.collect().await.map_err(said)?.to_bytes();
        if !parts.status.is_success() {
            let text = String::from_utf8_lossy(&bytes);
            return Err(format!("{path}: {} {text}", parts.status));
        }
        let answer = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok((parts.headers, answer))
    }
}
