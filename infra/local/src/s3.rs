//! S3 on the public origin, path style, on files: signatures and presigned URLs are verified for
//! real, so a browser uploads here exactly as it does on AWS.

use std::path::{Path, PathBuf};

use axum::body::Body;
use http::{Method, Request, Response, StatusCode, header};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;

use crate::answers::problem;
use crate::events::Events;
use crate::permissions::{COPY_SOURCE, Permissions, of_buckets, signer};
use crate::scanner::Scanner;

/// The key with which the functions sign on this machine.
pub const ACCESS_KEY: &str = "local";
/// Its secret.
pub const SECRET_KEY: &str = "local-secret";

/// The product allows documents of 10 MiB and signs that; this is only a guard rail.
const MOST_BYTES: u64 = 12 * 1024 * 1024;

pub(crate) struct Buckets {
    folder: PathBuf,
    names: Vec<String>,
    permissions: Permissions,
    scanner: Scanner,
    service: S3Service,
}

impl Buckets {
    /// Opens the folder and creates the template's buckets.
    pub(crate) fn open(
        folder: PathBuf,
        names: Vec<String>,
        permissions: Permissions,
        scanner: Scanner,
    ) -> Result<Self, std::io::Error> {
        create(&folder, &names)?;
        let files = FileSystem::new(&folder)
            .map_err(|error| std::io::Error::other(format!("{error:?}")))?;
        let mut builder = S3ServiceBuilder::new(files);
        let mut keys = SimpleAuth::new();
        for key in permissions.keys() {
            keys.register(key, SECRET_KEY.to_owned().into());
        }
        builder.set_auth(keys);
        Ok(Self {
            folder,
            names,
            permissions,
            scanner,
            service: builder.build(),
        })
    }

    /// Whether the path's first segment is one of the buckets.
    pub(crate) fn own(&self, path: &str) -> bool {
        let first = path.trim_start_matches('/').split('/').next();
        self.names.iter().any(|name| Some(name.as_str()) == first)
    }

    /// Lets what is put wait for its malware scan, or scans what waits.
    pub(crate) fn hold_scans(&self, held: bool, events: &Events) {
        self.scanner.hold(held, &self.folder, events);
    }

    pub(crate) async fn serve(&self, request: Request<Body>, events: &Events) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let puts = request.method() == Method::PUT;
        let response = self.answer(request).await;
        if puts && response.status().is_success() {
            self.scanner.put(&self.folder, &path, events);
        }
        response
    }

    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        if let Some(refusal) = too_much(&request) {
            return refusal;
        }
        let signer = signer(request.headers(), request.uri());
        let path = request.uri().path().to_owned();
        let asked = of_buckets(request.method(), &path, request.headers());
        if let Err(why) = self.permissions.check(signer.as_deref(), &asked) {
            tracing::error!(why, "refused by its policy");
            return refused(StatusCode::FORBIDDEN, "AccessDenied");
        }
        match self
            .service
            .call(request.map(s3s::Body::http_body_unsync))
            .await
        {
            // Who may not list a bucket is not told what is missing from it.
            Ok(response) if response.status() == StatusCode::NOT_FOUND => {
                let bucket = path.trim_start_matches('/').split('/').next();
                let bucket = format!("arn:aws:s3:::{}", bucket.unwrap_or_default());
                let listing = [("s3:ListBucket".to_owned(), bucket)];
                match self.permissions.check(signer.as_deref(), &listing) {
                    Ok(()) => response.map(Body::new),
                    Err(_) => refused(StatusCode::FORBIDDEN, "AccessDenied"),
                }
            }
            Ok(response) => response.map(Body::new),
            Err(error) => {
                tracing::error!(?error, "S3 failed");
                problem(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal_error",
                    "Le dépôt de documents n'a pas répondu.",
                )
            }
        }
    }

    /// Empties every bucket.
    pub(crate) fn wipe(&self) -> Result<(), std::io::Error> {
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_dir() {
                std::fs::remove_dir_all(path)?;
            } else {
                std::fs::remove_file(path)?;
            }
        }
        create(&self.folder, &self.names)
    }
}

fn create(folder: &Path, names: &[String]) -> Result<(), std::io::Error> {
    std::fs::create_dir_all(folder)?;
    names
        .iter()
        .try_for_each(|name| std::fs::create_dir_all(folder.join(name)))
}

/// S3 wants to know the length beforehand; the connection then holds the sender to it. Who has an object
/// copied sends nothing.
fn too_much(request: &Request<Body>) -> Option<Response<Body>> {
    let sends = request.method() == Method::PUT || request.method() == Method::POST;
    if !sends || request.headers().contains_key(COPY_SOURCE) {
        return None;
    }
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    match length {
        None => Some(refused(StatusCode::LENGTH_REQUIRED, "MissingContentLength")),
        Some(length) if length > MOST_BYTES => {
            Some(refused(StatusCode::BAD_REQUEST, "EntityTooLarge"))
        }
        Some(_) => None,
    }
}

fn refused(status: StatusCode, code: &str) -> Response<Body> {
    let body =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code></Error>");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/xml"),
    );
    response
}
