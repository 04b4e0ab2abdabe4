//! Identifiers in the shapes AWS gives them.

use ulid::Ulid;

/// As EventBridge and Lambda identify events and requests.
#[expect(
    clippy::disallowed_methods,
    reason = "the platform is where time and chance come from on this machine"
)]
pub(crate) fn uuid() -> String {
    let hex = format!("{:032x}", u128::from_be_bytes(Ulid::generate().to_bytes()));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
}
