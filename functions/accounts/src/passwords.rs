//! Hashing off the async threads, and what limits guessing.

use adapters::secrets::{hash_password, sha256};
use domain::identifiers::Email;
use http_function::Problem;

/// Within which time tries are counted, in seconds.
pub(crate) const QUARTER: i64 = 15 * 60;
/// An hour, in seconds.
pub(crate) const HOUR: i64 = 60 * 60;

/// Hashes a password where it keeps nobody waiting.
pub(crate) async fn hash(password: String) -> Result<String, Problem> {
    let hashed = tokio::task::spawn_blocking(move || hash_password(&password)).await;
    hashed
        .map_err(Problem::internal)?
        .map_err(Problem::internal)
}

/// What is counted for an e-mail: its hash, so that counters name nobody.
pub(crate) fn by_email(what: &str, email: &Email) -> String {
    format!("{what}#email#{}", sha256(email.as_str().as_bytes()))
}

/// What is counted for an address.
pub(crate) fn by_ip(what: &str, ip: &str) -> String {
    format!("{what}#ip#{ip}")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use http_function::is_password;

    use super::*;

    async fn time_of(hash: Option<String>) -> Duration {
        let start = Instant::now();
        let right = is_password("Mauvais-Cheval-9".to_owned(), hash).await;
        assert!(matches!(right, Ok(false)));
        start.elapsed()
    }

    #[tokio::test]
    async fn an_unknown_email_costs_as_much_as_a_wrong_password() {
        let known = hash("Correct-Cheval-9".to_owned()).await.ok();
        assert!(known.is_some());
        assert!(time_of(None).await * 5 > time_of(known).await);
    }
}
