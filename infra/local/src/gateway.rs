//! API Gateway's HTTP API: an HTTP request becomes a version 2.0 payload, the function's answer
//! becomes an HTTP response. Refusals are worded as the functions word theirs.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::answers::problem;
use crate::declared::Declared;
use crate::edge;
use crate::ids;
use crate::lambdas::Lambdas;
use crate::template::ACCOUNT;

/// What a function can be given: Lambda's limit for one invocation.
const MOST_BYTES: usize = 6 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Exactly(String),
    Parameter(String),
    Rest(String),
}

#[derive(Debug)]
struct Route {
    method: String,
    path: String,
    segments: Vec<Segment>,
    function: String,
}

pub(crate) struct Gateway {
    /// Most specific first: API Gateway prefers a literal segment to a parameter, a parameter to a
    /// greedy one, and a method to `ANY`.
    routes: Vec<Route>,
    /// First segments of the API's routes: paths that never reach the site.
    prefixes: Vec<String>,
    lambdas: Arc<Lambdas>,
}

/// Where a request goes.
pub(crate) enum Match<'a> {
    Function(Found<'a>),
    OtherMethod,
    Unknown,
    /// Not the API's business.
    Elsewhere,
}

pub(crate) struct Found<'a> {
    route: &'a Route,
    parameters: BTreeMap<String, String>,
}

impl Route {
    /// Whether it answers a page among those of the site.
    fn is_page(&self) -> bool {
        !["/api/", "/webhooks/"]
            .iter()
            .any(|prefix| self.path.starts_with(prefix))
    }
}

impl Found<'_> {
    /// Whether the answer is a page among those of the site.
    pub(crate) fn is_page(&self) -> bool {
        self.route.is_page()
    }
}

impl Gateway {
    pub(crate) fn new(declared: &[Declared], lambdas: Arc<Lambdas>) -> Self {
        let mut routes: Vec<Route> = declared
            .iter()
            .flat_map(|function| {
                function.routes.iter().map(|(method, path)| Route {
                    method: method.clone(),
                    path: path.clone(),
                    segments: segments(path),
                    function: function.name.clone(),
                })
            })
            .collect();
        routes.sort_by(|left, right| {
            left.segments
                .cmp(&right.segments)
                .then_with(|| (left.method == "ANY").cmp(&(right.method == "ANY")))
        });
        let mut prefixes: Vec<String> = routes
            .iter()
            .filter(|route| !route.is_page())
            .filter_map(|route| match route.segments.first() {
                Some(Segment::Exactly(first)) => Some(first.clone()),
                _ => None,
            })
            .collect();
        prefixes.dedup();
        Self {
            routes,
            prefixes,
            lambdas,
        }
    }

    pub(crate) fn find(&self, method: &Method, path: &str) -> Match<'_> {
        let given: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let mut other_method = false;
        for route in &self.routes {
            if let Some(parameters) = parameters(&route.segments, &given) {
                if route.method == "ANY" || route.method == method.as_str() {
                    return Match::Function(Found { route, parameters });
                }
                other_method = true;
            }
        }
        if other_method {
            return Match::OtherMethod;
        }
        match given.first() {
            Some(first) if self.prefixes.iter().any(|prefix| prefix == first) => Match::Unknown,
            _ => Match::Elsewhere,
        }
    }

    /// Calls the function of a route.
    pub(crate) async fn serve(&self, found: Found<'_>, request: Request<Body>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let body = match Limited::new(body, MOST_BYTES).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return problem(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "payload_too_large",
                    "La requête dépasse 6 Mo.",
                );
            }
            Err(_) => {
                return problem(
                    StatusCode::BAD_REQUEST,
                    "body_interrupted",
                    "La requête a été interrompue.",
                );
            }
        };
        let request_id = ids::uuid();
        let payload = payload(&found, &parts, &body, &request_id);
        let mut response = match self.lambdas.call(&found.route.function, payload).await {
            Ok(answer) => match response(answer) {
                Ok(response) => response,
                Err(why) => {
                    tracing::error!(
                        function = found.route.function,
                        request_id,
                        why,
                        "not an HTTP answer"
                    );
                    broken()
                }
            },
            Err(error) => {
                tracing::error!(
                    function = found.route.function,
                    request_id,
                    error,
                    "a function failed"
                );
                broken()
            }
        };
        if let Ok(id) = HeaderValue::from_str(&request_id) {
            response
                .headers_mut()
                .insert(HeaderName::from_static("apigw-requestid"), id);
        }
        response
    }
}

/// Nothing is there.
pub(crate) fn unknown() -> Response<Body> {
    problem(
        StatusCode::NOT_FOUND,
        "not_found",
        "Cette adresse n'existe pas.",
    )
}

/// The path is known, the method is not.
pub(crate) fn other_method() -> Response<Body> {
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "Cette adresse existe, mais pas pour cette méthode.",
    )
}

fn broken() -> Response<Body> {
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal_error",
        "Une erreur est survenue de notre côté. Réessayez dans un instant.",
    )
}

fn segments(path: &str) -> Vec<Segment> {
    path.trim_start_matches('/')
        .split('/')
        .map(|segment| {
            match segment
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'))
            {
                Some(name) => match name.strip_suffix('+') {
                    Some(name) => Segment::Rest(name.to_owned()),
                    None => Segment::Parameter(name.to_owned()),
                },
                None => Segment::Exactly(segment.to_owned()),
            }
        })
        .collect()
}

/// The path's parameters, decoded once; `None` when the path is another.
fn parameters(segments: &[Segment], given: &[&str]) -> Option<BTreeMap<String, String>> {
    let mut parameters = BTreeMap::new();
    for (position, segment) in segments.iter().enumerate() {
        let value = given.get(position).filter(|value| !value.is_empty());
        match segment {
            Segment::Exactly(expected) => {
                // An empty last segment is the root's path or a trailing slash.
                if given.get(position)? != expected {
                    return None;
                }
            }
            Segment::Parameter(name) => {
                parameters.insert(name.clone(), decoded(value?));
            }
            Segment::Rest(name) => {
                value?;
                let rest = given.get(position..)?.join("/");
                parameters.insert(name.clone(), decoded(&rest));
                return Some(parameters);
            }
        }
    }
    (segments.len() == given.len()).then_some(parameters)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the platform is where time and chance come from on this machine"
)]
fn payload(
    found: &Found<'_>,
    parts: &http::request::Parts,
    body: &[u8],
    request_id: &str,
) -> Value {
    let path = parts.uri.path();
    let query = parts.uri.query().unwrap_or_default();
    let host = text(&parts.headers, &header::HOST);
    // API Gateway signs and stamps requests in real time, whatever the product's clock says.
    let now = Timestamp::now();
    let mut payload = json!({
        "version": "2.0",
        "routeKey": format!("{} {}", found.route.method, found.route.path),
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers(&parts.headers),
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": host,
            "domainPrefix": "local",
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": edge::peer(&parts.extensions).ip().to_string(),
                "userAgent": text(&parts.headers, &header::USER_AGENT),
            },
            "requestId": request_id,
            "routeKey": format!("{} {}", found.route.method, found.route.path),
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "isBase64Encoded": false,
    });
    let cookies: Vec<&str> = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .map(str::trim)
        .filter(|cookie| !cookie.is_empty())
        .collect();
    if !cookies.is_empty() {
        payload["cookies"] = json!(cookies);
    }
    if !query.is_empty() {
        payload["queryStringParameters"] = json!(query_parameters(query));
    }
    if !found.parameters.is_empty() {
        payload["pathParameters"] = json!(found.parameters);
    }
    if !body.is_empty() {
        let readable = is_text(&text(&parts.headers, &header::CONTENT_TYPE))
            .then(|| std::str::from_utf8(body).ok())
            .flatten();
        match readable {
            Some(text) => payload["body"] = json!(text),
            None => {
                payload["body"] = json!(STANDARD.encode(body));
                payload["isBase64Encoded"] = json!(true);
            }
        }
    }
    payload
}

fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// Lower-cased names, repeated values joined by a comma; cookies have their own field.
fn headers(given: &HeaderMap) -> Map<String, Value> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in given {
        if name == header::COOKIE {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        joined
            .entry(name.as_str().to_owned())
            .and_modify(|before| {
                before.push(',');
                before.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    // What the gateway says of the connection replaces what the browser might claim.
    joined.insert("x-forwarded-for".to_owned(), "127.0.0.1".to_owned());
    joined.insert("x-forwarded-proto".to_owned(), "http".to_owned());
    joined
        .into_iter()
        .map(|(name, value)| (name, Value::String(value)))
        .collect()
}

fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decoded(&value.replace('+', " "));
        parameters
            .entry(decoded(&name.replace('+', " ")))
            .and_modify(|before| {
                before.push(',');
                before.push_str(&value);
            })
            .or_insert(value);
    }
    parameters
}

/// What the gateway passes on as it is. Everything else, forms included, arrives in Base64.
fn is_text(content_type: &str) -> bool {
    let kind = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || matches!(
            kind.as_str(),
            "" | "application/json" | "application/javascript" | "application/xml"
        )
}

fn response(mut answer: Value) -> Result<Response<Body>, String> {
    let Some(status) = answer.get("statusCode").and_then(Value::as_u64) else {
        // Without a status code the gateway takes the whole answer for a JSON body.
        return Ok(crate::answers::json_answer(StatusCode::OK, &answer));
    };
    let status = u16::try_from(status)
        .ok()
        .and_then(|status| StatusCode::from_u16(status).ok())
        .ok_or_else(|| format!("status code {status}"))?;
    let body = match answer.get_mut("body").map(Value::take) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) if answer["isBase64Encoded"] == true => STANDARD
            .decode(text)
            .map_err(|cause| format!("body: {cause}"))?,
        Some(Value::String(text)) => text.into_bytes(),
        Some(other) => other.to_string().into_bytes(),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // The first value wins where both fields name a header; version 2.0 knows only the first.
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        headers.append(header_name(name)?, header_value(value)?);
    }
    for (name, values) in answer["multiValueHeaders"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let name = header_name(name)?;
        if !headers.contains_key(&name) {
            for value in values.as_array().into_iter().flatten() {
                headers.append(&name, header_value(value)?);
            }
        }
    }
    for cookie in answer["cookies"].as_array().into_iter().flatten() {
        headers.append(header::SET_COOKIE, header_value(cookie)?);
    }
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::TRANSFER_ENCODING);
    headers.remove(header::CONNECTION);
    headers
        .entry(header::CONTENT_TYPE)
        .or_insert(HeaderValue::from_static("text/plain;charset=UTF-8"));
    Ok(response)
}

fn header_name(name: &str) -> Result<HeaderName, String> {
    HeaderName::try_from(name).map_err(|cause| format!("header {name:?}: {cause}"))
}

fn header_value(value: &Value) -> Result<HeaderValue, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    HeaderValue::from_bytes(text.as_bytes()).map_err(|cause| format!("header value: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    type Heard = Arc<Mutex<Vec<Value>>>;

    fn declared() -> Vec<Declared> {
        let of = |name: &str, routes: &[(&str, &str)]| Declared {
            name: name.to_owned(),
            timeout: std::time::Duration::from_secs(7),
            routes: routes
                .iter()
                .map(|(method, path)| ((*method).to_owned(), (*path).to_owned()))
                .collect(),
            ..Declared::default()
        };
        vec![
            of("request-booking", &[("POST", "/api/bookings")]),
            of(
                "read-booking",
                &[
                    ("GET", "/api/bookings/{id}"),
                    ("GET", "/api/bookings/mine"),
                    ("ANY", "/admin/{proxy+}"),
                ],
            ),
            of("receive-stripe-event", &[("POST", "/webhooks/stripe")]),
        ]
    }

    /// A gateway whose functions all answer `answer` and note what they were given.
    fn gateway(answer: Value) -> (Gateway, Heard) {
        let declared = declared();
        let heard = Heard::default();
        let functions = declared
            .iter()
            .map(|function| {
                let (heard, answer) = (Arc::clone(&heard), answer.clone());
                let name = function.name.clone();
                let invoke: crate::Invoke = Arc::new(move |payload| {
                    heard.lock().unwrap().push(payload);
                    let answer = answer.clone();
                    Box::pin(async move {
                        assert_ne!(answer, json!("crash"), "asked to");
                        Ok(answer)
                    })
                });
                (name, invoke)
            })
            .collect();
        let lambdas = Arc::new(Lambdas::new(&declared, functions).unwrap());
        (Gateway::new(&declared, lambdas), heard)
    }

    async fn ask(gateway: &Gateway, request: Request<Body>) -> Response<Body> {
        match gateway.find(request.method(), request.uri().path()) {
            Match::Function(found) => gateway.serve(found, request).await,
            Match::OtherMethod => other_method(),
            Match::Unknown | Match::Elsewhere => unknown(),
        }
    }

    #[test]
    fn routes_are_found_as_api_gateway_finds_them() {
        let (gateway, _) = gateway(json!({}));
        for (method, path, expected) in [
            ("POST", "/api/bookings", "POST /api/bookings {}"),
            ("GET", "/api/bookings", "other method"),
            ("GET", "/api/bookings/", "unknown"),
            (
                "GET",
                "/api/bookings/bkg_1",
                r#"GET /api/bookings/{id} {"id": "bkg_1"}"#,
            ),
            (
                "GET",
                "/api/bookings/a%2Fb%20c",
                r#"GET /api/bookings/{id} {"id": "a/b c"}"#,
            ),
            ("GET", "/api/bookings/mine", "GET /api/bookings/mine {}"),
            ("DELETE", "/api/bookings/mine", "other method"),
            ("GET", "/api/bookings/1/2", "unknown"),
            ("GET", "/api", "unknown"),
            // Outside the API the site has the last word.
            ("GET", "/admin", "elsewhere"),
            (
                "DELETE",
                "/admin/a/b",
                r#"ANY /admin/{proxy+} {"proxy": "a/b"}"#,
            ),
            ("GET", "/", "elsewhere"),
            ("GET", "/apis/bookings", "elsewhere"),
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let found = match gateway.find(&method, path) {
                Match::Function(found) => format!(
                    "{} {} {:?}",
                    found.route.method, found.route.path, found.parameters
                ),
                Match::OtherMethod => "other method".to_owned(),
                Match::Unknown => "unknown".to_owned(),
                Match::Elsewhere => "elsewhere".to_owned(),
            };
            assert_eq!(found, expected, "{method} {path}");
        }
    }

    #[tokio::test]
    async fn a_request_arrives_as_a_version_2_payload() {
        let (gateway, heard) = gateway(json!({"statusCode": 200}));
        let request = Request::get("/api/bookings/bkg_1?tag=a&tag=b%20c&empty=&plus=1+2")
            .header("host", "127.0.0.1:8080")
            .header("User-Agent", "test")
            .header("X-Twice", "1")
            .header("X-Twice", "2")
            .header("Cookie", "a=1; b=2")
            .header("Cookie", "c=3")
            .body(Body::empty())
            .unwrap();
        assert_eq!(ask(&gateway, request).await.status(), 200);
        let payload = heard.lock().unwrap().remove(0);
        assert_eq!(payload["version"], "2.0");
        assert_eq!(payload["routeKey"], "GET /api/bookings/{id}");
        assert_eq!(payload["rawPath"], "/api/bookings/bkg_1");
        assert_eq!(payload["rawQueryString"], "tag=a&tag=b%20c&empty=&plus=1+2");
        assert_eq!(
            payload["queryStringParameters"],
            json!({"tag": "a,b c", "empty": "", "plus": "1 2"})
        );
        assert_eq!(payload["pathParameters"], json!({"id": "bkg_1"}));
        assert_eq!(payload["cookies"], json!(["a=1", "b=2", "c=3"]));
        assert_eq!(payload["headers"]["x-twice"], "1,2");
        assert!(payload["headers"].get("cookie").is_none());
        assert_eq!(payload["requestContext"]["stage"], "$default");
        assert_eq!(payload["requestContext"]["http"]["userAgent"], "test");
        assert!(payload.get("body").is_none());
        assert_eq!(payload["isBase64Encoded"], false);
    }

    #[tokio::test]
    async fn text_arrives_as_text_and_the_rest_in_base64() {
        let (gateway, heard) = gateway(json!({"statusCode": 200}));
        for (kind, body, expected, encoded) in [
            (
                "application/json; charset=utf-8",
                &b"{\"a\":1}"[..],
                "{\"a\":1}",
                false,
            ),
            ("text/plain", "é".as_bytes(), "é", false),
            ("application/problem+json", b"{}", "{}", false),
            ("application/x-www-form-urlencoded", b"a=1", "YT0x", true),
            ("application/pdf", b"\x00\xff", "AP8=", true),
            ("application/json", b"\xff", "/w==", true),
        ] {
            let request = Request::post("/api/bookings")
                .header("content-type", kind)
                .body(Body::from(body.to_vec()))
                .unwrap();
            ask(&gateway, request).await;
            let payload = heard.lock().unwrap().remove(0);
            assert_eq!(payload["body"], expected, "{kind}");
            assert_eq!(payload["isBase64Encoded"], encoded, "{kind}");
        }
    }

    #[tokio::test]
    async fn an_answer_leaves_as_the_function_wrote_it() {
        let (gateway, _) = gateway(json!({
            "statusCode": 201,
            "headers": {"Location": "/api/bookings/1", "content-type": "application/pdf"},
            "multiValueHeaders": {"location": ["/api/bookings/1"]},
            "cookies": ["a=1; Path=/", "b=2"],
            "body": "AP8=",
            "isBase64Encoded": true,
        }));
        let request = Request::post("/api/bookings").body(Body::empty()).unwrap();
        let response = ask(&gateway, request).await;
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers().get_all("location").iter().count(), 1);
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!(response.headers()["content-type"], "application/pdf");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body.as_ref(), b"\x00\xff");
    }

    /// What the functions are really wired with reads our payload and writes an answer we read.
    #[tokio::test]
    async fn the_lambda_adapter_understands_us() {
        use lambda_http::{Adapter, LambdaEvent, RequestExt, Service, request::LambdaRequest};

        let declared = declared();
        let invoke: crate::Invoke = Arc::new(|payload| {
            Box::pin(async move {
                let request: LambdaRequest = serde_json::from_value(payload).unwrap();
                let handler = lambda_http::service_fn(|request: lambda_http::Request| async move {
                    let id = request.path_parameters().first("id").map(str::to_owned);
                    let query = request
                        .query_string_parameters()
                        .first("q")
                        .map(str::to_owned);
                    let heard = format!(
                        "{} {id:?} {query:?} {:?} {:?}",
                        request.method(),
                        request.headers().get("cookie"),
                        request.uri().path(),
                    );
                    Response::builder()
                        .header("set-cookie", "a=1")
                        .header("set-cookie", "b=2")
                        .header("content-type", "text/plain")
                        .body(lambda_http::Body::Text(heard))
                });
                let event = LambdaEvent::new(request, lambda_http::Context::default());
                let answer = Adapter::from(handler).call(event).await.unwrap();
                serde_json::to_value(answer).map_err(|error| error.to_string())
            })
        });
        let functions = declared
            .iter()
            .map(|function| (function.name.clone(), Arc::clone(&invoke)))
            .collect();
        let lambdas = Arc::new(Lambdas::new(&declared, functions).unwrap());
        let gateway = Gateway::new(&declared, lambdas);
        let request = Request::get("/api/bookings/a%20b?q=c%2Bd")
            .header("host", "127.0.0.1:8080")
            .header("cookie", "x=1; y=2")
            .body(Body::empty())
            .unwrap();
        let response = ask(&gateway, request).await;
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(
            String::from_utf8_lossy(&body),
            "GET Some(\"a b\") Some(\"c+d\") Some(\"x=1; y=2\") \"/api/bookings/a%20b\""
        );
    }

    #[tokio::test]
    async fn a_crash_a_bad_answer_and_a_huge_body_are_problems() {
        let huge = Body::from(vec![b'a'; MOST_BYTES + 1]);
        for (answer, body, status, code) in [
            (json!("crash"), Body::empty(), 500, "internal_error"),
            (
                json!({"statusCode": 9}),
                Body::empty(),
                500,
                "internal_error",
            ),
            (json!({"statusCode": 200}), huge, 413, "payload_too_large"),
        ] {
            let (gateway, _) = gateway(answer);
            let request = Request::post("/api/bookings").body(body).unwrap();
            let response = ask(&gateway, request).await;
            assert_eq!(response.status(), status);
            assert_eq!(
                response.headers()["content-type"],
                "application/problem+json"
            );
            let body = response.into_body().collect().await.unwrap().to_bytes();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["code"], code);
        }
    }
}
