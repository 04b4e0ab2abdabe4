//! The proof that somebody reads an e-mail address. Nothing is opened for an address before: what was
//! wished waits here, for seven days at most, and keeps nobody else from the address.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Acceptance, ClientProfile};
use crate::identifiers::Email;
use crate::ids::ProofId;

/// For how long what was wished waits for its proof.
pub const WISH_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// For how long a code is good.
pub const CODE_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How many wrong codes are taken for one that was sent.
pub const CODE_TRIES: u32 = 5;
/// How long one waits before another code is sent.
pub const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// What somebody wants from an address that they are still to prove.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Wish {
    /// To open a client's account.
    OpenClient {
        /// Argon2id hash in PHC form, of the password typed beside the address; who typed none signs in by
        /// the codes of mails until one is chosen.
        password_hash: Option<String>,
        /// Particulars.
        profile: ClientProfile,
        /// The terms, as they were accepted beside the address.
        accepted: Acceptance,
    },
    /// To register a professional, or to come back to a registration.
    Register {
        /// The terms, as they were accepted beside the address.
        accepted: Acceptance,
    },
    /// To choose another password.
    ResetPassword,
}

/// An address, what is wished from it, and how its proof is sought.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressProof {
    /// Its identifier.
    pub id: ProofId,
    /// SHA-256 of what the browser that asked keeps, hexadecimal: a code is taken from it alone.
    pub browser: String,
    /// The address.
    pub email: Email,
    /// What is wished.
    pub wish: Wish,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// The mail that was sent last.
    pub sent: SentCode,
}

/// A mail with a code, and how often it was guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCode {
    /// The event that it tells: the code is derived from it.
    pub event: String,
    /// When.
    pub at: Timestamp,
    /// Codes that were tried.
    pub tries: u32,
}

impl SentCode {
    /// A mail that tells `event`, sent now.
    pub fn of(event: String, now: Timestamp) -> Self {
        Self {
            event,
            at: now,
            tries: 0,
        }
    }

    /// Another mail goes out, that tells `event`: the code before it ends.
    ///
    /// # Errors
    /// [`ProofRefused::TooSoon`] within a minute.
    pub fn send_again(&mut self, event: String, now: Timestamp) -> Result<(), ProofRefused> {
        if now < self.at + AGAIN_AFTER {
            return Err(ProofRefused::TooSoon);
        }
        *self = Self::of(event, now);
        Ok(())
    }

    /// One more code is tried: written before it is compared, so that tries at once count too.
    ///
    /// # Errors
    /// [`ProofRefused::Expired`] after a quarter of an hour, or five codes.
    pub fn try_code(&mut self, now: Timestamp) -> Result<(), ProofRefused> {
        if now >= self.at + CODE_LIFE || self.tries >= CODE_TRIES {
            return Err(ProofRefused::Expired);
        }
        self.tries += 1;
        Ok(())
    }
}

impl std::fmt::Debug for AddressProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AddressProof({})", self.id)
    }
}

/// Why a proof is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofRefused {
    /// Not the code that was sent.
    #[error("Ce code n’est pas le bon. Vérifiez les six chiffres du dernier courriel reçu.")]
    Wrong,
    /// Too old, guessed too often, or asked for in another browser.
    #[error("Ce code n’est plus valable : demandez-en un nouveau, ou ouvrez le lien du courriel.")]
    Expired,
    /// One was sent less than a minute ago.
    #[error("Un courriel vient de partir : attendez une minute avant d’en demander un autre.")]
    TooSoon,
}

impl ProofRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wrong => "code_wrong",
            Self::Expired => "code_expired",
            Self::TooSoon => "code_too_soon",
        }
    }
}

impl AddressProof {
    /// A proof that is sought from now on, by a mail that tells `event`.
    pub fn begin(
        id: ProofId,
        browser: String,
        email: Email,
        wish: Wish,
        event: String,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            browser,
            email,
            wish,
            asked_at: now,
            sent: SentCode::of(event, now),
        }
    }

    /// Until when it may be given.
    pub fn expires_at(&self) -> Timestamp {
        self.asked_at + WISH_LIFE
    }

    /// Whether it may still be given.
    pub fn is_awaited(&self, now: Timestamp) -> bool {
        now < self.expires_at()
    }

    /// Another mail goes out, that tells `event`: the code before it ends.
    pub fn send_again(&mut self, event: String, now: Timestamp) -> Result<(), ProofRefused> {
        self.sent.send_again(event, now)
    }

    /// One more code is tried: written before it is compared, so that tries at once count too.
    pub fn try_code(&mut self, now: Timestamp) -> Result<(), ProofRefused> {
        if !self.is_awaited(now) {
            return Err(ProofRefused::Expired);
        }
        self.sent.try_code(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const ASKED: &str = "2026-11-20T10:00:00Z";

    fn asked() -> AddressProof {
        AddressProof::begin(
            ProofId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB"),
            "hash".to_owned(),
            Email::parse("nadia@example.fr").unwrap(),
            Wish::ResetPassword,
            "evt_1".to_owned(),
            at(ASKED),
        )
    }

    #[test]
    fn a_code_is_taken_five_times_and_for_a_quarter_of_an_hour() {
        let mut proof = asked();
        for _ in 0..5 {
            assert_eq!(proof.try_code(at("2026-11-20T10:14:59Z")), Ok(()));
        }
        assert_eq!(proof.try_code(at(ASKED)), Err(ProofRefused::Expired));
        let late = asked().try_code(at("2026-11-20T10:15:00Z"));
        assert_eq!(late, Err(ProofRefused::Expired));
    }

    #[test]
    fn another_code_comes_after_a_minute_and_may_be_tried_five_times_again() {
        let mut proof = asked();
        for _ in 0..5 {
            proof.try_code(at(ASKED)).unwrap();
        }
        assert_eq!(
            proof.send_again("evt_2".to_owned(), at("2026-11-20T10:00:59Z")),
            Err(ProofRefused::TooSoon)
        );
        let later = at("2026-11-20T10:01:00Z");
        assert_eq!(proof.send_again("evt_2".to_owned(), later), Ok(()));
        assert_eq!(proof.try_code(later), Ok(()));
        assert_eq!(proof.sent.event, "evt_2");
    }

    #[test]
    fn what_is_not_proved_within_seven_days_is_gone() {
        let mut proof = asked();
        let last = at("2026-11-27T09:59:59Z");
        proof.send_again("evt_2".to_owned(), last).unwrap();
        assert!(proof.is_awaited(last));
        let over = at("2026-11-27T10:00:00Z");
        assert!(!proof.is_awaited(over));
        assert_eq!(proof.try_code(over), Err(ProofRefused::Expired));
    }
}
