//! When something is done again that was not done: an event that a function did not take, a mail of
//! which nothing is known.

use jiff::{SignedDuration, Timestamp};

/// The first pause before an event is given again; each one after it is twice as long.
const FIRST: SignedDuration = SignedDuration::from_mins(5);
/// The longest pause.
const LONGEST: SignedDuration = SignedDuration::from_hours(4);
/// For how long it is given again by itself.
const BY_ITSELF: SignedDuration = SignedDuration::from_hours(24);

/// Whoever began a mail this long ago does not send it any more: a function lives 25 s here, and is
/// started again twice within three minutes when it fails.
pub const MAIL_IS_STALE: SignedDuration = SignedDuration::from_mins(2);
/// A mail that was begun this long ago, and of which nothing is known, was forgotten by whoever should
/// have begun it again.
pub const MAIL_IS_LOST: SignedDuration = SignedDuration::from_mins(10);

/// When an event that nobody took since `since` is given again, after it was given `given` times: after
/// 5, 10, 20 … minutes, four hours at most. Nothing once a day is over: somebody decides then.
#[must_use]
pub fn next_try(since: Timestamp, given: u32, now: Timestamp) -> Option<Timestamp> {
    let doubled = FIRST * 2_i32.pow(given.min(6));
    let at = now + doubled.min(LONGEST);
    (at <= since + BY_ITSELF).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_given_again_ten_times_within_a_day() {
        let since: Timestamp = "2026-11-29T10:00:00Z".parse().unwrap();
        let mut now = since;
        let mut minutes = Vec::new();
        while let Some(at) = next_try(since, u32::try_from(minutes.len()).unwrap(), now) {
            minutes.push(at.duration_since(now).as_mins());
            now = at;
        }
        assert_eq!(minutes, [5, 10, 20, 40, 80, 160, 240, 240, 240, 240]);
    }

    #[test]
    fn what_is_found_late_is_left_to_somebody() {
        let since: Timestamp = "2026-11-29T10:00:00Z".parse().unwrap();
        let next_day = since + SignedDuration::from_hours(24);
        assert_eq!(next_try(since, 0, next_day), None);
    }
}
