//! Secrets (Secrets Manager): one secret for a stage, a JSON object of variables, read once when a
//! function starts. So no secret stands in a template, a parameter, or a function's configuration.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use thiserror::Error;

use crate::environment::Environment;

/// The secret could not be read; the text is for the log and holds nothing of it.
#[derive(Debug, Error)]
#[error("the secrets of this stage cannot be read: {0}")]
pub struct VaultError(String);

/// The environment with the variables of the stage's secret, which `SECRETS` names.
///
/// Without that variable they come as variables, as on one machine.
///
/// # Errors
/// When the secret cannot be read, or is not an object of texts.
pub async fn open(environment: Environment) -> Result<Environment, VaultError> {
    let Some(secret) = environment.optional("SECRETS") else {
        return Ok(environment);
    };
    let configuration = crate::aws::configuration(
        &environment,
        "SECRETSMANAGER_ENDPOINT",
        &crate::aws::SERVICE,
    );
    let answer = Client::new(&configuration)
        .get_secret_value()
        .secret_id(secret)
        .send()
        .await
        .map_err(|error| VaultError(DisplayErrorContext(&error).to_string()))?;
    let text = answer.secret_string().unwrap_or_default();
    let variables: BTreeMap<String, String> = serde_json::from_str(text)
        .map_err(|_| VaultError("it is not a JSON object of texts".to_owned()))?;
    Ok(environment.with(variables))
}
