//! What CloudFront does to a request on its way to the gateway: it says where the visitor is, names
//! the request, and proves that it passed. What a visitor claims of that is thrown away.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{HeaderMap, HeaderName, HeaderValue, Request};

use crate::ids;

const VIEWER: HeaderName = HeaderName::from_static("cloudfront-viewer-address");
const COUNTRY: HeaderName = HeaderName::from_static("cloudfront-viewer-country");
const REQUEST: HeaderName = HeaderName::from_static("x-amz-cf-id");
const PROOF: HeaderName = HeaderName::from_static("x-origin-proof");

/// Where this machine says it is: nothing on it knows the countries of addresses.
const HERE: &str = "FR";

/// The headers of a request as CloudFront passes it on, with the proof that the template names.
pub(crate) fn pass_on<B>(request: &mut Request<B>, proof: &str) {
    let viewer = peer(request.extensions()).to_string();
    let headers = request.headers_mut();
    put(headers, VIEWER, &viewer);
    put(headers, COUNTRY, HERE);
    put(headers, REQUEST, &ids::uuid());
    put(headers, PROOF, proof);
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    match HeaderValue::from_str(value) {
        Ok(value) => headers.insert(name, value),
        Err(_) => headers.remove(name),
    };
}

/// Who is at the other end of the connection; this machine itself where nobody is.
pub(crate) fn peer(extensions: &http::Extensions) -> SocketAddr {
    let known = extensions.get::<ConnectInfo<SocketAddr>>();
    known.map_or_else(
        || SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
        |ConnectInfo(address)| *address,
    )
}
