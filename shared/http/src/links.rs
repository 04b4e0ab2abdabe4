//! Links sent by mail: whoever holds the secret in one may do what it was made for.

use adapters::secrets::{OneTimeToken, hash_token, same_secret};
use adapters::store::{Key, Token, Versioned};
use domain::ids::{AccountId, ProfessionalId};

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

/// The end of the address at which a calendar application reads a professional's missions: whose they
/// are, and the proof that we made this address, the `number`th of theirs. It is not stored.
pub fn calendar_feed(token_key: &str, professional: &ProfessionalId, number: u32) -> String {
    let proof = OneTimeToken::derived(token_key, &format!("calendar-feed {professional} {number}"));
    format!("{professional}.{}.ics", proof.secret)
}

/// Whose calendar such an address says that it is. Whether it is, `calendar_feed` says: compare what
/// it makes with `same_secret`.
pub fn calendar_feed_owner(feed: &str) -> Option<ProfessionalId> {
    let (professional, _) = feed.split_once('.')?;
    ProfessionalId::parse(professional).ok()
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
    fn each_address_of_a_calendar_is_another_and_names_its_owner() {
        let [one, other] = ["01J8Z6K3V5Q0T4W9X2Y7R1S6AB", "01J8Z6K3V5Q0T4W9X2Y7R1S6AC"]
            .map(ProfessionalId::from_ulid);
        let feed = calendar_feed("key", &one, 1);
        assert_eq!(calendar_feed_owner(&feed), Some(one.clone()));
        assert_ne!(feed, calendar_feed("key", &one, 2));
        assert_ne!(feed, calendar_feed("another key", &one, 1));
        assert_ne!(
            feed.split_once('.').unwrap().1,
            calendar_feed("key", &other, 1).split_once('.').unwrap().1
        );
        for wrong in ["", "x", ".ics", "acc_01J8Z6K3V5Q0T4W9X2Y7R1S6AB.x.ics"] {
            assert_eq!(calendar_feed_owner(wrong), None, "{wrong}");
        }
    }

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
