//! How long the function that runs still has. What waits for something outside stops while there is
//! time left to say so, instead of being cut off.

use std::future::Future;
use std::time::{Duration, Instant};

/// What a function keeps of its time to say what became of its work.
const MARGIN: Duration = Duration::from_secs(3);

/// What a function has that was called without a deadline: the gateway's time, less a margin.
const UNKNOWN: Duration = Duration::from_secs(25);

tokio::task_local! {
    static END: Instant;
}

/// Runs `what` as a function that Lambda ends after `time`.
pub async fn within<F: Future>(time: Duration, what: F) -> F::Output {
    END.scope(Instant::now() + time, what).await
}

/// How long the function may still wait for something: its time, less three seconds. Zero when it
/// should have stopped.
pub fn left() -> Duration {
    let left = END.try_with(|end| end.saturating_duration_since(Instant::now()));
    left.unwrap_or(UNKNOWN).saturating_sub(MARGIN)
}

/// How long to pause before the `attempt`th try again, counted from 1: at most 10 ms, doubled with each
/// try up to three seconds, and any time below that as likely as any other (full jitter), so that
/// those who met do not meet again. `None` once there is no time for it.
///
/// The longest is long enough for fifty who want the same item: each needs it for some tens of
/// milliseconds, and those who wait must not be what keeps the others from it (decision 0050).
pub fn pause(attempt: u32) -> Option<Duration> {
    let longest = Duration::from_millis(10 << attempt.saturating_sub(1).min(9)).min(LONGEST);
    let share = f64::from(u32::from_le_bytes(crate::secrets::random_bytes())) / f64::from(u32::MAX);
    let pause = longest.mul_f64(share);
    (pause < left()).then_some(pause)
}

const LONGEST: Duration = Duration::from_secs(3);

/// Tries of what may go well in a moment, since others are at the same thing now: each waits longer
/// than the one before, for as long as the function has time.
#[derive(Debug)]
pub struct Tries {
    failed: u32,
    end: Instant,
}

impl Tries {
    /// For as long as the function has time.
    pub fn begin() -> Self {
        Self::for_at_most(left())
    }

    /// For so long, or for as long as the function has time when that is shorter.
    pub fn for_at_most(time: Duration) -> Self {
        Self {
            failed: 0,
            end: Instant::now() + time.min(left()),
        }
    }

    /// Waits before the next try; says no, at once, when there is no time for it.
    pub async fn again(&mut self) -> bool {
        self.failed = self.failed.saturating_add(1);
        let time = self.end.saturating_duration_since(Instant::now());
        match pause(self.failed).filter(|pause| *pause < time) {
            Some(pause) => {
                tokio::time::sleep(pause).await;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_function_stops_waiting_three_seconds_before_its_end() {
        let seconds = |time| Duration::from_secs(time);
        assert_eq!(left(), seconds(22));
        let inside = within(seconds(60), async { left() }).await;
        assert!((seconds(56)..=seconds(57)).contains(&inside), "{inside:?}");
        assert_eq!(within(seconds(2), async { left() }).await, Duration::ZERO);
        assert_eq!(within(seconds(2), async { pause(1) }).await, None);
    }

    #[test]
    fn pauses_grow_and_are_spread() {
        for (attempt, longest) in [(1, 10), (2, 20), (4, 80), (9, 2560), (10, 3000), (30, 3000)] {
            let pauses: Vec<_> = (0..200).filter_map(|_| pause(attempt)).collect();
            let longest = Duration::from_millis(longest);
            assert_eq!(pauses.len(), 200);
            assert!(pauses.iter().all(|pause| *pause <= longest));
            assert!(pauses.iter().any(|pause| *pause < longest / 4));
            assert!(pauses.iter().any(|pause| *pause > longest * 3 / 4));
        }
    }

    #[tokio::test]
    async fn tries_end_with_the_time_that_they_were_given() {
        assert!(!Tries::for_at_most(Duration::ZERO).again().await);
        let mut tries = Tries::for_at_most(Duration::from_secs(5));
        assert!(tries.again().await && tries.again().await);
        let inside = within(Duration::from_secs(2), async {
            Tries::begin().again().await
        });
        assert!(!inside.await);
    }
}
