//! Secrets (Secrets Manager): three for a stage, each a JSON object of variables. A function reads
//! those that its types name, once, when it starts. So no secret stands in a template, a parameter,
//! or a function's configuration, and none is read where nothing is signed.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use thiserror::Error;

use crate::environment::Environment;

/// Variables by name.
pub type Variables = BTreeMap<String, String>;

/// A secret of a stage.
pub trait Secret {
    /// The variable that says which secret it is. Without it, what the secret holds comes as
    /// variables, as on one machine.
    const NAMED_BY: &'static str;
}

/// What signs sessions: `SESSION_SECRETS`, the newest first, separated by commas.
#[derive(Debug)]
pub struct SessionSecret;

impl Secret for SessionSecret {
    const NAMED_BY: &'static str = "SESSION_SECRET_ID";
}

/// What links in mails and addresses of calendars are derived from: `LINK_SECRETS`, the newest first,
/// separated by commas.
#[derive(Debug)]
pub struct LinkSecret;

impl Secret for LinkSecret {
    const NAMED_BY: &'static str = "LINK_SECRET_ID";
}

/// What opens Stripe, `STRIPE_SECRET_KEY`, and what Stripe signs its events with,
/// `STRIPE_WEBHOOK_SECRETS`, the newest first, separated by commas.
#[derive(Debug)]
pub struct StripeSecret;

impl Secret for StripeSecret {
    const NAMED_BY: &'static str = "STRIPE_SECRET_ID";
}

/// A secret could not be read; the text is for the log and holds nothing of it.
#[derive(Debug, Error)]
#[error("the secret of {named_by} cannot be read: {cause}")]
pub struct VaultError {
    named_by: &'static str,
    cause: String,
}

/// What a secret holds, beside an empty variable in place of its name: an environment that has both
/// does not read it again.
///
/// # Errors
/// When the secret cannot be read, or is not an object of texts.
pub async fn read<S: Secret>(environment: &Environment) -> Result<Variables, VaultError> {
    let Some(secret) = environment.optional(S::NAMED_BY) else {
        return Ok(Variables::new());
    };
    let mut variables = read_secret(environment, secret)
        .await
        .map_err(|cause| VaultError {
            named_by: S::NAMED_BY,
            cause,
        })?;
    variables.insert(S::NAMED_BY.to_owned(), String::new());
    Ok(variables)
}

async fn read_secret(environment: &Environment, secret: String) -> Result<Variables, String> {
    let configuration =
        crate::aws::configuration(environment, "SECRETSMANAGER_ENDPOINT", &crate::aws::SERVICE);
    let answer = Client::new(&configuration)
        .get_secret_value()
        .secret_id(secret)
        .send()
        .await
        .map_err(|error| DisplayErrorContext(&error).to_string())?;
    serde_json::from_str(answer.secret_string().unwrap_or_default())
        .map_err(|_| "it is not a JSON object of texts".to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::clock::Clock;
    use crate::environment::Outside;
    use crate::keys::{LinkKeys, SessionKeys};

    /// Secrets Manager, as far as `GetSecretValue` goes, and the secrets that it was asked for.
    fn manager(secrets: &[(&str, &str)]) -> (Environment, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let known: BTreeMap<String, String> = secrets
            .iter()
            .map(|(name, holds)| ((*name).to_owned(), (*holds).to_owned()))
            .collect();
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut reader = BufReader::new(connection.try_clone().unwrap());
                let (mut line, mut length) = (String::new(), 0);
                while reader.read_line(&mut line).unwrap() > 2 {
                    let header = line.to_ascii_lowercase();
                    if let Some(value) = header.strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    }
                    line.clear();
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
                let name = body["SecretId"].as_str().unwrap().to_owned();
                let (status, answer) = match known.get(&name) {
                    Some(holds) => ("200 OK", serde_json::json!({ "SecretString": holds })),
                    None => (
                        "400 Bad Request",
                        serde_json::json!({ "__type": "ResourceNotFoundException" }),
                    ),
                };
                heard.lock().unwrap().push(name);
                let answer = answer.to_string();
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.1\r\nconnection: close\r\ncontent-length: {}",
                    answer.len()
                );
                write!(connection, "{head}\r\n\r\n{answer}").unwrap();
            }
        });
        let variables = [
            ("SECRETSMANAGER_ENDPOINT", address.as_str()),
            ("SESSION_SECRET_ID", "dev/session"),
            ("LINK_SECRET_ID", "dev/links"),
            ("STRIPE_SECRET_ID", "dev/stripe"),
            ("AWS_REGION", "eu-west-3"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        (Environment::given(variables.into(), Clock::system()), asked)
    }

    #[tokio::test]
    async fn what_a_type_names_is_read_once_and_nothing_else() {
        let (environment, asked) = manager(&[
            ("dev/session", r#"{"SESSION_SECRETS":"new,old"}"#),
            ("dev/links", r#"{"LINK_SECRETS":"one"}"#),
        ]);
        assert!(<()>::unlock(&environment).await.unwrap().is_empty());
        assert!(asked.lock().unwrap().is_empty());

        let variables = <((), LinkKeys)>::unlock(&environment).await.unwrap();
        let opened = environment.clone().with(variables);
        assert_eq!(opened.required("LINK_SECRETS"), "one");
        assert_eq!(opened.optional("SESSION_SECRETS"), None);
        assert_eq!(*asked.lock().unwrap(), ["dev/links"]);

        let both = <(SessionKeys, LinkKeys)>::unlock(&opened).await.unwrap();
        let opened = opened.with(both);
        assert_eq!(opened.required("SESSION_SECRETS"), "new,old");
        assert_eq!(*asked.lock().unwrap(), ["dev/links", "dev/session"]);
        assert!(opened.check().is_ok());
    }

    #[tokio::test]
    async fn a_secret_without_a_value_is_named_and_tells_nothing() {
        let (environment, _) = manager(&[("dev/session", "SESSION_SECRETS=in-the-clear")]);
        let missing = read::<StripeSecret>(&environment).await.unwrap_err();
        assert!(
            missing.to_string().contains("STRIPE_SECRET_ID"),
            "{missing}"
        );
        let broken = read::<SessionSecret>(&environment).await.unwrap_err();
        assert!(!broken.to_string().contains("in-the-clear"), "{broken}");
    }
}
