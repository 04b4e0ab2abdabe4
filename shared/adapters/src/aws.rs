//! How every AWS client is made: credentials and region from the function's variables, one HTTP
//! client with pooled connections, TLS by rustls on ring with Amazon's own roots only (loading the
//! system's certificates is most of a cold start).

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::BehaviorVersion;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::environment::Environment;

const AMAZON_ROOTS: &[u8] = include_bytes!("../certificates/amazon-roots.pem");

/// The shared configuration of AWS clients, with another endpoint when `endpoint_variable` is set.
pub(crate) fn configuration(environment: &Environment, endpoint_variable: &str) -> SdkConfig {
    let endpoint = environment.optional(endpoint_variable);
    let credentials = Credentials::new(
        environment.required("AWS_ACCESS_KEY_ID"),
        environment.required("AWS_SECRET_ACCESS_KEY"),
        environment.optional("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(std::time::Duration::from_secs(2))
        .operation_attempt_timeout(std::time::Duration::from_secs(8))
        .build();
    let mut configuration = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(environment.required("AWS_REGION")))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(timeouts)
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .http_client(http_client(
            endpoint.as_deref(),
            environment.optional("AWS_CA_BUNDLE").as_deref(),
        ));
    if let Some(endpoint) = endpoint {
        configuration = configuration.endpoint_url(endpoint);
    }
    configuration.build()
}

/// A client of S3. Another endpoint has no address for each bucket: buckets are in the path there.
pub(crate) fn s3_client(environment: &Environment) -> aws_sdk_s3::Client {
    let shared = configuration(environment, "S3_ENDPOINT");
    let configuration = aws_sdk_s3::config::Builder::from(&shared)
        .force_path_style(environment.optional("S3_ENDPOINT").is_some())
        .build();
    aws_sdk_s3::Client::from_conf(configuration)
}

/// `bundle` names a file of roots to trust instead of Amazon's, as in every SDK of AWS: for endpoints
/// behind a certificate of one's own.
fn http_client(endpoint: Option<&str>, bundle: Option<&str>) -> SharedHttpClient {
    if endpoint.is_some_and(|address| address.starts_with("http://")) {
        return Builder::new().build_http();
    }
    let given = bundle.map(std::fs::read).transpose();
    let given = given.unwrap_or_else(|error| {
        tracing::error!(cause = %error, "AWS_CA_BUNDLE cannot be read: Amazon's roots are trusted");
        None
    });
    let roots = given.unwrap_or_else(|| AMAZON_ROOTS.to_vec());
    let roots = TrustStore::empty().with_pem_certificate(roots);
    match TlsContext::builder().with_trust_store(roots).build() {
        Ok(context) => Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .tls_context(context)
            .build_https(),
        Err(_) => Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .build_https(),
    }
}
