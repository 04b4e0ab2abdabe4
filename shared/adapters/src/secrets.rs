//! Passwords, one-time tokens and signatures.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system has no randomness to give: nothing secret can be made then.
#[expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "chance comes in here; without it every secret would be guessable"
)]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A secret that is sent once and stored only as its hash.
pub struct OneTimeToken {
    /// What is sent: 43 characters that fit an address.
    pub secret: String,
    /// What is stored.
    pub hash: String,
}

impl OneTimeToken {
    /// A new token of 256 random bits.
    pub fn fresh() -> Self {
        let secret = URL_SAFE_NO_PAD.encode(random_bytes::<32>());
        let hash = hash_token(&secret);
        Self { secret, hash }
    }

    /// A token that only the holder of `key` can make again: what a function that may run twice
    /// sends is the same both times.
    pub fn derived(key: &[u8], purpose: &str) -> Self {
        let secret = URL_SAFE_NO_PAD.encode(hmac_sha256(key, purpose.as_bytes()));
        let hash = hash_token(&secret);
        Self { secret, hash }
    }
}

/// The hash under which a token is stored: SHA-256, hexadecimal.
pub fn hash_token(secret: &str) -> String {
    hexadecimal(&Sha256::digest(secret.as_bytes()))
}

/// SHA-256 of `bytes`, hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// HMAC-SHA-256.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// Lower-case hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _infallible = write!(text, "{byte:02x}");
            text
        })
}

/// Compares in constant time.
pub fn same_secret(left: &[u8], right: &[u8]) -> bool {
    use subtle::ConstantTimeEq as _;
    left.ct_eq(right).into()
}

/// A password that can be read aloud: five groups of four letters and digits, about 98 bits.
pub fn attributed_password() -> String {
    // 32 signs without those that look alike: the low five bits of each byte choose one evenly.
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";
    let letters = random_bytes::<20>().map(|byte| char::from(SIGNS[usize::from(byte & 31)]));
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

fn argon2id() -> Argon2<'static> {
    // OWASP's first choice: 19 MiB, two passes, one lane. Fits a small Lambda.
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password, in PHC form. Takes tens of milliseconds of CPU: call it off the async threads.
///
/// # Errors
/// When the hash cannot be computed, which no input leads to.
pub fn hash_password(password: &str) -> Result<String, argon2::password_hash::Error> {
    argon2id()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
}

/// Whether `password` is the one hashed. An absent hash costs the same time as a wrong password,
/// so that nobody learns which e-mails have accounts.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$3a6k4k4QqgXqgR3oY8mFjW0xgM8T1vZQ9C1zvYgEo1o";
    let known = hash.is_some();
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else {
        return false;
    };
    argon2id()
        .verify_password(password.as_bytes(), &parsed)
        .is_ok()
        && known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_verifies_against_its_own_hash_only() {
        let hash = hash_password("Correct-Cheval-9").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_password("Correct-Cheval-9", Some(&hash)));
        assert!(!verify_password("correct-cheval-9", Some(&hash)));
        assert!(!verify_password("Correct-Cheval-9", None));
    }

    #[test]
    fn a_derived_token_is_the_same_for_the_same_purpose_only() {
        let one = OneTimeToken::derived(b"key", "verify evt_1");
        assert_eq!(
            one.secret,
            OneTimeToken::derived(b"key", "verify evt_1").secret
        );
        assert_ne!(
            one.secret,
            OneTimeToken::derived(b"key", "verify evt_2").secret
        );
        assert_eq!(one.hash, hash_token(&one.secret));
    }

    #[test]
    fn attributed_passwords_differ_and_have_five_groups() {
        let one = attributed_password();
        assert_eq!(one.split('-').count(), 5);
        assert_ne!(one, attributed_password());
    }
}
