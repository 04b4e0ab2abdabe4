//! Keys that sign: one signs, those that it replaced still verify until they are taken away.
//!
//! Tokens are JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256, by `jsonwebtoken`. Its own
//! providers bring RSA and elliptic curves into every function; ours lends it the HMAC that this
//! crate has anyway.

use std::sync::Arc;

use jiff::Timestamp;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::environment::{Environment, Outside};
use crate::secrets::{OneTimeToken, hexadecimal, hmac_sha256, same_secret};
use crate::vault::{self, LinkSecret, SessionSecret, Variables, VaultError};

/// What a token says, and the one thing that it is good for.
pub trait Claims: Serialize + DeserializeOwned {
    /// The claim `aud`, and the name under which the token travels, after the prefix that browsers ask of
    /// cookies over TLS: under another it is worth nothing.
    const PURPOSE: &'static str;
    /// The addresses that it travels to, where it is a cookie.
    const PATH: &'static str = "/";
}

/// A token's claims: ours between those that the standard has a name for.
#[derive(Serialize, Deserialize)]
struct Signed<T> {
    aud: String,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    iat: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    exp: Timestamp,
    #[serde(flatten)]
    claims: T,
}

struct NamedKey {
    /// The token's `kid`: from the secret, so that nobody has to give it a name, and telling nothing of it.
    id: String,
    secret: Vec<u8>,
}

/// The keys of one use: the first signs, all verify.
#[derive(Clone)]
pub struct KeySet(Arc<[NamedKey]>);

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids = self.0.iter().map(|key| key.id.as_str());
        f.debug_list().entries(ids).finish()
    }
}

impl KeySet {
    /// The keys for `purpose` of the secrets in `values`, the newest first, separated by commas. What
    /// is derived for one purpose verifies nothing of another.
    pub fn of(values: &str, purpose: &str) -> Self {
        let keys = values
            .split(',')
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .map(|value| {
                let secret = hmac_sha256(value.as_bytes(), purpose.as_bytes());
                let mut id = hexadecimal(&hmac_sha256(&secret, b"kid"));
                id.truncate(8);
                NamedKey { id, secret }
            });
        Self(keys.collect())
    }

    /// No key: signs nothing, verifies nothing.
    pub fn none() -> Self {
        Self(Arc::from([]))
    }

    /// Signs claims at `now` with the newest key, good `until` then, both in the environment's time;
    /// whole seconds are kept.
    ///
    /// # Errors
    /// Without a key, or when the claims are not an object of JSON.
    pub fn sign<T: Claims>(
        &self,
        claims: T,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<String, Error> {
        lend_hmac();
        let key = self.0.first().ok_or(ErrorKind::InvalidKeyFormat)?;
        let header = Header {
            kid: Some(key.id.clone()),
            ..Header::new(Algorithm::HS256)
        };
        let signed = Signed {
            aud: T::PURPOSE.to_owned(),
            iat: now,
            exp: until,
            claims,
        };
        encode(&header, &signed, &EncodingKey::from_secret(&key.secret))
    }

    /// What a token says, if we signed it for this purpose and it is good at `now`: the environment's
    /// time, which the levers of one machine move, and not the library's.
    pub fn read<T: Claims>(&self, token: &str, now: Timestamp) -> Option<T> {
        lend_hmac();
        let id = jsonwebtoken::decode_header(token).ok()?.kid?;
        let key = self.0.iter().find(|key| key.id == id)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[T::PURPOSE]);
        validation.set_required_spec_claims(&["aud", "exp"]);
        validation.validate_exp = false;
        let key = DecodingKey::from_secret(&key.secret);
        let signed: Signed<T> = decode(token, &key, &validation).ok()?.claims;
        (now < signed.exp).then_some(signed.claims)
    }

    /// A code of six digits made from `purpose` by the newest key, for who types what a mail says.
    pub fn code_of_six(&self, purpose: &str) -> String {
        let derived = self.derive(&format!("code {purpose}"));
        // 2^64 is so much more than a million that no code is likelier than another.
        let number = derived
            .hash
            .get(..16)
            .and_then(|digits| u64::from_str_radix(digits, 16).ok());
        format!("{:06}", number.unwrap_or_default() % 1_000_000)
    }

    /// A token made from `purpose` by the newest key: the same each time. Without a key, one that
    /// nobody can guess and that verifies nowhere.
    pub fn derive(&self, purpose: &str) -> OneTimeToken {
        match self.0.first() {
            Some(key) => OneTimeToken::derived(&key.secret, purpose),
            None => OneTimeToken::fresh(),
        }
    }

    /// Whether one of the keys makes this token from `purpose`.
    pub fn derived(&self, purpose: &str, token: &str) -> bool {
        self.0.iter().any(|key| {
            let expected = OneTimeToken::derived(&key.secret, purpose);
            same_secret(expected.secret.as_bytes(), token.as_bytes())
        })
    }
}

/// What signs sessions.
#[derive(Clone, Debug)]
pub struct SessionKeys(pub KeySet);

impl Outside for SessionKeys {
    async fn unlock(environment: &Environment) -> Result<Variables, VaultError> {
        vault::read::<SessionSecret>(environment).await
    }
    fn open(environment: &Environment) -> Self {
        let secrets = environment.required("SESSION_SECRETS");
        Self(KeySet::of(&secrets, "session cookies"))
    }
}

/// What links in mails and addresses of calendars are derived from. Those that were sent work for as
/// long as the secret that they were made with stays in the list.
#[derive(Clone, Debug)]
pub struct LinkKeys(pub KeySet);

impl Outside for LinkKeys {
    async fn unlock(environment: &Environment) -> Result<Variables, VaultError> {
        vault::read::<LinkSecret>(environment).await
    }
    fn open(environment: &Environment) -> Self {
        let secrets = environment.required("LINK_SECRETS");
        Self(KeySet::of(&secrets, "one-time tokens"))
    }
}

/// The HMAC of this crate, as `jsonwebtoken` asks for it.
struct Hs256(Vec<u8>);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(hmac_sha256(&self.0, message))
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        if same_secret(&hmac_sha256(&self.0, message), signature) {
            Ok(())
        } else {
            Err(SignatureError::new())
        }
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

fn only_hs256(algorithm: &Algorithm) -> Result<(), Error> {
    if *algorithm == Algorithm::HS256 {
        Ok(())
    } else {
        Err(ErrorKind::InvalidAlgorithm.into())
    }
}

/// Tells `jsonwebtoken` whose HMAC to use; it listens once in a process.
fn lend_hmac() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |algorithm, key| {
            only_hs256(algorithm)?;
            Ok(Box::new(Hs256(key.as_bytes().to_vec())))
        },
        verifier_factory: |algorithm, key| {
            only_hs256(algorithm)?;
            Ok(Box::new(Hs256(key.try_get_as_bytes()?.to_vec())))
        },
        key_utils: KeyUtils::new_unimplemented(),
    };
    let _already = PROVIDER.install_default();
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Door {
        sub: String,
    }

    impl Claims for Door {
        const PURPOSE: &'static str = "door";
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Window {
        sub: String,
    }

    impl Claims for Window {
        const PURPOSE: &'static str = "window";
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn door() -> Door {
        Door {
            sub: "acc_1".to_owned(),
        }
    }

    fn part(token: &str, number: usize) -> Value {
        let part = token.split('.').nth(number).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn a_token_is_a_standard_one_with_its_key_purpose_and_times() {
        let token = KeySet::of("a secret", "sessions")
            .sign(door(), at(100), at(1_000))
            .unwrap();
        let header = part(&token, 0);
        assert_eq!(
            (&header["alg"], &header["typ"]),
            (&json!("HS256"), &json!("JWT"))
        );
        assert_eq!(header["kid"].as_str().unwrap().len(), 8);
        let claims = part(&token, 1);
        assert_eq!(
            [
                &claims["aud"],
                &claims["sub"],
                &claims["iat"],
                &claims["exp"]
            ],
            [&json!("door"), &json!("acc_1"), &json!(100), &json!(1_000)]
        );
    }

    #[test]
    fn a_token_ends_with_the_time_that_is_given_and_not_with_the_machines() {
        let keys = KeySet::of("a secret", "sessions");
        let token = keys.sign(door(), at(100), at(1_000)).unwrap();
        assert_eq!(keys.read(&token, at(999)), Some(door()));
        assert_eq!(keys.read::<Door>(&token, at(1_000)), None);
    }

    #[test]
    fn a_token_is_worth_nothing_for_another_purpose_or_another_use() {
        let keys = KeySet::of("a secret", "sessions");
        let token = keys.sign(door(), at(100), at(1_000)).unwrap();
        assert_eq!(keys.read::<Window>(&token, at(200)), None);
        let links = KeySet::of("a secret", "links");
        assert_eq!(links.read::<Door>(&token, at(200)), None);
    }

    #[test]
    fn a_new_key_signs_and_the_one_before_still_verifies_until_it_is_taken_away() {
        let before = KeySet::of("old", "sessions");
        let during = KeySet::of("new, old", "sessions");
        let after = KeySet::of("new", "sessions");
        let old = before.sign(door(), at(100), at(1_000)).unwrap();
        let new = during.sign(door(), at(100), at(1_000)).unwrap();
        assert_ne!(part(&old, 0)["kid"], part(&new, 0)["kid"]);
        let reads = |keys: &KeySet, token: &str| keys.read::<Door>(token, at(200)).is_some();
        assert!(reads(&during, &old) && reads(&during, &new));
        assert!(reads(&after, &new) && !reads(&after, &old));
        assert!(!reads(&before, &new));

        let token = before.derive("calendar 1").secret;
        assert!(during.derived("calendar 1", &token));
        assert!(!during.derived("calendar 2", &token));
        assert!(!after.derived("calendar 1", &token));
        assert_ne!(during.derive("calendar 1").secret, token);
    }

    #[test]
    fn a_code_has_six_digits_and_is_the_same_for_the_same_purpose_only() {
        let keys = KeySet::of("key", "links");
        let code = keys.code_of_six("evt_1");
        assert_eq!(code.len(), 6);
        assert!(code.bytes().all(|digit| digit.is_ascii_digit()));
        assert_eq!(code, keys.code_of_six("evt_1"));
        assert_ne!(code, keys.code_of_six("evt_2"));
        assert_ne!(code, KeySet::of("other", "links").code_of_six("evt_1"));
    }

    #[test]
    fn an_altered_token_says_nothing() {
        let keys = KeySet::of("a secret", "sessions");
        let token = keys.sign(door(), at(100), at(1_000)).unwrap();
        let (header, rest) = token.split_once('.').unwrap();
        let (claims, signature) = rest.split_once('.').unwrap();
        let written = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let kid = part(&token, 0)["kid"].clone();
        let admin = written(json!({ "aud": "door", "iat": 1, "exp": 9_000, "sub": "acc_2" }));
        for wrong in [
            format!("{header}.{admin}.{signature}"),
            format!("{header}.{claims}."),
            format!(
                "{}.{claims}.",
                written(json!({ "alg": "none", "kid": kid }))
            ),
            format!(
                "{}.{claims}.{signature}",
                written(json!({ "alg": "HS512", "kid": kid }))
            ),
            format!(
                "{}.{claims}.{signature}",
                written(json!({ "alg": "HS256" }))
            ),
            format!("{header}.{claims}"),
            String::new(),
            "..".to_owned(),
        ] {
            assert_eq!(keys.read::<Door>(&wrong, at(200)), None, "{wrong}");
        }
        assert_eq!(
            KeySet::of("", "sessions").read::<Door>(&token, at(200)),
            None
        );
        assert!(
            KeySet::of(" , ", "sessions")
                .sign(door(), at(100), at(1_000))
                .is_err()
        );
    }
}
