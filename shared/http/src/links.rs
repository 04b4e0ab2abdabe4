//! Links sent by mail: whoever holds the secret in one may do what it was made for.

use adapters::secrets::{OneTimeToken, hash_token, same_secret};
use adapters::store::{Key, Token, Versioned};
use domain::ids::AccountId;

use crate::desk::Desk;
use crate::problem::Problem;

/// Reads the token of a link. Used, expired and unknown ones get the same answer.
pub async fn read_link<O>(desk: &Desk<O>, secret: &str) -> Result<Versioned<Token>, Problem> {
    let known = desk
        .store
        .get::<Token>(Key::token(&hash_token(secret)))
        .await?;
    known
        .filter(|known| desk.clock.now() < known.record.expires_at)
        .ok_or_else(link_expired)
}

/// What the link of a newsletter carries: whom it is for, and the proof that we wrote it. It is not
/// stored and does not end: a letter may be left years later.
pub fn newsletter_token(token_key: &str, account: &AccountId) -> String {
    let proof = OneTimeToken::derived(token_key, &format!("leave-newsletter {account}"));
    format!("{account}.{}", proof.secret)
}

/// Whom such a link is for.
pub fn newsletter_account(token_key: &str, token: &str) -> Result<AccountId, Problem> {
    let account = token
        .split_once('.')
        .and_then(|(account, _)| AccountId::parse(account).ok())
        .ok_or_else(link_expired)?;
    let expected = newsletter_token(token_key, &account);
    if same_secret(expected.as_bytes(), token.as_bytes()) {
        Ok(account)
    } else {
        Err(link_expired())
    }
}

/// A link that does not work, or not for this.
pub fn link_expired() -> Problem {
    Problem::new(
        410,
        "link_expired",
        "Ce lien a déjà servi ou n’est plus valable : demandez-en un nouveau.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::TypedId as _;

    #[test]
    fn a_newsletter_can_be_left_with_its_own_link_and_no_other() {
        let [one, other] =
            ["01J8Z6K3V5Q0T4W9X2Y7R1S6AB", "01J8Z6K3V5Q0T4W9X2Y7R1S6AC"].map(AccountId::from_ulid);
        let token = newsletter_token("key", &one);
        assert_eq!(newsletter_account("key", &token).ok(), Some(one.clone()));
        let proof = token.split_once('.').unwrap().1;
        for wrong in [
            String::new(),
            one.to_string(),
            format!("{one}."),
            format!("{other}.{proof}"),
            newsletter_token("another key", &one),
        ] {
            let problem = newsletter_account("key", &wrong).unwrap_err();
            assert_eq!(problem.code, "link_expired", "{wrong}");
        }
    }
}
