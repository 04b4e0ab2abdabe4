//! The built site, served as CloudFront serves it: `/tarifs` is `tarifs.html`, an address that
//! `addresses.json` gives to the application is `200.html`, the rest is `404.html`; with the headers
//! of the template's response headers policy.

use std::path::{Component, Path, PathBuf};

use adapters::site::SiteFile;
use axum::body::Body;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, Uri, header};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tokio::sync::Mutex;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::answers::page;
use crate::template::Template;

pub(crate) struct Site {
    folder: PathBuf,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The folder of the bucket from which functions read the site.
    bucket: Option<PathBuf>,
    publishing: Mutex<()>,
}

/// The address of the API's description, a file of the site.
pub(crate) const DESCRIPTION: &str = "/api/openapi.json";

/// What functions read of the site.
const PUBLISHED: [SiteFile; 4] = [
    SiteFile::Application,
    SiteFile::Professional,
    SiteFile::NotFound,
    SiteFile::Addresses,
];

/// Bytes of the longest name of a file.
const LONGEST_NAME: usize = 255 - ".html".len();

impl Site {
    pub(crate) fn new(folder: PathBuf, template: &Template, buckets: &Path) -> Self {
        let mut headers: Vec<(HeaderName, HeaderValue)> = template
            .site_headers
            .iter()
            .filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)))
            .collect();
        // A template without a policy still gets what no page can do without.
        for (name, value) in [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        ] {
            if !headers.iter().any(|(existing, _)| *existing == name) {
                headers.push((name, HeaderValue::from_static(value)));
            }
        }
        let bucket = template.environment.get("SITE_BUCKET");
        Self {
            folder,
            headers,
            bucket: bucket.map(|name| buckets.join(name)),
            publishing: Mutex::new(()),
        }
    }

    /// Puts into the bucket what a deployment would, if the site was built since.
    pub(crate) async fn publish(&self) {
        let Some(bucket) = &self.bucket else { return };
        let _one_at_a_time = self.publishing.lock().await;
        for file in PUBLISHED {
            let Ok(built) = tokio::fs::read(self.folder.join(file.name())).await else {
                continue;
            };
            let target = bucket.join(file.name());
            if tokio::fs::read(&target).await.ok().as_ref() == Some(&built) {
                continue;
            }
            if let Err(error) = tokio::fs::write(&target, built).await {
                tracing::error!(%error, file = file.name(), "the site was not published");
            }
        }
    }

    pub(crate) async fn serve(&self, request: Request<Body>) -> Response<Body> {
        let response = if self.built() {
            self.file(request).await
        } else {
            not_built()
        };
        self.with_headers(response)
    }

    /// The API's description, also before the site is built.
    pub(crate) async fn describe(&self) -> Response<Body> {
        let name = DESCRIPTION.trim_start_matches('/');
        let published = self.folder.join(name);
        let written = self.folder.join("../static").join(name);
        let text = match tokio::fs::read(published).await {
            Ok(text) => Ok(text),
            Err(_) => tokio::fs::read(written).await,
        };
        let Ok(text) = text else {
            return not_built();
        };
        let mut response = Response::new(Body::from(text));
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        self.with_headers(response)
    }

    /// With the headers that every page has.
    pub(crate) fn with_headers(&self, mut response: Response<Body>) -> Response<Body> {
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        response
    }

    fn built(&self) -> bool {
        self.folder.join("index.html").is_file()
    }

    async fn file(&self, request: Request<Body>) -> Response<Body> {
        let immutable = request.uri().path().contains("/immutable/");
        let address = request.uri().path().to_owned();
        // No file has such a name, and no disk is asked for one.
        let parts = percent_decode_str(&address).collect::<Vec<u8>>();
        if parts
            .split(|byte| *byte == b'/')
            .any(|part| part.len() > LONGEST_NAME)
        {
            return self.fallback(&address).await;
        }
        let request = self.as_page(request);
        let mut response = match ServeDir::new(&self.folder).oneshot(request).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        };
        if response.status() == StatusCode::NOT_FOUND {
            return self.fallback(&address).await;
        }
        let cache = if immutable {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        response
    }

    /// `/tarifs` and `/tarifs/` ask for `tarifs.html` when there is one.
    fn as_page(&self, mut request: Request<Body>) -> Request<Body> {
        let path = request.uri().path().trim_end_matches('/');
        let decoded = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        let relative = Path::new(decoded.as_ref());
        let inside = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !inside {
            return request;
        }
        let mut file = self.folder.join(relative).into_os_string();
        file.push(".html");
        if Path::new(&file).is_file() {
            let page = match request.uri().query() {
                Some(query) => format!("{path}.html?{query}"),
                None => format!("{path}.html"),
            };
            if let Ok(page) = page.parse::<Uri>() {
                *request.uri_mut() = page;
            }
        }
        request
    }

    /// Whether the site's own list gives the address to the application. Read each time: the site
    /// may be built again while this runs.
    async fn application(&self, address: &str) -> bool {
        let Ok(text) = tokio::fs::read(self.folder.join("addresses.json")).await else {
            return false;
        };
        let list: Value = serde_json::from_slice(&text).unwrap_or_default();
        list["application"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .any(|route| is_address_of(route, address))
    }

    /// `200.html` where only the application knows what to show, `404.html` anywhere else.
    async fn fallback(&self, address: &str) -> Response<Body> {
        let (name, status) = if self.application(address).await {
            ("200.html", StatusCode::OK)
        } else {
            ("404.html", StatusCode::NOT_FOUND)
        };
        if let Ok(html) = tokio::fs::read(self.folder.join(name)).await {
            let mut response = Response::new(Body::from(html));
            *response.status_mut() = status;
            let headers = response.headers_mut();
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            );
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            return response;
        }
        page(
            StatusCode::NOT_FOUND,
            "Page introuvable",
            "<p>Cette page n'existe pas. <a href=\"/\">Retour à l'accueil</a></p>",
        )
    }
}

/// Whether an address is one of a route: `/offres/[id]` takes any single segment for `[id]`.
fn is_address_of(route: &str, address: &str) -> bool {
    let address = address.trim_end_matches('/');
    route.split('/').count() == address.split('/').count()
        && route
            .split('/')
            .zip(address.split('/'))
            .all(|(part, given)| {
                if part.starts_with('[') {
                    !given.is_empty()
                } else {
                    part == given
                }
            })
}

fn not_built() -> Response<Body> {
    page(
        StatusCode::SERVICE_UNAVAILABLE,
        "Le site n'est pas encore construit",
        "<p>L'API répond déjà. Pour voir les pages, construisez le site : <code>make site</code> \
         (ou <code>npm ci &amp;&amp; npm run build</code> dans <code>frontend/</code>), puis \
         rechargez cette page. Rien à redémarrer.</p>",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use std::collections::BTreeMap;

    async fn get(site: &Site, path: &str) -> (u16, String, Response<()>) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let (parts, body) = site.serve(request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        (parts.status.as_u16(), text, Response::from_parts(parts, ()))
    }

    fn site(folder: &Path) -> Site {
        let policy = "
Resources:
  SiteHeaders:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        SecurityHeadersConfig:
          ContentSecurityPolicy: {Override: true, ContentSecurityPolicy: \"default-src 'self'\"}
          FrameOptions: {Override: true, FrameOption: SAMEORIGIN}
";
        let template = Template::parse(&[policy], &BTreeMap::new(), &BTreeMap::new()).unwrap();
        Site::new(folder.to_path_buf(), &template, folder)
    }

    #[tokio::test]
    async fn pages_files_and_what_is_missing() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret.html"), "secret").unwrap();
        let folder = outside.path().join("build");
        let at = |name: &str| folder.join(name);
        let site = site(&folder);
        assert_eq!(get(&site, "/").await.0, 503);

        std::fs::create_dir_all(at("tarifs")).unwrap();
        std::fs::create_dir_all(at("_app/immutable")).unwrap();
        for (name, text) in [
            ("index.html", "accueil"),
            ("tarifs.html", "tarifs"),
            ("tarifs/nuit.html", "nuit"),
            ("404.html", "rien"),
            ("_app/immutable/a.js", "a"),
        ] {
            std::fs::write(at(name), text).unwrap();
        }
        for (path, status, text) in [
            ("/", 200, "accueil"),
            ("/?a=1", 200, "accueil"),
            ("/tarifs", 200, "tarifs"),
            ("/tarifs/?a=1", 200, "tarifs"),
            ("/tarifs/nuit", 200, "nuit"),
            ("/_app/immutable/a.js", 200, "a"),
            ("/nulle-part", 404, "rien"),
            ("/../secret", 404, "rien"),
            ("/%2e%2e/secret", 404, "rien"),
        ] {
            let (got, body, _) = get(&site, path).await;
            assert_eq!((got, body.as_str()), (status, text), "{path}");
        }
        let (_, _, response) = get(&site, "/tarifs").await;
        assert_eq!(
            response.headers()["content-security-policy"],
            "default-src 'self'"
        );
        assert_eq!(response.headers()["x-frame-options"], "SAMEORIGIN");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let (_, _, response) = get(&site, "/_app/immutable/a.js").await;
        assert!(
            response.headers()["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        std::fs::write(at("200.html"), "application").unwrap();
        std::fs::write(
            at("addresses.json"),
            r#"{"application": ["/compte", "/missions/[id]"]}"#,
        )
        .unwrap();
        for (path, status, text) in [
            ("/compte", 200, "application"),
            ("/compte/?a=1", 200, "application"),
            ("/missions/1", 200, "application"),
            ("/missions/", 404, "rien"),
            ("/missions", 404, "rien"),
            ("/missions/1/2", 404, "rien"),
            ("/comptes", 404, "rien"),
        ] {
            let (got, body, _) = get(&site, path).await;
            assert_eq!((got, body.as_str()), (status, text), "{path}");
        }
    }
}
