//! Local time, public holidays and stretches of time. The present moment always comes as an argument.

use jiff::ToSpan;
use jiff::civil::Date;

pub mod holidays;
pub mod interval;
pub mod moment;
pub mod paris;
pub mod zone;

/// The Monday of the week that a day is in.
pub fn monday_of(day: Date) -> Date {
    let since = i64::from(day.weekday().to_monday_zero_offset());
    day.saturating_sub(since.days())
}
