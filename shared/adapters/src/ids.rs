//! Fresh identifiers: sortable by time, unguessable in their random part.

use domain::ids::{AccountId, ConversationId, ProfessionalId, TypedId};
use jiff::Timestamp;
use ulid::Ulid;

use crate::secrets::{random_bytes, sha256};

/// A new identifier stamped with `now`.
pub fn fresh<T: TypedId>(now: Timestamp) -> T {
    T::from_ulid(&fresh_ulid(now))
}

/// The identifier of what there is one of for `what`: the same each time, and unguessable without it.
fn derived<T: TypedId>(what: &str) -> T {
    let digest = sha256(what.as_bytes());
    let bits = digest
        .get(..32)
        .and_then(|half| u128::from_str_radix(half, 16).ok());
    T::from_ulid(&Ulid(bits.unwrap_or_default()).to_string())
}

/// The conversation of these two: there is one, whoever begins it.
pub fn conversation_between(client: &AccountId, professional: &ProfessionalId) -> ConversationId {
    derived(&format!("conversation {client} {professional}"))
}

/// A new ULID in its 26-character form.
pub fn fresh_ulid(now: Timestamp) -> String {
    let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
    let random = u128::from_be_bytes(random_bytes::<16>());
    Ulid::from_parts(milliseconds, random).to_string()
}
