//! Whether a request came through CloudFront, and what it then says of the visitor.
//!
//! The gateway has an address of its own that anybody may call. CloudFront adds a header that only
//! it and the functions know; without it nothing but the health check is answered, and so nobody
//! passes by the rate rules or chooses the address that is written into proofs.

use adapters::environment::Environment;
use adapters::secrets::same_secret;
use http::HeaderMap;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};

use crate::problem::Problem;

/// The header that CloudFront adds.
const PROOF: &str = "x-origin-proof";

/// What proves that a request came through CloudFront: several values while one replaces another.
#[derive(Clone)]
pub(crate) struct OriginProofs(Vec<String>);

impl OriginProofs {
    pub(crate) fn read(environment: &Environment) -> Self {
        let given = environment.required("ORIGIN_PROOFS");
        let values = given.split(',').map(str::trim);
        Self(
            values
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }

    /// Compares with every value, each time in full.
    fn prove(&self, headers: &HeaderMap) -> bool {
        let given = headers
            .get(PROOF)
            .map_or(&b""[..], |value| value.as_bytes());
        self.0.iter().fold(false, |proved, value| {
            proved | same_secret(given, value.as_bytes())
        })
    }

    /// Refuses a request that did not come through CloudFront, unless it may come `otherwise`; says
    /// on the request itself where it comes from.
    pub(crate) fn admit(&self, request: &mut Request, otherwise: bool) -> Result<(), Problem> {
        let proved = self.prove(request.headers());
        let provenance = Provenance::of(request, proved);
        request.extensions_mut().insert(provenance);
        if proved || otherwise {
            return Ok(());
        }
        Err(Problem::new(
            403,
            "origin_unproved",
            "Cette adresse ne répond pas elle-même : passez par notre site.",
        ))
    }
}

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Provenance {
    /// The visitor's address: CloudFront's word for it where the request is proved to come from
    /// there, the gateway's otherwise.
    pub(crate) ip: String,
    /// The country of that address, two capital letters (ISO 3166-1): CloudFront's word, and nobody
    /// else's.
    pub(crate) country: Option<String>,
    /// CloudFront's own identifier of the request, which the visitor's browser was told too; the
    /// gateway's where the request is not proved. It goes into logs, events and mails.
    pub(crate) request: String,
}

impl Provenance {
    /// What was found at the door.
    pub(crate) fn on(request: &Request) -> Self {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .unwrap_or_default()
    }

    fn of(request: &Request, proved: bool) -> Self {
        let (gateway_ip, gateway_id) = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => {
                (context.http.source_ip.clone(), context.request_id.clone())
            }
            Some(_) | None => (None, None),
        };
        let edge = proved.then(|| (viewer(request), edge_id(request), country(request)));
        let (ip, id, country) = edge.unwrap_or_default();
        Self {
            country,
            ip: ip.or(gateway_ip).unwrap_or_default(),
            request: id.or(gateway_id).unwrap_or_default(),
        }
    }
}

/// Such as `198.51.100.7:443`; an address of IPv6 has colons of its own.
fn viewer(request: &Request) -> Option<String> {
    let (address, _port) = text(request, "cloudfront-viewer-address").rsplit_once(':')?;
    Some(address.trim_matches(['[', ']']).to_owned())
}

fn country(request: &Request) -> Option<String> {
    let code = text(request, "cloudfront-viewer-country");
    let is_code = code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase());
    is_code.then(|| code.to_owned())
}

fn edge_id(request: &Request) -> Option<String> {
    let id = text(request, "x-amz-cf-id");
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=".contains(letter);
    (!id.is_empty() && id.len() <= 128 && id.chars().all(plain)).then(|| id.to_owned())
}

fn text<'a>(request: &'a Request, name: &str) -> &'a str {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use lambda_http::Body;
    use lambda_http::request::LambdaRequest;

    use super::*;

    fn request(headers: &[(&str, &str)]) -> Request {
        let payload = serde_json::json!({
            "version": "2.0", "routeKey": "GET /api/health", "rawPath": "/api/health", "rawQueryString": "",
            "headers": {}, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "1", "apiId": "a", "domainName": "d", "domainPrefix": "d", "requestId": "of-the-gateway",
                "routeKey": "GET /api/health", "stage": "$default", "time": "29/Nov/2026:00:00:00 +0000", "timeEpoch": 0,
                "http": { "method": "GET", "path": "/api/health", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "u" },
            },
        });
        let read: LambdaRequest = serde_json::from_value(payload).unwrap();
        let mut request: http::Request<Body> = read.into();
        for (name, value) in headers {
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        request
    }

    #[test]
    fn only_a_proved_request_says_where_it_comes_from() {
        let proofs = OriginProofs(vec!["now".to_owned(), "before".to_owned()]);
        let from = [
            ("cloudfront-viewer-address", "2001:db8::7:443"),
            ("x-amz-cf-id", "of-the-edge"),
            ("cloudfront-viewer-country", "BE"),
        ];
        for (proof, admitted) in [("now", true), ("before", true), ("nov", false), ("", false)] {
            let headers: Vec<_> = from.into_iter().chain([(PROOF, proof)]).collect();
            let mut request = request(&headers);
            let (ip, country, id) = if admitted {
                ("2001:db8::7", Some("BE"), "of-the-edge")
            } else {
                ("192.0.2.1", None, "of-the-gateway")
            };
            assert_eq!(
                proofs.admit(&mut request, false).is_ok(),
                admitted,
                "{proof}"
            );
            assert!(proofs.admit(&mut request, true).is_ok(), "{proof}");
            let found = Provenance::on(&request);
            assert_eq!(
                (
                    found.ip.as_str(),
                    found.country.as_deref(),
                    found.request.as_str()
                ),
                (ip, country, id),
                "{proof}"
            );
        }
        assert!(proofs.admit(&mut request(&from), false).is_err());
        for odd in ["be", "B", "BEL", "B1", "XX<"] {
            let mut request = request(&[(PROOF, "now"), ("cloudfront-viewer-country", odd)]);
            assert!(proofs.admit(&mut request, false).is_ok());
            assert_eq!(Provenance::on(&request).country, None, "{odd}");
        }
        // Where none is set, none is right: not even the empty one.
        let none = OriginProofs(Vec::new());
        assert!(none.admit(&mut request(&[(PROOF, "")]), false).is_err());
    }
}
