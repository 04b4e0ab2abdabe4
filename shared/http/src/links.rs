//! Links sent by mail: whoever holds the secret in one may do what it was made for.

use adapters::keys::KeySet;
use adapters::secrets::hash_token;
use adapters::store::{Key, Token, Versioned};
use domain::ids::{AccountId, AlertId, BookingId, ProfessionalId};

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
pub fn newsletter_token(keys: &KeySet, account: &AccountId) -> String {
    let proof = keys.derive(&leave_newsletter(account));
    format!("{account}.{}", proof.secret)
}

/// Whom such a link is for.
pub fn newsletter_account(keys: &KeySet, token: &str) -> Result<AccountId, Problem> {
    let (account, proof) = token.split_once('.').ok_or_else(link_expired)?;
    let account = AccountId::parse(account).map_err(|_| link_expired())?;
    if keys.derived(&leave_newsletter(&account), proof) {
        Ok(account)
    } else {
        Err(link_expired())
    }
}

fn leave_newsletter(account: &AccountId) -> String {
    format!("leave-newsletter {account}")
}

/// The end of the address at which a calendar application reads a professional's missions, or an agent's
/// shifts: whose they are, and the proof that we made this address, the `number`th of theirs. It is not
/// stored.
pub fn calendar_feed(keys: &KeySet, owner: &impl std::fmt::Display, number: u32) -> String {
    let proof = keys.derive(&feed_purpose(owner, number));
    format!("{owner}.{}.ics", proof.secret)
}

/// Whose calendar such an address says that it is. Whether it is, `is_calendar_feed` says.
pub fn calendar_feed_owner(feed: &str) -> Option<ProfessionalId> {
    let (professional, _) = feed.split_once('.')?;
    ProfessionalId::parse(professional).ok()
}

/// Which agent's account such an address says that it is for.
pub fn agent_feed_owner(feed: &str) -> Option<AccountId> {
    let (account, _) = feed.split_once('.')?;
    AccountId::parse(account).ok()
}

/// Whether an address is the `number`th of its owner, made with any key that still verifies.
pub fn is_calendar_feed(
    keys: &KeySet,
    feed: &str,
    owner: &impl std::fmt::Display,
    number: u32,
) -> bool {
    let proof = feed
        .split_once('.')
        .filter(|(named, _)| *named == owner.to_string())
        .and_then(|(_, rest)| rest.strip_suffix(".ics"));
    proof.is_some_and(|proof| keys.derived(&feed_purpose(owner, number), proof))
}

fn feed_purpose(owner: &impl std::fmt::Display, number: u32) -> String {
    format!("calendar-feed {owner} {number}")
}

/// The end of the address at which a calendar application reads one mission of a client: which it is, and
/// the proof that we made this address. It is not stored and does not end: whoever has it reads the
/// mission, as its client sees it in a calendar.
pub fn mission_calendar(keys: &KeySet, booking: &BookingId) -> String {
    let proof = keys.derive(&mission_purpose(booking));
    format!("{booking}.{}.ics", proof.secret)
}

/// Which mission such an address is of, made with any key that still verifies.
pub fn mission_of_calendar(keys: &KeySet, file: &str) -> Option<BookingId> {
    let (booking, rest) = file.split_once('.')?;
    let booking = BookingId::parse(booking).ok()?;
    let proof = rest.strip_suffix(".ics")?;
    keys.derived(&mission_purpose(&booking), proof)
        .then_some(booking)
}

fn mission_purpose(booking: &BookingId) -> String {
    format!("mission-calendar {booking}")
}

/// What the link that ends an alert carries: which, and the proof that we wrote it.
pub fn alert_token(keys: &KeySet, alert: &AlertId) -> String {
    let proof = keys.derive(&stop_alert(alert));
    format!("{alert}.{}", proof.secret)
}

/// Which alert such a link ends.
///
/// # Errors
/// When we did not write it.
pub fn alert_of_token(keys: &KeySet, token: &str) -> Result<AlertId, Problem> {
    let (alert, proof) = token.split_once('.').ok_or_else(link_expired)?;
    let alert = AlertId::parse(alert).map_err(|_| link_expired())?;
    if keys.derived(&stop_alert(&alert), proof) {
        Ok(alert)
    } else {
        Err(link_expired())
    }
}

fn stop_alert(alert: &AlertId) -> String {
    format!("stop-alert {alert}")
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

    fn keys(values: &str) -> KeySet {
        KeySet::of(values, "links")
    }

    #[test]
    fn each_address_of_a_calendar_is_another_and_names_its_owner() {
        let [one, other] = ["01J8Z6K3V5Q0T4W9X2Y7R1S6AB", "01J8Z6K3V5Q0T4W9X2Y7R1S6AC"]
            .map(ProfessionalId::from_ulid);
        let feed = calendar_feed(&keys("key"), &one, 1);
        assert_eq!(calendar_feed_owner(&feed), Some(one.clone()));
        assert!(is_calendar_feed(&keys("key"), &feed, &one, 1));
        assert!(!is_calendar_feed(&keys("key"), &feed, &one, 2));
        assert!(!is_calendar_feed(&keys("another key"), &feed, &one, 1));
        let proof = feed.split_once('.').unwrap().1;
        assert!(!is_calendar_feed(
            &keys("key"),
            &format!("{other}.{proof}"),
            &other,
            1
        ));
        assert!(!is_calendar_feed(&keys("key"), &feed, &other, 1));
        for wrong in ["", "x", ".ics", "acc_01J8Z6K3V5Q0T4W9X2Y7R1S6AB.x.ics"] {
            assert_eq!(calendar_feed_owner(wrong), None, "{wrong}");
            assert!(!is_calendar_feed(&keys("key"), wrong, &one, 1), "{wrong}");
        }
    }

    #[test]
    fn a_mission_is_read_and_an_alert_ended_by_their_own_links_alone() {
        let [one, other] =
            ["01J8Z6K3V5Q0T4W9X2Y7R1S6AB", "01J8Z6K3V5Q0T4W9X2Y7R1S6AC"].map(BookingId::from_ulid);
        let file = mission_calendar(&keys("key"), &one);
        assert_eq!(mission_of_calendar(&keys("key"), &file), Some(one.clone()));
        assert_eq!(mission_of_calendar(&keys("new, key"), &file), Some(one));
        let proof = file.split_once('.').unwrap().1;
        for wrong in [
            String::new(),
            "x.ics".to_owned(),
            format!("{other}.{proof}"),
            file.trim_end_matches(".ics").to_owned(),
            mission_calendar(&keys("another key"), &other),
        ] {
            assert_eq!(mission_of_calendar(&keys("key"), &wrong), None, "{wrong}");
        }
        let alert = AlertId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        let token = alert_token(&keys("key"), &alert);
        assert_eq!(alert_of_token(&keys("key"), &token).ok(), Some(alert));
        for wrong in ["", "x", "alr_01J8Z6K3V5Q0T4W9X2Y7R1S6AB.x"] {
            assert!(alert_of_token(&keys("key"), wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_newsletter_can_be_left_with_its_own_link_and_no_other() {
        let [one, other] =
            ["01J8Z6K3V5Q0T4W9X2Y7R1S6AB", "01J8Z6K3V5Q0T4W9X2Y7R1S6AC"].map(AccountId::from_ulid);
        let token = newsletter_token(&keys("key"), &one);
        assert_eq!(
            newsletter_account(&keys("key"), &token).ok(),
            Some(one.clone())
        );
        let proof = token.split_once('.').unwrap().1;
        for wrong in [
            String::new(),
            one.to_string(),
            format!("{one}."),
            format!("{other}.{proof}"),
            newsletter_token(&keys("another key"), &one),
        ] {
            let problem = newsletter_account(&keys("key"), &wrong).unwrap_err();
            assert_eq!(problem.code, "link_expired", "{wrong}");
        }
    }

    #[test]
    fn links_in_mails_that_were_sent_outlive_a_new_key() {
        let account = AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        let professional = ProfessionalId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        let token = newsletter_token(&keys("old"), &account);
        let feed = calendar_feed(&keys("old"), &professional, 1);
        let (both, new) = (keys("new, old"), keys("new"));
        assert_eq!(newsletter_account(&both, &token).ok(), Some(account));
        assert!(newsletter_account(&new, &token).is_err());
        assert!(is_calendar_feed(&both, &feed, &professional, 1));
        assert!(!is_calendar_feed(&new, &feed, &professional, 1));
    }
}
