//! The e-mail that signs in is another: the claims that keep e-mails unique follow.

use adapters::store::{Changes, Key, UniqueClaim, Versioned};
use domain::account::Account;
use domain::account::identifier::IdentifierRefused;
use domain::event::Event;

use crate::desk::Desk;
use crate::problem::Problem;

/// Writes an account whose e-mail has changed: the former one is free, and the new one must be.
pub async fn exchange_identifier<O>(
    desk: &Desk<O>,
    read: &Versioned<Account>,
    account: &Account,
    changes: Changes,
) -> Result<Changes, Problem> {
    let wanted = UniqueClaim::email(&account.email, &account.id);
    let key = Key::unique(&wanted.what);
    if desk.store.get::<UniqueClaim>(key).await?.is_some() {
        return Err(IdentifierRefused::Taken.into());
    }
    let former = Key::unique(&UniqueClaim::email_key(&read.record.email));
    Ok(changes
        .replace(read, account)
        .forget::<UniqueClaim>(former)
        .claim(wanted, "email")
        .event(Event::IdentifierChanged {
            account: account.id.clone(),
        }))
}
