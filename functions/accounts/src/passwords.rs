//! Hashing off the async threads.

use adapters::secrets::hash_password;
use http_function::{Problem, hashing};

/// Hashes a password where it keeps nobody waiting.
pub(crate) async fn hash(password: String) -> Result<String, Problem> {
    let hashed = hashing(move || hash_password(&password)).await?;
    hashed.map_err(Problem::internal)
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
