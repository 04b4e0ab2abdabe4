//! Answers that are ours and not a function's: problems (RFC 9457) and small French pages.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// `application/problem+json`, as the functions answer.
pub(crate) fn problem(status: StatusCode, code: &str, detail: &str) -> Response<Body> {
    let body = json!({"status": status.as_u16(), "code": code, "detail": detail});
    with_type(status, "application/problem+json", body.to_string())
}

pub(crate) fn json_answer(status: StatusCode, body: &Value) -> Response<Body> {
    with_type(status, "application/json", body.to_string())
}

pub(crate) fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

pub(crate) fn see_other(location: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response
        .headers_mut()
        .insert(header::LOCATION, HeaderValue::from_static(location));
    response
}

/// A whole page. `body` is HTML: whatever comes from elsewhere in it went through [`escape`].
pub(crate) fn page(status: StatusCode, title: &str, body: &str) -> Response<Body> {
    let title = escape(title);
    let html = format!(
        "<!doctype html>
<html lang=\"fr\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<link rel=\"icon\" href=\"/icone.svg\">
<title>{title} – MonAgentDeSecu, sur cette machine</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }}
  table {{ border-collapse: collapse; width: 100%; }}
  th, td {{ text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #8886; overflow-wrap: anywhere; }}
  iframe {{ width: 100%; height: 36rem; border: 1px solid #8886; background: #fff; }}
  pre {{ white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8886; padding: .6rem; }}
  button {{ font: inherit; padding: .4rem .8rem; }}
  form {{ display: inline-block; margin: 0 1rem 1rem 0; }}
</style>
<body>
<nav aria-label=\"Plateforme locale\"><a href=\"/local\">Plateforme locale</a></nav>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"
    );
    let mut response = with_type(status, "text/html; charset=utf-8", html);
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        // Mails are shown inside: their pictures may load, their scripts may not.
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; form-action 'self'; \
             frame-src 'self'; base-uri 'none'; frame-ancestors 'self'",
        ),
    );
    response
}

fn with_type(status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Text as it may stand in HTML, attributes included.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}
