//! Local time, public holidays and stretches of time. The present moment always comes as an argument.

pub mod holidays;
pub mod interval;
pub mod moment;
pub mod paris;
pub mod zone;
