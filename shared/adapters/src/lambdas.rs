//! Other functions of the stage (Lambda): what one of them did not take is given to it again.

use std::time::Duration;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::error::DisplayErrorContext;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use serde_json::Value;
use thiserror::Error;

use crate::environment::{Environment, Outside};

/// How long a function may take: longer than any that listens is given.
const PATIENCE: Duration = Duration::from_secs(45);

/// A function did not take what it was given.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct NotTaken(pub String);

/// The functions of the stage.
#[derive(Clone, Debug)]
pub struct Lambdas {
    client: Client,
    stage: String,
}

impl Outside for Lambdas {
    fn open(environment: &Environment) -> Self {
        let shared =
            crate::aws::configuration(environment, "LAMBDA_ENDPOINT", &crate::aws::SERVICE);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(2))
            .operation_attempt_timeout(PATIENCE)
            .operation_timeout(PATIENCE)
            .build();
        let configuration = aws_sdk_lambda::config::Builder::from(&shared)
            .timeout_config(timeouts)
            .build();
        Self {
            client: Client::from_conf(configuration),
            stage: environment.required("STAGE"),
        }
    }
}

impl Lambdas {
    /// Gives `payload` (JSON) to a function and waits until it has taken it.
    ///
    /// # Errors
    /// When it failed, with what it said, or could not be reached.
    pub async fn give(&self, function: &str, payload: &str) -> Result<(), NotTaken> {
        let answer = self
            .client
            .invoke()
            .function_name(format!("{}-{function}", self.stage))
            .invocation_type(InvocationType::RequestResponse)
            .payload(Blob::new(payload))
            .send()
            .await
            .map_err(|error| NotTaken(DisplayErrorContext(&error).to_string()))?;
        if answer.function_error().is_none() {
            return Ok(());
        }
        let said = answer.payload().map(Blob::as_ref).unwrap_or_default();
        let said: Value = serde_json::from_slice(said).unwrap_or_default();
        let message = said["errorMessage"].as_str().unwrap_or("no reason given");
        Err(NotTaken(message.to_owned()))
    }
}
