//! The operator plans a commission, or takes a planned one back: forms of the dashboard.

use adapters::store::{Key, Versioned};
use domain::configuration::{Configuration, ConfigurationRefused};
use domain::money::{BasisPoints, Euros};
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
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = PlannedCommission;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let asked = &call.input;
        let out_of_bounds = || Problem::from(ConfigurationRefused::OutOfBounds);
        let rate = hundredths(&asked.rate).and_then(|points| u32::try_from(points).ok());
        let rate =
            BasisPoints::new(rate.ok_or_else(out_of_bounds)?).map_err(|_| out_of_bounds())?;
        let minimum = Euros::from_cents(hundredths(&asked.minimum).ok_or_else(out_of_bounds)?);
        let (read, mut configuration) = configuration(desk).await?;
        configuration.plan_commission(rate, minimum, asked.from, &call.who.account, call.now)?;
        let reason = format!(
            "{} %, {minimum} au moins, dès le {}",
            asked.rate, asked.from
        );
        let changes = call
            .changes()
            .upsert(read.as_ref(), &configuration)
            .activity_because(Self::NAME, "configuration", &reason);
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
}

/// Take a planned commission back.
pub struct WithdrawCommission;

/// Which.
#[derive(Deserialize, JsonSchema)]
pub struct PlannedDay {
    /// Its first day.
    from: Date,
}

impl Operation for WithdrawCommission {
    const NAME: &'static str = "withdraw-commission";
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/admin/reglages/commission/retirer";
    const SUMMARY: &'static str = "Take a planned commission back before its day.";
    type Outside = ();
    type Who = Admin;
    type Path = Nothing;
    type Input = PlannedDay;
    type Output = Nothing;

    async fn run(desk: &Desk<()>, call: &Call<Self>) -> Result<Reply<Nothing>, Problem> {
        let (read, mut configuration) = configuration(desk).await?;
        configuration.withdraw_commission(call.input.from, call.now)?;
        let changes = call
            .changes()
            .upsert(read.as_ref(), &configuration)
            .activity_because(Self::NAME, "configuration", &call.input.from.to_string());
        Ok(Reply::ok(Nothing {}).changing(changes))
    }
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
    use super::hundredths;

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
}
