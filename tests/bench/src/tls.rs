//! What stands in front of DynamoDB and Secrets Manager on AWS: TLS. An authority made for one
//! measurement, and doors that speak TLS and pass on what was said.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::Failure;

/// Makes an authority and a certificate for `localhost`, ECDSA on P-256, with the `openssl` command.
const OPENSSL: &str = "\
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=bench' \
      -keyout ca.key -out ca.pem 2>&1 && \
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=localhost' \
      -keyout door.key -out door.csr 2>&1 && \
    printf 'subjectAltName=DNS:localhost\\nbasicConstraints=CA:FALSE\\n' > door.ext && \
    openssl x509 -req -in door.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
      -extfile door.ext -out door.pem 2>&1";

/// Who vouches for the doors of one measurement.
pub(crate) struct Authority {
    folder: TempDir,
    server: Arc<ServerConfig>,
}

impl Authority {
    /// Makes one.
    pub(crate) async fn make() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let made = Command::new("sh")
            .args(["-c", OPENSSL])
            .current_dir(folder.path())
            .output()
            .await?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stdout).into());
        }
        let chain = CertificateDer::pem_file_iter(folder.path().join("door.pem"))?;
        let key = PrivateKeyDer::from_pem_file(folder.path().join("door.key"))?;
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain.collect::<Result<_, _>>()?, key)?;
        Ok(Self {
            folder,
            server: Arc::new(server),
        })
    }

    /// The certificate that vouches for the doors.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A door that speaks TLS in front of `plain`, such as `127.0.0.1:8000`.
    pub(crate) async fn door(&self, plain: &str) -> Result<Door, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("https://localhost:{}", listener.local_addr()?.port());
        let acceptor = TlsAcceptor::from(Arc::clone(&self.server));
        let plain = plain.to_owned();
        let task = tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                tokio::spawn(pass(acceptor.clone(), caller, plain.clone()));
            }
        });
        Ok(Door { address, task })
    }
}

/// One connection, for as long as both sides keep it.
async fn pass(acceptor: TlsAcceptor, caller: TcpStream, plain: String) -> std::io::Result<()> {
    caller.set_nodelay(true)?;
    let mut caller = acceptor.accept(caller).await?;
    let mut server = TcpStream::connect(plain).await?;
    server.set_nodelay(true)?;
    tokio::io::copy_bidirectional(&mut caller, &mut server).await?;
    Ok(())
}

/// A server that ends when it is dropped.
pub(crate) struct Door {
    /// Such as `https://localhost:8443`.
    pub(crate) address: String,
    task: JoinHandle<()>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Secrets Manager, which knows these secrets by their names.
pub(crate) async fn vault(
    secrets: BTreeMap<String, BTreeMap<&'static str, String>>,
) -> Result<Door, Failure> {
    let secrets = Arc::new(secrets);
    let answer = move |asked: Bytes| {
        let asked: Value = serde_json::from_slice(&asked).unwrap_or_default();
        let name = asked["SecretId"].as_str().unwrap_or_default().to_owned();
        let known = secrets.get(&name).map(|secret| json!(secret).to_string());
        let answer = known.map(|secret| {
            let answer = json!({ "Name": name, "VersionId": "1", "SecretString": secret });
            let kind = [("content-type", "application/x-amz-json-1.1")];
            (kind, answer.to_string())
        });
        async move { answer.ok_or(StatusCode::BAD_REQUEST) }
    };
    let router = Router::new().route("/", post(answer));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let task = tokio::spawn(async move {
        let _ends_when_dropped = axum::serve(listener, router).await;
    });
    Ok(Door { address, task })
}
