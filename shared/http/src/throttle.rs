//! Limits on what may be tried again and again.

use adapters::secrets::sha256;
use domain::identifiers::Email;

use crate::desk::Desk;
use crate::problem::Problem;

/// A quarter of an hour, in seconds: a period within which tries are counted.
pub const QUARTER: i64 = 15 * 60;
/// An hour, in seconds.
pub const HOUR: i64 = 60 * 60;
/// A day, in seconds.
pub const DAY: i64 = 24 * HOUR;

/// What is counted for an e-mail: its hash, so that counters name nobody.
pub fn by_email(what: &str, email: &Email) -> String {
    format!("{what}#email#{}", sha256(email.as_str().as_bytes()))
}

/// What is counted for an address.
pub fn by_ip(what: &str, ip: &str) -> String {
    format!("{what}#ip#{ip}")
}

/// Counts one more try of `what`, and refuses beyond `limit` in `period_seconds`.
pub async fn throttle<O>(
    desk: &Desk<O>,
    what: &str,
    limit: u64,
    period_seconds: i64,
) -> Result<(), Problem> {
    let count = desk
        .store
        .count(what, period_seconds, desk.clock.now())
        .await?;
    if count <= limit {
        return Ok(());
    }
    let minutes = (period_seconds / 60).max(1);
    Err(Problem {
        retry_after: Some(period_seconds),
        ..Problem::new(
            429,
            "too_many_attempts",
            format!("Trop de tentatives : réessayez dans {minutes} min."),
        )
    })
}

/// Takes one try of `what` back: it succeeded, and only failures are to be limited.
pub async fn forgive<O>(desk: &Desk<O>, what: &str, period_seconds: i64) -> Result<(), Problem> {
    Ok(desk
        .store
        .uncount(what, period_seconds, desk.clock.now())
        .await?)
}
