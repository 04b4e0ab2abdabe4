//! From what people say, "every Friday and Saturday from the 4th to the 26th, but not on the 12th", to
//! the missions of an order.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::MOST_MISSIONS;
use crate::time::interval::Interval;
use crate::time::zone::Zone;

/// The hours of each mission, as clocks show them at the place. An end that is not after the start is on
/// the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// From.
    pub starts: Time,
    /// To.
    pub ends: Time,
}

/// On which days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "days", rename_all = "snake_case")]
pub enum Pattern {
    /// On these.
    Listed {
        /// Each once.
        #[schemars(length(max = 366))]
        on: Vec<Date>,
    },
    /// Each week.
    Weekly {
        /// On these days of the week, `monday` to `sunday`.
        #[schemars(length(max = 7))]
        weekdays: Vec<DayOfWeek>,
        /// From this day on.
        from: Date,
        /// Until this day, which counts.
        until: Date,
        /// But not on these.
        #[serde(default)]
        #[schemars(length(max = 366))]
        except: Vec<Date>,
    },
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayOfWeek {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl DayOfWeek {
    fn is(self, day: Date) -> bool {
        let own = match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        };
        day.weekday() == own
    }
}

/// Why no missions come of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DatesRefused {
    /// No day fits.
    #[error("Aucune date ne correspond : choisissez d’autres jours, ou une période plus longue.")]
    None,
    /// More than sixty.
    #[error("Une commande compte 60 dates au plus : choisissez une période plus courte.")]
    TooMany,
    /// The first day is over.
    #[error("La première date est déjà passée.")]
    Past,
    /// The last mission ends beyond the horizon.
    #[error(
        "La dernière date est trop lointaine : les réservations s’ouvrent 75 jours à l’avance."
    )]
    TooFar,
    /// The end of the period is before its beginning.
    #[error("La fin de la période doit suivre son début.")]
    Backwards,
}

impl DatesRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "dates_none",
            Self::TooMany => "dates_too_many",
            Self::Past => "dates_past",
            Self::TooFar => "dates_too_far",
            Self::Backwards => "dates_backwards",
        }
    }
}

impl Pattern {
    /// The days, in order, each once.
    fn days(&self) -> Result<Vec<Date>, DatesRefused> {
        let mut days = match self {
            Self::Listed { on } => on.clone(),
            Self::Weekly {
                weekdays,
                from,
                until,
                except,
            } => {
                if until < from {
                    return Err(DatesRefused::Backwards);
                }
                // A period of years is refused by its length, not by walking through it.
                let last = from.saturating_add(366.days()).min(*until);
                let all = std::iter::successors(Some(*from), |day| day.tomorrow().ok());
                all.take_while(|day| *day <= last)
                    .filter(|day| weekdays.iter().any(|weekday| weekday.is(*day)))
                    .filter(|day| !except.contains(day))
                    .collect()
            }
        };
        days.sort_unstable();
        days.dedup();
        Ok(days)
    }

    /// The missions: at most sixty, none in the past, all ending until the horizon. Hours are those that
    /// clocks show at the place: a night is an hour longer or shorter when they change.
    pub fn missions(
        &self,
        slot: Slot,
        zone: Zone,
        now: Timestamp,
        horizon: Timestamp,
    ) -> Result<Vec<Interval>, DatesRefused> {
        let days = self.days()?;
        let missions: Vec<Interval> = days.iter().filter_map(|day| slot.on(*day, zone)).collect();
        let (Some(first), Some(last)) = (missions.first(), missions.last()) else {
            return Err(DatesRefused::None);
        };
        if first.start() < now {
            return Err(DatesRefused::Past);
        }
        if missions.len() > MOST_MISSIONS {
            return Err(DatesRefused::TooMany);
        }
        if last.end() > horizon {
            return Err(DatesRefused::TooFar);
        }
        Ok(missions)
    }
}

impl Slot {
    /// The mission that begins on a day.
    fn on(self, day: Date, zone: Zone) -> Option<Interval> {
        let last = if self.ends > self.starts {
            day
        } else {
            day.tomorrow().ok()?
        };
        let at = |day: Date, time: Time| zone.local_to_utc(DateTime::from_parts(day, time));
        Interval::new(at(day, self.starts), at(last, self.ends)).ok()
    }
}
