//! Schedules on the product's clock. When each last ran is kept on disk, so a machine that slept
//! catches up with one run, and a schedule is never forgotten by a restart.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::MovedClock;
use crate::deliveries::{self, Deliveries, Delivery};
use crate::disk::Disk;
use crate::template::{ACCOUNT, REGION, Schedule, Template};

/// Why a schedule expression is not one.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum ExpressionError {
    #[error("{0:?} n'est ni rate(...) ni cron(...)")]
    Unknown(String),
    #[error("{0:?} : rate attend un nombre entier positif et minute(s), hour(s) ou day(s)")]
    Rate(String),
    #[error("{0:?} : EventBridge veut le singulier pour 1 et le pluriel au-delà")]
    Plural(String),
    #[error("{0:?} : {1}")]
    Cron(String, String),
    #[error("fuseau non servi ici : {0} (UTC ou Europe/Paris)")]
    Zone(String),
}

/// When a schedule runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Rate(SignedDuration),
    Cron(Box<Cron>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cron {
    minutes: Vec<u16>,
    hours: Vec<u16>,
    days: Vec<u16>,
    months: Vec<u16>,
    /// Sunday is 1, as EventBridge counts.
    weekdays: Vec<u16>,
    years: Vec<u16>,
    zone: TimeZone,
}

static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");

impl Expression {
    /// Reads an expression as strictly as EventBridge does, so that a template that works here is
    /// not refused at deployment.
    pub(crate) fn parse(text: &str, zone: Option<&str>) -> Result<Self, ExpressionError> {
        let argument = |name: &str| {
            text.strip_prefix(name)?
                .strip_prefix('(')?
                .strip_suffix(')')
        };
        let zone = match zone {
            None | Some("UTC") => TimeZone::UTC,
            Some("Europe/Paris") => PARIS.clone(),
            Some(other) => return Err(ExpressionError::Zone(other.to_owned())),
        };
        if let Some(rate) = argument("rate") {
            return Self::rate(rate, text);
        }
        if let Some(cron) = argument("cron") {
            return Cron::parse(cron, zone)
                .map(|cron| Self::Cron(Box::new(cron)))
                .map_err(|why| ExpressionError::Cron(text.to_owned(), why));
        }
        Err(ExpressionError::Unknown(text.to_owned()))
    }

    fn rate(rate: &str, text: &str) -> Result<Self, ExpressionError> {
        let wrong = || ExpressionError::Rate(text.to_owned());
        let (number, unit) = rate.split_once(' ').ok_or_else(wrong)?;
        if !number.bytes().all(|it| it.is_ascii_digit()) {
            return Err(wrong());
        }
        let number: i64 = number.parse().map_err(|_| wrong())?;
        if !(1..=1_000_000).contains(&number) {
            return Err(wrong());
        }
        let (seconds, plural) = match unit {
            "minute" => (60, false),
            "minutes" => (60, true),
            "hour" => (3_600, false),
            "hours" => (3_600, true),
            "day" => (86_400, false),
            "days" => (86_400, true),
            _ => return Err(wrong()),
        };
        if plural != (number > 1) {
            return Err(ExpressionError::Plural(text.to_owned()));
        }
        Ok(Self::Rate(SignedDuration::from_secs(number * seconds)))
    }

    /// The first run after `moment`; `None` when there is none within five years.
    pub(crate) fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Rate(period) => moment.checked_add(*period).ok(),
            Self::Cron(cron) => cron.next_after(moment),
        }
    }
}

impl Cron {
    fn parse(text: &str, zone: TimeZone) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays, years] = fields.as_slice() else {
            return Err("cron attend six champs".to_owned());
        };
        if (*days == "?") == (*weekdays == "?") {
            return Err(
                "le jour du mois ou celui de la semaine doit être « ? », et un seul".to_owned(),
            );
        }
        Ok(Self {
            minutes: field(minutes, 0, 59, &[])?,
            hours: field(hours, 0, 23, &[])?,
            days: field(days, 1, 31, &[])?,
            months: field(
                months,
                1,
                12,
                &[
                    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                    "DEC",
                ],
            )?,
            weekdays: field(
                weekdays,
                1,
                7,
                &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
            )?,
            years: field(years, 1970, 2199, &[])?,
            zone,
        })
    }

    fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        let mut date = moment.to_zoned(self.zone.clone()).date();
        for _ in 0..(5 * 366) {
            if self.on(date) {
                for hour in &self.hours {
                    for minute in &self.minutes {
                        let time =
                            Time::new(i8::try_from(*hour).ok()?, i8::try_from(*minute).ok()?, 0, 0)
                                .ok()?;
                        let run = date.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
                        if run.timestamp() > moment {
                            return Some(run.timestamp());
                        }
                    }
                }
            }
            date = date.checked_add(1.day()).ok()?;
        }
        None
    }

    fn on(&self, date: Date) -> bool {
        let has =
            |list: &[u16], value: i16| u16::try_from(value).is_ok_and(|it| list.contains(&it));
        has(&self.years, date.year())
            && has(&self.months, i16::from(date.month()))
            && has(&self.days, i16::from(date.day()))
            && has(
                &self.weekdays,
                i16::from(date.weekday().to_sunday_one_offset()),
            )
    }
}

/// One field of a cron expression: `*`, `?`, numbers, names, ranges, steps and lists of them.
fn field(text: &str, least: u16, most: u16, names: &[&str]) -> Result<Vec<u16>, String> {
    let wrong = || format!("champ non servi ici : {text}");
    let number = |text: &str| -> Result<u16, String> {
        let named = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text))
            .and_then(|position| u16::try_from(position).ok());
        let number = match named {
            Some(position) => least + position,
            None => text.parse().map_err(|_| wrong())?,
        };
        if (least..=most).contains(&number) {
            Ok(number)
        } else {
            Err(wrong())
        }
    };
    let mut values = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<u16>().map_err(|_| wrong())?)),
            None => (part, None),
        };
        let (from, to) = match range {
            "*" | "?" => (least, most),
            _ => match range.split_once('-') {
                Some((from, to)) => (number(from)?, number(to)?),
                None if step.is_some() => (number(range)?, most),
                None => (number(range)?, number(range)?),
            },
        };
        let step = usize::from(step.unwrap_or(1));
        if step == 0 || from > to {
            return Err(wrong());
        }
        values.extend((from..=to).step_by(step));
    }
    values.sort_unstable();
    values.dedup();
    Ok(values)
}

struct Planned {
    function: String,
    name: String,
    expression: Expression,
    scheduler: bool,
    input: Option<String>,
}

pub(crate) struct Schedules {
    planned: Vec<Planned>,
    disk: Arc<Disk>,
    deliveries: Arc<Deliveries>,
    clock: MovedClock,
    one_at_a_time: Mutex<()>,
}

impl Schedules {
    pub(crate) fn new(
        template: &mut Template,
        disk: Arc<Disk>,
        deliveries: Arc<Deliveries>,
        clock: MovedClock,
    ) -> Self {
        let mut planned = Vec::new();
        for function in &mut template.functions {
            for schedule in function.schedules.drain(..) {
                let Schedule {
                    name,
                    expression,
                    scheduler,
                    input,
                } = schedule;
                planned.push(Planned {
                    function: function.name.clone(),
                    name,
                    expression,
                    scheduler,
                    input,
                });
            }
        }
        Self {
            planned,
            disk,
            deliveries,
            clock,
            one_at_a_time: Mutex::new(()),
        }
    }

    /// Writes down a call for every schedule that fell due, once each however late; returns how
    /// many. A schedule seen for the first time starts counting now.
    pub(crate) async fn run_due(&self) -> Result<usize, rusqlite::Error> {
        let _one = self.one_at_a_time.lock().await;
        let now = self.clock.now();
        let mut ran = 0;
        for planned in &self.planned {
            let last = self.last_run(&planned.name)?;
            let Some(last) = last else {
                self.disk
                    .with(|connection| keep(connection, &planned.name, now))?;
                continue;
            };
            let Some(due) = planned
                .expression
                .next_after(last)
                .filter(|due| *due <= now)
            else {
                continue;
            };
            // A run a little late keeps the rhythm; a run later than a period starts a new one.
            let kept = match planned.expression.next_after(due) {
                Some(following) if following > now => due,
                _ => now,
            };
            let delivery = Delivery {
                function: planned.function.clone(),
                what: planned.name.clone(),
                payload: planned.payload(kept),
            };
            // One transaction: the run is never lost between the two, nor made twice.
            self.disk.with(|connection| {
                let transaction = connection.transaction()?;
                keep(&transaction, &planned.name, kept)?;
                deliveries::insert(&transaction, &delivery, now)?;
                transaction.commit()
            })?;
            ran += 1;
        }
        if ran > 0 {
            self.deliveries.written.notify_one();
        }
        Ok(ran)
    }

    fn last_run(&self, name: &str) -> Result<Option<Timestamp>, rusqlite::Error> {
        let kept: Option<String> = self.disk.with(|connection| {
            connection
                .query_row(
                    "SELECT last_run FROM schedules WHERE name = ?1",
                    [name],
                    |row| row.get(0),
                )
                .optional()
        })?;
        Ok(kept.and_then(|kept| kept.parse().ok()))
    }
}

fn keep(
    connection: &rusqlite::Connection,
    name: &str,
    last_run: Timestamp,
) -> Result<(), rusqlite::Error> {
    connection.execute(
        "INSERT INTO schedules (name, last_run) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET last_run = excluded.last_run",
        params![name, last_run.to_string()],
    )?;
    Ok(())
}

impl Planned {
    fn payload(&self, due: Timestamp) -> Value {
        let time = whole_seconds(due);
        if let Some(input) = &self.input {
            let input = input.replace("<aws.scheduler.scheduled-time>", &time);
            return serde_json::from_str(&input).unwrap_or(Value::String(input));
        }
        let (source, detail, resource) = if self.scheduler {
            ("aws.scheduler", json!("{}"), "scheduler")
        } else {
            ("aws.events", json!({}), "events")
        };
        let kind = if self.scheduler {
            "schedule/default"
        } else {
            "rule"
        };
        json!({
            "version": "0",
            "id": crate::ids::uuid(),
            "detail-type": "Scheduled Event",
            "source": source,
            "account": ACCOUNT,
            "time": time,
            "region": REGION,
            "resources": [format!("arn:aws:{resource}:{REGION}:{ACCOUNT}:{kind}/{}", self.name)],
            "detail": detail,
        })
    }
}

/// EventBridge writes times to the second.
pub(crate) fn whole_seconds(moment: Timestamp) -> String {
    Timestamp::from_second(moment.as_second())
        .unwrap_or(moment)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_strictly_as_eventbridge_reads_them() {
        let rate = |seconds| Some(Expression::Rate(SignedDuration::from_secs(seconds)));
        for (text, expected) in [
            ("rate(1 minute)", rate(60)),
            ("rate(2 minutes)", rate(120)),
            ("rate(1 hour)", rate(3_600)),
            ("rate(12 hours)", rate(43_200)),
            ("rate(1 day)", rate(86_400)),
            ("rate(7 days)", rate(604_800)),
            ("rate(1 minutes)", None),
            ("rate(2 minute)", None),
            ("rate(0 minutes)", None),
            ("rate(-1 minute)", None),
            ("rate(+1 minute)", None),
            ("rate(1.5 hours)", None),
            ("rate(1  minute)", None),
            ("rate( 1 minute)", None),
            ("rate(1 second)", None),
            ("rate(5)", None),
            ("Rate(1 minute)", None),
            ("rate(1 minute", None),
            ("every minute", None),
            ("cron(0 3 * * *)", None),
            ("cron(0 3 * * * *)", None),
            ("cron(0 3 ? * ? *)", None),
            ("cron(60 3 * * ? *)", None),
            ("cron(0 3 L * ? *)", None),
            ("cron(0 3 ? * 2#1 *)", None),
        ] {
            assert_eq!(Expression::parse(text, None).ok(), expected, "{text}");
        }
        assert!(Expression::parse("cron(0 3 * * ? *)", Some("Asia/Tokyo")).is_err());
    }

    #[test]
    fn cron_finds_the_next_run() {
        for (text, zone, after, expected) in [
            (
                "cron(0 3 * * ? *)",
                "UTC",
                "2026-03-01T02:59:59Z",
                "2026-03-01T03:00:00Z",
            ),
            (
                "cron(0 3 * * ? *)",
                "UTC",
                "2026-03-01T03:00:00Z",
                "2026-03-02T03:00:00Z",
            ),
            (
                "cron(*/15 * * * ? *)",
                "UTC",
                "2026-03-01T03:16:00Z",
                "2026-03-01T03:30:00Z",
            ),
            (
                "cron(5 8-10 * * ? *)",
                "UTC",
                "2026-03-01T09:30:00Z",
                "2026-03-01T10:05:00Z",
            ),
            (
                "cron(0 6 1 * ? *)",
                "UTC",
                "2026-03-01T06:00:00Z",
                "2026-04-01T06:00:00Z",
            ),
            (
                "cron(0 6 ? * MON-FRI *)",
                "UTC",
                "2026-03-06T12:00:00Z",
                "2026-03-09T06:00:00Z",
            ),
            (
                "cron(0 6 29 2 ? *)",
                "UTC",
                "2026-01-01T00:00:00Z",
                "2028-02-29T06:00:00Z",
            ),
            (
                "cron(0 3 * * ? *)",
                "Europe/Paris",
                "2026-07-01T00:30:00Z",
                "2026-07-01T01:00:00Z",
            ),
            // The night the clocks go forward there is no half past two: the run is at half past three.
            (
                "cron(30 2 * * ? *)",
                "Europe/Paris",
                "2026-03-28T12:00:00Z",
                "2026-03-29T01:30:00Z",
            ),
        ] {
            let expression = Expression::parse(text, Some(zone)).unwrap();
            let next = expression.next_after(after.parse().unwrap()).unwrap();
            assert_eq!(next, expected.parse().unwrap(), "{text} after {after}");
        }
        let never = Expression::parse("cron(0 3 * * ? 1999)", None).unwrap();
        assert_eq!(
            never.next_after("2026-01-01T00:00:00Z".parse().unwrap()),
            None
        );
    }
}
