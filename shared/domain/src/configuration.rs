//! What the operator configures. A value holds from a day on and the one before it stays written:
//! what was priced under it never changes.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::AccountId;
use crate::money::{BasisPoints, Euros};
use crate::pricing::CommissionTerms;
use crate::time::paris;

/// The highest commission that can be configured: a mistyped rate is caught.
const HIGHEST_RATE: BasisPoints = BasisPoints::constant(3_000);
/// The highest least commission, likewise.
const HIGHEST_MINIMUM: Euros = Euros::from_cents(10_000);

/// A value that holds from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated<T> {
    /// The first day, in Paris.
    pub from: Date,
    /// The value.
    pub value: T,
    /// Who decided.
    pub by: AccountId,
    /// When.
    pub decided_at: Timestamp,
}

/// Everything that is configured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// The commission, by first day.
    pub commission: Vec<Dated<CommissionTerms>>,
}

/// Why a value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ConfigurationRefused {
    /// Today or before: what people see now does not change under their hands.
    #[error("Une valeur nouvelle s’applique au plus tôt demain.")]
    NotAhead,
    /// A value holds from that day already.
    #[error("Une valeur est déjà prévue à cette date : retirez-la d’abord.")]
    DayTaken,
    /// Out of bounds.
    #[error("La commission va de 0 à 30 %, avec un minimum de 0 à 100 €.")]
    OutOfBounds,
    /// Nothing is planned on that day, or it holds already.
    #[error("Aucune valeur à venir n’est prévue à cette date.")]
    NotPlanned,
}

impl ConfigurationRefused {
    /// The stable code of the refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAhead => "value_not_ahead",
            Self::DayTaken => "value_day_taken",
            Self::OutOfBounds => "commission_out_of_bounds",
            Self::NotPlanned => "value_not_planned",
        }
    }
}

impl Configuration {
    /// The commission of what is priced at `now`.
    pub fn commission_at(&self, now: Timestamp) -> CommissionTerms {
        let today = paris::local_date(now);
        let holding = self.commission.iter().filter(|dated| dated.from <= today);
        holding
            .max_by_key(|dated| dated.from)
            .map_or_else(CommissionTerms::default, |dated| dated.value)
    }

    /// Plans a commission: share of the professional's total and least amount, both including VAT.
    pub fn plan_commission(
        &mut self,
        rate: BasisPoints,
        minimum: Euros,
        from: Date,
        by: &AccountId,
        now: Timestamp,
    ) -> Result<(), ConfigurationRefused> {
        if from <= paris::local_date(now) {
            return Err(ConfigurationRefused::NotAhead);
        }
        if self.commission.iter().any(|dated| dated.from == from) {
            return Err(ConfigurationRefused::DayTaken);
        }
        if rate > HIGHEST_RATE || !(Euros::ZERO..=HIGHEST_MINIMUM).contains(&minimum) {
            return Err(ConfigurationRefused::OutOfBounds);
        }
        self.commission.push(Dated {
            from,
            value: CommissionTerms {
                rate,
                minimum,
                ..CommissionTerms::default()
            },
            by: by.clone(),
            decided_at: now,
        });
        self.commission.sort_by_key(|dated| dated.from);
        Ok(())
    }

    /// Takes a planned commission back, before its day.
    pub fn withdraw_commission(
        &mut self,
        from: Date,
        now: Timestamp,
    ) -> Result<(), ConfigurationRefused> {
        let ahead = from > paris::local_date(now);
        let planned = self.commission.iter().position(|dated| dated.from == from);
        let planned = planned.filter(|_| ahead);
        self.commission
            .remove(planned.ok_or(ConfigurationRefused::NotPlanned)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TypedId as _;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn plan(
        configuration: &mut Configuration,
        points: u32,
        from: &str,
        now: &str,
    ) -> Result<(), ConfigurationRefused> {
        let by = AccountId::from_ulid("01J8Z6K3V5Q0T4W9X2Y7R1S6AB");
        let rate = BasisPoints::new(points).unwrap();
        configuration.plan_commission(rate, Euros::from_cents(500), day(from), &by, at(now))
    }

    #[test]
    fn a_value_holds_from_its_day_in_paris_and_until_the_next() {
        let mut configuration = Configuration::default();
        plan(
            &mut configuration,
            1_500,
            "2026-12-01",
            "2026-11-23T10:00:00Z",
        )
        .unwrap();
        plan(
            &mut configuration,
            1_000,
            "2027-01-01",
            "2026-11-23T10:00:00Z",
        )
        .unwrap();
        for (now, points) in [
            ("2026-11-23T10:00:00Z", 1_200),
            ("2026-11-30T22:59:59Z", 1_200),
            ("2026-11-30T23:00:00Z", 1_500),
            ("2026-12-31T23:00:00Z", 1_000),
            ("2030-01-01T00:00:00Z", 1_000),
        ] {
            let rate = configuration.commission_at(at(now)).rate;
            assert_eq!(rate.points(), points, "{now}");
        }
    }

    #[test]
    fn nothing_changes_today_twice_or_beyond_reason() {
        let now = "2026-11-23T22:30:00Z";
        let mut configuration = Configuration::default();
        // Half past eleven in Paris: it is still the 23rd.
        assert_eq!(
            plan(&mut configuration, 1_000, "2026-11-23", now),
            Err(ConfigurationRefused::NotAhead)
        );
        assert_eq!(
            plan(&mut configuration, 3_001, "2026-11-24", now),
            Err(ConfigurationRefused::OutOfBounds)
        );
        plan(&mut configuration, 1_000, "2026-11-24", now).unwrap();
        assert_eq!(
            plan(&mut configuration, 1_100, "2026-11-24", now),
            Err(ConfigurationRefused::DayTaken)
        );
        let later = at("2026-11-24T10:00:00Z");
        assert_eq!(
            configuration.withdraw_commission(day("2026-11-24"), later),
            Err(ConfigurationRefused::NotPlanned)
        );
        configuration
            .withdraw_commission(day("2026-11-24"), at(now))
            .unwrap();
        assert_eq!(configuration, Configuration::default());
    }
}
