//! What Stripe tells us: signed, and only a hint to read the object again.

use std::collections::BTreeMap;

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

/// An event as Stripe sends it, whole (`/v1`) or as a notification (`/v2`). What it is about is read
/// again from Stripe: only identifiers are taken from it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Notification {
    /// Its identifier.
    pub id: String,
    /// Such as `payment_intent.amount_capturable_updated`.
    pub r#type: String,
    data: Option<Snapshot>,
    related_object: Option<Named>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Snapshot {
    object: Option<Object>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Object {
    id: Option<String>,
    payment_intent: Option<String>,
    transfer_group: Option<String>,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Named {
    id: String,
}

impl Notification {
    /// What to read again: the payment intent of whatever happened to a payment, our booking for a
    /// transfer, the mission for what was noted as one of an order, the account for an account. `None` when the event names none of these.
    pub fn subject(&self) -> Option<&str> {
        if let Some(named) = &self.related_object {
            return Some(&named.id);
        }
        let object = self.data.as_ref()?.object.as_ref()?;
        // What happened to one mission of an order: its payment is the order's.
        let noted = object.metadata.as_ref();
        if let Some(notes) = noted.filter(|notes| notes.contains_key("order"))
            && let Some(mission) = notes.get("booking")
        {
            return Some(mission);
        }
        [&object.payment_intent, &object.transfer_group, &object.id]
            .into_iter()
            .find_map(Option::as_deref)
    }
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
