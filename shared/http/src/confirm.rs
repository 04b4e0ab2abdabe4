//! Asking for the password again before something that cannot be taken lightly.

use adapters::environment::Outside;
use adapters::secrets::verify_password;
use adapters::store::{Key, Versioned};
use domain::account::Account;
use domain::ids::AccountId;

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

/// Compares a password with the hash, where it keeps nobody waiting; with none, it takes the same time
/// and is wrong.
pub async fn is_password(password: String, hash: Option<String>) -> Result<bool, Problem> {
    let verified =
        tokio::task::spawn_blocking(move || verify_password(&password, hash.as_deref())).await;
    verified.map_err(Problem::internal)
}
