//! The same key twice: the first answer again, a refusal if the request differs, or 409 while the
//! first is still under way.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::errors::Fault;
use crate::store::Kept;

/// Stripe's `/v1` keys are remembered for a day.
pub(crate) const KEY_LIFE_SECONDS: i64 = 24 * 3600;
const LONGEST: usize = 255;

/// A key and what it was sent with.
pub(crate) struct Keyed {
    pub(crate) key: String,
    /// `POST /v1/transfers`.
    pub(crate) endpoint: String,
    /// Digest of the parameters.
    pub(crate) digest: String,
}

impl Keyed {
    pub(crate) fn parse(key: &str, endpoint: String, params: &Value) -> Result<Self, Fault> {
        if key.is_empty() || key.len() > LONGEST {
            let message = format!("Idempotency keys must be between 1 and {LONGEST} characters.");
            return Err(Fault::other_request(message));
        }
        let digest = crate::webhooks::hexadecimal(&Sha256::digest(params.to_string()));
        Ok(Self {
            key: key.to_owned(),
            endpoint,
            digest,
        })
    }

    /// Refuses a request that is not the one that the key was first used for.
    pub(crate) fn check_same(&self, first: &Kept) -> Result<(), Fault> {
        let key = &self.key;
        let advice = format!(
            "Try using a key other than '{key}' if you meant to execute a different request."
        );
        let what = if first.endpoint != self.endpoint {
            let path = |endpoint: &str| {
                endpoint
                    .split(' ')
                    .next_back()
                    .unwrap_or_default()
                    .to_owned()
            };
            format!(
                "for the same endpoint they were first used for ('{}' vs '{}').",
                path(&self.endpoint),
                path(&first.endpoint)
            )
        } else if first.digest != self.digest {
            "with the same parameters they were first used with.".to_owned()
        } else {
            return Ok(());
        };
        Err(Fault::other_request(format!(
            "Keys for idempotent requests can only be used {what} {advice}"
        )))
    }
}

/// The keys whose request is being carried out.
#[derive(Default)]
pub(crate) struct InFlight(Mutex<HashSet<String>>);

impl InFlight {
    /// Takes the key until the ticket is dropped.
    pub(crate) fn begin(&self, key: &str) -> Result<Ticket<'_>, Fault> {
        let fresh = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key.to_owned());
        if fresh {
            Ok(Ticket {
                keys: self,
                key: key.to_owned(),
            })
        } else {
            Err(Fault::key_in_use(key))
        }
    }
}

pub(crate) struct Ticket<'a> {
    keys: &'a InFlight,
    key: String,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.keys
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.key);
    }
}
