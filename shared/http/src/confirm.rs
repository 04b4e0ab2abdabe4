//! Asking for the password again before something that cannot be taken lightly.

use adapters::environment::Outside;
use adapters::secrets::verify_password;
use adapters::store::{Key, Versioned};
use domain::account::Account;
use domain::ids::AccountId;
use domain::passwords::comparable;
use tokio::sync::Semaphore;

use crate::desk::Desk;
use crate::problem::Problem;
use crate::throttle::{QUARTER, forgive, throttle};

/// Checks the password of somebody who is signed in, and answers the account. Five wrong ones in a
/// quarter of an hour are followed by none.
pub async fn confirm_password<O: Outside>(
    desk: &Desk<O>,
    id: &AccountId,
    password: &str,
) -> Result<Versioned<Account>, Problem> {
    let account = desk.store.get::<Account>(Key::account(id)).await?;
    let account = account.ok_or_else(Problem::not_found)?;
    if account.record.password_hash.is_none() {
        return Err(Problem::new(
            409,
            "password_not_chosen",
            "Votre compte n’a pas encore de mot de passe : choisissez-en un dans « Mon compte », puis recommencez.",
        ));
    }
    let tries = format!("confirm-password#{id}");
    throttle(desk, &tries, 5, QUARTER).await?;
    if !is_password(password.to_owned(), account.record.password_hash.clone()).await? {
        return Err(Problem::new(
            422,
            "wrong_password",
            "Le mot de passe actuel n’est pas le bon.",
        ));
    }
    forgive(desk, &tries, QUARTER).await?;
    Ok(account)
}

/// How many passwords one process hashes at once: each takes 19 MiB and a core for a moment, and what
/// a process took it keeps. On Lambda it is one; where one process serves everybody, the others wait.
const MOST_AT_ONCE: usize = 4;
static HASHING: Semaphore = Semaphore::const_new(MOST_AT_ONCE);

/// Compares a password with the hash, where it keeps nobody waiting; with none, it takes the same time
/// and is wrong.
pub async fn is_password(password: String, hash: Option<String>) -> Result<bool, Problem> {
    hashing(move || verify_password(&comparable(&password), hash.as_deref())).await
}

/// Hashes off the async threads, a few at once.
pub async fn hashing<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let turn = HASHING.acquire().await.map_err(Problem::internal)?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(turn);
    done.map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hundred_passwords_at_once_are_hashed_four_by_four() {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let one = || {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            hashing(move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(2));
                now.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let done = futures::future::join_all((0..100).map(|_| one())).await;
        assert!(done.into_iter().all(|done| done.is_ok()));
        assert!(most.load(Ordering::SeqCst) <= MOST_AT_ONCE);
    }
}
