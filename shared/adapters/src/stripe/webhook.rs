//! What Stripe tells us: signed, and only a hint to read the object again.

use jiff::Timestamp;
use serde::Deserialize;
use thiserror::Error;

use crate::secrets::{hexadecimal, hmac_sha256, same_secret};

/// How old or how far ahead a signature may be, in seconds.
const TOLERANCE_SECONDS: i64 = 300;

/// Why a webhook is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureRefused {
    /// No header, or not of the expected form.
    #[error("the signature is missing or malformed")]
    Malformed,
    /// Signed by somebody else.
    #[error("the signature is not ours")]
    Wrong,
    /// Signed too long ago.
    #[error("the signature is too old")]
    TooOld,
}

/// An event as Stripe sends it: what it is about is read again from Stripe.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WebhookEvent {
    /// Its identifier.
    pub id: String,
    /// Such as `payment_intent.amount_capturable_updated`.
    pub r#type: String,
    /// What it is about.
    pub data: WebhookData,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WebhookData {
    /// The object, of which only the identifier is used.
    pub object: WebhookObject,
}

/// An object of an event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WebhookObject {
    /// Its identifier.
    pub id: String,
}

/// Verifies `Stripe-Signature` over `body` with any of `secrets` (several while one is replaced).
pub fn verify_signature(
    header: &str,
    body: &str,
    secrets: &[String],
    now: Timestamp,
) -> Result<(), SignatureRefused> {
    let mut signed_at = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.split_once('=') {
            Some(("t", seconds)) => signed_at = seconds.parse::<i64>().ok(),
            Some(("v1", signature)) => signatures.push(signature),
            Some(_) | None => {}
        }
    }
    let signed_at = signed_at.ok_or(SignatureRefused::Malformed)?;
    if signatures.is_empty() {
        return Err(SignatureRefused::Malformed);
    }
    let payload = format!("{signed_at}.{body}");
    let ours = |secret: &String| {
        let expected = hexadecimal(&hmac_sha256(secret.as_bytes(), payload.as_bytes()));
        signatures
            .iter()
            .any(|signature| same_secret(signature.as_bytes(), expected.as_bytes()))
    };
    if !secrets.iter().filter(|secret| !secret.is_empty()).any(ours) {
        return Err(SignatureRefused::Wrong);
    }
    if now.as_second().abs_diff(signed_at) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(SignatureRefused::TooOld);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(secret: &str, at: i64, body: &str) -> String {
        format!(
            "t={at},v1={}",
            hexadecimal(&hmac_sha256(
                secret.as_bytes(),
                format!("{at}.{body}").as_bytes()
            ))
        )
    }

    #[test]
    fn a_signature_is_believed_only_with_our_secret_over_this_body_within_five_minutes() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let secrets = ["new".to_owned(), "old".to_owned()];
        let at = now.as_second();
        assert_eq!(
            verify_signature(&signed("old", at, "{}"), "{}", &secrets, now),
            Ok(())
        );
        assert_eq!(
            verify_signature(&signed("new", at - 300, "{}"), "{}", &secrets, now),
            Ok(())
        );
        assert_eq!(
            verify_signature(&signed("new", at - 301, "{}"), "{}", &secrets, now),
            Err(SignatureRefused::TooOld)
        );
        assert_eq!(
            verify_signature(&signed("other", at, "{}"), "{}", &secrets, now),
            Err(SignatureRefused::Wrong)
        );
        assert_eq!(
            verify_signature(&signed("new", at, "{}"), "{ }", &secrets, now),
            Err(SignatureRefused::Wrong)
        );
        assert_eq!(
            verify_signature("v1=abc", "{}", &secrets, now),
            Err(SignatureRefused::Malformed)
        );
        assert_eq!(
            verify_signature("", "{}", &secrets, now),
            Err(SignatureRefused::Malformed)
        );
        assert_eq!(
            verify_signature(&signed("", at, "{}"), "{}", &[String::new()], now),
            Err(SignatureRefused::Wrong)
        );
    }
}
