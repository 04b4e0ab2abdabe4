//! Limits on what may be tried again and again.

use crate::desk::Desk;
use crate::problem::Problem;

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
