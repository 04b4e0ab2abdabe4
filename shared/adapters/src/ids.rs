//! Fresh identifiers: sortable by time, unguessable in their random part.

use domain::ids::TypedId;
use jiff::Timestamp;
use ulid::Ulid;

use crate::secrets::random_bytes;

/// A new identifier stamped with `now`.
pub fn fresh<T: TypedId>(now: Timestamp) -> T {
    T::from_ulid(&fresh_ulid(now))
}

/// A new ULID in its 26-character form.
pub fn fresh_ulid(now: Timestamp) -> String {
    let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
    let random = u128::from_be_bytes(random_bytes::<16>());
    Ulid::from_parts(milliseconds, random).to_string()
}
