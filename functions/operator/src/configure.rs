//! The operator plans what holds from a day on, or takes it back before: forms of the dashboard.

use adapters::store::{Key, Versioned};
use domain::configuration::{Configuration, ConfigurationRefused, Rhythm, Setting};
use domain::money::{BasisPoints, Euros};
use domain::operator::Duty;
use domain::places::Department;
use domain::pricing::{AddedHoliday, HourRules, NightHours};
use http_function::{Admin, Call, Desk, Nothing, Operation, Problem, Reply};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is configured, and the version it was read at.
pub async fn configuration<O>(
    desk: &Desk<O>,
) -> Result<(Option<Versioned<Configuration>>, Configuration), Problem> {
    let read = desk
        .store
        .get::<Configuration>(Key::configuration())
        .await?;
    let now = read.as_ref().map(|read| read.record.clone());
    Ok((read, now.unwrap_or_default()))
}

/// Plan a commission.
pub struct PlanCommission;

/// A commission to come.
#[derive(Deserialize, JsonSchema)]
pub struct PlannedCommission {
    /// Percent of the professional's total, both including VAT, two decimals at most.
    rate: String,
    /// Euros, including VAT, two decimals at most.
    minimum: String,
    /// The first day, in Paris.
    from: Date,
}

impl Operation for PlanCommission {
    const NAME: &'static str = "plan-commission";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/reglages/commission";
    const SUMMARY: &'static str =
        "Plan the commission from a day on; what was ordered before keeps its own.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = PlannedCommission;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let asked = &call.input;
        let rate = percent(&asked.rate).ok_or(ConfigurationRefused::OutOfBounds)?;
        let minimum = hundredths(&asked.minimum).ok_or(ConfigurationRefused::OutOfBounds)?;
        let minimum = Euros::from_cents(minimum);
        let (read, mut configuration) = configuration(desk).await?;
        configuration.plan_commission(rate, minimum, asked.from, &call.who.account, call.now)?;
        let reason = format!(
            "{} %, {minimum} au moins, dès le {}",
            asked.rate, asked.from
        );
        Ok(planned(call, read.as_ref(), &configuration, &reason))
    }
}

/// Plan the delay of validation and the times of reminders.
pub struct PlanRhythm;

/// Delays to come, in hours.
#[derive(Deserialize, JsonSchema)]
pub struct PlannedRhythm {
    /// From a mission's end to its validation by the delay.
    validation: u16,
    /// The first reminder to validate, from the end.
    validation_first: u16,
    /// The second, from the end.
    validation_last: u16,
    /// The first reminder to answer, before `respond_by`.
    answer_first: u16,
    /// The second, before `respond_by`.
    answer_last: u16,
    /// The reminder of a mission, before its start.
    mission: u16,
    /// The reminder to review, after the mission was confirmed.
    review: u16,
    /// The first day, in Paris.
    from: Date,
}

impl Operation for PlanRhythm {
    const NAME: &'static str = "plan-delays";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/reglages/delais";
    const SUMMARY: &'static str =
        "Plan delays and reminders from a day on; what was ordered before keeps its own.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = PlannedRhythm;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let asked = &call.input;
        let rhythm = Rhythm {
            validation: asked.validation,
            validation_reminders: [asked.validation_first, asked.validation_last],
            answer_reminders: [asked.answer_first, asked.answer_last],
            mission_reminder: asked.mission,
            review_reminder: asked.review,
        };
        let (read, mut configuration) = configuration(desk).await?;
        configuration.plan_rhythm(rhythm, asked.from, &call.who.account, call.now)?;
        let reason = format!("{rhythm:?}, dès le {}", asked.from);
        Ok(planned(call, read.as_ref(), &configuration, &reason))
    }
}

/// Plan a rate of the CNAPS tax.
pub struct PlanCnapsTax;

/// A tax to come.
#[derive(Deserialize, JsonSchema)]
pub struct PlannedTax {
    /// Percent, two decimals at most.
    rate: String,
    /// The first day of missions, in Paris.
    from: Date,
}

impl Operation for PlanCnapsTax {
    const NAME: &'static str = "plan-cnaps-tax";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/reglages/taxe";
    const SUMMARY: &'static str =
        "Plan the CNAPS tax of missions that begin from a day on; what is ordered keeps its own.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = PlannedTax;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let asked = &call.input;
        let rate = percent(&asked.rate).ok_or(ConfigurationRefused::TaxOutOfBounds)?;
        let (read, mut configuration) = configuration(desk).await?;
        configuration.plan_cnaps_tax(rate, asked.from, &call.who.account, call.now)?;
        let reason = format!("{} %, dès le {}", asked.rate, asked.from);
        Ok(planned(call, read.as_ref(), &configuration, &reason))
    }
}

/// Plan what makes a night and a holiday.
pub struct PlanHours;

/// Nights and holidays to come.
#[derive(Deserialize, JsonSchema)]
pub struct PlannedHours {
    /// The hour at which nights begin.
    night_from: i8,
    /// The hour at which they end.
    night_until: i8,
    /// Whether the holidays of some departments alone count there.
    #[serde(default)]
    local_holidays: bool,
    /// More holidays, between commas: days such as `2027-01-15`, where they are limited followed by
    /// departments: `2027-01-15 974 976`.
    #[serde(default)]
    #[schemars(length(max = 400))]
    added_holidays: String,
    /// The first day, in Paris.
    from: Date,
}

impl Operation for PlanHours {
    const NAME: &'static str = "plan-hours";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/reglages/heures";
    const SUMMARY: &'static str =
        "Plan nights and holidays from a day on; what was ordered before keeps its own.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = PlannedHours;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let asked = &call.input;
        let hours = HourRules {
            night: NightHours {
                from: asked.night_from,
                until: asked.night_until,
            },
            local_holidays: asked.local_holidays,
            added_holidays: holidays(&asked.added_holidays)
                .ok_or(ConfigurationRefused::HoursImpossible)?,
        };
        let (read, mut configuration) = configuration(desk).await?;
        let reason = format!("{hours:?}, dès le {}", asked.from);
        configuration.plan_hours(hours, asked.from, &call.who.account, call.now)?;
        Ok(planned(call, read.as_ref(), &configuration, &reason))
    }
}

/// Take a planned value back.
pub struct WithdrawSetting;

/// Which.
#[derive(Deserialize, JsonSchema)]
pub struct PlannedDay {
    /// Of what.
    setting: Setting,
    /// Its first day.
    from: Date,
}

impl Operation for WithdrawSetting {
    const NAME: &'static str = "withdraw-setting";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/reglages/retirer";
    const SUMMARY: &'static str = "Take a planned value back before its day.";
    const DUTY: Duty = Duty::Money;
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = PlannedDay;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let (read, mut configuration) = configuration(desk).await?;
        let asked = &call.input;
        configuration.withdraw(asked.setting, asked.from, &call.who.account, call.now)?;
        let reason = format!("{:?}, dès le {}", asked.setting, asked.from);
        Ok(planned(call, read.as_ref(), &configuration, &reason))
    }
}

/// Writes what was planned, and why, with its line in the activity log.
fn planned<O: Operation<Output = Nothing>>(
    call: &Call<O>,
    read: Option<&Versioned<Configuration>>,
    configuration: &Configuration,
    reason: &str,
) -> Reply<Nothing> {
    let changes = call.changes().upsert(read, configuration).activity_because(
        O::NAME,
        "configuration",
        reason,
    );
    Reply::ok(Nothing {}).changing(changes)
}

/// A percentage as it is typed.
fn percent(text: &str) -> Option<BasisPoints> {
    let points = u32::try_from(hundredths(text)?).ok()?;
    BasisPoints::new(points).ok()
}

/// Days between spaces or commas, each followed by the departments to which it is limited, if it is.
fn holidays(text: &str) -> Option<Vec<AddedHoliday>> {
    let words = text.split(|one: char| one.is_whitespace() || one == ',' || one == ';');
    let mut read: Vec<AddedHoliday> = Vec::new();
    for word in words.filter(|word| !word.is_empty()) {
        match (word.parse(), Department::parse(word), read.last_mut()) {
            (Ok(day), _, _) => read.push(AddedHoliday::everywhere(day)),
            (Err(_), Ok(department), Some(holiday)) => holiday.departments.push(department),
            (Err(_), Ok(_), None) | (Err(_), Err(_), _) => return None,
        }
    }
    Some(read)
}

/// `12`, `12,5` or `12.50` as hundredths.
fn hundredths(text: &str) -> Option<i64> {
    let text = text.trim().replace(',', ".");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    if decimals.len() > 2 || !text.chars().all(|one| one.is_ascii_digit() || one == '.') {
        return None;
    }
    format!("{whole}{decimals:0<2}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{holidays, hundredths};

    #[test]
    fn decimals_are_read_without_floats() {
        for (text, read) in [
            ("12", Some(1_200)),
            ("12,5", Some(1_250)),
            ("12.05", Some(1_205)),
            (" 0,5 ", Some(50)),
            ("12,555", None),
            ("-1", None),
            ("1.2.3", None),
            ("douze", None),
            ("", Some(0)),
        ] {
            assert_eq!(hundredths(text), read, "{text}");
        }
    }

    #[test]
    fn days_are_read_one_by_one() {
        assert_eq!(holidays(" "), Some(Vec::new()));
        let read = holidays("2027-01-15, 2027-02-01 974, 2A 2027-03-01").unwrap();
        let read: Vec<_> = read
            .iter()
            .map(|one| {
                let codes: Vec<_> = one.departments.iter().map(|one| one.code()).collect();
                (one.day.to_string(), codes)
            })
            .collect();
        assert_eq!(
            read,
            [
                ("2027-01-15".to_owned(), vec![]),
                ("2027-02-01".to_owned(), vec!["974", "2A"]),
                ("2027-03-01".to_owned(), vec![]),
            ]
        );
        for wrong in ["15/01/2027", "974 2027-01-15", "2027-01-15 999"] {
            assert_eq!(holidays(wrong), None, "{wrong}");
        }
    }
}
