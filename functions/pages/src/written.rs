//! How templates write days.

use domain::time::paris;
use jiff::Timestamp;
use jiff::civil::Date;

/// `14/11/2026`.
pub(crate) fn day(date: &Date) -> String {
    paris::short_date(*date)
}

/// The day in Paris at a moment, in the same way.
pub(crate) fn day_of(moment: &Timestamp) -> String {
    day(&paris::local_date(*moment))
}
